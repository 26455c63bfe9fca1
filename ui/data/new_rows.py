"""Rows of another table with the same columns -> points in the picture's units, whatever was done to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from gmm_core.points import LARGEST
from ui.data.data import Data
from ui.data.yes_no import beside
from ui.uploads import Table, UploadError, as_read, readable

MOST_NAMED = 5
"""Columns that a sentence lists."""


@dataclass(frozen=True, eq=False)
class NewRows:
    """What can be scored of a table, and why the rest cannot."""

    points: np.ndarray
    """(M, D + B): as `Data.fitted` has them."""
    rows: np.ndarray
    """(M,): the row of the table that each point is."""
    why_not: np.ndarray
    """(n_rows,) of texts: why a row is no point; empty for those that are."""
    remarks: tuple[str, ...]
    """What was assumed, a sentence each."""

    @property
    def n_left_out(self) -> int:
        """Rows that are no point."""
        return len(self.why_not) - len(self.rows)


def new_rows(data: Data, table: Table) -> NewRows:
    """The rows of a table as points like those of `data`: its columns by their names, with the logarithm,
    standardising and turn that made the data's points, and the codes of their yes/no column.

    Raises UploadError, in one sentence, where the table lacks a column.
    """
    wanted = data.rows_brought.used_columns
    titles = data.columns if data.units is None else data.units.names
    found, remarks = _found(table, wanted, titles, data.yes_no and data.yes_no.name)
    why_not = np.full(table.n_rows, "", dtype=object)
    why_not[table.totals] = "sums up other rows"
    values = np.column_stack([_numbers(table, name) for name in found[: len(wanted)]])
    for axis, name in enumerate(found[: len(wanted)]):
        _note_gaps(why_not, table, name, values[:, axis])
        if data.units is not None and data.units.logs[axis]:
            _note(why_not, values[:, axis] <= 0, f"{name} is not positive and so has no logarithm")
    points = values if data.units is None else data.units.done(values)
    with np.errstate(invalid="ignore"):
        small = np.asarray(np.abs(points) <= LARGEST).all(axis=1)
    _note(why_not, np.logical_not(small), "a value is too large")
    column = data.yes_no
    if column is not None:
        answers = column.coded(as_read(table)[found[-1]])
        _note(why_not, np.isnan(answers), f"{found[-1]} is missing")
        _note(why_not, answers == 2, f"{found[-1]} is neither {column.words[0]} nor {column.words[1]}")
        column = type(column)(column.name, answers, column.words)
    rows = np.flatnonzero(why_not == "")
    return NewRows(beside(points[rows], column and column.at(rows)), rows, why_not, tuple(remarks))


def _found(
    table: Table, wanted: Sequence[str], titles: Sequence[str], yes: str | None
) -> tuple[list[str], list[str]]:
    """The table's names of the columns that are wanted, that of yes or no last, and what was assumed."""
    found: list[str] = []
    lacking: list[str] = []
    remarks: list[str] = []
    asked = [*zip(wanted, titles, strict=True), *([(yes, yes)] if yes else [])]
    for name, title in asked:
        there = _named_so(table, name) or _named_so(table, title)
        if there is None:
            lacking.append(name)
        else:
            found.append(there)
            if there not in (name, title):
                remarks.append(f"“{readable(there)}” was taken for “{readable(name)}”.")
    if lacking:
        raise UploadError(_lacks(lacking, [name for name, _ in asked], table))
    return found, remarks


def _named_so(table: Table, name: str) -> str | None:
    """The table's column of that name, if need be whatever its capitals and spaces are."""
    if name in table.names:
        return name
    alike = [other for other in table.names if _plain(other) == _plain(name)]
    return alike[0] if len(alike) == 1 else None


def _plain(name: str) -> str:
    return " ".join(name.replace("_", " ").casefold().split())


def _lacks(lacking: Sequence[str], wanted: Sequence[str], table: Table) -> str:
    column = "a column" if len(lacking) == 1 else "columns"
    there = _listed(list(table.names))
    return (
        f"“{table.name}” has no {column} {_listed(lacking)}, and the model needs {_listed(wanted)}: name the "
        f"columns in the first row; there are {there}."
    )


def _listed(names: Sequence[str]) -> str:
    shown = [f"“{readable(name)}”" for name in names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        shown.append(f"{len(names) - MOST_NAMED:,} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def _numbers(table: Table, name: str) -> np.ndarray:
    """(n_rows,): NaN where there is no number."""
    if name in table.columns:
        return table.columns[name]
    return np.array(pd.to_numeric(pd.Series(table.text_columns[name]), errors="coerce"), dtype=np.float64)


def _note_gaps(why_not: np.ndarray, table: Table, name: str, values: np.ndarray) -> None:
    gaps = ~np.isfinite(values)
    faulty = np.zeros(len(values), dtype=bool)
    if name in table.columns:
        faulty[table.parse_errors[name].rows] = True
    else:
        faulty = table.text_columns[name] != ""
    _note(why_not, gaps & faulty, f"{name} is not a number")
    _note(why_not, gaps, f"{name} is missing")


def _note(why_not: np.ndarray, bad: np.ndarray, why: str) -> None:
    """The reason of rows that have none yet."""
    why_not[np.logical_and(bad, why_not == "")] = why
