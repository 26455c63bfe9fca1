"""Several starts and the best run from them: of EM ("small EM": short runs first) and of K-Means."""

from dataclasses import dataclass
from itertools import islice
from typing import Any

from numpy.typing import ArrayLike

from gmm_core import em, kmeans
from gmm_core.em import EMRun
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.iteration import check_tolerance, step_limit
from gmm_core.kmeans import KMeansRun
from gmm_core.mixture import Noise, check_noise
from gmm_core.points import as_points
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.selection.side_by_side import run_together
from gmm_core.selection.task import Task
from gmm_core.settings import Seed
from gmm_core.starts import checked_n_init, starts

# The run of the winner is told of every so many steps.
STRETCH = 10


@dataclass(frozen=True, eq=False)
class Restarts:
    """What became of every start, not of the winner alone."""

    attempts: tuple[EMRun, ...]
    """The short runs, in the order in which they were drawn; a collapse ends one with its reason. One that
    was carried on and collapsed later is there with all its states."""
    winner: int
    """The index of the attempt whose run is `run`."""
    run: EMRun
    """The winner's run, from its start to the end; a collapsed one only where every attempt collapses."""


def restart(
    points: ArrayLike,
    n_components: int,
    *,
    n_init: int = 10,
    method: str = "kmeans++",
    family: str = "full",
    reg_covar: float = 0.0,
    variant: Variant = PLAIN,
    noise: Noise | None = None,
    n_binary: int = 0,
    short_steps: int = 10,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    rng: Seed,
    progress: Progress | None = None,
) -> Restarts:
    """`n_init` starts on points (N, D), drawn by `method` (one of STARTS that needs nothing given), at most
    `short_steps` steps from each, and the run of the one with the highest objective. Where that collapses the
    next best is carried on, and so forth, so that a collapsed run is returned only where every start ends in
    one.

    The starts are those that `initialize` draws one after the other. Their short runs are stepped together,
    so that few points take little time; each is, but for rounding, the run that it would be alone.

    `progress` is told the share of the steps that there can be at most, from 0 to 1, and ends it by answering
    True: then the best run is returned as far as it has come, as if that had been its limit.

    The variant's sample weights count in the starts too; `noise` is a uniform background with the weight it
    begins with, and the last `n_binary` columns of the points are 0 or 1. Raises StartError for n_init below
    1, and else as `initialize` and `run`.
    Source: Biernacki, Celeux & Govaert (2003), Choosing starting values for the EM algorithm, section 3.
    """
    n_init = checked_n_init(n_init)
    short_steps = step_limit(short_steps)
    max_steps = step_limit(max_steps)
    check_tolerance(tolerance)
    check_variant(variant)
    check_noise(noise)
    check_progress(progress)
    checked = as_points(points)
    task = Task(checked, n_binary, variant, reg_covar, noise)
    drawn = starts(
        checked,
        n_components,
        method=method,
        family=family,
        n_binary=n_binary,
        sample_weights=variant.sample_weights,
        rng=rng,
    )
    begun = [task.with_noise(mixture) for mixture in islice(drawn, n_init)]
    settings: dict[str, Any] = {
        "family": family,
        "reg_covar": reg_covar,
        "variant": variant,
        "tolerance": tolerance,
    }
    short_steps = min(short_steps, max_steps)
    report = _Report(progress, short_steps + max_steps)
    attempts = run_together(task, begun, family, tolerance, short_steps, report.stops)
    ranking = sorted(range(n_init), key=lambda i: _promise(attempts[i]), reverse=True)
    for i in ranking:
        if report.stops(short_steps):
            break
        # From the start once more: alone it is the run that anybody else would have from there.
        run = em.run(checked, begun[i], max_steps=min(STRETCH, max_steps), keep="all", **settings)
        while run.last.iteration < max_steps and run.is_unfinished:
            if report.stops(short_steps + run.last.iteration):
                break
            run = em.resume(checked, run, max_steps=min(run.last.iteration + STRETCH, max_steps), **settings)
        if run.collapse is None:
            report.ends()
            return Restarts(tuple(attempts), i, run)
        attempts[i] = run
    winner = ranking[0]
    report.ends()
    return Restarts(tuple(attempts), winner, attempts[winner])


@dataclass(eq=False)
class _Report:
    """Tells how far it is, never less than before, and remembers an answer that stops it."""

    progress: Progress | None
    most_steps: int
    told: float = 0.0
    stopped: bool = False

    def stops(self, steps: int) -> bool:
        self._tell(steps / self.most_steps)
        return self.stopped

    def ends(self) -> None:
        self._tell(1.0)

    def _tell(self, share: float) -> None:
        if self.progress is not None and not self.stopped and share > self.told:
            self.told = share
            self.stopped = bool(self.progress(share))


def _promise(attempt: EMRun) -> tuple[bool, float]:
    return attempt.collapse is None, attempt.states[-1].objective


@dataclass(frozen=True, eq=False)
class KMeansRestarts:
    """What became of every start, not of the winner alone."""

    attempts: tuple[KMeansRun, ...]
    """The runs, in the order in which their starts were drawn."""
    winner: int
    """The index of the attempt with the smallest inertia, the first of equals."""

    @property
    def run(self) -> KMeansRun:
        """The winner's run."""
        return self.attempts[self.winner]


def restart_kmeans(
    points: ArrayLike,
    n_clusters: int,
    *,
    n_init: int = 10,
    method: str = "kmeans++",
    sample_weights: ArrayLike | None = None,
    max_steps: int = 300,
    rng: Seed,
) -> KMeansRestarts:
    """K-Means on points (N, D) from the means of `n_init` starts, drawn by `method` (one of STARTS that needs
    nothing given).

    Sample weights (N,) count every point so many times. Raises StartError for n_init below 1, and else as
    `initialize` and `kmeans.run`.
    Source: Arthur & Vassilvitskii (2007), k-means++: the advantages of careful seeding, for the starts of
    method "kmeans++".
    """
    n_init = checked_n_init(n_init)
    weighted: dict[str, Any] = {"sample_weights": sample_weights}
    drawn = starts(points, n_clusters, method=method, rng=rng, **weighted)
    attempts = tuple(
        kmeans.run(points, mixture.means, max_steps=max_steps, **weighted)
        for mixture in islice(drawn, n_init)
    )
    return KMeansRestarts(attempts, min(range(n_init), key=lambda i: attempts[i].inertia))
