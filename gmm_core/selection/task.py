"""What many mixtures are fitted to at once, and how: the points and all that is not the mixtures' own."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from gmm_core.collapse import rounding_of
from gmm_core.em.variant import PLAIN, Variant
from gmm_core.gathering import Gathered, gather
from gmm_core.log_joint import LogJoint
from gmm_core.mixture import Mixture, Noise, with_noise
from gmm_core.moments import overall_moments
from gmm_core.points import Array
from gmm_core.starts.request import few_points


@dataclass(frozen=True, eq=False)
class Task:
    """Points, and how mixtures of any family are fitted to them."""

    points: Array
    """(N, D + B)."""
    n_binary: int = 0
    """B, of the last columns."""
    variant: Variant = PLAIN
    """What differs from plain EM."""
    reg_covar: float = 0.0
    """Added to every variance, in squared units of the points."""
    noise: Noise | None = None
    """What the background begins with, if there is any."""

    @property
    def numbers(self) -> Array:
        """(N, D): the points without their binary columns."""
        return self.points[:, : self.points.shape[1] - self.n_binary]

    @cached_property
    def weights(self) -> Array | None:
        """(N,): every point counts so many times; None where all count once."""
        given = self.variant.sample_weights
        return None if given is None else np.asarray(given, dtype=np.float64)

    @cached_property
    def total(self) -> float:
        """N, or the sum of the weights."""
        return float(len(self.points) if self.weights is None else self.weights.sum())

    @property
    def unit(self) -> float:
        """What one point counts: 1, or less where points weigh less on average."""
        return min(1.0, self.total / len(self.points))

    @cached_property
    def centre(self) -> Array:
        """(D,): the mean of all points."""
        return np.average(self.numbers, axis=0, weights=self.weights)

    @cached_property
    def units(self) -> Array:
        """(D,): the standard deviations of all points, 1 where there is none."""
        variances = np.diagonal(self.covariance)
        return np.sqrt(np.where(variances > 0, variances, 1.0))

    @cached_property
    def covariance(self) -> Array:
        """(D, D), of all points."""
        return overall_moments(self.numbers, self.weights).scatters[0] / self.total

    @cached_property
    def rounding(self) -> Array:
        """(D,): variances that may be nothing but the rounding of the points."""
        return rounding_of(np.diagonal(self.covariance), np.abs(self.numbers).max(axis=0))

    def gather(self, terms: LogJoint, sets: NDArray[np.intp]) -> Gathered:
        """What the mixtures of `terms` gather from the points; there is but one set of these."""
        return gather(self.points, terms, self.weights, self.variant.temperature)

    def thinned(self, at_most: int, rng: np.random.Generator) -> "Task":
        """The same for `at_most` of the points, drawn by `rng`, where there are more."""
        if len(self.points) <= at_most:
            return self
        points, weights = few_points(self.points, self.weights, 1, at_most, rng)
        return replace(self, points=points, variant=replace(self.variant, sample_weights=weights))

    def with_noise(self, mixture: Mixture) -> Mixture:
        """The mixture with the background that this begins with."""
        return with_noise(mixture, self.noise)
