"""From an Experiment to its points, and from the points to a run; no Streamlit."""

from dataclasses import dataclass, replace

import numpy as np

import gmm_core
from gmm_core.datasets import BACKGROUND, CLASSICS, DatasetError
from gmm_core.generators import GENERATORS, generate
from gmm_core.points import LARGEST
from ui.experiment import DRAWN, Experiment
from ui.motion import Motion, standardised, turn_and_stretch
from ui.uploads import Table, UploadError, select_points

STEP_LIMIT = 500
# Points times components times steps that a run may take: a few seconds' work, whatever a link asks for.
MOST_WORK = 6e8

# Two pictures side by side draw every point one by one, and count them.
MOST_COMPARED = 50_000

# Generators whose true clusters are no Gaussians, so that an ellipse would say nothing of them.
CURVED = {"moons", "rings", "spiral", "uniform"}

# Where no points are, there must still be a place to draw some.
EMPTY_FRAME = (-6.0, 6.0, -6.0, 6.0)

DRAW = "An empty picture: choose “Add points” above it, then click or sweep until there are enough for K."
TOO_LARGE = f"Values beyond {LARGEST:g} cannot be squared: choose other columns, or change their units."
NEEDS_FILE = "This experiment was made with an uploaded file: drop that file into the sidebar to see it."


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
    dropped: tuple[str, ...] = ()
    """Which rows of a file are not used and why, one sentence each."""
    notice: str = ""
    """What stands in the way of a fit, if anything is known to."""
    motion: Motion | None = None
    """What turned and stretched the points, so that a start can be taken along."""


def data_of(experiment: Experiment, table: Table | None) -> Data:
    """The experiment's points, with those put in and taken out by hand."""
    given = _moved(_as_given(experiment, table), experiment)
    changed = _edited(given, experiment)
    frame = EMPTY_FRAME if len(given.points) == 0 else frame_of(given.points)
    if experiment.added:
        frame = _around_both(frame, frame_of(changed.points, margin=0)) if len(changed.points) else frame
    return replace(changed, frame=frame)


def _moved(data: Data, experiment: Experiment) -> Data:
    """Standardised, turned and stretched as the experiment asks."""
    if len(data.points) == 0:
        return data
    if experiment.standardise:
        names = f"{data.columns[0]}, standardised", f"{data.columns[1]}, standardised"
        data = replace(data, points=standardised(data.points), columns=names)
    if experiment.turn == 0 and experiment.stretch == 1:
        return data
    motion = turn_and_stretch(data.points, experiment.turn, experiment.stretch)
    x, y = (f"{name}, turned" for name in data.columns) if experiment.turn else data.columns
    if experiment.stretch != 1:
        y = f"{y}, × {experiment.stretch:g}"
    return replace(data, points=motion.of_points(data.points), columns=(x, y), motion=motion)


def thinned(data: Data) -> Data:
    """At most MOST_COMPARED of the points, drawn at random, always the same ones, and a sentence about it."""
    n_points = len(data.points)
    if n_points <= MOST_COMPARED:
        return data
    kept = np.sort(np.random.default_rng(0).choice(n_points, MOST_COMPARED, replace=False))
    said = f"Two pictures side by side: {MOST_COMPARED:,} of the {n_points:,} points, drawn at random."
    labels = None if data.labels is None else data.labels[kept]
    return replace(data, points=data.points[kept], labels=labels, dropped=(*data.dropped, said))


def frame_of(points: np.ndarray, margin: float = 0.08) -> tuple[float, float, float, float]:
    """x0, x1, y0, y1 about points (N, 2), N >= 1, with a share of the span to spare on every side."""
    low, high = points.min(axis=0), points.max(axis=0)
    widest = max(float((high - low).max()), 1e-6 * float(np.abs(high).max()), 1e-9)
    span = np.where(high > low, high - low, widest)
    low, high = low - margin * span, high + margin * span
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])


def _around_both(a: tuple[float, ...], b: tuple[float, ...]) -> tuple[float, float, float, float]:
    return min(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), max(a[3], b[3])


def _as_given(experiment: Experiment, table: Table | None) -> Data:
    if experiment.data in GENERATORS:
        rng = np.random.default_rng(experiment.data_seed)
        drawn = generate(experiment.data, n_points=experiment.n_points, rng=rng, **dict(experiment.knobs))
        title = GENERATORS[experiment.data].title
        gaussian = experiment.data not in CURVED
        return Data(
            drawn.points,
            title=title,
            labels=drawn.labels,
            label_names=drawn.label_names,
            truth_is_gaussian=gaussian,
        )
    if experiment.data in CLASSICS:
        return _classic(experiment)
    empty = np.empty((0, 2))
    if experiment.data == DRAWN:
        return Data(empty, notice=DRAW)
    if table is None:
        return Data(empty, title="Uploaded file", notice=NEEDS_FILE)
    try:
        chosen = select_points(table, experiment.x or None, experiment.y or None)
    except UploadError as error:
        return Data(empty, title=table.name, notice=str(error))
    if np.abs(chosen.points).max() > LARGEST:
        return Data(empty, title=table.name, notice=TOO_LARGE)
    dropped = (*table.remarks, *chosen.dropped.reasons)
    return Data(chosen.points, columns=(chosen.x, chosen.y), title=table.name, dropped=dropped)


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
    return Data(
        chosen.points,
        columns=axes,
        title=classic.title,
        labels=labels,
        label_names=chosen.label_names,
        truth_is_gaussian=labels is not None,
        dropped=dropped,
    )


def _edited(data: Data, experiment: Experiment) -> Data:
    if not experiment.added and not experiment.removed:
        return data
    points = np.vstack([data.points, np.array(experiment.added, dtype=float).reshape(-1, 2)])
    kept = np.ones(len(points), dtype=bool)
    kept[[index for index in experiment.removed if index < len(points)]] = False
    labels = data.labels
    if labels is not None:
        labels = np.concatenate([labels, np.full(len(experiment.added), BACKGROUND)])[kept]
    notice = "" if len(points) else data.notice
    return replace(data, points=points[kept], labels=labels, notice=notice)


def start_of(experiment: Experiment, data: Data) -> gmm_core.Mixture:
    """The start that the experiment asks for, turned and stretched with the points. Raises ValueError."""
    points, motion = data.points, data.motion
    mixture = gmm_core.initialize(
        points if motion is None else motion.undone(points),
        experiment.n_components,
        method=experiment.start,
        family=experiment.family,
        rng=np.random.default_rng(experiment.start_seed),
    )
    return mixture if motion is None else motion.of_mixture(mixture)


def run_of(experiment: Experiment, data: Data) -> gmm_core.EMRun:
    """EM on the data as the experiment asks. Raises ValueError, in one sentence, if that cannot be."""
    mixture = experiment.mixture() or start_of(experiment, data)
    return gmm_core.run(
        data.points,
        mixture,
        family=experiment.family,
        reg_covar=experiment.reg_covar,
        tolerance=experiment.tolerance,
        max_steps=min(STEP_LIMIT, int(MOST_WORK / (len(data.points) * mixture.n_components)) + 1),
    )
