"""Ellipses and what they hold: arrays in, arrays out."""

from typing import Any

import numpy as np
from scipy.special import gammainc

from gmm_core.mixture import Mixture
from gmm_core.moments import as_responsibilities
from gmm_core.points import Array, as_points


class GeometryError(ValueError):
    """A figure that cannot be drawn; the text says why."""


def principal_axes(covariances: Any) -> Array:
    """(K, 3): the long and the short half-axis at 1 sigma, in the units of the points, and the angle of
    the long one against the first axis, in radians within (-pi/2, pi/2], of covariances (K, 2, 2).

    Raises GeometryError for any other shape, or a covariance that is not positive definite.
    """
    array = np.asarray(covariances, dtype=np.float64)
    if array.ndim != 3 or array.shape[1:] != (2, 2):
        raise GeometryError(
            f"Axes need covariances of shape (K, 2, 2), not {array.shape}; choose two columns."
        )
    # Adding 0 turns -0 into 0, which would flip the angle.
    a, b, c = array[:, 0, 0], array[:, 0, 1] + 0.0, array[:, 1, 1]
    determinants = a * c - b * b
    if not ((a > 0) & (c > 0) & (determinants >= -1e-15 * a * c)).all():
        raise GeometryError("A covariance is not positive definite; only those that are have an ellipse.")
    long = 0.5 * (a + c) + np.hypot(0.5 * (a - c), b)
    # The determinant over the large root loses no digits where the difference of roots would.
    short = np.maximum(determinants, 0.0) / long
    angle = 0.5 * np.arctan2(2 * b, a - c)
    return np.stack([np.sqrt(long), np.sqrt(short), angle], axis=1)


def ellipse(mean: Any, covariance: Any, level: float, n_vertices: int = 97) -> Array:
    """(n_vertices, 2): the closed curve on which the Mahalanobis distance from `mean` is `level` sigma.

    Raises GeometryError when the level is not positive, or mean and covariance are not 2-D.
    """
    if not 0 < level < np.inf:
        raise GeometryError(f"The level is {level!r}; an ellipse needs a finite one above 0.")
    centre = np.asarray(mean, dtype=np.float64)
    if centre.shape != (2,) or not np.isfinite(centre).all():
        raise GeometryError(f"The mean of an ellipse must be two finite numbers, not {mean!r}; give x and y.")
    (long, short, angle) = principal_axes(np.asarray(covariance, dtype=np.float64)[None])[0]
    turn = np.linspace(0.0, 2 * np.pi, n_vertices)
    circle = np.stack([long * np.cos(turn), short * np.sin(turn)])
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return centre + level * (rotation @ circle).T


def mass_within(level: float, n_dimensions: int = 2) -> float:
    """The share, from 0 to 1, of a Gaussian that lies within `level` sigma: the chi-square distribution
    of the squared Mahalanobis distance.

    >>> round(mass_within(1.0), 3), round(mass_within(2.0), 3)
    (0.393, 0.865)
    """
    return float(gammainc(n_dimensions / 2, level**2 / 2))


def coverage(points: Any, mixture: Mixture, responsibilities: Any, level: float) -> Array:
    """(K,): of what each component holds of the points, the share within `level` sigma of its mean.

    `responsibilities` (N, K) need not be those of `mixture`. A component that holds nothing has 0.
    Raises PointsError for bad points or shapes that disagree.
    """
    checked = as_points(points, mixture.n_dimensions)
    shares = as_responsibilities(responsibilities, len(checked), mixture.n_components)
    within = np.empty(mixture.n_components)
    for k in range(mixture.n_components):
        whitened = (checked - mixture.means[k]) @ mixture.whiteners[k].T
        within[k] = shares[(whitened**2).sum(axis=1) <= level**2, k].sum()
    counts = shares.sum(axis=0)
    return within / np.where(counts > 0, counts, 1.0)
