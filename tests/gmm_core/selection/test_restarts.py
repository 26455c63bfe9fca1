"""Restarts: every start is reported, the most promising is run to the end."""

import re
from typing import Any

import numpy as np
import pytest
from sklearn.cluster import KMeans

from gmm_core import (
    STARTS,
    EMRun,
    Noise,
    PointsError,
    Restarts,
    StartError,
    StopReason,
    Variant,
    default_prior,
    initialize,
    load_classic,
    restart,
    restart_kmeans,
    run,
)
from gmm_core.points import Array
from tests.oracles import old_faithful

FAITHFUL = old_faithful()


def test_every_start_is_reported_and_the_best_run_on() -> None:
    found = restart(FAITHFUL, 3, n_init=8, rng=np.random.default_rng(1), tolerance=1e-9, max_steps=2000)
    assert len(found.attempts) == 8
    ends = [attempt.states[-1].objective for attempt in found.attempts]
    assert ends[found.winner] == max(ends)
    assert all(len(attempt.states) <= 11 for attempt in found.attempts)
    assert found.run.states[0].mixture is found.attempts[found.winner].states[0].mixture
    assert found.run.stop_reason is StopReason.CONVERGED
    assert found.run.log_likelihood >= max(ends)


def test_more_starts_find_what_one_misses() -> None:
    few, many = (
        restart(FAITHFUL, 3, n_init=n, method="random_points", rng=np.random.default_rng(4), max_steps=1000)
        for n in (1, 60)
    )
    assert many.run.log_likelihood >= few.run.log_likelihood
    assert many.run.log_likelihood > -1119.3


def test_a_start_that_collapses_does_not_win() -> None:
    points = np.concatenate([np.random.default_rng(0).standard_normal((60, 2)), [[9.0, 11.0]]])
    found = restart(
        points, 2, n_init=12, method="farthest_points", rng=np.random.default_rng(0), short_steps=50
    )
    reasons = [attempt.stop_reason for attempt in found.attempts]
    assert StopReason.COMPONENT_COLLAPSED in reasons
    assert (reasons[found.winner] is StopReason.COMPONENT_COLLAPSED) == (
        set(reasons) == {StopReason.COMPONENT_COLLAPSED}
    )


def two_far_from_the_rest(seed: int) -> Array:
    """Eighteen points and two more: a component of those two is as thin as a line."""
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(size=(18, 2)), rng.normal(size=(2, 2)) + 3])


@pytest.mark.parametrize("method", ["kmeans++", "kmeans", "random_points"])
def test_where_the_best_collapses_the_next_best_is_carried_on(method: str) -> None:
    carried_on = 0
    for seed in (12, 13, 15, 30, 33, 37, 52):
        points = two_far_from_the_rest(seed)
        found = restart(points, 2, n_init=6, method=method, rng=seed)
        rng = np.random.default_rng(seed)
        starts = [initialize(points, 2, method=method, rng=rng) for _ in range(6)]
        ends = [run(points, start) for start in starts]
        sound = [i for i, end in enumerate(ends) if end.collapse is None]
        assert (found.run.collapse is None) == bool(sound)
        assert found.winner in (sound or range(6))
        assert found.run.log_likelihood == ends[found.winner].log_likelihood
        # What was carried on in vain says so.
        better = [i for i, one in enumerate(found.attempts) if one.collapse and len(one.states) > 10]
        assert all(found.attempts[i].log_likelihood == ends[i].log_likelihood for i in better)
        carried_on += bool(better)
    assert carried_on


def test_flowers_never_end_in_a_collapse_that_another_start_avoids() -> None:
    points = load_classic("iris").pair("sepal_length", "sepal_width").points
    for seed in range(5):
        assert restart(points, 6, rng=seed).run.collapse is None


def test_the_variant_is_that_of_the_runs() -> None:
    variant = Variant(temperature=0.0, equal_weights=True)
    found = restart(FAITHFUL, 2, n_init=3, variant=variant, rng=np.random.default_rng(2))
    begin = found.run.states[0].mixture
    assert found.run.log_likelihood == run(FAITHFUL, begin, variant=variant).log_likelihood


@pytest.mark.parametrize("tolerance", [1e-2, 1e-6])
@pytest.mark.parametrize("short_steps", [1, 10, 300])
@pytest.mark.parametrize("max_steps", [1, 5, 200])
@pytest.mark.parametrize("family", ["full", "VVE"])
def test_the_winner_is_run_as_if_from_its_start(
    tolerance: float, short_steps: int, max_steps: int, family: str
) -> None:
    settings: dict[str, Any] = {"tolerance": tolerance, "max_steps": max_steps, "family": family}
    rng = np.random.default_rng(3)
    found = restart(FAITHFUL, 4, n_init=4, short_steps=short_steps, rng=rng, **settings).run
    alone = run(FAITHFUL, found.states[0].mixture, **settings)
    assert (found.stop_reason, found.explanation) == (alone.stop_reason, alone.explanation)
    assert [state.objective for state in found.states] == [state.objective for state in alone.states]
    assert [state.iteration for state in found.states] == list(range(len(found.states)))


def test_no_starts_are_refused() -> None:
    sentence = "0 starts were asked for; draw at least 1."
    with pytest.raises(StartError, match=f"^{re.escape(sentence)}$"):
        restart(FAITHFUL, 2, n_init=0, rng=np.random.default_rng(0))


def test_what_is_told_of_the_progress_must_be_a_function() -> None:
    with pytest.raises(PointsError, match=r"^What is told of the progress is 3; give a function"):
        restart(FAITHFUL, 2, rng=0, progress=3)  # pyright: ignore[reportArgumentType]


def alone(points: Array, found: Restarts, attempt: int, **settings: Any) -> EMRun:
    return run(points, found.attempts[attempt].states[0].mixture, max_steps=10, **settings)


VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "a family that iterates": {"family": "VVE"},
    "weights": {"variant": Variant(sample_weights=np.arange(len(FAITHFUL)) % 4)},
    "a prior": {"variant": Variant(prior=default_prior(FAITHFUL, 3))},
    "equal weights": {"variant": Variant(equal_weights=True)},
    "fixed covariances": {"variant": Variant(covariances=np.repeat([np.diag([0.1, 30.0])], 3, axis=0))},
    "a temperature": {"variant": Variant(temperature=2.0)},
    "reg_covar": {"reg_covar": 0.5},
}


@pytest.mark.parametrize("kind", VARIANTS)
def test_every_attempt_is_the_run_that_it_would_be_alone(kind: str) -> None:
    settings = VARIANTS[kind]
    found = restart(FAITHFUL, 3, n_init=7, rng=3, **settings)
    weights = settings.get("variant", Variant()).sample_weights
    rng = np.random.default_rng(3)
    for i, attempt in enumerate(found.attempts):
        drawn = initialize(
            FAITHFUL, 3, family=settings.get("family", "full"), sample_weights=weights, rng=rng
        )
        np.testing.assert_array_equal(attempt.states[0].mixture.means, drawn.means)
        expected = alone(FAITHFUL, found, i, **settings)
        assert attempt.stop_reason is expected.stop_reason
        assert len(attempt.states) == len(expected.states)
        for state, other in zip(attempt.states, expected.states, strict=True):
            assert state.objective == pytest.approx(other.objective, rel=1e-9)
            assert state.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-9)
            for name in ("weights", "means", "covariances"):
                np.testing.assert_allclose(
                    getattr(state.mixture, name), getattr(other.mixture, name), rtol=1e-7, atol=1e-9
                )


def test_restarts_take_noise_and_binary_columns() -> None:
    rng = np.random.default_rng(0)
    numbers = np.vstack([rng.standard_normal((100, 2)), rng.uniform(-9, 9, (30, 2))])
    points = np.column_stack([numbers, rng.integers(0, 2, 130)])
    found = restart(points, 2, n_init=4, noise=Noise(0.2, 324.0), n_binary=1, rng=0)
    for i, attempt in enumerate(found.attempts):
        expected = alone(points, found, i)
        assert attempt.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-9)
        assert attempt.mixture.noise is not None
        assert expected.mixture.noise is not None
        assert attempt.mixture.noise.amount == pytest.approx(expected.mixture.noise.amount, rel=1e-7)
        np.testing.assert_allclose(attempt.mixture.probabilities, expected.mixture.probabilities, rtol=1e-7)


@pytest.mark.parametrize("short_steps", [1, 10])
def test_restarts_say_how_far_they_are(short_steps: int) -> None:
    said: list[float] = []
    settings: dict[str, Any] = {"n_init": 4, "short_steps": short_steps, "rng": 0}
    told = restart(FAITHFUL, 3, progress=said.append, **settings)
    assert said == sorted(set(said))
    assert said[-1] == 1.0
    untold = restart(FAITHFUL, 3, **settings)
    assert told.run.explanation == untold.run.explanation
    assert told.run.log_likelihood == untold.run.log_likelihood


@pytest.mark.parametrize(("limit", "short"), [(0.0, True), (0.3, False)])
def test_restarts_that_are_stopped_return_what_there_is(limit: float, short: bool) -> None:
    """At once, or when the winner is under way: the run is what it would be with that limit."""
    settings: dict[str, Any] = {"tolerance": 0.0, "n_init": 4, "rng": 0}
    whole = restart(FAITHFUL, 3, max_steps=100, **settings)
    asked: list[float] = []

    def stop(share: float) -> bool:
        asked.append(share)
        return share > limit

    found = restart(FAITHFUL, 3, max_steps=100, progress=stop, **settings)
    assert [share for share in asked if share > limit] == asked[-1:]
    assert len(found.attempts) == 4
    reached = found.run.last.iteration
    assert (reached < 10) == short
    assert reached < whole.run.last.iteration
    assert found.run.stop_reason is StopReason.STEP_LIMIT
    alone = run(FAITHFUL, found.run.states[0].mixture, max_steps=reached, tolerance=0.0)
    assert found.run.log_likelihood == pytest.approx(alone.log_likelihood, rel=1e-9)


# K-Means


@pytest.mark.parametrize("method", [name for name, start in STARTS.items() if start.needs is None])
def test_restarts_of_kmeans_report_every_run_and_take_the_best(method: str) -> None:
    found = restart_kmeans(FAITHFUL, 4, n_init=6, method=method, rng=np.random.default_rng(5))
    inertias = [attempt.inertia for attempt in found.attempts]
    assert len(inertias) == 6
    assert found.winner == int(np.argmin(inertias))
    assert found.run is found.attempts[found.winner]
    again = restart_kmeans(FAITHFUL, 4, n_init=6, method=method, rng=np.random.default_rng(5))
    assert [attempt.inertia for attempt in again.attempts] == inertias


def test_restarts_of_kmeans_find_what_scikit_learn_finds() -> None:
    found = restart_kmeans(FAITHFUL, 5, n_init=20, rng=np.random.default_rng(0))
    other = KMeans(5, n_init=20, random_state=0, tol=0.0, algorithm="lloyd").fit(FAITHFUL)
    assert found.run.inertia == pytest.approx(other.inertia_, rel=1e-9)
    limited = restart_kmeans(FAITHFUL, 5, n_init=2, max_steps=1, rng=np.random.default_rng(0))
    assert all(len(attempt.states) == 2 for attempt in limited.attempts)


def test_restarts_of_kmeans_refuse_what_cannot_be_started() -> None:
    with pytest.raises(StartError, match=r"^0 starts were asked for; draw at least 1\.$"):
        restart_kmeans(FAITHFUL, 2, n_init=0, rng=np.random.default_rng(0))
    with pytest.raises(PointsError, match="3 distinct points and there are only 2"):
        restart_kmeans([[0.0], [0.0], [1.0]], 3, rng=np.random.default_rng(0))
