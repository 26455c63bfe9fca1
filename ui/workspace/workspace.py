"""What one person has on the table, and everything that outlives a rerun; no Streamlit.

The experiment is the single truth: what people do goes through one named transition each, can be undone,
and what follows from it is computed again only when it changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from secrets import token_hex
from threading import RLock
from typing import Any

import gmm_core
from ui.analysis.comparing import comparison_of
from ui.analysis.family_panels import panels_of
from ui.analysis.fitting import run_of
from ui.analysis.stops import Cure, cures_of, sentence_of
from ui.data import Data, data_choices, data_of, frame_of, thinned, unweighted
from ui.experiment import MOST_STEPS, UPLOADED, Experiment, View
from ui.experiment.address import VIEW_DEFAULTS, faults_of, to_address
from ui.export.names import file_stem
from ui.figures.panels import Panel
from ui.stage.codec import Scene
from ui.stage.comparison import Comparison
from ui.uploads import Table
from ui.workspace.presenting import offered

LAB, COMPARISON = "lab", "comparison"
"""The kinds of stage; each is the key of its widget."""

MOST_UNDONE = 100
MOST_FILES = 3
"""That undoing can bring back."""

NO_CHOICE = "What was chosen is none of the choices, so nothing was changed; choose again."

MOST_KEPT = 20_000
"""Points of an outcome that is kept for other people."""


@dataclass
class Workspace:
    """Everything that outlives a rerun."""

    experiment: Experiment
    complaints: list[str]
    """Sentences about the link this session was opened with."""
    news: list[str] = field(default_factory=list)
    """Sentences about what happened since, until the next change."""
    token: str = field(default_factory=lambda: token_hex(4))
    """Of this session alone."""
    file: "File | None" = None
    """The uploaded file, as read."""
    history: list[tuple[Experiment, "File | None"]] = field(default_factory=list)
    """Earlier experiments and the files they were made with, for undoing."""
    resumed: int = -1
    """The beginning, among `beginnings`, at which the stage goes back to where it had left this run."""
    seen: Mapping[str, str] | None = None
    """How the stage shows the run, as address parameters, as it last said; None if it has not said on this
    page."""
    listening: bool = False
    """Whether the stage shall say so whenever it changes: where something that is open depends on it."""
    uploaded: str = ""
    """The name of the file that was last put into the uploader."""
    upload_error: str = ""
    unread: tuple[str, bytes] | None = None
    """Name and content of a file that could not be read as a table: another way may be named."""
    beginnings: int = 0
    """How often people asked to begin again, with or without a change; else the stage keeps its place."""
    acknowledged: int = 0
    """The number of the last event of the stage that was taken in."""
    shown: "Shown | None" = None
    """What the last rerun computed."""
    lock: Any = field(default_factory=RLock)
    """A newer rerun may begin in a thread of its own before the older one has been broken off."""
    script: Any = field(default_factory=RLock)
    """Held by the script that draws this person's page; a newer one waits here, in nobody else's way."""
    data: tuple[str, Data] | None = None
    """The points, behind what they were made from."""
    opens_on: str = ""
    """The page that an opened file belongs on, until people have been taken there."""
    under_way: tuple[str, gmm_core.EMRun] | None = None
    """A run that has not been shown yet, as far as it has come, behind what it is made of."""
    message: tuple[Any, bytes] | None = None
    """The last message for the stage, behind what it was made from."""

    def say(self, complaints: Sequence[str] = (), news: Sequence[str] = ()) -> None:
        """What to say from now on; what was said before is over."""
        self.complaints, self.news, self.upload_error = list(complaints), list(news), ""


@dataclass(frozen=True, eq=False)
class File:
    """An uploaded file, as it came and as it was read."""

    name: str
    content: bytes
    table: Table

    @cached_property
    def fingerprint(self) -> str:
        """Of its bytes and the way they were read."""
        return sha256(self.content + repr(self.table.reading).encode()).hexdigest()


@dataclass(frozen=True, eq=False)
class Shown:
    """The outcome of an experiment."""

    identity: str
    experiment: Experiment
    data: Data
    run: gmm_core.EMRun | None
    problem: str
    """Why there is no run, in one sentence; empty if there is one."""

    sentence: str = ""
    """Why the run ended."""
    cures: tuple[Cure, ...] = ()
    """What can be done about it."""
    comparison: Comparison | None = None
    """K-Means from the same centres, where it is shown and there is a run."""

    @cached_property
    def panels(self) -> list[Panel]:
        """Every family's fit, and that of K-Means. Raises ValueError where there can be none."""
        return panels_of(self.experiment, self.data)


def change(current: Workspace, transition: Callable[..., Experiment], *arguments: Any) -> None:
    """Does what was chosen, or says why it means nothing: what a browser sends may be forged."""
    with current.lock:
        before = current.experiment
        try:
            changed = transition(before, *arguments)
        except (ValueError, OverflowError, LookupError):
            return current.say([NO_CHOICE])
        if changed == before:
            return None
        faults = faults_of(changed)
        if faults and not set(faults) <= set(faults_of(before)):
            return current.say(faults)
        keep(current)
        current.experiment = changed
        return current.say()


def keep(current: Workspace) -> None:
    """For undoing what comes now."""
    history = [*current.history[-MOST_UNDONE:], (current.experiment, current.file)]
    # A file may be large, and every way of reading it is another table.
    files = list(dict.fromkeys(file for _, file in reversed(history) if file is not None))[:MOST_FILES]
    current.history = [(experiment, file if file in files else None) for experiment, file in history]


def show(current: Workspace, kind: str, watch: Callable[[int, int], None] | None = None) -> Shown:
    """The outcome, computed unless it is there. While that takes, `watch` hears how many steps of how many
    have been done, and may raise to break it off: what has been done is then kept for the next time."""
    with current.lock:
        fingerprint = current.file and current.file.fingerprint
        identity = _identity(kind, replace(current.experiment, view=View(), at=0), fingerprint)
        if current.shown is None or current.shown.identity != identity:
            if _is_everybodys(current.experiment):
                current.shown = _known(identity, kind, replace(current.experiment, view=View(), at=0))
            else:
                current.shown = _watched(current, identity, kind, watch)
        return current.shown


def _watched(current: Workspace, identity: str, kind: str, watch: Callable[[int, int], None] | None) -> Shown:
    experiment = current.experiment
    # A run that is stopped, or allowed more steps, is the same run as far as it goes.
    endless = replace(experiment, step_limit=MOST_STEPS, view=View(), at=0)
    run_identity = _identity(kind, endless, current.file and current.file.fingerprint)
    of, begun = current.under_way or ("", None)
    if begun is not None and (of != run_identity or begun.states[-1].iteration > experiment.step_limit):
        begun = None

    def between(run: gmm_core.EMRun, most_steps: int) -> None:
        current.under_way = run_identity, run
        if watch is not None:
            watch(run.states[-1].iteration, most_steps)

    shown = _compute(identity, kind, experiment, points_of(current), begun, between)
    current.under_way = None
    return shown


def stop_here(experiment: Experiment, current: Workspace) -> Experiment:
    """The run ends with the steps it has done by now."""
    if current.under_way is None:
        return experiment
    return replace(experiment, step_limit=max(1, current.under_way[1].states[-1].iteration))


def _is_everybodys(experiment: Experiment) -> bool:
    """Whether nothing in it is anybody's own, and it is small enough to be kept for whoever comes next."""
    is_own = experiment.data == UPLOADED or bool(experiment.added)
    # A dial is two dozen runs, and every state of a run takes some kilobytes.
    is_small = experiment.n_points <= MOST_KEPT and experiment.step_limit <= Experiment.step_limit
    return not is_own and is_small and not experiment.dial


@lru_cache(maxsize=64)
def _known(identity: str, kind: str, experiment: Experiment) -> Shown:
    """The outcome of an experiment without a file, computed once for a class that opens the same link."""
    return _compute(identity, kind, experiment, data_of(experiment, None))


def points_of(current: Workspace) -> Data:
    with current.lock:
        identity = _identity(data_choices(current.experiment), current.file and current.file.fingerprint)
        if current.data is None or current.data[0] != identity:
            current.data = identity, data_of(current.experiment, current.file and current.file.table)
        return current.data[1]


def _identity(*parts: Any) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:16]


def _compute(
    identity: str,
    kind: str,
    experiment: Experiment,
    data: Data,
    begun: gmm_core.EMRun | None = None,
    between: Callable[[gmm_core.EMRun, int], None] | None = None,
) -> Shown:
    if kind == COMPARISON:
        data = unweighted(thinned(data, len(experiment.added)))
    if data.notice:
        return Shown(identity, experiment, data, None, data.notice)
    try:
        run = run_of(experiment, data, begun=begun, between=between)
        beside = comparison_of(experiment, data, run) if kind == COMPARISON else None
        sentence, cures = sentence_of(experiment, data, run), cures_of(experiment, data, run)
        return Shown(identity, experiment, data, run, "", sentence, cures, beside)
    except ValueError as error:
        return Shown(identity, experiment, data, None, str(error))


def scene_of(current: Workspace, shown: Shown) -> Scene:
    experiment, data, run = current.experiment, shown.data, shown.run
    frame = (experiment.data, experiment.n_points, experiment.data_seed, experiment.knobs, data.columns)
    frame += (experiment.turn, experiment.stretch)
    across, upwards = data.columns
    return Scene(
        points=data.points,
        run=run,
        identity=shown.identity,
        beginning=current.beginnings,
        frame_identity=_identity(frame, current.file and current.file.fingerprint),
        frame=frame_of(data.extent),
        columns=(across, upwards),
        given=bool(experiment.given),
        title=f"{data.title}, K = {experiment.n_components}, {experiment.family}",
        name=f"{file_stem(data.title)}-k{experiment.n_components}",
        # An empty picture of one file must not go on about it when the next could not be read.
        notice=(current.upload_error if experiment.data == UPLOADED and data.notice else "") or shown.problem,
        labels=data.labels,
        label_names=data.label_names,
        truth_is_gaussian=data.truth_is_gaussian,
        at=experiment.at,
        view=vars(experiment.view),
        view_defaults=VIEW_DEFAULTS,
        address=to_address(experiment),
        file=current.file.name if current.file else "",
        acknowledged=current.acknowledged,
        resumes=current.resumed == current.beginnings,
        listens=current.listening,
        sentence=shown.sentence,
        cures=tuple((cure.name, cure.title) for cure in shown.cures),
        locked="controls" in experiment.hide,
        family=experiment.family,
        controls=offered(experiment),
        comparison=shown.comparison,
    )
