"""Which of several fits to the same points to prefer; of every criterion, smaller is better."""

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.log_joint import chunks, log_joint, share_out
from gmm_core.mixture import Mixture, check_mixture
from gmm_core.points import PointsError, as_points, as_sample_weights, check_binary
from gmm_core.settings import real_number


def aic(log_likelihood: float, n_parameters: int) -> float:
    """Akaike's criterion, 2 p - 2 log L, for a total log-likelihood in nats; smaller is better.

    Source: Akaike (1974), A new look at the statistical model identification.

    >>> aic(-1000.0, 11)
    2022.0
    """
    parameters = real_number(n_parameters, "The number of parameters")
    return 2.0 * parameters - 2.0 * real_number(log_likelihood, "The log-likelihood")


def bic(log_likelihood: float, n_parameters: int, n_points: float) -> float:
    """The Bayesian criterion, p log N - 2 log L, for a total log-likelihood in nats; smaller is better.

    Of weighted points `n_points` is the total weight. mclust's BIC is this times -1. Raises PointsError for
    fewer than one point.
    Source: Schwarz (1978), Estimating the dimension of a model.

    >>> round(bic(-1130.26396018, 11, 272), 4)
    2322.1917
    """
    log_likelihood = real_number(log_likelihood, "The log-likelihood")
    parameters = real_number(n_parameters, "The number of parameters")
    n_points = real_number(n_points, "The number of points")
    if not n_points >= 1:
        raise PointsError(f"The number of points is {n_points:g}; give that of the points fitted, 1 or more.")
    return float(parameters * np.log(n_points) - 2.0 * log_likelihood)


def icl(log_likelihood: float, n_parameters: int, n_points: float, entropy: float) -> float:
    """The integrated completed likelihood, BIC + 2 `entropy`; smaller is better.

    `entropy` is the `classification_entropy` of the fit: points between components are charged for, so it
    prefers components that stand apart. mclust's ICL is this times -1. Raises PointsError as `bic`.
    Source: Biernacki, Celeux & Govaert (2000), eq. 3.8.

    >>> icl(-1000.0, 11, 272, 5.0) - bic(-1000.0, 11, 272)
    10.0
    """
    return bic(log_likelihood, n_parameters, n_points) + 2.0 * real_number(entropy, "The entropy")


def classification_entropy(
    points: ArrayLike, mixture: Mixture, *, sample_weights: ArrayLike | None = None
) -> float:
    """-sum over points (N, D) of log max_k r_k(x), in nats: 0 when every point surely belongs to one
    component, at most N log K. With `sample_weights` (N,) each point counts so many times.

    It is the log-likelihood less that of points and most probable components together, so of hard
    assignments, as Biernacki, Celeux & Govaert (2000) and mclust have it; the soft -sum r log r, which
    others put in its place, is never smaller. The noise, where there is any, counts as a component.

    No array of N x K is made. Raises PointsError for points that are not the mixture's, or bad weights.
    """
    check_mixture(mixture)
    checked = as_points(points, mixture.n_columns)
    check_binary(checked[:, mixture.n_dimensions :])
    weights = as_sample_weights(sample_weights, len(checked))
    total, first = 0.0, 0
    for chunk in chunks(checked):
        surest = np.log(share_out(log_joint(chunk, mixture.log_joint))[0].max(axis=0))
        held = surest if weights is None else weights[first : first + len(chunk)] * surest
        total -= float(held.sum())
        first += len(chunk)
    # Turns -0.0 into 0.0.
    return total + 0.0
