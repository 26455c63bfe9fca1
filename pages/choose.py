"""Which model: the questions after the first fit -> computations that are watched -> figures -> words."""

import streamlit as st

from ui.app import notices, session
from ui.app.choosing import PARTS, choose_part
from ui.app.sidebar import sidebar
from ui.workspace import points_of

session.begin_page("choose")
current = session.workspace()
notices.say_first(current.upload_error, current.complaints, current.news)
session.write_address()
choose_part(current.experiment)
data = points_of(current)
if data.notice or len(data.points) == 0:
    st.info(notices.escape_markdown(data.notice or "There are no points yet: choose a data set."))
else:
    PARTS[current.experiment.part].show(current)
notices.info(data.dropped)
sidebar()
