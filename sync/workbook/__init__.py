"""OUTSIDE. One tab contract, two carriers: a local .xlsx workbook and a Google Sheet."""
