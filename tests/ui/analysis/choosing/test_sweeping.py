"""A sweep of the experiment's data: over any data that the app can hold, and what fails says why."""

from dataclasses import replace

import numpy as np
import pytest

import gmm_core
from ui.analysis.choosing.sweeping import MOST_SWEPT, Swept, few_of, swept
from ui.data import Data, data_of
from ui.experiment import Experiment
from ui.experiment.transitions import choose_data

FAITHFUL = replace(choose_data(Experiment(), "old_faithful"), most=4)


def drawn(points: np.ndarray) -> Data:
    low, high = points.min(axis=0) - 1, points.max(axis=0) + 1
    extent = tuple(zip(low.tolist(), high.tolist(), strict=True))
    return Data(points, extent=extent, columns=tuple("abcdefghij"[: points.shape[1]]))


def test_it_is_the_cores_sweep() -> None:
    data = data_of(FAITHFUL, None)
    found = swept(FAITHFUL, data)
    expected = gmm_core.sweep(data.points, range(1, 5), FAITHFUL.among)
    assert [(fit.family, fit.n_components, fit.bic) for fit in found.fits] == [
        (fit.family, fit.n_components, fit.bic) for fit in expected
    ]
    assert not found.failed
    assert not found.is_sample
    assert found.is_whole


def test_it_can_be_seen_growing_and_ended_with_what_there_is() -> None:
    data, seen = data_of(FAITHFUL, None), list[tuple[float, Swept]]()

    def report(share: float, value: Swept | None) -> bool:
        assert value is not None
        seen.append((share, value))
        return len(seen) == 3

    found = swept(FAITHFUL, data, report)
    shares = [share for share, _ in seen]
    assert shares == sorted(shares)
    assert len(seen) == 3
    counts = [len(value.fits) for _, value in seen]
    assert counts == sorted(counts)
    assert counts[0] == len(FAITHFUL.among), "the first K is there at once"
    assert {(fit.family, fit.n_components) for fit in found.fits} == {
        (family, k) for family in FAITHFUL.among for k in (1, 2, 3)
    }
    # What there was no time for is not there, and that is known.
    assert not found.is_whole


@pytest.mark.parametrize(
    "settings",
    [
        {"noise": True},
        {"prior": True},
        {"equal": True},
        {"reg_covar": 0.5},
        {"prior": True, "among": ("full", "EEV")},
        {"prior": True, "family": "EEV"},
    ],
)
def test_what_the_experiment_has_is_in_the_fits(settings: dict[str, object]) -> None:
    experiment = replace(FAITHFUL, most=2, **settings)
    found = swept(experiment, data_of(experiment, None))
    two = [fit for fit in found.fits if fit.n_components == 2]
    assert two
    for fit in two:
        assert (fit.mixture.noise is not None) == experiment.noise
        if experiment.equal:
            np.testing.assert_allclose(fit.mixture.weights, 0.5)
        if experiment.reg_covar:
            assert np.linalg.eigvalsh(fit.mixture.covariances).min() >= experiment.reg_covar
    plain = swept(replace(experiment, **{name: getattr(FAITHFUL, name) for name in settings}), found.data)
    assert [fit.log_likelihood for fit in two] != [
        fit.log_likelihood for fit in plain.fits if fit.n_components == 2
    ]
    assert ("EEV" in found.families) == (not experiment.prior and "EEV" in experiment.among)


POINTS = np.random.default_rng(3).normal(size=(60, 5)) * [1.0, 2.0, 0.5, 1.0, 30.0]


@pytest.mark.parametrize(
    "points",
    [POINTS[:12, :2], POINTS[:, :1], POINTS, np.repeat(POINTS[:5, :2], 6, axis=0), POINTS[:3, :2]],
    ids=["12 points", "a line", "five dimensions", "five distinct points", "three points"],
)
def test_few_points_and_other_dimensions(points: np.ndarray) -> None:
    found = swept(Experiment(most=9), drawn(points))
    n_distinct = len(np.unique(points, axis=0))
    cells = {(fit.family, fit.n_components) for fit in found.fits}
    assert cells | found.failed.keys() == {(family, k) for family in found.families for k in range(1, 10)}
    assert not cells & found.failed.keys()
    for (_, k), why in found.failed.items():
        assert why.endswith(".")
        assert (k > n_distinct) == (f"only {n_distinct} distinct" in why)


def test_a_column_that_does_not_vary_is_named_as_the_reason() -> None:
    points = np.column_stack([POINTS[:, 0], np.full(len(POINTS), 3.0)])
    for flat in (points, np.column_stack([POINTS[:, 0], 2 * POINTS[:, 0] + 1])):
        found = swept(Experiment(most=2), drawn(flat))
        assert {family for family, _ in found.failed} >= {"full", "tied"}
        assert all("no extent in some direction" in why for why in found.failed.values())
    assert not swept(Experiment(most=2), drawn(POINTS[:, :2])).failed


def test_points_without_extent_are_refused_in_one_sentence() -> None:
    with pytest.raises(ValueError, match=r"^[A-Z][^\n]*\.$"):
        swept(Experiment(), drawn(np.ones((20, 2))))


def test_of_very_many_points_a_sample_is_fitted_and_that_is_said() -> None:
    points = np.random.default_rng(0).normal(size=(200_000, 2))
    found = swept(Experiment(most=2, among=("spherical",)), drawn(points))
    assert len(found.data.points) == MOST_SWEPT
    assert found.is_sample
    assert "10,000 of the 200,000 points" in found.remarks[0]
    again = few_of(drawn(points), MOST_SWEPT)
    np.testing.assert_array_equal(again.points, found.data.points)


def test_on_a_line_each_model_is_fitted_once() -> None:
    found = swept(Experiment(most=3, among=("full", "tied", "diag", "EII")), drawn(POINTS[:, :1]))
    assert found.families == ("full", "tied")
    assert any("line" in remark for remark in found.remarks)
    assert swept(Experiment(most=1, among=("diag", "spherical")), drawn(POINTS[:, :1])).families == ("diag",)


def test_rows_that_weigh_nothing_are_no_points() -> None:
    data = drawn(POINTS[:, :2])
    weights = np.zeros(len(POINTS))
    weights[:4] = 2.0
    found = swept(Experiment(most=6, among=("spherical", "EII")), replace(data, weights=weights))
    assert len(found.data.points) == 4
    assert not found.is_sample
    assert {fit.n_components for fit in found.fits} <= {1, 2, 3, 4}
    assert all("only 4 distinct" in why for (_, k), why in found.failed.items() if k > 4)
    assert any("add up to 8" in remark for remark in found.remarks)
