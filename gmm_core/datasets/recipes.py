"""How the points of every generator are drawn: n_points and knobs already checked.

The cluster of each point goes with it, and every cluster has its exact share of the points, rounded.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.datasets.classics import BACKGROUND, LabelledPoints, Labels
from gmm_core.points import Array

HALF_WIDTH = 6.0
"""Generators fill about the square from -6 to 6; only the mouse keeps its published unit square."""


def _shuffled_labels(n_points: int, shares: Any, rng: np.random.Generator) -> Labels:
    """Labels (N,) in random order, their counts as near to the `shares` (K,) as whole numbers can be."""
    quotas = n_points * np.asarray(shares, dtype=np.float64) / np.sum(shares)
    counts = np.floor(quotas).astype(np.int64)
    most_owed = np.argsort(counts - quotas, kind="stable")
    counts[most_owed[: n_points - counts.sum()]] += 1
    # Shuffled, so that no cluster is always painted over the others.
    return rng.permutation(np.repeat(np.arange(len(counts)), counts))


def _ellipses(
    labels: Labels, means: ArrayLike, lengths: Any, widths: Any, degrees: Any, rng: np.random.Generator
) -> Array:
    """A Gaussian draw (N, 2) for each label; deviations are `lengths` along `degrees`, `widths` across."""
    means, lengths, widths, angles = map(np.asarray, (means, lengths, widths, np.radians(degrees)))
    along, across = rng.standard_normal((2, len(labels)))
    along *= lengths[labels]
    across *= widths[labels]
    cosines, sines = np.cos(angles)[labels], np.sin(angles)[labels]
    offsets = [cosines * along - sines * across, sines * along + cosines * across]
    return means[labels] + np.column_stack(offsets)


def _circles(labels: Labels, means: ArrayLike, deviations: Any, rng: np.random.Generator) -> Array:
    """A round Gaussian draw (N, 2) for each label."""
    offsets = np.asarray(deviations)[labels, None] * rng.standard_normal((len(labels), 2))
    return np.asarray(means)[labels] + offsets


def _directions(degrees: Any) -> Array:
    """Unit vectors (..., 2)."""
    angles = np.radians(degrees)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def _numbered(word: str, count: int) -> tuple[str, ...]:
    return tuple(f"{word} {number + 1}" for number in range(count))


def elongated(
    n_points: int, rng: np.random.Generator, *, stretch: float, separation: float, tilt: float
) -> LabelledPoints:
    """Three long ellipses side by side, spread like a hand."""
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


def answers(
    n_points: int, rng: np.random.Generator, *, separation: float, certainty: float
) -> LabelledPoints:
    """Two long clusters that overlap and answer differently, and a third that is of two minds."""
    width, length, tilt = 0.8, 2.4, 30.0
    half = 0.5 * width * separation * _directions(tilt + 90)
    apart = 4.5 * width * _directions(tilt - 90) + 1.2 * length * _directions(tilt)
    means = np.array([half, -half, apart])
    labels = _shuffled_labels(n_points, np.array([2.0, 2.0, 1.0]), rng)
    points = _ellipses(labels, means, [length, length, width], [width, width, width], [tilt, tilt, 0.0], rng)
    says_yes = rng.random(n_points) < np.array([certainty, 1.0 - certainty, 0.5])[labels]
    words = np.where(says_yes, "yes", "no").astype(object)
    return LabelledPoints(points, labels, ("mostly yes", "mostly no", "of two minds"), {"answer": words})


def blobs(n_points: int, rng: np.random.Generator, *, clusters: int, separation: float) -> LabelledPoints:
    """Round clusters of one size, in random places."""
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
    # One cluster alone is as wide as one whose nearest neighbour is half the square's width away.
    return means, min(gaps, default=HALF_WIDTH)


def unequal_sizes(n_points: int, rng: np.random.Generator, *, ratio: float) -> LabelledPoints:
    """Three round clusters, the widest `ratio` times the tightest."""
    widest = 2.0
    deviations = widest / ratio ** np.array([1.0, 0.5, 0.0])
    labels = _shuffled_labels(n_points, np.ones(3), rng)
    points = _circles(labels, [[-3.6, -1.6], [-2.4, 2.8], [1.4, 0.0]], deviations, rng)
    return LabelledPoints(points, labels, ("small", "medium", "large"))


def unequal_weights(n_points: int, rng: np.random.Generator, *, ratio: int) -> LabelledPoints:
    """Three round clusters, the first with `ratio` times the points of the last."""
    labels = _shuffled_labels(n_points, float(ratio) ** np.array([1.0, 0.5, 0.0]), rng)
    points = _circles(labels, [[0.0, 0.0], [3.6, 1.2], [-3.4, -2.0]], np.full(3, 0.9), rng)
    return LabelledPoints(points, labels, ("many points", "some points", "few points"))


def mouse(n_points: int, rng: np.random.Generator) -> LabelledPoints:
    """A head and two ears, in the unit square, and a little background."""
    labels = _shuffled_labels(n_points, [290, 100, 100, 10], rng)
    # The fourth is the background, whose Gaussian draw is thrown away.
    means = [[0.5, 0.5], [0.25, 0.75], [0.75, 0.75], [0.5, 0.5]]
    gaussian = _circles(labels, means, [0.2, 0.05, 0.05, 0.0], rng)
    background = labels == 3
    points = np.where(background[:, None], rng.uniform(size=(n_points, 2)), gaussian).clip(0.0, 1.0)
    return LabelledPoints(points, np.where(background, BACKGROUND, labels), ("head", "left ear", "right ear"))


def moons(n_points: int, rng: np.random.Generator, *, noise: float) -> LabelledPoints:
    """Two crescents."""
    labels = _shuffled_labels(n_points, np.ones(2), rng)
    upper = np.where(labels == 0, 1.0, -1.0)
    arcs = _directions(rng.uniform(0.0, 180.0, n_points)) - np.array([0.5, 0.25])
    points = 3.6 * upper[:, None] * arcs + noise * rng.standard_normal((n_points, 2))
    return LabelledPoints(points, labels, ("upper moon", "lower moon"))


def rings(n_points: int, rng: np.random.Generator, *, noise: float) -> LabelledPoints:
    """One ring inside another."""
    radii = np.array([2.0, 5.0])
    # Shares by circumference, so that both rings are equally dense.
    labels = _shuffled_labels(n_points, radii, rng)
    circles = radii[labels, None] * _directions(rng.uniform(0.0, 360.0, n_points))
    points = circles + noise * rng.standard_normal((n_points, 2))
    return LabelledPoints(points, labels, ("inner ring", "outer ring"))


def spiral(
    n_points: int, rng: np.random.Generator, *, arms: int, turns: float, noise: float
) -> LabelledPoints:
    """Arms that wind out from the middle."""
    labels = _shuffled_labels(n_points, np.ones(arms), rng)
    # The arc length of an Archimedean spiral grows about as the square of its radius.
    outwards = np.sqrt(rng.uniform(0.01, 1.0, n_points))
    curves = 5.5 * outwards[:, None] * _directions(360.0 * (turns * outwards + labels / arms))
    points = curves + noise * rng.standard_normal((n_points, 2))
    return LabelledPoints(points, labels, _numbered("arm", arms))


def noise(n_points: int, rng: np.random.Generator, *, fraction: float, clusters: int) -> LabelledPoints:
    """Elongated clusters, and points scattered over everything."""
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


def uniform(n_points: int, rng: np.random.Generator) -> LabelledPoints:
    """Points spread evenly over the square: one label."""
    points = rng.uniform(-HALF_WIDTH, HALF_WIDTH, (n_points, 2))
    return LabelledPoints(points, np.zeros(n_points, dtype=np.int64), ("no clusters",))
