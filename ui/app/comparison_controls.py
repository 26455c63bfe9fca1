"""The controls of the comparison alone: cases, the limit dial, families, turning and stretching."""

from dataclasses import replace
from typing import Any

import streamlit as st

from gmm_core import FAMILIES
from ui.app import session
from ui.app.case_strip import offer_cases
from ui.app.sidebar import family_title
from ui.experiment import FOUR, Experiment
from ui.experiment.case import said_of
from ui.experiment.cases import CASES

STRETCHES = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0)


def choose_case(experiment: Experiment) -> None:
    """One click opens a case, another turns the right-hand side into the limit dial."""
    if "controls" in experiment.hide:
        return
    offer_cases("Cases", CASES, experiment)
    words, dial = st.columns([6, 1], vertical_alignment="center")
    if experiment.dial:
        words.caption(
            "Right, all components have the same weight and are circles of the same size, σ. Turn the dial: "
            "as σ falls, the shares become all or nothing, and in the end every step is a step of K-Means."
        )
    elif said := said_of(CASES, experiment):
        words.caption(said)
    dial.toggle(**session.control("dial"))


def choose_families(experiment: Experiment) -> None:
    """Which families stand side by side."""

    def choose(old: Experiment, names: Any) -> Experiment:
        return replace(old, families=tuple(name for name in FAMILIES if name in names) or FOUR)

    options = session.control("families", choose, value=list(experiment.families))
    st.multiselect(options=list(FAMILIES), format_func=family_title, **options)


def choose_motion(experiment: Experiment) -> None:
    """How the points are standardised, turned and stretched, above as well as below."""
    st.slider(min_value=-180.0, max_value=180.0, step=5.0, **session.control("turn"))
    st.select_slider(
        options=sorted({*STRETCHES, experiment.stretch}),
        format_func=lambda factor: f"× {factor:g}",
        **session.control("stretch"),
    )
    st.toggle(**session.control("standardise"))
