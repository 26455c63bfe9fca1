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
    total = moments.total
    if moments.counts.min() > EPSILON * total:
        return
    k = int(np.flatnonzero(moments.counts <= EPSILON * total)[0])
    eigenvalue = max(float(np.linalg.eigvalsh(moments.scatters[k])[0]), 0.0)
    raise ComponentCollapsedError(k, float(moments.counts[k]), total, eigenvalue)


def check_covariances(moments: Moments, covariances: Array) -> None:
    """Raises ComponentCollapsedError for the first component of less extent than float64 can carry.

    Two measures, neither of which depends on the units of an axis: a variance against that of all
    points, and the smallest eigenvalue of the correlation matrix.
    """
    if moments.n_dimensions == 2 and _surely_solid(moments, covariances):
        return
    total = moments.total
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


def _surely_solid(moments: Moments, covariances: Array) -> bool:
    """Whether covariances (K, 2, 2) are so far from collapse that a rough look is enough.

    The scatter of all points is at most the largest scatter K times and twice the largest mean, squared.
    Plain numbers: for a handful of them arrays would take longer.
    """
    widest = len(covariances) * float(moments.scatters.max()) / moments.total
    farthest = max(map(abs, moments.means.ravel().tolist()))
    rounding = (64 * EPSILON) ** 2 * (widest + 4 * farthest**2)
    return all(
        min(a, d) > rounding and a * d - b * b > 1e-10 * a * d
        for a, b, _, d in covariances.reshape(-1, 4).tolist()
    )
