"""From an Experiment to its points, and what is known of them; no Streamlit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from gmm_core.datasets import BACKGROUND, CLASSICS, DatasetError
from gmm_core.datasets.generators import GENERATORS, generate
from gmm_core.points import LARGEST
from ui.data.motion import Motion, spread, standardised, turn_and_stretch
from ui.data.units import Units
from ui.experiment import DRAWN, UPLOADED, Experiment
from ui.uploads import Condition, Selection, Table, UploadError, as_read, readable, sample_rows, select_points

# Two pictures side by side draw every point one by one, and count them.
MOST_COMPARED = 50_000

# A picture of more would be too large for one message, and no picture is made of so many pixels.
MOST_SENT = 5_000_000
TOO_MANY = (
    f"These are {{:,}} points and the picture takes up to {MOST_SENT:,}; choose a random sample under "
    "“Rows to use” on the data page."
)

# Generators whose true clusters are no Gaussians, so that an ellipse would say nothing of them.
CURVED = {"moons", "rings", "spiral", "uniform"}

# Where no points are, there must still be a place to draw some.
EMPTY_FRAME = (-6.0, 6.0, -6.0, 6.0)

DRAW = "An empty picture: choose “Add points” above it, then click or sweep until there are enough for K."
TOO_LARGE = f"Values beyond {LARGEST:g} cannot be squared: choose other columns, or change their units."
NEEDS_FILE = "This experiment was made with an uploaded file{}: drop that file into the app to see it."
XY = ("x", "y")


@dataclass(frozen=True, eq=False)
class Source:
    """The rows that the points came from, as people brought them."""

    columns: Mapping[str, Any]
    """(n_rows,) each, in their order."""
    n_rows: int
    rows: np.ndarray
    """(N,): the row of every point."""
    places: tuple[str, str]
    """The columns that became x and y."""
    truth: str = ""
    """The column of the true labels, if there is one."""
    as_seen: bool = True
    """Whether the picture shows the columns' own numbers: if so, points put in by hand have values there."""
    table: Table | None = None
    """What the columns were read from: its rows come first, and after them those put in by hand."""

    def repeated(self, read: Callable[[Table], Mapping[str, Any]]) -> Mapping[str, Any]:
        """The columns with the cells that `read` finds in the file, where they came from one, and under the
        whole of their names where that tells them apart."""
        if self.table is None:
            return self.columns
        found, n_rows = dict(read(self.table)), self.table.n_rows
        if n_rows != self.n_rows:
            for name, more in self.columns.items():
                # One by one, so that numbers of single precision stay what they are.
                before = np.fromiter(found[name], dtype=object, count=n_rows)
                found[name] = np.concatenate([before, more[n_rows:]])
        whole = {name: self.table.whole_names.get(name, name) for name in self.columns}
        distinct = len(set(whole.values())) == len(whole)
        return {whole[name] if distinct else name: found[name] for name in self.columns}


@dataclass(frozen=True, eq=False)
class Data:
    """Points and what is known of them."""

    points: np.ndarray
    """(N, 2), N may be 0."""
    frame: tuple[float, float, float, float] = EMPTY_FRAME
    """x0, x1, y0, y1 of a view of all points that does not change when points inside it do."""
    columns: tuple[str, str] = ("x", "y")
    """What the axes are called."""
    title: str = "Drawn by hand"
    """What the data are called."""
    labels: np.ndarray | None = None
    """(N,) indices into label_names, negative for background or unknown; None if no truth is known."""
    label_names: tuple[str, ...] = ()
    truth_is_gaussian: bool = False
    """Whether the true clusters have ellipses."""
    weights: np.ndarray | None = None
    """(N,), how often each point counts; None for once."""
    dropped: tuple[str, ...] = ()
    """Which rows of a file are not used and why, one sentence each."""
    notice: str = ""
    """What stands in the way of a fit, if anything is known to."""
    start_points: np.ndarray | None = None
    """(M, 2): those that the start is drawn among, where points came or went by hand since; None for all."""
    start_weights: np.ndarray | None = None
    """(M,), how often each of those counts; None for once."""
    motion: Motion | None = None
    """What turned and stretched the points, so that a start can be taken along."""
    units: Units | None = None
    """Of the columns that the points were made from, where the points are not their own numbers."""
    source: Source | None = None
    """None where there are no points."""

    @property
    def own_points(self) -> np.ndarray:
        """(N, 2): the columns' own numbers behind the points, those of the source where it has them."""
        if self.units is None or len(self.points) == 0:
            return self.points
        own = self.units.undone(self.points)
        if self.source is None:
            return own
        for axis, name in enumerate(self.source.places):
            # A hidden truth may have been an axis as well.
            if name in self.source.columns:
                cells = np.asarray(self.source.columns[name])[self.source.rows]
                known = np.array(pd.to_numeric(cells, errors="coerce"), np.float64)
                own[:, axis] = np.where(np.isnan(known), own[:, axis], known)
        return own


def data_of(experiment: Experiment, table: Table | None) -> Data:
    """The experiment's points, with those put in and taken out by hand."""
    brought = _brought(experiment, table)
    if "truth" in experiment.hide:
        brought = _without_truth(brought)
        if experiment.data in GENERATORS or experiment.data in CLASSICS:
            brought = replace(brought, title=untold(experiment.data))
    given = _moved(brought, experiment)
    changed = _edited(given, experiment)
    if experiment.start_among:
        n_added, n_removed = experiment.start_among
        before = replace(experiment, added=experiment.added[:n_added], removed=experiment.removed[:n_removed])
        among = _edited(given, before)
        changed = replace(changed, start_points=among.points, start_weights=among.weights)
    frame = EMPTY_FRAME if len(given.points) == 0 else frame_of(given.points)
    if experiment.added:
        frame = _around_both(frame, frame_of(changed.points, margin=0)) if len(changed.points) else frame
    return replace(changed, frame=frame)


def _moved(data: Data, experiment: Experiment) -> Data:
    """Standardised, turned and stretched as the experiment asks; a file's points are standardised already."""
    if len(data.points) == 0:
        return data
    if experiment.standardise and experiment.data != UPLOADED:
        names = f"{data.columns[0]}, standardised", f"{data.columns[1]}, standardised"
        centre, unit = data.points.mean(axis=0), spread(data.points)
        units = Units(data.columns, centre=centre, unit=unit)
        points, source = standardised(data.points), _not_as_seen(data)
        data = replace(data, points=points, columns=names, source=source, units=units)
    if experiment.turn == 0 and experiment.stretch == 1:
        return data
    motion = turn_and_stretch(data.points, experiment.turn, experiment.stretch)
    x, y = (f"{name}, turned" for name in data.columns) if experiment.turn else data.columns
    if experiment.stretch != 1:
        y = f"{y}, × {experiment.stretch:g}"
    points = motion.of_points(data.points)
    units = replace(data.units or Units(data.columns), motion=motion)
    changed = {"motion": motion, "units": units, "source": _not_as_seen(data)}
    return replace(data, points=points, columns=(x, y), **changed)


def _not_as_seen(data: Data) -> Source | None:
    return data.source and replace(data.source, as_seen=False)


def thinned(data: Data, n_by_hand: int = 0) -> Data:
    """At most MOST_COMPARED of the points, drawn at random, always the same ones, and a sentence about it.

    The last `n_by_hand` were put in by hand, and are kept."""
    n_points = len(data.points)
    if n_points <= MOST_COMPARED:
        return data
    # A key for every place from the front: a point more or less leaves the others where they are.
    keys = np.random.default_rng(0).random(n_points)
    keys[n_points - min(n_by_hand, MOST_COMPARED) :] = -1.0
    kept = np.sort(np.argpartition(keys, MOST_COMPARED)[:MOST_COMPARED])
    said = f"Two pictures side by side: {MOST_COMPARED:,} of the {n_points:,} points, drawn at random."
    labels = None if data.labels is None else data.labels[kept]
    weights = None if data.weights is None else data.weights[kept]
    source = data.source and replace(data.source, rows=data.source.rows[kept])
    return replace(
        data,
        points=data.points[kept],
        labels=labels,
        weights=weights,
        source=source,
        dropped=(*data.dropped, said),
    )


def unweighted(data: Data) -> Data:
    """Without weights, and a sentence about it if there were any: for K-Means and what stands beside it."""
    if data.weights is None:
        return data
    said = "K-Means counts every point once, so here the mixture does as well."
    return replace(data, weights=None, start_weights=None, dropped=(*data.dropped, said))


def _without_truth(data: Data) -> Data:
    """Without labels, in the rows that can be taken home as well, and without a title that tells."""
    source = data.source
    if source is not None and source.truth:
        columns = {name: values for name, values in source.columns.items() if name != source.truth}
        source = replace(source, columns=columns, truth="")
    return replace(data, labels=None, label_names=(), truth_is_gaussian=False, source=source)


def untold(data: str) -> str:
    """What data whose truth is hidden are called: no name tells how many clusters there are."""
    names = [*GENERATORS, *CLASSICS]
    return f"Data set {names.index(data) + 1}"


def frame_of(points: np.ndarray, margin: float = 0.08) -> tuple[float, float, float, float]:
    """x0, x1, y0, y1 about points (N, 2), N >= 1, with a share of the span to spare on every side."""
    low, high = points.min(axis=0), points.max(axis=0)
    widest = max(float((high - low).max()), 1e-6 * float(np.abs(high).max()), 1e-9)
    span = np.where(high > low, high - low, widest)
    low, high = low - margin * span, high + margin * span
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])


def _around_both(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, float, float, float]:
    return min(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3])


def _brought(experiment: Experiment, table: Table | None) -> Data:
    if experiment.data in GENERATORS:
        return _generated(experiment)
    if experiment.data in CLASSICS:
        return _classic(experiment)
    empty = np.empty((0, 2))
    if experiment.data == DRAWN:
        return Data(empty, notice=DRAW, source=Source({"x": empty[:, 0], "y": empty[:, 1]}, 0, _all(0), XY))
    if table is None:
        called = f" “{readable(experiment.file)}”" if experiment.file else ""
        return Data(empty, title=experiment.file or "Uploaded file", notice=NEEDS_FILE.format(called))
    try:
        return _uploaded(experiment, table)
    except UploadError as error:
        return Data(empty, title=table.name, notice=str(error))


def _all(n_points: int) -> np.ndarray:
    return np.arange(n_points)


def _generated(experiment: Experiment) -> Data:
    rng = np.random.default_rng(experiment.data_seed)
    drawn = generate(experiment.data, n_points=experiment.n_points, rng=rng, **dict(experiment.knobs))
    columns: dict[str, Any] = {"x": drawn.points[:, 0], "y": drawn.points[:, 1]}
    if drawn.label_names:
        columns["cluster"] = _named(drawn.labels, drawn.label_names)
    return Data(
        drawn.points,
        title=GENERATORS[experiment.data].title,
        labels=drawn.labels,
        label_names=drawn.label_names,
        truth_is_gaussian=experiment.data not in CURVED,
        source=Source(columns, len(drawn.points), _all(len(drawn.points)), XY, "cluster"),
    )


def _named(labels: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """(N,) the name of every label, empty for none."""
    return np.array([*names, ""], dtype=object)[np.where(labels < 0, len(names), labels)]


def _uploaded(experiment: Experiment, table: Table) -> Data:
    if experiment.sample:
        table = sample_rows(table, experiment.sample, np.random.default_rng(0))
    chosen = select_points(
        table,
        experiment.x or None,
        experiment.y or None,
        label=experiment.label or None,
        weight=experiment.weight or None,
        log_x=experiment.log_x,
        log_y=experiment.log_y,
        standardise=experiment.standardise,
        conditions=[Condition(*question) for question in experiment.where],
    )
    if len(chosen.points) > MOST_SENT:
        raise UploadError(TOO_MANY.format(len(chosen.points)))
    if np.abs(chosen.points).max() > LARGEST:
        raise UploadError(TOO_LARGE)
    return Data(
        chosen.points,
        columns=chosen.axis_titles,
        title=table.name,
        labels=chosen.labels,
        label_names=chosen.label_names,
        truth_is_gaussian=chosen.labels is not None,
        weights=chosen.weights,
        dropped=(*table.remarks, *chosen.dropped.reasons, *chosen.remarks),
        units=_units(experiment, chosen),
        source=Source(
            as_read(table),
            table.n_rows,
            chosen.rows,
            (chosen.x, chosen.y),
            experiment.label,
            as_seen=not (experiment.log_x or experiment.log_y or experiment.standardise),
            table=table,
        ),
    )


def _units(experiment: Experiment, chosen: Selection) -> Units | None:
    logs = experiment.log_x, experiment.log_y
    if not any(logs) and not experiment.standardise:
        return None
    return Units((chosen.x, chosen.y), logs, np.array(chosen.centre), np.array(chosen.unit))


def _classic(experiment: Experiment) -> Data:
    classic = CLASSICS[experiment.data]
    try:
        x, y = experiment.x or classic.x, experiment.y or classic.y
        chosen = classic.pair(x, y)
    except DatasetError as error:
        return Data(np.empty((0, 2)), title=classic.title, notice=str(error))
    labels = chosen.labels if chosen.label_names else None
    missing = len(classic.labels) - len(chosen.points)
    dropped = (f"{missing} rows lack one of the two measurements and are left out.",) if missing else ()
    axes = classic.axis_titles[x], classic.axis_titles[y]
    columns: dict[str, Any] = dict(classic.columns)
    if chosen.label_names:
        columns["class"] = _named(classic.labels, classic.label_names)
    complete = np.flatnonzero(~np.isnan(classic.columns[x] + classic.columns[y]))
    return Data(
        chosen.points,
        columns=axes,
        title=classic.title,
        labels=labels,
        label_names=chosen.label_names,
        truth_is_gaussian=labels is not None,
        dropped=dropped,
        source=Source(columns, len(classic.labels), complete, (x, y), "class"),
    )


def _edited(data: Data, experiment: Experiment) -> Data:
    if not experiment.added and not experiment.removed:
        return data
    added = np.array(experiment.added, dtype=float).reshape(-1, 2)
    points = np.vstack([data.points, added])
    kept = np.ones(len(points), dtype=bool)
    kept[[index for index in experiment.removed if index < len(points)]] = False
    labels, weights = data.labels, data.weights
    if labels is not None:
        labels = np.concatenate([labels, np.full(len(added), BACKGROUND)])[kept]
    if weights is not None:
        weights = np.concatenate([weights, np.ones(len(added))])[kept]
    notice = "" if len(points) else data.notice
    source = data.source and _with_rows(data.source, added, kept)
    return replace(data, points=points[kept], labels=labels, weights=weights, notice=notice, source=source)


def _with_rows(source: Source, added: np.ndarray, kept: np.ndarray) -> Source:
    """With a row for every point put in by hand, whose numbers are known where the picture shows them."""
    known = dict(zip(source.places, added.T, strict=True)) if source.as_seen else {}
    columns: dict[str, Any] = {}
    for name, values in source.columns.items():
        more = known.get(name, [None] * len(added))
        columns[name] = np.concatenate([np.asarray(values, dtype=object), np.asarray(more, dtype=object)])
    rows = np.concatenate([source.rows, source.n_rows + np.arange(len(added))])
    return replace(source, columns=columns, n_rows=source.n_rows + len(added), rows=rows[kept])
