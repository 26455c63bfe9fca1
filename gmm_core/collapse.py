"""When a component has lost its points or its extent, and how that is said."""

import numpy as np
from numpy.typing import NDArray

from gmm_core.moments import Moments, total_scatter
from gmm_core.points import Array
from gmm_core.precision import EPSILON, SMALLEST


class ComponentCollapsedError(ArithmeticError):
    """A component shrank to nothing: the likelihood has no maximum there, or float64 no digits left; or no
    point is left to it."""

    def __init__(self, component: int, count: float, n_points: float, smallest_eigenvalue: float) -> None:
        self.component = component
        """Index from 0."""
        self.count = count
        """The points it still held: its responsibilities, summed."""
        self.smallest_eigenvalue = smallest_eigenvalue
        """Of its covariance, in squared units of the points."""
        self.is_empty = count <= EPSILON * n_points
        """Whether it has lost its points, and not its extent."""
        if self.is_empty:
            # A larger reg_covar is no cure: there are no points whose spread it would widen.
            cause = f"it holds {count:.3g} of {n_points:g} points, for none is near it"
            cures = "start from other means, start with a wider covariance, or choose fewer components"
        else:
            cause = (
                f"it holds {count:.3g} of {n_points:g} points and the smallest eigenvalue of its covariance "
                f"is {smallest_eigenvalue:.3g}"
            )
            cures = "raise reg_covar, choose fewer components or a simpler family, or start from other means"
        super().__init__(f"Component {component + 1} collapsed: {cause}; {cures}.")
        self._found = component, count, n_points, smallest_eigenvalue

    def __reduce__(self) -> tuple[type["ComponentCollapsedError"], tuple[int, float, float, float]]:
        # Without this pickle would call the class with the sentence alone.
        return type(self), self._found


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
    solid = are_solid(covariances, rounding_of(spread, moments.means))
    for k in np.flatnonzero(~solid):
        eigenvalue = max(float(np.linalg.eigvalsh(covariances[k])[0]), 0.0)
        raise ComponentCollapsedError(int(k), float(moments.counts[k]), total, eigenvalue)


def rounding_of(spread: Array, places: Array) -> Array:
    """(..., D): the variance along each axis that may be but rounding, in squared units of the points.

    Points carry about 16 digits: a deviation below a few EPSILON of the root of `spread` (D,), the variance
    of all points, or of the distance of `places` (..., D) from the origin at which they were given, is no
    extent. Nor is a variance of fewer digits than float64's own, as squares have that are nearly 0.
    """
    return (32 * EPSILON) ** 2 * spread + (4 * EPSILON * places) ** 2 + SMALLEST


def are_solid(covariances: Array, rounding: Array) -> NDArray[np.bool_]:
    """(...): whether covariances (..., D, D) have more extent than `rounding` (..., D) along every axis, and
    than float64 can lose in every other direction: the correlations' smallest eigenvalue says so."""
    n_dimensions = covariances.shape[-1]
    variances = np.einsum("...dd->...d", covariances)
    wide = (variances > rounding).all(axis=-1)
    deviations = np.sqrt(np.where(wide[..., None], variances, 1.0))
    correlations = covariances / deviations[..., :, None] / deviations[..., None, :]
    if n_dimensions == 2:
        smallest = 1.0 - np.abs(correlations[..., 0, 1])
    else:
        # Where an axis has no extent the answer is known, and the correlations may be no numbers.
        smallest = np.linalg.eigvalsh(np.where(wide[..., None, None], correlations, np.eye(n_dimensions)))[
            ..., 0
        ]
    return wide & (smallest > 16 * n_dimensions * EPSILON)


def _surely_solid(moments: Moments, covariances: Array) -> bool:
    """Whether covariances (K, 2, 2) are so far from collapse that a rough look is enough.

    The scatter of all points is at most the largest scatter K times and twice the largest mean, squared.
    Plain numbers: for a handful of them arrays would take longer.
    """
    widest = len(covariances) * float(moments.scatters.max()) / moments.total
    farthest = max(map(abs, moments.means.ravel().tolist()))
    rounding = (64 * EPSILON) ** 2 * (widest + 4 * farthest**2) + SMALLEST
    return all(
        min(a, d) > rounding and a * d - b * b > 1e-10 * a * d
        for a, b, _, d in covariances.reshape(-1, 4).tolist()
    )
