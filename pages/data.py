"""Your data: a file -> how it was read -> its columns -> two of them as points -> the lab."""

import streamlit as st

from ui import data_controls, session, words
from ui.controls import uploader

session.come_through_app()
current = session.session()
words.warn(current.complaints)
uploader()
if current.unread is not None:
    data_controls.correct_unread(current.unread[0])
if current.file is None:
    st.info(
        "Drop a table here: CSV and its kin, Excel, Parquet or JSON. It stays in this session's memory, is "
        "never written to disk, and nobody else can see it."
    )
    st.stop()

table = current.file.table
data_controls.show_reading(table)
data_controls.show_columns(table)
data_controls.choose_points(current.experiment, table)
data = session.data()
data_controls.report(data)
data_controls.scatter_matrix(current.experiment, table)
