"""PURE. What the sheet says: facts only, no conclusion, no clock, no network."""
