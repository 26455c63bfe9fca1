"""One EM iteration beside scikit-learn's and beside numpy.exp on an array of N x K, in the same run.

Only the ratios mean anything: they are taken from medians of alternating repetitions.
"""

import statistics
import time
import tracemalloc
import warnings
from collections.abc import Callable

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

import gmm_core

CASES = ((300, 3, 40), (10_000, 5, 20), (1_000_000, 5, 3))
ITERATIONS = 10


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ours(points: np.ndarray, mixture: gmm_core.Mixture) -> None:
    """ITERATIONS M- and E-steps."""
    state = gmm_core.start(points, mixture)
    for _ in range(ITERATIONS):
        state = gmm_core.step(points, state)


def theirs(points: np.ndarray, mixture: gmm_core.Mixture) -> None:
    """The same of scikit-learn, from the same parameters."""
    model = GaussianMixture(
        mixture.n_components,
        tol=0,
        reg_covar=0,
        max_iter=ITERATIONS,
        weights_init=mixture.weights,
        means_init=mixture.means,
        precisions_init=np.linalg.inv(mixture.covariances),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points)


def main() -> None:
    """Prints one line a size."""
    print("points      K   ours, an iteration   scikit-learn / ours   ours / numpy.exp   extra memory")
    for n_points, n_components, repetitions in CASES:
        rng = np.random.default_rng(0)
        points = rng.standard_normal((n_points, 2)) + 3 * rng.integers(0, n_components, (n_points, 1))
        mixture = gmm_core.initialize(points, n_components, rng=rng)
        exponents = -rng.random((n_points, n_components))
        works = (
            lambda points=points, mixture=mixture: ours(points, mixture),
            lambda points=points, mixture=mixture: theirs(points, mixture),
            lambda exponents=exponents: [np.exp(exponents) for _ in range(ITERATIONS)],
        )
        times = [[seconds(work) for work in works] for _ in range(repetitions)]
        own, other, floor = (statistics.median(column) / ITERATIONS for column in zip(*times, strict=True))
        tracemalloc.start()
        ours(points, mixture)
        memory = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        print(
            f"{n_points:<11,} {n_components} {1000 * own:>17.2f} ms {other / own:>19.1f} "
            f"{own / floor:>18.2f} {memory:>14.1f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    main()
