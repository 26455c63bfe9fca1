"""Components merged into clusters, one pair after the other: several Gaussians may make one cluster.

Source: Baudry, Raftery, Celeux, Lo & Gottardo (2010), Combining mixture components for clustering, Journal of
Computational and Graphical Statistics 19, section 3.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.log_joint import chunks, log_joint, share_out
from gmm_core.mixture import Mixture, MixtureError, check_mixture, shares_and_densities
from gmm_core.points import Array, ReadOnly, as_points, as_sample_weights, check_binary, sealed
from gmm_core.settings import whole_number


@dataclass(frozen=True, eq=False)
class Merging(ReadOnly):
    """The clusters that K components make, from each alone to all together.

    The density is that of the mixture throughout; only what is called a cluster changes. Clusters are
    numbered by their first component.
    """

    mixture: Mixture
    """Whose components were merged."""
    clusters: NDArray[np.int64]
    """(K, K): row g - 1 has the cluster, 0 to g - 1, of every component when there are g clusters."""
    entropies: Array
    """(K,), in nats: entry g - 1 is -sum t log t over the points and the shares t in g clusters."""
    merged_counts: Array
    """(K - 1,): entry g - 1 is what the cluster holds of the points that arose when g + 1 became g."""

    def shares(self, points: ArrayLike, n_clusters: int) -> Array:
        """(N, g): the probability of each of g = `n_clusters` clusters given each of points (N, D), the sum
        of its components' responsibilities; rows sum to 1, less the share of the noise.

        Raises MixtureError for g below 1 or above K, PointsError for points that are not the mixture's.
        """
        return self._shares(points, n_clusters)[:, : self._checked(n_clusters)]

    def labels(self, points: ArrayLike, n_clusters: int) -> NDArray[np.int64]:
        """(N,): the most probable of `n_clusters` clusters for each of points (N, D), -1 where that is the
        noise; of equals the first. Raises as `shares`."""
        labels = self._shares(points, n_clusters).argmax(axis=1).astype(np.int64)
        labels[labels == n_clusters] = -1
        return labels

    def _checked(self, n_clusters: Any) -> int:
        wanted = whole_number(n_clusters, "The number of clusters", MixtureError)
        if not 1 <= wanted <= self.mixture.n_components:
            raise MixtureError(
                f"{wanted} clusters cannot be made of {self.mixture.n_components} components; give 1 to "
                f"{self.mixture.n_components}."
            )
        return wanted

    def _shares(self, points: ArrayLike, n_clusters: Any) -> Array:
        """(N, g), and the noise's column where there is noise."""
        wanted, n_components = self._checked(n_clusters), self.mixture.n_components
        shares = shares_and_densities(points, self.mixture)[0]
        together = shares[:, :n_components] @ _members(self.clusters[wanted - 1], wanted).T
        return np.column_stack([together, shares[:, n_components:]])


def merge_components(
    points: ArrayLike, mixture: Mixture, *, sample_weights: ArrayLike | None = None
) -> Merging:
    """The sequence of merges, from K clusters to 1, that leaves the least entropy at every step: each makes
    one of the two clusters between which points (N, D) are shared the most.

    BIC counts the Gaussians that the density needs, ICL the clusters that stand apart: begin with the fit of
    the smallest BIC, and take as many clusters as the fit of the smallest ICL has components, or as are left
    when the entropy stops falling steeply, drawn against the sum of `merged_counts` as the authors do: see
    `entropy_elbow`. The noise stays by itself. With `sample_weights` (N,) each point counts so many times; no
    array of N x K is kept.

    Raises PointsError for points that are not the mixture's, or bad weights; MixtureError for no Mixture.

    >>> bars = [np.diag([9, 1]), np.diag([1, 9]), np.eye(2)]
    >>> cross_and_dot = Mixture([0.4, 0.4, 0.2], [[0, 0], [0, 0], [9, 9]], bars)
    >>> merging = merge_components([[0, 0], [1, 0], [0, 2], [9, 9]], cross_and_dot)
    >>> merging.clusters[1].tolist(), merging.labels([[0, 1], [9, 8]], 2).tolist()
    ([0, 0, 1], [0, 1])
    """
    check_mixture(mixture)
    checked = as_points(points, mixture.n_columns)
    check_binary(checked[:, mixture.n_dimensions :])
    weights = as_sample_weights(sample_weights, len(checked))
    search = _Search(checked, weights, mixture)
    clusters, entropies, counts = [np.arange(mixture.n_components)], [search.entropy], list[float]()
    while len(search.groups) > 1:
        counts.append(search.merge())
        clusters.append(search.labels())
        entropies.append(search.entropy)
    return Merging(
        mixture,
        sealed(np.array(clusters[::-1], dtype=np.int64)),
        sealed(np.array(entropies[::-1])),
        sealed(np.array(counts[::-1], dtype=np.float64)),
    )


def _members(labels: NDArray[np.int64], n_clusters: int) -> Array:
    """(g, K): 1 where a component belongs to a cluster."""
    return (np.arange(n_clusters)[:, None] == labels).astype(np.float64)


class _Search:
    """The clusters so far, by their components, and what entropy each and each pair of them has."""

    def __init__(self, points: Array, weights: Array | None, mixture: Mixture) -> None:
        self.points, self.weights, self.mixture = points, weights, mixture
        self.groups = [(k,) for k in range(mixture.n_components)]
        pairs = [one + other for one, other in combinations(self.groups, 2)]
        self.entropies: dict[tuple[int, ...], float] = {}
        self.counts: dict[tuple[int, ...], float] = {}
        self.noise_entropy = self._look([*self.groups, *pairs])

    @property
    def entropy(self) -> float:
        return sum(self.entropies[group] for group in self.groups) + self.noise_entropy

    def labels(self) -> NDArray[np.int64]:
        """(K,)."""
        found = np.empty(self.mixture.n_components, dtype=np.int64)
        for number, group in enumerate(self.groups):
            found[list(group)] = number
        return found

    def merge(self) -> float:
        """Merges the two whose entropy falls most by it, the first of equals; what the new one holds."""
        pairs = list(combinations(self.groups, 2))
        gains = [self.entropies[a] + self.entropies[b] - self.entropies[_union(a, b)] for a, b in pairs]
        one, other = pairs[int(np.argmax(gains))]
        new = _union(one, other)
        others = [group for group in self.groups if group not in (one, other)]
        self.groups = sorted([*others, new])
        self._look([_union(new, group) for group in others])
        return self.counts[new]

    def _look(self, groups: list[tuple[int, ...]]) -> float:
        """Notes the entropies and the counts of `groups`; the noise's entropy."""
        groups = [_union(group, ()) for group in groups]
        n_components, first, noise = self.mixture.n_components, 0, 0.0
        members = np.zeros((len(groups), n_components))
        for row, group in enumerate(groups):
            members[row, list(group)] = 1.0
        entropies, counts = np.zeros(len(groups)), np.zeros(len(groups))
        for chunk in chunks(self.points):
            shares = share_out(log_joint(chunk, self.mixture.log_joint))[0]
            weights = np.ones(len(chunk)) if self.weights is None else self.weights[first:][: len(chunk)]
            first += len(chunk)
            noise += float((_entropies(shares[n_components:]) @ weights).sum())
            counts += members @ (shares[:n_components] @ weights)
            # As many groups at once as there are components, so that memory stays that of an E-step.
            for begin in range(0, len(groups), n_components):
                rows = slice(begin, begin + n_components)
                entropies[rows] += _entropies(members[rows] @ shares[:n_components]) @ weights
        for group, entropy, count in zip(groups, entropies, counts, strict=True):
            self.entropies[group], self.counts[group] = float(entropy), float(count)
        return noise


def _union(one: tuple[int, ...], other: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(one + other))


def _entropies(shares: Array) -> Array:
    """-t log t of every share, 0 for one of 0; rounding may take a sum of shares above 1."""
    return -shares * np.log(np.where(shares > 0, np.minimum(shares, 1.0), 1.0))
