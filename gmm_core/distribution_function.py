"""The distribution function of a mixture in one dimension, and its inverse."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

from gmm_core.mixture import Mixture, MixtureError, without_noise
from gmm_core.points import Array, PointsError, as_numbers, as_points, quoted

# Halvings of an interval of float64 numbers: after so many no number lies between its ends.
MOST_HALVINGS = 2100


def cdf(points: ArrayLike, mixture: Mixture) -> Array:
    """(N,): the probability of a value of at most each of points (N, 1), from 0 to 1.

    Raises PointsError for bad points, MixtureError for a mixture of several columns (take its `marginal`), or
    with noise, which has no place.

    >>> cdf([[0.0], [2.0]], Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]])).round(3).tolist()
    [0.25, 0.5]
    """
    components = _in_one_dimension(mixture)
    return _tail(as_points(points, 1)[:, 0], components, 1.0)


def quantile(mixture: Mixture, probabilities: ArrayLike) -> Array:
    """(Q,): the smallest values whose `cdf` is at least these probabilities (Q,), or one of them, in the
    units of the points; minus infinity for 0, and infinity for 1.

    Found by bisection between the components' own quantiles, to the last digit that the distribution
    function has; above 1/2 by the upper tail, so that 1 - 1e-12 has its digits too. Raises MixtureError as
    `cdf`, PointsError for what is no probability.

    >>> quantile(Mixture([0.5, 0.5], [[0.0], [4.0]], [[[1.0]], [[1.0]]]), [0.25, 0.75]).round(3).tolist()
    [-0.0, 4.0]
    """
    components = _in_one_dimension(mixture)
    wanted = np.atleast_1d(as_numbers(probabilities, "Probabilities"))
    if wanted.ndim != 1 or not ((wanted >= 0) & (wanted <= 1)).all():
        raise PointsError(f"The probabilities are {quoted(probabilities)}; give numbers from 0 to 1.")
    result = np.where(wanted > 0.5, np.inf, -np.inf)
    inside = (wanted > 0) & (wanted < 1)
    lower, upper = inside & (wanted <= 0.5), inside & (wanted > 0.5)
    result[lower] = _bisect(wanted[lower], components, 1.0)
    result[upper] = _bisect(1.0 - wanted[upper], components, -1.0)
    return result


def _in_one_dimension(mixture: Mixture) -> Mixture:
    components = without_noise(mixture, "how much of it lies below a value")
    if components.n_columns != 1:
        raise MixtureError(
            f"A distribution function needs one column of numbers and the mixture has "
            f"{components.n_columns} columns; take marginal(mixture, column)."
        )
    return components


def _tail(values: Array, mixture: Mixture, sign: float) -> Array:
    """(N,): the probability of at most these values for sign 1, of more than them for sign -1."""
    total = np.zeros(len(values))
    weights = mixture.weights / mixture.weights.sum()
    for weight, mean, whitener in zip(weights, mixture.means[:, 0], mixture.whiteners[:, 0, 0], strict=True):
        total += weight * np.asarray(ndtr(sign * whitener * (values - mean)), dtype=np.float64)
    return np.minimum(total, 1.0)


def _bisect(tails: Array, mixture: Mixture, sign: float) -> Array:
    """(Q,): where the lower tail (sign 1) or the upper one (sign -1) is `tails` (Q,), between 0 and 1."""
    present = mixture.weights > 0
    means, deviations = mixture.means[present, 0], np.sqrt(mixture.covariances[present, 0, 0])
    # Every component's own quantile: below the smallest no component has as much, above the largest all have.
    own = means + sign * np.asarray(ndtri(tails), dtype=np.float64)[:, None] * deviations
    low: Array = own.min(axis=1)
    high: Array = own.max(axis=1)
    for _ in range(MOST_HALVINGS):
        middle = low + 0.5 * (high - low)
        if ((middle <= low) | (middle >= high)).all():
            break
        reached = sign * (_tail(middle, mixture, sign) - tails) >= 0
        high, low = np.where(reached, middle, high), np.where(reached, low, middle)
    return high
