"""K-Means: each step lowers the inertia, it agrees with scikit-learn, and it is a limit of EM."""

import itertools
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from gmm_core import Mixture, PointsError, expected_moments, kmeans, m_step, responsibilities
from gmm_core.points import Array
from tests.oracles import old_faithful
from tests.strategies import QUICK, Problem, lattice_points, make_mixture, make_points, problems, seeds

FAITHFUL = old_faithful()


def drawn(points: Array, n_components: int, seed: int) -> Array:
    """Rows of the points, drawn without a second draw of the same row."""
    return np.random.default_rng(seed).permutation(points)[:n_components]


def squared_distances(points: Array, centres: Array) -> Array:
    return ((points[:, None] - centres) ** 2).sum(axis=2)


def one_hot(labels: Any, n_components: int) -> Array:
    return (np.asarray(labels)[:, None] == np.arange(n_components)).astype(np.float64)


def assert_belongs(state: kmeans.KMeansState, points: Array) -> None:
    """Labels, moments and inertia are those of the state's own centres."""
    distances = squared_distances(points, state.centres)
    labels = kmeans.assign(points, state.centres)
    nearest = distances.min(axis=1)
    np.testing.assert_allclose(distances[np.arange(len(points)), labels], nearest, rtol=1e-12)
    assert state.inertia == pytest.approx(nearest.sum(), rel=1e-12)
    expected = expected_moments(points, one_hot(labels, len(state.centres)))
    assert np.array_equal(state.moments.counts, expected.counts)
    held = expected.counts > 0
    np.testing.assert_allclose(state.moments.means[held], expected.means[held], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(state.moments.scatters, expected.scatters, rtol=1e-10, atol=1e-10)


@QUICK
@given(problems(), seeds)
def test_every_field_of_a_state_belongs_to_its_centres(problem: Problem, seed: int) -> None:
    centres = drawn(problem.points, problem.mixture.n_components, seed)
    for iteration, state in enumerate(itertools.islice(kmeans.iterate(problem.points, centres), 4)):
        assert state.iteration == iteration
        assert_belongs(state, problem.points)


def test_many_chunks_are_assigned_as_one() -> None:
    rng = np.random.default_rng(0)
    points = make_points(rng, make_mixture(rng, 4, 2), 20_001)
    assert_belongs(kmeans.start(points, points[:4]), points)


@QUICK
@given(problems(), seeds)
def test_centres_move_to_the_means_of_their_points(problem: Problem, seed: int) -> None:
    before = kmeans.start(problem.points, drawn(problem.points, problem.mixture.n_components, seed))
    after = kmeans.step(problem.points, before)
    labels = kmeans.assign(problem.points, before.centres)
    for k in range(problem.mixture.n_components):
        own = problem.points[labels == k].mean(axis=0)
        np.testing.assert_allclose(after.centres[k], own, rtol=1e-12, atol=1e-12)


@QUICK
@given(st.one_of(problems(max_dimensions=2).map(lambda problem: problem.points), lattice_points()), seeds)
def test_no_step_raises_the_inertia_and_the_end_is_a_fixed_point(points: Array, seed: int) -> None:
    n_components = min(4, len(np.unique(points, axis=0)))
    states = kmeans.run(points, drawn(points, n_components, seed))
    inertias = np.array([state.inertia for state in states])
    assert (np.diff(inertias) <= 1e-12 * inertias[:-1] + 1e-28).all()
    assert len(states) < 301
    after = kmeans.step(points, states[-1])
    assert np.array_equal(after.centres, states[-1].centres)
    assert after.inertia == states[-1].inertia


@QUICK
@given(problems(max_components=3), seeds)
def test_the_run_agrees_with_scikit_learn(problem: Problem, seed: int) -> None:
    points, n_components = problem.points, problem.mixture.n_components
    centres = drawn(points, n_components, seed)
    state = kmeans.run(points, centres)[-1]
    other = KMeans(n_components, init=centres, n_init=1, algorithm="lloyd", tol=0.0).fit(points)
    assert np.array_equal(kmeans.assign(points, state.centres), other.labels_)
    np.testing.assert_allclose(state.centres, other.cluster_centers_, rtol=1e-9, atol=1e-9)
    assert state.inertia == pytest.approx(other.inertia_, rel=1e-9)


@pytest.mark.parametrize("n_components", [2, 5])
def test_old_faithful_agrees_with_scikit_learn(n_components: int) -> None:
    for seed in range(3):
        centres = drawn(FAITHFUL, n_components, seed)
        state = kmeans.run(FAITHFUL, centres)[-1]
        other = KMeans(n_components, init=centres, n_init=1, algorithm="lloyd", tol=0.0).fit(FAITHFUL)
        np.testing.assert_allclose(state.centres, other.cluster_centers_, rtol=1e-9)
        assert state.inertia == pytest.approx(other.inertia_, rel=1e-9)


@QUICK
@given(problems(), seeds)
def test_k_means_is_the_hard_limit_of_em(problem: Problem, seed: int) -> None:
    """Equal weights and one shared spherical variance that goes to 0."""
    points, (n_components, n_dimensions) = problem.points, problem.mixture.means.shape
    before = kmeans.start(points, drawn(points, n_components, seed))
    nearly_zero = np.tile(1e-12 * np.eye(n_dimensions), (n_components, 1, 1))
    mixture = Mixture(np.full(n_components, 1 / n_components), before.centres, nearly_zero)
    shares = responsibilities(points, mixture)
    assert np.array_equal(shares, one_hot(kmeans.assign(points, before.centres), n_components))
    after = kmeans.step(points, before)
    means = m_step(expected_moments(points, shares), family="tied", reg_covar=1e-12).means
    np.testing.assert_allclose(means, after.centres, rtol=1e-12, atol=1e-12)


def test_the_first_of_equally_near_centres_takes_the_point() -> None:
    centres = np.array([[3.0, 0.0], [-1.0, 0.0], [3.0, 0.0], [1.0, 2.0]])
    assert kmeans.assign([[1.0, 0.0], [3.0, 0.0]], centres).tolist() == [0, 0]


def test_an_empty_cluster_takes_the_farthest_point() -> None:
    points = np.array([[0.0], [1.0], [2.0], [20.0]])
    before = kmeans.start(points, [[1.0], [500.0]])
    assert np.array_equal(before.moments.counts, [4, 0])
    after = kmeans.step(points, before)
    assert np.array_equal(after.centres, [[5.75], [20.0]])
    assert after.inertia < before.inertia
    assert np.array_equal(kmeans.run(points, before.centres)[-1].centres, [[1.0], [20.0]])


def test_several_empty_clusters_take_several_points() -> None:
    points = np.array([[0.0], [1.0], [2.0], [20.0], [40.0]])
    states = kmeans.run(points, [[1.0], [500.0], [600.0]])
    assert sorted(states[1].centres[1:, 0]) == [20, 40]
    assert (states[-1].moments.counts > 0).all()


@QUICK
@given(lattice_points(), seeds)
def test_no_cluster_ends_empty_while_there_are_points_for_it(points: Array, seed: int) -> None:
    n_distinct = len(np.unique(points, axis=0))
    n_components = min(3, n_distinct)
    far = 100.0 + np.arange(2.0 * n_components).reshape(n_components, 2)
    states = kmeans.run(points, far)
    assert (states[-1].moments.counts > 0).all()
    assert np.isfinite(states[-1].centres).all()


@pytest.mark.parametrize(
    ("points", "centres"),
    [
        ([[1.0]] * 5, [[0.0], [1.0], [2.0]]),
        ([[0.0], [0.0], [0.0], [1.0], [1.0]], [[0.0], [1.0], [1.0], [0.0]]),
    ],
)
def test_more_centres_than_places_come_to_rest(points: Any, centres: Any) -> None:
    states = kmeans.run(points, centres)
    assert len(states) < 10
    assert states[-1].inertia == pytest.approx(0, abs=1e-28)


def test_a_run_is_the_iteration_cut_off() -> None:
    centres = drawn(FAITHFUL, 4, 0)
    states = kmeans.run(FAITHFUL, centres)
    for state, other in zip(states, kmeans.iterate(FAITHFUL, centres), strict=False):
        assert np.array_equal(state.centres, other.centres)
    assert np.array_equal(states[-1].centres, states[-2].centres)
    moving = [not np.array_equal(a.centres, b.centres) for a, b in itertools.pairwise(states[:-1])]
    assert all(moving)
    assert len(kmeans.run(FAITHFUL, centres, max_steps=2)) == 3


@pytest.mark.parametrize("offset", [1e4, 1e8])
def test_a_far_origin_changes_no_label(offset: float) -> None:
    centres = drawn(FAITHFUL, 3, 1)
    far = FAITHFUL + offset
    there = kmeans.run(far, centres + offset)[-1]
    here = kmeans.run(far - offset, (centres + offset) - offset)[-1]
    assert np.array_equal(there.moments.counts, here.moments.counts)
    assert there.inertia == pytest.approx(here.inertia, rel=1e-7)


def test_centres_are_given_back_to_the_last_bit_and_cannot_be_changed() -> None:
    centres = drawn(FAITHFUL, 3, 2) / 3
    state = kmeans.start(FAITHFUL, centres)
    assert np.array_equal(state.centres, centres)
    with pytest.raises(ValueError, match="read-only"):
        state.centres[0] = 0


@pytest.mark.parametrize(
    ("centres", "sentence"),
    [
        (
            [[0.0], [1.0]],
            "The centres have 1 columns and the points 2; give centres of the same dimension.",
        ),
        (
            [[0.0, np.nan]],
            "Row 0 of the points is missing or infinite; drop such rows or fill them in first.",
        ),
    ],
)
def test_bad_centres_are_refused_in_one_sentence(centres: Any, sentence: str) -> None:
    for function in (kmeans.start, kmeans.run):
        with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
            function(FAITHFUL, centres)
