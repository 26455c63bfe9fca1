"""The nearest centre of every point, and what each centre gathers: hard assignment, exact and fast.

|x - c|^2 is smallest where c.x - |c|^2 / 2 is largest, so one matrix product compares all centres at once.
Expanded so, it loses digits; where two centres are closer to each other in it than rounding could explain,
the differences x - c decide. The labels are those of the differences throughout.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.blocks import MOST_MULTIPLICATIONS
from gmm_core.log_joint import CHUNK, FARTHEST
from gmm_core.moments import Moments
from gmm_core.points import Array
from gmm_core.precision import EPSILON
from gmm_core.quadratic import Layout, fill_in_products, layout_of, shifted_features
from gmm_core.threads import MOST_THREADS, in_parallel

# How many times larger than a scatter the squares may be that it is a difference of: eps times this, the
# relative error, is below 3e-12.
MOST_CANCELLED = 1e4

# Bytes that one thread works on at a time: long calls, so that threads seldom wait for each other.
MOST_BYTES = 16 * 2**20

# Pieces that are added up separately: enough that no thread waits long for another, few enough that their
# sums take little room. Their number does not depend on that of the threads, so the sums do not either.
MOST_PIECES = 4 * MOST_THREADS

# Points whose mean is the common origin: it need only lie amid all of them.
ORIGIN_SAMPLE = 1024


def squared_distances(points: Array, centres: Array) -> Array:
    """(n, K); differences first, so that a far origin costs no digits."""
    result = np.empty((len(points), len(centres)), order="F")
    for k, centre in enumerate(centres):
        offsets = points - centre
        result[:, k] = np.einsum("nd,nd->n", offsets, offsets)
    return result


def nearest_centres(points: NDArray[Any], centres: Array) -> NDArray[np.int64]:
    """(N,): the index of the nearest of centres (K, D) to each of checked points (N, D); the lowest index
    when several are as near."""
    comparison = _Comparison.of(points, centres)

    def label(piece: slice) -> NDArray[np.int64]:
        return np.concatenate([_labels(shares) for _, _, shares in comparison.walk(points[piece])])

    return np.concatenate(in_parallel(label, comparison.pieces(len(points))))


def hard_moments(points: NDArray[Any], centres: Array, weights: Array | None = None) -> tuple[Moments, float]:
    """The Moments of the points nearest to each of centres (K, D), and the squared distances of all points
    to their centres, summed; every point counts so many times as weights (N,) say.

    Of the centres, the Moments depend on the labels of checked points (N, D) alone, to the last bit: where no
    label changes, no mean does. The arrays that are made on the way do not grow with N.
    """
    comparison = _Comparison.of(points, centres)
    about = comparison.origin
    counts, shifts, scatters = _gathered(_add_up(points, weights, comparison, None))
    if _has_lost_digits(counts, shifts, scatters):
        # A second pass with differences from the clusters' own means, where the first lost digits.
        about = about + shifts
        counts, shifts, scatters = _gathered(_add_up(points, weights, comparison, about))
    # Not the means less the centres: far from the origin the means are rounded more than this is.
    between = ((about - centres + shifts) ** 2).sum(axis=1)
    held = counts > 0
    inertia = np.einsum("kdd->", scatters) + counts[held] @ between[held]
    return Moments(counts, np.where(held[:, None], about + shifts, centres), scatters), float(inertia)


def features_of(blocks: Array, origin: Array, layout: Layout) -> Array:
    features, numbers = shifted_features(blocks, origin, layout)
    fill_in_products(features, numbers, layout)
    return features


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Centres, made ready to be compared about an origin amid the points."""

    centres: Array
    """(K, D)."""
    origin: Array
    """(D,)."""
    coefficients: Array
    """(K, 1 + D): c.x - |c|^2 / 2 as a linear function of 1 and x, about the origin."""
    reach: float
    """The largest distance of a centre from the origin."""
    size: int
    """Points in a block."""
    most: int
    """Blocks that are taken at once."""

    @classmethod
    def of(cls, points: NDArray[Any], centres: Array) -> "_Comparison":
        """The origin and the blocks depend on the points and K alone, so that the same labels give the same
        moments, on any number of threads."""
        few = points[:: -(-len(points) // ORIGIN_SAMPLE)].astype(np.float64, copy=False)
        origin = few[0] + (few - few[0]).mean(axis=0)
        shifted = centres - origin
        squares = np.einsum("kd,kd->k", shifted, shifted)
        # Of centres in the same place only the first takes points.
        same = (centres[:, None] == centres).all(axis=2)
        constants = np.where(same.argmax(axis=1) == np.arange(len(centres)), -0.5 * squares, -FARTHEST)
        coefficients = np.concatenate([constants[:, None], shifted], axis=1)
        n_components, width = coefficients.shape
        n_features = width * (width + 1) // 2
        longest = max(32, min(CHUNK, MOST_MULTIPLICATIONS // (n_components * n_features)))
        size = len(points) // -(-len(points) // longest)
        # A block's features, its scores, and what it adds up to.
        numbers = size * (n_components + n_features) + n_components * n_features
        most = max(1, min(len(points) // size, MOST_BYTES // (8 * numbers)))
        return cls(centres, origin, coefficients, float(np.sqrt(squares.max())), size, most)

    def pieces(self, n_points: int) -> list[slice]:
        """Long stretches of points, one for a thread at a time; of many points no more than of fewer."""
        stretch = self.size * self.most
        n_stretches = -(-n_points // stretch)
        length = stretch * -(-n_stretches // MOST_PIECES)
        return [slice(first, first + length) for first in range(0, n_points, length)]

    def walk(self, points: NDArray[Any]) -> Iterator[tuple[Array, Array, Array]]:
        """Blocks (S, n, D) of the points, their features (S, F, n) about the origin, and their shares
        (S, K, n): 1 where the centre is the nearest, else 0. The next blocks overwrite the last two."""
        size, most, n_components = self.size, self.most, len(self.centres)
        scores = np.empty((most, n_components, size))
        near = np.empty(scores.shape, dtype=np.bool_)
        n_whole = len(points) // size
        cuts = [*range(0, n_whole, most), n_whole]
        for first, last in pairwise(cuts):
            blocks = points[first * size : last * size].astype(np.float64, copy=False)
            blocks = blocks.reshape(last - first, size, -1)
            yield self._compared(blocks, scores[: last - first], near[: last - first])
        if n_whole * size < len(points):
            blocks = points[None, n_whole * size :].astype(np.float64, copy=False)
            rest = scores.ravel()[: n_components * blocks.shape[1]].reshape(1, n_components, -1)
            yield self._compared(blocks, rest, np.empty(rest.shape, dtype=np.bool_))

    def _compared(self, blocks: Array, scores: Array, near: NDArray[np.bool_]) -> tuple[Array, Array, Array]:
        features = features_of(blocks, self.origin, layout_of(len(self.origin), 0, "all"))
        width = self.coefficients.shape[1]
        np.matmul(self.coefficients, features[:, :width], out=scores)
        highest = scores.max(axis=1)
        highest -= self._rounding(features[:, 1:width])
        np.greater_equal(scores, highest[:, None], out=near)
        if np.count_nonzero(near) > near.shape[0] * near.shape[2]:
            self._decide(blocks, near)
        np.copyto(scores, near)
        return blocks, features, scores

    def _rounding(self, offsets: Array) -> float:
        """More than rounding can change of the difference of two scores, or of half that of two squared
        distances, at points with these offsets (S, D, n) from the origin.

        A sum of D products of rounded factors is off by (D + 2) eps / 2 of its terms' size, so that either
        difference is by less than (D + 4) eps times the largest square there is; twice that for safety.
        Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1.
        """
        n_dimensions = offsets.shape[1]
        farthest = max(float(offsets.max()), -float(offsets.min())) * n_dimensions**0.5
        return 4.0 * (n_dimensions + 4) * EPSILON * (self.reach + farthest) ** 2

    def _decide(self, blocks: Array, near: NDArray[np.bool_]) -> None:
        """Leaves the nearest alone in every column of near (S, K, n) that has several."""
        s, i = np.nonzero(np.count_nonzero(near, axis=1) > 1)
        for first in range(0, len(s), CHUNK):
            some = slice(first, first + CHUNK)
            labels = squared_distances(blocks[s[some], i[some]], self.centres).argmin(axis=1)
            near[s[some], :, i[some]] = labels[:, None] == np.arange(len(self.centres))


def _labels(shares: Array) -> NDArray[np.int64]:
    """(S * n,) of shares (S, K, n) that are 1 or 0."""
    # A product of small whole numbers is exact, and many times faster than arg max.
    return (np.arange(shares.shape[1], dtype=np.float64) @ shares).ravel().astype(np.int64)


def _add_up(
    points: NDArray[Any], weights: Array | None, comparison: _Comparison, places: Array | None
) -> Array:
    """(K, F): the features of the points of each cluster, summed: about the places (K, D) of their clusters,
    or about the origin without any."""

    def add_up(piece: slice) -> Array:
        total: Array | float = 0.0
        first = piece.start
        for blocks, features, shares in comparison.walk(points[piece]):
            n_points = blocks.shape[0] * blocks.shape[1]
            if places is not None:
                offsets = blocks - places[_labels(shares)].reshape(blocks.shape)
                features = features_of(
                    offsets, np.zeros(len(comparison.origin)), layout_of(len(comparison.origin), 0, "all")
                )
            if weights is not None:
                shares *= weights[first : first + n_points].reshape(blocks.shape[0], 1, -1)
            first += n_points
            total = total + (shares @ np.swapaxes(features, 1, 2)).sum(axis=0)
        return np.asarray(total)

    return np.sum(in_parallel(add_up, comparison.pieces(len(points))), axis=0)


def _gathered(sums: Array) -> tuple[Array, Array, Array]:
    """Counts (K,), the means' shifts (K, D) from the places that the features are about, and scatters
    (K, D, D), of sums (K, F) of features."""
    width = round((2 * sums.shape[1]) ** 0.5)
    layout = layout_of(width - 1, 0, "all")
    products = np.empty((len(sums), width, width))
    products[:, layout.rows, layout.columns] = products[:, layout.columns, layout.rows] = sums
    counts = sums[:, 0]
    shifts = sums[:, 1:width] / np.where(counts > 0, counts, 1.0)[:, None]
    scatters = products[:, 1:, 1:] - counts[:, None, None] * shifts[:, :, None] * shifts[:, None, :]
    variances = np.einsum("kdd->kd", scatters)
    # Of a cluster all of whose points are the same, rounding may leave a variance below 0.
    np.maximum(variances, 0.0, out=variances)
    return counts, shifts, scatters


def _has_lost_digits(counts: Array, shifts: Array, scatters: Array) -> bool:
    """Whether a scatter is a small difference of large squares."""
    cancelled = counts[:, None] * shifts**2
    return bool((cancelled > MOST_CANCELLED * np.einsum("kdd->kd", scatters)).any())
