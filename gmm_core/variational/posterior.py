"""What a variational mixture believes of its components after the points were seen.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.1-10.2.2.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import digamma, gammaln

from gmm_core.log_joint import FARTHEST, LOG_TWO_PI, LogJoint
from gmm_core.mixture import Mixture, MixtureError, mixture_unchecked
from gmm_core.moments import Moments
from gmm_core.normal_wishart import is_solid
from gmm_core.points import Array, ReadOnly, as_numbers, read_only, sealed
from gmm_core.settings import check_kind
from gmm_core.variational.prior import VariationalPrior
from gmm_core.whitening import whiten


@dataclass(frozen=True, eq=False)
class Posterior(ReadOnly):
    """What is believed of each component after the points were seen.

    The weights are Dirichlet(concentrations); precision k is Wishart with `degrees[k]` degrees of freedom
    and the inverse of `scales[k]`, and mean k, given it, is normal about `means[k]` with `shrinkages[k]`
    times that precision. Source: Bishop eqs. 10.57, 10.59.
    """

    concentrations: Array
    """(K,): alpha_k."""
    means: Array
    """(K, D), in the units of the points: m_k."""
    shrinkages: Array
    """(K,): beta_k."""
    degrees: Array
    """(K,): nu_k."""
    scales: Array
    """(K, D, D), symmetric positive definite, in squared units of the points: the inverse of W_k."""

    def __post_init__(self) -> None:
        for name in ("concentrations", "means", "shrinkages", "degrees", "scales"):
            array = as_numbers(getattr(self, name), f"The posterior's {name}", MixtureError)
            object.__setattr__(self, name, read_only(array))

    @property
    def n_components(self) -> int:
        """K."""
        return len(self.concentrations)

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.means.shape[1]

    @cached_property
    def mixture(self) -> Mixture:
        """The expected weights (Bishop eq. 10.69) and means, and the inverses of the expected precisions."""
        weights = self.concentrations / self.concentrations.sum()
        covariances = self.scales / self.degrees[:, None, None]
        return mixture_unchecked(weights, self.means, covariances, None, np.empty((self.n_components, 0)))

    @cached_property
    def _whitened(self) -> tuple[Array, Array]:
        whiteners, log_scales = whiten(self.scales)
        return sealed(whiteners), sealed(log_scales)

    @property
    def whiteners(self) -> Array:
        """(K, D, D): the inverses of the lower Cholesky factors of the scales."""
        return self._whitened[0]

    @property
    def log_scales(self) -> Array:
        """(K,): half the log-determinants of the scales."""
        return self._whitened[1]

    @cached_property
    def expected_log_weights(self) -> Array:
        """(K,): E[log pi_k] (Bishop eq. 10.66)."""
        expected = _digamma(self.concentrations) - _digamma(self.concentrations.sum())
        return sealed(np.maximum(expected, -FARTHEST))

    @cached_property
    def log_joint(self) -> LogJoint:
        """E[log(pi_k Normal(x; mu_k, Lambda_k^-1))], as a function of the point (Bishop eqs. 10.46, 10.64).

        A density it is not: by Jensen's inequality it lies below that of the expected mixture.
        """
        n_dimensions, nothing = self.n_dimensions, sealed(np.empty((self.n_components, 0)))
        # Half of Bishop eq. 10.65.
        log_roots = 0.5 * (_digamma(_halves(self.degrees, n_dimensions)) + np.log(2.0)).sum(axis=1)
        log_peaks = log_roots - self.log_scales - 0.5 * n_dimensions * (LOG_TWO_PI + 1.0 / self.shrinkages)
        whiteners = np.sqrt(self.degrees)[:, None, None] * self.whiteners
        constants = sealed(self.expected_log_weights + log_peaks)
        return LogJoint(constants, self.means, sealed(whiteners), nothing, nothing, None)


def _halves(degrees: Array, n_dimensions: int) -> Array:
    """(K, D): the arguments of the gamma functions in a Wishart's normaliser (Bishop eq. B.79)."""
    return 0.5 * (degrees[:, None] - np.arange(n_dimensions))


def _digamma(values: Any) -> Array:
    return np.asarray(digamma(values), dtype=np.float64)


def _log_gamma(values: Any) -> Array:
    return np.asarray(gammaln(values), dtype=np.float64)


def m_step(moments: Moments, prior: VariationalPrior) -> Posterior:
    """The posterior that raises the bound most at these moments (Bishop eqs. 10.58, 10.60-10.63, without
    the "+ 1" that some printings have in 10.63). A component whose count is 0 returns to the prior.

    Raises MixtureError when the prior is of another dimension, or its scale is lost in the rounding of a
    component's scatter, or the moments have noise or binary columns.
    """
    check_prior(prior, moments.n_dimensions, moments.noise is not None or moments.successes.size > 0)
    counts = moments.counts
    shifts = np.where((counts > 0)[:, None], moments.means - prior.mean, 0.0)
    shrinkages = prior.shrinkage + counts
    pull = counts / shrinkages
    between = (prior.shrinkage * pull)[:, None, None] * (shifts[:, :, None] * shifts[:, None, :])
    scales = prior.scale + moments.scatters + between
    _check_scales(scales)
    means = prior.mean + pull[:, None] * shifts
    return Posterior(prior.concentration + counts, means, shrinkages, prior.degrees + counts, scales)


def _check_scales(scales: Array) -> None:
    for k, scale in enumerate(scales):
        if not is_solid(scale):
            raise MixtureError(
                f"Component {k + 1} has no extent that float64 can carry: the prior's scale is too small "
                "beside the spread of the points or their distance from its mean; enlarge it."
            )


def check_prior(prior: VariationalPrior, n_dimensions: int, extras: bool) -> None:
    """Raises MixtureError unless it is a VariationalPrior of so many dimensions and there are no `extras`,
    noise or binary columns."""
    check_kind(prior, VariationalPrior, "The prior", "make one with default_variational_prior", MixtureError)
    if prior.n_dimensions != n_dimensions:
        raise MixtureError(
            f"The prior has {prior.n_dimensions} dimensions and the points {n_dimensions}; give one for both."
        )
    if extras:
        raise MixtureError("Noise and binary columns have no prior here; take a mixture without them.")


def divergence(posterior: Posterior, prior: VariationalPrior) -> float:
    """The Kullback-Leibler divergence of the posterior from the prior, in nats, >= 0.

    Right after an E-step the lower bound (Bishop eq. 10.70) is the sum of the logs of the responsibilities'
    divisors less this; 10.73, 10.74, 10.76 and 10.77 are its parts.
    """
    return _weights_divergence(posterior, prior) + float(_components_divergence(posterior, prior).sum())


def _weights_divergence(posterior: Posterior, prior: VariationalPrior) -> float:
    """Of one Dirichlet from another (Bishop eqs. 10.73, 10.76, B.23)."""
    n_components, before, after = posterior.n_components, prior.concentration, posterior.concentrations
    gained = (after - before) @ posterior.expected_log_weights
    normalisers = _log_gamma(after.sum()) - _log_gamma(after).sum()
    normalisers -= _log_gamma(n_components * before) - n_components * _log_gamma(before)
    return float(normalisers + gained)


def _components_divergence(posterior: Posterior, prior: VariationalPrior) -> Array:
    """(K,): of every Gauss-Wishart from the prior's (Bishop eqs. 10.74, 10.77, B.79); whatever depends on
    the units or on log 2 and log pi cancels."""
    n_dimensions, degrees = prior.n_dimensions, posterior.degrees
    shifts = np.einsum("kij,kj->ki", posterior.whiteners, posterior.means - prior.mean)
    ratios = prior.shrinkage / posterior.shrinkages
    means = n_dimensions * (ratios - 1.0 - np.log(ratios))
    means += prior.shrinkage * degrees * (shifts**2).sum(axis=1)
    first = np.array([prior.degrees], dtype=np.float64)
    log_gammas = _log_gamma(_halves(degrees, n_dimensions)) - _log_gamma(_halves(first, n_dimensions))
    growth = 2.0 * (posterior.log_scales - whiten(prior.scale)[1])
    traces = np.einsum("kij,jl,kil->k", posterior.whiteners, prior.scale, posterior.whiteners)
    precisions = prior.degrees * growth - 2.0 * log_gammas.sum(axis=1)
    precisions += (degrees - prior.degrees) * _digamma(_halves(degrees, n_dimensions)).sum(axis=1)
    precisions += degrees * (traces - n_dimensions)
    return 0.5 * (means + precisions)
