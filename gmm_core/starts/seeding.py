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

from gmm_core.log_joint import chunks
from gmm_core.points import Array

# Of points (N, D), the weights of points (N,) or None, the units of the axes (D,), and K.
Draw = Callable[[Array, Array | None, Array, int, np.random.Generator], Array]

# A hierarchy needs the distances of all pairs, so no more points than this take part.
MOST_IN_HIERARCHY = 2_000

# Decimals of a standard deviation beyond which distances count as equal.
DECIMALS = 9

# A point that weighs less than this beside the heaviest is drawn as though it weighed as much.
LIGHTEST = 1e-100


def axis_units(everything: Array) -> Array:
    """(D,): the standard deviations of points with the covariance `everything` (D, D), 1 where there is
    none."""
    deviations = np.sqrt(np.diagonal(everything))
    return np.where(deviations > 0, deviations, 1.0)


def kmeans_plus_plus(
    points: Array, weights: Array | None, units: Array, n_components: int, rng: np.random.Generator
) -> Array:
    """(K, D): points drawn one by one by weight times squared distance to those before.

    Source: Arthur & Vassilvitskii (2007).
    """

    def likely(distances: Array) -> Any:
        odds = distances if weights is None else distances * _odds(weights)
        return rng.choice(len(points), p=odds / odds.sum())

    return _spread(points, weights, units, n_components, rng, likely)


def farthest_points(
    points: Array, weights: Array | None, units: Array, n_components: int, rng: np.random.Generator
) -> Array:
    """(K, D): each the point farthest from those before. Source: Gonzalez (1985)."""
    return _spread(points, weights, units, n_components, rng, np.argmax)


def _odds(weights: Array) -> Array:
    """(N,): the weights beside the heaviest of them."""
    return np.maximum(weights / weights.max(), LIGHTEST)


def _spread(
    points: Array,
    weights: Array | None,
    units: Array,
    n_components: int,
    rng: np.random.Generator,
    choose: Callable[[Array], Any],
) -> Array:
    """Points chosen one by one by their squared distances to the nearest chosen so far."""
    if weights is None:
        chosen = [points[rng.integers(len(points))]]
    else:
        chosen = [points[rng.choice(len(points), p=weights / weights.sum())]]
    distances = np.full(len(points), np.inf)
    while len(chosen) < n_components:
        first = 0
        for chunk in chunks(points):
            nearest = distances[first : first + len(chunk)]
            # Differences first: division by the units could make two distinct points one.
            np.minimum(nearest, (((chunk - chosen[-1]) / units) ** 2).sum(axis=1), out=nearest)
            first += len(chunk)
        chosen.append(points[choose(distances)])
    return np.array(chosen)


def random_points(
    points: Array, weights: Array | None, units: Array, n_components: int, rng: np.random.Generator
) -> Array:
    """(K, D): distinct places, even where many points share one; drawn by weight one after the other."""
    if weights is None:
        shuffled = rng.permutation(points)
    else:
        # The largest of logarithms with Gumbel noise is drawn in proportion to the weights, then the next.
        keys = np.log(_odds(weights)) + rng.gumbel(size=len(points))
        shuffled = points[np.argsort(-keys, kind="stable")]
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


def few_points(
    points: Array, weights: Array | None, n_components: int, at_most: int, rng: np.random.Generator
) -> tuple[Array, Array | None]:
    """All points (N, D) and their weights, or of more than `at_most` as many drawn by `rng`: at least K
    distinct ones. Those drawn by weight weigh as often as they have been drawn."""
    size = max(at_most, n_components)
    if len(points) <= size:
        return points, weights
    if weights is None:
        drawn = rng.choice(len(points), size, replace=False)
    else:
        drawn = rng.choice(len(points), size, p=weights / weights.sum())
    if len(np.unique(points[drawn], axis=0)) < n_components:
        places = np.unique(points, axis=0, return_index=True)[1]
        needed = rng.permutation(places)[:n_components]
        others = drawn
        if weights is None:
            others = rng.permutation(np.setdiff1d(np.arange(len(points)), needed))
        drawn = np.concatenate([needed, others[: size - n_components]])
    if weights is None:
        return points[drawn], None
    chosen, counts = np.unique(drawn, return_counts=True)
    return points[chosen], counts.astype(np.float64)


def ward_labels(points: Array, weights: Array | None, units: Array, n_components: int) -> NDArray[np.int64]:
    """(N,): the K clusters, 0 to K - 1, that are left when the two nearest are merged again and again.

    A point of weight w is as good as w points in its place. Duplicates are merged before all else, and no
    cluster is empty, for K up to the number of distinct points.
    Source: Ward (1963), Hierarchical grouping to optimize an objective function.
    """
    n_points = len(points)
    if n_points == 1:
        return np.zeros(1, dtype=np.int64)
    exact = (points - points[0]) / units
    # Ties are common, and rounding that came with the units or the origin must not decide them.
    rounded: Array = np.asarray(exact.round(DECIMALS), dtype=np.float64)
    scaled = rounded if len(np.unique(rounded, axis=0)) >= n_components else exact
    n_merges = n_points - n_components
    if weights is not None:
        merges, n_nodes = _weighted_merges(scaled, weights)[:n_merges], n_points
        links = (np.ones(n_merges), (merges[:, 0], merges[:, 1]))
    else:
        tree: Array = np.asarray(linkage(scaled, "ward"), dtype=np.float64)
        merges = tree[:n_merges, :2].astype(np.int64)
        # Merge i joins two nodes in node N + i, so that clusters are the connected parts of a forest.
        nodes = np.repeat(np.arange(n_points, n_points + n_merges), 2)
        n_nodes = n_points + n_merges
        links = (np.ones(len(nodes)), (nodes, merges.ravel()))
    forest = coo_array(links, shape=(n_nodes, n_nodes))
    labels: NDArray[Any] = np.asarray(connected_components(forest, directed=False)[1])
    return labels[:n_points].astype(np.int64)


def _weighted_merges(points: Array, weights: Array) -> NDArray[np.int64]:
    """(N - 1, 2): in the order of their costs, the merges of Ward's method for points (N, D) that weigh more
    or less; each joins the clusters of two points.

    SciPy's Ward knows of no weights. Source: Murtagh (1983), the chain of nearest neighbours.
    """
    centres, sizes = points.copy(), weights / weights.max()
    living = np.ones(len(points), dtype=np.bool_)
    heights = np.zeros(len(points))
    merges: list[tuple[float, int, int]] = []
    chain: list[int] = []
    while len(merges) < len(points) - 1:
        if not chain:
            chain = [int(living.argmax())]
        last = chain[-1]
        costs = sizes * (sizes[last] / (sizes + sizes[last]))
        costs *= ((centres - centres[last]) ** 2).sum(axis=1)
        costs[~living] = np.inf
        costs[last] = np.inf
        nearest = int(costs.argmin())
        if len(chain) < 2 or costs[nearest] < costs[chain[-2]]:
            chain.append(nearest)
            continue
        # Each is the other's nearest. Rounding must not put a merge before those it consists of.
        first, second = chain.pop(), chain.pop()
        heights[first] = max(float(costs[second]), heights[first], heights[second])
        merges.append((float(heights[first]), first, second))
        share = sizes[second] / (sizes[first] + sizes[second])
        centres[first] += share * (centres[second] - centres[first])
        sizes[first] += sizes[second]
        living[second] = False
    ordered = sorted(merges, key=lambda merge: merge[0])
    return np.array([merge[1:] for merge in ordered], dtype=np.int64).reshape(-1, 2)
