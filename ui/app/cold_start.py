"""A visit that does not come through app.py.

Until a server has seen st.navigation, Streamlit runs the file of the page that an address names by itself:
whoever comes first after a start, by the address of the comparison or of the data page, would find a page
without navigation, set-up or a place in the queue. Then app.py is run from here, and with it this page.
"""

import runpy
from pathlib import Path

import streamlit as st

APP = Path(__file__).parents[2] / "app.py"


def come_through_app(opened: bool) -> None:
    """Runs app.py, and ends this script, unless the person came through it: `opened`."""
    if not opened:
        runpy.run_path(str(APP), run_name="__main__")
        st.stop()
