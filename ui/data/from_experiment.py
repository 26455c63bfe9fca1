"""From an experiment to its points: brought, their truth hidden, moved, then changed by hand."""

from dataclasses import replace

from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from ui.data.beside import with_yes_no
from ui.data.by_hand import changed_by_hand
from ui.data.data import Data, Source
from ui.data.extent import EMPTY_EXTENT, around_both, extent_of
from ui.data.motion import turn_and_stretch
from ui.data.sources import brought
from ui.data.units import own_units
from ui.experiment import UPLOADED, Experiment
from ui.uploads import Table
from ui.uploads.standardising import standardised


def data_of(experiment: Experiment, table: Table | None) -> Data:
    """The experiment's points, with those put in and taken out by hand.

    `table` is the uploaded file's, where there is one. What stands in the way of points is in `Data.notice`.
    """
    data = brought(experiment, table)
    if "truth" in experiment.hide:
        data = _without_truth(data)
        if experiment.data in GENERATORS or experiment.data in CLASSICS:
            data = replace(data, title=untold(experiment.data))
    moved = _moved(with_yes_no(data, experiment.yes), experiment)
    changed = changed_by_hand(moved, experiment.added, experiment.removed)
    if experiment.start_among:
        n_added, n_removed = experiment.start_among
        among = changed_by_hand(moved, experiment.added[:n_added], experiment.removed[:n_removed])
        changed = replace(changed, start_among=among)
    empty = EMPTY_EXTENT[:1] * moved.points.shape[1]
    extent = empty if len(moved.points) == 0 else extent_of(moved.points)
    if experiment.added and len(changed.points):
        extent = around_both(extent, extent_of(changed.points, margin=0))
    return replace(changed, extent=extent)


def two_valued_columns(experiment: Experiment, data: Data, table: Table | None) -> tuple[str, ...]:
    """The columns that may stand beside the numbers of the experiment's data, the chosen one among them."""
    if experiment.yes and data.yes_no is None:
        # What was chosen is refused, and so there are no points to ask.
        data = data_of(replace(experiment, yes=""), table)
    found = data.source.two_valued if data.source else ()
    return tuple(dict.fromkeys((*found, *filter(None, [experiment.yes]))))


def untold(data: str) -> str:
    """What data whose truth is hidden are called: no name tells how many clusters there are."""
    names = [*GENERATORS, *CLASSICS]
    return f"Data set {names.index(data) + 1}"


def _without_truth(data: Data) -> Data:
    """Without labels, in the rows that can be taken home as well, and without a title that tells."""
    source = data.source
    if source is not None and source.truth:
        columns = {name: values for name, values in source.columns.items() if name != source.truth}
        source = replace(source, columns=columns, truth="")
    return replace(data, labels=None, label_names=(), truth_is_gaussian=False, source=source)


def _moved(data: Data, experiment: Experiment) -> Data:
    """Standardised, turned and stretched as the experiment asks; a file's points are standardised already."""
    if len(data.points) == 0:
        return data
    if experiment.standardise and experiment.data != UPLOADED:
        points, centre, unit = standardised(data.points)
        units = replace(own_units(data.columns), centre=centre, unit=unit)
        columns = tuple(f"{name}, standardised" for name in data.columns)
        data = replace(data, points=points, columns=columns, source=_not_as_seen(data), units=units)
    # Only a plane is turned in one way.
    if data.points.shape[1] != 2 or (experiment.turn == 0 and experiment.stretch == 1):
        return data
    motion = turn_and_stretch(data.points, experiment.turn, experiment.stretch)
    columns = [f"{name}, turned" if experiment.turn else name for name in data.columns]
    if experiment.stretch != 1:
        columns[-1] = f"{columns[-1]}, × {experiment.stretch:g}"
    return replace(
        data,
        points=motion.of_points(data.points),
        columns=tuple(columns),
        motion=motion,
        units=replace(data.units or own_units(data.columns), motion=motion),
        source=_not_as_seen(data),
    )


def _not_as_seen(data: Data) -> Source | None:
    return data.source and replace(data.source, as_seen=False)
