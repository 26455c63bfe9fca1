"""The M-step of one shape and orientation in the plane, each component having its own volume: VEE.

Sigma_k = lambda_k C with |C| = 1. The best volumes, lambda_k = tr(W_k C^-1) / (2 n_k), leave the sum of
n_k log tr(W_k C^-1) to be minimised (Celeux & Govaert 1995, section 4.2, who alternate). The C of unit
determinant form a hyperbolic plane, on which each term is log cosh of the distance from C to W_k, but for
a constant: geodesically convex. So Newton's method on that plane takes a few steps.
"""

import numpy as np
from numpy.typing import NDArray

from gmm_core.points import Array
from gmm_core.precision import EPSILON, SMALLEST
from gmm_core.principal import adjugate, rescaled

# Beyond this distance from the pooled scatter, a proportion of e^34 between the axes, float64 has no digits.
FARTHEST_SHAPE = 17.0
# Up to this length Newton's own step overshoots by so little that it still descends.
NEWTON_REACH = 0.2
SETTLED = 1e-8
MOST_MOVES = 60


def shared_matrix(counts: Array, scatters: Array) -> Array:
    """VEE: covariances (..., K, 2, 2) of counts (..., K) and scatters (..., K, 2, 2)."""
    pooled, _ = rescaled(scatters.sum(axis=-3))
    determinants = pooled[..., 0, 0] * pooled[..., 1, 1] - pooled[..., 0, 1] * pooled[..., 0, 1]
    flat = determinants <= 0
    if flat.any():
        # All scatter lies along one line, so the covariances do.
        lines = pooled / np.maximum(np.einsum("...dd->...", pooled), SMALLEST)[..., None, None]
        along = (np.einsum("...dd->...", scatters) / counts)[..., None, None] * lines[..., None, :, :]
        rounded = np.where(flat[..., None, None, None], np.eye(2), scatters)
        return np.where(flat[..., None, None, None], along, shared_matrix(counts, rounded))
    frame = _settle(counts, scatters, _whitener(pooled, determinants))
    traces = np.einsum("...dd->...", _seen(scatters, frame))
    shape = adjugate(frame @ np.swapaxes(frame, -1, -2))
    return (traces / (2.0 * counts))[..., None, None] * shape[..., None, :, :]


def _whitener(matrix: Array, determinant: Array) -> Array:
    """(..., 2, 2): F of unit determinant with F^T M F a multiple of the identity, of M (..., 2, 2)."""
    root = np.sqrt(np.sqrt(determinant) / matrix[..., 0, 0])
    frame = np.zeros(matrix.shape)
    frame[..., 0, 0] = root
    frame[..., 1, 1] = 1.0 / root
    frame[..., 0, 1] = -matrix[..., 0, 1] / (matrix[..., 0, 0] * root)
    return frame


def _seen(scatters: Array, frame: Array) -> Array:
    """(..., K, 2, 2): F^T W_k F."""
    wide = frame[..., None, :, :]
    return np.swapaxes(wide, -1, -2) @ scatters @ wide


def _settle(counts: Array, scatters: Array, frame: Array) -> Array:
    """(..., 2, 2): F with C^-1 = F F^T, from a first guess at it.

    In the frame of the present C, with q_k the deviator of W_k over its mean as a complex number, the
    slope is the sum of n_k q_k and the Hessian N I minus the sum of n_k q_k q_k^T. Along a geodesic
    |f'''| <= 2 f'', so that a move of log(1 + 2 d) / 2 in place of Newton's d never overshoots.
    """
    total = counts.sum(axis=-1)
    reach = np.full(total.shape, FARTHEST_SHAPE)
    for _ in range(MOST_MOVES):
        newton = _newton(counts, total, _seen(scatters, frame))
        distance = np.abs(newton)
        safe = np.where(distance < NEWTON_REACH, distance, 0.5 * np.log1p(2.0 * distance))
        length = np.minimum(safe, reach)
        # What has settled stays, so that others beside it make no difference.
        reach = np.where(length < SETTLED, 0.0, reach - length)
        towards = newton / np.where(distance > SMALLEST, distance, 1.0)
        frame = frame @ _stretch(length, towards)
        if length.max() < SETTLED:
            break
    return frame


def _newton(counts: Array, total: Array, seen: Array) -> NDArray[np.complex128]:
    """(...): Newton's step as a complex number: its traceless symmetric matrix is [[x, y], [y, -x]]."""
    a, c = seen[..., 0, 0], seen[..., 1, 1]
    traces = a + c
    # Both parts on their own: a complex quotient overflows where the divisor is next to nothing. A scatter
    # that rounding has left without a trace, or below, leans nowhere.
    is_scattered = traces > 0
    divisor = np.where(is_scattered, traces, 1.0)
    lean = np.where(is_scattered, (a - c) / divisor + 2j * (seen[..., 0, 1] / divisor), 0.0)
    pull = counts * lean
    slope = pull.sum(axis=-1)
    doubled = 0.5 * (pull * lean).sum(axis=-1)
    plain = total - 0.5 * np.vecdot(lean, pull).real
    # The Hessian is plain * I minus the reflection `doubled`; where scatters are flat it may be singular.
    determinant = np.maximum(plain * plain - np.abs(doubled) ** 2, EPSILON * total * total)
    return -(plain * slope + doubled * slope.conj()) / determinant


def _stretch(length: Array, towards: NDArray[np.complex128]) -> Array:
    """(..., 2, 2): exp of half the traceless symmetric matrix of this length and direction."""
    along, sideways = np.cosh(0.5 * length), np.sinh(0.5 * length)
    matrix = np.empty((*length.shape, 2, 2))
    matrix[..., 0, 0] = along + sideways * towards.real
    matrix[..., 1, 1] = along - sideways * towards.real
    matrix[..., 0, 1] = matrix[..., 1, 0] = sideways * towards.imag
    return matrix
