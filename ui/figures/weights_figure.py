"""Weights that fall to zero as a variational mixture runs, and how many stay by the concentration."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from gmm_core.points import Array
from ui import palette

OFF = "#8a8f98"
"""Of components that are switched off in the end."""

NEAR = 0.08
"""Names closer together than this share of the height would run into one another."""


def weights_figure(weights: Array, active: Sequence[int]) -> go.Figure:
    """A line for the weight of every component over the iterations (T, K); those `active` in the end, the
    heaviest first, in colours and with their last value, the others grey."""
    n_steps = len(weights)
    figure = go.Figure()
    for k in [k for k in range(weights.shape[1]) if k not in active]:
        figure.add_scatter(
            y=weights[:, k],
            mode="lines",
            line={"color": OFF, "width": 1.5},
            hovertemplate="switched off, iteration %{x}: %{y:.1%}<extra></extra>",
        )
    top = max(float(weights.max()), 0.05)
    free = np.inf
    for place, k in enumerate(active):
        figure.add_scatter(
            y=weights[:, k],
            mode="lines",
            line={"color": palette.colour_of(place), "width": 2.5},
            hovertemplate="iteration %{x}: %{y:.1%}<extra></extra>",
        )
        last = float(weights[-1, k])
        # One below the other, as far as there is room.
        at = min(last, free - NEAR * top)
        if at >= -0.02 * top:
            figure.add_annotation(
                x=1, xref="paper", xshift=4, xanchor="left", y=at, text=f"{last:.1%}", showarrow=False
            )
            free = at
    figure.update_xaxes(title="iteration", range=[0, max(n_steps - 1, 1)], showgrid=False)
    figure.update_yaxes(title="weight", tickformat=".0%", range=[-0.03 * top, 1.08 * top], zeroline=False)
    figure.update_layout(showlegend=False, height=300, margin={"l": 8, "r": 56, "t": 8, "b": 8})
    return figure


def concentration_figure(effect: Sequence[tuple[float, int]], current: float, most: int) -> go.Figure:
    """A bar for how many components are left at every concentration, the current one in colour."""
    figure = go.Figure()
    figure.add_bar(
        x=[f"{value:g}" for value, _ in effect],
        y=[count for _, count in effect],
        text=[str(count) for _, count in effect],
        textposition="outside",
        cliponaxis=False,
        marker={"color": [palette.COMPONENTS[0] if value == current else OFF for value, _ in effect]},
        hoverinfo="skip",
    )
    figure.update_xaxes(title="concentration", type="category")
    figure.update_yaxes(title="components left", range=[0, 1.12 * most], dtick=max(1, most // 4))
    figure.update_layout(showlegend=False, height=300, margin={"l": 8, "r": 8, "t": 8, "b": 8})
    return figure
