"""The sidebar: widgets that show the experiment and change it through named transitions."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from gmm_core import ALGORITHMS, FAMILIES, STARTS
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS, Knob
from ui.analysis.algorithms import OFFERED, has_prior
from ui.analysis.beginning import said_of_k
from ui.app import notices, session
from ui.app.column_controls import choose_columns, choose_yes
from ui.data import untold
from ui.experiment import (
    DRAWN,
    FOUR,
    HOTTEST,
    MOST_COMPONENTS,
    MOST_SEED,
    MOST_STEPS,
    NO_COLUMN,
    ON_A_LINE,
    STRONGEST,
    UPLOADED,
    Experiment,
    on_a_line,
)
from ui.experiment.transitions import (
    choose_algorithm,
    choose_family,
    new_data,
    new_start,
    reset,
    set_choices,
    set_knob,
)

SIZES = [
    10,
    20,
    50,
    100,
    200,
    300,
    500,
    600,
    800,
    1000,
    2000,
    5000,
    10_000,
    20_000,
    50_000,
    100_000,
    1_000_000,
]
STRENGTHS = [1.0, 2.0, 5.0, 10.0, 20.0, 50.0, STRONGEST]
CONCENTRATION_STEPS = [10.0**power for power in range(-6, 4)]
PROCESSES = {"dirichlet": "Dirichlet", "stick-breaking": "Dirichlet process"}
TOLERANCES = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12]

LOCKED = "Whoever made this link has locked the draws."
UNTOLD = "Whoever made this link lets you find out how many groups there are, and of what shape."

NO_PRIOR = "This covariance family has no such prior."

HAND_MADE = {
    DRAWN: ("Draw your own", "An empty picture: choose “Add points” above it, then click or sweep."),
    UPLOADED: ("Your file", "Columns of numbers from the file below."),
}


def _title(data: str) -> str:
    if data in GENERATORS:
        return GENERATORS[data].title
    return CLASSICS[data].title if data in CLASSICS else HAND_MADE[data][0]


def _title_untold(data: str) -> str:
    return _title(data) if data in HAND_MADE else untold(data)


def _sentence(data: str) -> str:
    if data in GENERATORS:
        return GENERATORS[data].sentence
    return CLASSICS[data].sentence if data in CLASSICS else HAND_MADE[data][1]


def family_title(name: str) -> str:
    """Its name and letters, and what all components have alike, short enough for the sidebar."""
    letters = FAMILIES[name].letters
    title = f"{name.capitalize()} ({letters})" if name in FOUR else letters
    parts = zip(("size", "shape", "tilt"), letters, strict=True)
    alike = " and ".join(part for part, letter in parts if letter == "E")
    if alike == "size and shape and tilt":
        return f"{title}: all alike"
    kind = "circles" if letters[1] == "I" else "no tilt" if letters[2] == "I" else ""
    said = ", ".join(filter(None, [kind, f"same {alike}" if alike else ""]))
    return f"{title}: {said or 'each its own'}"


def offer_standardise(said: str) -> None:
    """A sentence on the units of the columns, if there is one, and the button that does away with them."""
    if not said:
        return
    text, button = st.columns([5, 1], vertical_alignment="center")
    text.caption(notices.escape_markdown(said))
    if "controls" not in session.workspace().experiment.hide:
        with button:
            _button("Standardise", lambda old: set_choices(old, standardise=True), key="offer standardise")


def one_of_the_four(experiment: Experiment) -> Experiment:
    """With the plainest of the four families that can draw whatever the family can draw.

    Of the four only spherical knows circles alone, and diag no tilt; tied is left aside, since a family may
    share a tilt and not a size.
    """
    _, shape, orientation = FAMILIES[experiment.family].letters
    if experiment.family in FOUR:
        return experiment
    plainest = "spherical" if shape == "I" else "diag" if orientation == "I" else "full"
    return choose_family(experiment, plainest)


def _button(
    label: str, transition: Callable[[Experiment], Experiment], doing: Any = session.dispatch, **options: Any
) -> None:
    st.button(label, on_click=doing, args=(transition,), width="stretch", **options)


def _fold(title: str) -> Any:
    """A fold whose controls are drawn only while it is open: drawn in vain, they were a third of a rerun."""
    return st.expander(title, key=session.widget_key(title), on_change="rerun")


def sidebar() -> None:
    """Draws every control: what people change most comes first."""
    experiment = session.workspace().experiment
    if "controls" in experiment.hide:
        return
    with st.sidebar:
        _choose_data(experiment)
        _choose_model(experiment)
        _choose_algorithm(experiment)
        _choose_start(experiment)
        _more_about_data(experiment)
        _fine_print(experiment)


def _choose_data(experiment: Experiment) -> None:
    choices = [*GENERATORS, *CLASSICS, DRAWN]
    if session.workspace().file is not None or experiment.data == UPLOADED:
        choices.append(UPLOADED)
    told = "truth" not in experiment.hide
    options = session.control("data", session.pick_data, session.begin)
    st.selectbox(options=choices, format_func=_title if told else _title_untold, **options)
    st.caption(_sentence(experiment.data) if told or experiment.data in HAND_MADE else UNTOLD)
    if experiment.data in CLASSICS or experiment.data == UPLOADED:
        choose_columns(experiment)
    else:
        line = experiment.y == NO_COLUMN
        options = session.widget("line", line, lambda old, on: set_choices(old, y=NO_COLUMN if on else ""))
        st.toggle("On a line: one dimension", **options)
    choose_yes(experiment)
    left, right = st.columns(2)
    locked = "seed" in experiment.hide
    with left:
        generated = experiment.is_generated and not locked
        why = "Draws other points of the same kind." if generated else "These points are not drawn at random."
        why = LOCKED if locked else why
        _button("New data", new_data, disabled=not generated, help=why, icon=":material/casino:")
        why = "Back to the first picture of the same start."
        _button("Reset", reset, session.begin, help=why, icon=":material/replay:")
    with right:
        drawn = STARTS[experiment.start].is_drawn and not locked
        why = "The same points, other first guesses." if drawn else "This start is the same every time."
        why = LOCKED if locked else why
        _button("New start", new_start, disabled=not drawn, help=why, icon=":material/shuffle:")
        st.button(
            "Undo",
            on_click=session.undo,
            disabled=not session.workspace().history,
            help="Takes back the last change: a setting, a dragged mean, a point.",
            width="stretch",
            icon=":material/undo:",
        )


def _more_about_data(experiment: Experiment) -> None:
    if experiment.is_generated:
        fold = _fold("Points and their shape")
        if fold.open:
            with fold:
                _choose_draw(experiment)
    with st.expander("Open a file", expanded=experiment.data == UPLOADED):
        uploader()


def uploader() -> None:
    """Opens a table, a session or a model."""
    st.file_uploader(
        "A table with columns of numbers, or a session or model of this app",
        key=session.upload_key(),
        on_change=session.take_upload,
    )


def _choose_draw(experiment: Experiment) -> None:
    sizes = sorted({*SIZES, experiment.n_points})
    st.select_slider(options=sizes, format_func=lambda size: f"{size:,}", **session.control("n_points"))
    if "truth" not in experiment.hide:
        for knob in GENERATORS[experiment.data].knobs:
            _choose_knob(experiment, knob)
    st.number_input(min_value=0, max_value=MOST_SEED, step=1, **session.control("data_seed"))


def _choose_knob(experiment: Experiment, knob: Knob) -> None:
    kind = int if isinstance(knob.step, int) else float
    setting = kind(dict(experiment.knobs).get(knob.name, knob.default))
    options = session.widget(
        f"{experiment.data} {knob.name}", setting, lambda old, value: set_knob(old, knob.name, value)
    )
    st.slider(
        knob.label, kind(knob.low), kind(knob.high), step=kind(knob.step), help=knob.sentence, **options
    )


def _choose_model(experiment: Experiment) -> None:
    st.slider(min_value=1, max_value=MOST_COMPONENTS, **session.control("n_components"))
    file = session.workspace().file
    if said := said_of_k(experiment, file and file.table):
        st.caption(said)
    _choose_family(experiment)


def _choose_algorithm(experiment: Experiment) -> None:
    offered = OFFERED[experiment.algorithm]
    options = session.control("algorithm", choose_algorithm)
    st.selectbox(options=list(OFFERED), format_func=lambda name: ALGORITHMS[name].title, **options)
    st.caption(offered.sentence)
    if "temperature" in offered.settings:
        st.slider(min_value=1.0, max_value=HOTTEST, step=0.5, **session.control("temperature"))
    if "concentration" in offered.settings:
        choose_weight_prior(experiment)
    st.toggle(**session.control("noise"))
    if "equal" in offered.settings:
        st.toggle(**session.control("equal"))


def choose_weight_prior(experiment: Experiment) -> None:
    """What a variational mixture believes of the weights before it has seen a point."""
    st.select_slider(
        options=sorted({*CONCENTRATION_STEPS, experiment.concentration}),
        format_func=lambda value: f"{value:g}",
        **session.control("concentration"),
    )
    st.segmented_control(
        options=list(PROCESSES),
        format_func=lambda name: PROCESSES[name],
        required=True,
        **session.control("process"),
    )


def _choose_family(experiment: Experiment) -> None:
    # The switch stands below the choice that it changes, so its place is kept until it has been asked.
    choice, family = st.container(), FAMILIES[experiment.family]
    if session.data().points.shape[1] == 1:
        options = session.control("family", value=on_a_line(experiment.family), named="family on a line")
        choice.segmented_control(
            options=list(ON_A_LINE), format_func=ON_A_LINE.__getitem__, required=True, **options
        )
        return
    if len(OFFERED[experiment.algorithm].families) == len(FAMILIES) and _all_families_wanted(experiment):
        options = session.control("family", named="one of all families")
        choice.selectbox(options=list(FAMILIES), format_func=family_title, **options)
        choice.caption(f"{family.sentence} In letters: {family.words}.")
    else:
        options = session.control("family")
        choice.segmented_control(options=FOUR, format_func=str.capitalize, required=True, **options)
        choice.caption(family.sentence)


def _all_families_wanted(experiment: Experiment) -> bool:
    label, why = "All families", "Ten more, by what components share: size, elongation, tilt."
    if experiment.family in FOUR:
        # A matter of the sidebar alone: the widget remembers it, and nothing begins again.
        return st.toggle(label, help=why, key=session.widget_key("all families"))
    # However the family came, by link or by undoing, it must be seen; with the switch off it cannot stay.
    options = session.widget("all families", True, lambda old, _: one_of_the_four(old))
    return st.toggle(label, help=why, **options)


def _choose_start(experiment: Experiment) -> None:
    names = [name for name in STARTS if STARTS[name].needs is None]
    st.selectbox(options=names, format_func=lambda name: STARTS[name].title, **session.control("start"))
    if experiment.start_mixture:
        st.caption("The components were placed by hand; “Reset” puts them back where the start had them.")
    else:
        st.caption(STARTS[experiment.start].sentence)


def _fine_print(experiment: Experiment) -> None:
    fold = _fold("Fine print: seed, regularisation, when to stop")
    if not fold.open:
        return
    with fold:
        st.number_input(min_value=0, max_value=MOST_SEED, step=1, **session.control("start_seed"))
        of_em = OFFERED[experiment.algorithm].is_em
        if of_em:
            st.number_input(min_value=0.0, step=0.01, format="%g", **session.control("reg_covar"))
            _choose_prior(experiment)
        st.select_slider(
            options=sorted({*TOLERANCES, experiment.tolerance}, reverse=True),
            format_func=lambda value: f"{value:g}",
            **session.control("tolerance"),
        )
        st.number_input(min_value=1, max_value=MOST_STEPS, step=100, **session.control("step_limit"))
        if of_em:
            st.toggle(**session.control("stop_falling"))


def _choose_prior(experiment: Experiment) -> None:
    known = has_prior(experiment.family)
    options = session.control("prior", value=experiment.prior and known)
    st.toggle(**options if known else options | {"disabled": True, "help": NO_PRIOR})
    if experiment.prior and known:
        st.select_slider(
            options=sorted({*STRENGTHS, experiment.strength}),
            format_func=lambda value: f"× {value:g}",
            **session.control("strength"),
        )
