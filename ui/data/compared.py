"""What of the data stands on two pictures side by side: not too many points, of one weight, in numbers."""

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
    return replace(data.at(kept), dropped=(*data.dropped, said))


def unweighted(data: Data) -> Data:
    """Without weights, and a sentence about it if there were any: for K-Means and what stands beside it."""
    if data.weights is None:
        return data
    said = "K-Means counts every point once, so here the mixture does as well."
    among = data.start_among and replace(data.start_among, weights=None)
    return replace(data, weights=None, start_among=among, dropped=(*data.dropped, said))


def numbers_alone(data: Data) -> Data:
    """Without the yes/no column, and a sentence about it if there was one: for K-Means and what stands beside
    it."""
    if data.yes_no is None:
        return data
    said = "K-Means knows nothing of a yes/no column, so here the mixture goes by the numbers alone."
    among = data.start_among and replace(data.start_among, yes_no=None)
    return replace(data, yes_no=None, start_among=among, dropped=(*data.dropped, said))
