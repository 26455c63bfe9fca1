"""The chosen fit's components, merged into clusters: how many, and what is said of it."""

from dataclasses import dataclass

from gmm_core import Fit, Merging, entropy_elbow, merge_components
from ui.analysis.choosing.sweeping import Swept

SHARED = 0.1
"""Nats a point by which a merge lowers the entropy of what it joins, from which on two components overlap
strongly: of two that share all their points it is log 2."""


@dataclass(frozen=True, eq=False)
class Merged:
    """The sequence of merges, and where to stop."""

    merging: Merging
    suggested: int
    """Clusters that are left when no two overlap strongly."""

    @property
    def bend(self) -> int | None:
        """Where the entropy bends, another way to choose; None where it does not."""
        return entropy_elbow(self.merging)


def merged(swept: Swept, fit: Fit) -> Merged:
    """The merges of a sweep's fit."""
    merging = merge_components(swept.data.fitted, fit.mixture, sample_weights=swept.data.weights)
    # Pairs that share most in all come first: a small pair may overlap strongly after one that does not.
    strong = [g for g in range(2, fit.n_components + 1) if _gain(merging, g) > SHARED]
    return Merged(merging, min(strong, default=fit.n_components + 1) - 1)


def _gain(merging: Merging, n_clusters: int) -> float:
    """By how much the entropy falls, per point of the new cluster, when that many become one less."""
    fall = merging.entropies[n_clusters - 1] - merging.entropies[n_clusters - 2]
    return float(fall / max(merging.merged_counts[n_clusters - 2], 1e-300))
