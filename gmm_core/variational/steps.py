"""The states of a variational mixture and the steps between them: advancing, without an end.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.1-10.2.2.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.expectation import e_step, expect
from gmm_core.log_joint import LogJoint
from gmm_core.mixture import Mixture, MixtureError, check_mixture
from gmm_core.moments import Moments, moments_unchecked
from gmm_core.points import PointsError, as_rows, as_sample_weights
from gmm_core.settings import check_kind, truth
from gmm_core.variational.bound import divergence, fit
from gmm_core.variational.leaps import foretold
from gmm_core.variational.moves import Move, Refusal, after_move, best_move
from gmm_core.variational.posterior import Posterior, check_prior, m_step
from gmm_core.variational.prior import VariationalPrior
from gmm_core.variational.shaping import variational_family

# With moves, a component that holds no more than this share of all points is switched off: no bound shows the
# difference.
NOTHING = 1e-13

# A move is given so many E-steps to raise the bound, as long as two more like the last would do.
MOST_E_STEPS = 8

# It has to gain so many times what the M-step alone does: as long as others are on their way, what seems
# superfluous may yet find its place.
PATIENCE = 8.0


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
    move: Move | None = None
    """The component that this step switched off, if it did; its gain is the rise of the bound."""
    refused: tuple[Refusal, ...] = ()
    """Moves that were tried and did not raise the bound."""
    trail: tuple[Moments, ...] = field(default=(), repr=False)
    """What the last steps were made of, two at most, the older first: they foretell a leap."""
    leapt: bool = False
    """Whether this step went farther than Bishop's, to where the two before it led."""

    @property
    def objective(self) -> float:
        """What the steps raise, in nats: the lower bound."""
        return self.lower_bound

    @property
    def terms(self) -> LogJoint:
        """What the shares of a point follow from; no mixture has them."""
        return self.posterior.log_joint

    @property
    def temperature(self) -> float:
        """1: the shares are those of the terms as they are."""
        return 1.0

    @property
    def mixture(self) -> Mixture:
        """The posterior's expected mixture; components that are switched off have weights near 0."""
        return self.posterior.mixture

    @property
    def n_active(self) -> int:
        """How many components hold more than one point: their responsibilities, summed, exceed 1."""
        return int((self.moments.counts > 1.0).sum())


def start(
    points: ArrayLike,
    mixture: Mixture,
    prior: VariationalPrior,
    *,
    family: str = "full",
    sample_weights: ArrayLike | None = None,
) -> VariationalState:
    """Iteration 0: the posterior that the responsibilities of `mixture` give points (N, D), and the
    E-step at it.

    The family is one of VARIATIONAL_FAMILIES. Noise and binary columns are the mixture's. Sample weights
    (N,) count every point so many times. Raises PointsError for bad points or weights, or an iterator of
    points, MixtureError for what is no Mixture, and else as `m_step`.
    Source: Bishop eqs. 10.46-10.53 and 10.58-10.63.
    """
    check_mixture(mixture)
    _check_columns(points, mixture)
    check_prior(prior, mixture.n_dimensions)
    prior = prior.of_family(family)
    moments = e_step(points, mixture, sample_weights=sample_weights).moments
    return _state(points, 0, m_step(moments, prior, family=family), prior, sample_weights)


def step(
    points: ArrayLike,
    state: VariationalState,
    prior: VariationalPrior,
    *,
    family: str = "full",
    sample_weights: ArrayLike | None = None,
    moves: bool = False,
) -> VariationalState:
    """The next state: the posterior of this state's moments, and the E-step on points (N, D) at it.

    With `moves` a component that the bound is higher without is switched off: merged into another, or
    deleted; the state's `move` says so. One step switches off one at most. It stays off, as does one that
    holds nothing any more, and E-steps take less time. The pieces of a stick are broken off by size. And
    where the steps creep, one leaps to where the last two lead, if the bound is higher there than an M-step
    alone would raise it; the state's `leapt` says so. Without moves the steps are Bishop's.

    Raises as `start`, and PointsError for what is no VariationalState.
    """
    check_state(state)
    _check_columns(points, state.mixture)
    check_prior(prior, state.posterior.n_dimensions)
    prior = prior.of_family(family)
    moves = truth(moves, "The setting 'moves'", MixtureError)
    if not moves:
        posterior = m_step(state.moments, prior, family=family, off=state.posterior.off)
        return _state(points, state.iteration + 1, posterior, prior, sample_weights)
    moments, off = _without_traces(state.moments)
    state = replace(state, moments=moments)
    posterior = m_step(moments, prior, family=family, by_size=True, off=off)
    reached = _reached(state, posterior, prior)
    moved = _moved(points, state, reached, prior, family, sample_weights)
    if moved.move is not None:
        return moved
    trail = (*state.trail[-1:], moments)
    given = _foretold(state)
    if given is not None:
        leap = m_step(given, prior, family=family, by_size=True, off=off)
        after = _state(points, state.iteration + 1, leap, prior, sample_weights)
        if after.lower_bound > reached:
            # Its own step is the first of the next two.
            return replace(after, refused=moved.refused, trail=(given,), leapt=True)
        # Of no use for another leap before two more steps.
        trail = (moments,)
    after = _state(points, state.iteration + 1, posterior, prior, sample_weights)
    return replace(after, refused=moved.refused, trail=trail)


def _reached(state: VariationalState, unmoved: Posterior, prior: VariationalPrior) -> float:
    """The bound of the M-step's posterior at this state's responsibilities: known without an E-step, which
    can only raise it."""
    before, moments = state.posterior, state.moments
    reached = fit(moments, unmoved.log_joint) - divergence(unmoved, prior)
    return reached + state.lower_bound - fit(moments, before.log_joint) + divergence(before, prior)


def _foretold(state: VariationalState) -> Moments | None:
    if len(state.trail) < 2:
        return None
    older, old = state.trail
    return foretold(older, old, state.moments, state.posterior.log_joint.whiteners)


def _moved(
    points: ArrayLike,
    state: VariationalState,
    reached: float,
    prior: VariationalPrior,
    family: str,
    sample_weights: ArrayLike | None,
) -> VariationalState:
    """The next state by the most promising move, or this one with what has been refused.

    What the M-step alone has `reached` is what a move has to surpass with all points: at once, or when the
    others have taken their new places, and then by what steps without it would have gained in the meantime.
    """
    before, moments = state.posterior, state.moments
    rows = as_rows(points, state.mixture.n_columns)
    weights = as_sample_weights(sample_weights, len(rows))
    gain = max(reached - state.lower_bound, 0.0)
    waiting = frozenset(past.components for past in state.refused if past.is_waiting(state.iteration))
    move = best_move(rows, weights, before, moments, prior, family, waiting, PATIENCE * gain)
    if move is None:
        return replace(state, move=None)
    held, off = _without_traces(after_move(moments, move))
    bound = -np.inf
    for taken in range(MOST_E_STEPS):
        posterior = m_step(held, prior, family=family, by_size=True, off=off)
        moved = _state(points, state.iteration + 1, posterior, prior, sample_weights)
        rise, bound, held = moved.lower_bound - bound, moved.lower_bound, moved.moments
        enough = max(reached, state.lower_bound) + (2.0 * taken + PATIENCE) * gain
        if bound > enough:
            made = replace(move, gain=bound - state.lower_bound)
            return replace(moved, move=made, refused=state.refused)
        if bound + 2.0 * rise < enough:
            break
    times = sum(past.times for past in state.refused if past.components == move.components)
    others = (past for past in state.refused if past.components != move.components)
    refusal = Refusal(move.components, state.iteration, times + 1)
    return replace(state, move=None, refused=(*others, refusal))


def _check_columns(points: ArrayLike, mixture: Mixture) -> None:
    check_array(points)
    as_rows(points, mixture.n_columns)


def check_state(state: Any) -> None:
    """Raises PointsError for what is no VariationalState."""
    check_kind(state, VariationalState, "The state", "give one of this method's own")


def check_array(points: ArrayLike) -> None:
    """Raises PointsError for an iterator of points."""
    if isinstance(points, Iterator):
        raise PointsError("An iterator of points can be read only once; give an array.")


def _state(
    points: ArrayLike,
    iteration: int,
    posterior: Posterior,
    prior: VariationalPrior,
    sample_weights: ArrayLike | None,
) -> VariationalState:
    """With the E-step (Bishop eqs. 10.49-10.53), whose log-likelihood is the sum of the logs of 10.49's
    divisors."""
    volume = None if posterior.noise is None else posterior.noise.volume
    gathered = expect(points, posterior.alive_terms, volume, sample_weights)
    bound = gathered.log_likelihood - divergence(posterior, prior)
    return VariationalState(iteration, posterior, _of_all(gathered.moments, posterior), bound)


def _without_traces(moments: Moments) -> tuple[Moments, NDArray[np.bool_]]:
    """The Moments without the components that hold next to nothing, and which those are (K,): never all."""
    off = moments.counts <= NOTHING * moments.total
    off[moments.counts.argmax()] = False
    kept = np.where(off, 0.0, 1.0)
    return moments_unchecked(
        moments.counts * kept,
        moments.means,
        moments.scatters * kept[:, None, None],
        moments.noise,
        moments.successes * kept[:, None],
    ), off


def _of_all(moments: Moments, posterior: Posterior) -> Moments:
    """The Moments of all K components from those of the ones that are alive."""
    if moments.n_components == posterior.n_components:
        return moments
    counts, means = np.zeros(posterior.n_components), posterior.means.copy()
    scatters, successes = np.zeros(posterior.scales.shape), np.zeros(posterior.successes.shape)
    on = posterior.alive
    counts[on], means[on], scatters[on] = moments.counts, moments.means, moments.scatters
    successes[on] = moments.successes
    return moments_unchecked(counts, means, scatters, moments.noise, successes)


def iterate(
    points: ArrayLike,
    mixture: Mixture,
    prior: VariationalPrior,
    *,
    family: str = "full",
    sample_weights: ArrayLike | None = None,
    moves: bool = False,
) -> Iterator[VariationalState]:
    """Every state on points (N, D) from iteration 0 on, without end: the caller stops. Raises as `start`."""
    state = start(points, mixture, prior, family=family, sample_weights=sample_weights)
    yield state
    yield from states_after(points, state, prior, family, sample_weights, moves)


def states_after(
    points: ArrayLike,
    state: VariationalState,
    prior: VariationalPrior,
    family: str,
    sample_weights: ArrayLike | None,
    moves: bool,
) -> Iterator[VariationalState]:
    """Those that follow `state`, without end. Raises as `step`."""
    prior = prior.of_family(variational_family(family))
    while True:
        state = step(points, state, prior, family=family, sample_weights=sample_weights, moves=moves)
        yield state
