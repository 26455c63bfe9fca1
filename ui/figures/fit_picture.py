"""One fit as a picture: points in their components' colours and its ellipses, or on a line its curves."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from gmm_core import Mixture, ellipse, log_density
from gmm_core.points import Array
from ui import palette
from ui.figures.literal import literal

NOISE = "#8a8f98"
"""Of points that belong to no component."""

MOST_LETTERS = 60
"""Of a column's name beside its axis."""

N_BARS, N_PLACES = 40, 300
"""On a line: bars of the histogram, and places at which a curve is drawn."""


@dataclass(frozen=True, eq=False)
class Pictured:
    """What is drawn of a fit."""

    points: Array
    """(N, d), d being 1 or 2."""
    labels: NDArray[np.int64]
    """(N,): the likeliest component of each, -1 where noise is likelier."""
    mixture: Mixture
    """In the d columns, without a yes/no column: whose answer does not change how the numbers lie."""
    columns: tuple[str, ...]
    """d texts."""
    extent: tuple[float, ...]
    """x0, x1, and in the plane y0, y1."""
    colours: tuple[int, ...]
    """K places in the palette."""
    equal: bool
    """Whether both axes have one scale."""


def fit_picture(shown: Pictured, *, height: int = 300, glyphs: str = "auto") -> go.Figure:
    """Points in the colours of their components, under the choice `glyphs` with their signs, and ellipses of
    two standard deviations; on a line weight times density, above a histogram."""
    figure = go.Figure()
    if shown.points.shape[1] == 1:
        add_histogram(figure, shown.points[:, 0], NOISE)
        add_curves(figure, shown)
    else:
        _add_points(figure, shown, glyphs)
        add_ellipses(figure, shown)
    figure.update_traces(hoverinfo="skip")
    figure.update_layout(height=height, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    return set_axes(figure, shown)


def small(figure: go.Figure, height: int = 150) -> go.Figure:
    """The same picture without axes, to be one of many."""
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.update_traces(marker_size=3, selector={"mode": "markers"})
    return figure.update_layout(height=height, margin={"l": 2, "r": 2, "t": 2, "b": 2})


def set_axes(figure: go.Figure, shown: Pictured) -> go.Figure:
    """Gives the figure the axes of the columns, whose names are shown letter by letter."""
    names = [literal(name, MOST_LETTERS) for name in shown.columns]
    figure.update_layout(showlegend=False)
    figure.update_xaxes(range=list(shown.extent[:2]), title=names[0], zeroline=False)
    figure.update_yaxes(zeroline=False)
    if len(names) == 1:
        return figure.update_yaxes(title="density", rangemode="tozero")
    figure.update_yaxes(range=list(shown.extent[2:]), title=names[1])
    return figure.update_yaxes(scaleanchor="x") if shown.equal else figure


def add_ellipses(figure: go.Figure, shown: Pictured) -> None:
    """Draws the components' ellipses of two standard deviations."""
    for k, hue in enumerate(shown.colours):
        outline = ellipse(shown.mixture.means[k], shown.mixture.covariances[k], 2.0)
        line = {"color": palette.colour_of(hue), "width": 2.5}
        figure.add_scatter(x=outline[:, 0], y=outline[:, 1], mode="lines", line=line, name=f"{k + 1}")


def add_histogram(figure: go.Figure, values: Array, colour: str) -> None:
    """Draws the density of values (N,) as bars."""
    heights, edges = np.histogram(values, bins=N_BARS, density=True)
    middles, width = 0.5 * (edges[1:] + edges[:-1]), edges[1] - edges[0]
    bars = {"color": colour, "opacity": 0.35}
    figure.add_bar(x=middles, y=heights, width=width, marker=bars, name="fitted")


def add_curves(figure: go.Figure, shown: Pictured) -> None:
    """Draws each component's weight times its density over a line."""
    places, mixture = np.linspace(shown.extent[0], shown.extent[1], N_PLACES), shown.mixture
    for k, hue in enumerate(shown.colours):
        alone = Mixture(np.ones(1), mixture.means[[k]], mixture.covariances[[k]])
        heights = mixture.weights[k] * np.exp(log_density(places[:, None], alone))
        line = {"color": palette.colour_of(hue), "width": 2.5}
        figure.add_scatter(x=places, y=heights, mode="lines", line=line, name=f"{k + 1}")


def _add_points(figure: go.Figure, shown: Pictured, glyphs: str) -> None:
    signed = palette.glyphs_wanted(glyphs, len(set(shown.colours)))
    # Several components may have one colour, of the cluster that they make.
    hues = np.array([*shown.colours, -1])[shown.labels]
    for hue in np.unique(hues).tolist():
        own = shown.points[hues == hue]
        sign = {"symbol": palette.GLYPHS[hue % len(palette.GLYPHS)].name, "size": 6}
        sign = sign if signed and hue >= 0 else {"size": 4}
        colour = NOISE if hue < 0 else palette.colour_of(hue)
        marker = {"color": colour, "opacity": 0.6, **sign}
        figure.add_scatter(x=own[:, 0], y=own[:, 1], mode="markers", marker=marker)
