"""The mean and the covariance of a whole mixture."""

import numpy as np

from gmm_core.mixture import Mixture, without_noise
from gmm_core.points import Array, sealed


def mixture_mean(mixture: Mixture) -> Array:
    """(D + B,): the mean of a point of the mixture, in its units; of a binary column the share of ones.

    Raises MixtureError for a mixture with noise, whose place is unknown.

    >>> mixture_mean(Mixture([0.25, 0.75], [[0.0], [4.0]], [[[1.0]], [[1.0]]])).tolist()
    [3.0]
    """
    weights, places = _weights_and_places(mixture)
    return sealed(weights @ places)


def mixture_covariance(mixture: Mixture) -> Array:
    """(D + B, D + B): the covariance of a point of the mixture, in squared units: what the components have
    within them, and what their places differ.

    Within a component a binary column varies by p (1 - p), alone. Raises MixtureError for a mixture with
    noise. Source: the law of total covariance; Frühwirth-Schnatter, Finite Mixture and Markov Switching
    Models (2006), eq. 6.5.

    >>> mixture_covariance(Mixture([0.25, 0.75], [[0.0], [4.0]], [[[1.0]], [[1.0]]])).tolist()
    [[4.0]]
    """
    weights, places = _weights_and_places(mixture)
    # Differences before products, so that a far origin costs no digits.
    shifts = places - weights @ places
    total = np.einsum("k,ki,kj->ij", weights, shifts, shifts)
    n_dimensions, ones = mixture.n_dimensions, mixture.probabilities
    total[:n_dimensions, :n_dimensions] += np.einsum("k,kij->ij", weights, mixture.covariances)
    total[n_dimensions:, n_dimensions:] += np.diag(weights @ (ones * (1.0 - ones)))
    return sealed(0.5 * (total + total.T))


def _weights_and_places(mixture: Mixture) -> tuple[Array, Array]:
    """(K,), summing to 1, and (K, D + B)."""
    components = without_noise(mixture, "the mean or the covariance of the whole")
    weights = components.weights / components.weights.sum()
    return weights, np.column_stack([components.means, components.probabilities])
