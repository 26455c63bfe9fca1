"""EM over more points than memory holds: from a memory-mapped file, and from an iterator of chunks.

`python -m examples.out_of_memory` writes five million points to a temporary file and fits both ways.
"""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

import gmm_core

# Rows read at a time.
CHUNK = 100_000


def write(file: Path, n_points: int, rng: np.random.Generator) -> None:
    """Points (N, 2) from three clusters, never all of them at once, as raw float64."""
    with file.open("wb") as output:
        for first in range(0, n_points, CHUNK):
            size = min(CHUNK, n_points - first)
            gmm_core.generate("elongated", n_points=size, rng=rng).points.tofile(output)


def mapped(file: Path) -> np.ndarray:
    """The points as an array whose pages the system reads when asked, and forgets when memory is short."""
    return np.memmap(file, dtype=np.float64, mode="r").reshape(-1, 2)


def chunks(file: Path) -> Iterator[np.ndarray]:
    """The points in arrays of CHUNK rows; it might as well be a table read in parts, or a query's answer."""
    with file.open("rb") as rows:
        while len(chunk := np.fromfile(rows, count=2 * CHUNK)):
            yield chunk.reshape(-1, 2)


def fit_stream(
    read: Callable[[], Iterator[np.ndarray]], mixture: gmm_core.Mixture, *, n_steps: int
) -> gmm_core.Mixture:
    """`n_steps` of EM, for each of which `read()` begins again at the first chunk."""
    for _ in range(n_steps):
        mixture = gmm_core.m_step(gmm_core.e_step(read(), mixture).moments)
    return mixture


def fit_mapped(points: np.ndarray, mixture: gmm_core.Mixture, *, n_steps: int) -> gmm_core.Mixture:
    """The same, and just what it would be for an array in memory."""
    return gmm_core.run(points, mixture, tolerance=0, max_steps=n_steps).mixture


def main(n_points: int = 5_000_000, n_steps: int = 5) -> None:
    rng = np.random.default_rng(1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "points.f64"
        write(file, n_points, rng)
        begin = gmm_core.initialize(next(chunks(file)), 3, rng=rng)
        print(fit_stream(lambda: chunks(file), begin, n_steps=n_steps).means)
        print(fit_mapped(mapped(file), begin, n_steps=n_steps).means)


if __name__ == "__main__":
    main()
