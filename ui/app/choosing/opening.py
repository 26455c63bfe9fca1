"""From a fit on the page of choices to the lab."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from ui.app import session
from ui.experiment import Experiment


def to_lab(
    label: str, transition: Callable[..., Experiment], *arguments: Any, key: str, help: str = ""
) -> None:
    """A button that makes the change and goes to the lab, where the stage begins with it; none where controls
    are hidden."""
    if "controls" in session.workspace().experiment.hide:
        return
    if st.button(label, key=session.widget_key(key), help=help or None, icon=":material/science:"):
        session.begin(transition, *arguments)
        st.switch_page("pages/lab.py")
