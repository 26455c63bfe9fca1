"""What one person has on the table. The only file that touches st.session_state.

The experiment is the single truth: widgets are set from it before they are drawn, and what people do to
them, or on the stage, goes through one named transition each.
"""

import runpy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile

from ui import experiment as transitions
from ui import workspace
from ui.address import RETURNED, VIEW_DEFAULTS, from_address, to_address
from ui.beginning import opened
from ui.data import Data
from ui.events import take_event
from ui.experiment import UPLOADED, Experiment
from ui.gate import GATE
from ui.opening import experiment_of_table, open_file, open_table, reread
from ui.returning import kept, lost
from ui.stage.codec import encode
from ui.stage.component import keep_address
from ui.uploads import Reading
from ui.watching import watched
from ui.workspace import LAB, Shown, Workspace, change, keep, points_of, scene_of

FOLDS = ("take home", "share")
"""What depends, while it is open, on how the stage shows the run."""

APP = Path(__file__).parents[1] / "app.py"


def session() -> Workspace:
    """This person's session; a new one begins with what the address says."""
    if "session" not in st.session_state:
        address = st.query_params.to_dict()
        experiment, complaints = from_address(address)
        begun = Workspace(experiment, complaints)
        if RETURNED in address:
            begun.news, begun.complaints = kept(), complaints + lost(experiment, address[RETURNED])
        st.session_state["session"] = begun
    return st.session_state["session"]


def address(experiment: Experiment | None = None) -> dict[str, str]:
    """The address of the experiment, the one on the table if none is given, as the picture is seen now."""
    current = session()
    seen = current.seen
    if seen is None:
        # Streamlit goes on sending the address that the page was opened with.
        seen = {name: value for name, value in st.query_params.items() if name in VIEW_DEFAULTS}
        seen = {} if from_address(seen)[1] else seen
    return to_address(experiment or current.experiment) | dict(seen)


def write_address() -> None:
    """Puts the experiment into the address bar, on a page that has no stage to do it."""
    current = session()
    # Not through st.query_params, which would add an entry to the history at every change.
    keep_address(address(), current.file.name if current.file else "")


def link(parameters: Mapping[str, str]) -> str:
    """The address of this page with those parameters."""
    page = (st.context.url or "").split("?")[0]
    return f"{page}?{urlencode(parameters, safe=',')}" if parameters else page


@contextmanager
def turn() -> Iterator[None]:
    """Until the block ends, this person's script is the only one that runs, or as good as."""
    with session().script, GATE.turn():
        yield


def open_app() -> None:
    """Notes that this person came through app.py."""
    st.session_state["opened"] = True


def enter(page: str) -> None:
    """Notes which page is being drawn, for the keys of its widgets, and comes through app.py.

    Until a server has seen st.navigation, Streamlit runs the file that an address names by itself: then
    app.py is run, and with it this page.
    """
    if "opened" not in st.session_state:
        runpy.run_path(str(APP), run_name="__main__")
        st.stop()
    current = session()
    if st.session_state.get("page") != page:
        # Another page's stage shows it in another way.
        st.session_state["page"], current.seen = page, None
    current.listening = any(st.session_state.get(fold_key(name)) for name in FOLDS)
    wanted, current.opens_on = current.opens_on, ""
    if wanted not in ("", page):
        st.switch_page(f"pages/{wanted}.py")
    context = get_script_run_ctx()
    if context is not None and context.is_history_navigation and RETURNED not in st.query_params:
        _go_to(session(), st.query_params.to_dict())


def _go_to(current: Workspace, address: Mapping[str, str]) -> None:
    """Shows what the address says that people went back or forward to; undoing leads away from it again."""
    experiment, complaints = from_address(address)
    with current.lock:
        current.beginnings += 1
        if to_address(experiment) == to_address(current.experiment):
            # More may have been put in by hand than an address carries.
            current.experiment = replace(current.experiment, at=experiment.at, view=experiment.view)
            return
        keep(current)
        files = [file for _, file in reversed(current.history) if file and file.name == experiment.file]
        alike = (file for file in files if file.table.asked == experiment.reading)
        current.file = next(alike, reread(files[0], experiment.reading) if files else current.file)
        current.experiment = experiment
        current.say(complaints)


def act(transition: Callable[..., Experiment], *arguments: Any) -> None:
    """Replaces the experiment by `transition(experiment, *arguments)`, so that it can be undone; the stage
    stays at the half-step where it is."""
    change(session(), transition, *arguments)


def begin(transition: Callable[..., Experiment], *arguments: Any) -> None:
    """As `act`, and the stage goes to the picture that the experiment opens on."""
    current = session()
    with current.lock:
        current.beginnings += 1
        change(current, transition, *arguments)


def undo() -> None:
    """The experiment before the last change; the stage goes back to the picture where it was left."""
    current = session()
    with current.lock:
        if current.history:
            current.beginnings += 1
            current.resumed = current.beginnings
            current.experiment, file = current.history.pop()
            # Before the first file there was none, but it need not be brought again.
            current.file = file or current.file
            current.say()


def pick_data(experiment: Experiment, data: str) -> Experiment:
    """Other data; the file on the table comes with the columns that suit it."""
    file = session().file
    if data == UPLOADED and file is not None:
        return experiment_of_table(experiment, file.table, file.table)
    return opened(experiment, transitions.choose_data(experiment, data), None)


def other_points(transition: Callable[..., Experiment]) -> Callable[..., Experiment]:
    """The transition to other columns or rows, begun there like a file that was just opened."""

    def changed(experiment: Experiment, *arguments: Any) -> Experiment:
        file = session().file
        table = file and file.table
        after = transition(experiment, *arguments)
        return experiment if after == experiment else opened(experiment, after, table, before=table)

    return changed


def fold_key(name: str) -> str:
    """Of the fold of that name on this page."""
    return f"{name} on {st.session_state.get('page', '')}"


def key_of(name: str) -> str:
    """Of the widget of that name on this page: on another page it is a new one, which would not show what was
    set for this one."""
    return f"choose {name} on {st.session_state.get('page', '')}"


def widget(
    name: str,
    value: Any,
    transition: Callable[[Experiment, Any], Experiment],
    doing: Callable[..., None] = act,
) -> dict[str, Any]:
    """Arguments that make a widget show `value` and pass what people choose to `transition`, by `act` or
    `begin`."""
    key = key_of(name)
    # Setting what is already there would move the widget back under a finger that has gone on.
    if st.session_state.get(key) != value or key not in st.session_state:
        st.session_state[key] = value

    def chosen() -> None:
        choice = st.session_state[key]
        if _is_like(choice, value):
            doing(transition, choice)
        else:
            session().say([workspace.NO_CHOICE])

    return {"key": key, "on_change": chosen}


def _is_like(choice: Any, shown: Any) -> bool:
    """Whether `choice` is of the kind of what the widget showed, or nothing."""
    numbers = int | float
    both_numbers = isinstance(choice, numbers) and isinstance(shown, numbers)
    return both_numbers or choice is None or shown is None or isinstance(choice, type(shown))


def upload_key() -> str:
    """Of the uploader: another session's would go on listing a file that this one does not have."""
    return f"upload {session().token}"


def take_upload() -> None:
    """Opens the file in the uploader; one that cannot be read leaves everything as it was."""
    current = session()
    file = st.session_state[upload_key()]
    if file is None:
        return _take_away(current)
    if isinstance(file, DeletedFile):  # let go for newer ones, or made up
        return current.say(["That file is not here any more; open it again."])
    current.uploaded, current.upload_error, current.unread = file.name, "", None
    return _try(
        current,
        lambda: open_file(current, file.name, file.getvalue(), max_bytes=most_bytes()),
    )


def _take_away(current: Workspace) -> None:
    """Forgets the file that was taken out of the uploader; a picture of it gives way to what was before."""
    name, failed, current.unread = current.uploaded, current.unread is not None, None
    if failed or current.file is None or current.file.name != name:
        return current.say(news=[f"“{name}” has been taken away; the picture stays as it is."])
    earlier = (experiment.data for experiment, _ in reversed(current.history) if experiment.data != UPLOADED)
    data = next(earlier, Experiment.data)
    keep(current)
    if current.experiment.data == UPLOADED:
        current.beginnings += 1
        current.experiment = transitions.choose_data(current.experiment, data)
    current.file = None
    return current.say(news=[f"“{name}” has been taken away; “Undo” brings it back."])


def most_bytes() -> int:
    """The largest file that is taken: what `server.maxUploadSize` says, in bytes."""
    return int(st.get_option("server.maxUploadSize")) * 2**20


def value_of(key: str) -> Any:
    """What a widget of that key holds."""
    return st.session_state[key]


def read_again(reading: Reading) -> None:
    """Reads the file that could not be read, or the one on the table, in another way."""
    current = session()
    file = current.unread or (current.file and (current.file.name, current.file.content))
    current.upload_error = ""
    if file is not None:
        _try(current, lambda: open_table(current, *file, reading, max_bytes=most_bytes()))


def _try(current: Workspace, opening: Callable[[], None]) -> None:
    try:
        opening()
    except ValueError as error:
        current.upload_error = str(error)


def take_events(kind: str) -> None:
    """What a hand did on the stage of that kind, in order, each event once."""
    current = session()
    reported = st.session_state.get(kind)
    events = reported.get("events") if reported else None
    # From here on st.session_state is left alone: Streamlit may break off a run, to begin a newer one,
    # wherever it is touched, and an event must not be lost between being counted and being done.
    with current.lock:
        for event in events if isinstance(events, list) else []:
            number = event.get("number") if isinstance(event, dict) else None
            if isinstance(number, int) and number > current.acknowledged:
                current.acknowledged = number
                take_event(current, event)


def show(kind: str = LAB) -> Shown:
    """Data and run of the experiment, computed again only when it changed; where that takes, people see how
    far it is, and can stop it."""
    with watched(lambda: act(workspace.stop_here, session())) as watch:
        return workspace.show(session(), kind, watch)


def shown_data() -> Data:
    """The data on the page, once it has been shown."""
    current = session()
    return current.shown.data if current.shown is not None else points_of(current)


def data() -> Data:
    """The experiment's points, without a run."""
    return points_of(session())


def message(kind: str = LAB) -> bytes:
    """What the stage of that kind is to show now."""
    current = session()
    with current.lock:
        shown = workspace.show(current, kind)
        version = (shown.identity, current.beginnings, current.acknowledged, current.upload_error)
        version += (current.listening,)
        if current.message is None or current.message[0] != version:
            current.message = version, encode(scene_of(current, shown))
        return current.message[1]


def message_as_seen(kind: str) -> bytes:
    """The message for a stage of that kind that opens on what is seen now."""
    current = session()
    seen, _ = from_address({name: value for name, value in address().items() if name in VIEW_DEFAULTS})
    with current.lock:
        scene = scene_of(current, workspace.show(current, kind))
    return encode(replace(scene, half_step=seen.at, view=vars(seen.view), listens=False))
