"""From a fit of K components to starts for K + 1 and K - 1: components split in two, and pairs made one.

Source: Ueda, Nakano, Ghahramani & Hinton (2000), SMEM algorithm for mixture models, Neural Computation 12.
"""

from itertools import combinations

import numpy as np

from gmm_core.mixture import Mixture, log_density, mixture_unchecked
from gmm_core.points import Array


def _like(
    mixture: Mixture, weights: Array, means: Array, covariances: Array, probabilities: Array
) -> Mixture:
    """With the noise of `mixture`."""
    return mixture_unchecked(weights, means, covariances, mixture.noise, probabilities)


def splits(mixture: Mixture) -> list[Mixture]:
    """K mixtures of K + 1 components: in each, another component is cut in two across its longest axis.

    Each half is half as wide in that direction as to leave the pair the covariance of the whole.
    """
    variances, axes = np.linalg.eigh(mixture.covariances)
    arrows = np.sqrt(0.5 * variances[:, -1:]) * axes[:, :, -1]
    return [_split(mixture, k, arrow) for k, arrow in enumerate(arrows)]


def twin(mixture: Mixture) -> Mixture:
    """K + 1 components of the same density: the heaviest component stands there twice, at half its weight."""
    return _split(mixture, int(mixture.weights.argmax()), np.zeros(mixture.n_dimensions))


def _split(mixture: Mixture, component: int, arrow: Array) -> Mixture:
    """Two at `arrow` from the component's mean, to either side, in its place and at the end."""
    weights = np.append(mixture.weights, 0.5 * mixture.weights[component])
    weights[component] *= 0.5
    means = np.concatenate([mixture.means, mixture.means[component, None] + arrow])
    means[component] -= arrow
    half = mixture.covariances[component] - np.outer(arrow, arrow)
    covariances = np.concatenate([mixture.covariances, half[None]])
    covariances[component] = half
    probabilities = np.concatenate([mixture.probabilities, mixture.probabilities[component, None]])
    return _like(mixture, weights, means, covariances, probabilities)


def outliers(points: Array, mixture: Mixture, most: int, share: float) -> list[Mixture]:
    """At most `most` mixtures of K + 1 components: each with one of the weight `share` on another of the
    least likely of points (N, D + B), of the same size as the others on average."""
    densities = log_density(points, mixture)
    order = np.argsort(densities, kind="stable")
    size = np.einsum("k,kij->ij", mixture.weights / mixture.weights.sum(), mixture.covariances)
    chances = mixture.weights @ mixture.probabilities / mixture.weights.sum()
    found: list[Mixture] = []
    for place in points[order[:most]]:
        one = _like(
            mixture,
            np.append(mixture.weights * (1.0 - share), share * mixture.weights.sum()),
            np.concatenate([mixture.means, place[None, : mixture.n_dimensions]]),
            np.concatenate([mixture.covariances, size[None]]),
            np.concatenate([mixture.probabilities, chances[None]]),
        )
        found.append(one)
    return found


def merges(mixture: Mixture, most: int) -> list[Mixture]:
    """At most `most` mixtures of K - 1 components: in each, another pair has become one with the pair's own
    mean and covariance; first the pairs for which that costs the least.

    The cost is the growth of weight times log-determinant: what classified points would lose.
    """
    log_scales, weights = mixture.log_scales, mixture.weights
    found: list[tuple[float, Mixture]] = []
    for i, j in combinations(range(mixture.n_components), 2):
        one = _merge(mixture, i, j)
        grown = one.weights[-1] * one.log_scales[-1] - weights[i] * log_scales[i] - weights[j] * log_scales[j]
        found.append((float(grown), one))
    return [one for _, one in sorted(found, key=lambda cost_and_one: cost_and_one[0])[:most]]


def _merge(mixture: Mixture, i: int, j: int) -> Mixture:
    """The pair becomes one at the end."""
    others = np.delete(np.arange(mixture.n_components), [i, j])
    weight = mixture.weights[i] + mixture.weights[j]
    share = mixture.weights[j] / weight
    shift = mixture.means[j] - mixture.means[i]
    within = (1 - share) * mixture.covariances[i] + share * mixture.covariances[j]
    covariance = within + share * (1 - share) * np.outer(shift, shift)
    chances = (1 - share) * mixture.probabilities[i] + share * mixture.probabilities[j]
    return _like(
        mixture,
        np.append(mixture.weights[others], weight),
        np.concatenate([mixture.means[others], (mixture.means[i] + share * shift)[None]]),
        np.concatenate([mixture.covariances[others], covariance[None]]),
        np.concatenate([mixture.probabilities[others], chances[None]]),
    )
