"""How sure a model is: where its means might as well be, how often each K wins, and a test of one more."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

import gmm_core
from gmm_core import GeometryError
from gmm_core.points import Array
from ui import palette

PLAIN, MARKED = "#8a8f98", palette.COMPONENTS[0]
SEEN = palette.COMPONENTS[1]


def add_mean_regions(
    figure: go.Figure, means: Array, spreads: Array, colours: Sequence[int], radius: float
) -> go.Figure:
    """The picture of a fit with a region of `radius` standard errors about each of its means (K, d), whose
    covariances are `spreads` (K, d, d): filled ellipses, on a line bars along the axis; each with its number,
    from 1."""
    for number, (hue, mean, spread) in enumerate(zip(colours, means, spreads, strict=True), 1):
        colour = palette.colour_of(hue)
        if len(mean) == 1:
            half = radius * float(np.sqrt(spread[0, 0]))
            x, y = [mean[0] - half, mean[0] + half], [0.0, 0.0]
            figure.add_scatter(x=x, y=y, mode="lines", line={"color": colour, "width": 9})
        else:
            outline = _outline(mean, spread, radius)
            figure.add_scatter(
                x=outline[:, 0],
                y=outline[:, 1],
                mode="lines",
                fill="toself",
                fillcolor=colour,
                opacity=0.75,
                line={"color": "#ffffff", "width": 1.5},
            )
        figure.add_annotation(
            x=mean[0],
            y=mean[1] if len(mean) == 2 else 0.0,
            text=f"<b>{number}</b>",
            showarrow=False,
            xshift=14,
            yshift=14,
            font={"color": "#0d141c", "size": 13},
            bgcolor="rgba(255, 255, 255, 0.85)",
        )
    return figure.update_traces(hoverinfo="skip")


def _outline(mean: Array, spread: Array, radius: float) -> Array:
    """(V, 2): an ellipse, or a line where the means do not vary in every direction."""
    try:
        return gmm_core.ellipse(mean, spread, radius)
    except GeometryError:
        variances, axes = np.linalg.eigh(spread)
        reach = radius * np.sqrt(max(float(variances[-1]), 0.0)) * axes[:, -1]
        return np.array([mean - reach, mean + reach])


def wins_figure(ks: Sequence[int], wins: Sequence[int], n_drawn: int) -> go.Figure:
    """A bar for how often each K won, the most frequent in colour."""
    most = max(wins, default=0)
    figure = go.Figure(
        go.Bar(
            x=list(ks),
            y=list(wins),
            text=[f"{won}" if won else "" for won in wins],
            textposition="outside",
            cliponaxis=False,
            marker={"color": [MARKED if won == most and won else PLAIN for won in wins]},
            hoverinfo="skip",
        )
    )
    figure.update_xaxes(title="components K", dtick=1)
    figure.update_yaxes(title=f"wins, of {n_drawn} resamples", range=[0, 1.15 * max(most, 1)])
    return _laid_out(figure)


def ratio_figure(resampled: Array, statistic: float) -> go.Figure:
    """A histogram of the statistic in data sets with no component more (B,), and the observed one marked."""
    figure = go.Figure()
    if len(resampled):
        end = float(resampled.max())
        size = max(end, 1e-9) / 24
        figure.add_histogram(
            x=resampled,
            xbins={"start": 0.0, "end": end + size, "size": size},
            marker={"color": PLAIN},
            hovertemplate="%{x}: %{y}<extra></extra>",
        )
    figure.add_vline(x=statistic, line={"color": SEEN, "width": 3})
    most = max([statistic, *resampled.tolist()])
    is_right = statistic > 0.6 * most
    figure.add_annotation(
        x=statistic,
        y=1,
        yref="paper",
        text=f"<b>observed {statistic:,.1f}</b>",
        showarrow=False,
        xanchor="right" if is_right else "left",
        xshift=-6 if is_right else 6,
        font={"color": SEEN},
    )
    figure.update_xaxes(title="gain in 2 log L of one component more", range=[0, 1.06 * max(most, 1e-9)])
    figure.update_yaxes(title="simulated data sets")
    return _laid_out(figure)


def _laid_out(figure: go.Figure) -> go.Figure:
    return figure.update_layout(
        showlegend=False, height=300, bargap=0.15, margin={"l": 8, "r": 8, "t": 8, "b": 8}
    )
