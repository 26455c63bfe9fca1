"""Fewer rows of a table: a filter on what they hold, or a random sample."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gmm_core.points import sealed
from ui.uploads.numerals import ParseErrors, bare, number_in
from ui.uploads.report import Dropped, UploadError, readable, reason
from ui.uploads.table import Table
from ui.uploads.units import quantity

COMFORTABLE_ROWS = 1_000_000
"""Of a longer table a random sample is the better picture."""

OPERATORS = {
    "=": "is",
    "!=": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is greater than",
    ">=": "is at least",
    "contains": "contains",
    "missing": "is missing",
    "present": "is not missing",
}
"""What a `Condition` can ask, in words."""

_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


@dataclass(frozen=True)
class Condition:
    """What a row must fulfil to be used. A missing value fulfils "missing" alone."""

    column: str
    """A column of the table."""
    operator: str
    """One of `OPERATORS`."""
    value: float | str = ""
    """What is compared with; for columns of numbers a number, or its text as the file writes numbers."""

    @property
    def text(self) -> str:
        """The condition in words, e.g. 'age is at least 18'. Plain text."""
        words = f"{self.column} {OPERATORS.get(self.operator, self.operator)}"
        return words if self.operator in ("missing", "present") else f"{words} {readable(str(self.value))}"


def fulfils(table: Table, condition: Condition) -> np.ndarray:
    """Return for each row of the table, (n_rows,) bool, whether it fulfils the condition.

    Raises:
        UploadError: there is no such column or operator, or they do not go together.
    """
    name, asked = condition.column, condition.operator
    if asked not in OPERATORS:
        known = ", ".join(OPERATORS)
        raise UploadError(f'A filter cannot ask "{readable(asked)}"; choose from {known}.')
    if name in table.columns:
        return _numbers_fulfil(table, condition)
    if name not in table.text_columns:
        raise UploadError(f'No column is called "{readable(name)}"; choose another one for the filter.')
    texts = table.text_columns[name]
    present = texts != ""
    if asked in ("missing", "present"):
        return present if asked == "present" else ~present
    value = str(condition.value).strip()
    if asked == "contains":
        value = value.casefold()
        return present & np.fromiter((value in text.casefold() for text in texts), bool, len(texts))
    if asked not in ("=", "!="):
        raise UploadError(f'The column "{name}" holds text, so a filter can ask only what it is or contains.')
    equal = np.fromiter((text.strip() == value for text in texts), bool, len(texts))
    return equal if asked == "=" else present & ~equal


def _numbers_fulfil(table: Table, condition: Condition) -> np.ndarray:
    values, asked = table.columns[condition.column], condition.operator
    present = ~np.isnan(values)
    if asked in ("missing", "present"):
        return present if asked == "present" else ~present
    if asked == "contains":
        raise UploadError(
            f'The column "{condition.column}" holds numbers, so a filter cannot ask what it contains.'
        )
    value = _asked_number(table, condition.value)
    if value is None or np.isnan(value):
        shown = readable(str(condition.value))
        raise UploadError(
            f'The column "{condition.column}" holds numbers, and "{shown}" is none; give a number.'
        )
    return present & _COMPARISONS[asked](values, value)


def _asked_number(table: Table, value: float | str) -> float | None:
    """Return the number a filter compares with: written as in the file, or else with a point."""
    if isinstance(value, str):
        reading = table.reading
        number = number_in(quantity(bare(value)).number, reading.decimal or ".", reading.thousands or None)
        return number if number is not None else number_in(value, ".", None)
    try:
        return float(value)
    except OverflowError:
        return None


def sample_rows(table: Table, n_rows: int, rng: np.random.Generator) -> Table:
    """Return a table of `n_rows` rows drawn at random without repetition, in their order in the file.

    The rest is reported in `Table.skipped`. A table that is no longer is returned as it is.
    """
    if n_rows < 1:
        raise UploadError("A random sample needs at least one row; ask for more.")
    if table.n_rows <= n_rows:
        return table
    rows = np.sort(rng.choice(table.n_rows, n_rows, replace=False, shuffle=False))
    n_left_out = table.n_rows - n_rows
    why = f"a random sample of {n_rows:,} of the {table.n_rows:,} rows was drawn"
    return replace(
        table,
        columns={name: sealed(values[rows]) for name, values in table.columns.items()},
        text_columns={name: sealed(texts[rows]) for name, texts in table.text_columns.items()},
        n_rows=n_rows,
        line_numbers=sealed(
            (np.arange(table.n_rows) + 1 if table.line_numbers is None else table.line_numbers)[rows]
        ),
        place=table.place if table.line_numbers is not None else "row",
        skipped=Dropped(
            table.skipped.count + n_left_out, (*table.skipped.reasons, reason(n_left_out, why, ()))
        ),
        parse_errors={name: _kept_errors(errors, rows) for name, errors in table.parse_errors.items()},
        totals=sealed(np.flatnonzero(np.isin(rows, table.totals))),
    )


def _kept_errors(errors: ParseErrors, rows: np.ndarray) -> ParseErrors:
    if not len(errors.rows):
        return errors
    places = np.minimum(np.searchsorted(rows, errors.rows), len(rows) - 1)
    kept = np.flatnonzero(rows[places] == errors.rows)
    texts = [errors.texts[index] for index in kept]
    return ParseErrors(places[kept], texts, errors.infinite[kept], errors.unit)
