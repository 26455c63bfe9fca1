"""What happens to a workspace: it is opened, changed, begun again, undone, and follows the browser's history.

The experiment is the single truth: what people do goes through one named transition each, can be undone,
and what follows from it is computed again only when it changed.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ui.experiment import Experiment, View
from ui.experiment.address import RETURNED, faults_of, from_address, to_address
from ui.uploads import Reading, UploadError, read_table
from ui.workspace.returning import kept, lost
from ui.workspace.workspace import File, Workspace

MOST_UNDONE = 100
MOST_FILES = 3
"""That undoing can bring back."""

NO_CHOICE = "What was chosen is none of the choices, so nothing was changed; choose again."


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
