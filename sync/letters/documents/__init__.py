"""Documents on paper: PDF from the texts of the letters, the sheet's facts and the pages that people can edit.

A document is a value (`model.Document`) until `press.Press` sets it; nothing here decides, sends or waives anything.
"""
