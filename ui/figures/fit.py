"""One fit, to stand beside others of the same points: in the plane, or on a line."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from gmm_core import Mixture, ellipse, log_density
from gmm_core.points import Array
from ui import palette

MOST_DRAWN = 1000
"""Points that a picture shows, at even distances in their order."""

NOISE = "#999999"

N_PLACES = 301
"""Places at which a density on a line is drawn."""

N_BINS = 40


@dataclass(frozen=True, eq=False)
class Fitted:
    """What is drawn of a fit."""

    points: Array
    """(N, 1 or 2)."""
    groups: np.ndarray
    """(N,): the colour of each point, -1 for noise."""
    mixture: Mixture
    """In the columns of the points."""
    colours: tuple[int, ...]
    """(K,): of the components."""
    columns: tuple[str, ...]
    """What the axes are called."""


def fit_figure(fitted: Fitted, *, equal: bool, glyphs: str = "auto") -> go.Figure:
    """Points in their groups' colours, under the choice `glyphs` with their signs, and the components'
    ellipses of two standard deviations; on a line a histogram under the components' densities and their sum.
    `equal` scale on both axes."""
    figure = go.Figure()
    if fitted.points.shape[1] == 1:
        _add_line(figure, fitted)
    else:
        _add_plane(figure, fitted, glyphs=glyphs)
        if equal:
            figure.update_yaxes(scaleanchor="x")
    figure.update_traces(hoverinfo="skip")
    figure.update_layout(showlegend=False, height=360, margin={"l": 48, "r": 8, "t": 8, "b": 40})
    titles = [*fitted.columns, "density"]
    figure.update_xaxes(title=titles[0])
    figure.update_yaxes(title=titles[1])
    return figure


def _add_plane(figure: go.Figure, fitted: Fitted, *, glyphs: str) -> None:
    n_points = len(fitted.points)
    kept = np.linspace(0, n_points - 1, min(MOST_DRAWN, n_points)).astype(np.intp)
    points, groups = fitted.points[kept], fitted.groups[kept]
    signed = palette.glyphs_wanted(glyphs, len(set(fitted.colours)))
    for group in np.unique(groups).tolist():
        own = points[groups == group]
        figure.add_scatter(x=own[:, 0], y=own[:, 1], mode="markers", marker=_marker(group, signed=signed))
    for k, colour in enumerate(fitted.colours):
        outline = ellipse(fitted.mixture.means[k], fitted.mixture.covariances[k], 2.0)
        line = {"color": palette.colour_of(colour), "width": 2.5}
        figure.add_scatter(x=outline[:, 0], y=outline[:, 1], mode="lines", line=line)


def _add_line(figure: go.Figure, fitted: Fitted) -> None:
    values, mixture = fitted.points[:, 0], fitted.mixture
    figure.add_histogram(x=values, nbinsx=N_BINS, histnorm="probability density", marker={"color": "#bbbbbb"})
    low, high = float(values.min()), float(values.max())
    room = 0.08 * (high - low or 1.0)
    places = np.linspace(low - room, high + room, N_PLACES)
    for k, colour in enumerate(fitted.colours):
        alone = Mixture([1.0], mixture.means[[k]], mixture.covariances[[k]])
        heights = mixture.weights[k] * np.exp(log_density(places[:, None], alone))
        line = {"color": palette.colour_of(colour), "width": 2}
        figure.add_scatter(x=places, y=heights, mode="lines", line=line)
    heights = np.exp(log_density(places[:, None], _plain(mixture)))
    figure.add_scatter(x=places, y=heights, mode="lines", line={"color": "#777777", "width": 2.5})


def _plain(mixture: Mixture) -> Mixture:
    """Without a yes/no column, whose answer does not change how the numbers lie."""
    return Mixture(mixture.weights, mixture.means, mixture.covariances, mixture.noise)


def _marker(group: int, *, signed: bool) -> dict[str, object]:
    if group < 0:
        return {"color": NOISE, "symbol": "x-thin", "size": 5, "line": {"color": NOISE, "width": 1}}
    number = group % len(palette.GLYPHS)
    sign = {"symbol": palette.GLYPHS[number].name, "size": 6} if signed else {"size": 5}
    return {"color": palette.colour_of(group), "opacity": 0.7, **sign}
