"""Core values to Plotly figures; the stage draws them in the theme of the page."""
