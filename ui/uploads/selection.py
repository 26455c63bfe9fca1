"""Columns of a table -> points, with labels and weights, and a report of the rows that became none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ui.uploads.columns import written
from ui.uploads.report import N_EXAMPLES, Dropped, UploadError, examples, frozen, readable, reason
from ui.uploads.rows import Condition, fulfils
from ui.uploads.suggestions import suggest
from ui.uploads.table import CONTROLS, Table, titles

MOST_LABELS = 20
"""Labels that are named, those of most points; the points of the others are all called `OTHER`."""

OTHER = "other"
_SMALLEST_SPAN = 1e-140
UNKNOWN = -1
"""The label of a point whose cell is empty."""


@dataclass(frozen=True, eq=False)
class Selection:
    """Two columns of a table as points."""

    points: np.ndarray
    """(N, 2) float64, finite, read-only: the cells, or their log10, less `centre`, over `unit`."""
    x: str
    """Name of the column that became points[:, 0]."""
    y: str
    """Name of the column that became points[:, 1]."""
    rows: np.ndarray
    """(N,) the table's row of each point, increasing."""
    dropped: Dropped
    """All the rows of the file that became no point, those that the table already skipped included."""
    axis_titles: tuple[str, str]
    """What the axes are called, e.g. "log10 of income, standardised"; plain text."""
    labels: np.ndarray | None
    """(N,) indices into `label_names`, `UNKNOWN` where the cell is empty; None if no label was asked for."""
    label_names: tuple[str, ...]
    """Unequal names, plain text, the commonest first; `OTHER` comes last if there are too many."""
    weights: np.ndarray | None
    """(N,) float64, finite, >= 0, their sum > 0; None if no weight was asked for."""
    centre: tuple[float, float]
    """What was taken from each coordinate to standardise it, else 0."""
    unit: tuple[float, float]
    """What each coordinate was then divided by, else 1."""
    remarks: tuple[str, ...]
    """Sentences on what the choices mean for the picture."""


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
    """Return two numeric columns of a table as points: the rows that have a number in both.

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
    for wanted in (x, y, weight):
        if wanted is not None and len(table.columns) > 1 and wanted not in table.columns:
            raise UploadError(_unknown(wanted, table.numeric_names, "column of numbers"))
    if label is not None and label not in table.names:
        raise UploadError(_unknown(label, table.names, "column"))
    x, y = suggest(table, x, y)
    if x == y:
        raise UploadError(f'The column "{x}" was chosen twice; choose two different columns.')
    left = _Left(table)
    left.drop_totals()
    for condition in conditions:
        left.drop_unless(condition)
    for name, log in ((x, log_x), (y, log_y)):
        left.drop_faults(name)
        if log:
            left.drop(name, table.columns[name] <= 0, f"{name} is not positive and so has no logarithm")
    if weight is not None:
        left.drop_faults(weight)
        left.drop(weight, table.columns[weight] < 0, f"the weight {weight} is negative")
    rows = np.flatnonzero(left.used)
    if len(rows) < 2:
        raise UploadError(_too_few(x, y, bool(conditions or log_x or log_y or weight)))
    return _selected(table, x, y, rows, left.dropped, label, weight, (log_x, log_y), standardise)


def _selected(
    table: Table,
    x: str,
    y: str,
    rows: np.ndarray,
    dropped: Dropped,
    label: str | None,
    weight: str | None,
    logs: tuple[bool, bool],
    standardise: bool,
) -> Selection:
    points = np.empty((len(rows), 2))
    axis_titles, centres, units = [], [], []
    remarks = []
    for axis, (name, log) in enumerate(zip((x, y), logs, strict=True)):
        values = table.columns[name][rows]
        if log:
            values = np.log10(values)
            remarks.append(
                f"{name} is drawn as its log10: equal steps are equal ratios, and a Gaussian here is"
                f" log-normal in {name}."
            )
        points[:, axis], centre, unit = _standardised(values, name) if standardise else (values, 0.0, 1.0)
        axis_titles.append(("log10 of " if log else "") + name + (", standardised" if standardise else ""))
        centres.append(centre)
        units.append(unit)
    if standardise:
        remarks.append(
            "Both axes count standard deviations from the mean: a circle here is an ellipse in the file's"
            " units, and families that ask for circles or axes of equal length mean these units."
        )
    span = float((points.max(axis=0) / 2 - points.min(axis=0) / 2).max())  # halves, for the largest floats
    if 0 < span < _SMALLEST_SPAN:
        raise UploadError(f'The values of "{x}" and "{y}" are too close to be squared; standardise them.')
    labels, label_names = None, ()
    if label is not None:
        labels, label_names = _labels(table, label, rows)
        n_unknown = int((labels == UNKNOWN).sum())
        if n_unknown:
            points_have = "1 point has" if n_unknown == 1 else f"{n_unknown:,} points have"
            remarks.append(f"{points_have} no label in {label}.")
    weights = None
    if weight is not None:
        weights = frozen(table.columns[weight][rows])
        if not weights.any():
            raise UploadError(f'Every weight in "{weight}" is 0; choose another column, or none.')
    return Selection(
        frozen(points),
        x,
        y,
        frozen(rows),
        dropped,
        (axis_titles[0], axis_titles[1]),
        labels,
        label_names,
        weights,
        (centres[0], centres[1]),
        (units[0], units[1]),
        tuple(remarks),
    )


class _Left:
    """The rows that are still used, and why the others are not, each under the first reason that applies."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.used = np.ones(table.n_rows, bool)
        self.reasons = list(table.skipped.reasons)

    @property
    def dropped(self) -> Dropped:
        return Dropped(self.table.skipped.count + int((~self.used).sum()), tuple(self.reasons))

    def drop(self, name: str, bad: np.ndarray, why: str) -> None:
        """Drop the rows where `bad` (n_rows,) holds, showing what the column holds there."""
        rows = np.flatnonzero(bad & self.used)
        self._drop(rows, why, written(self.table, name, rows[:N_EXAMPLES]))

    def drop_unless(self, condition: Condition) -> None:
        """Drop the rows that do not fulfil the condition."""
        bad = ~fulfils(self.table, condition)
        self.drop(condition.column, bad, f"the filter “{condition.text}” leaves them out")

    def drop_totals(self) -> None:
        """Drop the rows that sum up others."""
        if not len(self.table.totals):
            return
        texts = [_first_text(self.table, row) for row in self.table.totals[:N_EXAMPLES].tolist()]
        why = f"a total or a mean of others is no point (see “{CONTROLS['totals']}” on the data page)"
        self._drop(self.table.totals, why, texts)

    def drop_faults(self, name: str) -> None:
        """Drop the rows where a numeric column holds no finite number."""
        if not np.isnan(self.table.columns[name]).any():
            return
        faults = self.table.faults[name]
        for infinite, why in ((False, "is not a number"), (True, "is infinite or too large")):
            chosen = np.flatnonzero((faults.infinite == infinite) & self.used[faults.rows])
            texts = [faults.texts[index] for index in chosen[:N_EXAMPLES]]
            self._drop(faults.rows[chosen], f"{name} {why}", texts)
        self._drop(np.flatnonzero(np.isnan(self.table.columns[name]) & self.used), f"{name} is missing")

    def _drop(self, rows: np.ndarray, why: str, texts: Sequence[str] = ()) -> None:
        if len(rows):
            places = examples(rows, self.table.line_numbers, texts, self.table.place)
            self.reasons.append(reason(len(rows), why, places))
            self.used[rows] = False


def _first_text(table: Table, row: int) -> str:
    """Return the first cell of a row that is no number."""
    for name in table.names:
        cell = written(table, name, np.array([row]))[0]
        if name in table.text_columns or row in table.faults[name].rows:
            return cell
    return ""


def _unknown(wanted: str, names: Sequence[str], kind: str) -> str:
    choices = ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")
    return f'No {kind} is called "{readable(wanted)}"; choose from {choices}.'


def _too_few(x: str, y: str, narrowed: bool) -> str:
    if narrowed:
        return f'Fewer than two rows are left for "{x}" and "{y}"; loosen the filter or make other choices.'
    return f'Fewer than two rows have numbers in both "{x}" and "{y}"; choose other columns.'


def _standardised(values: np.ndarray, name: str) -> tuple[np.ndarray, float, float]:
    """Return values (N,) less their mean, over their standard deviation, and both."""
    exponent = int(np.frexp(np.abs(values).max())[1])
    scaled = np.ldexp(values, -exponent)  # without rounding; no sum or square of it is too large
    centre = float(scaled.mean())
    centred = scaled - centre
    remainder = float(centred.mean())
    centred -= remainder
    unit = float(np.sqrt((centred * centred).mean()))
    if values.min() == values.max() or unit == 0:
        raise UploadError(
            f'The column "{name}" is constant, so it cannot be standardised; choose another one.'
        )
    return centred / unit, math.ldexp(centre + remainder, exponent), math.ldexp(unit, exponent)


def _labels(table: Table, name: str, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return for each row (N,) the index of its label's name, and the names."""
    cells = table.columns[name][rows] if name in table.columns else table.text_columns[name][rows]
    codes, distinct = pd.factorize(cells)
    spelled = [
        f"{value:.15g}" if isinstance(value, float) else str(value).strip() for value in distinct.tolist()
    ]
    same, known = pd.factorize(np.array(spelled, object))  # " a" is "a"
    codes = np.append(same, -1)[codes]  # -1 is the code of a missing number
    counts = np.bincount(codes[codes >= 0], minlength=len(known))
    counts[known == ""] = 0
    ordered = [index for index in np.argsort(-counts, kind="stable") if counts[index]]
    named = ordered[:MOST_LABELS]
    names = [readable(str(known[index])) or "?" for index in named]
    places = np.full(len(known) + 1, UNKNOWN)  # the last one for cells without a value, whose code is -1
    places[ordered] = len(named)
    places[named] = np.arange(len(named))
    if len(ordered) > len(named):
        names.append(OTHER)
    return frozen(places[codes]), tuple(titles(names))
