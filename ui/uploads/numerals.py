"""Cells as people write numbers -> float64: decimal marks, thousands separators, and what is no number.

"1.234" is one number in London and another in Berlin, so a mark separates thousands only where nothing else
can be meant: beside the decimal mark, as in 1,234.5, or twice in a number, as in 1.234.567; a space or an
apostrophe is never a decimal mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from ui.uploads.report import frozen

NUMERIC_SHARE = 0.8
"""A column is numeric when at least this share of its cells that are not empty are finite numbers."""

SPACE, APOSTROPHE = " ", "'"
THOUSANDS = {",": "a comma", ".": "a point", SPACE: "a space", APOSTROPHE: "an apostrophe"}
"""What may stand between groups of three digits; a space stands for narrow and non-breaking ones too."""

THOUSANDS_REMARK = "In its numbers, {} was taken for the mark between thousands."

LARGEST_EXACT = 2**53
"""Beyond it, not every whole number is a float."""

SEARCHED = 10_000
"""Cells of a column, from its first on, that are searched for thousands."""

SILENT_WORDS = frozenset(
    ["", "na", "n/a", "#n/a", "nan", "null", "none", "<na>", "?", "-", "."]
    + [sign + word for sign in ("", "+", "-") for word in ("inf", "infinity")]
)
"""Cells, in lower case, that speak neither for nor against a column of numbers."""

MISSING_WORDS = frozenset(
    ["", "NA", "N/A", "n/a", "#N/A", "NaN", "nan", "-NaN", "-nan", "NULL", "null", "None", "<NA>"]
)
"""Texts that pandas takes for a missing value in a delimited text; in other formats they mean the same."""

_PLAIN = {
    ".": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"),
    ",": re.compile(r"[+-]?([0-9]+(,[0-9]+)?|,[0-9]+)([eE][+-]?[0-9]+)?"),
}
_CHARACTERS = {",": ",", ".": ".", SPACE: " \u00a0\u2009\u202f", APOSTROPHE: "'\u2019"}
_MARKS = {mark: f"[{characters}]" for mark, characters in _CHARACTERS.items()}


class Faults(NamedTuple):
    """The cells of a numeric column that hold something else than a finite number."""

    rows: np.ndarray
    """(M,) rows of the table, increasing."""
    texts: list[str]
    """M cells as written in the file."""
    infinite: np.ndarray
    """(M,) whether the cell is a number all the same, an infinite one or one too large for a float."""


NO_FAULTS = Faults(np.empty(0, np.intp), [], np.empty(0, bool))


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


def likeness(cell: str, decimal: str) -> float:
    """Return how surely a cell is a number: 1 for plain ones, less for groups of digits, 0 for none."""
    if _PLAIN[decimal].fullmatch(cell):
        return 1.0
    other = "," if decimal == "." else "."
    if _surely_grouped(decimal, other).fullmatch(cell) or _grouped(decimal, APOSTROPHE).fullmatch(cell):
        return 1.0
    if _grouped(decimal, SPACE).fullmatch(cell):
        return 0.9  # in doubt, a space separates columns
    return 0.5 if _grouped(decimal, other).fullmatch(cell) else 0.0


def is_silent(cell: str) -> bool:
    """Return whether a cell is empty or says that there is no value."""
    return cell.lower() in SILENT_WORDS


def thousands_mark(columns: Iterable[np.ndarray], decimal: str) -> str | None:
    """Return what separates thousands in columns of texts, or None if nothing surely does.

    A mark is believed only where a column is one of numbers with it.
    """
    samples = [[cell.strip() for cell in column[:SEARCHED] if not is_silent(cell)] for column in columns]
    for mark in THOUSANDS:
        if mark == decimal:
            continue
        sure, grouped = _surely_grouped(decimal, mark), _grouped(decimal, mark)
        for cells in samples:
            if any(map(sure.fullmatch, cells)):
                plain = _PLAIN[decimal]
                numbers = sum(bool(plain.fullmatch(cell) or grouped.fullmatch(cell)) for cell in cells)
                if numbers >= NUMERIC_SHARE * len(cells):
                    return mark
    return None


def read_numbers(texts: np.ndarray, decimal: str, thousands: str | None) -> tuple[np.ndarray, Faults] | None:
    """Return a column of texts (N,) as float64, NaN where there is no number, with its faults.

    None if it is no column of numbers: see `NUMERIC_SHARE`.
    """
    spelled = texts
    if decimal == ",":  # a point is then no decimal mark: 1.234 may be meant as 1234
        spelled = np.array([text.replace(".", "?").replace(",", ".") for text in texts], object)
    numbers = np.array(pd.to_numeric(spelled, errors="coerce"), np.float64)
    told = texts != ""
    if thousands is not None:
        _fill_grouped(numbers, texts, np.flatnonzero(told & ~np.isfinite(numbers)), decimal, thousands)
    finite = np.isfinite(numbers)
    if not told.any() or finite.sum() < NUMERIC_SHARE * told.sum():
        return None
    rows = np.flatnonzero(told & ~finite)
    faults = Faults(rows, texts[rows].tolist(), np.isinf(numbers[rows]))
    numbers[~finite] = np.nan
    return frozen(numbers), faults


def _fill_grouped(numbers: np.ndarray, texts: np.ndarray, rows: np.ndarray, decimal: str, mark: str) -> None:
    """Put the numbers with thousands among the texts of these rows (M,) into `numbers`."""
    pattern = _grouped(decimal, mark)
    grouped = [row for row in rows.tolist() if pattern.fullmatch(str(texts[row]).strip())]
    plain = {ord(character): None for character in _CHARACTERS[mark]} | (
        {ord(","): "."} if decimal == "," else {}
    )
    numbers[grouped] = [float(text.translate(plain)) for text in texts[grouped]]


def whole_above_exact(values: np.ndarray) -> bool:
    """Return whether an array of integers holds one that may be no float."""
    return bool(len(values)) and (int(values.max()) > LARGEST_EXACT or int(values.min()) < -LARGEST_EXACT)
