"""Every family's EM iteration beside full's."""

from functools import partial

from benchmarks.measure import Table, medians
from benchmarks.problems import iterations, problem
from gmm_core import FAMILIES

# points, repetitions
CASES = ((10_000, 30), (1_000_000, 5))
ITERATIONS = 10
ITERATIVE = {"VEI", "VEE", "EVE", "VVE", "VEV"}


def main() -> None:
    """Prints one line a family."""
    columns = []
    for n_points, repetitions in CASES:
        points, mixture = problem(n_points, 5)
        works = [partial(iterations, points, mixture, ITERATIONS, family) for family in FAMILIES]
        times = dict(zip(FAMILIES, medians(works, repetitions), strict=True))
        columns.append({family: time / times["full"] for family, time in times.items()})
    sizes = [f"{n_points:,} points" for n_points, _ in CASES]
    table = Table("An EM iteration of each family / one of full, K = 5", "family    ", *sizes, "target")
    for name in FAMILIES:
        ratios = [f"{column[name]:.2f}" for column in columns]
        table.row(name, *ratios, "" if name == "full" else "< 3" if name in ITERATIVE else "< 1.5")
