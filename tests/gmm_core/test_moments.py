"""Moments: what they are, against long-double loops, and that they add in any order and any split."""

import functools
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import Moments, PointsError, expected_moments
from gmm_core.points import Array
from tests.strategies import QUICK, Problem, make_mixture, make_points, problems, seeds

LONG = np.longdouble


def long_moments(points: Any, shares: Any) -> tuple[Any, Any, Any]:
    """Counts, means and scatters in long double, one point and one component at a time."""
    n_components, n_dimensions = shares.shape[1], points.shape[1]
    points, shares = points.astype(LONG), shares.astype(LONG)
    counts = np.zeros(n_components, dtype=LONG)
    means = np.zeros((n_components, n_dimensions), dtype=LONG)
    scatters = np.zeros((n_components, n_dimensions, n_dimensions), dtype=LONG)
    for k in range(n_components):
        for point, share in zip(points, shares[:, k], strict=True):
            counts[k] += share
            means[k] += share * point
        means[k] /= counts[k]
        for point, share in zip(points, shares[:, k], strict=True):
            scatters[k] += share * np.outer(point - means[k], point - means[k])
    return counts, means, scatters


def make_shares(rng: np.random.Generator, n_points: int, n_components: int) -> Array:
    return rng.dirichlet(np.full(n_components, 0.3), size=n_points)


def assert_same_moments(
    moments: Moments, expected: Moments, points: Array, *, rtol: float = 1e-12, n_parts: int = 1
) -> None:
    """Equal relative to the extent of the points, axis by axis, up to the rounding of the points."""
    spread = points.std(axis=0)
    ulp = 2 * np.spacing(np.abs(points).max(axis=0))
    np.testing.assert_allclose(moments.counts, expected.counts, rtol=1e-13)
    held = expected.counts > 0
    assert (np.abs(moments.means - expected.means)[held] <= rtol * spread + ulp).all()
    # A mean is a rounded number; that may reach the scatter in first order only where parts are merged.
    lever = ulp if n_parts == 1 else spread
    rounding = np.maximum(ulp[:, None] * lever, lever[:, None] * ulp)
    allowed = expected.counts[:, None, None] * (rtol * spread[:, None] * spread + rounding)
    assert (np.abs(moments.scatters - expected.scatters) <= allowed).all()


def as_moments(parts: tuple[Any, Any, Any]) -> Moments:
    return Moments(*(part.astype(np.float64) for part in parts))


@QUICK
@given(problems(), seeds)
def test_moments_match_long_double_loops(problem: Problem, seed: int) -> None:
    shares = make_shares(np.random.default_rng(seed), len(problem.points), 3)
    expected = as_moments(long_moments(problem.points, shares))
    assert_same_moments(expected_moments(problem.points, shares), expected, problem.points)


@pytest.mark.parametrize("offset", [1e4, 1e8])
@pytest.mark.parametrize("splits", [(), (7, 20, 33)])
def test_an_offset_costs_no_digits(offset: float, splits: tuple[int, ...]) -> None:
    rng = np.random.default_rng(0)
    points = make_points(rng, make_mixture(rng, 3, 2), 50) + offset
    shares = make_shares(rng, 50, 3)
    pairs = zip(np.split(points, splits), np.split(shares, splits), strict=True)
    parts = [expected_moments(*pair) for pair in pairs]
    moments = functools.reduce(lambda a, b: a + b, parts)
    expected = as_moments(long_moments(points, shares))
    assert_same_moments(moments, expected, points, n_parts=len(parts))


@pytest.mark.parametrize("size", [1e-7, 1e-9])
def test_a_component_far_smaller_than_the_spread_keeps_its_scatter(size: float) -> None:
    rng = np.random.default_rng(1)
    small = 0.3 + size * rng.standard_normal((40, 2))
    points = np.concatenate([small, rng.standard_normal((40, 2))])
    shares = np.zeros((80, 2))
    shares[:40, 0], shares[40:, 1] = 1.0, 1.0
    expected = long_moments(points, shares)[2].astype(np.float64)
    np.testing.assert_allclose(expected_moments(points, shares).scatters, expected, rtol=1e-6)
    halves = expected_moments(points[20:], shares[20:]) + expected_moments(points[:20], shares[:20])
    np.testing.assert_allclose(halves.scatters, expected, rtol=1e-6)


@QUICK
@given(problems(), seeds, st.lists(st.integers(0, 60), max_size=6), st.randoms(use_true_random=False))
def test_any_split_in_any_order_adds_up_to_the_whole(
    problem: Problem, seed: int, cuts: list[int], order: Any
) -> None:
    rng = np.random.default_rng(seed)
    shares = make_shares(rng, len(problem.points), 3)
    # Some parts hold nothing of a component.
    shares[rng.random(shares.shape) < 0.5] = 0.0
    shares[0] = 1.0
    rows = [part for part in np.split(np.arange(len(problem.points)), sorted(cuts)) if len(part)]
    order.shuffle(rows)
    parts = [expected_moments(problem.points[part], shares[part]) for part in rows]
    while len(parts) > 1:
        first = parts.pop(order.randrange(len(parts)))
        parts.append(first + parts.pop(order.randrange(len(parts))))
    assert_same_moments(parts[0], expected_moments(problem.points, shares), problem.points)


@QUICK
@given(problems(), seeds)
def test_moments_do_not_depend_on_the_order_of_the_points(problem: Problem, seed: int) -> None:
    rng = np.random.default_rng(seed)
    shares = make_shares(rng, len(problem.points), 3)
    order = rng.permutation(len(problem.points))
    shuffled = expected_moments(problem.points[order], shares[order])
    assert_same_moments(shuffled, expected_moments(problem.points, shares), problem.points)


def test_a_component_that_holds_nothing_adds_nothing() -> None:
    points = np.array([[1.0, 2.0], [3.0, 5.0], [1e17 / 3, -1e17]])
    held = expected_moments(points[:2], [[1.0, 0.0], [1.0, 0.0]])
    empty = expected_moments(points[2:], [[0.0, 0.0]])
    for merged in (held + empty, empty + held):
        assert np.array_equal(merged.counts, [2, 0])
        assert np.array_equal(merged.means[0], [2, 3.5])
        assert np.array_equal(merged.scatters[0], [[2, 3], [3, 4.5]])
        assert np.isfinite(merged.means).all()
        assert np.array_equal(merged.scatters[1], np.zeros((2, 2)))


def test_a_component_that_holds_next_to_nothing_has_moments() -> None:
    points = np.random.default_rng(0).standard_normal((30, 2))
    for share in (1e-30, 1e-200, 1e-300, 5e-324):
        shares = np.column_stack([np.full(30, share), np.ones(30)])
        moments = expected_moments(points, shares)
        assert all(np.isfinite(array).all() for array in (moments.counts, moments.means, moments.scatters))
        if moments.counts[0] > 0:
            np.testing.assert_allclose(moments.means[0], points.mean(axis=0), rtol=1e-9)


def test_scatters_are_symmetric_to_the_last_bit() -> None:
    rng = np.random.default_rng(2)
    points = rng.standard_normal((50, 3))
    shares = make_shares(rng, 50, 4)
    merged = expected_moments(points[:20], shares[:20]) + expected_moments(points[20:], shares[20:])
    assert np.array_equal(merged.scatters, merged.scatters.transpose(0, 2, 1))


def test_doubled_responsibilities_are_doubled_points() -> None:
    rng = np.random.default_rng(3)
    points, shares = rng.standard_normal((40, 2)), make_shares(rng, 40, 3)
    doubled = expected_moments(points, 2 * shares)
    twice = expected_moments(np.concatenate([points, points]), np.concatenate([shares, shares]))
    assert_same_moments(doubled, twice, points)


def test_moments_cannot_be_changed() -> None:
    moments = expected_moments([[0.0, 1.0], [2.0, 3.0]], [[1.0], [1.0]])
    for name in ("counts", "means", "scatters"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(moments, name)[0] = 1


BAD_RESPONSIBILITIES = {
    "one for all": (
        np.ones(3),
        "Responsibilities must have shape (3, K), one row a point, not (3,); give a row for each point.",
    ),
    "too few rows": (
        np.ones((2, 2)),
        "Responsibilities must have shape (3, K), one row a point, not (2, 2); give a row for each point.",
    ),
    "no columns": (
        np.ones((3, 0)),
        "Responsibilities must have shape (3, K), one row a point, not (3, 0); give a row for each point.",
    ),
    "missing": (
        [[1], [np.nan], [1]],
        "Responsibilities must be finite and not negative; normalise each row to sum to 1.",
    ),
    "negative": (
        [[1], [-0.5], [1]],
        "Responsibilities must be finite and not negative; normalise each row to sum to 1.",
    ),
}


@pytest.mark.parametrize("kind", BAD_RESPONSIBILITIES)
def test_bad_responsibilities_are_refused_in_one_sentence(kind: str) -> None:
    shares, sentence = BAD_RESPONSIBILITIES[kind]
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        expected_moments([[0, 0], [1, 1], [2, 0]], shares)


@pytest.mark.parametrize("shares", [[["a"], ["b"], ["c"]], [[1], [1, 2], [1]]], ids=["text", "ragged"])
def test_responsibilities_that_are_no_numbers_are_refused(shares: Any) -> None:
    with pytest.raises(PointsError):
        expected_moments([[0, 0], [1, 1], [2, 0]], shares)
