"""GMM Lab: page set-up and navigation; nothing else."""

from pathlib import Path

import streamlit as st

# A local picture: Streamlit fetches its named icons for the tab from the internet.
ICON = Path(__file__).parent / "ui" / "icon.svg"

# The picture and the controls should both fit a projector without scrolling.
STYLE = """<style>
.stMainBlockContainer { padding-inline: clamp(0.8rem, 2.5vw, 3rem); }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.6rem; }
</style>"""

st.set_page_config(page_title="GMM Lab", page_icon=ICON, layout="wide", initial_sidebar_state=330)
st.html(STYLE)
st.navigation([st.Page("pages/lab.py", title="Lab", default=True)]).run()
