"""The search for the best mixture of every K and family on the same points: many starts, few run to the end.

Starts of K components come from clusters of three trees and from the fit of K - 1 with a component split or
one laid on the least likely point; afterwards, wherever a fit has become better, from that of K + 1 with a
pair merged and from the other families' fits of K. All that begin at once race against each other, and those
that cannot win any more are dropped; only when it is known which fits stay are they run to the tolerance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from gmm_core.em import start as em_start
from gmm_core.mixture import Mixture
from gmm_core.moments import Moments
from gmm_core.selection import ensemble
from gmm_core.selection.acceleration import SAME_FIT_GAP, advance
from gmm_core.selection.clusters import Trees
from gmm_core.selection.ensemble import Ensemble
from gmm_core.selection.splitting import merges, outliers, splits, twin
from gmm_core.selection.task import Task
from gmm_core.starts import initialize

# The steps of a first glance, and how many of a family's starts are in the race after it: those from clusters
# and K - 1, and those from better fits.
GLANCE = 2
MOST_IN_RACE, MOST_IN_LATER_RACE = 6, 4

# How often, after the first fits of every K, what has become better gives others their starts: from the
# largest K to the smallest and up again.
ROUNDS = 2

# A race takes at most so many steps, and ends where a step gains so many times the tolerance.
LONGEST_RACE = 200
ROUGHLY = 10.0

# By how many nats a fit must be better to be worth starting from again.
MATTERS = 0.05

# What starts are made of a fit.
USES = ("split", "merge", "hand over")

# Pairs of components that are merged, those that cost least; and points that a component is laid on.
MOST_MERGED, MOST_OUTLIERS = 8, 2

# Of more points than this a sample of so many serves the races; who wins is run on with all.
MOST_IN_SAMPLE = 2_000
MOST_ON_ALL = 2


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
    reached: dict[tuple[str, int], float] = field(init=False)
    """By family and K: the most that EM has raised the objective to in a race, in nats."""
    news: set[tuple[str, str, int]] = field(init=False)
    """What could be begun from a fit that is new: a use, family and K."""

    def __post_init__(self) -> None:
        self.found, self.reached, self.news = {}, {}, set()
        self.trees = Trees(self.sample)

    def upwards(self, n_components: int, families: Sequence[str]) -> None:
        """Fits K components of every family, better than K - 1 where those have been fitted."""
        self._look_around(n_components, families)
        self._news("split", n_components - 1)
        for family in families:
            below = self._below(family, n_components)
            if (family, n_components) not in self.found and below is not None and self.is_nested:
                self._keep(family, twin(below))

    def improve(self, n_components: int, families: Sequence[str]) -> None:
        """Looks for better fits of K among what is new around them: fits of K - 1 with a component split or
        added, of K + 1 with a pair merged, and of other families."""
        starts: list[tuple[str, Mixture]] = []
        for family in self._news("split", n_components - 1):
            starts += self._from_below(family, n_components)
        for family in self._news("merge", n_components + 1):
            above = self.found[family, n_components + 1][0]
            starts += [(family, one) for one in merges(above, MOST_MERGED)]
        for giver in self._news("hand over", n_components):
            given = self.found[giver, n_components][0]
            starts += [(family, given) for family in families if family != giver]
        if starts:
            glanced = self._glance(ensemble.start(self.sample, starts))
            self._race(_best(glanced, MOST_IN_LATER_RACE), n_components)

    def _news(self, use: str, n_components: int) -> list[str]:
        """The families whose fits of K have not been put to this use since they became better."""
        families = sorted(family for what, family, k in self.news if (what, k) == (use, n_components))
        self.news.difference_update((use, family, n_components) for family in families)
        return families

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
        return ensemble.join([stepped, begun.where(~living)])

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
        glances = [self._glance(self._on_clusters(families, round_ones))]
        if starts:
            glances.append(self._glance(ensemble.start(self.sample, starts)))
        seen = ensemble.join(glances)
        # Clusters of ellipses need no glance: they begin low, and end high.
        late = self._on_clusters(families, [ellipses])
        self._race(ensemble.join([_best(seen, MOST_IN_RACE), late]), n_components)
        # Where all of those collapse, others may not.
        lacking = [i for i, name in enumerate(seen.families) if (name, n_components) not in self.found]
        self._race(seen.members(np.array(lacking, dtype=np.intp)), n_components)

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

    def _below(self, family: str, n_components: int) -> Mixture | None:
        """The fit of most components below K, twinned until it has K - 1."""
        fitted = [k for name, k in self.found if name == family and k < n_components]
        if not fitted:
            return None
        mixture = self.found[family, max(fitted)][0]
        while mixture.n_components < n_components - 1:
            mixture = twin(mixture)
        return mixture

    def _glance(self, members: Ensemble) -> Ensemble:
        return advance(self.sample, members, max_steps=GLANCE)

    def _race(self, members: Ensemble, n_components: int) -> None:
        """Runs members against each other and the best so far, on the sample first."""
        if self.sample is not self.task:
            before = dict(self.reached)
            ended = self._run(self.sample, members, self.reached, n_components)
            self._reach(ended, n_components)
            better = [
                i
                for i, family in enumerate(ended.families)
                if ended.objectives[i] > before.get((family, n_components), -np.inf) + SAME_FIT_GAP
            ]
            first = _best(ended.members(np.array(better, dtype=np.intp)), MOST_ON_ALL)
            pairs = [(family, self._mixture(first, i)) for i, family in enumerate(first.families)]
            if not pairs:
                return
            members = ensemble.start(self.task, pairs)
        values = {key: objective for key, (_, objective, _) in self.found.items()}
        self._keep_best(self._run(self.task, members, values, n_components), n_components)

    def _run(
        self, task: Task, members: Ensemble, reached: Mapping[tuple[str, int], float], n_components: int
    ) -> Ensemble:
        to_beat = {family: value for (family, k), value in reached.items() if k == n_components}
        return advance(
            task,
            members,
            tolerance=ROUGHLY * self.tolerance,
            max_steps=min(LONGEST_RACE, self.max_steps),
            leaps=True,
            to_beat=to_beat,
        )

    def _reach(self, members: Ensemble, n_components: int) -> None:
        for family, value in zip(members.families, members.objectives.tolist(), strict=True):
            key = (family, n_components)
            self.reached[key] = max(value, self.reached.get(key, -np.inf))

    def finish(self, n_components: int, families: Sequence[str]) -> None:
        """Runs the fits of K to the tolerance."""
        found = [family for family in families if (family, n_components) in self.found]
        fits = [(family, self.found[family, n_components][0]) for family in found]
        if fits:
            begun = ensemble.start(self.task, fits)
            settings: dict[str, Any] = {"tolerance": self.tolerance, "max_steps": self.max_steps}
            self._keep_best(advance(self.task, begun, leaps=True, **settings), n_components)

    def _keep_best(self, members: Ensemble, n_components: int) -> None:
        order: list[int] = np.argsort(-members.objectives, kind="stable").tolist()
        for i in order:
            family = members.families[i]
            if members.objectives[i] > self._value(family, n_components):
                self._keep(family, self._mixture(members, i))

    def _value(self, family: str, n_components: int) -> float:
        found = self.found.get((family, n_components))
        return -np.inf if found is None else found[1]

    def _mixture(self, members: Ensemble, member: int) -> Mixture:
        return members.mixture(member, None if self.task.noise is None else self.task.noise.volume)

    def _keep(self, family: str, mixture: Mixture) -> None:
        """With its objective to the last digit, if that is better."""
        state = em_start(self.task.points, mixture, family=family, variant=self.task.variant)
        key = (family, mixture.n_components)
        gain = state.objective - self._value(*key)
        if gain > 0:
            self.found[key] = (mixture, state.objective, state.log_likelihood)
        if gain > MATTERS:
            self.news.update((use, *key) for use in USES)


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
