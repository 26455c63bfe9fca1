"""How well a fit foretells points that it has not seen."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.em import EMEnd
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.iteration import step_limit
from gmm_core.mixture import MixtureError, Noise, check_noise, log_density, log_likelihood
from gmm_core.points import PointsError, as_points, as_sample_weights, quoted, split_columns
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.selection.resamples import Resamples
from gmm_core.selection.resampling import SideBySide, lots
from gmm_core.selection.task import Task
from gmm_core.settings import Seed, as_generator, check_n_components
from gmm_core.starts import StartError, find_start, initialize


def held_out_log_likelihood(
    points: ArrayLike,
    n_components: int,
    *,
    family: str = "full",
    n_folds: int = 10,
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
    """The mean log-density of a point, in nats, under a mixture fitted without it; larger is better.

    The points (N, D) are shuffled by `rng` and cut into folds of nearly equal size; each fold in turn is
    held out, and a mixture is fitted to the others. The shuffle comes first, so that generators of one
    seed hold out the same folds whatever K and family are. Where a component collapses, the last state
    before it stands for the fit: the density it had piled up on a few points is of no help elsewhere.
    The last `n_binary` columns are 0 or 1; a value that the other folds lack is next to impossible.

    With `sample_weights` (N,), which may stand in the variant as well, every point counts so many times, in
    the fits and in the mean; one of weight 0 might as well be left out. All else of the `variant` holds for
    the fits; `noise` is a uniform background with the weight it begins with.

    `progress` is told the share of folds done, from 0 to 1, and stops by answering True: the mean is then
    that of the points judged so far.

    Raises PointsError for bad points or weights, fewer than 2 folds or more than points, or too few points
    for K; StartError for a start that needs something given; MixtureError for sample weights given twice;
    otherwise as `initialize` and `run`.
    Source: Smyth (2000), Model selection for probabilistic clustering using cross-validated likelihood.
    """
    checked, rng = as_points(points), as_generator(rng)
    check_variant(variant)
    check_noise(noise)
    if sample_weights is None:
        sample_weights = variant.sample_weights
    elif variant.sample_weights is not None:
        raise MixtureError("Sample weights are given twice; leave those of the variant out, or the others.")
    weights = as_sample_weights(sample_weights, len(checked))
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
    check_progress(progress)
    folds = np.array_split(rng.permutation(len(checked)), n_folds)
    task = Task(checked, n_binary, replace(variant, sample_weights=weights), reg_covar, noise)
    n_components = check_n_components(split_columns(checked, n_binary)[0], n_components)
    fits = _fits(task, n_components, method, folds, (family, tolerance, step_limit(max_steps)), rng)
    total, judged_weight = 0.0, 0.0
    for done, (held_out, fit) in enumerate(zip(folds, fits, strict=True), 1):
        judged = checked[held_out]
        if weights is None:
            total += log_likelihood(judged, fit.mixture)
            judged_weight += len(judged)
        else:
            total += float(weights[held_out] @ log_density(judged, fit.mixture))
            judged_weight += float(weights[held_out].sum())
        if progress is not None and progress(done / n_folds):
            break
    return total / judged_weight


def _fits(
    task: Task,
    n_components: int,
    method: str,
    folds: Sequence[NDArray[np.intp]],
    settings: tuple[str, float, int],
    rng: np.random.Generator,
) -> Iterator[EMEnd]:
    """For each fold that is held out a fit to the others, from a start of its own."""
    n_points, n_dimensions = task.numbers.shape
    for lot in lots(len(folds), n_points * n_dimensions * n_components):
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
        ]
        side_by_side = SideBySide(Resamples(tuple(tasks)), *settings)
        yield from side_by_side.run([task.with_noise(one) for one in begun], range(len(lot)))


def _without(task: Task, held_out: NDArray[np.intp]) -> Task:
    weights = None if task.weights is None else np.delete(task.weights, held_out)
    variant = replace(task.variant, sample_weights=weights)
    return replace(task, points=np.delete(task.points, held_out, axis=0), variant=variant)
