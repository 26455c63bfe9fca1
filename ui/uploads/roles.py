"""What a column of numbers is there for: to measure something, or to number, date or name its row.

Names are read word by word, and only where the numbers agree: an index of refraction is no row number.
"""

from __future__ import annotations

import re
from enum import IntEnum

import numpy as np
import pandas as pd


class Role(IntEnum):
    """The smaller, the sooner a column is worth a picture."""

    MEASUREMENT = 0
    HEAPED = 1
    """A measurement of which one value, such as 0, is much of all: an ellipse there shrinks to a line."""
    CODE = 2
    """Few values that come again and again, or the number of a group or place."""
    DATE = 3
    """A year, another part of a date, or the time of rows in order."""
    RUNNING = 4
    """Goes on in even steps, perhaps again and again."""
    NUMBERING = 5
    """Numbers of the rows, or of what they are about."""
    CONSTANT = 6


_UNNAMED = re.compile(r"column [0-9]+|unnamed: ?[0-9.]+|__index_level_[0-9]+__|\.\.\.[0-9]+", re.IGNORECASE)


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


_EAST = _set_of("lon lng long longitude easting eastings")
_NORTH = _set_of("lat latitude northing northings")
_IDS = _set_of(
    "id ids idx uid uuid guid pk identifier rownames rowname rownumber serial ssn isbn ean sku barcode "
    "ticket phone telephone fax zip zipcode plz postcode fips accession"
)
# Words that number rows where their values do: there are body mass indices and numbers of eggs too.
_NUMBERS = _set_of("index number no nr num code key obs observation row case sample record entry")
_CODES = _set_of(
    "site station store plot subject patient person participant respondent customer client user account "
    "employee student household school stratum region zone district county state tract cluster class label "
    "group species category type kind target block batch lot fold cohort sex gender dept department team "
    "code case sample specimen record klasse gruppe"
)
_YEARS = _set_of("year yr jahr annee année ano año anno yyyy modelyear")
_DAYS = _set_of("date datum datetime timestamp epoch")
_DATES = _set_of("month mon monat mois day tag jour week woche quarter hour weekday dow doy yday")
_TIMES = _set_of("time times t date datum decimal year yr sec second seconds elapsed zeit")

# Rows in their order, and rows from all over, that a column is judged by.
_HEAD_ROWS, _SPREAD_ROWS = 2_000, 5_000

# Fewer rows than these can look like anything.
_FEWEST_RISING, _FEWEST_JUDGED = 4, 10

_MOST_CODES = 10
_LEAST_REPETITIONS = 3

# Digits from which on whole numbers that never repeat, in the first column, are keys.
_KEY_LENGTH = 6

# What one value holds where it is a heap: this share of all, or a smaller one that no other comes near.
_HEAP_SHARE, _SMALL_HEAP_SHARE, _TIMES_ALL_OTHERS = 0.25, 0.1, 5.0

# How unlike the steps of what runs evenly may be: months are.
_MOST_UNEVEN = 0.15


@np.errstate(over="ignore")  # the difference of two of the largest numbers is large, and that will do
def role_of(name: str, values: np.ndarray, *, is_first: bool = False, has_header: bool = True) -> Role:
    """Return what the column called so is for, by its values (N,), NaN where missing.

    Of many values some are looked at, always the same ones, in much less than a millisecond each thousand.
    """
    head = _told(values[:_HEAD_ROWS])
    spread = _told(values[:: len(values) // _SPREAD_ROWS + 1])
    if not len(spread) or bool((spread == spread[0]).all()):
        told = _told(values)
        return Role.CONSTANT if not len(told) or bool((told == told[0]).all()) else Role.HEAPED
    whole = bool((spread == np.floor(spread)).all())
    counts = np.sort(pd.Series(spread).value_counts().to_numpy())[::-1]
    few = len(counts) <= _MOST_CODES and len(spread) >= _LEAST_REPETITIONS * len(counts)
    words = _words(name)
    known = frozenset(words)
    is_place = bool(known & (_EAST | _NORTH | {"x", "y", "z"}))
    if whole and (
        _numbers_rows(words, head, spread, counts)
        or _is_index(name, head, counts, is_first, has_header)
        or (is_first and _are_keys(spread, counts))
    ):
        return Role.NUMBERING
    if _is_date(known, head, spread, whole):
        return Role.DATE
    if few or (whole and bool(known & _CODES)):
        return Role.CODE
    if not is_place and (_runs(head) or (whole and _fills_its_range(values))):
        return Role.RUNNING
    if not is_place and whole and (_is_balanced(spread, counts) or _is_in_blocks(head)):
        return Role.CODE
    share = counts[0] / len(spread)
    alone = share > _SMALL_HEAP_SHARE and counts[0] > _TIMES_ALL_OTHERS * counts[1]
    heaped = len(spread) >= 2 * _FEWEST_JUDGED and (share > _HEAP_SHARE or bool(alone))
    return Role.HEAPED if heaped else Role.MEASUREMENT


def height_of(name: str) -> int:
    """Return how far up an axis of that name belongs: -2 for longitude, -1 for x, 1 for y, 2 for latitude, 0
    for anything else."""
    words = frozenset(_words(name))
    east, north = bool(words & _EAST), bool(words & _NORTH)
    return 2 * (north - east) or ("y" in words) - ("x" in words)


def _told(values: np.ndarray) -> np.ndarray:
    return values[~np.isnan(values)]


def _words(name: str) -> list[str]:
    """The words of "PassengerId", "row.names" or "Site No", in lower case."""
    parted = re.sub(r"(?<=[a-zà-ÿ0-9])(?=[A-ZÀ-Þ])", " ", name)
    return re.findall(r"[^\W_]+", parted.lower())


def _numbers_rows(words: list[str], head: np.ndarray, spread: np.ndarray, counts: np.ndarray) -> bool:
    """Whether whole numbers stand for rows, by their name and because they hardly repeat."""
    if _IDS.intersection([*words, "".join(words)]):
        return True
    last = words[-1] if words else ""
    if last in _NUMBERS:
        return counts[0] == 1 or (len(words) == 1 and len(counts) > 0.5 * len(spread))
    written_together = len(last) > 2 and last.endswith("id")
    return written_together and counts[0] == 1 and (_rises_all_along(head) or spread.min() >= 1_000)


def _is_index(name: str, head: np.ndarray, counts: np.ndarray, is_first: bool, has_header: bool) -> bool:
    """Whether whole numbers are what a data frame is written with in front: where other columns have names,
    they have none."""
    if counts[0] > 1 or _UNNAMED.fullmatch(name) is None:
        return False
    return has_header or (is_first and _rises_all_along(head))


def _are_keys(spread: np.ndarray, counts: np.ndarray) -> bool:
    """Whether whole numbers are long, of one length and never the same: account numbers, say."""
    lengths = np.floor(np.log10(np.maximum(np.abs(spread), 1.0)))
    enough = len(spread) >= 2 * _FEWEST_JUDGED
    return enough and counts[0] == 1 and bool(lengths.min() == lengths.max() >= _KEY_LENGTH - 1)


def _rises_all_along(head: np.ndarray) -> bool:
    return bool((np.diff(head) > 0).all())


def _is_date(words: frozenset[str], head: np.ndarray, spread: np.ndarray, whole: bool) -> bool:
    rises = len(head) >= _FEWEST_RISING and bool((np.diff(head) >= 0).all())
    if words & _TIMES and rises and len(head) >= _FEWEST_JUDGED:
        return True
    if words & _DAYS:
        return True
    if not whole:
        return False
    low, high = spread.min(), spread.max()
    if words & (_YEARS | _DATES):
        return True
    if low >= 1500 and high <= 2200 and ("years" in words or (rises and len(head) >= _FEWEST_JUDGED)):
        return True
    if low >= 19000101 and high <= 21001231:
        month, day = spread // 100 % 100, spread % 100
        return bool(((month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)).all())
    return False


def _runs(head: np.ndarray) -> bool:
    """Whether the values go on in even steps, perhaps beginning again and again."""
    if len(head) < _FEWEST_JUDGED:
        return False
    steps = np.diff(head / np.abs(head).max())
    step = np.median(steps)
    even = np.abs(steps - step) <= _MOST_UNEVEN * abs(step)
    again = np.abs(head[1:] - head[0]) <= _MOST_UNEVEN * abs(step) * np.abs(head).max()
    return bool(step != 0 and (even | again).mean() >= 0.9 and even.mean() >= 0.7)


def _fills_its_range(values: np.ndarray) -> bool:
    """Whether no whole number comes twice, and most of those between the least and the greatest come."""
    told = _told(values[:_SPREAD_ROWS])
    if len(told) < 2 * _FEWEST_JUDGED or len(values) > _SPREAD_ROWS:
        return False
    return len(np.unique(told)) == len(told) and bool(np.ptp(told) < 1.5 * len(told))


def _is_balanced(spread: np.ndarray, counts: np.ndarray) -> bool:
    """Whether every value comes equally often, more than once: a plan does so, and no measurement."""
    return len(spread) >= 2 * _FEWEST_JUDGED and len(counts) >= 3 and counts[0] == counts[-1] > 1


def _is_in_blocks(head: np.ndarray) -> bool:
    """Whether rows with the same whole number stand together, as those of one person or place do.

    A measurement that the rows are sorted by does so too, but leaves more numbers out.
    """
    n_runs = 1 + int((np.diff(head) != 0).sum())
    numbers = np.unique(head)
    if len(head) < 2 * _FEWEST_JUDGED or n_runs != len(numbers) or len(head) < 1.5 * n_runs:
        return False
    is_sorted = bool((np.diff(head) >= 0).all())
    return not is_sorted or bool(np.ptp(numbers) < 2 * len(numbers))
