"""Where points come from: a generator, a classic, a file, a hand; one function for each."""

from typing import Any

import numpy as np

from gmm_core.datasets import CLASSICS, DatasetError
from gmm_core.datasets.generators import GENERATORS, generate
from gmm_core.points import LARGEST
from ui.data.data import Data, Source
from ui.data.dimensions import (
    axis_letters,
    chosen_columns,
    chosen_dimensions,
    chosen_logs,
    fitted_columns,
    pair_among,
)
from ui.data.units import Units
from ui.experiment import DRAWN, UPLOADED, Experiment
from ui.uploads import (
    Condition,
    Selection,
    Table,
    UploadError,
    as_read,
    readable,
    sample_rows,
    select_columns,
    suggest,
    suggest_column,
)

MOST_SENT = 5_000_000
"""Points in a picture: more would be too large for one message, and no picture is made of so many pixels."""

_TOO_MANY = (
    f"These are {{:,}} points and the picture takes up to {MOST_SENT:,}; choose a random sample under "
    "“Rows to use” on the data page."
)
_TOO_LARGE = f"Values beyond {LARGEST:g} cannot be squared: choose other columns, or change their units."
_DRAW = "An empty picture: choose “Add points” above it, then click or sweep until there are enough for K."
_NEEDS_FILE = "This experiment was made with an uploaded file{}: drop that file into the app to see it."


def brought(experiment: Experiment, table: Table | None) -> Data:
    """The points that the experiment's data bring, before anything is done to them."""
    if experiment.data == DRAWN:
        return _drawn(chosen_dimensions(experiment))
    if experiment.data == UPLOADED:
        return _uploaded(experiment, table)
    return _generated(experiment) if experiment.data in GENERATORS else _classic(experiment)


def _drawn(n_dimensions: int) -> Data:
    empty, names = np.empty((0, n_dimensions)), axis_letters(n_dimensions)
    source = Source(dict(zip(names, empty.T, strict=True)), 0, _every_row(0), names)
    return Data(empty, columns=names, notice=_DRAW, source=source)


def _generated(experiment: Experiment) -> Data:
    generator, rng = GENERATORS[experiment.data], np.random.default_rng(experiment.data_seed)
    drawn = generate(experiment.data, n_points=experiment.n_points, rng=rng, **dict(experiment.knobs))
    n_points, n_drawn = drawn.points.shape
    names = axis_letters(n_drawn)
    columns: dict[str, Any] = dict(zip(names, drawn.points.T, strict=True))
    n_dimensions = chosen_dimensions(experiment)
    if drawn.label_names:
        columns["cluster"] = _named(drawn.labels, drawn.label_names)
    columns |= drawn.texts
    return Data(
        drawn.points[:, :n_dimensions],
        columns=names[:n_dimensions],
        title=generator.title,
        labels=drawn.labels,
        label_names=drawn.label_names,
        truth_is_gaussian=generator.is_gaussian,
        source=Source(columns, n_points, _every_row(n_points), names[:n_dimensions], "cluster"),
    )


def _classic(experiment: Experiment) -> Data:
    classic = CLASSICS[experiment.data]
    wanted = zip(chosen_columns(experiment), (classic.x, classic.y), strict=False)
    # A set of one column has none to go upwards.
    shown = tuple(filter(None, (name or suggested for name, suggested in wanted)))
    used = fitted_columns(shown, experiment, classic.columns)
    try:
        chosen = classic.take(*used)
    except DatasetError as error:
        return Data(np.empty((0, len(used))), title=classic.title, notice=str(error))
    labels = chosen.labels if chosen.label_names else None
    missing = len(classic.labels) - len(chosen.points)
    many = "two" if len(used) == 2 else str(len(used))
    what = f"one of the {many} measurements" if len(used) > 1 else "the measurement"
    dropped = (f"{missing} rows lack {what} and are left out.",) if missing else ()
    columns: dict[str, Any] = {**classic.columns, **classic.texts}
    if chosen.label_names:
        columns["class"] = _named(classic.labels, classic.label_names)
    incomplete = np.any([np.isnan(classic.columns[name]) for name in used], axis=0)
    return Data(
        chosen.points,
        columns=tuple(classic.axis_titles[name] for name in used),
        title=classic.title,
        labels=labels,
        label_names=chosen.label_names,
        truth_is_gaussian=labels is not None,
        dropped=dropped,
        source=Source(columns, len(classic.labels), np.flatnonzero(~incomplete), used, "class"),
        pair=pair_among(used, shown),
    )


def _uploaded(experiment: Experiment, table: Table | None) -> Data:
    empty = np.empty((0, chosen_dimensions(experiment)))
    if table is None:
        called = f" “{readable(experiment.file)}”" if experiment.file else ""
        return Data(empty, title=experiment.file or "Uploaded file", notice=_NEEDS_FILE.format(called))
    try:
        return _selected(experiment, table)
    except UploadError as error:
        return Data(empty, title=table.name, notice=str(error))


def _selected(experiment: Experiment, table: Table) -> Data:
    """The points in a table. Raises UploadError where there are none, or none that a picture can show."""
    if experiment.sample:
        table = sample_rows(table, experiment.sample, np.random.default_rng(0))
    shown = chosen_columns(experiment)
    if len(shown) == 1 or len(table.numeric_names) == 1:
        shown = (shown[0] or suggest_column(table),)
    elif all(name in table.columns for name in shown if name):
        shown = suggest(table, *(name or None for name in shown))
    else:
        # Which of them there is none of is said where they are taken.
        shown = tuple(filter(None, shown))
    columns = fitted_columns(shown, experiment, table.numeric_names)
    logs = chosen_logs(experiment, columns, shown)
    chosen = select_columns(
        table,
        columns,
        logs=logs,
        label=experiment.label or None,
        weight=experiment.weight or None,
        standardise=experiment.standardise,
        conditions=[Condition(*question) for question in experiment.where],
    )
    if len(chosen.points) > MOST_SENT:
        raise UploadError(_TOO_MANY.format(len(chosen.points)))
    if np.abs(chosen.points).max() > LARGEST:
        raise UploadError(_TOO_LARGE)
    units = _units(chosen, logs, standardise=experiment.standardise)
    return Data(
        chosen.points,
        columns=chosen.axis_titles,
        title=table.name,
        labels=chosen.labels,
        label_names=chosen.label_names,
        truth_is_gaussian=chosen.labels is not None,
        weights=chosen.weights,
        dropped=(*table.remarks, *chosen.dropped.reasons, *chosen.remarks),
        units=units,
        source=Source(
            as_read(table),
            table.n_rows,
            chosen.rows,
            chosen.columns,
            experiment.label,
            as_seen=units is None,
            table=table,
        ),
        pair=pair_among(columns, shown),
    )


def _units(chosen: Selection, logs: tuple[bool, ...], *, standardise: bool) -> Units | None:
    """None where the points are the columns' own numbers."""
    if not any(logs) and not standardise:
        return None
    return Units(chosen.columns, logs, np.array(chosen.centre), np.array(chosen.unit))


def _every_row(n_points: int) -> np.ndarray:
    return np.arange(n_points)


def _named(labels: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """(N,) the name of every label, empty for none."""
    return np.array([*names, ""], dtype=object)[np.where(labels < 0, len(names), labels)]
