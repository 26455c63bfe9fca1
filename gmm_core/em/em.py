"""Expectation-Maximization, one step at a time.

The E-step computes expected sufficient statistics; the M-step turns them into a mixture. Advancing
(`start`, `step`, `iterate`) and stopping (`run`) are separate.
Source: Dempster, Laird & Rubin (1977); Bishop, Pattern Recognition and Machine Learning (2006), 9.2-9.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np

from gmm_core.collapse import ComponentCollapsedError, check_counts, check_covariances
from gmm_core.em.prior import log_prior, with_prior
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.expectation import e_step
from gmm_core.families import find_family
from gmm_core.mixture import Mixture, MixtureError, Noise, check_mixture, checked_mixture
from gmm_core.moments import Moments
from gmm_core.points import Array, PointsError, ReadOnly, read_only, shown
from gmm_core.settings import check_kind, is_not_negative, truth, whole_number


@dataclass(frozen=True, eq=False)
class EMState:
    """EM after `iteration` M-steps; every field belongs to this state's mixture."""

    iteration: int
    """M-steps taken since the start."""
    mixture: Mixture
    """The parameters."""
    moments: Moments
    """The points' expected sufficient statistics under `mixture`."""
    log_likelihood: float
    """The points' total log-likelihood under `mixture`, in nats."""
    objective: float
    """What EM raises, in nats: the log-likelihood, and with a prior its log-density as well; at another
    temperature than 1 the free energy takes the likelihood's place."""


class StopReason(Enum):
    """Why a run ended; the value is a sentence for people."""

    CONVERGED = "Converged: the last step gained no more than the tolerance."
    STEP_LIMIT = "Stopped at the step limit, before a step gained as little as the tolerance."
    LIKELIHOOD_FELL = "Stopped: the last step lost instead of gaining, as it may when reg_covar is above 0."
    COMPONENT_COLLAPSED = "Stopped: a component collapsed onto too few points."


@dataclass(frozen=True, eq=False)
class EMRun(ReadOnly):
    """A finished run, with every state it passed through."""

    states: tuple[EMState, ...]
    """From iteration 0 on; never empty."""
    stop_reason: StopReason
    """Why it ended."""
    explanation: str
    """The reason in one sentence, with the numbers of this run."""
    collapse: ComponentCollapsedError | None = None
    """Which component collapsed and how, where that was the reason."""

    @cached_property
    def lower_bounds(self) -> Array:
        """(T - 1,): what each M-step raised the bound to, in nats: between the likelihoods around it."""
        steps = zip(self.states, self.states[1:], strict=False)
        return read_only([lower_bound(before, after.mixture) for before, after in steps])

    @property
    def mixture(self) -> Mixture:
        """The last state's parameters."""
        return self.states[-1].mixture

    @property
    def log_likelihood(self) -> float:
        """The last state's total log-likelihood, in nats."""
        return self.states[-1].log_likelihood


def m_step(
    moments: Moments, *, family: str = "full", reg_covar: float = 0.0, variant: Variant = PLAIN
) -> Mixture:
    """The mixture of `family` that maximises the expected log-likelihood (Bishop eqs. 9.24-9.26, 9.60).

    `reg_covar` (squared units of the points) is added to every variance afterwards; above 0 the
    likelihood may fall. Of the `variant` its prior and its constraints matter here. Raises FamilyError for
    an unknown family, or one that lacks what is asked of it, MixtureError for a negative reg_covar or
    settings that contradict each other, ComponentCollapsedError when a component has lost its points or
    its extent.
    """
    chosen = find_family(family)
    check_kind(moments, Moments, "The moments", "give those of an E-step, e_step(points, mixture).moments")
    check_variant(variant)
    _check_settings(moments, reg_covar, variant)
    check_counts(moments)
    held, means = moments, moments.means
    if variant.prior is not None:
        held, means = with_prior(moments, variant.prior, family)
    if variant.covariances is not None:
        covariances = variant.covariances
    else:
        covariances = chosen.covariances(held.counts, held.scatters)
        if reg_covar:
            covariances = covariances + reg_covar * np.eye(moments.n_dimensions)
    check_covariances(moments, covariances)
    weights, noise = _weights(moments, variant.equal_weights)
    probabilities = moments.successes
    if probabilities.size:
        probabilities = np.minimum(probabilities / moments.counts[:, None], 1.0)
    return checked_mixture(weights, means, covariances, noise, probabilities)


def _check_settings(moments: Moments, reg_covar: float, variant: Variant) -> None:
    if not is_not_negative(reg_covar):
        raise MixtureError(f"reg_covar is {shown(reg_covar)}; it is a variance to add, so give 0 or more.")
    if variant.covariances is None:
        return
    if reg_covar:
        raise MixtureError("Fixed covariances stay as they are; leave reg_covar at 0.")
    if variant.covariances.shape != moments.scatters.shape:
        raise MixtureError(
            f"The fixed covariances have shape {variant.covariances.shape} and must have "
            f"{moments.scatters.shape}; give one D x D matrix for each component."
        )


def _weights(moments: Moments, equal: bool) -> tuple[Array, Noise | None]:
    """(K,): shares of the points, and what the noise has of them."""
    total, noise, rest = moments.total, None, 1.0
    if moments.noise is not None:
        noise = Noise(moments.noise.amount / total, moments.noise.volume)
        rest = 1.0 - noise.amount
    if equal:
        return np.full(moments.n_components, rest / moments.n_components), noise
    return moments.counts / total, noise


def start(points: Any, mixture: Mixture, *, family: str = "full", variant: Variant = PLAIN) -> EMState:
    """Iteration 0: the E-step at the given mixture. The family matters only to a prior."""
    return _state(points, 0, mixture, family, variant)


def step(
    points: Any,
    state: EMState,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
) -> EMState:
    """The next state: an M-step on this state's moments, then the E-step at the new mixture.

    Raises as `m_step`.
    """
    _check_state(state)
    mixture = m_step(state.moments, family=family, reg_covar=reg_covar, variant=variant)
    return _state(points, state.iteration + 1, mixture, family, variant)


def _check_state(state: Any) -> None:
    check_kind(state, EMState, "The state", "give that of start or step, or the last of a run's states")


def _state(points: Any, iteration: int, mixture: Mixture, family: str, variant: Variant) -> EMState:
    check_variant(variant)
    expectation = e_step(
        points, mixture, sample_weights=variant.sample_weights, temperature=variant.temperature
    )
    objective = expectation.objective
    if variant.prior is not None:
        objective += log_prior(variant.prior, mixture, family)
    return EMState(iteration, mixture, expectation.moments, expectation.log_likelihood, objective)


def iterate(
    points: Any,
    mixture: Mixture,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
) -> Iterator[EMState]:
    """Every state from iteration 0 on, without end: the caller stops. Raises as `step`."""
    if isinstance(points, Iterator):
        raise PointsError("An iterator of points can be read only once; call step with a new one each time.")
    state = start(points, mixture, family=family, variant=variant)
    yield state
    yield from _after(points, state, family, reg_covar, variant)


def _after(points: Any, state: EMState, family: str, reg_covar: float, variant: Variant) -> Iterator[EMState]:
    while True:
        state = step(points, state, family=family, reg_covar=reg_covar, variant=variant)
        yield state


def run(
    points: Any,
    mixture: Mixture,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    stop_when_falling: bool = True,
) -> EMRun:
    """EM from `mixture` until a step gains at most `tolerance` nats a point, or something ends it.

    With `reg_covar` above 0 the M-step does not maximise the likelihood, which may then fall; without
    `stop_when_falling` EM goes on until a step changes it by no more than the tolerance. A collapse ends the
    run with a reason and keeps the states before it. Raises PointsError for bad points, FamilyError for an
    unknown family, MixtureError for a negative or missing setting.
    """
    if not is_not_negative(tolerance):
        raise MixtureError(f"The tolerance is {shown(tolerance)}; it is a gain per point, so give 0 or more.")
    max_steps = whole_number(max_steps, "The step limit", MixtureError)
    if max_steps < 1:
        raise MixtureError(f"The step limit is {max_steps}; allow at least 1 step.")
    stop_when_falling = truth(stop_when_falling, "The setting 'stop_when_falling'", MixtureError)
    following = iterate(points, mixture, family=family, reg_covar=reg_covar, variant=variant)
    return _until_it_stops([], following, tolerance, max_steps, stop_when_falling)


def resume(
    points: Any,
    begun: EMRun,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    stop_when_falling: bool = True,
) -> EMRun:
    """What `run` would have returned with this `max_steps`, given what it returned with fewer of them and all
    else the same: a run that did not end at its limit is returned as it is."""
    last = begun.states[-1]
    if begun.stop_reason is not StopReason.STEP_LIMIT or last.iteration >= max_steps:
        return begun
    following = _after(points, last, family, reg_covar, variant)
    return _until_it_stops(list(begun.states), following, tolerance, max_steps, stop_when_falling)


def _until_it_stops(
    states: list[EMState],
    following: Iterator[EMState],
    tolerance: float,
    max_steps: int,
    stop_when_falling: bool,
) -> EMRun:
    try:
        for state in following:
            states.append(state)
            reason = _reason_to_stop(states, tolerance, max_steps, stop_when_falling)
            if reason is not None:
                return EMRun(tuple(states), reason, _explain(reason, states))
    except ComponentCollapsedError as collapse:
        return EMRun(tuple(states), StopReason.COMPONENT_COLLAPSED, str(collapse), collapse)
    raise AssertionError("iterate never ends by itself")


def _gain(states: list[EMState]) -> float:
    """Of the last step, in nats a point."""
    return (states[-1].objective - states[-2].objective) / states[-1].moments.total


def _rounding(states: list[EMState]) -> float:
    """Nats a point that sums of N rounded terms differ by even when nothing moves."""
    return 1e-13 * max(1.0, abs(states[-1].objective) / states[-1].moments.total)


def _reason_to_stop(
    states: list[EMState], tolerance: float, max_steps: int, stop_when_falling: bool
) -> StopReason | None:
    if len(states) < 2:
        return None
    gain = _gain(states)
    enough = max(tolerance, _rounding(states))
    # The start need not be of the family, and the first step into it may cost likelihood.
    if stop_when_falling and gain < -enough and len(states) > 2:
        return StopReason.LIKELIHOOD_FELL
    if abs(gain) <= enough:
        return StopReason.CONVERGED
    if states[-1].iteration >= max_steps:
        return StopReason.STEP_LIMIT
    return None


def _explain(reason: StopReason, states: list[EMState]) -> str:
    steps, gain = states[-1].iteration, _gain(states)
    changed = "gained nothing"
    if abs(gain) > _rounding(states):
        changed = f"{'gained' if gain > 0 else 'lost'} {abs(gain):.2g} a point"
    if reason is StopReason.CONVERGED:
        return f"Converged at iteration {steps}: the last step {changed}, within the tolerance."
    if reason is StopReason.STEP_LIMIT:
        return (
            f"Stopped at the limit of {steps} iterations: the last {changed}, so allow more of them or a "
            "larger tolerance."
        )
    return (
        f"Stopped at iteration {steps}: the last step {changed}, as it may when reg_covar is above 0; "
        "set it to 0, let the run go on with stop_when_falling=False, or take the state before."
    )


def expected_log_joint(moments: Moments, mixture: Mixture) -> float:
    """E[log p(x, z)] over all points, in nats: what the M-step maximises (Bishop eq. 9.40)."""
    terms = mixture.log_joint
    shifts = np.einsum("kij,kj->ki", mixture.whiteners, moments.means - mixture.means)
    whitened = mixture.whiteners @ moments.scatters @ mixture.whiteners.transpose(0, 2, 1)
    distances = np.einsum("kdd->k", whitened) + moments.counts * (shifts**2).sum(axis=1)
    held = moments.counts > 0
    total = (moments.counts[held] * terms.constants[held]).sum() - 0.5 * distances[held].sum()
    failures = moments.counts[:, None] - moments.successes
    # What rounding leaves is no failure, though where none can be the log-probability of one is beyond all.
    failures = np.where(failures > 1e-12 * moments.counts[:, None], failures, 0.0)
    total += (moments.successes * terms.log_successes + failures * terms.log_failures).sum()
    if moments.noise is not None and terms.log_noise is not None:
        total += moments.noise.amount * terms.log_noise
    return float(total)


def lower_bound(state: EMState, mixture: Mixture) -> float:
    """The bound on the log-likelihood of `mixture` that the responsibilities of `state` give, in nats.

    It touches the likelihood at the state's own mixture, and no mixture's likelihood lies below it;
    an M-step raises it as far as the family allows. Source: Bishop eqs. 9.70-9.71.
    """
    _check_state(state)
    check_mixture(mixture)
    gained = expected_log_joint(state.moments, mixture) - expected_log_joint(state.moments, state.mixture)
    return state.log_likelihood + gained
