"""Cells as people write numbers -> float64: decimal marks, thousands separators, and what is no number.

"1.234" is one number in London and another in Berlin, so a mark separates thousands only where nothing else
can be meant: beside the decimal mark, as in 1,234.5, or twice in a number, as in 1.234.567; a space or an
apostrophe is never a decimal mark. Signs and spaces of print, such as U+2212 for minus, mean what they look
like, and a unit beside every number of a column is the column's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from gmm_core.points import sealed
from ui.uploads.report import readable
from ui.uploads.totals import is_total
from ui.uploads.units import quantity

NUMERIC_SHARE = 0.8
"""A column is numeric when at least this share of its cells that are not empty are finite numbers."""

SPACE, APOSTROPHE = " ", "'"
THOUSANDS = {",": "a comma", ".": "a point", SPACE: "a space", APOSTROPHE: "an apostrophe"}
"""What may stand between groups of three digits; a space stands for narrow and non-breaking ones too."""

THOUSANDS_REMARK = (
    "In its numbers, {} was taken for the mark between thousands; if it is none, choose another one under"
    " “Between thousands” on the data page."
)

LARGEST_EXACT = 2**53
"""Beyond it, not every whole number is a float."""

CELLS_SEARCHED = 10_000
"""Cells of a column, from its first on, that are searched for thousands."""

SILENT_WORDS = frozenset(
    ["", "na", "n/a", "#n/a", "nan", "null", "none", "<na>", "?", "-", ".", "–", "—", "−"]
    + [sign + word for sign in ("", "+", "-") for word in ("inf", "infinity")]
)
"""Cells, in lower case, that speak neither for nor against a column of numbers."""

MISSING_WORDS = frozenset(
    ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "<NA>"]
)
"""Texts that stand for a missing value in a column of numbers; in one of texts they may be names."""

# Cells that may call their row a total, and say nothing of their column then.
_MOST_TOTALS = 100

_PLAIN = {
    ".": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"),
    ",": re.compile(r"[+-]?([0-9]+(,[0-9]+)?|,[0-9]+)([eE][+-]?[0-9]+)?"),
}
_CHARACTERS = {",": ",", ".": ".", SPACE: " \u00a0\u2009\u202f", APOSTROPHE: "'\u2019"}
_PRINTED = dict.fromkeys(map(ord, "\u2212\u2013\u2012\ufe63\uff0d"), "-") | dict.fromkeys(
    map(ord, "\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"), None
)
_MARKS = {mark: f"[{characters}]" for mark, characters in _CHARACTERS.items()}


class ParseErrors(NamedTuple):
    """The cells of a numeric column that hold something else than a finite number."""

    rows: np.ndarray
    """(M,) rows of the table, increasing."""
    texts: list[str]
    """M cells as written in the file."""
    infinite: np.ndarray
    """(M,) whether the cell is a number all the same, an infinite one or one too large for a float."""
    unit: str = ""
    """What is written beside the column's numbers and was left out of them; "" for nothing."""


NO_PARSE_ERRORS = ParseErrors(np.empty(0, np.intp), [], np.empty(0, bool))


@cache
def _grouped(decimal: str, mark: str) -> re.Pattern[str]:
    return re.compile(rf"[+-]?[0-9]{{1,3}}(?:{_MARKS[mark]}[0-9]{{3}})+(?:{_MARKS[decimal]}[0-9]*)?")


@cache
def _surely_grouped(decimal: str, mark: str) -> re.Pattern[str]:
    if mark in (SPACE, APOSTROPHE):
        return _grouped(decimal, mark)
    group = f"{_MARKS[mark]}[0-9]{{3}}"
    fraction = f"{_MARKS[decimal]}[0-9]*"
    return re.compile(rf"[+-]?[0-9]{{1,3}}(?:(?:{group}){{2,}}(?:{fraction})?|{group}{fraction})")


def bare(cell: str) -> str:
    """Return a cell without spaces at its ends, invisible ones included, its minus sign as "-"."""
    if not cell.isascii():
        cell = cell.translate(_PRINTED)
    return cell.strip()


def likeness(cell: str, decimal: str) -> float:
    """Return how surely a cell is a number: 1 for plain ones, less for groups of digits, 0 for none."""
    cell, unit = quantity(bare(cell))
    if _PLAIN[decimal].fullmatch(cell):
        return 0.9 if unit else 1.0
    other = "," if decimal == "." else "."
    if _surely_grouped(decimal, other).fullmatch(cell) or _grouped(decimal, APOSTROPHE).fullmatch(cell):
        return 1.0
    if _grouped(decimal, SPACE).fullmatch(cell):
        return 0.9  # in doubt, a space separates columns
    return 0.5 if _grouped(decimal, other).fullmatch(cell) else 0.0


def is_silent(cell: str) -> bool:
    """Return whether a cell is empty or says that there is no value."""
    return cell.lower() in SILENT_WORDS


def thousands_mark(columns: Iterable[np.ndarray], decimal: str, separator: str | None = None) -> str | None:
    """Return what separates thousands in columns of texts, or None if nothing surely does.

    A mark is believed only where a column is one of numbers with it. The mark that separates the columns as
    well, so that cells with it are in quotes, is no decimal mark: one group of three digits is enough. So it
    is for points in columns of whole numbers where the decimal mark is known to be a comma.
    """
    samples = [
        [quantity(bare(cell)).number for cell in column[:CELLS_SEARCHED] if not is_silent(cell)]
        for column in columns
    ]
    for mark in THOUSANDS:
        if mark == decimal:
            continue
        grouped = _grouped(decimal, mark)
        sure = grouped if mark == separator else _surely_grouped(decimal, mark)
        for cells in samples:
            is_whole = decimal == "," and mark == "." and not any("," in cell for cell in cells)
            if any(map((grouped if is_whole else sure).fullmatch, cells)):
                plain = _PLAIN[decimal]
                numbers = sum(bool(plain.fullmatch(cell) or grouped.fullmatch(cell)) for cell in cells)
                if numbers >= NUMERIC_SHARE * len(cells):
                    return mark
    return None


def number_in(text: str, decimal: str, thousands: str | None) -> float | None:
    """Return the number that a text without a unit spells, perhaps an infinite one, or None."""
    text = bare(text)
    # A space and an apostrophe mean nothing else within a number, so columns may differ in these.
    for mark in (thousands, SPACE, APOSTROPHE) if thousands else ():
        if _grouped(decimal, mark).fullmatch(text):
            text = text.translate({ord(character): None for character in _CHARACTERS[mark]})
            break
    if decimal == ",":  # a point is then no decimal mark: 1.234 may be meant as 1234
        text = text.replace(".", "?").replace(",", ".")
    try:
        return float(text) if text.isascii() and "_" not in text else None
    except ValueError:
        return None


def read_numbers(
    texts: np.ndarray, decimal: str, thousands: str | None, missing: Collection[str] = MISSING_WORDS
) -> tuple[np.ndarray, ParseErrors] | None:
    """Return a column of texts (N,) as float64, NaN where there is no number, with the cells that are none.

    `missing` texts are gaps and no such cells.

    None if it is no column of numbers: see `NUMERIC_SHARE`.
    """
    spelled = texts
    if decimal == ",":  # a point is then no decimal mark: 1.234 may be meant as 1234
        spelled = np.array([text.replace(".", "?").replace(",", ".") for text in texts], object)
    numbers = np.array(pd.to_numeric(spelled, errors="coerce"), np.float64)
    if not np.isfinite(numbers).any() and not _may_be_numbers(texts[:CELLS_SEARCHED], decimal, thousands):
        return None
    gap = np.fromiter((text in missing for text in texts.tolist()), bool, len(texts))
    numbers[gap] = np.nan
    unit = ""
    left = np.flatnonzero(~gap & ~np.isfinite(numbers))
    most = (1 - NUMERIC_SHARE) * (len(texts) - gap.sum())
    if len(left) and (len(left) <= most or _may_be_numbers(texts[left[:CELLS_SEARCHED]], decimal, thousands)):
        unit = _usual_unit(texts[left[:CELLS_SEARCHED]], len(texts) - len(left))
        numbers[left] = [_valued(text, unit, decimal, thousands) for text in texts[left]]
    finite = np.isfinite(numbers)
    n_told = int((~gap).sum()) - sum(map(is_total, texts[~gap & ~finite][:_MOST_TOTALS].tolist()))
    if not finite.any() or finite.sum() < NUMERIC_SHARE * n_told:
        return None
    rows = np.flatnonzero(~gap & ~finite)
    parse_errors = ParseErrors(rows, texts[rows].tolist(), np.isinf(numbers[rows]), readable(unit))
    numbers[~finite] = np.nan
    return sealed(numbers), parse_errors


def _may_be_numbers(texts: np.ndarray, decimal: str, thousands: str | None) -> bool:
    """Return whether some of the texts are numbers, so that it is worth looking at every one."""
    return any(
        number_in(quantity(bare(text)).number, decimal, thousands) is not None for text in texts.tolist()
    )


def _usual_unit(texts: np.ndarray, n_plain: int) -> str:
    """Return the unit beside most numbers of a column, "" if the plain ones are more: they lack it, then."""
    units = Counter(quantity(bare(text)).unit for text in texts.tolist())
    del units[""]
    unit, count = max(units.items(), key=lambda item: item[1], default=("", 0))
    return unit if count > n_plain else ""


def _valued(text: str, unit: str, decimal: str, thousands: str | None) -> float:
    """Return the number in a text, alone or with that unit; NaN for anything else."""
    number, beside = quantity(bare(text))
    value = number_in(number, decimal, thousands) if beside in ("", unit) else None
    return np.nan if value is None else value


def whole_above_exact(values: np.ndarray) -> bool:
    """Return whether an array of integers holds one that may be no float."""
    return bool(len(values)) and (int(values.max()) > LARGEST_EXACT or int(values.min()) < -LARGEST_EXACT)
