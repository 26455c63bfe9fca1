"""The M-steps that are formulas, in any number of dimensions.

Each takes counts (..., K) above 0 and scatters (..., K, D, D), and returns the maximum-likelihood
covariances (..., K, D, D); the leading axes are any mixtures side by side.
Source: Celeux & Govaert (1995), section 4.
"""

import numpy as np

from gmm_core.points import Array
from gmm_core.precision import SMALLEST
from gmm_core.principal import principal, rescaled


def own(counts: Array, scatters: Array) -> Array:
    """VVV: every component's own covariance."""
    return scatters / counts[..., None, None]


def pooled(counts: Array, scatters: Array) -> Array:
    """EEE: what is within the components, averaged over all points."""
    return _everywhere(scatters.sum(axis=-3) / counts.sum(axis=-1)[..., None, None], counts)


def own_diagonal(counts: Array, scatters: Array) -> Array:
    """VVI: every component's own variances."""
    return along_axes(np.einsum("...dd->...d", scatters) / counts[..., None])


def pooled_diagonal(counts: Array, scatters: Array) -> Array:
    """EEI: the variances within the components, averaged over all points."""
    variances = np.einsum("...kdd->...d", scatters) / counts.sum(axis=-1)[..., None]
    return _everywhere(along_axes(variances), counts)


def own_sphere(counts: Array, scatters: Array) -> Array:
    """VII: every component's own variance, the same in every direction."""
    n_dimensions = scatters.shape[-1]
    variances = np.einsum("...dd->...", scatters) / (counts * n_dimensions)
    return along_axes(np.repeat(variances[..., None], n_dimensions, axis=-1))


def pooled_sphere(counts: Array, scatters: Array) -> Array:
    """EII: the variance within the components, the same in every direction."""
    n_dimensions = scatters.shape[-1]
    variances = np.einsum("...kdd->...", scatters) / (counts.sum(axis=-1) * n_dimensions)
    return _everywhere(along_axes(np.repeat(variances[..., None], n_dimensions, axis=-1)), counts)


def own_diagonal_shape(counts: Array, scatters: Array) -> Array:
    """EVI: every component's own variances, scaled to one volume."""
    n_dimensions = scatters.shape[-1]
    variances = np.einsum("...dd->...d", scatters)
    # Roots first: the product itself could leave the range of float64.
    sizes = (variances ** (1.0 / n_dimensions)).prod(axis=-1)
    return along_axes(variances * of_one_volume(counts, sizes)[..., None])


def own_shape(counts: Array, scatters: Array) -> Array:
    """EVV: every component's own covariance, scaled to one volume."""
    return scatters * of_one_volume(counts, _sizes(scatters))[..., None, None]


def own_axes(counts: Array, scatters: Array) -> Array:
    """EEV: one volume and shape, turned to every component's own axes.

    It averages the sorted eigenvalues of the scatters.
    """
    total = counts.sum(axis=-1)[..., None]
    if scatters.shape[-1] != 2:
        roots, axes = np.linalg.eigh(scatters)
        shared = np.maximum(roots, 0.0).sum(axis=-2) / total
        return with_axes(axes, shared[..., None, :])
    long, short, along, across = principal(scatters)
    long, short = (roots.sum(axis=-1) / total[..., 0] for roots in (long, short))
    return long[..., None, None, None] * along + short[..., None, None, None] * across


def along_axes(variances: Array) -> Array:
    """(..., D, D): with variances (..., D) along the coordinate axes."""
    covariances = np.zeros((*variances.shape, variances.shape[-1]))
    np.einsum("...dd->...d", covariances)[...] = variances
    return covariances


def with_axes(axes: Array, variances: Array) -> Array:
    """(..., D, D): symmetric to the last digit, of axes (..., D, D) in columns and variances (..., D)."""
    turned = (axes * variances[..., None, :]) @ np.swapaxes(axes, -1, -2)
    return 0.5 * (turned + np.swapaxes(turned, -1, -2))


def of_one_volume(counts: Array, sizes: Array) -> Array:
    """(..., K): what scatters are multiplied with to be covariances of equal determinant.

    `sizes` (..., K) are the D-th roots of the determinants of the scatters; their sum over the total
    count is the common volume, to the power 1/D.
    """
    size = (sizes.sum(axis=-1) / counts.sum(axis=-1))[..., None]
    # A component that is flat beside the others has no volume to scale, and keeps its own covariance.
    flat = sizes <= SMALLEST * size
    return np.where(flat, 1.0, size) / np.where(flat, counts, sizes)


def _sizes(scatters: Array) -> Array:
    """(..., K): the D-th roots of the determinants, 0 where rounding has made one negative."""
    n_dimensions = scatters.shape[-1]
    if n_dimensions == 2:
        scaled, exponents = rescaled(scatters)
        squares = scaled[..., 0, 0] * scaled[..., 1, 1] - scaled[..., 0, 1] * scaled[..., 0, 1]
        return np.ldexp(np.sqrt(np.maximum(squares, 0.0)), exponents)
    signs, logarithms = np.linalg.slogdet(scatters)
    return np.where(signs > 0, np.exp(logarithms / n_dimensions), 0.0)


def _everywhere(covariances: Array, counts: Array) -> Array:
    """The same (..., D, D) for each of the K components."""
    return np.repeat(covariances[..., None, :, :], counts.shape[-1], axis=-3)
