"""Many starts of one model, and where each ends: whether an answer was luck."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from gmm_core import EM, STARTS, DistinctOptima, EMRun, Mixture, distinct_optima
from gmm_core.mixture import with_noise
from gmm_core.selection.side_by_side import run_together
from gmm_core.selection.task import Task
from gmm_core.starts import starts
from ui.analysis.algorithms import algorithm_of, variant_of
from ui.analysis.choosing.no_fit import why_no_fit
from ui.analysis.choosing.sweeping import few_of, sweep_noise
from ui.analysis.fitting import begun_at, start_of
from ui.data import Data
from ui.experiment import Experiment

N_STARTS = 50
MOST_RESTARTED = 5_000
"""Points that starts are compared on; of more, as many drawn at random."""

SMALL_WORK, SMALL_LOT, LOT = 3_000, 25, 10
"""Points times components up to which starts go in larger lots, and how many are in each."""

FALLBACK = "kmeans++"
"""The start that others are drawn by where the experiment's own draws nothing."""

Report = Callable[[float, "Luck | None"], bool]


@dataclass(frozen=True, eq=False)
class StartRun:
    """One start and what became of it."""

    begun: Mixture
    end: Mixture
    objective: float
    """What EM raises, in nats: without a prior the log-likelihood."""
    n_iterations: int
    problem: str
    """How it collapsed, in a sentence; empty if it did not."""


@dataclass(frozen=True, eq=False)
class Luck:
    """The starts of one model, as far as there are any."""

    data: Data
    """The points that were fitted."""
    n_points: int
    """That there are in all."""
    runs: tuple[StartRun, ...]
    distinct: DistinctOptima
    """Where they ended."""
    yours: int
    """The run that the lab shows."""
    method: str
    """A key of STARTS: how all but the lab's own were drawn."""
    objective_name: str
    """What EM raises."""
    remarks: tuple[str, ...] = ()
    """What was assumed, a sentence each."""

    @property
    def place(self) -> int | None:
        """Of your run among the optima, 0 for the best; None if it collapsed."""
        return self.place_of(self.yours)

    def place_of(self, run: int) -> int | None:
        """Of a run among the optima; None if it collapsed."""
        return next((i for i, each in enumerate(self.distinct.optima) if run in each.runs), None)

    def gap(self, run: int) -> float:
        """In nats: how far a run ended below the best."""
        return self.distinct.optima[0].objective - self.runs[run].objective


def luck_of(experiment: Experiment, data: Data, report: Report | None = None) -> Luck:
    """The experiment's own start and others, N_STARTS in all, and one more where components were placed by
    hand, each carried on by EM to its end. Where `report` asks to end, those that are done by then.

    Raises ValueError where the points allow no such start.
    """
    few = few_of(data, MOST_RESTARTED)
    experiment = replace(experiment, algorithm="em")
    em = algorithm_of(experiment, few)
    assert isinstance(em, EM)
    method = experiment.start if STARTS[experiment.start].is_drawn else FALLBACK
    begun, yours = _begun(experiment, few, method)
    remarks = _remarks(experiment, few, len(data.points), method)
    done: list[EMRun] = []

    def so_far() -> Luck:
        runs = tuple(_start_run(mixture, run) for mixture, run in zip(begun[: len(done)], done, strict=True))
        found = distinct_optima(done)
        return Luck(few, len(data.points), runs, found, yours, method, done[0].objective_name, remarks)

    def stops(luck: Luck | None = None) -> bool:
        return report is not None and report(len(done) / len(begun), luck)

    for lot in _lots(begun, yours, len(few.points) * experiment.n_components):
        done += _runs(experiment, em, few, lot, stops)
        if stops(so_far()):
            break
    return so_far()


def _begun(experiment: Experiment, data: Data, method: str) -> tuple[list[Mixture], int]:
    """The starts, and which of them is the lab's: the first one, or of those placed by hand the last."""
    drawn = starts(
        data.fitted,
        experiment.n_components,
        method=method,
        family=experiment.family,
        n_binary=data.n_binary,
        sample_weights=data.weights,
        rng=0,
    )
    noise = sweep_noise(experiment, data)
    own = start_of(replace(experiment, start_mixture=()), data)
    begun = [with_noise(mixture, noise) for mixture in [own, *islice(drawn, N_STARTS - 1)]]
    if not experiment.start_mixture:
        return begun, 0
    given = begun_at(experiment, data)
    same = next((i for i, mixture in enumerate(begun) if _is_same(given, mixture)), None)
    return (begun, same) if same is not None else ([given, *begun], 0)


def _is_same(mixture: Mixture, other: Mixture) -> bool:
    return (
        np.allclose(mixture.weights, other.weights)
        and np.allclose(mixture.means, other.means)
        and np.allclose(mixture.covariances, other.covariances)
    )


def _lots(begun: list[Mixture], yours: int, work: int) -> Iterator[list[Mixture]]:
    """So many at once that they share their calls, and so few that people see them come."""
    length = SMALL_LOT if work <= SMALL_WORK else LOT
    first = max(length, yours + 1)
    yield begun[:first]
    for at in range(first, len(begun), length):
        yield begun[at : at + length]


def _runs(
    experiment: Experiment, em: EM, data: Data, begun: list[Mixture], stops: Callable[[], bool]
) -> list[EMRun]:
    """As the lab runs them, so that each is there what it is here."""
    if not em.stop_when_falling:
        return [em.run(data.fitted, mixture, max_steps=_limit(experiment)) for mixture in begun]
    task = Task(
        data.fitted, data.n_binary, variant_of(experiment, data), experiment.reg_covar, begun[0].noise
    )
    settings = experiment.family, experiment.tolerance, _limit(experiment)
    return run_together(task, begun, *settings, lambda _: stops())


def _limit(experiment: Experiment) -> int:
    """However few the lab may take, here a run goes to its end."""
    return max(Experiment.step_limit, experiment.step_limit)


def _start_run(begun: Mixture, run: EMRun) -> StartRun:
    problem = "" if run.collapse is None else run.explanation
    return StartRun(begun, run.mixture, run.last.objective, run.last.iteration, problem)


def _remarks(experiment: Experiment, few: Data, n_points: int, method: str) -> tuple[str, ...]:
    said: list[str] = []
    if len(few.points) < n_points:
        said.append(
            f"Compared on a sample of {len(few.points):,} of the {n_points:,} points, drawn at random; the "
            "lab runs a start on all of them."
        )
    if method != experiment.start:
        title = STARTS[experiment.start].title
        said.append(f"“{title}” draws nothing at random, so the others are drawn by {STARTS[method].title}.")
    return tuple(said)


def verdict(luck: Luck) -> str:
    """Whether it was luck, in one sentence."""
    n_runs, n_optima = len(luck.runs), len(luck.distinct.optima)
    if not n_optima:
        return (
            f"All {n_runs} starts collapsed. {why_no_fit(luck.data.points, luck.runs[0].begun.n_components)}"
        )
    n_best, n_others = len(luck.distinct.optima[0].runs), len(luck.distinct.collapsed) - 1
    found = f"the best of {n_optima} optima" if n_optima > 1 else "the one optimum there is"
    match luck.place:
        case None:
            too = f", as {n_others} of the others did" if n_others else ", and no other did"
            return f"Your start collapsed{too}; {n_best} of {n_runs} starts reached {found}."
        case 0 if n_best == n_runs:
            return f"No luck was needed: all {n_runs} starts ended in the same place."
        case 0 if n_best == 1:
            return f"Your start reached {found}, and no other of {n_runs} did: that was luck."
        case 0:
            return f"Your start reached {found}, as {n_best} of {n_runs} did."
        case _:
            gap = f"{luck.gap(luck.yours):,.1f} nats"
            which = f"which {n_best} of {n_runs} starts found"
            return f"Your start ended {gap} below {found}, {which}."
