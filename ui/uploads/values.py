"""Rows of Python values, as JSON and workbooks hold them -> columns of numbers and texts."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from gmm_core.points import sealed
from ui.uploads.dialect import is_numeric
from ui.uploads.missing import marks_among
from ui.uploads.numerals import (
    CELLS_SEARCHED,
    LARGEST_EXACT,
    MISSING_WORDS,
    NO_PARSE_ERRORS,
    THOUSANDS,
    THOUSANDS_REMARK,
    ParseErrors,
    read_numbers,
    thousands_mark,
)
from ui.uploads.table import LONGEST_TEXT, Reading, Typed

_CELLS_JUDGED = 100
_COMMAS = (
    "In texts, a comma was taken for the decimal mark of numbers; if that is wrong, change “Decimal mark” on"
    " the data page."
)


def spelled(cell: object) -> str:
    """Return a value as a text table would hold it, cut to `LONGEST_TEXT`; "" for a missing one."""
    if cell is None or (isinstance(cell, float) and cell != cell):
        return ""
    if isinstance(cell, str):
        return cell[:LONGEST_TEXT]
    if isinstance(cell, bool | int | float):
        return str(cell)
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat(*([" "] if isinstance(cell, datetime.datetime) else []))
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False)[:LONGEST_TEXT]
    return str(cell)


def typed_columns(
    columns: Sequence[Sequence[object]], reading: Reading
) -> tuple[list[Typed], list[int], set[str], Reading, list[str]]:
    """Return columns of numbers and texts, the positions of those with whole numbers above 2^53, the words
    for missing values in columns of numbers, how texts among them were read, and remarks.
    """
    numbers = [_as_numbers(cells) for cells in columns]
    texts = {
        position: np.array([spelled(cell) for cell in cells] + [None], object)[:-1]
        for position, cells in enumerate(columns)
        if numbers[position] is None
    }
    decimal = reading.decimal or _decimal_mark(texts.values())
    thousands = reading.thousands or None
    if reading.thousands is None:
        thousands = thousands_mark((column[:CELLS_SEARCHED] for column in texts.values()), decimal)
    remarks = [THOUSANDS_REMARK.format(THOUSANDS[thousands])] if thousands else []
    remarks += [] if decimal in (".", reading.decimal) else [_COMMAS]
    typed: list[Typed] = []
    marks: set[str] = set()
    for position, column in enumerate(numbers):
        if column is None:
            words = texts[position]
            column = read_numbers(words, decimal, thousands) or sealed(words)
            marks |= marks_among(words, MISSING_WORDS) if isinstance(column, tuple) else set()
        typed.append(column)
    rounded = [position for position, cells in enumerate(columns) if _has_large_whole(cells)]
    used = Reading(missing=reading.missing, totals=reading.totals)
    used = replace(used, decimal=decimal, thousands=thousands or "") if texts else used
    return typed, rounded, marks, used, remarks


def _decimal_mark(columns: Iterable[np.ndarray]) -> str:
    """Return the comma if it makes numbers of more columns of texts than the point does."""
    samples = [column[:_CELLS_JUDGED].tolist() for column in columns]
    found = {mark: sum(is_numeric(cells, mark) for cells in samples) for mark in ".,"}
    return "," if found[","] > found["."] else "."


def _as_numbers(cells: Sequence[object]) -> tuple[np.ndarray, ParseErrors] | None:
    """Return a column that holds numbers and gaps alone, or None."""
    kinds = set(map(type, cells))
    if not kinds <= {int, float, type(None)} or kinds <= {type(None)}:
        return None
    try:
        numbers = np.array(cells, np.float64)
    except OverflowError:
        return None
    rows = np.flatnonzero(np.isinf(numbers))
    if np.isnan(numbers).all() or len(rows) > 0.2 * (~np.isnan(numbers)).sum():
        return None
    parse_errors = (
        ParseErrors(rows, [str(numbers[row]) for row in rows], np.ones(len(rows), bool))
        if len(rows)
        else NO_PARSE_ERRORS
    )
    numbers[rows] = np.nan
    return sealed(numbers), parse_errors


def _has_large_whole(cells: Sequence[object]) -> bool:
    return any(type(cell) is int and abs(cell) > LARGEST_EXACT for cell in cells)
