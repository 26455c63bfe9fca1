"""The Kullback-Leibler divergence: exact for Gaussians, within its stated error for mixtures."""

import numpy as np
import pytest
from hypothesis import given
from scipy.integrate import quad

from gmm_core import (
    Divergence,
    Mixture,
    MixtureError,
    Noise,
    gaussian_divergences,
    kl_divergence,
    log_density,
)
from tests.strategies import QUICK, affine_map, make_mixture, seeds


def integral(mixture: Mixture, other: Mixture) -> float:
    """By quadrature, in one dimension."""

    def integrand(x: float) -> float:
        own, others = log_density([[x]], mixture)[0], log_density([[x]], other)[0]
        return float(np.exp(own) * (own - others))

    return quad(integrand, -60, 60, points=mixture.means[:, 0].tolist(), limit=500, epsabs=1e-11)[0]


def test_of_gaussians_it_is_the_integral() -> None:
    rng = np.random.default_rng(0)
    mixture, other = make_mixture(rng, 2, 1), make_mixture(rng, 3, 1)
    exact = gaussian_divergences(mixture, other)
    for k, j in np.ndindex(2, 3):
        one, another = (
            Mixture([1.0], which.means[[i]], which.covariances[[i]])
            for which, i in ((mixture, k), (other, j))
        )
        assert exact[k, j] == pytest.approx(integral(one, another), abs=1e-9)
        assert kl_divergence(one, another, rng=0) == Divergence(exact[k, j], 0.0, 0)


@QUICK
@given(seeds)
def test_of_gaussians_it_is_at_least_zero_and_the_units_do_not_matter(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixture, other = make_mixture(rng, 3, 3), make_mixture(rng, 2, 3)
    mapped = affine_map(rng, 3)
    exact = gaussian_divergences(mixture, other)
    assert (exact > 0).all()
    assert gaussian_divergences(mapped.mixture(mixture), mapped.mixture(other)) == pytest.approx(
        exact, rel=1e-8
    )
    assert np.diagonal(gaussian_divergences(mixture, mixture)) == pytest.approx(0.0, abs=1e-13)


def test_by_the_formula_in_many_dimensions() -> None:
    rng = np.random.default_rng(4)
    mixture, other = make_mixture(rng, 1, 6), make_mixture(rng, 1, 6)
    p, q = mixture.covariances[0], other.covariances[0]
    shift = other.means[0] - mixture.means[0]
    expected = np.trace(np.linalg.solve(q, p)) + shift @ np.linalg.solve(q, shift) - 6
    expected = 0.5 * (expected + np.linalg.slogdet(q)[1] - np.linalg.slogdet(p)[1])
    assert gaussian_divergences(mixture, other)[0, 0] == pytest.approx(expected, rel=1e-12)


def test_binary_columns_add_their_own_part() -> None:
    def coin(*chances: float) -> Mixture:
        return Mixture([1.0], [[0.0]], [[[1.0]]], probabilities=[list(chances)])

    exact = gaussian_divergences(coin(0.3, 1.0), coin(0.6, 0.5))[0, 0]
    expected = 0.3 * np.log(0.3 / 0.6) + 0.7 * np.log(0.7 / 0.4) + np.log(2)
    assert exact == pytest.approx(expected, rel=1e-14)
    assert gaussian_divergences(coin(0.5), coin(0.0))[0, 0] == np.inf
    two = Mixture([0.5, 0.5], [[0.0], [1.0]], [[[1.0]]] * 2, probabilities=[[0.0], [0.0]])
    possible = Mixture([0.5, 0.5], [[0.0], [1.0]], [[[1.0]]] * 2, probabilities=[[0.5], [0.5]])
    assert kl_divergence(possible, two, n_samples=50, rng=0).nats == np.inf
    assert kl_divergence(two, possible, n_samples=50, rng=0).nats == pytest.approx(np.log(2), rel=1e-12)


def test_of_mixtures_the_estimate_is_as_good_as_it_says() -> None:
    rng = np.random.default_rng(1)
    mixture, other = make_mixture(rng, 3, 1), make_mixture(rng, 2, 1)
    exact = integral(mixture, other)
    found = [kl_divergence(mixture, other, n_samples=2_000, rng=seed) for seed in range(50)]
    z = np.array([(one.nats - exact) / one.standard_error for one in found])
    assert abs(z.mean()) < 0.6
    assert 0.6 < np.sqrt((z**2).mean()) < 1.6
    assert kl_divergence(mixture, mixture, n_samples=100, rng=0) == Divergence(0.0, 0.0, 100)


def test_far_from_the_origin_it_is_the_same() -> None:
    found = [
        kl_divergence(
            Mixture([0.5, 0.5], [[offset], [offset + 1]], [[[1e-14]], [[4e-14]]]),
            Mixture([0.3, 0.7], [[offset], [offset + 1]], [[[2e-14]], [[3e-14]]]),
            n_samples=500,
            rng=0,
        )
        for offset in (0.0, 2.0**27)
    ]
    assert found[1].nats == pytest.approx(found[0].nats, rel=1e-12)


def test_mixtures_it_cannot_compare_are_refused() -> None:
    one, wide = make_mixture(np.random.default_rng(0), 1, 1), make_mixture(np.random.default_rng(0), 1, 2)
    for of in (gaussian_divergences, lambda p, q: kl_divergence(p, q, rng=0)):
        with pytest.raises(MixtureError, match=r"^The mixtures have 1 and 2 dimensions"):
            of(one, wide)
    noisy = Mixture([0.9], [[0.0]], [[[1.0]]], Noise(0.1, 9.0))
    for pair in ((noisy, one), (one, noisy)):
        with pytest.raises(MixtureError, match=r"^Noise has a volume but no place"):
            kl_divergence(*pair, rng=0)
    with pytest.raises(MixtureError, match=r"^1 points have no standard error"):
        kl_divergence(one, one, n_samples=1, rng=0)
