"""The crosses of Baudry et al. (2010), section 4.1: six Gaussians that people call four clusters."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gmm_core import (
    Fit,
    Merging,
    Mixture,
    PointsError,
    adjusted_rand_index,
    entropy_elbow,
    merge_components,
    sweep,
)
from gmm_core.points import Array

SEEDS = range(2, 6)


@cache
def crosses(seed: int) -> tuple[Array, Array]:
    """600 points (N, 2) and which of the four clusters each is of: two crosses, whose bars lie along the axes
    and hold a fifth of the points each above, a tenth each below, and two clusters aslant with a fifth each.
    Shares and number are the paper's, which leaves places and shapes to a figure."""
    rng = np.random.default_rng(seed)
    components = rng.choice(6, 600, p=[0.2, 0.2, 0.2, 0.2, 0.1, 0.1])
    means = np.array([[0, 5], [0, 5], [8, 5], [1, 0], [8, 0], [8, 0]])
    lying, standing = np.diag([1.0, 0.1]), np.diag([0.1, 1.0])
    aslant = [np.array([[1.0, lean], [lean, 1.0]]) for lean in (0.6, -0.6)]
    factors = np.linalg.cholesky(np.array([lying, standing, *aslant, lying, standing]))[components]
    points = means[components] + np.einsum("nij,nj->ni", factors, rng.standard_normal((600, 2)))
    return points, np.array([0, 0, 1, 2, 3, 3])[components]


@cache
def fits(seed: int) -> tuple[Fit, ...]:
    return sweep(crosses(seed)[0], range(3, 8), "full")


@cache
def merged(seed: int) -> Merging:
    return merge_components(crosses(seed)[0], min(fits(seed), key=lambda fit: fit.bic).mixture)


@pytest.mark.parametrize("seed", SEEDS)
def test_bic_counts_six_ellipses_and_icl_four_clusters(seed: int) -> None:
    assert min(fits(seed), key=lambda fit: fit.bic).n_components == 6
    assert min(fits(seed), key=lambda fit: fit.icl).n_components == 4


@pytest.mark.parametrize("seed", SEEDS)
def test_six_components_merge_to_the_four_clusters(seed: int) -> None:
    points, clusters = crosses(seed)
    assert adjusted_rand_index(merged(seed).labels(points, 4), clusters) > 0.97
    # The bars of each cross come together, and nothing else.
    sizes = np.bincount(merged(seed).clusters[3])
    assert sorted(sizes.tolist()) == [1, 1, 2, 2]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_entropy_falls_steeply_down_to_four_clusters(seed: int) -> None:
    entropies = merged(seed).entropies
    steep, flat = entropies[5] - entropies[3], entropies[3] - entropies[0]
    assert steep > 5 * flat
    assert entropy_elbow(merged(seed)) == 4


# The elbow of the entropy


def made_up(entropies: list[float], counts: list[float]) -> Merging:
    n = len(entropies)
    mixture = Mixture(np.ones(n) / n, np.arange(2.0 * n).reshape(n, 2), np.array([np.eye(2)] * n))
    merging = merge_components([[0.0, 0.0], [1.0, 1.0]], mixture)
    return replace(merging, entropies=np.array(entropies), merged_counts=np.array(counts))


@pytest.mark.parametrize("corner", [2, 3, 4, 5])
def test_two_straight_lines_bend_where_they_meet(corner: int) -> None:
    counts = np.array([600.0, 300, 400, 100, 150])
    merged_so_far = np.concatenate([[0.0], np.cumsum(counts)])
    place = merged_so_far[corner - 1]
    entropies = 0.01 * merged_so_far + 0.2 * np.maximum(merged_so_far - place, 0)
    assert entropy_elbow(made_up(entropies.tolist(), counts.tolist())) == corner


def test_where_nothing_is_to_be_merged_there_is_none() -> None:
    assert entropy_elbow(made_up([0.0, 0.0, 1e-4, 3e-4], [600, 300, 200])) is None
    assert entropy_elbow(made_up([0.0, 50.0], [600])) is None
    assert entropy_elbow(made_up([0.0], [])) is None
    # The other way: what is gained at first is less than later.
    assert entropy_elbow(made_up([0.0, 60.0, 70.0, 72.0], [600, 300, 300])) is None
    with pytest.raises(PointsError, match=r"^What was merged must be a Merging, not 4; "):
        entropy_elbow(4)  # type: ignore[arg-type]
