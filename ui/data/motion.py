"""Points turned and stretched, and a mixture carried along: how a model answers tells what it can draw."""

from dataclasses import dataclass

import numpy as np

from gmm_core import Mixture
from gmm_core.points import Array


@dataclass(frozen=True, eq=False)
class Motion:
    """The affine map x -> centre + matrix @ (x - centre), of D dimensions."""

    matrix: Array
    """(D, D), invertible."""
    centre: Array
    """(D,)."""

    def of_points(self, points: Array) -> Array:
        """Where points (N, D) are moved to, (N, D)."""
        return self.centre + (points - self.centre) @ self.matrix.T

    def undone(self, points: Array) -> Array:
        """The points (N, D) that were moved to `points`."""
        return self.centre + np.linalg.solve(self.matrix, (points - self.centre).T).T

    @property
    def inverse(self) -> "Motion":
        """The map that undoes this one."""
        return Motion(np.asarray(np.linalg.inv(self.matrix), dtype=np.float64), self.centre)

    def of_mixture(self, mixture: Mixture) -> Mixture:
        """The mixture of the moved points, from that of the points."""
        covariances = self.matrix @ mixture.covariances @ self.matrix.T
        symmetric = 0.5 * (covariances + covariances.transpose(0, 2, 1))
        means = self.of_points(mixture.means)
        return Mixture(mixture.weights, means, symmetric, probabilities=mixture.probabilities)


def turn_and_stretch(points: Array, degrees: float, factor: float) -> Motion:
    """Turns the plane counterclockwise about the mean of points (N, 2), then multiplies the second axis.

    A turn needs a plane, so this is for D = 2; the map itself is for any D.
    """
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return Motion(np.diag([1.0, factor]) @ turn, points.mean(axis=0))
