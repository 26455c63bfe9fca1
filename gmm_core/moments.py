"""The expected sufficient statistics: all that an M-step needs to know of the points."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from gmm_core.points import Array, PointsError, as_numbers, as_points, read_only

# A component that holds less of the points than this has no mean that float64 could name.
NOTHING = 1e-290


@dataclass(frozen=True, eq=False)
class Moments:
    """What each component has gathered from the points; `a + b` merges two disjoint sets of points.

    Source: Dempster, Laird & Rubin (1977), section 3; the merge is Chan, Golub & LeVeque (1983), eq. 2.1.
    """

    counts: Array
    """(K,): the responsibilities summed over the points."""
    means: Array
    """(K, D): the responsibility-weighted means; where a count is 0, a mean of no meaning."""
    scatters: Array
    """(K, D, D): sums of r (x - mean)(x - mean)^T, each centred on its own mean; not divided by anything."""

    def __post_init__(self) -> None:
        for name in ("counts", "means", "scatters"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __add__(self, other: "Moments") -> "Moments":
        if self.means.shape != other.means.shape:
            raise PointsError(
                f"Moments of shapes {self.means.shape} and {other.means.shape} cannot be added; "
                "both must come from the same mixture."
            )
        counts = self.counts + other.counts
        # Where both are empty any share will do.
        share = other.counts / np.where(counts > 0, counts, 1.0)
        shift = other.means - self.means
        means = np.where((self.counts > 0)[:, None], self.means + share[:, None] * shift, other.means)
        between = (self.counts * share)[:, None, None] * (shift[:, :, None] * shift[:, None, :])
        return Moments(counts, means, self.scatters + other.scatters + between)

    @property
    def n_components(self) -> int:
        """K."""
        return len(self.counts)

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.means.shape[1]


def expected_moments(points: Any, responsibilities: Any) -> Moments:
    """The Moments of points (N, D) under responsibilities (N, K) (Bishop eqs. 9.17-9.19).

    Raises PointsError for bad points, or responsibilities that are not (N, K) numbers >= 0.
    """
    checked = as_points(points)
    return weighted_moments(checked, as_responsibilities(responsibilities, len(checked)))


def as_responsibilities(responsibilities: Any, n_points: int, n_components: int | None = None) -> Array:
    """`responsibilities` as a float64 array (n_points, K), K being `n_components` if that is given.

    Raises PointsError unless they are numbers >= 0, one row a point.
    """
    shares = as_numbers(responsibilities, "Responsibilities")
    wide = shares.ndim == 2 and shares.shape[1] > 0 and n_components in (None, shares.shape[1])
    if not wide or len(shares) != n_points:
        raise PointsError(
            f"Responsibilities must have shape ({n_points}, {n_components or 'K'}), one row a point, not "
            f"{shares.shape}; give a row for each point."
        )
    if not np.isfinite(shares).all() or (shares < 0).any():
        raise PointsError("Responsibilities must be finite and not negative; normalise each row to sum to 1.")
    return shares


def weighted_moments(points: Array, shares: Array) -> Moments:
    """`expected_moments` for arrays already checked: two passes, so that no digits are lost to an offset."""
    centre = points.mean(axis=0)
    offsets = points - centre
    counts = shares.sum(axis=0)
    counts = np.where(counts > NOTHING, counts, 0.0)
    shifts = (shares.T @ offsets) / np.where(counts > 0, counts, 1.0)[:, None]
    n_components, n_dimensions = shifts.shape
    scatters = np.empty((n_components, n_dimensions, n_dimensions))
    for k in range(n_components):
        deviations = offsets - shifts[k]
        scatter = (deviations * shares[:, k, None]).T @ deviations
        scatters[k] = 0.5 * (scatter + scatter.T)
    return Moments(counts, centre + shifts, scatters)


def total_scatter(moments: Moments) -> Array:
    """(D, D): the scatter of all points about their common mean, rebuilt from the components' Moments."""
    total = moments.counts.sum()
    centre = (moments.counts[:, None] * moments.means).sum(axis=0) / total
    shifts = moments.means - centre
    return moments.scatters.sum(axis=0) + np.einsum("k,ki,kj->ij", moments.counts, shifts, shifts)
