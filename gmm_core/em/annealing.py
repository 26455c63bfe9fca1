"""Deterministic annealing: EM at a temperature that falls, so that the start matters less.

Source: Ueda & Nakano (1998), Deterministic annealing EM algorithm, Neural Networks 11, section 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.collapse import ComponentCollapsedError
from gmm_core.em.runs import EM, EMRun, ended, reason_to_stop
from gmm_core.em.steps import EMState, check_state
from gmm_core.iteration import StopReason, follow, step_limit
from gmm_core.mixture import Mixture, MixtureError
from gmm_core.points import PointsError, quoted
from gmm_core.settings import is_not_negative

FIRST_TEMPERATURE = 2.0
COOLING = 0.9

# A temperature this near to 1 is 1: the last step of cooling is no smaller than what it leaves.
NEAR = 1.01


@dataclass(frozen=True, eq=False)
class Annealing:
    """EM whose temperature falls from step to step until it is 1, as one of `gmm_core.algorithms.ALGORITHMS`.

    The warmer it is, the more alike are the shares that components have of a point, and the fewer maxima
    there are to end in. Its objective is the free energy, counted from what equal shares of all components
    would give it: + N (1 - temperature) log K nats for N points. So counted it rises when the temperature
    falls, as a power mean does with its exponent, and at temperature 1 it is the log-likelihood: no step
    loses, whatever it changes.

    Raises MixtureError for a temperature below 1, a cooling that is not between 0 and 1, or an EM with a
    temperature of its own.
    """

    em: EM = field(default_factory=EM)
    """The steps, and when the run ends once the temperature is 1."""
    first: float = FIRST_TEMPERATURE
    """>= 1: the temperature of the start."""
    cooling: float = COOLING
    """Between 0 and 1: what the temperature is multiplied by in every step, until it is 1."""
    title: str = "Annealed EM"
    """As people say it."""

    def __post_init__(self) -> None:
        if not (is_not_negative(self.first) and self.first >= 1):
            raise MixtureError(
                f"The first temperature is {quoted(self.first)}; give 1, at which annealing is EM, or more."
            )
        if not (is_not_negative(self.cooling) and 0 < self.cooling < 1):
            raise MixtureError(
                f"The cooling is {quoted(self.cooling)}; give a number between 0 and 1, such as {COOLING}."
            )
        if self.em.variant.temperature != 1:
            raise MixtureError(
                f"EM has the temperature {self.em.variant.temperature:g}, and annealing sets one itself; "
                "leave it at 1."
            )

    def start(self, points: ArrayLike, mixture: Mixture) -> EMState:
        """Iteration 0: the E-step at `mixture` on points (N, D), at the first temperature."""
        return _counted_from_equal_shares(self._at(self.first).start(points, mixture))

    def step(self, points: ArrayLike, state: EMState) -> EMState:
        """The next state: the M-step, and the E-step on points (N, D) at a lower temperature. Raises as
        `em.step`."""
        check_state(state)
        cooler = state.temperature * self.cooling
        return _counted_from_equal_shares(self._at(cooler if cooler > NEAR else 1.0).step(points, state))

    def run(self, points: ArrayLike, mixture: Mixture, *, max_steps: int = 200) -> EMRun:
        """The states from iteration 0 on, until at temperature 1 there is a reason to stop, or for as many as
        `max_steps` steps. Raises as `em.run`."""
        limit = step_limit(max_steps)
        if isinstance(points, Iterator):
            raise PointsError("An iterator of points can be read only once; give an array.")
        return self._until_it_stops([], self._after(points, None, mixture), limit)

    def resume(self, points: ArrayLike, unfinished: EMRun, *, max_steps: int = 200) -> EMRun:
        """What `run` would have returned with this `max_steps`, given what it returned with fewer of them."""
        last = unfinished.last
        if not unfinished.is_unfinished or last.iteration >= max_steps:
            return unfinished
        following = self._after(points, last, last.mixture)
        return self._until_it_stops(list(unfinished.states), following, max_steps)

    def _after(self, points: ArrayLike, state: EMState | None, mixture: Mixture) -> Iterator[EMState]:
        if state is None:
            state = self.start(points, mixture)
            yield state
        while True:
            state = self.step(points, state)
            yield state

    def _until_it_stops(self, states: list[EMState], following: Iterator[EMState], limit: int) -> EMRun:
        variant = self._at(self.first).variant
        try:
            reason = follow(states, following, lambda states: self._reason_to_stop(states, limit))
        except ComponentCollapsedError as caught:
            name = variant.objective_name
            return EMRun(tuple(states), StopReason.COMPONENT_COLLAPSED, str(caught), caught, name)
        return ended(states, reason, variant)

    def _reason_to_stop(self, states: list[EMState], limit: int) -> StopReason | None:
        # While it cools, a step that gains nothing may be followed by one that gains much.
        if len(states) > 1 and states[-2].temperature == 1:
            return reason_to_stop(states, self.em.tolerance, limit, self.em.stop_when_falling)
        return StopReason.STEP_LIMIT if states[-1].iteration >= limit else None

    def _at(self, temperature: float) -> EM:
        return replace(self.em, variant=replace(self.em.variant, temperature=temperature))


def _counted_from_equal_shares(state: EMState) -> EMState:
    rows = state.mixture.n_components + (state.mixture.noise is not None)
    more = state.moments.total * (1.0 - state.temperature) * np.log(rows)
    return replace(state, objective=state.objective + more)
