"""What a start is asked for."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gmm_core.points import Array
from gmm_core.settings import whole_number


class StartError(ValueError):
    """A start that does not exist or lacks what it needs; the text says what to do."""


@dataclass(frozen=True, eq=False)
class StartRequest:
    """Where K components are to stand: on which points, with what shapes, and what has been given for it."""

    points: Array
    """(N, D): those that weigh anything, in numbers of every dimension."""
    weights: Array | None
    """(N,): every point counts so many times; None where all count the same."""
    covariance: Array
    """(D, D), of all points, in squared units."""
    n_components: int
    """K, at most the number of distinct points."""
    family: str
    """A key of FAMILIES."""
    rng: np.random.Generator
    """For whatever is drawn."""
    means: Array | None = None
    """(K, D), where the start needs them."""
    shares: Array | None = None
    """(N, K), where the start needs responsibilities: these times the weights of the points."""

    @property
    def units(self) -> Array:
        """(D,): the standard deviations of the points, 1 where there is none."""
        deviations = np.sqrt(np.diagonal(self.covariance))
        return np.where(deviations > 0, deviations, 1.0)

    def thinned(self, at_most: int) -> "StartRequest":
        """The same for `at_most` of the points, drawn by `rng`, where there are more."""
        points, weights = few_points(self.points, self.weights, self.n_components, at_most, self.rng)
        return replace(self, points=points, weights=weights)


def few_points(
    points: Array, weights: Array | None, n_components: int, at_most: int, rng: np.random.Generator
) -> tuple[Array, Array | None]:
    """All points (N, D) and their weights, or of more than `at_most` as many drawn by `rng`: at least K
    distinct ones. Those drawn by weight weigh as often as they have been drawn."""
    size = max(at_most, n_components)
    if len(points) <= size:
        return points, weights
    if weights is None:
        drawn = rng.choice(len(points), size, replace=False)
    else:
        drawn = rng.choice(len(points), size, p=weights / weights.sum())
    if len(np.unique(points[drawn], axis=0)) < n_components:
        places = np.unique(points, axis=0, return_index=True)[1]
        needed = rng.permutation(places)[:n_components]
        others = drawn
        if weights is None:
            others = rng.permutation(np.setdiff1d(np.arange(len(points)), needed))
        drawn = np.concatenate([needed, others[: size - n_components]])
    if weights is None:
        return points[drawn], None
    chosen, counts = np.unique(drawn, return_counts=True)
    return points[chosen], counts.astype(np.float64)


def checked_n_init(n_init: Any) -> int:
    """`n_init` as an int. Raises StartError unless it is a whole number of 1 or more."""
    wanted = whole_number(n_init, "The number of starts", StartError)
    if wanted < 1:
        raise StartError(f"{wanted} starts were asked for; draw at least 1.")
    return wanted
