"""What a state of K-Means holds: the sums of each step, and the scatters when somebody asks for them."""

import copy
import pickle
import re
import weakref
from typing import Any

import numpy as np
import pytest

from gmm_core import PointsError, kmeans
from tests.oracles import old_faithful

FAITHFUL = old_faithful()


def test_the_scatters_are_those_of_the_points_that_were_given() -> None:
    points = FAITHFUL.copy()
    asked, late = kmeans.start(points, points[:3]), kmeans.start(points, points[:3])
    scatters = asked.moments.scatters.copy()
    points[7] += 1.0
    assert np.array_equal(asked.moments.scatters, scatters)
    sentence = "The points were changed after K-Means had been there; start it anew on them."
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        _ = late.moments


def test_a_state_lets_go_of_the_points_when_it_has_the_scatters() -> None:
    points = FAITHFUL.copy()
    state, gone = kmeans.start(points, FAITHFUL[:3]), weakref.ref(points)
    _ = state.moments
    del points
    assert gone() is None


@pytest.mark.parametrize(
    "copied", [copy.copy, copy.deepcopy, lambda state: pickle.loads(pickle.dumps(state))]
)
def test_a_copy_of_a_state_holds_the_scatters_and_not_the_points(copied: Any) -> None:
    points = np.tile(FAITHFUL, (100, 1))
    state = kmeans.start(points, FAITHFUL[:3])
    other, gone = copied(state), weakref.ref(points)
    assert len(pickle.dumps(state)) < 4000
    expected = kmeans.start(points, FAITHFUL[:3]).moments.scatters
    del points, state
    assert gone() is None
    assert np.array_equal(other.moments.scatters, expected)
    after = kmeans.step(FAITHFUL, other)
    assert np.array_equal(after.centres, other.means)


@pytest.mark.parametrize("n_components", [2, 40])
def test_weights_of_one_change_nothing_and_copies_count_as_weights(n_components: int) -> None:
    rng = np.random.default_rng(6)
    points, copies = rng.standard_normal((30_000, 4)), rng.integers(0, 4, 30_000)
    plain, ones = (
        kmeans.start(points, points[:n_components], sample_weights=w) for w in (None, np.ones(30_000))
    )
    assert ones.inertia == pytest.approx(plain.inertia, rel=1e-13)
    np.testing.assert_allclose(ones.means, plain.means, rtol=1e-12, atol=1e-13)
    weighted = kmeans.start(points, points[:n_components], sample_weights=copies)
    copied = kmeans.start(np.repeat(points, copies, axis=0), points[:n_components])
    assert np.array_equal(weighted.counts, copied.counts)
    assert weighted.inertia == pytest.approx(copied.inertia, rel=1e-12)
    np.testing.assert_allclose(weighted.means, copied.means, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(weighted.moments.scatters, copied.moments.scatters, rtol=1e-10, atol=1e-9)
