"""Distinct optima: as many as there are, whatever the order of the components and wherever runs end early."""

import re
from functools import cache
from typing import Any

import numpy as np
import pytest

from gmm_core import (
    EMRun,
    Mixture,
    MixtureError,
    PointsError,
    Restarts,
    Variant,
    adjusted_rand_index,
    default_prior,
    distinct_optima,
    restart,
    run,
)
from gmm_core.points import Array
from tests.oracles import old_faithful

FAITHFUL = old_faithful()
TO_THE_END: dict[str, Any] = {"n_init": 50, "short_steps": 1000, "max_steps": 1000, "rng": 1}


def elongated() -> Array:
    """Three long clusters, aslant."""
    rng = np.random.default_rng(0)
    turn = np.array([[1.0, 0.6], [-0.6, 1.0]])
    places = ((0, 0), (0, 6), (10, -3))
    return np.concatenate([rng.normal(size=(150, 2)) * [6, 0.5] @ turn + place for place in places])


DATA = {"faithful": FAITHFUL, "elongated": elongated()}


@cache
def fifty(data: str, n_components: int, family: str) -> Restarts:
    return restart(DATA[data], n_components, family=family, **TO_THE_END)


def groups_of(runs: list[EMRun], **settings: Any) -> Array:
    """(R,): the number of the optimum that each of the runs ended in."""
    labels = np.full(len(runs), -1)
    for number, optimum in enumerate(distinct_optima(runs, **settings).optima):
        labels[list(optimum.runs)] = number
    assert (labels >= 0).all()
    return labels


@pytest.mark.parametrize(
    ("data", "n_components", "family"),
    [
        ("faithful", 3, "full"),
        ("faithful", 4, "full"),
        ("elongated", 3, "full"),
        ("elongated", 4, "full"),
        ("elongated", 4, "tied"),
    ],
)
def test_the_optima_are_those_that_the_runs_come_to_when_they_go_on(
    data: str, n_components: int, family: str
) -> None:
    """The oracle: every run carried on until nothing moves, and then told apart by the likelihood alone."""
    runs = [attempt for attempt in fifty(data, n_components, family).attempts if attempt.collapse is None]
    on: dict[str, Any] = {"family": family, "tolerance": 1e-9, "max_steps": 3000, "keep": "last"}
    ends = sorted(run(DATA[data], one.mixture, **on).log_likelihood for one in runs)
    n_optima = 1 + int((np.diff(ends) > 0.003).sum())
    found = groups_of(runs).max() + 1
    assert n_optima <= found <= n_optima + max(3, n_optima // 3)
    assert found <= 25


def test_an_optimum_names_its_runs() -> None:
    attempts = fifty("faithful", 4, "full").attempts
    found = distinct_optima(attempts)
    assert sorted(i for optimum in found.optima for i in optimum.runs) == list(range(50))
    heights = [optimum.log_likelihood for optimum in found.optima]
    assert heights == sorted(heights, reverse=True)
    for optimum in found.optima:
        best = max(optimum.runs, key=lambda i: attempts[i].log_likelihood)
        assert optimum.best == best
        assert optimum.log_likelihood == attempts[best].log_likelihood == optimum.objective
        assert list(optimum.runs) == sorted(optimum.runs)
    assert found.optima[0].best == fifty("faithful", 4, "full").winner


def test_runs_that_end_a_little_early_are_grouped_as_those_that_go_on() -> None:
    points, early = DATA["elongated"], list(fifty("elongated", 4, "tied").attempts)
    late: dict[str, Any] = {"family": "tied", "tolerance": 1e-9, "max_steps": 3000}
    whole = [run(points, one.mixture, **late) for one in early]
    gaps = [one.log_likelihood - other.log_likelihood for one, other in zip(whole, early, strict=True)]
    assert min(gaps) > 0
    labels = groups_of(early)
    assert adjusted_rand_index(labels, groups_of(whole)) == 1.0
    # By digits alone there would be as many as there are runs.
    assert len({one.log_likelihood for one in early}) > 40
    assert labels.max() + 1 == 4


def test_the_order_of_components_and_of_runs_does_not_matter() -> None:
    runs = list(fifty("faithful", 5, "full").attempts[:20])
    labels = groups_of(runs)
    backwards = [run(FAITHFUL, turned(one.states[0].mixture), max_steps=1000) for one in runs]
    both = groups_of([*runs, *backwards])
    assert adjusted_rand_index(both[:20], both[20:]) == 1.0
    assert adjusted_rand_index(groups_of(runs[::-1])[::-1], labels) == 1.0


def turned(mixture: Mixture) -> Mixture:
    return Mixture(mixture.weights[::-1], mixture.means[::-1], mixture.covariances[::-1])


def test_equal_likelihoods_are_not_enough() -> None:
    """By symmetry two ways to cut a square are equally likely, and not the same."""
    square = np.array([[x, y] for x in (-1.0, 0.0, 1.0) for y in (-1.0, 0.0, 1.0)])
    halves = [([[-1, 0], [1, 0]], "upright"), ([[0, -1], [0, 1]], "level")]
    wide = np.diag([0.25, 1.0])
    runs = []
    for means, which in halves:
        shape = wide if which == "upright" else wide[::-1, ::-1]
        runs.append(run(square, Mixture([0.5, 0.5], means, [shape] * 2), family="tied", reg_covar=0.05))
    assert runs[0].log_likelihood == pytest.approx(runs[1].log_likelihood, rel=1e-12)
    assert [optimum.runs for optimum in distinct_optima(runs).optima] == [(0,), (1,)]


def test_collapsed_runs_stand_apart() -> None:
    points = np.concatenate([FAITHFUL[:40], [[9.0, 300.0]]])
    alone = Mixture([0.9, 0.1], [[3.0, 70.0], [9.0, 300.0]], [np.diag([1.0, 150.0])] * 2)
    fine = Mixture([0.5, 0.5], [[2.0, 55.0], [4.3, 80.0]], [np.diag([0.5, 100.0])] * 2)
    runs = [run(points, alone), run(points, fine, max_steps=1000), run(points, alone)]
    found = distinct_optima(runs)
    assert found.collapsed == (0, 2)
    assert [optimum.runs for optimum in found.optima] == [(1,)]
    assert distinct_optima(runs[:1]).optima == ()


def test_with_a_prior_they_are_ranked_by_what_em_raised() -> None:
    variant = Variant(prior=default_prior(FAITHFUL, 4))
    attempts = restart(FAITHFUL, 4, variant=variant, **(TO_THE_END | {"n_init": 15})).attempts
    found = distinct_optima(attempts).optima
    heights = [optimum.objective for optimum in found]
    assert heights == sorted(heights, reverse=True)
    for optimum in found:
        assert optimum.objective == attempts[optimum.best].last.objective != optimum.log_likelihood


@pytest.mark.parametrize(
    ("runs", "error", "sentence"),
    [
        ([], PointsError, "The runs are []; give a list of one or more."),
        (["one"], PointsError, "Among the runs is 'one'; give runs of EM, as restart returns them."),
    ],
)
def test_what_is_no_run_is_refused(runs: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        distinct_optima(runs)


def test_runs_of_different_models_are_refused() -> None:
    two, three = (restart(FAITHFUL, k, n_init=1, rng=0).run for k in (2, 3))
    with pytest.raises(MixtureError, match=r"^There are runs of 2 and of 3 components; .*\.$"):
        distinct_optima([two, three])
    with pytest.raises(MixtureError, match=r"^The tolerance is -1; "):
        distinct_optima([two], tolerance=-1)
