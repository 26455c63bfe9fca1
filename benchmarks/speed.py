"""One EM iteration beside scikit-learn's, and beside numpy.exp on an array of N x K."""

import warnings
from collections.abc import Callable

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture

import gmm_core
from benchmarks.measure import Table, medians, traced
from benchmarks.problems import iterations, problem

# points, components, repetitions; how many times faster than scikit-learn it ought to be
CASES = ((300, 3, 200, 5), (10_000, 5, 40, 12), (1_000_000, 5, 3, 25))
ITERATIONS = 10


# What scikit-learn takes for the precisions of each kind of covariance.
_PRECISIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "full": lambda precisions: precisions,
    "tied": lambda precisions: precisions[0],
    "diag": lambda precisions: np.einsum("kdd->kd", precisions),
    "spherical": lambda precisions: precisions[:, 0, 0],
}


def theirs(points: np.ndarray, mixture: gmm_core.Mixture, n_steps: int, kind: str = "full") -> None:
    """`n_steps` iterations of scikit-learn, from the same parameters."""
    model = GaussianMixture(
        mixture.n_components,
        covariance_type=kind,  # type: ignore[arg-type]
        tol=0,
        reg_covar=0,
        max_iter=n_steps,
        weights_init=mixture.weights,
        means_init=mixture.means,
        precisions_init=_PRECISIONS[kind](np.linalg.inv(mixture.covariances)),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(points)


def main() -> None:
    """Prints one line a size."""
    table = Table(
        "One EM iteration, full, two dimensions (the exp writes into an array that is there already)",
        *("points", "K", "scikit-learn / ours", "target", "ours / exp of N x K", "target "),
        *("extra memory", "target  "),
    )
    for n_points, n_components, repetitions, target in CASES:
        points, mixture = problem(n_points, n_components)
        exponents = -np.random.default_rng(0).random((n_points, n_components))
        room = np.empty_like(exponents)
        own, other, floor = medians(
            (
                lambda points=points, mixture=mixture: iterations(points, mixture, ITERATIONS),
                lambda points=points, mixture=mixture: theirs(points, mixture, ITERATIONS),
                lambda e=exponents, room=room: [np.exp(e, out=room) for _ in range(ITERATIONS)],
            ),
            repetitions,
        )
        memory = traced(lambda points=points, mixture=mixture: iterations(points, mixture, ITERATIONS))
        table.row(
            *(f"{n_points:,}", n_components, f"{other / own:.1f}", f"> {target}"),
            *(f"{own / floor:.2f}", "< 3" if n_points >= 1_000_000 else ""),
            *(f"{memory:.1f} MiB", "< 64 MiB"),
        )
