"""The rows people brought, and beside each what the fit says of it: as CSV and as Parquet."""

import codecs
import io
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet

import gmm_core
from gmm_core.mixture import shares_and_densities

# What makes a spreadsheet run a cell: OWASP, CSV Injection; the wide forms are those of East Asian keyboards.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")

# A number that came as text is a number to a spreadsheet, and no formula.
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?")


class TableError(ValueError):
    """Columns, rows and points that do not belong together; the text says which."""


@dataclass(frozen=True, eq=False)
class FittedTable:
    """Columns of equal length, in order."""

    columns: Mapping[str, Any]
    """(n_rows,) each; None, NaN or NaT where there is nothing."""
    n_rows: int


def fitted_table(
    columns: Mapping[str, Any],
    n_rows: int,
    rows: np.ndarray,
    points: np.ndarray,
    mixture: gmm_core.Mixture,
    beside: Mapping[str, Any] | None = None,
    *,
    shares: np.ndarray | None = None,
) -> FittedTable:
    """The original columns (n_rows,) in their order, then what the mixture says of each row.

    The points (N, D), with zeros and ones at the end where the mixture has binary columns, came from `rows`
    (N,); every other row is there with blanks. `shares` (N, K or K + 1) are those that the run gave the
    points, where they are others than the mixture's responsibilities.

    Added are "component", that of the largest responsibility, counted from 1 as on the screen (0 where that
    is the noise's); "responsibility 1", ..., and "responsibility of noise" if there is any; "uncertainty",
    1 less the largest; "log-density", in nats; and the columns (N,) of what stands `beside` it. A name that
    is taken gets a number. Raises TableError when lengths disagree or a row is not there or stands twice.
    """
    _check(columns, n_rows, rows, points)
    n_groups = mixture.n_components + (mixture.noise is not None)
    nothing = np.empty((0, n_groups)), np.empty(0)
    own_shares, log_densities = shares_and_densities(points, mixture) if len(points) else nothing
    shares = own_shares if shares is None else shares
    n_components = mixture.n_components
    largest = shares.argmax(axis=1)
    added: dict[str, Any] = {"component": np.where(largest < n_components, largest + 1, 0)}
    added |= {f"responsibility {k + 1}": shares[:, k] for k in range(n_components)}
    if shares.shape[1] > n_components:
        added["responsibility of noise"] = shares[:, n_components]
    added |= {"uncertainty": 1.0 - shares.max(axis=1), "log-density": log_densities, **(beside or {})}
    together = dict(columns)
    for name, values in added.items():
        together[_free(name, together)] = _spread(values, rows, n_rows)
    return FittedTable(together, n_rows)


def _check(columns: Mapping[str, Any], n_rows: int, rows: np.ndarray, points: np.ndarray) -> None:
    for name, values in columns.items():
        if len(values) != n_rows:
            raise TableError(f"The column “{name}” has {len(values)} rows and the table {n_rows}; give all.")
    if len(rows) != len(points):
        raise TableError(f"There are {len(points)} points and {len(rows)} row numbers; give one for each.")
    if len(rows) and not (rows.min() >= 0 and rows.max() < n_rows and len(np.unique(rows)) == len(rows)):
        raise TableError(f"A row number is not from 0 to {n_rows - 1} or stands twice; give each row once.")


def _free(name: str, taken: Iterable[str]) -> str:
    number, free = 1, name
    while free in taken:
        number += 1
        free = f"{name} ({number})"
    return free


def _spread(values: np.ndarray, rows: np.ndarray, n_rows: int) -> Any:
    """(n_rows,): the values at their rows, missing elsewhere; texts are empty there."""
    if values.dtype.kind == "f":
        spread = np.full(n_rows, np.nan)
        spread[rows] = values
        return spread
    if values.dtype == object:
        texts = np.full(n_rows, "", dtype=object)
        texts[rows] = values
        return texts
    whole = np.zeros(n_rows, dtype=np.int64)
    whole[rows] = values
    missing = np.ones(n_rows, dtype=bool)
    missing[rows] = False
    return pd.arrays.IntegerArray(whole, missing)


def table_csv(table: FittedTable) -> bytes:
    """The table as CSV: UTF-8, commas, CRLF, a header, every digit of every number, nothing where nothing is.

    Text is quoted, so that no spreadsheet splits it at another sign than the comma. Text, and a column's
    name, that a spreadsheet would run as a formula gets an apostrophe before it. Numbers, and texts that are
    but a number, stay as they are.
    """
    header = ",".join(_quoted(str(name)) for name in table.columns)
    columns = [_cells(values) for values in table.columns.values()]
    lines = [header, *map(",".join, zip(*columns, strict=True))]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8", errors="replace")


def marked(content: bytes) -> bytes:
    """CSV after the mark by which Excel knows UTF-8, where it would get a letter wrong without: programs that
    know no mark then seldom meet one."""
    return content if content.isascii() else codecs.BOM_UTF8 + content


def _cells(values: Any) -> list[str]:
    series = pd.Series(values).reset_index(drop=True)
    if isinstance(series.dtype, np.dtype) and series.dtype.kind in "biu":
        return list(map(str, series.tolist()))
    if isinstance(series.dtype, np.dtype) and series.dtype.kind == "f":
        values = series.to_numpy()
        # As short as the column's own precision allows; Python's numbers are written faster than NumPy's.
        texts = map(repr, values.tolist()) if values.dtype == np.float64 else map(str, values)
        return ["" if text == "nan" else text for text in texts]
    cells = series.tolist()
    # Words come again and again, and are looked at once.
    words = {word: _cell(word) for word in {cell for cell in cells if type(cell) is str}}
    missing = series.isna().tolist()
    return [
        words[cell] if type(cell) is str else "" if gone else _cell(cell)
        for cell, gone in zip(cells, missing, strict=True)
    ]


def _cell(value: Any) -> str:
    if isinstance(value, np.floating):
        return "" if np.isnan(value) else str(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float):
        return "" if math.isnan(value) else repr(value)
    if isinstance(value, int):
        return str(value)
    text = str(value)
    # With a decimal comma it is one cell only within quotes.
    return text if text == "" or ("," not in text and _NUMBER.fullmatch(text)) else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + without_formula(text).replace('"', '""') + '"'


def without_formula(text: str) -> str:
    """`text`, after an apostrophe if a spreadsheet would run it."""
    return f"'{text}" if text.startswith(_RUNS) and not _NUMBER.fullmatch(text) else text


def table_parquet(table: FittedTable) -> bytes:
    """The table as Parquet, which keeps types. Text is as it came: there it cannot be taken for a formula.

    A column that holds values of several kinds becomes text.
    """
    arrays = [_arrow(values) for values in table.columns.values()]
    names = [_sound(str(name)) for name in table.columns]
    file = io.BytesIO()
    pyarrow.parquet.write_table(pa.Table.from_arrays(arrays, names=names), file)
    return file.getvalue()


def _arrow(values: Any) -> pa.Array:
    series = pd.Series(values).reset_index(drop=True)
    try:
        array = pa.Array.from_pandas(series)
    except (pa.ArrowException, UnicodeEncodeError, OverflowError):
        texts = [
            None if missing else _sound(str(value))
            for value, missing in zip(series, series.isna(), strict=True)
        ]
        return pa.array(texts, pa.string())
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _sound(text: str) -> str:
    """`text` without halves of letters, which UTF-8 has no bytes for."""
    return text.encode("utf-8", errors="replace").decode("utf-8")
