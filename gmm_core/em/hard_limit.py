"""From the mixture to K-Means: equal weights, and one spherical variance that all components keep.

As the variance falls, the shares harden, and every step becomes a step of K-Means.
Source: Bishop, Pattern Recognition and Machine Learning (2006), 9.3.2.
"""

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.em.runs import EMRun, run
from gmm_core.em.variant import Variant
from gmm_core.log_joint import chunks, log_joint, share_out
from gmm_core.mixture import Mixture, MixtureError, check_mixture
from gmm_core.moments import overall_moments
from gmm_core.points import Array, PointsError, as_points, as_sample_weights, quoted
from gmm_core.settings import is_finite


def deviation(points: ArrayLike, *, sample_weights: ArrayLike | None = None) -> float:
    """The root of the mean variance of the columns of points (N, D), in their units.

    Sample weights (N,) count every point so many times. Raises PointsError for bad points or weights, or
    points that are all the same.
    """
    checked = as_points(points)
    weights = as_sample_weights(sample_weights, len(checked))
    everything = overall_moments(checked, weights)
    found = float(np.sqrt(np.diagonal(everything.scatters[0]).mean() / everything.total))
    if not found > 0:
        raise PointsError("All points are the same, so there is no deviation to turn; bring others.")
    return found


def run_limit(
    points: ArrayLike,
    means: ArrayLike,
    variance: float,
    *,
    sample_weights: ArrayLike | None = None,
    tolerance: float = 1e-6,
    max_steps: int = 200,
) -> EMRun:
    """EM from `means` (K, D) with weights 1 / K, every covariance staying `variance` times the identity.

    Sample weights (N,) count every point so many times.
    Raises as `em.run`, and MixtureError for a variance that is not above 0.
    """
    if not (is_finite(variance) and variance > 0):
        raise MixtureError(f"The shared variance is {quoted(variance)}; give a finite one above 0.")
    places = as_points(means)
    n_components, n_dimensions = places.shape
    covariances: Array = np.tile(variance * np.eye(n_dimensions), (n_components, 1, 1))
    weights = np.ones(n_components) / n_components
    mixture = Mixture(weights, places, covariances)
    variant = Variant(sample_weights=sample_weights, equal_weights=True, covariances=mixture.covariances)
    return run(points, mixture, family="spherical", variant=variant, tolerance=tolerance, max_steps=max_steps)


def mean_entropy(points: ArrayLike, mixture: Mixture) -> float:
    """-sum r log r over the components, averaged over points (N, D), in nats: from 0, when every point
    belongs to one component, to log K. Raises PointsError for points that are not the mixture's."""
    check_mixture(mixture)
    checked = as_points(points, mixture.n_columns)
    total = 0.0
    for chunk in chunks(checked):
        shares: Array = share_out(log_joint(chunk, mixture.log_joint))[0]
        total -= float((shares * np.log(np.where(shares > 0, shares, 1.0))).sum())
    return total / len(checked) + 0.0
