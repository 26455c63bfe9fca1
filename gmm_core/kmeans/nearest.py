"""The nearest centre of every point: exact, and nearly as fast as float32 can be.

|x - c|^2 is smallest where c.x - |c|^2 / 2 is largest, so one matrix product compares all centres at once.
In float32 it takes half the time and loses more digits; where two centres are closer to each other in it than
rounding could explain, the differences x - c decide, in float64. The labels are those of the differences
throughout.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.blocks import MOST_MULTIPLICATIONS
from gmm_core.points import Array
from gmm_core.threads import MOST_THREADS, in_parallel

# Bytes of points that one thread works on at a time, and half as many as of their scores: long calls, so that
# threads seldom wait for each other.
MOST_BYTES = 2 * 2**20

# Pieces that are added up separately: enough that no thread waits long for another, few enough that their
# sums take little room. Their number does not depend on that of the threads, so the sums do not either.
MOST_PIECES = 2 * MOST_THREADS

# Stretches in a piece, at least: its arrays are new, and the next stretch uses them again.
FEWEST_STRETCHES = 4

# Points whose mean is the common origin: it need only lie amid all of them.
ORIGIN_SAMPLE = 256

# Points that share one bound on what rounding does to them: an outlier costs its neighbours time alone.
NEIGHBOURS = 64

# Up to this size, and down to its inverse, numbers can be squared in float32 in their own unit.
ORDINARY = 2.0**20

# The relative size of a rounding in float32, and more than what is lost to numbers that are too small for it.
ROUNDING, LOST = 2.0**-24, 1e-30


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
    labels = np.empty(len(points), dtype=np.int64)

    def write(piece: "Piece") -> None:
        for stretch in piece.walk():
            labels[stretch.rows] = stretch.labels

    in_parallel(write, pieces(points, centres))
    return labels


def pieces(points: NDArray[Any], centres: Array) -> list["Piece"]:
    """Checked points (N, D), to be assigned to centres (K, D) piece by piece.

    Where they are cut depends on N, K and D alone, and there are never many."""
    nearest = _Nearest.of(points, centres)
    # The points and their differences on the one hand, the scores and which are the highest on the other.
    longest = min(MOST_BYTES // (28 * points.shape[1] + 24), 2 * MOST_BYTES // (6 * len(centres)))
    longest = max(NEIGHBOURS, longest)
    length = longest * max(FEWEST_STRETCHES, -(-len(points) // (longest * MOST_PIECES)))
    return [
        Piece(points, nearest, first, min(first + length, len(points)), longest)
        for first in range(0, len(points), length)
    ]


@dataclass(frozen=True, eq=False)
class Piece:
    """Points that one thread takes, a stretch of them after the other: the arrays that it makes do not grow
    with their number."""

    points: NDArray[Any]
    """(N, D), all of them."""
    nearest: "_Nearest"
    first: int
    last: int
    """One more than the index of its last point."""
    longest: int
    """Points in a stretch, at most."""

    def walk(self) -> Iterator["Stretch"]:
        """One stretch after the other."""
        room = _Room(min(self.longest, self.last - self.first), self.nearest)
        for begin in range(self.first, self.last, self.longest):
            rows = slice(begin, min(begin + self.longest, self.last))
            # Rows that lie one after the other, whatever the array's own order.
            points = np.ascontiguousarray(self.points[rows], dtype=np.float64)
            yield Stretch(rows, points, self.nearest.labels(points, room), room.offsets)


@dataclass(frozen=True, eq=False)
class Stretch:
    """Some consecutive points, and whose they are."""

    rows: slice
    """Where they stand among all points."""
    points: Array
    """(n, D)."""
    labels: NDArray[np.intp]
    """(n,): the nearest centre of each."""
    room: Array
    """(n * D or more,): for differences; the next stretch overwrites it."""

    def offsets(self, places: Array) -> Array:
        """(n, D): of the points from that of places (K, D) which is their cluster's, in the room."""
        offsets = self.room[: self.points.size].reshape(self.points.shape)
        # Without a copy only where it need not look for bad labels.
        places.take(self.labels, axis=0, out=offsets, mode="clip")
        return np.subtract(self.points, offsets, out=offsets)


class _Room:
    """Arrays for n points that a piece uses again: fresh memory costs more than the work done in it."""

    def __init__(self, n: int, nearest: "_Nearest") -> None:
        n_components, n_dimensions = nearest.centres.shape
        # Rows are too short for an inner loop, so that they are taken as one.
        self.origins = np.tile(nearest.origin, n)
        self.offsets = np.empty(n * n_dimensions)
        self.numbers = np.empty(n * n_dimensions, dtype=np.float32)
        self.scores = np.empty(n * n_components, dtype=np.float32)
        self.near = np.empty(n * n_components, dtype=np.bool_)
        self.ranks = np.empty(n * n_components, dtype=np.min_scalar_type(n_components))


@dataclass(frozen=True, eq=False)
class _Nearest:
    """Centres, made ready to be compared about an origin amid the points."""

    centres: Array
    """(K, D)."""
    origin: Array
    """(D,)."""
    unit: float
    """What is 1 in float32, in the units of the points: a power of 2, which rounds nothing."""
    slopes: NDArray[np.float32]
    """(K, D): of the scores c.x - |c|^2 / 2, about the origin."""
    constants: NDArray[np.float32]
    """(K, 1)."""

    @classmethod
    def of(cls, points: NDArray[Any], centres: Array) -> "_Nearest":
        few = points[:: -(-len(points) // ORIGIN_SAMPLE)].astype(np.float64, copy=False)
        origin = few[0] + (few - few[0]).mean(axis=0)
        shifted = centres - origin
        largest = max(float(np.abs(shifted).max()), float(np.abs(few - origin).max()))
        ordinary = largest == 0 or 1 / ORDINARY < largest < ORDINARY
        unit = 1.0 if ordinary else float(2.0 ** np.floor(np.log2(largest)))
        shifted /= unit
        constants = -0.5 * np.einsum("kd,kd->k", shifted, shifted)[:, None]
        return cls(centres, origin, unit, shifted.astype(np.float32), constants.astype(np.float32))

    # Of points too large for float32 no centre is the nearest until the differences decide.
    @np.errstate(over="ignore", invalid="ignore", under="ignore")
    def labels(self, points: Array, room: _Room) -> NDArray[np.intp]:
        """(n,): the nearest centre of each of points (n, D)."""
        n_points, n_dimensions = points.shape
        n_components = len(self.centres)
        numbers = self._numbers(points, room)
        scores = room.scores[: n_components * n_points].reshape(n_components, n_points)
        most = max(32, MOST_MULTIPLICATIONS // self.slopes.size)
        for first in range(0, n_points, most):
            some = slice(first, first + most)
            np.matmul(self.slopes, numbers[some].T, out=scores[:, some])
        scores += self.constants
        least = np.maximum.reduce(scores, axis=0)
        # Less than the highest by what rounding can change of the difference of two scores: see _rounding.
        rounding = ROUNDING * (n_dimensions + 6)
        least *= np.float32(1 + 6 * rounding)
        least -= np.repeat(self._rounding(numbers, rounding, room), NEIGHBOURS)[:n_points]
        near = room.near[: scores.size].reshape(scores.shape)
        np.greater_equal(scores, least, out=near)
        ones, ranks = near.view(np.uint8), room.ranks[: scores.size].reshape(scores.shape)
        each = np.arange(n_components, dtype=ranks.dtype)[:, None]
        labels = np.multiply(ones, each, out=ranks).max(axis=0).astype(np.intp)
        self._decide(points, near, np.flatnonzero(ones.sum(axis=0, dtype=ranks.dtype) != 1), labels)
        return labels

    def _numbers(self, points: Array, room: _Room) -> NDArray[np.float32]:
        """(n, D): the points about the origin, in float32."""
        offsets = room.offsets[: points.size]
        np.subtract(points.ravel(), room.origins[: points.size], out=offsets)
        if self.unit != 1.0:
            offsets /= self.unit
        numbers = room.numbers[: points.size]
        numbers[...] = offsets
        return numbers.reshape(points.shape)

    def _rounding(self, numbers: NDArray[np.float32], rounding: float, room: _Room) -> NDArray[np.float32]:
        """For every NEIGHBOURS of the points: what their size adds to the bound on rounding.

        A score is off by less than (D + 4) u (|x| |c| + |c|^2 / 2), u being the rounding. A centre that
        could be the nearest is no farther from the origin than |x| + r, where r^2 = |x|^2 - 2 s is the
        squared distance to the nearest and s its score; so two scores together are off by less than
        (D + 4) u (8 |x|^2 - 6 s). Two more u are for the rounding of the bound itself.
        Source: Higham, Accuracy and Stability of Numerical Algorithms (2002), section 3.1.
        """
        n_dimensions = len(self.origin)
        starts = np.arange(-(-len(numbers) // NEIGHBOURS)) * (NEIGHBOURS * n_dimensions)
        # The differences are no longer needed, and leave their room.
        sizes = np.abs(numbers.ravel(), out=room.offsets.view(np.float32)[: numbers.size])
        largest = np.maximum.reduceat(sizes, starts)
        return np.float32(8 * rounding * n_dimensions) * largest * largest + np.float32(LOST)

    def _decide(
        self, points: Array, near: NDArray[np.bool_], undecided: NDArray[np.intp], labels: NDArray[np.intp]
    ) -> None:
        """Writes the labels of the undecided points, which have several near (K, n), or none."""
        near[:, undecided[~near[:, undecided].any(axis=0)]] = True
        most = max(1, MOST_MULTIPLICATIONS // self.slopes.size)
        for first in range(0, len(undecided), most):
            some = undecided[first : first + most]
            i, k = np.nonzero(near[:, some].T)
            offsets = points[some[i]] - self.centres[k]
            # Sorted by point and by distance, the lowest index first among equals.
            order = np.lexsort((np.einsum("nd,nd->n", offsets, offsets), i))
            labels[some] = k[order[np.searchsorted(i, np.arange(len(some)))]]
