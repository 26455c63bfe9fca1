"""How an EM iteration grows with the points and the components: in proportion to both, if all is well."""

from functools import partial

from benchmarks.measure import Table, medians
from benchmarks.problems import iterations, problem

POINTS = (10_000, 100_000, 1_000_000, 4_000_000)
COMPONENTS = (2, 4, 8, 16)
YARDSTICK = (1_000_000, 4)
REPETITIONS = 5


def main() -> None:
    """Prints one line a number of components."""
    cells = [(n_points, n_components) for n_components in COMPONENTS for n_points in POINTS]
    # As many iterations as make about as much work in every cell, or the smaller sizes would be noise.
    steps = {cell: max(3, min(100, 20_000_000 // (cell[0] * cell[1]))) for cell in cells}
    problems = {cell: problem(*cell) for cell in cells}
    works = [partial(iterations, *problems[cell], steps[cell]) for cell in cells]
    times = dict(zip(cells, medians(works, REPETITIONS), strict=True))
    # There is an E-step more than there are iterations.
    each = {cell: times[cell] / ((steps[cell] + 1) * cell[0] * cell[1]) for cell in cells}
    table = Table(
        f"An EM iteration's time per point and component; 1 at {YARDSTICK[0]:,} points, K = {YARDSTICK[1]}",
        *("K", *(f"{n_points:,} points" for n_points in POINTS)),
    )
    for n_components in COMPONENTS:
        row = (each[n_points, n_components] / each[YARDSTICK] for n_points in POINTS)
        table.row(n_components, *(f"{ratio:.2f}" for ratio in row))
    print("\nEvery point has some work that no number of components adds to: so it falls as K grows.")
    print(f"1 is {1e9 * each[YARDSTICK]:.1f} ns on this machine.")
