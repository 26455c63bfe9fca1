"""Every pair of a few columns, to find the one worth fitting."""

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from ui import palette
from ui.figures.literal import literal

MOST_DRAWN = 2000
"""Rows; of more, as many are drawn at even distances in their order."""

MOST_LETTERS = 24
"""Of a column's name."""


def scatter_matrix_figure(columns: Mapping[str, np.ndarray]) -> go.Figure:
    """A small picture for every pair of D columns (n_rows,); rows with a gap are left out of their pictures.

    Names are shown letter by letter.
    """
    n_rows = len(next(iter(columns.values())))
    shown = np.linspace(0, n_rows - 1, min(MOST_DRAWN, n_rows)).astype(np.intp)
    dimensions = [
        {"label": literal(name, MOST_LETTERS), "values": values[shown]} for name, values in columns.items()
    ]
    figure = go.Figure(
        go.Splom(
            dimensions=dimensions,
            diagonal_visible=False,
            showupperhalf=False,
            marker={"color": palette.COMPONENTS[0], "size": 3, "opacity": 0.5},
            hoverinfo="skip",
        )
    )
    figure.update_layout(height=120 + 130 * len(columns), margin={"l": 60, "r": 10, "t": 10, "b": 60})
    return figure
