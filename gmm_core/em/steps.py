"""EM's states and the steps between them: advancing, without an end.

Source: Dempster, Laird & Rubin (1977); Bishop, Pattern Recognition and Machine Learning (2006), 9.2-9.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.em.maximization import m_step
from gmm_core.em.prior import log_prior
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.expectation import e_step
from gmm_core.families import find_family
from gmm_core.log_joint import LogJoint
from gmm_core.mixture import Mixture, check_mixture
from gmm_core.moments import Moments
from gmm_core.points import PointsError
from gmm_core.settings import check_kind


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
    log_prior: float = 0.0
    """The part of the objective that is the prior's, in nats."""
    temperature: float = 1.0
    """That of the shares: those of density ** (1 / temperature)."""

    @property
    def free_energy(self) -> float:
        """The objective without the prior, in nats; at temperature 1 the log-likelihood."""
        return self.log_likelihood if self.temperature == 1 else self.objective - self.log_prior

    @property
    def terms(self) -> LogJoint:
        """What the shares of a point follow from."""
        return self.mixture.log_joint


def start(
    points: ArrayLike | Iterator[ArrayLike],
    mixture: Mixture,
    *,
    family: str = "full",
    variant: Variant = PLAIN,
) -> EMState:
    """Iteration 0: the E-step at `mixture` on points (N, D). The family matters only to a prior.

    `points` may also be an iterator of such arrays. Raises PointsError for bad points or weights,
    MixtureError for what is no Mixture or Variant, or a prior of another dimension, FamilyError for a family
    that the prior is not conjugate to.
    """
    return _state(points, 0, mixture, family, variant)


def step(
    points: ArrayLike | Iterator[ArrayLike],
    state: EMState,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
) -> EMState:
    """The next state: an M-step on this state's moments, then the E-step on points (N, D) at the new mixture.

    `points` may also be an iterator of such arrays, a new one for every step. `reg_covar` is in squared units
    of the points. Raises PointsError for bad points or what is no EMState, and else as `m_step`.
    """
    check_state(state)
    mixture = m_step(state.moments, family=family, reg_covar=reg_covar, variant=variant, before=state.mixture)
    return _state(points, state.iteration + 1, mixture, family, variant)


def check_state(state: Any) -> None:
    """Raises PointsError unless it is an EMState."""
    check_kind(state, EMState, "The state", "give that of start or step, or the last of a run's states")


def _state(
    points: ArrayLike | Iterator[ArrayLike], iteration: int, mixture: Mixture, family: str, variant: Variant
) -> EMState:
    check_variant(variant)
    expectation = e_step(
        points,
        mixture,
        sample_weights=variant.sample_weights,
        temperature=variant.temperature,
        diagonal=_needs_only_variances(mixture, family),
        pooled=_needs_only_the_sum(mixture, family),
    )
    believed = 0.0 if variant.prior is None else log_prior(variant.prior, mixture, family)
    return EMState(
        iteration,
        mixture,
        expectation.moments,
        expectation.log_likelihood,
        expectation.objective + believed,
        believed,
        variant.temperature,
    )


def _needs_only_variances(mixture: Mixture, family: str) -> bool:
    """Whether neither an M-step of the family nor the bound at this mixture reads more of the scatters. In
    the plane the rest costs next to nothing."""
    check_mixture(mixture)
    if mixture.n_dimensions <= 2 or not find_family(family).axis_parallel:
        return False
    return not np.tril(mixture.whiteners, -1).any()


def _needs_only_the_sum(mixture: Mixture, family: str) -> bool:
    """The same of the sum of the scatters, where variances would not do."""
    chosen = find_family(family)
    if mixture.n_dimensions <= 2 or not chosen.pooled or chosen.axis_parallel:
        return False
    return bool((mixture.whiteners == mixture.whiteners[0]).all())


def iterate(
    points: ArrayLike,
    mixture: Mixture,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
) -> Iterator[EMState]:
    """Every state on points (N, D) from iteration 0 on, without end: the caller stops.

    Raises as `start` and `step`, and PointsError for an iterator of points, which can be read only once.
    """
    if isinstance(points, Iterator):
        raise PointsError("An iterator of points can be read only once; call step with a new one each time.")
    state = start(points, mixture, family=family, variant=variant)
    yield state
    yield from states_after(points, state, family=family, reg_covar=reg_covar, variant=variant)


def states_after(
    points: ArrayLike, state: EMState, *, family: str, reg_covar: float, variant: Variant
) -> Iterator[EMState]:
    """Those that follow `state`, without end. Raises as `step`."""
    while True:
        state = step(points, state, family=family, reg_covar=reg_covar, variant=variant)
        yield state
