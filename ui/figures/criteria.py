"""A criterion of many fits: as a line over K for every family, or as a map of K and family."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from ui import palette

CELL_HEIGHT = 34
"""Pixels of a row of the map."""


@dataclass(frozen=True, eq=False)
class Scores:
    """What a figure of a criterion shows."""

    axis: str
    """Which criterion, and which way is better."""
    ks: Sequence[int]
    families: Sequence[str]
    """In the order in which they are drawn."""
    values: Mapping[tuple[str, int], float]
    """By family and K."""
    spreads: Mapping[tuple[str, int], float]
    """Half the height of a bar about a value."""
    best: tuple[str, int] | None
    picked: tuple[str, int] | None
    """That stands beside the best."""
    failed: Mapping[tuple[str, int], str]
    """Why there is no value."""
    best_by: str = ""
    """Behind “best”, where another criterion chose it."""
    larger_is_better: bool = False


def mark_of(cell: tuple[str, int]) -> str:
    """What a mark of a fit carries."""
    return f"{cell[0]} {cell[1]}"


def lines_figure(scores: Scores) -> go.Figure:
    """A line for every family, named at its end, the best of all and the picked one ringed."""
    figure = go.Figure()
    for number, family in enumerate(scores.families):
        ks = [k for k in scores.ks if (family, k) in scores.values]
        values = [scores.values[family, k] for k in ks]
        spreads = [scores.spreads.get((family, k), 0.0) for k in ks]
        figure.add_scatter(
            x=ks,
            y=values,
            error_y={"array": spreads, "visible": any(spreads), "thickness": 1, "width": 3},
            mode="lines+markers",
            name=family,
            line={"color": palette.colour_of(number), "width": 2},
            marker={"size": 7, "symbol": palette.GLYPHS[number % len(palette.GLYPHS)].name},
            customdata=[None if _is_beyond(scores, (family, k)) else mark_of((family, k)) for k in ks],
            hoverinfo="none",
        )
    _add_beyond(figure, scores)
    for cell, size, name in ((scores.best, 17, "best"), (scores.picked, 17, "picked")):
        if cell is not None and cell in scores.values:
            dash = {"width": 2.5 if name == "best" else 1.5, "color": "#888888"}
            figure.add_scatter(
                x=[cell[1]],
                y=[scores.values[cell]],
                mode="markers",
                name=name,
                marker={"symbol": "circle-open", "size": size, "line": dash, "color": "#888888"},
                hoverinfo="skip",
            )
    figure.update_layout(
        showlegend=False,
        height=390,
        margin={"l": 70, "r": 110, "t": 16, "b": 48},
        xaxis={"title": "Components K", "dtick": 1, "range": [min(scores.ks) - 0.4, max(scores.ks) + 0.4]},
        yaxis={"title": scores.axis, "range": _range_of(scores)},
        annotations=[*_names(scores), *_said(scores)],
    )
    return figure


def _range_of(scores: Scores) -> list[float] | None:
    """So that what matters, near the best, is not flattened by one bad fit."""
    values = np.array(sorted(scores.values.values(), reverse=scores.larger_is_better))
    if len(values) < 2:
        return None
    best, worst, median = values[0], values[-1], values[len(values) // 2]
    # Of the worst no more than thrice the way from the best to the middle is seen.
    limit = best + 3.0 * (median - best) if median != best else worst
    end = min(limit, worst) if not scores.larger_is_better else max(limit, worst)
    # Below the best there is room for its name.
    room = 0.14 * (end - best)
    return sorted([float(best - room), float(end + 0.3 * room)])


def _is_beyond(scores: Scores, cell: tuple[str, int]) -> bool:
    """Whether its value is so much worse than the others that it lies outside of what is seen."""
    ends = _range_of(scores)
    return ends is not None and not ends[0] <= scores.values[cell] <= ends[1]


def _add_beyond(figure: go.Figure, scores: Scores) -> None:
    """Marks at the edge for what lies beyond it, so that they can be looked at as well."""
    ends = _range_of(scores)
    cells = [cell for cell in scores.values if _is_beyond(scores, cell)]
    if ends is None or not cells:
        return
    edge = ends[0] if scores.larger_is_better else ends[1]
    colours = [palette.colour_of(list(scores.families).index(family)) for family, _ in cells]
    # Side by side, where several families lie beyond at one K.
    shifts = [0.12 * sum(k == other for _, other in cells[:i]) for i, (_, k) in enumerate(cells)]
    symbol = "triangle-down" if scores.larger_is_better else "triangle-up"
    figure.add_scatter(
        x=[k + shift for (_, k), shift in zip(cells, shifts, strict=True)],
        y=[edge] * len(cells),
        mode="markers",
        name="beyond",
        marker={"symbol": symbol, "size": 9, "color": colours},
        customdata=[mark_of(cell) for cell in cells],
        cliponaxis=False,
        hoverinfo="none",
    )


def _names(scores: Scores) -> list[dict[str, object]]:
    """Every family's name at the end of its line, those that would overlap moved apart."""
    ends = [
        (scores.values[family, k], k, number, family)
        for number, family in enumerate(scores.families)
        if (k := max((k for k in scores.ks if (family, k) in scores.values), default=None)) is not None
    ]
    low, high = _range_of(scores) or (0.0, 1.0)
    step = (high - low) * 15 / 326
    placed: list[dict[str, object]] = []
    at = -np.inf
    for value, k, number, family in sorted(ends):
        at = max(min(max(value, low), high), at + step)
        placed.append(
            {
                "x": k,
                "y": at,
                "text": family,
                "showarrow": False,
                "xanchor": "left",
                "xshift": 10,
                "font": {"color": palette.colour_of(number), "size": 13},
            }
        )
    return placed


def _said(scores: Scores) -> list[dict[str, object]]:
    if scores.best is None or scores.best not in scores.values:
        return []
    family, k = scores.best
    up = 26 if scores.larger_is_better else -26
    return [
        {
            "x": k,
            "y": scores.values[scores.best],
            "text": f"best{scores.best_by}: {family}, {k}",
            "showarrow": False,
            "yshift": up,
            "font": {"size": 13},
        }
    ]


def map_figure(scores: Scores) -> go.Figure:
    """A row for every family and a column for every K, the better the darker; cells without a fit are empty,
    with a dash."""
    families = list(scores.families)
    table = np.array([[scores.values.get((family, k), np.nan) for k in scores.ks] for family in families])
    there = scores.values.keys() | scores.failed.keys()
    marks = [
        [mark_of((family, k)) if (family, k) in there else None for k in scores.ks] for family in families
    ]
    figure = go.Figure()
    low, high = _range_of(scores) or (None, None)
    figure.add_heatmap(
        x=list(scores.ks),
        y=families,
        z=table,
        zmin=low,
        zmax=high,
        customdata=marks,
        hoverinfo="none",
        colorscale="Viridis" if scores.larger_is_better else "Viridis_r",
        reversescale=True,
        xgap=2,
        ygap=2,
        colorbar={"title": {"text": scores.axis, "side": "right"}, "thickness": 12},
    )
    notes: list[dict[str, object]] = [
        {"x": k, "y": family, "text": "–", "showarrow": False}
        for family, k in scores.failed
        if family in families and k in scores.ks
    ]
    if scores.best is not None and scores.best in scores.values:
        family, k = scores.best
        notes.append({"x": k, "y": family, "text": "★", "showarrow": False, "font": {"color": "white"}})
    figure.update_layout(
        height=110 + CELL_HEIGHT * len(families),
        margin={"l": 80, "r": 16, "t": 16, "b": 48},
        xaxis={"title": "Components K", "dtick": 1},
        yaxis={"autorange": "reversed"},
        annotations=notes,
    )
    return figure
