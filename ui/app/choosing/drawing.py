"""A fit on the page of choices."""

import streamlit as st

from ui.analysis.choosing.pictured import Pictured
from ui.app import session
from ui.figures.fit_picture import fit_picture, small


def draw_fit(shown: Pictured, *, key: str, is_small: bool = False) -> None:
    """Its picture; without axes where it is one of many."""
    figure = fit_picture(
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
    st.plotly_chart(small(figure) if is_small else figure, key=session.widget_key(key))
