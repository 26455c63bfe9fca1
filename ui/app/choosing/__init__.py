"""The questions of the page where a model is chosen: a row and a file each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import streamlit as st

from ui.app import session
from ui.app.choosing import bayes, labels, luck, rows, shape, sure, which
from ui.experiment import Experiment
from ui.workspace import Workspace


@dataclass(frozen=True)
class Part:
    """One question."""

    title: str
    """On its button."""
    sentence: str
    """What is asked, and how it is answered."""
    show: Callable[[Workspace], None]
    """Draws the answer."""


PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "which": Part(
            "Which model?",
            "Fits with one component, two, three, … in several families, and what each is worth.",
            which.show,
        ),
        "luck": Part(
            "Was it luck?",
            "Fifty starts of the lab's model, and the places where they end.",
            luck.show,
        ),
        "bayes": Part(
            "Let the model decide",
            "A variational mixture begins with more components than can be needed, and switches some off.",
            bayes.show,
        ),
        "sure": Part(
            "How sure?",
            "What else might have come out: standard errors, other winners, a test of one component more.",
            sure.show,
        ),
        "shape": Part(
            "Any shape",
            "A mixture can come close to any distribution: how many components it takes, and at what cost.",
            shape.show,
        ),
        "labels": Part(
            "Against the labels",
            "Where the points have labels: how far the components are the labels' own groups. Guess first.",
            labels.show,
        ),
        "rows": Part(
            "New rows",
            "A second file with the same columns: the component of each row, its density, and the outliers.",
            rows.show,
        ),
    }
)
"""By the names that the experiment has for them."""


def choose_part(experiment: Experiment) -> None:
    """A button for every question, and the sentence of the one that is asked."""
    options = session.control("part")
    label = options.pop("label")
    # A place of its own: on a phone the questions stand in several rows.
    with st.container(key="parts"):
        st.segmented_control(
            label,
            list(PARTS),
            format_func=lambda name: PARTS[name].title,
            label_visibility="collapsed",
            required=True,
            **options,
        )
    st.caption(PARTS[experiment.part].sentence)
