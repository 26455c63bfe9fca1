"""The lab: controls -> experiment -> run -> stage -> words."""

import streamlit as st

from ui import session, words
from ui.controls import sidebar
from ui.experiment import fits_address
from ui.stage.component import show_stage

st.markdown("### GMM Lab")

current = session.session()
if current.complaints:
    st.warning("  \n".join(map(words.plain, current.complaints)))

with st.spinner("Running EM …"):
    shown = session.show()
show_stage(session.message(), key=session.STAGE, on_events=session.take_events)
# After the stage, so that the picture need not wait for the controls.
sidebar()

if not fits_address(current.experiment):
    st.info("More points were put in by hand than a link can carry: the address opens the data without them.")
for sentence in shown.data.dropped:
    st.info(words.plain(sentence))
words.mathematics()
