"""Which columns of a file or a bundled set are points: the pair, more of them, and a yes/no column."""

from collections.abc import Callable

import streamlit as st

from gmm_core.datasets import CLASSICS
from ui.app import notices, session
from ui.data import two_valued_columns
from ui.experiment import MOST_FITTED, NO_COLUMN, UPLOADED, Experiment, transitions
from ui.experiment.transitions import setting
from ui.uploads import Table, suggestion


def choose_columns(experiment: Experiment) -> None:
    """The pair that is shown, and what is fitted beside it; nothing where there is no choice."""
    file = session.workspace().file
    titles: dict[str, str] = {}
    if experiment.data in CLASSICS:
        classic = CLASSICS[experiment.data]
        names, x, y, titles = list(classic.columns), classic.x, classic.y, dict(classic.axis_titles)
    elif file is not None and file.table.numeric_names:
        names = list(file.table.numeric_names)
        source = session.data().source
        x, y = ((*source.used_columns, NO_COLUMN) if source else (*names, NO_COLUMN))[:2]
    else:
        return
    upwards = [*names, NO_COLUMN] if len(names) > 1 else [NO_COLUMN]
    x = experiment.x if experiment.x in names else x
    y = experiment.y if experiment.y in upwards else y or NO_COLUMN
    titles[NO_COLUMN] = "none: points on a line"
    for field, value, offered in (("x", x, names), ("y", y, upwards)):
        choose = session.other_points(_column_setter(field, x, y))
        options = session.control(field, choose, value=value)
        st.selectbox(options=offered, format_func=lambda name: titles.get(name, str(name)), **options)
    choose_more(experiment, names, (x, y), lambda name: titles.get(name, str(name)))
    if experiment.data == UPLOADED and file is not None:
        say_why(file.table, experiment)


def choose_more(
    experiment: Experiment, names: list[str], shown: tuple[str, str], title: Callable[[str], str]
) -> None:
    """Which of the columns of these names are fitted beside the pair that is shown, where there are any."""
    others = [name for name in names if name not in shown]
    if not others or NO_COLUMN in shown:
        return

    def choose(experiment: Experiment, chosen: list[str]) -> Experiment:
        return transitions.choose_more(experiment, [name for name in others if name in chosen], *shown)

    value = [name for name in others if name in experiment.more]
    options = session.control("more", session.other_points(choose), value=value)
    st.multiselect(
        options=others,
        format_func=title,
        max_selections=MOST_FITTED - 2,
        placeholder="none: these two alone",
        **options,
    )


def choose_yes(experiment: Experiment) -> None:
    """Which column of two values has a say, where there is any."""
    file = session.workspace().file
    found = two_valued_columns(experiment, session.data(), file and file.table)
    if found:
        choose = session.other_points(setting("yes"))
        options = session.control("yes", choose)
        st.selectbox(options=["", *found], format_func=lambda name: name or "none", **options)


def say_why(table: Table, experiment: Experiment) -> None:
    """Why these columns were chosen, as long as they are those that were suggested."""
    if len(table.numeric_names) >= 2:
        found = suggestion(table)
        if (found.x, found.y) == (experiment.x, experiment.y):
            st.caption(notices.escape_markdown(found.why))


def _column_setter(field: str, x: str, y: str) -> Callable[[Experiment, str], Experiment]:
    """Sets one column; choosing the other one's column swaps them."""

    def choose(experiment: Experiment, name: str) -> Experiment:
        pair = {"x": x, "y": y}
        other = "y" if field == "x" else "x"
        if name == pair[other]:
            pair[other] = pair[field]
        if pair["x"] == NO_COLUMN:
            # What was across goes upwards, where there is nothing to go across.
            return experiment
        pair[field] = name
        return transitions.choose_axis(experiment, **pair)

    return choose
