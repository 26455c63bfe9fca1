"""Where the means of a start stand: places (K, D), from points and their weights.

Distances are taken with every axis divided by its standard deviation, so that a change of units does
not change the start.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gmm_core.log_joint import chunks
from gmm_core.points import Array
from gmm_core.starts.request import StartError, StartRequest

# A point that weighs less than this beside the heaviest is drawn as though it weighed as much.
LIGHTEST_ODDS = 1e-100


def kmeans_plus_plus(request: StartRequest) -> Array:
    """(K, D): points drawn one by one by weight times squared distance to those before.

    Source: Arthur & Vassilvitskii (2007).
    """

    def likely(distances: Array) -> Any:
        odds = distances if request.weights is None else distances * _odds(request.weights)
        return request.rng.choice(len(odds), p=odds / odds.sum())

    return _spread(request, likely)


def farthest_points(request: StartRequest) -> Array:
    """(K, D): each the point farthest from those before. Source: Gonzalez (1985)."""
    return _spread(request, np.argmax)


def _odds(weights: Array) -> Array:
    """(N,): the weights beside the heaviest of them."""
    return np.maximum(weights / weights.max(), LIGHTEST_ODDS)


def _spread(request: StartRequest, choose: Callable[[Array], Any]) -> Array:
    """Points chosen one by one by their squared distances to the nearest chosen so far."""
    points, weights, units, rng = request.points, request.weights, request.units, request.rng
    if weights is None:
        chosen = [points[rng.integers(len(points))]]
    else:
        chosen = [points[rng.choice(len(points), p=weights / weights.sum())]]
    distances = np.full(len(points), np.inf)
    while len(chosen) < request.n_components:
        first = 0
        for chunk in chunks(points):
            nearest = distances[first : first + len(chunk)]
            # Differences first: division by the units could make two distinct points equal.
            np.minimum(nearest, (((chunk - chosen[-1]) / units) ** 2).sum(axis=1), out=nearest)
            first += len(chunk)
        chosen.append(points[choose(distances)])
    return np.array(chosen)


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
