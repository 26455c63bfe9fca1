"""What one person has in one place, and what they do there: everything that outlives a rerun; no Streamlit.

The experiment is the single truth: what people do goes through one named transition each, can be undone,
and what follows from it is computed again only when it changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from secrets import token_hex
from threading import RLock
from typing import TYPE_CHECKING, Any

from ui.experiment import Experiment, View
from ui.experiment.address import RETURNED, faults_of, from_address, to_address
from ui.uploads import Reading, Table, UploadError, read_table
from ui.workspace.returning import kept, lost

if TYPE_CHECKING:
    import gmm_core
    from ui.data import Data
    from ui.workspace.fit_result import FitResult

MOST_UNDONE = 100
MOST_FILES = 3
"""That undoing can bring back."""

NO_CHOICE = "What was chosen is none of the choices, so nothing was changed; choose again."


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


@dataclass
class OnStage:
    """What one stage of a workspace was last sent, and what it has said of itself."""

    result: "FitResult | None" = None
    """What the last rerun computed for it."""
    under_way: "tuple[Any, gmm_core.EMRun] | None" = None
    """A run that has not been shown yet, as far as it has come, behind what it is made of."""
    message: tuple[Any, bytes] | None = None
    """The last message, behind what it was made from."""
    seen: View | None = None
    """The view, as the stage last said; None if it has not said since the page was entered."""


@dataclass
class Workspace:
    """Everything that outlives a rerun."""

    experiment: Experiment
    opening: View = field(default_factory=View)
    """What a stage opens on. From then on the view is the stage's own, see `OnStage.seen`."""
    complaints: list[str] = field(default_factory=list)
    """Sentences about what had to be ignored or cannot be done."""
    news: list[str] = field(default_factory=list)
    """Sentences about what happened since, until the next change."""
    token: str = field(default_factory=lambda: token_hex(4))
    """Of this workspace alone."""
    file: File | None = None
    """The uploaded file, as read."""
    history: list[tuple[Experiment, File | None]] = field(default_factory=list)
    """Earlier experiments and the files they were made with, for undoing."""
    restart_count: int = 0
    """How often people asked to begin again, with or without a change; else the stage keeps its place."""
    resumed: int = -1
    """The `restart_count` at which the stage goes back to where it had left this run."""
    stages: dict[str, OnStage] = field(default_factory=dict)
    """By the kind of stage."""
    listening: bool = False
    """Whether the stage shall say how it shows the run: where something that is open depends on it."""
    acknowledged: int = 0
    """The number of the last event of a stage that was taken in."""
    uploaded: str = ""
    """The name of the file that was last put into the uploader."""
    upload_error: str = ""
    unread: tuple[str, bytes] | None = None
    """Name and content of a file that could not be read as a table: another way may be named."""
    opens_on: str = ""
    """The page that an opened file belongs on, until people have been taken there."""
    data: "tuple[Any, Data] | None" = None
    """The points, behind what they were made from."""
    lock: Any = field(default_factory=RLock)
    """A newer rerun may begin in a thread of its own before the older one has been broken off."""

    def say(self, complaints: Sequence[str] = (), news: Sequence[str] = ()) -> None:
        """What to say from now on; what was said before is over."""
        self.complaints, self.news, self.upload_error = list(complaints), list(news), ""

    def stage(self, kind: str) -> OnStage:
        """What is known of the stage of that kind."""
        return self.stages.setdefault(kind, OnStage())

    def view(self, kind: str) -> View:
        """How the stage of that kind shows the run, as far as it is known here."""
        return self.stage(kind).seen or self.opening


def opened_by(address: Mapping[str, str]) -> Workspace:
    """What people have who come with that address."""
    experiment, view, complaints = from_address(address)
    begun = Workspace(experiment, view, complaints)
    if RETURNED in address:
        begun.news, begun.complaints = kept(), complaints + lost(experiment, address[RETURNED])
    return begun


def change(current: Workspace, transition: Callable[..., Experiment], *arguments: Any) -> None:
    """Replaces the experiment by `transition(experiment, *arguments)`, so that it can be undone, or says why
    that means nothing: what a browser sends may be forged. The stage stays where it is."""
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
        remember(current)
        current.experiment = changed
        return current.say()


def begin(current: Workspace, transition: Callable[..., Experiment], *arguments: Any) -> None:
    """As `change`, and the stage goes to the first picture."""
    with current.lock:
        start_over(current)
        change(current, transition, *arguments)


def start_over(current: Workspace, view: View | None = None) -> None:
    """The stage goes to the picture of `view`, and shows it so; to the first one if there is no view."""
    current.restart_count += 1
    current.opening = view or replace(current.opening, half_step=0)


def remember(current: Workspace) -> None:
    """For undoing what comes now."""
    history = [*current.history[-MOST_UNDONE:], (current.experiment, current.file)]
    # A file may be large, and every way of reading it is another table.
    files = list(dict.fromkeys(file for _, file in reversed(history) if file is not None))[:MOST_FILES]
    current.history = [(experiment, file if file in files else None) for experiment, file in history]


def undo(current: Workspace) -> None:
    """The experiment before the last change; the stage goes back to the picture where it was left."""
    with current.lock:
        if current.history:
            current.restart_count += 1
            current.resumed = current.restart_count
            current.experiment, file = current.history.pop()
            # Before the first file there was none, but it need not be brought again.
            current.file = file or current.file
            current.say()


def go_to(current: Workspace, address: Mapping[str, str]) -> None:
    """Shows what an address says that people went back or forward to; undoing leads away from it again."""
    experiment, view, complaints = from_address(address)
    with current.lock:
        start_over(current, view)
        if to_address(experiment) == to_address(current.experiment):
            # More may have been put in by hand than an address carries.
            return
        remember(current)
        files = [file for _, file in reversed(current.history) if file and file.name == experiment.file]
        alike = (file for file in files if file.table.asked == experiment.reading)
        current.file = next(alike, reread(files[0], experiment.reading) if files else current.file)
        current.experiment = experiment
        current.say(complaints)


def reread(file: File, reading: Reading) -> File:
    """The file, read in the way that `reading` says; as it was where that cannot be."""
    try:
        return File(file.name, file.content, read_table(file.name, file.content, reading))
    except UploadError:
        return file
