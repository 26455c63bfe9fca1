"""Mixtures stepped together walk as each alone, whatever stands beside them."""

import numpy as np
import pytest

from gmm_core import FAMILIES, Mixture, Moments, Noise, Variant, e_step, initialize, m_step
from gmm_core.points import Array
from gmm_core.selection import ensemble
from gmm_core.selection.acceleration import advance
from gmm_core.selection.ensemble import Ensemble
from gmm_core.selection.task import Task
from tests.iteration import states_of
from tests.oracles import old_faithful

FAITHFUL = old_faithful()
TASK = Task(FAITHFUL)


def candidates(n_components: int, n_each: int) -> list[tuple[str, Mixture]]:
    """Starts of every family."""
    rngs = [np.random.default_rng(seed) for seed in range(n_each)]
    return [
        (family, initialize(FAITHFUL, n_components, family=family, rng=rng))
        for family in FAMILIES
        for rng in rngs
    ]


def moments_of(found: Ensemble, member: int) -> Moments:
    return Moments(found.counts[member], found.centres[member], found.scatters[member])


def assert_gathered(found: Ensemble, points: Array) -> None:
    """Every member holds what an E-step of its own gives it."""
    for member in range(len(found)):
        actual, expected = moments_of(found, member), e_step(points, found.mixture(member))
        np.testing.assert_allclose(actual.counts, expected.moments.counts, rtol=1e-6)
        np.testing.assert_allclose(actual.means, expected.moments.means, rtol=1e-6)
        sizes = np.sqrt(np.einsum("kdd->kd", expected.moments.scatters))
        gaps = (actual.scatters - expected.moments.scatters) / sizes[:, :, None] / sizes[:, None, :]
        assert np.abs(gaps).max() < 1e-5
        assert found.log_likelihoods[member] == pytest.approx(expected.log_likelihood, abs=1e-4)


@pytest.mark.parametrize("n_components", [1, 3])
def test_members_walk_as_each_alone(n_components: int) -> None:
    begun = ensemble.start(TASK, candidates(n_components, 2))
    assert list(begun.families) == sorted(begun.families)
    ended = advance(TASK, begun, max_steps=5)
    assert ended.families == begun.families
    assert_gathered(ended, FAITHFUL)
    for member, family in enumerate(begun.families):
        alone = states_of(FAITHFUL, begun.mixture(member), 5, family=family)[-1]
        assert ended.log_likelihoods[member] == pytest.approx(alone.log_likelihood, abs=1e-5)
        np.testing.assert_allclose(ended.mixture(member).means, alone.mixture.means, rtol=1e-5)


@pytest.mark.parametrize("size", [1e-4, 1e-6])
@pytest.mark.parametrize("places", [[0], [1, 4], [5]])
def test_a_member_too_small_for_the_fast_e_step_costs_no_one_digits(size: float, places: list[int]) -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.standard_normal((60, 2)), [9.0, 4.0] + size * rng.standard_normal((30, 2))])
    wide = [
        Mixture([0.5, 0.5], rng.standard_normal((2, 2)), np.repeat([np.eye(2) * 9], 2, axis=0))
        for _ in range(6)
    ]
    small = Mixture([0.7, 0.3], [[0.0, 0.0], [9.0, 4.0]], [np.eye(2), size**2 * np.eye(2)])
    together = [("full", small if i in places else mixture) for i, mixture in enumerate(wide)]
    assert_gathered(ensemble.start(Task(points), together), points)


def test_what_collapses_leaves_and_the_others_go_on() -> None:
    points = np.concatenate([np.random.default_rng(0).standard_normal((60, 2)), [[9.0, 11.0]]])
    sound = Mixture([0.5, 0.5], [[-1.0, 0.0], [1.0, 0.0]], [16 * np.eye(2)] * 2)
    doomed = Mixture([0.9, 0.1], [[0.0, 0.0], [9.0, 11.0]], [np.eye(2), 0.1 * np.eye(2)])
    begun = ensemble.start(
        Task(points), [("full", doomed), ("full", sound), ("diag", doomed), ("tied", sound)]
    )
    ended = advance(Task(points), begun, max_steps=3)
    assert ended.families == ("full", "tied")
    assert_gathered(ended, points)
    assert len(advance(Task(points), begun.members(np.array([0])), max_steps=3)) == 0


@pytest.mark.parametrize("leaps", [False, True])
def test_members_stop_when_they_gain_no_more(leaps: bool) -> None:
    begun = ensemble.start(TASK, candidates(2, 1))
    ended = advance(TASK, begun, tolerance=1e-8, max_steps=2000, leaps=leaps)
    assert sorted(ended.families) == sorted(FAMILIES)
    for member, family in enumerate(ended.families):
        better = m_step(moments_of(ended, member), family=family)
        gain = e_step(FAITHFUL, better).log_likelihood - ended.log_likelihoods[member]
        assert abs(gain) <= 2e-8 * len(FAITHFUL)


@pytest.mark.parametrize("family", FAMILIES)
def test_leaps_end_no_lower_and_sooner_than_steps(family: str) -> None:
    """Three components on these points creep: hundreds of steps gain next to nothing each."""
    starts = [(family, initialize(FAITHFUL, 3, family=family, rng=seed)) for seed in range(6)]
    begun = ensemble.start(TASK, starts)
    values = begun.objectives
    for steps in (1, 4, 16, 64):
        leapt = advance(TASK, begun, max_steps=steps, leaps=True)
        # Members may part with EM's own path, never with its direction.
        assert len(leapt) == len(begun)
        if steps > 1:
            assert (leapt.objectives >= values - 1e-8).all()
        values = leapt.objectives
    plain = advance(TASK, begun, max_steps=64)
    assert np.median(values - plain.objectives) >= -1e-3
    alone = Task(FAITHFUL)
    for member in range(len(begun)):
        single = advance(alone, begun.members(np.array([member])), max_steps=64, leaps=True)
        assert single.objectives[0] == pytest.approx(values[member], abs=1e-3)


@pytest.mark.parametrize("size", [1.0, 1e-4, 1e-7])
@pytest.mark.parametrize("n_dimensions", [1, 2, 4])
def test_an_ensemble_gathers_what_each_alone_does(n_dimensions: int, size: float) -> None:
    """With weights, 0/1 columns and noise, and a component of a ten-millionth of the spread."""
    rng = np.random.default_rng(1)
    numbers = rng.standard_normal((90, n_dimensions))
    numbers[60:] = 5.0 + size * numbers[60:]
    points = np.column_stack([numbers, rng.integers(0, 2, (90, 2))]).astype(np.float64)
    weights = rng.integers(0, 4, 90).astype(np.float64)
    noise = Noise(0.1, 50.0)
    mixtures = [
        Mixture(
            [0.5, 0.4],
            [rng.standard_normal(n_dimensions), np.full(n_dimensions, 5.0)],
            [np.eye(n_dimensions), size**2 * np.eye(n_dimensions)],
            noise,
            rng.uniform(0.2, 0.8, (2, 2)),
        )
        for _ in range(3)
    ]
    task = Task(points, 2, Variant(sample_weights=weights), 0.0, noise)
    found = ensemble.start(task, [("full", mixture) for mixture in mixtures])
    for member, mixture in enumerate(mixtures):
        expected = e_step(points, mixture, sample_weights=weights)
        actual = found.moments(member, noise.volume)
        for name in ("counts", "means", "successes"):
            np.testing.assert_allclose(
                getattr(actual, name), getattr(expected.moments, name), rtol=1e-9, atol=1e-12
            )
        sizes = np.sqrt(np.einsum("kdd->kd", expected.moments.scatters))
        gaps = (actual.scatters - expected.moments.scatters) / sizes[:, :, None] / sizes[:, None, :]
        assert np.abs(gaps).max() < 1e-8
        assert actual.noise is not None
        assert expected.moments.noise is not None
        assert actual.noise.amount == pytest.approx(expected.moments.noise.amount, rel=1e-9)
        assert found.log_likelihoods[member] == pytest.approx(expected.log_likelihood, abs=1e-7)
