"""What the stage says is believed only as far as it makes sense."""

import numpy as np
import pytest

from ui.experiment import NO_COLUMN, Experiment
from ui.experiment.address import from_address
from ui.workspace import COMPARISON, LAB, Workspace
from ui.workspace.events import is_place, take_event
from ui.workspace.fit_result import ONE_COLUMN, result_of
from ui.workspace.scene import message_of


def test_only_a_pair_of_finite_numbers_is_a_place():
    assert all(is_place(value, 2) for value in [(1, 2.5), [0.0, -1e9]])
    others = [None, 1.0, "12", (1,), (1, 2, 3), (1, None), ("1", 2), (1, np.nan), (np.inf, 1), {0: 1, 1: 2}]
    assert not any(is_place(value, 2) for value in others)
    assert not is_place((10**400, 0), 2)


def test_on_a_line_a_place_is_one_number():
    assert is_place([2.5], 1)
    assert not any(is_place(value, 1) for value in [(1, 2), [], 1.0, [None], [np.nan], "1"])


PLACES = ([1.0], [1.0, 2.0], [1.0, 2.0, 3.0])
MIXTURES = {
    1: {"weights": [0.5, 0.5], "means": [0.0, 3.0], "covariances": [1.0, 2.0]},
    2: {"weights": [0.5, 0.5], "means": [0.0, 0.0, 3.0, 3.0], "covariances": [1.0, 0.0, 1.0, 2.0, 0.0, 1.0]},
}


def on_the_table(n_dimensions):
    experiment = Experiment(n_points=60, n_components=2, y=NO_COLUMN if n_dimensions == 1 else "")
    current = Workspace(experiment)
    result_of(current, LAB)
    return current


@pytest.mark.parametrize("n_dimensions", [1, 2])
@pytest.mark.parametrize("of_mixture", [1, 2])
@pytest.mark.parametrize("kind", ["add_points", "remove_point", "move_mean"])
def test_what_has_another_dimension_than_the_points_is_no_move(n_dimensions, of_mixture, kind):
    for place in PLACES:
        current = on_the_table(n_dimensions)
        event = {"type": kind, "place": place, "points": [place], "mean": place, "component": 0}
        take_event(current, LAB, event | {"mixture": MIXTURES[of_mixture]})
        fits = len(place) == n_dimensions
        assert (current.experiment.added == (tuple(place),)) == (fits and kind == "add_points")
        result = result_of(current, LAB)
        assert result.data.points.shape[1] == n_dimensions
        assert result.run is not None or result.problem.endswith(".")


@pytest.mark.parametrize("n_dimensions", [1, 2])
def test_an_address_of_another_dimension_is_a_sentence_or_nothing(n_dimensions):
    line = {"y": "none"} if n_dimensions == 1 else {}
    for odd in (
        {"from": "1,0,1_1,3,1"},
        {"from": "1,0,0,1,0,1_1,3,3,1,0,1"},
        {"from": "1,0,1,0.5_1,3,1,0.5"},
        {"add": "1_2"},
        {"add": "1,2_3,4"},
        {"log_y": "on", "log_x": "on"},
        {"turn": "30", "stretch": "2"},
        {"hide": "truth"},
        {"yes": "answer", "data": "answers"},
        {"standardise": "on"},
    ):
        opened = from_address({"k": "2", "n": "60", **line, **odd})
        current = Workspace(opened.experiment)
        result = result_of(current, LAB)
        assert result.data.points.shape[1] == n_dimensions
        assert result.run is not None or result.problem.endswith(".")
        assert message_of(current, LAB)
        beside = result_of(current, COMPARISON)
        assert message_of(current, COMPARISON)
        assert (beside.run is None) == (n_dimensions == 1 or result.run is None)
        assert n_dimensions == 2 or beside.problem == ONE_COLUMN


def test_a_move_is_undone_by_the_hand_that_made_it():
    current = on_the_table(2)
    begun = current.experiment
    take_event(current, LAB, {"type": "undo"})
    assert current.experiment == begun
    take_event(current, LAB, {"type": "move_mean", "mixture": MIXTURES[2]})
    assert current.experiment != begun
    take_event(current, LAB, {"type": "undo"})
    assert current.experiment == begun
