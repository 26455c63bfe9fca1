"""Sample weights: a whole number is as good as that many copies, and 0 as good as absence."""

from typing import Any

import numpy as np
import pytest

from gmm_core import (
    STARTS,
    PointsError,
    StopReason,
    Variant,
    default_prior,
    held_out_log_likelihood,
    initialize,
    kmeans,
    restart,
    restart_kmeans,
)
from gmm_core.em import hard_limit
from gmm_core.points import Array
from gmm_core.starts.hierarchy import MOST_IN_HIERARCHY, ward_labels
from gmm_core.starts.request import few_points
from tests.oracles import old_faithful
from tests.starts import begin

FAITHFUL = old_faithful()
RNG = np.random.default_rng(0)
COPIES = RNG.integers(0, 4, len(FAITHFUL))
COPIED = np.repeat(FAITHFUL, COPIES, axis=0)
HELD = FAITHFUL[COPIES > 0]
FAR = np.concatenate([FAITHFUL, RNG.normal(500, 50, (100, 2))])
NEAR_ONLY = np.concatenate([np.ones(len(FAITHFUL)), np.zeros(100)])
PARTS = ("weights", "means", "covariances", "probabilities")
DRAWN_FROM_POINTS = [name for name, start in STARTS.items() if start.needs is None]


def given(method: str, points: Array) -> dict[str, Any]:
    """What a start needs, the same of a point wherever it stands."""
    shares = np.stack([points[:, 0], np.abs(6.0 - points[:, 0]), points[:, 1] / 20], axis=1)
    known = {"means": FAITHFUL[[0, 5, 7]], "responsibilities": shares}
    return {what: values for what, values in known.items() if what == STARTS[method].needs}


def start(method: str, points: Array, weights: Any = None, *, seed: int = 0, **settings: Any) -> Any:
    return initialize(
        points, 3, method=method, sample_weights=weights, rng=seed, **given(method, points), **settings
    )


def assert_same(mixture: Any, other: Any) -> None:
    for part in PARTS:
        np.testing.assert_allclose(getattr(mixture, part), getattr(other, part), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("method", STARTS)
def test_a_weight_of_zero_is_absence(method: str) -> None:
    for seed in range(3):
        assert_same(start(method, FAR, NEAR_ONLY, seed=seed), start(method, FAITHFUL, seed=seed))


@pytest.mark.parametrize("method", STARTS)
def test_equal_weights_are_none(method: str) -> None:
    for weight in (0.3, 7.0):
        assert_same(start(method, FAITHFUL, np.full(len(FAITHFUL), weight)), start(method, FAITHFUL))


@pytest.mark.parametrize("n_binary", [0, 1])
@pytest.mark.parametrize("method", ["given_means", "given_responsibilities", "hierarchical"])
def test_a_whole_weight_is_as_many_copies(method: str, n_binary: int) -> None:
    coin = (FAITHFUL[:, :1] > 3).astype(float)[:, :n_binary]
    points = np.concatenate([FAITHFUL, coin], axis=1)
    weighted = start(method, points, COPIES, n_binary=n_binary)
    copied = start(method, np.repeat(points, COPIES, axis=0), n_binary=n_binary)
    order, other_order = (np.lexsort(mixture.means.T) for mixture in (weighted, copied))
    for part in PARTS:
        mine, theirs = getattr(weighted, part)[order], getattr(copied, part)[other_order]
        np.testing.assert_allclose(mine, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["kmeans++", "random_points", "farthest_points"])
def test_starts_on_points_draw_in_proportion_to_the_weights(method: str) -> None:
    points, weights = np.array([[0.0], [1.0], [5.0]]), np.array([1.0, 2.0, 5.0])
    drawn = [
        initialize(points, 1, method=method, sample_weights=weights, rng=seed).means.item()
        for seed in range(2000)
    ]
    shares = [np.mean(np.isclose(drawn, place)) for place in points.ravel()]
    assert shares == pytest.approx(weights / 8, abs=0.05)


def test_the_second_of_k_means_plus_plus_is_drawn_by_weight_and_squared_distance() -> None:
    points, weights = np.array([[0.0], [1.0], [2.0]]), np.array([1e6, 4.0, 1.0])
    seconds = [
        initialize(points, 2, sample_weights=weights, rng=seed).means.max().item() for seed in range(1000)
    ]
    # 4 times 1 squared, and 1 times 2 squared: each of the two candidates is either with the same odds, and
    # the one at 1 is better, since from there the last point adds 1, and from 2 the four of them 4.
    assert np.mean(np.isclose(seconds, 1.0)) == pytest.approx(0.75, abs=0.06)


def test_wards_clusters_of_weights_are_those_of_copies_at_every_number() -> None:
    units = np.ones(2)
    points, copies = HELD[:40], COPIES[COPIES > 0][:40]
    for n_clusters in range(1, 20):
        mine = ward_labels(points, copies.astype(float), units, n_clusters)
        theirs = ward_labels(np.repeat(points, copies, axis=0), None, units, n_clusters)
        first = np.concatenate([[0], np.cumsum(copies)[:-1]])
        same = mine[:, None] == mine
        assert np.array_equal(same, theirs[first][:, None] == theirs[first])


def test_of_many_points_as_many_are_drawn_as_weigh_something() -> None:
    points = np.random.default_rng(1).standard_normal((3 * MOST_IN_HIERARCHY, 2))
    weights = np.where(points[:, 0] > 0, 3.0, 1.0)
    drawn, counts = few_points(points, weights, 2, MOST_IN_HIERARCHY, np.random.default_rng(0))
    assert counts is not None
    assert counts.sum() == MOST_IN_HIERARCHY
    assert counts[drawn[:, 0] > 0].sum() / counts.sum() == pytest.approx(0.75, abs=0.04)


@pytest.mark.parametrize("method", DRAWN_FROM_POINTS)
def test_points_that_weigh_nothing_make_nothing_collapse(method: str) -> None:
    variant = Variant(sample_weights=NEAR_ONLY)
    for seed in range(3):
        found = restart(FAR, 2, n_init=3, method=method, variant=variant, rng=seed).run
        alone = restart(FAITHFUL, 2, n_init=3, method=method, rng=seed).run
        assert found.stop_reason is not StopReason.COMPONENT_COLLAPSED
        assert found.log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-9)


# K-Means


def test_k_means_of_weights_is_that_of_copies() -> None:
    for centres in (FAITHFUL[:4], FAITHFUL[10:13], [[0.0, 0.0], [9.0, 9.0], [1e4, 1e4]]):
        weighted = kmeans.run(FAITHFUL, centres, sample_weights=COPIES)
        copied = kmeans.run(COPIED, centres)
        assert len(weighted.states) == len(copied.states)
        for mine, theirs in zip(weighted.states, copied.states, strict=True):
            np.testing.assert_allclose(mine.centres, theirs.centres, rtol=1e-11)
            assert mine.inertia == pytest.approx(theirs.inertia, rel=1e-11)
            assert np.array_equal(mine.moments.counts, theirs.moments.counts)
            np.testing.assert_allclose(mine.moments.scatters, theirs.moments.scatters, rtol=1e-9, atol=1e-8)


@pytest.mark.parametrize("size", [1.0, 1e-5])
def test_k_means_of_many_points_counts_each_by_its_own_weight(size: float) -> None:
    rng = np.random.default_rng(2)
    points = size * rng.standard_normal((30_000, 3)) + rng.integers(0, 2, (30_000, 1)) * 7
    weights = rng.uniform(0, 2, len(points)) * (rng.random(len(points)) < 0.8)
    state = kmeans.start(points, points[:3], sample_weights=weights)
    labels = kmeans.assign(points, points[:3])
    for k in range(3):
        own, held = points[labels == k], weights[labels == k]
        mean = held @ own / held.sum()
        assert state.moments.counts[k] == pytest.approx(held.sum(), rel=1e-11)
        np.testing.assert_allclose(state.moments.means[k], mean, rtol=1e-11)
        scatter = (held[:, None] * (own - mean)).T @ (own - mean)
        slack = 1e-9 * np.abs(scatter).max()
        np.testing.assert_allclose(state.moments.scatters[k], scatter, atol=slack)
    distances = ((points - points[:3][labels]) ** 2).sum(axis=1)
    assert state.inertia == pytest.approx(weights @ distances, rel=1e-9)


def test_an_empty_cluster_takes_no_point_that_weighs_nothing() -> None:
    points = np.array([[0.0], [1.0], [50.0]])
    state = kmeans.step(
        points,
        kmeans.start(points, [[0.4], [90.0]], sample_weights=[1, 1, 0]),
        sample_weights=[1, 1, 0],
    )
    assert sorted(state.centres.ravel()) == pytest.approx([0.5, 1.0])


def test_restarts_of_k_means_count_weights() -> None:
    found = restart_kmeans(FAR, 3, sample_weights=NEAR_ONLY, rng=1).run
    assert found.inertia == pytest.approx(restart_kmeans(FAITHFUL, 3, rng=1).run.inertia, rel=1e-9)


# What else is learned from points


def test_the_held_out_likelihood_counts_weights() -> None:
    settings: dict[str, Any] = {"n_folds": 4, "rng": 3}
    plain = held_out_log_likelihood(FAITHFUL, 2, **settings)
    absent = held_out_log_likelihood(FAR, 2, sample_weights=NEAR_ONLY, **settings)
    doubled = held_out_log_likelihood(FAITHFUL, 2, sample_weights=np.full(len(FAITHFUL), 2), **settings)
    assert absent == pytest.approx(plain, rel=1e-9)
    assert doubled == pytest.approx(plain, rel=1e-9)


def test_the_held_out_likelihood_is_the_weighted_mean_of_what_each_point_is_worth() -> None:
    points, weights = FAITHFUL[:12], np.arange(1.0, 13.0)
    found = held_out_log_likelihood(points, 1, n_folds=12, sample_weights=weights, rng=0)
    expected = 0.0
    for n in range(12):
        others, held = np.delete(points, n, axis=0), np.delete(weights, n)
        mean = held @ others / held.sum()
        covariance = (held[:, None] * (others - mean)).T @ (others - mean) / held.sum()
        gap = points[n] - mean
        squared = gap @ np.linalg.solve(covariance, gap)
        density = -0.5 * squared - 0.5 * np.linalg.slogdet(2 * np.pi * covariance)[1]
        expected += weights[n] * density
    assert found == pytest.approx(expected / weights.sum(), rel=1e-9)


def test_the_default_prior_and_the_dial_count_weights() -> None:
    mine, theirs = default_prior(FAITHFUL, 2, sample_weights=COPIES), default_prior(COPIED, 2)
    np.testing.assert_allclose(mine.mean, theirs.mean, rtol=1e-12)
    np.testing.assert_allclose(mine.scale, theirs.scale, rtol=1e-12)
    weighted = hard_limit.deviation(FAITHFUL, sample_weights=COPIES)
    assert weighted == pytest.approx(hard_limit.deviation(COPIED), rel=1e-12)
    limits = [
        hard_limit.run_limit(points, FAITHFUL[:2], 4.0, sample_weights=weights).log_likelihood
        for points, weights in ((FAITHFUL, COPIES), (COPIED, None))
    ]
    assert limits[0] == pytest.approx(limits[1], rel=1e-11)


def test_weights_of_any_size_are_weights() -> None:
    for unit in (1e-90, 1e90):
        begin(FAITHFUL, 3, "kmeans++", sample_weights=COPIES * unit)
        begin(FAITHFUL, 3, "random_points", sample_weights=COPIES * unit)
    for unit in (1e-320, 1e-200, 1e200, 1e308):
        with pytest.raises(
            PointsError,
            match=r"^Sample weights of .* are near where float64 ends; divide them by the largest\.$",
        ):
            begin(FAITHFUL, 3, "kmeans", sample_weights=np.full(len(FAITHFUL), unit))
