"""Points standardised, turned and stretched, and a mixture carried along: what a model does about it tells
what it can draw."""

from dataclasses import dataclass

import numpy as np

from gmm_core import Mixture
from gmm_core.points import Array


def standardised(points: Array) -> Array:
    """Points (N, D) less their mean, over their standard deviation; a constant column is only shifted."""
    return (points - points.mean(axis=0)) / spread(points)


def spread(points: Array) -> Array:
    """(D,): what `standardised` divides points (N, D) by."""
    deviations = points.std(axis=0)
    return np.where(deviations > 0, deviations, 1.0)


@dataclass(frozen=True, eq=False)
class Motion:
    """The affine map x -> centre + matrix @ (x - centre)."""

    matrix: Array
    """(D, D), invertible."""
    centre: Array
    """(D,)."""

    def of_points(self, points: Array) -> Array:
        """(N, D)."""
        return self.centre + (points - self.centre) @ self.matrix.T

    def undone(self, points: Array) -> Array:
        """The points (N, D) that were moved to `points`."""
        return self.centre + np.linalg.solve(self.matrix, (points - self.centre).T).T

    @property
    def inverse(self) -> "Motion":
        """The map that undoes this one."""
        return Motion(np.asarray(np.linalg.inv(self.matrix), dtype=np.float64), self.centre)

    def of_mixture(self, mixture: Mixture) -> Mixture:
        """The mixture of moved points from `mixture`."""
        covariances = self.matrix @ mixture.covariances @ self.matrix.T
        symmetric = 0.5 * (covariances + covariances.transpose(0, 2, 1))
        return Mixture(mixture.weights, self.of_points(mixture.means), symmetric)


def turn_and_stretch(points: Array, degrees: float, factor: float) -> Motion:
    """Turns the plane counterclockwise about the mean of points (N, 2), then multiplies the second axis."""
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return Motion(np.diag([1.0, factor]) @ turn, points.mean(axis=0))
