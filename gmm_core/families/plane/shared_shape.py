"""The M-steps of one shape in the plane, each component having its own volume and known axes: VEI and VEV.

With scatters w_k1, w_k2 along the axes and the shape diag(e^a, e^-a), the best volumes leave
sum over k of n_k log(w_k1 e^-a + w_k2 e^a) to be minimised (Celeux & Govaert 1995, sections 4.1 and 4.2,
which iterate between volumes and shape). With r_k = log(w_k1 / w_k2) / 2 that is, but for a constant,
the sum of n_k log cosh(a - r_k): convex, with slope sum of n_k tanh(a - r_k).
"""

import numpy as np

from gmm_core.points import Array
from gmm_core.precision import SMALLEST
from gmm_core.principal import principal

# A scatter smaller than this share of the others' is taken for this share: tanh has long been 1.
TRACE_OF_SCATTER = 1e-60

# Twice the square of a last move of this size is below the rounding of what is moved.
SETTLED = 1e-8
MOST_MOVES = 60


def shared_diagonal_shape(counts: Array, scatters: Array) -> Array:
    """VEI: covariances (..., K, 2, 2) along the coordinate axes, of counts (..., K) and such scatters."""
    covariances = np.zeros(scatters.shape)
    first, second = scatters[..., 0, 0], scatters[..., 1, 1]
    covariances[..., 0, 0], covariances[..., 1, 1] = _shared(counts, first, second)
    return covariances


def shared_shape(counts: Array, scatters: Array) -> Array:
    """VEV: covariances (..., K, 2, 2) along each one's own axes, of counts (..., K) and such scatters."""
    long, short, along, across = principal(scatters)
    long, short = _shared(counts, long, short)
    return long[..., None, None] * along + short[..., None, None] * across


def _shared(counts: Array, first: Array, second: Array) -> tuple[Array, Array]:
    """(..., K) twice: the variances along both axes, in one proportion, of scatters (..., K) along them."""
    stretch = np.exp(elongation(counts, first, second))[..., None]
    volumes = (first / stretch + second * stretch) / (2.0 * counts)
    # Where no component has extent the search made do with a trace of it, which is not in the scatters.
    extents = [scatters.any(axis=-1, keepdims=True) for scatters in (first, second)]
    return volumes * stretch * extents[0], volumes / stretch * extents[1]


def elongation(counts: Array, first: Array, second: Array) -> Array:
    """(...): the a that minimises sum n_k log(w_k1 e^-a + w_k2 e^a), of w_k1 and w_k2 (..., K).

    Each move is the longest that cannot overshoot: the curvature grows at most by e^(2 d) over a
    distance d, because |f'''| <= 2 f''. Near the minimum it is Newton's. Where most of the points lie in
    components without extent along one axis there is no minimum, and a large value stands for it.
    """
    ratios = 0.5 * (_logarithms(first, second) - _logarithms(second, first))
    total = counts.sum(axis=-1)
    shape = np.vecdot(counts, ratios) / total
    moving = total > 0
    for _ in range(MOST_MOVES):
        gaps = shape[..., None] - ratios
        slope = np.vecdot(counts, np.tanh(gaps))
        curvature = np.vecdot(counts, np.cosh(gaps) ** -2.0)
        length = moving * np.log1p(2.0 * np.abs(slope) / curvature)
        shape = shape - 0.5 * np.copysign(length, slope)
        # What has settled stays, so that others beside it make no difference.
        moving = length >= SETTLED
        if not moving.any():
            break
    return shape


def _logarithms(scatters: Array, others: Array) -> Array:
    """(..., K): log of scatters along one axis, those of nothing lifted to a trace of what there is."""
    present: Array = scatters.sum(axis=-1, keepdims=True)
    if not present.all():
        present = np.where(present > 0, present, TRACE_OF_SCATTER * others.sum(axis=-1, keepdims=True))
    return np.log(np.maximum(scatters, np.maximum(TRACE_OF_SCATTER * present, SMALLEST)))
