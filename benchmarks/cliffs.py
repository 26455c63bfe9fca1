"""One EM iteration on data unlike round blobs, beside the round case and beside scikit-learn."""

from collections.abc import Callable
from functools import partial

import numpy as np

import gmm_core
from benchmarks.measure import Table, medians
from benchmarks.problems import iterations, problem
from benchmarks.speed import theirs

Points = np.ndarray
ITERATIONS = 3
N_COMPONENTS = 5

# points, repetitions
PLANE = (1_000_000, 3)
# dimensions, points, repetitions; in so many the target is the first factor, in the others the second
HIGH = ((3, 200_000), (5, 200_000), (10, 100_000), (20, 50_000), (50, 20_000), (64, 20_000))
KINDS = ("full", "tied", "diag", "spherical")


def round_blobs(n_points: int, rng: np.random.Generator) -> Points:
    return problem(n_points, N_COMPONENTS)[0]


def a_thin_cluster(n_points: int, rng: np.random.Generator) -> Points:
    """A fifth of the points lies along a line, 64 times as long as it is wide."""
    points = round_blobs(n_points, rng)
    along = rng.standard_normal((n_points // 5, 2)) * [3.0, 3.0 / 64]
    points[: len(along)] = along @ np.array([[0.6, 0.8], [-0.8, 0.6]]) + 3.0
    return points


def one_outlier(n_points: int, rng: np.random.Generator) -> Points:
    """158 standard deviations away."""
    points = round_blobs(n_points, rng)
    points[n_points // 2] += 158 * points.std()
    return points


def lognormal(n_points: int, rng: np.random.Generator) -> Points:
    return rng.lognormal(size=(n_points, 2))


def student(n_points: int, rng: np.random.Generator) -> Points:
    """Of three degrees of freedom."""
    return rng.standard_t(3, size=(n_points, 2))


def correlated(n_points: int, rng: np.random.Generator) -> Points:
    """Columns correlated at 0.9996."""
    first, second = rng.standard_normal((2, n_points))
    return np.column_stack([first, 0.9996 * first + np.sqrt(1 - 0.9996**2) * second])


def noisy_sine(n_points: int, rng: np.random.Generator) -> Points:
    along = rng.uniform(0, 4 * np.pi, n_points)
    return np.column_stack([along, np.sin(along) + 0.01 * rng.standard_normal(n_points)])


DATA: dict[str, Callable[[int, np.random.Generator], Points]] = {
    "round": round_blobs,
    "a thin cluster": a_thin_cluster,
    "one outlier": one_outlier,
    "lognormal": lognormal,
    "Student t, 3": student,
    "correlated": correlated,
    "noisy sine": noisy_sine,
}


def fitted(points: Points, family: str = "full") -> gmm_core.Mixture:
    """What EM has come to on a few of the points."""
    few = points[1 :: max(2, len(points) // 20_000)]
    rng = np.random.default_rng(0)
    start = gmm_core.initialize(few, N_COMPONENTS, family=family, rng=rng)
    return gmm_core.run(few, start, family=family, max_steps=40).states[-1].mixture


def clusters(n_points: int, n_dimensions: int, outlier: bool) -> Points:
    """Overlapping clusters of own shapes in D dimensions, perhaps with a point far off."""
    rng = np.random.default_rng(1)
    roots = rng.standard_normal((N_COMPONENTS, n_dimensions, n_dimensions)) / np.sqrt(n_dimensions)
    roots += 0.5 * np.eye(n_dimensions)
    places = 2.0 * rng.standard_normal((N_COMPONENTS, n_dimensions))
    labels = rng.integers(N_COMPONENTS, size=n_points)
    points = rng.standard_normal((n_points, n_dimensions))
    for k in range(N_COMPONENTS):
        points[labels == k] = places[k] + points[labels == k] @ roots[k].T
    if outlier:
        points[n_points // 2] += 158 * points.std()
    return points


def plane() -> None:
    """Prints one line for each kind of data in two dimensions."""
    n_points, repetitions = PLANE
    table = Table(
        f"One EM iteration, full, {n_points:,} x 2, K = {N_COMPONENTS}",
        *("data          ", "ours / ours on round blobs", "target", "scikit-learn / ours", "target "),
    )
    rng = np.random.default_rng(0)
    data = {name: make(n_points, rng) for name, make in DATA.items()}
    works = []
    for points in data.values():
        mixture = fitted(points)
        works += [
            partial(iterations, points, mixture, ITERATIONS),
            partial(theirs, points, mixture, ITERATIONS),
        ]
    times = medians(works, repetitions)
    for i, name in enumerate(data):
        own, other = times[2 * i : 2 * i + 2]
        table.row(name, f"{own / times[0]:.2f}", "< 2", f"{other / own:.1f}", "> 10")


def high() -> None:
    """Prints one line for each D and kind of covariance."""
    table = Table(
        f"One EM iteration, K = {N_COMPONENTS}: scikit-learn / ours",
        *("D", "points", "covariances", "clusters", "with an outlier", "target"),
    )
    for n_dimensions, n_points in HIGH:
        for kind in KINDS:
            ratios = []
            for outlier in (False, True):
                points = clusters(n_points, n_dimensions, outlier)
                mixture = fitted(clusters(n_points, n_dimensions, False), kind)
                own, other = medians(
                    (
                        partial(iterations, points, mixture, ITERATIONS, kind),
                        partial(theirs, points, mixture, ITERATIONS, kind),
                    ),
                    3,
                )
                ratios.append(f"{other / own:.2f}")
            table.row(n_dimensions, f"{n_points:,}", kind, *ratios, "> 3" if n_dimensions == 10 else "> 1")


def main() -> None:
    """Prints both tables."""
    plane()
    high()
