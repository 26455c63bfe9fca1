"""What the clusters of K-Means gather: in every step what the next one needs, and the scatters on demand."""

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from gmm_core.kmeans.nearest import Piece, pieces
from gmm_core.moments import Moments
from gmm_core.points import Array, PointsError, sealed
from gmm_core.precision import EPSILON
from gmm_core.threads import in_parallel

# By how many roundings of a typical distance a mean may be off: sums of many terms are by some.
ROUNDINGS = 32

# How many times smaller than the squares of the centres' moves the rest of the inertia may be before the
# means are taken again: eps times the root of this is what they may lose, beside their clusters.
MOST_CANCELLED = 1e4


@dataclass(frozen=True, eq=False)
class Gathered:
    """What the points add up to that are nearest to each of some centres."""

    counts: Array
    """(K,): the points, or their weights, summed."""
    means: Array
    """(K, D): of the points; the centre itself where there are none, or rounding is all that is between."""
    inertia: float
    """The squared distances of all points to their centres, times their weights, summed."""


def gather(points: NDArray[Any], centres: Array, weights: Array | None = None) -> Gathered:
    """What checked points (N, D) add up to at their nearest of centres (K, D), every point counting so many
    times as weights (N,) say.

    All sums are of differences from the point's own centre, so that neither a far origin nor other clusters
    cost digits.
    """
    counts, shifts, inertia = _about(centres, points, centres, weights)
    means = centres + shifts
    moves = float(counts @ np.einsum("kd,kd->k", shifts, shifts))
    if MOST_CANCELLED * (inertia - moves) < moves:
        # The clusters are so small beside the way to them that the means have lost digits.
        _, rest, _ = _about(means, points, centres, weights)
        means += rest
    # A mean that is at its centre but for rounding is there: otherwise the two might never be the same.
    typical = np.sqrt(inertia / np.where(counts > 0, counts, np.inf))[:, None]
    moved = np.abs(shifts) > ROUNDINGS * EPSILON * typical
    return Gathered(sealed(counts), sealed(np.where(moved, means, centres)), inertia)


def _about(
    places: Array, points: NDArray[Any], centres: Array, weights: Array | None
) -> tuple[Array, Array, float]:
    """Of the points nearest to each of the centres: counts (K,), how far their mean is from that of places
    (K, D) which is theirs, and the squared distances of all of them to these places, summed."""
    n_components, n_dimensions = centres.shape

    def add_up(piece: Piece) -> Array:
        total = np.zeros((n_components + 1, 1 + n_dimensions))
        clusters = _Clusters(n_components)
        for stretch in piece.walk():
            offsets = stretch.offsets(places)
            held = None if weights is None else weights[stretch.rows]
            total[:-1, 0] += np.bincount(stretch.labels, held, minlength=n_components)
            total[:-1, 1:] += clusters.sums(offsets, stretch.labels, held)
            if held is None:
                total[-1, 0] += np.einsum("nd,nd->", offsets, offsets)
            else:
                total[-1, 0] += np.einsum("n,n->", held, np.einsum("nd,nd->n", offsets, offsets))
        return total

    total = reduce(add, in_parallel(add_up, pieces(points, centres)))
    counts = total[:-1, 0].copy()
    return counts, total[:-1, 1:] / np.where(counts > 0, counts, 1.0)[:, None], float(total[-1, 0])


class _Clusters:
    """Whose the points of a stretch are, as a sparse matrix that is made once and filled in again."""

    def __init__(self, n_components: int) -> None:
        self.n_components = n_components
        self.matrix = csc_array((n_components, 0))

    def sums(self, values: Array, labels: NDArray[np.intp], weights: Array | None) -> Array:
        """(K, D): values (n, D) added up by label, times their weights."""
        if self.matrix.shape[1] != len(labels):
            entries = (
                np.ones(len(labels)),
                labels.astype(np.int32),
                np.arange(len(labels) + 1, dtype=np.int32),
            )
            self.matrix = csc_array(entries, shape=(self.n_components, len(labels)))
        self.matrix.indices[:] = labels
        if weights is not None:
            self.matrix.data[:] = weights
        return np.asarray(self.matrix @ values, dtype=np.float64)


class LazyMoments:
    """The Moments of the clusters about their means, gathered when they are asked for.

    Until then it holds on to the points, and no longer. A copy and a pickle have the Moments, not the points.
    """

    def __init__(
        self, points: NDArray[Any], weights: Array | None, centres: Array, gathered: Gathered
    ) -> None:
        self._source: tuple[NDArray[Any], Array | None, Array, Gathered] | None
        self._source = points, weights, centres, gathered
        self._moments: Moments | None = None

    def get(self) -> Moments:
        """The Moments. Raises PointsError where the points are no longer what they were."""
        source, moments = self._source, self._moments
        if moments is None:
            assert source is not None
            moments = _moments(*source)
            # In this order, for threads that ask at the same time.
            self._moments = moments
            self._source = None
        return moments

    def __getstate__(self) -> dict[str, Any]:
        return {"_source": None, "_moments": self.get()}


def _moments(points: NDArray[Any], weights: Array | None, centres: Array, gathered: Gathered) -> Moments:
    n_components, n_dimensions = centres.shape
    means = gathered.means

    def add_up(piece: Piece) -> Array:
        total = np.zeros((n_components, 1 + n_dimensions, 1 + n_dimensions))
        for stretch in piece.walk():
            order = np.argsort(stretch.labels, kind="stable")
            offsets = np.ones((len(order), 1 + n_dimensions))
            offsets[:, 1:] = stretch.offsets(means)[order]
            held = offsets if weights is None else offsets * weights[stretch.rows][order][:, None]
            ends = np.cumsum(np.bincount(stretch.labels, minlength=n_components))[:-1]
            for k, (own, heavy) in enumerate(zip(np.split(offsets, ends), np.split(held, ends), strict=True)):
                total[k] += heavy.T @ own
        return total

    total = reduce(add, in_parallel(add_up, pieces(points, centres)))
    counts, rest, scatters = total[:, 0, 0], total[:, 0, 1:], total[:, 1:, 1:]
    sizes = np.sqrt(np.einsum("kdd->k", scatters) * counts)
    slack = 1e-6 * (sizes + np.sqrt(gathered.inertia * counts)) + 1e-12 * counts * np.abs(means).max()
    if not np.allclose(counts, gathered.counts, rtol=1e-9) or (np.abs(rest).max(axis=1) > slack).any():
        raise PointsError("The points were changed after K-Means had been there; start it anew on them.")
    shifts = rest / np.where(counts > 0, counts, 1.0)[:, None]
    scatters = scatters - rest[:, :, None] * shifts[:, None, :]
    return Moments(gathered.counts, means, 0.5 * (scatters + scatters.transpose(0, 2, 1)))
