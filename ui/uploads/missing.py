"""What stands for a value that is not there: words such as NA, and numbers such as -99 and 9999."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import numpy as np

from gmm_core.points import sealed
from ui.uploads.numerals import number_in

_NINES = re.compile(r"-?9+(\.[09]+)?|-9")
_GRID_FILLS = (1e20, 1e30, 1e32, 1e34, 1e35, 1e36, 1e37, 9.969209968386869e36)
"""What geographical grids fill their gaps with, besides the smallest and the largest float of 32 bits."""


def stand_apart(columns: Mapping[str, np.ndarray]) -> dict[str, list[str]]:
    """Return the numbers that look like marks of missing values -> the columns (N,) in which they do.

    They are nines, or as large as a number gets, and farther from all others than half the width of those.
    """
    found: dict[str, list[str]] = {}
    for name, values in columns.items():
        for number in _apart_in(values):
            short = f"{number:.15g}"
            found.setdefault(short if float(short) == number else repr(number), []).append(name)
    return found


def without(columns: Mapping[str, np.ndarray], marks: Iterable[str], decimal: str) -> dict[str, np.ndarray]:
    """Return the columns (N,) with NaN in place of the numbers that the marks spell, else as they are."""
    spelled = [number_in(mark, decimal, None) for mark in marks]
    numbers = np.array([number for number in spelled if number is not None and number == number])
    cleaned = dict(columns)
    for name, values in columns.items():
        gone = np.isin(values, numbers) if len(numbers) else np.zeros(0, bool)
        if gone.any():
            cleaned[name] = sealed(np.where(gone, np.nan, values))
    return cleaned


def without_words(
    columns: Mapping[str, np.ndarray], words: Collection[str]
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Return columns of texts (N,) with "" in place of the words, and the words that were there."""
    cleaned = dict(columns)
    found: set[str] = set()
    for name, texts in columns.items() if words else ():
        here = marks_among(texts, words)
        if here:
            found |= here
            cleaned[name] = sealed(
                np.array([*("" if text in here else text for text in texts), None], object)[:-1]
            )
    return cleaned, sorted(found)


def _apart_in(values: np.ndarray) -> list[float]:
    told = values[~np.isnan(values)]
    found: list[float] = []
    while len(told):
        ends = [end for end in (float(told.min()), float(told.max())) if _is_mark(end)]
        chosen = next((end for end in ends if _is_apart(end, told[told != end])), None)
        if chosen is None:
            break
        found.append(chosen)
        told = told[told != chosen]
    return found


def _is_mark(number: float) -> bool:
    if abs(number) >= 3e38:
        return abs(number) in (float(np.finfo(np.float32).max), float(np.finfo(np.float64).max))
    text = f"{number:.15g}"
    return abs(number) in _GRID_FILLS or (_NINES.fullmatch(text) is not None and number not in (9.0,))


def _is_apart(number: float, others: np.ndarray) -> bool:
    """Return whether a number is farther from the others (M,) than half of their width, and they vary."""
    if len(others) < 2:
        return False
    low, high = float(others.min()), float(others.max())
    gap = number - high if number > high else low - number
    return high > low and (gap / 2 > (high / 2 - low / 2) / 2 or (number < -9 and low >= 0))


def marks_among(texts: Iterable[str], known: Collection[str]) -> set[str]:
    """Return the words of `known` that come among the texts, but for the empty one."""
    return {text for text in texts if text and text in known}
