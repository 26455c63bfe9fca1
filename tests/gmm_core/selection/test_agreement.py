"""How labellings and fits agree: as others compute it, and blind to names, order and affine maps."""

import re
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm
from sklearn.metrics import adjusted_rand_score

from gmm_core import Mixture, MixtureError, PointsError
from gmm_core.mixture import Noise
from gmm_core.points import Array
from gmm_core.selection.agreement import (
    adjusted_rand_index,
    bhattacharyya_distances,
    match_components,
    matched_accuracy,
)
from tests.strategies import QUICK, affine_map, make_mixture, seeds

label_lists = st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 4)), min_size=1, max_size=40)


# Labels


@QUICK
@given(label_lists, st.permutations(range(7)))
def test_the_index_is_scikit_learns_and_blind_to_names_and_order(
    pairs: list[tuple[int, int]], names: list[int]
) -> None:
    labels, others = map(list, zip(*pairs, strict=True))
    index = adjusted_rand_index(labels, others)
    assert index == pytest.approx(adjusted_rand_score(labels, others), abs=1e-12)
    assert adjusted_rand_index(others, labels) == index
    assert adjusted_rand_index([f"kind {names[label + 3]}" for label in labels], others) == index
    assert adjusted_rand_index(np.array(labels), np.array(others)[:, None].ravel()) == index
    assert adjusted_rand_index(labels[::-1], others[::-1]) == index
    assert adjusted_rand_index(labels, labels) == 1.0
    assert index <= 1.0


def test_the_index_of_random_labels_is_zero_on_average() -> None:
    rng = np.random.default_rng(0)
    indices = [adjusted_rand_index(*rng.integers(0, 4, (2, 60))) for _ in range(400)]
    assert np.mean(indices) == pytest.approx(0.0, abs=4 * np.std(indices) / 20)


@pytest.mark.parametrize(
    ("labels", "others", "expected"),
    [
        ([7], ["a"], 1.0),
        ([0, 0, 0], ["a", "a", "a"], 1.0),
        ([0, 1, 2], ["c", "a", "b"], 1.0),
        ([0, 0, 0], [0, 1, 2], 0.0),
        ([(1, "a"), None, (1, "a"), None], np.array([2.5, 0.5, 2.5, 0.5]), 1.0),
        ([1, "1", 1, "1"], np.array(["x", "y", "x", "y"]), 1.0),
        ([0, 1, 0, 1], np.array([None, "y", None, "y"], dtype=object), 1.0),
    ],
)
def test_trivial_and_odd_labels(labels: Any, others: Any, expected: float) -> None:
    assert adjusted_rand_index(labels, others) == expected


def test_millions_of_labels_lose_no_digits() -> None:
    """The products of pairs lie far beyond 64 bits."""
    everything = np.arange(3_000_000)
    assert adjusted_rand_index(everything, everything) == 1.0
    halves, thirds = everything % 2, everything % 3
    assert adjusted_rand_index(halves, thirds) == pytest.approx(0.0, abs=1e-6)
    assert adjusted_rand_index(halves, 1 - halves) == 1.0


def best_of_all_namings(labels: list[int], groups: list[int]) -> float:
    """By trying every one: each group gets a label of its own, or a name that nobody has."""
    names = sorted(set(labels)) + [99 + k for k in range(len(set(groups)))]
    return max(
        sum(naming[group] == label for label, group in zip(labels, groups, strict=True)) / len(labels)
        for chosen in permutations(names, len(set(groups)))
        for naming in [dict(zip(sorted(set(groups)), chosen, strict=True))]
    )


@QUICK
@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 3)), min_size=1, max_size=25))
def test_the_accuracy_is_that_of_the_best_naming(pairs: list[tuple[int, int]]) -> None:
    labels, groups = map(list, zip(*pairs, strict=True))
    assert matched_accuracy(labels, groups) == pytest.approx(best_of_all_namings(labels, groups), abs=1e-12)


@QUICK
@given(label_lists, st.permutations(range(7)))
def test_the_accuracy_is_blind_to_names_order_and_which_is_which(
    pairs: list[tuple[int, int]], names: list[int]
) -> None:
    labels, groups = map(list, zip(*pairs, strict=True))
    accuracy = matched_accuracy(labels, groups)
    # The mean over all namings, which the best one is no worse than.
    assert 1 / max(len(set(labels)), len(set(groups))) - 1e-12 <= accuracy <= 1
    assert matched_accuracy(groups, labels) == accuracy
    assert matched_accuracy([f"kind {names[label + 3]}" for label in labels], groups) == accuracy
    assert matched_accuracy(np.array(labels[::-1]), groups[::-1]) == accuracy
    assert matched_accuracy(labels, labels) == 1.0
    assert (accuracy == 1.0) == (adjusted_rand_index(labels, groups) == 1.0)


def test_labels_without_end_are_not_matched() -> None:
    everything = np.arange(4_000)
    with pytest.raises(PointsError, match=r"^4,000 labels and 4,000 groups are too many"):
        matched_accuracy(everything, everything)
    assert matched_accuracy(everything, everything % 3) == 3 / 4_000


@pytest.mark.parametrize("compare", [adjusted_rand_index, matched_accuracy])
@pytest.mark.parametrize(
    ("labels", "others", "sentence"),
    [
        ([0, 1], [0, 1, 1], "There are 2 labels and 3 to compare them with; give both for the same points."),
        ([], [], "There are no labels; give one for each of at least one point."),
        (
            np.zeros((2, 2)),
            [0, 1],
            "Labels must have shape (N,), one a point, not (2, 2); reshape them.",
        ),
        ([[0], [1]], [0, 1], "Labels must be one number or word a point; give a list or array of them."),
        (3, [0, 1], "Labels must be one number or word a point; give a list or array of them."),
    ],
)
def test_labels_that_cannot_be_compared_are_refused(
    compare: Any, labels: Any, others: Any, sentence: str
) -> None:
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        compare(labels, others)


# Components


def reordered(mixture: Mixture, order: Any) -> Mixture:
    return Mixture(mixture.weights[order], mixture.means[order], mixture.covariances[order])


def distance_by_formula(mixture: Mixture, k: int, other: Mixture, j: int) -> float:
    first, second = mixture.covariances[k], other.covariances[j]
    halfway, gap = (first + second) / 2, mixture.means[k] - other.means[j]
    determinants = np.linalg.det(halfway) / np.sqrt(np.linalg.det(first) * np.linalg.det(second))
    return float(gap @ np.linalg.solve(halfway, gap) / 8 + np.log(determinants) / 2)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3, 5])
def test_distances_are_those_of_the_formula(n_dimensions: int) -> None:
    rng = np.random.default_rng(0)
    mixture, other = make_mixture(rng, 3, n_dimensions), make_mixture(rng, 2, n_dimensions)
    distances = bhattacharyya_distances(mixture, other)
    assert distances.shape == (3, 2)
    for k, j in np.ndindex(3, 2):
        assert distances[k, j] == pytest.approx(distance_by_formula(mixture, k, other, j), rel=1e-10)


def test_distances_are_the_log_of_the_overlap() -> None:
    mixture = Mixture([0.5, 0.5], [[0.0], [3.0]], [[[1.0]], [[0.25]]])
    other = Mixture([1.0], [[1.0]], [[[4.0]]])
    for k in range(2):
        first, second = norm(mixture.means[k, 0], np.sqrt(mixture.covariances[k, 0, 0])), norm(1.0, 2.0)

        def root(x: float, first: Any = first, second: Any = second) -> float:
            return float(np.sqrt(first.pdf(x) * second.pdf(x)))

        overlap = quad(root, -30, 30, points=[0.0, 1.0, 3.0], epsabs=1e-13)[0]
        assert bhattacharyya_distances(mixture, other)[k, 0] == pytest.approx(-np.log(overlap), abs=1e-10)


def test_binary_columns_add_the_log_of_their_overlap() -> None:
    rng = np.random.default_rng(0)
    plain = make_mixture(rng, 2, 2)
    odds = np.array([[0.2, 0.7], [0.9, 1.0]])
    mixture = Mixture(plain.weights, plain.means, plain.covariances, probabilities=odds)
    expected = bhattacharyya_distances(plain, plain)
    for k, j, b in np.ndindex(2, 2, 2):
        p, q = odds[k, b], odds[j, b]
        expected[k, j] -= np.log(np.sqrt(p * q) + np.sqrt((1 - p) * (1 - q)))
    np.testing.assert_allclose(bhattacharyya_distances(mixture, mixture), expected, atol=1e-12)
    never = Mixture([1.0], [[0.0]], [[[1.0]]], probabilities=[[0.0]])
    always = Mixture([1.0], [[0.0]], [[[1.0]]], probabilities=[[1.0]])
    assert np.isfinite(bhattacharyya_distances(never, always)).all()
    assert match_components(never, always).tolist() == [0]


@pytest.mark.parametrize("n_dimensions", [1, 2, 4])
@QUICK
@given(seeds)
def test_distances_are_symmetric_and_blind_to_affine_maps(n_dimensions: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    mixture, other = make_mixture(rng, 4, n_dimensions), make_mixture(rng, 3, n_dimensions)
    distances = bhattacharyya_distances(mixture, other)
    assert (distances > 0).all()
    np.testing.assert_allclose(bhattacharyya_distances(other, mixture).T, distances, rtol=1e-10)
    np.testing.assert_allclose(np.diag(bhattacharyya_distances(mixture, mixture)), 0, atol=1e-12)
    mapping = affine_map(rng, n_dimensions)
    mapped = bhattacharyya_distances(mapping.mixture(mixture), mapping.mixture(other))
    np.testing.assert_allclose(mapped, distances, rtol=1e-7, atol=1e-9)
    matched = match_components(mixture, other)
    assert np.array_equal(match_components(mapping.mixture(mixture), mapping.mixture(other)), matched)


@QUICK
@given(seeds, st.integers(1, 9))
def test_a_shuffled_and_shaken_mixture_is_matched_to_itself(seed: int, n_components: int) -> None:
    rng = np.random.default_rng(seed)
    mixture = make_mixture(rng, n_components, 2)
    order = rng.permutation(n_components)
    shuffled = reordered(mixture, order)
    shaken = Mixture(
        rng.dirichlet(np.ones(n_components)),
        shuffled.means + 1e-3 * rng.standard_normal(shuffled.means.shape),
        shuffled.covariances * np.exp(1e-3 * rng.standard_normal((n_components, 1, 1))),
    )
    assert np.array_equal(order[match_components(mixture, shaken)], np.arange(n_components))


def test_the_sum_over_the_pairs_is_the_smallest() -> None:
    """The nearest partner of both is the first, and the pairing gives it to the one that needs it more."""
    mixture = Mixture([0.5, 0.5], [[0.0], [1.0]], [[[1.0]], [[1.0]]])
    other = Mixture([0.5, 0.5], [[0.5], [9.0]], [[[1.0]], [[1.0]]])
    assert bhattacharyya_distances(mixture, other).argmin(axis=1).tolist() == [0, 0]
    assert match_components(mixture, other).tolist() == [0, 1]


def test_where_partners_run_out_a_component_has_none() -> None:
    mixture = Mixture([0.3, 0.3, 0.4], [[0.0], [5.0], [9.0]], [[[1.0]]] * 3)
    other = Mixture([0.5, 0.4], [[9.1], [0.2]], [[[1.0]]] * 2, Noise(0.1, 20.0))
    assert match_components(mixture, other).tolist() == [1, -1, 0]
    assert match_components(other, mixture).tolist() == [2, 0]


def test_components_beyond_all_reach_are_matched_too() -> None:
    mixture = Mixture([0.5, 0.5], [[0.0], [1e140]], np.full((2, 1, 1), 1e-200))
    assert match_components(mixture, reordered(mixture, [1, 0])).tolist() == [1, 0]


def columns(n_dimensions: int, n_binary: int = 0) -> Mixture:
    covariances: Array = np.eye(n_dimensions)[None]
    return Mixture([1.0], np.zeros((1, n_dimensions)), covariances, probabilities=np.full((1, n_binary), 0.5))


@pytest.mark.parametrize(
    ("mixture", "other", "sentence"),
    [
        (columns(2), columns(3), "The mixtures have 2 and 3 dimensions, and 0 and 0 binary columns; compare "
            "fits to the same columns."),
        (columns(2, 1), columns(2), "The mixtures have 2 and 2 dimensions, and 1 and 0 binary columns; "
            "compare fits to the same columns."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("compare", [bhattacharyya_distances, match_components])
def test_mixtures_of_different_columns_are_refused(
    compare: Any, mixture: Mixture, other: Mixture, sentence: str
) -> None:
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        compare(mixture, other)
