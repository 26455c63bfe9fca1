"""K-Means beside a mixture: controls -> experiment -> both runs -> stage -> what each family can draw."""

from functools import partial

import streamlit as st

from ui.app import mathematics, notices, session
from ui.app.comparison_controls import choose_case, choose_families, choose_motion
from ui.app.sidebar import offer_standardise, sidebar
from ui.app.take_home import share, take_home
from ui.data import frame_of
from ui.data.spreads import said_of_units
from ui.figures.panels import panel_figure
from ui.stage.codec import scale_of
from ui.stage.component import show_stage
from ui.workspace import COMPARISON
from ui.workspace.scene import message_of

# On a phone one stands below the other.
ACROSS = 3

session.begin_page("compare")
current = session.workspace()
notices.say_first(current.upload_error, current.complaints, current.news)
choose_case(current.experiment)

with st.spinner("Running both …"):
    result = session.result(COMPARISON)
    message = message_of(current, COMPARISON)
show_stage(
    message,
    kind=COMPARISON,
    key=COMPARISON,
    on_events=partial(session.take_events, COMPARISON),
)
offer_standardise(said_of_units(current.experiment, result.data, kmeans=True))
# After the stage, so that the picture need not wait for the controls.
sidebar()
notices.info(result.data.dropped)
if "controls" not in current.experiment.hide:
    take_home(result, COMPARISON)
    share(result, COMPARISON)
mathematics.of_kmeans()

st.markdown("#### What each family can draw")
st.caption(
    "The same points from the same start. Turn or stretch them: a family that can draw the moved "
    "ellipses keeps its answer, and one that cannot has to change it. BIC weighs the "
    "log-likelihood against the number of parameters: the smaller, the better. Inertia is the sum of the "
    "squared distances to the centres."
)
if "controls" not in current.experiment.hide:
    left, right = st.columns(2)
    with left:
        choose_families(current.experiment)
    with right:
        choose_motion(current.experiment)
if result.run is not None:
    try:
        with st.spinner("Fitting every family …"):
            panels = result.panels(current.experiment.families)
    except ValueError as error:
        notices.warn([str(error)])
    else:
        equal = scale_of(frame_of(result.data.extent)) == "equal"
        glyphs = current.view(COMPARISON).glyphs
        for first in range(0, len(panels), ACROSS):
            for place, panel in zip(st.columns(ACROSS), panels[first : first + ACROSS], strict=False):
                figure = panel_figure(result.data.points, panel, equal=equal, glyphs=glyphs)
                place.plotly_chart(figure, key=f"panel {panel.title}")
