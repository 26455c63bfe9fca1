"""Small pictures of several fits to the same points, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from gmm_core.points import Array
from ui import palette

MOST_DRAWN = 1000
"""Points in a panel; of more, as many are drawn at even distances in their order."""

ACROSS = 3
"""Panels in a row."""


@dataclass(frozen=True, eq=False)
class Panel:
    """One fit."""

    title: str
    facts: str
    """Its numbers, in a line."""
    labels: NDArray[np.int64]
    """(N,): the component each point most likely belongs to."""
    outlines: Sequence[Array]
    """Closed curves (V, 2), one a component; of no points where there is nothing to draw."""
    changed: int | None = None
    """The points that a fit before the points were moved puts elsewhere; None if they were not moved."""


def panels_figure(points: Array, panels: Sequence[Panel], *, equal: bool) -> go.Figure:
    """Points (N, 2) in their components' colours with the components' outlines, a panel for every fit;
    `equal` scale on both axes."""
    columns = min(ACROSS, len(panels))
    rows = -(-len(panels) // columns)
    figure = make_subplots(rows, columns, subplot_titles=[_title(panel, len(points)) for panel in panels])
    shown = np.linspace(0, len(points) - 1, min(MOST_DRAWN, len(points))).astype(np.intp)
    for i, panel in enumerate(panels):
        place = {"row": i // columns + 1, "col": i % columns + 1}
        for k in range(int(panel.labels.max()) + 1):
            own = points[shown[panel.labels[shown] == k]]
            figure.add_scatter(x=own[:, 0], y=own[:, 1], mode="markers", marker=_marker(k), **place)
        for k, outline in enumerate(panel.outlines):
            figure.add_scatter(x=outline[:, 0], y=outline[:, 1], mode="lines", line=_line(k), **place)
        if equal:
            figure.update_yaxes(scaleanchor=f"x{i + 1 if i else ''}", row=place["row"], col=place["col"])
    figure.update_traces(hoverinfo="skip")
    figure.update_annotations(font_size=13)
    figure.update_layout(showlegend=False, height=330 * rows, margin={"l": 8, "r": 8, "t": 60, "b": 8})
    return figure


def _title(panel: Panel, n_points: int) -> str:
    answer = f"<br>{panel.changed:,} of {n_points:,} points change" if panel.changed else ""
    if panel.changed == 0:
        answer = "<br>the same answer"
    return f"<b>{panel.title}</b><br>{panel.facts}{answer}"


def _marker(k: int) -> dict[str, object]:
    return {"color": palette.COMPONENTS[k], "size": 4, "opacity": 0.7}


def _line(k: int) -> dict[str, object]:
    return {"color": palette.COMPONENTS[k], "width": 2.5}
