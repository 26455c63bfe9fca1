"""K-Means, one step at a time, in the same shape as EM: assign, then move the centres.

An empty cluster takes the point that lies farthest from its centre; several take the farthest ones.
Source: Lloyd (1982), Least squares quantization in PCM.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.log_joint import chunks
from gmm_core.moments import Moments, weighted_moments
from gmm_core.points import Array, PointsError, as_points, read_only


@dataclass(frozen=True, eq=False)
class KMeansState:
    """K-Means after `iteration` moves of the centres; every field belongs to these centres."""

    iteration: int
    """Moves of the centres since the start."""
    centres: Array
    """(K, D), in the units of the points."""
    moments: Moments
    """Of the points assigned to each centre: hard assignments, so counts are whole numbers."""
    inertia: float
    """The squared distances of all points to their centres, summed."""


def assign(points: Any, centres: Array) -> NDArray[np.int64]:
    """(N,): the index of the nearest centre of each point; the lowest index when several are as near."""
    checked = as_points(points, centres.shape[1])
    return np.concatenate([_squared_distances(chunk, centres).argmin(axis=1) for chunk in chunks(checked)])


def start(points: Any, centres: Any) -> KMeansState:
    """Iteration 0: the points assigned to the given centres (K, D). Raises PointsError for bad input."""
    return _assigned(as_points(points), read_only(as_points(centres)), 0)


def step(points: Any, state: KMeansState) -> KMeansState:
    """The next state: centres move to the means of their points, then points are assigned anew."""
    checked = as_points(points, state.centres.shape[1])
    centres = np.where((state.moments.counts > 0)[:, None], state.moments.means, state.centres)
    empty = np.flatnonzero(state.moments.counts == 0)
    if len(empty):
        distances = np.concatenate(
            [_squared_distances(c, state.centres).min(axis=1) for c in chunks(checked)]
        )
        centres[empty] = checked[np.argsort(-distances, kind="stable")[: len(empty)]]
    return _assigned(checked, read_only(centres), state.iteration + 1)


def iterate(points: Any, centres: Any) -> Iterator[KMeansState]:
    """Every state from iteration 0 on, without end: the caller stops."""
    state = start(points, centres)
    while True:
        yield state
        state = step(points, state)


def run(points: Any, centres: Any, *, max_steps: int = 300) -> tuple[KMeansState, ...]:
    """The states up to and including the first whose inertia no longer falls, or `max_steps` moves."""
    states: list[KMeansState] = []
    for state in iterate(points, centres):
        states.append(state)
        settled = len(states) > 1 and not state.inertia < states[-2].inertia
        if settled or state.iteration >= max_steps:
            break
    return tuple(states)


def _squared_distances(chunk: Array, centres: Array) -> Array:
    """(n, K); differences first, so that a far origin costs no digits."""
    result = np.empty((len(chunk), len(centres)), order="F")
    for k, centre in enumerate(centres):
        offsets = chunk - centre
        result[:, k] = np.einsum("nd,nd->n", offsets, offsets)
    return result


def _assigned(points: Array, centres: Array, iteration: int) -> KMeansState:
    if centres.shape[1] != points.shape[1]:
        raise PointsError(
            f"The centres have {centres.shape[1]} columns and the points {points.shape[1]}; "
            "give centres of the same dimension."
        )
    every_cluster = np.arange(len(centres))
    inertia, moments = 0.0, None
    for chunk in chunks(points):
        distances = _squared_distances(chunk, centres)
        labels = distances.argmin(axis=1)
        inertia += float(distances[np.arange(len(chunk)), labels].sum())
        part = weighted_moments(chunk, (labels[:, None] == every_cluster).astype(np.float64))
        moments = part if moments is None else moments + part
    assert moments is not None
    return KMeansState(iteration, centres, moments, inertia)
