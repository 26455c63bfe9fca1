"""K-Means on many small sets of points at once, of which the inertia is kept: the sets share their calls."""

import numpy as np
from numpy.typing import NDArray

from gmm_core.points import Array
from gmm_core.threads import in_parallel

# Distances of points to centres at once, at most.
MOST_AT_ONCE = 2**17

Indices = NDArray[np.intp]


def least_inertias(
    sets: Array, n_clusters: int, *, n_init: int, max_steps: int, rng: np.random.Generator
) -> Array:
    """(S,): for each of the sets (S, N, D), whose mean is near 0, the least inertia of `n_init` runs of
    K-Means from starts of k-means++, in squared units of the points.

    Source: Lloyd (1982); Arthur & Vassilvitskii (2007), k-means++, with its greedy variant.
    """
    n_sets, n_points, _ = sets.shape
    length = max(1, MOST_AT_ONCE // (n_points * n_clusters))
    owners: Indices = np.repeat(np.arange(n_sets, dtype=np.intp), n_init)
    lots = [owners[first : first + length] for first in range(0, len(owners), length)]
    begun = [(some, _kmeans_plus_plus(sets[some], n_clusters, rng)) for some in lots]
    found = in_parallel(lambda lot: _run(sets[lot[0]], lot[1], max_steps), begun)
    return np.concatenate(found).reshape(n_sets, n_init).min(axis=1)


def _kmeans_plus_plus(sets: Array, n_clusters: int, rng: np.random.Generator) -> Array:
    """(S, K, D): of each set points drawn one by one by squared distance to those before, each the best of
    several candidates."""
    n_sets, n_points, n_dimensions = sets.shape
    rows = np.arange(n_sets, dtype=np.intp)
    n_candidates = 2 + int(np.log(n_clusters))
    centres = np.empty((n_sets, n_clusters, n_dimensions))
    centres[:, 0] = sets[rows, rng.integers(n_points, size=n_sets)]
    nearest = _squared_distances(sets, centres[:, :1])[:, 0]
    for k in range(1, n_clusters):
        upto = np.cumsum(nearest, axis=1)
        places = rng.random((n_sets, n_candidates)) * upto[:, -1:]
        drawn = np.minimum((upto[:, None] <= places[..., None]).sum(axis=2), n_points - 1)
        candidates: Array = sets[rows[:, None], drawn]
        left = np.minimum(_squared_distances(sets, candidates), nearest[:, None])
        best = left.sum(axis=2).argmin(axis=1)
        centres[:, k], nearest = candidates[rows, best], left[rows, best]
    return centres


def _squared_distances(sets: Array, places: Array) -> Array:
    """(S, P, N): of the points of each set from places (S, P, D) of its own."""
    total = np.zeros((len(sets), places.shape[1], sets.shape[1]))
    for column in range(sets.shape[2]):
        offsets: Array = sets[:, None, :, column] - places[:, :, None, column]
        total += offsets * offsets
    return total


def _run(sets: Array, centres: Array, max_steps: int) -> Array:
    """(S,): the inertias where no label changes any more."""
    inertias = np.empty(len(sets))
    moving = np.arange(len(sets), dtype=np.intp)
    labels = _labels(sets, centres)
    for _ in range(max_steps):
        centres = _means(sets, labels, centres)
        following = _labels(sets, centres)
        still = (following == labels).all(axis=1)
        if still.any():
            inertias[moving[still]] = _inertias(sets[still], centres[still], following[still])
            moving, following = moving[~still], following[~still]
            sets, centres = sets[~still], centres[~still]
        labels = following
        if not len(moving):
            return inertias
    inertias[moving] = _inertias(sets, centres, labels)
    return inertias


def _labels(sets: Array, centres: Array) -> Indices:
    """(S, N): the nearest centre, where c.x - |c|^2 / 2 is largest; the points' mean is near 0, so that a far
    origin costs no digits."""
    scores = centres @ np.swapaxes(sets, 1, 2)
    scores -= 0.5 * np.einsum("skd,skd->sk", centres, centres)[..., None]
    return scores.argmax(axis=1)


def _means(sets: Array, labels: Indices, centres: Array) -> Array:
    """(S, K, D): of the points of each label; the centre of none moves to the point farthest from its own."""
    each = np.arange(centres.shape[1], dtype=np.intp)[:, None]
    members: Array = np.equal(labels[:, None], each).astype(np.float64)
    counts: Array = members.sum(axis=2)
    means: Array = (members @ sets) / np.maximum(counts, 1.0)[..., None]
    for i in np.flatnonzero((counts == 0).any(axis=1)):
        offsets = sets[i] - means[i, labels[i]]
        farthest = np.argsort(-(offsets * offsets).sum(axis=1), kind="stable")
        empty = np.flatnonzero(counts[i] == 0)
        means[i, empty] = sets[i, farthest[: len(empty)]]
    return means


def _inertias(sets: Array, centres: Array, labels: Indices) -> Array:
    offsets = sets - np.take_along_axis(centres, labels[..., None], axis=1)
    return np.einsum("snd,snd->s", offsets, offsets)
