"""One E-step of many mixtures, each with points or weights of its own: folds, bootstraps and their like.

Such sets are small, or else they would not be many at once, so that calls are what an E-step costs: here the
mixtures share them. Each point is taken in its component's own coordinates, about its own mean, so that no
digits are lost. Where a set is large a walk of its own (walk.py) is as good.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.blocks import scratch
from gmm_core.collapse import rounding_of
from gmm_core.em.variant import Variant
from gmm_core.gathering import Gathered, gather
from gmm_core.log_joint import FARTHEST, LogJoint, share_out
from gmm_core.mixture import Noise
from gmm_core.points import Array
from gmm_core.precision import LEAST_COUNT
from gmm_core.quadratic import about_the_mean
from gmm_core.selection.task import Task
from gmm_core.threads import in_parallel
from gmm_core.whitened import squared_lengths

# Own coordinates at once: the arrays that hold them stay in the processor's cache.
MOST_AT_ONCE = 2**15

# Own coordinates of one mixture beyond which the calls are no longer what an E-step costs.
MOST_OF_ONE = 2**14

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Resamples:
    """Tasks alike but for their points and these points' weights."""

    tasks: tuple[Task, ...]

    @property
    def variant(self) -> Variant:
        """Of all; its sample weights are those of the first."""
        return self.tasks[0].variant

    @property
    def reg_covar(self) -> float:
        """Added to every variance, in squared units of the points."""
        return self.tasks[0].reg_covar

    @property
    def noise(self) -> Noise | None:
        """What the background begins with, if there is any."""
        return self.tasks[0].noise

    @cached_property
    def total(self) -> float:
        """The largest of any."""
        return max(task.total for task in self.tasks)

    @cached_property
    def rounding(self) -> Array:
        """(D,): variances that may be nothing but rounding, or more: no variance is larger than half the
        range, squared."""
        numbers = self._columns[:, : self.tasks[0].numbers.shape[1]]
        low, high = numbers.min(axis=(0, 2)), numbers.max(axis=(0, 2))
        return rounding_of((0.5 * (high - low)) ** 2, np.maximum(-low, high))

    @cached_property
    def _columns(self) -> Array:
        """(S, D + J, N), or (1, D + J, N) where all have the same points; short sets are filled up with
        points that weigh nothing."""
        tasks = self.tasks if self._differ else self.tasks[:1]
        longest = max(len(task.points) for task in tasks)
        return np.array([_filled(task.points, longest).T for task in tasks])

    @cached_property
    def _weights(self) -> Array | None:
        """(S, N), or None where every point counts once."""
        n_points = self._columns.shape[2]
        if all(task.weights is None and len(task.points) == n_points for task in self.tasks):
            return None
        weights = np.zeros((len(self.tasks), n_points))
        for row, task in zip(weights, self.tasks, strict=True):
            row[: len(task.points)] = 1.0 if task.weights is None else task.weights
        return weights

    @cached_property
    def _differ(self) -> bool:
        return any(task.points is not self.tasks[0].points for task in self.tasks)

    def gather(self, terms: LogJoint, sets: Indices) -> Gathered:
        """What each of the B mixtures of `terms` gathers from its set of points, `sets` (B,)."""
        size = terms.means[0].size * len(self.tasks[0].points)
        length = max(1, MOST_AT_ONCE // size)
        some = [slice(first, first + length) for first in range(0, len(sets), length)]
        if size > MOST_OF_ONE:
            # Such a walk has threads of its own.
            return _joined([self._of_one(_members(terms, part), sets[part]) for part in some])
        weights = None if self._weights is None else self._weights[sets]
        columns = np.broadcast_to(self._columns, (len(self.tasks), *self._columns.shape[1:]))

        def gather_some(part: slice) -> Gathered:
            own = None if weights is None else weights[part]
            return _gather(columns[sets[part]], _members(terms, part), own, self.variant.temperature)

        return _joined(in_parallel(gather_some, some))

    def _of_one(self, terms: LogJoint, sets: Indices) -> Gathered:
        task = self.tasks[int(sets[0])]
        return gather(task.points, terms, task.weights, self.variant.temperature)


# A point may be so far that its squared distance is beyond float64; its density is 0 there.
@np.errstate(over="ignore")
def _gather(columns: Array, terms: LogJoint, weights: Array | None, temperature: float) -> Gathered:
    """Of columns (B, D + J, N) and their weights (B, N), each for its own mixture."""
    n_components, n_dimensions = terms.n_components, terms.n_dimensions
    numbers, ones = columns[:, None, :n_dimensions], columns[:, n_dimensions:]
    shape = (*terms.means.shape, columns.shape[2])
    offsets = np.subtract(numbers, terms.means[..., None], out=scratch.array("offsets", shape))
    own = np.matmul(terms.whiteners, offsets, out=scratch.array("coordinates", shape))
    lengths = squared_lengths(own)
    np.minimum(lengths, FARTHEST, out=lengths)
    joints = scratch.array("log_joints", (len(columns), terms.n_rows, columns.shape[2]))
    np.multiply(lengths, -0.5, out=joints[:, :n_components])
    joints[:, :n_components] += terms.constants[..., None]
    if terms.n_binary:
        joints[:, :n_components] += terms.log_failures @ (1.0 - ones) + terms.log_successes @ ones
    if terms.log_noise is not None:
        joints[:, -1] = terms.log_noise[:, None]
    shares, log_densities, objectives = share_out(joints, temperature)
    if weights is not None:
        shares *= weights[:, None]
        log_densities, objectives = log_densities * weights, objectives * weights
    held = shares[:, :n_components]
    counts, means, scatters = _moments(numbers, offsets, terms.means, held)
    return Gathered(
        counts,
        means,
        scatters,
        held @ np.swapaxes(ones, 1, 2),
        None if terms.log_noise is None else shares[:, -1].sum(axis=1),
        log_densities.sum(axis=1),
        objectives.sum(axis=1),
    )


def _moments(numbers: Array, offsets: Array, places: Array, shares: Array) -> tuple[Array, Array, Array]:
    """Counts (B, K), means (B, K, D) and scatters (B, K, D, D) of numbers (B, 1, D, N), by their offsets
    (B, K, D, N) from places (B, K, D)."""
    counts = shares.sum(axis=2)
    divisors = np.maximum(counts, LEAST_COUNT)[..., None]
    for last in (False, True):
        firsts = (offsets @ shares[..., None])[..., 0]
        weighted = np.multiply(offsets, shares[:, :, None], out=scratch.array("coordinates", offsets.shape))
        products, shifts = weighted @ np.swapaxes(offsets, 2, 3), firsts / divisors
        flat = (-1, places.shape[2])
        scatters, precise = about_the_mean(
            products.reshape(*flat, places.shape[2]), firsts.reshape(flat), shifts.reshape(flat), False
        )
        means = places + shifts
        if last or precise.all():
            break
        # Once more, about the means just found.
        places = means
        np.subtract(numbers, places[..., None], out=offsets)
    scatters = scatters.reshape(products.shape)
    holds = counts > LEAST_COUNT
    return (
        np.where(holds, counts, 0.0),
        np.where(holds[..., None], means, places),
        np.where(holds[..., None, None], 0.5 * (scatters + np.swapaxes(scatters, 2, 3)), 0.0),
    )


def _filled(points: Array, n_points: int) -> Array:
    """So many points, the last of them again and again."""
    return points[np.minimum(np.arange(n_points), len(points) - 1)]


def _members(terms: LogJoint, some: slice) -> LogJoint:
    arrays: list[Any] = [None if array is None else array[some] for array in vars(terms).values()]
    return LogJoint(*arrays)


def _joined(parts: Sequence[Gathered]) -> Gathered:
    if len(parts) == 1:
        return parts[0]
    rows = zip(*(vars(part).values() for part in parts), strict=True)
    arrays: list[Any] = [None if arrays[0] is None else np.concatenate(arrays) for arrays in rows]
    return Gathered(*arrays)
