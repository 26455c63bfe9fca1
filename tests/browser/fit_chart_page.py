"""A small Streamlit page with charts of fits: over K, as a heat map, on a line, and one without fits."""

from functools import partial

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from ui.palette import colour_of
from ui.stage.component import show_chart
from ui.stage.fit_chart import FitChart, SmallFit, encode_chart

K = (1, 2, 3, 4, 5, 6)
FAMILIES = ("full", "tied", "diag")
HEIGHTS = {"full": 2.0, "tied": 1.0, "diag": 0.0}


def points_of(n: int, d: int) -> np.ndarray:
    """(n, d) in three heaps."""
    rng = np.random.default_rng(0)
    centres = np.array([[0.0, 0.0], [6.0, 1.0], [3.0, 5.0]])[:, :d]
    return centres[np.arange(n) % 3] + rng.normal(size=(n, d))


def small_fit(points: np.ndarray, family: str, k: int) -> SmallFit:
    """Not a good fit: slices along the first column, and the last two points are noise."""
    d = points.shape[1]
    order = np.argsort(np.argsort(points[:, 0]))
    labels = order * k // len(points)
    own = [points[labels == j] for j in range(k)]
    labels[-2:] = -1
    return SmallFit(
        id=f"{family} {k}",
        title=f"{family}, K = {k}",
        facts=(f"BIC {1000 - 10 * k + HEIGHTS[family]:.1f}", "1.5 above the best"),
        labels=labels,
        colours=tuple(range(k)),
        weights=np.full(k, 1 / k),
        means=np.array([part.mean(axis=0) for part in own]),
        covariances=np.array([np.cov(part.T).reshape(d, d) + 0.01 * np.eye(d) for part in own]),
        row=family,
    )


def lines(chosen: str) -> go.Figure:
    """A line over K for each family, the chosen fit ringed."""
    figure = go.Figure()
    for i, family in enumerate(FAMILIES):
        ids = [f"{family} {k}" for k in K]
        figure.add_scatter(
            x=K,
            y=[HEIGHTS[family] + (k - 3.2) ** 2 / 4 for k in K],
            mode="lines+markers",
            customdata=ids,
            marker={"size": 9, "color": colour_of(i), "line": {"width": [3 * (i == chosen) for i in ids]}},
        )
    figure.update_layout(showlegend=False, height=340)
    figure.update_xaxes(title="components K", dtick=1)
    figure.update_yaxes(title="BIC, lower is better")
    return figure


def heat_map() -> go.Figure:
    """The same as cells; one of them has no fit, and says so in Plotly's own words."""
    ids: list[list[str | None]] = [[f"{family} {k}" for k in K] for family in FAMILIES]
    ids[2][5] = None
    figure = go.Figure(
        go.Heatmap(
            x=[str(k) for k in K],
            y=FAMILIES,
            z=[[HEIGHTS[family] + (k - 3.2) ** 2 / 4 for k in K] for family in FAMILIES],
            customdata=ids,
            hovertemplate="no fit here<extra></extra>",
            xgap=2,
            ygap=2,
            colorscale="Blues",
        )
    )
    figure.update_layout(height=260)
    figure.update_xaxes(type="category")
    return figure


def restarts() -> go.Figure:
    """Dots on a line."""
    return go.Figure(
        go.Scatter(x=K, y=[0.0] * len(K), mode="markers", customdata=[f"full {k}" for k in K])
    ).update_layout(height=200)


def note(key: str) -> None:
    """Keeps what was picked."""
    st.session_state["answer"] = f"{key}: {st.session_state[key]['picked']}"
    st.session_state["chosen"] = st.session_state[key]["picked"]
    st.session_state["picks"] = st.session_state.get("picks", 0) + 1


def show_page() -> None:
    """Draws the page."""
    st.set_page_config(page_title="Charts of fits", layout="wide")
    st.title("Charts of fits")
    st.html(f'<p data-testid="answer">{st.session_state.get("answer", "nothing yet")}</p>')
    plane, line = points_of(300, 2), points_of(120, 1)
    fits = {f"{family} {k}": small_fit(plane, family, k) for family in FAMILIES for k in K}
    on_a_line = tuple(small_fit(line, "full", k) for k in K)
    chosen = st.session_state.get("chosen", "full 3")
    charts = {
        "lines": FitChart(lines(chosen), plane, tuple(fits.values()), "bic-over-k", "BIC over K"),
        "cells": FitChart(heat_map(), plane, tuple(fits.values()), "bic-cells", "BIC as a heat map"),
        "restarts": FitChart(restarts(), line, on_a_line, "restarts", "Fifty starts"),
        "plain": FitChart(go.Figure(go.Bar(x=K, y=K)), line, (), "plain", "A chart without fits"),
    }
    for key, chart in charts.items():
        show_chart(encode_chart(chart), key=key, on_picked=partial(note, key))
    st.html(f'<p data-testid="picks">{st.session_state.get("picks", 0)}</p>')


if __name__ == "__main__":
    show_page()
