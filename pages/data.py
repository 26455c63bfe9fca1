"""Your data: a file -> how it was read -> its columns -> two of them as points -> the lab."""

import streamlit as st

from ui.app import data_controls, notices, session
from ui.app.sidebar import uploader
from ui.experiment import UPLOADED

session.begin_page("data")
current = session.workspace()
notices.say_first(current.upload_error, current.complaints, current.news)
if "controls" in current.experiment.hide:
    st.info("Whoever made this link has hidden this page: the lab shows the data that they chose.")
    st.page_link("pages/lab.py", label="To the lab", icon=":material/arrow_forward:")
    st.stop()
uploader()
if current.unread is not None:
    data_controls.correct_unread(current.unread[0])
session.write_address()
if current.file is None:
    if current.experiment.data == UPLOADED:
        st.warning(notices.escape_markdown(session.data().notice))
    st.info(
        "Drop a table here: CSV or another text table, Excel, Parquet or JSON. It stays in this session's "
        "memory, is never written to disk, and nobody else can see it."
    )
    st.stop()

table = current.file.table
data_controls.show_reading(table)
data_controls.show_columns(table)
data_controls.choose_points(current.experiment, table)
if current.experiment.data == UPLOADED:
    data_controls.report(session.data(), table)
data_controls.scatter_matrix(current.experiment, table)
