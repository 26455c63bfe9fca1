"""The binary columns of a start: they have no say in where the components stand."""

import numpy as np

from gmm_core.log_joint import chunks
from gmm_core.mixture import Mixture, responsibilities
from gmm_core.points import Array


def gathered(numbers: Array, binary: Array, weights: Array | None, mixture: Mixture) -> tuple[Array, Array]:
    """(K,) and (K, B): the points that each component holds, and the ones among them."""
    counts = np.zeros(mixture.n_components)
    successes = np.zeros((mixture.n_components, binary.shape[1]))
    held = np.ones(len(numbers)) if weights is None else weights
    for place, values, some in zip(chunks(numbers), chunks(binary), chunks(held), strict=True):
        shares = responsibilities(place, mixture) * some[:, None]
        counts += shares.sum(axis=0)
        successes += shares.T @ values
    return counts, successes


def with_binary(
    mixture: Mixture, counts: Array, successes: Array, binary: Array, weights: Array | None
) -> Mixture:
    """The mixture with the share of ones of each component in each binary column, as though it held one
    point more, with the share of all points.

    A probability of exactly 0 or 1 would never change again: points with the other value would have no
    density, and so no share, in the component. Half a point of each value keeps the share of all points
    between them too. Where points weigh less than 1 on average, so does that one.
    """
    held = np.ones(len(binary)) if weights is None else weights
    total = float(held.sum())
    more = min(1.0, total / len(binary))
    overall = (held @ binary + 0.5 * more) / (total + more)
    probabilities = (successes + more * overall) / (counts[:, None] + more)
    return Mixture(mixture.weights, mixture.means, mixture.covariances, probabilities=probabilities)
