"""The states of a variational mixture, the steps between them, and the run that ends them.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.1-10.2.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from numpy.typing import ArrayLike

from gmm_core.expectation import e_step, expect
from gmm_core.iteration import (
    StopReason,
    check_tolerance,
    follow,
    gain_per_point,
    rounding_per_point,
    step_limit,
)
from gmm_core.mixture import Mixture, check_mixture
from gmm_core.moments import Moments
from gmm_core.points import PointsError, as_rows
from gmm_core.settings import check_kind
from gmm_core.variational.posterior import Posterior, check_prior, divergence, m_step
from gmm_core.variational.prior import VariationalPrior, default_variational_prior


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
    def objective(self) -> float:
        """What the steps raise, in nats: the lower bound."""
        return self.lower_bound

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
    def is_unfinished(self) -> bool:
        """Whether it ended only at its step limit."""
        return self.stop_reason is StopReason.STEP_LIMIT

    @property
    def objective_name(self) -> str:
        """What the steps raised."""
        return "lower bound on the log-evidence"

    @property
    def rises(self) -> bool:
        """True: no step lowers the bound."""
        return True

    @property
    def lower_bounds(self) -> None:
        """None: the objective is itself a bound, on the evidence, and there is none on the likelihood."""
        return None

    @property
    def mixture(self) -> Mixture:
        """The last state's expected mixture."""
        return self.states[-1].mixture

    @property
    def lower_bound(self) -> float:
        """The last state's bound on the log-evidence, in nats."""
        return self.states[-1].lower_bound


def start(
    points: ArrayLike, mixture: Mixture, prior: VariationalPrior, *, sample_weights: ArrayLike | None = None
) -> VariationalState:
    """Iteration 0: the posterior that the responsibilities of `mixture` give points (N, D), and the
    E-step at it.

    Sample weights (N,) count every point so many times. Raises PointsError for bad points or weights, or an
    iterator of points, MixtureError for what is no Mixture, and else as `m_step`.
    Source: Bishop eqs. 10.46-10.53 and 10.58-10.63.
    """
    check_mixture(mixture)
    _check_columns(points, mixture)
    check_prior(prior, mixture.n_dimensions, mixture.noise is not None or mixture.probabilities.size > 0)
    moments = e_step(points, mixture, sample_weights=sample_weights).moments
    return _state(points, 0, m_step(moments, prior), prior, sample_weights)


def step(
    points: ArrayLike,
    state: VariationalState,
    prior: VariationalPrior,
    *,
    sample_weights: ArrayLike | None = None,
) -> VariationalState:
    """The next state: the posterior of this state's moments, and the E-step on points (N, D) at it.

    Raises as `start`, and PointsError for what is no VariationalState.
    """
    check_kind(state, VariationalState, "The state", "give one of this method's own")
    _check_columns(points, state.mixture)
    return _state(points, state.iteration + 1, m_step(state.moments, prior), prior, sample_weights)


def _check_columns(points: ArrayLike, mixture: Mixture) -> None:
    _check_array(points)
    as_rows(points, mixture.n_columns)


def _check_array(points: ArrayLike) -> None:
    if isinstance(points, Iterator):
        raise PointsError("An iterator of points can be read only once; give an array.")


def _state(
    points: ArrayLike,
    iteration: int,
    posterior: Posterior,
    prior: VariationalPrior,
    sample_weights: ArrayLike | None,
) -> VariationalState:
    gathered = expect(points, posterior.log_joint, sample_weights=sample_weights)
    bound = gathered.log_likelihood - divergence(posterior, prior)
    return VariationalState(iteration, posterior, gathered.moments, bound)


def iterate(
    points: ArrayLike, mixture: Mixture, prior: VariationalPrior, *, sample_weights: ArrayLike | None = None
) -> Iterator[VariationalState]:
    """Every state on points (N, D) from iteration 0 on, without end: the caller stops. Raises as `start`."""
    state = start(points, mixture, prior, sample_weights=sample_weights)
    yield state
    yield from _states_after(points, state, prior, sample_weights)


def _states_after(
    points: ArrayLike, state: VariationalState, prior: VariationalPrior, sample_weights: ArrayLike | None
) -> Iterator[VariationalState]:
    while True:
        state = step(points, state, prior, sample_weights=sample_weights)
        yield state


def run(
    points: ArrayLike,
    mixture: Mixture,
    *,
    prior: VariationalPrior | None = None,
    sample_weights: ArrayLike | None = None,
    tolerance: float = 1e-6,
    max_steps: int = 500,
) -> VariationalRun:
    """Steps from `mixture` until one gains at most `tolerance` nats a point on the bound, or `max_steps`.

    The points are (N, D); without a prior it is `default_variational_prior`. Raises as `start`, and
    MixtureError for a negative or missing setting, or points that do not spread in every direction where no
    prior is given.
    Source: Bishop 10.2.
    """
    check_tolerance(tolerance)
    limit = step_limit(max_steps)
    _check_array(points)
    if prior is None:
        prior = default_variational_prior(points, sample_weights=sample_weights)
    following = iterate(points, mixture, prior, sample_weights=sample_weights)
    return _until_it_stops([], following, tolerance, limit)


def resume(
    points: ArrayLike,
    unfinished: VariationalRun,
    *,
    prior: VariationalPrior | None = None,
    sample_weights: ArrayLike | None = None,
    tolerance: float = 1e-6,
    max_steps: int = 500,
) -> VariationalRun:
    """What `run` would have returned with this `max_steps`, given what it returned with fewer of them and all
    else the same: a run that did not end at its limit is returned as it is. Raises as `run`."""
    last = unfinished.states[-1]
    if not unfinished.is_unfinished or last.iteration >= max_steps:
        return unfinished
    if prior is None:
        prior = default_variational_prior(points, sample_weights=sample_weights)
    following = _states_after(points, last, prior, sample_weights)
    return _until_it_stops(list(unfinished.states), following, tolerance, max_steps)


def _until_it_stops(
    states: list[VariationalState], following: Iterator[VariationalState], tolerance: float, max_steps: int
) -> VariationalRun:
    reason = follow(states, following, lambda states: _reason(states, tolerance, max_steps))
    return VariationalRun(tuple(states), reason, _explain(reason, states))


def _reason(states: list[VariationalState], tolerance: float, max_steps: int) -> StopReason | None:
    if len(states) < 2:
        return None
    # Only by rounding can the bound fall.
    if gain_per_point(states) <= max(tolerance, rounding_per_point(states)):
        return StopReason.CONVERGED
    return StopReason.STEP_LIMIT if states[-1].iteration >= max_steps else None


def _explain(reason: StopReason, states: list[VariationalState]) -> str:
    last, gain = states[-1], gain_per_point(states)
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


@dataclass(frozen=True, eq=False)
class VariationalMixture:
    """The variational mixture with its settings, as one of `gmm_core.algorithms.ALGORITHMS`."""

    prior: VariationalPrior | None = None
    """None for that of `default_variational_prior`, which every call then finds anew."""
    sample_weights: ArrayLike | None = None
    """(N,): every point counts so many times."""
    tolerance: float = 1e-6
    """The gain, in nats a point, at which a run ends."""
    title: str = "Variational mixture"
    """As people say it."""

    def _prior(self, points: ArrayLike) -> VariationalPrior:
        return self.prior or default_variational_prior(points, sample_weights=self.sample_weights)

    def start(self, points: ArrayLike, mixture: Mixture) -> VariationalState:
        """As the function `start`."""
        return start(points, mixture, self._prior(points), sample_weights=self.sample_weights)

    def step(self, points: ArrayLike, state: VariationalState) -> VariationalState:
        """As the function `step`."""
        return step(points, state, self._prior(points), sample_weights=self.sample_weights)

    def run(self, points: ArrayLike, mixture: Mixture, *, max_steps: int = 500) -> VariationalRun:
        """As the function `run`."""
        return run(
            points,
            mixture,
            prior=self.prior,
            sample_weights=self.sample_weights,
            tolerance=self.tolerance,
            max_steps=max_steps,
        )

    def resume(
        self, points: ArrayLike, unfinished: VariationalRun, *, max_steps: int = 500
    ) -> VariationalRun:
        """As the function `resume`."""
        return resume(
            points,
            unfinished,
            prior=self.prior,
            sample_weights=self.sample_weights,
            tolerance=self.tolerance,
            max_steps=max_steps,
        )
