"""How two ways of dividing the same points agree: labels with labels, labels with a fit, a fit with a fit."""

from collections.abc import Hashable, Iterable
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linear_sum_assignment

from gmm_core.log_joint import CHUNK, FARTHEST
from gmm_core.mixture import Mixture, check_mixture, check_same_columns, responsibilities
from gmm_core.points import Array, PointsError, as_labels, as_numbers, as_points, quoted
from gmm_core.whitening import whiten

MOST_PAIRS = 10_000_000
"""Kinds of labels times groups that are matched: as many numbers, and a second or so."""


def shared_counts(points: ArrayLike, labels: ArrayLike, mixture: Mixture) -> Array:
    """(L, K): the responsibilities of every component summed over the points of every label 0 to L - 1.

    Points with a negative label count nowhere. Raises PointsError for bad points, or labels that are not
    one whole number a point.
    """
    check_mixture(mixture)
    checked = as_points(points, mixture.n_columns)
    kinds = as_labels(labels)
    if kinds.shape != (len(checked),) or not np.issubdtype(kinds.dtype, np.integer):
        raise PointsError(
            f"There must be one whole-number label for each of {len(checked)} points; give them."
        )
    n_labels = int(max(kinds.max(), -1)) + 1
    shared = np.zeros((n_labels, mixture.n_components))
    for first in range(0, len(checked), CHUNK):
        here = kinds[first : first + CHUNK]
        shares = responsibilities(checked[first : first + CHUNK], mixture)
        np.add.at(shared, here[here >= 0], shares[here >= 0])
    return shared


def match(shared: ArrayLike) -> NDArray[np.int64]:
    """(L,): for each row of `shared` (L, K) the column it is paired with, -1 where columns run out.

    The pairs share the largest total that any one-to-one pairing can. Source: Kuhn (1955), the Hungarian
    method. Raises PointsError for anything but finite numbers (L, K).

    >>> match([[1, 9], [8, 2], [3, 3]]).tolist()
    [1, 0, -1]
    """
    table = as_numbers(shared, "What is shared")
    if table.ndim != 2 or not np.isfinite(table).all():
        raise PointsError(f"What is shared must be finite numbers in rows and columns, not {quoted(shared)}.")
    rows, columns = linear_sum_assignment(table, maximize=True)
    paired = np.full(len(table), -1, dtype=np.int64)
    paired[rows] = columns
    return paired


def adjusted_rand_index(
    labels: ArrayLike | Iterable[Hashable], other_labels: ArrayLike | Iterable[Hashable]
) -> float:
    """How well two labellings of the same points agree, whatever the labels are called: 1 when they divide
    the points alike, 0 on average for labels drawn at random, below 0 for less than that.

    Labels are whole numbers, words or anything else that can be a key, one a point. Two labellings that
    both leave every point alone, or all together, agree: 1.

    Raises PointsError for labels that are not one a point, none at all, or of unequal numbers.
    Source: Hubert & Arabie (1985), Comparing partitions, eq. 5.

    >>> adjusted_rand_index([0, 0, 1, 1], ["b", "b", "a", "a"])
    1.0
    >>> adjusted_rand_index([0, 0, 1, 1], [0, 1, 0, 1])
    -0.5
    """
    kinds, others = _kinds_of_same(labels, other_labels)
    together = _pairs(kinds * (int(others.max()) + 1) + others)
    mine, theirs = _pairs(kinds), _pairs(others)
    everything = len(kinds) * (len(kinds) - 1) // 2
    # Whole numbers of any size up to the one division, so that no digit is lost.
    above_chance = 2 * (together * everything - mine * theirs)
    at_most = (mine + theirs) * everything - 2 * mine * theirs
    return above_chance / at_most if at_most else 1.0


def matched_accuracy(labels: ArrayLike | Iterable[Hashable], groups: ArrayLike | Iterable[Hashable]) -> float:
    """The largest share of points, from 0 to 1, that have their own label when every group is named after one
    label, and no two groups after the same; groups beyond the labels have no name, and all in them are wrong.

    The labels are data's, the groups a fit's; both are as in `adjusted_rand_index`, and exchanging them
    changes nothing. Unlike that index it is not corrected for chance, which gives large groups their share.

    Raises PointsError for labels that are not one a point, none at all, of unequal numbers, or of more than
    MOST_PAIRS kinds times groups. Source: Kuhn (1955), the Hungarian method; as the accuracy of a clustering
    in Xu, Liu & Gong (2003), Document clustering based on non-negative matrix factorization.

    >>> matched_accuracy([0, 0, 1, 1], ["b", "b", "a", "a"]), matched_accuracy([0, 0, 1, 1], [0, 1, 2, 2])
    (1.0, 0.75)
    """
    kinds, others = _kinds_of_same(labels, groups)
    n_kinds, n_others = int(kinds.max()) + 1, int(others.max()) + 1
    if n_kinds * n_others > MOST_PAIRS:
        raise PointsError(
            f"{n_kinds:,} labels and {n_others:,} groups are too many to be named after one another; give "
            f"{MOST_PAIRS:,} at most, multiplied."
        )
    counts = np.bincount(kinds * n_others + others, minlength=n_kinds * n_others).reshape(n_kinds, n_others)
    paired = match(counts)
    rows = np.flatnonzero(paired >= 0)
    return int(counts[rows, paired[rows]].sum()) / len(kinds)


def _kinds_of_same(
    labels: ArrayLike | Iterable[Hashable], others: ArrayLike | Iterable[Hashable]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The kinds (N,) of two labellings. Raises PointsError unless they are of the same points."""
    kinds, other_kinds = kinds_of(labels), kinds_of(others)
    if len(kinds) != len(other_kinds):
        raise PointsError(
            f"There are {len(kinds)} labels and {len(other_kinds)} to compare them with; give both for the "
            "same points."
        )
    if len(kinds) == 0:
        raise PointsError("There are no labels; give one for each of at least one point.")
    return kinds, other_kinds


def kinds_of(labels: ArrayLike | Iterable[Hashable]) -> NDArray[np.int64]:
    """(N,): every label by its number among the distinct ones, 0 to L - 1.

    Raises PointsError for what is no list of numbers or words.
    """
    if isinstance(labels, np.ndarray) and cast("NDArray[Any]", labels).dtype.kind in "iubfUS":
        array = cast("NDArray[Any]", labels)
        if array.ndim != 1:
            raise PointsError(f"Labels must have shape (N,), one a point, not {array.shape}; reshape them.")
        return np.unique(array, return_inverse=True)[1].astype(np.int64)
    numbers: dict[Hashable, int] = {}
    try:
        each = [numbers.setdefault(label, len(numbers)) for label in cast("Iterable[Hashable]", labels)]
    except TypeError:
        raise PointsError(
            "Labels must be one number or word a point; give a list or array of them."
        ) from None
    return np.array(each, dtype=np.int64)


def _pairs(kinds: NDArray[np.int64]) -> int:
    """Pairs of points of one kind."""
    counts = np.unique(kinds, return_counts=True)[1].astype(np.int64)
    return int((counts * (counts - 1) // 2).sum())


def bhattacharyya_distances(mixture: Mixture, other: Mixture) -> Array:
    """(K, L): how far each component of `mixture` is from each of `other`, in nats: -log of the integral of
    sqrt(p q), 0 for equal densities; the weights and the noise do not matter.

    No invertible affine map of the points changes it. Binary columns add their own part.
    Raises MixtureError for mixtures of different columns.
    Source: Bhattacharyya (1943); for Gaussians Kailath (1967), eq. 13.
    """
    check_same_columns(mixture, other)
    halfway = 0.5 * (mixture.covariances[:, None] + other.covariances[None])
    whiteners, log_scales = whiten(halfway)
    shifts = mixture.means[:, None] - other.means[None]
    with np.errstate(over="ignore"):
        squared = (np.einsum("klij,klj->kli", whiteners, shifts) ** 2).sum(axis=2)
    shapes = log_scales - 0.5 * (mixture.log_scales[:, None] + other.log_scales[None])
    # Of equal shapes rounding may leave a little less than 0.
    distances = np.maximum(shapes, 0.0) + np.minimum(squared / 8.0, FARTHEST)
    ones, other_ones = mixture.probabilities[:, None], other.probabilities[None]
    overlaps = np.sqrt(ones * other_ones) + np.sqrt((1.0 - ones) * (1.0 - other_ones))
    with np.errstate(divide="ignore"):
        apart = np.minimum(-np.log(np.minimum(overlaps, 1.0)), FARTHEST)
    return distances + apart.sum(axis=2)


def match_components(mixture: Mixture, other: Mixture) -> NDArray[np.int64]:
    """(K,): for each component of `mixture` the index of its partner in `other`, -1 where there are fewer.

    The partners' Bhattacharyya distances have the smallest sum that any one-to-one pairing can have.
    Raises MixtureError as `bhattacharyya_distances`. Source: Kuhn (1955), the Hungarian method.
    """
    return match(-bhattacharyya_distances(mixture, other))
