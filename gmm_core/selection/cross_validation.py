"""How well a fit foretells points that it has not seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.em import EMEnd
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.iteration import step_limit
from gmm_core.mixture import MixtureError, Noise, check_noise, log_density, log_likelihood
from gmm_core.points import (
    Array,
    PointsError,
    ReadOnly,
    as_points,
    as_sample_weights,
    quoted,
    read_only,
    split_columns,
)
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.selection.resamples import Resamples
from gmm_core.selection.resampling import SideBySide, lots
from gmm_core.selection.task import Task
from gmm_core.settings import Seed, as_generator, check_n_components
from gmm_core.starts import StartError, checked_n_init, find_start, initialize


@dataclass(frozen=True, eq=False)
class HeldOut(ReadOnly):
    """What points are worth to fits that have not seen them, fold by fold."""

    means: Array
    """(F,), in nats: the mean log-density of a point of each fold under the fit to the others; larger is
    better. Fewer than were asked for where it was stopped."""
    counts: Array
    """(F,): the points of each fold, or their weights, summed."""

    @property
    def mean(self) -> float:
        """The mean log-density of a point of any fold, in nats."""
        return float(self.counts @ self.means / self.counts.sum())

    @property
    def standard_error(self) -> float:
        """Of the mean, in nats, by how far the folds are apart: s / sqrt(F) where all hold as many points.

        The folds' fits share most of their points, so that it is a little too small, and no better one can
        be had of them (Bengio & Grandvalet, 2004, No unbiased estimator of the variance of K-fold
        cross-validation). Raises MixtureError where there are fewer than 2 folds.
        """
        n_folds = len(self.means)
        if n_folds < 2:
            raise MixtureError("One fold has no spread; let at least 2 be judged.")
        deviations = self.counts * (self.means - self.mean) / self.counts.sum()
        return float(np.sqrt(deviations @ deviations * n_folds / (n_folds - 1)))


def held_out_log_likelihood(
    points: ArrayLike,
    n_components: int,
    *,
    family: str = "full",
    n_folds: int = 10,
    n_init: int = 1,
    method: str = "kmeans++",
    reg_covar: float = 0.0,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    variant: Variant = PLAIN,
    noise: Noise | None = None,
    n_binary: int = 0,
    sample_weights: ArrayLike | None = None,
    progress: Progress | None = None,
    rng: Seed,
) -> float:
    """The mean log-density of a point of points (N, D), in nats, under a mixture fitted without it; larger is
    better. It is the `mean` of `held_out_log_likelihoods`, which has the folds one by one. Raises as it.
    Source: Smyth (2000), Model selection for probabilistic clustering using cross-validated likelihood.
    """
    return held_out_log_likelihoods(
        points,
        n_components,
        family=family,
        n_folds=n_folds,
        n_init=n_init,
        method=method,
        reg_covar=reg_covar,
        tolerance=tolerance,
        max_steps=max_steps,
        variant=variant,
        noise=noise,
        n_binary=n_binary,
        sample_weights=sample_weights,
        progress=progress,
        rng=rng,
    ).mean


def held_out_log_likelihoods(
    points: ArrayLike,
    n_components: int,
    *,
    family: str = "full",
    n_folds: int = 10,
    n_init: int = 1,
    method: str = "kmeans++",
    reg_covar: float = 0.0,
    tolerance: float = 1e-6,
    max_steps: int = 200,
    variant: Variant = PLAIN,
    noise: Noise | None = None,
    n_binary: int = 0,
    sample_weights: ArrayLike | None = None,
    progress: Progress | None = None,
    rng: Seed,
) -> HeldOut:
    """What the points (N, D) of each fold are worth to a mixture fitted to the other folds.

    The points are shuffled by `rng` and cut into folds of nearly equal size; each fold in turn is held out,
    and a mixture is fitted to the others: the likeliest to them of those from `n_init` starts, drawn by
    `method`. The shuffle comes first, so that seeds, and generators of one seed, hold out the same folds
    whatever K and family are. What two models differ by is therefore told fold by fold, as `means` less
    `means`: the spread of these differences is far smaller than that of either.

    Where a component collapses, the last state before it stands for the fit, if no other start is left: the
    density it had piled up on a few points is of no help elsewhere. The last `n_binary` columns are 0 or 1; a
    value that the other folds lack is next to impossible.

    With `sample_weights` (N,), which may stand in the variant as well, every point counts so many times, in
    the fits and in the means; one of weight 0 might as well be left out. All else of the `variant` holds for
    the fits; `noise` is a uniform background with the weight it begins with.

    `progress` is told the share of folds done, from 0 to 1, and stops by answering True: the answer is then
    that of the folds judged so far.

    Raises PointsError for bad points or weights, fewer than 2 folds or more than points, or too few points
    for K; StartError for fewer than 1 start or one that needs something given; MixtureError for sample
    weights given twice; otherwise as `initialize` and `run`.
    Source: Smyth (2000), Model selection for probabilistic clustering using cross-validated likelihood.

    >>> from gmm_core import load_classic
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> one, two = (held_out_log_likelihoods(points, k, rng=0) for k in (1, 2))
    >>> bool(((two.means - one.means) > 0).all()), round(two.mean - one.mean, 1)
    (True, 0.6)
    """
    checked, rng = as_points(points), as_generator(rng)
    weights = _weights_of(variant, sample_weights, len(checked))
    check_noise(noise)
    if weights is not None:
        checked, weights = checked[weights > 0], weights[weights > 0]
    if isinstance(n_folds, bool) or not isinstance(n_folds, Integral) or not 2 <= n_folds <= len(checked):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise PointsError(
            f"{len(checked)} points cannot be cut into {quoted(n_folds)} folds; give a whole number of 2 or "
            "more, at most one for each point."
        )
    needed = find_start(method).needs
    if needed is not None:
        raise StartError(
            f"The start {method!r} needs {needed}, and every fold would need its own; choose a "
            "start that needs only points."
        )
    n_init = checked_n_init(n_init)
    check_progress(progress)
    folds = np.array_split(rng.permutation(len(checked)), n_folds)
    task = Task(checked, n_binary, replace(variant, sample_weights=weights), reg_covar, noise)
    n_components = check_n_components(split_columns(checked, n_binary)[0], n_components)
    settings = (family, tolerance, step_limit(max_steps))
    means: list[float] = []
    counts: list[float] = []
    fits = _fits(task, n_components, (method, n_init), folds, settings, rng)
    for done, (held_out, fit) in enumerate(zip(folds, fits, strict=True), 1):
        judged = checked[held_out]
        if weights is None:
            counts.append(len(judged))
            means.append(log_likelihood(judged, fit.mixture) / counts[-1])
        else:
            counts.append(float(weights[held_out].sum()))
            means.append(float(weights[held_out] @ log_density(judged, fit.mixture)) / counts[-1])
        if progress is not None and progress(done / n_folds):
            break
    return HeldOut(read_only(means), read_only(counts))


def _weights_of(variant: Variant, sample_weights: ArrayLike | None, n_points: int) -> Array | None:
    """(N,): those of the variant or those given beside it."""
    check_variant(variant)
    if sample_weights is None:
        return as_sample_weights(variant.sample_weights, n_points)
    if variant.sample_weights is not None:
        raise MixtureError("Sample weights are given twice; leave those of the variant out, or the others.")
    return as_sample_weights(sample_weights, n_points)


def _fits(
    task: Task,
    n_components: int,
    starts: tuple[str, int],
    folds: Sequence[NDArray[np.intp]],
    settings: tuple[str, float, int],
    rng: np.random.Generator,
) -> Iterator[EMEnd]:
    """For each fold that is held out the best fit to the others, from starts of its own, drawn by a method so
    many times."""
    n_points, n_dimensions = task.numbers.shape
    method, n_init = starts
    for lot in lots(len(folds), n_points * n_dimensions * n_components * n_init):
        tasks = [_without(task, folds[i]) for i in lot]
        begun = [
            initialize(
                others.points,
                n_components,
                method=method,
                family=settings[0],
                n_binary=task.n_binary,
                sample_weights=others.weights,
                rng=rng,
            )
            for others in tasks
            for _ in range(n_init)
        ]
        sets = [i for i in range(len(lot)) for _ in range(n_init)]
        side_by_side = SideBySide(Resamples(tuple(tasks)), *settings)
        ends = side_by_side.run([task.with_noise(one) for one in begun], sets)
        for first in range(0, len(ends), n_init):
            yield max(ends[first : first + n_init], key=_worth)


def _worth(end: EMEnd) -> tuple[bool, float]:
    return end.collapse is None, end.last.objective


def _without(task: Task, held_out: NDArray[np.intp]) -> Task:
    weights = None if task.weights is None else np.delete(task.weights, held_out)
    variant = replace(task.variant, sample_weights=weights)
    return replace(task, points=np.delete(task.points, held_out, axis=0), variant=variant)
