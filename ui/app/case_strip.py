"""A strip of cases: one click opens each."""

from dataclasses import asdict
from functools import partial
from typing import Any

import streamlit as st

from ui.app import session
from ui.experiment import Experiment
from ui.experiment.case import Cases, case_of, open_case


def offer_cases(label: str, cases: Cases, experiment: Experiment) -> None:
    """A button for each of the cases; none where a truth is hidden, since each says what is true of it."""
    if "truth" in experiment.hide:
        return
    options = session.widget(label, case_of(cases, experiment), partial(_open, cases), partial(_begin, cases))
    st.pills(
        label,
        list(cases),
        format_func=lambda name: cases[name].title,
        label_visibility="collapsed",
        **options,
    )


def _open(cases: Cases, experiment: Experiment, name: str | None) -> Experiment:
    # Pressed again, the case begins again.
    name = name or case_of(cases, experiment)
    return experiment if name is None else open_case(experiment, cases[name])


def _begin(cases: Cases, transition: Any, *arguments: Any) -> None:
    session.begin(transition, *arguments)
    name = case_of(cases, session.workspace().experiment)
    # Another case has another truth, which is not told at once.
    if name is not None:
        session.open_with(**asdict(cases[name].view))
