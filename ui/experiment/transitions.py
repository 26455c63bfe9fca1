"""What people do to an experiment: one function each, which returns another experiment."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from gmm_core import Mixture
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from gmm_core.variational.shaping import VARIATIONAL_FAMILIES
from ui.experiment.choice import Scope
from ui.experiment.experiment import (
    CHOICES,
    DRAWN,
    HIDEABLE,
    MOST_SEED,
    NO_COLUMN,
    Experiment,
    Place,
    choices_in,
    parameters,
)
from ui.experiment.view import MOST_COMPONENTS

NEUTRAL_K = 2
"""The number of components to begin with where the true number is hidden."""


def at_defaults(*names: str) -> dict[str, Any]:
    """The defaults of these choices, by name."""
    return {name: CHOICES[name].default for name in names}


def set_choices(experiment: Experiment, **choices: Any) -> Experiment:
    """These choices made, and what they reset at its default."""
    resets = [reset for name in choices for reset in CHOICES[name].resets]
    return replace(experiment, **at_defaults(*resets) | choices)


def setting(name: str) -> Callable[[Experiment, Any], Experiment]:
    """The transition that makes one choice."""
    return lambda experiment, value: set_choices(experiment, **{name: value})


def choose_data(experiment: Experiment, data: str) -> Experiment:
    """Other data, with the number of points and components and the family that suit them.

    What suits them would give away a truth that is hidden, so then every set begins alike; locked draws stay.
    """
    locked = "seed" in experiment.hide
    rows = [row for row in CHOICES.values() if row.stays or (locked and row.hidden_by == "seed")]
    kept = {row.name: getattr(experiment, row.name) for row in rows}
    known = GENERATORS.get(data) or CLASSICS.get(data)
    if known is not None:
        n_points = GENERATORS[data].n_points if data in GENERATORS else Experiment.n_points
        suited = (known.n_components, known.family)
        n_components, family = (NEUTRAL_K, Experiment.family) if "truth" in experiment.hide else suited
        yes = GENERATORS[data].yes if data in GENERATORS else ""
        y = NO_COLUMN if data in CLASSICS and not CLASSICS[data].y else Experiment.y
        return Experiment(data, n_points, y=y, yes=yes, n_components=n_components, family=family, **kept)
    return Experiment(data, n_components=experiment.n_components, family=experiment.family, **kept)


def hiding(experiment: Experiment, names: tuple[str, ...], n_clusters: int) -> Experiment:
    """As a teacher's link shows it that hides `names`, of data with `n_clusters` true clusters: as many
    components to begin with would tell."""
    if "truth" in names and experiment.n_components == n_clusters:
        experiment = replace(reset(experiment), n_components=NEUTRAL_K)
    return replace(experiment, hide=tuple(name for name in HIDEABLE if name in names))


def new_data(experiment: Experiment) -> Experiment:
    """Another draw of the same kind of data, without the points changed by hand."""
    return set_choices(experiment, data_seed=(experiment.data_seed + 1) % (MOST_SEED + 1))


def new_start(experiment: Experiment) -> Experiment:
    """The same points from another start."""
    return set_choices(experiment, start_seed=(experiment.start_seed + 1) % (MOST_SEED + 1))


def draw_start(experiment: Experiment) -> Experiment:
    """Begun from a start drawn among all the points there are."""
    return reset(replace(experiment, start_among=()))


def reset(experiment: Experiment) -> Experiment:
    """The same points and the same start again, before any mean was dragged."""
    return replace(experiment, start_mixture=())


def choose_axis(experiment: Experiment, **axes: str) -> Experiment:
    """Other columns across or upwards. One that is fitted already changes its place with the one that was
    there, which leaves the fit as it is; on a line there are no others."""
    if axes.get("y") == NO_COLUMN:
        return set_choices(experiment, **axes, more=())
    changed = replace(experiment, **axes)
    fitted = {experiment.x, experiment.y, *experiment.more}
    if not {changed.x, changed.y} <= fitted or "" in fitted:
        return set_choices(experiment, **axes, more=_less(experiment.more, changed))
    return replace(changed, more=_less((*experiment.more, experiment.x, experiment.y), changed))


def _less(names: tuple[str, ...], shown: Experiment) -> tuple[str, ...]:
    """These columns without the two that are shown."""
    return tuple(name for name in names if name not in (shown.x, shown.y))


def choose_more(experiment: Experiment, names: Sequence[str], x: str, y: str) -> Experiment:
    """Other columns beside x and y, which they are beside from now on whatever suits."""
    return set_choices(experiment, x=x, y=y, more=tuple(names))


def keep_start(experiment: Experiment) -> Experiment:
    """The start stays where it is, whatever points come or go by hand."""
    among = experiment.start_among or (len(experiment.added), len(experiment.removed))
    return replace(experiment, start_among=among)


def choose_components(experiment: Experiment, n_components: int) -> Experiment:
    """Another K, from a start of its own."""
    return set_choices(experiment, n_components=n_components)


GENEROUS_K = 10
"""The number of components that a variational mixture begins with."""


def choose_algorithm(experiment: Experiment, algorithm: str) -> Experiment:
    """Another algorithm. A variational mixture begins with more components than can be needed, in a family it
    has; whoever leaves it begins again with as many as suit the data."""
    changed = set_choices(experiment, algorithm=algorithm)
    if (algorithm == "variational") == (experiment.algorithm == "variational"):
        return changed
    if algorithm != "variational":
        suited = choose_data(changed, experiment.data).n_components
        return choose_components(changed, NEUTRAL_K if suited == GENEROUS_K else suited)
    family = changed.family if changed.family in VARIATIONAL_FAMILIES else Experiment.family
    return choose_components(replace(changed, family=family), max(GENEROUS_K, changed.n_components))


def choose_family(experiment: Experiment, family: str) -> Experiment:
    """Another family, from wherever means were put."""
    return set_choices(experiment, family=family)


def set_knob(experiment: Experiment, name: str, setting: float) -> Experiment:
    """The generator's knob at `setting`."""
    knob = next(knob for knob in GENERATORS[experiment.data].knobs if knob.name == name)
    others = tuple(pair for pair in experiment.knobs if pair[0] != name)
    changed = others if setting == knob.default else (*others, (name, setting))
    # A cluster more, a component more is the natural first guess.
    suited = GENERATORS[experiment.data].n_components + int(setting - knob.default)
    n_components = min(suited, MOST_COMPONENTS) if name == "clusters" else experiment.n_components
    if "truth" in experiment.hide:
        n_components = experiment.n_components
    return set_choices(experiment, knobs=tuple(sorted(changed)), n_components=n_components)


def move_mean(experiment: Experiment, mixture: Mixture) -> Experiment:
    """EM begins again from `mixture`, one of whose means was dragged."""
    return _going_on(experiment, mixture)


def add_points(experiment: Experiment, places: list[Place], mixture: Mixture | None) -> Experiment:
    """More points; EM begins again from `mixture`, or from where it began if that is None."""
    return replace(_going_on(experiment, mixture), added=(*experiment.added, *places))


def remove_point(experiment: Experiment, index: int, mixture: Mixture | None) -> Experiment:
    """Without the point `index`, counted among the points that are left."""
    for gone in sorted(experiment.removed):
        if gone <= index:
            index += 1
    return replace(_going_on(experiment, mixture), removed=(*experiment.removed, index))


def clear_points(experiment: Experiment) -> Experiment:
    """An empty picture to draw on."""
    # A draw that is made again later begins with as many points, and the same ones.
    kept = ("n_points", "data_seed", "hide")
    plain = at_defaults(*(name for name in choices_in(Scope.DATA) if name not in kept))
    return reset(replace(experiment, **plain | {"data": DRAWN}))


def _going_on(experiment: Experiment, mixture: Mixture | None) -> Experiment:
    # K may have changed while the mixture was on its way.
    fits = mixture is not None and mixture.n_components == experiment.n_components
    given = parameters(mixture) if mixture is not None and fits else experiment.start_mixture
    return replace(experiment, start_mixture=given)


def open_fit(experiment: Experiment, family: str, mixture: Mixture) -> Experiment:
    """EM begins at the mixture, a start or a fit of that family, of up to MOST_COMPONENTS components."""
    chosen = set_choices(
        experiment,
        algorithm="em",
        family=family,
        n_components=mixture.n_components,
        noise=mixture.noise is not None,
    )
    return replace(chosen, start_mixture=parameters(mixture))


def open_variational(experiment: Experiment, n_components: int, family: str) -> Experiment:
    """The variational mixture of so many components, from the experiment's own start."""
    return set_choices(experiment, algorithm="variational", n_components=n_components, family=family)
