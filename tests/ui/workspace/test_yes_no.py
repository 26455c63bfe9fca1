"""A hand, a link and a file in a workspace whose points have a yes/no column."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gmm_core import Mixture
from tests.experiments import by_link, chosen
from tests.stage_message import decode
from tests.ui.data.test_beside import ANSWERED, FRAME
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import UPLOADED, Experiment, transitions
from ui.experiment.address import from_address, to_address
from ui.workspace import COMPARISON, LAB, Workspace, result_of
from ui.workspace.changes import change, undo
from ui.workspace.events import mixture_in, take_events
from ui.workspace.opening import open_file
from ui.workspace.scene import message_of

ANSWERS = chosen("answers", n_points=80, step_limit=10)


def desk(experiment: Experiment = ANSWERS) -> Workspace:
    current = Workspace(experiment)
    assert result_of(current, LAB).problem == ""
    return current


def as_sent(mixture: Mixture, **others: Any) -> dict[str, Any]:
    """A mixture as the stage sends it."""
    told = {
        "weights": mixture.weights.tolist(),
        "means": mixture.means.ravel().tolist(),
        "covariances": mixture.covariances[:, [0, 0, 1], [0, 1, 1]].ravel().tolist(),
    }
    if mixture.probabilities.size:
        told["probabilities"] = mixture.probabilities.ravel().tolist()
    return told | others


def seen_by(current: Workspace, step: int = 2) -> Mixture:
    run = result_of(current, LAB).run
    assert run is not None
    return run.states[step].mixture


EVENTS = {
    "a mean is dragged": {"type": "move_mean"},
    "points are put in": {"type": "add_points", "points": [[0.1, 0.2], [1.0, -2.0]]},
    "a point is taken out": {"type": "remove_point"},
}


def event_of(current: Workspace, what: str, mixture: Any) -> dict[str, Any]:
    first = result_of(current, LAB).data.points[0].tolist()
    return {"number": 1, "mixture": mixture, "place": first, **EVENTS[what]}


@pytest.mark.parametrize("noise", [False, True])
@pytest.mark.parametrize("what", EVENTS)
def test_a_hand_goes_on_from_the_probabilities_it_saw(what: str, noise: bool) -> None:
    current = desk(replace(ANSWERS, noise=noise))
    seen = seen_by(current)
    take_events(current, LAB, [event_of(current, what, as_sent(seen))])
    result = result_of(current, LAB)
    assert result.run is not None
    first = result.run.states[0].mixture
    np.testing.assert_allclose(first.probabilities, seen.probabilities, rtol=1e-11)
    np.testing.assert_allclose(first.weights, seen.weights, rtol=1e-11)
    assert {len(row) for row in current.experiment.start_mixture} == {7}
    assert by_link(current.experiment) == current.experiment
    n_points = {"a mean is dragged": 80, "points are put in": 82, "a point is taken out": 79}[what]
    assert len(result.data.fitted) == n_points
    _, arrays = decode(message_of(current, LAB))
    assert len(arrays["binary"]) == n_points
    undo(current)
    assert current.experiment == replace(ANSWERS, noise=noise)


BROKEN: dict[str, Any] = {
    "too few": [0.5, 0.5],
    "too many": [0.5] * 4,
    "below 0": [0.5, -0.1, 0.5],
    "above 1": [0.5, 1.1, 0.5],
    "missing": [0.5, float("nan"), 0.5],
    "null": [0.5, None, 0.5],
    "a text": [0.5, "often", 0.5],
    "of several lengths": [[0.5], [0.5, 0.5], 0.5],
    "a mapping": {"0": 0.5},
    "infinite": [0.5, float("inf"), 0.5],
    "of 400 digits": [0.5, 10**400, 0.5],
    "one number": 0.5,
}


@pytest.mark.parametrize("probabilities", BROKEN.values(), ids=BROKEN)
def test_forged_probabilities_make_no_mixture(probabilities: Any) -> None:
    current = desk()
    sent = as_sent(seen_by(current), probabilities=probabilities)
    assert mixture_in(sent) is None
    take_events(current, LAB, [event_of(current, "a mean is dragged", sent)])
    assert current.experiment == ANSWERS
    # What was put in is put in, from the start there was.
    take_events(current, LAB, [event_of(current, "points are put in", sent) | {"number": 2}])
    assert current.experiment.start_mixture == ()
    assert result_of(current, LAB).problem == ""


@pytest.mark.parametrize("probabilities", [0.0, 1.0])
def test_certainty_may_be_sent(probabilities: float) -> None:
    mixture = mixture_in(as_sent(seen_by(desk()), probabilities=[probabilities] * 3))
    assert mixture is not None
    assert (mixture.probabilities == probabilities).all()


def test_a_hand_that_saw_no_column_goes_on_all_the_same() -> None:
    plain = desk(replace(ANSWERS, yes=""))
    seen = seen_by(plain)
    current = desk()
    take_events(current, LAB, [event_of(current, "a mean is dragged", as_sent(seen))])
    assert {len(row) for row in current.experiment.start_mixture} == {6}
    result = result_of(current, LAB)
    assert result.run is not None
    np.testing.assert_allclose(result.run.states[0].mixture.means, seen.means)
    assert result.run.mixture.probabilities.shape == (3, 1)
    # And one that saw it before it was put away.
    take_events(plain, LAB, [event_of(plain, "a mean is dragged", as_sent(seen_by(desk())))])
    without = result_of(plain, LAB)
    assert without.run is not None
    assert without.run.mixture.probabilities.shape == (3, 0)


@pytest.mark.parametrize("probability", [0.0, 0.25, 1.0])
def test_a_link_with_a_probability_in_every_row_comes_round(probability: float) -> None:
    rows = tuple((1 / 3, float(i), -float(i), 1.0, 0.1, 2.0, probability) for i in range(3))
    experiment = replace(ANSWERS, start_mixture=rows)
    address = to_address(experiment)
    assert all(row.count(",") == 6 for row in address["from"].split("_"))
    assert from_address(address).experiment == experiment
    begun = result_of(desk(experiment), LAB).run
    assert begun is not None
    np.testing.assert_array_equal(begun.states[0].mixture.probabilities, np.full((3, 1), probability))


def test_rows_of_either_kind_together_are_refused() -> None:
    opened = from_address({"data": "answers", "k": "2", "from": "0.5,0,0,1,0,1_0.5,1,1,1,0,1,0.5"})
    assert opened.experiment.start_mixture == ()
    assert len(opened.complaints) == 1


def test_a_column_chosen_and_put_away_is_undone() -> None:
    current = desk(replace(ANSWERS, removed=(3,), added=((0.0, 1.0),)))
    before = current.experiment
    for yes in ("", "cluster", "answer"):
        change(current, lambda old, yes=yes: transitions.set_choices(old, yes=yes))
        assert (current.experiment.yes, current.experiment.removed) == (yes, ())
        assert current.experiment.added == before.added
    for _ in range(3):
        undo(current)
    assert current.experiment == before
    assert result_of(current, LAB).data.yes_no is not None


CONTENT = FRAME.to_csv(index=False).encode()


def waiting(**parameters: str) -> Workspace:
    address = to_address(replace(ANSWERED, file="people.csv")) | parameters
    opened = from_address(address)
    assert opened.complaints == []
    current = Workspace(opened.experiment)
    assert "people.csv" in result_of(current, LAB).problem
    return current


def test_a_link_that_names_a_column_keeps_it_when_its_file_comes() -> None:
    current = waiting()
    open_file(current, "people.csv", CONTENT, max_bytes=10**8)
    assert current.experiment.yes == "smokes"
    result = result_of(current, LAB)
    assert result.data.n_binary == 1
    assert result.run is not None
    header, _ = decode(message_of(current, LAB))
    assert header["answer"] == ["smokes", "smokes = no", "smokes = yes"]
    undo(current)
    assert current.experiment.yes == "smokes"


def test_a_file_without_the_column_begins_by_itself() -> None:
    current = waiting()
    open_file(current, "people.csv", FRAME[["a", "b", "kind"]].to_csv(index=False).encode(), max_bytes=10**8)
    assert (current.experiment.data, current.experiment.yes) == (UPLOADED, "")
    assert result_of(current, LAB).problem == ""


def test_a_column_of_three_values_in_the_file_is_said() -> None:
    current = waiting(yes="place")
    open_file(current, "people.csv", CONTENT, max_bytes=10**8)
    assert current.experiment.yes == "place"
    assert "holds 3 values" in result_of(current, LAB).problem
    header, arrays = decode(message_of(current, LAB))
    assert "holds 3 values" in header["notice"]
    assert header["answer"] is None
    assert "binary" not in arrays
    change(current, lambda old: transitions.set_choices(old, yes="smokes"))
    assert result_of(current, LAB).problem == ""


def test_other_data_leave_the_column_behind() -> None:
    left = transitions.choose_data(ANSWERS, "moons")
    assert left.yes == ""
    assert transitions.choose_data(left, "answers").yes == "answer"


def test_beside_kmeans_the_column_stays_chosen_and_is_left_out() -> None:
    current = desk()
    comparison = result_of(current, COMPARISON)
    assert comparison.run is not None
    assert comparison.run.mixture.probabilities.size == 0
    assert any("yes/no column" in sentence for sentence in comparison.data.dropped)
    header, arrays = decode(message_of(current, COMPARISON))
    assert header["answer"] is None
    assert "probabilities" not in arrays
    assert current.experiment.yes == "answer"
    assert result_of(current, LAB).data.n_binary == 1
    # And from a start that knows of it.
    change(current, transitions.move_mean, seen_by(current))
    assert result_of(current, COMPARISON).problem == ""


def test_the_same_choices_give_the_same_answers_by_link() -> None:
    again = by_link(ANSWERS)
    one, other = (run_of(experiment, data_of(experiment, None)) for experiment in (ANSWERS, again))
    np.testing.assert_array_equal(one.mixture.probabilities, other.mixture.probabilities)
