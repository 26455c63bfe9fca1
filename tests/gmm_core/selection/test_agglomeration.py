"""The tree of ellipses merges, every time, the pair of clusters that costs the least: against brute force."""

from itertools import combinations

import numpy as np
import pytest

from gmm_core.points import Array
from gmm_core.selection.agglomeration import merge_ellipses


def cost(points: Array, n_points: int, trace: float) -> float:
    n, n_dimensions = points.shape
    deviations = points - points.mean(axis=0)
    scatter = deviations.T @ deviations
    determinant = max(float(np.linalg.det(scatter / n)), 0.0) if n > n_dimensions > 1 else 0.0
    return n * float(np.log(determinant + (np.trace(scatter) + trace) / n))


def brute_force(points: Array, n_clusters: int) -> list[Array]:
    n_points, n_dimensions = points.shape
    trace = float(((points - points.mean(axis=0)) ** 2).sum()) / (n_points * n_dimensions)
    clusters = [[i] for i in range(n_points)]
    while len(clusters) > n_clusters:

        def gain(pair: tuple[int, int]) -> float:
            i, j = (clusters[k] for k in pair)
            together = cost(points[i + j], n_points, trace)
            return together - cost(points[i], n_points, trace) - cost(points[j], n_points, trace)

        first, second = min(combinations(range(len(clusters)), 2), key=gain)
        clusters[first] += clusters.pop(second)
    return [np.sort(cluster) for cluster in clusters]


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_every_merge_is_the_cheapest(n_dimensions: int) -> None:
    rng = np.random.default_rng(n_dimensions)
    points = np.concatenate(
        [rng.standard_normal((12, n_dimensions)), 3 + rng.standard_normal((8, n_dimensions))]
    )
    found = merge_ellipses(points, 5)
    for n_clusters, labels in enumerate(found, 1):
        actual = {tuple(np.flatnonzero(labels == k)) for k in range(n_clusters)}
        assert actual == {tuple(cluster) for cluster in brute_force(points, n_clusters)}


def test_points_in_one_place_are_never_parted() -> None:
    places = np.random.default_rng(0).standard_normal((6, 2))
    labels = merge_ellipses(np.repeat(places, 3, axis=0), 9)
    assert len(labels) == 6
    assert all((one.reshape(6, 3) == one[::3, None]).all() for one in labels)
