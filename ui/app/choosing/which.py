"""Which model: the sweep over K and family, the recommendation, and what follows from it."""

from functools import partial

import streamlit as st

from gmm_core import FAMILIES
from ui.analysis.choosing.criteria import CRITERIA, HeldOuts
from ui.analysis.choosing.recommendation import recommend
from ui.analysis.choosing.sweeping import Swept, said_of_failed
from ui.app import notices, session
from ui.app.choosing.clusters import show_clusters
from ui.app.choosing.kmeans_measures import show_kmeans_measures
from ui.app.choosing.recommended import show_recommendation
from ui.app.choosing.side_by_side import show_side_by_side
from ui.app.choosing.sweep_chart import show_sweep
from ui.app.choosing.taking import take_choice_home
from ui.app.sidebar import family_title
from ui.app.working import MOMENT, follow
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
        _judge(experiment)
    sweep = sweep_of(current)
    judged = None
    if experiment.criterion == "held_out" and sweep.wait(MOMENT) and sweep.value is not None:
        judged = held_out_of(current, sweep.value)

    def draw(swept: Swept) -> None:
        is_over = sweep.is_over and (judged is None or judged.is_over)
        _draw(current, swept, (judged and judged.value) or {}, is_over=is_over)

    if judged is None or sweep.value is None:
        follow(sweep, "Fitting every model", draw)
    else:
        known = partial(draw, sweep.value)
        follow(judged, "Judging every model by points that it has not seen", lambda _: known())
    if not sweep.is_over or sweep.value is None:
        return
    found = recommend(sweep.value, experiment.criterion, (judged and judged.value) or {})
    if found is not None:
        show_side_by_side(current, sweep.value, found.fit)
        show_clusters(current, sweep.value, found.fit)
        show_kmeans_measures(current, sweep.value)
    take_choice_home(current, sweep.value)


def _draw(current: Workspace, swept: Swept, held_out: HeldOuts, *, is_over: bool) -> None:
    found = recommend(swept, current.experiment.criterion, held_out)
    if found is not None:
        show_recommendation(found, is_over=is_over)
        show_sweep(current, swept, found, held_out)
    for sentence in said_of_failed(swept):
        st.caption(sentence)
    notices.info(swept.remarks)


def _choose(experiment: Experiment) -> None:
    def choose(old: Experiment, names: list[str]) -> Experiment:
        return set_choices(old, among=tuple(name for name in FAMILIES if name in names) or FOUR)

    families, most = st.columns([4, 1])
    options = session.control("among", choose, value=list(experiment.among))
    families.multiselect(options=list(FAMILIES), format_func=family_title, **options)
    most.slider(min_value=1, max_value=MOST_COMPONENTS, **session.control("most"))


def _judge(experiment: Experiment) -> None:
    """The criterion, how it is drawn, and what it asks."""
    criterion, chart, words = st.columns([3, 1.2, 4], vertical_alignment="bottom")
    criterion.segmented_control(
        options=list(CRITERIA),
        format_func=lambda name: CRITERIA[name].title,
        required=True,
        **session.control("criterion"),
    )
    options = session.control("chart")
    chart.segmented_control(
        options=list(CHARTS), format_func=CHART_TITLES.__getitem__, required=True, **options
    )
    words.caption(CRITERIA[experiment.criterion].sentence)
