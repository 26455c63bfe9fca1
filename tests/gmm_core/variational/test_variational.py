"""The variational mixture: its bound, and the exact answers it must meet."""

import itertools
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy.special import logsumexp

from gmm_core import (
    Mixture,
    StopReason,
    e_step,
    expected_moments,
    initialize,
    log_density,
    responsibilities,
)
from gmm_core.moments import Moments
from gmm_core.points import Array
from gmm_core.variational import (
    Posterior,
    VariationalPrior,
    VariationalState,
    default_variational_prior,
    divergence,
    iterate,
    m_step,
    run,
    start,
    step,
)
from tests.bishop import bound_of_bishop, learned, log_evidence, log_joints_of, shares_of
from tests.strategies import QUICK, Problem, affine_map, problems, seeds

PARTS = ("concentrations", "means", "shrinkages", "degrees", "scales")


def some_prior(problem: Problem) -> VariationalPrior:
    """Nowhere near the points' own, so that every term of a formula counts."""
    n_dimensions = problem.points.shape[1]
    mean, scale = np.full(n_dimensions, 0.7), 0.3 * np.eye(n_dimensions) + 0.1
    return VariationalPrior(0.5, mean, 0.4, n_dimensions + 0.5, scale)


def states_of(points: Array, mixture: Mixture, prior: VariationalPrior, n: int) -> list[VariationalState]:
    return list(itertools.islice(iterate(points, mixture, prior), n + 1))


def three_clusters(n_points: int = 600) -> Array:
    rng = np.random.default_rng(0)
    centres = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])
    return centres[np.arange(n_points) % 3] + rng.standard_normal((n_points, 2))


def assert_close(actual: Posterior, expected: Posterior, tolerance: float) -> None:
    for part in PARTS:
        wanted = getattr(expected, part)
        np.testing.assert_allclose(getattr(actual, part), wanted, rtol=tolerance, atol=tolerance)


# The bound


@QUICK
@given(problems())
def test_the_bound_never_falls(problem: Problem) -> None:
    heaped = np.concatenate([problem.points[:30], np.repeat(problem.points[:1], 30, axis=0)])
    for points, prior in (
        (problem.points, some_prior(problem)),
        (problem.points, default_variational_prior(problem.points)),
        (heaped, default_variational_prior(heaped)),
    ):
        bounds = [state.lower_bound for state in states_of(points, problem.mixture, prior, 30)]
        assert (np.diff(bounds) >= -1e-11 * np.maximum(1.0, np.abs(bounds[1:]))).all()


@QUICK
@given(problems())
def test_the_bound_is_that_of_bishop(problem: Problem) -> None:
    prior = some_prior(problem)
    for state in states_of(problem.points, problem.mixture, prior, 3):
        expected = bound_of_bishop(problem.points, state.posterior, prior)
        assert state.lower_bound == pytest.approx(expected, rel=1e-10, abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("n_components", [2, 3])
@pytest.mark.parametrize("concentration", [0.1, 1.0])
def test_the_bound_lies_below_the_evidence(n_components: int, concentration: float) -> None:
    rng = np.random.default_rng(n_components)
    points = np.concatenate([rng.standard_normal((3, 2)), rng.standard_normal((3, 2)) + 6])
    prior = VariationalPrior(concentration, np.array([3.0, 3.0]), 0.1, 3.0, np.eye(2))
    mixture = initialize(points, n_components, rng=rng)
    evidence = log_evidence(points, n_components, prior)
    bounds = [state.lower_bound for state in states_of(points, mixture, prior, 40)]
    assert evidence - (1.5 if n_components == 2 else 9.0) < max(bounds) < evidence


@QUICK
@given(problems(max_components=1))
def test_one_component_has_the_conjugate_posterior_and_its_evidence(problem: Problem) -> None:
    points, prior = problem.points, some_prior(problem)
    state = start(points, problem.mixture, prior)
    evidence, after = learned(points, prior)
    own = (after.concentration, after.mean, after.shrinkage, after.degrees, after.scale)
    expected = Posterior(*(np.array([part]) for part in own))
    assert_close(state.posterior, expected, 1e-11)
    assert state.lower_bound == pytest.approx(evidence, rel=1e-11)
    again = step(points, state, prior)
    assert_close(again.posterior, state.posterior, 1e-11)
    assert again.lower_bound == pytest.approx(state.lower_bound, rel=1e-13)


def test_the_divergence_is_0_at_the_prior_and_above_it_elsewhere() -> None:
    points = three_clusters(60)
    prior = default_variational_prior(points)
    empty = Moments(np.zeros(3), np.full((3, 2), np.nan), np.zeros((3, 2, 2)))
    assert abs(divergence(m_step(empty, prior), prior)) < 1e-13
    some = Moments(np.array([0.5, 1.0, 1.5]), points[:3], np.zeros((3, 2, 2)))
    assert divergence(m_step(some, prior), prior) > 1e-3
    assert VariationalState(0, m_step(some, prior), some, 0.0).n_active == 1


@QUICK
@given(problems())
def test_every_field_of_a_state_belongs_to_its_posterior(problem: Problem) -> None:
    points, prior = problem.points, some_prior(problem)
    first = m_step(expected_moments(points, responsibilities(points, problem.mixture)), prior)
    for iteration, state in enumerate(states_of(points, problem.mixture, prior, 2)):
        assert state.iteration == iteration
        if iteration == 0:
            assert_close(state.posterior, first, 1e-8)
        expected = expected_moments(points, shares_of(points, state.posterior))
        np.testing.assert_allclose(state.moments.counts, expected.counts, rtol=1e-9, atol=1e-9)
        held = expected.counts > 1e-3
        np.testing.assert_allclose(state.moments.means[held], expected.means[held], rtol=1e-7, atol=1e-7)
        np.testing.assert_allclose(state.moments.scatters, expected.scatters, rtol=1e-7, atol=1e-7)
        assert state.n_active == (expected.counts > 1).sum()


@QUICK
@given(problems())
def test_the_expected_mixture_is_a_mixture(problem: Problem) -> None:
    prior = default_variational_prior(problem.points)
    state = states_of(problem.points, problem.mixture, prior, 5)[-1]
    mixture, posterior = state.mixture, state.posterior
    checked = Mixture(mixture.weights, mixture.means, mixture.covariances)
    np.testing.assert_allclose(checked.weights, posterior.concentrations / posterior.concentrations.sum())
    precisions = posterior.degrees[:, None, None] * np.linalg.inv(posterior.scales)
    np.testing.assert_allclose(np.linalg.inv(checked.covariances), precisions, rtol=1e-8, atol=1e-10)
    assert np.isfinite(log_density(problem.points, mixture)).all()


@pytest.mark.parametrize("method", ["kmeans++", "kmeans", "random_points"])
@pytest.mark.parametrize("seed", range(3))
def test_of_ten_components_three_remain_on_three_clusters(method: str, seed: int) -> None:
    points = three_clusters()
    mixture = initialize(points, 10, method=method, rng=np.random.default_rng(seed))
    result = run(points, mixture)
    last = result.states[-1]
    assert result.stop_reason is StopReason.CONVERGED
    assert f"at iteration {last.iteration}" in result.explanation
    assert "3 of 10 components are active" in result.explanation
    active = last.moments.counts > 1
    np.testing.assert_allclose(last.moments.counts[active], 200, atol=1)
    assert result.mixture.weights[~active].max() < 1e-4
    means = result.mixture.means[active]
    np.testing.assert_allclose(means[np.argsort(means @ [1, 3])], [[0, 0], [10, 0], [0, 10]], atol=0.25)
    assert result.lower_bound == last.lower_bound


def test_a_component_without_points_returns_to_the_prior() -> None:
    points = three_clusters(90)
    prior = default_variational_prior(points)
    # The third lies where its density is 0 at every point.
    mixture = Mixture([0.4, 0.4, 0.2], [[0, 0], [9, 1], [1e6, 0]], [np.eye(2), np.eye(2), 1e-4 * np.eye(2)])
    assert e_step(points, mixture).moments.counts[2] == 0
    posterior = start(points, mixture, prior).posterior
    assert (posterior.concentrations[2], posterior.degrees[2]) == (prior.concentration, prior.degrees)
    assert np.array_equal(posterior.means[2], prior.mean)
    assert np.array_equal(posterior.scales[2], prior.scale)
    assert all(np.isfinite(state.lower_bound) for state in states_of(points, mixture, prior, 20))


def test_switched_off_components_cost_neither_digits_nor_memory() -> None:
    points = three_clusters(100_002)
    prior = default_variational_prior(points)
    means = np.concatenate([[[0, 0], [10, 0], [0, 10]], np.full((17, 2), 1e6)])
    mixture = Mixture(np.full(20, 0.05), means, np.repeat(np.eye(2)[None], 20, axis=0))
    state = start(points, mixture, prior)
    tracemalloc.start()
    after = step(points, state, prior)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_002 * 20 * 8 / 2
    assert after.n_active == 3
    expected = expected_moments(points, shares_of(points, after.posterior))
    np.testing.assert_allclose(after.moments.counts, expected.counts, rtol=1e-11)
    np.testing.assert_allclose(after.moments.scatters[:3], expected.scatters[:3], rtol=1e-9, atol=1e-7)
    divisors = logsumexp(log_joints_of(points, after.posterior), axis=1)
    bound = divisors.sum() - divergence(after.posterior, prior)
    assert after.lower_bound == pytest.approx(bound, rel=1e-12)


def test_scatters_keep_their_digits_far_from_where_the_prior_expects_them() -> None:
    points = three_clusters(60) * 1e-5 + [10.0, 0.0]
    prior = VariationalPrior(1.0, np.zeros(2), 1e3, 3.0, 1e-6 * np.eye(2))
    state = start(points, Mixture([1.0], [[10.0, 0.0]], [np.eye(2)]), prior)
    expected = expected_moments(points, np.ones((60, 1)))
    np.testing.assert_allclose(state.moments.scatters, expected.scatters, rtol=1e-11)


@QUICK
@given(problems(), seeds)
def test_an_affine_map_of_the_points_maps_the_fit(problem: Problem, seed: int) -> None:
    chart = affine_map(np.random.default_rng(seed), problem.points.shape[1])
    mapped = chart.points(problem.points)
    plain = states_of(problem.points, problem.mixture, default_variational_prior(problem.points), 6)
    moved = states_of(mapped, chart.mixture(problem.mixture), default_variational_prior(mapped), 6)
    for before, after in zip(plain, moved, strict=True):
        expected = chart.mixture(before.mixture)
        whiten = np.linalg.inv(np.linalg.cholesky(expected.covariances))
        shifts = np.einsum("kij,kj->ki", whiten, after.mixture.means - expected.means)
        whitened = whiten @ after.mixture.covariances @ whiten.transpose(0, 2, 1)
        np.testing.assert_allclose(after.mixture.weights, expected.weights, atol=1e-7)
        np.testing.assert_allclose(shifts, 0, atol=1e-6)
        np.testing.assert_allclose(whitened - np.eye(shifts.shape[1]), 0, atol=1e-6)
        bound = before.lower_bound - len(mapped) * chart.log_determinant
        assert after.lower_bound == pytest.approx(bound, rel=1e-8, abs=1e-6)


@QUICK
@given(problems(), seeds)
def test_the_order_of_the_components_does_not_matter(problem: Problem, seed: int) -> None:
    mixture, prior = problem.mixture, default_variational_prior(problem.points)
    order = np.random.default_rng(seed).permutation(mixture.n_components)
    turned = Mixture(mixture.weights[order], mixture.means[order], mixture.covariances[order])
    plain = states_of(problem.points, mixture, prior, 5)[-1]
    other = states_of(problem.points, turned, prior, 5)[-1]
    assert_close(other.posterior, Posterior(*(getattr(plain.posterior, part)[order] for part in PARTS)), 1e-7)
    assert other.lower_bound == pytest.approx(plain.lower_bound, rel=1e-11)


@pytest.mark.parametrize(
    ("offset", "units", "tolerance"), [(1e8, (1, 1), 1e-6), (0, (1e-9, 1e-9), 1e-9), (0, (1e-12, 1e12), 1e-9)]
)
def test_neither_offset_nor_units_matter(offset: float, units: Any, tolerance: float) -> None:
    # A grid that survives the offset.
    points = np.round(three_clusters(300) * 2**20) / 2**20
    mixture = initialize(points, 6, rng=np.random.default_rng(2))
    squares = np.outer(units, units)
    moved = Mixture(mixture.weights, mixture.means * units + offset, mixture.covariances * squares)
    plain, other = run(points, mixture), run(points * units + offset, moved)
    assert other.states[-1].n_active == plain.states[-1].n_active == 3
    expected = plain.lower_bound - len(points) * np.log(units).sum()
    assert other.lower_bound == pytest.approx(expected, rel=tolerance)
    close = {"rtol": tolerance, "atol": tolerance}
    np.testing.assert_allclose(other.mixture.weights, plain.mixture.weights, **close)
    np.testing.assert_allclose(other.mixture.covariances / squares, plain.mixture.covariances, **close)
    np.testing.assert_allclose((other.mixture.means - offset) / units, plain.mixture.means, **close)


# Sample weights


@QUICK
@given(problems(), seeds)
def test_whole_weights_are_repeated_points(problem: Problem, seed: int) -> None:
    points, rng = problem.points, np.random.default_rng(seed)
    weights = rng.integers(0, 4, len(points)).astype(np.float64)
    # Points that spread in every direction are among those that count.
    weights[: points.shape[1] + 2] += 1
    repeated = np.repeat(points, weights.astype(int), axis=0)
    weighted = run(points, problem.mixture, sample_weights=weights, max_steps=5)
    plain = run(repeated, problem.mixture, max_steps=5)
    assert (weighted.stop_reason, len(weighted.states)) == (plain.stop_reason, len(plain.states))
    for state, expected in zip(weighted.states, plain.states, strict=True):
        assert_close(state.posterior, expected.posterior, 1e-7)
        assert state.lower_bound == pytest.approx(expected.lower_bound, rel=1e-9, abs=1e-9)
        assert state.moments.total == pytest.approx(weights.sum(), rel=1e-12)


# Stops


def test_a_run_stops_at_its_limit_and_says_so() -> None:
    points = three_clusters(300)
    mixture = initialize(points, 6, rng=np.random.default_rng(0))
    result = run(points, mixture, max_steps=2)
    assert result.stop_reason is StopReason.STEP_LIMIT
    assert [state.iteration for state in result.states] == [0, 1, 2]
    assert result.explanation.startswith("Stopped at the limit of 2 iterations: the last still raised")
    assert "of 6 components are active; allow more iterations" in result.explanation
    assert run(points, mixture, tolerance=0.0, max_steps=5000).stop_reason is StopReason.CONVERGED
    assert run(points, mixture, tolerance=np.float64(1e9)).states[-1].iteration == 1
