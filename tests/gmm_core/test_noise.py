"""Background noise: a uniform density beside the components, with a weight of its own."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal

from gmm_core import (
    FAMILIES,
    ComponentCollapsedError,
    Mixture,
    MixtureError,
    Moments,
    Noise,
    PointsError,
    StopReason,
    Variant,
    e_step,
    log_density,
    log_likelihood,
    lower_bound,
    m_step,
    responsibilities,
    run,
    sample,
    start,
)
from gmm_core.points import Array
from tests.strategies import QUICK, Problem, make_mixture, make_points, problems, seeds

EYE = np.eye(2)


def with_noise(mixture: Mixture, amount: float, volume: float) -> Mixture:
    return Mixture((1 - amount) * mixture.weights, mixture.means, mixture.covariances, Noise(amount, volume))


def noise_of(part: Mixture | Moments) -> Noise:
    assert part.noise is not None
    return part.noise


def joint(points: Array, mixture: Mixture) -> Array:
    """(N, K + 1): weight times density, as the definition says; the noise's last."""
    columns = [
        mixture.weights[k] * multivariate_normal(mixture.means[k], mixture.covariances[k]).pdf(points)
        for k in range(mixture.n_components)
    ]
    noise = noise_of(mixture)
    return np.column_stack([*columns, np.full(len(points), noise.amount / noise.volume)])


@QUICK
@given(problems(), st.floats(0.001, 0.999), st.floats(-3, 6))
def test_noise_is_one_more_column_of_the_table(problem: Problem, amount: float, log_volume: float) -> None:
    points, mixture = problem.points, with_noise(problem.mixture, amount, np.exp(log_volume))
    table = joint(points, mixture)
    densities = table.sum(axis=1)
    shares = table / densities[:, None]
    np.testing.assert_allclose(log_density(points, mixture), np.log(densities), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(responsibilities(points, mixture), shares[:, :-1], rtol=1e-8, atol=1e-14)
    expectation = e_step(points, mixture)
    moments = expectation.moments
    assert expectation.log_likelihood == pytest.approx(np.log(densities).sum(), rel=1e-10, abs=1e-9)
    assert noise_of(moments).amount == pytest.approx(shares[:, -1].sum(), rel=1e-9)
    np.testing.assert_allclose(moments.counts, shares[:, :-1].sum(axis=0), rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(
        moments.counts[:, None] * moments.means, shares[:, :-1].T @ points, rtol=1e-7, atol=1e-9
    )
    assert moments.total == pytest.approx(len(points), rel=1e-13)


@QUICK
@given(problems(max_dimensions=2), st.floats(0.01, 0.9), st.floats(0, 6))
def test_the_bound_touches_the_likelihood_and_lies_below_it(
    problem: Problem, amount: float, log_volume: float
) -> None:
    state = start(problem.points, with_noise(problem.mixture, amount, np.exp(log_volume)))
    assert lower_bound(state, state.mixture) == pytest.approx(state.log_likelihood, rel=1e-12)
    try:
        mixture = m_step(state.moments)
    except ComponentCollapsedError:
        return
    bound, after = lower_bound(state, mixture), log_likelihood(problem.points, mixture)
    slack = 1e-10 * max(1.0, abs(after))
    assert state.log_likelihood - slack <= bound <= after + slack
    assert mixture.weights.sum() + noise_of(mixture).amount == pytest.approx(1.0, rel=1e-14)


def among_noise(seed: int, share: float, n_points: int = 4000) -> tuple[Array, Mixture]:
    """Points of which `share` are uniform on a square of side 20, and the mixture without them."""
    rng = np.random.default_rng(seed)
    mixture = Mixture([0.6, 0.4], [[5, 5], [14, 12]], [[[1, 0.5], [0.5, 1]], [[0.5, 0], [0, 2]]])
    n_noise = round(share * n_points)
    uniform = rng.uniform(0, 20, (n_noise, 2))
    return np.concatenate([make_points(rng, mixture, n_points - n_noise), uniform]), mixture


@pytest.mark.parametrize("share", [0.05, 0.2, 0.5])
@pytest.mark.parametrize("equal", [False, True])
def test_the_share_of_the_noise_is_recovered(share: float, equal: bool) -> None:
    points, truth = among_noise(5, share)
    begin = with_noise(truth, 0.3, 400.0)
    fitted = run(points, begin, variant=Variant(equal_weights=equal), tolerance=1e-10, max_steps=1000)
    assert fitted.stop_reason is StopReason.CONVERGED
    assert noise_of(fitted.mixture).amount == pytest.approx(share, abs=0.02)
    np.testing.assert_allclose(fitted.mixture.means, truth.means, atol=0.15)
    np.testing.assert_allclose(fitted.mixture.covariances, truth.covariances, atol=0.3)
    without = run(points, truth, tolerance=1e-10, max_steps=1000)
    assert fitted.log_likelihood > without.log_likelihood + 50


@QUICK
@given(seeds, st.floats(-20, 20), st.integers(1, 3))
def test_a_change_of_units_changes_the_volume(seed: int, log_unit: float, n_dimensions: int) -> None:
    """Lengths times u: volumes times u^D, densities divided by it, shares as before."""
    rng, unit = np.random.default_rng(seed), np.exp(log_unit)
    plain = make_mixture(rng, 3, n_dimensions)
    points = make_points(rng, plain, 80)
    mixture = with_noise(plain, 0.2, 50.0)
    noise = Noise(0.2, 50.0 * unit**n_dimensions)
    scaled = Mixture(mixture.weights, unit * mixture.means, unit**2 * mixture.covariances, noise)
    shift = n_dimensions * log_unit
    np.testing.assert_allclose(
        responsibilities(unit * points, scaled), responsibilities(points, mixture), rtol=1e-10, atol=1e-14
    )
    np.testing.assert_allclose(
        log_density(unit * points, scaled) + shift, log_density(points, mixture), atol=1e-11
    )
    before, after = e_step(points, mixture), e_step(unit * points, scaled)
    assert after.log_likelihood + len(points) * shift == pytest.approx(before.log_likelihood, abs=1e-8)
    assert noise_of(after.moments).amount == pytest.approx(noise_of(before.moments).amount, rel=1e-10)


@pytest.mark.parametrize("offset", [0.0, 1e6, 1e8])
def test_noise_has_no_place(offset: float) -> None:
    points, truth = among_noise(3, 0.2, 300)
    mixture = with_noise(truth, 0.2, 400.0)
    far = Mixture(mixture.weights, mixture.means + offset, mixture.covariances, mixture.noise)
    # Back from there the subtraction is exact, so both sides know the same numbers.
    moved = points + offset
    near, there = e_step(moved - offset, mixture), e_step(moved, far)
    assert there.log_likelihood == pytest.approx(near.log_likelihood, rel=1e-12)
    np.testing.assert_allclose(there.moments.scatters, near.moments.scatters, rtol=1e-9, atol=1e-9)
    assert noise_of(there.moments).amount == pytest.approx(noise_of(near.moments).amount, rel=1e-11)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_noise_keeps_its_own_weight_among_equals(family: str) -> None:
    points, truth = among_noise(7, 0.3, 1000)
    state = start(points, with_noise(truth, 0.2, 400.0))
    free = m_step(state.moments, family=family)
    equal = m_step(state.moments, family=family, variant=Variant(equal_weights=True))
    expected = 1 - responsibilities(points, state.mixture).sum() / len(points)
    for mixture in (free, equal):
        assert noise_of(mixture).amount == pytest.approx(expected, rel=1e-10)
    np.testing.assert_allclose(equal.weights, 0.5 * (1 - expected), rtol=1e-12)
    assert np.array_equal(free.covariances, equal.covariances)


def test_noise_of_weight_zero_is_none() -> None:
    points, truth = among_noise(1, 0.1, 200)
    silent = Mixture(truth.weights, truth.means, truth.covariances, Noise(0, 7.0))
    assert np.array_equal(log_density(points, silent), log_density(points, truth))
    assert np.array_equal(responsibilities(points, silent), responsibilities(points, truth))
    plain, expectation = e_step(points, truth), e_step(points, silent)
    assert noise_of(expectation.moments).amount == 0
    assert expectation.log_likelihood == pytest.approx(plain.log_likelihood, rel=1e-14)
    mixture = m_step(expectation.moments)
    assert mixture.noise == Noise(0.0, 7.0)
    np.testing.assert_allclose(mixture.covariances, m_step(plain.moments).covariances, rtol=1e-12)
    assert sample(silent, 10, np.random.default_rng(0))[0].shape == (10, 2)


def test_noise_of_weight_one_is_all_there_is() -> None:
    points = among_noise(1, 0.1, 200)[0]
    mixture = Mixture([0, 0], [[0, 0], [1, 1]], [EYE, EYE], Noise(1.0, 8.0))
    np.testing.assert_allclose(log_density(points, mixture), -np.log(8.0), rtol=1e-15)
    assert np.array_equal(responsibilities(points, mixture), np.zeros((200, 2)))
    expectation = e_step(points, mixture)
    assert noise_of(expectation.moments).amount == 200
    assert np.array_equal(expectation.moments.counts, [0, 0])
    assert expectation.log_likelihood == pytest.approx(-200 * np.log(8.0), rel=1e-14)
    with pytest.raises(ComponentCollapsedError, match=r"^Component 1 collapsed: it holds 0 of 200 points"):
        m_step(expectation.moments)


def test_noise_that_takes_every_point_ends_the_run_with_words() -> None:
    points = among_noise(1, 0.1, 200)[0]
    result = run(points, Mixture([1e-3], [[1e3, 1e3]], [EYE], Noise(0.999, 400.0)))
    assert result.stop_reason is StopReason.COMPONENT_COLLAPSED
    assert "of 200 points" in result.explanation


@pytest.mark.parametrize(
    ("weight", "noise", "sentence"),
    [
        (1.0, Noise(-0.1, 1.0), "The noise has the weight -0.1; give one from 0 to 1."),
        (1.0, Noise(1.5, 1.0), "The noise has the weight 1.5; give one from 0 to 1."),
        (1.0, Noise(np.nan, 1.0), "The noise has the weight nan; give one from 0 to 1."),
        (0.9, Noise(0.1, 0.0), "The noise fills the volume 0.0; give a finite one above 0."),
        (0.9, Noise(0.1, -1.0), "The noise fills the volume -1.0; give a finite one above 0."),
        (0.9, Noise(0.1, np.inf), "The noise fills the volume inf; give a finite one above 0."),
        (0.9, Noise(0.1, np.nan), "The noise fills the volume nan; give a finite one above 0."),
        (
            1.0,
            Noise(0.1, 1.0),
            "The weights and the noise's sum to 1.1; divide them by their sum so that it is 1.",
        ),
    ],
)
def test_noise_that_is_none_is_refused_in_one_sentence(weight: float, noise: Noise, sentence: str) -> None:
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        Mixture([weight], [[0, 0]], [EYE], noise)


def test_noise_cannot_be_drawn() -> None:
    sentence = "Noise has a volume but no place to draw from; sample a mixture without it."
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        sample(Mixture([0.9], [[0, 0]], [EYE], Noise(0.1, 1.0)), 5, np.random.default_rng(0))


def test_what_noise_gathered_adds_up_only_in_one_volume() -> None:
    points, truth = among_noise(2, 0.1, 50)
    small, large = (e_step(points, with_noise(truth, 0.1, volume)).moments for volume in (30.0, 400.0))
    sentence = (
        "Moments of 2 components in 2 dimensions, noise in a volume of 30.0 and of 2 components in 2 "
        "dimensions, noise in a volume of 400.0 cannot be added; both must come from the same mixture."
    )
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        small + large
    with pytest.raises(PointsError, match="cannot be added"):
        small + e_step(points, truth).moments
    nearly = e_step(points, with_noise(truth, 0.1, 30.0000001)).moments
    with pytest.raises(PointsError, match="cannot be added"):
        small + nearly
