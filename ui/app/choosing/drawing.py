"""A fit on the page of choices."""

import plotly.graph_objects as go
import streamlit as st

from ui.analysis.choosing.pictured import Pictured
from ui.app import session
from ui.figures.fit_picture import fit_picture, small


def draw_fit(shown: Pictured, *, key: str, is_small: bool = False) -> None:
    """Its picture; without axes where it is one of many."""
    figure = fit_drawn(shown)
    st.plotly_chart(small(figure) if is_small else figure, key=session.widget_key(key))


def fit_drawn(shown: Pictured) -> go.Figure:
    """Its picture, to be drawn on."""
    return fit_picture(
        shown.points,
        shown.labels,
        shown.weights,
        shown.means,
        shown.covariances,
        columns=shown.columns,
        extent=shown.extent,
        equal=shown.equal,
        colours=shown.colours,
    )
