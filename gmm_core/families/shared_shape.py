"""The M-steps of one shape, each component having its own volume and known axes: VEI and VEV.

With scatters w_kd along the axes and the shape diag(e^a_d), sum of a = 0, the best volumes leave the sum of
n_k log sum_d w_kd e^-a_d to be minimised (Celeux & Govaert 1995, sections 4.1 and 4.2, who alternate
between volumes and shape). It is a sum of log-sum-exp, so convex in a: Newton's method finds the minimum.
"""

import numpy as np

from gmm_core.families.closed_forms import with_axes
from gmm_core.points import Array
from gmm_core.precision import EPSILON, SMALLEST

# A scatter smaller than this share of the others' is taken for this share: it has long lost its say.
TRACE_OF_SCATTER = 1e-60
# No shape is beyond it but where scatters without extent lie in a chain across each other.
FARTHEST_SHAPE = -np.log(TRACE_OF_SCATTER)

# Twice the square of a last move of this size is below the rounding of what is moved.
SETTLED = 1e-8
MOST_MOVES = 60


def shared_diagonal_shape(counts: Array, scatters: Array) -> Array:
    """VEI: covariances (..., K, D, D) along the coordinate axes, of counts (..., K) and such scatters."""
    variances = _shared(counts, np.einsum("...dd->...d", scatters))
    return variances[..., None] * np.eye(scatters.shape[-1])


def shared_shape(counts: Array, scatters: Array) -> Array:
    """VEV: covariances (..., K, D, D) along each one's own axes, of counts (..., K) and such scatters.

    The axes of a component are its own scatter's, from the shortest to the longest.
    """
    roots, axes = np.linalg.eigh(scatters)
    return with_axes(axes, _shared(counts, np.maximum(roots, 0.0)))


def _shared(counts: Array, scatters: Array) -> Array:
    """(..., K, D): the variances along the axes, in one proportion, of scatters (..., K, D) along them."""
    shape = np.clip(log_shape(counts, scatters), -FARTHEST_SHAPE, FARTHEST_SHAPE)
    stretch = np.exp(shape)[..., None, :]
    volumes = (scatters / stretch).sum(axis=-1, keepdims=True) / (counts * scatters.shape[-1])[..., None]
    # Where no component has extent the search made do with a trace of it, which is not in the scatters.
    return volumes * stretch * scatters.any(axis=-2, keepdims=True)


def log_shape(counts: Array, scatters: Array) -> Array:
    """(..., D): the a of sum 0 that minimises sum_k n_k log sum_d w_kd e^-a_d, of w (..., K, D).

    Each move is the longest that cannot overshoot: along a direction whose entries differ by r at most,
    the curvature grows at most by e^(r t) over t, because |f'''| <= r f''. Near the minimum it is Newton's.
    Where most of the points lie in components without extent there is no minimum, and a far value stands
    for it.
    """
    n_dimensions = scatters.shape[-1]
    logarithms = _logarithms(scatters)
    total = counts.sum(axis=-1)[..., None]
    shape: Array = (counts[..., None] * logarithms).sum(axis=-2) / total
    shape = shape - shape.mean(axis=-1, keepdims=True)
    moving = np.ones((*total.shape[:-1], 1), dtype=bool)
    # The sum of the entries changes nothing: what it costs here keeps the equations from being singular.
    ridge = total[..., None] * (1.0 / n_dimensions**2 + EPSILON * np.eye(n_dimensions))
    for _ in range(MOST_MOVES):
        seen = logarithms - shape[..., None, :]
        shares = np.exp(seen - seen.max(axis=-1, keepdims=True))
        shares /= shares.sum(axis=-1, keepdims=True)
        weighted = counts[..., None] * shares
        held = weighted.sum(axis=-2)
        curvatures = held[..., None] * np.eye(n_dimensions) - np.swapaxes(weighted, -1, -2) @ shares
        wanted: Array = (held - total / n_dimensions)[..., None]
        newton: Array = np.asarray(np.linalg.solve(curvatures + ridge, wanted), dtype=np.float64)[..., 0]
        newton = newton - newton.mean(axis=-1, keepdims=True)
        reach = np.ptp(newton, axis=-1, keepdims=True)
        slope = np.vecdot(newton, held - total / n_dimensions)[..., None]
        curvature = np.vecdot(newton, (curvatures @ newton[..., None])[..., 0])[..., None]
        length = np.log1p(reach * np.maximum(slope, 0.0) / np.maximum(curvature, EPSILON**2 * total))
        shape = shape + moving * (length / np.where(reach > 0, reach, 1.0)) * newton
        # What has settled stays, so that others beside it make no difference.
        moving = moving & (length >= SETTLED)
        if not moving.any():
            break
    return shape


def _logarithms(scatters: Array) -> Array:
    """(..., K, D): log of the scatters, those of nothing lifted to a trace of what there is."""
    along = scatters.sum(axis=-2, keepdims=True)
    along = np.maximum(along, TRACE_OF_SCATTER * along.sum(axis=-1, keepdims=True))
    return np.log(np.maximum(scatters, np.maximum(TRACE_OF_SCATTER * along, SMALLEST)))
