"""Which model: the sweep over K and family, the recommendation, and any two fits side by side."""

from functools import partial

import streamlit as st

from gmm_core import FAMILIES
from ui.analysis.choosing.sweeping import Swept
from ui.app import session
from ui.app.sidebar import family_title
from ui.app.working import follow
from ui.experiment import FOUR, MOST_COMPONENTS, Experiment
from ui.experiment.transitions import set_choices
from ui.workspace import Workspace
from ui.workspace.choosing import sweep_of


def show(current: Workspace) -> None:
    """The whole answer."""
    experiment = current.experiment
    if "controls" not in experiment.hide:
        _choose(experiment)
    follow(sweep_of(current), "Fitting every model", partial(_draw, experiment))


def _choose(experiment: Experiment) -> None:
    def choose(old: Experiment, names: list[str]) -> Experiment:
        return set_choices(old, among=tuple(name for name in FAMILIES if name in names) or FOUR)

    left, right = st.columns([3, 1])
    options = session.control("among", choose, value=list(experiment.among))
    left.multiselect(options=list(FAMILIES), format_func=family_title, **options)
    right.slider(min_value=1, max_value=MOST_COMPONENTS, **session.control("most"))


def _draw(experiment: Experiment, swept: Swept) -> None:
    st.write(len(swept.fits))
