"""The runs of a variational mixture: when to stop, and why.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from gmm_core.iteration import (
    StopReason,
    check_tolerance,
    follow,
    gain_per_point,
    rounding_per_point,
    step_limit,
)
from gmm_core.mixture import Mixture, MixtureError, check_mixture
from gmm_core.points import Array, read_only
from gmm_core.settings import truth
from gmm_core.variational.prior import VariationalPrior, default_variational_prior
from gmm_core.variational.shaping import variational_family
from gmm_core.variational.steps import (
    VariationalState,
    check_array,
    check_state,
    iterate,
    start,
    states_after,
    step,
)


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
    def curve(self) -> Array:
        """(T,): the lower bounds on the log-evidence, in nats."""
        return read_only([state.lower_bound for state in self.states])

    @property
    def curve_name(self) -> str:
        """What the steps raised."""
        return self.objective_name

    @property
    def collapse(self) -> None:
        """None: the prior keeps every component's extent, and one without points only fades."""
        return None

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


def run(
    points: ArrayLike,
    mixture: Mixture,
    *,
    prior: VariationalPrior | None = None,
    family: str = "full",
    sample_weights: ArrayLike | None = None,
    moves: bool = True,
    tolerance: float = 1e-6,
    max_steps: int = 500,
) -> VariationalRun:
    """Steps from `mixture` until one gains at most `tolerance` nats a point on the bound, or `max_steps`.

    The points are (N, D), or (N, D + B) where the mixture has B binary columns; its noise is background noise
    here too. Without a prior it is `default_variational_prior`; the family is one of VARIATIONAL_FAMILIES.
    With `moves` a step may merge two components, delete one, or leap to where the steps before it lead, where
    that raises the bound. Raises as `start`, and MixtureError for a negative or missing setting, or points
    that do not spread in every direction where no prior is given.
    Source: Bishop 10.2.
    """
    settings = VariationalMixture(prior, sample_weights, tolerance, family=family, moves=moves)
    return settings.run(points, mixture, max_steps=max_steps)


def resume(
    points: ArrayLike,
    unfinished: VariationalRun,
    *,
    prior: VariationalPrior | None = None,
    family: str = "full",
    sample_weights: ArrayLike | None = None,
    moves: bool = True,
    tolerance: float = 1e-6,
    max_steps: int = 500,
) -> VariationalRun:
    """What `run` would have returned with this `max_steps`, given what it returned with fewer of them and all
    else the same: a run that did not end at its limit is returned as it is. Raises as `run`."""
    settings = VariationalMixture(prior, sample_weights, tolerance, family=family, moves=moves)
    return settings.resume(points, unfinished, max_steps=max_steps)


def prior_for(
    points: ArrayLike,
    mixture: Mixture,
    prior: VariationalPrior | None,
    sample_weights: ArrayLike | None,
    weights: str = "dirichlet",
) -> VariationalPrior:
    """`prior`, or where that is None the default one of the mixture's numeric columns."""
    if prior is not None:
        return prior
    check_mixture(mixture)
    n_binary = mixture.probabilities.shape[1]
    return default_variational_prior(
        points, sample_weights=sample_weights, weights=weights, n_binary=n_binary
    )


def _until_it_stops(
    states: list[VariationalState], following: Iterator[VariationalState], tolerance: float, max_steps: int
) -> VariationalRun:
    reason = follow(states, following, lambda states: _reason(states, tolerance, max_steps))
    return VariationalRun(tuple(states), reason, _explain(reason, states))


def _reason(states: list[VariationalState], tolerance: float, max_steps: int) -> StopReason | None:
    if len(states) < 2:
        return None
    # Where a move was tried in vain for the first time there may be others to try. Only by rounding can the
    # bound fall.
    # A leap may stand still for once.
    settled = len(states[-1].refused) == len(states[-2].refused) and not states[-1].leapt
    if settled and gain_per_point(states) <= max(tolerance, rounding_per_point(states)):
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
    family: str = "full"
    """One of VARIATIONAL_FAMILIES."""
    weights: str = "dirichlet"
    """One of WEIGHT_PRIORS, for the default prior; a prior that is given has its own."""
    moves: bool = True
    """Whether a step may merge two components, delete one, or leap to where the steps before it lead."""

    def _prior(self, points: ArrayLike, mixture: Mixture) -> VariationalPrior:
        check_array(points)
        return prior_for(points, mixture, self.prior, self.sample_weights, self.weights)

    def start(self, points: ArrayLike, mixture: Mixture) -> VariationalState:
        """As the function `start`."""
        prior = self._prior(points, mixture)
        return start(points, mixture, prior, family=self.family, sample_weights=self.sample_weights)

    def step(self, points: ArrayLike, state: VariationalState) -> VariationalState:
        """As the function `step`."""
        check_state(state)
        return step(
            points,
            state,
            self._prior(points, state.mixture),
            family=self.family,
            sample_weights=self.sample_weights,
            moves=self.moves,
        )

    def run(self, points: ArrayLike, mixture: Mixture, *, max_steps: int = 500) -> VariationalRun:
        """As the function `run`."""
        check_tolerance(self.tolerance)
        limit = step_limit(max_steps)
        moves = truth(self.moves, "The setting 'moves'", MixtureError)
        prior = self._prior(points, mixture)
        own: dict[str, Any] = {"family": self.family, "sample_weights": self.sample_weights, "moves": moves}
        return _until_it_stops([], iterate(points, mixture, prior, **own), self.tolerance, limit)

    def resume(
        self, points: ArrayLike, unfinished: VariationalRun, *, max_steps: int = 500
    ) -> VariationalRun:
        """As the function `resume`."""
        last = unfinished.states[-1]
        if not unfinished.is_unfinished or last.iteration >= max_steps:
            return unfinished
        prior, family = self._prior(points, last.mixture), variational_family(self.family)
        following = states_after(points, last, prior, family, self.sample_weights, self.moves)
        return _until_it_stops(list(unfinished.states), following, self.tolerance, max_steps)
