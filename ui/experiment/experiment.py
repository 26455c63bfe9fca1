"""Experiment: one frozen value that holds every choice, and what people do to it."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gmm_core import Mixture
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from gmm_core.points import LARGEST
from ui.uploads.table import Reading

DRAWN = "draw"
UPLOADED = "upload"

MOST_COMPONENTS = 12
MOST_POINTS = 1_000_000
MOST_STEPS = 5000
# The largest whole number that a browser keeps exactly.
MOST_SEED = 2**53 - 1

# What everybody meets first; the other families are one switch away.
FOUR = ("full", "tied", "diag", "spherical")

# A longer list of hand-made points makes an address that servers and mail programs cut.
MOST_LISTED = 1000

NEUTRAL_K = 2
"""The number of components to begin with where the true number is hidden."""

HIDEABLE = ("controls", "seed", "truth")
"""What a teacher's link can take away: the sidebar, other draws, the true labels."""

Place = tuple[float, float]
Question = tuple[str, str, str]
"""A column, an operator and a value."""

Parameters = tuple[float, ...]
"""One component: weight, mean x, mean y, covariance xx, xy, yy."""


@dataclass(frozen=True)
class View:
    """How the picture is drawn."""

    colour: str = "blended"
    one: int = 0
    behind: str = "nothing"
    level: float = 2.0
    scale: str = "auto"
    trails: bool = True
    glyphs: str = "auto"
    """Whether points carry their component's sign: "on", "off", or "auto" where there are many components."""
    radius: str = "rms"
    """Of the circles of K-Means."""
    dial_at: int = 0
    """The position of the limit dial."""
    reveal: bool = False
    """Whether the comparison says how well both sides agree with the truth."""
    present: bool = False
    """Whether the stage fills the window, with large letters, for a lecture hall."""


@dataclass(frozen=True)
class Experiment:
    """Every choice. Equal experiments on equal uploads give equal pictures."""

    data: str = "elongated"
    """A key of GENERATORS or CLASSICS, or DRAWN or UPLOADED."""
    n_points: int = 500
    data_seed: int = 1
    knobs: tuple[tuple[str, float], ...] = ()
    """(name, setting) of the generator's knobs that are not at their defaults."""
    x: str = ""
    """Column across; empty for the first that suits."""
    y: str = ""
    added: tuple[Place, ...] = ()
    """Points put in by hand, after those of the data."""
    removed: tuple[int, ...] = ()
    """Indices of the points taken out, counted among data and added points as they were then."""
    n_components: int = 3
    family: str = "full"
    start: str = "kmeans++"
    start_seed: int = 1
    given: tuple[Parameters, ...] = ()
    """The mixture to start from, where a mean was dragged or points changed under way; else empty."""
    start_among: tuple[int, ...] = ()
    """How many of the points put in by hand, and how many of those taken out, there were when the start was
    drawn; empty for all there are. Points that come later leave the start where it is."""
    reg_covar: float = 0.0
    prior: bool = False
    """Whether a prior holds the shapes of all components near that of the data, where the family has one."""
    tolerance: float = 1e-6
    step_limit: int = 500
    """Iterations that a run may take."""
    stop_falling: bool = False
    """Whether a run ends where the likelihood falls, as it may with regularisation."""
    file: str = ""
    """The name of the uploaded file."""
    reading: Reading = field(default_factory=Reading)
    """What people corrected in the way the uploaded file is read."""
    label: str = ""
    """Column of an uploaded file that names the true classes; empty for none."""
    weight: str = ""
    """Column of an uploaded file that says how often each row counts; empty for none."""
    log_x: bool = False
    """Whether the logarithm of the column across is taken."""
    log_y: bool = False
    where: tuple[Question, ...] = ()
    """What a row of an uploaded file must fulfil to be used."""
    sample: int = 0
    """Rows drawn at random from an uploaded file; 0 for all."""
    families: tuple[str, ...] = FOUR
    """Those that the comparison shows side by side."""
    dial: bool = False
    """Whether the comparison shows the limit dial instead of the family."""
    turn: float = 0.0
    """Degrees, counterclockwise, that the points are turned by about their mean."""
    stretch: float = 1.0
    """What the upward axis is multiplied by, after the turn."""
    standardise: bool = False
    """Whether every column is divided by its standard deviation, before the turn."""
    hide: tuple[str, ...] = ()
    """What a teacher's link takes away, of HIDEABLE."""
    at: int = 0
    """The picture to open on, counted in half-steps."""
    view: View = field(default_factory=View)

    @property
    def is_generated(self) -> bool:
        """Whether "New data" means anything."""
        return self.data in GENERATORS

    def mixture(self) -> Mixture | None:
        """The given starting mixture, if there is one. Raises MixtureError if it is none."""
        if not self.given:
            return None
        table = np.array(self.given)
        covariances = table[:, [3, 4, 4, 5]].reshape(-1, 2, 2)
        return Mixture(table[:, 0] / table[:, 0].sum(), table[:, 1:3], covariances)


_PLAIN = Experiment()
_OF_A_FILE = (
    "file",
    "reading",
    "label",
    "weight",
    "log_x",
    "log_y",
    "where",
    "sample",
    "turn",
    "stretch",
    "standardise",
)


# What people do


def choose_data(experiment: Experiment, data: str) -> Experiment:
    """Other data, with the number of points and components and the family that suit them.

    What suits them would give away a truth that is hidden, so then every set begins alike; locked draws stay.
    """
    names = ["start", "reg_covar", "prior", "tolerance", "step_limit", "stop_falling", "hide", "view"]
    if "seed" in experiment.hide:
        names += ["data_seed", "start_seed"]
    kept = {name: getattr(experiment, name) for name in names}
    known = GENERATORS.get(data) or CLASSICS.get(data)
    if known is not None:
        n_points = GENERATORS[data].n_points if data in GENERATORS else Experiment.n_points
        suited = (known.n_components, known.family)
        n_components, family = (NEUTRAL_K, Experiment.family) if "truth" in experiment.hide else suited
        return Experiment(data, n_points, n_components=n_components, family=family, **kept)
    return Experiment(data, n_components=experiment.n_components, family=experiment.family, **kept)


def hiding(experiment: Experiment, names: tuple[str, ...], n_clusters: int) -> Experiment:
    """As a teacher's link shows it that hides `names`, of data with `n_clusters` true clusters: as many
    components to begin with would tell."""
    if "truth" in names and experiment.n_components == n_clusters:
        experiment = reset(replace(experiment, n_components=NEUTRAL_K))
    return replace(experiment, hide=tuple(name for name in HIDEABLE if name in names))


def new_data(experiment: Experiment) -> Experiment:
    """Another draw of the same kind of data, without the points changed by hand."""
    changed = replace(
        experiment, data_seed=(experiment.data_seed + 1) % (MOST_SEED + 1), added=(), removed=()
    )
    return draw_start(changed)


def new_start(experiment: Experiment) -> Experiment:
    """The same points from another start."""
    return draw_start(replace(experiment, start_seed=(experiment.start_seed + 1) % (MOST_SEED + 1)))


def draw_start(experiment: Experiment) -> Experiment:
    """Begun from a start drawn among all the points there are."""
    return reset(replace(experiment, start_among=()))


def reset(experiment: Experiment) -> Experiment:
    """The same points and the same start again, before any mean was dragged, at the first picture."""
    return replace(experiment, given=(), at=0)


def keep_start(experiment: Experiment) -> Experiment:
    """The start stays where it is, whatever points come or go by hand."""
    among = experiment.start_among or (len(experiment.added), len(experiment.removed))
    return replace(experiment, start_among=among)


def choose_components(experiment: Experiment, n_components: int) -> Experiment:
    """Another K, from a start of its own."""
    return draw_start(replace(experiment, n_components=n_components))


def choose_family(experiment: Experiment, family: str) -> Experiment:
    """Another family, from wherever means were put."""
    return replace(experiment, family=family, at=0)


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
    turned = replace(experiment, knobs=tuple(sorted(changed)), n_components=n_components)
    return draw_start(replace(turned, added=(), removed=()))


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
    plain = {name: getattr(_PLAIN, name) for name in ("knobs", "x", "y", "added", "removed", *_OF_A_FILE)}
    return draw_start(replace(experiment, data=DRAWN, **plain))


def _going_on(experiment: Experiment, mixture: Mixture | None) -> Experiment:
    # K may have changed while the mixture was on its way.
    fits = mixture is not None and mixture.n_components == experiment.n_components
    given = parameters(mixture) if mixture is not None and fits else experiment.given
    return replace(experiment, given=given, at=0)


def parameters(mixture: Mixture) -> tuple[Parameters, ...]:
    """A 2-D mixture as numbers that the address carries without loss."""
    covariances = mixture.covariances.reshape(-1, 4)[:, [0, 1, 3]]
    table = np.column_stack([mixture.weights, mixture.means, covariances])
    return tuple(tuple(float(value) for value in row) for row in table)


def is_place(value: Any) -> bool:
    """Whether `value` is a pair of numbers that may be a point."""
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_coordinate, value))


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
