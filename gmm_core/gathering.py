"""What the components of one mixture, or of many at once, gather from the points: their moments."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.log_joint import LogJoint
from gmm_core.points import Array
from gmm_core.pooled import PooledMoments, pooled_moments
from gmm_core.precision import LEAST_COUNT
from gmm_core.walk import walk_over


@dataclass(frozen=True, eq=False)
class Gathered:
    """Moments and likelihoods under every mixture on the leading axes."""

    counts: Array
    """(..., K): the shares summed over the points."""
    means: Array
    """(..., K, D)."""
    scatters: Array
    """(..., K, D, D), about the means."""
    successes: Array
    """(..., K, B): the shares summed over the ones of each binary column."""
    noise: Array | None
    """(...): what the noise holds, where there is any."""
    log_likelihoods: Array
    """(...), in nats."""
    objectives: Array
    """(...), in nats: what EM at this temperature raises."""


def gather(
    points: NDArray[Any],
    terms: LogJoint,
    sample_weights: Array | None = None,
    temperature: float = 1.0,
    *,
    diagonal: bool = False,
    pooled: bool = False,
) -> Gathered:
    """Of points (N, D + B), rows of numbers not yet looked at, under `terms`; each counts so many times as
    weights (N,) say. A `diagonal` one has zeros off the scatters' diagonals; of a `pooled` one the scatters'
    sum alone means anything.

    Raises PointsError when a value is missing, infinite or too large to square.
    """
    together = pooled_moments(points, terms, sample_weights, temperature) if pooled else None
    if together is not None:
        return _of_pooled(together, terms)
    walk = walk_over(points, terms, sample_weights, temperature, diagonal)
    sums = walk.total()
    counts, means, scatters, precise = walk.moments(sums)
    if not precise.all():
        # Once more, in the points' own units about the means just found.
        walk = replace(walk, forced=~precise, places=means, raw=True)
        sums = walk.total()
        counts, means, scatters, _ = walk.moments(sums)
    if counts.min() <= LEAST_COUNT:
        held = counts > LEAST_COUNT
        counts, means = np.where(held, counts, 0.0), np.where(held[:, None], means, walk.means)
        scatters = np.where(held[:, None, None], scatters, 0.0)
    # Where all points lie in one place along an axis, rounding may leave a variance below 0.
    variances = np.einsum("cdd->cd", scatters)
    np.maximum(variances, 0.0, out=variances)
    if diagonal:
        scatters = scatters * np.eye(terms.n_dimensions)
    lead, n_components, n_dimensions = terms.means.shape[:-2], terms.n_components, terms.n_dimensions
    shape, n_binary = (*lead, n_components), terms.n_binary
    noise = (
        sums.features.reshape(*lead, terms.n_rows, -1)[..., -1, 0] if terms.log_noise is not None else None
    )
    return Gathered(
        counts.reshape(shape),
        means.reshape(*shape, n_dimensions),
        scatters.reshape(*shape, n_dimensions, n_dimensions),
        sums.features[walk.rows, 1 + n_binary : 1 + 2 * n_binary].reshape(*shape, n_binary),
        noise,
        sums.log_likelihoods,
        sums.objectives,
    )


def _of_pooled(found: PooledMoments, terms: LogJoint) -> Gathered:
    """Each with its share of the scatters' sum."""
    held = found.counts > LEAST_COUNT
    counts = np.where(held, found.counts, 0.0)
    sums, n_binary = found.sums, terms.n_binary
    return Gathered(
        counts,
        np.where(held[:, None], found.means, terms.means),
        (counts / max(counts.sum(), LEAST_COUNT))[:, None, None] * found.scatter,
        sums.firsts[: terms.n_components, 1 + n_binary : 1 + 2 * n_binary].copy(),
        sums.firsts[-1, 0] if terms.log_noise is not None else None,
        np.asarray(sums.log_likelihood),
        np.asarray(sums.objective),
    )
