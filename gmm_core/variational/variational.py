"""A mixture of an indefinite number of Gaussians: given a generous K, it switches off what it does not need.

The weights, means and precisions are not numbers but distributions, of the same kind before (the prior) and
after (the posterior) the points were seen: a Dirichlet on the weights, a Gauss-Wishart on every mean and
precision. A component without points returns to the prior, so none can collapse. Advancing (`start`, `step`,
`iterate`) and stopping (`run`) are separate, as in EM.
Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.1-10.2.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from scipy.special import digamma, gammaln

from gmm_core import expectation, quadratic
from gmm_core.em import StopReason
from gmm_core.em.prior import is_solid
from gmm_core.expectation import Expectation, e_step
from gmm_core.log_joint import FARTHEST, LOG_TWO_PI, LogJoint
from gmm_core.mixture import Mixture, MixtureError, check_mixture, checked_mixture
from gmm_core.moments import Moments
from gmm_core.points import (
    Array,
    PointsError,
    ReadOnly,
    as_numbers,
    as_rows,
    as_sample_weights,
    frozen,
    read_only,
    shown,
)
from gmm_core.settings import check_kind, is_not_negative, whole_number
from gmm_core.variational.prior import VariationalPrior, default_variational_prior
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
        return checked_mixture(weights, self.means, covariances, None, np.empty((self.n_components, 0)))

    @cached_property
    def _whitened(self) -> tuple[Array, Array]:
        whiteners, log_scales = whiten(self.scales)
        return frozen(whiteners), frozen(log_scales)

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
        return frozen(np.maximum(expected, -FARTHEST))

    @cached_property
    def log_joint(self) -> LogJoint:
        """E[log(pi_k Normal(x; mu_k, Lambda_k^-1))], as a function of the point (Bishop eqs. 10.46, 10.64).

        A density it is not: by Jensen's inequality it lies below that of the expected mixture.
        """
        n_dimensions, nothing = self.n_dimensions, frozen(np.empty((self.n_components, 0)))
        # Half of Bishop eq. 10.65.
        log_roots = 0.5 * (_digamma(_halves(self.degrees, n_dimensions)) + np.log(2.0)).sum(axis=1)
        log_peaks = log_roots - self.log_scales - 0.5 * n_dimensions * (LOG_TWO_PI + 1.0 / self.shrinkages)
        whiteners = np.sqrt(self.degrees)[:, None, None] * self.whiteners
        constants = frozen(self.expected_log_weights + log_peaks)
        return LogJoint(constants, self.means, frozen(whiteners), nothing, nothing, None)


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
    _check_kind(prior, moments.n_dimensions, moments.noise is not None or moments.successes.size > 0)
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


def _check_kind(prior: VariationalPrior, n_dimensions: int, extras: bool) -> None:
    check_kind(prior, VariationalPrior, "The prior", "make one with default_variational_prior", MixtureError)
    if prior.n_dimensions != n_dimensions:
        raise MixtureError(
            f"The prior has {prior.n_dimensions} dimensions and the points {n_dimensions}; give one for both."
        )
    if extras:
        raise MixtureError("Noise and binary columns have no prior here; take a mixture without them.")


@dataclass(frozen=True, eq=False)
class VariationalState:
    """The fit after `iteration` steps; every field belongs to this state's posterior."""

    iteration: int
    """Steps taken since the start."""
    posterior: Posterior
    """What is believed of the components."""
    moments: Moments
    """The points' expected sufficient statistics under `posterior`."""
    lower_bound: float
    """On the log-evidence, the log-density of the points with all parameters averaged out; in nats.

    It sees one of K! equal modes: add log K! before comparing values of K (Bishop 10.2.4)."""

    @property
    def mixture(self) -> Mixture:
        """The posterior's expected mixture; components that are switched off have weights near 0."""
        return self.posterior.mixture

    @property
    def n_active(self) -> int:
        """How many components hold more than one point: their responsibilities, summed, exceed 1."""
        return int((self.moments.counts > 1.0).sum())


@dataclass(frozen=True, eq=False)
class VariationalRun:
    """A finished run, with every state it passed through."""

    states: tuple[VariationalState, ...]
    """From iteration 0 on; never empty."""
    stop_reason: StopReason
    """Why it ended: CONVERGED or STEP_LIMIT."""
    explanation: str
    """The reason in one sentence, with the numbers of this run."""

    @property
    def mixture(self) -> Mixture:
        """The last state's expected mixture."""
        return self.states[-1].mixture

    @property
    def lower_bound(self) -> float:
        """The last state's bound on the log-evidence, in nats."""
        return self.states[-1].lower_bound


def start(
    points: Any, mixture: Mixture, prior: VariationalPrior, *, sample_weights: Any = None
) -> VariationalState:
    """Iteration 0: the posterior that the responsibilities of `mixture` give, and the E-step at it.

    Sample weights (N,) count every point so many times. Raises PointsError for bad points or weights,
    MixtureError as `m_step`.
    """
    check_mixture(mixture)
    _check_kind(prior, mixture.n_dimensions, mixture.noise is not None or mixture.probabilities.size > 0)
    _check_array(points)
    moments = e_step(points, mixture, sample_weights=sample_weights).moments
    return _state(points, 0, m_step(moments, prior), prior, sample_weights)


def step(
    points: Any, state: VariationalState, prior: VariationalPrior, *, sample_weights: Any = None
) -> VariationalState:
    """The next state: the posterior of this state's moments, and the E-step at it. Raises as `start`."""
    _check_array(points)
    check_kind(state, VariationalState, "The state", "give one of this method's own")
    return _state(points, state.iteration + 1, m_step(state.moments, prior), prior, sample_weights)


def _check_array(points: Any) -> None:
    if isinstance(points, Iterator):
        raise PointsError("An iterator of points can be read only once; give an array.")


def _state(
    points: Any, iteration: int, posterior: Posterior, prior: VariationalPrior, sample_weights: Any
) -> VariationalState:
    gathered = _expect(points, posterior, prior, sample_weights)
    bound = gathered.log_likelihood - divergence(posterior, prior)
    return VariationalState(iteration, posterior, gathered.moments, bound)


def _expect(points: Any, posterior: Posterior, prior: VariationalPrior, sample_weights: Any) -> Expectation:
    """The E-step (Bishop eqs. 10.49-10.53); its log-likelihood is the sum of the logs of 10.49's divisors.

    A component that is switched off has no scatter that could be precise, and needs none: beside the
    prior's scale it vanishes. So the fast way is taken more often than a plain mixture may take it.
    """
    terms, origin = posterior.log_joint, posterior.mixture.weights @ posterior.means
    rows = as_rows(points, terms.n_dimensions)
    weights = as_sample_weights(sample_weights, len(rows))
    sums = quadratic.expect(rows, terms, origin, weights)
    if sums is not None:
        counts, means, scatters, _ = quadratic.gathered(sums.features, origin)
        moments = Moments(counts, means, scatters)
        if _is_precise(moments, origin, prior):
            return Expectation(moments, float(sums.log_likelihood), float(sums.objective))
    return expectation.expect(rows, terms, origin, sample_weights=weights)


def _is_precise(moments: Moments, origin: Array, prior: VariationalPrior) -> bool:
    """Whether scatters that are differences of squares about the origin keep their digits once the prior's
    scale is added: with the squares scaled to 1, the determinant sees every direction."""
    shifts = moments.means - origin
    scales = prior.scale + moments.scatters
    squares = np.einsum("kdd->kd", scales) + moments.counts[:, None] * shifts**2
    if (squares <= 0).any():
        return False
    extents = np.sqrt(squares)
    left = np.linalg.det(scales / extents[:, :, None] / extents[:, None, :])
    return bool((left * quadratic.MOST_CANCELLED > 1.0).all())


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


def iterate(
    points: Any, mixture: Mixture, prior: VariationalPrior, *, sample_weights: Any = None
) -> Iterator[VariationalState]:
    """Every state from iteration 0 on, without end: the caller stops. Raises as `start`."""
    state = start(points, mixture, prior, sample_weights=sample_weights)
    while True:
        yield state
        state = step(points, state, prior, sample_weights=sample_weights)


def run(
    points: Any,
    mixture: Mixture,
    *,
    prior: VariationalPrior | None = None,
    sample_weights: Any = None,
    tolerance: float = 1e-6,
    max_steps: int = 500,
) -> VariationalRun:
    """Steps from `mixture` until one gains at most `tolerance` nats a point on the bound, or `max_steps`.

    Without a prior it is `default_variational_prior`. Raises as `start`, and MixtureError for a negative
    or missing setting.
    """
    if not is_not_negative(tolerance):
        raise MixtureError(f"The tolerance is {shown(tolerance)}; it is a gain per point, so give 0 or more.")
    max_steps = whole_number(max_steps, "The step limit", MixtureError)
    if max_steps < 1:
        raise MixtureError(f"The step limit is {max_steps}; allow at least 1 step.")
    _check_array(points)
    if prior is None:
        prior = default_variational_prior(points, sample_weights=sample_weights)
    states: list[VariationalState] = []
    for state in iterate(points, mixture, prior, sample_weights=sample_weights):
        states.append(state)
        reason = _reason_to_stop(states, tolerance, max_steps)
        if reason is not None:
            return VariationalRun(tuple(states), reason, _explain(reason, states))
    raise AssertionError("iterate never ends by itself")


def _gain(states: list[VariationalState]) -> float:
    """Of the last step, in nats a point."""
    return (states[-1].lower_bound - states[-2].lower_bound) / states[-1].moments.total


def _reason_to_stop(states: list[VariationalState], tolerance: float, max_steps: int) -> StopReason | None:
    if len(states) < 2:
        return None
    # Sums of N rounded terms differ by about this much even when nothing moves; only so can the bound fall.
    rounding = 1e-13 * max(1.0, abs(states[-1].lower_bound) / states[-1].moments.total)
    if _gain(states) <= max(tolerance, rounding):
        return StopReason.CONVERGED
    return StopReason.STEP_LIMIT if states[-1].iteration >= max_steps else None


def _explain(reason: StopReason, states: list[VariationalState]) -> str:
    last, gain = states[-1], _gain(states)
    active = f"{last.n_active} of {last.posterior.n_components} components are active"
    if reason is StopReason.CONVERGED:
        return (
            f"Converged at iteration {last.iteration}: the last step raised the bound by {gain:.2g} a point, "
            f"within the tolerance, and {active}."
        )
    return (
        f"Stopped at the limit of {last.iteration} iterations: the last still raised the bound by {gain:.2g} "
        f"a point, and {active}; allow more iterations or a larger tolerance."
    )
