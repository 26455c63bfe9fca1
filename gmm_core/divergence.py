"""The Kullback-Leibler divergence: what it costs to take one density for another.

Source: Kullback & Leibler (1951), On information and sufficiency.
"""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import rel_entr

from gmm_core.log_joint import CHUNK, FARTHEST
from gmm_core.mixture import Mixture, MixtureError, check_same_columns, log_density, sample, without_noise
from gmm_core.points import Array
from gmm_core.settings import Seed, as_generator, whole_number
from gmm_core.total_moments import mixture_mean


@dataclass(frozen=True)
class Divergence:
    """A Kullback-Leibler divergence, and how well it is known."""

    nats: float
    """The divergence, or its estimate, which may lie below 0 by a few standard errors."""
    standard_error: float
    """Of the estimate, in nats; 0 where it is exact."""
    n_samples: int
    """The points drawn; 0 where it is exact."""


def gaussian_divergences(mixture: Mixture, other: Mixture) -> Array:
    """(K, L): the divergence of each component of `other` from each of `mixture`, E_p[log p - log q] with p
    of `mixture` and q of `other`, in nats, exactly; the weights and the noise do not matter.

    No invertible affine map of the points changes it. Binary columns add their own part, infinity where q
    rules out what p does not. Raises MixtureError for mixtures of different columns.
    Source: Kullback, Information Theory and Statistics (1959), chapter 9, eq. 1.2.

    >>> wide, narrow = (Mixture([1.0], [[0.0]], [[[variance]]]) for variance in (4.0, 1.0))
    >>> gaussian_divergences(wide, narrow).round(4).tolist(), 1.5 - round(float(np.log(2)), 4)
    ([[0.8069]], 0.8069)
    """
    check_same_columns(mixture, other)
    factors = np.linalg.inv(mixture.whiteners)
    shifts = mixture.means[:, None] - other.means[None]
    with np.errstate(over="ignore"):
        spreads = ((other.whiteners[None] @ factors[:, None]) ** 2).sum(axis=(2, 3))
        squared = (np.einsum("lij,klj->kli", other.whiteners, shifts) ** 2).sum(axis=2)
    shapes = 0.5 * (spreads - mixture.n_dimensions) + other.log_scales - mixture.log_scales[:, None]
    # Of equal shapes rounding may leave a little less than 0.
    divergences = np.maximum(shapes, 0.0) + 0.5 * squared
    ones, other_ones = mixture.probabilities[:, None], other.probabilities[None]
    ruled_in = np.asarray(rel_entr(ones, other_ones), dtype=np.float64)
    ruled_out = np.asarray(rel_entr(1.0 - ones, 1.0 - other_ones), dtype=np.float64)
    return divergences + (ruled_in + ruled_out).sum(axis=2)


def kl_divergence(mixture: Mixture, other: Mixture, *, n_samples: int = 100_000, rng: Seed) -> Divergence:
    """The divergence of `other` from `mixture`, E[log p(x) - log q(x)] over points x of `mixture`, in nats:
    0 only for equal densities, and not the same the other way round.

    Exact between single Gaussians, for which `rng` draws nothing; for mixtures there is no formula, and it is
    the mean over `n_samples` points drawn by `rng`, with its standard error. Infinite where `other` rules out
    what was drawn.

    Raises MixtureError for mixtures of different columns, fewer than 2 points to draw, or noise, which is no
    density; PointsError for a bad `rng`.
    Source: Hershey & Olsen (2007), Approximating the Kullback Leibler divergence between Gaussian mixture
    models, eq. 4.

    >>> one = Mixture([1.0], [[0.0]], [[[1.0]]])
    >>> kl_divergence(one, Mixture([1.0], [[2.0]], [[[1.0]]]), rng=0)
    Divergence(nats=2.0, standard_error=0.0, n_samples=0)
    """
    check_same_columns(mixture, other)
    own, others = (without_noise(one, "a divergence") for one in (mixture, other))
    n_samples = whole_number(n_samples, "The number of points to draw", MixtureError, least=2)
    if n_samples < 2:
        raise MixtureError(f"{n_samples} points have no standard error; draw 2 or more.")
    rng = as_generator(rng)
    if own.n_components == others.n_components == 1:
        return Divergence(float(gaussian_divergences(own, others)[0, 0]), 0.0, 0)
    # About the mean: far from the origin points would have few digits, and a divergence does not move.
    origin = mixture_mean(own)[: own.n_dimensions]
    own, others = (replace(one, means=one.means - origin) for one in (own, others))
    parts: list[Array] = []
    for first in range(0, n_samples, CHUNK):
        points = sample(own, min(CHUNK, n_samples - first), rng)[0]
        parts.append(log_density(points, own) - log_density(points, others))
    ratios = np.concatenate(parts)
    if ratios.max() > 0.25 * FARTHEST:
        return Divergence(float("inf"), float("inf"), n_samples)
    error = ratios.std(ddof=1) / np.sqrt(n_samples)
    return Divergence(float(ratios.mean()), float(error), n_samples)
