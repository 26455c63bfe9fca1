"""When a component has lost its points or its extent, and how that is said."""

import numpy as np

from gmm_core.moments import Moments, total_scatter
from gmm_core.points import Array

EPSILON = float(np.finfo(np.float64).eps)


class ComponentCollapsedError(ArithmeticError):
    """A component shrank to nothing: the likelihood has no maximum there, or float64 no digits left."""

    def __init__(self, component: int, count: float, n_points: float, smallest_eigenvalue: float) -> None:
        self.component = component
        """Index from 0."""
        self.count = count
        """The points it still held: its responsibilities, summed."""
        self.smallest_eigenvalue = smallest_eigenvalue
        """Of its covariance, in squared units of the points."""
        super().__init__(
            f"Component {component + 1} collapsed: it holds {count:.3g} of {n_points:g} points and the "
            f"smallest eigenvalue of its covariance is {smallest_eigenvalue:.3g}; raise reg_covar, "
            "choose fewer components or a simpler family, or start from other means."
        )


def check_counts(moments: Moments) -> None:
    """Raises ComponentCollapsedError for the first component that holds none of the points."""
    total = float(moments.counts.sum())
    for k in np.flatnonzero(moments.counts <= EPSILON * total):
        eigenvalue = max(float(np.linalg.eigvalsh(moments.scatters[k])[0]), 0.0)
        raise ComponentCollapsedError(int(k), float(moments.counts[k]), total, eigenvalue)


def check_covariances(moments: Moments, covariances: Array) -> None:
    """Raises ComponentCollapsedError for the component with least extent, if float64 cannot carry it.

    Two measures, neither of which depends on the units of an axis: a variance against that of all
    points, and the smallest eigenvalue of the correlation matrix.
    """
    total = float(moments.counts.sum())
    spread = np.diagonal(total_scatter(moments)) / total
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    # Points carry about 16 digits: a deviation below a few EPSILON of the spread, or of the distance from
    # the origin at which they were given, is rounding.
    rounding = (32 * EPSILON) ** 2 * spread + (4 * EPSILON * moments.means) ** 2
    flat = ((variances <= rounding) | (variances <= 0)).any(axis=1)
    deviations = np.sqrt(np.where(flat.reshape(-1, 1), 1.0, variances))
    correlations = covariances / deviations[:, :, None] / deviations[:, None, :]
    thin = np.linalg.eigvalsh(correlations)[:, 0] <= 16 * moments.n_dimensions * EPSILON
    for k in np.flatnonzero(flat | thin):
        eigenvalue = max(float(np.linalg.eigvalsh(covariances[k])[0]), 0.0)
        raise ComponentCollapsedError(int(k), float(moments.counts[k]), total, eigenvalue)
