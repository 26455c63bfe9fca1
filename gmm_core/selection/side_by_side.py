"""Runs of EM from several starts side by side: each as it would be alone, with all its states."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count

import numpy as np

from gmm_core import em
from gmm_core.collapse import ComponentCollapsedError
from gmm_core.em.runs import EMRun, ended, reason_to_stop
from gmm_core.em.steps import EMState
from gmm_core.families import find_family
from gmm_core.mixture import Mixture
from gmm_core.selection import ensemble
from gmm_core.selection.ensemble import Ensemble
from gmm_core.selection.task import Task


def run_together(
    task: Task,
    begun: Sequence[Mixture],
    family: str,
    tolerance: float,
    max_steps: int,
    stops: Callable[[int], bool] = lambda iteration: False,
) -> list[EMRun]:
    """What `em.run` returns from each of the mixtures, but for rounding, in their order. Raises as it.

    `stops` is told of every iteration; where it answers True, those still running end as if at their limit.
    """
    # All that can be wrong with the settings is wrong for one as for all.
    _step_alone(task, begun[0], family)
    name = find_family(family).name
    members = ensemble.start(task, [(name, mixture) for mixture in begun])
    histories = [[state] for state in _states(task, members, 0, begun)]
    runs: dict[int, EMRun] = {}
    moving = list(range(len(begun)))
    for iteration in count(1):
        members, living = ensemble.step(task, members)
        for i, lives in zip(moving, living.tolist(), strict=True):
            if not lives:
                # Alone it says which component collapsed, and how.
                runs[i] = _run_alone(task, begun[i], family, tolerance, max_steps)
        moving = [i for i, lives in zip(moving, living.tolist(), strict=True) if lives]
        limit = iteration if stops(iteration) else max_steps
        for i, state in zip(moving, _states(task, members, iteration), strict=True):
            histories[i].append(state)
            reason = reason_to_stop(histories[i], tolerance, limit, True)
            if reason is not None:
                runs[i] = ended(histories[i], reason, task.variant)
        going_on = [place for place, i in enumerate(moving) if i not in runs]
        if not going_on:
            break
        if len(going_on) < len(moving):
            moving = [moving[place] for place in going_on]
            members = members.members(np.array(going_on, dtype=np.intp))
    return [runs[i] for i in range(len(begun))]


def _states(
    task: Task, members: Ensemble, iteration: int, mixtures: Sequence[Mixture] | None = None
) -> list[EMState]:
    """Those of all members, whose mixtures may be there already."""
    known = mixtures or [None] * len(members)
    return [ensemble.state_of(task, members, i, iteration, mixture) for i, mixture in enumerate(known)]


def _step_alone(task: Task, mixture: Mixture, family: str) -> None:
    state = em.start(task.points, mixture, family=family, variant=task.variant)
    with suppress(ComponentCollapsedError):
        em.m_step(state.moments, family=family, reg_covar=task.reg_covar, variant=task.variant)


def _run_alone(task: Task, mixture: Mixture, family: str, tolerance: float, max_steps: int) -> EMRun:
    return em.run(
        task.points,
        mixture,
        family=family,
        reg_covar=task.reg_covar,
        variant=task.variant,
        tolerance=tolerance,
        max_steps=max_steps,
    )
