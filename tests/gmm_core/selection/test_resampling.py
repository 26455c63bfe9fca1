"""Fits to many sets of points at once are, but for rounding, what each would be alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gmm_core import (
    EMEnd,
    Mixture,
    Noise,
    StopReason,
    Variant,
    default_prior,
    e_step,
    initialize,
    likelihood_ratio_test,
    run,
    weighted_likelihood_bootstrap,
)
from gmm_core.em import resume
from gmm_core.points import Array
from gmm_core.selection import resamples as resamples_module
from gmm_core.selection import resampling
from gmm_core.selection.cross_validation import held_out_log_likelihood
from gmm_core.selection.resamples import Resamples
from gmm_core.selection.resampling import SideBySide
from gmm_core.selection.task import Task
from tests.oracles import old_faithful

FAITHFUL = old_faithful()


def heavy_tails(n_points: int, n_dimensions: int, seed: int) -> Array:
    """Two clusters with three degrees of freedom, one of them thin, and the last point far from all."""
    rng = np.random.default_rng(seed)
    points = rng.standard_t(3, (n_points, n_dimensions))
    points[::2, 0] += 12.0
    points[::2, -1] = points[::2, 0] + 1e-2 * points[::2, -1]
    points[-1] = 200.0
    return points


def tasks_of(n_dimensions: int, **settings: Any) -> tuple[Task, ...]:
    """Sets of points of their own, not all as many."""
    return tuple(
        Task(heavy_tails(n_points, n_dimensions, seed), **settings)
        for seed, n_points in enumerate((80, 81, 79))
    )


def alone(task: Task, begin: Mixture, **settings: Any) -> EMEnd:
    own: dict[str, Any] = {"variant": task.variant, "reg_covar": task.reg_covar}
    return run(task.points, begin, keep="last", **(settings | own))


def assert_alike(together: EMEnd, by_itself: EMEnd) -> None:
    assert together.stop_reason is by_itself.stop_reason
    assert together.explanation == by_itself.explanation
    assert together.objective_name == by_itself.objective_name
    assert together.last.iteration == by_itself.last.iteration
    assert str(together.collapse) == str(by_itself.collapse)
    for name in ("log_likelihood", "objective"):
        one, other = (getattr(end.last, name) for end in (together, by_itself))
        assert one == pytest.approx(other, rel=1e-10, abs=1e-8)
    for name in ("weights", "means", "covariances", "probabilities"):
        one, other = (getattr(end.mixture, name) for end in (together, by_itself))
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-9)
    one, other = together.last.moments, by_itself.last.moments
    np.testing.assert_allclose(one.counts, other.counts, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(one.successes, other.successes, rtol=1e-7, atol=1e-9)
    assert (one.noise is None) == (other.noise is None)


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "weights": {"variant": Variant(sample_weights=None)},
    "prior": {"variant": Variant(prior=default_prior(heavy_tails(80, 2, 0), 2))},
    "equal weights": {"variant": Variant(equal_weights=True)},
    "soft": {"variant": Variant(temperature=1.5)},
    "hard": {"variant": Variant(temperature=0.0)},
    "noise": {"noise": Noise(0.1, 1e4)},
    "reg_covar": {"reg_covar": 0.3},
}


@pytest.mark.parametrize("own_walks", [False, True])
@pytest.mark.parametrize("name", VARIANTS)
def test_every_fit_is_as_it_would_be_alone(
    name: str, own_walks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if own_walks:
        monkeypatch.setattr(resamples_module, "MOST_OF_ONE", 0)
        monkeypatch.setattr(resamples_module, "MOST_AT_ONCE", 1)
    tasks = tasks_of(2, **VARIANTS[name])
    if name == "weights":
        rng = np.random.default_rng(0)
        tasks = tuple(
            replace(task, variant=Variant(sample_weights=rng.exponential(size=len(task.points))))
            for task in tasks
        )
    sets = [0, 1, 2, 1, 0]
    begun = [tasks[i].with_noise(initialize(tasks[i].points, 2, rng=seed)) for seed, i in enumerate(sets)]
    settings: dict[str, Any] = {"family": "full", "tolerance": 1e-5, "max_steps": 30}
    ends = SideBySide(Resamples(tasks), **settings).run(begun, sets)
    for i, begin, end in zip(sets, begun, ends, strict=True):
        assert_alike(end, alone(tasks[i], begin, **settings))


@pytest.mark.parametrize(("n_dimensions", "family"), [(1, "E"), (3, "VEV"), (9, "diag"), (10, "full")])
def test_any_family_and_dimension_will_do(n_dimensions: int, family: str) -> None:
    family = "spherical" if family == "E" else family
    tasks = tasks_of(n_dimensions)
    begun = [initialize(task.points, 2, family=family, rng=0) for task in tasks]
    settings: dict[str, Any] = {"family": family, "tolerance": 1e-4, "max_steps": 12}
    ends = SideBySide(Resamples(tasks), **settings).run(begun, range(3))
    for task, begin, end in zip(tasks, begun, ends, strict=True):
        assert_alike(end, alone(task, begin, **settings))


def test_binary_columns_are_fitted_too() -> None:
    rng = np.random.default_rng(0)
    tasks = tuple(
        Task(np.column_stack([task.points, rng.random((len(task.points), 2)) < 0.4]), n_binary=2)
        for task in tasks_of(2)
    )
    begun = [initialize(task.points, 2, n_binary=2, rng=1) for task in tasks]
    settings: dict[str, Any] = {"family": "tied", "tolerance": 1e-5, "max_steps": 20}
    ends = SideBySide(Resamples(tasks), **settings).run(begun, range(3))
    for task, begin, end in zip(tasks, begun, ends, strict=True):
        assert_alike(end, alone(task, begin, **settings))


def test_a_run_is_resumed_as_it_would_be_alone() -> None:
    tasks = tasks_of(2)
    begun = [initialize(task.points, 2, rng=0) for task in tasks]
    settings: dict[str, Any] = {"family": "full", "tolerance": 1e-7}
    short = SideBySide(Resamples(tasks), **settings, max_steps=4).run(begun, range(3))
    ends = SideBySide(Resamples(tasks), **settings, max_steps=60).resume(short, range(3))
    for task, begin, first, end in zip(tasks, begun, short, ends, strict=True):
        by_itself = alone(task, begin, max_steps=4, **settings)
        assert_alike(first, by_itself)
        assert_alike(end, resume(task.points, by_itself, max_steps=60, **settings))
    again = SideBySide(Resamples(tasks), **settings, max_steps=60).resume(ends, range(3))
    assert all(one is other for one, other in zip(again, ends, strict=True))


def test_one_that_collapses_says_so_and_harms_no_other() -> None:
    points = np.concatenate([FAITHFUL[:40], [[9.0, 300.0]]])
    doomed = Mixture([0.9, 0.1], [[3.0, 70.0], [9.0, 300.0]], [np.diag([1.0, 150.0])] * 2)
    tasks = (Task(FAITHFUL), Task(points), Task(FAITHFUL[::2]))
    begun = [initialize(FAITHFUL, 2, rng=0), doomed, initialize(FAITHFUL, 2, rng=0)]
    settings: dict[str, Any] = {"family": "full", "tolerance": 1e-6, "max_steps": 100}
    ends = SideBySide(Resamples(tasks), **settings).run(begun, range(3))
    assert [end.stop_reason is StopReason.COMPONENT_COLLAPSED for end in ends] == [False, True, False]
    for task, begin, end in zip(tasks, begun, ends, strict=True):
        assert_alike(end, alone(task, begin, **settings))


@pytest.mark.parametrize(("size", "offset"), [(1.0, 0.0), (1e-7, 0.0), (1.0, 1e8), (1e-4, 1e6), (1e9, 1e9)])
def test_no_digits_are_lost_to_small_components_and_far_origins(size: float, offset: float) -> None:
    """One component of the given size beside one of 1: counts and covariances as an E-step of its own has."""
    rng = np.random.default_rng(0)
    numbers = rng.standard_normal((60, 2))
    numbers[::3] = 5.0 + size * numbers[::3] @ np.array([[1.0, 0.9], [0.0, 0.1]])
    points = numbers + offset
    shape = np.cov(numbers[::3].T)
    mixture = Mixture([0.6, 0.4], [[offset, offset], [5.0 + offset] * 2], [np.eye(2), shape])
    found = Resamples((Task(points),)).gather(stacked(mixture, 2), np.zeros(2, dtype=np.intp))
    expected = e_step(points, mixture)
    for i in range(2):
        assert found.log_likelihoods[i] == pytest.approx(expected.log_likelihood, rel=1e-10, abs=1e-9)
        np.testing.assert_allclose(found.counts[i], expected.moments.counts, rtol=1e-9)
        roots = np.sqrt(np.einsum("kdd->kd", expected.moments.scatters))
        gaps = (found.scatters[i] - expected.moments.scatters) / roots[:, :, None] / roots[:, None, :]
        assert np.abs(gaps).max() < 1e-8


def stacked(mixture: Mixture, n_members: int) -> Any:
    """The log-joint of so many of them."""
    terms = mixture.log_joint
    arrays = {
        name: None if value is None else np.repeat(value[None], n_members, axis=0)
        for name, value in vars(terms).items()
    }
    return type(terms)(**arrays)


def bootstrap(points: Array) -> Array:
    fit = run(points, initialize(points, 2, rng=0)).mixture
    return weighted_likelihood_bootstrap(points, fit, n_bootstrap=7, rng=1).resampled.covariances


def ratio_test(points: Array) -> Array:
    found = likelihood_ratio_test(points, 2, n_init=2, n_bootstrap=5, rng=1)
    return np.append(found.resampled, found.statistic)


def folds(points: Array) -> Array:
    return np.array([held_out_log_likelihood(points, 3, n_folds=6, rng=1)])


@pytest.mark.parametrize("question", [bootstrap, ratio_test, folds])
@pytest.mark.parametrize("points", [FAITHFUL, heavy_tails(120, 2, 0)[:-1]], ids=["faithful", "heavy tails"])
def test_an_answer_is_that_of_fits_made_one_by_one(
    question: Callable[[Array], Array], points: Array, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = question(points)
    monkeypatch.setattr(resampling, "MOST_IN_A_LOT", 1)
    monkeypatch.setattr(SideBySide, "_go_on", one_by_one)
    np.testing.assert_allclose(question(points), together, rtol=1e-6, atol=1e-6)


def one_by_one(_: SideBySide, begun: Any, _sets: Any, _after: int, alone: Callable[[int], EMEnd]) -> Any:
    return [alone(i) for i in range(len(begun))]


def test_resamples_and_their_starts_are_drawn_in_the_same_order_whatever_is_fitted_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lots = [list(resampling.lots(10, coordinates)) for coordinates in (1, 2**18, 2**30)]
    assert [len(lot) for lot in lots] == [1, 5, 10]
    assert all([i for lot in made for i in lot] == list(range(10)) for made in lots)
    rngs = [np.random.default_rng(3), np.random.default_rng(3)]
    likelihood_ratio_test(FAITHFUL, 1, n_init=1, n_bootstrap=4, rng=rngs[0], family="tied")
    monkeypatch.setattr(resampling, "MOST_IN_A_LOT", 1)
    likelihood_ratio_test(FAITHFUL, 1, n_init=1, n_bootstrap=4, rng=rngs[1], family="tied")
    assert rngs[0].random() == rngs[1].random()
