"""Marginals and conditionals: p(x) = p(given) p(others | given), whatever the columns are."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import Mixture, MixtureError, Noise, conditional, log_density, marginal, sample
from gmm_core.points import Array
from tests.strategies import QUICK, make_mixture, seeds


def with_binary(rng: np.random.Generator, n_components: int, n_dimensions: int, n_binary: int) -> Mixture:
    mixture = make_mixture(rng, n_components, n_dimensions)
    probabilities = rng.uniform(0.1, 0.9, (n_components, n_binary))
    return Mixture(mixture.weights, mixture.means, mixture.covariances, probabilities=probabilities)


@QUICK
@given(seeds, st.integers(1, 4), st.integers(2, 5), st.integers(0, 2))
def test_the_density_is_the_marginal_times_the_conditional(
    seed: int, n_components: int, n_dimensions: int, n_binary: int
) -> None:
    rng = np.random.default_rng(seed)
    mixture = with_binary(rng, n_components, n_dimensions, n_binary)
    points = sample(mixture, 3, rng)[0]
    # At least one column of numbers on either side.
    numbers = rng.permutation(n_dimensions)
    chosen = np.sort(numbers[: rng.integers(1, n_dimensions)]).tolist()
    chosen += [int(d) for d in range(n_dimensions, mixture.n_columns) if rng.random() < 0.5]
    others = [d for d in range(mixture.n_columns) if d not in chosen]
    for point in points:
        seen = log_density(point[None, chosen], marginal(mixture, chosen))[0]
        rest = conditional(mixture, {d: float(point[d]) for d in chosen})
        left = log_density(point[None, others], rest)[0]
        assert seen + left == pytest.approx(log_density(point[None], mixture)[0], rel=1e-10, abs=1e-10)


def test_a_marginal_is_the_integral_over_the_other_columns() -> None:
    """Over one by the trapezoidal rule, and over a binary one by its two values."""
    mixture = with_binary(np.random.default_rng(3), 3, 2, 1)
    for value in (-2.0, 0.3, 4.0):
        total = 0.0
        for bit in (0.0, 1.0):
            grid = np.linspace(-40, 40, 80_001)
            points = np.column_stack([np.full_like(grid, value), grid, np.full_like(grid, bit)])
            total += np.exp(log_density(points, mixture)).sum() * (grid[1] - grid[0])
        assert np.log(total) == pytest.approx(log_density([[value]], marginal(mixture, 0))[0], abs=1e-10)


def test_columns_come_in_the_order_asked_for() -> None:
    mixture = with_binary(np.random.default_rng(0), 2, 3, 2)
    turned = marginal(mixture, [2, 0, 4, 3])
    assert np.array_equal(turned.means, mixture.means[:, [2, 0]])
    assert np.array_equal(turned.covariances[:, 0, 1], mixture.covariances[:, 2, 0])
    assert np.array_equal(turned.probabilities, mixture.probabilities[:, [1, 0]])


@pytest.mark.parametrize("offset", [0.0, 1e8])
def test_a_thin_conditional_keeps_its_digits(offset: float) -> None:
    """Of two columns all but equal: the variance left over is that of the difference, 1e-10."""
    spread: Array = np.array([[1.0, 1.0], [1.0, 1.0 + 2.0**-33]])
    seen = conditional(Mixture([1.0], [[offset, -offset]], [spread]), {0: offset + 2.0})
    assert seen.covariances[0, 0, 0] == pytest.approx(2.0**-33, rel=1e-6)
    assert seen.means[0, 0] == pytest.approx(2.0 - offset, abs=1e-14 * max(1.0, offset))


def test_far_away_the_weights_are_still_numbers() -> None:
    mixture = Mixture([0.5, 0.5], [[0.0, 1.0], [10.0, 2.0]], [np.eye(2)] * 2)
    assert conditional(mixture, {0: 1e6}).weights.tolist() == [0.0, 1.0]
    assert conditional(mixture, {0: 5.0}).weights.tolist() == [0.5, 0.5]


def test_binary_columns_alone_may_be_given() -> None:
    mixture = with_binary(np.random.default_rng(1), 2, 1, 2)
    for bits in itertools.product((0, 1), repeat=2):
        seen = conditional(mixture, {1: bits[0], 2: bits[1]})
        chances = np.where(np.array(bits) == 1, mixture.probabilities, 1 - mixture.probabilities).prod(axis=1)
        expected = mixture.weights * chances / (mixture.weights @ chances)
        assert seen.weights == pytest.approx(expected, rel=1e-14)
        assert np.array_equal(seen.means, mixture.means)


def test_nothing_given_and_every_column_kept_are_the_mixture() -> None:
    noisy = Mixture([0.9], [[0.0, 1.0]], [np.eye(2)], Noise(0.1, 9.0))
    assert conditional(noisy, {}) is noisy
    kept = marginal(noisy, [1, 0])
    assert kept.means.tolist() == [[1.0, 0.0]]
    assert kept.noise == noisy.noise


PLAIN = Mixture([1.0], [[0.0, 1.0]], [np.eye(2)])
NOISY = Mixture([0.9], [[0.0, 1.0]], [np.eye(2)], Noise(0.1, 9.0))
BITS = Mixture([1.0], [[0.0, 1.0]], [np.eye(2)], probabilities=[[0.0]])


@pytest.mark.parametrize(
    ("mixture", "columns", "sentence"),
    [
        (PLAIN, 2, "There is no column 2; the mixture has those from 0 to 1."),
        (PLAIN, [0, -1], "There is no column -1; "),
        (PLAIN, [0, 0], "A column is named twice; "),
        (PLAIN, [], "There is no column to keep; "),
        (PLAIN, 0.5, "A column must be a whole number, not 0.5; "),
        (BITS, [2], "A mixture needs a column of numbers, and none is among those asked for; "),
        (BITS, [2, 0], "The binary columns of a mixture come last; "),
        (NOISY, [0], "Noise has a volume but no place, so its part in some of the columns cannot be told; "),
    ],
)
def test_columns_that_make_no_sense_are_refused(mixture: Mixture, columns: Any, sentence: str) -> None:
    with pytest.raises(MixtureError) as refused:
        marginal(mixture, columns)
    assert str(refused.value).startswith(sentence)


@pytest.mark.parametrize(
    ("mixture", "values", "sentence"),
    [
        (PLAIN, [0.0], "What is given must be a mapping of columns to values, not [0.0]; "),
        (PLAIN, {5: 0.0}, "There is no column 5; "),
        (PLAIN, {0: np.nan}, "Column 0 is given as nan; give a finite number."),
        (PLAIN, {0: 1.0, 1: 1.0}, "A mixture needs a column of numbers, and all of them are given; "),
        (BITS, {2: 0.5}, "Column 2 is binary and given as 0.5; "),
        (BITS, {2: 1}, "No component can take the values that are given; "),
        (NOISY, {0: 1.0}, "Noise has a volume but no place, so its part where some columns are given "),
    ],
)
def test_values_that_make_no_sense_are_refused(mixture: Mixture, values: Any, sentence: str) -> None:
    with pytest.raises(MixtureError) as refused:
        conditional(mixture, values)
    assert str(refused.value).startswith(sentence)
