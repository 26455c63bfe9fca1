"""Mixtures: what is one, its densities against long-double arithmetic, and its samples."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import chi2

from gmm_core import Mixture, MixtureError, e_step, log_density, log_likelihood, responsibilities, sample
from gmm_core.points import Array
from tests.strategies import QUICK, Problem, make_mixture, make_points, problems

LONG = np.longdouble
EYE = np.eye(2)


def long_cholesky(matrix: Any) -> Any:
    size = len(matrix)
    factor = np.zeros((size, size), dtype=LONG)
    for i in range(size):
        for j in range(i + 1):
            rest = LONG(matrix[i, j]) - (factor[i, :j] * factor[j, :j]).sum()
            factor[i, j] = np.sqrt(rest) if i == j else rest / factor[j, j]
    return factor


def long_log_normal(offset: Any, covariance: Any) -> Any:
    """log Normal(offset; 0, covariance), by forward substitution."""
    factor = long_cholesky(covariance)
    whitened = np.zeros(len(offset), dtype=LONG)
    for i in range(len(offset)):
        whitened[i] = (offset[i] - (factor[i, :i] * whitened[:i]).sum()) / factor[i, i]
    log_two_pi = np.log(8 * np.arctan(LONG(1)))
    constant = len(offset) * log_two_pi / 2 + np.log(np.diagonal(factor)).sum()
    return -constant - (whitened**2).sum() / 2


def long_log_joint(points: Array, mixture: Mixture) -> Any:
    """(N, K) in long double, one point and one component at a time."""
    result = np.empty((len(points), mixture.n_components), dtype=LONG)
    for i, point in enumerate(points.astype(LONG)):
        for k in range(mixture.n_components):
            normal = long_log_normal(point - mixture.means[k], mixture.covariances[k])
            result[i, k] = np.log(LONG(mixture.weights[k])) + normal
    return result


def long_densities(points: Array, mixture: Mixture) -> tuple[Any, Any]:
    """Responsibilities and log-densities as the textbook writes them: long double has the range for it."""
    joint = np.exp(long_log_joint(points, mixture))
    density = joint.sum(axis=1)
    return joint / density[:, None], np.log(density)


@QUICK
@given(problems())
def test_densities_match_long_double_arithmetic(problem: Problem) -> None:
    shares, log_densities = long_densities(problem.points, problem.mixture)
    np.testing.assert_allclose(
        responsibilities(problem.points, problem.mixture), shares.astype(float), rtol=1e-11, atol=1e-15
    )
    np.testing.assert_allclose(
        log_density(problem.points, problem.mixture), log_densities.astype(float), rtol=1e-13, atol=1e-12
    )


@QUICK
@given(problems())
def test_responsibilities_are_shares(problem: Problem) -> None:
    shares = responsibilities(problem.points, problem.mixture)
    assert shares.shape == (len(problem.points), problem.mixture.n_components)
    assert (shares >= 0).all()
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-14)


@QUICK
@given(problems())
def test_the_likelihood_is_the_sum_of_the_densities(problem: Problem) -> None:
    total = log_density(problem.points, problem.mixture).astype(LONG).sum()
    assert log_likelihood(problem.points, problem.mixture) == pytest.approx(float(total), rel=1e-13)


def test_a_point_in_a_large_set_has_the_density_it_has_alone() -> None:
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 3, 2)
    points = make_points(rng, mixture, 20_001)
    rows = [0, 1, 8191, 8192, 16383, 16384, 20_000]
    alone = [log_density(points[[row]], mixture)[0] for row in rows]
    np.testing.assert_allclose(log_density(points, mixture)[rows], alone, rtol=1e-13)


@pytest.mark.parametrize("n_dimensions", [1, 2])
def test_the_density_integrates_to_one(n_dimensions: int) -> None:
    mixture = make_mixture(np.random.default_rng(4), 3, n_dimensions)
    axis = np.linspace(-30, 30, 801)
    grid = np.stack(np.meshgrid(*[axis] * n_dimensions), axis=-1).reshape(-1, n_dimensions)
    cell = (axis[1] - axis[0]) ** n_dimensions
    assert np.exp(log_density(grid, mixture)).sum() * cell == pytest.approx(1.0, abs=1e-9)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
@pytest.mark.parametrize("distance", [1e2, 1e8, 1e50, 1e140])
def test_far_away_points_have_shares(n_dimensions: int, distance: float) -> None:
    mixture = make_mixture(np.random.default_rng(1), 3, n_dimensions)
    points = distance * np.array([np.ones(n_dimensions), -np.ones(n_dimensions)])
    shares = responsibilities(points, mixture)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0, rtol=1e-14)
    assert np.isfinite(log_density(points, mixture)).all()


@pytest.mark.parametrize("deviation", [1e-9, 1e-20, 1e-100, 1e-150])
def test_tiny_components_have_shares(deviation: float) -> None:
    covariances = [deviation**2 * EYE, EYE]
    mixture = Mixture([0.5, 0.5], [[0, 0], [1, 1]], covariances)
    shares = responsibilities([[0, 0], [1, 1], [1e6, -1e6]], mixture)
    np.testing.assert_allclose(shares, [[1, 0], [0, 1], [0, 1]], atol=1e-15)


@pytest.mark.parametrize("deviation", [1e-20, 1e-150])
def test_points_beyond_the_range_of_every_component_still_have_shares(deviation: float) -> None:
    mixture = Mixture([0.5, 0.5], [[0, 0], [1, 1]], [deviation**2 * EYE] * 2)
    points = [[1e140, 0.0]]
    np.testing.assert_allclose(responsibilities(points, mixture).sum(axis=1), 1.0)
    assert not np.isnan(log_density(points, mixture)).any()
    expectation = e_step(points, mixture)
    assert expectation.moments.counts.sum() == pytest.approx(1.0)
    assert not np.isnan(expectation.log_likelihood)


def test_a_component_1e_7_of_the_spread_keeps_its_digits() -> None:
    rng = np.random.default_rng(2)
    covariances = np.array([1e-14 * np.array([[2, 1], [1, 1.0]]), EYE])
    mixture = Mixture([0.3, 0.7], [[0.7, -0.4], [0, 0]], covariances)
    points = make_points(rng, mixture, 100)
    shares, log_densities = long_densities(points, mixture)
    np.testing.assert_allclose(log_density(points, mixture), log_densities.astype(float), atol=1e-12)
    np.testing.assert_allclose(responsibilities(points, mixture), shares.astype(float), atol=1e-12)


@pytest.mark.parametrize("offset", [1e3, 1e8])
def test_a_far_origin_costs_no_digits(offset: float) -> None:
    rng = np.random.default_rng(3)
    mixture = make_mixture(rng, 3, 2)
    far_means = mixture.means + offset
    far_points = make_points(rng, mixture, 100) + offset
    # Back from there the subtraction is exact, so both sides know the same numbers.
    near = Mixture(mixture.weights, far_means - offset, mixture.covariances)
    far = Mixture(mixture.weights, far_means, mixture.covariances)
    np.testing.assert_allclose(
        log_density(far_points, far), log_density(far_points - offset, near), rtol=1e-13, atol=1e-13
    )


def test_a_weight_of_zero_is_no_component() -> None:
    mixture = Mixture([1.0, 0.0], [[0, 0], [1, 1]], [EYE, EYE])
    alone = Mixture([1.0], [[0, 0]], [EYE])
    points = [[0.0, 0.0], [1.0, 1.0]]
    assert np.array_equal(responsibilities(points, mixture), [[1, 0], [1, 0]])
    assert np.array_equal(log_density(points, mixture), log_density(points, alone))


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_samples_have_the_moments_of_the_mixture(n_dimensions: int) -> None:
    mixture = make_mixture(np.random.default_rng(5), 3, n_dimensions)
    n_samples = 30_000
    points, labels = sample(mixture, n_samples, np.random.default_rng(6))
    assert points.shape == (n_samples, n_dimensions)
    counts = np.bincount(labels, minlength=3)
    np.testing.assert_allclose(counts / n_samples, mixture.weights, atol=4 * np.sqrt(0.25 / n_samples))
    for k in range(3):
        own = points[labels == k]
        scale = np.sqrt(np.diagonal(mixture.covariances[k]))
        tolerance = 5 / np.sqrt(len(own))
        np.testing.assert_allclose((own.mean(axis=0) - mixture.means[k]) / scale, 0, atol=tolerance)
        covariance = np.atleast_2d(np.cov(own.T))
        error = (covariance - mixture.covariances[k]) / scale[:, None] / scale
        np.testing.assert_allclose(error, 0, atol=2 * tolerance)


def test_samples_fill_the_ellipses_as_chi_square_says() -> None:
    mixture = make_mixture(np.random.default_rng(7), 1, 2)
    points, _ = sample(mixture, 20_000, np.random.default_rng(8))
    offsets = points - mixture.means[0]
    distances = np.einsum("ni,ij,nj->n", offsets, np.linalg.inv(mixture.covariances[0]), offsets)
    for share in (0.1, 0.5, 0.9):
        assert (distances <= chi2.ppf(share, 2)).mean() == pytest.approx(share, abs=0.015)


def test_samples_depend_on_the_generator_alone() -> None:
    mixture = make_mixture(np.random.default_rng(0), 3, 2)
    first, again = (sample(mixture, 50, np.random.default_rng(1)) for _ in range(2))
    other = sample(mixture, 50, np.random.default_rng(2))
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1], again[1])
    assert not np.array_equal(first[0], other[0])
    assert sample(mixture, 0, np.random.default_rng(0))[0].shape == (0, 2)


def test_fewer_than_no_samples_are_refused() -> None:
    mixture = make_mixture(np.random.default_rng(0), 1, 2)
    with pytest.raises(MixtureError, match=r"^Cannot draw -1 points; ask for 0 or more\.$"):
        sample(mixture, -1, np.random.default_rng(0))


def test_a_mixture_cannot_be_changed() -> None:
    means = np.zeros((1, 2))
    mixture = Mixture([1.0], means, [EYE])
    means += 1
    assert np.array_equal(mixture.means, [[0, 0]])
    for name in ("weights", "means", "covariances"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(mixture, name)[0] = 1
        with pytest.raises(AttributeError):
            setattr(mixture, name, 1)


BAD_MIXTURES = {
    "weights of a matrix": (
        [[1.0]], [[0, 0]], [EYE],
        "The weights must have shape (K,) with K >= 1, not (1, 1); reshape them.",
    ),
    "no weights": (
        [], np.empty((0, 2)), np.empty((0, 2, 2)),
        "The weights must have shape (K,) with K >= 1, not (0,); reshape them.",
    ),
    "too few means": (
        [0.5, 0.5], [[0, 0]], [EYE, EYE],
        "The means must have shape (2, D), one row a component, not (1, 2); give one mean for each weight.",
    ),
    "one covariance": (
        [0.5, 0.5], [[0, 0], [1, 1]], EYE,
        "The covariances must have shape (2, 2, 2), not (2, 2); "
        "give one D x D matrix for each component, whatever the family.",
    ),
    "ragged means": (
        [0.5, 0.5], [[0, 0], [1]], [EYE, EYE],
        "The means must be a regular array of numbers; check their shape.",
    ),
    "text": (
        ["half"], [[0, 0]], [EYE],
        "The weights must be a regular array of numbers; check their shape.",
    ),
    "missing weight": (
        [np.nan], [[0, 0]], [EYE],
        "The weights hold a missing or infinite value; give finite numbers.",
    ),
    "infinite mean": (
        [1.0], [[0, np.inf]], [EYE],
        "The means hold a missing or infinite value; give finite numbers.",
    ),
    "missing covariance": (
        [1.0], [[0, 0]], [EYE * np.nan],
        "The covariances hold a missing or infinite value; give finite numbers.",
    ),
    "negative weight": (
        [1.5, -0.5], [[0, 0], [1, 1]], [EYE, EYE],
        "A weight is negative; weights are shares of the points, from 0 to 1.",
    ),
    "weights of sum 1.1": (
        [0.5, 0.6], [[0, 0], [1, 1]], [EYE, EYE],
        "The weights sum to 1.1; divide them by their sum so that it is 1.",
    ),
    "weights of sum 0.999": (
        [0.5, 0.499], [[0, 0], [1, 1]], [EYE, EYE],
        "The weights sum to 0.999; divide them by their sum so that it is 1.",
    ),
    "asymmetric": (
        [0.5, 0.5], [[0, 0], [1, 1]], [EYE, [[1, 0.1], [0.2, 1]]],
        "Covariance 1 is not symmetric; average it with its transpose.",
    ),
    "indefinite": (
        [0.5, 0.5], [[0, 0], [1, 1]], [EYE, [[1, 2], [2, 1]]],
        "Covariance 1 is not positive definite; add a small amount to its diagonal.",
    ),
    "singular": (
        [1.0], [[0, 0]], [[[1, 1], [1, 1]]],
        "Covariance 0 is not positive definite; add a small amount to its diagonal.",
    ),
    "flat": (
        [1.0], [[0, 0]], [[[1, 0], [0, 0]]],
        "Covariance 0 is not positive definite; add a small amount to its diagonal.",
    ),
    "negative variance": (
        [1.0], [[0, 0]], [-EYE],
        "Covariance 0 is not positive definite; add a small amount to its diagonal.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_MIXTURES)
def test_what_is_no_mixture_is_refused_in_one_sentence(kind: str) -> None:
    weights, means, covariances, sentence = BAD_MIXTURES[kind]
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        Mixture(weights, means, covariances)


@pytest.mark.parametrize("scale", [1e-18, 1.0, 1e18])
def test_covariances_may_be_symmetric_up_to_rounding(scale: float) -> None:
    # The inverse of an inverse: off the diagonal, rounding stands where zeros belong.
    distances = np.abs(np.subtract.outer(np.arange(4), np.arange(4)))
    covariance = scale * np.linalg.inv(0.3**distances)
    assert not np.array_equal(covariance, covariance.T)
    assert Mixture([1.0], [np.zeros(4)], [covariance]).n_dimensions == 4


@pytest.mark.parametrize("scale", [1e-18, 1.0, 1e18])
def test_units_do_not_decide_what_is_positive_definite(scale: float) -> None:
    units = np.diag([scale, 1.0])
    assert Mixture([1.0], [[0, 0]], [units @ [[2, 1], [1, 1]] @ units]).n_components == 1
    with pytest.raises(MixtureError, match="not positive definite"):
        Mixture([1.0], [[0, 0]], [units @ [[2, 2], [2, 1]] @ units])
