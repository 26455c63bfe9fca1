"""Where the means of a start stand: places (K, D), from points and their weights.

Distances are taken with every axis divided by its standard deviation, so that a change of units does
not change the start.
"""

from collections.abc import Callable
from math import log

import numpy as np

from gmm_core.log_joint import CHUNK
from gmm_core.points import Array
from gmm_core.starts.request import StartError, StartRequest
from gmm_core.threads import MOST_THREADS, in_parallel

# A point that weighs less than this beside the heaviest is drawn as though it weighed as much.
LIGHTEST_ODDS = 1e-100

# Numbers in a chunk of points, at most: they stay in the processor's cache.
MOST_NUMBERS = 32_768


def kmeans_plus_plus(request: StartRequest) -> Array:
    """(K, D): points drawn one by one by weight times squared distance to those before: each is the best of
    2 + floor(log K) drawn so, the one that leaves the smallest sum of these odds.

    Source: Arthur & Vassilvitskii (2007), section 3 and the remark on its greedy variant; Grunau, Ozudogru,
    Rozhon & Tetek (2023), A nearly tight analysis of greedy k-means++.
    """
    odds = None if request.weights is None else _odds(request.weights)
    n_candidates = 2 + int(log(request.n_components))
    return _spread(request, lambda distances: distances.drawn(odds, n_candidates, request.rng))


def farthest_points(request: StartRequest) -> Array:
    """(K, D): each the point farthest from those before. Source: Gonzalez (1985)."""
    return _spread(request, lambda distances: int(distances.nearest.argmax()))


def _odds(weights: Array) -> Array:
    """(N,): the weights beside the heaviest of them."""
    return np.maximum(weights / weights.max(), LIGHTEST_ODDS)


def _spread(request: StartRequest, choose: Callable[["_Distances"], int]) -> Array:
    """Points chosen one by one by their squared distances to the nearest chosen so far."""
    points, weights, rng = request.points, request.weights, request.rng
    if weights is None:
        chosen = [int(rng.integers(len(points)))]
    else:
        chosen = [int(rng.choice(len(points), p=weights / weights.sum()))]
    distances = _Distances(points, request.units)
    while len(chosen) < request.n_components:
        distances.take(chosen[-1])
        chosen.append(choose(distances))
    return points[chosen]


class _Distances:
    """Of all points to the nearest of those taken so far, squared, in the units of the request."""

    def __init__(self, points: Array, units: Array) -> None:
        self.points, self.per_unit = points, 1.0 / units[:, None]
        self.nearest = np.full(len(points), np.inf)
        self.size = max(256, min(CHUNK, MOST_NUMBERS // len(units)))
        # Whole chunks to a thread, so that sums do not depend on the number of threads.
        chunks = range(0, len(points), self.size)
        length = -(-len(chunks) // (4 * MOST_THREADS))
        self.pieces = [chunks[first : first + length] for first in range(0, len(chunks), length)]

    def take(self, place: int) -> None:
        """Takes one more point, the one of this index."""

        def nearer(piece: range) -> None:
            for first in piece:
                nearest = self.nearest[first : first + self.size]
                np.minimum(nearest, self._from(self._columns(first), place), out=nearest)

        in_parallel(nearer, self.pieces)

    def drawn(self, odds: Array | None, n_candidates: int, rng: np.random.Generator) -> int:
        """The index of the point that, if taken, leaves the smallest sum of odds times distances, among
        candidates drawn by that product; odds (N,) are the points' own, None where all have the same."""
        sums = self._sums(odds, [])[0]
        candidates = [self._draw(odds, sums, rng) for _ in range(n_candidates)]
        left = self._sums(odds, candidates)[1:].sum(axis=1)
        return candidates[int(left.argmin())]

    def _draw(self, odds: Array | None, sums: Array, rng: np.random.Generator) -> int:
        """An index drawn by distance times odds: first the chunk, by `sums`, then the point in it."""
        first = self.size * _drawn(sums, rng)
        products = self.nearest[first : first + self.size]
        return first + _drawn(products if odds is None else products * odds[first : first + self.size], rng)

    def _sums(self, odds: Array | None, places: list[int]) -> Array:
        """(1 + P, C): the distances times the odds, summed over each of C chunks: as they are, and were each
        of the places taken too."""

        def add_up(piece: range) -> Array:
            sums = np.empty((1 + len(places), len(piece)))
            for i, first in enumerate(piece):
                held = slice(first, first + self.size)
                lefts = [self.nearest[held]]
                if places:
                    columns = self._columns(first)
                    lefts += [np.minimum(lefts[0], self._from(columns, place)) for place in places]
                sums[:, i] = [left.sum() if odds is None else left @ odds[held] for left in lefts]
            return sums

        return np.concatenate(in_parallel(add_up, self.pieces), axis=1)

    def _columns(self, first: int) -> Array:
        """(D, n): the points of the chunk that begins there."""
        return np.ascontiguousarray(self.points[first : first + self.size].T)

    def _from(self, columns: Array, place: int) -> Array:
        """(n,): of points (D, n) from the one of this index, squared."""
        # Differences first: division by the units could make two distinct points equal.
        offsets = columns - self.points[place][:, None]
        offsets *= self.per_unit
        squares: Array = np.einsum("dn,dn->n", offsets, offsets)
        return squares


def _drawn(odds: Array, rng: np.random.Generator) -> int:
    """An index, drawn by odds (n,) >= 0 that are not all 0; never one whose odds are 0."""
    upto: Array = np.cumsum(odds)
    place: np.intp = upto.searchsorted(rng.random() * float(upto[-1]), side="right")
    return int(place)


def random_points(request: StartRequest) -> Array:
    """(K, D): distinct places, even where many points share one; drawn by weight one after the other."""
    points, weights, rng = request.points, request.weights, request.rng
    if weights is None:
        shuffled = rng.permutation(points)
    else:
        # The Gumbel trick: the largest of log weights plus Gumbel noise is a draw by weight, then the next.
        keys = np.log(_odds(weights)) + rng.gumbel(size=len(points))
        shuffled = points[np.argsort(-keys, kind="stable")]
    chosen: list[Array] = []
    while len(chosen) < request.n_components:
        chosen.append(shuffled[0])
        shuffled = shuffled[(shuffled != shuffled[0]).any(axis=1)]
    return np.array(chosen)


def given_means(request: StartRequest) -> Array:
    """(K, D): as they are given. Raises StartError unless there is one for each component."""
    assert request.means is not None
    if len(request.means) != request.n_components:
        raise StartError(
            f"{len(request.means)} means were given for {request.n_components} components; give one for each."
        )
    return request.means
