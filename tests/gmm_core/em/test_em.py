"""EM: what a step does, and that it takes the same steps as other people's EM."""

import functools
import itertools
import re
import tracemalloc
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import (
    FAMILIES,
    STARTS,
    EMState,
    Mixture,
    MixtureError,
    PointsError,
    StopReason,
    e_step,
    expected_moments,
    initialize,
    log_likelihood,
    lower_bound,
    m_step,
    responsibilities,
    run,
    start,
    step,
)
from gmm_core.log_joint import log_joint
from gmm_core.points import Array
from tests.iteration import states_of
from tests.oracles import old_faithful, table, trajectories
from tests.strategies import QUICK, Problem, lattice_points, make_mixture, make_points, problems, seeds

FAITHFUL = old_faithful()
PARTS = ("weights", "means", "covariances")
SKLEARN = trajectories("sklearn_faithful_K2")
MCLUST = {
    name: (points, table(f"z_{name}"), trajectories(f"mclust_{name}"))
    for name, points in (
        ("faithful_K2_hard", FAITHFUL),
        ("faithful_K2_soft", FAITHFUL),
        ("aniso3_hard", table("aniso3")[:, :2]),
    )
}


def start_of(points: Array, method: str, family: str, n_components: int, seed: int) -> Mixture:
    # A generator of its own: what is given must not change what is drawn.
    rng = np.random.default_rng(seed)
    given = {
        "means": points[rng.permutation(len(points))[:n_components]],
        "responsibilities": rng.dirichlet(np.ones(n_components), len(points)),
    }
    needed = {what: values for what, values in given.items() if what == STARTS[method].needs}
    fresh = np.random.default_rng(seed)
    return initialize(points, n_components, method=method, family=family, rng=fresh, **needed)


def assert_never_falls(log_likelihoods: Sequence[float]) -> None:
    values = np.array(log_likelihoods)
    assert (np.diff(values) >= -1e-10 * np.maximum(1.0, np.abs(values[1:]))).all()


# The E-step


@QUICK
@given(problems(), st.lists(st.integers(0, 60), max_size=5))
def test_the_e_step_is_the_moments_under_the_responsibilities(problem: Problem, cuts: list[int]) -> None:
    points, mixture = problem.points, problem.mixture
    expected = expected_moments(points, responsibilities(points, mixture))
    rows = [part for part in np.split(points, sorted(cuts)) if len(part)]
    merged = functools.reduce(lambda a, b: a + b, [e_step(part, mixture) for part in rows])
    for expectation in (e_step(points, mixture), merged):
        assert expectation.log_likelihood == pytest.approx(log_likelihood(points, mixture), rel=1e-13)
        np.testing.assert_allclose(expectation.moments.counts, expected.counts, rtol=1e-11)
        np.testing.assert_allclose(expectation.moments.means, expected.means, rtol=1e-8, atol=1e-10)
        np.testing.assert_allclose(expectation.moments.scatters, expected.scatters, rtol=1e-8, atol=1e-9)


def test_the_e_step_of_many_chunks_is_that_of_one() -> None:
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 3, 2)
    points = make_points(rng, mixture, 50_003)
    expected = expected_moments(points, responsibilities(points, mixture))
    moments = e_step(points, mixture).moments
    np.testing.assert_allclose(moments.counts, expected.counts, rtol=1e-12)
    np.testing.assert_allclose(moments.means, expected.means, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(moments.scatters, expected.scatters, rtol=1e-11, atol=1e-7)


@pytest.mark.parametrize("size", [1.0, 0.1, 0.01, 3e-3, 1e-3, 1e-5, 1e-7])
@pytest.mark.parametrize("offset", [0.0, 1e6])
def test_the_e_step_keeps_the_digits_of_small_components(size: float, offset: float) -> None:
    rng = np.random.default_rng(1)
    wide = make_mixture(rng, 3, 2)
    mixture = Mixture(wide.weights, wide.means + offset, wide.covariances * [[[size**2]], [[1]], [[1]]])
    points = make_points(rng, mixture, 300)
    expectation = e_step(points, mixture)
    expected = expected_moments(points, responsibilities(points, mixture))
    extent = np.sqrt(np.einsum("kdd->kd", expected.scatters))
    error = (expectation.moments.scatters - expected.scatters) / extent[:, :, None] / extent[:, None, :]
    assert np.abs(error).max() < 5e-12
    ulp = np.spacing(np.abs(points).max())
    allowed = 1e-10 * extent / np.sqrt(expected.counts)[:, None] + ulp
    assert (np.abs(expectation.moments.means - expected.means) <= allowed).all()
    assert expectation.log_likelihood == pytest.approx(log_likelihood(points, mixture), rel=1e-11, abs=1e-9)


def test_the_e_step_never_holds_an_array_of_points_times_components() -> None:
    rng = np.random.default_rng(0)
    points = rng.standard_normal((2_000_000, 2))
    mixture = make_mixture(rng, 8, 2)
    tracemalloc.start()
    try:
        expectation = e_step(points, mixture)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64 * 2**20
    assert expectation.moments.counts.sum() == pytest.approx(len(points), rel=1e-12)


# The theorem: the likelihood never falls


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("method", STARTS)
@QUICK
@given(problems(max_dimensions=2), seeds)
def test_the_likelihood_never_falls(family: str, method: str, problem: Problem, seed: int) -> None:
    points, n_components = problem.points, problem.mixture.n_components
    begin = start_of(points, method, family, n_components, seed)
    states = states_of(points, begin, 12, family=family)
    assert_never_falls([state.log_likelihood for state in states])


@pytest.mark.parametrize("family", FAMILIES)
@QUICK
@given(lattice_points(), st.integers(1, 3), seeds)
def test_the_likelihood_never_falls_on_the_way_to_a_collapse(
    family: str, points: Array, n_components: int, seed: int
) -> None:
    try:
        begin = start_of(points, "kmeans++", family, n_components, seed)
    except PointsError as error:
        assert re.search("distinct points|are the same", str(error))  # noqa: PT017
        return
    result = run(points, begin, family=family, tolerance=0.0)
    assert result.stop_reason is not StopReason.LIKELIHOOD_FELL
    for state in result.states:
        assert_finite(state)


def assert_finite(state: EMState) -> None:
    parts = [getattr(state.mixture, part) for part in PARTS]
    moments = [state.moments.counts, state.moments.means, state.moments.scatters]
    assert all(np.isfinite(array).all() for array in (*parts, *moments, state.log_likelihood))


# The bound


@pytest.mark.parametrize("family", FAMILIES)
@QUICK
@given(problems(max_dimensions=2))
def test_the_bound_lies_between_successive_likelihoods(family: str, problem: Problem) -> None:
    for before, after in itertools.pairwise(states_of(problem.points, problem.mixture, 4, family=family)):
        bound = lower_bound(before, after.mixture)
        slack = 1e-10 * max(1.0, abs(bound))
        touching = lower_bound(before, before.mixture)
        assert touching == pytest.approx(before.log_likelihood, rel=1e-13)
        if before.iteration > 0:
            assert bound >= before.log_likelihood - slack
        assert bound <= after.log_likelihood + slack


@QUICK
@given(problems(), seeds)
def test_the_bound_is_the_sum_that_defines_it(problem: Problem, seed: int) -> None:
    rng = np.random.default_rng(seed)
    other = make_mixture(rng, problem.mixture.n_components, problem.mixture.n_dimensions)
    shares = responsibilities(problem.points, problem.mixture)
    held = shares > 0
    gaps = log_joint(problem.points, other.log_joint).T[held] - np.log(shares[held])
    bound = lower_bound(start(problem.points, problem.mixture), other)
    assert bound == pytest.approx((shares[held] * gaps).sum(), rel=1e-10)
    assert bound <= log_likelihood(problem.points, other) + 1e-10 * abs(bound)


# States, iteration, stopping


def test_every_field_of_a_state_belongs_to_its_mixture() -> None:
    begin = start_of(FAITHFUL, "kmeans++", "full", 3, 0)
    for iteration, state in enumerate(states_of(FAITHFUL, begin, 5)):
        expectation = e_step(FAITHFUL, state.mixture)
        assert state.iteration == iteration
        assert state.log_likelihood == expectation.log_likelihood
        assert np.array_equal(state.moments.scatters, expectation.moments.scatters)


def test_a_step_is_an_m_step_and_then_an_e_step() -> None:
    before = start(FAITHFUL, start_of(FAITHFUL, "kmeans", "full", 3, 1))
    after = step(FAITHFUL, before, family="diag", reg_covar=0.1)
    expected = m_step(before.moments, family="diag", reg_covar=0.1)
    assert all(np.array_equal(getattr(after.mixture, part), getattr(expected, part)) for part in PARTS)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("max_steps", [1, 7, 200])
def test_a_run_is_the_iteration_cut_off(family: str, max_steps: int) -> None:
    begin = start_of(FAITHFUL, "random_points", family, 3, 2)
    result = run(FAITHFUL, begin, family=family, tolerance=1e-7, max_steps=max_steps)
    states = states_of(FAITHFUL, begin, len(result.states) - 1, family=family)
    assert [s.log_likelihood for s in result.states] == [s.log_likelihood for s in states]
    assert result.log_likelihood == states[-1].log_likelihood
    assert result.mixture is result.states[-1].mixture
    gains = np.diff([state.log_likelihood for state in states]) / len(FAITHFUL)
    assert (gains[:-1] > 1e-7).all()
    if result.stop_reason is StopReason.CONVERGED:
        assert gains[-1] <= 1e-7
    else:
        assert (result.stop_reason, len(gains)) == (StopReason.STEP_LIMIT, max_steps)


def faithful_run(n_steps: int, **settings: Any) -> Any:
    fitted = run(FAITHFUL, start_of(FAITHFUL, "kmeans", "full", 2, 0), max_steps=n_steps)
    return run(FAITHFUL, fitted.mixture, **settings)


HONEST = {
    StopReason.CONVERGED: lambda: faithful_run(200),
    StopReason.STEP_LIMIT: lambda: faithful_run(1, max_steps=1),
    StopReason.LIKELIHOOD_FELL: lambda: faithful_run(200, reg_covar=1.0),
    # The second mean stands on the only point far away, with little extent.
    StopReason.COMPONENT_COLLAPSED: lambda: run(
        np.concatenate([FAITHFUL, [[40.0, 400.0]]]),
        Mixture([0.9, 0.1], [[3.0, 70.0], [40.0, 400.0]], [np.diag([2.0, 200.0])] * 2),
    ),
}


@pytest.mark.parametrize("reason", StopReason)
def test_every_reason_to_stop_is_reached(reason: StopReason) -> None:
    result = HONEST[reason]()
    assert result.stop_reason is reason
    assert re.fullmatch(r"[A-Z].+\.", result.explanation)
    for state in result.states:
        assert_finite(state)


def test_nothing_moves_at_a_fixed_point_even_without_tolerance() -> None:
    result = run(FAITHFUL, start_of(FAITHFUL, "kmeans", "full", 2, 0), tolerance=0.0, max_steps=5000)
    assert result.stop_reason is StopReason.CONVERGED
    again = run(FAITHFUL, result.mixture, tolerance=0.0)
    assert len(again.states) == 2


@pytest.mark.parametrize("family", FAMILIES)
def test_a_start_outside_the_family_does_not_stop_the_run(family: str) -> None:
    """Its likelihood may be out of the family's reach, and that is no fall."""
    fitted = run(FAITHFUL, start_of(FAITHFUL, "kmeans", "full", 2, 0)).mixture
    result = run(FAITHFUL, fitted, family=family, tolerance=1e-13, max_steps=5000)
    assert result.stop_reason is StopReason.CONVERGED
    expected = converged(family, 2).log_likelihood
    assert result.log_likelihood == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"tolerance": -1e-9}, "The tolerance is -1e-09; it is a gain per point, so give 0 or more."),
        ({"tolerance": np.nan}, "The tolerance is nan; it is a gain per point, so give 0 or more."),
        ({"max_steps": 0}, "The step limit is 0; allow at least 1 step."),
        ({"max_steps": -5}, "The step limit is -5; allow at least 1 step."),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        run(FAITHFUL, start_of(FAITHFUL, "kmeans", "full", 2, 0), **settings)


@pytest.mark.parametrize("dtype", [np.float32, np.int32])
def test_other_numbers_run_as_float64(dtype: Any) -> None:
    points = FAITHFUL.astype(dtype)
    begin = start_of(points, "kmeans++", "full", 2, 0)
    result, exact = run(points, begin), run(points.astype(np.float64), begin)
    assert [s.log_likelihood for s in result.states] == [s.log_likelihood for s in exact.states]


# Other people's EM


def converged(family: str, n_components: int, method: str = "kmeans", seed: int = 0) -> Any:
    begin = start_of(FAITHFUL, method, family, n_components, seed)
    return run(FAITHFUL, begin, family=family, tolerance=1e-13, max_steps=5000)


@pytest.mark.parametrize(
    ("family", "n_components", "expected"),
    [
        ("full", 1, -1289.796745), ("tied", 1, -1289.796745),
        ("diag", 1, -1516.705827), ("spherical", 1, -2003.952037),
        ("full", 2, -1130.26396018), ("tied", 2, -1140.18675944),
        ("diag", 2, -1147.80635254), ("spherical", 2, -1709.52928218),
    ],
)  # fmt: skip
def test_old_faithful_is_fitted_as_known(family: str, n_components: int, expected: float) -> None:
    assert converged(family, n_components).log_likelihood == pytest.approx(expected, abs=1e-6)


def test_old_faithful_has_the_two_known_components() -> None:
    mixture = converged("full", 2).mixture
    order = np.argsort(-mixture.weights)
    known = [[4.289661979, 79.96811524], [2.036388461, 54.47851644]]
    np.testing.assert_allclose(mixture.weights[order], [0.6441271403, 0.3558728597], atol=1e-6)
    np.testing.assert_allclose(mixture.means[order], known, atol=1e-6)


def test_old_faithful_has_the_known_best_tied_fit_of_three_components() -> None:
    best = max(converged("tied", 3, "random_points", seed).log_likelihood for seed in range(8))
    assert best == pytest.approx(-1126.31592782, abs=1e-6)


def test_old_faithful_has_the_known_full_fits_of_three_components() -> None:
    """Most starts end at -1119.21; the smallest component of a rarer, better fit holds 35 points."""
    found = [converged("full", 3, "kmeans++", seed).log_likelihood for seed in range(20)]
    near = [value for value in found if value == pytest.approx(-1119.21397059, abs=1e-6)]
    assert len(near) > len(found) / 2
    assert max(found) == pytest.approx(-1114.43987290, abs=1e-6)


@pytest.mark.parametrize("case", SKLEARN, ids=lambda case: f"{case['family']}-{case['reg_covar']}")
def test_the_steps_are_those_of_scikit_learn(case: dict[str, Any]) -> None:
    begin = Mixture(case["weights"], case["means"], np.linalg.inv(np.array(case["precisions"])))
    states = states_of(FAITHFUL, begin, 20, family=case["family"], reg_covar=case["reg_covar"])
    log_likelihoods = [state.log_likelihood for state in states[1:]]
    np.testing.assert_allclose(log_likelihoods, case["log_likelihoods"], rtol=0, atol=1e-8)
    for iteration, expected in case["parameters"].items():
        for part in PARTS:
            actual = getattr(states[int(iteration)].mixture, part)
            np.testing.assert_allclose(actual, expected[part], rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", MCLUST)
@pytest.mark.parametrize("family", ["VVV", "EEE", "VVI", "VII"])
def test_the_steps_are_those_of_mclust(name: str, family: str) -> None:
    points, shares, cases = MCLUST[name]
    case = next(case for case in cases if case["family"] == family)
    first = m_step(expected_moments(points, shares), family=family)
    states = states_of(points, first, 19, family=family)
    log_likelihoods = [state.log_likelihood for state in states]
    np.testing.assert_allclose(log_likelihoods, case["log_likelihoods"], rtol=0, atol=1e-8)
    for iteration, expected in case["parameters"].items():
        for part in PARTS:
            actual = getattr(states[int(iteration) - 1].mixture, part)
            np.testing.assert_allclose(actual, expected[part], rtol=1e-9, atol=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("far", [1.0, 1e4], ids=["by products", "by differences"])
@pytest.mark.parametrize("weighted", [False, True])
def test_memory_does_not_grow_with_the_points_in_many_dimensions(far: float, weighted: bool) -> None:
    rng = np.random.default_rng(0)
    points = rng.standard_normal((48_000, 12))
    means = far * points[:12]
    mixture = Mixture(np.full(12, 1 / 12), means, np.repeat(np.eye(12)[None], 12, axis=0))
    most = []
    for n_points in (12_000, 48_000):
        some, weights = points[:n_points], np.ones(n_points) if weighted else None
        e_step(some, mixture, sample_weights=weights)
        tracemalloc.start()
        e_step(some, mixture, sample_weights=weights)
        most.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert most[1] < 1.6 * most[0] + 2**20
