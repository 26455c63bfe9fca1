"""Leaps: where steps creep they lead to where the steps would, sooner, and never lower."""

import itertools
from typing import Any

import numpy as np
import pytest

from gmm_core import Mixture, Moments, Noise, initialize
from gmm_core.points import Array
from gmm_core.variational import (
    VARIATIONAL_FAMILIES,
    WEIGHT_PRIORS,
    VariationalState,
    default_variational_prior,
    iterate,
    resume,
    run,
)
from gmm_core.variational import steps as steps_module
from gmm_core.variational.leaps import foretold
from gmm_core.whitening import whiten


def creeping(n_points: int = 150) -> Array:
    """Heavy tails, which three Gaussians share by and by."""
    return np.random.default_rng(3).standard_t(3, (n_points, 2))


def plain_states(points: Array, n_steps: int, **settings: Any) -> list[VariationalState]:
    prior = default_variational_prior(points)
    states = iterate(points, initialize(points, 3, rng=0), prior, **settings)
    return list(itertools.islice(states, n_steps))


@pytest.mark.parametrize(
    ("family", "weights"), [*zip(VARIATIONAL_FAMILIES, WEIGHT_PRIORS * 2, strict=True), ("full", "dirichlet")]
)
def test_leaps_end_sooner_where_steps_would(
    family: str, weights: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = np.random.default_rng(0).standard_normal((120, 2))
    points[::2, 0] += 3.0
    mixture = Mixture([0.5, 0.5], [[1.0, 0.5], [2.0, -0.5]], [np.eye(2)] * 2)
    prior = default_variational_prior(points, weights=weights)
    settings: Any = {"prior": prior, "family": family, "tolerance": 1e-7, "max_steps": 1_000}
    # Without moves, so that both have the same components.
    monkeypatch.setattr(steps_module, "best_move", lambda *_: None)
    leaping = run(points, mixture, **settings)
    monkeypatch.setattr(steps_module, "foretold", lambda *_: None)
    walking = run(points, mixture, **settings)
    assert not leaping.is_unfinished
    assert not walking.is_unfinished
    bounds = np.array([state.lower_bound for state in leaping.states])
    assert (np.diff(bounds) >= -1e-11 * np.abs(bounds[1:])).all()
    assert leaping.lower_bound == pytest.approx(walking.lower_bound, abs=0.01)
    assert any(state.leapt for state in leaping.states)
    assert not any(state.leapt for state in walking.states)
    assert len(leaping.states) <= 0.75 * len(walking.states)


def test_a_run_does_not_end_with_a_leap_and_is_resumed_as_if_it_had_gone_on() -> None:
    points = creeping()
    mixture = initialize(points, 6, rng=1)
    whole = run(points, mixture)
    assert not whole.states[-1].leapt
    places = [state.iteration for state in whole.states if state.leapt]
    assert places
    for limit in {1, places[0] - 1, places[0]}:
        resumed = resume(points, run(points, mixture, max_steps=limit))
        assert resumed.lower_bound == whole.lower_bound
        assert len(resumed.states) == len(whole.states)


def test_a_leap_that_does_not_surpass_the_m_step_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    points = creeping()
    expected = plain_states(points, 8)
    far = expected[0].moments
    # Back to where it began: the bound is lower there.
    monkeypatch.setattr(steps_module, "foretold", lambda *_: far)
    monkeypatch.setattr(steps_module, "best_move", lambda *_: None)
    states = plain_states(points, 8, moves=True)
    assert not any(state.leapt for state in states)
    for state, plain in zip(states, expected, strict=True):
        assert state.lower_bound == pytest.approx(plain.lower_bound, rel=1e-13)


def moments_along(times: float, ratio: float, noisy: bool = False) -> Moments:
    """What is held after so many steps each of which is `ratio` times the one before, to where all lead."""
    left = ratio**times
    share = np.exp(0.3 * left)
    counts = 90.0 * np.array([share, 1.0, 2.0]) / (share + 3.0 + noisy)
    means = np.array([[0, 1], [5, 5], [9, -3]]) + left * np.array([[1.0, 0.5], [0.0, 0.0], [0.3, 0]])
    covariances = np.array([np.eye(2), [[2.0, 0.5], [0.5, 1.0]], np.diag([3.0, 0.1])])
    covariances = covariances + left * np.diag([0.2, 0.01])
    noise = Noise(float(90.0 - counts.sum()), 50.0) if noisy else None
    chances = np.array([[0.2], [0.5], [0.7]]) + 0.1 * left
    return Moments(counts, means, covariances * counts[:, None, None], noise, chances * counts[:, None])


@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("ratio", [0.5, 0.9, 0.98])
def test_steps_that_shrink_alike_are_foretold_to_their_end(ratio: float, noisy: bool) -> None:
    """There squared extrapolation is exact: a geometric series has one sum."""
    older, old, now = (moments_along(times, ratio, noisy) for times in (0, 1, 2))
    end = moments_along(1e4, ratio, noisy)
    whiteners, _ = whiten(now.scatters / now.counts[:, None, None])
    found = foretold(older, old, now, whiteners)
    assert found is not None
    for name in ("counts", "means", "scatters", "successes"):
        np.testing.assert_allclose(getattr(found, name), getattr(end, name), rtol=1e-6, atol=1e-6)
    assert found.total == pytest.approx(90.0, rel=1e-12)


def changed(moments: Moments, units: Array, offset: Array) -> Moments:
    scatters = moments.scatters * units[:, None] * units
    return Moments(moments.counts, moments.means * units + offset, scatters, None, moments.successes)


def test_neither_units_nor_the_origin_matter() -> None:
    units, offset = np.array([1e-6, 40.0]), np.array([3.0, -1e4])
    way = [moments_along(times, 0.8 + 0.01 * times) for times in (0, 1, 2)]
    whiteners, _ = whiten(way[2].scatters / way[2].counts[:, None, None])
    found = foretold(way[0], way[1], way[2], whiteners)
    other = [changed(moments, units, offset) for moments in way]
    same = foretold(other[0], other[1], other[2], whiteners / units)
    assert found is not None
    assert same is not None
    expected = changed(found, units, offset)
    np.testing.assert_allclose(same.counts, expected.counts, rtol=1e-9)
    np.testing.assert_allclose(same.means, expected.means, rtol=1e-9)
    np.testing.assert_allclose(same.scatters, expected.scatters, rtol=1e-7, atol=1e-7 * units.min() ** 2)


def test_what_foretells_nothing_is_no_leap() -> None:
    older, old, now = (moments_along(times, 0.9) for times in (0, 1, 2))
    whiteners, _ = whiten(now.scatters / now.counts[:, None, None])
    # Steps that turn round lead nowhere.
    assert foretold(older, old, older, whiteners) is None
    emptied = Moments(now.counts * [1, 1, 0], now.means, now.scatters, None, now.successes)
    assert foretold(older, old, emptied, whiteners) is None


def test_components_without_points_stay_without() -> None:
    older, old, now = (moments_along(times, 0.9) for times in (0, 1, 2))
    kept = [
        Moments(m.counts * [1, 0, 1], m.means, m.scatters * np.array([1.0, 0.0, 1.0])[:, None, None], None,
                m.successes * [[1], [0], [1]])
        for m in (older, old, now)
    ]  # fmt: skip
    whiteners, _ = whiten(now.scatters / now.counts[:, None, None])
    found = foretold(kept[0], kept[1], kept[2], whiteners)
    assert found is not None
    assert found.counts[1] == 0.0
    assert found.total == pytest.approx(kept[2].total, rel=1e-12)


def test_mixtures_with_noise_leap_too() -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([creeping(), rng.uniform(-30, 30, (60, 2))])
    begin = initialize(points, 4, rng=0)
    noisy = Mixture(begin.weights * 0.8, begin.means, begin.covariances, Noise(0.2, 3600.0))
    states = run(points, noisy, tolerance=1e-8).states
    assert any(state.leapt for state in states)
    for before, after in itertools.pairwise(states):
        assert after.lower_bound >= before.lower_bound - 1e-11 * abs(after.lower_bound)
        assert after.moments.total == pytest.approx(210.0, rel=1e-12)
