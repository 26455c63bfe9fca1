"""The noise to begin with: it fills a box about the points, in whatever units and however they are turned."""

import numpy as np
import pytest

from gmm_core import MixtureError, PointsError, default_noise, noise_region
from tests.oracles import old_faithful

POINTS = np.random.default_rng(3).random((400, 2)) * [4.0, 1.0]


def turned(points: np.ndarray, degrees: float) -> np.ndarray:
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return points @ np.array([[cos, sin], [-sin, cos]])


def test_of_a_box_along_the_axes_it_is_the_box() -> None:
    assert default_noise(POINTS).volume == pytest.approx(np.prod(np.ptp(POINTS, axis=0)), rel=0.02)
    assert default_noise(POINTS).volume <= np.prod(np.ptp(POINTS, axis=0)) * (1 + 1e-12)
    assert default_noise(POINTS[:, :1]).volume == pytest.approx(np.ptp(POINTS[:, 0]), rel=1e-12)


def test_of_a_box_that_is_turned_it_is_no_larger_than_the_box_about_it() -> None:
    points = turned(POINTS, 30.0)
    volume = default_noise(points).volume
    assert volume < 0.75 * np.prod(np.ptp(points, axis=0))
    assert volume > np.prod(np.ptp(POINTS, axis=0)) * 0.9


@pytest.mark.parametrize("units", [[1e-6, 1.0], [1e5, 1e5], [3.0, 1e-3]])
def test_units_and_place_make_no_difference(units: list[float]) -> None:
    points = old_faithful()
    moved = (points + 100.0) * units
    assert default_noise(moved).volume == pytest.approx(
        default_noise(points).volume * np.prod(units), rel=1e-6
    )


@pytest.mark.parametrize("amount", [-0.1, 1.0, np.nan, "much", None])
def test_another_amount_is_refused(amount: float) -> None:
    with pytest.raises(
        MixtureError, match=r"^The noise has the weight .*; give one from 0 to less than 1\.$"
    ):
        default_noise(POINTS, amount=amount)


@pytest.mark.parametrize("points", [POINTS * [1.0, 0.0], POINTS[:, [0, 0]] + 5.0])
def test_points_without_an_area_have_none(points: np.ndarray) -> None:
    with pytest.raises(MixtureError, match="do not spread in every direction"):
        default_noise(points)


@pytest.mark.parametrize("n_binary", [0, 1, 2, 3])
def test_each_binary_column_halves_its_density_and_moves_no_wall(n_binary: int) -> None:
    points = turned(POINTS, 30.0)
    answers = np.random.default_rng(0).integers(0, 2, (len(points), n_binary))
    noise = default_noise(np.column_stack([points, answers]), amount=0.2, n_binary=n_binary)
    plain = default_noise(points, amount=0.2)
    assert (noise.amount, noise.volume) == (plain.amount, plain.volume * 2**n_binary)
    # It is a distribution still: all values together weigh what there was without them.
    assert 2**n_binary / noise.volume == pytest.approx(1 / plain.volume)


@pytest.mark.parametrize(
    ("n_binary", "sentence"),
    [
        (1, "binary column holds"),
        (2, "needs numbers"),
        (-1, "whole number of 0 or more"),
        (0.5, "whole number of 0 or more"),
        (True, "whole number of 0 or more"),
        (None, "whole number of 0 or more"),
    ],
)
def test_columns_that_are_not_binary_are_refused(n_binary: int, sentence: str) -> None:
    with pytest.raises(PointsError, match=sentence):
        default_noise(POINTS, n_binary=n_binary)


@pytest.mark.parametrize("angle", [0.0, 0.5, 2.0])
@pytest.mark.parametrize("units", [[1.0, 1.0], [1e6, 1e-3]])
def test_the_region_holds_every_point_and_has_the_volume(angle, units):
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    points = np.random.default_rng(3).uniform(size=(200, 2)) * [5.0, 0.7] @ turn * units
    corner, edges = noise_region(points)
    assert abs(np.linalg.det(edges)) == pytest.approx(default_noise(points).volume, rel=1e-12)
    shares = np.linalg.solve(edges.T, (points - corner).T)
    assert shares.min() > -1e-9
    assert shares.max() < 1 + 1e-9
    np.testing.assert_allclose([shares.min(axis=1), shares.max(axis=1)], [[0, 0], [1, 1]], atol=1e-9)
