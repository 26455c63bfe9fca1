"""What every algorithm here has in common: it starts, it steps, and its run says why it ended.

An `Algorithm` holds its settings; the points and the mixture to begin with are given to it. Whatever has
this shape can be watched, compared and exported; tests/gmm_core/test_iteration.py holds all to one contract.
"""

from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Protocol, TypeVar

from numpy.typing import ArrayLike

from gmm_core.mixture import Mixture, MixtureError
from gmm_core.moments import Moments
from gmm_core.points import Array, quoted
from gmm_core.settings import is_not_negative, whole_number


class State(Protocol):
    """Where an algorithm stands; every field belongs to the same parameters."""

    @property
    def iteration(self) -> int:
        """Steps taken since the start."""
        ...

    @property
    def moments(self) -> Moments:
        """What each component holds of the points."""
        ...

    @property
    def objective(self) -> float:
        """What the steps improve, over all points; the run has its name and its direction."""
        ...


AnyState = TypeVar("AnyState", bound=State)
AnyStateOut = TypeVar("AnyStateOut", bound=State, covariant=True)


class Run(Protocol[AnyStateOut]):
    """A finished run of an algorithm."""

    @property
    def states(self) -> tuple[AnyStateOut, ...]:
        """Every state it passed through, from iteration 0 on; never empty."""
        ...

    @property
    def stop_reason(self) -> Enum:
        """Why it ended; the value is a sentence for people."""
        ...

    @property
    def explanation(self) -> str:
        """The reason in one sentence, with the numbers of this run."""
        ...

    @property
    def is_unfinished(self) -> bool:
        """Whether it ended only because no more steps were allowed, so that it can be resumed."""
        ...

    @property
    def objective_name(self) -> str:
        """What `objective` is, as the axis of a curve would say it."""
        ...

    @property
    def rises(self) -> bool:
        """Whether a larger objective is better: no step lowers it. Otherwise no step raises it.

        The first may, from a mixture that the settings would never lead to, such as one of another family."""
        ...

    @property
    def curve(self) -> Array:
        """(T,): what a curve of the run shows, the objective, but for a part of it that no point has a say
        in."""
        ...

    @property
    def curve_name(self) -> str:
        """What that is, as the axis of the curve would say it."""
        ...

    @property
    def lower_bounds(self) -> Array | None:
        """(T - 1,): what the first half of each step raised a lower bound on the curve's next value to, or
        None where the algorithm has no such bound."""
        ...


AnyRun = TypeVar("AnyRun", bound=Run[Any])


class Algorithm(Protocol[AnyState, AnyRun]):
    """An algorithm with its settings."""

    @property
    def title(self) -> str:
        """As people say it."""
        ...

    def start(self, points: ArrayLike, mixture: Mixture) -> AnyState:
        """Iteration 0 on points (N, D), from a mixture or from as much of it as the algorithm needs."""
        ...

    def step(self, points: ArrayLike, state: AnyState) -> AnyState:
        """The next state."""
        ...

    def run(self, points: ArrayLike, mixture: Mixture, *, max_steps: int) -> AnyRun:
        """The states from iteration 0 on until the algorithm stops by itself, or for `max_steps` steps."""
        ...

    def resume(self, points: ArrayLike, unfinished: AnyRun, *, max_steps: int) -> AnyRun:
        """What `run` would have returned with this `max_steps`, given what it returned with fewer."""
        ...


class StopReason(Enum):
    """Why a run ended; the value is a sentence for people."""

    CONVERGED = "Converged: the last step gained no more than the tolerance."
    STEP_LIMIT = "Stopped at the step limit, before a step gained as little as the tolerance."
    LIKELIHOOD_FELL = "Stopped: the last step lost instead of gaining, as it may when reg_covar is above 0."
    COMPONENT_COLLAPSED = "Stopped: a component collapsed onto too few points."


AnyReason = TypeVar("AnyReason", bound=Enum)


def follow(
    states: list[AnyState],
    following: Iterator[AnyState],
    reason_to_stop: Callable[[list[AnyState]], AnyReason | None],
    most: int | None = None,
) -> AnyReason:
    """Appends what follows to `states` until there is a reason to stop, which is returned; `most`, at least
    2, is how many of the last states stay there, None for all."""
    for state in following:
        states.append(state)
        if most is not None:
            del states[:-most]
        reason = reason_to_stop(states)
        if reason is not None:
            return reason
    raise AssertionError("states follow each other without end")


def gain_per_point(states: list[AnyState]) -> float:
    """What the last step added to the objective, divided by the number of points, or their total weight."""
    return (states[-1].objective - states[-2].objective) / states[-1].moments.total


def rounding_per_point(states: list[AnyState]) -> float:
    """By how much the objective's last digits differ, divided by N, even when nothing moves."""
    return rounding_of(states[-1].objective, states[-1].moments.total)


def rounding_of(objective: float, total: float) -> float:
    """By how much sums of N rounded terms, an `objective`, differ, divided by N, the points' `total`."""
    return 1e-13 * max(1.0, abs(objective) / total)


def check_tolerance(tolerance: Any) -> None:
    """Raises MixtureError unless it is a finite number >= 0."""
    if not is_not_negative(tolerance):
        raise MixtureError(
            f"The tolerance is {quoted(tolerance)}; it is a gain per point, so give 0 or more."
        )


def step_limit(max_steps: Any, error: type[Exception] = MixtureError) -> int:
    """`max_steps` as an int >= 1. Raises `error` otherwise."""
    limit = whole_number(max_steps, "The step limit", error)
    if limit < 1:
        raise error(f"The step limit is {limit}; allow at least 1 step.")
    return limit
