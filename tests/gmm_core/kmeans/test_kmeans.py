"""K-Means: each step lowers the inertia, it agrees with scikit-learn, and it is a limit of EM."""

import itertools
import re
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from gmm_core import (
    KMeansStop,
    Mixture,
    PointsError,
    expected_moments,
    kmeans,
    m_step,
    responsibilities,
    threads,
)
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


@pytest.mark.parametrize("n_dimensions", [1, 2, 5])
@pytest.mark.parametrize("n_points", [8192, 20_001, 16384])
def test_many_chunks_are_assigned_as_one(n_points: int, n_dimensions: int) -> None:
    rng = np.random.default_rng(0)
    points = make_points(rng, make_mixture(rng, 4, n_dimensions), n_points)
    assert_belongs(kmeans.start(points, points[:4]), points)


@pytest.mark.parametrize("cores", [1, 3, 64])
def test_the_number_of_threads_changes_no_bit(monkeypatch: pytest.MonkeyPatch, cores: int) -> None:
    rng = np.random.default_rng(3)
    points = make_points(rng, make_mixture(rng, 5, 2), 200_001)
    for data in (points, points.astype(np.float32), 1e-3 * points + 40 * np.sign(points)):
        expected = kmeans.start(data, data[:5])
        labels = kmeans.assign(data, expected.centres)
        with monkeypatch.context() as patch:
            patch.setattr(threads, "cpu_count", lambda: cores)
            state = kmeans.start(data, data[:5])
            assert np.array_equal(kmeans.assign(data, expected.centres), labels)
        assert state.inertia == expected.inertia
        for part in ("counts", "means", "scatters"):
            assert np.array_equal(getattr(state.moments, part), getattr(expected.moments, part))


def test_memory_does_not_grow_with_the_points() -> None:
    points = np.random.default_rng(0).standard_normal((1_000_000, 2)).astype(np.float32)
    kmeans.start(points, points[:5])
    tracemalloc.start()
    try:
        kmeans.start(points, points[:5])
        assert tracemalloc.get_traced_memory()[1] < 48 * 2**20 < 8 * 5 * 1_000_000 * 2
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("weighted", [False, True])
def test_memory_does_not_grow_with_the_points_in_many_dimensions_either(weighted: bool) -> None:
    points = np.random.default_rng(0).standard_normal((48_000, 20))
    most = []
    for n_points in (12_000, 48_000):
        some, weights = points[:n_points], np.ones(n_points) if weighted else None
        kmeans.start(some, some[:20], sample_weights=weights)
        tracemalloc.start()
        kmeans.start(some, some[:20], sample_weights=weights)
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert most[1] < 1.6 * most[0] + 2**20


@pytest.mark.parametrize("gap", [1e3, 1e6, 1e9])
def test_tight_clusters_far_apart_keep_their_digits(gap: float) -> None:
    rng = np.random.default_rng(1)
    labels = np.arange(3000) % 3
    # Steps of 1/1024 are exact at any of these distances.
    steps = np.round(rng.standard_normal((3000, 2)) * 1024) / 1024
    points = steps + gap * np.array([[-1, 0], [0, 2], [3, 1]])[labels]
    state = kmeans.start(points, points[:3])
    for k in range(3):
        own = points[labels == k] - points[k]
        deviations = own - own.mean(axis=0)
        np.testing.assert_allclose(state.moments.scatters[k], deviations.T @ deviations, rtol=1e-9, atol=1e-6)
    assert state.inertia == pytest.approx(((points - points[labels]) ** 2).sum(), rel=1e-12)


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
    states = kmeans.run(points, drawn(points, n_components, seed)).states
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
    state = kmeans.run(points, centres).states[-1]
    other = KMeans(n_components, init=centres, n_init=1, algorithm="lloyd", tol=0.0).fit(points)
    assert np.array_equal(kmeans.assign(points, state.centres), other.labels_)
    np.testing.assert_allclose(state.centres, other.cluster_centers_, rtol=1e-9, atol=1e-9)
    assert state.inertia == pytest.approx(other.inertia_, rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("n_dimensions", [1, 2, 5])
@pytest.mark.parametrize("offset", [0.0, 1e4])
@pytest.mark.parametrize("n_points", [300, 20_000])
def test_larger_runs_agree_with_scikit_learn(n_points: int, n_dimensions: int, offset: float) -> None:
    rng = np.random.default_rng(7)
    points = make_points(rng, make_mixture(rng, 5, n_dimensions), n_points) + offset
    centres = drawn(points, 5, 0)
    found = kmeans.run(points, centres)
    other = KMeans(5, init=centres, n_init=1, algorithm="lloyd", tol=0.0).fit(points)
    assert found.stop_reason is KMeansStop.CONVERGED
    assert np.array_equal(kmeans.assign(points, found.centres), other.labels_)
    np.testing.assert_allclose(found.centres, other.cluster_centers_, rtol=1e-9, atol=1e-9)
    assert found.inertia == pytest.approx(other.inertia_, rel=1e-9)


@QUICK
@given(problems(), seeds)
def test_a_shift_of_the_points_shifts_the_centres(problem: Problem, seed: int) -> None:
    """By whole numbers of points on a grid, so that no rounding takes part."""
    points = np.round(problem.points * 256) / 256
    centres = drawn(np.unique(points, axis=0), problem.mixture.n_components, seed)
    shift = np.random.default_rng(seed).integers(-(2**20), 2**20, points.shape[1])
    here, there = kmeans.run(points, centres), kmeans.run(points + shift, centres + shift)
    assert np.array_equal(kmeans.assign(points, here.centres), kmeans.assign(points + shift, there.centres))
    np.testing.assert_allclose(there.centres - shift, here.centres, atol=1e-8)
    assert there.inertia == pytest.approx(here.inertia, rel=1e-8)


@QUICK
@given(problems(), seeds)
def test_the_order_of_points_and_centres_does_not_matter(problem: Problem, seed: int) -> None:
    points, k = problem.points, problem.mixture.n_components
    rng = np.random.default_rng(seed)
    centres, order, names = drawn(points, k, seed), rng.permutation(len(points)), rng.permutation(k)
    here, there = kmeans.run(points, centres), kmeans.run(points[order], centres[names])
    np.testing.assert_allclose(there.centres, here.centres[names], rtol=1e-10, atol=1e-10)
    labels = kmeans.assign(points, here.centres)
    assert np.array_equal(names[kmeans.assign(points[order], there.centres)], labels[order])
    assert there.inertia == pytest.approx(here.inertia, rel=1e-12, abs=1e-20)


def test_points_of_any_width_of_number_are_the_same_points() -> None:
    points = FAITHFUL.astype(np.float32)
    wide = kmeans.run(points.astype(np.float64), points[:3])
    assert np.array_equal(kmeans.run(points, points[:3]).centres, wide.centres)
    assert np.array_equal(kmeans.run(points.tolist(), points[:3]).centres, wide.centres)
    assert np.array_equal(kmeans.run(np.asfortranarray(points), points[:3]).centres, wide.centres)


@pytest.mark.parametrize("n_components", [2, 5])
def test_old_faithful_agrees_with_scikit_learn(n_components: int) -> None:
    for seed in range(3):
        centres = drawn(FAITHFUL, n_components, seed)
        state = kmeans.run(FAITHFUL, centres).states[-1]
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
    assert np.array_equal(kmeans.run(points, before.centres).states[-1].centres, [[1.0], [20.0]])


def test_several_empty_clusters_take_several_points() -> None:
    points = np.array([[0.0], [1.0], [2.0], [20.0], [40.0]])
    states = kmeans.run(points, [[1.0], [500.0], [600.0]]).states
    assert sorted(states[1].centres[1:, 0]) == [20, 40]
    assert (states[-1].moments.counts > 0).all()


@QUICK
@given(lattice_points(), seeds)
def test_no_cluster_ends_empty_while_there_are_points_for_it(points: Array, seed: int) -> None:
    n_distinct = len(np.unique(points, axis=0))
    n_components = min(3, n_distinct)
    far = 100.0 + np.arange(2.0 * n_components).reshape(n_components, 2)
    states = kmeans.run(points, far).states
    assert (states[-1].moments.counts > 0).all()
    assert np.isfinite(states[-1].centres).all()


@QUICK
@given(lattice_points(), seeds)
def test_a_centre_for_every_place_leaves_no_inertia(points: Array, seed: int) -> None:
    places = np.unique(points, axis=0)
    far = 100.0 + np.random.default_rng(seed).standard_normal(places.shape)
    found = kmeans.run(points, far)
    assert found.stop_reason is KMeansStop.CONVERGED
    assert found.inertia == 0
    assert np.array_equal(np.unique(found.centres, axis=0), places)


def test_empty_clusters_take_different_places() -> None:
    points = np.array([[0.0]] * 6 + [[50.0]] * 5 + [[-40.0]] * 4)
    states = kmeans.run(points, [[1.0], [500.0], [600.0]]).states
    assert states[1].centres[1:].ravel().tolist() == [50, -40]


def test_identical_points_are_one_place() -> None:
    found = kmeans.run(np.full((50, 2), 0.1), np.full((3, 2), 0.7))
    assert found.inertia == 0
    assert np.array_equal(found.centres[0], [0.1, 0.1])
    assert found.states[-1].moments.counts.tolist() == [50, 0, 0]


@pytest.mark.parametrize(
    ("points", "centres"),
    [
        ([[1.0]] * 5, [[0.0], [1.0], [2.0]]),
        ([[0.0], [0.0], [0.0], [1.0], [1.0]], [[0.0], [1.0], [1.0], [0.0]]),
    ],
)
def test_more_centres_than_places_come_to_rest(points: Any, centres: Any) -> None:
    states = kmeans.run(points, centres).states
    assert len(states) < 10
    assert states[-1].inertia == pytest.approx(0, abs=1e-28)


def test_a_run_is_the_iteration_cut_off() -> None:
    centres = drawn(FAITHFUL, 4, 0)
    states = kmeans.run(FAITHFUL, centres).states
    for state, other in zip(states, kmeans.iterate(FAITHFUL, centres), strict=False):
        assert np.array_equal(state.centres, other.centres)
    assert np.array_equal(states[-1].centres, states[-2].centres)
    moving = [not np.array_equal(a.centres, b.centres) for a, b in itertools.pairwise(states[:-1])]
    assert all(moving)
    assert len(kmeans.run(FAITHFUL, centres, max_steps=2).states) == 3


@pytest.mark.parametrize("offset", [1e4, 1e8])
def test_a_far_origin_changes_no_label(offset: float) -> None:
    centres = drawn(FAITHFUL, 3, 1)
    far = FAITHFUL + offset
    there = kmeans.run(far, centres + offset).states[-1]
    here = kmeans.run(far - offset, (centres + offset) - offset).states[-1]
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


def test_a_step_limit_below_one_is_refused() -> None:
    with pytest.raises(PointsError, match=r"^The step limit is 0; allow at least 1 step\.$"):
        kmeans.run(FAITHFUL, FAITHFUL[:2], max_steps=0)


def test_a_run_says_why_it_ended() -> None:
    centres = drawn(FAITHFUL, 4, 0)
    found, cut = kmeans.run(FAITHFUL, centres), kmeans.run(FAITHFUL, centres, max_steps=2)
    assert found.stop_reason is KMeansStop.CONVERGED
    assert found.explanation == f"Converged at iteration {len(found.states) - 1}: no centre moves any more."
    assert found.centres is found.states[-1].centres
    assert cut.stop_reason is KMeansStop.STEP_LIMIT
    assert re.match(
        r"Stopped at the limit of 2 iterations: .* lowered the inertia by \d.* %", cut.explanation
    )
