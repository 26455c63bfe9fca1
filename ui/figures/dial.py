"""What the limit dial does: how soft the shares are, and how many points end apart from K-Means."""

import numpy as np
import plotly.graph_objects as go

from gmm_core.points import Array


def dial_figure(ratios: Array, softness: Array, disagreements: Array) -> go.Figure:
    """Softness (P,), from 0 to 1, and disagreements (P,), in points, where the deviation is `ratios` (P,) of
    that of all points; from generous on the left to almost zero on the right."""
    across = -np.log10(ratios)
    figure = go.Figure()
    line = {"mode": "lines", "hoverinfo": "skip"}
    figure.add_scatter(x=across, y=softness, name="softness of the shares", **line)
    figure.add_scatter(
        x=across,
        y=disagreements,
        name="points elsewhere than with K-Means",
        yaxis="y2",
        line={"dash": "dash"},
        **line,
    )
    most = max(disagreements.max(), 1)
    margin = 0.02 * (across.max() - across.min())
    powers = np.arange(np.ceil(across.min()), np.floor(across.max()) + 1)
    figure.update_xaxes(
        title="σ, as a share of the standard deviation of all points",
        range=[across.min() - margin, across.max() + margin],
        tickvals=powers,
        ticktext=[f"{10.0**-power:g}" for power in powers],
    )
    figure.update_layout(
        yaxis={"range": [-0.04, 1.1], "tickvals": [0, 0.5, 1], "tickformat": ".0%"},
        yaxis2={
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
            "range": [-0.04 * most, 1.1 * most],
            "tickvals": [0, int(most)],
            "tickformat": ",",
        },
        showlegend=True,
        legend={"orientation": "h", "x": 1, "xanchor": "right", "y": 1, "yanchor": "top"},
        template=None,
    )
    return figure
