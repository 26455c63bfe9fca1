"""Rows that sum up the others, as spreadsheets end with: Total, Mean, Sum."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ui.uploads.numerals import ParseErrors

_WORD = re.compile(
    r"((grand|sub|overall|column)[ -]?)?(totals?|sums?|subtotals?)"
    r"|(the )?(mean|average|avg\.?|median|std\.?( ?dev\.?)?|s\.?d\.?|standard deviation)"
    r"|min(imum)?|max(imum)?|count"
    r"|summe|gesamt(summe)?|insgesamt|mittel(wert)?|durchschnitt|total général|somme|moyenne"
    r"|totale|somma|media|suma|promedio|soma|média|totaal|gemiddelde|итого|всего|среднее|合计|合計|平均",
    re.IGNORECASE,
)
_SUMS = re.compile(r"total|sum|som|gesamt|итого|всего|合", re.IGNORECASE)
_MOST_AT_END = 8
_MOST_DISTINCT = 10_000


def total_rows(
    names: Sequence[str],
    numbers: Mapping[str, np.ndarray],
    texts: Mapping[str, np.ndarray],
    parse_errors: Mapping[str, ParseErrors],
    n_rows: int,
) -> np.ndarray:
    """Return the rows (M,), increasing, whose first text is “Total”, “Mean” or the like.

    They end the table, or what they hold is the sum or the mean of the rows above, since the total before, or
    of all below if there are none above. A table of nothing else holds no such rows: there, the word is what
    its rows are about.
    """
    called: dict[int, str] = {}
    for name in names:  # only the first two columns with texts: later ones are what is said of a row
        cells = (
            {int(row): texts[name][row] for row in _candidates(texts[name])}
            if name in texts
            else dict(zip(parse_errors[name].rows.tolist(), parse_errors[name].texts, strict=True))
        )
        called |= {row: text for row, text in cells.items() if row not in called and is_total(text)}
        if name in texts:
            break
    at_end = n_rows - 1
    while at_end in called and n_rows - at_end <= _MOST_AT_END:
        at_end -= 1
    found: list[int] = []
    before = -1
    for row in sorted(called):
        if row > at_end or _sums_up(numbers, before + 1, row, called[row]):
            found.append(row)
            before = row
    return np.array(found if len(found) <= n_rows / 2 else [], np.intp)


def _candidates(texts: np.ndarray) -> list[int]:
    """Return the rows that hold a total's word; of very many different texts, the first and the last rows."""
    cells = texts.tolist()
    distinct = set(cells)
    if len(distinct) > _MOST_DISTINCT:
        ends = [0, *range(len(cells) - _MOST_AT_END, len(cells))]
        return [row for row in ends if is_total(cells[row])]
    words = {text for text in distinct if is_total(text)}
    return [row for row, text in enumerate(cells) if text in words] if words else []


def is_total(text: str) -> bool:
    """Return whether a cell calls its row a total, a mean or the like."""
    return len(text) < 40 and _WORD.fullmatch(text.strip(" \t:*=.()")) is not None


def _sums_up(numbers: Mapping[str, np.ndarray], begin: int, row: int, word: str) -> bool:
    """Return whether the numbers in a row are sums, or means, of those in the rows from `begin` up to it, or
    of those below the first row.
    """
    others = slice(begin, row) if row else slice(1, None)
    told = [values for values in numbers.values() if np.isfinite(values[row])]
    above = [values[others][np.isfinite(values[others])] for values in told]
    if any(len(part) < 2 for part in above):
        return False
    with np.errstate(over="ignore", invalid="ignore"):
        expected = [
            part.sum() if _SUMS.search(word) else part.mean() if len(part) else np.nan for part in above
        ]
    equal = [np.isclose(values[row], value, rtol=1e-3) for values, value in zip(told, expected, strict=True)]
    return bool(equal) and sum(map(bool, equal)) > len(equal) / 2
