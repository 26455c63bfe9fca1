"""One contract for every algorithm: it starts, it steps towards its objective, and its run says why it ended.

Everything is asked of every entry of ALGORITHMS, and of some with settings: a new one inherits it all.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given

import gmm_core
from gmm_core import ComponentCollapsedError, Mixture, PointsError, Variant
from gmm_core.algorithms import ALGORITHMS
from gmm_core.em import EM
from gmm_core.iteration import Algorithm, Run, State
from gmm_core.kmeans import KMeans
from gmm_core.points import Array
from gmm_core.variational import VariationalMixture, VariationalPrior
from tests.arrays import arrays_in
from tests.oracles import old_faithful
from tests.strategies import QUICK, Problem, make_mixture, make_points, problems, seeds

AnyAlgorithm = Algorithm[Any, Any]


@dataclass(frozen=True)
class Case:
    """An algorithm made for N points and K components."""

    make: Callable[[Array, int], AnyAlgorithm]
    may_lose_at_first: bool = False
    """Whether the mixture to begin with may be out of its reach, and the first step cost something."""


def weights_of(points: Array) -> Array:
    return 0.5 + np.arange(len(points)) % 3


def varied(**settings: Any) -> Callable[[Array, int], AnyAlgorithm]:
    return lambda points, k: EM(variant=Variant(**settings))


def with_prior(points: Array, n_components: int) -> AnyAlgorithm:
    return EM(variant=Variant(prior=gmm_core.default_prior(points, n_components)))


def hard_limit(points: Array, n_components: int) -> AnyAlgorithm:
    covariances = np.repeat(np.diag(0.1 * points.var(axis=0))[None], n_components, axis=0)
    return EM("spherical", variant=Variant(equal_weights=True, covariances=covariances))


def with_own_prior(points: Array, n_components: int) -> AnyAlgorithm:
    n_dimensions = points.shape[1]
    prior = VariationalPrior(0.5, np.zeros(n_dimensions), 0.4, n_dimensions + 0.5, np.eye(n_dimensions))
    return VariationalMixture(prior)


CASES: dict[str, Case] = {
    **{name: Case(lambda points, k, name=name: ALGORITHMS[name]) for name in ALGORITHMS},
    "EM of a family": Case(lambda points, k: EM("spherical"), may_lose_at_first=True),
    "EM of weighted points": Case(lambda points, k: EM(variant=Variant(sample_weights=weights_of(points)))),
    "EM with a prior": Case(with_prior),
    "EM of equal weights": Case(varied(equal_weights=True), may_lose_at_first=True),
    "EM at a high temperature": Case(varied(temperature=2.0)),
    "EM at temperature 0": Case(varied(temperature=0.0)),
    "EM near K-Means": Case(hard_limit, may_lose_at_first=True),
    "K-Means of weighted points": Case(lambda points, k: KMeans(weights_of(points))),
    "variational, of weighted points": Case(
        lambda points, k: VariationalMixture(sample_weights=weights_of(points))
    ),
    "variational, with another prior": Case(with_own_prior),
    "variational, of a stick": Case(lambda points, k: VariationalMixture(weights="stick-breaking")),
    "variational, diagonal": Case(lambda points, k: VariationalMixture(family="diag")),
    "variational, without moves": Case(lambda points, k: VariationalMixture(moves=False)),
}

every_case = pytest.mark.parametrize("name", CASES)
every_algorithm = pytest.mark.parametrize("name", ALGORITHMS)

FAITHFUL = old_faithful()
BEGIN = gmm_core.initialize(FAITHFUL, 3, rng=2)


def made(name: str, points: Array = FAITHFUL, n_components: int = 3) -> AnyAlgorithm:
    return CASES[name].make(points, n_components)


def states_of(algorithm: AnyAlgorithm, points: Array, mixture: Mixture) -> Iterator[State]:
    """Step by step, until a component collapses."""
    state = algorithm.start(points, mixture)
    try:
        while True:
            yield state
            state = algorithm.step(points, state)
    except ComponentCollapsedError:
        return


def objectives(run: Run[Any]) -> list[float]:
    return [state.objective for state in run.states]


def declared_arrays(value: Any) -> list[Array]:
    """Every array in its fields, however deep; what it works out when asked is not among them."""
    if isinstance(value, np.ndarray):
        return [value]
    if not is_dataclass(value):
        return []
    return [array for entry in fields(value) for array in declared_arrays(getattr(value, entry.name))]


def assert_same(run: Run[Any], other: Run[Any]) -> None:
    """To the last bit."""
    assert (run.stop_reason, run.explanation) == (other.stop_reason, other.explanation)
    assert (run.objective_name, run.rises) == (other.objective_name, other.rises)
    for state, expected in zip(run.states, other.states, strict=True):
        assert (state.iteration, state.objective) == (expected.iteration, expected.objective)
        for array, same in zip(declared_arrays(state), declared_arrays(expected), strict=True):
            assert np.array_equal(array, same)


# The theorem


@every_case
@QUICK
@given(problems())
def test_no_step_loses(name: str, problem: Problem) -> None:
    algorithm = made(name, problem.points, problem.mixture.n_components)
    values = np.array(
        [state.objective for state in itertools.islice(states_of(algorithm, *vars(problem).values()), 12)]
    )
    rises = algorithm.run(problem.points, problem.mixture, max_steps=1).rises
    gains = np.diff(values if rises else -values)[CASES[name].may_lose_at_first :]
    assert (gains >= -1e-10 * np.maximum(1.0, np.abs(values[1:][-len(gains) :]))).all()


@every_case
def test_the_direction_is_the_one_in_which_it_goes(name: str) -> None:
    run = made(name).run(FAITHFUL, BEGIN, max_steps=50)
    assert (run.states[-1].objective > run.states[1].objective) == run.rises
    assert re.fullmatch(r"[a-z][a-z -]+", run.objective_name)


# Steps and runs


@every_case
def test_a_run_is_the_steps_one_after_the_other(name: str) -> None:
    algorithm = made(name)
    run = algorithm.run(FAITHFUL, BEGIN, max_steps=8)
    assert [state.iteration for state in run.states] == list(range(len(run.states)))
    for state, expected in zip(run.states, states_of(algorithm, FAITHFUL, BEGIN), strict=False):
        assert state.objective == expected.objective
        assert np.array_equal(state.moments.scatters, expected.moments.scatters)


@every_case
@pytest.mark.parametrize("max_steps", [1, 2, 5])
def test_a_run_of_a_few_steps_is_the_beginning_of_a_longer_one(name: str, max_steps: int) -> None:
    algorithm = made(name)
    short, long = (algorithm.run(FAITHFUL, BEGIN, max_steps=most) for most in (max_steps, 400))
    assert objectives(short) == objectives(long)[: max_steps + 1]
    if len(long.states) > max_steps + 1:
        assert short.stop_reason.name == "STEP_LIMIT"
        assert short.is_unfinished
        assert f"the limit of {max_steps} iterations" in short.explanation


@every_case
def test_a_run_ends_by_itself_where_nothing_more_is_to_be_gained(name: str) -> None:
    algorithm = made(name)
    run = algorithm.run(FAITHFUL, BEGIN, max_steps=2000)
    assert run.stop_reason.name == "CONVERGED"
    assert not run.is_unfinished
    last = run.states[-1]
    after = algorithm.step(FAITHFUL, last)
    assert abs(after.objective - last.objective) <= 1e-6 * last.moments.total


@every_case
def test_a_run_that_is_resumed_is_the_one_that_was_not_broken_off(name: str) -> None:
    algorithm = made(name)
    for first, last in ((1, 4), (3, 400)):
        begun = algorithm.run(FAITHFUL, BEGIN, max_steps=first)
        resumed = algorithm.resume(FAITHFUL, begun, max_steps=last)
        assert_same(resumed, algorithm.run(FAITHFUL, BEGIN, max_steps=last))
        assert len(begun.states) == first + 1
    ended = algorithm.run(FAITHFUL, BEGIN, max_steps=400)
    assert algorithm.resume(FAITHFUL, ended, max_steps=800) is ended
    assert algorithm.resume(FAITHFUL, begun, max_steps=first) is begun


@every_case
def test_why_it_ended_is_a_sentence(name: str) -> None:
    for max_steps in (1, 400):
        run = made(name).run(FAITHFUL, BEGIN, max_steps=max_steps)
        for sentence in (run.stop_reason.value, run.explanation):
            assert re.fullmatch(r"[A-Z][^\n]+\.", sentence)
        assert str(run.states[-1].iteration) in run.explanation


@every_case
def test_the_same_points_and_mixture_give_the_same_run_and_stay_as_they_are(name: str) -> None:
    points = FAITHFUL.copy()
    first, second = (made(name).run(points, BEGIN, max_steps=20) for _ in range(2))
    assert_same(first, second)
    assert np.array_equal(points, FAITHFUL)
    listed = made(name).run(FAITHFUL.tolist(), BEGIN, max_steps=20)
    assert_same(listed, first)


@every_case
def test_nothing_in_a_run_can_be_written_to(name: str) -> None:
    run = made(name).run(FAITHFUL, BEGIN, max_steps=5)
    arrays = arrays_in(run)
    assert arrays
    assert not any(array.flags.writeable for array in arrays)


# What it gathers


@every_case
def test_every_state_holds_all_the_points(name: str) -> None:
    total = weights_of(FAITHFUL).sum() if "weighted" in name else len(FAITHFUL)
    for state in made(name).run(FAITHFUL, BEGIN, max_steps=6).states:
        assert state.moments.total == pytest.approx(total, rel=1e-12)
        assert state.moments.means.shape == BEGIN.means.shape


@every_algorithm
@QUICK
@given(problems(), seeds)
def test_neither_the_order_of_the_points_nor_that_of_the_components_matters(
    name: str, problem: Problem, seed: int
) -> None:
    points, mixture, rng = problem.points, problem.mixture, np.random.default_rng(seed)
    order, names = rng.permutation(len(points)), rng.permutation(mixture.n_components)
    turned = Mixture(mixture.weights[names], mixture.means[names], mixture.covariances[names])
    here = itertools.islice(states_of(ALGORITHMS[name], points, mixture), 4)
    there = itertools.islice(states_of(ALGORITHMS[name], points[order], turned), 4)
    for state, other in zip(here, there, strict=True):
        assert other.objective == pytest.approx(state.objective, rel=1e-9, abs=1e-9)
        np.testing.assert_allclose(other.moments.counts, state.moments.counts[names], rtol=1e-7, atol=1e-7)


@every_algorithm
@pytest.mark.parametrize("n_dimensions", [1, 3])
def test_any_number_of_dimensions_will_do(name: str, n_dimensions: int) -> None:
    rng = np.random.default_rng(n_dimensions)
    mixture = make_mixture(rng, 2, n_dimensions)
    run = ALGORITHMS[name].run(make_points(rng, mixture, 200), mixture, max_steps=3)
    assert run.states[-1].moments.scatters.shape == (2, n_dimensions, n_dimensions)


@every_case
def test_a_lower_bound_lies_below_the_likelihood_that_follows(name: str) -> None:
    run = made(name).run(FAITHFUL, BEGIN, max_steps=30)
    if run.lower_bounds is None:
        return
    assert run.lower_bounds.shape == (len(run.states) - 1,)
    if run.objective_name == "log-likelihood":
        values = np.array(objectives(run))
        slack = 1e-10 * np.abs(values[1:])
        assert (run.lower_bounds <= values[1:] + slack).all()
        later = slice(int(CASES[name].may_lose_at_first), None)
        assert (run.lower_bounds[later] >= values[:-1][later] - slack[later]).all()


# What is refused


@every_algorithm
@pytest.mark.parametrize("max_steps", [0, -5, 2.5, None, True])
def test_a_step_limit_that_makes_no_sense_is_refused(name: str, max_steps: Any) -> None:
    with pytest.raises(ValueError, match=r"^The step limit .*\.$"):
        ALGORITHMS[name].run(FAITHFUL, BEGIN, max_steps=max_steps)


@every_algorithm
@pytest.mark.parametrize(
    ("points", "sentence"),
    [
        ([[0.0, np.nan], [1.0, 1.0]], "Row 0 of the points is missing or infinite; "),
        (np.empty((0, 2)), "There are no points; "),
        (FAITHFUL[:, :1], "points have 1 columns and the mixture 2|centres have 2 columns and the points 1"),
        (FAITHFUL[:, 0], r"must have shape \(N, D\)"),
        ("text", "must be"),
        ([[1, 2], [3]], "must be a regular array of numbers; "),
    ],
    ids=["a gap", "none", "a column less", "one axis", "text", "ragged"],
)
def test_bad_points_are_refused_in_one_sentence(name: str, points: Any, sentence: str) -> None:
    algorithm = ALGORITHMS[name]
    state = algorithm.start(FAITHFUL, BEGIN)
    for refuse in (
        lambda: algorithm.start(points, BEGIN),
        lambda: algorithm.step(points, state),
        lambda: algorithm.run(points, BEGIN, max_steps=3),
    ):
        with pytest.raises(PointsError, match=sentence) as refused:
            refuse()
        assert re.fullmatch(r"[A-Z][^\n]+\.", str(refused.value))


@every_algorithm
@pytest.mark.parametrize("other", [*ALGORITHMS, "nothing"])
def test_the_state_of_another_algorithm_is_refused(name: str, other: str) -> None:
    state = None if other == "nothing" else ALGORITHMS[other].start(FAITHFUL, BEGIN)
    # Those that are EM, at whatever temperature, go on where another one stands.
    if type(state) is type(ALGORITHMS[name].start(FAITHFUL, BEGIN)):
        return
    with pytest.raises(PointsError, match=r"^The state must be a \w+State, not .*; give .*\.$"):
        ALGORITHMS[name].step(FAITHFUL, state)


@every_algorithm
def test_an_algorithm_says_what_it_is(name: str) -> None:
    assert re.fullmatch(r"[A-Z].+", ALGORITHMS[name].title)
    titles = [algorithm.title for algorithm in ALGORITHMS.values()]
    assert len(set(titles)) == len(titles)
