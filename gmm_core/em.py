"""Expectation-Maximization, one step at a time.

The E-step computes expected sufficient statistics; the M-step turns them into a mixture. Advancing
(`start`, `step`, `iterate`) and stopping (`run`) are separate.
Source: Dempster, Laird & Rubin (1977); Bishop, Pattern Recognition and Machine Learning (2006), 9.2-9.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

from gmm_core import planar
from gmm_core.collapse import ComponentCollapsedError, check_counts, check_covariances
from gmm_core.families import find_family
from gmm_core.mixture import LOG_TWO_PI, Mixture, MixtureError, chunks, log_joint, normalize
from gmm_core.moments import Moments, weighted_moments
from gmm_core.points import Array, as_points, read_only


@dataclass(frozen=True, eq=False)
class Expectation:
    """What an E-step yields; `a + b` merges the E-steps of two disjoint sets of points."""

    moments: Moments
    """The expected sufficient statistics under the mixture's responsibilities."""
    log_likelihood: float
    """The points' total log-likelihood under the same mixture, in nats."""

    def __add__(self, other: "Expectation") -> "Expectation":
        return Expectation(self.moments + other.moments, self.log_likelihood + other.log_likelihood)


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


class StopReason(Enum):
    """Why a run ended; the value is a sentence for people."""

    CONVERGED = "Converged: the last step gained no more than the tolerance."
    STEP_LIMIT = "Stopped at the step limit: the likelihood was still rising."
    LIKELIHOOD_FELL = "Stopped: the likelihood fell, as it may when reg_covar is above 0."
    COMPONENT_COLLAPSED = "Stopped: a component collapsed onto too few points."


@dataclass(frozen=True, eq=False)
class EMRun:
    """A finished run, with every state it passed through."""

    states: tuple[EMState, ...]
    """From iteration 0 on; never empty."""
    stop_reason: StopReason
    """Why it ended."""
    explanation: str
    """The reason in one sentence, with the numbers of this run."""

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


def e_step(points: Any, mixture: Mixture) -> Expectation:
    """The expected sufficient statistics of points (N, D) and their log-likelihood under `mixture`.

    Works through chunks: no array of N x K is ever made. In the plane two matrix products a chunk do it,
    unless a component is so small that digits would be lost. Raises PointsError for bad points.
    Source: Bishop eqs. 9.13, 9.18.
    """
    checked = as_points(points, mixture.n_dimensions)
    quick = planar.expect(checked, mixture) if mixture.n_dimensions == 2 else None
    if quick is not None:
        return Expectation(*quick)
    parts = [_expect(chunk, mixture) for chunk in chunks(checked)]
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _expect(chunk: Array, mixture: Mixture) -> Expectation:
    shares, log_densities = normalize(log_joint(chunk, mixture))
    return Expectation(weighted_moments(chunk, shares), float(log_densities.sum()))


def m_step(moments: Moments, *, family: str = "full", reg_covar: float = 0.0) -> Mixture:
    """The mixture of `family` that maximises the expected log-likelihood (Bishop eqs. 9.24-9.26).

    `reg_covar` (squared units of the points) is added to every variance afterwards; above 0 the
    likelihood may fall. Raises FamilyError for an unknown family, MixtureError for a negative
    reg_covar, ComponentCollapsedError when a component has lost its points or its extent.
    """
    if not _is_not_negative(reg_covar):
        raise MixtureError(f"reg_covar is {reg_covar!r}; it is a variance to add, so give 0 or more.")
    chosen = find_family(family)
    check_counts(moments)
    covariances = chosen.covariances(moments) + reg_covar * np.eye(moments.n_dimensions)
    check_covariances(moments, covariances)
    return Mixture(moments.counts / moments.counts.sum(), moments.means, covariances)


def start(points: Any, mixture: Mixture) -> EMState:
    """Iteration 0: the E-step at the given mixture."""
    expectation = e_step(points, mixture)
    return EMState(0, mixture, expectation.moments, expectation.log_likelihood)


def step(points: Any, state: EMState, *, family: str = "full", reg_covar: float = 0.0) -> EMState:
    """The next state: an M-step on this state's moments, then the E-step at the new mixture.

    Raises as `m_step`.
    """
    mixture = m_step(state.moments, family=family, reg_covar=reg_covar)
    expectation = e_step(points, mixture)
    return EMState(state.iteration + 1, mixture, expectation.moments, expectation.log_likelihood)


def iterate(
    points: Any, mixture: Mixture, *, family: str = "full", reg_covar: float = 0.0
) -> Iterator[EMState]:
    """Every state from iteration 0 on, without end: the caller stops. Raises as `step`."""
    state = start(points, mixture)
    while True:
        yield state
        state = step(points, state, family=family, reg_covar=reg_covar)


def run(
    points: Any,
    mixture: Mixture,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    tolerance: float = 1e-6,
    max_steps: int = 200,
) -> EMRun:
    """EM from `mixture` until a step gains at most `tolerance` nats a point, or something ends it.

    A collapse ends the run with a reason and keeps the states before it. Raises PointsError for bad
    points, FamilyError for an unknown family, MixtureError for a negative or missing setting.
    """
    if not _is_not_negative(tolerance):
        raise MixtureError(f"The tolerance is {tolerance!r}; it is a gain per point, so give 0 or more.")
    if max_steps < 1:
        raise MixtureError(f"The step limit is {max_steps}; allow at least 1 step.")
    checked = as_points(points, mixture.n_dimensions)
    states: list[EMState] = []
    try:
        for state in iterate(checked, mixture, family=family, reg_covar=reg_covar):
            states.append(state)
            reason = _reason_to_stop(states, len(checked), tolerance, max_steps)
            if reason is not None:
                return EMRun(tuple(states), reason, _explain(reason, states, len(checked)))
    except ComponentCollapsedError as collapse:
        return EMRun(tuple(states), StopReason.COMPONENT_COLLAPSED, str(collapse))
    raise AssertionError("iterate never ends by itself")


def _is_not_negative(value: Any) -> bool:
    return isinstance(value, Real) and 0 <= float(value) < np.inf


def _gain(states: list[EMState], n_points: int) -> float:
    """Of the last step, in nats a point."""
    return (states[-1].log_likelihood - states[-2].log_likelihood) / n_points


def _reason_to_stop(
    states: list[EMState], n_points: int, tolerance: float, max_steps: int
) -> StopReason | None:
    if len(states) < 2:
        return None
    gain = _gain(states, n_points)
    # Sums of N rounded terms differ by about this much even when nothing moves.
    enough = max(tolerance, 1e-13 * max(1.0, abs(states[-1].log_likelihood) / n_points))
    # The start need not be of the family, and the first step into it may cost likelihood.
    if gain < -enough and len(states) > 2:
        return StopReason.LIKELIHOOD_FELL
    if abs(gain) <= enough:
        return StopReason.CONVERGED
    if states[-1].iteration >= max_steps:
        return StopReason.STEP_LIMIT
    return None


def _explain(reason: StopReason, states: list[EMState], n_points: int) -> str:
    steps, gain = states[-1].iteration, _gain(states, n_points)
    if reason is StopReason.CONVERGED:
        return (
            f"Converged at iteration {steps}: the last step gained {gain:.2g} a point, within the tolerance."
        )
    if reason is StopReason.STEP_LIMIT:
        return (
            f"Stopped at the limit of {steps} iterations: the last still gained {gain:.2g} a point, so allow "
            "more of them or a larger tolerance."
        )
    return (
        f"Stopped at iteration {steps}: the likelihood fell by {-gain:.2g} a point, as it may when reg_covar "
        "is above 0; set it to 0, or take the state before."
    )


def expected_log_joint(moments: Moments, mixture: Mixture) -> float:
    """E[log p(x, z)] over all points, in nats: what the M-step maximises (Bishop eq. 9.40)."""
    shifts = np.einsum("kij,kj->ki", mixture.whiteners, moments.means - mixture.means)
    whitened = mixture.whiteners @ moments.scatters @ mixture.whiteners.transpose(0, 2, 1)
    distances = np.einsum("kdd->k", whitened) + moments.counts * (shifts**2).sum(axis=1)
    with np.errstate(divide="ignore"):
        log_weights = np.log(mixture.weights)
    held = moments.counts > 0
    constants = log_weights - mixture.log_scales - 0.5 * mixture.n_dimensions * LOG_TWO_PI
    return float((moments.counts[held] * constants[held]).sum() - 0.5 * distances[held].sum())


def lower_bound(state: EMState, mixture: Mixture) -> float:
    """The bound on the log-likelihood of `mixture` that the responsibilities of `state` give, in nats.

    It touches the likelihood at the state's own mixture, and no mixture's likelihood lies below it;
    an M-step raises it as far as the family allows. Source: Bishop eqs. 9.70-9.71.
    """
    gained = expected_log_joint(state.moments, mixture) - expected_log_joint(state.moments, state.mixture)
    return state.log_likelihood + gained
