"""Held-out likelihood: every point is judged once, by a fit that has not seen it."""

import re
from typing import Any

import numpy as np
import pytest
from scipy.stats import multivariate_normal, sem

from gmm_core import (
    FAMILIES,
    STARTS,
    FamilyError,
    Mixture,
    MixtureError,
    Noise,
    PointsError,
    StartError,
    StopReason,
    Variant,
    initialize,
    log_likelihood,
)
from gmm_core.points import Array
from gmm_core.selection import cross_validation
from gmm_core.selection.cross_validation import (
    HeldOut,
    held_out_log_likelihood,
    held_out_log_likelihoods,
)
from gmm_core.selection.resampling import SideBySide
from tests.oracles import old_faithful
from tests.strategies import make_mixture, make_points

FAITHFUL = old_faithful()


def held_out(points: Any, n_components: int, *, seed: int = 0, **settings: Any) -> float:
    return held_out_log_likelihood(points, n_components, rng=np.random.default_rng(seed), **settings)


def by_fold(points: Any, n_components: int, *, seed: int = 0, **settings: Any) -> HeldOut:
    return held_out_log_likelihoods(points, n_components, rng=seed, **settings)


def watch_folds(monkeypatch: pytest.MonkeyPatch) -> list[Array]:
    """What is fitted to, fold by fold."""
    fitted: list[Array] = []

    def watched(points: Array, *args: Any, **settings: Any) -> Mixture:
        fitted.append(points)
        return initialize(points, *args, **settings)

    monkeypatch.setattr(cross_validation, "initialize", watched)
    return fitted


@pytest.mark.parametrize("n_folds", [2, 5, 10, 23])
def test_every_point_is_held_out_once_in_folds_of_nearly_equal_size(
    n_folds: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = np.random.default_rng(0).permutation(23.0 * np.arange(23))[:, None]
    fitted = watch_folds(monkeypatch)
    held_out(points, 1, n_folds=n_folds)
    left_out = [np.setdiff1d(points, others) for others in fitted]
    assert len(left_out) == n_folds
    assert {len(fold) for fold in left_out} <= {23 // n_folds, -(-23 // n_folds)}
    assert np.array_equal(np.sort(np.concatenate(left_out)), np.sort(points.ravel()))
    assert n_folds == 23 or any((np.diff(fold) > 23).any() for fold in left_out)


def test_leaving_one_out_of_one_gaussian_is_what_it_says() -> None:
    points = FAITHFUL[:30]
    expected = 0.0
    for n in range(30):
        others = np.delete(points, n, axis=0)
        expected += multivariate_normal(others.mean(axis=0), np.cov(others.T, bias=True)).logpdf(points[n])
    assert held_out(points, 1, n_folds=30) == pytest.approx(expected / 30, rel=1e-10)


def test_the_folds_are_those_of_the_seed_whatever_is_fitted(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted = watch_folds(monkeypatch)
    held_out(FAITHFUL, 1, n_folds=3, seed=7)
    held_out(FAITHFUL, 3, n_folds=3, seed=7, family="diag", method="random_points")
    held_out(FAITHFUL, 1, n_folds=3, seed=8)
    assert all(np.array_equal(fitted[i], fitted[i + 3]) for i in range(3))
    assert not np.array_equal(fitted[0], fitted[6])


def test_the_generator_alone_decides() -> None:
    assert held_out(FAITHFUL, 3, seed=1) == held_out(FAITHFUL, 3, seed=1)
    assert held_out(FAITHFUL, 3, seed=1) != held_out(FAITHFUL, 3, seed=2)


def test_it_finds_the_number_of_components_the_points_came_from() -> None:
    rng = np.random.default_rng(0)
    covariances = [np.eye(2), np.diag([3.0, 0.2]), [[1.0, 0.8], [0.8, 1.0]]]
    truth = Mixture([0.4, 0.3, 0.3], [[0, 0], [8, 0], [0, 8]], covariances)
    points = make_points(rng, truth, 300)
    scores = [held_out(points, k, method="kmeans") for k in (1, 2, 3)]
    assert scores == sorted(scores)
    assert scores[2] == pytest.approx(log_likelihood(points, truth) / 300, abs=0.1)
    assert held_out(points, 3, method="kmeans", family="spherical") < scores[2]


def test_a_change_of_units_shifts_it_by_their_logarithm() -> None:
    changed = held_out(FAITHFUL * [60.0, 0.5] + 1000.0, 2)
    assert changed == pytest.approx(held_out(FAITHFUL, 2) - np.log(30.0), abs=1e-8)


def test_a_fit_that_collapses_is_judged_by_its_last_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """One point far away, and a start that always puts a component on it."""
    points = np.concatenate(
        [
            make_points(np.random.default_rng(1), make_mixture(np.random.default_rng(1), 1, 2), 60),
            [[90.0, 90.0]],
        ]
    )
    runs: list[Any] = []

    def watched(*args: Any) -> Any:
        found = run_side_by_side(*args)
        runs.extend(found)
        return found

    run_side_by_side = SideBySide.run
    monkeypatch.setattr(SideBySide, "run", watched)
    score = held_out(points, 2, n_folds=5, method="farthest_points")
    assert StopReason.COMPONENT_COLLAPSED in {result.stop_reason for result in runs}
    assert np.isfinite(score)
    rng = np.random.default_rng(0)
    folds = np.array_split(rng.permutation(61), 5)
    total = sum(log_likelihood(points[fold], r.mixture) for fold, r in zip(folds, runs, strict=True))
    assert score == pytest.approx(total / 61, rel=1e-13)


def test_reg_covar_and_the_limits_of_the_run_are_passed_on() -> None:
    assert held_out(FAITHFUL, 2, reg_covar=5.0) < held_out(FAITHFUL, 2) - 0.1
    assert held_out(FAITHFUL, 3, max_steps=1) != held_out(FAITHFUL, 3)
    assert held_out(FAITHFUL, 3, tolerance=1.0) != held_out(FAITHFUL, 3)


def test_the_variant_and_the_noise_are_those_of_the_fits() -> None:
    rng = np.random.default_rng(0)
    points = np.vstack([rng.standard_normal((120, 2)), rng.uniform(-20, 20, (40, 2))])
    assert held_out(points, 1, noise=Noise(0.1, 1600.0)) > held_out(points, 1) + 0.2
    weights = np.arange(len(FAITHFUL)) % 3
    inside = held_out(FAITHFUL, 2, variant=Variant(sample_weights=weights))
    assert inside == held_out(FAITHFUL, 2, sample_weights=weights)
    assert held_out(FAITHFUL, 2, variant=Variant(equal_weights=True)) != held_out(FAITHFUL, 2)
    with pytest.raises(MixtureError, match=r"^Sample weights are given twice; "):
        held_out(FAITHFUL, 2, variant=Variant(sample_weights=weights), sample_weights=weights)


def test_it_says_how_far_it_is_and_stops_when_told() -> None:
    said: list[float] = []
    held_out(FAITHFUL, 1, n_folds=4, progress=said.append)
    assert said == [0.25, 0.5, 0.75, 1.0]
    runs: list[float] = []
    stopped = held_out(FAITHFUL, 1, n_folds=4, progress=lambda share: bool(runs.append(share)) or share > 0.4)
    assert runs == [0.25, 0.5]
    assert np.isfinite(stopped)


def test_every_fold_has_its_own_mean() -> None:
    """Of one Gaussian the fit is known."""
    points = FAITHFUL[:23]
    found = by_fold(points, 1, n_folds=4, seed=3)
    folds = np.array_split(np.random.default_rng(3).permutation(23), 4)
    assert found.counts.tolist() == [6, 6, 6, 5]
    for fold, mean in zip(folds, found.means, strict=True):
        others = np.delete(points, fold, axis=0)
        fit = multivariate_normal(others.mean(axis=0), np.cov(others.T, bias=True))
        assert mean == pytest.approx(fit.logpdf(points[fold]).mean(), rel=1e-10)
    assert found.mean == pytest.approx(found.means @ [6, 6, 6, 5] / 23, rel=1e-14)
    assert found.mean == held_out(points, 1, n_folds=4, seed=3)


def test_the_standard_error_is_that_of_the_folds_mean() -> None:
    found = by_fold(FAITHFUL, 2, n_folds=8)
    assert set(found.counts) == {34}
    assert found.standard_error == pytest.approx(sem(found.means), rel=1e-12)
    weights = np.arange(len(FAITHFUL)) % 3
    weighted = by_fold(FAITHFUL, 2, n_folds=8, sample_weights=weights)
    tenfold = by_fold(FAITHFUL, 2, n_folds=8, variant=Variant(sample_weights=10 * weights))
    assert weighted.counts.sum() == weights.sum()
    assert tenfold.standard_error == pytest.approx(weighted.standard_error, rel=1e-9)
    with pytest.raises(MixtureError, match=r"^One fold has no spread; .*\.$"):
        _ = by_fold(FAITHFUL, 1, progress=lambda share: True).standard_error


def test_models_are_compared_fold_by_fold() -> None:
    """What a fold has of outliers it costs every model, so that the differences spread far less."""
    one, two = by_fold(FAITHFUL, 2, family="full"), by_fold(FAITHFUL, 3, family="tied")
    paired = sem(two.means - one.means)
    assert paired < 0.5 * np.hypot(one.standard_error, two.standard_error)


def test_of_several_starts_the_likeliest_to_the_other_folds_is_judged(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends: list[Any] = []
    run_side_by_side = SideBySide.run

    def watched(*args: Any) -> Any:
        ends.extend(run_side_by_side(*args))
        return ends[-len(args[1]) :]

    monkeypatch.setattr(SideBySide, "run", watched)
    points = np.concatenate([FAITHFUL, [[9.0, 300.0]]])
    found = by_fold(points, 4, n_folds=5, n_init=4, method="farthest_points")
    assert len(ends) == 20
    folds = np.array_split(np.random.default_rng(0).permutation(len(points)), 5)
    collapsed = 0
    for i, (fold, mean) in enumerate(zip(folds, found.means, strict=True)):
        mine = ends[4 * i : 4 * i + 4]
        sound = [end for end in mine if end.collapse is None]
        collapsed += len(mine) - len(sound)
        best = max(sound or mine, key=lambda end: end.log_likelihood)
        assert mean == pytest.approx(log_likelihood(points[fold], best.mixture) / len(fold), rel=1e-12)
    assert 0 < collapsed < 20


def test_one_start_is_what_it_was() -> None:
    assert held_out(FAITHFUL, 3, n_init=1) == held_out(FAITHFUL, 3)
    with pytest.raises(StartError, match=r"^0 starts were asked for; draw at least 1\.$"):
        held_out(FAITHFUL, 3, n_init=0)


def test_stopped_it_answers_for_the_folds_judged() -> None:
    whole = by_fold(FAITHFUL, 2, n_folds=5)
    part = by_fold(FAITHFUL, 2, n_folds=5, progress=lambda share: share > 0.5)
    assert np.array_equal(part.means, whole.means[:3])
    assert part.mean == pytest.approx(whole.counts[:3] @ whole.means[:3] / whole.counts[:3].sum())


def test_binary_columns_are_judged_too() -> None:
    coin = np.random.default_rng(0).integers(0, 2, len(FAITHFUL))
    tossed = held_out(np.column_stack([FAITHFUL, coin]), 1, n_binary=1)
    assert tossed == pytest.approx(held_out(FAITHFUL, 1) - np.log(2), abs=0.02)


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"n_folds": 1}, PointsError, "272 points cannot be cut into 1 folds; give a whole number of 2 or "
            "more, at most one for each point."),
        ({"n_folds": 273}, PointsError, "272 points cannot be cut into 273 folds; give a whole number of 2 "
            "or more, at most one for each point."),
        ({"n_folds": 2.5}, PointsError, "272 points cannot be cut into 2.5 folds; give a whole number of 2 "
            "or more, at most one for each point."),
        ({"method": "given_means"}, StartError, "The start 'given_means' needs means, and every fold would "
            "need its own; choose a start that needs only points."),
        ({"method": "best"}, StartError, f"There is no start 'best'; choose one of {', '.join(STARTS)}."),
        ({"family": "round"}, FamilyError, "There is no covariance family 'round'; choose one of "
            f"{', '.join(FAMILIES)}."),
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(
    settings: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        held_out(FAITHFUL, 2, **settings)
