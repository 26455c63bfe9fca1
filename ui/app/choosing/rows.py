"""New rows: a second file with the same columns, scored by the chosen model, shown and taken home."""

from dataclasses import dataclass
from functools import partial

import numpy as np
import streamlit as st

from gmm_core import Mixture
from ui.analysis.choosing.pictured import pictured
from ui.analysis.choosing.recommendation import model_name, name_of, recommend
from ui.analysis.choosing.scoring import RARE, SHARES, Scored
from ui.app import notices, session
from ui.app.choosing.rows_table import show_rows
from ui.app.working import follow
from ui.data import Data
from ui.data.new_rows import NewRows
from ui.export.names import file_stem
from ui.export.new_rows_table import scored_csv
from ui.figures.new_rows import NewPoints, drawn_places, new_rows_figure
from ui.uploads import UploadError
from ui.workspace import LAB, File, Workspace, points_of
from ui.workspace.choosing import sweep_of
from ui.workspace.second_file import new_rows_of, scores_of

MODELS = {"best": "The sweep's best", "picked": "The one you picked", "lab": "The lab's fit"}


@dataclass(frozen=True, eq=False)
class Chosen:
    """The model that is asked."""

    title: str
    mixture: Mixture
    remarks: tuple[str, ...] = ()


def show(current: Workspace) -> None:
    """The whole answer."""
    data = points_of(current)
    _bring(current, data)
    if current.second.error:
        st.error(notices.escape_markdown(current.second.error))
    try:
        new = new_rows_of(current)
    except UploadError as error:
        notices.warn([str(error)])
        return
    if new is None or current.second.file is None:
        return
    chosen = _model(current)
    if chosen is None:
        return
    try:
        with st.spinner("Scoring …"):
            scores = scores_of(current, new, chosen.mixture)
    except ValueError as error:
        notices.warn([str(error)])
        return
    _answer(current, data, current.second.file, new, chosen, scores)


def _bring(current: Workspace, data: Data) -> None:
    names = [*data.rows_brought.used_columns, *([data.yes_no.name] if data.yes_no else [])]
    quoted = ", ".join(f"“{name}”" for name in names)
    columns = f"a column named {quoted}" if len(names) == 1 else f"columns named {quoted}, in any order"
    st.file_uploader(
        "A second table, whose rows the model has not seen",
        key=session.rows_key(),
        on_change=session.take_rows,
    )
    st.caption(
        notices.escape_markdown(
            f"It needs {columns}; others are kept. It stays in this session's memory, and changes nothing of "
            "the points or of the model."
        )
    )
    file = current.second.file
    if file is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{notices.escape_markdown(file.table.name)}**, {file.table.n_rows:,} rows")
            st.button("Clear", on_click=session.put_away_rows, icon=":material/close:", key="clear rows")
        notices.info(file.table.remarks)
        if current.experiment.where:
            notices.info(["The filter of the data page is not applied to these rows: each gets an answer."])


def _model(current: Workspace) -> Chosen | None:
    offered = [name for name in MODELS if name != "picked" or current.experiment.picked]
    name = st.segmented_control(
        "Scored by",
        offered,
        default=offered[0],
        format_func=MODELS.__getitem__,
        required=True,
        key=session.widget_key("score by"),
    )
    if name == "lab":
        return _of_the_lab(current)
    swept = follow(sweep_of(current), "Fitting every model", lambda _: None)
    if swept is None:
        return None
    found = recommend(swept, "bic")
    fit = found.fit if found and name != "picked" else swept.fit(current.experiment.picked)
    if fit is None:
        st.info("There is no such fit: “Which model?” says why. The lab's fit may be there.")
        return None
    which = "the sweep's best by BIC" if name != "picked" else "the fit that you picked"
    return Chosen(f"{which}: {name_of(fit)}", fit.mixture, swept.remarks if swept.is_sample else ())


def _of_the_lab(current: Workspace) -> Chosen | None:
    result = session.result(LAB)
    if result.run is None:
        notices.warn([result.problem])
        return None
    experiment = current.experiment
    model = model_name(experiment.family, result.run.mixture.n_components)
    return Chosen(f"the lab's fit: {model}", result.run.mixture)


def _answer(current: Workspace, data: Data, file: File, new: NewRows, chosen: Chosen, scores: Scored) -> None:
    share = st.select_slider(
        "An outlier lies where less of the model's mass is less dense than",
        SHARES,
        RARE,
        format_func=lambda value: f"{100 * value:g} %",
        key=session.widget_key("rare"),
        help="Of a hundred points drawn from the model itself, one lies where less than 1 % is less dense.",
    )
    outliers = scores.outliers(share)
    for sentence in _sentences(file, new, chosen, outliers, share):
        st.markdown(notices.escape_markdown(sentence))
    notices.info((*new.remarks, *chosen.remarks))
    if len(new.rows):
        _picture(current, data, new, scores, outliers)
    show_rows(file.table, new, scores, outliers)
    st.download_button(
        "Take the scored rows home (CSV)",
        partial(scored_csv, file.table, new, scores, share),
        file_name=f"{file_stem(file.name)}-scored.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="take scored rows",
    )
    st.caption(
        "Your columns first, every cell as it came; then component, shares, log-density, percentile (the per "
        "cent of the model's mass that is less dense) and whether it is an outlier."
    )


def _sentences(file: File, new: NewRows, chosen: Chosen, outliers: np.ndarray, share: float) -> list[str]:
    n_scored, n_rare = len(new.rows), int(outliers.sum())
    rows = "1 row is" if n_scored == 1 else f"{n_scored:,} rows are"
    said = [f"{rows} scored by {chosen.title}."]
    if n_scored:
        rare = {0: "None is an outlier", 1: "1 is an outlier"}.get(n_rare, f"{n_rare:,} are outliers")
        said.append(
            f"{rare} at {100 * share:g} %; of as many rows drawn from the model itself about "
            f"{share * n_scored:,.{0 if share * n_scored >= 10 else 1}f} would be."
        )
    if new.n_left_out:
        whys, counts = np.unique(new.why_not[new.why_not != ""].astype(str), return_counts=True)
        reasons = "; ".join(f"{why} ({count:,})" for why, count in zip(whys, counts, strict=True))
        cannot = f"{new.n_left_out:,} rows cannot be scored and stay"
        cannot = "1 row cannot be scored and stays" if new.n_left_out == 1 else cannot
        said.append(f"{cannot} in the table without an answer: {reasons}.")
    return said


def _picture(current: Workspace, data: Data, new: NewRows, scores: Scored, outliers: np.ndarray) -> None:
    mixture, axes = scores.mixture, data.pair if data.points.shape[1] > 1 else (0,)
    kept = drawn_places(outliers)
    points = new.points[kept]
    hollow = points[:, -1] == 0 if data.n_binary else np.zeros(len(kept), dtype=bool)
    groups = np.where(scores.groups[kept] < mixture.n_components, scores.groups[kept], -1)
    marks = NewPoints(points[:, list(axes)], groups, outliers[kept], hollow, _texts(new, scores, kept))
    figure = new_rows_figure(pictured(data, mixture), marks, glyphs=current.view(LAB).glyphs)
    st.plotly_chart(figure, key="new rows", config={"displayModeBar": False})
    said = "Grey: the points that the model was fitted to. Coloured: the new rows. Ringed: outliers."
    if data.n_binary:
        said += f" Hollow: {data.yes_no.said[0]}." if data.yes_no else ""
    if len(kept) < len(new.rows):
        n_rare, n_all = int(outliers[kept].sum()), int(outliers.sum())
        said += (
            f" {len(kept):,} of the {len(new.rows):,} are drawn, and {n_rare:,} of the {n_all:,} outliers."
        )
    st.caption(notices.escape_markdown(said))


def _texts(new: NewRows, scores: Scored, kept: np.ndarray) -> np.ndarray:
    """What is said of each of these points."""
    n_components = scores.mixture.n_components
    said = [
        f"row {new.rows[i] + 1:,}<br>{'noise' if k == n_components else f'component {k + 1}'}, "
        f"{100 * scores.certainty[i]:.1f} %<br>{100 * scores.percentiles[i]:.2g} % of the model is less dense"
        for i, k in zip(kept.tolist(), scores.groups[kept].tolist(), strict=True)
    ]
    return np.array(said, dtype=object)
