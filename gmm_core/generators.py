"""Labelled points made to order: named generators, each with a few honest knobs and an explicit `rng`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any

import numpy as np

from gmm_core.datasets import BACKGROUND, DatasetError, LabelledPoints, Labels
from gmm_core.points import Array

HALF_WIDTH = 6.0
"""Generators fill about the square from -6 to 6; only the mouse keeps its published unit square."""


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


def generate(
    name: str, *, n_points: int | None = None, rng: np.random.Generator, **knobs: float
) -> LabelledPoints:
    """`n_points` points drawn by the generator called `name`, a key of GENERATORS, in shuffled order.

    The same name, count, knobs and state of `rng` give the same points. Knobs left out take their
    defaults. Every cluster gets its exact share of the points, rounded, not a random one.

    Raises DatasetError (a ValueError) for an unknown name or knob, a knob out of range, or fewer than
    one point; TypeError for a value of the wrong kind.

    >>> generate("mouse", rng=np.random.default_rng(0)).label_names
    ('head', 'left ear', 'right ear')
    """
    if name not in GENERATORS:
        raise DatasetError(f"There is no generator {name!r}; choose one of {', '.join(GENERATORS)}.")
    generator = GENERATORS[name]
    count = _checked_count(generator.n_points if n_points is None else n_points)
    settings = _checked_knobs(generator, knobs)
    return generator.draw(count, _checked_rng(rng), **settings)


def _is_number(value: Any, kind: type) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


def _checked_count(n_points: Any) -> int:
    if not _is_number(n_points, Integral):
        raise TypeError(f"The number of points must be a whole number, not {n_points!r}; give 1 or more.")
    if n_points < 1:
        raise DatasetError(f"The number of points is {n_points}; it must be 1 or more.")
    return int(n_points)


def _checked_rng(rng: Any) -> np.random.Generator:
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, not {rng!r}; give numpy.random.default_rng(1)."
        )
    return rng


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
        raise TypeError(f"The knob {knob.name!r} must be {kind}, not {value!r}; give {span}.")
    # Written so that NaN is turned away as well.
    if not knob.low <= value <= knob.high:
        raise DatasetError(f"The knob {knob.name!r} is {value}; it must be in the range {span}.")
    return int(value) if whole else float(value)


# --- what the generators share


def _shuffled_labels(n_points: int, shares: Any, rng: np.random.Generator) -> Labels:
    """Labels (N,) in random order, their counts as near to the `shares` (K,) as whole numbers can be."""
    quotas = n_points * np.asarray(shares, dtype=np.float64) / np.sum(shares)
    counts = np.floor(quotas).astype(np.int64)
    most_owed = np.argsort(counts - quotas, kind="stable")
    counts[most_owed[: n_points - counts.sum()]] += 1
    # Shuffled, so that no cluster is always painted over the others.
    return rng.permutation(np.repeat(np.arange(len(counts)), counts))


def _ellipses(
    labels: Labels, means: Any, lengths: Any, widths: Any, degrees: Any, rng: np.random.Generator
) -> Array:
    """A Gaussian draw (N, 2) for each label; deviations are `lengths` along `degrees`, `widths` across."""
    means, lengths, widths, angles = map(np.asarray, (means, lengths, widths, np.radians(degrees)))
    along, across = rng.standard_normal((2, len(labels)))
    along *= lengths[labels]
    across *= widths[labels]
    cosines, sines = np.cos(angles)[labels], np.sin(angles)[labels]
    offsets = [cosines * along - sines * across, sines * along + cosines * across]
    return means[labels] + np.column_stack(offsets)


def _circles(labels: Labels, means: Any, deviations: Any, rng: np.random.Generator) -> Array:
    """A round Gaussian draw (N, 2) for each label."""
    offsets = np.asarray(deviations)[labels, None] * rng.standard_normal((len(labels), 2))
    return np.asarray(means)[labels] + offsets


def _directions(degrees: Any) -> Array:
    """Unit vectors (..., 2)."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def _numbered(word: str, count: int) -> tuple[str, ...]:
    return tuple(f"{word} {number + 1}" for number in range(count))


# --- the generators


def _elongated(
    n_points: int, rng: np.random.Generator, *, stretch: float, separation: float, tilt: float
) -> LabelledPoints:
    width = 0.36
    length = width * stretch
    side = np.array([-1.0, 0.0, 1.0])
    # Spread like a hand: three directions, and the middle one pulled back, where the others draw near.
    fan = 14.0 * side
    along = length * np.array([0.25, -0.5, 0.25])
    across = width * separation * side
    means = along[:, None] * _directions(tilt) + across[:, None] * _directions(tilt + 90)
    labels = _shuffled_labels(n_points, np.ones(3), rng)
    points = _ellipses(labels, means, np.full(3, length), np.full(3, width), tilt + fan, rng)
    return LabelledPoints(points, labels, _numbered("cluster", 3))


def _blobs(n_points: int, rng: np.random.Generator, *, clusters: int, separation: float) -> LabelledPoints:
    means, nearest = _scattered_means(clusters, rng)
    labels = _shuffled_labels(n_points, np.ones(clusters), rng)
    points = _circles(labels, means, np.full(clusters, nearest / separation), rng)
    return LabelledPoints(points, labels, _numbered("cluster", clusters))


def _scattered_means(clusters: int, rng: np.random.Generator) -> tuple[Array, float]:
    """Means (K, 2) at random but not in a heap, and the smallest distance between two of them.

    Each is the one of 20 candidates that lies farthest from those before (Mitchell, 1991).
    """
    reach = 0.75 * HALF_WIDTH
    means = rng.uniform(-reach, reach, (1, 2))
    gaps: list[float] = []
    for _ in range(clusters - 1):
        candidates = rng.uniform(-reach, reach, (20, 2))
        distances = np.linalg.norm(candidates[:, None] - means, axis=2).min(axis=1)
        means = np.vstack([means, candidates[distances.argmax()]])
        gaps.append(float(distances.max()))
    # A lone cluster is as wide as one whose neighbour stands at the rim.
    return means, min(gaps, default=HALF_WIDTH)


def _unequal_sizes(n_points: int, rng: np.random.Generator, *, ratio: float) -> LabelledPoints:
    widest = 2.0
    deviations = widest / ratio ** np.array([1.0, 0.5, 0.0])
    labels = _shuffled_labels(n_points, np.ones(3), rng)
    points = _circles(labels, [[-3.6, -1.6], [-2.4, 2.8], [1.4, 0.0]], deviations, rng)
    return LabelledPoints(points, labels, ("small", "medium", "large"))


def _unequal_weights(n_points: int, rng: np.random.Generator, *, ratio: int) -> LabelledPoints:
    labels = _shuffled_labels(n_points, float(ratio) ** np.array([1.0, 0.5, 0.0]), rng)
    points = _circles(labels, [[0.0, 0.0], [3.6, 1.2], [-3.4, -2.0]], np.full(3, 0.9), rng)
    return LabelledPoints(points, labels, ("many points", "some points", "few points"))


def _mouse(n_points: int, rng: np.random.Generator) -> LabelledPoints:
    labels = _shuffled_labels(n_points, [290, 100, 100, 10], rng)
    # The fourth is the background, whose Gaussian draw is thrown away.
    means = [[0.5, 0.5], [0.25, 0.75], [0.75, 0.75], [0.5, 0.5]]
    gaussian = _circles(labels, means, [0.2, 0.05, 0.05, 0.0], rng)
    background = labels == 3
    points = np.where(background[:, None], rng.uniform(size=(n_points, 2)), gaussian).clip(0.0, 1.0)
    return LabelledPoints(points, np.where(background, BACKGROUND, labels), ("head", "left ear", "right ear"))


def _moons(n_points: int, rng: np.random.Generator, *, noise: float) -> LabelledPoints:
    labels = _shuffled_labels(n_points, np.ones(2), rng)
    upper = np.where(labels == 0, 1.0, -1.0)
    arcs = _directions(rng.uniform(0.0, 180.0, n_points)) - np.array([0.5, 0.25])
    points = 3.6 * upper[:, None] * arcs + noise * rng.standard_normal((n_points, 2))
    return LabelledPoints(points, labels, ("upper moon", "lower moon"))


def _rings(n_points: int, rng: np.random.Generator, *, noise: float) -> LabelledPoints:
    radii = np.array([2.0, 5.0])
    # Shares by circumference, so that both rings are equally dense.
    labels = _shuffled_labels(n_points, radii, rng)
    circles = radii[labels, None] * _directions(rng.uniform(0.0, 360.0, n_points))
    points = circles + noise * rng.standard_normal((n_points, 2))
    return LabelledPoints(points, labels, ("inner ring", "outer ring"))


def _spiral(
    n_points: int, rng: np.random.Generator, *, arms: int, turns: float, noise: float
) -> LabelledPoints:
    labels = _shuffled_labels(n_points, np.ones(arms), rng)
    # The arc length of an Archimedean spiral grows about as the square of its radius.
    outwards = np.sqrt(rng.uniform(0.01, 1.0, n_points))
    curves = 5.5 * outwards[:, None] * _directions(360.0 * (turns * outwards + labels / arms))
    points = curves + noise * rng.standard_normal((n_points, 2))
    return LabelledPoints(points, labels, _numbered("arm", arms))


def _noise(n_points: int, rng: np.random.Generator, *, fraction: float, clusters: int) -> LabelledPoints:
    shares = np.append(np.full(clusters, (1.0 - fraction) / clusters), fraction)
    labels = _shuffled_labels(n_points, shares, rng)
    around = 20.0 + 360.0 * np.arange(clusters) / clusters
    means = (3.0 if clusters > 1 else 0.0) * _directions(around)
    # The last is the background, whose Gaussian draw is thrown away.
    lengths, widths = np.full(clusters + 1, 1.0), np.full(clusters + 1, 0.45)
    degrees = np.append(around + 60.0, 0.0)
    gaussian = _ellipses(labels, np.vstack([means, np.zeros(2)]), lengths, widths, degrees, rng)
    background = labels == clusters
    points = np.where(background[:, None], rng.uniform(-HALF_WIDTH, HALF_WIDTH, (n_points, 2)), gaussian)
    return LabelledPoints(points, np.where(background, BACKGROUND, labels), _numbered("cluster", clusters))


def _uniform(n_points: int, rng: np.random.Generator) -> LabelledPoints:
    points = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (n_points, 2))
    return LabelledPoints(points, np.zeros(n_points, dtype=np.int64), ("no clusters",))


# --- the registry, in the order in which they are offered

GENERATORS: Mapping[str, Generator] = MappingProxyType(
    {
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
                draw=_elongated,
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
                draw=_blobs,
            ),
            Generator(
                "unequal_sizes",
                "Unequal sizes",
                "Three round clusters, one tight and one wide: K-Means gives part of the wide one away.",
                n_components=3,
                family="spherical",
                n_points=500,
                knobs=(Knob("ratio", "Size ratio", 1.0, 12.0, 6.0, 0.5, "Widest cluster over tightest."),),
                draw=_unequal_sizes,
            ),
            Generator(
                "unequal_weights",
                "Unequal weights",
                "One crowd and two small groups: K-Means splits the crowd, a mixture keeps it whole.",
                n_components=3,
                family="spherical",
                n_points=500,
                knobs=(Knob("ratio", "Weight ratio", 1, 50, 30, 1, "Points in the crowd over the fewest."),),
                draw=_unequal_weights,
            ),
            Generator(
                "mouse",
                "Mouse",
                "A big head and two small ears: K-Means lets the ears bite into it, a mixture does not.",
                n_components=3,
                family="spherical",
                n_points=500,
                knobs=(),
                draw=_mouse,
            ),
            Generator(
                "moons",
                "Moons",
                "Two crescents: an ellipse cannot bend, so a mixture needs several for each.",
                n_components=6,
                family="full",
                n_points=500,
                knobs=(Knob("noise", "Noise", 0.0, 1.5, 0.3, 0.05, "How thick the crescents are."),),
                draw=_moons,
            ),
            Generator(
                "rings",
                "Rings",
                "One ring inside another: many ellipses can trace them, but a component is no cluster.",
                n_components=10,
                family="full",
                n_points=600,
                knobs=(Knob("noise", "Noise", 0.0, 1.5, 0.25, 0.05, "How thick the rings are."),),
                draw=_rings,
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
                draw=_spiral,
            ),
            Generator(
                "noise",
                "Clusters in noise",
                "Clusters with points strewn over everything: one wide component can take the noise.",
                n_components=3,
                family="full",
                n_points=500,
                knobs=(
                    Knob("fraction", "Noise share", 0.0, 0.9, 0.2, 0.05, "Share of points in no cluster."),
                    Knob("clusters", "Clusters", 1, 5, 2, 1, "How many there truly are."),
                ),
                draw=_noise,
            ),
            Generator(
                "uniform",
                "No clusters at all",
                "Points spread evenly over a square: a mixture finds as many components as you ask for.",
                n_components=3,
                family="full",
                n_points=500,
                knobs=(),
                draw=_uniform,
            ),
        )
    }
)
