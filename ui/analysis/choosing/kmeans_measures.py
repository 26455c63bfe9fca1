"""What people ask of K-Means to find K: where the inertia bends, the silhouette, and the gap statistic."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

import gmm_core
from gmm_core import kmeans
from gmm_core.selection.gap import Gaps
from ui.analysis.choosing.no_fit import n_distinct
from ui.analysis.choosing.sweeping import Swept, few_of

MOST_POINTS = 2_000
"""That are looked at: a silhouette takes as many distances as there are pairs."""

N_STARTS = 5

N_REFERENCES = 20
"""Sets without clusters that the gap statistic compares with."""

Report = Callable[[float, "KMeansMeasures | None"], bool]


@dataclass(frozen=True, eq=False)
class KMeansMeasures:
    """As far as they are known, for each of `ks`."""

    ks: tuple[int, ...]
    n_points: int
    """That were looked at."""
    inertias: tuple[float, ...]
    silhouettes: tuple[float, ...]
    """The means over the points; from the second of `ks` on, since one cluster has none."""
    gaps: Gaps | None = None

    @property
    def elbow(self) -> int | None:
        """The K at which the inertia bends, if it does."""
        return gmm_core.elbow(self.ks, self.inertias)

    @property
    def best_silhouette(self) -> int | None:
        """The K whose points lie best in their clusters."""
        return self.ks[1 + int(np.argmax(self.silhouettes))] if self.silhouettes else None

    @property
    def best_gap(self) -> int | None:
        """By the rule of Tibshirani, Walther & Hastie."""
        return None if self.gaps is None else self.gaps.best


def kmeans_measures(swept: Swept, report: Report) -> KMeansMeasures:
    """For every K of the sweep; each point counts once, and a yes/no column has no say. Raises ValueError
    where there are too few distinct points."""
    points = few_of(swept.data, MOST_POINTS).points
    most = n_distinct(points)
    ks = tuple(k for k in swept.ks if k < most)
    inertias: list[float] = []
    silhouettes: list[float] = []
    for k in ks:
        run = gmm_core.restart_kmeans(points, k, n_init=N_STARTS, rng=0).run
        inertias.append(run.inertia)
        if k > 1:
            labels = kmeans.assign(points, run.states[-1].centres)
            silhouettes.append(float(gmm_core.silhouette(points, labels).mean()))
        so_far = KMeansMeasures(ks[: len(inertias)], len(points), tuple(inertias), tuple(silhouettes))
        if report(0.5 * len(inertias) / len(ks), so_far):
            return so_far
    known = KMeansMeasures(ks, len(points), tuple(inertias), tuple(silhouettes))
    gaps = gmm_core.gap_statistic(
        points, ks, n_references=N_REFERENCES, rng=0, progress=lambda share: report(0.5 + 0.5 * share, None)
    )
    return KMeansMeasures(known.ks, known.n_points, known.inertias, known.silhouettes, gaps)
