"""Above the lab's picture: the scenes, and what is said of the one that is open."""

import streamlit as st

from ui.app.case_strip import offer_cases
from ui.experiment import Experiment
from ui.experiment.case import said_of
from ui.experiment.scenes import SCENES


def choose_scene(experiment: Experiment) -> None:
    """One click opens a scene."""
    if "controls" in experiment.hide:
        return
    # The stage finds it by its key, and makes room for it.
    with st.container(key="scene-strip"):
        offer_cases("Scenes", SCENES, experiment)
        if said := said_of(SCENES, experiment):
            st.caption(said)
