"""A fit on the page of choices."""

import streamlit as st

from ui.app import session
from ui.figures.fit_picture import Pictured, fit_picture, small
from ui.workspace import LAB


def draw_fit(shown: Pictured, *, key: str, is_small: bool = False, height: int = 300) -> None:
    """Its picture, with signs where the lab's stage has them; without axes where it is one of many."""
    figure = fit_picture(shown, height=height, glyphs=session.workspace().view(LAB).glyphs)
    figure = small(figure) if is_small else figure
    st.plotly_chart(figure, key=session.widget_key(key), config={"displayModeBar": False})
