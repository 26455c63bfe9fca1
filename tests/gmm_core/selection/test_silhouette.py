"""Silhouettes: as Rousseeuw defines them, whatever the labels are called, in pieces as at once."""

import re
import tracemalloc
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import silhouette_samples

from gmm_core import PointsError, restart_kmeans, silhouette
from gmm_core.kmeans import assign
from gmm_core.points import Array
from gmm_core.selection import silhouette as module
from tests.oracles import old_faithful
from tests.strategies import AffineMap, rotation

FAITHFUL = old_faithful()


def written_out(points: Array, labels: Array) -> list[float]:
    """The definition, point by point."""
    widths = []
    for i, point in enumerate(points):
        distances = np.sqrt(((points - point) ** 2).sum(axis=1))
        mine = labels == labels[i]
        if mine.sum() == 1:
            widths.append(0.0)
            continue
        own = distances[mine].sum() / (mine.sum() - 1)
        other = min(distances[labels == label].mean() for label in set(labels.tolist()) - {labels[i]})
        widths.append((other - own) / max(own, other))
    return widths


@pytest.mark.parametrize("n_dimensions", [1, 2, 5])
@pytest.mark.parametrize("n_clusters", [2, 3, 8])
def test_it_is_its_definition(n_clusters: int, n_dimensions: int) -> None:
    rng = np.random.default_rng(n_clusters)
    points = rng.normal(size=(60, n_dimensions)) * 2
    labels = rng.integers(0, n_clusters - 1, 60)
    # One is a cluster by itself.
    labels[17] = n_clusters - 1
    found = silhouette(points, labels)
    assert found == pytest.approx(written_out(points, labels), abs=1e-12)
    assert found[17] == 0
    assert (np.abs(found) <= 1).all()
    if n_clusters > 2:
        assert found == pytest.approx(silhouette_samples(points, labels), abs=1e-6)


@pytest.mark.parametrize("n_clusters", [2, 3, 5])
def test_old_faithful_is_as_scikit_learn_has_it(n_clusters: int) -> None:
    labels = assign(FAITHFUL, restart_kmeans(FAITHFUL, n_clusters, rng=0).run.centres)
    found = silhouette(FAITHFUL, labels)
    assert found == pytest.approx(silhouette_samples(FAITHFUL, labels), abs=1e-9)


def test_what_the_clusters_are_called_and_how_they_are_ordered_does_not_matter() -> None:
    labels = assign(FAITHFUL, FAITHFUL[:3])
    expected = silhouette(FAITHFUL, labels)
    names = np.array(["short", "long", "neither"])[labels]
    for same in (names, names.tolist(), 100 - 7 * labels, labels.astype(float)):
        assert silhouette(FAITHFUL, same) == pytest.approx(expected, rel=1e-12)
    order = np.random.default_rng(0).permutation(len(FAITHFUL))
    assert silhouette(FAITHFUL[order], labels[order]) == pytest.approx(expected[order], rel=1e-12)


def test_turns_shifts_and_units_do_not_matter() -> None:
    labels = assign(FAITHFUL, FAITHFUL[:3])
    mapping = AffineMap(1000 * rotation(np.random.default_rng(0), 2), np.array([1e6, -1e6]))
    assert silhouette(mapping.points(FAITHFUL), labels) == pytest.approx(
        silhouette(FAITHFUL, labels), abs=1e-8
    )


def test_pieces_and_memory_are_no_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = assign(FAITHFUL, FAITHFUL[:3])
    whole = silhouette(FAITHFUL, labels)
    monkeypatch.setattr(module, "MOST_DISTANCES", 1)
    assert np.array_equal(silhouette(FAITHFUL, labels), whole)
    monkeypatch.undo()
    points = np.random.default_rng(0).normal(size=(6_000, 2))
    tracemalloc.start()
    try:
        silhouette(points, assign(points, points[:4]))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    # All distances would take 288 MB.
    assert peak < 60 * 2**20


def test_points_in_one_place_are_between_their_clusters() -> None:
    assert silhouette([[1.0], [1.0], [1.0], [1.0]], [0, 0, 1, 1]).tolist() == [0, 0, 0, 0]
    assert silhouette([[1.0], [2.0]], [0, 1]).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        ([0, 0, 0], "There is one cluster, and a silhouette compares a point's own with others; give "
            "labels of 2 or more clusters."),
        ([0, 1], "There are 2 labels for 3 points; give one for each."),
        (3, "Labels must be one number or word a point; give a list or array of them."),
        (np.ones((3, 1)), "Labels must have shape (N,), one a point, not (3, 1); reshape them."),
    ],
)  # fmt: skip
def test_labels_that_make_no_clusters_are_refused(labels: Any, sentence: str) -> None:
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        silhouette([[0.0], [1.0], [5.0]], labels)
