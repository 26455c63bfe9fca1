"""Reading a file, and its cells once more, in bounded time and memory: elsewhere, unless it is small."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from gmm_core.points import sealed
from ui.uploads import as_it_came
from ui.uploads.apart import apart
from ui.uploads.encoding import SAMPLE_BYTES
from ui.uploads.formats import MAX_BYTES, check_bytes, is_plain, read_here
from ui.uploads.report import UploadError
from ui.uploads.table import Reading, Table

HARMLESS_BYTES = 2**20
"""Of a text that is read here and now: to send it elsewhere would take longer."""

HARMLESS_LINE = 4_000
"""Bytes of its longest line, for every column takes its time."""

# Texts become objects so many at a time, so that other scripts come in between.
_TEXTS_AT_ONCE = 50_000


def read_table(
    name: str, data: bytes, reading: Reading | None = None, *, max_bytes: int = MAX_BYTES
) -> Table:
    """Return the table in an uploaded file, as `read_here` does, within 10 s and a gigabyte.

    Raises:
        UploadError: as there, and where reading takes longer or more memory than it may.
    """
    if _is_harmless(data):
        return read_here(name, data, reading, max_bytes=max_bytes)
    check_bytes(data, max_bytes)
    table = apart(_read, data, name, reading, max_bytes)
    columns = {name: sealed(column) for name, column in table.columns.items()}
    texts = {name: sealed(_joined(pieces)) for name, pieces in table.text_columns.items()}
    return replace(table, columns=columns, text_columns=texts, original=data)


def original_cells(table: Table) -> dict[str, Any]:
    """Return every column of the table under its name, with the cells (n_rows,) that the file holds.

    Those of a delimited text are texts, without their quotes, "" where there is nothing. Those of other files
    are values of the file's own kinds, None where there is nothing. Where the rows cannot be found again, or
    not within 10 s and a gigabyte, they are as the table has them.
    """
    data = table.original
    if not isinstance(data, bytes) or _is_harmless(data):
        return as_it_came.found_cells(table) or as_it_came.as_read(table)
    # What has been read of the file need not travel to where it is looked into.
    bare = replace(table, columns={}, text_columns={}, parse_errors={}, original=None)
    try:
        found = apart(_look, data, bare)
    except UploadError:
        found = None
    if found is None:
        return as_it_came.as_read(table)
    return {name: _joined(column) if isinstance(column, list) else column for name, column in found.items()}


def original_values(table: Table) -> dict[str, Any]:
    """Return what `original_cells` does, but columns of text that are numbers and nothing more as numbers,
    None where missing: 2007 is one, and 01234 is a code."""
    return {name: as_it_came.as_numbers(column) for name, column in original_cells(table).items()}


def _is_harmless(data: bytes) -> bool:
    """Whether the file is a short text of not too many columns."""
    if len(data) > HARMLESS_BYTES or not is_plain(data):
        return False
    return max(map(len, data[:SAMPLE_BYTES].splitlines()), default=0) <= HARMLESS_LINE


# What is done elsewhere. Columns of objects come back in pieces.


def _read(data: bytes, name: str, reading: Reading | None, max_bytes: int) -> Table:
    table = read_here(name, data, reading, max_bytes=max_bytes)
    texts: dict[str, Any] = {name: _pieces(column) for name, column in table.text_columns.items()}
    return replace(table, text_columns=texts, original=None)


def _look(data: bytes, table: Table) -> dict[str, Any] | None:
    found = as_it_came.found_cells(replace(table, original=data))
    return found and {name: _pieces(column) for name, column in found.items()}


def _pieces(column: np.ndarray) -> Any:
    if column.dtype != object:
        return column
    return [
        pickle.dumps(column[i : i + _TEXTS_AT_ONCE].tolist()) for i in range(0, len(column), _TEXTS_AT_ONCE)
    ]


def _joined(pieces: Any) -> np.ndarray:
    items: list[Any] = []
    for piece in cast(Sequence[bytes], pieces):
        items += pickle.loads(piece)
    column = np.empty(len(items), dtype=object)
    column[:] = items
    return column
