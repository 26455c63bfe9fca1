"""Approximations of a shape: small pictures of densities and of points, and what each K is worth."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gmm_core.points import Array
from ui import palette

WIDTH = 240
"""Pixels of a small picture, or about as many: it is as wide as its place."""

HEIGHTS = 130, 260
"""The least and the most."""

MOST_DRAWN = 2_000
"""Points in one; of more, as many are drawn at even distances in their order."""

N_BINS = 40
"""Of a histogram of points on a line."""


@dataclass(frozen=True, eq=False)
class Frame:
    """What all small pictures have in common."""

    box: tuple[tuple[float, float], ...]
    """(low, high) across, and in the plane upwards."""
    equal: bool
    """Whether both axes have one scale."""


def points_figure(points: Array, frame: Frame, *, is_sample: bool = False) -> go.Figure:
    """Points (N, 2), or (N, 1) as a histogram; those of a sample in another colour than the data's."""
    colour = palette.COMPONENTS[0] if is_sample else _GREY
    figure = go.Figure()
    if points.shape[1] == 1:
        figure.add_histogram(
            x=points[:, 0],
            xbins={"start": frame.box[0][0], "end": frame.box[0][1], "size": np.ptp(frame.box[0]) / N_BINS},
            marker={"color": colour},
            histnorm="probability density",
            hoverinfo="skip",
        )
    else:
        kept = np.linspace(0, len(points) - 1, min(MOST_DRAWN, len(points))).astype(np.intp)
        size = 3 if len(kept) > 600 else 4
        figure.add_scattergl(
            x=points[kept, 0],
            y=points[kept, 1],
            mode="markers",
            marker={"color": colour, "size": size, "opacity": 0.8},
            hoverinfo="skip",
        )
    return _framed(figure, frame)


def density_figure(
    log_densities: NDArray[np.float32], places: Sequence[Array], frame: Frame, span: tuple[float, float]
) -> go.Figure:
    """Log-densities (G, G) at places (G,) across and upwards, darker where they are higher, the ends of the
    colours at `span`; those (G,) on a line as a curve of the density."""
    figure = go.Figure()
    if len(places) == 1:
        line = {"color": palette.COMPONENTS[0], "width": 2}
        figure.add_scatter(
            x=places[0],
            y=np.exp(log_densities),
            mode="lines",
            line=line,
            fill="tozeroy",
            fillcolor="rgba(0, 114, 178, 0.15)",
            hoverinfo="skip",
        )
    else:
        figure.add_heatmap(
            x=places[0],
            y=places[1],
            z=np.clip(log_densities, *span),
            zmin=span[0],
            zmax=span[1],
            colorscale=_evenly(palette.DENSITY),
            showscale=False,
            zsmooth="best",
            hoverinfo="skip",
        )
    return _framed(figure, frame)


def _evenly(colours: Sequence[str]) -> list[list[Any]]:
    return [[i / (len(colours) - 1), colour] for i, colour in enumerate(colours)]


_GREY = "#7d8894"
"""Of points that belong to nobody; seen on light and on dark ground."""


def _framed(figure: go.Figure, frame: Frame) -> go.Figure:
    bare = {"showgrid": False, "zeroline": False, "showticklabels": False, "ticks": ""}
    figure.update_xaxes(range=list(frame.box[0]), constrain="domain", fixedrange=True, **bare)
    if len(frame.box) > 1:
        figure.update_yaxes(range=list(frame.box[1]), constrain="domain")
    else:
        figure.update_yaxes(rangemode="tozero")
    figure.update_yaxes(fixedrange=True, **bare)
    if frame.equal:
        figure.update_yaxes(scaleanchor="x")
    figure.update_layout(height=_height(frame), margin={"l": 0, "r": 0, "t": 0, "b": 0}, showlegend=False)
    return figure


def _height(frame: Frame) -> float:
    if not frame.equal:
        return 0.75 * WIDTH
    across, upwards = (high - low for low, high in frame.box)
    return float(np.clip(WIDTH * upwards / across, *HEIGHTS))


@dataclass(frozen=True, eq=False)
class Worth:
    """What the mixture of every K is worth, in nats a point."""

    ks: Sequence[int]
    learned: Sequence[float]
    """On the points that it learned from."""
    unseen_ks: Sequence[int]
    unseen: Sequence[float]
    """On others, for those K of which it is known."""
    errors: Sequence[float]
    """Standard errors of those."""
    best: int | None


def worth_figure(worth: Worth) -> go.Figure:
    """Both as lines over K, each named at its end, and the best K marked."""
    figure = go.Figure()
    blue, red = palette.COMPONENTS[:2]
    figure.add_scatter(**_line(worth.ks, worth.learned, blue, "circle"))
    both = len(worth.unseen) == len(worth.learned)
    figure.add_scatter(
        **_line(worth.unseen_ks, worth.unseen, red, "square"),
        error_y={"array": list(worth.errors), "visible": len(worth.errors) > 0, "thickness": 1, "width": 3},
        fill="tonexty" if both else None,
        fillcolor="rgba(213, 94, 0, 0.10)",
    )
    figure.add_annotation(**_named(worth.ks, worth.learned, blue, "on the points it learned from", 16))
    if len(worth.unseen):
        figure.add_annotation(**_named(worth.unseen_ks, worth.unseen, red, "on points it has not seen", -16))
    if worth.best is not None:
        at = list(worth.unseen_ks).index(worth.best)
        until = worth.unseen_ks[: at + 1], worth.unseen[: at + 1]
        said = _named(*until, _GREY, f"★ best: K = {worth.best}", -36)
        is_inside = at + 1 < len(worth.ks)
        figure.add_annotation(**{**said, "xanchor": "center" if is_inside else "right"})
    ticks = {"tickvals": list(worth.ks), "ticktext": [f"{k}" for k in worth.ks]}
    figure.update_layout(
        height=320,
        showlegend=False,
        margin={"l": 60, "r": 16, "t": 24, "b": 44},
        # So that two components have as much room as twenty.
        xaxis={"title": "Components K", "type": "log", "showgrid": False, **ticks},
        yaxis={"title": "Log-likelihood a point (up is better)"},
    )
    return figure


def _line(ks: Sequence[int], values: Sequence[float], colour: str, symbol: str) -> dict[str, Any]:
    return {
        "x": list(ks),
        "y": list(values),
        "mode": "lines+markers",
        "line": {"color": colour, "width": 2.5},
        "marker": {"size": 8, "symbol": symbol},
        "hovertemplate": "K = %{x}: %{y:.3f}<extra></extra>",
    }


def _named(ks: Sequence[int], values: Sequence[float], colour: str, text: str, up: int) -> dict[str, Any]:
    """A text so many pixels above the last of the values."""
    return {
        # A logarithmic axis has its annotations at the logarithm.
        "x": float(np.log10(ks[-1])),
        "y": values[-1],
        "text": text,
        "showarrow": False,
        "xanchor": "right",
        "yshift": up,
        "font": {"color": colour, "size": 13},
    }
