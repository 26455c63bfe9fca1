"""Starts: each is a mixture of the family, repeatable, blind to the units, and stands where it says."""

import re
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import FAMILIES, STARTS, Mixture, Moments, PointsError, StartError, initialize, kmeans
from gmm_core.points import Array
from tests.oracles import old_faithful
from tests.strategies import QUICK, Problem, lattice_points, make_mixture, make_points, problems, seeds

FAITHFUL = old_faithful()
ON_POINTS = ("kmeans++", "random_points", "farthest_points")
PARTS = ("weights", "means", "covariances")


def begin(points: Array, n_components: int, method: str, *, seed: int = 0, family: str = "full") -> Mixture:
    means = np.unique(points, axis=0)[:n_components] if method == "given_means" else None
    rng = np.random.default_rng(seed)
    return initialize(points, n_components, method=method, family=family, rng=rng, means=means)


def assert_in_family(mixture: Mixture, family: str) -> None:
    """What the family's own M-step would leave as it is."""
    scatters = mixture.weights[:, None, None] * mixture.covariances
    restricted = FAMILIES[family].covariances(Moments(mixture.weights, mixture.means, scatters))
    slack = 1e-9 * mixture.covariances.max()
    np.testing.assert_allclose(restricted, mixture.covariances, rtol=1e-6, atol=slack)


@pytest.mark.parametrize("name", STARTS)
def test_an_entry_describes_itself(name: str) -> None:
    assert STARTS[name].name == name
    assert STARTS[name].title
    assert re.fullmatch(r"[A-Z].+\.", STARTS[name].sentence)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("method", STARTS)
@pytest.mark.parametrize("n_components", [1, 2, 7])
def test_every_start_is_a_mixture_of_the_family(method: str, family: str, n_components: int) -> None:
    for seed in range(5):
        mixture = begin(FAITHFUL, n_components, method, seed=seed, family=family)
        assert (mixture.n_components, mixture.n_dimensions) == (n_components, 2)
        assert (mixture.weights > 0).all()
        assert len(np.unique(mixture.means, axis=0)) == n_components
        assert_in_family(mixture, family)


@pytest.mark.parametrize("method", STARTS)
@QUICK
@given(problems(max_dimensions=4), seeds)
def test_every_start_works_in_any_dimension(method: str, problem: Problem, seed: int) -> None:
    mixture = begin(problem.points, problem.mixture.n_components, method, seed=seed)
    assert mixture.means.shape == problem.mixture.means.shape
    assert mixture.weights.sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("method", STARTS)
@QUICK
@given(lattice_points(), st.integers(1, 5), seeds)
def test_every_start_stands_even_on_duplicated_and_collinear_points(
    method: str, family: str, points: Array, n_components: int, seed: int
) -> None:
    n_distinct = len(np.unique(points, axis=0))
    if n_distinct < max(2, n_components):
        with pytest.raises(PointsError, match=r"distinct points|are the same"):
            begin(points, n_components, method, seed=seed, family=family)
        return
    mixture = begin(points, n_components, method, seed=seed, family=family)
    assert len(np.unique(mixture.means, axis=0)) == n_components
    assert (np.linalg.eigvalsh(mixture.covariances) > 1e-8).all()


@pytest.mark.parametrize("method", STARTS)
def test_a_start_depends_on_the_generator_alone(method: str) -> None:
    first, again = begin(FAITHFUL, 4, method, seed=1), begin(FAITHFUL, 4, method, seed=1)
    assert all(np.array_equal(getattr(first, part), getattr(again, part)) for part in PARTS)
    if method != "given_means":
        others = [begin(FAITHFUL, 4, method, seed=seed).means for seed in range(2, 9)]
        assert not all(np.array_equal(first.means, other) for other in others)


@pytest.mark.parametrize("family", ["full", "tied", "diag"])
@pytest.mark.parametrize("method", STARTS)
@pytest.mark.parametrize("units", [[2.0**-30, 2.0**30], [1e9, 1e-9]])
def test_a_change_of_units_carries_the_start_along(method: str, family: str, units: list[float]) -> None:
    for seed in range(5):
        plain = begin(FAITHFUL, 3, method, seed=seed, family=family)
        scaled = begin(FAITHFUL * units, 3, method, seed=seed, family=family)
        factors = np.outer(units, units)
        np.testing.assert_allclose(scaled.weights, plain.weights, rtol=1e-9)
        np.testing.assert_allclose(scaled.means / units, plain.means, rtol=1e-9)
        np.testing.assert_allclose(scaled.covariances / factors, plain.covariances, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("method", STARTS)
@pytest.mark.parametrize("offset", [1e4, -1e8])
def test_a_change_of_origin_carries_the_start_along(method: str, family: str, offset: float) -> None:
    far = FAITHFUL + offset
    for seed in range(5):
        there = begin(far, 3, method, seed=seed, family=family)
        here = begin(far - offset, 3, method, seed=seed, family=family)
        np.testing.assert_allclose(there.weights, here.weights, rtol=1e-6)
        np.testing.assert_allclose(there.means - offset, here.means, atol=2e-7)
        np.testing.assert_allclose(there.covariances, here.covariances, rtol=1e-6, atol=1e-6)


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


@pytest.mark.parametrize("method", [*ON_POINTS, "given_means"])
def test_starts_that_place_means_have_the_shape_of_all_points_filling_the_same_area(method: str) -> None:
    covariance = np.cov(FAITHFUL.T, bias=True)
    for n_components in (1, 4):
        mixture = begin(FAITHFUL, n_components, method)
        np.testing.assert_allclose(mixture.weights, 1 / n_components)
        expected = np.tile(covariance / n_components, (n_components, 1, 1))
        np.testing.assert_allclose(mixture.covariances, expected, rtol=1e-10)
        areas = np.sqrt(np.linalg.det(mixture.covariances))
        assert areas.sum() == pytest.approx(np.sqrt(np.linalg.det(covariance)))


def test_farthest_points_stand_farthest() -> None:
    units = FAITHFUL.std(axis=0)
    for seed in range(5):
        means = begin(FAITHFUL, 6, "farthest_points", seed=seed).means
        for k in range(1, 6):
            distances = ((FAITHFUL - means[:k, None]) / units) ** 2
            farthest = distances.sum(axis=2).min(axis=0).max()
            own = (((means[k] - means[:k]) / units) ** 2).sum(axis=1).min()
            assert own == pytest.approx(farthest, rel=1e-12)


def test_k_means_plus_plus_draws_by_squared_distance() -> None:
    points = np.array([[0.0], [1.0], [3.0], [7.0]])
    draws = Counter(
        tuple(begin(points, 2, "kmeans++", seed=seed).means.ravel().round(9)) for seed in range(4000)
    )
    for first in points.ravel():
        squares = (points.ravel() - first) ** 2
        for second, square in zip(points.ravel(), squares, strict=True):
            expected = 0.25 * square / squares.sum()
            tolerance = 4.5 * np.sqrt(expected * (1 - expected) / 4000)
            assert draws[(first, second)] / 4000 == pytest.approx(expected, abs=tolerance)


def test_random_points_are_drawn_evenly() -> None:
    points = np.arange(5.0)[:, None]
    means = [begin(points, 1, "random_points", seed=seed).means.item() for seed in range(2000)]
    draws = Counter(np.round(means, 9).tolist())
    assert sorted(draws) == [0, 1, 2, 3, 4]
    assert all(abs(count / 2000 - 0.2) < 0.04 for count in draws.values())


def test_k_means_start_is_what_k_means_ends_with() -> None:
    units = FAITHFUL.std(axis=0)
    for seed in range(3):
        mixture = begin(FAITHFUL, 3, "kmeans", seed=seed)
        state = kmeans.start(FAITHFUL / units, mixture.means / units)
        np.testing.assert_allclose(state.moments.means * units, mixture.means, rtol=1e-10)
        np.testing.assert_allclose(state.moments.counts / len(FAITHFUL), mixture.weights, rtol=1e-12)
        own = state.moments.scatters / state.moments.counts[:, None, None] * np.outer(units, units)
        np.testing.assert_allclose(mixture.covariances, own, rtol=1e-9, atol=1e-9)


def test_random_parameters_vary_in_every_part() -> None:
    drawn = [begin(FAITHFUL, 3, "random_parameters", seed=seed) for seed in range(40)]
    for part in PARTS:
        values = np.array([getattr(mixture, part) for mixture in drawn])
        assert len(np.unique(values.reshape(40, -1), axis=0)) == 40
    means = np.concatenate([mixture.means for mixture in drawn])
    centred = (means - FAITHFUL.mean(axis=0)) / FAITHFUL.std(axis=0)
    np.testing.assert_allclose(centred.mean(axis=0), 0, atol=4 / np.sqrt(len(means)))
    np.testing.assert_allclose(centred.std(axis=0), 1, atol=4 / np.sqrt(len(means)))


@pytest.mark.parametrize("family", FAMILIES)
def test_given_means_are_kept_to_the_last_bit(family: str) -> None:
    rng = np.random.default_rng(0)
    means = make_points(rng, make_mixture(rng, 2, 2), 4) / 3
    given_means = initialize(FAITHFUL, 4, method="given_means", family=family, means=means, rng=rng)
    assert np.array_equal(given_means.means, means)
    assert_in_family(given_means, family)


def test_a_list_of_whole_numbers_will_do_for_points_and_means() -> None:
    rng = np.random.default_rng(0)
    mixture = initialize([[0, 0], [1, 2], [4, 3]], 1, method="given_means", means=[[1, 1]], rng=rng)
    assert np.array_equal(mixture.means, [[1, 1]])


BAD_STARTS = {
    "unknown": (
        {"method": "best"},
        StartError,
        f"There is no start 'best'; choose one of {', '.join(STARTS)}.",
    ),
    "no means": (
        {"method": "given_means"},
        StartError,
        "Means go with the start 'given_means' and with no other; give both or neither.",
    ),
    "needless means": (
        {"method": "kmeans", "means": [[0, 0], [1, 1]]},
        StartError,
        "Means go with the start 'given_means' and with no other; give both or neither.",
    ),
    "too few means": (
        {"method": "given_means", "means": [[0, 0]]},
        StartError,
        "1 means were given for 2 components; give one for each.",
    ),
    "missing means": (
        {"method": "given_means", "means": [[0, 0], [np.nan, 1]]},
        PointsError,
        "Row 1 of the points is missing or infinite; drop such rows or fill them in first.",
    ),
    "means of another dimension": (
        {"method": "given_means", "means": [[0, 0, 0], [1, 1, 1]]},
        PointsError,
        "The points have 3 columns and the mixture 2 dimensions; choose the same columns for both.",
    ),
}


@pytest.mark.parametrize("kind", BAD_STARTS)
def test_impossible_starts_are_refused_in_one_sentence(kind: str) -> None:
    settings, error, sentence = BAD_STARTS[kind]
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        initialize(FAITHFUL, 2, rng=np.random.default_rng(0), **settings)


@pytest.mark.parametrize("method", STARTS)
@pytest.mark.parametrize("place", [0.0, 0.1, 1e8 + 0.3])
def test_identical_points_are_refused(method: str, place: float) -> None:
    points = np.full((9, 2), place)
    sentence = "All 9 points are the same; a mixture needs points that differ."
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        begin(points, 1, method)
    sentence = "2 components need 2 distinct points and there are only 1; choose a smaller K or add points."
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        initialize(points, 2, method="kmeans++", rng=np.random.default_rng(0))
