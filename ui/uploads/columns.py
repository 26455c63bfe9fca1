"""What a table's columns hold: kinds, gaps, ranges, small histograms, and the first rows as text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gmm_core.points import sealed
from ui.uploads.numerals import is_silent
from ui.uploads.report import readable
from ui.uploads.table import Table

KINDS = ("number", "whole number", "text", "date", "truth value")

MOST_DISTINCT = 1_000
"""Distinct values are counted up to here."""

N_BINS = 20

# Values that decide on the range of a histogram and on the kind of a text.
_VALUES_SAMPLED = 20_000
_TAIL_SHARE = 0.005

_DATE = re.compile(
    r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}([T ][0-9:.,+Z -]*)?"
    r"|[0-9]{1,2}([-/.])[0-9]{1,2}\3[0-9]{2,4}( [0-9:. ]*)?"
)
_TRUTHS = ({"true", "false"}, {"yes", "no"}, {"t", "f"}, {"y", "n"})


@dataclass(frozen=True, eq=False)
class Column:
    """What is to be known of a column before it is chosen. Texts in it are fit to be shown, as plain text."""

    name: str
    """As in the table."""
    kind: str
    """One of `KINDS`."""
    n_missing: int
    """Cells that are empty or say that there is no value."""
    n_faulty: int
    """Cells of a column of numbers that hold something else than a finite number."""
    n_distinct: int | None
    """Distinct values; None for more than `MOST_DISTINCT`."""
    low: float | None
    """The least number; None for texts, or where there is none."""
    high: float | None
    """The greatest number, likewise."""
    counts: np.ndarray
    """(B,) how many numbers lie in each bin of a `histogram`; (0,) for texts."""
    examples: tuple[str, ...]
    """The first few distinct texts; () for numbers."""


@dataclass(frozen=True)
class Preview:
    """The first rows of a table, every text fit to be shown, as plain text."""

    names: tuple[str, ...]
    """Names of the columns shown."""
    places: tuple[str, ...]
    """Where each row stands in the file, e.g. "line 2"."""
    rows: tuple[tuple[str, ...], ...]
    """One text a column, "" where missing; numbers with 15 digits, and cells that are none as in the file."""
    n_more_columns: int
    """Columns not shown."""


def describe(table: Table, names: Sequence[str] | None = None) -> tuple[Column, ...]:
    """Return what the columns called so hold; by default, of all columns in the file's order."""
    return tuple(
        _numbers(table, name) if name in table.columns else _texts(table, name)
        for name in names or table.names
    )


def preview(table: Table, n_rows: int = 10, n_columns: int = 30) -> Preview:
    """Return the first rows of the first columns as text."""
    n_rows = min(n_rows, table.n_rows)
    names = table.names[:n_columns]
    columns = [written(table, name, np.arange(n_rows)) for name in names]
    lines = table.line_numbers
    places = [f"row {row + 1}" if lines is None else f"{table.place} {lines[row]}" for row in range(n_rows)]
    shown = tuple(tuple(map(readable, row)) for row in zip(*columns, strict=True))
    return Preview(names, tuple(places), shown, len(table.names) - len(names))


def written(table: Table, name: str, rows: np.ndarray) -> list[str]:
    """Return the cells of a column in some rows (M,) as text: numbers with 15 digits, all else as written."""
    if name in table.text_columns:
        return table.text_columns[name][rows].tolist()
    texts = ["" if value != value else f"{value:.15g}" for value in table.columns[name][rows].tolist()]
    errors = table.parse_errors[name]
    places = np.searchsorted(errors.rows, rows)
    for index, place in enumerate(places):
        if place < len(errors.rows) and errors.rows[place] == rows[index]:
            texts[index] = errors.texts[place]
    return texts


def n_distinct(values: np.ndarray, most: int = MOST_DISTINCT) -> int | None:
    """Return how many distinct values (N,) there are, or None if there are more than `most`."""
    if len(pd.unique(values[: 10 * most])) > most:
        return None
    count = len(pd.unique(values))
    return count if count <= most else None


def _numbers(table: Table, name: str) -> Column:
    values = table.columns[name]
    told = values[~np.isnan(values)]
    n_faulty = len(table.parse_errors[name].rows)
    whole = bool((told == np.floor(told)).all())
    low = high = None
    counts = sealed(np.empty(0))
    if len(told):  # a sample of a table may hold none
        low, high = float(told.min()), float(told.max())
        counts, _ = histogram(told)
    return Column(
        name,
        "whole number" if whole else "number",
        table.n_rows - len(told) - n_faulty,
        n_faulty,
        n_distinct(told),
        low,
        high,
        counts,
        (),
    )


def histogram(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of the values (N,), finite, N >= 1, lie in each of B bins (B,), and the edges (B + 1,).

    The range is that without its extremes, so that one outlier does not hide the rest: at most 1 % on either
    side lie beyond the edges. B is `N_BINS`, or 1 where all values are nearly the same; the edges may then be
    equal.
    """
    low, high = float(values.min()), float(values.max())
    sample = values[:: len(values) // _VALUES_SAMPLED + 1]
    inner = np.quantile(sample, [_TAIL_SHARE, 1 - _TAIL_SHARE], method="inverted_cdf")
    unit = max(abs(low), abs(high)) or 1.0  # differences of the largest floats are no floats
    begin, end = inner / unit
    margin = 0.1 * (end - begin)
    begin, end = max(begin - margin, low / unit), min(end + margin, high / unit)
    if not end > begin:
        inside = int(((values / unit >= begin) & (values / unit <= end)).sum())
        return sealed(np.array([inside])), sealed(np.array([begin, end]) * unit)
    edges = np.linspace(begin, end, N_BINS + 1)
    if not (np.diff(edges) > 0).all():  # too narrow for bins between neighbouring floats
        return sealed(np.array([len(values)])), sealed(np.array([low, high]))
    counts = np.histogram(values / unit, edges)[0]
    return sealed(counts), sealed(edges * unit)


def _texts(table: Table, name: str) -> Column:
    texts = table.text_columns[name]
    missing = texts == ""
    told = texts[~missing]
    first = pd.unique(told[:_VALUES_SAMPLED])
    kind = "text"
    if len(first) and {text.strip().lower() for text in first} in _TRUTHS:
        kind = "truth value"
    elif len(first) and all(_DATE.fullmatch(text.strip()[:40]) for text in first if not is_silent(text)):
        kind = "date"
    examples = tuple(readable(text) for text in first[:5])
    no_counts = sealed(np.empty(0))
    return Column(name, kind, int(missing.sum()), 0, n_distinct(told), None, None, no_counts, examples)
