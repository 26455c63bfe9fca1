"""K-Means' inertia as a staircase: both half-steps lower it."""

import numpy as np
import plotly.graph_objects as go

from gmm_core.points import Array


def inertia_figure(inertias: Array) -> go.Figure:
    """The inertia (P,) of every picture, in squared units of the points; colours are left to the page.

    Across, centres move at an iteration and points are assigned half a step later.
    """
    halves = np.arange(len(inertias)) / 2
    figure = go.Figure()
    figure.add_scatter(
        x=halves, y=inertias, name="inertia", mode="lines", line={"shape": "hv"}, hoverinfo="skip"
    )
    low, high = inertias.min(), inertias.max()
    margin = 0.08 * (high - low) or max(1e-12, 0.01 * high)
    figure.update_xaxes(title="iteration", range=[-0.2, max(1.0, halves[-1] + 0.3)])
    figure.update_yaxes(range=[low - margin, high + margin], nticks=4)
    figure.update_layout(showlegend=False, template=None)
    return figure
