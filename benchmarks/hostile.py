"""What files made to harm take: seconds, memory, and how long another thread of the server has to wait."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.measure import Table
from ui.uploads import UploadError, read_table

FILES = {
    "Parquet, 29 million x 2 of one value": lambda: _parquet(2, 29_000_000),
    "Parquet, 5,900 x 10,000 of one value": lambda: _parquet(10_000, 5_900),
    "CSV, 6 million x 2 distinct texts": lambda: (
        b"x,y\n" + b"".join(b"q%d,w%d\n" % (n, 7 * n) for n in range(6_000_000))
    ),
    "CSV, 1.5 million x 10 numbers": lambda: _numbers(15),
    "JSON, 8 million lists": lambda: (
        b"[" + b",".join(b"[%d,%d]" % (n % 10, n % 7) for n in range(8_000_000)) + b"]"
    ),
    "JSON, 1.75 million objects": lambda: (
        b"[" + b",".join(b'{"x": %d, "y": %d}' % (n, n % 1000) for n in range(1_750_000)) + b"]"
    ),
}


def main() -> None:
    """Prints one line a file."""
    table = Table(
        "Reading files made to harm",
        *("file", "MB", "seconds", "MiB more, with the reader", "longest wait, s", "what came of it"),
    )
    for name, make in FILES.items():
        data = make()
        with _watched() as watch:
            begin = time.perf_counter()
            try:
                read = read_table("file", data)
                came = f"{read.n_rows:,} x {len(read.names):,}"
            except UploadError as refusal:
                came = str(refusal).split(";")[0]
            seconds = time.perf_counter() - begin
        table.row(
            name, f"{len(data) / 1e6:.1f}", f"{seconds:.1f}", f"{watch.memory:.0f}", f"{watch.wait:.2f}", came
        )


def _parquet(n_columns: int, n_rows: int) -> bytes:
    stream, zeros = BytesIO(), pa.array(np.zeros(n_rows))
    pq.write_table(pa.table({f"c{n}": zeros for n in range(n_columns)}), stream)
    return stream.getvalue()


def _numbers(n_times: int) -> bytes:
    stream = BytesIO()
    np.savetxt(stream, np.random.default_rng(0).normal(size=(100_000, 10)), fmt="%.7f", delimiter=",")
    return stream.getvalue() * n_times


@dataclass
class _Watch:
    memory: float = 0.0
    """MiB of this process and its children, at most, beyond what this one had."""
    wait: float = 0.0
    """Seconds from when a thread wanted to go on until it did, at most."""


@contextmanager
def _watched() -> Iterator[_Watch]:
    watch, over, before = _Watch(), threading.Event(), _memory()

    def look() -> None:
        while not over.is_set():
            watch.memory = max(watch.memory, _memory() - before)
            begin = time.perf_counter()
            time.sleep(0.005)
            watch.wait = max(watch.wait, time.perf_counter() - begin - 0.005)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def _memory() -> float:
    """MiB that this process and its children hold now, as Linux tells it."""
    total = 0
    for folder in Path("/proc").iterdir():
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if folder.name == str(os.getpid()) or fields[1] == str(os.getpid()):
            total += int(fields[21])
    return total * os.sysconf("SC_PAGE_SIZE") / 2**20
