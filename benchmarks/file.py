"""One EM iteration over a file that need not fit into memory: the memory it takes, and its time."""

import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

import gmm_core
from benchmarks.measure import Table, highest, medians, traced
from benchmarks.problems import problem

N_POINTS = 50_000_000
PART = 1_000_000
REPETITIONS = 3


def mapped(file: Path) -> np.ndarray:
    """The points (N, 2) as one array."""
    return np.memmap(file, dtype=np.float64, mode="r").reshape(-1, 2)


def mapped_parts(file: Path) -> Iterator[np.ndarray]:
    """PART rows at a time of the mapped points."""
    points = mapped(file)
    for first in range(0, len(points), PART):
        yield points[first : first + PART]


def read_parts(file: Path) -> Iterator[np.ndarray]:
    """PART rows at a time, each read into memory of its own."""
    with file.open("rb") as rows:
        while len(part := np.fromfile(rows, count=2 * PART)):
            yield part.reshape(-1, 2)


WAYS = {"one mapped array": mapped, "iterator of mapped parts": mapped_parts, "iterator of parts": read_parts}


def iteration(points: Any, mixture: gmm_core.Mixture) -> gmm_core.Mixture:
    """An E-step and an M-step."""
    return gmm_core.m_step(gmm_core.e_step(points, mixture).moments)


def memory(way: str, file: Path, mixture: gmm_core.Mixture) -> tuple[float | None, float]:
    """MiB that one iteration adds at most: of anonymous memory, if the system tells, and of NumPy's."""

    def work() -> None:
        iteration(WAYS[way](file), mixture)

    pages = highest("RssAnon", work)
    return None if pages is None else (pages[1] - pages[0]) / 1024, traced(work)


def main(n_points: int = N_POINTS) -> None:
    """Prints one line a way of reading; the file is in a temporary folder, and gone afterwards."""
    part, mixture = problem(PART, 5)
    table = Table(
        f"One EM iteration, K = 5, over a file of {n_points:,} x 2 float64 ({16e-6 * n_points:,.0f} MB)",
        *("read as                 ", "anonymous memory", "of it NumPy's", "target"),
        "time / that of as many points in memory",
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "points.f64"
        with file.open("wb") as output:
            for first in range(0, n_points, PART):
                part[: n_points - first].tofile(output)
        for way, read in WAYS.items():
            # A process of its own, which has no memory to spare from earlier work.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
                grown, numpy_memory = fresh.submit(memory, way, file, mixture).result()
            from_file, in_memory = medians(
                (
                    lambda read=read: iteration(read(file), mixture),
                    lambda: [iteration(part, mixture) for _ in range(10)],
                ),
                REPETITIONS,
            )
            table.row(
                *(way, "not known" if grown is None else f"{grown:.1f} MiB", f"{numpy_memory:.1f} MiB"),
                *("< 64 MiB", f"{from_file / n_points / (in_memory / 10 / PART):.2f}"),
            )
