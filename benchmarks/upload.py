"""From the bytes of a file to points: the time beside pandas', and the memory it takes."""

import io
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pandas as pd

from benchmarks.measure import MIB, Table, highest, medians
from ui.uploads import describe, read_table, select_points, suggest_label

N_ROWS, N_COLUMNS = 1_000_000, 4
REPETITIONS = 3


def measurements(n_rows: int = N_ROWS) -> pd.DataFrame:
    """N_COLUMNS of normal deviates with all their digits."""
    values = np.random.default_rng(0).normal(size=(n_rows, N_COLUMNS))
    return pd.DataFrame(values, columns=pd.Index(list("abcd"[:N_COLUMNS])))


def as_text() -> bytes:
    """A CSV of a million rows."""
    return str(measurements().to_csv(index=False)).encode()


def as_german_text() -> bytes:
    """The same with semicolons, decimal commas and points between thousands, a tenth as long."""
    rounded = (1e4 * measurements(N_ROWS // 10)).round(2)
    spelled = rounded.map(lambda value: f"{value:,.2f}".translate(str.maketrans(",.", ".,")))
    return str(spelled.to_csv(index=False, sep=";")).encode()


def as_parquet() -> bytes:
    """The million rows as Parquet."""
    stream = io.BytesIO()
    measurements().to_parquet(stream)
    return stream.getvalue()


def as_json() -> bytes:
    """A tenth of the rows as a list of objects."""
    return str(measurements(N_ROWS // 10).to_json(orient="records")).encode()


def as_workbook() -> bytes:
    """A tenth of the rows as an Excel sheet."""
    stream = io.BytesIO()
    measurements(N_ROWS // 10).to_excel(stream, index=False)
    return stream.getvalue()


# The file; how pandas reads it; the seconds it may take.
FORMATS: dict[str, tuple[Callable[[], bytes], Callable[[io.BytesIO], object], float | None]] = {
    "CSV, 1,000,000 rows": (as_text, pd.read_csv, 4),
    "thousands, 100,000 rows": (
        as_german_text,
        lambda stream: pd.read_csv(stream, sep=";", decimal=",", thousands="."),
        None,
    ),
    "Parquet, 1,000,000 rows": (as_parquet, pd.read_parquet, 4),
    "JSON, 100,000 rows": (as_json, pd.read_json, None),
    "Excel, 100,000 rows": (as_workbook, pd.read_excel, None),
}


def points_of(data: bytes) -> np.ndarray:
    """What a person waits for: the table read, its columns described, two chosen."""
    table = read_table("measured", data)
    describe(table)
    selection = select_points(table)
    suggest_label(table, selection.x, selection.y)
    return selection.points


def grown(data: bytes) -> float | None:
    """The most MiB that one reading adds to what the process holds, the file's bytes apart."""
    points_of(b"x,y\n1,2\n3,4\n")
    pages = highest("VmRSS", lambda: points_of(data))
    return None if pages is None else (pages[1] - pages[0]) * 1024 / MIB


def main() -> None:
    """Prints one line a format."""
    table = Table(
        f"From a file's bytes, {N_COLUMNS} columns of numbers, to described columns and points",
        *("file                   ", "MB", "seconds", "target", "ours / pandas", "memory", "target "),
    )
    for name, (written, theirs, target) in FORMATS.items():
        data = written()
        ours, other = medians(
            (lambda data=data: points_of(data), lambda data=data, read=theirs: read(io.BytesIO(data))),
            REPETITIONS,
        )
        # A process of its own, which has no memory to spare from earlier work.
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as fresh:
            memory = fresh.submit(grown, data).result()
        table.row(
            *(name, f"{len(data) / 1e6:.1f}", f"{ours:.2f}", f"< {target}" if target else ""),
            *(f"{ours / other:.1f}", "not known" if memory is None else f"{memory:.0f} MiB", "< 1 GiB"),
        )
