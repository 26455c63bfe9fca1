"""A column of two values, of which one is a 0 and the other a 1."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

MOST_LOOKED_AT = 1_000
"""Cells by which a column of many values is known."""

# Words for a 1, and for a 0; of other words the later one is the 1.
_YES = {"1", "yes", "y", "true", "t", "on", "ja", "oui", "si", "sí", "positive", "present", "+"}
_NO = {"0", "no", "n", "false", "f", "off", "nein", "non", "negative", "absent", "-"}


class NotTwoError(ValueError):
    """A column that does not hold two values; the text says how many there are."""


@dataclass(frozen=True, eq=False)
class YesNo:
    """One of two values for each of N points."""

    name: str
    """Of the column."""
    values: np.ndarray
    """(N,), 0.0 or 1.0."""
    words: tuple[str, str]
    """What 0 and 1 stand for."""

    @property
    def commoner(self) -> float:
        """The value that most points have."""
        return float(self.values.mean() > 0.5) if len(self.values) else 0.0

    @property
    def said(self) -> tuple[str, str]:
        """What the two values are called: words that say by themselves what is meant, as "male" does, and
        after the column's name those that do not, as "yes" and numbers."""
        if any(word.casefold() in _YES | _NO or _number(word) is not None for word in self.words):
            return f"{self.name} = {self.words[0]}", f"{self.name} = {self.words[1]}"
        return self.words

    def coded(self, cells: Any) -> np.ndarray:
        """(M,): the zeros and ones that other cells (M,) of such a column stand for, NaN for a missing value
        and 2 for one that is neither."""
        codes, found = _distinct(np.asarray(cells))
        values = [float(self.words.index(text)) if text in self.words else 2.0 for text in found]
        # A missing cell has the code -1, which is the last.
        return np.array([*values, np.nan])[codes]

    def at(self, rows: np.ndarray) -> "YesNo":
        """Of these points alone."""
        return replace(self, values=self.values[rows])


def beside(points: np.ndarray, column: YesNo | None) -> np.ndarray:
    """(N, D + 1): points (N, D) with the column's zeros and ones behind their numbers; without a column they
    themselves."""
    return points if column is None else np.column_stack([points, column.values])


def has_two_values(cells: Any, rows: np.ndarray | None = None) -> bool:
    """Whether cells, some of which may be missing, hold two values in these rows (N,), or in all."""
    array = np.asarray(cells)
    rows = np.arange(len(array)) if rows is None else rows
    # Most columns have many values, and show it before they are gone through.
    return len(_distinct(array[rows[:MOST_LOOKED_AT]])[1]) <= 2 and len(_distinct(array[rows])[1]) == 2


def yes_no_of(name: str, cells: Any) -> tuple[YesNo, np.ndarray]:
    """The column called `name` of cells (N,), where they are not missing, and which (N,) are not.

    Raises NotTwoError where they do not hold two values.
    """
    codes, found = _distinct(np.asarray(cells))
    if len(found) != 2:
        raise NotTwoError("only one value" if len(found) == 1 else f"{len(found):,} values")
    words = _ordered(*found)
    known = codes >= 0
    values = (codes[known] == found.index(words[1])).astype(np.float64)
    return YesNo(name, values, words), known


def _distinct(cells: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """(N,) the place of each cell's value among those found, -1 where it is missing, and these as texts: 1
    and 1.0 are one value."""
    numbers = cells.dtype.kind in "biuf"
    places, kinds = pd.factorize(cells if numbers else pd.Series(cells, dtype=object))
    if len(kinds) > MOST_LOOKED_AT:
        # Far more than two, and not worth a text each.
        return places, [""] * len(kinds)
    index: dict[str, int] = {}
    codes = [index.setdefault(text, len(index)) if text else -1 for text in map(_text, kinds)]
    # A missing cell has the place -1, which is the last.
    return np.array([*codes, -1])[places], list(index)


def _text(cell: Any) -> str:
    if isinstance(cell, float | np.floating):
        return f"{float(cell):.15g}"
    return str(cell).strip()


def _ordered(one: str, other: str) -> tuple[str, str]:
    """Those of 0 and 1."""
    first, second = sorted((one, other), key=lambda text: (_number(text) or 0.0, text.casefold(), text))
    turned = first.casefold() in _YES and second.casefold() in _NO
    return (second, first) if turned else (first, second)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return None if np.isnan(number) else number
