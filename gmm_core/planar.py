"""The E-step in the plane by two matrix products, where that costs no digits.

In two dimensions the log-joint is linear in (1, x, y, x^2, xy, y^2), and so are the moments in the
responsibilities. Expanded squares cancel when a component is small beside its distance from the common
origin: about eps * ratio^2 of a log-density is lost. Where the loss could be seen, `expect` declines and
the centred E-step of em.py is taken.
"""

import numpy as np

from gmm_core.mixture import LOG_TWO_PI, Mixture, chunks
from gmm_core.moments import Moments
from gmm_core.points import Array

# (distance in standard deviations)^2 that may cancel: eps times this is below 3e-11.
MOST_CANCELLED = 1e5


def expect(points: Array, mixture: Mixture) -> tuple[Moments, float] | None:
    """Moments of points (N, 2) and their log-likelihood in nats, or None where digits would be lost."""
    origin = mixture.weights @ mixture.means
    coefficients = _coefficients(mixture, origin)
    reach = np.abs(mixture.means - origin).max(axis=0)
    steepness = np.abs(mixture.whiteners).sum(axis=1).max(axis=0)
    sums, log_likelihood = np.zeros((mixture.n_components, 6)), 0.0
    for chunk in chunks(points):
        features = _features(chunk, origin)
        extent = np.abs(features[1:3]).max(axis=1) + reach
        if not (steepness * extent).sum() <= MOST_CANCELLED**0.5:
            return None
        shares = coefficients @ features
        largest = shares.max(axis=0)
        shares -= largest
        np.exp(shares, out=shares)
        totals = shares.sum(axis=0)
        shares /= totals
        sums += shares @ features.T
        log_likelihood += float(largest.sum() + np.log(totals).sum())
    moments = _moments(sums, origin)
    return None if moments is None else (moments, log_likelihood)


def _features(chunk: Array, origin: Array) -> Array:
    """(6, n): 1, x, y, x^2, xy, y^2 of points about the origin."""
    features = np.empty((6, len(chunk)))
    features[0] = 1.0
    np.subtract(chunk.T, origin[:, None], out=features[1:3])
    np.multiply(features[1], features[1:3], out=features[3:5])
    np.multiply(features[2], features[2], out=features[5])
    return features


def _coefficients(mixture: Mixture, origin: Array) -> Array:
    """(K, 6): the log-joint as a polynomial in x and y about the origin."""
    shifts = mixture.means - origin
    precisions = mixture.whiteners.transpose(0, 2, 1) @ mixture.whiteners
    slopes = np.einsum("kij,kj->ki", precisions, shifts)
    with np.errstate(divide="ignore"):
        constants = np.log(mixture.weights) - mixture.log_scales - LOG_TWO_PI
    constants = constants - 0.5 * (slopes * shifts).sum(axis=1)
    squares = np.stack([-0.5 * precisions[:, 0, 0], -precisions[:, 0, 1], -0.5 * precisions[:, 1, 1]], axis=1)
    # A weight of 0 has no finite logarithm; this is as good as none, and 0 times it is 0.
    constants = np.maximum(constants, -1e300)
    return np.column_stack([constants, slopes, squares])


def _moments(sums: Array, origin: Array) -> Moments | None:
    """Moments from sums (K, 6) of the features, or None where a scatter is small beside what it came from."""
    counts = sums[:, 0]
    if not (counts > 0).all():
        return None
    shifts = sums[:, 1:3] / counts[:, None]
    raw = sums[:, [3, 4, 4, 5]].reshape(-1, 2, 2)
    scatters = raw - counts[:, None, None] * shifts[:, :, None] * shifts[:, None, :]
    variances = np.einsum("kdd->kd", scatters)
    squares = np.einsum("kdd->kd", raw)
    kept = variances * MOST_CANCELLED > squares
    determinants = scatters[:, 0, 0] * scatters[:, 1, 1] - scatters[:, 0, 1] ** 2
    solid = determinants * MOST_CANCELLED > squares[:, 0] * squares[:, 1]
    if not (kept.all() and solid.all()):
        return None
    return Moments(counts, origin + shifts, scatters)
