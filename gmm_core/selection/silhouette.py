"""How well each point lies in its cluster: nearer to its own than to any other."""

from collections.abc import Hashable, Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from gmm_core.points import Array, PointsError, as_points
from gmm_core.selection.agreement import kinds_of
from gmm_core.threads import in_parallel

# Distances held at once by a thread, at most.
MOST_DISTANCES = 2**19

Indices = NDArray[np.int64]


def silhouette(points: ArrayLike, labels: ArrayLike | Iterable[Hashable]) -> Array:
    """(N,): the silhouette of each of points (N, D), from -1 to 1, under clusters given as one label a point.

    It is (b - a) / max(a, b), where a is the mean distance to the others of the same cluster, and b that to
    the points of the nearest other cluster: near 1 a point is amid its own, about 0 between two, below 0
    nearer to another cluster. A point that is a cluster by itself has 0. The mean over all points tells
    clusterings apart, and favours round clusters of like size: of long or nested ones it says little.

    Distances are Euclidean, in the units of the points, so that a column of large numbers outweighs the
    others. Labels are whole numbers, words or anything else that can be a key; each is a cluster, so leave
    points out that belong to none. It is exact and takes N squared distances, of which few are kept at a
    time.

    Raises PointsError for bad points, labels that are not one a point, or fewer than 2 clusters.
    Source: Rousseeuw (1987), Silhouettes: a graphical aid to the interpretation and validation of cluster
    analysis, Journal of Computational and Applied Mathematics 20, section 2.

    >>> silhouette([[0.0], [1.0], [9.0], [10.0]], ["a", "a", "b", "b"]).round(2).tolist()
    [0.89, 0.88, 0.88, 0.89]
    """
    checked, kinds = as_points(points), kinds_of(labels)
    if len(kinds) != len(checked):
        raise PointsError(f"There are {len(kinds)} labels for {len(checked)} points; give one for each.")
    sizes = np.bincount(kinds).astype(np.int64)
    if len(sizes) < 2:
        raise PointsError(
            "There is one cluster, and a silhouette compares a point's own with others; give labels of 2 or "
            "more clusters."
        )
    # Those of a cluster stand together, so that their distances are added up without an array of N x K.
    order = np.argsort(kinds, kind="stable")
    together = checked[order]
    firsts = np.cumsum(sizes) - sizes
    length = max(1, MOST_DISTANCES // len(checked))

    def of_some(first: int) -> Array:
        some = slice(first, first + length)
        distances = np.asarray(cdist(together[some], together), dtype=np.float64)
        sums = np.asarray(np.add.reduceat(distances, firsts, axis=1), dtype=np.float64)
        return _widths(sums, kinds[order[some]], sizes)

    widths = np.empty(len(checked))
    widths[order] = np.concatenate(in_parallel(of_some, range(0, len(checked), length)))
    return widths


def _widths(sums: Array, kinds: Indices, sizes: Indices) -> Array:
    """(n,): of points with these distances (n, K) to each cluster summed, their own `kinds` (n,) and the
    clusters' sizes (K,)."""
    rows = np.arange(len(sums))
    own_sizes = sizes[kinds]
    own = sums[rows, kinds] / np.maximum(own_sizes - 1, 1)
    others = sums / sizes
    others[rows, kinds] = np.inf
    nearest = others.min(axis=1)
    larger = np.maximum(own, nearest)
    # Points of two clusters may all lie in one place.
    widths = (nearest - own) / np.where(larger > 0, larger, 1.0)
    return np.where(own_sizes > 1, widths, 0.0)
