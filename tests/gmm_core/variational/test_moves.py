"""Merge and delete moves: no step lowers the bound, and what is not needed is switched off at any N."""

import itertools
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import Mixture, Noise, initialize
from gmm_core.points import Array
from gmm_core.variational import (
    VARIATIONAL_FAMILIES,
    WEIGHT_PRIORS,
    Move,
    VariationalMixture,
    VariationalState,
    default_variational_prior,
    iterate,
    m_step,
    run,
    step,
)
from gmm_core.variational import moves as moves_module
from gmm_core.variational import steps as steps_module
from gmm_core.variational.bound import divergence, fit, merge_gains
from gmm_core.variational.moves import after_move, best_move
from tests.gmm_core.variational.test_of_scikit_learn import shares_of_points
from tests.strategies import QUICK, Problem, problems, seeds

CENTRES = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])


def three_clusters(n_points: int) -> Array:
    rng = np.random.default_rng(0)
    return CENTRES[np.arange(n_points) % 3] + rng.standard_normal((n_points, 2))


def with_extras(problem: Problem, rng: np.random.Generator, noisy: bool, n_binary: int) -> Problem:
    """The problem with background noise and columns of 0 and 1."""
    points, mixture = problem.points, problem.mixture
    ones = (rng.random((len(points), n_binary)) < 0.3).astype(np.float64)
    probabilities = rng.uniform(0.1, 0.9, (mixture.n_components, n_binary))
    volume = float(np.prod(np.ptp(points, axis=0)))
    weights = mixture.weights * (0.9 if noisy else 1.0)
    noise = Noise(0.1, volume) if noisy else None
    crowded = Mixture(weights, mixture.means, mixture.covariances, noise, probabilities)
    return Problem(np.hstack([points, ones]), crowded)


def doubled(mixture: Mixture) -> Mixture:
    """Every component twice, side by side: more than the points need."""
    means = np.concatenate([mixture.means - 0.1, mixture.means + 0.1])
    twice = [np.concatenate([part] * 2) for part in (mixture.weights / 2, mixture.covariances)]
    probabilities = np.concatenate([mixture.probabilities] * 2)
    return Mixture(twice[0], means, twice[1], mixture.noise, probabilities)


@QUICK
@given(
    problems(),
    seeds,
    st.sampled_from(VARIATIONAL_FAMILIES),
    st.sampled_from(WEIGHT_PRIORS),
    st.tuples(st.booleans(), st.booleans(), st.integers(0, 2)),
    st.sampled_from([7, 4096]),
)
def test_no_step_lowers_the_bound(
    problem: Problem,
    seed: int,
    family: str,
    weights: str,
    extras: tuple[bool, bool, int],
    looked_at: int,
) -> None:
    """Moves included, also where they are chosen by a handful of points."""
    weighted, noisy, n_binary = extras
    rng = np.random.default_rng(seed)
    points, mixture = vars(with_extras(problem, rng, noisy, n_binary)).values()
    counted = rng.uniform(0.2, 3.0, len(points)) if weighted else None
    concentration = float(rng.choice([1e-3, 0.5, 3.0]))
    prior = default_variational_prior(
        points, sample_weights=counted, concentration=concentration, weights=weights, n_binary=n_binary
    )
    settings: Any = {"family": family, "sample_weights": counted, "moves": True}
    total = len(points) if counted is None else counted.sum()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(moves_module, "MOST_LOOKED_AT", looked_at)
        states = list(itertools.islice(iterate(points, doubled(mixture), prior, **settings), 16))
    for before, after in itertools.pairwise(states):
        rise = after.lower_bound - before.lower_bound
        assert rise >= -1e-11 * max(1.0, abs(after.lower_bound))
        assert after.moments.total == pytest.approx(total, rel=1e-12)
        if after.move is not None:
            assert after.move.gain == rise > 0
            gone = after.move.removed
            assert after.moments.counts[gone] < before.moments.counts[gone]


@pytest.mark.parametrize("weights", WEIGHT_PRIORS)
@pytest.mark.parametrize(("n_points", "n_components"), [(300, 10), (6_000, 14), (60_000, 12)])
def test_what_is_not_needed_is_switched_off_in_tens_of_steps(
    weights: str, n_points: int, n_components: int
) -> None:
    points = three_clusters(n_points)
    mixture = initialize(points, n_components, rng=1)
    result = run(points, mixture, prior=default_variational_prior(points, weights=weights))
    last = result.states[-1]
    assert not result.is_unfinished
    assert last.iteration < 40
    assert last.n_active == 3
    held = last.moments.counts > 1
    np.testing.assert_allclose(last.moments.counts[held], n_points / 3, rtol=0.01)
    assert any(state.move is not None for state in result.states)


def stuck(n_points: int = 600) -> tuple[Array, VariationalState, Any]:
    """Three clusters and two components for each, after a few steps without moves."""
    points = three_clusters(n_points)
    start = Mixture(np.full(6, 1 / 6), np.concatenate([CENTRES - 0.5, CENTRES + 0.5]), [np.eye(2)] * 6)
    prior = default_variational_prior(points)
    return points, next(itertools.islice(iterate(points, start, prior), 3, None)), prior


def all_pairs(n_components: int) -> Iterator[tuple[int, int]]:
    yield from itertools.combinations(range(n_components), 2)


@QUICK
@given(
    problems(),
    seeds,
    st.sampled_from(VARIATIONAL_FAMILIES),
    st.sampled_from(WEIGHT_PRIORS),
    st.tuples(st.booleans(), st.integers(0, 2)),
)
def test_what_a_merge_gains_is_the_difference_of_two_m_steps(
    problem: Problem, seed: int, family: str, weights: str, extras: tuple[bool, int]
) -> None:
    rng = np.random.default_rng(seed)
    points, mixture = vars(with_extras(problem, rng, *extras)).values()
    mixture = doubled(mixture)
    prior = default_variational_prior(
        points, concentration=0.3, weights=weights, n_binary=extras[1]
    ).of_family(family)
    moments = next(iterate(points, mixture, prior, family=family)).moments
    firsts, seconds = (np.array(side) for side in zip(*all_pairs(mixture.n_components), strict=True))

    def reached(held: Any) -> float:
        posterior = m_step(held, prior, family=family, by_size=True)
        return fit(held, posterior.log_joint) - divergence(posterior, prior)

    expected = [
        reached(after_move(moments, Move(int(i), int(j), 0.0))) - reached(moments)
        for i, j in zip(firsts, seconds, strict=True)
    ]
    gains = merge_gains(moments, firsts, seconds, prior, family)
    np.testing.assert_allclose(gains, expected, rtol=1e-7, atol=1e-7)


def test_the_best_move_is_the_best_of_all_tried_one_by_one() -> None:
    """Where every point is looked at, what a merge promises is reached at least."""
    points, state, prior = stuck()
    move = best_move(points, None, state.posterior, state.moments, prior, "full")
    assert move is not None
    assert move.into is not None
    shares = shares_of_points(points, state)
    promises = {}
    unmoved = m_step(state.moments, prior)
    base = fit(state.moments, unmoved.log_joint) - divergence(unmoved, prior)
    for i, j in all_pairs(6):
        held = after_move(state.moments, Move(i, j, 0.0))
        posterior = m_step(held, prior)
        gain = fit(held, posterior.log_joint) - divergence(posterior, prior) - base
        both = shares[:, i] + shares[:, j]
        lost = [part * np.log(np.maximum(part, 1e-300)) for part in (both, shares[:, i], shares[:, j])]
        promises[i, j] = gain - (lost[0] - lost[1] - lost[2]).sum()
    best = max(promises, key=promises.__getitem__)
    assert set(best) == set(move.components)
    assert move.gain == pytest.approx(promises[best], rel=1e-9)
    after = step(points, state, prior, moves=True)
    assert after.move is not None
    assert after.move.components == move.components
    assert after.lower_bound >= state.lower_bound + move.gain


def test_a_component_whose_points_lie_between_others_is_deleted() -> None:
    """Merging it into either would stretch that one; the others each take their half."""
    rng = np.random.default_rng(5)
    points = rng.standard_normal((800, 2)) + np.array([[-4.0, 0.0], [4.0, 0.0]])[np.arange(800) % 2]
    means, wide = [[-4, 0], [4, 0], [0, 0]], np.diag([25.0, 1.0])
    start = Mixture([0.49, 0.49, 0.02], means, [np.eye(2), np.eye(2), wide])
    prior = default_variational_prior(points)
    states = list(itertools.islice(iterate(points, start, prior, moves=True), 6))
    made = [state.move for state in states if state.move is not None]
    assert made[0].components == (2,)
    assert str(made[0]).startswith("deleted 3: the bound rose by ")


def test_a_move_says_what_it_was() -> None:
    assert str(Move(3, 1, 31.2)) == "merged 4 into 2: the bound rose by 31"
    assert str(Move(3, 1, 2.345)) == "merged 4 into 2: the bound rose by 2.3"
    assert str(Move(0, None, 1234.5)) == "deleted 1: the bound rose by 1234"
    assert (Move(3, 1, 0.0).components, Move(0, None, 0.0).components) == ((3, 1), (0,))


def test_without_moves_the_steps_are_those_of_the_book() -> None:
    points = three_clusters(300)
    mixture = initialize(points, 8, rng=0)
    prior = default_variational_prior(points)
    plain = run(points, mixture, moves=False, max_steps=6).states
    for state, expected in zip(plain, iterate(points, mixture, prior), strict=False):
        assert state.move is None
        assert state.lower_bound == expected.lower_bound
    algorithm = VariationalMixture(moves=False)
    assert algorithm.run(points, mixture, max_steps=6).lower_bound == plain[-1].lower_bound


def test_a_move_that_does_not_raise_the_bound_is_refused_and_not_tried_at_once_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    points, state, prior = stuck()
    settled = run(points, state.mixture, prior=prior).states[-1]
    first, other = np.flatnonzero(settled.moments.counts > 1)[:2].tolist()

    def promising(*arguments: Any) -> Move | None:
        return None if (first, other) in arguments[-2] else Move(first, other, 50.0)

    monkeypatch.setattr("gmm_core.variational.steps.best_move", promising)
    tried = []
    for _ in range(30):
        before, settled = settled, step(points, settled, prior, moves=True)
        assert settled.move is None
        if settled.refused != before.refused:
            tried.append(before.iteration)
            assert [past.times for past in settled.refused] == [len(tried)]
    assert np.diff(tried).tolist() == [4, 16]


def test_what_is_switched_off_stays_off_and_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    points, _, _ = stuck()
    # So much that a component without points would otherwise be back at once.
    prior = default_variational_prior(points, concentration=2.0)
    asked: list[int] = []
    gather = steps_module.expect

    def counting(points: Any, terms: Any, *arguments: Any) -> Any:
        asked.append(terms.n_components)
        return gather(points, terms, *arguments)

    monkeypatch.setattr(steps_module, "expect", counting)
    states = list(run(points, initialize(points, 8, rng=0), prior=prior).states)
    gone = set[int]()
    for state in states:
        if state.move is not None:
            gone.add(state.move.removed)
        held = np.flatnonzero(state.moments.counts == 0.0)
        assert gone <= set(held.tolist())
        shares = shares_of_points(points, state)
        assert not shares[:, list(gone)].any()
    assert gone
    assert asked[-1] == 8 - len(gone)


@pytest.mark.parametrize("n_dimensions", [6, 10])
def test_pairs_of_many_dimensions_are_compared_block_by_block(
    n_dimensions: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(n_dimensions)
    points = rng.standard_normal((300, n_dimensions)) + 4 * np.eye(n_dimensions)[np.arange(300) % 3]
    mixture = initialize(points, 9, rng=0)
    whole = run(points, mixture, max_steps=5)
    monkeypatch.setattr(moves_module, "MOST_ENTRIES", 5 * n_dimensions**2)
    assert run(points, mixture, max_steps=5).lower_bound == pytest.approx(whole.lower_bound, rel=1e-13)
