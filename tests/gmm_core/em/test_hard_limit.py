"""The limit dial's end is K-Means, step for step; its other end knows no components."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gmm_core import MixtureError, PointsError, StopReason, kmeans, responsibilities
from gmm_core.datasets.generators import GENERATORS, generate
from gmm_core.em import hard_limit
from tests.strategies import QUICK, make_mixture, seeds


def random_problem(seed: int, n_clusters: int, n_dimensions: int) -> tuple[np.ndarray, np.ndarray]:
    """Points of unequal spread, and centres on some of them."""
    rng = np.random.default_rng(seed)
    points = rng.standard_normal((120, n_dimensions)) * rng.uniform(0.5, 3, n_dimensions)
    points += 4 * rng.standard_normal((5, n_dimensions))[rng.integers(5, size=120)]
    return points, points[rng.choice(120, n_clusters, replace=False)]


def assert_same_steps(points: np.ndarray, centres: np.ndarray) -> None:
    variance = (1e-4 * hard_limit.deviation(points)) ** 2
    lloyd = kmeans.run(points, centres).states
    run = hard_limit.run_limit(points, centres, variance, max_steps=len(lloyd) + 5)
    assert run.stop_reason is StopReason.CONVERGED
    assert abs(len(run.states) - len(lloyd)) <= 1
    for state, cluster in zip(run.states, lloyd, strict=False):
        labels = responsibilities(points, state.mixture).argmax(axis=1)
        np.testing.assert_array_equal(labels, kmeans.assign(points, cluster.centres))
        np.testing.assert_allclose(state.mixture.means, cluster.centres, rtol=0, atol=1e-9)
    assert hard_limit.mean_entropy(points, run.mixture) < 1e-9


@QUICK
@given(seeds, st.integers(1, 6), st.integers(1, 3))
def test_at_the_dials_end_every_step_is_a_step_of_k_means(seed, n_clusters, n_dimensions):
    points, centres = random_problem(seed, n_clusters, n_dimensions)
    # K-Means moves an empty cluster to the farthest point; a mixture calls it collapsed.
    counts = [state.moments.counts.min() for state in kmeans.run(points, centres).states]
    assume(min(counts) > 0)
    assert_same_steps(points, centres)


@pytest.mark.parametrize("name", GENERATORS)
def test_so_it_is_on_every_kind_of_data(name):
    points = generate(name, rng=np.random.default_rng(3)).points
    assert_same_steps(points, points[:4])


def test_the_weights_and_the_variance_stay():
    points, centres = random_problem(1, 3, 2)
    for state in hard_limit.run_limit(points, centres, 0.7).states:
        np.testing.assert_array_equal(state.mixture.weights, np.full(3, 1 / 3))
        np.testing.assert_array_equal(state.mixture.covariances, np.tile(0.7 * np.eye(2), (3, 1, 1)))


def test_a_generous_variance_leaves_nothing_but_one_place():
    points, centres = random_problem(2, 4, 2)
    run = hard_limit.run_limit(points, centres, (10 * hard_limit.deviation(points)) ** 2, tolerance=1e-12)
    np.testing.assert_allclose(run.mixture.means, np.tile(points.mean(axis=0), (4, 1)), atol=1e-2)
    assert hard_limit.mean_entropy(points, run.mixture) == pytest.approx(np.log(4), abs=1e-4)


@QUICK
@given(seeds, st.integers(1, 6))
def test_the_mean_entropy_is_that_of_the_responsibilities(seed, n_components):
    rng = np.random.default_rng(seed)
    mixture, points = make_mixture(rng, n_components, 2), 5 * rng.standard_normal((40, 2))
    shares = responsibilities(points, mixture)
    expected = -np.where(shares > 0, shares * np.log(np.maximum(shares, 1e-300)), 0).sum(axis=1).mean()
    found = hard_limit.mean_entropy(points, mixture)
    assert found == pytest.approx(expected, abs=1e-12)
    assert 0 <= found <= np.log(n_components) + 1e-12


def test_the_deviation_goes_with_the_units_and_not_with_the_place():
    points, _ = random_problem(5, 2, 3)
    expected = np.sqrt(((points - points.mean(axis=0)) ** 2).sum() / points.size)
    assert hard_limit.deviation(points) == pytest.approx(expected)
    assert hard_limit.deviation(1e-6 * points + 7) == pytest.approx(1e-6 * expected)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: hard_limit.deviation(np.ones((5, 2))), PointsError, "All points are the same"),
        (lambda: hard_limit.run_limit(np.eye(2), np.eye(2), 0.0), MixtureError, "variance is 0.0"),
        (lambda: hard_limit.run_limit(np.eye(2), np.eye(2), np.nan), MixtureError, "variance is nan"),
        (lambda: hard_limit.run_limit(np.eye(2), [[0, np.nan]], 1.0), PointsError, "missing or infinite"),
    ],
)
def test_bad_input_is_turned_away_in_a_sentence(call, error, text):
    with pytest.raises(error, match=re.escape(text)):
        call()
