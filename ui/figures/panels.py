"""A small picture of a fit, to stand beside others of the same points."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gmm_core.points import Array
from ui import palette

MOST_DRAWN = 1000
"""Points in a panel; of more, as many are drawn at even distances in their order."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One fit."""

    title: str
    facts: tuple[str, ...]
    """Its numbers, a line each."""
    labels: NDArray[np.int64]
    """(N,): the component each point most likely belongs to."""
    outlines: Sequence[Array]
    """Closed curves (V, 2), one a component; of no points where there is nothing to draw."""
    changed: int | None = None
    """The points that a fit before the points were moved puts elsewhere; None if they were not moved."""


def panel_figure(points: Array, panel: Panel, *, equal: bool, glyphs: str = "auto") -> go.Figure:
    """Points (N, 2) in their components' colours, under the choice `glyphs` with their signs, and the
    outlines; `equal` scale on both axes."""
    figure = go.Figure()
    shown = np.linspace(0, len(points) - 1, min(MOST_DRAWN, len(points))).astype(np.intp)
    signed = palette.glyphs_wanted(glyphs, int(panel.labels.max()) + 1)
    for k in range(int(panel.labels.max()) + 1):
        own = points[shown[panel.labels[shown] == k]]
        figure.add_scatter(x=own[:, 0], y=own[:, 1], mode="markers", marker=_marker(k, signed=signed))
    for k, outline in enumerate(panel.outlines):
        figure.add_scatter(x=outline[:, 0], y=outline[:, 1], mode="lines", line=_line(k))
    if equal:
        figure.update_yaxes(scaleanchor="x")
    figure.update_traces(hoverinfo="skip")
    figure.update_layout(
        title={"text": _title(panel, len(points)), "font": {"size": 13}},
        showlegend=False,
        height=330,
        margin={"l": 8, "r": 8, "t": 96, "b": 8},
    )
    return figure


def _title(panel: Panel, n_points: int) -> str:
    answer = f"<b>{panel.changed:,} of {n_points:,} points change</b>" if panel.changed else ""
    if panel.changed == 0:
        answer = "the same answer"
    return "<br>".join([f"<b>{panel.title}</b>", *panel.facts, answer])


def _marker(k: int, *, signed: bool) -> dict[str, object]:
    sign = {"symbol": palette.GLYPHS[k].name, "size": 6} if signed else {"size": 4}
    return {"color": palette.COMPONENTS[k], "opacity": 0.7, **sign}


def _line(k: int) -> dict[str, object]:
    return {"color": palette.COMPONENTS[k], "width": 2.5}
