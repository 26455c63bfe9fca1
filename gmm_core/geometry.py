"""Ellipses and what they hold, circles, and Voronoi cells: arrays in, arrays out."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammainc

from gmm_core.mixture import Mixture, check_mixture
from gmm_core.moments import as_responsibilities
from gmm_core.points import Array, as_labels, as_numbers, as_points, check_centres, quoted
from gmm_core.precision import SMALLEST
from gmm_core.settings import is_finite, is_not_negative, real_number, whole_number

# The circles around a centre of K-Means, in the order of the rows of `circle_radii`.
RADII = ("rms", "90 %", "farthest")

# More would take memory and could not be seen.
MOST_VERTICES = 1_000_000


class GeometryError(ValueError):
    """A figure that cannot be drawn; the text says why."""


def principal_axes(covariances: ArrayLike) -> Array:
    """(K, 3): the long and the short half-axis at 1 sigma, in the units of the points, and the angle of
    the long one against the first axis, in radians within (-pi/2, pi/2], of covariances (K, 2, 2).

    Raises GeometryError for any other shape, or a covariance that is not positive definite.
    """
    array = as_numbers(covariances, "The covariances", GeometryError)
    if array.ndim != 3 or array.shape[1:] != (2, 2):
        raise GeometryError(
            f"Axes need covariances of shape (K, 2, 2), not {array.shape}; choose two columns."
        )
    if not np.isfinite(array).all():
        raise GeometryError("A covariance holds a missing or infinite value; give finite numbers.")
    # In units in which products neither overflow nor vanish.
    unit = np.sqrt(np.maximum(np.abs(np.einsum("kdd->kd", array)).max(axis=1), SMALLEST))
    array = array / unit[:, None, None] / unit[:, None, None]
    # Adding 0 turns -0 into 0, which would flip the angle.
    a, b, c = array[:, 0, 0], array[:, 0, 1] + 0.0, array[:, 1, 1]
    determinants = a * c - b * b
    if not ((a > 0) & (c > 0) & (determinants >= -1e-15 * a * c)).all():
        raise GeometryError("A covariance is not positive definite; only those that are have an ellipse.")
    long = 0.5 * (a + c) + np.hypot(0.5 * (a - c), b)
    # The determinant over the large root loses no digits where the difference of roots would.
    short = np.maximum(determinants, 0.0) / long
    angle = 0.5 * np.arctan2(2 * b, a - c)
    return np.stack([unit * np.sqrt(long), unit * np.sqrt(short), angle], axis=1)


def ellipse(mean: ArrayLike, covariance: ArrayLike, level: float, n_vertices: int = 97) -> Array:
    """(n_vertices, 2): the closed curve on which the Mahalanobis distance from `mean` (2,) under `covariance`
    (2, 2) is `level` sigma, in the units of the points.

    Raises GeometryError when the level is not positive, mean and covariance are not 2-D, the covariance is
    not positive definite, or there are no vertices.
    """
    if not (is_finite(level) and level > 0):
        raise GeometryError(f"The level is {quoted(level)}; an ellipse needs a finite one above 0.")
    n_vertices = whole_number(n_vertices, "The number of vertices", GeometryError)
    if not 1 <= n_vertices <= MOST_VERTICES:
        raise GeometryError(f"The number of vertices is {n_vertices}; give 1 to {MOST_VERTICES:,}.")
    centre = as_numbers(mean, "The mean of an ellipse", GeometryError)
    if centre.shape != (2,) or not np.isfinite(centre).all():
        raise GeometryError(
            f"The mean of an ellipse must be two finite numbers, not {quoted(mean)}; give x and y."
        )
    (long, short, angle) = principal_axes(as_numbers(covariance, "The covariance", GeometryError)[None])[0]
    turn = np.linspace(0.0, 2 * np.pi, n_vertices)
    circle = np.stack([long * np.cos(turn), short * np.sin(turn)])
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return centre + level * (rotation @ circle).T


def mass_within(level: float, n_dimensions: int = 2) -> float:
    """The share, from 0 to 1, of a Gaussian that lies within `level` sigma: the chi-square distribution
    of the squared Mahalanobis distance. Raises GeometryError for a level below 0, or a D below 1.

    >>> round(mass_within(1.0), 3), round(mass_within(2.0), 3)
    (0.393, 0.865)
    """
    n_dimensions = whole_number(n_dimensions, "The number of dimensions", GeometryError)
    level = real_number(level, "The level", GeometryError)
    if not level >= 0 or n_dimensions < 1:
        raise GeometryError(
            f"Nothing lies within {level} sigma in {n_dimensions} dimensions; give a level of 0 or more and "
            "at least 1 dimension."
        )
    # Beyond 1e150 squares overflow; long before, the answer is 1.
    return float(gammainc(n_dimensions / 2, min(level, 1e150) ** 2 / 2))


def coverage(points: ArrayLike, mixture: Mixture, responsibilities: ArrayLike, level: float) -> Array:
    """(K,): of what each component holds of the points, the share within `level` sigma of its mean.

    `responsibilities` (N, K) of points (N, D) need not be those of `mixture`. A component that holds nothing
    has 0. Raises PointsError for bad points or shapes that disagree, GeometryError for a negative level.
    """
    check_mixture(mixture)
    if not is_not_negative(level):
        raise GeometryError(f"The level is {quoted(level)}; give a finite number of 0 or more.")
    checked = as_points(points, mixture.n_dimensions)
    shares = as_responsibilities(responsibilities, len(checked), mixture.n_components)
    within = np.empty(mixture.n_components)
    for k in range(mixture.n_components):
        whitened = (checked - mixture.means[k]) @ mixture.whiteners[k].T
        within[k] = shares[(whitened**2).sum(axis=1) <= level**2, k].sum()
    counts = shares.sum(axis=0)
    return within / np.where(counts > 0, counts, 1.0)


def circle_radii(points: ArrayLike, labels: ArrayLike, centres: ArrayLike) -> Array:
    """(3, K): the circles around centres (K, D) that show K-Means, one row for each name in RADII.

    The root mean square distance of the cluster's points from its centre; the distance within which 90 % of
    them lie; that of the farthest. In the units of the points; 0 for a cluster that `labels` (N,) leave
    empty.
    Raises PointsError for bad points or centres, GeometryError for labels that are not their indices.
    """
    places, checked = as_points(centres), as_points(points)
    check_centres(checked, places)
    indices = as_labels(labels)
    if indices.shape != (len(checked),) or indices.dtype.kind not in "iu":
        raise GeometryError(f"Labels must be {len(checked)} whole numbers; give the cluster of each point.")
    if indices.min() < 0 or indices.max() >= len(places):
        raise GeometryError(f"A label lies outside 0 to {len(places) - 1}; give the index of a centre.")
    squares = ((checked - places[indices]) ** 2).sum(axis=1)
    counts = np.bincount(indices, minlength=len(places))
    held = np.flatnonzero(counts)
    sizes, ends = counts[held], counts.cumsum()[held]
    ordered = squares[np.lexsort((squares, indices))]
    radii = np.zeros((len(RADII), len(places)))
    radii[0, held] = np.bincount(indices, squares, len(places))[held] / sizes
    # A tenth of them, rounded down, may lie outside.
    radii[1, held] = ordered[ends - 1 - sizes // 10]
    radii[2, held] = ordered[ends - 1]
    return np.sqrt(radii)


def voronoi_cells(centres: ArrayLike, frame: tuple[float, float, float, float]) -> tuple[Array, ...]:
    """For each of centres (K, 2) the part of the frame (x0, x1, y0, y1) that is nearer to it than to any
    other: the corners (V, 2) of a convex polygon, counter-clockwise.

    (0, 2) where that part lies outside the frame, or an earlier centre has the same place. Raises
    PointsError for bad centres, GeometryError for other dimensions or a frame without extent.
    Source: Sutherland & Hodgman (1974), Reentrant polygon clipping, for the cut by a half-plane.
    """
    places = as_points(centres)
    if places.shape[1] != 2:
        raise GeometryError(f"Cells are drawn in the plane, not in {places.shape[1]} dimensions; choose two.")
    corners = as_labels(frame)
    if corners.shape != (4,) or corners.dtype.kind not in "iuf":
        raise GeometryError(f"The frame must be four numbers, not {quoted(frame)}; give x0, x1, y0 and y1.")
    x0, x1, y0, y1 = (float(place) for place in frame)
    if not (-np.inf < x0 < x1 < np.inf and -np.inf < y0 < y1 < np.inf):
        raise GeometryError(f"The frame {frame} has no extent; give x0 < x1 and y0 < y1.")
    corners = np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float64)
    return tuple(_cell(places, k, corners) for k in range(len(places)))


def _cell(centres: Array, k: int, polygon: Array) -> Array:
    if (centres[:k] == centres[k]).all(axis=1).any():
        return np.empty((0, 2))
    for other in centres[(centres != centres[k]).any(axis=1)]:
        # Half-way as a difference added to one centre, so that a far origin costs no digits.
        middle = centres[k] + 0.5 * (other - centres[k])
        polygon = _clipped(polygon, middle, other - centres[k])
    return polygon


def _clipped(polygon: Array, middle: Array, outward: Array) -> Array:
    """What is left of a convex polygon (V, 2) on this side of the line through `middle`."""
    sides = (polygon - middle) @ outward
    if not (sides < 0).any():
        return np.empty((0, 2))
    following, beyond = np.roll(polygon, -1, axis=0), np.roll(sides, -1)
    crosses = ((sides < 0) & (beyond > 0)) | ((sides > 0) & (beyond < 0))
    shares = np.where(crosses, sides, 0.0) / np.where(crosses, sides - beyond, 1.0)
    crossings = polygon + shares[:, None] * (following - polygon)
    corners = np.stack([polygon, crossings], axis=1).reshape(-1, 2)
    return corners[np.stack([sides <= 0, crosses], axis=1).ravel()]
