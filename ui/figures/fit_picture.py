"""One fit as a picture: points in their components' colours and its ellipses, or on a line its curves."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

import gmm_core
from gmm_core.points import Array
from ui import palette

NOISE = "#8a8f98"
"""Of points that belong to no component."""

N_BARS, N_PLACES = 40, 300
"""On a line: bars of the histogram, and places at which a curve is drawn."""


def fit_picture(
    points: Array,
    labels: NDArray[np.int64],
    weights: Array,
    means: Array,
    covariances: Array,
    *,
    columns: Sequence[str],
    extent: Sequence[float],
    equal: bool = False,
    height: int = 300,
    colours: Sequence[int] = (),
    glyphs: str = "auto",
) -> go.Figure:
    """Points (N, d), d being 1 or 2, in the colours of their labels (N,), -1 for noise, and K components by
    their weights (K,), means (K, d) and covariances (K, d, d): ellipses of two standard deviations; on a line
    weight times density, above a histogram. `colours` (K,) are places in the palette, else 0, 1, ..."""
    figure = go.Figure()
    hues = list(colours) or list(range(len(weights)))
    if points.shape[1] == 1:
        _draw_line(figure, points[:, 0], weights, means[:, 0], covariances[:, 0, 0], extent, hues)
    else:
        _draw_points(figure, points, labels, hues, signed=palette.glyphs_wanted(glyphs, len(weights)))
        for hue, mean, covariance in zip(hues, means, covariances, strict=True):
            _draw_ellipse(figure, hue, mean, covariance)
        figure.update_yaxes(range=list(extent[2:]), title=columns[1])
        if equal:
            figure.update_yaxes(scaleanchor="x")
    figure.update_xaxes(range=list(extent[:2]), title=columns[0], zeroline=False)
    figure.update_yaxes(zeroline=False)
    figure.update_traces(hoverinfo="skip")
    figure.update_layout(showlegend=False, height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    return figure


def small(figure: go.Figure, height: int = 150) -> go.Figure:
    """The same picture without axes, to be one of many."""
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.update_traces(marker_size=3, selector={"mode": "markers"})
    return figure.update_layout(height=height, margin={"l": 2, "r": 2, "t": 2, "b": 2})


def _draw_points(
    figure: go.Figure, points: Array, labels: NDArray[np.int64], hues: Sequence[int], *, signed: bool
) -> None:
    for k in np.unique(labels).tolist():
        own, hue = points[labels == k], hues[k]
        sign = {"symbol": palette.GLYPHS[hue % len(palette.GLYPHS)].name, "size": 6}
        sign = sign if signed and k >= 0 else {"size": 4}
        colour = NOISE if k < 0 else palette.colour_of(hue)
        figure.add_scatter(
            x=own[:, 0], y=own[:, 1], mode="markers", marker={"color": colour, "opacity": 0.6, **sign}
        )


def _draw_ellipse(figure: go.Figure, hue: int, mean: Array, covariance: Array) -> None:
    outline = gmm_core.ellipse(mean, covariance, 2.0)
    figure.add_scatter(
        x=outline[:, 0],
        y=outline[:, 1],
        mode="lines",
        line={"color": palette.colour_of(hue), "width": 2.5},
    )


def _draw_line(
    figure: go.Figure,
    points: Array,
    weights: Array,
    means: Array,
    variances: Array,
    extent: Sequence[float],
    hues: Sequence[int],
) -> None:
    heights, edges = np.histogram(points, bins=N_BARS, density=True)
    middles, width = 0.5 * (edges[1:] + edges[:-1]), edges[1] - edges[0]
    figure.add_bar(x=middles, y=heights, width=width, marker={"color": NOISE, "opacity": 0.35})
    places = np.linspace(extent[0], extent[1], N_PLACES)
    for hue, weight, mean, variance in zip(hues, weights, means, variances, strict=True):
        density = weight * np.exp(-0.5 * (places - mean) ** 2 / variance) / np.sqrt(2 * np.pi * variance)
        figure.add_scatter(
            x=places, y=density, mode="lines", line={"color": palette.colour_of(hue), "width": 2.5}
        )
    figure.update_yaxes(title="density", rangemode="tozero")
