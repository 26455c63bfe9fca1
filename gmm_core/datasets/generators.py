"""Labelled points made to order: named generators, each with a few honest knobs and an explicit `rng`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

from gmm_core.datasets import recipes
from gmm_core.datasets.classics import DatasetError, LabelledPoints
from gmm_core.points import quoted
from gmm_core.settings import Seed, as_generator, whole_number


@dataclass(frozen=True)
class Knob:
    """One number that a generator can be turned by."""

    name: str
    """The keyword of `generate`."""
    label: str
    """As a control would show it."""
    low: float
    high: float
    default: float
    step: float
    """A sensible distance between two settings; when it is an int, only whole numbers are allowed."""
    sentence: str
    """What turning it does, in plain words."""


@dataclass(frozen=True)
class Generator:
    """A recipe for labelled points, with the settings that suit it."""

    name: str
    """The key in GENERATORS."""
    title: str
    """As people say it."""
    sentence: str
    """What it shows, in plain words."""
    n_components: int
    """The K to begin with; a curved shape takes more components than it has clusters."""
    family: str
    """The covariance family to begin with, a key of FAMILIES."""
    n_points: int
    """How many points to draw when nobody says."""
    knobs: tuple[Knob, ...]
    draw: Callable[..., LabelledPoints]
    """draw(n_points, rng, **knobs), with every knob given; `generate` checks them and calls it."""
    is_gaussian: bool = True
    """Whether every cluster is a Gaussian, so that an ellipse says something of it."""
    yes: str = ""
    """The further column of two values that belongs to the points; empty for none."""


def generate(name: str, *, n_points: int | None = None, rng: Seed, **knobs: float) -> LabelledPoints:
    """`n_points` points drawn by the generator called `name`, a key of GENERATORS, in shuffled order.

    The same name, count, knobs and state of `rng` give the same points. Knobs left out take their
    defaults. Every cluster gets its exact share of the points, rounded, not a random one.

    Raises DatasetError (a ValueError) for an unknown name or knob, a knob out of range, or fewer than
    one point; PointsError for an `rng` that is neither a Generator nor a seed nor None; TypeError for a
    count or knob of the wrong kind.

    >>> generate("mouse", rng=0).label_names
    ('head', 'left ear', 'right ear')
    """
    if not isinstance(name, str) or name not in GENERATORS:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise DatasetError(f"There is no generator {quoted(name)}; choose one of {', '.join(GENERATORS)}.")
    generator = GENERATORS[name]
    count = _checked_count(generator.n_points if n_points is None else n_points)
    settings = _checked_knobs(generator, knobs)
    return generator.draw(count, as_generator(rng), **settings)


def _is_number(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _checked_count(n_points: Any) -> int:
    count = whole_number(n_points, "The number of points", TypeError)
    if count < 1:
        raise DatasetError(f"The number of points is {count}; it must be 1 or more.")
    return count


def _checked_knobs(generator: Generator, given: Mapping[str, Any]) -> dict[str, float]:
    known = {knob.name: knob for knob in generator.knobs}
    for name in given:
        if name not in known:
            cure = f"choose one of {', '.join(known)}" if known else "it has none, so leave it out"
            raise DatasetError(f"The generator {generator.name!r} has no knob {name!r}; {cure}.")
    return {name: _checked_setting(knob, given.get(name, knob.default)) for name, knob in known.items()}


def _checked_setting(knob: Knob, value: Any) -> float:
    whole = isinstance(knob.step, int)
    span = f"{knob.low:g} to {knob.high:g}"
    if not _is_number(value, Integral if whole else Real):
        kind = "a whole number" if whole else "a number"
        raise TypeError(f"The knob {knob.name!r} must be {kind}, not {quoted(value)}; give {span}.")
    # In this form NaN is refused as well.
    if not knob.low <= value <= knob.high:
        raise DatasetError(f"The knob {knob.name!r} is {value}; it must be in the range {span}.")
    return int(value) if whole else float(value)


_GENERATORS = {
    generator.name: generator
    for generator in (
        Generator(
            "elongated",
            "Elongated clusters",
            "Three long, tilted clusters that overlap: ellipses follow them, K-Means cuts across.",
            n_components=3,
            family="full",
            n_points=500,
            knobs=(
                Knob("stretch", "Stretch", 1.0, 10.0, 5.5, 0.5, "Length over width; 1 is round."),
                Knob("separation", "Separation", 2.0, 10.0, 6.0, 0.5, "How many widths apart they lie."),
                Knob("tilt", "Tilt", -90, 90, 35, 5, "Turns the whole picture, in degrees."),
            ),
            draw=recipes.elongated,
        ),
        Generator(
            "blobs",
            "Round blobs",
            "Round clusters of one size: the easy case, on which K-Means and a mixture agree.",
            n_components=4,
            family="spherical",
            n_points=500,
            knobs=(
                Knob("clusters", "Clusters", 1, 12, 4, 1, "How many there truly are."),
                Knob(
                    "separation",
                    "Separation",
                    2.0,
                    12.0,
                    6.0,
                    0.5,
                    "Widths between the nearest two.",
                ),
            ),
            draw=recipes.blobs,
        ),
        Generator(
            "unequal_sizes",
            "Unequal sizes",
            "Three round clusters, one tight and one wide: K-Means gives part of the wide one away.",
            n_components=3,
            family="spherical",
            n_points=500,
            knobs=(Knob("ratio", "Size ratio", 1.0, 12.0, 6.0, 0.5, "Widest cluster over tightest."),),
            draw=recipes.unequal_sizes,
        ),
        Generator(
            "unequal_weights",
            "Unequal weights",
            "One crowd and two small groups: K-Means splits the crowd, a mixture keeps it whole.",
            n_components=3,
            family="spherical",
            n_points=500,
            knobs=(Knob("ratio", "Weight ratio", 1, 50, 30, 1, "Points in the crowd over the fewest."),),
            draw=recipes.unequal_weights,
        ),
        Generator(
            "mouse",
            "Mouse",
            "A big head and two small ears: K-Means lets the ears bite into it, a mixture does not.",
            n_components=3,
            family="spherical",
            n_points=500,
            knobs=(),
            draw=recipes.mouse,
        ),
        Generator(
            "moons",
            "Moons",
            "Two crescents: an ellipse cannot bend, so a mixture needs several for each.",
            n_components=6,
            family="full",
            n_points=500,
            knobs=(Knob("noise", "Noise", 0.0, 1.5, 0.3, 0.05, "How thick the crescents are."),),
            draw=recipes.moons,
            is_gaussian=False,
        ),
        Generator(
            "rings",
            "Rings",
            "One ring inside another: many ellipses can trace them, but a component is no cluster.",
            n_components=10,
            family="full",
            n_points=600,
            knobs=(Knob("noise", "Noise", 0.0, 1.5, 0.25, 0.05, "How thick the rings are."),),
            draw=recipes.rings,
            is_gaussian=False,
        ),
        Generator(
            "spiral",
            "Spiral",
            "Arms that wind around each other: a mixture lays ellipses along them like stepping stones.",
            n_components=10,
            family="full",
            n_points=800,
            knobs=(
                Knob("arms", "Arms", 1, 4, 2, 1, "How many wind out from the middle."),
                Knob("turns", "Turns", 0.25, 3.0, 1.0, 0.25, "How often each arm goes round."),
                Knob("noise", "Noise", 0.0, 1.0, 0.2, 0.05, "How thick the arms are."),
            ),
            draw=recipes.spiral,
            is_gaussian=False,
        ),
        Generator(
            "noise",
            "Clusters in noise",
            "Clusters, and points scattered over everything: one wide component can take the noise.",
            n_components=3,
            family="full",
            n_points=500,
            knobs=(
                Knob("fraction", "Noise share", 0.0, 0.9, 0.2, 0.05, "Share of points in no cluster."),
                Knob("clusters", "Clusters", 1, 5, 2, 1, "How many there truly are."),
            ),
            draw=recipes.noise,
        ),
        Generator(
            "answers",
            "Points with an answer",
            "Two clusters that overlap, of which one mostly answers yes and the other no: the places do not "
            "part them, the answer does.",
            n_components=3,
            family="full",
            n_points=500,
            knobs=(
                Knob("separation", "Separation", 0.0, 6.0, 1.5, 0.5, "How many widths the two lie apart."),
                Knob("certainty", "Certainty", 0.5, 1.0, 0.95, 0.05, "How often each gives its own answer."),
            ),
            draw=recipes.answers,
            yes="answer",
        ),
        Generator(
            "uniform",
            "No clusters at all",
            "Points spread evenly over a square: a mixture finds as many components as you ask for.",
            n_components=3,
            family="full",
            n_points=500,
            knobs=(),
            draw=recipes.uniform,
            is_gaussian=False,
        ),
    )
}

GENERATORS: Mapping[str, Generator] = MappingProxyType(_GENERATORS)
"""In the order in which they are offered."""
