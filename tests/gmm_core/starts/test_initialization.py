"""Starts: each is a mixture of the family, repeatable, blind to the units, and stands where it says."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import (
    FAMILIES,
    STARTS,
    Mixture,
    PointsError,
    StartError,
    expected_moments,
    initialize,
    kmeans,
    log_likelihood,
    m_step,
    responsibilities,
)
from gmm_core.points import Array
from tests.oracles import old_faithful, table
from tests.starts import begin
from tests.strategies import QUICK, Problem, lattice_points, make_mixture, make_points, problems, seeds

FAITHFUL = old_faithful()
ON_POINTS = ("kmeans++", "random_points", "farthest_points")
PARTS = ("weights", "means", "covariances")


def assert_in_family(mixture: Mixture, family: str) -> None:
    """What the family's own M-step would leave as it is."""
    scatters = mixture.weights[:, None, None] * mixture.covariances
    restricted = FAMILIES[family].covariances(mixture.weights, scatters)
    slack = 1e-9 * mixture.covariances.max()
    np.testing.assert_allclose(restricted, mixture.covariances, rtol=1e-6, atol=slack)


@pytest.mark.parametrize("name", STARTS)
def test_an_entry_describes_itself(name: str) -> None:
    assert STARTS[name].name == name
    assert STARTS[name].title
    assert STARTS[name].needs in (None, "means", "responsibilities")
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
    if method not in ("given_means", "hierarchical"):
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
    "no responsibilities": (
        {"method": "given_responsibilities"},
        StartError,
        "Responsibilities go with the start 'given_responsibilities' and with no other; "
        "give both or neither.",
    ),
    "needless responsibilities": (
        {"method": "given_means", "means": [[0, 0], [1, 1]], "responsibilities": np.ones((272, 2))},
        StartError,
        "Responsibilities go with the start 'given_responsibilities' and with no other; "
        "give both or neither.",
    ),
    "responsibilities of another shape": (
        {"method": "given_responsibilities", "responsibilities": np.ones((272, 3))},
        PointsError,
        "Responsibilities must have shape (272, 2), one row a point, not (272, 3); "
        "give a row for each point.",
    ),
    "negative responsibilities": (
        {"method": "given_responsibilities", "responsibilities": -np.ones((272, 2))},
        PointsError,
        "Responsibilities must be finite and not negative; normalise each row to sum to 1.",
    ),
    "a component without responsibilities": (
        {"method": "given_responsibilities", "responsibilities": np.tile([1.0, 0.0], (272, 1))},
        StartError,
        "Component 2 is given no share of any point; give it some, or choose a smaller K.",
    ),
    "no responsibilities for anyone": (
        {"method": "given_responsibilities", "responsibilities": np.zeros((272, 2))},
        StartError,
        "Component 1 is given no share of any point; give it some, or choose a smaller K.",
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


@pytest.mark.parametrize("method", STARTS)
@pytest.mark.parametrize("unit", [1e-310, 1e-170, 3e-162])
def test_points_too_near_each_other_to_square_are_refused(method: str, unit: float) -> None:
    sentence = "The squares of the points' differences vanish in float64; change the points' units."
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        begin(unit * np.random.default_rng(0).standard_normal((9, 2)), 2, method)


# Given responsibilities


@pytest.mark.parametrize("family", FAMILIES)
def test_given_responsibilities_start_at_their_m_step(family: str) -> None:
    shares = table("z_faithful_K2_soft")
    mixture = begin(FAITHFUL, 2, "random_points", family=family)
    rng = np.random.default_rng(0)
    for given_shares in (shares, 0.25 * shares, responsibilities(FAITHFUL, mixture)):
        begun = initialize(
            FAITHFUL,
            2,
            method="given_responsibilities",
            responsibilities=given_shares,
            family=family,
            rng=rng,
        )
        expected = m_step(expected_moments(FAITHFUL, given_shares), family=family)
        assert all(np.array_equal(getattr(begun, part), getattr(expected, part)) for part in PARTS)


def test_a_row_of_zeros_leaves_a_point_out() -> None:
    rng = np.random.default_rng(0)
    shares = table("z_faithful_K2_soft").copy()
    shares[200:] = 0.0
    method = "given_responsibilities"
    without = initialize(FAITHFUL[:200], 2, method=method, responsibilities=shares[:200], rng=rng)
    zeros = initialize(FAITHFUL, 2, method=method, responsibilities=shares, rng=rng)
    for part in PARTS:
        np.testing.assert_allclose(getattr(zeros, part), getattr(without, part), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_component_given_one_point_is_as_thin_as_the_other_starts_make_it(family: str) -> None:
    shares = np.zeros((len(FAITHFUL), 2))
    shares[0, 0] = shares[1:, 1] = 1.0
    rng = np.random.default_rng(0)
    mixture = initialize(
        FAITHFUL, 2, method="given_responsibilities", responsibilities=shares, family=family, rng=rng
    )
    np.testing.assert_allclose(mixture.means[0], FAITHFUL[0])
    assert (np.linalg.eigvalsh(mixture.covariances) > 1e-8).all()
    assert_in_family(mixture, family)
    if family == "full":
        expected = 1e-6 * np.diag(FAITHFUL.var(axis=0))
        np.testing.assert_allclose(mixture.covariances[0], expected, rtol=1e-9)


# Binary columns

ONES = (FAITHFUL[:, :1] > 3).astype(np.float64)
MIXED = np.column_stack([FAITHFUL, ONES, np.zeros(len(FAITHFUL)), np.ones(len(FAITHFUL))])


@pytest.mark.parametrize("method", STARTS)
def test_binary_columns_leave_the_rest_of_the_start_as_it_is(method: str) -> None:
    needs = STARTS[method].needs
    shares = np.random.default_rng(0).dirichlet(np.ones(2), len(FAITHFUL))
    given = {"means": FAITHFUL[:2], "responsibilities": shares}
    settings: dict[str, Any] = {} if needs is None else {needs: given[needs]}
    plain = initialize(FAITHFUL, 2, method=method, rng=np.random.default_rng(5), **settings)
    mixture = initialize(MIXED, 2, method=method, rng=np.random.default_rng(5), n_binary=3, **settings)
    for part in PARTS:
        np.testing.assert_array_equal(getattr(mixture, part), getattr(plain, part))
    if needs != "responsibilities":
        shares = responsibilities(FAITHFUL, plain)
    counts = shares.sum(axis=0)[:, None]
    overall = (MIXED[:, 2:].sum(axis=0) + 0.5) / (len(MIXED) + 1)
    expected = (shares.T @ MIXED[:, 2:] + overall) / (counts + 1)
    np.testing.assert_allclose(mixture.probabilities, expected, rtol=1e-12)
    assert (mixture.probabilities > 0).all()
    assert (mixture.probabilities < 1).all()
    assert plain.probabilities.shape == (2, 0)
    assert np.isfinite(log_likelihood(MIXED, mixture))


def test_many_points_are_shared_out_in_chunks_alike() -> None:
    rng = np.random.default_rng(0)
    points = make_points(rng, make_mixture(rng, 2, 2), 20_000)
    mixed = np.column_stack([points, points[:, 0] > 0])
    mixture = begin(mixed, 2, "kmeans++", n_binary=1)
    shares = responsibilities(points, begin(points, 2, "kmeans++"))
    expected = (shares.T @ mixed[:, 2] + (mixed[:, 2].sum() + 0.5) / 20_001) / (shares.sum(axis=0) + 1)
    np.testing.assert_allclose(mixture.probabilities[:, 0], expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("points", "n_binary", "sentence"),
    [
        (MIXED, 5, "Of 5 columns 5 are binary, and a mixture needs numbers to place its components by; "
            "add a column of numbers."),
        (MIXED, -1, "The number of binary columns is -1; give a whole number of 0 or more."),
        (MIXED, 1.0, "The number of binary columns is 1.0; give a whole number of 0 or more."),
        (2 * MIXED, 3, "A binary column holds 2; give 0 or 1 in every row."),
        (MIXED[:, 1:3] * [0.0, 1.0], 1, "2 components need 2 distinct points and there are only 1; choose a "
            "smaller K or add points."),
    ],
)  # fmt: skip
def test_columns_that_are_not_binary_are_refused(points: Array, n_binary: Any, sentence: str) -> None:
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        begin(points, 2, "kmeans++", n_binary=n_binary)
