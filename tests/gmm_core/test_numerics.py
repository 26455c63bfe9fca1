"""Digits: no offset, unit, size or type of number costs any, and nothing nasty yields a NaN."""

import itertools
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import (
    FAMILIES,
    STARTS,
    ComponentCollapsedError,
    EMState,
    Mixture,
    MixtureError,
    Noise,
    PointsError,
    StartError,
    Variant,
    default_prior,
    e_step,
    initialize,
    iterate,
    kmeans,
    log_density,
    lower_bound,
    responsibilities,
    run,
    sample,
)
from gmm_core.points import Array
from tests.gmm_core.test_mixture import LONG, long_log_joint
from tests.strategies import QUICK, make_mixture, make_points, seeds

PER_AXIS = ("VVV", "EEE", "VVI", "EEI", "VEI", "EVI", "VEE", "EVV")
"""The families that have the same fit whatever the units of each axis."""


def long_e_step(points: Array, mixture: Mixture) -> tuple[Any, Any, Any, Any]:
    """Counts, means, scatters and the log-likelihood, in long double."""
    joints = long_log_joint(points, mixture)
    top = joints.max(axis=1, keepdims=True)
    totals = np.exp(joints - top).sum(axis=1, keepdims=True)
    shares = np.exp(joints - top) / totals
    counts = shares.sum(axis=0)
    means = shares.T @ points.astype(LONG) / counts[:, None]
    gaps = points.astype(LONG) - means[:, None]
    scatters = np.einsum("nk,kni,knj->kij", shares, gaps, gaps)
    return counts, means, scatters, (top + np.log(totals)).sum()


def assert_exact(points: Array, mixture: Mixture, digits: float = 1e-10) -> None:
    """The E-step has the digits of long double, measured by each component's own size."""
    actual = e_step(points, mixture)
    counts, means, scatters, log_likelihood = long_e_step(points, mixture)
    np.testing.assert_allclose(actual.moments.counts, counts.astype(float), rtol=digits, atol=1e-290)
    extents = np.sqrt(np.diagonal(scatters, axis1=1, axis2=2) / counts[:, None])
    # A mean is a float64 itself.
    allowed = digits * extents + 2 * np.spacing(np.abs(points).max(axis=0))
    assert (np.abs(actual.moments.means - means) <= allowed).all()
    sizes = extents[:, :, None] * extents[:, None, :] * counts[:, None, None]
    assert (np.abs(actual.moments.scatters - scatters) <= digits * sizes).all()
    assert actual.log_likelihood == pytest.approx(float(log_likelihood), rel=1e-12, abs=1e-9)


def scaled(mixture: Mixture, units: Array) -> Mixture:
    covariances = mixture.covariances * units[:, None] * units
    return Mixture(mixture.weights, mixture.means * units, covariances)


@QUICK
@given(seeds, st.integers(1, 4), st.sampled_from([0.0, 1.0, -1e3, 1e5, -1e6, 1e8]))
def test_no_offset_costs_digits(seed: int, n_dimensions: int, offset: float) -> None:
    rng = np.random.default_rng(seed)
    mixture = make_mixture(rng, 3, n_dimensions)
    points = make_points(rng, mixture, 40) + offset
    assert_exact(points, Mixture(mixture.weights, mixture.means + offset, mixture.covariances))


@QUICK
@given(seeds, st.integers(1, 4), st.lists(st.floats(-9, 9), min_size=4, max_size=4))
def test_no_units_cost_digits(seed: int, n_dimensions: int, exponents: list[float]) -> None:
    """Every axis in units of its own, between 1e-9 and 1e9."""
    rng = np.random.default_rng(seed)
    mixture = make_mixture(rng, 3, n_dimensions)
    units = 10.0 ** np.array(exponents[:n_dimensions])
    assert_exact(make_points(rng, mixture, 40) * units, scaled(mixture, units))


@pytest.mark.parametrize("unit", [1e-140, 1e-75, 1e75, 1e135])
@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_units_near_the_end_of_float64_cost_no_digits(unit: float, n_dimensions: int) -> None:
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 3, n_dimensions)
    points = make_points(rng, mixture, 40)
    near, far = e_step(points, mixture), e_step(points * unit, scaled(mixture, np.full(n_dimensions, unit)))
    np.testing.assert_allclose(far.moments.counts, near.moments.counts, rtol=1e-11)
    np.testing.assert_allclose(far.moments.means / unit, near.moments.means, rtol=1e-10)
    shift = len(points) * n_dimensions * np.log(unit)
    assert far.log_likelihood + shift == pytest.approx(near.log_likelihood, rel=1e-9)


@pytest.mark.parametrize("size", [1e-3, 1e-5, 1e-7, 1e-9])
@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
@pytest.mark.parametrize("place", ["amid", "apart"])
def test_a_small_component_keeps_its_digits(size: float, n_dimensions: int, place: str) -> None:
    """Sized so against the spread of all points, in the midst of them or far from the origin."""
    rng = np.random.default_rng(n_dimensions)
    wide = make_mixture(rng, 3, n_dimensions)
    covariances = wide.covariances.copy()
    covariances[0] *= size**2
    means = wide.means + (0.0 if place == "amid" else 100.0)
    mixture = Mixture(wide.weights, means, covariances)
    assert_exact(make_points(rng, mixture, 100), mixture)


@pytest.mark.parametrize("distance", [1e4, 1e8, 1e12])
def test_a_component_keeps_its_digits_whatever_lies_far_away(distance: float) -> None:
    rng = np.random.default_rng(5)
    near = make_mixture(rng, 2, 2)
    mixture = Mixture(near.weights, near.means + np.array([[0.0], [distance]]), near.covariances)
    assert_exact(make_points(rng, mixture, 100), mixture)


@QUICK
@given(seeds, st.integers(1, 4), st.sampled_from([1.0, 1e-9, 1e9, 1e4]))
def test_float32_counts_as_its_float64_values_to_the_bit(seed: int, n_dimensions: int, unit: float) -> None:
    rng = np.random.default_rng(seed)
    mixture = scaled(make_mixture(rng, 3, n_dimensions), np.full(n_dimensions, unit))
    narrow = make_points(rng, mixture, 200).astype(np.float32)
    wide = narrow.astype(np.float64)
    for settings in ({}, {"temperature": 0.5}, {"sample_weights": rng.uniform(0, 2, 200).astype(np.float32)}):
        one, other = e_step(narrow, mixture, **settings), e_step(wide, mixture, **settings)
        assert one.log_likelihood == other.log_likelihood
        for part in ("counts", "means", "scatters"):
            assert np.array_equal(getattr(one.moments, part), getattr(other.moments, part))
    assert np.array_equal(log_density(narrow, mixture), log_density(wide, mixture))
    assert np.array_equal(responsibilities(narrow, mixture), responsibilities(wide, mixture))


# Whole runs


def walk(points: Array, mixture: Mixture, family: str) -> list[EMState]:
    return list(itertools.islice(iterate(points, mixture, family=family), 7))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("offset", [1e4, -1e6, 1e8])
def test_em_walks_alike_at_any_offset(family: str, offset: float) -> None:
    rng = np.random.default_rng(8)
    truth = make_mixture(rng, 3, 2)
    moved = make_points(rng, truth, 150) + offset
    far = Mixture(truth.weights, truth.means + offset, truth.covariances)
    # Back from there the subtraction is exact, so both sides know the same numbers.
    near = Mixture(truth.weights, far.means - offset, truth.covariances)
    # Means are rounded to what float64 can name there.
    rounding = 1e-8 + 10 * float(np.spacing(abs(offset)))
    for state, other in zip(walk(moved - offset, near, family), walk(moved, far, family), strict=True):
        assert other.log_likelihood == pytest.approx(state.log_likelihood, rel=1e-7)
        np.testing.assert_allclose(other.mixture.means - offset, state.mixture.means, atol=10 * rounding)
        np.testing.assert_allclose(other.mixture.covariances, state.mixture.covariances, atol=10 * rounding)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("exponents", [(9, 9), (-9, -9), (9, -9), (-4, 3)])
def test_em_walks_alike_in_any_units(family: str, exponents: tuple[int, int]) -> None:
    if exponents[0] != exponents[1] and FAMILIES[family].letters not in PER_AXIS:
        exponents = (exponents[0], exponents[0])
    rng = np.random.default_rng(8)
    truth = make_mixture(rng, 3, 2)
    points, units = make_points(rng, truth, 150), 10.0 ** np.array(exponents)
    shift = len(points) * np.log(units).sum()
    there = walk(points * units, scaled(truth, units), family)
    for state, other in zip(walk(points, truth, family), there, strict=True):
        assert other.log_likelihood + shift == pytest.approx(state.log_likelihood, rel=1e-8)
        expected = scaled(state.mixture, units)
        np.testing.assert_allclose(other.mixture.weights, expected.weights, rtol=1e-6)
        np.testing.assert_allclose(other.mixture.means / units, state.mixture.means, rtol=1e-6, atol=1e-7)
        actual = other.mixture.covariances / units / units[:, None]
        np.testing.assert_allclose(actual, state.mixture.covariances, rtol=1e-5, atol=1e-7)


# Nasty inputs

LINE = np.arange(12.0)
NASTY = {
    "one point": np.array([[1.5, -2.0]]),
    "the same point": np.tile([[0.1, 0.7]], (9, 1)),
    "two places": np.repeat([[0.0, 0.0], [1.0, 3.0]], 6, axis=0),
    "on an axis": np.column_stack([LINE, np.zeros(12)]),
    "on a line": np.column_stack([LINE, 0.3 * LINE + 0.1]),
    "on a line far away": np.column_stack([LINE, 0.3 * LINE]) + 1e8,
    "on a steep line": np.column_stack([1e-9 * LINE, 1e9 * LINE]),
    "large": 1e60 * np.random.default_rng(0).standard_normal((12, 2)),
    "small": 1e-60 * np.random.default_rng(0).standard_normal((12, 2)),
    "huge": 1e139 * np.random.default_rng(0).standard_normal((12, 2)),
    "too huge": 1e141 * np.random.default_rng(0).standard_normal((12, 2)),
    "tiny": 1e-140 * np.random.default_rng(0).standard_normal((12, 2)),
    "denormal": 1e-310 * np.random.default_rng(0).standard_normal((12, 2)),
    "one far away": np.concatenate([np.random.default_rng(0).standard_normal((11, 2)), [[1e100, 1e100]]]),
    "as many as components": np.random.default_rng(0).standard_normal((3, 2)),
    "whole numbers": np.array([[0, 0], [0, 1], [1, 0], [1, 1]] * 3),
}
REFUSALS = (PointsError, MixtureError, StartError, ComponentCollapsedError)


def numbers_of(thing: Any) -> Iterator[Any]:
    """Every number within."""
    if isinstance(thing, Mixture):
        yield from (thing.weights, thing.means, thing.covariances)
    elif isinstance(thing, EMState):
        yield from numbers_of(thing.mixture)
        yield from (thing.moments.counts, thing.moments.means, thing.moments.scatters)
        yield from (thing.log_likelihood, thing.objective)
    else:
        yield thing


def assert_numbers(*things: Any) -> None:
    for thing in things:
        assert all(np.isfinite(number).all() for number in numbers_of(thing))


@cache
def starts(kind: str, n_components: int) -> tuple[Mixture, ...]:
    """What the starts make of them, and standard circles on the first few."""
    return tuple(_starts(NASTY[kind], n_components))


def _starts(points: Array, n_components: int) -> Iterator[Mixture]:
    for method in STARTS:
        means = points[:n_components] if method == "given_means" else None
        try:
            rng = np.random.default_rng(0)
            yield initialize(points, n_components, method=method, rng=rng, means=means)
        except REFUSALS:
            pass
    if len(points) >= n_components:
        share = np.full(n_components, 1 / n_components)
        yield Mixture(share, np.clip(points[:n_components], -1e140, 1e140), [np.eye(2)] * n_components)


@pytest.mark.slow
@pytest.mark.parametrize("kind", NASTY)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("n_components", [1, 3])
def test_no_nan_leaves_a_run(kind: str, family: str, n_components: int) -> None:
    points = NASTY[kind]
    variants = [Variant(), Variant(temperature=0), Variant(temperature=2.0, equal_weights=True)]
    for begin in starts(kind, n_components):
        assert_numbers(begin)
        for variant in variants:
            try:
                result = run(points, begin, family=family, variant=variant, max_steps=10)
            except REFUSALS as refusal:
                assert str(refusal)  # noqa: PT017
                continue
            assert_numbers(*result.states, result.lower_bounds)


@pytest.mark.parametrize("kind", NASTY)
def test_no_nan_leaves_any_other_function(kind: str) -> None:
    points = NASTY[kind]
    for begin in starts(kind, 2):
        noisy = Mixture(0.5 * begin.weights, begin.means, begin.covariances, Noise(0.5, 1e-3))
        for mixture in (begin, noisy):
            try:
                assert_numbers(log_density(points, mixture), responsibilities(points, mixture))
                state = next(iterate(points, mixture))
                assert_numbers(state, lower_bound(state, mixture))
            except PointsError:
                assert kind == "too huge"
        assert_numbers(sample(begin, 5, np.random.default_rng(0))[0])
    try:
        prior = default_prior(points, 2)
        assert_numbers(prior.mean, prior.scale)
        for begin in starts(kind, 2):
            assert_numbers(*run(points, begin, variant=Variant(prior=prior), max_steps=10).states)
    except REFUSALS as refusal:
        assert str(refusal)  # noqa: PT017
    try:
        assert_numbers(*(state.centres for state in kmeans.run(points, points[:2]).states))
    except PointsError:
        assert kind == "too huge"


@pytest.mark.parametrize("n_dimensions", [2, 3])
def test_what_passes_as_positive_definite_has_a_whitener(n_dimensions: int) -> None:
    """Correlations within a few last digits of 1."""
    rng = np.random.default_rng(0)
    passed = 0
    for _ in range(4000):
        deviations = np.exp(rng.uniform(-3, 3, n_dimensions))
        covariance = np.diag(deviations**2)
        covariance[0, 1] = covariance[1, 0] = (
            deviations[0] * deviations[1] * (1 - rng.integers(0, 20) * 1.1e-16)
        )
        try:
            mixture = Mixture([1.0], np.zeros((1, n_dimensions)), [covariance])
        except MixtureError:
            continue
        passed += 1
        assert_numbers(mixture.whiteners, mixture.log_scales)
    assert passed > 1000
