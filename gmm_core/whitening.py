"""From covariances to what densities need of them: inverse Cholesky factors and determinants."""

import numpy as np

from gmm_core.points import Array
from gmm_core.precision import EPSILON


def whiten(covariances: Array) -> tuple[Array, Array]:
    """The inverses (..., D, D) of the lower Cholesky factors of covariances (..., D, D), and half their
    log-determinants (...): whitener @ (x - mean) is standard normal for a normal x.

    For covariances already known to be positive definite. Source: Golub & Van Loan, Matrix Computations,
    4.2.
    """
    if covariances.shape[-1] == 2:
        return _whiten_plane(covariances)
    # With rows scaled to unit variance first, units do not matter.
    deviations = np.sqrt(np.einsum("...dd->...d", covariances))
    correlations = covariances / deviations[..., :, None] / deviations[..., None, :]
    factors = np.asarray(np.linalg.cholesky(correlations), dtype=np.float64)
    log_scales = np.log(np.einsum("...dd->...d", factors) * deviations).sum(axis=-1)
    return np.asarray(np.linalg.inv(factors), dtype=np.float64) / deviations[..., None, :], log_scales


def _whiten_plane(covariances: Array) -> tuple[Array, Array]:
    """The same for two dimensions, written out: a tenth of the time for a handful of matrices."""
    first = np.sqrt(covariances[..., 0, 0])
    slope = covariances[..., 1, 0] / covariances[..., 0, 0]
    variance = covariances[..., 1, 1]
    # Where the matrix is positive definite by the last digit only, rounding may leave 0.
    second = np.sqrt(np.maximum(variance - slope * covariances[..., 1, 0], EPSILON * variance))
    whiteners = np.zeros(covariances.shape)
    whiteners[..., 0, 0] = 1.0 / first
    whiteners[..., 1, 0] = -slope / second
    whiteners[..., 1, 1] = 1.0 / second
    return whiteners, np.log(first) + np.log(second)
