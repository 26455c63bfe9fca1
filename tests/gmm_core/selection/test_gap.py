"""The gap statistic: its parts as the paper has them, and the number of clusters where it is known."""

import re
from typing import Any

import numpy as np
import pytest

from gmm_core import PointsError, StartError, gap_statistic, restart_kmeans, threads
from gmm_core.kmeans import many_sets
from gmm_core.kmeans.many_sets import least_inertias
from gmm_core.points import Array
from gmm_core.selection.gap import Gaps
from tests.oracles import old_faithful

FAITHFUL = old_faithful()

STANDARD = (FAITHFUL - FAITHFUL.mean(axis=0)) / FAITHFUL.std(axis=0)


def clusters(places: Any, seed: int = 0, n_each: int = 50) -> Array:
    rng = np.random.default_rng(seed)
    return np.concatenate([rng.normal(size=(n_each, 2)) + place for place in places])


def least(sets: Array, n_clusters: int, n_init: int = 20) -> Array:
    rng = np.random.default_rng(0)
    return least_inertias(sets, n_clusters, n_init=n_init, max_steps=100, rng=rng)


# Many sets at once


@pytest.mark.parametrize("n_clusters", [1, 2, 3, 6])
def test_each_set_has_the_inertia_that_it_has_alone(n_clusters: int) -> None:
    sets = np.array([clusters([[-9, 0], [0, 9], [9, 0]], seed) for seed in range(4)])
    sets[1] *= 100
    sets -= sets.mean(axis=1, keepdims=True)
    found = least(sets, n_clusters)
    for points, inertia in zip(sets, found, strict=True):
        alone = restart_kmeans(points, n_clusters, n_init=20, rng=0).run.inertia
        assert inertia == pytest.approx(alone, rel=1e-9 if n_clusters <= 3 else 0.02)


def test_more_starts_are_never_a_loss_and_lots_are_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = least(STANDARD[None], 8, 40)
    assert whole <= least(STANDARD[None], 8, 1)
    assert whole == pytest.approx(restart_kmeans(STANDARD, 8, n_init=40, rng=0).run.inertia, rel=0.02)
    monkeypatch.setattr(many_sets, "MOST_AT_ONCE", 1)
    assert least(STANDARD[None], 2, 3) == pytest.approx(whole_of_two(), rel=1e-12)


def whole_of_two() -> float:
    return restart_kmeans(STANDARD, 2, n_init=10, rng=0).run.inertia


def test_a_set_with_as_many_places_as_clusters_has_none_left() -> None:
    """Of points in few places some centres hold none at first."""
    points = np.repeat([[-2.0], [-1.0], [0.5], [2.5]], [30, 1, 1, 1], axis=0)
    assert least(points[None], 4) == pytest.approx([0.0], abs=1e-20)


# The gap


def test_of_one_cluster_all_is_known() -> None:
    """The inertia is the total scatter, and the references are drawn first, along the principal axes."""
    found = gap_statistic(FAITHFUL, [1], n_references=7, rng=3)
    centred = FAITHFUL - FAITHFUL.mean(axis=0)
    assert found.log_inertias == pytest.approx([np.log((centred**2).sum())], rel=1e-12)
    axes = np.linalg.svd(centred)[2]
    turned = centred @ axes.T
    sides = turned.max(axis=0) - turned.min(axis=0)
    # Of N uniform points on a line of length a the mean scatter is (N - 1) a^2 / 12.
    expected = np.log(271 * (sides**2).sum() / 12)
    assert abs(found.expected[0] - expected) < 3 * found.standard_errors[0]
    assert found.gaps == pytest.approx(found.expected - found.log_inertias)


def test_the_standard_error_counts_that_the_references_are_few() -> None:
    few = gap_statistic(FAITHFUL, [2], n_references=1, rng=0)
    assert few.standard_errors.tolist() == [0.0]
    logs = [gap_statistic(STANDARD, [1], n_references=n, rng=0).expected[0] * n for n in (1, 2)]
    drawn = np.array([logs[0], logs[1] - logs[0]])
    two = gap_statistic(STANDARD, [1], n_references=2, rng=0)
    assert two.standard_errors[0] == pytest.approx(drawn.std() * np.sqrt(1.5), rel=1e-9)


@pytest.mark.parametrize(
    ("places", "n_clusters"),
    [
        ([[0, 0]], 1),
        ([[0, 0], [8, 0]], 2),
        ([[0, 0], [8, 0], [0, 8]], 3),
        ([[0, 0], [8, 0], [0, 8], [8, 8]], 4),
    ],
)
def test_it_finds_as_many_as_there_are(places: Any, n_clusters: int) -> None:
    found = [gap_statistic(clusters(places, seed), range(1, 8), rng=seed).best for seed in range(5)]
    assert found.count(n_clusters) >= 4


def test_points_without_clusters_are_one() -> None:
    rng = np.random.default_rng(0)
    aslant = rng.uniform(size=(200, 2)) @ [[3.0, 2.0], [0.0, 0.4]]
    assert gap_statistic(aslant, range(1, 6), rng=0).best == 1


def test_a_change_of_units_does_not_matter() -> None:
    one, other = (gap_statistic(unit * FAITHFUL, range(1, 5), rng=0) for unit in (1.0, 1e-3))
    assert other.gaps == pytest.approx(one.gaps, abs=1e-9)
    assert other.standard_errors == pytest.approx(one.standard_errors, abs=1e-9)


def test_the_number_of_cores_changes_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    points = clusters([[0, 0], [8, 0]], n_each=2_000)
    settings: dict[str, Any] = {"n_references": 3, "n_init": 3, "rng": 0}
    found = []
    for cores in (1, 4):
        monkeypatch.setattr(threads, "cpu_count", lambda cores=cores: cores)
        found.append(gap_statistic(points, [2, 3], **settings).gaps)
    assert np.array_equal(*found)


def test_the_rule_is_the_papers() -> None:
    def best(gaps: list[float], errors: list[float]) -> int | None:
        zero = np.zeros(len(gaps))
        return Gaps((1, 2, 3, 4)[: len(gaps)], zero - gaps, zero, np.array(errors)).best

    assert best([0.1, 0.5, 0.4, 0.6], [0.01] * 4) == 2
    assert best([0.1, 0.5, 0.55, 0.4], [0.01, 0.01, 0.1, 0.1]) == 2
    assert best([0.1, 0.5, 0.55, 0.4], [0.01] * 4) == 3
    assert best([0.1, 0.2, 0.3, 0.4], [0.01] * 4) is None
    assert best([0.1], [0.1]) is None


def test_it_says_how_far_it_is_and_keeps_what_is_done() -> None:
    told: list[float] = []
    whole = gap_statistic(FAITHFUL, [3, 1, 2], n_references=10, rng=0, progress=told.append)
    assert whole.ks == (1, 2, 3)
    assert told == sorted(told)
    assert told[-1] == 1.0
    part = gap_statistic(FAITHFUL, [1, 2, 3], n_references=10, rng=0, progress=lambda share: share > 0.7)
    assert part.ks == (1, 2)
    assert np.array_equal(part.gaps, whole.gaps[:2])
    nothing = gap_statistic(FAITHFUL, [1, 2], n_references=10, rng=0, progress=lambda share: True)
    assert (nothing.ks, nothing.best) == ((), None)


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"ks": []}, PointsError, "There is no number of clusters to try; give at least one."),
        ({"ks": 3}, PointsError, "The numbers of clusters to try are 3; give a list of whole numbers."),
        ({"ks": [1, 4]}, PointsError, "With 4 clusters for as many distinct points nothing is left to "
            "compare; choose a smaller K."),
        ({"n_references": 0}, PointsError, "0 references were asked for; draw at least 1."),
        ({"n_init": 0}, StartError, "0 starts were asked for; draw at least 1."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(
    settings: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    points = [[0, 0], [1, 0], [0, 2], [5, 5], [5, 5]]
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        gap_statistic(points, **({"ks": [1, 2], "rng": 0} | settings))
