"""What a mixture says of points that it was not fitted to."""

from dataclasses import dataclass

import numpy as np

from gmm_core import Mixture, density_percentiles
from gmm_core.mixture import shares_and_densities
from gmm_core.points import Array

RARE = 0.01
"""The share of a model's mass that is less dense than an outlier, unless people choose another."""

SHARES = (0.001, 0.002, 0.005, RARE, 0.02, 0.05, 0.1)
"""Those to choose from."""


@dataclass(frozen=True, eq=False)
class Scored:
    """M points under a mixture of K components."""

    mixture: Mixture
    groups: np.ndarray
    """(M,): the component of the largest share, from 0, or K for the noise."""
    certainty: Array
    """(M,): that share."""
    log_densities: Array
    """(M,), in nats."""
    percentiles: Array
    """(M,): the share of the mixture's mass that lies where it is less dense."""

    def outliers(self, share: float) -> np.ndarray:
        """(M,): which lie where less than this share of the mass is less dense."""
        return self.percentiles < share


def scored(points: Array, mixture: Mixture, fitted: Array) -> Scored:
    """The scores of points (M, D + B) under a mixture of points `fitted` (N, D + B); M may be 0.

    Raises ValueError where the noise of the mixture has no region.
    """
    if not len(points):
        nothing = np.empty(0)
        return Scored(mixture, np.empty(0, dtype=np.int64), nothing, nothing, nothing)
    shares, log_densities = shares_and_densities(points, mixture)
    groups = shares.argmax(axis=1)
    percentiles = density_percentiles(points, mixture, fitted)
    return Scored(mixture, groups, shares.max(axis=1), log_densities, percentiles)
