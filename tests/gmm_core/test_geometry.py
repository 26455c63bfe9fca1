"""Ellipses lie where the Mahalanobis distance says, and hold what they are said to hold."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from gmm_core import (
    FAMILIES,
    RADII,
    GeometryError,
    Mixture,
    PointsError,
    circle_radii,
    coverage,
    ellipse,
    expected_moments,
    kmeans,
    m_step,
    mass_within,
    principal_axes,
    responsibilities,
    sample,
    voronoi_cells,
)
from gmm_core.points import Array
from tests.strategies import QUICK, Problem, make_covariances, make_mixture, make_points, problems, seeds

EYE = np.eye(2)
FRAME = (-1.0, 3.0, -2.0, 1.0)


def mahalanobis(points: Array, mean: Array, covariance: Array) -> Array:
    offsets = points - mean
    return np.sqrt(np.einsum("ni,ij,nj->n", offsets, np.linalg.inv(covariance), offsets))


@QUICK
@given(seeds, st.floats(0.1, 5.0))
def test_an_ellipse_keeps_its_distance(seed: int, level: float) -> None:
    rng = np.random.default_rng(seed)
    mean, covariance = rng.standard_normal(2), make_covariances(rng, 1, 2)[0]
    curve = ellipse(mean, covariance, level)
    assert curve.shape == (97, 2)
    np.testing.assert_allclose(mahalanobis(curve, mean, covariance), level, rtol=1e-11)
    np.testing.assert_allclose(curve[0], curve[-1], atol=1e-12)
    np.testing.assert_allclose(curve[:-1].mean(axis=0), mean, atol=1e-12)


def test_an_ellipse_goes_round_once_and_reaches_both_axes() -> None:
    covariance = np.array([[4.0, 1.0], [1.0, 2.0]])
    curve = ellipse([1.0, -1.0], covariance, 2.0, n_vertices=401) - [1.0, -1.0]
    turns = np.unwrap(np.arctan2(curve[:, 1], curve[:, 0]))
    assert abs(turns[-1] - turns[0]) == pytest.approx(2 * np.pi)
    steps = np.diff(turns)
    assert (steps > 0).all() or (steps < 0).all()
    lengths = np.hypot(curve[:, 0], curve[:, 1])
    eigenvalues = np.linalg.eigvalsh(covariance)
    assert lengths.max() == pytest.approx(2 * np.sqrt(eigenvalues[1]), rel=1e-4)
    assert lengths.min() == pytest.approx(2 * np.sqrt(eigenvalues[0]), rel=1e-4)


def test_the_area_of_an_ellipse_is_that_of_its_covariance() -> None:
    covariance = np.array([[4.0, 1.0], [1.0, 2.0]])
    x, y = ellipse([0.0, 0.0], covariance, 1.5, n_vertices=2001).T
    area = 0.5 * abs((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
    assert area == pytest.approx(np.pi * 1.5**2 * np.sqrt(np.linalg.det(covariance)), rel=1e-5)


@QUICK
@given(seeds)
def test_axes_are_those_of_the_eigenvectors(seed: int) -> None:
    covariances = make_covariances(np.random.default_rng(seed), 5, 2)
    axes = principal_axes(covariances)
    eigenvalues, eigenvectors = np.linalg.eigh(covariances)
    np.testing.assert_allclose(axes[:, 0], np.sqrt(eigenvalues[:, 1]), rtol=1e-12)
    np.testing.assert_allclose(axes[:, 1], np.sqrt(eigenvalues[:, 0]), rtol=1e-12)
    long = eigenvectors[:, :, 1]
    along = long[:, 0] * np.cos(axes[:, 2]) + long[:, 1] * np.sin(axes[:, 2])
    np.testing.assert_allclose(np.abs(along), 1.0, rtol=1e-12)
    assert ((axes[:, 2] > -np.pi / 2) & (axes[:, 2] <= np.pi / 2)).all()


@pytest.mark.parametrize(
    ("covariance", "expected"),
    [
        ([[9, 0], [0, 4]], (3, 2, 0)),
        ([[4, 0], [0, 9]], (3, 2, np.pi / 2)),
        ([[4, -0.0], [-0.0, 9]], (3, 2, np.pi / 2)),
        ([[5, 4], [4, 5]], (3, 1, np.pi / 4)),
        ([[5, -4], [-4, 5]], (3, 1, -np.pi / 4)),
        ([[4, 0], [0, 4]], (2, 2, 0)),
    ],
)
def test_axes_of_known_ellipses(covariance: Any, expected: tuple[float, float, float]) -> None:
    np.testing.assert_allclose(principal_axes([covariance])[0], expected, atol=1e-15)


@pytest.mark.parametrize("family", FAMILIES)
def test_an_upright_ellipse_has_the_same_angle_whichever_way_the_points_lean(family: str) -> None:
    angles = []
    for lean in (0.2, -0.2):
        points = make_points(
            np.random.default_rng(0), Mixture([1.0], [[0, 0]], [[[1, lean], [lean, 9]]]), 500
        )
        fitted = m_step(expected_moments(points, np.ones((500, 1))), family=family)
        angles.append(principal_axes(fitted.covariances)[0, 2])
    if FAMILIES[family].letters[2] == "I":
        assert angles[0] == angles[1]
    assert all(-np.pi / 2 < angle <= np.pi / 2 for angle in angles)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_axes_follow_the_units(unit: float) -> None:
    covariances = make_covariances(np.random.default_rng(0), 4, 2)
    expected = principal_axes(covariances) * [unit, unit, 1]
    np.testing.assert_allclose(principal_axes(unit**2 * covariances), expected, rtol=1e-12)


def test_a_needle_keeps_its_short_axis() -> None:
    axes = principal_axes([np.diag([1.0, 1e-20]), np.diag([1e-20, 1.0])])
    np.testing.assert_allclose(axes[:, :2], [[1, 1e-10]] * 2, rtol=1e-12)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3, 7])
def test_the_mass_within_is_that_of_chi_square(n_dimensions: int) -> None:
    for level in (0.0, 0.3, 1.0, 2.4477468306808161, 5.0):
        expected = chi2.cdf(level**2, n_dimensions)
        assert mass_within(level, n_dimensions) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(("level", "per_cent"), [(1, 39.3), (2, 86.5), (3, 98.9), (2.4477, 95.0)])
def test_the_mass_within_is_what_the_picture_says(level: float, per_cent: float) -> None:
    assert 100 * mass_within(level) == pytest.approx(per_cent, abs=0.05)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
@pytest.mark.parametrize("level", [0.5, 1.0, 2.0])
def test_the_mass_within_is_what_samples_show(n_dimensions: int, level: float) -> None:
    mixture = make_mixture(np.random.default_rng(1), 1, n_dimensions)
    points, _ = sample(mixture, 20_000, np.random.default_rng(2))
    within = mahalanobis(points, mixture.means[0], mixture.covariances[0]) <= level
    assert within.mean() == pytest.approx(mass_within(level, n_dimensions), abs=0.015)
    assert coverage(points, mixture, np.ones((20_000, 1)), level)[0] == pytest.approx(
        within.mean(), abs=1e-12
    )


@QUICK
@given(problems(), st.floats(0.1, 4.0))
def test_coverage_is_what_counting_says(problem: Problem, level: float) -> None:
    points, mixture = problem.points, problem.mixture
    shares = responsibilities(points, mixture)
    covered = coverage(points, mixture, shares, level)
    for k in range(mixture.n_components):
        distances = mahalanobis(points, mixture.means[k], mixture.covariances[k])
        held = sum(
            share for share, distance in zip(shares[:, k], distances, strict=True) if distance <= level
        )
        assert covered[k] == pytest.approx(held / shares[:, k].sum(), rel=1e-9)


def test_coverage_takes_the_responsibilities_it_is_given() -> None:
    mixture = Mixture([0.5, 0.5], [[0, 0], [10, 0]], [EYE, EYE])
    points = [[0.5, 0.0], [1.5, 0.0], [9.5, 0.0], [0.0, 0.2]]
    shares = [[1, 0], [0.5, 0], [0, 1], [0.5, 1]]
    np.testing.assert_allclose(coverage(points, mixture, shares, 1.0), [0.75, 0.5])
    np.testing.assert_allclose(coverage(points, mixture, shares, 2.0), [1.0, 0.5])


def test_what_holds_nothing_covers_nothing() -> None:
    mixture = Mixture([0.5, 0.5], [[0, 0], [10, 0]], [EYE, EYE])
    assert coverage([[0.0, 0.0]], mixture, [[1.0, 0.0]], 1.0).tolist() == [1, 0]


@pytest.mark.parametrize("level", [0.0, -1.0, np.nan])
def test_an_ellipse_without_a_level_is_refused(level: float) -> None:
    sentence = f"The level is {level!r}; an ellipse needs a finite one above 0."
    with pytest.raises(GeometryError, match=f"^{re.escape(sentence)}$"):
        ellipse([0.0, 0.0], EYE, level)


def test_axes_of_other_dimensions_are_refused() -> None:
    for covariances, shape in ((np.ones((2, 3, 3)), "(2, 3, 3)"), (EYE, "(2, 2)"), ([1.0], "(1,)")):
        sentence = f"Axes need covariances of shape (K, 2, 2), not {shape}; choose two columns."
        with pytest.raises(GeometryError, match=f"^{re.escape(sentence)}$"):
            principal_axes(covariances)
    with pytest.raises(GeometryError, match="two finite numbers"):
        ellipse([0.0, 0.0, 0.0], np.eye(3), 1.0)


@pytest.mark.parametrize("mean", [0.0, [1.0], [0.0, 0.0, 0.0], [[0.0, 0.0]] * 97])
def test_a_mean_that_is_no_point_of_the_plane_is_refused(mean: Any) -> None:
    with pytest.raises(GeometryError):
        ellipse(mean, EYE, 1.0)


@pytest.mark.parametrize("covariance", [EYE * np.nan, EYE * 0.0, [[1.0, 2.0], [2.0, 1.0]], -EYE])
def test_what_is_no_covariance_has_no_axes(covariance: Any) -> None:
    with pytest.raises(GeometryError):
        principal_axes([covariance])


@pytest.mark.parametrize("shares", [np.ones(3), np.ones((3, 1)), np.ones((2, 2))])
def test_coverage_refuses_responsibilities_of_another_shape(shares: Array) -> None:
    mixture = make_mixture(np.random.default_rng(0), 2, 2)
    sentence = (
        f"Responsibilities must have shape (3, 2), one row a point, not {shares.shape}; "
        "give a row for each point."
    )
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        coverage(np.ones((3, 2)), mixture, shares, 1.0)


@pytest.mark.parametrize("share", [np.nan, np.inf, -1.0])
def test_coverage_refuses_responsibilities_that_are_no_shares(share: float) -> None:
    with pytest.raises(PointsError):
        coverage([[0.0, 0.0]], Mixture([1.0], [[0, 0]], [EYE]), [[share]], 1.0)


@QUICK
@given(seeds, st.integers(1, 6), st.integers(1, 3))
def test_circles_are_what_counting_says(seed: int, n_clusters: int, n_dimensions: int) -> None:
    rng = np.random.default_rng(seed)
    points, centres = rng.standard_normal((47, n_dimensions)), rng.standard_normal((n_clusters, n_dimensions))
    labels = rng.integers(n_clusters, size=47)
    radii = circle_radii(points, labels, centres)
    assert radii.shape == (len(RADII), n_clusters)
    for k in range(n_clusters):
        distances = np.sort(np.sqrt(((points[labels == k] - centres[k]) ** 2).sum(axis=1)))
        if len(distances) == 0:
            assert radii[:, k].tolist() == [0, 0, 0]
            continue
        rms, most, farthest = radii[:, k]
        assert rms == pytest.approx(np.sqrt((distances**2).mean()), rel=1e-12)
        enough = [d for d in distances if 10 * (distances <= d).sum() >= 9 * len(distances)]
        assert most == pytest.approx(enough[0], rel=1e-12)
        assert farthest == pytest.approx(distances[-1], rel=1e-12)


def test_circles_of_ten_points_and_of_none() -> None:
    points = [[float(i)] for i in range(1, 11)]
    radii = circle_radii(points, np.full(10, 1), [[500.0], [0.0], [2.0]])
    np.testing.assert_allclose(radii, [[0, np.sqrt(38.5), 0], [0, 9, 0], [0, 10, 0]], rtol=1e-12)


@pytest.mark.parametrize("labels", [[0, 1], [0.0, 1.0, 1.0], [[0, 1, 1]], [0, 1, 2], [0, -1, 1]])
def test_labels_that_are_no_indices_of_centres_are_refused(labels: Any) -> None:
    with pytest.raises(GeometryError, match=r"; give the (cluster of each point|index of a centre)"):
        circle_radii(np.ones((3, 2)), labels, np.zeros((2, 2)))


def area(polygon: Array) -> float:
    """Positive when the corners go round counter-clockwise."""
    (x, y), (after_x, after_y) = polygon.T, np.roll(polygon, -1, axis=0).T
    return float(0.5 * (x * after_y - after_x * y).sum())


def is_inside(point: Array, polygon: Array) -> bool:
    edges, offsets = np.roll(polygon, -1, axis=0) - polygon, point - polygon
    return bool((edges[:, 0] * offsets[:, 1] - edges[:, 1] * offsets[:, 0] >= -1e-9).all())


@QUICK
@given(seeds, st.integers(1, 12), st.floats(0.1, 10.0))
def test_cells_share_out_the_frame(seed: int, n_clusters: int, spread: float) -> None:
    rng = np.random.default_rng(seed)
    centres = spread * rng.standard_normal((n_clusters, 2))
    cells = voronoi_cells(centres, FRAME)
    assert sum(map(area, cells)) == pytest.approx(12.0, rel=1e-12)
    assert all(cell.shape == (0, 2) or area(cell) > 0 for cell in cells)
    places = rng.uniform((-1, -2), (3, 1), (100, 2))
    for place, label in zip(places, kmeans.assign(places, centres), strict=True):
        assert is_inside(place, cells[label])


@QUICK
@given(seeds)
def test_cells_move_with_their_centres(seed: int) -> None:
    centres = np.random.default_rng(seed).standard_normal((5, 2))
    far = 1e6 * np.array([3.0, -7.0])
    frame = (far[0] - 1, far[0] + 3, far[1] - 2, far[1] + 1)
    for here, there in zip(voronoi_cells(centres, FRAME), voronoi_cells(centres + far, frame), strict=True):
        np.testing.assert_allclose(there - far, here, atol=1e-6)


def test_cells_of_a_lattice_are_its_squares() -> None:
    centres = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [2.0, 2.0]])
    cells = voronoi_cells(centres, (-1.0, 3.0, -1.0, 3.0))
    corners = [sorted(map(tuple, cell.tolist())) for cell in cells]
    assert corners == [[(x, y), (x, y + 2), (x + 2, y), (x + 2, y + 2)] for y in (-1, 1) for x in (-1, 1)]


def test_an_equal_or_distant_centre_has_no_cell() -> None:
    cells = voronoi_cells([[0, 0], [0, 0], [1, 0], [500, 0]], FRAME)
    assert [cell.shape for cell in cells] == [(4, 2), (0, 2), (4, 2), (0, 2)]
    (whole,) = voronoi_cells([[70.0, 70.0]], FRAME)
    assert whole.tolist() == [[-1, -2], [3, -2], [3, 1], [-1, 1]]


@pytest.mark.parametrize("frame", [(0, 0, 0, 1), (0, 1, 1, 0), (0, np.inf, 0, 1), (np.nan, 1, 0, 1)])
def test_a_frame_without_extent_is_refused(frame: Any) -> None:
    with pytest.raises(GeometryError, match="has no extent; give x0 < x1 and y0 < y1"):
        voronoi_cells([[0.0, 0.0]], frame)


def test_cells_are_refused_outside_the_plane() -> None:
    with pytest.raises(GeometryError, match="Cells are drawn in the plane, not in 3 dimensions; choose two"):
        voronoi_cells(np.ones((2, 3)), FRAME)
    with pytest.raises(PointsError):
        voronoi_cells([[0.0, np.nan]], FRAME)
