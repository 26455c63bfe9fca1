"""What of the data stands on two pictures side by side: not too many points, all of one weight."""

from dataclasses import replace

import numpy as np

from ui.data.data import Data

MOST_COMPARED = 50_000
"""Points on each of two pictures side by side, which draw every point one by one, and count them."""


def thinned(data: Data, n_by_hand: int = 0) -> Data:
    """At most MOST_COMPARED of the points, drawn at random, always the same ones, and a sentence about it.

    The last `n_by_hand` were put in by hand, and are kept."""
    n_points = len(data.points)
    if n_points <= MOST_COMPARED:
        return data
    # A key for every place from the front: a point more or less leaves the others where they are.
    keys = np.random.default_rng(0).random(n_points)
    keys[n_points - min(n_by_hand, MOST_COMPARED) :] = -1.0
    kept = np.sort(np.argpartition(keys, MOST_COMPARED)[:MOST_COMPARED])
    said = f"Two pictures side by side: {MOST_COMPARED:,} of the {n_points:,} points, drawn at random."
    labels = None if data.labels is None else data.labels[kept]
    weights = None if data.weights is None else data.weights[kept]
    source = data.source and replace(data.source, rows=data.source.rows[kept])
    return replace(
        data,
        points=data.points[kept],
        labels=labels,
        weights=weights,
        source=source,
        dropped=(*data.dropped, said),
    )


def unweighted(data: Data) -> Data:
    """Without weights, and a sentence about it if there were any: for K-Means and what stands beside it."""
    if data.weights is None:
        return data
    said = "K-Means counts every point once, so here the mixture does as well."
    return replace(data, weights=None, start_weights=None, dropped=(*data.dropped, said))
