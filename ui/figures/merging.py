"""The entropy of a merging against its clusters."""

import plotly.graph_objects as go

from gmm_core import Merging


def entropy_figure(merging: Merging, shown: int) -> go.Figure:
    """Entropy over the number of clusters, with the one that is shown ringed."""
    ks = list(range(1, len(merging.entropies) + 1))
    figure = go.Figure()
    figure.add_scatter(x=ks, y=merging.entropies, mode="lines+markers", marker={"size": 8})
    ring = {"symbol": "circle-open", "size": 18, "line": {"width": 2.5, "color": "#888888"}}
    figure.add_scatter(x=[shown], y=[merging.entropies[shown - 1]], mode="markers", marker=ring)
    figure.update_traces(hovertemplate="%{x} clusters: %{y:.1f} nats<extra></extra>")
    figure.update_layout(
        showlegend=False,
        height=360,
        margin={"l": 60, "r": 8, "t": 8, "b": 40},
        xaxis={"title": "Clusters", "dtick": 1},
        yaxis={"title": "Entropy of the shares, nats", "rangemode": "tozero"},
    )
    return figure
