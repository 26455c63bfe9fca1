"""The search for the best mixture of every K and family on the same points: many starts, few run to the end.

Starts of K components come from clusters of three trees, from the fit of K - 1 with a component split or one
laid on the least likely point, from the other families' fits of K, and, on the way back, from the fit of
K + 1 with a pair merged.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from gmm_core.em import start as em_start
from gmm_core.mixture import Mixture
from gmm_core.moments import Moments
from gmm_core.selection import ensemble
from gmm_core.selection.acceleration import advance
from gmm_core.selection.clusters import Trees
from gmm_core.selection.ensemble import Ensemble
from gmm_core.selection.splitting import merges, outliers, splits, twin
from gmm_core.selection.task import Task
from gmm_core.starts import initialize

# A race: the steps of a first glance, of a look and of a second look; and how many of a family's starts see
# the look, the second look and the end.
GLANCE, LOOK, SECOND_LOOK = 2, 3, 15
SEEN, SEEN_TWICE, RUN_OUT = 8, 4, 2

# Pairs of components that are merged, those that cost least; and points that a component is laid on.
MOST_MERGED, MOST_OUTLIERS = 8, 2

# Log-likelihoods nearer to each other than this, in nats, are taken for the same fit.
SAME_FIT_GAP = 1e-3

# A start from another fit is run to the end where a second look brings it this near to the best, in nats.
PROMISING_GAP = 0.1

# How often the families may hand each other their fits of one K.
MOST_ROUNDS = 3

# Of more points than this a sample of so many serves every look; fits are run to the end on all.
MOST_IN_SAMPLE = 2_000


@dataclass(eq=False)
class Search:
    """What has been found so far."""

    task: Task
    """All points, and how they are fitted."""
    sample: Task
    """Those that starts are looked at with."""
    tolerance: float
    max_steps: int
    rng: np.random.Generator
    n_init: int = 0
    """Starts that are drawn for every K besides."""
    trees: Trees = field(init=False)
    found: dict[tuple[str, int], tuple[Mixture, float, float]] = field(init=False)
    """By family and K: the best mixture, what EM raises, and its log-likelihood, in nats."""
    raised: set[tuple[str, int]] = field(init=False)
    """The families and K whose fits have become better on the way back."""

    def __post_init__(self) -> None:
        self.found, self.raised = {}, set()
        self.trees = Trees(self.sample)

    def upwards(self, n_components: int, families: Sequence[str]) -> None:
        """Fits K components of every family, better than K - 1 where those have been fitted."""
        self._look_around(n_components, families)
        for family in families:
            below = self._below(family, n_components)
            if (family, n_components) not in self.found and below is not None and self.is_nested:
                self._keep(family, twin(below))
        givers = [family for family in families if (family, n_components) in self.found]
        self._exchange(n_components, families, givers)

    def again(self, n_components: int, families: Sequence[str]) -> None:
        """Looks for better fits of K where that of K - 1 has become better on the way back."""
        changed = [family for family in families if (family, n_components - 1) in self.raised]
        starts = [one for family in changed for one in self._from_below(family, n_components)]
        self._raise(n_components, self._try(n_components, starts), families)

    def _raise(self, n_components: int, raised: list[str], families: Sequence[str]) -> None:
        """Lets the other families begin from those raised."""
        self.raised.update((family, n_components) for family in raised)
        self.raised.update(
            (family, n_components) for family in self._exchange(n_components, families, raised)
        )

    def downwards(self, n_components: int, families: Sequence[str]) -> None:
        """Looks for better fits of K among those of K + 1 with a pair merged."""
        starts = [
            (family, one)
            for family in families
            if (family, n_components + 1) in self.found
            for one in merges(self.found[family, n_components + 1][0], MOST_MERGED)
        ]
        self._raise(n_components, self._try(n_components, starts), families)

    def lift(self) -> None:
        """Sees to it that the likelihood does not fall as K grows: a twin is as likely as its original."""
        for family, n_components in sorted(self.found) if self.is_nested else ():
            below = self._below(family, n_components)
            if below is not None:
                self._keep(family, twin(below))

    @property
    def is_nested(self) -> bool:
        """Whether K components can do what K - 1 do, and as well."""
        return not self.task.variant.equal_weights and self.task.variant.prior is None

    def _on_clusters(self, families: Sequence[str], clusters: list[tuple[Mixture, Moments]]) -> Ensemble:
        """Components on the clusters of several trees, in every family."""
        starts = [(family, one) for family in families for one in clusters]
        begun = ensemble.start(self.sample, [(family, mixture) for family, (mixture, _) in starts])
        order = sorted(range(len(starts)), key=lambda i: starts[i][0])
        moments = [starts[i][1][1] for i in order]
        hard = replace(
            begun,
            counts=np.array([one.counts for one in moments]),
            centres=np.array([one.means for one in moments]),
            scatters=np.array([one.scatters for one in moments]),
        )
        stepped, living = ensemble.step(self.sample, hard)
        # Where a cluster has no extent of its own the family may not have a mixture for it.
        return ensemble.join([stepped, begun.members(np.flatnonzero(~living))])

    def _from_below(self, family: str, n_components: int) -> list[tuple[str, Mixture]]:
        below = self._below(family, n_components)
        if below is None:
            return []
        lone = outliers(self.sample.points, below, MOST_OUTLIERS, self.sample.unit / self.sample.total)
        return [(family, one) for one in (*splits(below), *lone)]

    def _look_around(self, n_components: int, families: Sequence[str]) -> None:
        *round_ones, ellipses = self.trees.clusters(n_components)
        starts = [one for family in families for one in self._from_below(family, n_components)]
        for _ in range(self.n_init):
            drawn = self._drawn(n_components)
            starts += [(family, drawn) for family in families]
        glances = [self._advance(self.sample, self._on_clusters(families, round_ones), GLANCE)]
        if starts:
            glances.append(self._look(starts, GLANCE))
        first = self._advance(self.sample, _best(ensemble.join(glances), SEEN), LOOK)
        seen = self._look_again(_best(first, SEEN_TWICE))
        # Clusters of ellipses are in no race: they begin low, and end high.
        seen = ensemble.join([seen, self._look_again(self._on_clusters(families, [ellipses]))])
        self._run_out(_best(seen, RUN_OUT), n_components)
        # Where all of those collapse, other starts that have been looked at may not.
        for rest in (seen, first):
            lacking = [i for i, name in enumerate(rest.families) if (name, n_components) not in self.found]
            self._run_out(rest.members(np.array(lacking, dtype=np.intp)), n_components)

    def _drawn(self, n_components: int) -> Mixture:
        weights = self.sample.weights
        drawn = initialize(
            self.sample.points,
            n_components,
            rng=self.rng,
            n_binary=self.sample.n_binary,
            sample_weights=weights,
        )
        return self.sample.with_noise(drawn)

    def _exchange(self, n_components: int, families: Sequence[str], givers: list[str]) -> set[str]:
        """Lets the families begin from the fits of others, until that improves none; those improved."""
        improved: set[str] = set()
        for _ in range(MOST_ROUNDS):
            starts = [
                (family, self.found[giver, n_components][0])
                for giver in givers
                for family in families
                if family != giver
            ]
            givers = self._try(n_components, starts)
            improved.update(givers)
        return improved

    def _try(self, n_components: int, starts: list[tuple[str, Mixture]]) -> list[str]:
        """Runs out those that promise more than has been found; the families that they have improved."""
        if not starts:
            return []
        second = self._look_again(_best(self._look(starts, GLANCE), RUN_OUT))
        near = [
            i
            for i, family in enumerate(second.families)
            if _promises(second.objectives[i] - self._objective(family, n_components))
        ]
        before = {family: self._objective(family, n_components) for family in second.families}
        self._run_out(second.members(np.array(near, dtype=np.intp)), n_components)
        return [
            family
            for family, value in before.items()
            if self._objective(family, n_components) > value + SAME_FIT_GAP
        ]

    def _below(self, family: str, n_components: int) -> Mixture | None:
        """The fit of most components below K, twinned until it has K - 1."""
        fitted = [k for name, k in self.found if name == family and k < n_components]
        if not fitted:
            return None
        mixture = self.found[family, max(fitted)][0]
        while mixture.n_components < n_components - 1:
            mixture = twin(mixture)
        return mixture

    def _objective(self, family: str, n_components: int) -> float:
        """Of the best so far, on the sample."""
        if (family, n_components) not in self.found:
            return -np.inf
        mixture, objective, _ = self.found[family, n_components]
        if self.sample is self.task:
            return objective
        return em_start(self.sample.points, mixture, family=family, variant=self.sample.variant).objective

    def _look(self, starts: Iterable[tuple[str, Mixture]], steps: int) -> Ensemble:
        return self._advance(self.sample, ensemble.start(self.sample, list(starts)), steps)

    def _look_again(self, members: Ensemble) -> Ensemble:
        return self._advance(self.sample, members, SECOND_LOOK)

    def _advance(self, task: Task, members: Ensemble, steps: int) -> Ensemble:
        return advance(task, members, tolerance=self.tolerance, max_steps=steps, leaps=steps > LOOK)

    def _run_out(self, members: Ensemble, n_components: int) -> None:
        if len(members) == 0:
            return
        if self.sample is not self.task:
            pairs = [(family, self._mixture(members, i)) for i, family in enumerate(members.families)]
            members = ensemble.start(self.task, pairs)
        ended = self._advance(self.task, members, self.max_steps)
        order: list[int] = np.argsort(-ended.objectives, kind="stable").tolist()
        for i in order:
            family = ended.families[i]
            if ended.objectives[i] > self._value(family, n_components):
                self._keep(family, self._mixture(ended, i))

    def _value(self, family: str, n_components: int) -> float:
        found = self.found.get((family, n_components))
        return -np.inf if found is None else found[1]

    def _mixture(self, members: Ensemble, member: int) -> Mixture:
        return members.mixture(member, None if self.task.noise is None else self.task.noise.volume)

    def _keep(self, family: str, mixture: Mixture) -> None:
        """With its objective to the last digit, if that is better."""
        state = em_start(self.task.points, mixture, family=family, variant=self.task.variant)
        key = (family, mixture.n_components)
        if state.objective > self._value(*key):
            self.found[key] = (mixture, state.objective, state.log_likelihood)


def _promises(gain: float) -> bool:
    """Whether what is by `gain` nats likelier than the best may yet end as another fit, and a better one."""
    return gain > -PROMISING_GAP and abs(gain) > SAME_FIT_GAP


def _best(members: Ensemble, most: int) -> Ensemble:
    """Of every family the `most` likeliest that are not the same."""
    kept: dict[str, list[int]] = {}
    order: list[int] = np.argsort(-members.objectives, kind="stable").tolist()
    for i in order:
        rivals = kept.setdefault(members.families[i], [])
        gaps = [abs(members.objectives[j] - members.objectives[i]) for j in rivals]
        if len(rivals) < most and all(gap > SAME_FIT_GAP for gap in gaps):
            rivals.append(i)
    return members.members(np.array(sorted(i for rivals in kept.values() for i in rivals), dtype=np.intp))
