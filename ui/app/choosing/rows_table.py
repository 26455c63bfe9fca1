"""The rows of a second file with what a model says of each, on the page."""

import numpy as np
import pandas as pd
import streamlit as st

from ui.analysis.choosing.scoring import Scored
from ui.app import session
from ui.app.column_help import explained
from ui.data.new_rows import NewRows
from ui.uploads import Table
from ui.uploads.columns import written

MOST_LISTED = 1_000
"""Rows that the table on the page shows; the file has all."""

ROWS = ("All rows", "Outliers", "Not scored")

SAID_OF_A_ROW = ("component", "share", "log-density", "percentile", "outlier")
"""What a model says of each."""


def show_rows(table: Table, new: NewRows, scores: Scored, outliers: np.ndarray) -> None:
    """All rows, the outliers (M,) alone, or those that could not be scored."""
    which = st.segmented_control(
        "Rows", ROWS, default=ROWS[0], required=True, key=session.widget_key("which rows"),
        label_visibility="collapsed",
    )  # fmt: skip
    place = np.full(len(new.why_not), -1)
    place[new.rows] = np.arange(len(new.rows))
    rows = np.arange(len(new.why_not))
    if which == "Outliers":
        rows = new.rows[outliers]
    elif which == "Not scored":
        rows = np.flatnonzero(place < 0)
    listed = rows[:MOST_LISTED]
    frame = _frame(table, new, scores, outliers, listed, place[listed])
    st.dataframe(frame, hide_index=True, column_config=explained(SAID_OF_A_ROW))
    if len(rows) > len(listed):
        st.caption(f"The first {MOST_LISTED:,} of {len(rows):,} rows; the file to take home has all.")


def _frame(
    table: Table, new: NewRows, scores: Scored, outliers: np.ndarray, rows: np.ndarray, place: np.ndarray
) -> pd.DataFrame:
    """Some rows of the file, with the place of each among those scored, -1 for none."""
    columns = {name: _cells(table, name, rows) for name in table.names}
    frame = pd.DataFrame({"row": rows + 1})
    known = place >= 0
    n_components = scores.mixture.n_components

    def spread(values: list[str]) -> list[str]:
        told = iter(values)
        return [next(told) if there else "" for there in known]

    at = place[known]
    named = ["noise" if k == n_components else f"{k + 1}" for k in scores.groups[at].tolist()]
    added = {
        "component": spread(named),
        "share": spread([f"{100 * share:.1f} %" for share in scores.certainty[at].tolist()]),
        "log-density": spread([f"{v:.3f}".replace("-", "−") for v in scores.log_densities[at].tolist()]),
        "percentile": spread([f"{100 * share:.2f} %" for share in scores.percentiles[at].tolist()]),
        "outlier": spread(["yes" if rare else "no" for rare in outliers[at].tolist()]),
    }
    if not known.all():
        added["not scored"] = new.why_not[rows].tolist()
    for name, values in {**added, **columns}.items():
        frame[name if name not in frame else f"{name} (file)"] = values
    return frame


def _cells(table: Table, name: str, rows: np.ndarray) -> np.ndarray | list[str]:
    """Of one column: numbers, or texts where some are none."""
    if name in table.columns and not len(table.parse_errors[name].rows):
        return table.columns[name][rows]
    return written(table, name, rows)
