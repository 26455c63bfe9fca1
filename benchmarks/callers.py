"""Many threads that call e_step at once, as many people on one server do: they share a few threads."""

import threading
from functools import partial

import gmm_core
from benchmarks.measure import Table, highest, medians
from benchmarks.problems import problem
from gmm_core.threads import MOST_THREADS

CALLERS = 8
REPETITIONS = 5


def at_once(points: object, mixture: gmm_core.Mixture) -> None:
    """CALLERS threads, an E-step each."""
    callers = [threading.Thread(target=gmm_core.e_step, args=(points, mixture)) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()


def main() -> None:
    """Prints one line a size."""
    table = Table(
        f"{CALLERS} threads that call e_step at once, K = 5",
        *("points", f"{CALLERS} at once / one alone", "target", "threads of the core", "at most"),
        "threads of the process more, callers aside",
    )
    for n_points in (100_000, 1_000_000):
        points, mixture = problem(n_points, 5)
        one, many = medians(
            (partial(gmm_core.e_step, points, mixture), partial(at_once, points, mixture)), REPETITIONS
        )
        pool = sum(thread.name.startswith("gmm_core") for thread in threading.enumerate())
        seen = highest("Threads", partial(at_once, points, mixture))
        # Aside from the callers there is the one that watches.
        more = "not known here" if seen is None else max(0, seen[1] - seen[0] - CALLERS - 1)
        table.row(f"{n_points:,}", f"{many / one:.1f}", f"about {CALLERS}", pool, MOST_THREADS, more)
