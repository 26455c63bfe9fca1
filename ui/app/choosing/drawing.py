"""Fits on the page of choices, as pictures and in numbers."""

from collections.abc import Mapping, Sequence

import streamlit as st

from gmm_core import Mixture
from ui.app import notices, session
from ui.export.numbers import significant
from ui.figures.fit_picture import Pictured, fit_picture, small
from ui.workspace import LAB


def draw_fit(shown: Pictured, *, key: str, is_small: bool = False, height: int = 300) -> None:
    """Its picture, with signs where the lab's stage has them; without axes where it is one of many."""
    figure = fit_picture(shown, height=height, glyphs=session.workspace().view(LAB).glyphs)
    figure = small(figure) if is_small else figure
    st.plotly_chart(figure, key=session.widget_key(key), config={"displayModeBar": False})


def tell_fits(fits: Mapping[str, Mixture], columns: Sequence[str]) -> None:
    """What their pictures show, in numbers, folded away: a row for every component."""
    with st.expander("These pictures in numbers"):
        for name, mixture in fits.items():
            st.markdown(f"**{name}**")
            k = range(mixture.n_components)
            rows = {"": [str(i + 1) for i in k], "weight": [f"{mixture.weights[i]:.1%}" for i in k]}
            for axis, column in enumerate(columns):
                means, variances = mixture.means[:, axis], mixture.covariances[:, axis, axis]
                rows[notices.escape_markdown(f"mean {column}")] = [significant(float(means[i])) for i in k]
                rows[notices.escape_markdown(f"sd {column}")] = [
                    significant(float(variances[i]) ** 0.5, 3) for i in k
                ]
            st.table(rows)
