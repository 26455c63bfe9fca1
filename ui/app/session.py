"""Between Streamlit and a workspace. The only file that touches st.session_state.

Widgets are set from the experiment before they are drawn, and what people do to them, or on the stage, goes
through one named transition each.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from threading import RLock
from typing import Any, TypeVar
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import DeletedFile

from ui.app.watching import watched
from ui.data import Data
from ui.experiment import CHOICES, Experiment
from ui.experiment.address import RETURNED, to_address
from ui.experiment.transitions import setting
from ui.gate import GATE
from ui.stage.component import keep_address
from ui.uploads import Reading
from ui.workspace import (
    LAB,
    FitResult,
    Workspace,
    changes,
    files,
    jobs,
    points_of,
    result_of,
    second_file,
)
from ui.workspace.events import take_events as take_events_in
from ui.workspace.fit_result import stop_here

FOLDS = ("take home", "share")
"""What depends, while it is open, on how the stage shows the run."""

PLACES = {"choose": "lab", "compare": "lab", "data": "lab"}
"""The pages about another page's experiment; any other page has one of its own."""

Transition = Callable[..., Experiment]

T = TypeVar("T")


def page() -> str:
    """The page that is being drawn, as its address names it."""
    return st.session_state.get("page", "lab")


def workspace() -> Workspace:
    """What this person has in this place; a new one begins with what the address says."""
    place = PLACES.get(page(), page())
    return workspace_of(place, lambda: changes.opened_by(st.query_params.to_dict()))


def workspace_of(place: str, make: Callable[[], Workspace]) -> Workspace:
    """What this person has in that place; `make` says with what a new one begins."""
    return kept(f"workspace of {place}", make)


def kept(key: str, make: Callable[[], T]) -> T:
    """What this person's session keeps under that key, made at first asking."""
    if key not in st.session_state:
        st.session_state[key] = make()
    return st.session_state[key]


def is_locked() -> bool:
    """Whether whoever made the link has hidden the controls."""
    return "controls" in workspace().experiment.hide


def run_again() -> None:
    """Runs the page again, though nobody did anything, and tells every widget its value once more: a browser
    that has not drawn one yet knows nothing of what it was told before, and would begin at a default."""
    st.session_state["tell again"] = True
    st.rerun()


def stop(name: str, key: Hashable) -> None:
    """Ends a computation that this person watches; what there is by then is kept."""
    jobs.stop(workspace(), name, key)


def go_on(name: str, key: Hashable) -> None:
    """Begins a computation again that this person has ended."""
    jobs.go_on(workspace(), name, key)


def address(kind: str = LAB, experiment: Experiment | None = None) -> dict[str, str]:
    """The address of the experiment, the one on the table if none is given, as the picture is seen now on
    the stage of that kind."""
    current = workspace()
    return to_address(experiment or current.experiment, current.view(kind))


def write_address() -> None:
    """Puts the experiment into the address bar, on a page that has no stage to do it."""
    current = workspace()
    # Not through st.query_params, which would add an entry to the history at every change.
    keep_address(address(), current.file.name if current.file else "")


def link(parameters: Mapping[str, str], fragment: str = "") -> str:
    """The address of this page with those parameters, and that fragment."""
    url = (st.context.url or "").partition("#")[0].partition("?")[0]
    asked = f"?{urlencode(parameters, safe=',')}" if parameters else ""
    return f"{url}{asked}{'#' if fragment else ''}{fragment}"


@contextmanager
def turn() -> Iterator[None]:
    """Until the block ends, this person's script is the only one that runs, or as good as."""
    # A newer script of the same person waits at its own lock, in nobody else's way.
    with kept("script", RLock), GATE.turn():
        yield


def begin_page(name: str) -> None:
    """Notes which page is drawn, goes where an opened file belongs, and follows the browser's history."""
    is_new = st.session_state.get("page") != name
    st.session_state["telling"] = st.session_state.pop("tell again", False)
    st.session_state["page"] = name
    current = workspace()
    if is_new:
        # Another page's stage may have shown it in another way since.
        for stage in current.stages.values():
            stage.seen = None
    current.listening = any(st.session_state.get(fold_key(fold)) for fold in FOLDS)
    wanted, current.opens_on = current.opens_on, ""
    if wanted not in ("", name):
        st.switch_page(f"pages/{wanted}.py")
    if goes_back() and RETURNED not in st.query_params:
        changes.go_to(current, st.query_params.to_dict())


def goes_back() -> bool:
    """Whether the page is drawn because people went back or forward in the browser's history."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def dispatch(transition: Transition, *arguments: Any) -> None:
    """Replaces the experiment by `transition(experiment, *arguments)`, so that it can be undone; the stage
    stays at the half-step where it is."""
    changes.change(workspace(), transition, *arguments)


def begin(transition: Transition, *arguments: Any) -> None:
    """As `dispatch`, and the stage goes to the first picture."""
    changes.begin(workspace(), transition, *arguments)


def open_with(**choices: Any) -> None:
    """What a stage opens on from now on, of a view."""
    current = workspace()
    current.opening = replace(current.opening, **choices)


def undo() -> None:
    """The experiment before the last change."""
    changes.undo(workspace())


# Streamlit keeps what a widget calls even after people have left: these look the workspace up when they are
# called, since a widget that held one would go on holding what people brought.


def pick_data(experiment: Experiment, data: str) -> Experiment:
    """Other data; the file on the table comes with the columns that suit it."""
    return files.pick_data(workspace(), experiment, data)


def other_points(transition: Transition) -> Transition:
    """The transition to other columns or rows, begun there like a file that was just opened."""
    return lambda experiment, *arguments: files.other_points(workspace(), transition, experiment, *arguments)


def fold_key(name: str) -> str:
    """Of the fold of that name on this page."""
    return f"{name} on {page()}"


def widget_key(name: str) -> str:
    """Of the widget of that name on this page: on another page it is a new one, which would not show what was
    set for this one."""
    return f"choose {name} on {page()}"


def widget(name: str, value: Any, transition: Transition, doing: Callable[..., None] = dispatch) -> Any:
    """Arguments that make a widget show `value` and pass what people choose to `transition`, by `dispatch` or
    `begin`."""
    key = widget_key(name)
    # Setting what is already there would move the widget back under a finger that has gone on.
    is_told = st.session_state.get(key) == value and key in st.session_state
    if not is_told or st.session_state.get("telling"):
        st.session_state[key] = value

    def chosen() -> None:
        choice = st.session_state[key]
        if _is_like(choice, value):
            doing(transition, choice)
        else:
            workspace().say([changes.NO_CHOICE])

    return {"key": key, "on_change": chosen}


def control(
    name: str,
    transition: Transition | None = None,
    doing: Callable[..., None] = dispatch,
    *,
    value: Any = None,
    named: str = "",
) -> dict[str, Any]:
    """Arguments of the widget of a choice, from the table of choices: its title, its help, whether a link has
    locked it, and those of `widget`.

    `transition` makes another change than that of the choice alone; `value` is shown where the choice itself
    is no value of the widget; `named` tells two widgets of one choice apart.
    """
    row, experiment = CHOICES[name], workspace().experiment
    arguments: dict[str, Any] = {"label": row.title, "help": row.help or None}
    if row.hidden_by:
        arguments["disabled"] = row.hidden_by in experiment.hide
    shown = getattr(experiment, name) if value is None else value
    return arguments | widget(named or name, shown, transition or setting(name), doing)


def _is_like(choice: Any, shown: Any) -> bool:
    """Whether `choice` is of the kind of what the widget showed, or nothing."""
    numbers = int | float
    both_numbers = isinstance(choice, numbers) and isinstance(shown, numbers)
    return both_numbers or choice is None or shown is None or isinstance(choice, type(shown))


def upload_key() -> str:
    """Of the uploader: another session's would go on listing a file that this one does not have."""
    return f"upload {workspace().token}"


def take_upload() -> None:
    """Opens the file in the uploader; one that cannot be read leaves everything as it was."""
    current = workspace()
    file = st.session_state[upload_key()]
    if file is None:
        return files.take_away(current)
    if isinstance(file, DeletedFile):  # let go for newer ones, or made up
        return current.say(["That file is not here any more; open it again."])
    return files.take_file(current, file.name, file.getvalue(), max_bytes=most_bytes())


def rows_key() -> str:
    """Of the uploader of new rows: another one each time they have been put away."""
    current = workspace()
    return f"new rows {current.token} {current.second.n_cleared}"


def take_rows() -> None:
    """Takes the new rows in their uploader; a file that cannot be scored leaves everything as it was.

    So does an empty uploader: a browser empties it before every other file, which may be a bad one.
    """
    current = workspace()
    file = st.session_state.get(rows_key())
    if file is None:
        current.second.error = ""
    elif isinstance(file, DeletedFile):
        current.second.error = "That file is not here any more; open it again."
    else:
        second_file.take_rows(current, file.name, file.getvalue(), max_bytes=most_bytes())


def put_away_rows() -> None:
    """Forgets the new rows."""
    second_file.put_away_rows(workspace())


def read_again(reading: Reading) -> None:
    """Reads the file that could not be read, or the one on the table, in another way."""
    files.read_again(workspace(), reading, max_bytes=most_bytes())


def most_bytes() -> int:
    """The largest file that is taken: what `server.maxUploadSize` says, in bytes."""
    return int(st.get_option("server.maxUploadSize")) * 2**20


def is_on(key: str) -> bool:
    """Whether a switch of that key is on; one that was not drawn yet is not."""
    return bool(st.session_state.get(key))


def value_of(key: str) -> Any:
    """What a widget of that key holds."""
    return st.session_state[key]


def reported(key: str) -> Any:
    """The events that the stage or player of that key reports; nobody has looked at them yet."""
    state = st.session_state.get(key)
    return state.get("events") if state else None


def take_events(kind: str) -> None:
    """What a hand did on the stage of that kind."""
    current, events = workspace(), reported(kind)
    # From here on st.session_state is left alone: Streamlit may break off a run, to begin a newer one,
    # wherever it is touched, and an event must not be lost between being counted and being done.
    take_events_in(current, kind, events)


def hold(key: str, value: Any) -> None:
    """The widget of that key shows `value` when it is drawn next."""
    st.session_state[key] = value


def hold_first(key: str, value: Any) -> None:
    """The widget of that key shows `value` until somebody makes another choice."""
    if key not in st.session_state:
        st.session_state[key] = value
    elif st.session_state.get("telling"):
        st.session_state[key] = st.session_state[key]


def result(kind: str = LAB) -> FitResult:
    """Data and run of the experiment, computed again only when it changed; where that takes, people see how
    far it is, and can stop it."""
    current = workspace()
    with watched(lambda: dispatch(stop_here, workspace(), kind)) as watch:
        return result_of(current, kind, watch)


def data() -> Data:
    """The experiment's points, without a run."""
    return points_of(workspace())
