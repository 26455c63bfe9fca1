"""GMM Lab: page set-up and navigation, and the app that `streamlit run` serves; nothing else."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from server.connection import BoundedConnections
from server.headers import SafeHeaders
from server.opening import opening
from server.upload import BoundedUploads
from server.voter import VoterCookie
from ui.app import session
from ui.app.frame import FRAME
from ui.glossary import glossary_message
from ui.stage.component import show_glossary

# A local picture: Streamlit fetches its named icons for the tab from the internet.
ICON = Path(__file__).parent / "ui" / "icon.svg"

# White on the accent colour is too faint in the dark, so what was picked of a list has a frame instead.
# The picture and the controls should both fit a projector without scrolling. A chart out of sight takes no
# part in painting: thousands of its marks would triple the time of every step above it. A bubble of help lies
# over the next button, and a click is meant for what is beneath. A formula breaks into lines where the page
# is narrow, since no keyboard could scroll it.
STYLE = """<style>
.stMainBlockContainer { padding-inline: clamp(0.8rem, 2.5vw, 3rem); padding-top: 4rem; }
[data-testid="stMain"] [data-testid="stButtonGroup"] > div { flex-wrap: wrap; }
[data-testid="stMultiSelectTagsContainer"] [role="group"] > span {
  background: transparent !important; box-shadow: inset 0 0 0 1px currentColor;
}
[data-testid="stMultiSelectTagsContainer"] [role="group"] :is(span, svg) { color: inherit !important; }
.st-key-parts [role="radiogroup"] { flex-wrap: wrap !important; }
.st-key-scene-strip [data-testid="stButtonGroup"] > div { flex-wrap: nowrap; overflow-x: auto; }
.st-key-scene-strip [data-testid="stButtonGroup"] button { flex: none; }
[data-testid="stPlotlyChart"] { content-visibility: auto; contain-intrinsic-size: auto 660px; }
:is([role="tooltip"], [role="tooltip"] *) { pointer-events: none !important; }
.st-key-glossary-place { position: absolute; }
[data-testid="stSidebarUserContent"] [data-testid="stVerticalBlock"] { gap: 0.6rem; }
.katex-display > .katex, .katex-display > .katex > .katex-html { white-space: normal; }
.katex-display { overflow: visible !important; }
</style>"""


def show_page() -> None:
    """Draws the page that a person is on."""
    st.set_page_config(page_title="GMM Lab", page_icon=ICON, layout="wide", initial_sidebar_state=330)
    st.html(STYLE + FRAME, unsafe_allow_javascript=True)
    with st.container(key="glossary-place"):
        show_glossary(glossary_message())
    seen_by_all = not session.is_locked()
    st.navigation(
        [
            st.Page("pages/lab.py", title="Lab", default=True),
            st.Page("pages/choose.py", title="Which model?"),
            st.Page("pages/compare.py", title="K-Means beside it"),
            st.Page("pages/lessons.py", title="Lessons"),
            st.Page("pages/data.py", title="Your data", visibility="visible" if seen_by_all else "hidden"),
        ],
        position="top",
    ).run()


if __name__ == "__main__":
    # Streamlit runs this file for whatever anybody does.
    with session.turn():
        show_page()
else:
    # `streamlit run` finds this app in here, and imports the file once to serve it.
    app = st.App(
        __file__,
        middleware=[
            Middleware(SafeHeaders),
            Middleware(VoterCookie),
            Middleware(BoundedConnections),
            Middleware(BoundedUploads),
        ],
        lifespan=opening,
    )
