"""Charts drawn from the table that stands under them: SVG at build time, the same figures for Plotly on request."""
