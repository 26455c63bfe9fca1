"""Which columns to look at first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from weakref import WeakKeyDictionary

import numpy as np

from ui.uploads.columns import n_distinct
from ui.uploads.numerals import NUMERIC_SHARE
from ui.uploads.report import UploadError, readable
from ui.uploads.roles import Role, height_of, role_of
from ui.uploads.structure import columns_apart, pairs_apart
from ui.uploads.table import Table

_WEIGHT_NAME = re.compile(r"w(eigh)?ts?|n|counts?|freq(uency)?|anzahl|gewicht", re.IGNORECASE)
_LABEL_NAME = re.compile(
    r"class(es)?|labels?|species|clusters?|groups?|kind|type|category|target|truth|component|variety|klasse|gruppe",
    re.IGNORECASE,
)

# A column of more distinct values than the picture can name is no label, nor is one of hardly any repetition.
_MOST_LABELS, _MOST_CODES = 20, 10
_LEAST_REPETITIONS = 10

# Of a wide table so many columns are looked at, in the file's order, and of those that measure something so
# many are compared in pairs: those that fall apart most by themselves.
_MOST_COLUMNS, _MOST_PAIRED = 100, 24

# Rows that pairs are compared by, and below how many nothing can be said.
_ROWS_JUDGED, _FEWEST_ROWS = 10_000, 12

# How far apart groups lie, on average over all directions, before it is worth a word.
_LEAST_APART = 0.1


@dataclass(frozen=True)
class Suggestion:
    """Two columns to begin with, and why."""

    x: str
    """Name of the column across."""
    y: str
    """Name of the column upwards."""
    why: str
    """One sentence, plain text."""


# Of whole tables, as long as they are there: the look at all pairs is taken once.
_KNOWN: WeakKeyDictionary[Table, Suggestion] = WeakKeyDictionary()


def suggest(table: Table, x: str | None = None, y: str | None = None) -> tuple[str, str]:
    """Return two numeric columns to begin with; one may be given.

    Measurements come before those that are mostly one value, codes, dates, numbers of rows and constants. Of
    pairs of measurements it is the one whose points fall apart most clearly into groups; the first two where
    none does. Longitude goes across and latitude up, others stand in the file's order.

    Raises:
        UploadError: there are fewer than two numeric columns.
    """
    _check_numeric(table)
    if x is not None and y is not None:
        return x, y
    if x is None and y is None:
        found = suggestion(table)
        return found.x, found.y
    given = x or y or ""
    pair, _ = _best_pair(table, given)
    other = pair[0] if pair[1] == given else pair[1]
    return (given, other) if y is None else (other, given)


def suggest_column(table: Table) -> str:
    """Return the numeric column to begin with by itself: the first of the pair that `suggest` names, or the
    only one there is.

    Raises:
        UploadError: there is none.
    """
    names = table.numeric_names
    if len(names) == 1:
        return names[0]
    return suggest(table)[0]


def suggestion(table: Table) -> Suggestion:
    """Return the two columns that `suggest` names, and why. Raises UploadError as it does."""
    if table not in _KNOWN:
        _check_numeric(table)
        (x, y), why = _best_pair(table)
        # An x that goes with something else than y may go up.
        if height_of(x) - height_of(y) > 1:
            x, y = y, x
        _KNOWN[table] = Suggestion(x, y, f"{readable(x)} and {readable(y)}: {why}.")
    return _KNOWN[table]


def suggest_label(table: Table, x: str, y: str) -> str | None:
    """Return a column that looks like the true classes of points in `x` and `y`, or None.

    It holds a few texts or whole numbers that come again and again; one called "class" or the like comes
    first, then texts.
    """
    others = [name for name in table.names if name not in (x, y) and not _WEIGHT_NAME.fullmatch(name)]
    found = [name for name in others if _is_label(table, name)]
    called = [name for name in found if _LABEL_NAME.fullmatch(name)]
    texts = [name for name in found if name in table.text_columns]
    return next(iter([*called, *texts, *found]), None)


def _check_numeric(table: Table) -> None:
    names = table.numeric_names
    if len(names) < 2:
        share = f"at least {100 * NUMERIC_SHARE:.0f} %"
        if not names:
            raise UploadError(
                f"This table has no column of numbers; one must hold numbers in {share} of its cells."
            )
        raise UploadError(
            f'This table has only one column of numbers, "{names[0]}"; choose none upwards, or upload one '
            f"in which two columns hold numbers in {share} of their cells."
        )


def _best_pair(table: Table, given: str = "") -> tuple[tuple[str, str], str]:
    """Two columns in the file's order, the given one among them, and why these."""
    if len(table.numeric_names) == 2:
        return _in_order(table, table.numeric_names), "the only columns of numbers"
    roles = _roles(table)
    measured = [name for name, role in roles.items() if role == Role.MEASUREMENT or name == given]
    others = sorted((name for name in roles if name not in measured), key=roles.__getitem__)
    if len(measured) < 2:
        # Sorted by what they are for, and else in the file's order.
        return _in_order(table, [*measured, *others][:2]), "no others look more like measurements"
    pairs = _pairs(_narrowed(table, measured, given), given)
    if len(measured) == 2:
        return _in_order(table, measured), "the only columns that look like measurements"
    scores = _scores(table, pairs)
    best = int(scores.argmax())
    if scores[best] >= _LEAST_APART:
        return _in_order(table, pairs[best]), f"the pair that separates best of {len(pairs):,}"
    # Two columns that lie on a line make no picture.
    pairs = [pair for pair, score in zip(pairs, scores, strict=True) if score >= 0] or pairs
    for pair in pairs:
        if height_of(pair[0]) * height_of(pair[1]) < 0:
            return _in_order(table, pair), "where the rows lie, since no pair shows separate groups"
    why = "the first columns that look like measurements, since no pair shows separate groups"
    return _in_order(table, pairs[0]), why


def _in_order(table: Table, pair: Sequence[str]) -> tuple[str, str]:
    first, second = sorted(pair, key=table.numeric_names.index)
    return first, second


def _roles(table: Table) -> dict[str, Role]:
    """What the columns are for, in the file's order; of many columns those at the beginning."""
    roles: dict[str, Role] = {}
    n_measured = 0
    for position, name in enumerate(table.numeric_names):
        if position >= _MOST_COLUMNS and (n_measured >= 2 or position >= 10 * _MOST_COLUMNS):
            break
        is_first, has_header = name == table.names[0], table.reading.header != 0
        roles[name] = role_of(name, _column(table, name), is_first=is_first, has_header=has_header)
        n_measured += roles[name] == Role.MEASUREMENT
    return roles


def _narrowed(table: Table, names: list[str], given: str) -> list[str]:
    """As many of the names as can be compared in pairs: those whose values fall apart most by themselves."""
    if len(names) <= _MOST_PAIRED:
        return names
    apart = dict(zip(names, columns_apart(_values(table, names)), strict=True))
    best = sorted(names, key=lambda name: (name != given, -apart[name]))[:_MOST_PAIRED]
    return [name for name in names if name in best]


def _pairs(names: list[str], given: str) -> list[tuple[str, str]]:
    pairs = list(combinations(names, 2))
    return [pair for pair in pairs if given in pair] if given else pairs


def _scores(table: Table, pairs: list[tuple[str, str]]) -> np.ndarray:
    """(P,) how far apart groups lie in each pair; of too few rows, only whether they lie on a line."""
    names = list(dict.fromkeys(name for pair in pairs for name in pair))
    places = np.array([[names.index(name) for name in pair] for pair in pairs])
    scores = pairs_apart(_values(table, names), places)
    return scores if table.n_rows >= _FEWEST_ROWS else np.minimum(scores, 0.0)


def _values(table: Table, names: Sequence[str]) -> np.ndarray:
    """(C, n) the columns in some of the rows, from all over the table."""
    every = table.n_rows // _ROWS_JUDGED + 1
    return np.array([_column(table, name)[::every] for name in names])


def _column(table: Table, name: str) -> np.ndarray:
    """The column less rows of totals, which are no points."""
    return np.delete(table.columns[name], table.totals) if len(table.totals) else table.columns[name]


def _is_code(told: np.ndarray) -> bool:
    """Return whether numbers (M,) are a few whole ones that come again and again."""
    if n_distinct(told[: 100 * _MOST_CODES], _MOST_CODES) is None:
        return False
    count = n_distinct(told, _MOST_CODES)
    return (
        count is not None and len(told) >= _LEAST_REPETITIONS * count and bool((told == np.floor(told)).all())
    )


def _is_label(table: Table, name: str) -> bool:
    if name in table.columns:
        values = table.columns[name]
        told = values[~np.isnan(values)]
        return len(told) > 0 and bool((told != told[0]).any()) and _is_code(told)
    texts = table.text_columns[name]
    if n_distinct(texts[: 100 * _MOST_LABELS], _MOST_LABELS + 1) is None:
        return False
    told = texts[texts != ""]
    count = n_distinct(told, _MOST_LABELS)
    return count is not None and count > 1 and len(told) >= 2 * count
