"""Collapse: when it is called, that units do not decide it, what is said, and that the cures cure."""

import re
from typing import Any

import numpy as np
import pytest

from gmm_core import (
    FAMILIES,
    ComponentCollapsedError,
    EMRun,
    Mixture,
    Moments,
    StopReason,
    expected_moments,
    initialize,
    m_step,
    run,
    start,
)
from gmm_core.points import Array

SENTENCE = re.compile(
    r"Component (?P<component>\d+) collapsed: it holds (?P<count>\S+) of (?P<n_points>\S+) points and the "
    r"smallest eigenvalue of its covariance is (?P<eigenvalue>\S+); raise reg_covar, choose fewer components "
    r"or a simpler family, or start from other means\."
)


def cloud_and_outlier(seed: int = 0) -> Array:
    """(101, 2): the last point lies alone."""
    return np.concatenate([np.random.default_rng(seed).standard_normal((100, 2)), [[9.0, 11.0]]])


def around(points: Array, means: Any, **settings: Any) -> EMRun:
    """A run from given means."""
    given = np.asarray(means, dtype=np.float64)
    begin = initialize(
        points,
        len(given),
        method="given_means",
        family=settings.get("family", "full"),
        means=given,
        rng=np.random.default_rng(0),
    )
    return run(points, begin, **settings)


def assert_no_nan(result: EMRun) -> None:
    for state in result.states:
        mixture, moments = state.mixture, state.moments
        arrays = [mixture.weights, mixture.means, mixture.covariances]
        arrays += [moments.counts, moments.means, moments.scatters, np.array(state.log_likelihood)]
        assert all(np.isfinite(array).all() for array in arrays)


def said(result: EMRun) -> dict[str, float]:
    """The numbers in the explanation."""
    assert result.stop_reason is StopReason.COMPONENT_COLLAPSED
    assert_no_nan(result)
    match = SENTENCE.fullmatch(result.explanation)
    assert match is not None, result.explanation
    return {name: float(value) for name, value in match.groupdict().items()}


@pytest.mark.parametrize("family", ["full", "diag", "spherical"])
@pytest.mark.parametrize("place", [0, 1])
def test_a_mean_on_an_isolated_point_collapses_and_is_named(family: str, place: int) -> None:
    means = [[0.0, 0.0]]
    means.insert(place, [9.0, 11.0])
    numbers = said(around(cloud_and_outlier(), means, family=family))
    assert numbers["component"] == place + 1
    assert numbers["count"] == pytest.approx(1, abs=0.01)
    assert numbers["n_points"] == 101
    assert 0 <= numbers["eigenvalue"] < 1e-20


def test_the_states_before_a_collapse_are_kept() -> None:
    result = around(cloud_and_outlier(), [[0.0, 0.0], [8.0, 8.0]])
    assert said(result)["component"] == 2
    assert len(result.states) > 1
    assert (np.diff([state.log_likelihood for state in result.states]) > 0).all()
    with pytest.raises(ComponentCollapsedError, match=f"^{re.escape(result.explanation)}$"):
        m_step(result.states[-1].moments)


@pytest.mark.parametrize(
    "cure",
    [
        {"reg_covar": 1e-3},
        {"means": [[2, 0]]},
        {"family": "tied"},
        {"means": [[0, 0], [5, 0]]},
    ],
    ids=["reg_covar", "fewer components", "simpler family", "other means"],
)
def test_the_cures_cure(cure: dict[str, Any]) -> None:
    second_cloud = np.random.default_rng(1).standard_normal((100, 2))
    points = np.concatenate([second_cloud + np.array([5.0, 0.0]), cloud_and_outlier()])
    ailing = {"means": [[2, 0], [9, 11]]}
    assert around(points, **ailing).stop_reason is StopReason.COMPONENT_COLLAPSED
    cured = around(points, **(ailing | cure))
    assert cured.stop_reason is StopReason.CONVERGED
    assert_no_nan(cured)


def test_the_error_carries_the_numbers() -> None:
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 2.0], [5.0, 5.0], [6.0, 6.0]])
    shares = np.array([[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]])
    with pytest.raises(ComponentCollapsedError) as caught:
        m_step(expected_moments(points, shares))
    assert (caught.value.component, caught.value.count) == (1, 2)
    assert 0 <= caught.value.smallest_eigenvalue < 1e-15


@pytest.mark.parametrize("family", FAMILIES)
def test_a_component_that_holds_nothing_collapses(family: str) -> None:
    points = np.random.default_rng(0).standard_normal((20, 2))
    shares = np.column_stack([np.ones(20), np.zeros(20)])
    with pytest.raises(ComponentCollapsedError, match="Component 2 collapsed: it holds 0 of 20 points"):
        m_step(expected_moments(points, shares), family=family)
    with pytest.raises(ComponentCollapsedError, match="Component 1 collapsed: it holds 0 of 0 points"):
        m_step(expected_moments(points, np.zeros((20, 2))), family=family)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_mean_too_far_away_to_hold_a_point_collapses(family: str) -> None:
    points = np.random.default_rng(0).standard_normal((20, 2))
    result = around(points, [[0.0, 0.0], [1e6, 0.0]], family=family)
    assert result.stop_reason is StopReason.COMPONENT_COLLAPSED
    assert result.collapse is not None
    assert result.collapse.is_empty
    assert (result.collapse.component, result.collapse.count) == (1, 0)
    # Regularisation widens what holds points, and the eigenvalue of nothing says nothing.
    assert "for none is near it; start from other means" in result.explanation
    assert "reg_covar" not in result.explanation
    assert "eigenvalue" not in result.explanation


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("reg_covar", [0.0, 0.1])
def test_identical_points_collapse_unless_reg_covar_holds_them(family: str, reg_covar: float) -> None:
    points = np.tile([0.1, 1 / 3], (30, 1))
    begin = Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
    result = run(points, begin, family=family, reg_covar=reg_covar)
    assert_no_nan(result)
    if reg_covar == 0:
        assert said(result)["count"] == 30
    else:
        assert result.stop_reason is StopReason.CONVERGED
        np.testing.assert_allclose(result.mixture.covariances, [0.1 * np.eye(2)])


@pytest.mark.parametrize("slope", [1.0, -2.0, 1 / 3, 1e-6])
def test_collinear_points_collapse_where_an_ellipse_may_tilt(slope: float) -> None:
    along = np.random.default_rng(1).standard_normal(40)
    points = np.column_stack([along, slope * along + 0.7])
    means = [[-1.0, 0.7 - slope], [1.0, 0.7 + slope]]
    for family in ("full", "tied"):
        assert said(around(points, means, family=family))["eigenvalue"] < 1e-12
    for family in ("diag", "spherical"):
        result = around(points, means, family=family, max_steps=20)
        assert result.stop_reason is not StopReason.COMPONENT_COLLAPSED
    cured = around(points, means, reg_covar=1e-3, max_steps=20)
    assert cured.stop_reason is not StopReason.COMPONENT_COLLAPSED
    assert_no_nan(cured)


@pytest.mark.parametrize("family", ["full", "diag", "spherical"])
def test_a_component_that_sinks_onto_duplicated_points_collapses(family: str) -> None:
    rng = np.random.default_rng(2)
    points = np.concatenate([rng.standard_normal((50, 2)), np.tile([4.1, 4.3], (7, 1))])
    numbers = said(around(points, [[0.0, 0.0], [4.0, 4.0]], family=family))
    assert numbers["component"] == 2
    assert numbers["count"] == pytest.approx(7, abs=0.01)


UNITS = [(1e-9, 1e-9), (1e9, 1e9), (1e-9, 1e9), (1e9, 1.0), (1e-3, 1e7)]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("units", UNITS)
@pytest.mark.parametrize("means", [[[0, 0], [9, 11]], [[0, 0], [8, 8]], [[-1, 0], [1, 0]]])
def test_units_do_not_decide_what_collapses(family: str, units: tuple[float, float], means: Any) -> None:
    if FAMILIES[family].letters[1] == "I":
        units = (units[0], units[0])
    if FAMILIES[family].letters not in ("VVV", "EEE", "VVI", "EEI", "EVI", "VEI") and units[0] != units[1]:
        pytest.skip("the family knows no units of single axes")
    points = cloud_and_outlier()
    plain = around(points, means, family=family)
    scaled = around(points * units, np.array(means) * units, family=family)
    assert scaled.stop_reason is plain.stop_reason
    assert len(scaled.states) == len(plain.states)
    if plain.stop_reason is StopReason.COMPONENT_COLLAPSED:
        assert said(scaled)["component"] == said(plain)["component"]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("offset", [1e4, -1e8])
@pytest.mark.parametrize("means", [[[0, 0], [9, 11]], [[0, 0], [8, 8]], [[-1, 0], [1, 0]]])
def test_the_origin_does_not_decide_what_collapses(family: str, offset: float, means: Any) -> None:
    far = cloud_and_outlier() + offset
    near = far - offset
    there = around(far, np.array(means) + offset, family=family)
    here = around(near, means, family=family)
    assert there.stop_reason is here.stop_reason
    assert_no_nan(there)
    assert_no_nan(here)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [1e-5, 1e-7])
def test_a_genuine_component_far_smaller_than_the_spread_does_not_collapse(family: str, size: float) -> None:
    rng = np.random.default_rng(3)
    small = np.array([2.0, -1.0]) + size * rng.standard_normal((50, 2))
    points = np.concatenate([small, rng.standard_normal((100, 2))])
    begin = Mixture([0.3, 0.7], [[2.0, -1.0], [0.0, 0.0]], [size**2 * np.eye(2), np.eye(2)])
    result = run(points, m_step(start(points, begin).moments, family=family), family=family)
    assert result.stop_reason is StopReason.CONVERGED
    if FAMILIES[family].letters[0] == "V":
        volume = np.sqrt(np.linalg.det(result.mixture.covariances[0] / size**2))
        assert volume == pytest.approx(1.0, rel=0.4)


@pytest.mark.parametrize("family", ["full", "tied"])
def test_a_genuine_needle_does_not_collapse(family: str) -> None:
    rng = np.random.default_rng(4)
    turn = np.array([[0.8, -0.6], [0.6, 0.8]])
    points = rng.standard_normal((60, 2)) * [1.0, 1e-6] @ turn.T
    result = around(points, [[0.0, 0.0]], family=family)
    assert result.stop_reason is StopReason.CONVERGED
    axes = np.sqrt(np.linalg.eigvalsh(result.mixture.covariances[0]))
    singular = np.linalg.svd(points - points.mean(axis=0))[1]
    np.testing.assert_allclose(axes, singular[::-1] / np.sqrt(60), rtol=1e-3)


@pytest.mark.parametrize("place", [0.0, 0.1, 123.456, -1e8 / 3])
def test_an_axis_without_extent_collapses_in_every_family_that_follows_it(place: float) -> None:
    points = np.column_stack([np.random.default_rng(5).standard_normal(30), np.full(30, place)])
    means = [[-1.0, place], [1.0, place]]
    for family in ("full", "tied", "diag"):
        assert said(around(points, means, family=family))["eigenvalue"] < 1e-14
    rounds = around(points, means, family="spherical", max_steps=5)
    assert rounds.stop_reason is not StopReason.COMPONENT_COLLAPSED


# Of the second the squares are 0, of the third a digit or two is left.
UNDERFLOW = {"constant": 0.0, "squares vanish": 1e-170, "squares nearly vanish": 3e-162}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("place", [0.0, 5.0])
@pytest.mark.parametrize("kind", UNDERFLOW)
def test_a_constant_column_collapses_in_every_family_but_the_round(
    family: str, axis: int, place: float, kind: str
) -> None:
    rng = np.random.default_rng(6)
    varied = rng.standard_normal(40) + np.repeat([-3.0, 3.0], 20)
    points = np.column_stack([varied, place + UNDERFLOW[kind] * rng.standard_normal(40)])
    points, means = np.roll(points, axis, axis=1), np.roll([[-3.0, place], [3.0, place]], axis, axis=1)
    result = around(points, means, family=family)
    if FAMILIES[family].letters[1] == "I":
        assert result.stop_reason is StopReason.CONVERGED
        assert_no_nan(result)
        return
    numbers = said(result)
    assert (numbers["component"], numbers["count"]) == (1, pytest.approx(20, abs=1))
    assert 0 <= numbers["eigenvalue"] < 1e-25
    with pytest.raises(ComponentCollapsedError, match=f"^{re.escape(result.explanation)}$"):
        m_step(result.states[-1].moments, family=family)


def test_moments_say_which_component_is_worst_placed_first() -> None:
    scatters = np.array([np.eye(2), np.zeros((2, 2)), np.zeros((2, 2))])
    moments = Moments(np.array([10.0, 10.0, 10.0]), np.array([[0, 0], [1, 1], [2, 2.0]]), scatters)
    with pytest.raises(ComponentCollapsedError, match=r"^Component 2 collapsed: it holds 10 of 30 points"):
        m_step(moments)
