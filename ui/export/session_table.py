"""A whole table inside a session file: its cells as they came, what was read of them, and where they stood.

What was read is left out where it follows from the cells, which it nearly always does.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gmm_core.persistence.typed_json import Fields
from gmm_core.points import sealed
from ui.uploads import Table, original_cells
from ui.uploads.numerals import ParseErrors
from ui.uploads.report import Dropped
from ui.uploads.table import Reading, SavedCells, Typed, assembled, check_size

Cell = str | float | bool | None


@dataclass(frozen=True, eq=False)
class SavedColumn:
    """A column of N cells."""

    name: str
    """As in the table."""
    cells: list[Cell]
    """N cells as they came; moments as text."""
    is_number: bool
    """Whether it was read as numbers."""
    read: list[Any] | None = None
    """N numbers, None where there is none, or N texts; None where they follow from the cells."""
    parse_errors: tuple[tuple[int, str, bool], ...] = ()
    """Row, text, and whether it is infinite, of each cell of a column of numbers that is none."""


@dataclass(frozen=True, eq=False)
class SavedTable:
    """Columns of N rows each, and what there was to say of them."""

    columns: tuple[SavedColumn, ...]
    lines: list[int] | None = None
    """Where the N rows stood in the file; None where that could not be told."""
    place: str = "line"
    """What `lines` count."""
    remarks: tuple[str, ...] = ()
    """On how the file was read."""
    n_skipped: int = 0
    """Lines of the file that were in no row."""
    reasons: tuple[str, ...] = ()
    """Why."""


def saved_table(table: Table, names: Sequence[str], rows: np.ndarray | None = None) -> SavedTable:
    """The columns called so of a table, in all rows or in those given (M,)."""
    wanted = np.arange(table.n_rows) if rows is None else rows
    cells = original_cells(table)
    lines = table.line_numbers
    return SavedTable(
        tuple(_saved(table, name, cells[name], wanted) for name in names),
        None if lines is None else lines[wanted].tolist(),
        table.place,
        table.remarks,
        table.skipped.count,
        table.skipped.reasons,
    )


def _saved(table: Table, name: str, column: Any, rows: np.ndarray) -> SavedColumn:
    cells = [_plain(cell) for cell in np.asarray(column)[rows]]
    if name in table.text_columns:
        texts = table.text_columns[name][rows].tolist()
        return SavedColumn(name, cells, False, None if texts == _texts(cells) else texts)
    numbers = table.columns[name][rows]
    same = np.array_equal(numbers, _numbers(cells), equal_nan=True)
    read = None if same else [None if value != value else value for value in numbers.tolist()]
    errors = table.parse_errors[name]
    places = {row: place for place, row in enumerate(rows.tolist())}
    found = zip(errors.rows.tolist(), errors.texts, errors.infinite.tolist(), strict=True)
    kept = tuple((places[row], text, infinite) for row, text, infinite in found if row in places)
    return SavedColumn(name, cells, True, read, kept)


def _plain(cell: Any) -> Cell:
    """A cell as JSON holds it."""
    if cell is None or isinstance(cell, str | bool | np.bool_):
        return cell.item() if isinstance(cell, np.bool_) else cell
    if isinstance(cell, int | np.integer):
        return int(cell)
    if isinstance(cell, float | np.floating):
        # By its own digits, of which a number in single precision has few.
        value = float(str(cell))
        return value if np.isfinite(value) else None if value != value else str(value)
    return str(cell)


def _texts(cells: Sequence[Cell]) -> list[str]:
    return ["" if cell is None else str(cell) for cell in cells]


def _numbers(cells: Sequence[Cell]) -> np.ndarray:
    """(N,): what each cell is as a number, NaN if it is none."""
    numbers = np.full(len(cells), np.nan)
    for row, cell in enumerate(cells):
        # Python would take "nan", "1_000" and letters of other scripts as well.
        if isinstance(cell, str) and not (cell.isascii() and cell[-1:].isdigit() and "_" not in cell):
            continue
        try:
            numbers[row] = np.nan if cell is None or isinstance(cell, bool) else float(cell)
        except (ValueError, OverflowError):
            continue
    numbers[~np.isfinite(numbers)] = np.nan
    return numbers


def as_values(table: SavedTable) -> dict[str, Any]:
    """The table as JSON holds it."""
    return {
        "columns": [
            {
                "name": column.name,
                "kind": "number" if column.is_number else "text",
                "cells": column.cells,
                "read": column.read,
                "faults": [list(error) for error in column.parse_errors],
            }
            for column in table.columns
        ],
        "lines": table.lines,
        "place": table.place,
        "remarks": list(table.remarks),
        "skipped": table.n_skipped,
        "reasons": list(table.reasons),
    }


def n_letters(table: SavedTable) -> int:
    """How long the table is as JSON."""
    return len(json.dumps(as_values(table)))


def table_in(fields: Fields) -> SavedTable:
    """The table that `as_values` wrote. Raises the fields' error for values that contradict each other."""
    found = fields.values.get("columns")
    if not isinstance(found, list) or not found:
        raise fields.fault("columns", "a list of one column or more")
    wrapped = [Fields({"column": column}, fields.what, fields.error).within("column") for column in found]
    columns = tuple(map(_column, wrapped))
    n_rows = len(columns[0].cells)
    if n_rows == 0 or any(len(column.cells) != n_rows for column in columns):
        raise fields.fault("columns", "columns of one length, and not empty")
    lines = None
    if fields.values.get("lines") is not None:
        found = fields.numbers("lines", 1)
        lines = found.astype(np.int64).tolist() if (np.abs(found) < 2**53).all() else []
        if len(lines) != n_rows or (np.diff(lines) <= 0).any():
            raise fields.fault("lines", f"{n_rows} increasing numbers")
    return SavedTable(
        columns,
        lines,
        fields.text("place"),
        fields.texts("remarks"),
        fields.whole("skipped", 0),
        fields.texts("reasons"),
    )


def _column(fields: Fields) -> SavedColumn:
    cells = fields.values.get("cells")
    if not isinstance(cells, list) or not all(_is_cell(cell) for cell in cells):
        raise fields.fault("cells", "a list of texts, numbers and truth values")
    kind = fields.text("kind")
    if kind not in ("number", "text"):
        raise fields.fault("kind", "number or text")
    read, kinds = fields.values.get("read"), ((float, int, type(None)) if kind == "number" else (str,))
    if read is not None:
        if not isinstance(read, list) or len(read) != len(cells) or any(type(v) not in kinds for v in read):
            raise fields.fault("read", f"{len(cells)} values that are a {kind}")
        read = [_sound(value) for value in read]
    return SavedColumn(
        fields.text("name"),
        [_sound(cell) for cell in cells],
        kind == "number",
        read,
        _parse_errors(fields, len(cells)) if kind == "number" else (),
    )


def _parse_errors(fields: Fields, n_rows: int) -> tuple[tuple[int, str, bool], ...]:
    found = fields.values.get("faults")
    must_be = "a list of rows, texts and truth values"
    if not isinstance(found, list):
        raise fields.fault("faults", must_be)
    errors = []
    before = -1
    for fault in found:
        if not isinstance(fault, list) or [type(part) for part in fault] != [int, str, bool]:
            raise fields.fault("faults", must_be)
        if not before < fault[0] < n_rows:
            raise fields.fault("faults", f"{must_be}, of increasing rows below {n_rows}")
        before = fault[0]
        errors.append((fault[0], _sound(fault[1]), fault[2]))
    return tuple(errors)


def _is_cell(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)


def _sound(value: Any) -> Any:
    """`value` without halves of letters, which no page can show."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def restored(saved: SavedTable, title: str) -> Table:
    """The table that was saved, under that title. Raises UploadError for one that is too large."""
    check_size(len(saved.columns[0].cells), len(saved.columns))
    table = assembled(
        title,
        [column.name for column in saved.columns],
        [_typed(column) for column in saved.columns],
        None if saved.lines is None else sealed(np.array(saved.lines)),
        Dropped(saved.n_skipped, saved.reasons),
        saved.remarks,
        format="session",
        reading=Reading(),
        place=saved.place,
    )
    columns = {name: column.cells for name, column in zip(table.names, saved.columns, strict=True)}
    return replace(table, original=SavedCells(columns, saved.lines))


def _typed(column: SavedColumn) -> Typed:
    if not column.is_number:
        texts = _texts(column.cells) if column.read is None else column.read
        return sealed(np.array([*texts, None], dtype=object)[:-1])
    numbers = _numbers(column.cells if column.read is None else column.read)
    rows = [row for row, _, _ in column.parse_errors]
    numbers[rows] = np.nan
    texts = [text for _, text, _ in column.parse_errors]
    infinite = np.array([is_infinite for _, _, is_infinite in column.parse_errors], bool)
    return sealed(numbers), ParseErrors(np.array(rows, np.intp), texts, infinite)
