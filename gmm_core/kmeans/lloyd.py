"""K-Means, one step at a time, in the same shape as EM: assign, then move the centres.

Advancing (`start`, `step`, `iterate`) and stopping (`run`) are separate. Centres to start from are the means
of `gmm_core.initialize`, or any others.
Source: Lloyd (1982), Least squares quantization in PCM.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.iteration import follow, step_limit
from gmm_core.kmeans.gathering import LazyMoments, gather
from gmm_core.kmeans.nearest import nearest_centres, squared_distances
from gmm_core.log_joint import chunks
from gmm_core.mixture import Mixture
from gmm_core.moments import Moments
from gmm_core.points import (
    Array,
    PointsError,
    ReadOnly,
    as_points,
    as_rows,
    as_sample_weights,
    check_centres,
    check_values,
    read_only,
)
from gmm_core.settings import check_kind


@dataclass(frozen=True, eq=False)
class KMeansState(ReadOnly):
    """K-Means after `iteration` moves of the centres; every field belongs to these centres."""

    iteration: int
    """Moves of the centres since the start."""
    centres: Array
    """(K, D), in the units of the points."""
    counts: Array
    """(K,): the points assigned to each centre: whole numbers, or sums of whole weights."""
    means: Array
    """(K, D): of those points, where the next step moves the centres; the centre itself where there are none,
    or rounding is all that lies between."""
    inertia: float
    """The squared distances of all points to their centres, times the points' weights, summed."""
    lazy_moments: LazyMoments = field(repr=False)
    """What `moments` asks."""

    @property
    def moments(self) -> Moments:
        """Counts, means and scatters of the points assigned to each centre: hard assignments.

        No step needs the scatters, so they are gathered when somebody asks for the first time; the state
        holds on to the points until then. Raises PointsError where they were changed in the meantime.
        """
        return self.lazy_moments.get()

    @property
    def objective(self) -> float:
        """What the steps lower, in squared units of the points: the inertia."""
        return self.inertia


class KMeansStop(Enum):
    """Why a run ended; the value is a sentence for people."""

    CONVERGED = "Converged: no centre moves any more."
    STEP_LIMIT = "Stopped at the step limit: the centres were still moving."


@dataclass(frozen=True, eq=False)
class KMeansRun:
    """A finished run, with every state it passed through."""

    states: tuple[KMeansState, ...]
    """From iteration 0 on; never empty."""
    stop_reason: KMeansStop
    """Why it ended."""
    explanation: str
    """The reason in one sentence, with the numbers of this run."""

    @property
    def is_unfinished(self) -> bool:
        """Whether it ended only at its step limit."""
        return self.stop_reason is KMeansStop.STEP_LIMIT

    @property
    def objective_name(self) -> str:
        """What the steps lowered."""
        return "inertia"

    @property
    def rises(self) -> bool:
        """False: no step raises the inertia."""
        return False

    @property
    def curve(self) -> Array:
        """(T,): the inertias."""
        return read_only([state.inertia for state in self.states])

    @property
    def curve_name(self) -> str:
        """What the steps lowered."""
        return self.objective_name

    @property
    def lower_bounds(self) -> None:
        """None: K-Means has no likelihood."""
        return None

    @property
    def centres(self) -> Array:
        """(K, D): the last state's centres."""
        return self.states[-1].centres

    @property
    def inertia(self) -> float:
        """The last state's inertia."""
        return self.states[-1].inertia


def assign(points: ArrayLike, centres: ArrayLike) -> NDArray[np.int64]:
    """(N,): the index of the nearest of centres (K, D) to each of points (N, D).

    The lowest index where several are as near. Raises PointsError for bad points or centres.
    """
    checked = as_points(centres)
    return nearest_centres(_checked(points, checked), checked)


def start(points: ArrayLike, centres: ArrayLike, *, sample_weights: ArrayLike | None = None) -> KMeansState:
    """Iteration 0: points (N, D) assigned to the given centres (K, D), both in the same units.

    Sample weights (N,) count every point so many times. There may be more centres than distinct points: then
    some stay empty. Raises PointsError for bad points, weights or centres.
    """
    places = read_only(as_points(centres))
    rows = _checked(points, places)
    return _state(rows, as_sample_weights(sample_weights, len(rows)), places, 0)


def step(points: ArrayLike, state: KMeansState, *, sample_weights: ArrayLike | None = None) -> KMeansState:
    """The next state: centres move to the means of their points (N, D), then points are assigned anew.

    The centre of an empty cluster moves to the point that is farthest from all centres that hold points, the
    next one to the point that is then farthest, and so on; where every point lies on a centre, it stays. So
    no step raises the inertia, and no cluster ends empty while there are distinct points for all.
    What weighs nothing is no point. Raises PointsError for bad points or weights, or what is no KMeansState.
    Source: Lloyd (1982).
    """
    check_kind(state, KMeansState, "The state", "give that of kmeans.start or kmeans.step")
    rows = _checked(points, state.centres)
    return _next(rows, as_sample_weights(sample_weights, len(rows)), state)


def iterate(
    points: ArrayLike, centres: ArrayLike, *, sample_weights: ArrayLike | None = None
) -> Iterator[KMeansState]:
    """Every state on points (N, D) from iteration 0 on, without end: the caller stops. Raises as `start`."""
    state = start(points, centres, sample_weights=sample_weights)
    yield state
    rows = as_rows(points)
    yield from _states_after(rows, as_sample_weights(sample_weights, len(rows)), state)


def _states_after(rows: NDArray[Any], weights: Array | None, state: KMeansState) -> Iterator[KMeansState]:
    while True:
        state = _next(rows, weights, state)
        yield state


def run(
    points: ArrayLike, centres: ArrayLike, *, sample_weights: ArrayLike | None = None, max_steps: int = 300
) -> KMeansRun:
    """K-Means on points (N, D) from centres (K, D) until a step moves none of them, or for `max_steps` steps.

    Sample weights (N,) count every point so many times. Raises PointsError for bad points, weights or
    centres, or a limit below 1.
    """
    limit = step_limit(max_steps, PointsError)
    return _until_it_stops([], iterate(points, centres, sample_weights=sample_weights), limit)


def resume(
    points: ArrayLike,
    unfinished: KMeansRun,
    *,
    sample_weights: ArrayLike | None = None,
    max_steps: int = 300,
) -> KMeansRun:
    """What `run` would have returned with this `max_steps`, given what it returned with fewer of them and all
    else the same: a run that did not end at its limit is returned as it is. Raises as `step`."""
    last = unfinished.states[-1]
    if not unfinished.is_unfinished or last.iteration >= max_steps:
        return unfinished
    rows = _checked(points, last.centres)
    following = _states_after(rows, as_sample_weights(sample_weights, len(rows)), last)
    return _until_it_stops(list(unfinished.states), following, max_steps)


def _until_it_stops(states: list[KMeansState], following: Iterator[KMeansState], max_steps: int) -> KMeansRun:
    reason = follow(states, following, lambda states: _reason(states, max_steps))
    return KMeansRun(tuple(states), reason, _explain(reason, states))


def _reason(states: list[KMeansState], max_steps: int) -> KMeansStop | None:
    if len(states) > 1 and np.array_equal(states[-1].centres, states[-2].centres):
        return KMeansStop.CONVERGED
    return KMeansStop.STEP_LIMIT if states[-1].iteration >= max_steps else None


def _explain(reason: KMeansStop, states: list[KMeansState]) -> str:
    if reason is KMeansStop.CONVERGED:
        return f"Converged at iteration {states[-1].iteration}: no centre moves any more."
    before, after = states[-2].inertia, states[-1].inertia
    fell = 100 * (1 - after / before) if before > 0 else 0.0
    return (
        f"Stopped at the limit of {states[-1].iteration} iterations: the last still moved the centres and "
        f"lowered the inertia by {fell:.2g} %, so allow more of them."
    )


def _checked(points: ArrayLike, centres: Array) -> NDArray[Any]:
    """The points as rows of finite numbers, converted to float64 later and a few at a time."""
    rows = as_rows(points)
    check_centres(rows, centres)
    check_values(rows)
    return rows


def _state(rows: NDArray[Any], weights: Array | None, centres: Array, iteration: int) -> KMeansState:
    gathered = gather(rows, centres, weights)
    moments = LazyMoments(rows, weights, centres, gathered)
    return KMeansState(iteration, centres, gathered.counts, gathered.means, gathered.inertia, moments)


def _next(rows: NDArray[Any], weights: Array | None, state: KMeansState) -> KMeansState:
    held = state.counts > 0
    centres = state.means.copy()
    taken = state.centres[held]
    for k in np.flatnonzero(~held):
        place = _farthest(rows, weights, taken)
        if place is None:
            break
        centres[k] = place
        taken = np.concatenate([taken, place[None]])
    return _state(rows, weights, read_only(centres), state.iteration + 1)


def _farthest(rows: NDArray[Any], weights: Array | None, centres: Array) -> Array | None:
    """(D,): the point farthest from all centres, the first of several; None where none is off them."""
    place, most, first = None, 0.0, 0
    for chunk in chunks(rows):
        distances = squared_distances(chunk, centres).min(axis=1)
        if weights is not None:
            distances[weights[first : first + len(chunk)] == 0] = 0.0
            first += len(chunk)
        i = int(distances.argmax())
        if distances[i] > most:
            place, most = chunk[i], float(distances[i])
    return place


@dataclass(frozen=True, eq=False)
class KMeans:
    """K-Means with its settings, as one of `gmm_core.algorithms.ALGORITHMS`; it begins with a mixture's
    means."""

    sample_weights: ArrayLike | None = None
    """(N,): every point counts so many times."""
    title: str = "K-Means"
    """As people say it."""

    def start(self, points: ArrayLike, mixture: Mixture) -> KMeansState:
        """As the function `start`, from the means of `mixture`."""
        return start(points, mixture.means, sample_weights=self.sample_weights)

    def step(self, points: ArrayLike, state: KMeansState) -> KMeansState:
        """As the function `step`."""
        return step(points, state, sample_weights=self.sample_weights)

    def run(self, points: ArrayLike, mixture: Mixture, *, max_steps: int = 300) -> KMeansRun:
        """As the function `run`, from the means of `mixture`."""
        return run(points, mixture.means, sample_weights=self.sample_weights, max_steps=max_steps)

    def resume(self, points: ArrayLike, unfinished: KMeansRun, *, max_steps: int = 300) -> KMeansRun:
        """As the function `resume`."""
        return resume(points, unfinished, sample_weights=self.sample_weights, max_steps=max_steps)
