"""Named starting points for EM: where the components stand before anything has been learned.

Distances are taken with every axis divided by its standard deviation, so that a change of units does
not change the start.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from gmm_core import kmeans
from gmm_core.families import find_family
from gmm_core.mixture import Mixture
from gmm_core.moments import Moments, weighted_moments
from gmm_core.points import Array, PointsError, as_points, check_n_components

# Of points (N, D), the units of their axes (D,), and K.
Draw = Callable[[Array, Array, int, np.random.Generator], Array]

# The extent of a flat direction relative to the widest one, so that a start is always a mixture.
FLAT = 1e-3


# Clusters of this many points, drawn at random, lie where those of more would.
ENOUGH = 50_000


class StartError(ValueError):
    """A start that does not exist or lacks what it needs; the text says what to do."""


@dataclass(frozen=True)
class Start:
    """A named way to begin."""

    name: str
    """The `method` of `initialize`."""
    title: str
    """As people say it."""
    sentence: str
    """What it does, in plain words."""


STARTS: Mapping[str, Start] = MappingProxyType(
    {
        start.name: start
        for start in (
            Start(
                "kmeans++", "k-means++", "Points drawn one by one, each likely to be far from those before."
            ),
            Start(
                "kmeans", "k-means", "The clusters that K-Means ends with, as centres, shapes and weights."
            ),
            Start("random_points", "Random points", "Means on points drawn at random, wherever they fall."),
            Start("random_parameters", "Random parameters", "Means, shapes and weights all drawn at random."),
            Start("farthest_points", "Farthest points", "Each mean on the point farthest from those before."),
            Start("given_means", "Given means", "Means where you put them."),
        )
    }
)


def initialize(
    points: Any,
    n_components: int,
    *,
    method: str = "kmeans++",
    family: str = "full",
    rng: np.random.Generator,
    means: Any = None,
) -> Mixture:
    """A starting mixture of `n_components` for points (N, D), drawn by `method`, a key of STARTS.

    Starts that only place means give every component the same weight and the shape of all points,
    shrunk so that K of them fill the same area; "kmeans" takes the clusters' own weights and shapes.
    The covariances are of `family`. `means` (K, D) belong to method "given_means" alone.

    Raises PointsError for bad points, K below 1 or above the number of distinct points; StartError for
    an unknown method or missing means; FamilyError for an unknown family.
    Source: k-means++ is Arthur & Vassilvitskii (2007); farthest points is Gonzalez (1985).
    """
    checked = as_points(points)
    n_components = check_n_components(checked, n_components)
    find_family(family)
    if method not in STARTS:
        raise StartError(f"There is no start {method!r}; choose one of {', '.join(STARTS)}.")
    if (means is not None) != (method == "given_means"):
        raise StartError("Means go with the start 'given_means' and with no other; give both or neither.")
    if method == "random_parameters":
        return _random_parameters(checked, n_components, family, rng)
    if method == "kmeans":
        return _from_clusters(checked, n_components, family, rng)
    if method == "given_means":
        return _around(checked, _given(checked, n_components, means), family)
    return _around(checked, _PLACES[method](checked, _units(checked), n_components, rng), family)


def _units(points: Array) -> Array:
    deviations = points.std(axis=0)
    return np.where(deviations > 0, deviations, 1.0)


def _kmeans_plus_plus(points: Array, units: Array, n_components: int, rng: np.random.Generator) -> Array:
    def likely(distances: Array) -> Any:
        return rng.choice(len(points), p=distances / distances.sum())

    return _spread(points, units, n_components, rng, likely)


def _farthest_points(points: Array, units: Array, n_components: int, rng: np.random.Generator) -> Array:
    return _spread(points, units, n_components, rng, np.argmax)


def _spread(
    points: Array,
    units: Array,
    n_components: int,
    rng: np.random.Generator,
    choose: Callable[[Array], Any],
) -> Array:
    """Points chosen one by one by their squared distances to the nearest chosen so far."""
    chosen = [points[rng.integers(len(points))]]
    distances = np.full(len(points), np.inf)
    while len(chosen) < n_components:
        # Differences first: division by the units could make two distinct points one.
        distances = np.minimum(distances, (((points - chosen[-1]) / units) ** 2).sum(axis=1))
        chosen.append(points[choose(distances)])
    return np.array(chosen)


def _random_points(points: Array, units: Array, n_components: int, rng: np.random.Generator) -> Array:
    """Distinct places, even where many points share one."""
    shuffled = rng.permutation(points)
    chosen: list[Array] = []
    while len(chosen) < n_components:
        chosen.append(shuffled[0])
        shuffled = shuffled[(shuffled != shuffled[0]).any(axis=1)]
    return np.array(chosen)


_PLACES: Mapping[str, Draw] = MappingProxyType(
    {
        "kmeans++": _kmeans_plus_plus,
        "random_points": _random_points,
        "farthest_points": _farthest_points,
    }
)


def _given(points: Array, n_components: int, means: Any) -> Array:
    given = as_points(means, points.shape[1])
    if len(given) != n_components:
        raise StartError(f"{len(given)} means were given for {n_components} components; give one for each.")
    return given


def _solid(covariances: Array, everything: Array) -> Array:
    """The covariances, with a thin ridge where the points, or a cluster of them, have no extent."""
    widest = np.diagonal(everything).max()
    ridge = FLAT**2 * np.where(np.diagonal(everything) > 0, np.diagonal(everything), widest)
    smallest = np.linalg.eigvalsh(covariances / np.sqrt(ridge[:, None] * ridge))[:, 0]
    return covariances + np.where(smallest < 1, 1.0, 0.0)[:, None, None] * np.diag(ridge)


def _everything(points: Array) -> Array:
    """(D, D): the covariance of all points."""
    return weighted_moments(points, np.ones((len(points), 1))).scatters[0] / len(points)


def _restrict(family: str, covariances: Array, weights: Array, means: Array) -> Mixture:
    """The mixture of `family` nearest to components of these shapes, as its own M-step has it."""
    moments = Moments(weights, means, weights[:, None, None] * covariances)
    return Mixture(weights, means, find_family(family).covariances(moments))


def _around(points: Array, means: Array, family: str) -> Mixture:
    everything = _everything_with_extent(points)
    n_components, n_dimensions = means.shape
    shrunk = everything * n_components ** (-2.0 / n_dimensions)
    covariances = _solid(np.repeat(shrunk[None], n_components, axis=0), everything)
    weights = np.ones(n_components) / n_components
    return _restrict(family, covariances, weights, means)


def _everything_with_extent(points: Array) -> Array:
    everything = _everything(points)
    if not np.diagonal(everything).max() > 0:
        raise PointsError(f"All {len(points)} points are the same; a mixture needs points that differ.")
    return everything


def _from_clusters(points: Array, n_components: int, family: str, rng: np.random.Generator) -> Mixture:
    everything = _everything_with_extent(points)
    units = _units(points)
    if len(points) > ENOUGH:
        drawn = rng.choice(points, ENOUGH, replace=False)
        points = drawn if len(np.unique(drawn, axis=0)) >= n_components else points
    centres = _kmeans_plus_plus(points, units, n_components, rng)
    moments = kmeans.run(points / units, centres / units)[-1].moments
    # An empty cluster cannot be the start of a component: it counts as one point.
    counts = np.maximum(moments.counts, 1.0)
    covariances = moments.scatters / counts[:, None, None] * units[:, None] * units
    weights: Array = counts / counts.sum()
    return _restrict(family, _solid(covariances, everything), weights, moments.means * units)


def _random_parameters(points: Array, n_components: int, family: str, rng: np.random.Generator) -> Mixture:
    everything = _everything_with_extent(points)
    n_dimensions = points.shape[1]
    shape = _solid(everything[None], everything)[0]
    factor: Array = np.asarray(np.linalg.cholesky(shape), dtype=np.float64)
    centre = points.mean(axis=0)
    means = centre + rng.standard_normal((n_components, n_dimensions)) @ factor.T
    # A Wishart draw with D + 3 degrees of freedom: of varied size, elongation and tilt, never flat.
    draws = rng.standard_normal((n_components, n_dimensions, n_dimensions + 3)) / np.sqrt(n_dimensions + 3)
    spreads = factor @ draws
    covariances = spreads @ spreads.transpose(0, 2, 1) * n_components ** (-2.0 / n_dimensions)
    weights = rng.dirichlet(np.full(n_components, 5.0))
    return _restrict(family, covariances, weights, means)
