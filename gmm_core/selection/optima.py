"""Which of several runs of one model ended in the same place: the distinct optima that starts lead to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from gmm_core.em import EMEnd, EMRun
from gmm_core.iteration import check_tolerance
from gmm_core.mixture import Mixture, MixtureError, check_same_columns
from gmm_core.points import PointsError, quoted
from gmm_core.selection.agreement import bhattacharyya_distances, match

# In nats: partners that are farther apart stand elsewhere, whatever the likelihood says. So far apart are two
# Gaussians with 0.9 standard deviations between their means.
SAME_PLACE = 0.1


@dataclass(frozen=True)
class Optimum:
    """A place where runs ended."""

    log_likelihood: float
    """Of the best of its runs, in nats."""
    objective: float
    """What EM raised, of the same run, in nats: without a prior the log-likelihood."""
    best: int
    """The index of the run that came highest."""
    runs: tuple[int, ...]
    """The indices of all that ended here, in the order of the runs."""


@dataclass(frozen=True)
class DistinctOptima:
    """Where runs of one model ended, the best place first."""

    optima: tuple[Optimum, ...]
    """By falling objective."""
    collapsed: tuple[int, ...]
    """The indices of the runs that ended in a collapse, which is no optimum."""


def distinct_optima(runs: Sequence[EMRun], *, tolerance: float = 1e-4) -> DistinctOptima:
    """The places where `runs` of one model on the same points ended, and which runs ended in each.

    Two ended in the same where their objectives differ by no more than `tolerance`, in nats a point, and each
    component of the one has a partner in the other, as `match_components` finds it, at a Bhattacharyya
    distance of at most 0.1; and so do two that are linked by others so, as along a ridge.

    A run ends where a step gains next to nothing, which may be well before its optimum: the lower of two may
    have as much more to gain as its last two steps foretell, by Aitken's formula, the more the slower it is.
    So give runs that went on for long, such as the attempts of `restart` with `short_steps` and `max_steps`
    of 1000; of those cut off at some dozen steps nobody can say where they would have ended.

    Raises PointsError where there is no run, or something else; MixtureError for runs of different K or
    columns, or a negative tolerance.
    Source: Boehning, Dietz, Schaub, Schlattmann & Lindsay (1994), The distribution of the likelihood ratio
    for mixtures of densities from the one-parameter exponential family, for Aitken's formula.

    >>> from gmm_core import load_classic, restart
    >>> points = load_classic("old_faithful").pair("eruptions", "waiting").points
    >>> starts = restart(points, 2, n_init=20, short_steps=1000, max_steps=1000, rng=0)
    >>> [len(optimum.runs) for optimum in distinct_optima(starts.attempts).optima]
    [20]
    """
    checked = _checked(runs)
    check_tolerance(tolerance)
    sound = [i for i, run in enumerate(checked) if run.collapse is None]
    ranking = sorted(sound, key=lambda i: -checked[i].last.objective)
    groups: list[list[int]] = []
    for i in ranking:
        mine = [group for group in groups if any(_same(checked[j], checked[i], tolerance) for j in group)]
        groups = [group for group in groups if group not in mine]
        groups.append([*(j for group in mine for j in group), i])
    optima = [_optimum(group, checked) for group in groups]
    optima.sort(key=lambda optimum: -optimum.objective)
    return DistinctOptima(
        tuple(optima), tuple(i for i, run in enumerate(checked) if run.collapse is not None)
    )


def _checked(runs: Any) -> tuple[EMRun | EMEnd, ...]:
    if not isinstance(runs, Sequence) or isinstance(runs, str | bytes) or not len(runs):  # pyright: ignore[reportUnknownArgumentType]
        raise PointsError(f"The runs are {quoted(runs)}; give a list of one or more.")
    for run in runs:  # pyright: ignore[reportUnknownVariableType]
        if not isinstance(run, EMRun | EMEnd):
            raise PointsError(f"Among the runs is {quoted(run)}; give runs of EM, as restart returns them.")
    checked = cast("tuple[EMRun | EMEnd, ...]", tuple(runs))  # pyright: ignore[reportUnknownArgumentType]
    first = checked[0].mixture
    for run in checked[1:]:
        check_same_columns(first, run.mixture)
        if run.mixture.n_components != first.n_components:
            raise MixtureError(
                f"There are runs of {first.n_components} and of {run.mixture.n_components} components; give "
                "those of one model."
            )
    return checked


def _optimum(group: list[int], runs: Sequence[EMRun | EMEnd]) -> Optimum:
    best = max(group, key=lambda i: runs[i].last.objective)
    return Optimum(runs[best].log_likelihood, runs[best].last.objective, best, tuple(sorted(group)))


def _same(higher: EMRun | EMEnd, lower: EMRun | EMEnd, tolerance: float) -> bool:
    gap = higher.last.objective - lower.last.objective
    slack = tolerance * lower.last.moments.total + _still_to_gain(lower)
    return gap <= slack and _in_one_place(higher.mixture, lower.mixture)


def _still_to_gain(run: EMRun | EMEnd) -> float:
    """In nats: what there is to come where every step gains as much less than the one before as the last."""
    if len(run.states) < 3:
        return 0.0
    before, last = np.diff([state.objective for state in run.states[-3:]]).tolist()
    if last <= 0:
        return 0.0
    return last * last / (before - last) if before > last else np.inf


def _in_one_place(mixture: Mixture, other: Mixture) -> bool:
    distances = bhattacharyya_distances(mixture, other)
    return bool(distances[np.arange(len(distances)), match(-distances)].max() <= SAME_PLACE)
