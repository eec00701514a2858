"""OUTSIDE. The carrier of a Google spreadsheet, written to while people work in it."""
