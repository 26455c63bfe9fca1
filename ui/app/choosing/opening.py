"""From a fit to the lab, with one button."""

import streamlit as st

from gmm_core import Mixture
from ui.app import session
from ui.experiment.transitions import open_fit


def to_lab(family: str, mixture: Mixture, *, key: str, label: str = "Open it in the lab") -> None:
    """The button that shows the fit on the lab's stage, begun where it has ended; none where controls are
    hidden."""
    if "controls" in session.workspace().experiment.hide:
        return
    if st.button(label, key=key, icon=":material/arrow_forward:"):
        session.begin(open_fit, family, mixture)
        st.switch_page("pages/lab.py")
