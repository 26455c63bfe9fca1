"""Parquet -> a table, through Arrow."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gmm_core.points import sealed
from ui.uploads.encoding import MAX_DECOMPRESSED_BYTES
from ui.uploads.format import Format
from ui.uploads.missing import marks_among
from ui.uploads.numerals import LARGEST_EXACT, MISSING_WORDS, NO_PARSE_ERRORS, ParseErrors, read_numbers
from ui.uploads.original import Cells, objects, places_of_rows
from ui.uploads.report import Dropped, UploadError, readable
from ui.uploads.table import LONGEST_TEXT, Reading, Table, Typed, assembled, check_size

_DAMAGED = "This Parquet file is damaged or cut short; write it again."
_BATCH_ROWS = 1 << 16


def read_parquet(name: str, data: bytes, reading: Reading) -> Table:
    """Return the table in a Parquet file; columns of lists, bytes and the like are left out, with a remark.

    Raises:
        UploadError: it is damaged, too large, or holds no table.
    """
    try:
        # Text as dictionaries: a long text on a million rows is then stored once, as it is in the file.
        schema = pq.read_schema(pa.BufferReader(data))
        texts = [field.name for field in schema if _is_text(field.type)]
        file = pq.ParquetFile(pa.BufferReader(data), read_dictionary=texts)
        _checked(file)
        kept = [index for index, field in enumerate(file.schema_arrow) if _is_value(field.type)]
        frame = _read(file, [file.schema_arrow.field(index).name for index in kept])
    except MemoryError:  # Arrow's own is one of its exceptions too
        raise
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise (error if isinstance(error, UploadError) else UploadError(_DAMAGED)) from None
    left_out = [field.name for field in file.schema_arrow if not _is_value(field.type)]
    remarks = []
    if left_out:
        shown = ", ".join(readable(column) for column in left_out[:3]) + (
            " and others" if len(left_out) > 3 else ""
        )
        remarks.append(f"Columns that hold neither numbers nor text were left out: {shown}.")
    typed = [_typed(column) for column in frame.columns]
    rounded = [index for index, column in enumerate(frame.columns) if _has_large_whole(column)]
    marks = {
        word
        for column, read in zip(frame.columns, typed, strict=True)
        if isinstance(read, tuple) and _holds_texts(column)
        for word in marks_among(_texts(column), MISSING_WORDS)
    }
    line_numbers = sealed(np.arange(1, frame.num_rows + 1))
    return assembled(
        name,
        frame.column_names,
        typed,
        line_numbers,
        Dropped(),
        remarks,
        rounded,
        marks,
        format="Parquet",
        reading=Reading(missing=reading.missing, totals=reading.totals),
        place="row",
    )


def parquet_cells(table: Table, content: bytes) -> Cells | None:
    """Return the values of every cell of a table that `read_parquet` has read, in the file's own kinds."""
    rows = places_of_rows(table, None)
    file = pq.ParquetFile(pa.BufferReader(content))
    kept = [field.name for field in file.schema_arrow if _is_value(field.type)]
    if rows is None or len(kept) != len(table.names) or len(set(kept)) < len(kept):
        return None
    whole = rows == list(range(file.metadata.num_rows))
    columns: Cells = {}
    for name, called in zip(table.names, kept, strict=True):
        column = file.read(columns=[called], use_threads=False).column(0)
        columns[name] = _values(column if whole else column.take(pa.array(rows)))
    return columns


def _values(column: pa.ChunkedArray) -> np.ndarray:
    plain = pa.types.is_floating(column.type) or (pa.types.is_integer(column.type) and not column.null_count)
    return column.to_numpy() if plain else objects(column.to_pylist())


def _is_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _holds_texts(column: pa.ChunkedArray) -> bool:
    return pa.types.is_dictionary(column.type) or _is_text(column.type)


def _is_value(kind: pa.DataType) -> bool:
    """Return whether cells of that kind are numbers, texts, days or truth values."""
    if pa.types.is_dictionary(kind):
        return _is_text(kind.value_type)
    if pa.types.is_duration(kind) or pa.types.is_interval(kind):  # a number only with a unit that nobody sees
        return False
    return (
        pa.types.is_primitive(kind) or pa.types.is_decimal(kind) or _is_text(kind) or pa.types.is_null(kind)
    )


def _checked(file: pq.ParquetFile) -> None:
    """Raise UploadError if the file says that it is too large; what it says is not always true."""
    check_size(file.metadata.num_rows, len(file.schema_arrow))
    groups = range(file.metadata.num_row_groups)
    if sum(file.metadata.row_group(index).total_byte_size for index in groups) > MAX_DECOMPRESSED_BYTES:
        raise UploadError(
            f"This Parquet file unfolds to more than {MAX_DECOMPRESSED_BYTES // 1_000_000} MB;"
            " upload a part or a random sample of its rows."
        )


def _read(file: pq.ParquetFile, names: list[str]) -> pa.Table:
    """Return the columns called so, batch by batch, so that a file that lies about its length is noticed."""
    batches: list[pa.RecordBatch] = []
    n_rows = 0
    for batch in file.iter_batches(_BATCH_ROWS, columns=names, use_threads=False):
        n_rows += batch.num_rows
        check_size(n_rows, batch.num_columns)
        batches.append(batch)
    if not batches:
        raise UploadError("This file has no rows; upload a table with a row for each point.")
    return pa.Table.from_batches(batches)


def _typed(column: pa.ChunkedArray) -> Typed:
    kind = column.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        values = pc.cast(column, pa.float64(), safe=False)
        numbers = np.array(values.to_numpy(zero_copy_only=False), np.float64)
        if not np.isnan(numbers).all():
            return _without_infinities(numbers)
    texts = _texts(column)
    return read_numbers(texts, ".", None) or sealed(texts)


def _without_infinities(numbers: np.ndarray) -> Typed:
    rows = np.flatnonzero(np.isinf(numbers))
    if not len(rows):
        return sealed(numbers), NO_PARSE_ERRORS
    parse_errors = ParseErrors(rows, [str(numbers[row]) for row in rows], np.ones(len(rows), bool))
    numbers[rows] = np.nan
    return sealed(numbers), parse_errors


def _texts(column: pa.ChunkedArray) -> np.ndarray:
    """Return the cells as str objects, equal ones shared; "" where missing."""
    if pa.types.is_boolean(column.type):
        column = pc.call_function("if_else", [column, pa.scalar("True"), pa.scalar("False")])
    elif not pa.types.is_dictionary(column.type) and not _is_text(column.type):
        column = pc.cast(column, pa.string())
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    parts = [np.empty(0, object)]
    for chunk in column.chunks:
        told = [word[:LONGEST_TEXT] for word in chunk.dictionary.to_pylist()]
        words = np.array([*told, ""], object)
        places = pc.fill_null(chunk.indices, len(words) - 1).to_numpy(zero_copy_only=False)
        parts.append(words[places])
    return np.concatenate(parts)


def _has_large_whole(column: pa.ChunkedArray) -> bool:
    if not pa.types.is_integer(column.type):
        return False
    least, most = (bound.as_py() for bound in pc.call_function("min_max", [column]).values())
    return most is not None and max(-least, most) > LARGEST_EXACT


PARQUET = Format(
    "Parquet",
    # A column of a text may be called so.
    recognises=lambda content, ending: content.startswith(b"PAR1") and content[4:5] < b" ",
    read=read_parquet,
    cells=parquet_cells,
    unfolds=True,
)
