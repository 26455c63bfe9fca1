"""Where a falling curve bends: the elbow that people look for in K-Means' inertias."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.points import PointsError, as_numbers, quoted
from gmm_core.settings import whole_number

# Distances below the chord that may be but rounding, as a share of the fall.
NO_BEND = 1e-9


def elbow(ks: Iterable[int], inertias: ArrayLike) -> int | None:
    """Of rising `ks` the one at which their `inertias` lie farthest below the chord from the first to the
    last, the first of equals; None for fewer than 3, or where none lies below it, so that nothing bends.

    Nearly every curve of inertias bends somewhere, clusters or none, and where depends on the last K: it is a
    habit to know, not a criterion.

    Raises PointsError unless both are rising whole numbers and as many finite numbers.
    Source: Satopaa, Albrecht, Irwin & Raghavan (2011), Finding a "kneedle" in a haystack: detecting knee
    points in system behavior, section III, for points that are no curve to be smoothed.

    >>> elbow([1, 2, 3, 4, 5], [100.0, 40.0, 10.0, 8.0, 7.0])
    3
    """
    places = _checked_ks(ks)
    heights = as_numbers(inertias, "The inertias", irregular="The inertias must be one number for each K.")
    if heights.shape != (len(places),) or not np.isfinite(heights).all():
        raise PointsError(f"The inertias are {quoted(inertias)}; give a finite number for each of the K.")
    if len(places) < 3 or not heights[0] > heights[-1]:
        return None
    across = (np.array(places) - places[0]) / (places[-1] - places[0])
    down = (heights - heights[-1]) / (heights[0] - heights[-1])
    below = 1.0 - across - down
    return places[int(below.argmax())] if below.max() > NO_BEND else None


def _checked_ks(ks: Any) -> list[int]:
    if not isinstance(ks, Iterable) or isinstance(ks, str | bytes):
        raise PointsError(f"The numbers of clusters are {quoted(ks)}; give a list of whole numbers.")
    places = [whole_number(k, "The number of clusters") for k in cast("Iterable[Any]", ks)]
    if any(after <= before for before, after in pairwise(places)):
        raise PointsError(f"The numbers of clusters are {quoted(ks)}; give each once, in rising order.")
    return places
