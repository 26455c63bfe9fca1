"""Points put in and taken out by hand, and the box about all of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core.datasets import BACKGROUND, CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.experiments import TABLE, by_link, chosen
from tests.strategies import QUICK
from ui.data import data_of, extent_of, frame_of
from ui.experiment import DRAWN, UPLOADED
from ui.experiment.transitions import add_points, remove_point

IN_THE_PLANE = [name for name in CLASSICS if CLASSICS[name].y]


@pytest.mark.parametrize("name", [*GENERATORS, *IN_THE_PLANE, DRAWN, UPLOADED])
@QUICK
@given(actions=st.lists(st.none() | st.integers(0, 999), max_size=12))
def test_what_a_hand_did_is_done_to_the_points_it_saw(name, actions):
    experiment = chosen(name)
    before = data_of(experiment, TABLE)
    places = before.points.tolist()
    labels = [] if before.labels is None else before.labels.tolist()
    for number, action in enumerate(actions):
        if action is None:
            places.append([float(number), -0.25])
            labels.append(BACKGROUND)
            experiment = add_points(experiment, [(number, -0.25)], None)
        elif places:
            index = action % len(places)
            places.pop(index)
            if before.labels is not None:
                labels.pop(index)
            experiment = remove_point(experiment, index, None)
    after = data_of(experiment, TABLE)
    np.testing.assert_array_equal(after.points, np.reshape(places, (-1, 2)))
    if before.labels is not None:
        np.testing.assert_array_equal(after.labels, labels)
    assert after.labels is before.labels or before.labels is not None
    np.testing.assert_array_equal(data_of(by_link(experiment), TABLE).points, after.points)


def test_a_point_that_is_not_there_cannot_be_taken_out():
    experiment = chosen("blobs", removed=(10**6,))
    np.testing.assert_array_equal(data_of(experiment, None).points, data_of(chosen("blobs"), None).points)


@pytest.mark.parametrize("name", [*GENERATORS, *IN_THE_PLANE, DRAWN, UPLOADED])
def test_the_frame_holds_every_point_and_stays_while_points_inside_it_change(name):
    before = data_of(chosen(name), TABLE)
    x0, x1, y0, y1 = frame_of(before.extent)
    inside = ((0.4 * x0 + 0.6 * x1, 0.5 * (y0 + y1)), (x1 - 0.01 * (x1 - x0), y0))
    assert data_of(chosen(name, added=inside, removed=(0, 1)), TABLE).extent == before.extent
    for data in (before, data_of(chosen(name, added=((-1e6, 3.0), (5.0, 1e7))), TABLE)):
        x0, x1, y0, y1 = frame_of(data.extent)
        assert x0 < x1
        assert y0 < y1
        assert ((data.points >= [x0, y0]) & (data.points <= [x1, y1])).all()


@pytest.mark.parametrize("places", [[(3, 4)], [(3, 4), (3, 9)], [(1e9, 1), (1e9, 1)], [(0, 0), (0, 0)]])
def test_points_without_extent_still_have_a_frame(places):
    x0, x1, y0, y1 = frame_of(extent_of(np.array(places, dtype=float)))
    assert x0 < min(x for x, _ in places) <= max(x for x, _ in places) < x1
    assert y0 < min(y for _, y in places) <= max(y for _, y in places) < y1
