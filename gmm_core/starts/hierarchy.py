"""Ward's hierarchy: the clusters that are left when the two nearest are merged again and again."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from gmm_core.points import Array

# A hierarchy needs the distances of all pairs, so no more points than this take part.
MOST_IN_HIERARCHY = 2_000

# Decimals of a standard deviation beyond which distances count as equal.
DISTANCE_DECIMALS = 9


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
    rounded: Array = np.asarray(exact.round(DISTANCE_DECIMALS), dtype=np.float64)
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
        # Each is the other's nearest: merge them. A merge must not cost less than those it consists of.
        first, second = chain.pop(), chain.pop()
        heights[first] = max(float(costs[second]), heights[first], heights[second])
        merges.append((float(heights[first]), first, second))
        share = sizes[second] / (sizes[first] + sizes[second])
        centres[first] += share * (centres[second] - centres[first])
        sizes[first] += sizes[second]
        living[second] = False
    ordered = sorted(merges, key=lambda merge: merge[0])
    return np.array([merge[1:] for merge in ordered], dtype=np.int64).reshape(-1, 2)
