"""Many small fits at once beside the same one by one, and how soon a variational mixture settles."""

from collections.abc import Callable
from functools import partial
from time import perf_counter

import numpy as np

from benchmarks.measure import Table, medians, seconds
from gmm_core import EMEnd, Mixture, initialize, restart, weighted_likelihood_bootstrap
from gmm_core import likelihood_ratio_test as ratio_test
from gmm_core import variational as vb
from gmm_core.selection.cross_validation import held_out_log_likelihood
from gmm_core.selection.resampling import SideBySide

SIZES = tuple((n_points, n_components) for n_points in (300, 5_000) for n_components in (2, 3, 5))
RESAMPLES = 100
# Of the likelihood-ratio test, each with its own search.
SEARCHES = 10

VARIATIONAL_SIZES = (300, 6_000, 60_000)
GENEROUS = 20


def clusters(n_points: int, n_components: int) -> np.ndarray:
    """Points (N, 2) of tilted clusters that overlap a little."""
    rng = np.random.default_rng(0)
    centres = 6.0 * rng.standard_normal((n_components, 2))
    roots = 0.7 * rng.standard_normal((n_components, 2, 2)) + 0.6 * np.eye(2)
    labels = rng.integers(0, n_components, n_points)
    return centres[labels] + np.einsum("nij,nj->ni", roots[labels], rng.standard_normal((n_points, 2)))


def one_by_one(
    _: SideBySide, begun: list[Mixture], _sets: object, _after: int, alone: Callable[[int], EMEnd]
) -> list[EMEnd]:
    """In place of what is done side by side."""
    return [alone(i) for i in range(len(begun))]


def without_sharing(work: Callable[[], object]) -> None:
    """The same work with every fit by itself."""
    together = SideBySide._go_on
    SideBySide._go_on = one_by_one  # pyright: ignore[reportAttributeAccessIssue]
    try:
        work()
    finally:
        SideBySide._go_on = together


def variational_data(n_points: int) -> dict[str, np.ndarray]:
    """Points (N, 2) by what is hard about them."""
    rng = np.random.default_rng(0)
    places = np.array([[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]])[np.arange(n_points) % 3]
    round_ones = places + rng.standard_normal((n_points, 2))
    outlier = round_ones.copy()
    outlier[0] = 1_000.0
    common = rng.standard_normal((n_points, 2))
    return {
        "clusters": round_ones,
        "Student t, 3": rng.standard_t(3, (n_points, 2)),
        "lognormal": np.exp(rng.standard_normal((n_points, 2))),
        "one outlier": outlier,
        "correlated": np.column_stack([common[:, 0], common @ [1.0, 0.03] + np.arange(n_points) % 2]),
    }


def main() -> None:
    """Prints one line a size, and one for each kind of points."""
    table = Table(
        f"One by one / at once: {RESAMPLES} resamples, ten folds, {SEARCHES} resamples of the ratio test",
        *("points", "K", "bootstrap", "ten folds", "ratio test", "target"),
    )
    for n_points, n_components in SIZES:
        points = clusters(n_points, n_components)
        fit = restart(points, n_components, n_init=5, rng=0).run.mixture
        works = (
            partial(weighted_likelihood_bootstrap, points, fit, n_bootstrap=RESAMPLES, rng=0),
            partial(held_out_log_likelihood, points, n_components, rng=0),
            partial(ratio_test, points, n_components, n_bootstrap=SEARCHES, rng=0),
        )
        ratios = []
        for work in works:
            together, apart = medians((work, partial(without_sharing, work)), 3)
            ratios.append(f"{apart / together:.1f}")
        table.row(f"{n_points:,}", n_components, *ratios, "> 1")
    steps = Table(
        f"A variational mixture of {GENEROUS}, until it settles",
        *("points", "of", "steps", "components left", "a step / one without moves"),
    )
    for n_points in VARIATIONAL_SIZES:
        for name, points in variational_data(n_points).items():
            begin = initialize(points, GENEROUS, rng=1)
            began = perf_counter()
            settled = vb.run(points, begin, max_steps=400)
            whole = perf_counter() - began
            last = settled.states[-1]
            plain = seconds(partial(vb.run, points, begin, moves=False, tolerance=0.0, max_steps=10)) / 10
            taken = f"{last.iteration}" + (" (not settled)" if settled.is_unfinished else "")
            steps.row(f"{n_points:,}", name, taken, last.n_active, f"{whole / last.iteration / plain:.1f}")
