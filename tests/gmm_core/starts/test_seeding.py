"""Where the means of a start stand, and which points its clusters hold."""

import itertools
from collections import Counter
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import kmeans_plusplus

from gmm_core import kmeans, threads
from gmm_core.points import Array
from gmm_core.starts.hierarchy import MOST_IN_HIERARCHY
from tests.oracles import old_faithful
from tests.starts import begin
from tests.strategies import make_mixture, make_points

FAITHFUL = old_faithful()
ON_POINTS = ("kmeans++", "random_points", "farthest_points")


@pytest.mark.parametrize("method", ON_POINTS)
def test_starts_on_points_stand_on_points(method: str) -> None:
    for seed in range(5):
        means = begin(FAITHFUL, 5, method, seed=seed).means
        gaps = np.abs(FAITHFUL - means[:, None]).max(axis=2).min(axis=1)
        assert gaps.max() < 1e-12


@pytest.mark.parametrize("method", ON_POINTS)
@pytest.mark.parametrize(
    "points",
    [
        [[1.9], [np.nextafter(1.9, 2.0)], [3.5], [6.2]],
        [[1e8], [np.nextafter(1e8, 2e8)], [1e8 + 5.1], [1e8 + 7.3]],
    ],
    ids=["near", "far away"],
)
def test_means_differ_even_where_points_hardly_do(method: str, points: Any) -> None:
    for seed in range(5):
        assert len(np.unique(begin(np.array(points), 4, method, seed=seed).means, axis=0)) == 4


def test_farthest_points_stand_farthest() -> None:
    units = FAITHFUL.std(axis=0)
    for seed in range(5):
        means = begin(FAITHFUL, 6, "farthest_points", seed=seed).means
        for k in range(1, 6):
            distances = ((FAITHFUL - means[:k, None]) / units) ** 2
            farthest = distances.sum(axis=2).min(axis=0).max()
            own = (((means[k] - means[:k]) / units) ** 2).sum(axis=1).min()
            assert own == pytest.approx(farthest, rel=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("weights", [None, [1.0, 5.0, 2.1, 0.5]])
def test_k_means_plus_plus_keeps_the_better_of_two_drawn_by_squared_distance(weights: Any) -> None:
    points, held = np.array([0.0, 1.0, 3.1, 7.3]), np.ones(4) if weights is None else np.array(weights)
    n_seeds = 4000
    draws = Counter(
        tuple(begin(points[:, None], 2, "kmeans++", seed=seed, sample_weights=weights).means.ravel().round(9))
        for seed in range(n_seeds)
    )
    for i, first in enumerate(points):
        odds = held * (points - first) ** 2
        odds /= odds.sum()
        left = np.minimum((points - first) ** 2, (points[:, None] - points) ** 2) @ held
        for j, second in enumerate(points):
            # The other candidate is the same point or a worse one; of equals the first is kept.
            equal = np.isclose(left, left[j])
            worse = 2 * odds[(left > left[j]) & ~equal].sum() + odds[equal].sum()
            expected = held[i] / held.sum() * odds[j] * worse
            tolerance = 4.5 * np.sqrt(expected * (1 - expected) / n_seeds) + 1e-3
            assert draws[(first, second)] / n_seeds == pytest.approx(expected, abs=tolerance)


@pytest.mark.parametrize("kind", ["round", "thin", "with an outlier"])
def test_k_means_plus_plus_starts_as_well_as_scikit_learns(kind: str) -> None:
    """Seeds from which K-Means ends within 1 % of the best end known, at K = 14."""
    rng = np.random.default_rng(2)
    places = np.stack(np.meshgrid(np.arange(7.0), np.arange(2.0)), axis=2).reshape(-1, 2)
    points = places[np.arange(1400) % 14] + 0.12 * rng.standard_normal((1400, 2))
    if kind == "thin":
        points += 0.3 * rng.standard_normal((1400, 1)) * [1.0, 0.2]
    if kind == "with an outlier":
        points[0] = [12.0, 9.0]
    points /= points.std(axis=0)
    mine, theirs = [], []
    for seed in range(40):
        mine.append(kmeans.run(points, begin(points, 14, "kmeans++", seed=seed).means).inertia)
        theirs.append(kmeans.run(points, kmeans_plusplus(points, 14, random_state=seed)[0]).inertia)
    best = min(mine + theirs)
    share, other = (float(np.mean(np.array(found) < 1.01 * best)) for found in (mine, theirs))
    # As good but for chance: a share of 40 draws is off by 0.08.
    assert share > other - 0.25
    assert np.median(mine) < 1.03 * np.median(theirs)


def test_k_means_plus_plus_draws_the_same_on_any_number_of_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    points, weights = rng.standard_normal((100_003, 2)), rng.random(100_003)
    for held in (None, weights):
        expected = begin(points, 6, "kmeans++", sample_weights=held).means
        for cores in (1, 64):
            monkeypatch.setattr(threads, "cpu_count", lambda cores=cores: cores)
            assert np.array_equal(begin(points, 6, "kmeans++", sample_weights=held).means, expected)
            monkeypatch.undo()


def test_random_points_are_drawn_evenly() -> None:
    points = np.arange(5.0)[:, None]
    means = [begin(points, 1, "random_points", seed=seed).means.item() for seed in range(2000)]
    draws = Counter(np.round(means, 9).tolist())
    assert sorted(draws) == [0, 1, 2, 3, 4]
    assert all(abs(count / 2000 - 0.2) < 0.04 for count in draws.values())


# Clusters by merging


def merged_by_hand(points: Array, n_clusters: int) -> list[set[int]]:
    """Ward's method as he wrote it: merge whatever raises the squared deviations least."""
    clusters = [{n} for n in range(len(points))]
    while len(clusters) > n_clusters:
        costs = {}
        for (i, a), (j, b) in itertools.combinations(enumerate(clusters), 2):
            gap = points[sorted(a)].mean(axis=0) - points[sorted(b)].mean(axis=0)
            costs[i, j] = len(a) * len(b) / (len(a) + len(b)) * (gap @ gap)
        i, j = min(costs, key=lambda pair: costs[pair])
        clusters[i] |= clusters.pop(j)
    return clusters


@pytest.mark.parametrize("n_components", [1, 2, 5])
def test_the_hierarchical_start_is_made_of_wards_clusters(n_components: int) -> None:
    rng = np.random.default_rng(3)
    points = make_points(rng, make_mixture(rng, 3, 2), 40) * [1.0, 1000.0]
    clusters = merged_by_hand(points / points.std(axis=0), n_components)
    mixture = begin(points, n_components, "hierarchical")
    expected = np.array([points[sorted(cluster)].mean(axis=0) for cluster in clusters])
    order, expected_order = np.argsort(mixture.means[:, 0]), np.argsort(expected[:, 0])
    np.testing.assert_allclose(mixture.means[order], expected[expected_order], rtol=1e-10)
    weights = np.array([len(cluster) / len(points) for cluster in clusters])
    np.testing.assert_allclose(mixture.weights[order], weights[expected_order], rtol=1e-12)
    for k, cluster in zip(order, np.array(clusters)[expected_order], strict=True):
        if len(cluster) > 2:
            own = np.cov(points[sorted(cluster)].T, bias=True)
            np.testing.assert_allclose(mixture.covariances[k], own, rtol=1e-9)


def test_the_hierarchical_start_draws_only_from_more_points_than_it_can_compare() -> None:
    rng = np.random.default_rng(0)
    points = make_points(rng, make_mixture(rng, 3, 2), MOST_IN_HIERARCHY + 1)
    few = [begin(points[1:], 3, "hierarchical", seed=seed).means for seed in range(3)]
    assert np.array_equal(few[0], few[1])
    assert np.array_equal(few[0], few[2])
    many = [begin(points, 3, "hierarchical", seed=seed).means for seed in range(3)]
    assert not np.array_equal(many[0], many[1])
    assert np.array_equal(many[0], begin(points, 3, "hierarchical", seed=0).means)


@pytest.mark.parametrize("method", ["hierarchical", "kmeans"])
def test_rare_places_are_found_among_many_duplicates(method: str) -> None:
    points = np.zeros((60_000, 2))
    rare = [[1.0, 0.0], [0.0, 1.0], [5.0, 5.0]]
    points[[7, 30_000, 59_999]] = rare
    for seed in range(3):
        mixture = begin(points, 4, method, seed=seed)
        assert sorted(mixture.means.round(9).tolist()) == sorted([[0.0, 0.0], *rare])


def test_a_hierarchy_has_as_many_clusters_as_asked_for_up_to_every_point_its_own() -> None:
    for n_components in (1, 2, 3, 4):
        mixture = begin(np.array([[0.0], [1.0], [2.0], [3.0]]), n_components, "hierarchical")
        assert len(np.unique(mixture.means, axis=0)) == n_components
