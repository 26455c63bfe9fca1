"""The conjugate prior on means and covariances: as if some points had been seen before.

Source: Fraley & Raftery (2007), Bayesian regularization for normal mixture estimation and model-based
clustering, Journal of Classification 24, sections 3 and 4.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.families import FamilyError, find_family
from gmm_core.log_joint import LOG_TWO_PI
from gmm_core.mixture import Mixture, MixtureError
from gmm_core.moments import Moments, overall_moments
from gmm_core.normal_wishart import checked_normal_wishart
from gmm_core.points import Array, PointsError, ReadOnly, as_points, as_sample_weights, quoted
from gmm_core.settings import is_not_negative, whole_number

# The families, by their letters, for which the prior is conjugate.
PRIOR_FAMILIES = ("VVV", "EEE", "VVI", "EEI", "VII", "EII")


@dataclass(frozen=True, eq=False)
class Prior(ReadOnly):
    """Normal on every mean given its covariance, inverse Wishart on the covariances (inverse gamma on
    the variances of families without orientation).

    Raises MixtureError when shapes disagree or a number is not of its range.
    """

    mean: Array
    """(D,): where the means are expected."""
    shrinkage: float
    """> 0: the points that the expectation of a mean is worth (kappa)."""
    degrees: float
    """> D - 1: the degrees of freedom (nu)."""
    scale: Array
    """(D, D), symmetric positive definite: the scale of the covariances (Lambda)."""

    def __post_init__(self) -> None:
        mean, scale = checked_normal_wishart(self.mean, self.shrinkage, self.degrees, self.scale)
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "scale", scale)


def default_prior(
    points: ArrayLike,
    n_components: int,
    *,
    strength: float = 1.0,
    sample_weights: ArrayLike | None = None,
) -> Prior:
    """The prior of Fraley & Raftery (2007), section 4.1: the points' own mean and spread, worth little.

    With `strength` >= 1 it is worth so many times as much: what it adds to a component of a full covariance,
    as points and as scatter, is multiplied by it. Sample weights (N,) count every point so many times. Raises
    PointsError for bad points, weights or K, MixtureError when the points do not spread in every direction,
    or for a strength below 1.

    >>> prior = default_prior([[0, 0], [1, 0], [0, 2], [3, 3]], 2)
    >>> prior.shrinkage, prior.degrees
    (0.01, 4.0)
    """
    checked = as_points(points)
    n_points, n_dimensions = checked.shape
    wanted = whole_number(n_components, "The number of components")
    if wanted < 1:
        raise PointsError(f"The number of components is {wanted}; it must be 1 or more.")
    weights = as_sample_weights(sample_weights, n_points)
    everything = overall_moments(checked, weights)
    variance = everything.scatters[0] / max(everything.total - 1, 1)
    scale = variance / wanted ** (2.0 / n_dimensions)
    if not (is_not_negative(strength) and strength >= 1):
        raise MixtureError(f"The prior's strength is {quoted(strength)}; give 1 or more.")
    # Of VVV the prior counts as degrees + D + 2 points: 1 for the mean's density, the rest the covariance's.
    degrees = strength * (2 * n_dimensions + 4) - n_dimensions - 2
    return Prior(everything.means[0], 0.01 * strength, degrees, strength * scale)


def _pseudo_scatter(prior: Prior, letters: str, n_components: int) -> tuple[float, Array]:
    """The points and the scatter (D, D) that the prior adds to every component.

    The published denominators, such as nu + n + D + 2 for VVV, are n + 1 for the mean's prior and these;
    a covariance shared by all components shares them too.
    """
    if letters not in PRIOR_FAMILIES:
        raise FamilyError(
            f"The family {letters} has no conjugate prior; choose one of {', '.join(PRIOR_FAMILIES)}, "
            "or leave the prior out."
        )
    n_dimensions = len(prior.mean)
    count, scatter = prior.degrees + n_dimensions + 1, prior.scale
    if letters.endswith("I"):
        count, scatter = prior.degrees + 2, prior.scale * np.eye(n_dimensions)
    if letters.endswith("II"):
        # One variance for all axes, with the mean of theirs as its scale.
        mean_scale = np.trace(prior.scale) / n_dimensions
        count, scatter = count / n_dimensions, mean_scale * np.eye(n_dimensions) / n_dimensions
    sharers = n_components if letters.startswith("E") else 1
    return count / sharers, scatter / sharers


def _check_dimensions(prior: Prior, n_dimensions: int) -> None:
    if len(prior.mean) != n_dimensions:
        raise MixtureError(
            f"The prior has {len(prior.mean)} dimensions and the points {n_dimensions}; give one for both."
        )


def with_prior(moments: Moments, prior: Prior, family: str) -> tuple[Moments, Array]:
    """Moments whose M-step is that of the posterior, apart from the weights, and the means (K, D) that
    it takes: each drawn towards the prior's.

    Raises FamilyError for a family whose prior is not conjugate, MixtureError for another dimension.
    Source: Fraley & Raftery (2007), table 1 and section 3.
    """
    _check_dimensions(prior, moments.n_dimensions)
    count, scatter = _pseudo_scatter(prior, find_family(family).letters, moments.n_components)
    shifts = moments.means - prior.mean
    pull = moments.counts / (prior.shrinkage + moments.counts)
    between = (prior.shrinkage * pull)[:, None, None] * (shifts[:, :, None] * shifts[:, None, :])
    augmented = replace(
        moments, counts=moments.counts + 1 + count, scatters=moments.scatters + scatter + between
    )
    return augmented, prior.mean + pull[:, None] * shifts


def log_prior(prior: Prior, mixture: Mixture, family: str) -> float:
    """The log-density of the mixture's means and covariances under the prior, in nats, up to a constant
    that depends on the prior and the family alone.

    Raises as `with_prior`.
    """
    _check_dimensions(prior, mixture.n_dimensions)
    count, scatter = _pseudo_scatter(prior, find_family(family).letters, mixture.n_components)
    shifts = mixture.means - prior.mean
    seen = scatter + prior.shrinkage * shifts[:, :, None] * shifts[:, None, :]
    whitened = mixture.whiteners @ seen @ mixture.whiteners.transpose(0, 2, 1)
    constant = mixture.n_dimensions * LOG_TWO_PI - mixture.n_dimensions * np.log(prior.shrinkage)
    distances = np.einsum("kdd->k", whitened)
    return float(-0.5 * (2 * (1 + count) * mixture.log_scales + distances + constant).sum())
