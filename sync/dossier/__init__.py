"""OUTSIDE. The file for a professional: one folder and one zip with everything known about a claim. Nothing is sent."""
