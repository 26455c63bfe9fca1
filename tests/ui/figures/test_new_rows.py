"""New points in a picture: which are drawn of very many, and in whose colours they stand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import Mixture
from tests.strategies import QUICK
from ui import palette
from ui.figures.fit_picture import Pictured
from ui.figures.new_rows import MOST_NEW, RARE_DRAWN, NewPoints, drawn_places, new_rows_figure


@QUICK
@given(st.integers(0, 9_000), st.integers(0, 9_000))
def test_of_very_many_the_outliers_are_not_the_fewer(n_usual: int, n_rare: int) -> None:
    outliers = np.arange(n_usual + n_rare) < n_rare
    kept = drawn_places(outliers)
    assert len(kept) == min(MOST_NEW, n_usual + n_rare)
    assert len(np.unique(kept)) == len(kept)
    drawn_rare = int(outliers[kept].sum())
    assert drawn_rare >= min(n_rare, RARE_DRAWN)
    if n_rare and n_usual:
        assert drawn_rare / n_rare >= (len(kept) - drawn_rare) / n_usual - 1 / n_rare - 1 / n_usual


@pytest.mark.parametrize("n_dimensions", [1, 2])
def test_points_stand_in_their_components_colours_and_outliers_are_ringed(n_dimensions: int) -> None:
    rng = np.random.default_rng(0)
    old = rng.normal(size=(30, n_dimensions))
    covariances = np.broadcast_to(np.eye(n_dimensions), (2, n_dimensions, n_dimensions))
    means = np.array([[-1.0] * n_dimensions, [1.0] * n_dimensions])
    mixture = Mixture(np.array([0.5, 0.5]), means, covariances)
    extent = (-3.0, 3.0) * n_dimensions
    columns = ("a", "b")[:n_dimensions]
    fitted = Pictured(old, np.zeros(30, dtype=np.int64), mixture, columns, extent, (0, 1), False)
    groups = np.array([0, 1, 1, -1])
    points, outliers = rng.normal(size=(4, n_dimensions)), np.array([False, False, True, False])
    hollow = np.array([False, True, False, False])
    new = NewPoints(points, groups, outliers, hollow, np.array(list("abcd"), dtype=object))
    figure = new_rows_figure(fitted, new)
    traces = {trace.name: trace for trace in figure.data}
    assert traces["new, 2"].marker.color == palette.colour_of(1)
    assert traces["new, 2"].marker.symbol == ("circle-open", "circle")
    assert list(traces["new, noise"].x) == [points[3, 0]]
    assert list(traces["outliers"].x) == [points[2, 0]]
    assert list(traces["new, 1"].text) == ["a"]
