"""The recommendation, as it stands on the page."""

from html import escape

import streamlit as st

from gmm_core import FAMILIES
from ui.analysis.choosing.recommendation import Recommendation

_STYLE = "border-left: 4px solid #0072b2; padding: 0.2rem 0 0.2rem 1rem;"
_HEAD = "<p style='font-size: 1.2rem; margin: 0.25rem 0'><strong>{}</strong></p>"


def show_recommendation(found: Recommendation, *, is_over: bool) -> None:
    """The answer in large letters, and what is to be said of it; before the end, the answer so far alone."""
    first, *more = found.sentences
    if not is_over:
        st.html(f'<div style="{_STYLE}">{_HEAD.format(f"So far: {escape(first)}")}</div>')
        return
    data = {
        "testid": "recommendation",
        "family": FAMILIES[found.fit.family].letters,
        "components": str(found.fit.n_components),
    }
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in data.items())
    rest = "".join(f"<p style='margin: 0.25rem 0'>{escape(sentence)}</p>" for sentence in more)
    head = _HEAD.format(escape(first))
    st.html(f'<div {attributes} role="note" style="{_STYLE}">{head}{rest}</div>')
