"""Whose a point is: exactly what the differences say, on whatever data."""

from collections.abc import Callable

import numpy as np
import pytest

from gmm_core import KMeansStop, kmeans
from gmm_core.points import Array


def labels_by_differences(points: Array, centres: Array) -> Array:
    """One point at a time, as the differences have it."""
    offsets = [points - centre for centre in centres]
    return np.stack([np.einsum("nd,nd->n", o, o) for o in offsets], axis=1).argmin(axis=1)


@pytest.mark.parametrize("n_dimensions", [1, 2, 5])
@pytest.mark.parametrize("size", [1e-9, 1e-5, 1e-2, 1.0])
@pytest.mark.parametrize("offset", [0.0, 1e3, 1e8])
def test_labels_are_those_of_the_differences(n_dimensions: int, size: float, offset: float) -> None:
    """Centres so close to each other, and so far from the rest, that expanded squares could not tell."""
    rng = np.random.default_rng(0)
    centres = rng.standard_normal((6, n_dimensions))
    centres[2:5] = centres[1] + size * rng.standard_normal((3, n_dimensions))
    around = centres[rng.integers(6, size=3000)] + size * rng.standard_normal((3000, n_dimensions))
    between = 0.5 * (centres[rng.integers(6, size=3000)] + centres[rng.integers(6, size=3000)])
    points = offset + np.concatenate([around, between, [[1e6] * n_dimensions]])
    labels = kmeans.assign(points, offset + centres)
    assert np.array_equal(labels, labels_by_differences(points, offset + centres))


def test_ties_go_to_the_first_of_the_nearest() -> None:
    """Whole numbers, so that as near means exactly as near."""
    places = np.stack(np.meshgrid(np.arange(-60.0, 61.0), np.arange(-60.0, 61.0)), axis=2).reshape(-1, 2)
    centres = np.array([[2.0, 0.0], [-2.0, 0.0], [2.0, 0.0], [0.0, 6.0], [0.0, -6.0]])
    labels = kmeans.assign(places, centres)
    assert np.array_equal(labels, ((places[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1))
    assert 2 not in labels


# Data unlike round blobs


HARD: dict[str, Callable[[np.random.Generator], Array]] = {
    "heavy tails": lambda rng: rng.standard_cauchy((20_000, 2)),
    "lognormal": lambda rng: rng.lognormal(sigma=2.0, size=(20_000, 3)),
    "an outlier beyond float32": lambda rng: np.vstack([rng.standard_normal((5000, 2)), [[1e45, -1e45]]]),
    "tiny": lambda rng: 1e-60 * rng.standard_normal((5000, 2)),
    "huge": lambda rng: 1e60 * rng.standard_normal((5000, 2)),
    "a tight cluster": lambda rng: np.vstack(
        [rng.standard_normal((5000, 2)), 1e-9 * rng.standard_normal((5000, 2))]
    ),
    "whole numbers": lambda rng: rng.integers(-3, 4, (20_000, 2)).astype(np.float64),
    "many dimensions": lambda rng: rng.standard_normal((3000, 60)),
}


@pytest.mark.parametrize("n_components", [1, 2, 7, 300])
@pytest.mark.parametrize("kind", HARD)
def test_labels_are_exact_on_any_data(kind: str, n_components: int) -> None:
    rng = np.random.default_rng(4)
    points = HARD[kind](rng)
    centres = rng.permutation(points)[:n_components]
    centres[0] = points[-1]
    assert np.array_equal(kmeans.assign(points, centres), labels_by_differences(points, centres))


def test_the_mean_of_a_tight_cluster_keeps_the_digits_of_its_own_size() -> None:
    rng = np.random.default_rng(4)
    points = HARD["a tight cluster"](rng)
    run = kmeans.run(points, [[3.0, 0.0], [-3.0, 0.0], [1e-9, 0.0], [-1e-9, 0.0]])
    labels = kmeans.assign(points, run.centres)
    assert run.stop_reason is KMeansStop.CONVERGED
    for k, centre in enumerate(run.centres):
        own = points[labels == k].astype(np.longdouble)
        size = np.sqrt(((own - centre) ** 2).mean())
        assert np.abs(own.mean(axis=0) - centre).max() < 1e-5 * size
