"""What one person has on the table. The only file that touches st.session_state.

The experiment is the single truth: widgets are set from it before they are drawn, and what people do to
them, or on the stage, goes through one named transition each.
"""

import runpy
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from threading import RLock
from typing import Any
from urllib.parse import urlencode

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import gmm_core
from ui import experiment as transitions
from ui.address import MOST_PICTURES, RETURNED, VIEW_DEFAULTS, from_address, to_address
from ui.comparing import comparison_of
from ui.data import Data, data_choices, data_of, thinned, unweighted
from ui.events import index_of, mixture_in
from ui.experiment import UPLOADED, Experiment, View, is_place
from ui.export.session_file import read_session
from ui.figures.panels import Panel
from ui.fitting import run_of
from ui.gate import GATE
from ui.opening import experiment_of_model, experiment_of_session, experiment_of_table, has_columns, kind_of
from ui.panels import panels_of
from ui.presenting import chosen, offered
from ui.returning import kept, lost
from ui.stage.codec import Scene, encode
from ui.stage.comparison import Comparison
from ui.stage.component import keep_address
from ui.stops import Cure, cures_of, sentence_of
from ui.uploads import Reading, Table, read_table

LAB, COMPARISON = "lab", "comparison"
"""The kinds of stage; each is the key of its widget."""

APP = Path(__file__).parents[1] / "app.py"
MOST_UNDONE = 100
MOST_FILES = 3
"""That undoing can bring back."""


@dataclass
class Session:
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
    """Earlier experiments, each at the picture it was left at, and the files they were made with, for
    undoing."""
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


def session() -> Session:
    """This person's session; a new one begins with what the address says."""
    if "session" not in st.session_state:
        address = st.query_params.to_dict()
        experiment, complaints = from_address(address)
        begun = Session(experiment, complaints)
        if RETURNED in address:
            begun.news, begun.complaints = kept(), complaints + lost(experiment, address[RETURNED])
        st.session_state["session"] = begun
    return st.session_state["session"]


def address(experiment: Experiment | None = None) -> dict[str, str]:
    """The address of the experiment, the one on the table if none is given, as the picture is seen now."""
    seen = {name: value for name, value in st.query_params.items() if name in VIEW_DEFAULTS}
    # The address bar may hold anything until the stage has written it.
    _, complaints = from_address(seen)
    return to_address(experiment or session().experiment) | ({} if complaints else seen)


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
    st.session_state["page"] = page
    current = session()
    wanted, current.opens_on = current.opens_on, ""
    if wanted not in ("", page):
        st.switch_page(f"pages/{wanted}.py")
    context = get_script_run_ctx()
    if context is not None and context.is_history_navigation and RETURNED not in st.query_params:
        _go_to(session(), st.query_params.to_dict())


def _go_to(current: Session, address: Mapping[str, str]) -> None:
    """Shows what the address says that people went back or forward to; undoing leads away from it again."""
    experiment, complaints = from_address(address)
    with current.lock:
        current.beginnings += 1
        if to_address(experiment) == to_address(current.experiment):
            # More may have been put in by hand than an address carries.
            current.experiment = replace(current.experiment, at=experiment.at, view=experiment.view)
            return
        _keep(current, current.experiment.at)
        files = (file for _, file in reversed(current.history) if file and file.name == experiment.file)
        current.file = next(files, current.file)
        current.experiment = experiment
        current.say(complaints)


def act(transition: Callable[..., Experiment], *arguments: Any) -> None:
    """Replaces the experiment by `transition(experiment, *arguments)`, so that it can be undone; the stage
    stays at the half-step where it is."""
    _act(session(), picture_seen(), transition, *arguments)


def begin(transition: Callable[..., Experiment], *arguments: Any) -> None:
    """As `act`, and the stage goes to the picture that the experiment opens on."""
    current = session()
    with current.lock:
        current.beginnings += 1
        _act(current, picture_seen(), transition, *arguments)


def picture_seen() -> int:
    """The number of the picture that the stage shows, as it last wrote it to the address."""
    seen, _ = from_address({"at": st.query_params.get("at", "0")})
    return seen.at


def _act(current: Session, at: int, transition: Callable[..., Experiment], *arguments: Any) -> None:
    with current.lock:
        changed = transition(current.experiment, *arguments)
        if changed != current.experiment:
            _keep(current, at)
            current.experiment = changed
            current.say()


def _keep(current: Session, at: int) -> None:
    history = [*current.history[-MOST_UNDONE:], (replace(current.experiment, at=at), current.file)]
    # A file may be large, and every way of reading it is another table.
    files = list(dict.fromkeys(file for _, file in reversed(history) if file is not None))[:MOST_FILES]
    current.history = [(experiment, file if file in files else None) for experiment, file in history]


def undo() -> None:
    """The experiment before the last change, at the picture where it was left."""
    current = session()
    with current.lock:
        if current.history:
            current.beginnings += 1
            current.experiment, file = current.history.pop()
            # Before the first file there was none, but it need not be brought again.
            current.file = file or current.file
            current.say()


def pick_data(experiment: Experiment, data: str) -> Experiment:
    """Other data; the file on the table comes with the columns that suit it."""
    file = session().file
    if data == UPLOADED and file is not None:
        return experiment_of_table(experiment, file.table)
    return transitions.choose_data(experiment, data)


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
        doing(transition, st.session_state[key])

    return {"key": key, "on_change": chosen}


def upload_key() -> str:
    """Of the uploader: another session's would go on listing a file that this one does not have."""
    return f"upload {session().token}"


def take_upload() -> None:
    """Opens the file in the uploader; one that cannot be read leaves everything as it was."""
    current = session()
    file = st.session_state[upload_key()]
    if file is None:
        return _take_away(current)
    current.uploaded, current.upload_error, current.unread = file.name, "", None
    return _try(current, lambda: _open(current, file.name, file.getvalue()))


def _take_away(current: Session) -> None:
    """Forgets the file that was taken out of the uploader; a picture of it gives way to what was before."""
    name, failed, current.unread = current.uploaded, current.unread is not None, None
    if failed or current.file is None or current.file.name != name:
        return current.say(news=[f"“{name}” has been taken away; the picture stays as it is."])
    earlier = (experiment.data for experiment, _ in reversed(current.history) if experiment.data != UPLOADED)
    data = next(earlier, Experiment.data)
    _keep(current, picture_seen())
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
        _try(current, lambda: _open_table(current, *file, reading))


def _try(current: Session, opening: Callable[[], None]) -> None:
    try:
        opening()
    except ValueError as error:
        current.upload_error = str(error)


def _open(current: Session, name: str, content: bytes) -> None:
    match kind_of(content):
        case "session":
            saved = read_session(content.decode("utf-8-sig", "replace"))
            experiment, table, complaints = experiment_of_session(saved)
            _begin(current, experiment, table and File(name, content, table), complaints)
            current.opens_on = saved.page if saved.page == "compare" else ""
        case "model":
            model = gmm_core.load_model(content.decode("utf-8-sig", "replace"))
            experiment, complaints = experiment_of_model(current.experiment, _data(current), model)
            _begin(current, experiment, current.file, complaints)
        case _:
            _open_table(current, name, content, None)


def _open_table(current: Session, name: str, content: bytes, reading: Reading | None) -> None:
    current.unread = name, content
    file = File(name, content, read_table(name, content, reading, max_bytes=most_bytes()))
    current.unread = None
    waiting = current.experiment.data == UPLOADED and (current.file is None or current.file.name == name)
    # A link to uploaded data keeps its choices when its file arrives, and a file when it is read again.
    kept = current.experiment if waiting and has_columns(current.experiment, file.table) else None
    _begin(current, kept or experiment_of_table(current.experiment, file.table), file, [])


def _begin(current: Session, experiment: Experiment, file: File | None, complaints: list[str]) -> None:
    _keep(current, picture_seen())
    current.beginnings += 1
    current.experiment = experiment
    current.say(complaints)
    current.file = file or current.file


def take_events(kind: str) -> None:
    """What a hand did on the stage of that kind, in order, each event once."""
    current = session()
    events = st.session_state[kind].get("events")
    # From here on st.session_state is left alone: Streamlit may break off a run, to begin a newer one,
    # wherever it is touched, and an event must not be lost between being counted and being done.
    with current.lock:
        for event in events if isinstance(events, list) else []:
            number = event.get("number") if isinstance(event, dict) else None
            if isinstance(number, int) and number > current.acknowledged:
                current.acknowledged = number
                _take_event(current, event)


def _take_event(current: Session, event: Mapping[str, Any]) -> None:
    if "controls" in current.experiment.hide:
        return
    mixture = mixture_in(event.get("mixture"))
    at = event.get("at")
    at = at if isinstance(at, int) and 0 <= at <= MOST_PICTURES else 0
    begun = current.shown is not None and current.shown.run is not None

    def change(transition: Callable[..., Experiment], *arguments: Any) -> None:
        current.beginnings += 1
        _act(current, at, transition, *arguments)

    def change_points(transition: Callable[..., Experiment], *arguments: Any) -> None:
        """Whoever has seen a start keeps it, with its colours."""
        change(lambda old: transition(transitions.keep_start(old) if begun else old, *arguments))

    match event.get("type"):
        case "move_mean" if mixture is not None:
            change(transitions.move_mean, mixture)
        case "add_points":
            points = event.get("points")
            places = [tuple(place) for place in points if is_place(place)] if isinstance(points, list) else []
            if places:
                change_points(transitions.add_points, places, mixture)
        case "remove_point" if is_place(event.get("place")):
            index = index_of(_data(current), event["place"])
            if index is not None:
                change_points(transitions.remove_point, index, mixture)
        case "cure":
            offered = current.shown.cures if current.shown is not None else ()
            wanted = next((cure.experiment for cure in offered if cure.name == event.get("name")), None)
            if wanted is not None:
                # Whoever stands at the end wants to see what became of it: the stage keeps its place.
                _act(current, at, lambda _: wanted)
        case "clear_points":
            change(transitions.clear_points)
        case "choose_components" | "choose_family" | "new_start":
            _act(current, at, chosen, event)


def show(kind: str = LAB) -> Shown:
    """Data and run of the experiment, computed again only when it changed."""
    return _show(session(), kind)


def shown_data() -> Data:
    """The data on the page, once it has been shown."""
    current = session()
    return current.shown.data if current.shown is not None else _data(current)


def _show(current: Session, kind: str) -> Shown:
    with current.lock:
        fingerprint = current.file and current.file.fingerprint
        identity = _identity(kind, replace(current.experiment, view=View(), at=0), fingerprint)
        if current.shown is None or current.shown.identity != identity:
            current.shown = _compute(current, identity, kind)
        return current.shown


def data() -> Data:
    """The experiment's points, without a run."""
    return _data(session())


def _data(current: Session) -> Data:
    with current.lock:
        identity = _identity(data_choices(current.experiment), current.file and current.file.fingerprint)
        if current.data is None or current.data[0] != identity:
            current.data = identity, data_of(current.experiment, current.file and current.file.table)
        return current.data[1]


def _identity(*parts: Any) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:16]


def _compute(current: Session, identity: str, kind: str) -> Shown:
    experiment, data = current.experiment, _data(current)
    if kind == COMPARISON:
        data = unweighted(thinned(data, len(experiment.added)))
    if data.notice:
        return Shown(identity, experiment, data, None, data.notice)
    try:
        run = run_of(experiment, data)
        beside = comparison_of(experiment, data, run) if kind == COMPARISON else None
        sentence, cures = sentence_of(experiment, data, run), cures_of(experiment, data, run)
        return Shown(identity, experiment, data, run, "", sentence, cures, beside)
    except ValueError as error:
        return Shown(identity, experiment, data, None, str(error))


def message(kind: str = LAB) -> bytes:
    """What the stage of that kind is to show now."""
    current = session()
    with current.lock:
        shown = _show(current, kind)
        version = (shown.identity, current.beginnings, current.acknowledged, current.upload_error)
        if current.message is None or current.message[0] != version:
            current.message = version, encode(_scene(current, shown))
        return current.message[1]


def message_as_seen(kind: str) -> bytes:
    """The message for a stage of that kind that opens on what is seen now."""
    current = session()
    seen, _ = from_address({name: value for name, value in address().items() if name in VIEW_DEFAULTS})
    with current.lock:
        scene = _scene(current, _show(current, kind))
    return encode(replace(scene, at=seen.at, view=vars(seen.view)))


def _scene(current: Session, shown: Shown) -> Scene:
    experiment, data, run = current.experiment, shown.data, shown.run
    frame = (experiment.data, experiment.n_points, experiment.data_seed, experiment.knobs, data.columns)
    frame += (experiment.turn, experiment.stretch)
    return Scene(
        points=data.points,
        run=run,
        identity=shown.identity,
        beginning=current.beginnings,
        frame_identity=_identity(frame, current.file and current.file.fingerprint),
        frame=data.frame,
        columns=data.columns,
        given=bool(experiment.given),
        title=f"{data.title}, K = {experiment.n_components}, {experiment.family}",
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
        sentence=shown.sentence,
        cures=tuple((cure.name, cure.title) for cure in shown.cures),
        locked="controls" in experiment.hide,
        family=experiment.family,
        controls=offered(experiment),
        comparison=shown.comparison,
    )
