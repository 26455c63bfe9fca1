"""The distribution function in one dimension, and its inverse."""

import numpy as np
import pytest
from hypothesis import given
from scipy.integrate import quad
from scipy.stats import norm

from gmm_core import Mixture, MixtureError, Noise, PointsError, cdf, log_density, marginal, quantile
from tests.strategies import QUICK, make_mixture, seeds

MIXTURE = Mixture([0.3, 0.7], [[0.0], [4.0]], [[[0.25]], [[2.0]]])


def density(value: float) -> float:
    return float(np.exp(log_density([[value]], MIXTURE)[0]))


def test_it_is_the_integral_of_the_density() -> None:
    for value in (-3.0, 0.1, 2.0, 6.0):
        integral = quad(
            lambda x: float(np.exp(log_density([[x]], MIXTURE)[0])), -12, value, points=[0, 4], limit=200
        )
        assert cdf([[value]], MIXTURE)[0] == pytest.approx(integral[0], abs=1e-9)


def test_of_one_gaussian_both_are_known() -> None:
    one, normal = Mixture([1.0], [[3.0]], [[[4.0]]]), norm(3, 2)
    probabilities = np.array([1e-300, 1e-12, 0.025, 0.5, 0.9, 1 - 1e-12])
    assert quantile(one, probabilities) == pytest.approx(normal.ppf(probabilities), rel=1e-13)
    values = np.array([-30.0, 0.0, 3.0, 40.0])
    assert cdf(values[:, None], one) == pytest.approx(normal.cdf(values), rel=1e-13)


@QUICK
@given(seeds)
def test_one_undoes_the_other(seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixture = make_mixture(rng, 3, 1)
    probabilities = rng.uniform(size=20)
    assert cdf(quantile(mixture, probabilities)[:, None], mixture) == pytest.approx(probabilities, abs=1e-13)


def test_both_tails_have_their_digits() -> None:
    """A symmetric mixture's quantiles are symmetric, for a probability as for what is left of 1."""
    mixture = Mixture([0.5, 0.5], [[-5.0], [5.0]], [[[1.0]], [[1.0]]])
    small = 2.0 ** -np.arange(2, 50)
    low, high = quantile(mixture, small), quantile(mixture, 1.0 - small)
    assert low == pytest.approx(-high, rel=1e-12)
    assert cdf(low[:, None], mixture) == pytest.approx(small, rel=1e-12)


def test_components_of_very_different_size_keep_their_digits() -> None:
    mixture = Mixture([0.5, 0.5], [[0.0], [1e6]], [[[1e-20]], [[1e8]]])
    assert quantile(mixture, 0.25)[0] == pytest.approx(0.0, abs=1e-22)
    assert quantile(mixture, 0.75)[0] == pytest.approx(1e6, rel=1e-12)


def test_the_ends_are_infinite() -> None:
    assert quantile(MIXTURE, [0.0, 1.0]).tolist() == [-np.inf, np.inf]
    assert quantile(MIXTURE, 0.5).shape == (1,)


def test_where_nothing_lies_the_quantile_is_the_smallest_value() -> None:
    """Between two far clusters of half the mass each the distribution function is 1/2 throughout."""
    mixture = Mixture([0.5, 0.5], [[0.0], [1e6]], [[[1.0]], [[1.0]]])
    middle = quantile(mixture, 0.5)[0]
    assert 5 < middle < 10
    assert cdf([[middle]], mixture)[0] == 0.5


def test_a_column_of_many_is_a_marginal() -> None:
    wide = make_mixture(np.random.default_rng(0), 2, 3)
    with pytest.raises(MixtureError, match=r"needs one column of numbers .* 3 columns; take marginal"):
        cdf([[0.0]], wide)
    assert 0 < cdf([[0.0]], marginal(wide, 2))[0] < 1


@pytest.mark.parametrize("probabilities", [-0.1, 1.5, np.nan, [[0.5]], "half"])
def test_what_is_no_probability_is_refused(probabilities: object) -> None:
    with pytest.raises(PointsError, match=r"^[^\n]+\.$"):
        quantile(MIXTURE, probabilities)  # type: ignore[arg-type]


def test_noise_has_no_place() -> None:
    noisy = Mixture([0.9], [[0.0]], [[[1.0]]], Noise(0.1, 9.0))
    with pytest.raises(MixtureError, match=r"^Noise has a volume but no place"):
        quantile(noisy, 0.5)
