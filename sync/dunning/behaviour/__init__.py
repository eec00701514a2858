"""PURE. How customers pay: habits, segments, risk, early signs, and what their delay costs."""
