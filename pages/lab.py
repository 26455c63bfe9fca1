"""The lab: controls -> experiment -> run -> stage -> words."""

from functools import partial

import streamlit as st

from ui.app import mathematics, notices, session
from ui.app.agreement import against_the_labels
from ui.app.scene_strip import choose_scene
from ui.app.sidebar import offer_standardise, sidebar
from ui.app.take_home import share, take_home
from ui.data.spreads import said_of_units
from ui.experiment.address import fits_address
from ui.stage.component import show_stage
from ui.workspace import LAB
from ui.workspace.scene import message_of

session.begin_page("lab")
current = session.workspace()
notices.say_first(current.upload_error, current.complaints, current.news)

with st.spinner("Running EM …"):
    result = session.result(LAB)
choose_scene(current.experiment)
show_stage(message_of(current, LAB), kind=LAB, key=LAB, on_events=partial(session.take_events, LAB))
offer_standardise(said_of_units(current.experiment, result.data))
# After the stage, so that the picture need not wait for the controls.
sidebar()

if not fits_address(current.experiment):
    st.info("More points were put in by hand than a link can carry: the address opens the data without them.")
notices.info(result.data.dropped)
against_the_labels(result)
if "controls" not in current.experiment.hide:
    take_home(result, LAB)
    share(result, LAB)
mathematics.of_mixtures(current.experiment, result.data.points.shape[1])
