"""The check of fit: percentiles of the density under the model."""

import numpy as np
import pytest
from scipy.stats import chi2, kstest, kstwo

from gmm_core import (
    Mixture,
    MixtureError,
    Noise,
    default_noise,
    density_percentiles,
    kolmogorov_band,
    kolmogorov_distance,
    log_density,
    noise_region,
    sample,
)
from tests.strategies import make_mixture

CLOSE = {1: 3e-3, 2: 1e-9, 3: 0.02, 5: 0.03}


@pytest.mark.parametrize("n_dimensions", CLOSE)
def test_of_one_gaussian_it_is_a_chi_square(n_dimensions: int) -> None:
    mixture = make_mixture(np.random.default_rng(n_dimensions), 1, n_dimensions)
    points, _ = sample(mixture, 500, 1)
    distances = (((points - mixture.means[0]) @ mixture.whiteners[0].T) ** 2).sum(axis=1)
    exact = 1.0 - chi2(n_dimensions).cdf(distances)
    np.testing.assert_allclose(density_percentiles(points, mixture), exact, atol=CLOSE[n_dimensions])


def drawn(mixture: Mixture, n: int, rng: np.random.Generator, points: np.ndarray) -> np.ndarray:
    """Points of a mixture that may have noise, over the region of `points`."""
    amount = mixture.noise.amount if mixture.noise else 0.0
    alone = Mixture(
        mixture.weights / (1.0 - amount),
        mixture.means,
        mixture.covariances,
        probabilities=mixture.probabilities,
    )
    places, _ = sample(alone, n, rng)
    n_binary = mixture.probabilities.shape[1]
    if amount:
        corner, edges = noise_region(points, n_binary=n_binary)
        lost = rng.random(n) < amount
        spread = corner + rng.random((n, mixture.n_dimensions)) @ edges
        noise = np.hstack([spread, rng.integers(0, 2, size=(n, n_binary))])
        places = np.where(lost[:, None], noise, places)
    return places


@pytest.mark.parametrize("n_dimensions", [1, 2])
@pytest.mark.parametrize("n_binary", [0, 1])
@pytest.mark.parametrize("noisy", [False, True])
@pytest.mark.parametrize("n_components", [1, 3, 6])
def test_it_is_the_share_of_points_drawn_that_lie_thinner(
    n_dimensions: int, n_binary: int, noisy: bool, n_components: int
) -> None:
    rng = np.random.default_rng(7)
    plain = make_mixture(rng, n_components, n_dimensions)
    yes = rng.uniform(size=(n_components, n_binary))
    mixture = Mixture(plain.weights, plain.means, plain.covariances, probabilities=yes)
    points, _ = sample(mixture, 300, rng)
    if noisy:
        noise = default_noise(points, amount=0.2, n_binary=n_binary)
        mixture = Mixture(0.8 * plain.weights, plain.means, plain.covariances, noise, yes)
    n_drawn = 40_000
    densities = np.sort(log_density(drawn(mixture, n_drawn, rng, points), mixture))
    wanted = np.searchsorted(densities, log_density(points, mixture)) / n_drawn
    found = density_percentiles(points, mixture)
    # Five standard errors of the drawing, and the pieces' own.
    assert np.abs(found - wanted).max() < 2.5 / np.sqrt(n_drawn) + 3e-3


@pytest.mark.parametrize("n_components", [1, 4])
def test_of_points_of_the_model_they_are_uniform(n_components: int) -> None:
    mixture = make_mixture(np.random.default_rng(2), n_components, 2)
    points, _ = sample(mixture, 4_000, 3)
    assert kolmogorov_distance(density_percentiles(points, mixture)) < 1.6 / np.sqrt(4_000)


def test_units_and_places_change_nothing_and_far_away_nothing_is_thinner() -> None:
    mixture = make_mixture(np.random.default_rng(5), 3, 2)
    points, _ = sample(mixture, 200, 3)
    units, offset = np.array([1e6, 1e-4]), np.array([1e7, -2.0])
    moved = Mixture(
        mixture.weights, mixture.means * units + offset, mixture.covariances * np.outer(units, units)
    )
    np.testing.assert_allclose(
        density_percentiles(points * units + offset, moved), density_percentiles(points, mixture), atol=1e-6
    )
    assert density_percentiles([[1e9, 0.0]], mixture).tolist() == [0.0]


def test_the_distance_is_that_of_kolmogorov_and_smirnov() -> None:
    numbers = np.random.default_rng(1).uniform(size=50) ** 1.2
    assert kolmogorov_distance(numbers) == pytest.approx(kstest(numbers, "uniform").statistic, rel=1e-12)
    for n_points in (10, 100, 5_000):
        assert kolmogorov_band(n_points) == pytest.approx(kstwo(n_points).ppf(0.95), rel=0.01)
    for senseless in ([], [0.5, 1.1], [[0.5]], "half"):
        with pytest.raises(MixtureError, match=r"^The percentiles .*\.$"):
            kolmogorov_distance(senseless)


@pytest.mark.parametrize("n_binary", [0, 1])
def test_of_a_few_of_the_points_they_are_as_among_all_of_them(n_binary: int) -> None:
    rng = np.random.default_rng(3)
    plain = make_mixture(rng, 3, 2)
    yes = rng.uniform(size=(3, n_binary))
    points, _ = sample(Mixture(plain.weights, plain.means, plain.covariances, probabilities=yes), 300, rng)
    noise = default_noise(points, amount=0.1, n_binary=n_binary)
    mixture = Mixture(0.9 * plain.weights, plain.means, plain.covariances, noise, yes)
    everywhere = density_percentiles(points, mixture)
    np.testing.assert_array_equal(density_percentiles(points, mixture, points), everywhere)
    for i in (0, 17):
        np.testing.assert_array_equal(density_percentiles(points[[i]], mixture, points), everywhere[[i]])
    # Far from all that was fitted there is no noise either, so nothing is thinner.
    far = np.hstack([[[1e6, -1e6]], np.ones((1, n_binary))])
    assert density_percentiles(far, mixture, points).tolist() == [0.0]


def test_noise_needs_a_region() -> None:
    noisy = Mixture([0.9], [[0.0, 0.0]], [np.eye(2)], Noise(0.1, 9.0))
    with pytest.raises(MixtureError, match=r"^The points do not spread"):
        density_percentiles([[0.0, 1.0], [0.0, 2.0]], noisy)
