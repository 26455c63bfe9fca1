"""A chart whose marks are fits, as one message to the browser: a Plotly figure, and what each mark's small
picture needs.

static/protocol/fit-chart.js reads it: one JSON text.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.utils import PlotlyJSONEncoder

from gmm_core.points import Array
from ui import palette
from ui.stage.codec import scale_of

MOST_POINTS = 400
"""Points that a small picture can show one by one."""

MARGIN = 0.05
"""Room around the points of a small picture, as a share of their span."""

MOST_ROOM = 0.25
"""The same where ellipses reach beyond the points: all pictures of a chart have one frame, whatever fails."""

LEVEL = 2.0
"""Standard deviations at which ellipses are drawn."""


@dataclass(frozen=True, eq=False)
class SmallFit:
    """One fit, as its small picture shows it. A fit that failed has no components, and facts that say why."""

    id: str
    """What `picked` answers."""
    title: str
    facts: tuple[str, ...]
    """One to three short lines."""
    labels: NDArray[np.int64]
    """(N',): of each drawn point its place in the palette, -1 for noise."""
    colours: tuple[int, ...]
    """K places in the palette; components that are alike in two fits have the same."""
    weights: Array
    """(K,)"""
    means: Array
    """(K, d), d being 1 or 2."""
    covariances: Array
    """(K, d, d)"""
    row: str = ""
    """The series it belongs to: the arrow keys up and down go from one to the next."""


@dataclass(frozen=True, eq=False)
class FitChart:
    """A Plotly figure and the fits that its marks stand for."""

    figure: go.Figure
    """A mark's `customdata` is its fit's id, or None where there is none; of a heat map it has as many rows
    and columns as z. It is as wide as the page, and what has no colour of its own takes the page's: letters,
    grids, and the edges of marks."""
    points: Array
    """(N', d): those drawn in the small pictures."""
    fits: tuple[SmallFit, ...]
    """In the order in which the arrow keys go through them. Without any it is a chart like others."""
    name: str
    """What saved pictures are called as files, less the ending."""
    label: str
    """What it is, for those who do not see it."""


def encode_chart(chart: FitChart) -> str:
    """The message for the browser.

    Raises ValueError where a mark names no fit, or the arrays of a fit do not belong together.
    """
    _check(chart)
    extent = _extent(chart)
    figure = chart.figure.to_dict()
    # The page's theme is drawn instead.
    figure["layout"].pop("template", None)
    message = {
        "figure": figure,
        "dimensions": chart.points.shape[1],
        "points": chart.points.ravel().tolist(),
        "extent": extent,
        "equal": scale_of(extent) == "equal",
        "level": LEVEL,
        "fits": [_fit(fit) for fit in chart.fits],
        "palette": palette.COMPONENTS,
        "glyphs": [{"name": glyph.name, "rings": glyph.rings} for glyph in palette.GLYPHS],
        "glyphs_from": palette.GLYPHS_FROM,
        "name": chart.name,
        "label": chart.label,
    }
    return json.dumps(message, cls=PlotlyJSONEncoder, separators=(",", ":"))


def _fit(fit: SmallFit) -> dict[str, Any]:
    return {
        "id": fit.id,
        "row": fit.row,
        "title": fit.title,
        "facts": fit.facts,
        "labels": fit.labels.tolist(),
        "colours": fit.colours,
        "weights": fit.weights.tolist(),
        "means": fit.means.ravel().tolist(),
        "covariances": fit.covariances.ravel().tolist(),
    }


def _extent(chart: FitChart) -> tuple[float, ...]:
    """Of what the small pictures show, with a little to spare: x0, x1, and in the plane y0, y1."""
    points = chart.points
    if len(points) == 0:
        return (-1.0, 1.0) * points.shape[1]
    low, high = points.min(axis=0), points.max(axis=0)
    spans = np.where(high > low, high - low, 1.0)
    ends = low - MARGIN * spans, high + MARGIN * spans
    for fit in chart.fits:
        if len(fit.weights):
            reach = LEVEL * np.sqrt(np.diagonal(fit.covariances, axis1=1, axis2=2))
            ends = (
                np.minimum(ends[0], (fit.means - reach).min(axis=0)),
                np.maximum(ends[1], (fit.means + reach).max(axis=0)),
            )
    first, last = np.maximum(ends[0], low - MOST_ROOM * spans), np.minimum(ends[1], high + MOST_ROOM * spans)
    return tuple(np.column_stack([first, last]).ravel().tolist())


def _check(chart: FitChart) -> None:
    n_points, d = chart.points.shape
    if d not in (1, 2) or n_points > MOST_POINTS:
        raise ValueError(
            f"Small pictures show at most {MOST_POINTS} points in one or two columns, not {n_points} in {d}: "
            "take a pair of columns, and every so many-th point."
        )
    ids = [fit.id for fit in chart.fits]
    if len(set(ids)) < len(ids):
        raise ValueError("Two fits have the same id; a mark could not say which it is.")
    for fit in chart.fits:
        k = len(fit.colours)
        found = fit.labels.shape, fit.weights.shape, fit.means.shape, fit.covariances.shape
        if found != ((n_points,), (k,), (k, d), (k, d, d)):
            raise ValueError(
                f"The fit {fit.id!r} has arrays of the shapes {found}, which are not those of {n_points} "
                f"points and {k} components in {d} columns."
            )
    # A chart without fits may keep there whatever its own hover texts need.
    unknown = set(_marked(chart.figure)) - set(ids) if ids else set()
    if unknown:
        raise ValueError(f"Marks name fits that are not there: {sorted(map(str, unknown))}.")


def _marked(figure: go.Figure) -> Iterator[Any]:
    """What the marks of a figure carry, where it is something."""
    for trace in figure.data:
        carried = getattr(trace, "customdata", None)
        if carried is not None:
            yield from (mark for mark in np.asarray(carried, dtype=object).ravel() if mark is not None)
