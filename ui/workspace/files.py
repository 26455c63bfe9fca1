"""The uploaded file: brought, taken away, read again in another way, and chosen from."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ui.analysis.beginning import opened
from ui.experiment import UPLOADED, Experiment
from ui.experiment.transitions import choose_data
from ui.uploads import Reading
from ui.workspace.changes import remember, start_over
from ui.workspace.opening import experiment_of_table, open_file, open_table
from ui.workspace.workspace import Workspace


def take_file(current: Workspace, name: str, content: bytes, *, max_bytes: int) -> None:
    """Opens a file; one that cannot be read leaves everything as it was, and is said."""
    current.uploaded, current.upload_error, current.unread = name, "", None
    _try(current, lambda: open_file(current, name, content, max_bytes=max_bytes))


def take_away(current: Workspace) -> None:
    """Forgets the file that was taken out of the uploader; a picture of it gives way to what was before."""
    name, failed, current.unread = current.uploaded, current.unread is not None, None
    if failed or current.file is None or current.file.name != name:
        return current.say(news=[f"“{name}” has been taken away; the picture stays as it is."])
    earlier = (experiment.data for experiment, _ in reversed(current.history) if experiment.data != UPLOADED)
    data = next(earlier, Experiment.data)
    remember(current)
    if current.experiment.data == UPLOADED:
        start_over(current)
        current.experiment = choose_data(current.experiment, data)
    current.file = None
    return current.say(news=[f"“{name}” has been taken away; “Undo” brings it back."])


def read_again(current: Workspace, reading: Reading, *, max_bytes: int) -> None:
    """Reads the file that could not be read, or else the one there is, in another way."""
    file = current.unread or (current.file and (current.file.name, current.file.content))
    current.upload_error = ""
    if file is not None:
        _try(current, lambda: open_table(current, *file, reading, max_bytes=max_bytes))


def _try(current: Workspace, opening: Callable[[], None]) -> None:
    try:
        opening()
    except ValueError as error:
        current.upload_error = str(error)


def pick_data(current: Workspace, experiment: Experiment, data: str) -> Experiment:
    """Other data; the file that is there comes with the columns that suit it."""
    if data == UPLOADED and current.file is not None:
        return experiment_of_table(experiment, current.file.table, current.file.table)
    return opened(experiment, choose_data(experiment, data), None)


def other_points(
    current: Workspace, transition: Callable[..., Experiment], experiment: Experiment, *arguments: Any
) -> Experiment:
    """What the transition to other columns or rows leads to, begun there like a file that was just opened."""
    table = current.file and current.file.table
    after = transition(experiment, *arguments)
    # Two others of the same columns across and upwards are the same points.
    shown = {name: getattr(experiment, name) for name in ("x", "y", "more")}
    turned = {after.x, after.y, *after.more} == {experiment.x, experiment.y, *experiment.more}
    if turned and replace(after, **shown) == experiment:
        return after
    return experiment if after == experiment else opened(experiment, after, table, before=table)
