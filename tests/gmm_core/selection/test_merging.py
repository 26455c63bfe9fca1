"""Merging by entropy: the greedy sequence of Baudry et al. (2010), against one written out."""

from itertools import combinations, pairwise

import numpy as np
import pytest

from gmm_core import Merging, Mixture, MixtureError, Noise, PointsError, merge_components, responsibilities
from gmm_core.points import Array
from tests.strategies import make_mixture, make_points


def entropy(shares: Array, weights: Array) -> float:
    positive = np.where(shares > 0, shares, 1.0)
    return float(-(weights @ (shares * np.log(positive))).sum())


def greedy(shares: Array, weights: Array) -> tuple[list[list[set[int]]], list[float]]:
    """From K clusters down: every pair is tried, and the entropy of the whole taken anew."""
    clusters = [{k} for k in range(shares.shape[1])]
    sequence, entropies = [clusters], [entropy(shares, weights)]
    while len(clusters) > 1:
        tried = []
        for a, b in combinations(range(len(clusters)), 2):
            merged = [one for i, one in enumerate(clusters) if i not in (a, b)] + [clusters[a] | clusters[b]]
            together = np.column_stack([shares[:, sorted(one)].sum(axis=1) for one in merged])
            tried.append((entropy(together, weights), merged))
        value, clusters = min(tried, key=lambda one: one[0])
        sequence.append(clusters)
        entropies.append(value)
    return sequence, entropies


def as_sets(merging: Merging, n_clusters: int) -> set[frozenset[int]]:
    labels = merging.clusters[n_clusters - 1]
    return {frozenset(np.flatnonzero(labels == g).tolist()) for g in range(n_clusters)}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize(
    ("seed", "n_components", "n_dimensions"), [(0, 5, 2), (1, 6, 1), (2, 4, 4), (3, 7, 2)]
)
def test_it_is_the_greedy_sequence(seed: int, n_components: int, n_dimensions: int, weighted: bool) -> None:
    rng = np.random.default_rng(seed)
    mixture = make_mixture(rng, n_components, n_dimensions)
    points = make_points(rng, mixture, 300)
    weights = rng.exponential(size=300) if weighted else np.ones(300)
    merging = merge_components(points, mixture, sample_weights=weights if weighted else None)
    sequence, entropies = greedy(responsibilities(points, mixture), weights)
    assert merging.entropies[::-1] == pytest.approx(entropies, rel=1e-10, abs=1e-10)
    for clusters in sequence:
        assert as_sets(merging, len(clusters)) == {frozenset(one) for one in clusters}
    shares = weights @ responsibilities(points, mixture)
    for count, (before, after) in zip(merging.merged_counts[::-1], pairwise(sequence), strict=True):
        new = [one for one in after if one not in before]
        assert count == pytest.approx(shares[sorted(new[0])].sum(), rel=1e-10)


def test_weights_are_repetitions() -> None:
    rng = np.random.default_rng(4)
    mixture = make_mixture(rng, 4, 2)
    points, often = make_points(rng, mixture, 100), rng.integers(0, 4, 100)
    weighted = merge_components(points, mixture, sample_weights=often)
    repeated = merge_components(np.repeat(points, often, axis=0), mixture)
    assert np.array_equal(weighted.clusters, repeated.clusters)
    assert weighted.entropies == pytest.approx(repeated.entropies, rel=1e-10, abs=1e-10)


def test_shares_and_labels_are_those_of_the_clusters() -> None:
    rng = np.random.default_rng(5)
    mixture = make_mixture(rng, 5, 2)
    points = make_points(rng, mixture, 200)
    merging, shares = merge_components(points, mixture), responsibilities(points, mixture)
    for n_clusters in range(1, 6):
        together = np.zeros((200, n_clusters))
        for k, cluster in enumerate(merging.clusters[n_clusters - 1]):
            together[:, cluster] += shares[:, k]
        assert merging.shares(points, n_clusters) == pytest.approx(together, abs=1e-15)
        assert np.array_equal(merging.labels(points, n_clusters), together.argmax(axis=1))
        # Numbered by their first component.
        firsts = [int(np.flatnonzero(merging.clusters[n_clusters - 1] == g)[0]) for g in range(n_clusters)]
        assert firsts == sorted(firsts)


def test_two_crossed_bars_are_one_cluster() -> None:
    """The example of the authors: a cross takes two Gaussians and is one cluster."""
    cross = [np.diag([9.0, 0.2]), np.diag([0.2, 9.0])]
    mixture = Mixture([0.3, 0.3, 0.4], [[0, 0], [0, 0], [15, 0]], [*cross, np.eye(2)])
    points = make_points(np.random.default_rng(0), mixture, 500)
    merging = merge_components(points, mixture)
    assert merging.clusters[1].tolist() == [0, 0, 1]
    assert merging.entropies[1] < 0.02 * merging.entropies[2]


def test_noise_stays_by_itself() -> None:
    mixture = Mixture([0.4, 0.4], [[0, 0], [1, 0]], [np.eye(2)] * 2, Noise(0.2, 400.0))
    rng = np.random.default_rng(1)
    points = np.concatenate([rng.normal(size=(100, 2)), rng.uniform(-10, 10, (50, 2))])
    merging = merge_components(points, mixture)
    assert merging.labels([[0, 0], [9, 9]], 1).tolist() == [0, -1]
    together = merging.shares(points, 1)
    assert together[:, 0] == pytest.approx(responsibilities(points, mixture).sum(axis=1))
    both = np.column_stack([together, 1 - together])
    assert merging.entropies[0] == pytest.approx(entropy(both, np.ones(150)), rel=1e-9)


def test_binary_columns_count() -> None:
    """Three components in one place: the two whose coins fall alike are merged."""
    mixture = Mixture([0.4, 0.3, 0.3], [[0.0]] * 3, [[[1.0]]] * 3, probabilities=[[0.99], [0.01], [0.02]])
    points = np.column_stack([np.zeros(40), np.arange(40) % 2])
    assert merge_components(points, mixture).clusters[1].tolist() == [0, 1, 1]


def test_one_component_is_one_cluster() -> None:
    merging = merge_components([[0.0], [1.0]], Mixture([1.0], [[0.0]], [[[1.0]]]))
    assert merging.clusters.tolist() == [[0]]
    assert merging.entropies.tolist() == [0.0]
    assert merging.merged_counts.shape == (0,)


@pytest.mark.parametrize("n_clusters", [0, 3, 1.5, True, None, "two"])
def test_clusters_that_cannot_be_made_are_refused(n_clusters: object) -> None:
    merging = merge_components([[0.0], [1.0]], Mixture([0.5, 0.5], [[0.0], [1.0]], [[[1.0]]] * 2))
    for of in (merging.shares, merging.labels):
        with pytest.raises(MixtureError, match=r"^[^\n]+\.$"):
            of([[0.0]], n_clusters)  # type: ignore[arg-type]


def test_points_of_other_columns_are_refused() -> None:
    with pytest.raises(PointsError, match="columns"):
        merge_components([[0.0, 1.0]], Mixture([1.0], [[0.0]], [[[1.0]]]))
