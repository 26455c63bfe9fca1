"""Between a person's session and the course: the lesson they are at, and the class that they take it in."""

from typing import Any

import streamlit as st

from ui.app import session
from ui.lessons.words import LANGUAGES, words_of
from ui.rooms.folder import rooms
from ui.rooms.network import network_of
from ui.rooms.voter import COOKIE, voter_in
from ui.workspace import Workspace, changes, lessons
from ui.workspace import classroom as classes
from ui.workspace.classroom import Classroom
from ui.workspace.lessons import Visit


def visit() -> Visit:
    """Where this person is in the course: at the lesson of the link, or at one that was chosen since."""
    wanted = st.query_params.get("lesson", "")
    # A room's short address names no lesson, and an older link one that its class has left.
    current = session.kept("visit", lambda: Visit(lessons.known(classroom().lesson or wanted)))
    if session.goes_back() and wanted:
        current.lesson = lessons.known(wanted)
    return current


def classroom() -> Classroom:
    """What this person has to do with a class, which begins with what the address says."""
    return session.kept("classroom", _entered)


def _entered() -> Classroom:
    # A test without a browser has a cookie of another kind.
    cookie = str(st.context.cookies.get(COOKIE, ""))
    browser = voter_in(cookie, str(st.get_option("server.cookieSecret")))
    address = network_of(st.context.ip_address)
    return classes.entered(st.query_params.to_dict(), rooms(), browser, address)


def news() -> dict[str, Any]:
    """What the lesson on the page has to know besides its message; hosts/streamlit-lesson.js reads it."""
    return {"acknowledged": visit().acknowledged, **classroom().news()}


def title_of(name: str) -> str:
    """What that lesson is called in the language of the link, the first there is if it names none."""
    language = st.query_params.get("lang", "")
    return words_of(name, language if language in LANGUAGES else next(iter(LANGUAGES)))["title"]


def take_events(key: str) -> None:
    """What people asked for in the player of that key, another lesson or the lab, and what they did there
    with a class; each event once, and nothing that makes no sense."""
    current, room, reported = visit(), classroom(), session.reported(key)
    # From here on the session is left alone, as in `session.take_events`.
    with current.lock:
        events = lessons.take_events(current, reported)
        if classes.take_events(room, events):
            current.lesson = lessons.known(room.lesson)


def leaves_for_the_lab() -> bool:
    """Whether people have asked to see the lesson in the lab, which then shows it; once."""
    current = visit()
    if not current.to_lab:
        return False
    current.to_lab = False
    experiment, view = lessons.in_the_lab(current.lesson)
    there = session.workspace_of("lab", lambda: Workspace(experiment))
    changes.begin(there, lambda _: experiment)
    there.opening = view
    return True


def collect(lesson: str) -> None:
    """Opens a room for the predictions of that lesson."""
    classes.collect(classroom(), lesson)


def look_again() -> None:
    """What the room says is asked for by itself again."""
    classes.stir(classroom())


def change_room(lesson: str, what: str) -> None:
    """Does one of a teacher's wishes with the room of that lesson."""
    classes.change(classroom(), lesson, what)
