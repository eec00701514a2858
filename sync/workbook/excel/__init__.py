"""OUTSIDE. The carrier of a local .xlsx workbook: only our own cells change inside the file."""
