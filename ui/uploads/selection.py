"""Columns of a table -> points, with labels and weights, and a report of the rows that became none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gmm_core.points import sealed
from ui.uploads.labels import UNKNOWN, labels_in
from ui.uploads.report import Dropped, UploadError, readable
from ui.uploads.rows import Condition
from ui.uploads.standardising import standardised
from ui.uploads.suggestions import suggest
from ui.uploads.table import Table
from ui.uploads.usable_rows import UsableRows

SMALLEST_SPAN = 1e-140
"""Points closer together than this have no squares that a float could tell from 0."""


@dataclass(frozen=True, eq=False)
class Selection:
    """D columns of a table as N points."""

    points: np.ndarray
    """(N, D) float64, finite, read-only: the cells, or their log10, less `centre`, over `unit`."""
    columns: tuple[str, ...]
    """D names: of the columns that became points[:, 0], points[:, 1], ..."""
    rows: np.ndarray
    """(N,) the table's row of each point, increasing."""
    dropped: Dropped
    """All the rows of the file that became no point, those that the table already skipped included."""
    axis_titles: tuple[str, ...]
    """D texts: what the axes are called, e.g. "log10 of income, standardised"; plain text."""
    labels: np.ndarray | None
    """(N,) indices into `label_names`, `UNKNOWN` where the cell is empty; None if no label was asked for."""
    label_names: tuple[str, ...]
    """Unequal names, plain text, the commonest first; `OTHER` comes last if there are too many."""
    weights: np.ndarray | None
    """(N,) float64, finite, >= 0, their sum > 0; None if no weight was asked for."""
    centre: tuple[float, ...]
    """D numbers: what was taken from each coordinate to standardise it, else 0."""
    unit: tuple[float, ...]
    """D numbers: what each coordinate was then divided by, else 1."""
    remarks: tuple[str, ...]
    """Sentences on what the choices mean for the picture."""

    @property
    def x(self) -> str:
        """Name of the column that became points[:, 0]."""
        return self.columns[0]

    @property
    def y(self) -> str:
        """Name of the column that became points[:, 1]."""
        return self.columns[1]


def select_points(
    table: Table,
    x: str | None = None,
    y: str | None = None,
    *,
    label: str | None = None,
    weight: str | None = None,
    log_x: bool = False,
    log_y: bool = False,
    standardise: bool = False,
    conditions: Sequence[Condition] = (),
) -> Selection:
    """Return two numeric columns of a table as points (N, 2): the rows that have a number in both.

    Args:
        table: from `read_table`.
        x: the name of the first column; by default as `suggest` says.
        y: the name of the second, likewise.
        label: a column whose values, of whatever kind, name the class of each point.
        weight: a column of numbers that says how many points each row stands for.
        log_x: whether to take log10 of x; a row where it is not positive is dropped.
        log_y: the same of y.
        standardise: whether to give both axes mean 0 and standard deviation 1 (of the points, unweighted).
        conditions: only rows that fulfil all of them are used.

    Raises:
        UploadError: fewer than two numeric columns, an unknown name, one column twice, a condition that
            cannot be asked, fewer than two rows left, weights that are all 0, or a constant column to
            standardise.
    """
    named = [name for name in (x, y, weight) if name is not None]
    # With fewer than two columns of numbers there is nothing to choose from, and `suggest` says so.
    _check_known(table, named if len(table.columns) > 1 else (), label)
    return select_columns(
        table,
        suggest(table, x, y),
        logs=(log_x, log_y),
        label=label,
        weight=weight,
        standardise=standardise,
        conditions=conditions,
    )


def select_columns(
    table: Table,
    columns: Sequence[str],
    *,
    logs: Sequence[bool] = (),
    label: str | None = None,
    weight: str | None = None,
    standardise: bool = False,
    conditions: Sequence[Condition] = (),
) -> Selection:
    """Return D >= 1 numeric columns of a table as points (N, D): the rows that have a number in all of them.

    Args:
        table: from `read_table`.
        columns: D different names.
        logs: for each of the columns whether to take log10 of it; by default of none.
        label, weight, standardise, conditions: as in `select_points`.

    Raises:
        UploadError: as in `select_points`.
    """
    logs = tuple(logs) or (False,) * len(columns)
    _check_known(table, [*columns, *filter(None, [weight])], label)
    twice = next((name for place, name in enumerate(columns) if name in columns[:place]), None)
    if twice is not None:
        raise UploadError(f'The column "{twice}" was chosen twice; choose two different columns.')
    usable = _usable_rows(table, columns, logs, weight, conditions)
    rows = np.flatnonzero(usable.used)
    if len(rows) < 2:
        raise UploadError(_too_few(columns, narrowed=bool(conditions or any(logs) or weight)))
    points, centre, unit, remarks = _points(table, columns, rows, logs, standardise=standardise)
    labels, label_names = (None, ()) if label is None else labels_in(table, label, rows)
    return Selection(
        sealed(points),
        tuple(columns),
        sealed(rows),
        usable.dropped,
        tuple(map(_title, columns, logs, [standardise] * len(columns))),
        labels,
        label_names,
        None if weight is None else _weights(table, weight, rows),
        tuple(centre.tolist()),
        tuple(unit.tolist()),
        (*remarks, *([] if labels is None else _unlabelled(labels, str(label)))),
    )


def _usable_rows(
    table: Table,
    columns: Sequence[str],
    logs: Sequence[bool],
    weight: str | None,
    conditions: Sequence[Condition],
) -> UsableRows:
    """The rows that become points, after each reason not to."""
    usable = UsableRows(table)
    usable.drop_totals()
    for condition in conditions:
        usable.drop_unless(condition)
    for name, log in zip(columns, logs, strict=True):
        usable.drop_gaps(name)
        if log:
            usable.drop(name, table.columns[name] <= 0, f"{name} is not positive and so has no logarithm")
    if weight is not None:
        usable.drop_gaps(weight)
        usable.drop(weight, table.columns[weight] < 0, f"the weight {weight} is negative")
    return usable


def _check_known(table: Table, numeric: Sequence[str], label: str | None) -> None:
    """Raise UploadError unless the table has such columns: numeric ones, and a label of any kind."""
    for wanted in numeric:
        if wanted not in table.columns:
            raise UploadError(_unknown(wanted, table.numeric_names, "column of numbers"))
    if label is not None and label not in table.names:
        raise UploadError(_unknown(label, table.names, "column"))


def _unknown(wanted: str, names: Sequence[str], kind: str) -> str:
    choices = ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")
    return f'No {kind} is called "{readable(wanted)}"; choose from {choices}.'


def _too_few(columns: Sequence[str], *, narrowed: bool) -> str:
    quoted = [f'"{name}"' for name in columns]
    named = " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
    if narrowed:
        return f"Fewer than two rows are left for {named}; loosen the filter or make other choices."
    every = {1: "", 2: "both "}.get(len(columns), "all of ")
    return f"Fewer than two rows have numbers in {every}{named}; choose other columns."


def _points(
    table: Table, columns: Sequence[str], rows: np.ndarray, logs: Sequence[bool], *, standardise: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[str]]:
    """Return points (N, D), the centre and the unit (D,) they were standardised by, and what to say of it."""
    n_dimensions = len(columns)
    points = np.empty((len(rows), n_dimensions))
    centre, unit = np.zeros(n_dimensions), np.ones(n_dimensions)
    remarks = []
    for axis, (name, log) in enumerate(zip(columns, logs, strict=True)):
        values = table.columns[name][rows]
        if log:
            values = np.log10(values)
            remarks.append(
                f"{name} is drawn as its log10: equal steps are equal ratios, and a Gaussian here is"
                f" log-normal in {name}."
            )
        if standardise and values.min() == values.max():
            raise UploadError(
                f'The column "{name}" is constant, so it cannot be standardised; choose another one.'
            )
        points[:, axis] = values
    if standardise:
        points, centre, unit = standardised(points)
        remarks.append(_said_of_standardising(n_dimensions))
    span = float((points.max(axis=0) / 2 - points.min(axis=0) / 2).max())  # halves, for the largest floats
    if 0 < span < SMALLEST_SPAN:
        named = " and ".join(f'"{name}"' for name in columns)
        raise UploadError(f"The values of {named} are too close to be squared; standardise them.")
    return points, centre, unit, remarks


def _said_of_standardising(n_dimensions: int) -> str:
    if n_dimensions == 1:
        return "The axis counts standard deviations from the mean."
    axes = "Both axes" if n_dimensions == 2 else "All axes"
    return (
        f"{axes} count standard deviations from the mean: a circle here is an ellipse in the file's"
        " units, and families that ask for circles or axes of equal length mean these units."
    )


def _title(name: str, log: bool, standardise: bool) -> str:
    """What an axis is called."""
    return ("log10 of " if log else "") + name + (", standardised" if standardise else "")


def _weights(table: Table, name: str, rows: np.ndarray) -> np.ndarray:
    weights = sealed(table.columns[name][rows])
    if not weights.any():
        raise UploadError(f'Every weight in "{name}" is 0; choose another column, or none.')
    return weights


def _unlabelled(labels: np.ndarray, name: str) -> list[str]:
    n_unknown = int((labels == UNKNOWN).sum())
    if not n_unknown:
        return []
    points_have = "1 point has" if n_unknown == 1 else f"{n_unknown:,} points have"
    return [f"{points_have} no label in {name}."]
