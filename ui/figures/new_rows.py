"""New points among those that a model was fitted to: in its components' colours, outliers ringed."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from gmm_core import log_density
from gmm_core.points import Array
from ui import palette
from ui.figures.fit_picture import (
    NOISE,
    Pictured,
    add_curves,
    add_ellipses,
    add_histogram,
    set_axes,
)

MOST_NEW = 3_000
"""New points that are drawn, at even distances in their order."""

RARE_DRAWN = 500
"""Outliers among them that are drawn whatever their share is."""

MANY = 500
"""New points from which on marks are small."""

OLD = "#9aa0a8"
RING = "#e0245e"


@dataclass(frozen=True, eq=False)
class NewPoints:
    """What is drawn of them."""

    points: Array
    """(M, 1 or 2): in the columns of the picture."""
    groups: np.ndarray
    """(M,): the component of each, -1 for the noise."""
    outliers: np.ndarray
    """(M,), whether it is one."""
    hollow: np.ndarray
    """(M,), whether it says no in a yes/no column."""
    texts: np.ndarray
    """(M,): what is said of each under the pointer."""


def drawn_places(outliers: np.ndarray) -> np.ndarray:
    """Which (at most MOST_NEW) of M points are drawn, by which of them are outliers (M,): of these no smaller
    a share than of the others, and all if they are few."""
    rare, usual = np.flatnonzero(outliers), np.flatnonzero(~outliers)
    share = round(MOST_NEW * len(rare) / max(len(outliers), 1))
    rare = _few(rare, max(RARE_DRAWN, share, MOST_NEW - len(usual)))
    return np.sort(np.concatenate([rare, _few(usual, MOST_NEW - len(rare))]))


def _few(places: np.ndarray, most: int) -> np.ndarray:
    kept = np.linspace(0, len(places) - 1, min(most, len(places))).astype(np.intp)
    return places[kept]


def new_rows_figure(shown: Pictured, new: NewPoints, *, glyphs: str = "auto") -> go.Figure:
    """The points that were fitted in faint grey, the components' ellipses of two standard deviations, and the
    new points; on a line the density, on which the new points stand."""
    figure = go.Figure()
    if shown.points.shape[1] == 1:
        add_histogram(figure, shown.points[:, 0], OLD)
        add_curves(figure, shown)
        heights = np.exp(log_density(new.points, shown.mixture)) if len(new.points) else np.empty(0)
    else:
        marker = {"color": OLD, "size": 4, "opacity": 0.35}
        old = shown.points
        figure.add_scatter(x=old[:, 0], y=old[:, 1], mode="markers", marker=marker, name="fitted")
        add_ellipses(figure, shown)
        heights = new.points[:, 1]
    figure.update_traces(hoverinfo="skip")
    _add_new(figure, shown.colours, new, heights, glyphs)
    figure.update_layout(height=460, margin={"l": 48, "r": 8, "t": 8, "b": 40}, hovermode="closest")
    set_axes(figure, shown)
    # Outliers may lie far from the points that were fitted.
    return figure.update_xaxes(range=None).update_yaxes(range=None)


def _add_new(
    figure: go.Figure, colours: tuple[int, ...], new: NewPoints, heights: Array, glyphs: str
) -> None:
    signed = palette.glyphs_wanted(glyphs, len(colours))
    for group in np.unique(new.groups).tolist():
        own = new.groups == group
        colour, symbol = (NOISE, "x") if group < 0 else _look(colours[group], signed=signed)
        marker = {
            "color": colour,
            "size": 8 if len(new.points) < MANY else 5,
            "symbol": np.where(new.hollow[own], f"{symbol}-open", symbol).tolist(),
            "line": {"width": 1, "color": colour},
        }
        name = "new, noise" if group < 0 else f"new, {colours[group] + 1}"
        figure.add_scatter(
            x=new.points[own, 0],
            y=heights[own],
            mode="markers",
            marker=marker,
            name=name,
            text=new.texts[own],
            hovertemplate="%{text}<extra></extra>",
            cliponaxis=False,
        )
    rare = new.outliers
    size, width = (15, 2) if len(new.points) < MANY else (9, 1)
    ring = {"symbol": "circle-open", "size": size, "color": RING, "line": {"width": width, "color": RING}}
    figure.add_scatter(
        x=new.points[rare, 0],
        y=heights[rare],
        mode="markers",
        marker=ring,
        name="outliers",
        hoverinfo="skip",
        cliponaxis=False,
    )


def _look(colour: int, *, signed: bool) -> tuple[str, str]:
    symbol = palette.GLYPHS[colour % len(palette.GLYPHS)].name if signed else "circle"
    return palette.colour_of(colour), symbol
