"""Turning and stretching can be undone, and a mixture taken along still says the same of every point."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import log_density, responsibilities
from tests.strategies import QUICK, make_mixture, seeds
from ui.data.motion import turn_and_stretch

degrees = st.floats(-180, 180)
factors = st.floats(0.01, 100)


def some_points(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((30, 2)) * [3, 0.5] + [10, -4]


@QUICK
@given(seeds, degrees, factors)
def test_it_can_be_undone(seed, turn, stretch):
    points = some_points(seed)
    motion = turn_and_stretch(points, turn, stretch)
    np.testing.assert_allclose(motion.undone(motion.of_points(points)), points, atol=1e-10)


@QUICK
@given(seeds, degrees, factors)
def test_a_mixture_taken_along_shares_out_the_points_alike(seed, turn, stretch):
    rng = np.random.default_rng(seed)
    points, mixture = some_points(seed), make_mixture(rng, 3, 2)
    motion = turn_and_stretch(points, turn, stretch)
    moved, along = motion.of_points(points), motion.of_mixture(mixture)
    before = responsibilities(points, mixture)
    np.testing.assert_allclose(responsibilities(moved, along), before, atol=1e-6)
    # Densities are per area, which the stretch alone changes.
    thinner = log_density(points, mixture) - log_density(moved, along)
    np.testing.assert_allclose(thinner, np.log(stretch), rtol=1e-6, atol=1e-6)


def test_a_quarter_turn_is_counterclockwise_about_the_mean():
    points = np.array([[1.0, 2.0], [3.0, 2.0], [2.0, 5.0]])
    moved = turn_and_stretch(points, 90, 1).of_points(points)
    np.testing.assert_allclose(moved, [[3, 2], [3, 4], [0, 3]], atol=1e-12)
