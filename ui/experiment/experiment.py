"""Experiment: one frozen value that holds every choice of what is shown. Its fields are THE table of choices.

A new choice is one field here, with its row, and one widget. Its address, what it resets, what a cached
outcome depends on, the session file and what a teacher's link locks follow from the row.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np

from gmm_core import ALGORITHMS, FAMILIES, STARTS, Mixture
from gmm_core.background import FIRST_AMOUNT
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from gmm_core.em.annealing import FIRST_TEMPERATURE
from gmm_core.variational.prior import WEIGHT_PRIORS
from ui.experiment.choice import PLACED, Choice, Scope, choice, names_in, rows_of
from ui.experiment.text import (
    MOST_ROWS,
    any_text,
    indices,
    model_of,
    names,
    number,
    one_of,
    questions,
    reading,
    rows,
    several,
    switch,
    whole,
    written,
)
from ui.experiment.view import MOST_COMPONENTS, MOST_FITTED
from ui.uploads.table import Reading

NO_COLUMN = "none"
"""The column upwards of points that lie on a line."""

DRAWN = "draw"
UPLOADED = "upload"

MOST_POINTS = 1_000_000
FEWEST_SHAPED, MOST_SHAPED = 10, 5_000
MOST_STEPS = 5000
# The largest whole number that a browser keeps exactly.
MOST_SEED = 2**53 - 1

# What everybody meets first; the other families are one switch away.
FOUR = ("full", "tied", "diag", "spherical")

ON_A_LINE = {"full": "Each its own width", "tied": "All one width"}
"""On a line components differ in their width or do not: all families come down to these two."""


def on_a_line(family: str) -> str:
    """Which of ON_A_LINE a key of FAMILIES comes down to."""
    return "full" if FAMILIES[family].letters[0] == "V" else "tied"


MIXTURE_ALGORITHMS = tuple(name for name in ALGORITHMS if name != "kmeans")
"""Keys of ALGORITHMS whose states are mixtures."""

HOTTEST = 20.0
"""The highest temperature that annealing begins at."""

STRONGEST = 100.0
"""How many times as much as usual a prior may be worth."""

CONCENTRATIONS = 1e-10, 1e3
"""The least and the greatest."""

HIDEABLE = ("controls", "seed", "truth")
"""What a teacher's link can take away: the sidebar, other draws, the true labels."""

PARTS = ("which", "luck", "bayes", "sure", "shape", "labels", "rows")
"""The questions of the page where a model is chosen."""

CRITERIA = ("bic", "aic", "icl", "held_out", "entropy")
"""By which fits are judged."""

CHARTS = ("lines", "map")
"""How the criterion of every fit is drawn."""

OWN_SHAPE = "own"
SHAPES = ("moons", "rings", "spiral", OWN_SHAPE)
"""Keys of GENERATORS whose shape is approached by more and more components, and the data's own shape."""

SHOWN_OF_SHAPE = ("density", "sample")
"""What each approximation of a shape is shown by."""

Place = tuple[float, ...]
"""D coordinates."""

Question = tuple[str, str, str]
"""A column, an operator and a value."""

Parameters = tuple[float, ...]
"""One component: weight, the D coordinates of its mean, the D (D + 1) / 2 covariances, in the plane xx, xy,
yy, and the probability of yes where there is a yes/no column."""

# By the numbers of a component without a yes/no column its D: 3, 6, 10, ..., of which no two are neighbours.
_LENGTHS = {1 + d + d * (d + 1) // 2: d for d in range(1, MOST_FITTED + 1)}
_WIDTHS = sorted(length + more for length in _LENGTHS for more in (0, 1))

_STARTS = tuple(name for name in STARTS if STARTS[name].needs is None)
_DATA, _START, _MODEL = Scope.DATA, Scope.START, Scope.MODEL


@dataclass(frozen=True)
class Experiment:
    """Every choice. Equal experiments on equal uploads give equal pictures."""

    data: str = choice(
        "elongated", _DATA, "data", one_of(*GENERATORS, *CLASSICS, DRAWN, UPLOADED), title="Data set"
    )
    """A key of GENERATORS or CLASSICS, or DRAWN or UPLOADED."""
    n_points: int = choice(500, _DATA, "n", whole(1, MOST_POINTS), title="Points")
    data_seed: int = choice(1, _DATA, "seed", whole(0, MOST_SEED), hidden_by="seed", title="Seed of the data")
    knobs: tuple[tuple[str, float], ...] = choice((), _DATA, hidden_by="truth")
    """(name, setting) of the generator's knobs that are not at their defaults, each under its own name in the
    address."""
    x: str = choice("", _DATA, "x", any_text(), title="Across")
    """Column across; empty for the first that suits."""
    y: str = choice("", _DATA, "y", any_text(), title="Upwards")
    """Column upwards; empty for the first that suits, NO_COLUMN for points on a line."""
    added: tuple[Place, ...] = choice((), _DATA, "add", rows(1, 2), resets=())
    """Points put in by hand, after those of the data."""
    removed: tuple[int, ...] = choice((), _DATA, "drop", indices(10 * MOST_POINTS), resets=())
    """Indices of the points taken out, counted among data and added points as they were then."""
    n_components: int = choice(
        3, _MODEL, "k", whole(1, MOST_COMPONENTS), resets=("start_among", *PLACED), title="Components K"
    )
    family: str = choice("full", _MODEL, "family", one_of(*FAMILIES), title="Covariance family")
    algorithm: str = choice(
        "em", _MODEL, "algorithm", one_of(*MIXTURE_ALGORITHMS), stays=True, title="Algorithm"
    )
    """A key of ALGORITHMS."""
    noise: bool = choice(
        False,
        _MODEL,
        "noise",
        switch(),
        stays=True,
        title="Background noise",
        help="One more component, spread evenly over all of the data, takes the points that no ellipse "
        "explains.",
    )
    equal: bool = choice(
        False,
        _MODEL,
        "equal",
        switch(),
        stays=True,
        title="Equal weights",
        help="Every component stands for as many points as every other, whatever it holds: one step on the "
        "way to K-Means.",
    )
    temperature: float = choice(
        FIRST_TEMPERATURE,
        _MODEL,
        "temperature",
        number(1, HOTTEST),
        stays=True,
        title="First temperature",
        help="At 1 shares are EM's. The higher, the more alike are the shares of all components, and the "
        "less the start matters; much too high, and the ellipses melt into one for good.",
    )
    """That annealing begins at."""
    process: str = choice(
        WEIGHT_PRIORS[0], _MODEL, "process", one_of(*WEIGHT_PRIORS), stays=True, title="Prior of the weights"
    )
    """One of WEIGHT_PRIORS: what a variational mixture believes of the weights."""
    concentration: float = choice(
        1e-3,
        _MODEL,
        "alpha",
        number(*CONCENTRATIONS),
        stays=True,
        title="Concentration",
        help="The points that every weight is worth before any is seen. Far below 1 a component that is not "
        "needed loses all; far above, all are kept.",
    )
    """Of the prior of a variational mixture's weights."""
    start: str = choice("kmeans++", _START, "start", one_of(*_STARTS), stays=True, title="Start from")
    start_seed: int = choice(
        1, _START, "start_seed", whole(0, MOST_SEED), hidden_by="seed", title="Seed of the start"
    )
    start_among: tuple[int, ...] = choice(
        (), _DATA, "start_among", indices(10 * MOST_POINTS, n_values=2), resets=()
    )
    """How many of the points put in by hand, and how many of those taken out, there were when the start was
    drawn; empty for all there are. Points that come later leave the start where it is."""
    start_mixture: tuple[Parameters, ...] = choice((), _START, "from", rows(*_WIDTHS), resets=())
    """The mixture to start from, where a mean was dragged or points changed under way; else empty."""
    reg_covar: float = choice(
        0.0,
        _MODEL,
        "reg",
        number(0, 1e100),
        stays=True,
        title="Regularisation (`reg_covar`)",
        help="Added to every variance after each M-step, so that no ellipse becomes thinner than its "
        "square root. The likelihood is then no longer the only aim, and may fall.",
    )
    prior: bool = choice(
        False,
        _MODEL,
        "prior",
        switch(),
        stays=True,
        title="Prior on the shapes",
        help="As if every component had held a few points with the spread of the data, so that none shrinks "
        "to nothing (Fraley & Raftery 2007).",
    )
    """Whether a prior holds the shapes of all components near that of the data, where the family has one."""
    strength: float = choice(
        1.0,
        _MODEL,
        "strength",
        number(1, STRONGEST),
        stays=True,
        title="Strength of the prior",
        help="At 1 every component is worth 8 points more, which are spread like all of the data.",
    )
    """How many times as much as usual the prior is worth."""
    tolerance: float = choice(
        1e-6,
        _MODEL,
        "tol",
        number(0, 1e6),
        stays=True,
        title="Tolerance",
        help="EM stops when a step gains no more than this log-likelihood per point.",
    )
    step_limit: int = choice(500, _MODEL, "steps", whole(1, MOST_STEPS), stays=True, title="Most iterations")
    """Iterations that a run may take."""
    stop_falling: bool = choice(
        False,
        _MODEL,
        "stop_falling",
        switch(),
        stays=True,
        title="Stop where the likelihood falls",
        help="It may fall with regularisation, which serves another aim; EM goes on unless this is on.",
    )
    """Whether a run ends where the likelihood falls, as it may with regularisation."""
    file: str = choice("", _DATA, "file", any_text())
    """The name of the uploaded file."""
    reading: Reading = choice(Reading(), _DATA, "reading", reading())
    """What people corrected in the way the uploaded file is read."""
    label: str = choice("", _DATA, "label", any_text(), hidden_by="truth", title="True classes (optional)")
    """Column of an uploaded file that names the true classes; empty for none."""
    weight: str = choice("", _DATA, "weight", any_text(), title="Weight of a row (optional)")
    """Column of an uploaded file that says how often each row counts; empty for none."""
    yes: str = choice(
        "",
        _DATA,
        "yes",
        any_text(),
        resets=("removed", "start_among", *PLACED),
        title="Yes/no column (optional)",
        help="A column of two values that has a say as well: each component is then an ellipse times the "
        "probability of a yes. Points are filled where it says yes, and hollow where it says no.",
    )
    """Column of two values that is fitted beside x and y; empty for none."""
    log_x: bool = choice(False, _DATA, "log_x", switch(), title="Logarithm across")
    log_y: bool = choice(False, _DATA, "log_y", switch(), title="Logarithm upwards")
    where: tuple[Question, ...] = choice((), _DATA, "where", questions())
    """What a row of an uploaded file must fulfil to be used."""
    sample: int = choice(0, _DATA, "sample", whole(1, MOST_ROWS), title="Rows to use")
    """Rows drawn at random from an uploaded file; 0 for all."""
    families: tuple[str, ...] = choice(
        FOUR,
        Scope.PAGE,
        "families",
        several(FAMILIES),
        title="Families",
        help="Three letters say what components share: size, elongation and tilt. "
        "E: equal for all; V: each its own; I: none.",
    )
    """Those that the comparison shows side by side."""
    dial: bool = choice(
        False,
        Scope.COMPARISON,
        "dial",
        switch(),
        title="Limit dial",
        help="A mixture of equal weights and circles of one size: make them smaller until it is K-Means.",
    )
    """Whether the comparison shows the limit dial instead of the family."""
    turn: float = choice(0.0, _DATA, "turn", number(-180, 180), title="Turn the points (degrees)")
    """Degrees, counterclockwise, that the points are turned by about their mean."""
    stretch: float = choice(1.0, _DATA, "stretch_y", number(1e-3, 1e3), title="Stretch the upward axis")
    """What the upward axis is multiplied by, after the turn."""
    standardise: bool = choice(
        False,
        _DATA,
        "standardise",
        switch(),
        title="Standardise the columns",
        help="Divides each by its standard deviation.",
    )
    """Whether every column is divided by its standard deviation, before the turn."""
    hide: tuple[str, ...] = choice((), _DATA, "hide", several(HIDEABLE), stays=True)
    """What a teacher's link takes away, of HIDEABLE."""
    more: tuple[str, ...] = choice(
        (),
        _DATA,
        "more",
        names(MOST_FITTED - 2),
        title="More columns",
        help="Columns that are fitted as well: each component is then an ellipsoid in all of them. The "
        "picture shows two at a time, and any pair is a click away.",
    )
    """Columns that are fitted beside x and y, in whatever order; the picture shows x and y."""
    part: str = choice(PARTS[0], Scope.PAGE, "part", one_of(*PARTS), stays=True, title="Question")
    """Which question about the choice of a model is asked, of PARTS."""
    among: tuple[str, ...] = choice(
        FOUR,
        Scope.PAGE,
        "among",
        several(FAMILIES),
        stays=True,
        title="Families to try",
        help="Three letters say what components share: size, elongation and tilt. "
        "E: equal for all; V: each its own; I: none.",
    )
    """Families among which one is chosen."""
    most: int = choice(9, Scope.PAGE, "most", whole(1, MOST_COMPONENTS), stays=True, title="Up to K")
    """The largest number of components that is tried."""
    criterion: str = choice("bic", Scope.PAGE, "by", one_of(*CRITERIA), stays=True, title="Judge by")
    """Of CRITERIA."""
    chart: str = choice("lines", Scope.PAGE, "chart", one_of(*CHARTS), stays=True, title="Drawn as")
    """Of CHARTS."""
    picked: tuple[str, int] | tuple[()] = choice((), Scope.PAGE, "fit", model_of(FAMILIES, MOST_COMPONENTS))
    """Family and K of the fit that stands beside the chosen one; empty for none."""
    merged: int = choice(0, Scope.PAGE, "merged", whole(0, MOST_COMPONENTS), title="Clusters")
    """Into how many clusters the chosen fit's components are merged; 0 for what is suggested."""

    shape: str = choice(SHAPES[0], Scope.PAGE, "shape", one_of(*SHAPES), stays=True, title="Shape")
    """Of SHAPES."""
    shape_points: int = choice(
        300,
        Scope.PAGE,
        "shape_n",
        whole(FEWEST_SHAPED, MOST_SHAPED),
        stays=True,
        title="Points to learn from",
    )
    """Drawn from a generator's shape."""
    shape_shown: str = choice(
        SHOWN_OF_SHAPE[0], Scope.PAGE, "shape_as", one_of(*SHOWN_OF_SHAPE), stays=True, title="Show"
    )
    """Of SHOWN_OF_SHAPE."""

    @property
    def is_generated(self) -> bool:
        """Whether "New data" means anything."""
        return self.data in GENERATORS

    def mixture(self) -> Mixture | None:
        """The given starting mixture, if there is one, without noise. Raises MixtureError if it is none."""
        if not self.start_mixture:
            return None
        table = np.array(self.start_mixture)
        weights = table[:, 0] / table[:, 0].sum()
        # With a yes/no column there is one number more.
        length = next(n for n in (table.shape[1], table.shape[1] - 1) if n in _LENGTHS)
        n_dimensions = _LENGTHS[length]
        means, upper = np.split(table[:, 1:length], [n_dimensions], axis=1)
        covariances = symmetric(upper, n_dimensions)
        return Mixture(weights, means, covariances, probabilities=table[:, length:])

    @property
    def first_noise(self) -> float:
        """The weight of the noise to begin with: what a given start has left for it, or the usual one."""
        left = 1.0 - sum(row[0] for row in self.start_mixture)
        return left if self.start_mixture and 0 < left < 1 else FIRST_AMOUNT


CHOICES: Mapping[str, Choice] = rows_of(Experiment)
"""The table, by name, in the order of an address."""


def choices_in(*scopes: Scope) -> tuple[str, ...]:
    """The names of the choices that decide one of these."""
    return names_in(CHOICES.values(), *scopes)


def key_of(experiment: Experiment, *scopes: Scope) -> tuple[Any, ...]:
    """What an outcome that depends on these scopes alone depends on: equal where the choices are."""
    return tuple(getattr(experiment, name) for name in choices_in(*scopes))


def digest_of(experiment: Experiment, names: Iterable[str], *more: str) -> str:
    """Of these choices and of `more`, as a short text: another where a value is another, however it was
    written, and the same in every process."""
    texts = [*more]
    for row in (CHOICES[name] for name in names):
        value = getattr(experiment, row.name)
        texts += [row.text.write(value)] if row.text else [f"{knob}={written(at)}" for knob, at in value]
    return sha256("\n".join(texts).encode("utf-8", "replace")).hexdigest()[:16]


def with_choices_of(experiment: Experiment, other: Experiment, *scopes: Scope) -> Experiment:
    """The experiment with the choices of another one in these scopes."""
    return replace(experiment, **{name: getattr(other, name) for name in choices_in(*scopes)})


def only(experiment: Experiment, *scopes: Scope) -> Experiment:
    """The experiment as far as it depends on these scopes, all else at its default."""
    return with_choices_of(Experiment(), experiment, *scopes)


def symmetric(upper: np.ndarray, n_dimensions: int) -> np.ndarray:
    """Matrices (K, D, D) of the entries (K, D (D + 1) / 2) on and above their diagonals, row by row."""
    matrices = np.empty((len(upper), n_dimensions, n_dimensions))
    i, j = np.triu_indices(n_dimensions)
    matrices[:, i, j] = matrices[:, j, i] = upper
    return matrices


def parameters(mixture: Mixture) -> tuple[Parameters, ...]:
    """A mixture of up to MOST_FITTED dimensions, and one binary column at most, as numbers that the address
    carries without loss."""
    covariances = mixture.covariances[:, *np.triu_indices(mixture.n_dimensions)]
    table = np.column_stack([mixture.weights, mixture.means, covariances, mixture.probabilities])
    return tuple(tuple(float(value) for value in row) for row in table)
