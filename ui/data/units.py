"""The units of the columns that a picture's points were made from, and a mixture expressed in them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gmm_core import Mixture
from gmm_core.points import Array
from ui.data.motion import Motion


@dataclass(frozen=True, eq=False)
class Units:
    """How points came from D columns: by their logarithm, then standardised, then turned and stretched.

    Each of these may be left out, see `own_units`. What comes after the logarithm is affine.
    """

    names: tuple[str, ...]
    """The D columns' own names."""
    logs: tuple[bool, ...]
    """Of which of the D columns log10 was taken."""
    centre: Array
    """(D,), taken away to standardise, else 0."""
    unit: Array
    """(D,), what was then divided by, else 1."""
    motion: Motion | None = None
    """What turned and stretched the points then."""

    @property
    def is_standardised(self) -> bool:
        """Whether the columns' numbers, or their log10, are not the points before they were turned."""
        return bool(self.centre.any() or (self.unit != 1).any())

    @property
    def titles(self) -> tuple[str, ...]:
        """What the D coordinates before the affine steps are called: "x", or "log10 of x"."""
        named = zip(self.names, self.logs, strict=True)
        return tuple(f"log10 of {name}" if log else name for name, log in named)

    @property
    def matrix(self) -> Array:
        """(D, D): points are `shift` + `matrix` @ the columns, log10 where it was taken."""
        return (np.eye(len(self.names)) if self.motion is None else self.motion.matrix) / self.unit

    @property
    def shift(self) -> Array:
        """(D,), see `matrix`."""
        origin = -(self.centre / self.unit)[None]
        return (origin if self.motion is None else self.motion.of_points(origin))[0]

    def done(self, values: Array) -> Array:
        """The points (N, D) that the columns' own numbers (N, D) become; NaN or infinite where a logarithm
        was taken of what has none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            taken = np.where(self.logs, np.log10(values), values)
        scaled = (taken - self.centre) / self.unit
        return scaled if self.motion is None else self.motion.of_points(scaled)

    def undone(self, points: Array) -> Array:
        """The columns' own numbers (N, D) of points (N, D)."""
        values = self.unaffine(points)
        with np.errstate(over="ignore"):
            return np.where(self.logs, 10.0**values, values)

    def unaffine(self, points: Array) -> Array:
        """As `undone`, but log10 where it was taken."""
        return self.centre + self.unit * (points if self.motion is None else self.motion.undone(points))

    def of_mixture(self, mixture: Mixture) -> tuple[Array, Array]:
        """The means (K, D) and covariances (K, D, D) of a mixture of points, in the columns' units: those of
        log10 where it was taken, since a Gaussian of the logarithm is log-normal in the column itself."""
        back = np.linalg.inv(self.matrix)
        covariances = back @ mixture.covariances @ back.T
        return self.unaffine(mixture.means), 0.5 * (covariances + covariances.transpose(0, 2, 1))

    def log_normal(self, mixture: Mixture) -> tuple[Array, Array]:
        """The median and the factor of one sigma, (K, D) each, in the columns whose log10 was taken, NaN in
        others: 68 % of a component lie from the median over the factor to the median times the factor."""
        means, covariances = self.of_mixture(mixture)
        deviations = np.sqrt(np.einsum("kdd->kd", covariances))
        with np.errstate(over="ignore"):
            return np.where(self.logs, 10.0**means, np.nan), np.where(self.logs, 10.0**deviations, np.nan)

    def as_values(self, mixture: Mixture) -> dict[str, Any]:
        """What a mixture is in the columns' units, as JSON holds it, and how points come from the columns."""
        means, covariances = self.of_mixture(mixture)
        values: dict[str, Any] = {
            "columns": list(self.names),
            "log10_taken": list(self.logs),
            "means": means.tolist(),
            "covariances": covariances.tolist(),
            "points_are": "shift + matrix @ columns, of which log10 was taken where it says so",
            "shift": self.shift.tolist(),
            "matrix": self.matrix.tolist(),
        }
        if any(self.logs):
            names = ("medians", "factors_of_one_sigma")
            for name, table in zip(names, self.log_normal(mixture), strict=True):
                values[name] = [[v if np.isfinite(v) else None for v in row] for row in table.tolist()]
        return values


def own_units(names: tuple[str, ...]) -> Units:
    """The units of points that are the numbers of D columns as they came."""
    n_dimensions = len(names)
    return Units(names, (False,) * n_dimensions, np.zeros(n_dimensions), np.ones(n_dimensions))
