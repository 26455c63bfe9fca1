"""The search for the best mixture of every K and family on the same points: many starts, few run to the end.

Starts of K components come from clusters of a tree, from the fit of K - 1 with a component split, from the
other families' fits of K, and, on the way back, from the fit of K + 1 with a pair merged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from gmm_core.mixture import Mixture, log_likelihood
from gmm_core.moments import weighted_moments
from gmm_core.points import Array
from gmm_core.selection import ensemble
from gmm_core.selection.ensemble import Ensemble
from gmm_core.selection.splitting import merges, splits, twin
from gmm_core.starts.hierarchy import DISTANCE_DECIMALS

# Steps of a first look, of a look at another family's fit, and of a second look.
FIRST_LOOK, OTHER_LOOK, SECOND_LOOK = 5, 2, 20

# How many of a family's starts see the second look, and how many of those are run to the end.
SEEN_TWICE, RUN_OUT = 4, 2

# Pairs of components that are merged, those that cost least.
MOST_MERGED = 8

# Log-likelihoods nearer to each other than this, in nats, are taken for the same fit.
SAME_FIT_GAP = 1e-3

# A merged start is run to the end where a second look brings it this near to the best, in nats.
PROMISING_GAP = 0.1

# Of more points than this a sample of so many serves every look; fits are run to the end on all.
MOST_IN_SAMPLE = 2_000


@dataclass(eq=False)
class Search:
    """What has been found so far."""

    points: Array
    """(N, D), all of them."""
    sample: Array
    """(n, D), those that starts are looked at with."""
    reg_covar: float
    tolerance: float
    max_steps: int
    trees: list[Array] = field(init=False)
    """Linkages of the sample: its axes divided by their standard deviations, and all directions by theirs."""
    found: dict[tuple[str, int], tuple[Mixture, float]] = field(init=False)
    """By family and K: the best mixture and its log-likelihood in nats."""

    def __post_init__(self) -> None:
        self.found = {}
        everything = weighted_moments(self.sample, np.ones((len(self.sample), 1))).scatters[0]
        units = np.sqrt(np.where(np.diagonal(everything) > 0, np.diagonal(everything), 1.0))
        scaled = (self.sample - self.sample.mean(axis=0)) / units
        variances, axes = np.linalg.eigh(scaled.T @ scaled)
        sphered = scaled @ axes / np.sqrt(np.maximum(variances, 1e-12 * variances[-1]))
        # Ties are common, and rounding that came with the units must not decide them.
        self.trees = [
            linkage(directions.round(DISTANCE_DECIMALS), "ward") for directions in (scaled, sphered)
        ]

    def upwards(self, n_components: int, families: Sequence[str]) -> None:
        """Fits K components of every family, better than K - 1 where those have been fitted."""
        clusters = [_of_clusters(self.sample, tree, n_components) for tree in self.trees]
        starts = [(family, one) for family in families for one in clusters]
        for family in families:
            below = self._below(family, n_components)
            starts += [] if below is None else [(family, one) for one in splits(below)]
        first = self._look(starts, FIRST_LOOK)
        leaders = _best(first, 1)
        others = [(family, leaders.mixture(i)) for family in families for i in range(len(leaders))]
        second = _best(first, SEEN_TWICE)
        if others:
            second = ensemble.join([second, _best(self._look(others, OTHER_LOOK), 2)])
        second = self._look_again(second)
        self._run_out(_best(second, RUN_OUT), n_components)
        # Where all of those collapse, other starts that have been looked at may not.
        for seen in (second, first):
            lacking = [i for i, name in enumerate(seen.families) if (name, n_components) not in self.found]
            self._run_out(seen.members(np.array(lacking, dtype=np.intp)), n_components)
        for family in families:
            below = self._below(family, n_components)
            if (family, n_components) not in self.found and below is not None:
                self._keep(family, twin(below))

    def downwards(self, n_components: int, families: Sequence[str]) -> None:
        """Looks for better fits of K among those of K + 1 with a pair merged."""
        starts = [
            (family, one)
            for family in families
            if (family, n_components + 1) in self.found
            for one in merges(self.found[family, n_components + 1][0], MOST_MERGED)
        ]
        if not starts:
            return
        second = self._look_again(_best(self._look(starts, FIRST_LOOK), 2))
        near = [
            i
            for i, family in enumerate(second.families)
            if second.log_likelihoods[i] > self._likelihood(family, n_components, second) - PROMISING_GAP
        ]
        self._run_out(second.members(np.array(near, dtype=np.intp)), n_components)

    def lift(self) -> None:
        """Sees to it that the likelihood does not fall as K grows: a twin is as likely as its original."""
        for family, n_components in sorted(self.found):
            below = self._below(family, n_components)
            if below is not None:
                self._keep(family, twin(below))

    def _below(self, family: str, n_components: int) -> Mixture | None:
        """The fit of most components below K, twinned until it has K - 1."""
        fitted = [k for name, k in self.found if name == family and k < n_components]
        if not fitted:
            return None
        mixture = self.found[family, max(fitted)][0]
        while mixture.n_components < n_components - 1:
            mixture = twin(mixture)
        return mixture

    def _likelihood(self, family: str, n_components: int, like: Ensemble) -> float:
        """Of the best so far, on the sample."""
        if (family, n_components) not in self.found:
            return -np.inf
        mixture, likelihood = self.found[family, n_components]
        return likelihood if self.sample is self.points else log_likelihood(self.sample, mixture)

    def _look(self, starts: Iterable[tuple[str, Mixture]], steps: int) -> Ensemble:
        return self._advance(self.sample, ensemble.start(self.sample, list(starts)), steps)

    def _look_again(self, members: Ensemble) -> Ensemble:
        return self._advance(self.sample, ensemble.in_families(members), SECOND_LOOK)

    def _advance(self, points: Array, members: Ensemble, steps: int) -> Ensemble:
        # D + 1 points make any ellipse, however thin: the likelihood of a component of so few means nothing.
        return ensemble.advance(
            points,
            members,
            reg_covar=self.reg_covar,
            tolerance=self.tolerance,
            max_steps=steps,
            fewest=points.shape[1] + 1,
        )

    def _run_out(self, members: Ensemble, n_components: int) -> None:
        if len(members) == 0:
            return
        if self.sample is not self.points:
            pairs = [(family, members.mixture(i)) for i, family in enumerate(members.families)]
            members = ensemble.start(self.points, pairs)
        ended = self._advance(self.points, members, self.max_steps)
        for i, family in enumerate(ended.families):
            self._keep(family, ended.mixture(i))

    def _keep(self, family: str, mixture: Mixture) -> None:
        likelihood = log_likelihood(self.points, mixture)
        key = (family, mixture.n_components)
        if key not in self.found or likelihood > self.found[key][1]:
            self.found[key] = (mixture, likelihood)


def _best(members: Ensemble, most: int) -> Ensemble:
    """Of every family the `most` likeliest that are not the same."""
    kept: list[int] = []
    for i in np.argsort(-members.log_likelihoods, kind="stable").tolist():
        rivals = [j for j in kept if members.families[j] == members.families[i]]
        gaps = [abs(members.log_likelihoods[j] - members.log_likelihoods[i]) for j in rivals]
        if len(rivals) < most and all(gap > SAME_FIT_GAP for gap in gaps):
            kept.append(i)
    return members.members(np.array(sorted(kept), dtype=np.intp))


def _of_clusters(points: Array, tree: Array, n_components: int) -> Mixture:
    """The clusters of a tree as components, each with a thin ridge, since a cluster may lie on a line."""
    labels = fcluster(tree, n_components, "maxclust") - 1
    moments = weighted_moments(points, (labels[:, None] == np.arange(n_components)).astype(np.float64))
    # Ties may leave fewer than K clusters: the missing ones count as one point.
    counts = np.maximum(moments.counts, 1.0)
    variances: Array = points.var(axis=0)
    ridge = np.diag(1e-3 * np.where(variances > 0, variances, float(variances.max())))
    covariances = moments.scatters / counts[:, None, None] + ridge
    return Mixture(counts / counts.sum(), moments.means, covariances)
