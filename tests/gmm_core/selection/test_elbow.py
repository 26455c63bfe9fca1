"""The elbow: where a curve bends most, and nowhere where it does not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import PointsError, elbow, restart_kmeans
from tests.strategies import QUICK


@pytest.mark.parametrize("at", [2, 3, 4, 7])
def test_two_straight_pieces_bend_where_they_meet(at: int) -> None:
    ks = np.arange(1, 9)
    heights = np.where(ks <= at, 100 - 10 * (ks - 1), 100 - 10 * (at - 1) - (ks - at))
    assert elbow(ks.tolist(), heights) == at


@QUICK
@given(st.lists(st.floats(0.01, 0.99), min_size=3, max_size=9), st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
def test_units_and_origin_do_not_matter(falls: list[float], unit: float, origin: float) -> None:
    ks, heights = range(1, len(falls) + 1), np.cumprod(falls)
    found = elbow(ks, heights)
    below = np.linspace(heights[0], heights[-1], len(falls)) - heights
    if found is None:
        assert below.max() < 1e-6 * heights[0]
        return
    assert below[found - 1] == pytest.approx(below.max(), abs=1e-9 * heights[0])
    moved = elbow(ks, unit * (heights + 0.1))
    assert moved is not None
    assert below[moved - 1] == pytest.approx(below.max(), abs=1e-6 * heights[0])


@pytest.mark.parametrize(
    "heights",
    [[], [3], [3, 1], [3, 2, 1], [9, 8, 6, 3], [1, 1, 1], [1, 2, 4], [0.3, 0.2, 0.1], [5, 2, 2, 5]],
)
def test_where_nothing_bends_there_is_none(heights: list[float]) -> None:
    assert elbow(range(1, len(heights) + 1), heights) is None


def test_clusters_far_apart_make_one() -> None:
    rng = np.random.default_rng(0)
    points = np.concatenate([rng.normal(size=(50, 2)) + place for place in ([0, 0], [20, 0], [0, 20])])
    ks = range(1, 9)
    assert elbow(ks, [restart_kmeans(points, k, rng=0).run.inertia for k in ks]) == 3


@pytest.mark.parametrize(
    ("ks", "inertias"),
    [
        ([1, 2, 2], [3, 2, 1]),
        ([3, 2, 1], [3, 2, 1]),
        ([1, 2.5, 3], [3, 2, 1]),
        ([1, 2, 3], [3, 2]),
        ([1, 2, 3], [3, np.nan, 1]),
        (3, [3, 2, 1]),
        ("123", [3, 2, 1]),
    ],
)
def test_what_is_no_curve_is_refused(ks: Any, inertias: Any) -> None:
    with pytest.raises(PointsError, match=r"^[^\n]+\.$"):
        elbow(ks, inertias)
