"""The cells of a table as the file holds them: every zero in front, every digit, every word.

A picture needs numbers and texts, and a table keeps no more. What people take home repeats their file, so the
file is looked into once more when that is asked for, and nothing of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from ui.uploads.encoding import unfold
from ui.uploads.formats import FORMATS
from ui.uploads.numerals import MISSING_WORDS
from ui.uploads.original import Cells, objects, places_of_rows
from ui.uploads.table import SavedCells, Table

# A whole number as a program writes it: in 01234 or +5 there is more than the number.
_WHOLE = re.compile(r"0|-?[1-9][0-9]{0,17}")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)?(\.[0-9]*)?([eE][+-]?[0-9]+)?")


def found_cells(table: Table) -> Cells | None:
    """Return every column of the table under its name, with the cells (n_rows,) that the file holds.

    Those of a delimited text are texts, without their quotes, "" where there is nothing. Those of other files
    are values of the file's own kinds, None where there is nothing. Returns None where the rows cannot be
    found again.
    """
    if isinstance(table.original, SavedCells):
        return _saved_cells(table, table.original)
    format = next((format for format in FORMATS if format.name == table.format), None)
    if format is None or table.original is None:
        return None
    return format.cells(table, unfold(table.original))


def _saved_cells(table: Table, saved: SavedCells) -> Cells | None:
    rows = places_of_rows(table, saved.lines)
    if rows is None:
        return None
    return {name: objects([saved.columns[name][row] for row in rows]) for name in table.names}


def as_read(table: Table) -> Cells:
    """Return every column of a table as it was read: numbers, texts, and among numbers the cells that are
    none."""
    columns: Cells = {}
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
    return objects([None if cell in MISSING_WORDS else number(cell) for cell in told])
