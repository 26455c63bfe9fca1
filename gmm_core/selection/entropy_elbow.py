"""How many clusters merged components make: where the entropy stops falling steeply."""

import numpy as np

from gmm_core.points import Array
from gmm_core.selection.merging import Merging
from gmm_core.settings import check_kind

# A bend of less than this, as a share of the whole fall of the entropy, is rounding.
NO_BEND = 1e-9

# Entropies below this, in nats a point, are those of clusters that stand apart as they are.
NO_OVERLAP = 1e-3


def entropy_elbow(merging: Merging) -> int | None:
    """The number of clusters at which the entropy, drawn against the points merged so far, bends: two
    straight lines, which share the point of that number, follow it best (least squares), and the one of more
    clusters is the steeper.

    With more clusters than that, points are shared out between such as overlap. It is a suggestion to look
    at beside the ICL's, and can be neither 1 nor the number of components. None where there are fewer than 3
    components, where these hardly overlap, so that there is nothing to merge, or where nothing bends.

    Raises PointsError for anything but what `merge_components` returns.
    Source: Baudry, Raftery, Celeux, Lo & Gottardo (2010), Combining mixture components for clustering,
    section 3, the rescaled entropy plot with one change point.
    """
    check_kind(merging, Merging, "What was merged", "give what merge_components returns")
    entropies = merging.entropies
    n_components = len(entropies)
    n_points = float(merging.merged_counts[0]) if n_components > 1 else 0.0
    if n_components < 3 or entropies[-1] <= NO_OVERLAP * n_points:
        return None
    # From 1 cluster on, backwards: which end is called 0 bends nothing.
    merged = np.concatenate([[0.0], np.cumsum(merging.merged_counts)])
    best, least, slopes = 0, np.inf, (0.0, 0.0)
    for corner in range(1, n_components - 1):
        few, rest_of_few = _line(merged[: corner + 1], entropies[: corner + 1])
        many, rest_of_many = _line(merged[corner:], entropies[corner:])
        if rest_of_few + rest_of_many < least:
            best, least, slopes = corner + 1, rest_of_few + rest_of_many, (few, many)
    steeper = (slopes[1] - slopes[0]) * merged[-1]
    return best if steeper > NO_BEND * float(entropies[-1]) else None


def _line(across: Array, up: Array) -> tuple[float, float]:
    """The slope of the line of least squares, and the squares that are left."""
    offsets, heights = across - across.mean(), up - up.mean()
    width = float(offsets @ offsets)
    slope = float(offsets @ heights) / width if width > 0 else 0.0
    rest = heights - slope * offsets
    return slope, float(rest @ rest)
