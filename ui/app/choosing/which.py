"""Which model: the sweep over K and family, the recommendation, and what follows from it."""

from functools import partial

import streamlit as st

from gmm_core import FAMILIES
from ui.analysis.choosing.criteria import CRITERIA, HeldOuts
from ui.analysis.choosing.recommendation import recommend
from ui.analysis.choosing.sweeping import Swept
from ui.app import notices, session
from ui.app.choosing.clusters import show_clusters
from ui.app.choosing.kmeans_measures import show_kmeans_measures
from ui.app.choosing.recommended import show_recommendation
from ui.app.choosing.side_by_side import show_side_by_side
from ui.app.choosing.sweep_chart import show_sweep
from ui.app.sidebar import family_title
from ui.app.working import follow
from ui.experiment import CHARTS, FOUR, MOST_COMPONENTS, Experiment
from ui.experiment.transitions import set_choices
from ui.workspace import Workspace
from ui.workspace.choosing import held_out_of, sweep_of

CHART_TITLES = {"lines": "Lines", "map": "Map"}
assert tuple(CHART_TITLES) == CHARTS


def show(current: Workspace) -> None:
    """The whole answer."""
    experiment = current.experiment
    if "controls" not in experiment.hide:
        _choose(experiment)
    st.caption(CRITERIA[experiment.criterion].sentence)
    watch = sweep_of(current)
    if experiment.criterion == "held_out" and watch.is_over and watch.value is not None:
        swept = watch.value
        judged = held_out_of(current, swept)
        follow(judged, "Judging every model by points that it has not seen", partial(_draw, current, swept))
        held_out: HeldOuts = judged.value or {}
    else:
        swept, held_out = follow(watch, "Fitting every model", partial(_draw, current, held_out={})), {}
    found = None if swept is None else recommend(swept, experiment.criterion, held_out)
    if swept is None or found is None:
        return
    show_side_by_side(current, swept, found.fit)
    show_clusters(current, swept, found.fit)
    show_kmeans_measures(current, swept)


def _draw(current: Workspace, swept: Swept, held_out: HeldOuts) -> None:
    criterion = current.experiment.criterion
    found = recommend(swept, criterion, held_out)
    if found is not None:
        show_recommendation(found)
    show_sweep(current, swept, found, held_out)
    notices.info(swept.remarks)


def _choose(experiment: Experiment) -> None:
    def choose(old: Experiment, names: list[str]) -> Experiment:
        return set_choices(old, among=tuple(name for name in FAMILIES if name in names) or FOUR)

    left, right = st.columns([3, 1])
    options = session.control("among", choose, value=list(experiment.among))
    left.multiselect(options=list(FAMILIES), format_func=family_title, **options)
    right.slider(min_value=1, max_value=MOST_COMPONENTS, **session.control("most"))
    with st.container(horizontal=True):
        st.segmented_control(
            options=list(CRITERIA),
            format_func=lambda name: CRITERIA[name].title,
            required=True,
            **session.control("criterion"),
        )
        options = session.control("chart")
        st.segmented_control(
            options=list(CHARTS), format_func=CHART_TITLES.__getitem__, required=True, **options
        )
