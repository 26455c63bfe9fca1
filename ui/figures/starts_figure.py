"""Where many starts of one model ended: a dot each, the best first."""

from collections.abc import Sequence

import plotly.graph_objects as go

from ui import palette

BEST, YOURS, OTHER = palette.COMPONENTS[0], palette.COMPONENTS[1], "#8a8f98"

NEAR = 0.055
"""Words closer together than this share of the height would run into one another."""


def starts_figure(
    places: Sequence[tuple[float, Sequence[int]]],
    heights: Sequence[float],
    yours: int,
    chosen: int,
    *,
    axis: str,
) -> go.Figure:
    """A dot for every run at its height (R,), in nats, one place where runs ended after the other:
    `places` are the height of each, the best first, and the indices of its runs. `yours` has a ring and a
    word, `chosen` a ring. Each dot carries its run, as a text."""
    n_runs = sum(len(runs) for _, runs in places)
    least, most = min(heights[i] for _, runs in places for i in runs), places[0][0]
    # Of less than a nat nobody need speak.
    span = max(most - least, 1.0)
    figure = go.Figure()
    at, words_at = 1, float("inf")
    for place, (height, runs) in enumerate(places):
        order = sorted(runs, key=lambda i: (i != yours, -heights[i]))
        across = list(range(at, at + len(order)))
        figure.add_scatter(
            x=across,
            y=[heights[i] for i in order],
            mode="markers",
            customdata=[str(i) for i in order],
            marker=_marker(order, yours, chosen, BEST if place == 0 else OTHER),
        )
        if yours in order:
            _call(figure, at, heights[yours])
        if words_at - height > NEAR * span:
            _say(figure, at + len(order), n_runs, height, f"{len(order)} of {n_runs}{_below(most - height)}")
            words_at = height
        at += len(order)
    figure.update_xaxes(
        title="starts, the best first",
        range=[-0.04 * n_runs, 1.02 * n_runs + 1],
        tickvals=_ticks(n_runs),
        showgrid=False,
    )
    figure.update_yaxes(
        title=axis,
        tickformat=",.1~f",
        range=[min(least, most - span) - 0.12 * span, most + 0.14 * span],
        zeroline=False,
    )
    figure.update_layout(showlegend=False, height=340, margin={"l": 8, "r": 132, "t": 8, "b": 8})
    return figure


def _marker(order: Sequence[int], yours: int, chosen: int, colour: str) -> dict[str, object]:
    rings = [YOURS if i == yours else palette.COMPONENTS[3] for i in order]
    return {
        "size": [13 if i in (yours, chosen) else 9 for i in order],
        "color": colour,
        "opacity": 1,
        "line": {"color": rings, "width": [3 if i in (yours, chosen) else 0 for i in order]},
    }


def _call(figure: go.Figure, x: float, y: float) -> None:
    """Below to the left, where no other dot is."""
    figure.add_annotation(
        x=x,
        y=y,
        text="<b>yours</b>",
        showarrow=False,
        xanchor="right",
        yanchor="top",
        xshift=-4,
        yshift=-4,
        font={"color": YOURS},
    )


def _say(figure: go.Figure, x: float, n_runs: int, y: float, text: str) -> None:
    """To the right of all dots, with a line that leads there."""
    figure.add_shape(
        type="line", x0=x, x1=1.02 * n_runs + 1, y0=y, y1=y, line={"color": OTHER, "width": 1, "dash": "dot"}
    )
    figure.add_annotation(x=1, xref="paper", xshift=4, y=y, text=text, showarrow=False, xanchor="left")


def _below(gap: float) -> str:
    return ", the best" if gap == 0 else f", {gap:,.1f} below"


def _ticks(n_runs: int) -> list[int]:
    return [1, *range(10, n_runs + 1, 10)]
