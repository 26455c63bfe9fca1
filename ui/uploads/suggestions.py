"""Which columns to look at first."""

from __future__ import annotations

import re

import numpy as np

from ui.uploads.columns import n_distinct
from ui.uploads.numerals import NUMERIC_SHARE
from ui.uploads.report import UploadError
from ui.uploads.table import Table

_INDEX_NAME = re.compile(
    r"column [0-9]+|unnamed: ?[0-9]+|index|idx|id|nr|no\.?|number|obs(ervation)?|row[ _]?(names?|id|number)?",
    re.IGNORECASE,
)
_WEIGHT_NAME = re.compile(r"w(eigh)?ts?|n|counts?|freq(uency)?|anzahl|gewicht", re.IGNORECASE)
_LABEL_NAME = re.compile(
    r"class(es)?|labels?|species|clusters?|groups?|kind|type|category|target|truth|component|variety|klasse|gruppe",
    re.IGNORECASE,
)

# A column of more distinct values than the picture can name is no label, nor is one of hardly any repetition.
_MOST_LABELS, _MOST_CODES = 20, 10
_REPETITIONS = 10


def suggest(table: Table, x: str | None = None, y: str | None = None) -> tuple[str, str]:
    """Return two numeric columns to begin with, in the file's order; one may be given.

    Columns of many different values come first; then codes of a few whole numbers; then columns that merely
    number the rows; then constant ones.

    Raises:
        UploadError: there are fewer than two numeric columns.
    """
    names = table.numeric_names
    if len(names) < 2:
        found = f'only one column of numbers, "{names[0]}"' if names else "no column of numbers"
        share = f"at least {100 * NUMERIC_SHARE:.0f} % of their cells"
        raise UploadError(f"This table has {found}; two columns must hold numbers in {share}.")
    n_wanted = (x is None) + (y is None)
    ranked: list[tuple[int, int]] = []
    n_best = 0
    for position, name in enumerate(names):
        if name not in (x, y):
            ranked.append((_rank(name, table.columns[name]), position))
            n_best += ranked[-1][0] == 0
            if n_best == n_wanted:
                break
    best = [names[position] for position in sorted(position for _, position in sorted(ranked)[:n_wanted])]
    return x if x is not None else best.pop(0), y if y is not None else best.pop(0)


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


def _rank(name: str, values: np.ndarray) -> int:
    told = values[~np.isnan(values)]
    if not len(told) or (told == told[0]).all():
        return 3
    if _INDEX_NAME.fullmatch(name) and _counts(values):
        return 2
    return 1 if _is_code(told) else 0


def _counts(values: np.ndarray) -> bool:
    return values[0] in (0, 1) and np.array_equal(values, np.arange(len(values)) + values[0])


def _is_code(told: np.ndarray) -> bool:
    """Return whether numbers (M,) are a few whole ones that come again and again."""
    if n_distinct(told[: 100 * _MOST_CODES], _MOST_CODES) is None:
        return False
    count = n_distinct(told, _MOST_CODES)
    return count is not None and len(told) >= _REPETITIONS * count and bool((told == np.floor(told)).all())


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
