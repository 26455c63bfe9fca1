"""The recommended fit, and any other beside it."""

import streamlit as st

from gmm_core import Fit
from ui.analysis.choosing.criteria import Cell, cell_of
from ui.analysis.choosing.pictured import colours_like, pictured
from ui.analysis.choosing.recommendation import model_name, name_of
from ui.analysis.choosing.sweeping import Swept
from ui.app import session
from ui.app.choosing.drawing import draw_fit, tell_fits
from ui.app.choosing.opening import to_lab
from ui.data import Data
from ui.experiment import Experiment
from ui.experiment.transitions import open_fit, set_choices
from ui.workspace import Workspace

HEIGHT = 360
"""Of a picture, in pixels."""


def show_side_by_side(current: Workspace, swept: Swept, best: Fit) -> None:
    """Both, with colours matched, and a button to the lab for each."""
    other = swept.fit(current.experiment.picked)
    if other is not None and cell_of(other) == cell_of(best):
        other = None
    left, right = st.columns(2)
    left.markdown("##### Recommended")
    with right:
        if "controls" not in current.experiment.hide:
            _choose(current, swept, best, other)
        elif other is not None:
            st.markdown("##### Beside it")
    left, right = st.columns(2)
    with left:
        _show(current, swept.data, best, tuple(range(best.n_components)), "recommended")
    with right:
        if other is not None:
            _show(current, swept.data, other, colours_like(best.mixture, other.mixture), "picked")
    shown = [best] if other is None else [best, other]
    tell_fits({name_of(fit): fit.mixture for fit in shown}, swept.data.columns)


def _choose(current: Workspace, swept: Swept, best: Fit, other: Fit | None) -> None:
    cells = [cell_of(fit) for fit in swept.fits if fit is not best]

    def pick(old: Experiment, cell: Cell | None) -> Experiment:
        return set_choices(old, picked=cell or ())

    options = session.widget("picked", None if other is None else cell_of(other), pick)
    st.selectbox(
        "Another fit",
        cells,
        format_func=lambda cell: model_name(cell[0], cell[1], best.mixture.n_dimensions),
        placeholder="Another fit beside it: click one in the chart, or choose here",
        label_visibility="collapsed",
        **options,
    )


def _show(current: Workspace, data: Data, fit: Fit, colours: tuple[int, ...], name: str) -> None:
    draw_fit(pictured(data, fit.mixture, colours=colours), key=f"fit {name}", height=HEIGHT)
    facts = f"{name_of(fit)}: log-likelihood {fit.log_likelihood:,.1f}, BIC {fit.bic:,.1f}, "
    st.caption(f"{facts}{fit.n_parameters} parameters".replace("-", "−").replace("log−", "log-"))
    to_lab("Open it in the lab", open_fit, fit.family, fit.mixture, key=f"open {name}")
