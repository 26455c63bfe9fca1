"""The data page: how a file was read, what its columns hold, and which become points."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pandas as pd
import streamlit as st

from ui.app import notices, session
from ui.app.column_controls import choose_more, say_why
from ui.app.sidebar import offer_standardise
from ui.data import Data, two_valued_columns
from ui.data.spreads import said_of_units
from ui.experiment import NO_COLUMN, UPLOADED, Experiment
from ui.experiment.transitions import choose_axis, set_choices
from ui.figures.scatter_matrix import scatter_matrix_figure
from ui.glossary import said_of
from ui.uploads import (
    COMFORTABLE_ROWS,
    DECIMALS,
    ENCODINGS,
    OPERATORS,
    SEPARATORS,
    THOUSANDS,
    Reading,
    Table,
    describe,
    preview,
)
from ui.uploads.table import CONTROLS

SAMPLES = (1_000, 10_000, 100_000, COMFORTABLE_ROWS)
MOST_IN_MATRIX = 6
MOST_DESCRIBED = 200

HEADERS = {1: "names the columns", 0: "is data", 2: "and the second name the columns"}

CHOICES = {
    "separator": SEPARATORS,
    "decimal": DECIMALS,
    "thousands": {**THOUSANDS, "": "nothing"},
    "encoding": ENCODINGS,
}


def show_reading(table: Table) -> None:
    """The first rows, how they were read, and the way to correct that."""
    st.markdown(f"#### {notices.escape_markdown(table.name)}")
    st.caption(f"{table.n_rows:,} rows, {len(table.names):,} columns, read as {table.format}.")
    notices.info(table.remarks)
    _offer_missing(table)
    _correct_reading(table)
    seen = preview(table)
    rows = pd.DataFrame(list(seen.rows), columns=list(seen.names), index=list(seen.places), dtype=str)
    names = {name: notices.escape_markdown(text) for name, text in table.whole_names.items()}
    whole = {name: st.column_config.Column(help=text) for name, text in names.items()}
    st.dataframe(rows, width="stretch", height="auto", column_config=whole)
    if seen.n_more_columns:
        st.caption(f"{seen.n_more_columns:,} more columns are not shown here.")


def _correct_reading(table: Table) -> None:
    used = table.reading
    fields = [name for name in CHOICES if getattr(used, name) is not None]
    with st.expander("Numbers or columns wrong? Say how the file is written"):
        for place, name in zip(st.columns(max(1, len(fields))), fields, strict=False):
            _choice(place, list(CHOICES[name]), name, table, CHOICES[name].__getitem__)
        if used.header is not None:
            _choice(st, list(HEADERS), "header", table, HEADERS.__getitem__)
        if table.sheets:
            _choice(st, list(table.sheets), "sheet", table, str)
        _choose_missing(table)
        if len(table.totals) or used.totals:
            _choice(st, [False, True], "totals", table, _totals_text)


def _totals_text(kept: bool) -> str:
    return "are points like the others" if kept else "are left out"


def _offer_missing(table: Table) -> None:
    """One press for numbers such as -99, which stand apart as marks of missing values do."""
    if table.suspects:
        marks = (*(_missing(table)), *table.suspects)
        st.button(
            notices.escape_markdown(f"Take {' and '.join(table.suspects)} for missing"),
            on_click=_correct,
            args=(table.asked, "missing", marks),
        )


def _missing(table: Table) -> tuple[str, ...]:
    return table.missing if table.asked.missing is None else table.asked.missing


def _choose_missing(table: Table) -> None:
    marks = _missing(table)
    key, asked = f"read missing {table.name} {table.reading}", table.asked
    st.multiselect(
        CONTROLS["missing"],
        list(dict.fromkeys([*marks, *table.suspects])),
        list(marks),
        key=key,
        on_change=lambda: _correct(asked, "missing", tuple(map(str, session.value_of(key)))),
        accept_new_options=True,
        placeholder="Numbers or words that mean that there is no value",
        help="Empty cells are missing anyway, and so is NA in a column of numbers.",
    )


def _correct(asked: Reading, name: str, value: Any) -> None:
    session.read_again(replace(asked, **{name: value}))


def correct_unread(name: str) -> None:
    """The way to say how a file is written that could not be read; nothing is known of it yet."""
    st.markdown(notices.escape_markdown(f"Say how “{name}” is written:"))
    choices: dict[str, tuple[str, list[Any], Callable[[Any], str]]] = {
        field: (CONTROLS[field], list(known), known.__getitem__) for field, known in CHOICES.items()
    }
    choices["header"] = (CONTROLS["header"], list(HEADERS), HEADERS.__getitem__)
    places = st.columns(len(choices))
    for place, (field, (title, known, text)) in zip(places, choices.items(), strict=True):
        place.selectbox(
            title,
            [None, *known],
            format_func=lambda value, text=text: "as the file tells" if value is None else text(value),
            key=f"unread {field} {name}",
            on_change=_read_unread,
            args=(name, tuple(choices)),
        )


def _read_unread(name: str, fields: tuple[str, ...]) -> None:
    session.read_again(Reading(**{field: session.value_of(f"unread {field} {name}") for field in fields}))


def _choice(place: Any, choices: list[Any], name: str, table: Table, text: Callable[[Any], str]) -> None:
    key, asked = f"read {name} {table.name} {table.reading}", table.asked

    def chosen() -> None:
        _correct(asked, name, session.value_of(key))

    used = getattr(table.reading, name)
    index = 0 if used is None else choices.index(used)
    place.selectbox(CONTROLS[name], choices, index, format_func=text, key=key, on_change=chosen)


def show_columns(table: Table) -> None:
    """What every column holds."""
    st.markdown("#### Columns")
    names = table.names[:MOST_DESCRIBED]
    found = describe(table, names)
    rows = pd.DataFrame(
        {
            "column": [table.whole_names.get(column.name, column.name) for column in found],
            "type": [column.kind for column in found],
            "missing": [column.n_missing for column in found],
            "not a number": [column.n_faulty for column in found],
            "distinct": [
                "more than 1,000" if column.n_distinct is None else str(column.n_distinct) for column in found
            ],
            "least": [column.low for column in found],
            "greatest": [column.high for column in found],
            "histogram": [column.counts.tolist() for column in found],
            "for example": [", ".join(column.examples) for column in found],
        }
    )
    said = said_of("histogram")
    shown = {"histogram": st.column_config.BarChartColumn(help=said, width="medium", y_min=0)}
    st.dataframe(rows, hide_index=True, column_config=shown, width="stretch", height="auto")
    if len(table.names) > len(names):
        st.caption(f"{len(table.names) - len(names):,} more columns are not shown here.")


def choosing(name: str) -> Callable[[Experiment, Any], Experiment]:
    """The transition that makes one choice about an uploaded file, and shows that file."""
    leaves_points = name in ("label", "standardise")
    make = _making(name)
    return make if leaves_points else session.other_points(make)


def _making(name: str) -> Callable[[Experiment, Any], Experiment]:
    make = choose_axis if name in ("x", "y") else set_choices
    return lambda experiment, value: make(_of_the_file(experiment), **{name: value})


def _of_the_file(experiment: Experiment) -> Experiment:
    return experiment if experiment.data == UPLOADED else _use_file(experiment)


def choose_points(experiment: Experiment, table: Table) -> None:
    """Which columns become points, labels and weights, and which rows count."""
    st.markdown("#### Points")
    if experiment.data != UPLOADED:
        st.button(
            "Use this file",
            on_click=session.dispatch,
            args=(_use_file,),
            type="primary",
        )
    numbers = list(table.numeric_names)
    if not numbers:
        return
    data = session.data()
    used = data.source.used_columns if experiment.data == UPLOADED and data.source else tuple(numbers)
    x, y = (*used, NO_COLUMN)[:2]
    across, upwards, label, weight, yes = st.columns(5)
    _column(across, "x", experiment.x or x, numbers, table)
    upward_names = [*numbers, NO_COLUMN] if len(numbers) > 1 else [NO_COLUMN]
    _column(upwards, "y", experiment.y or y, upward_names, table)
    if "truth" not in experiment.hide:
        _column(label, "label", experiment.label, ["", *table.names], table)
    _column(weight, "weight", experiment.weight, ["", *numbers], table)
    if experiment.data == UPLOADED and (found := two_valued_columns(experiment, data, table)):
        _column(yes, "yes", experiment.yes, ["", *found], table)
    if experiment.data == UPLOADED:
        choose_more(experiment, numbers, (experiment.x or x, experiment.y or y), str)
    say_why(table, experiment)
    on_a_line = len(numbers) == 1 or experiment.y == NO_COLUMN
    switches = ("log_x", "standardise") if on_a_line else ("log_x", "log_y", "standardise")
    for place, name in zip(st.columns(3), switches, strict=False):
        place.toggle(**session.control(name, choosing(name)))
    if experiment.data == UPLOADED:
        offer_standardise(said_of_units(experiment, data, kmeans=True))
    _sample(experiment, table)
    _filter(experiment, table)


def _use_file(experiment: Experiment) -> Experiment:
    return session.pick_data(experiment, UPLOADED)


def _column(place: Any, name: str, value: str, names: list[str], table: Table) -> None:
    chosen = value if value in names else names[0]
    whole = table.whole_names.get(chosen)
    options = session.control(name, choosing(name), value=chosen)
    options["help"] = notices.escape_markdown(whole) if whole else options["help"]
    place.selectbox(options=names, format_func=lambda text: text or "none", **options)


def _sample(experiment: Experiment, table: Table) -> None:
    if table.n_rows <= SAMPLES[0]:
        return
    n_rows = table.n_rows
    sizes = sorted({0, *(size for size in SAMPLES if size < table.n_rows), experiment.sample})
    st.select_slider(
        options=[*sizes[1:], 0],
        format_func=lambda size: f"{size:,} at random" if size else f"all {n_rows:,}",
        **session.control("sample", choosing("sample")),
    )
    if table.n_rows > COMFORTABLE_ROWS and not experiment.sample:
        st.caption("So many rows take seconds at every change; a random sample shows nearly the same.")


def _filter(experiment: Experiment, table: Table) -> None:
    with st.expander("Use only some rows", expanded=bool(experiment.where)):
        for i, (column, operator, value) in enumerate(experiment.where):
            text, remove = st.columns([5, 1], vertical_alignment="center")
            text.markdown(notices.escape_markdown(f"{column} {OPERATORS.get(operator, operator)} {value}"))
            rest = experiment.where[:i] + experiment.where[i + 1 :]
            remove.button("Remove", key=f"filter {i}", on_click=session.dispatch, args=(_setting(rest),))
        with st.form("filter", clear_on_submit=True, border=False):
            name, operator, value, add = st.columns([3, 2, 2, 1], vertical_alignment="bottom")
            chosen = name.selectbox("Column", table.names)
            asked = operator.selectbox("must", list(OPERATORS), format_func=OPERATORS.__getitem__)
            wanted = value.text_input("Value")
            if add.form_submit_button("Add") and chosen is not None and asked is not None:
                session.dispatch(choosing("where"), (*experiment.where, (chosen, asked, wanted)))
                st.rerun()


def _setting(where: tuple[tuple[str, str, str], ...]) -> Callable[[Experiment], Experiment]:
    return lambda old: choosing("where")(old, where)


def report(data: Data, table: Table) -> None:
    """What came of it: how many points, and every row that became none."""
    if data.notice:
        st.error(notices.escape_markdown(data.notice))
        return
    st.success(f"{len(data.points):,} points.")
    notices.info(sentence for sentence in data.dropped if sentence not in table.remarks)
    # A link, since a switch by the script leaves an entry of its own in the browser's history.
    st.page_link("pages/lab.py", label="See them in the lab", icon=":material/arrow_forward:")


def scatter_matrix(experiment: Experiment, table: Table) -> None:
    """Every pair of up to six columns, and one click to take one."""
    names = list(table.numeric_names)
    if len(names) < 3:
        return
    st.markdown("#### Which pair is worth fitting?")
    first = names[:MOST_IN_MATRIX]
    chosen = st.multiselect(
        "Columns", names, first, max_selections=MOST_IN_MATRIX, key=f"matrix {table.name}"
    )
    if len(chosen) < 2:
        return
    pairs = list(combinations(chosen, 2))
    now = next((i for i, pair in enumerate(pairs) if set(pair) == {experiment.x, experiment.y}), None)

    def take(old: Experiment, i: int | None) -> Experiment:
        # Pressed again, it stays taken.
        return old if i is None else choose_axis(_of_the_file(old), x=pairs[i][0], y=pairs[i][1])

    def text(i: int) -> str:
        return notices.escape_markdown(" × ".join(pairs[i]))

    options = session.widget("pair", now, session.other_points(take))
    st.pills("Take a pair", list(range(len(pairs))), format_func=text, **options)
    st.plotly_chart(scatter_matrix_figure({name: table.columns[name] for name in chosen}), key="matrix")
