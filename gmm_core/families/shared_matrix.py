"""The M-step of one shape and orientation, each component having its own volume: VEE.

Sigma_k = lambda_k C with |C| = 1. The best volumes, lambda_k = tr(W_k C^-1) / (D n_k), leave the sum of
n_k log tr(W_k C^-1) to be minimised (Celeux & Govaert 1995, section 4.2, who alternate). Along a geodesic of
the positive definite C of unit determinant each term is a log-sum-exp, so convex (Wiesel 2012, Geodesic
convexity and covariance estimation). In the frame where C is the identity, with q_k = D W_k / tr(W_k) - I,
the slope is minus the sum of n_k q_k / D, and near the minimum the Hessian N / D times I less the sum of
n_k q_k q_k^T / D^2: so Newton's equations are K in number, whatever D.
"""

import numpy as np

from gmm_core.points import Array
from gmm_core.precision import EPSILON, SMALLEST

# Beyond this proportion between two axes of what is sought and of the pooled scatter float64 has no digits.
FARTHEST_SHAPE = 34.0
SETTLED = 1e-8
MOST_MOVES = 60


def shared_matrix(counts: Array, scatters: Array) -> Array:
    """VEE: covariances (..., K, D, D) of counts (..., K) and scatters (..., K, D, D)."""
    n_dimensions = scatters.shape[-1]
    pooled = scatters.sum(axis=-3)
    frame, inverse, is_flat = _whitener(pooled)
    solid = np.where(is_flat[..., None, None, None], np.eye(n_dimensions), scatters)
    frame, inverse = _settle(counts, solid, frame, inverse)
    sizes: Array = np.einsum("...dd->...", _seen(scatters, frame))
    shape = np.swapaxes(inverse, -1, -2) @ inverse
    shape = 0.5 * (shape + np.swapaxes(shape, -1, -2))
    if is_flat.any():
        # All scatter lies in fewer dimensions, so the covariances do.
        traces = np.einsum("...dd->...", pooled)[..., None, None]
        lying = n_dimensions * pooled / np.where(traces > 0, traces, 1.0)
        shape = np.where(is_flat[..., None, None], lying, shape)
        sizes = np.where(is_flat[..., None], np.einsum("...dd->...", scatters), sizes)
    return (sizes / (n_dimensions * counts))[..., None, None] * shape[..., None, :, :]


def _whitener(matrices: Array) -> tuple[Array, Array, Array]:
    """(..., D, D) twice and (...): F with F^T M F = I of M (..., D, D), its inverse, and whether M is
    singular; there F means nothing."""
    n_dimensions = matrices.shape[-1]
    deviations = np.sqrt(np.maximum(np.einsum("...dd->...d", matrices), 0.0))
    is_flat = ~(deviations > 0).all(axis=-1)
    deviations = np.where(deviations > 0, deviations, 1.0)
    roots, axes = np.linalg.eigh(matrices / deviations[..., :, None] / deviations[..., None, :])
    is_flat |= roots[..., 0] <= n_dimensions * EPSILON
    roots = np.sqrt(np.where(is_flat[..., None], 1.0, roots))
    frame = axes / deviations[..., :, None] / roots[..., None, :]
    inverse = np.swapaxes(axes * deviations[..., :, None] * roots[..., None, :], -1, -2)
    return frame, inverse, is_flat


def _seen(scatters: Array, frame: Array) -> Array:
    """(..., K, D, D): F^T W_k F."""
    wide = frame[..., None, :, :]
    return np.swapaxes(wide, -1, -2) @ scatters @ wide


def _settle(counts: Array, scatters: Array, frame: Array, inverse: Array) -> tuple[Array, Array]:
    """(..., D, D) twice: F with C^-1 = F F^T, and F^-1, from a first guess at them.

    Along a geodesic whose exponents differ by r at most the curvature grows at most by e^(r t) over t, so
    that a move of log(1 + r t) / r in place of Newton's t never overshoots.
    """
    n_dimensions = scatters.shape[-1]
    total = counts.sum(axis=-1)
    reach = np.full(total.shape, FARTHEST_SHAPE)
    for _ in range(MOST_MOVES):
        leans = _leans(_seen(scatters, frame))
        exponents, axes = np.linalg.eigh(_newton(counts, total, leans))
        # Shares of each scatter along the axes of the move, which add to 1.
        wide = axes[..., None, :, :]
        along = ((leans @ wide) * wide).sum(axis=-2)
        shares = (1.0 + along) / n_dimensions
        means = np.vecdot(shares, exponents[..., None, :])
        slope = np.vecdot(counts, means) - total * exponents.mean(axis=-1)
        curvature = np.vecdot(counts, np.vecdot(shares, (exponents[..., None, :] - means[..., None]) ** 2))
        widths = exponents[..., -1] - exponents[..., 0]
        safe = np.log1p(widths * np.maximum(slope, 0.0) / np.maximum(curvature, EPSILON**2 * total))
        length = np.minimum(safe, reach)
        # What has settled stays, so that others beside it make no difference.
        reach = np.where(length < SETTLED, 0.0, reach - length)
        moves = np.exp(0.5 * (length / np.where(widths > 0, widths, 1.0))[..., None] * exponents)
        frame = frame @ (axes / moves[..., None, :])
        inverse = (moves[..., None] * np.swapaxes(axes, -1, -2)) @ inverse
        if length.max() < SETTLED:
            break
    return frame, inverse


def _leans(seen: Array) -> Array:
    """(..., K, D, D): D W_k / tr(W_k) - I of scatters in the present frame."""
    n_dimensions = seen.shape[-1]
    means = np.einsum("...dd->...", seen) / n_dimensions
    # A scatter that rounding has left without a trace, or below, leans nowhere.
    is_scattered = (means > SMALLEST)[..., None, None]
    relative = seen / np.where(is_scattered, means[..., None, None], 1.0)
    return np.where(is_scattered, relative, np.eye(n_dimensions)) - np.eye(n_dimensions)


def _newton(counts: Array, total: Array, leans: Array) -> Array:
    """(..., D, D): Newton's step, the exponents of C in the frame where it is the identity."""
    n_dimensions = leans.shape[-1]
    roots = np.sqrt(counts / (total[..., None] * n_dimensions))
    flat = roots[..., None] * leans.reshape(*leans.shape[:-2], n_dimensions**2)
    values, vectors = np.linalg.eigh(flat @ np.swapaxes(flat, -1, -2))
    # Where scatters are flat, or the minimum far, it may be singular or have the other sign.
    bends = np.maximum(np.abs(1.0 - values), EPSILON)
    parts = (n_dimensions * roots[..., None, :] @ vectors) / bends[..., None, :]
    step = parts @ np.swapaxes(vectors, -1, -2) @ flat
    return step.reshape(*total.shape, n_dimensions, n_dimensions)
