"""Points that people put in and took out."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gmm_core.datasets import BACKGROUND
from ui.data.data import Data, Source
from ui.data.yes_no import YesNo


def changed_by_hand(data: Data, added: Sequence[Sequence[float]], removed: Sequence[int]) -> Data:
    """The data with M more points at the end, of D numbers each, and then without those of some indices.

    What is no D numbers, as an address may have it, is no point of these. Indices count the points of the
    data and those added; one that there is no point for takes out nothing.
    """
    n_dimensions = data.points.shape[1]
    places = [place for place in added if len(place) == n_dimensions]
    if not places and not removed:
        return data
    more = np.array(places, dtype=float).reshape(-1, n_dimensions)
    points = np.vstack([data.points, more])
    kept = np.ones(len(points), dtype=bool)
    kept[[index for index in removed if index < len(points)]] = False
    labels, weights, yes_no = data.labels, data.weights, data.yes_no
    if labels is not None:
        labels = np.concatenate([labels, np.full(len(more), BACKGROUND)])
    if weights is not None:
        weights = np.concatenate([weights, np.ones(len(more))])
    if yes_no is not None:
        # A click says where a point lies; its answer is the one that is met most often.
        values = np.concatenate([yes_no.values, np.full(len(more), yes_no.commoner)])
        yes_no = replace(yes_no, values=values)
    together = replace(
        data,
        points=points,
        labels=labels,
        weights=weights,
        yes_no=yes_no,
        notice="" if len(points) else data.notice,
        source=data.source and _with_rows(data.source, more, data.yes_no),
    )
    return together.at(np.flatnonzero(kept))


def _with_rows(source: Source, added: np.ndarray, yes_no: YesNo | None) -> Source:
    """With a row for every point put in by hand, whose numbers are known where the picture shows them."""
    known: dict[str, Any] = {}
    if source.as_seen:
        known = dict(zip(source.used_columns, added.T, strict=True))
    if yes_no is not None:
        # A cell that says so, as the column itself does.
        first = source.rows[(yes_no.values == yes_no.commoner).argmax()]
        known[yes_no.name] = [np.asarray(source.columns[yes_no.name], dtype=object)[first]] * len(added)
    columns: dict[str, Any] = {}
    for name, values in source.columns.items():
        more = known.get(name, [None] * len(added))
        columns[name] = np.concatenate([np.asarray(values, dtype=object), np.asarray(more, dtype=object)])
    rows = np.concatenate([source.rows, source.n_rows + np.arange(len(added))])
    return replace(source, columns=columns, n_rows=source.n_rows + len(added), rows=rows)
