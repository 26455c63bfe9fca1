"""What is done once, before the first person comes."""

import asyncio
import gc
import importlib
import logging
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, cast

import streamlit as st
from streamlit import runtime
from streamlit.runtime.app_session import AppSession
from streamlit.web.server.server_util import get_url

from server.upload import keep_in_memory

ROOMS = (
    "pandas",
    "pyarrow",
    "plotly.graph_objects",
    "ui.comparison_controls",
    "ui.controls",
    "ui.data_controls",
    "ui.session",
    "ui.stage.component",
    "ui.take_home",
)
"""With everything they import: nobody should wait for it."""


@asynccontextmanager
async def opening(_: Any) -> AsyncIterator[None]:
    """Loads what everybody needs, and spares the garbage collector from looking at it ever again."""
    # Streamlit wonders about components that are declared before anybody is there.
    logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").setLevel(logging.ERROR)
    for room in ROOMS:
        importlib.import_module(room)
    keep_in_memory()
    gc.collect()
    gc.freeze()
    if not st.get_option("server.headless"):
        webbrowser.open(get_url("localhost"))
    watch = asyncio.create_task(_forget_those_who_left())
    yield
    watch.cancel()


async def _forget_those_who_left() -> None:
    """Lets go of what people had on the table when their time to come back is over.

    Streamlit drops such a session when the next person leaves, so that after the last lesson of the day it
    would hold everybody's files; and what it drops refers to itself in circles, so that only a full collection
    would free it. It has no public list of sessions; tests/test_upload_bounds.py holds that this one works.
    """
    manager = cast("Any", runtime.get_instance())._session_mgr
    known: dict[str, AppSession] = {}
    while True:
        # Nobody comes and is given up between two looks.
        await asyncio.sleep(st.get_option("server.disconnectedSessionTTL") / 4)
        manager._session_storage._cache.expire()
        present = {info.session.id: info.session for info in manager.list_sessions()}
        for session_id in known.keys() - present.keys():
            known[session_id].shutdown()
            known[session_id].session_state.clear()
        known = present
