"""What is done once, before the first person comes."""

import asyncio
import gc
import importlib
import logging
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import streamlit as st
from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.pages_manager import PagesManager
from streamlit.web.server.server_util import get_url

from server.upload import keep_in_memory
from ui.rooms.folder import leave, rooms
from ui.rooms.room import RoomError

try:
    import resource
except ImportError:  # Windows has no such limit.
    resource = None

ROOMS = (
    "pandas",
    "pyarrow",
    "plotly.graph_objects",
    "ui.app.comparison_controls",
    "ui.app.sidebar",
    "ui.app.data_controls",
    "ui.app.session",
    "ui.stage.component",
    "ui.app.take_home",
)
"""With everything they import: nobody should wait for it."""


MOST_LINES = 65_536


@asynccontextmanager
async def opening(_: Any) -> AsyncIterator[None]:
    """Loads what everybody needs, and spares the garbage collector from looking at it ever again."""
    # Streamlit wonders about components that are declared before anybody is there.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    for room in ROOMS:
        importlib.import_module(room)
    # Outside of a script Streamlit declares a component, but does not serve it.
    for served in importlib.import_module("ui.stage.component").SERVED:
        runtime.get_instance().component_registry.register_component(served)
    keep_in_memory()
    _come_through_the_app()
    _open_the_doors()
    gc.collect()
    gc.freeze()
    if not st.get_option("server.headless"):
        webbrowser.open(get_url("localhost"))
    watch = asyncio.create_task(_forget_those_who_left())
    yield
    watch.cancel()
    leave()


def _come_through_the_app() -> None:
    """Whoever comes first after a start, by the address of a page, comes through app.py like everybody else.

    Until st.navigation has been called once in a process, Streamlit takes a folder called pages for an app of
    its older kind, and runs the file of a page by itself: without navigation, set-up or a place in the queue.
    This is what st.navigation then does, done before anybody comes.
    """
    PagesManager.uses_pages_directory = False


def _open_the_doors() -> None:
    """Takes as many open lines as the system allows: each person has four, and Debian begins with 1,024."""
    if resource is not None:
        now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = MOST_LINES if most == resource.RLIM_INFINITY else min(most, MOST_LINES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(now, wanted), most))


async def _forget_those_who_left() -> None:
    """Lets go of what people had on the table when their time to come back is over.

    Streamlit drops such a session when the next person leaves, so that after the last lesson of the day it
    would hold everybody's files; and what it drops refers to itself in circles, so that only a full
    collection would free it. It has no public list of sessions: tests/ui/uploads/test_bounds.py holds this
    one.
    """
    manager = cast("Any", runtime.get_instance())._session_mgr
    known: dict[str, AppSession] = {}
    while True:
        # Nobody comes and is given up between two looks.
        await asyncio.sleep(st.get_option("server.disconnectedSessionTTL") / 4)
        manager._session_storage._cache.expire()
        present = {info.session.id: info.session for info in manager.list_sessions()}
        left = [known[session_id] for session_id in known.keys() - present.keys()]
        known = present
        for session in left:
            session.shutdown()
            session.session_state.clear()
        if left:
            left.clear()
            gc.collect()
        with suppress(RoomError):
            rooms().forget_old()
