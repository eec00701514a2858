"""PURE. What we conclude from the facts: cadence, pauses, segments, law, decisions."""
