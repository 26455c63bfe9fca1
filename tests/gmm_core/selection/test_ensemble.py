"""Mixtures stepped together walk as each alone, whatever stands beside them."""

import numpy as np
import pytest

from gmm_core import FAMILIES, Mixture, Moments, e_step, initialize, m_step
from gmm_core.points import Array
from gmm_core.selection import ensemble
from gmm_core.selection.ensemble import Ensemble
from tests.iteration import states_of
from tests.oracles import old_faithful

FAITHFUL = old_faithful()


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
    begun = ensemble.start(FAITHFUL, candidates(n_components, 2))
    assert list(begun.families) == sorted(begun.families)
    ended = ensemble.advance(FAITHFUL, begun, max_steps=5)
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
    assert_gathered(ensemble.start(points, together), points)


def test_what_collapses_leaves_and_the_others_go_on() -> None:
    points = np.concatenate([np.random.default_rng(0).standard_normal((60, 2)), [[9.0, 11.0]]])
    sound = Mixture([0.5, 0.5], [[-1.0, 0.0], [1.0, 0.0]], [16 * np.eye(2)] * 2)
    doomed = Mixture([0.9, 0.1], [[0.0, 0.0], [9.0, 11.0]], [np.eye(2), 0.1 * np.eye(2)])
    begun = ensemble.start(points, [("full", doomed), ("full", sound), ("diag", doomed), ("tied", sound)])
    ended = ensemble.advance(points, begun, max_steps=3)
    assert ended.families == ("full", "tied")
    assert_gathered(ended, points)
    assert len(ensemble.advance(points, begun.members(np.array([0])), max_steps=3)) == 0
    few = ensemble.advance(points, begun, max_steps=1, fewest=30.0)
    assert (few.counts > 30).all()


def test_members_stop_when_they_gain_no_more() -> None:
    begun = ensemble.start(FAITHFUL, candidates(2, 1))
    ended = ensemble.advance(FAITHFUL, begun, tolerance=1e-8, max_steps=2000)
    assert sorted(ended.families) == sorted(FAMILIES)
    for member, family in enumerate(ended.families):
        better = m_step(moments_of(ended, member), family=family)
        gain = e_step(FAITHFUL, better).log_likelihood - ended.log_likelihoods[member]
        assert abs(gain) <= 2e-8 * len(FAITHFUL)
