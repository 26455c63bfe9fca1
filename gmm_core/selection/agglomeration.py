"""A tree of clusters that merges those whose ellipses lose the least likelihood by it: mclust's own start.

Source: Fraley (1998), Algorithms for model-based Gaussian hierarchical clustering, SIAM J. Sci. Comput. 20.
"""

import numpy as np
from numpy.typing import NDArray

from gmm_core.points import Array
from gmm_core.precision import SMALLEST


def merge_ellipses(points: Array, n_clusters: int) -> list[NDArray[np.intp]]:
    """For K = 1 to `n_clusters`, as far as there are distinct points: (N,), the cluster of each of points
    (N, D), 0 to K - 1.

    A cluster of n points and scatter W costs n log(|W / n| + (tr W + a) / n), without the determinant where
    n <= D; a is the trace of all points' scatter over N D. The points should be of order 1.
    """
    places, places_of = np.unique(points, axis=0, return_inverse=True)
    labels = places_of.reshape(-1)
    tree = _Clusters(places, np.bincount(labels).astype(np.float64))
    found: list[NDArray[np.intp]] = []
    nodes = np.arange(len(places))
    for n_left in range(len(places), 0, -1):
        if n_left <= n_clusters:
            found.append(np.unique(nodes, return_inverse=True)[1].reshape(-1)[labels])
        if n_left > 1:
            kept, gone = tree.merge()
            nodes[nodes == gone] = kept
    return found[::-1]


class _Clusters:
    """Clusters, what the merge of each pair costs, and of each cluster the cheapest partner after it."""

    def __init__(self, places: Array, counts: Array) -> None:
        n_clusters, self.n_dimensions = places.shape
        centre = np.average(places, axis=0, weights=counts)
        everything = float(counts @ ((places - centre) ** 2).sum(axis=1))
        self.trace = max(everything / (counts.sum() * self.n_dimensions), SMALLEST)
        self.counts, self.means = counts, places.astype(np.float64, copy=True)
        self.scatters = np.zeros((n_clusters, self.n_dimensions, self.n_dimensions))
        self.costs = self._cost(self.counts, self.scatters)
        self.living = np.ones(n_clusters, dtype=np.bool_)
        self.gains = np.full((n_clusters, n_clusters), np.inf)
        for i in range(n_clusters - 1):
            self.gains[i, i + 1 :] = self._merging(i, slice(i + 1, None))
        self.partners = self.gains.argmin(axis=1)
        self.least = self.gains[np.arange(n_clusters), self.partners]

    def merge(self) -> tuple[int, int]:
        """Merges the cheapest pair; the first of the two stays."""
        first = int(self.least.argmin())
        second = int(self.partners[first])
        self.means[first], self.scatters[first] = (
            part[0] for part in self._pooled(first, slice(second, second + 1))
        )
        self.counts[first] += self.counts[second]
        self.costs[first] = self._cost(self.counts[first : first + 1], self.scatters[first : first + 1])[0]
        self.living[second] = False
        self.gains[second], self.gains[:, second] = np.inf, np.inf
        self.least[second] = np.inf
        gains = np.where(self.living, self._merging(first, slice(None)), np.inf)
        self.gains[first, first + 1 :] = gains[first + 1 :]
        self.gains[:first, first] = gains[:first]
        stale = (self.partners == first) | (self.partners == second)
        stale[first] = True
        better = gains[:first] < self.least[:first]
        self.partners[:first][better], self.least[:first][better] = first, gains[:first][better]
        stale[:first] &= ~better
        for i in np.flatnonzero(stale & self.living):
            self.partners[i] = self.gains[i].argmin()
            self.least[i] = self.gains[i, self.partners[i]]
        return first, second

    def _pooled(self, first: int, others: slice) -> tuple[Array, Array]:
        """The means (M, D) and scatters (M, D, D) of one cluster together with each of others."""
        counts = self.counts[first] + self.counts[others]
        shifts = self.means[others] - self.means[first]
        shares = self.counts[others] / counts
        between = (self.counts[first] * shares)[:, None, None] * (shifts[:, :, None] * shifts[:, None, :])
        means = self.means[first] + shares[:, None] * shifts
        return means, self.scatters[first] + self.scatters[others] + between

    def _merging(self, first: int, others: slice) -> Array:
        """(M,): what it costs to merge one cluster with each of others."""
        merged = self._cost(self.counts[first] + self.counts[others], self._pooled(first, others)[1])
        return merged - self.costs[first] - self.costs[others]

    def _cost(self, counts: Array, scatters: Array) -> Array:
        if self.n_dimensions == 1:
            return counts * np.log((scatters[..., 0, 0] + self.trace) / counts)
        traces = np.einsum("kdd->k", scatters)
        shapes = scatters / counts[:, None, None]
        if self.n_dimensions == 2:
            determinants = shapes[:, 0, 0] * shapes[:, 1, 1] - shapes[:, 0, 1] * shapes[:, 1, 0]
        else:
            determinants = np.asarray(np.linalg.det(shapes))
        solid = np.where(counts > self.n_dimensions, np.maximum(determinants, 0.0), 0.0)
        return counts * np.log(solid + (traces + self.trace) / counts)
