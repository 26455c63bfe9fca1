"""A long run can be watched, broken off and stopped, and is the same run all the same."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest

from tests.serving import serving
from tests.visitor import Visitor
from ui.analysis import fitting
from ui.experiment import UPLOADED, Experiment
from ui.workspace import COMPARISON, LAB, FitResult, Workspace, result_of
from ui.workspace.changes import change
from ui.workspace.fit_result import stop_here

LONG = Experiment(n_points=200, n_components=5, tolerance=0.0, added=((0.5, 0.5),))
"""Nobody's but one person's, since a point was put in by hand."""


class BrokenOffError(Exception):
    """People pressed something."""


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "PIECE_WORK", 1.0)


def assert_same(shown: FitResult, expected: FitResult) -> None:
    assert shown.run is not None
    assert expected.run is not None
    assert shown.run.stop_reason is expected.run.stop_reason
    assert shown.sentence == expected.sentence
    assert len(shown.run.states) == len(expected.run.states)
    for state, other in zip(shown.run.states, expected.run.states, strict=True):
        assert state.log_likelihood == other.log_likelihood
        np.testing.assert_array_equal(state.mixture.means, other.mixture.means)


@pytest.mark.parametrize("kind", [LAB, COMPARISON])
@pytest.mark.parametrize("tolerance", [0.0, 1e-4])
@pytest.mark.parametrize("family", ["full", "VEE"])
def test_pieces_make_the_whole(
    kind: str, tolerance: float, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = replace(LONG, tolerance=tolerance, family=family)
    heard: list[tuple[int, int]] = []
    shown = result_of(Workspace(experiment), kind, lambda done, most: heard.append((done, most)))
    monkeypatch.setattr(fitting, "PIECE_WORK", 1e12)
    assert_same(shown, result_of(Workspace(experiment), kind))
    assert [done for done, _ in heard] == list(range(1, len(shown.run.states) - 1))  # type: ignore[union-attr]
    assert {most for _, most in heard} == {experiment.step_limit}


def broken_off(experiment: Experiment, after: int) -> Workspace:
    """A workspace in which people pressed something after so many steps."""
    current = Workspace(experiment)

    def watch(done: int, most: int) -> None:
        if done == after:
            raise BrokenOffError

    with pytest.raises(BrokenOffError):
        result_of(current, LAB, watch)
    return current


def test_what_has_been_done_is_not_done_again() -> None:
    current = broken_off(LONG, after=7)
    heard: list[int] = []
    shown = result_of(current, LAB, lambda done, _: heard.append(done))
    assert heard[0] == 7
    assert_same(shown, result_of(Workspace(LONG), LAB))


def test_a_run_that_is_stopped_ends_there_and_undo_lets_it_go_on() -> None:
    current = broken_off(LONG, after=7)
    change(current, stop_here, current, LAB)
    assert current.experiment.step_limit == 7
    assert_same(result_of(current, LAB), result_of(Workspace(replace(LONG, step_limit=7)), LAB))
    assert len(current.history) == 1


def test_another_experiment_begins_anew() -> None:
    current = broken_off(LONG, after=7)
    change(current, lambda old: replace(old, start_seed=9))
    assert_same(result_of(current, LAB), result_of(Workspace(replace(LONG, start_seed=9)), LAB))


def test_without_a_run_under_way_stopping_changes_nothing() -> None:
    current = Workspace(Experiment(UPLOADED))
    change(current, stop_here, current, LAB)
    assert current.history == []


def test_the_button_stops_it() -> None:
    async def run() -> None:
        async with Visitor(server.url) as person:
            person.query = "data=blobs&n=1000000&k=12&tol=0"
            await person.ask()
            await person.sees("Stop here")
            await person.press("Stop here")
            await person.rest()

    with serving() as server:
        asyncio.run(run())
