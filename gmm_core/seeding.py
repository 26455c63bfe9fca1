"""Where the means of a start stand, or which points its clusters hold.

Distances are taken with every axis divided by its standard deviation, so that a change of units does
not change the start.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gmm_core.points import Array

# Of points (N, D), the units of their axes (D,), and K.
Draw = Callable[[Array, Array, int, np.random.Generator], Array]

# A hierarchy needs the distances of all pairs, so no more points than this take part.
MOST_IN_HIERARCHY = 2_000

# Decimals of a standard deviation beyond which distances count as equal.
DECIMALS = 9


def axis_units(points: Array) -> Array:
    """(D,): the standard deviations of the points, 1 where there is none."""
    deviations = points.std(axis=0)
    return np.where(deviations > 0, deviations, 1.0)


def kmeans_plus_plus(points: Array, units: Array, n_components: int, rng: np.random.Generator) -> Array:
    """(K, D): points drawn one by one by their squared distance to those before.

    Source: Arthur & Vassilvitskii (2007).
    """

    def likely(distances: Array) -> Any:
        return rng.choice(len(points), p=distances / distances.sum())

    return _spread(points, units, n_components, rng, likely)


def farthest_points(points: Array, units: Array, n_components: int, rng: np.random.Generator) -> Array:
    """(K, D): each the point farthest from those before. Source: Gonzalez (1985)."""
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


def random_points(points: Array, units: Array, n_components: int, rng: np.random.Generator) -> Array:
    """(K, D): distinct places, even where many points share one."""
    shuffled = rng.permutation(points)
    chosen: list[Array] = []
    while len(chosen) < n_components:
        chosen.append(shuffled[0])
        shuffled = shuffled[(shuffled != shuffled[0]).any(axis=1)]
    return np.array(chosen)


PLACES: Mapping[str, Draw] = MappingProxyType(
    {
        "kmeans++": kmeans_plus_plus,
        "random_points": random_points,
        "farthest_points": farthest_points,
    }
)


def few_points(points: Array, n_components: int, at_most: int, rng: np.random.Generator) -> Array:
    """All points (N, D), or of more than `at_most` as many drawn by `rng`: at least K distinct ones."""
    size = max(at_most, n_components)
    if len(points) <= size:
        return points
    drawn = points[rng.choice(len(points), size, replace=False)]
    if len(np.unique(drawn, axis=0)) >= n_components:
        return drawn
    places = np.unique(points, axis=0, return_index=True)[1]
    needed = rng.permutation(places)[:n_components]
    others = rng.permutation(np.setdiff1d(np.arange(len(points)), needed))
    return points[np.concatenate([needed, others[: size - n_components]])]


def ward_labels(points: Array, units: Array, n_components: int) -> NDArray[np.int64]:
    """(N,): the K clusters, 0 to K - 1, that are left when the two nearest are merged again and again.

    Duplicates are merged before all else, and no cluster is empty, for K up to the number of distinct
    points. Source: Ward (1963), Hierarchical grouping to optimize an objective function.
    """
    n_points = len(points)
    if n_points == 1:
        return np.zeros(1, dtype=np.int64)
    exact = (points - points[0]) / units
    # Ties are common, and rounding that came with the units or the origin must not decide them.
    rounded: Array = np.asarray(exact.round(DECIMALS), dtype=np.float64)
    scaled = rounded if len(np.unique(rounded, axis=0)) >= n_components else exact
    n_merges = n_points - n_components
    tree: Array = np.asarray(linkage(scaled, "ward"), dtype=np.float64)
    merges = tree[:n_merges, :2].astype(np.int64)
    # Merge i joins two nodes in node N + i, so that clusters are the connected parts of a forest.
    nodes = np.repeat(np.arange(n_points, n_points + n_merges), 2)
    n_nodes = n_points + n_merges
    forest = coo_array((np.ones(len(nodes)), (nodes, merges.ravel())), shape=(n_nodes, n_nodes))
    labels: NDArray[Any] = np.asarray(connected_components(forest, directed=False)[1])
    return labels[:n_points].astype(np.int64)
