"""Columns on one scale, for any number of them, without losing a digit."""

import numpy as np
import pytest

from ui.uploads.standardising import standardised

DIMENSIONS = (1, 2, 3)


def some_points(n_dimensions: int) -> np.ndarray:
    rng = np.random.default_rng(n_dimensions)
    return rng.standard_normal((40, n_dimensions)) * 10.0 ** np.arange(n_dimensions) + 3.0


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_columns_get_mean_0_and_deviation_1_and_the_way_back(n_dimensions):
    given = some_points(n_dimensions)
    points, centre, unit = standardised(given)
    assert points.shape == given.shape
    assert centre.shape == unit.shape == (n_dimensions,)
    np.testing.assert_allclose(points.mean(axis=0), 0, atol=1e-14)
    np.testing.assert_allclose(points.std(axis=0), 1, rtol=1e-14)
    np.testing.assert_allclose(centre + unit * points, given, rtol=1e-13)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
@pytest.mark.parametrize("exponent", [-900, -30, 40, 900])
def test_another_unit_changes_nothing(n_dimensions, exponent):
    given = some_points(n_dimensions)
    points, centre, unit = standardised(given)
    other, other_centre, other_unit = standardised(np.ldexp(given, exponent))
    np.testing.assert_array_equal(other, points)
    np.testing.assert_array_equal(other_centre, np.ldexp(centre, exponent))
    np.testing.assert_array_equal(other_unit, np.ldexp(unit, exponent))


def test_no_digit_is_lost_far_from_0():
    steps = np.array([[0.0], [1.0], [2.0], [5.0]])
    far, _, _ = standardised(steps + 2.0**50)
    near, _, _ = standardised(steps)
    np.testing.assert_allclose(far, near, rtol=1e-14)


def test_a_constant_column_becomes_0():
    points, centre, unit = standardised(np.column_stack([np.arange(5.0), np.full(5, 0.1)]))
    assert points[:, 1].tolist() == [0.0] * 5
    assert (centre[1], unit[1]) == (0.1, 1.0)
    assert points[:, 0].std() == pytest.approx(1)
