"""The regions of highest density: above which density a share of a mixture's mass lies."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv

from gmm_core.log_joint import CHUNK
from gmm_core.mixture import Mixture, MixtureError, log_density, sample, without_noise
from gmm_core.points import Array, ReadOnly, as_numbers, quoted, sealed
from gmm_core.settings import Seed, as_generator, whole_number
from gmm_core.total_moments import mixture_mean


@dataclass(frozen=True, eq=False)
class DensityLevels(ReadOnly):
    """For some shares of a mixture's mass, the level of the density whose region holds it."""

    shares: Array
    """(S,): the shares asked for, between 0 and 1."""
    log_densities: Array
    """(S,), in nats: points of at least this log-density hold the share; no smaller region does."""
    standard_errors: Array
    """(S,), in nats: of the log-densities, by the order statistics one deviation to either side; 0 where the
    levels are exact."""
    n_samples: int
    """The points drawn to find them; 0 where the levels are exact."""

    @property
    def share_errors(self) -> Array:
        """(S,): the standard errors of the shares that the regions truly hold, whatever the density."""
        if not self.n_samples:
            return np.zeros(len(self.shares))
        return np.sqrt(self.shares * (1.0 - self.shares) / self.n_samples)


def density_levels(
    mixture: Mixture, shares: ArrayLike, *, n_samples: int = 100_000, rng: Seed
) -> DensityLevels:
    """The levels of the density whose regions hold these `shares` (S,) of the mass, or one of them.

    A region of highest density may be in several pieces. Its level is a quantile of the log-density of a
    random point: exact for one component without binary columns, and otherwise found from `n_samples` points
    drawn by `rng`. With binary columns the density is with respect to length and count.

    Raises MixtureError for shares that are not between 0 and 1, fewer than 2 points to draw, or noise, which
    has no place; PointsError for a bad `rng`.
    Source: Hyndman (1996), Computing and graphing highest density regions, section 3.2; Woodruff (1952) for
    the error of a quantile.

    >>> standard = Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
    >>> levels = density_levels(standard, [0.5], rng=0)
    >>> round(float(np.exp(levels.log_densities[0]) * 2 * np.pi), 6)
    0.5
    """
    components = without_noise(mixture, "where a share of its mass lies")
    wanted = np.atleast_1d(as_numbers(shares, "The shares", MixtureError, "The shares must be numbers (S,)."))
    if wanted.ndim != 1 or not wanted.size or not ((wanted > 0) & (wanted < 1)).all():
        raise MixtureError(f"The shares of the mass are {quoted(shares)}; give numbers between 0 and 1.")
    n_samples = whole_number(n_samples, "The number of points to draw", MixtureError, least=2)
    if n_samples < 2:
        raise MixtureError(f"Levels cannot be told from {n_samples} points; draw 2 or more.")
    rng = as_generator(rng)
    present = np.flatnonzero(components.weights)
    if len(present) == 1 and not components.probabilities.size:
        peak = components.log_joint.constants[present[0]]
        # Half of the chi-square quantile: half the squared distance in standard deviations.
        half_squares = np.asarray(gammaincinv(0.5 * components.n_dimensions, wanted), dtype=np.float64)
        return DensityLevels(sealed(wanted.copy()), sealed(peak - half_squares), _zeros(len(wanted)), 0)
    # About the mean: far from the origin points would have few digits, and a density does not move.
    near = replace(components, means=components.means - mixture_mean(components)[: components.n_dimensions])
    drawn = np.concatenate(
        [
            log_density(sample(near, min(CHUNK, n_samples - first), rng)[0], near)
            for first in range(0, n_samples, CHUNK)
        ]
    )
    deviations = np.sqrt(wanted * (1.0 - wanted) / n_samples)
    below = 1.0 - wanted
    low, high = np.maximum(below - deviations, 0.0), np.minimum(below + deviations, 1.0)
    levels, lower, upper = np.quantile(drawn, [below, low, high])
    return DensityLevels(sealed(wanted.copy()), sealed(levels), sealed(0.5 * (upper - lower)), n_samples)


def _zeros(length: int) -> Array:
    return sealed(np.zeros(length))
