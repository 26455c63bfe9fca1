"""Pieces of HTML that every section of a report is made of; all texts in them are shown letter by letter."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from ui import palette

MOST_LETTERS = 160
"""Of a heading or a name of a fact: names may be of any length."""


def shortened(text: str, most: int = MOST_LETTERS) -> str:
    """The text, or its beginning and an ellipsis in so many letters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def escaped(text: str, most: int = MOST_LETTERS) -> str:
    """The text as HTML, not too long."""
    return escape(shortened(text, most))


def facts(named: Mapping[str, str]) -> str:
    """A table of values, which are given in full, by their names."""
    rows = (
        f'<tr><th scope="row">{escaped(name)}</th><td>{escape(value)}</td></tr>'
        for name, value in named.items()
    )
    return f'<table class="facts">{"".join(rows)}</table>'


def sentences(texts: Iterable[str]) -> str:
    """A list; nothing for none."""
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<ul>{items}</ul>" if items else ""


def numbers_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, corner: str = "", last: Sequence[str] = ()
) -> str:
    """A table of texts under headings, with a row for each component from the first on, by number and colour.

    `corner` stands above the numbers; `last` is one more row, which begins with its name.
    """
    head = "".join(f'<th scope="col">{escaped(name, 80)}</th>' for name in [corner, *headings])
    body = "".join(_row(chip(k), cells, len(headings)) for k, cells in enumerate(rows))
    body += _row(escape(last[0]), last[1:], len(headings)) if last else ""
    return f'<table class="parameters"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def chip(component: int) -> str:
    """The number of a component, counted from 0, in its colour."""
    colour = palette.colour_of(component)
    return f'<span class="chip" style="background:{colour}">{component + 1}</span>'


def _row(heading: str, cells: Sequence[str], n_cells: int) -> str:
    filled = [*cells, *[""] * (n_cells - len(cells))]
    return f'<tr><th scope="row">{heading}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in filled)}</tr>'
