"""How long work takes beside other work, how much memory it needs, and tables of the answers.

Machines differ and drift, so what is printed are ratios of times that were taken in turns in one run.
"""

import statistics
import threading
import time
import tracemalloc
from collections.abc import Callable, Sequence
from pathlib import Path

Work = Callable[[], object]

MIB = 2**20
STATUS = Path("/proc/self/status")


def seconds(work: Work) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def medians(works: Sequence[Work], repetitions: int) -> list[float]:
    """Of every work's seconds: all of them in turns, once unheeded and then `repetitions` times."""
    for work in works:
        work()
    times = [[seconds(work) for work in works] for _ in range(repetitions)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def traced(work: Work) -> float:
    """The most MiB that Python and NumPy held at once for one call."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1] / MIB
    finally:
        tracemalloc.stop()


def status(name: str) -> int | None:
    """A number that the system keeps on this process, in its own unit; None where there is no such file."""
    if not STATUS.exists():
        return None
    fields = dict(line.split(":", 1) for line in STATUS.read_text().splitlines())
    return int(fields[name].split()[0])


def highest(name: str, work: Work) -> tuple[int, int] | None:
    """`status(name)` before the work, and the highest it was while at it, asked every millisecond."""
    before = status(name)
    if before is None:
        return None
    seen, done = [before], threading.Event()

    def watch() -> None:
        while not done.wait(0.001):
            seen.append(status(name) or 0)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return before, max(seen)


class Table:
    """A Markdown table, printed row by row as the answers come."""

    def __init__(self, title: str, *columns: str) -> None:
        self.widths = [max(9, len(column)) for column in columns]
        print(f"\n{title}\n")
        self.row(*columns)
        print("|" + "|".join("-" * (width + 1) + ":" for width in self.widths) + "|", flush=True)

    def row(self, *cells: object) -> None:
        aligned = (f" {cell!s:>{width}} " for cell, width in zip(cells, self.widths, strict=True))
        print("|" + "|".join(aligned) + "|", flush=True)
