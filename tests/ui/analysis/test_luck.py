"""Fifty starts of one model: they end where the lab's runs from there do, and yours is among them."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from ui.analysis.choosing.luck import N_STARTS, Luck, luck_of, verdict
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import Experiment
from ui.experiment.transitions import open_fit

HARD = Experiment("old_faithful", n_components=4)


@cache
def lucky(experiment: Experiment) -> Luck:
    return luck_of(experiment, data_of(experiment, None))


@pytest.mark.parametrize(
    "experiment",
    [
        HARD,
        replace(HARD, noise=True, family="tied"),
        replace(HARD, reg_covar=0.5, n_components=3),
        replace(HARD, prior=True),
    ],
    ids=["plain", "noise", "regularised", "prior"],
)
def test_a_start_that_is_opened_in_the_lab_is_the_same_run(experiment: Experiment) -> None:
    luck = lucky(experiment)
    for run in luck.distinct.optima[0].best, luck.distinct.optima[-1].best:
        opened = open_fit(experiment, experiment.family, luck.runs[run].begun)
        there = run_of(opened, data_of(opened, None))
        assert there.states[-1].objective == pytest.approx(luck.runs[run].objective, rel=1e-9)
        assert there.states[-1].iteration == luck.runs[run].n_iterations
        # Coming back, it is yours, and no start is there twice.
        again = lucky(opened)
        assert len(again.runs) == N_STARTS
        assert again.yours == run


def test_the_labs_first_answer_is_among_them() -> None:
    luck, there = lucky(HARD), run_of(HARD, data_of(HARD, None))
    assert luck.yours == 0
    assert luck.runs[0].objective == pytest.approx(there.states[-1].objective, rel=1e-9)


def test_components_placed_by_hand_are_one_start_more() -> None:
    luck = lucky(HARD)
    begun = luck.runs[3].begun
    moved = type(begun)(begun.weights, begun.means + 0.3, begun.covariances)
    assert len(lucky(open_fit(HARD, "full", moved)).runs) == N_STARTS + 1


def test_every_start_has_one_place_or_collapsed() -> None:
    for experiment in HARD, Experiment(n_points=12, n_components=4):
        luck = lucky(experiment)
        places = [i for place in luck.distinct.optima for i in place.runs]
        assert sorted([*places, *luck.distinct.collapsed]) == list(range(len(luck.runs)))
        assert all(
            bool(luck.runs[i].problem) == (i in luck.distinct.collapsed) for i in range(len(luck.runs))
        )


def test_it_says_whether_it_was_luck() -> None:
    luck = lucky(HARD)
    n_best = len(luck.distinct.optima[0].runs)
    below = verdict(luck)
    assert f"{luck.gap(0):,.1f} nats below" in below
    assert f"which {n_best} of 50" in below
    best = verdict(replace(luck, yours=luck.distinct.optima[0].best))
    assert (
        best == f"Your start reached the best of {len(luck.distinct.optima)} optima, as {n_best} of 50 did."
    )
    collapsed = lucky(Experiment(n_points=12, n_components=4))
    assert "collapsed" in verdict(collapsed)
    assert collapsed.place is None
    assert "all 50" in verdict(lucky(Experiment()))


def test_what_is_done_by_then_is_kept() -> None:
    told: list[int] = []

    def stop(share: float, luck: Luck | None) -> bool:
        if luck is not None:
            told.append(len(luck.runs))
        return luck is not None

    luck = luck_of(HARD, data_of(HARD, None), stop)
    assert told == [len(luck.runs)]
    assert 0 < len(luck.runs) < N_STARTS


def test_many_points_are_a_stated_sample() -> None:
    experiment = Experiment(n_points=20_000)
    luck = lucky(experiment)
    assert len(luck.data.points) == 5_000
    assert "5,000 of the 20,000" in luck.remarks[0]


def test_a_start_that_draws_nothing_is_compared_with_one_that_does() -> None:
    luck = lucky(replace(HARD, start="hierarchical"))
    assert "draws nothing" in luck.remarks[0]
    assert len({tuple(np.round(run.begun.means.ravel(), 6)) for run in luck.runs}) > 2
