"""Names as Plotly shows them letter by letter."""

from html import escape


def literal(name: str, most: int) -> str:
    """The name, or its beginning and an ellipsis in `most` letters: Plotly reads a little HTML, and formulas
    between dollars, in texts."""
    short = name if len(name) <= most else name[: most - 1] + "…"
    return escape(short, quote=False).replace("$", "&#36;")
