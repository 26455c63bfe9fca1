"""JSON -> a table: a list of objects, lines of objects, or columns under their names."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from ui.uploads.encoding import decode
from ui.uploads.format import Format
from ui.uploads.original import Cells, objects, places_of_rows
from ui.uploads.report import N_EXAMPLES, Dropped, UploadError, examples, reason
from ui.uploads.table import Reading, Table, assembled, check_size
from ui.uploads.values import spelled, typed_columns

MAX_JSON_BYTES = 50_000_000
"""Of text; as Python values it takes many times as much memory."""

MAX_JSON_CELLS = 10_000_000
"""Rows times columns, for a row need not name every column."""

# A text in square brackets may be a list of lists, but "[1, 2]" is also how some programs print a point.
_OPENING = re.compile(rb"[\s\x00]*(\{[\s\x00]*[\"}]|\[[\s\x00]*[\[{\]])")
_MARKS = codecs.BOM_UTF8 + codecs.BOM_UTF16_LE

_SHAPES = "a list of objects, one object a line, or an object of columns"


class _Rows(NamedTuple):
    names: list[str]
    columns: list[list[object]]
    numbers: list[int] | None
    """Where each row stands, None for "the n-th"."""
    strangers: list[tuple[int, object]]
    """Number and value of each element that is no row."""
    place: str = "entry"
    """What the numbers count: "entry" of a list, or "line"."""


def read_json(name: str, data: bytes, reading: Reading) -> Table:
    """Return the table in a JSON text.

    Raises:
        UploadError: it is too large, damaged, or holds no table.
    """
    if len(data) > MAX_JSON_BYTES:
        raise UploadError(
            f"This JSON has more than {MAX_JSON_BYTES // 1_000_000} MB; save the table as CSV or Parquet."
        )
    text, encoding, remarks = decode(data, reading.encoding)
    rows = _rows(text)
    check_size(max((len(column) for column in rows.columns), default=0), len(rows.columns), MAX_JSON_CELLS)
    typed, rounded, marks, used, more = typed_columns(rows.columns, reading)
    lines = None if rows.numbers is None else np.array(rows.numbers, np.intp)
    return assembled(
        name,
        rows.names,
        typed,
        lines,
        _skipped(rows),
        [*remarks, *more],
        rounded,
        marks,
        format="JSON",
        reading=replace(used, encoding=encoding),
        place=rows.place,
    )


def json_cells(table: Table, content: bytes) -> Cells | None:
    """Return the values of every cell of a table that `read_json` has read, None where there is nothing."""
    text, _, _ = decode(content, table.reading.encoding)
    found = _rows(text)
    rows = places_of_rows(table, found.numbers)
    if rows is None or len(found.columns) != len(table.names):
        return None
    return {
        name: objects([_as_written(column[row]) for row in rows])
        for name, column in zip(table.names, found.columns, strict=True)
    }


def _as_written(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _rows(text: bytes) -> _Rows:
    try:
        value = json.loads(text)
    except RecursionError:
        raise UploadError(f"This JSON is nested too deeply to be a table; a table is {_SHAPES}.") from None
    except ValueError as error:
        found = _lines(text)
        if found is not None:
            return found
        place = f" in line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise UploadError(f"This JSON is damaged or cut short{place}; save it again.") from None
    if isinstance(value, dict):
        return _from_object(value)
    if isinstance(value, list):
        return _from_list(value)
    raise UploadError(f"This JSON holds a single value; a table is {_SHAPES}.")


def _lines(text: bytes) -> _Rows | None:
    """Return the rows if every line that is not blank is a value of its own and the first is an object."""
    values: list[object] = []
    places: list[int] = []
    for number, line in enumerate(text.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            values.append(json.loads(line))
        except (ValueError, RecursionError):
            if not values or not isinstance(values[0], Mapping):
                return None
            raise UploadError(f"This JSON is damaged or cut short in line {number}; save it again.") from None
        places.append(number)
    if not values or not isinstance(values[0], Mapping):
        return None
    return _from_list(values, places)._replace(place="line")


def _from_list(values: Sequence[object], numbers: Sequence[int] | None = None) -> _Rows:
    """Return the rows among the values of a list: the objects if there are any, or else the lists; numbers
    alone are a column."""
    numbers = range(1, len(values) + 1) if numbers is None else numbers
    if values and all(_is_number(value) for value in values):
        return _Rows([""], [list(values)], list(numbers), [])
    kind = dict if any(isinstance(value, dict) for value in values) else list
    rows: list[Any] = [value for value in values if isinstance(value, kind)]
    if not rows:
        raise UploadError(f"This JSON holds no rows; a table is {_SHAPES}.")
    kept = [number for number, value in zip(numbers, values, strict=True) if isinstance(value, kind)]
    strangers = [pair for pair in zip(numbers, values, strict=True) if not isinstance(pair[1], kind)]
    names, columns = _from_objects(rows) if kind is dict else _from_lists(rows)
    if columns:
        kept = kept[len(kept) - len(columns[0]) :]  # a list of names is no row
    return _Rows(names, columns, kept, strangers)


def _is_number(value: object) -> bool:
    """Whether a value of a list may be one of a column of numbers; what is missing may."""
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _from_objects(rows: Sequence[Mapping[str, object]]) -> tuple[list[str], list[list[object]]]:
    names = list(dict.fromkeys(name for row in rows for name in row))
    check_size(len(rows), len(names), MAX_JSON_CELLS)
    return names, [[row.get(name) for row in rows] for name in names]


def _from_lists(rows: Sequence[Sequence[object]]) -> tuple[list[str], list[list[object]]]:
    """Return names and columns; a first row of texts alone holds the names."""
    width = max(map(len, rows))
    check_size(len(rows), width, MAX_JSON_CELLS)
    names: list[str] = []
    if len(rows) > 1 and rows[0] and all(isinstance(cell, str) for cell in rows[0]):
        names, rows = list(map(spelled, rows[0])), rows[1:]
    columns = [[row[index] if index < len(row) else None for row in rows] for index in range(width)]
    return names + [""] * (width - len(names)), columns


def _from_object(value: dict[str, Any]) -> _Rows:
    """Return the columns of an object: lists, objects from row to value, or rows under its longest list."""
    if not value:
        raise UploadError(f"This JSON holds no table; a table is {_SHAPES}.")
    names, data = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(data, list):  # as pandas writes with orient="split"
        return _from_list([list(map(spelled, names)), *data])
    lists = {name: cells for name, cells in value.items() if isinstance(cells, list)}
    if lists and all(isinstance(cells[0], dict | list) for cells in lists.values() if cells):
        return _from_list(max(lists.values(), key=len))
    if lists:
        height = max(map(len, lists.values()))
        check_size(height, len(lists), MAX_JSON_CELLS)
        return _Rows(
            list(lists), [cells + [None] * (height - len(cells)) for cells in lists.values()], None, []
        )
    if all(isinstance(cells, dict) for cells in value.values()):
        rows = list(dict.fromkeys(row for cells in value.values() for row in cells))
        check_size(len(rows), len(value), MAX_JSON_CELLS)
        return _Rows(list(value), [[cells.get(row) for row in rows] for cells in value.values()], None, [])
    return _from_list([value])


def _skipped(rows: _Rows) -> Dropped:
    if not rows.strangers:
        return Dropped()
    few = rows.strangers[:N_EXAMPLES]
    numbers = np.array([number for number, _ in few])
    texts = [spelled(value) or "null" for _, value in few]
    places = examples(np.arange(len(few)), numbers, texts, rows.place)
    why = "the other rows are written differently"
    return Dropped(len(rows.strangers), (reason(len(rows.strangers), why, places),))


def _is_json(content: bytes, ending: str) -> bool:
    return bool(_OPENING.match(content[:1000].lstrip(_MARKS))) or ending in ("json", "jsonl", "ndjson")


JSON = Format("JSON", recognises=_is_json, read=read_json, cells=json_cells)
