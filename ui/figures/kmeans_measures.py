"""The measures by which K-Means is given its K: one small chart each."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ui import palette


def measure_figure(
    ks: Sequence[int], values: Sequence[float], axis: str, chosen: int | None, spreads: Sequence[float] = ()
) -> go.Figure:
    """`values` over `ks` with the chosen K ringed; `axis` says what they are and which way is better."""
    figure = go.Figure()
    figure.add_scatter(
        x=list(ks),
        y=list(values),
        error_y={"array": list(spreads), "visible": bool(len(spreads)), "thickness": 1, "width": 3},
        mode="lines+markers",
        line={"color": palette.colour_of(0), "width": 2},
        hovertemplate="K = %{x}: %{y:.4g}<extra></extra>",
    )
    if chosen is not None and chosen in ks:
        ring = {"symbol": "circle-open", "size": 17, "line": {"width": 2.5, "color": "#888888"}}
        at = [list(values)[list(ks).index(chosen)]]
        figure.add_scatter(x=[chosen], y=at, mode="markers", marker=ring, hoverinfo="skip")
    figure.update_layout(
        showlegend=False,
        height=260,
        margin={"l": 60, "r": 8, "t": 8, "b": 40},
        xaxis={"title": "Clusters K", "dtick": 1},
        yaxis={"title": axis},
    )
    return figure
