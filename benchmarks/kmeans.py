"""One iteration of K-Means beside scikit-learn's, from the same centres."""

import warnings
from functools import partial
from itertools import islice
from typing import Any

import numpy as np
from sklearn.cluster import KMeans
from sklearn.exceptions import ConvergenceWarning

from benchmarks.measure import Table, medians, traced
from gmm_core import kmeans

# points, dimensions, components, repetitions
CASES = (
    (10_000, 2, 5, 40),
    (10_000, 2, 20, 40),
    (10_000, 2, 50, 20),
    (1_000_000, 2, 5, 5),
    (1_000_000, 2, 20, 3),
    (1_000_000, 2, 50, 3),
    (100_000, 10, 10, 5),
    (20_000, 50, 50, 5),
)
ITERATIONS = 10


def points_and_centres(n_points: int, n_dimensions: int, n_components: int) -> tuple[np.ndarray, np.ndarray]:
    """Points (N, D) of overlapping round clusters, and centres (K, D) on some of them."""
    rng = np.random.default_rng(0)
    # As many to a volume, however many there are.
    places = 2.5 * n_components ** (1 / n_dimensions) * rng.random((n_components, n_dimensions))
    points = places[rng.integers(n_components, size=n_points)] + rng.standard_normal((n_points, n_dimensions))
    return points, points[:n_components]


def ours(points: np.ndarray, centres: np.ndarray, n_steps: int, weights: np.ndarray | None) -> None:
    """The assignment to the centres, and `n_steps` of a move and an assignment."""
    next(islice(kmeans.iterate(points, centres, sample_weights=weights), n_steps, None))


def theirs(points: np.ndarray, centres: np.ndarray, weights: np.ndarray | None) -> int:
    """At most ITERATIONS of scikit-learn; how many they were."""
    settings: dict[str, Any] = {"init": centres, "n_init": 1, "tol": 0, "max_iter": ITERATIONS}
    model = KMeans(len(centres), algorithm="lloyd", **settings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(points, sample_weight=weights).n_iter_


def main() -> None:
    """Prints one line a problem."""
    table = Table(
        "One iteration of K-Means, and of weighted points",
        *("points", "D", "K", "scikit-learn / ours", "weighted", "target", "extra memory", "target  "),
    )
    for n_points, n_dimensions, n_components, repetitions in CASES:
        points, centres = points_and_centres(n_points, n_dimensions, n_components)
        ratios = []
        for weights in (None, np.random.default_rng(1).random(n_points)):
            n_steps = theirs(points, centres, weights)
            own = partial(ours, points, centres, n_steps, weights)
            mine, other = medians((own, partial(theirs, points, centres, weights)), repetitions)
            ratios.append(other / mine)
        table.row(
            *(f"{n_points:,}", n_dimensions, n_components, *(f"{ratio:.1f}" for ratio in ratios), "> 1"),
            *(f"{traced(own):.1f} MiB", "< 48 MiB"),
        )
