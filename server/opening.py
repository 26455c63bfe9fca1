"""What is done once, before the first person comes."""

import gc
import importlib
import logging
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
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
    yield
