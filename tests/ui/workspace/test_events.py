"""What the stage says is believed only as far as it makes sense."""

import numpy as np

from ui.workspace.events import is_place


def test_only_a_pair_of_finite_numbers_is_a_place():
    assert all(is_place(value) for value in [(1, 2.5), [0.0, -1e9]])
    others = [None, 1.0, "12", (1,), (1, 2, 3), (1, None), ("1", 2), (1, np.nan), (np.inf, 1), {0: 1, 1: 2}]
    assert not any(is_place(value) for value in others)
    assert not is_place((10**400, 0))
