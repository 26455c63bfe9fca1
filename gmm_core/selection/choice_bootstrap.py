"""How firm is the choice among several fits? How often each wins when the points are weighted at random."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.em import EMEnd
from gmm_core.em.variant import PLAIN, Variant, check_variant
from gmm_core.iteration import step_limit
from gmm_core.mixture import Mixture, MixtureError, check_same_columns
from gmm_core.points import Array, PointsError, ReadOnly, as_points, as_sample_weights, quoted, sealed
from gmm_core.selection.acceleration import fewest_points
from gmm_core.selection.criteria import aic, bic, classification_entropy, icl
from gmm_core.selection.progress import Progress, check_progress
from gmm_core.selection.resamples import Resamples
from gmm_core.selection.resampling import (
    MOST_IN_A_LOT,
    SideBySide,
    checked_n_bootstrap,
    lots,
    random_weights,
)
from gmm_core.selection.sweeping import Fit
from gmm_core.selection.task import Task
from gmm_core.settings import Seed, as_generator

CRITERIA = ("bic", "aic", "icl")

# Resamples that every candidate is fitted to before it is the next ones' turn, at most: those of a lot that
# is stopped are lost.
MOST_RESAMPLES = 20


@dataclass(frozen=True, eq=False)
class ChoiceBootstrap(ReadOnly):
    """Several fits to the same points, and which of them would have been chosen."""

    fits: tuple[Fit, ...]
    """The C candidates."""
    criterion: str
    """By which one is chosen: "bic", "aic" or "icl"."""
    values: Array
    """(B, C): the criterion, and the number of parameters added, of every candidate fitted to every resample;
    smaller is better, and infinite where a component collapsed or came to hold too few points."""

    @property
    def wins(self) -> NDArray[np.int64]:
        """(C,): in how many of the B resamples each is the best, the first of equals. Where all collapsed
        none wins, so that the sum may be less than B."""
        if not len(self.values):
            return sealed(np.zeros(len(self.fits), dtype=np.int64))
        winners = self.values.argmin(axis=1)[np.isfinite(self.values).any(axis=1)]
        return sealed(np.bincount(winners, minlength=len(self.fits)).astype(np.int64))


def choice_bootstrap(
    points: ArrayLike,
    fits: Sequence[Fit],
    *,
    criterion: str = "bic",
    n_bootstrap: int = 100,
    variant: Variant = PLAIN,
    reg_covar: float = 0.0,
    tolerance: float = 1e-5,
    max_steps: int = 200,
    rng: Seed,
    progress: Progress | None = None,
) -> ChoiceBootstrap:
    """How often each of `fits`, as `sweep` returns them for points (N, D) with the same `variant` and
    `reg_covar`, is the best by the criterion when the points are weighted at random, `n_bootstrap` times, and
    each fitted again from where it stands. Sum the `wins` over families, and you have how often each K wins.

    The weights are N times a uniform Dirichlet draw, as in `weighted_likelihood_bootstrap`. Drawing with
    replacement would weight the points by whole numbers of the same mean and variance, and by that do harm:
    a point drawn three times is three points in one place, on which components collapse, and about every
    third point is gone (Janitza, Binder & Boulesteix, 2016, Pitfalls of hypothesis tests and model selection
    on bootstrap samples).

    Either way a resample fits its model the better the more parameters that has, since it varies about points
    that have varied already: its -2 log L is too small by one for each parameter, on average, and larger
    models would win too often. So the number of parameters is added to every criterion; over the resamples
    the values then lie about those of the points themselves (Steck & Jaakkola, 2003). What remains is a
    little too wide: a choice that is clear on the points wins nearly always, one that is not wins less often
    than it would on new points. Fits start where they stand, so that it is seen how firm the choice among
    them is, not which other optima resamples might have.

    A candidate that collapses, or one of whose components comes to hold no more points than `sweep` asks of
    it, does not win. With sample weights in the `variant` a point of weight w varies as w points would. Noise
    and binary columns are those of the mixtures.

    It takes as long as B times C fits, side by side: leave out candidates that are far from the best.
    `progress` is told the share done, from 0 to 1, and stops by answering True: the resamples that every
    candidate has been fitted to by then are returned.

    Raises PointsError for bad points, no fit, an unknown criterion or fewer than 1 resample; MixtureError for
    fits to other columns or with other noise; otherwise as `run`.
    Source: Newton & Raftery (1994), Approximate Bayesian inference with the weighted likelihood bootstrap,
    for the weights; Steck & Jaakkola (2003), Bias-corrected bootstrap and model uncertainty, Advances in
    Neural Information Processing Systems 16, for the parameters added.

    >>> from gmm_core import load_classic, sweep
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> fits = sweep(points, [1, 2, 3], "tied")
    >>> wins = choice_bootstrap(points, fits, n_bootstrap=20, rng=0).wins
    >>> int(wins.sum()), int(wins[0])
    (20, 0)
    """
    candidates, of = _checked_fits(fits), _checked_criterion(criterion)
    check_variant(variant)
    first = candidates[0].mixture
    checked, rng = as_points(points, first.n_columns), as_generator(rng)
    counts = as_sample_weights(variant.sample_weights, len(checked))
    n_bootstrap = checked_n_bootstrap(n_bootstrap)
    check_progress(progress)
    task = Task(checked, first.n_columns - first.n_dimensions, variant, reg_covar, first.noise)
    settings = (tolerance, step_limit(max_steps))
    found: list[Array] = []
    largest = max(fit.mixture.means.size for fit in candidates)
    for lot in lots(n_bootstrap, max(len(checked) * largest, MOST_IN_A_LOT // MOST_RESAMPLES)):
        drawn = [random_weights(len(checked), counts, rng) for _ in lot]
        tasks = tuple(_weighted(task, weights) for weights in drawn)
        columns: list[list[float]] = []
        for ends in _ends(tasks, candidates, settings):
            fit = candidates[len(columns)]
            columns.append([of(fit, end, one) for end, one in zip(ends, tasks, strict=True)])
            done = lot.start + len(lot) * len(columns) / len(candidates)
            if progress is not None and progress(done / n_bootstrap):
                if len(columns) == len(candidates):
                    found.append(np.array(columns).T)
                return _choices(candidates, criterion, found)
        found.append(np.array(columns).T)
    return _choices(candidates, criterion, found)


def _choices(fits: tuple[Fit, ...], criterion: str, found: Sequence[Array]) -> ChoiceBootstrap:
    values = np.concatenate([np.empty((0, len(fits))), *found])
    return ChoiceBootstrap(fits, criterion, sealed(values))


def _weighted(task: Task, weights: Array) -> Task:
    return replace(task, variant=replace(task.variant, sample_weights=weights))


def _ends(tasks: tuple[Task, ...], fits: Sequence[Fit], settings: tuple[float, int]) -> Iterator[list[EMEnd]]:
    """For one candidate after the other what it becomes on each of the resamples."""
    resamples = Resamples(tasks)
    for fit in fits:
        side_by_side = SideBySide(resamples, fit.family, *settings)
        yield side_by_side.run([fit.mixture] * len(tasks), range(len(tasks)))


_Criterion = Callable[[Fit, EMEnd, Task], float]


def _checked_criterion(criterion: Any) -> _Criterion:
    """The value of a candidate's fit to a resample."""
    if not isinstance(criterion, str) or criterion not in CRITERIA:
        raise PointsError(
            f"There is no criterion {quoted(criterion)} to choose by; give one of {', '.join(CRITERIA)}."
        )

    def value(fit: Fit, end: EMEnd, task: Task) -> float:
        fewest = fewest_points(task, (fit.family,))[0]
        if end.collapse is not None or end.last.moments.counts.min() <= fewest:
            return np.inf
        likely, n_parameters = end.log_likelihood, fit.n_parameters
        if criterion == "aic":
            found = aic(likely, n_parameters)
        elif criterion == "bic":
            found = bic(likely, n_parameters, task.total)
        else:
            entropy = classification_entropy(task.points, end.mixture, sample_weights=task.weights)
            found = icl(likely, n_parameters, task.total, entropy)
        return found + n_parameters

    return value


def _checked_fits(fits: Any) -> tuple[Fit, ...]:
    several = isinstance(fits, Sequence) and not isinstance(fits, str | bytes)
    candidates: tuple[Any, ...] = tuple(cast("Sequence[Any]", fits)) if several else ()
    if not candidates or not all(isinstance(fit, Fit) for fit in candidates):
        raise PointsError(f"The fits are {quoted(fits)}; give one or more as sweep returns them.")
    first: Mixture = candidates[0].mixture
    for fit in candidates[1:]:
        check_same_columns(first, fit.mixture)
        if _volume(first) != _volume(fit.mixture):
            raise MixtureError("The fits have different noise; give those of one sweep.")
    return candidates


def _volume(mixture: Mixture) -> float | None:
    return None if mixture.noise is None else mixture.noise.volume
