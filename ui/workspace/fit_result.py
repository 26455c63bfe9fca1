"""The outcome of an experiment, computed once: for one person, or for a class that opens the same link."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

from gmm_core import marginal
from gmm_core.algorithms import MixtureRun
from ui.analysis.comparing import comparison_of
from ui.analysis.family_panels import panels_of
from ui.analysis.fitting import run_of
from ui.analysis.stops import Cure, cures_of, sentence_of
from ui.data import Data, data_of, numbers_alone, pair_alone, thinned, unweighted
from ui.experiment import MOST_STEPS, UPLOADED, Experiment, Scope, key_of, only, parameters
from ui.export.agreement import Agreement
from ui.export.finished import outcome_of
from ui.figures.panels import Panel
from ui.stage.comparison import Comparison
from ui.workspace.workspace import Workspace

LAB, COMPARISON = "lab", "comparison"
"""The kinds of stage; each is the key of its widget."""

MOST_KEPT = 20_000
"""Points of an outcome that is kept for other people."""

FIT = (Scope.DATA, Scope.START, Scope.MODEL)
"""What a run depends on."""

SHOWN = {LAB: FIT, COMPARISON: (*FIT, Scope.COMPARISON)}
"""What the outcome on each kind of stage depends on."""

ONE_COLUMN = (
    "These points lie on a line, and K-Means beside a mixture is shown in the plane: choose a column upwards "
    "in the lab."
)

Between = Callable[[MixtureRun, int], None]
"""Hears of a run as far as it has come, and of the most steps that it may take."""


@dataclass(frozen=True, eq=False)
class FitResult:
    """The outcome of an experiment."""

    key: Any
    """What it depends on: another outcome has another key."""
    experiment: Experiment
    """As far as the outcome depends on it."""
    data: Data
    run: MixtureRun | None
    problem: str
    """Why there is no run, in one sentence; empty if there is one."""

    sentence: str = ""
    """Why the run ended."""
    cures: tuple[Cure, ...] = ()
    """What can be done about it."""
    comparison: Comparison | None = None
    """K-Means from the same centres, where it is shown and there is a run."""

    @cached_property
    def agreement(self) -> Agreement | None:
        """Of the run's end with the labels; None where there is no run, or there are no labels to be seen."""
        if self.run is None or self.data.labels is None:
            return None
        return outcome_of(self.experiment, self.data, self.run).agreement

    @cached_property
    def _panels(self) -> dict[tuple[str, ...], list[Panel]]:
        return {}

    def panels(self, families: tuple[str, ...]) -> list[Panel]:
        """The fit of each of these families, and of K-Means. Raises ValueError where there can be none."""
        if families not in self._panels:
            self._panels.clear()
            self._panels[families] = panels_of(replace(self.experiment, families=families), self.data)
        return self._panels[families]


def result_of(current: Workspace, kind: str, watch: Callable[[int, int], None] | None = None) -> FitResult:
    """The outcome on a stage of that kind, computed unless it is there. While that takes, `watch` hears how
    many steps of how many have been done, and may raise to break it off: what has been done is then kept for
    the next time."""
    with current.lock:
        stage, experiment = current.stage(kind), current.experiment
        key = (kind, key_of(experiment, *SHOWN[kind]), _fingerprint(current))
        if stage.result is None or stage.result.key != key:
            if _may_be_kept(experiment):
                stage.result = _known(key, kind, only(experiment, *SHOWN[kind]))
            else:
                stage.result = _watched(current, key, kind, watch)
        return stage.result


def points_of(current: Workspace) -> Data:
    """The experiment's points, made again only when a choice that makes them changed."""
    with current.lock:
        key = key_of(current.experiment, Scope.DATA), _fingerprint(current)
        if current.data is None or current.data[0] != key:
            current.data = key, data_of(current.experiment, current.file and current.file.table)
        return current.data[1]


def _fingerprint(current: Workspace) -> str | None:
    return current.file and current.file.fingerprint


def _watched(current: Workspace, key: Any, kind: str, watch: Callable[[int, int], None] | None) -> FitResult:
    stage, experiment = current.stage(kind), current.experiment
    # A run that is stopped, or allowed more steps, is the same run as far as it goes.
    run_key = key_of(replace(experiment, step_limit=MOST_STEPS), *SHOWN[kind]), _fingerprint(current)
    of, begun = stage.under_way or (None, None)
    if begun is not None and (of != run_key or begun.states[-1].iteration > experiment.step_limit):
        begun = None

    def between(run: MixtureRun, most_steps: int) -> None:
        stage.under_way = run_key, run
        if watch is not None:
            watch(run.states[-1].iteration, most_steps)

    bare = only(experiment, *SHOWN[kind])
    result = _compute(key, kind, bare, points_of(current), begun, between)
    stage.under_way = None
    return result


def stop_here(experiment: Experiment, current: Workspace, kind: str) -> Experiment:
    """The run ends with the steps it has done by now."""
    under_way = current.stage(kind).under_way
    if under_way is None:
        return experiment
    return replace(experiment, step_limit=max(1, under_way[1].states[-1].iteration))


def is_everybodys(experiment: Experiment) -> bool:
    """Whether the points are nobody's own, and few enough to be kept for whoever comes next."""
    is_own = experiment.data == UPLOADED or bool(experiment.added)
    return not is_own and experiment.n_points <= MOST_KEPT


def _may_be_kept(experiment: Experiment) -> bool:
    """Whether its run may be as well: a dial is two dozen runs, and every state takes some kilobytes."""
    is_long = experiment.dial or experiment.step_limit > Experiment.step_limit
    return is_everybodys(experiment) and not is_long


@lru_cache(maxsize=64)
def _known(key: Any, kind: str, experiment: Experiment) -> FitResult:
    """The outcome of an experiment without a file, computed once for a class that opens the same link."""
    return _compute(key, kind, experiment, data_of(experiment, None))


def _in_the_plane(experiment: Experiment, data: Data) -> Experiment:
    """With a given start in the pair that is shown, where that has as many columns as the data."""
    given = experiment.mixture()
    if given is None or given.n_dimensions <= 2 or given.n_dimensions != data.points.shape[1]:
        return experiment
    return replace(experiment, start_mixture=parameters(marginal(given, data.pair)))


def _compute(
    key: Any,
    kind: str,
    experiment: Experiment,
    data: Data,
    begun: MixtureRun | None = None,
    between: Between | None = None,
) -> FitResult:
    if kind == COMPARISON:
        experiment = _in_the_plane(experiment, data)
        data = pair_alone(numbers_alone(unweighted(thinned(data, len(experiment.added)))))
    if kind == COMPARISON and data.points.shape[1] == 1:
        return FitResult(key, experiment, data, None, ONE_COLUMN)
    if data.notice:
        return FitResult(key, experiment, data, None, data.notice)
    try:
        run = run_of(experiment, data, begun=begun, between=between)
        beside = comparison_of(experiment, data, run) if kind == COMPARISON else None
        sentence, cures = sentence_of(experiment, data, run), cures_of(experiment, data, run)
        return FitResult(key, experiment, data, run, "", sentence, cures, beside)
    except ValueError as error:
        return FitResult(key, experiment, data, None, str(error))
