"""New points among those that a model was fitted to: in its components' colours, outliers ringed."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from gmm_core import Mixture, ellipse, log_density
from gmm_core.points import Array
from ui import palette
from ui.figures.fit import MOST_DRAWN, N_PLACES, NOISE, Fitted

MOST_NEW = 3_000
"""New points that are drawn: outliers first, the others at even distances in their order."""

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

    def at(self, kept: np.ndarray) -> "NewPoints":
        """These points alone."""
        return NewPoints(
            self.points[kept],
            self.groups[kept],
            self.outliers[kept],
            self.hollow[kept],
            self.texts[kept],
        )


def drawn_places(outliers: np.ndarray) -> np.ndarray:
    """Which (at most MOST_NEW) of M points are drawn, by their outliers (M,): these, and then the others."""
    rare, usual = np.flatnonzero(outliers), np.flatnonzero(~outliers)
    rare = _few(rare, MOST_NEW // 2 if len(usual) > MOST_NEW // 2 else MOST_NEW - len(usual))
    return np.sort(np.concatenate([rare, _few(usual, MOST_NEW - len(rare))]))


def _few(places: np.ndarray, most: int) -> np.ndarray:
    kept = np.linspace(0, len(places) - 1, min(most, len(places))).astype(np.intp)
    return places[kept]


def new_rows_figure(fitted: Fitted, new: NewPoints, *, equal: bool, glyphs: str = "auto") -> go.Figure:
    """The points that were fitted in faint grey, the components' ellipses of two standard deviations, and the
    new points; on a line the density, on which the new points stand. `equal` scale on both axes."""
    figure = go.Figure()
    if fitted.points.shape[1] == 1:
        heights = _add_line(figure, fitted, new)
        titles = (fitted.columns[0], "density")
    else:
        heights = _add_plane(figure, fitted, new)
        titles = fitted.columns
        if equal:
            figure.update_yaxes(scaleanchor="x")
    figure.update_traces(hoverinfo="skip")
    _add_new(figure, fitted.colours, new, heights, glyphs)
    figure.update_layout(
        showlegend=False, height=460, margin={"l": 48, "r": 8, "t": 8, "b": 40}, hovermode="closest"
    )
    figure.update_xaxes(title=titles[0], zeroline=False)
    figure.update_yaxes(title=titles[1], zeroline=False)
    return figure


def _add_plane(figure: go.Figure, fitted: Fitted, new: NewPoints) -> Array:
    """Draws what was fitted; returns where the new points stand upwards."""
    old = fitted.points[_few(np.arange(len(fitted.points)), MOST_DRAWN)]
    marker = {"color": OLD, "size": 4, "opacity": 0.35}
    figure.add_scatter(x=old[:, 0], y=old[:, 1], mode="markers", marker=marker, name="fitted")
    for k, colour in enumerate(fitted.colours):
        outline = ellipse(fitted.mixture.means[k], fitted.mixture.covariances[k], 2.0)
        line = {"color": palette.colour_of(colour), "width": 2}
        figure.add_scatter(x=outline[:, 0], y=outline[:, 1], mode="lines", line=line, name=f"{k + 1}")
    return new.points[:, 1]


def _add_line(figure: go.Figure, fitted: Fitted, new: NewPoints) -> Array:
    values, mixture = fitted.points[:, 0], fitted.mixture
    marker = {"color": OLD, "opacity": 0.35}
    figure.add_histogram(x=values, nbinsx=40, histnorm="probability density", marker=marker, name="fitted")
    low, high = float(values.min()), float(values.max())
    room = 0.08 * (high - low or 1.0)
    places = np.linspace(low - room, high + room, N_PLACES)[:, None]
    for k, colour in enumerate(fitted.colours):
        alone = Mixture(np.ones(1), mixture.means[[k]], mixture.covariances[[k]])
        heights = mixture.weights[k] * np.exp(log_density(places, alone))
        line = {"color": palette.colour_of(colour), "width": 2}
        figure.add_scatter(x=places[:, 0], y=heights, mode="lines", line=line, name=f"{k + 1}")
    # Without a yes/no column, whose answer does not change how the numbers lie.
    plain = Mixture(mixture.weights, mixture.means, mixture.covariances, mixture.noise)
    return np.exp(log_density(new.points, plain)) if len(new.points) else np.empty(0)


def _add_new(
    figure: go.Figure, colours: tuple[int, ...], new: NewPoints, heights: Array, glyphs: str
) -> None:
    signed = palette.glyphs_wanted(glyphs, len(colours))
    for group in np.unique(new.groups).tolist():
        own = new.groups == group
        colour, symbol = (NOISE, "x") if group < 0 else _look(colours[group], signed=signed)
        marker = {
            "color": colour,
            "size": 8,
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
        )
    rare = new.outliers
    ring = {"symbol": "circle-open", "size": 15, "color": RING, "line": {"width": 2, "color": RING}}
    figure.add_scatter(
        x=new.points[rare, 0], y=heights[rare], mode="markers", marker=ring, name="outliers", hoverinfo="skip"
    )


def _look(colour: int, *, signed: bool) -> tuple[str, str]:
    symbol = palette.GLYPHS[colour % len(palette.GLYPHS)].name if signed else "circle"
    return palette.colour_of(colour), symbol
