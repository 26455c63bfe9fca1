"""The mean and covariance of the whole: the integrals of x and of its products."""

import numpy as np
import pytest

from gmm_core import Mixture, MixtureError, Noise, mixture_covariance, mixture_mean, sample
from gmm_core.moments import overall_moments
from tests.strategies import affine_map, make_mixture


@pytest.mark.parametrize("n_dimensions", [1, 2, 5])
def test_they_are_those_of_many_points(n_dimensions: int) -> None:
    rng = np.random.default_rng(n_dimensions)
    plain = make_mixture(rng, 3, n_dimensions)
    mixture = Mixture(plain.weights, plain.means, plain.covariances, probabilities=rng.uniform(size=(3, 2)))
    points = sample(mixture, 200_000, rng)[0]
    mean, covariance = mixture_mean(mixture), mixture_covariance(mixture)
    deviations = np.sqrt(np.diagonal(covariance))
    assert np.abs((points.mean(axis=0) - mean) / deviations).max() < 5 / np.sqrt(len(points))
    found = np.cov(points.T)
    assert np.abs((found - covariance) / deviations / deviations[:, None]).max() < 20 / np.sqrt(len(points))


def test_they_are_the_components_added_up_as_moments_are() -> None:
    """One point a component and corner of its ellipse has the same first two moments."""
    mixture = make_mixture(np.random.default_rng(2), 4, 3)
    arms = np.sqrt(3) * np.linalg.cholesky(mixture.covariances).transpose(0, 2, 1)
    points = np.concatenate([mixture.means[:, None] + arms, mixture.means[:, None] - arms], axis=1)
    everything = overall_moments(points.reshape(-1, 3), np.repeat(mixture.weights / 6, 6))
    assert mixture_mean(mixture) == pytest.approx(everything.means[0], rel=1e-13)
    assert mixture_covariance(mixture) == pytest.approx(everything.scatters[0], rel=1e-12)


def test_an_affine_map_of_the_points_maps_them() -> None:
    rng = np.random.default_rng(5)
    mixture, mapped = make_mixture(rng, 3, 2), affine_map(rng, 2)
    there = mapped.mixture(mixture)
    assert mixture_mean(there) == pytest.approx(mapped.points(mixture_mean(mixture)[None])[0], rel=1e-12)
    expected = mapped.matrix @ mixture_covariance(mixture) @ mapped.matrix.T
    assert mixture_covariance(there) == pytest.approx(expected, rel=1e-11)


def test_a_far_origin_costs_no_digits() -> None:
    near, far = (Mixture([0.5, 0.5], [[0.0 + o], [1.0 + o]], [[[1e-6]]] * 2) for o in (0.0, 2.0**30))
    assert mixture_covariance(far) == pytest.approx(mixture_covariance(near), rel=1e-14)


@pytest.mark.parametrize("of", [mixture_mean, mixture_covariance])
def test_noise_has_neither(of: object) -> None:
    noisy = Mixture([0.9], [[0.0]], [[[1.0]]], Noise(0.1, 9.0))
    with pytest.raises(MixtureError, match=r"^Noise has a volume but no place, so .*; .*\.$"):
        of(noisy)  # type: ignore[operator]
    assert np.isfinite(of(Mixture([1.0], [[0.0]], [[[1.0]]], Noise(0.0, 9.0)))).all()  # type: ignore[operator]
