"""From the sheet to the sheet and the post: read, decide, show what would change, apply."""
