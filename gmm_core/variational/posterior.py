"""What a variational mixture believes of its components after the points were seen.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.1-10.2.2.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma

from gmm_core.log_joint import FARTHEST, LOG_TWO_PI, LogJoint
from gmm_core.mixture import Mixture, MixtureError, Noise, mixture_unchecked
from gmm_core.moments import Moments
from gmm_core.normal_wishart import are_extended
from gmm_core.points import Array, ReadOnly, as_numbers, read_only, sealed
from gmm_core.settings import check_kind
from gmm_core.variational.prior import VariationalPrior
from gmm_core.variational.shaping import is_shared, shaped
from gmm_core.variational.weights import Order, Weights, believed
from gmm_core.whitening import whiten


@dataclass(frozen=True, eq=False)
class Posterior(ReadOnly):
    """What is believed of each component after the points were seen.

    The weights are Dirichlet(concentrations), or pieces of a stick; precision k is Wishart with `degrees[k]`
    degrees of freedom and the inverse of `scales[k]`, and mean k, given it, is normal about `means[k]` with
    `shrinkages[k]` times that precision; the probability of a 1 in a binary column is Beta(successes,
    failures). Source: Bishop eqs. 10.57, 10.59; Blei & Jordan (2006), section 3, for sticks.
    """

    concentrations: Array
    """(K,): alpha_k; of a stick the first parameters of the Beta distributions."""
    means: Array
    """(K, D), in the units of the points: m_k."""
    shrinkages: Array
    """(K,): beta_k."""
    degrees: Array
    """(K,): nu_k."""
    scales: Array
    """(K, D, D), symmetric positive definite, in squared units of the points: the inverse of W_k."""
    noise: Noise | None = None
    """The background noise, if any; its amount is its concentration."""
    rests: Array | None = None
    """(K,), and 1 for the noise: the second parameters of a stick's Beta distributions, or None."""
    order: Order | None = None
    """(K,), and 1 for the noise, which is K: who breaks a piece off the stick, the first first, or None."""
    successes: Array = field(default_factory=lambda: np.empty((0, 0)))
    """(K, B): of the Beta distributions of binary columns; (K, 0) without any."""
    failures: Array = field(default_factory=lambda: np.empty((0, 0)))
    """(K, B): their second parameters."""
    off: NDArray[np.bool_] | None = None
    """(K,): components that were switched off, and get no share of any point; None for none."""

    def __post_init__(self) -> None:
        for name in ("concentrations", "means", "shrinkages", "degrees", "scales"):
            array = as_numbers(getattr(self, name), f"The posterior's {name}", MixtureError)
            object.__setattr__(self, name, read_only(array))
        for name in ("successes", "failures"):
            array = as_numbers(getattr(self, name), f"The posterior's {name}", MixtureError)
            array = array if array.size else np.empty((self.concentrations.size, 0))
            object.__setattr__(self, name, read_only(array))
        if self.rests is not None:
            rests = as_numbers(self.rests, "The posterior's rests", MixtureError)
            object.__setattr__(self, "rests", read_only(rests))
        if self.order is not None:
            order = as_numbers(self.order, "The posterior's order", MixtureError)
            object.__setattr__(self, "order", sealed(order.astype(np.intp)))
        if self.off is not None:
            off = as_numbers(self.off, "The posterior's off", MixtureError)
            object.__setattr__(self, "off", sealed(off != 0))

    @property
    def n_components(self) -> int:
        """K."""
        return len(self.concentrations)

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.means.shape[1]

    @cached_property
    def weights(self) -> Weights:
        """The belief about the weights, the noise's last."""
        firsts = self.concentrations
        if self.noise is not None:
            firsts = np.append(firsts, self.noise.amount)
        return Weights(firsts, self.rests, self.order)

    @cached_property
    def mixture(self) -> Mixture:
        """The expected weights (Bishop eq. 10.69), means and probabilities, and the inverses of the expected
        precisions."""
        shares, n_components = self.weights.expected, self.n_components
        noise = None if self.noise is None else Noise(float(shares[-1]), self.noise.volume)
        covariances = self.scales / self.degrees[:, None, None]
        probabilities = self.successes / (self.successes + self.failures)
        return mixture_unchecked(shares[:n_components].copy(), self.means, covariances, noise, probabilities)

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
        return sealed(self.weights.expected_logs[: self.n_components].copy())

    @cached_property
    def log_joint(self) -> LogJoint:
        """E[log(pi_k Normal(x; mu_k, Lambda_k^-1))], as a function of the point (Bishop eqs. 10.46, 10.64).

        A density it is not: by Jensen's inequality it lies below that of the expected mixture.
        """
        n_dimensions = self.n_dimensions
        # Half of Bishop eq. 10.65.
        log_roots = 0.5 * (_digamma(halves(self.degrees, n_dimensions)) + np.log(2.0)).sum(axis=1)
        log_peaks = log_roots - self.log_scales - 0.5 * n_dimensions * (LOG_TWO_PI + 1.0 / self.shrinkages)
        whiteners = np.sqrt(self.degrees)[:, None, None] * self.whiteners
        constants = self.expected_log_weights + log_peaks
        if self.off is not None:
            constants = np.where(self.off, -FARTHEST, constants)
        seen = _digamma(self.successes + self.failures)
        successes, failures = _digamma(self.successes) - seen, _digamma(self.failures) - seen
        log_noise = None
        if self.noise is not None:
            log_noise = np.array(self.weights.expected_logs[-1] - np.log(self.noise.volume))
        return LogJoint(
            sealed(constants),
            self.means,
            sealed(whiteners),
            sealed(failures),
            sealed(successes),
            log_noise,
        )

    @cached_property
    def alive(self) -> NDArray[np.intp]:
        """The indices of the components that may get a share."""
        on = np.ones(self.n_components, dtype=bool) if self.off is None else ~self.off
        return sealed(np.flatnonzero(on))

    @cached_property
    def alive_terms(self) -> LogJoint:
        """The log-joint of these alone, and of the noise."""
        terms, on = self.log_joint, self.alive
        if len(on) == self.n_components:
            return terms
        return LogJoint(
            sealed(terms.constants[on]),
            sealed(terms.means[on]),
            sealed(terms.whiteners[on]),
            sealed(terms.log_failures[on]),
            sealed(terms.log_successes[on]),
            terms.log_noise,
        )


def halves(degrees: Array, n_dimensions: int) -> Array:
    """(..., D): the arguments of the gamma functions in a Wishart's normaliser (Bishop eq. B.79), of degrees
    of freedom (...)."""
    return 0.5 * (degrees[..., None] - np.arange(n_dimensions))


def _digamma(values: Array) -> Array:
    return np.asarray(digamma(values), dtype=np.float64)


def m_step(
    moments: Moments,
    prior: VariationalPrior,
    *,
    family: str = "full",
    by_size: bool = False,
    off: NDArray[np.bool_] | None = None,
) -> Posterior:
    """The posterior that raises the bound most at these moments (Bishop eqs. 10.58, 10.60-10.63, without
    the "+ 1" that some printings have in 10.63), among those of `family`, one of VARIATIONAL_FAMILIES. A
    component whose count is 0 returns to the prior. A stick is broken `by_size`, or as the components are
    numbered. Components that are `off` (K,) get no share from then on.

    Raises MixtureError when the prior is of another dimension, or its scale is lost in the rounding of a
    component's scatter, FamilyError for another family.
    """
    check_prior(prior, moments.n_dimensions)
    prior = prior.of_family(family)
    counts, noise = moments.counts, moments.noise
    pull, scales = gathered_scales(counts, moments.means, moments.scatters, prior)
    degrees = prior.degrees + counts
    scales = shaped(scales, family)
    if is_shared(family):
        scales = np.broadcast_to(scales.mean(axis=0), scales.shape)
        degrees = np.full(len(counts), degrees.mean())
    _check_scales(scales)
    rows = counts if noise is None else np.append(counts, noise.amount)
    weights = believed(rows, prior, noise is not None, by_size=by_size)
    failures = np.maximum(counts[:, None] - moments.successes, 0.0) + prior.failures
    return Posterior(
        weights.firsts[: len(counts)],
        np.where(
            (counts > 0)[:, None], prior.mean + pull[:, None] * (moments.means - prior.mean), prior.mean
        ),
        prior.shrinkage + counts,
        degrees,
        scales,
        None if noise is None else Noise(float(weights.firsts[-1]), noise.volume),
        weights.rests,
        weights.order,
        moments.successes + prior.successes,
        failures,
        off,
    )


def gathered_scales(
    counts: Array, means: Array, scatters: Array, prior: VariationalPrior
) -> tuple[Array, Array]:
    """How far each of means (..., D) pulls from the prior's towards itself (...), from 0 to 1, and the scales
    (..., D, D) of counts (...) and scatters (..., D, D) (Bishop eq. 10.62)."""
    shifts = np.where((counts > 0)[..., None], means - prior.mean, 0.0)
    pull = counts / (prior.shrinkage + counts)
    between = (prior.shrinkage * pull)[..., None, None] * (shifts[..., :, None] * shifts[..., None, :])
    return pull, prior.scale + scatters + between


def _check_scales(scales: Array) -> None:
    extended = are_extended(scales)
    if not extended.all():
        raise MixtureError(
            f"Component {int(extended.argmin()) + 1} has no extent that float64 can carry: the prior's scale "
            "is too small beside the spread of the points or their distance from its mean; enlarge it."
        )


def check_prior(prior: VariationalPrior, n_dimensions: int) -> None:
    """Raises MixtureError unless it is a VariationalPrior of so many dimensions."""
    check_kind(prior, VariationalPrior, "The prior", "make one with default_variational_prior", MixtureError)
    if prior.n_dimensions != n_dimensions:
        raise MixtureError(
            f"The prior has {prior.n_dimensions} dimensions and the points {n_dimensions}; give one for both."
        )
