"""OUTSIDE. Messages leave and answers come back."""
