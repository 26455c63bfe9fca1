"""EM's runs: when to stop, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar, overload

from numpy.typing import ArrayLike

from gmm_core.collapse import ComponentCollapsedError
from gmm_core.em.bound import lower_bound
from gmm_core.em.steps import EMState, iterate, start, states_after, step
from gmm_core.em.variant import PLAIN, PRIOR_TOO, Variant, check_variant
from gmm_core.iteration import (
    StopReason,
    check_tolerance,
    follow,
    rounding_of,
    step_limit,
)
from gmm_core.mixture import Mixture, MixtureError
from gmm_core.points import Array, ReadOnly, quoted, read_only
from gmm_core.settings import truth


@dataclass(frozen=True, eq=False)
class _Ended(ReadOnly):
    """What is known of a run that has ended."""

    states: tuple[EMState, ...]
    """Those that were kept, the last of the run at the end; never empty."""
    stop_reason: StopReason
    """Why it ended."""
    explanation: str
    """The reason in one sentence, with the numbers of this run."""
    collapse: ComponentCollapsedError | None = None
    """Which component collapsed and how, where that was the reason."""
    objective_name: str = "log-likelihood"
    """What EM raised."""

    @property
    def is_unfinished(self) -> bool:
        """Whether it ended only at its step limit."""
        return self.stop_reason is StopReason.STEP_LIMIT

    @property
    def last(self) -> EMState:
        """The last state."""
        return self.states[-1]

    @property
    def mixture(self) -> Mixture:
        """The last state's parameters."""
        return self.last.mixture

    @property
    def log_likelihood(self) -> float:
        """The last state's total log-likelihood, in nats."""
        return self.last.log_likelihood


@dataclass(frozen=True, eq=False)
class EMRun(_Ended):
    """A finished run, with every state it passed through, from iteration 0 on."""

    @property
    def rises(self) -> bool:
        """True: EM raises its objective."""
        return True

    @property
    def curve(self) -> Array:
        """(T,): the free energies, in nats; at temperature 1 the log-likelihoods."""
        return read_only([state.free_energy for state in self.states])

    @property
    def curve_name(self) -> str:
        """What EM raised, less the prior."""
        return self.objective_name.removesuffix(PRIOR_TOO)

    @property
    def lower_bounds(self) -> Array:
        """(T - 1,): what each M-step raised the bound to, in nats: between the curve's values around it."""
        return self._lower_bounds

    @cached_property
    def _lower_bounds(self) -> Array:
        steps = zip(self.states, self.states[1:], strict=False)
        return read_only([lower_bound(before, after.mixture) for before, after in steps])


@dataclass(frozen=True, eq=False)
class EMEnd(_Ended):
    """How a run ended of which only the last state was kept: all that an EMRun has, but its way."""


AnyEnd = TypeVar("AnyEnd", EMRun, EMEnd)


@overload
def run(
    points: ArrayLike,
    mixture: Mixture,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    stop_when_falling: bool = True,
    keep: Literal["all"] = "all",
) -> EMRun: ...


@overload
def run(
    points: ArrayLike,
    mixture: Mixture,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    stop_when_falling: bool = True,
    keep: Literal["last"],
) -> EMEnd: ...


def run(
    points: ArrayLike,
    mixture: Mixture,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    stop_when_falling: bool = True,
    keep: Literal["all", "last"] = "all",
) -> EMRun | EMEnd:
    """EM on points (N, D) from `mixture` until a step gains at most `tolerance` nats a point, or something
    else ends it.

    With `reg_covar` above 0 the M-step does not maximise the likelihood, which may then fall; without
    `stop_when_falling` EM goes on until a step changes it by no more than the tolerance. A collapse ends the
    run with a reason and keeps the states before it. `reg_covar` is in squared units of the points.

    With `keep` "last" the answer is an EMEnd: the last state and why it is the last, the same as of the whole
    run, in memory that does not grow with the steps.

    Raises PointsError for bad points or an iterator of them, FamilyError for an unknown family or one without
    the prior that is asked for, MixtureError for a negative or missing setting.
    Source: Dempster, Laird & Rubin (1977); Bishop 9.2.2.
    """
    check_tolerance(tolerance)
    max_steps = step_limit(max_steps)
    stop_when_falling = truth(stop_when_falling, "The setting 'stop_when_falling'", MixtureError)
    if not isinstance(keep, str) or keep not in ("all", "last"):  # pyright: ignore[reportUnnecessaryIsInstance, reportUnnecessaryContains]
        raise MixtureError(f"The states to keep are {quoted(keep)}; give 'all' or 'last'.")
    following = iterate(points, mixture, family=family, reg_covar=reg_covar, variant=variant)
    limits = (variant, tolerance, max_steps, stop_when_falling)
    if keep == "all":
        return _until_it_stops(EMRun, [], following, *limits)
    return _until_it_stops(EMEnd, [], following, *limits)


def resume(
    points: ArrayLike,
    unfinished: AnyEnd,
    *,
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    stop_when_falling: bool = True,
) -> AnyEnd:
    """What `run` would have returned with this `max_steps`, given what it returned with fewer of them and all
    else the same: a run that did not end at its limit is returned as it is. Raises as `run`."""
    last = unfinished.last
    if not unfinished.is_unfinished or last.iteration >= max_steps:
        return unfinished
    following = states_after(points, last, family=family, reg_covar=reg_covar, variant=variant)
    return _until_it_stops(
        type(unfinished),
        list(unfinished.states),
        following,
        variant,
        tolerance,
        max_steps,
        stop_when_falling,
    )


def _until_it_stops(
    kind: type[AnyEnd],
    states: list[EMState],
    following: Iterator[EMState],
    variant: Variant,
    tolerance: float,
    max_steps: int,
    stop_when_falling: bool,
) -> AnyEnd:
    check_variant(variant)
    most = None if kind is EMRun else 2
    try:
        reason = follow(
            states,
            following,
            lambda states: reason_to_stop(states, tolerance, max_steps, stop_when_falling),
            most=most,
        )
        explanation, collapse = LastStep.of(states).explain(reason, kind), None
    except ComponentCollapsedError as caught:
        reason, explanation, collapse = StopReason.COMPONENT_COLLAPSED, str(caught), caught
    kept = states if most is None else states[-1:]
    return kind(tuple(kept), reason, explanation, collapse, variant.objective_name)


def ended(states: list[EMState], reason: StopReason, variant: Variant) -> EMRun:
    """The run of these states that ends for this reason, which is no collapse."""
    explanation = LastStep.of(states).explain(reason, EMRun)
    return EMRun(tuple(states), reason, explanation, None, variant.objective_name)


def reason_to_stop(
    states: list[EMState], tolerance: float, max_steps: int, stop_when_falling: bool
) -> StopReason | None:
    """Why EM that has come so far goes no further; None where it goes on."""
    if len(states) < 2:
        return None
    return LastStep.of(states).reason_to_stop(tolerance, max_steps, stop_when_falling)


class LastStep(NamedTuple):
    """What the last step of a run came to: all that is asked to say whether, and why, it ends there."""

    iteration: int
    """That it led to."""
    gain: float
    """In nats a point."""
    rounding: float
    """Gains that may be but rounding, in nats a point."""

    @classmethod
    def of(cls, states: list[EMState]) -> "LastStep":
        """That of states of which the last two follow each other."""
        last = states[-1]
        return cls.between(last.iteration, states[-2].objective, last.objective, last.moments.total)

    @classmethod
    def between(cls, iteration: int, before: float, after: float, total: float) -> "LastStep":
        """From one objective to another, in nats, of points that weigh `total`."""
        return cls(iteration, (after - before) / total, rounding_of(after, total))

    def reason_to_stop(
        self, tolerance: float, max_steps: int, stop_when_falling: bool = True
    ) -> StopReason | None:
        """Why the run ends here; None where it goes on."""
        enough = max(tolerance, self.rounding)
        # The start need not be of the family, and the first step into it may cost likelihood.
        if stop_when_falling and self.gain < -enough and self.iteration > 1:
            return StopReason.LIKELIHOOD_FELL
        if abs(self.gain) <= enough:
            return StopReason.CONVERGED
        return StopReason.STEP_LIMIT if self.iteration >= max_steps else None

    def explain(self, reason: StopReason, kind: type[EMRun] | type[EMEnd]) -> str:
        """The reason in one sentence, to whoever is given that kind of run."""
        changed = "gained nothing"
        if abs(self.gain) > self.rounding:
            changed = f"{'gained' if self.gain > 0 else 'lost'} {abs(self.gain):.2g} a point"
        if reason is StopReason.CONVERGED:
            return f"Converged at iteration {self.iteration}: the last step {changed}, within the tolerance."
        if reason is StopReason.STEP_LIMIT:
            return (
                f"Stopped at the limit of {self.iteration} iterations: the last {changed}, so allow more of "
                "them or a larger tolerance."
            )
        cures = "set it to 0, let the run go on with stop_when_falling=False, or"
        before = "take the state before" if kind is EMRun else f"allow only {self.iteration - 1} iterations"
        cause = f"the last step {changed}, as it may when reg_covar is above 0"
        return f"Stopped at iteration {self.iteration}: {cause}; {cures} {before}."


@dataclass(frozen=True, eq=False)
class EM:
    """EM with its settings, as one of `gmm_core.algorithms.ALGORITHMS`; they are those of `run`."""

    family: str = "full"
    """A key of FAMILIES."""
    reg_covar: float = 0.0
    """Added to every variance, in squared units of the points."""
    variant: Variant = PLAIN
    """What differs from plain EM."""
    tolerance: float = 1e-6
    """The gain, in nats a point, at which a run ends."""
    stop_when_falling: bool = True
    """Whether a run ends where a step loses."""
    title: str = "EM"
    """As people say it."""

    def start(self, points: ArrayLike, mixture: Mixture) -> EMState:
        """As the function `start`."""
        return start(points, mixture, family=self.family, variant=self.variant)

    def step(self, points: ArrayLike, state: EMState) -> EMState:
        """As the function `step`."""
        return step(points, state, family=self.family, reg_covar=self.reg_covar, variant=self.variant)

    def run(self, points: ArrayLike, mixture: Mixture, *, max_steps: int = 200) -> EMRun:
        """As the function `run`."""
        return run(
            points,
            mixture,
            family=self.family,
            reg_covar=self.reg_covar,
            variant=self.variant,
            tolerance=self.tolerance,
            max_steps=max_steps,
            stop_when_falling=self.stop_when_falling,
        )

    def resume(self, points: ArrayLike, unfinished: EMRun, *, max_steps: int = 200) -> EMRun:
        """As the function `resume`."""
        return resume(
            points,
            unfinished,
            family=self.family,
            reg_covar=self.reg_covar,
            variant=self.variant,
            tolerance=self.tolerance,
            max_steps=max_steps,
            stop_when_falling=self.stop_when_falling,
        )
