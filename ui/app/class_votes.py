"""What a class predicts, as a table of bars: it is read out as one, and seen from the last row."""

from collections.abc import Mapping, Sequence
from html import escape

from ui.rooms.tally import Bar

ROUNDS = ("Alone", "After talking")

LONG = 14
"""Letters of a name that leaves no room for bars beside it."""


def histogram(bars: Sequence[Bar], names: Mapping[str, str], question: str, *, is_marked: bool) -> str:
    """The bars as an HTML table, which is read out as one: an answer a row, both rounds side by side."""
    most = max([1, *(bar.first for bar in bars), *(bar.second for bar in bars)])
    rows = "".join(
        f'<tr class="{"happened" if is_marked and bar.is_answer else ""}">'
        f'<th scope="row">{escape(names[bar.name])}{_mark(bar, is_marked=is_marked)}</th>'
        f"{_cell(bar.first, most, 'alone')}{_cell(bar.second, most, 'talked')}</tr>"
        for bar in bars
    )
    is_long = max(map(len, names.values())) > LONG
    heads = "".join(f'<th scope="col">{name}</th>' for name in ROUNDS)
    return (
        f'<table class="class-votes{" long" if is_long else ""}"><caption>{escape(question)}</caption>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _mark(bar: Bar, *, is_marked: bool) -> str:
    return ' <span class="class-mark">✓ what happened</span>' if is_marked and bar.is_answer else ""


def _cell(count: int, most: int, kind: str) -> str:
    return (
        f'<td><div class="class-bar {kind}" style="--share: {count / most:.4f}"></div>'
        f'<span class="class-count">{count}</span></td>'
    )
