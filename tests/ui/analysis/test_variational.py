"""Letting the model decide: the run is the lab's, and how many are left is counted as the lab counts."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from ui.analysis.choosing.variational import Decided, decided, opened, said_of
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import MOST_COMPONENTS, Experiment

FAITHFUL = Experiment("old_faithful", n_components=2)


@cache
def found(experiment: Experiment) -> Decided:
    return decided(experiment, data_of(experiment, None))


@pytest.mark.parametrize(
    "experiment",
    [FAITHFUL, replace(FAITHFUL, noise=True), replace(FAITHFUL, y="none"), Experiment(n_points=12)],
    ids=["plane", "noise", "line", "twelve"],
)
def test_the_lab_shows_the_same_run(experiment: Experiment) -> None:
    answer = found(experiment)
    there = opened(experiment, data_of(experiment, None))
    last = run_of(there, data_of(there, None)).states[-1]
    assert there.n_components == answer.n_components
    np.testing.assert_allclose(answer.weights[-1], last.mixture.weights, rtol=1e-12)
    assert len(answer.active) == (last.moments.counts > 1).sum()


def test_components_that_are_not_needed_lose_all_and_the_others_share_what_there_is() -> None:
    answer = found(FAITHFUL)
    off = [k for k in range(answer.n_components) if k not in answer.active]
    assert answer.n_components == MOST_COMPONENTS
    assert (answer.weights[0] > 0.02).all()
    assert answer.weights[-1][off].max() < 1e-3
    assert answer.active_mixture().weights.sum() == pytest.approx(1.0)
    assert (np.diff(answer.active_mixture().weights) <= 0).all()


def test_a_larger_concentration_leaves_more() -> None:
    answer = found(FAITHFUL)
    counts = [count for _, count in answer.by_concentration]
    assert dict(answer.by_concentration)[FAITHFUL.concentration] == len(answer.active)
    assert counts == sorted(counts)
    assert counts[0] < counts[-1] == MOST_COMPONENTS


def test_few_points_begin_with_fewer_and_many_are_a_stated_sample() -> None:
    assert found(Experiment(n_points=12)).n_components == 4
    many = found(Experiment(n_points=20_000))
    assert len(many.data.points) == 5_000
    assert "5,000 of the 20,000" in many.remarks[0]


def test_what_there_is_by_then_is_kept() -> None:
    answer = decided(FAITHFUL, data_of(FAITHFUL, None), lambda share, value: True)
    assert answer.by_concentration == ()
    assert len(answer.active) == len(found(FAITHFUL).active)


def test_it_says_how_many_were_not_needed() -> None:
    answer = found(FAITHFUL)
    assert said_of(answer, None) == "10 of 12 components were not needed, 2 are left."
    assert said_of(answer, 3).endswith("BIC chose 3.")
    assert said_of(answer, 2).endswith("BIC chose 2, too.")
