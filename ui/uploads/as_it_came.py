"""The cells of a table as the file holds them: every zero in front, every digit, every word.

A picture needs numbers and texts, and a table keeps no more. What people take home repeats their file, so the
file is looked into once more when that is asked for, and nothing of it is kept.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import load_workbook

from ui.uploads.encoding import decode, unfold
from ui.uploads.json_records import json_columns
from ui.uploads.numerals import MISSING_WORDS
from ui.uploads.parquet import is_value
from ui.uploads.table import Table

# A whole number as a program writes it: in 01234 or +5 there is more than the number.
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][+-]?[0-9]+)?")


def found_cells(table: Table) -> dict[str, Any] | None:
    """Return every column of the table under its name, with the cells (n_rows,) that the file holds.

    Those of a delimited text are texts, without their quotes, "" where there is nothing. Those of other files
    are values of the file's own kinds, None where there is nothing. Returns None where the rows cannot be
    found again.
    """
    find = _FINDERS.get(table.format)
    return None if find is None or table.original is None else find(table, table.original)


def as_read(table: Table) -> dict[str, Any]:
    """Return every column of a table as it was read: numbers, texts, and among numbers the cells that are
    none."""
    columns: dict[str, Any] = {}
    for name in table.names:
        if name in table.text_columns:
            columns[name] = table.text_columns[name]
            continue
        columns[name], errors = table.columns[name], table.parse_errors[name]
        if len(errors.rows):
            columns[name] = columns[name].astype(object)
            columns[name][errors.rows] = errors.texts
    return columns


def as_numbers(column: Any) -> Any:
    """Return a column of texts that are numbers and nothing more as numbers, None where missing; others as
    they are."""
    array = np.asarray(column)
    if array.dtype != object or not all(isinstance(cell, str) for cell in array):
        return column
    told = [cell.strip() for cell in array]
    words = {cell for cell in told if cell not in MISSING_WORDS}
    if words and all(map(_WHOLE.fullmatch, words)):
        number: Callable[[str], Any] = int
    elif words and all(any(map(str.isdigit, word)) and _DECIMAL.fullmatch(word) for word in words):
        number = float
    else:
        return column
    return _objects([None if cell in MISSING_WORDS else number(cell) for cell in told])


def _objects(items: Sequence[Any]) -> np.ndarray:
    """(len(items),): also of items that are sequences themselves."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def _named(table: Table, rows: Sequence[Sequence[Any]], blank: Any) -> dict[str, Any] | None:
    """The columns of rows that are as wide as the table or narrower; None if one is wider."""
    width = len(table.names)
    uneven = [place for place, row in enumerate(rows) if len(row) != width]
    if any(cell not in (None, "") for place in uneven for cell in rows[place][width:]):
        return None
    rows = list(rows)
    for place in uneven:
        rows[place] = [*rows[place][:width], *[blank] * (width - len(rows[place]))]
    columns = zip(*rows, strict=True)
    return {name: _objects(column) for name, column in zip(table.names, columns, strict=True)}


# Delimited text


def _of_text(table: Table, content: Any) -> dict[str, Any] | None:
    separator = table.reading.separator
    if separator is None or table.line_numbers is None or table.place != "line":
        return None
    lines = _lines(content, table.reading.encoding or "utf-8")
    begins = (table.line_numbers - 1).tolist()
    rows = []
    try:
        for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
            rows.append(_fields(lines, begin, end, separator))
    except csv.Error:
        return None
    return _named(table, rows, "")


def _lines(content: bytes, encoding: str) -> list[str]:
    """The text's lines with their ends, which a cell may hold as well."""
    data = unfold(content)
    try:
        text = data.decode(encoding, "strict" if encoding == "cp1252" else "replace")
    except UnicodeDecodeError:  # a byte that is nothing in Windows-1252
        text = data.decode("latin-1")
    return io.StringIO(text.lstrip("\ufeff"), newline="").readlines()


def _fields(lines: list[str], begin: int, end: int, separator: str) -> list[str]:
    """The fields of the record on the line `begin`, which has ended before the line `end`."""
    line = lines[begin].rstrip("\r\n")
    if '"' not in line:
        return line.split() if separator == " " else line.split(separator)
    fields = _quoted_fields(lines[begin:end], separator)
    # Some programs put a whole line into quotes.
    return fields if len(fields) > 1 else _quoted_fields(fields, separator)


def _quoted_fields(lines: Sequence[str], separator: str) -> list[str]:
    if separator == " ":
        lines = [line.replace("\t", " ").strip(" ") for line in lines]
    # A space before a quote is no part of the field, and one before anything else is.
    spaced = separator == " " or f'{separator} "' in re.sub(" +", " ", lines[0])
    return next(csv.reader(lines, delimiter=separator, skipinitialspace=spaced), [])


# Other formats


def _of_json(table: Table, content: Any) -> dict[str, Any] | None:
    text, _, _ = decode(unfold(content), table.reading.encoding)
    columns, numbers = json_columns(text)
    rows = _places(table, numbers)
    if rows is None or len(columns) != len(table.names):
        return None
    return {
        name: _objects([_spelled(column[row]) for row in rows])
        for name, column in zip(table.names, columns, strict=True)
    }


def _spelled(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _places(table: Table, numbers: Sequence[int] | None) -> list[int] | None:
    """Where the rows of the table are among those called `numbers`, or 1, 2, ... for None."""
    if table.line_numbers is None:
        return list(range(table.n_rows))
    called = table.line_numbers.tolist()
    if numbers is None:
        return [number - 1 for number in called]
    places = {number: place for place, number in enumerate(numbers)}
    return [places[number] for number in called] if all(number in places for number in called) else None


def _of_parquet(table: Table, content: Any) -> dict[str, Any] | None:
    rows = _places(table, None)
    file = pq.ParquetFile(pa.BufferReader(content))
    kept = [field.name for field in file.schema_arrow if is_value(field.type)]
    if rows is None or len(kept) != len(table.names) or len(set(kept)) < len(kept):
        return None
    whole = rows == list(range(file.metadata.num_rows))
    columns: dict[str, Any] = {}
    for name, called in zip(table.names, kept, strict=True):
        column = file.read(columns=[called], use_threads=False).column(0)
        columns[name] = _of_arrow(column if whole else column.take(pa.array(rows)))
    return columns


def _of_arrow(column: pa.ChunkedArray) -> Any:
    plain = pa.types.is_floating(column.type) or (pa.types.is_integer(column.type) and not column.null_count)
    return column.to_numpy() if plain else _objects(column.to_pylist())


def _of_workbook(table: Table, content: Any) -> dict[str, Any] | None:
    if table.reading.sheet is None or table.line_numbers is None:
        return None
    wanted = set(table.line_numbers.tolist())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and forms that are not read
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book[table.reading.sheet]
        sheet.reset_dimensions()
        last = max(wanted, default=1)
        numbered = enumerate(sheet.iter_rows(max_row=last, values_only=True), start=1)
        rows = [row for number, row in numbered if number in wanted]
    columns = _named(table, rows, None) if len(rows) == table.n_rows else None
    return columns and {name: _dates(column) for name, column in columns.items()}


def _dates(column: np.ndarray) -> np.ndarray:
    """Moments as days where all are midnights: a workbook has no days of its own."""
    moments = [cell for cell in column if isinstance(cell, datetime.datetime)]
    if not moments or any(moment.time() != datetime.time() for moment in moments):
        return column
    return _objects([cell.date() if isinstance(cell, datetime.datetime) else cell for cell in column])


def _of_session(table: Table, content: Any) -> dict[str, Any] | None:
    rows = _places(table, content.lines)
    if rows is None:
        return None
    return {name: _objects([content.columns[name][row] for row in rows]) for name in table.names}


_FINDERS: Mapping[str, Callable[[Table, Any], dict[str, Any] | None]] = {
    "text": _of_text,
    "JSON": _of_json,
    "Parquet": _of_parquet,
    "Excel": _of_workbook,
    "session": _of_session,
}
