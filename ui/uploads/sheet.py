"""A sheet of a workbook -> its rows, with merged cells filled and formulas told from gaps."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from openpyxl.utils import column_index_from_string
from openpyxl.workbook import Workbook

from ui.uploads.report import UploadError, readable

TOO_LONG = "save the sheet as CSV, which is read much faster, or upload a part of its rows"

_MERGED = re.compile(rb'mergeCell\s[^<>]*?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_MOST_MERGED = 20_000


class Merged(NamedTuple):
    """A block of merged cells: rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


class Sheet(NamedTuple):
    """The rows of a sheet that are not empty."""

    rows: list[list[Any]]
    """Their values, less empty cells at their ends."""
    numbers: list[int]
    """Where each stands in the sheet, from 1."""
    merged: list[Merged]
    remarks: list[str]


def read_sheet(book: Workbook, name: str, with_formulas: Callable[[], Workbook], most_cells: int) -> Sheet:
    """Return the rows of a sheet; `with_formulas` opens the workbook with formulas instead of their values.

    Raises:
        UploadError: it holds more than `most_cells`.
    """
    worksheet: Any = book[name]  # read-only, so it has a source
    with worksheet._get_source() as source:
        content = source.read()
    rows: list[list[Any]] = []
    numbers: list[int] = []
    left = most_cells
    for number, row in enumerate(_cells(book, name, values_only=True), start=1):
        filled = len(row)
        while filled and row[filled - 1] in (None, ""):
            filled -= 1
        left -= max(filled, 2)  # an empty row takes time too
        if left < 0:
            raise UploadError(
                f'The sheet "{readable(name)}" holds more than the {most_cells:,} cells that can be'
                f" read; {TOO_LONG}."
            )
        if filled:
            rows.append(list(row[:filled]))
            numbers.append(number)
    sheet = Sheet(rows, numbers, _merged(content), [])
    if _FORMULA.search(content):
        sheet.remarks.extend(_put_formulas(sheet, _cells(with_formulas(), name)))
    sheet.remarks.extend(_fill_down(sheet, most_cells))
    return sheet


def fill_across(row: list[Any], number: int, merged: list[Merged]) -> bool:
    """Put what a merged cell of that row holds into all its columns; return whether there was one."""
    found = [block for block in merged if block.top <= number <= block.bottom and block.right > block.left]
    for block in found:
        if block.left < len(row):
            row.extend([None] * (min(block.right + 1, 10_000) - len(row)))
            for column in range(block.left + 1, min(block.right + 1, len(row))):
                row[column] = row[block.left]
    return bool(found)


def _cells(book: Workbook, name: str, **options: bool) -> Iterator[tuple[Any, ...]]:
    worksheet = book[name]
    worksheet.reset_dimensions()  # what a file says of them need not be true
    return worksheet.iter_rows(**options)


def _merged(content: bytes) -> list[Merged]:
    found = islice(_MERGED.finditer(content, content.rfind(b"sheetData")), _MOST_MERGED)
    corners = (match.groups() for match in found)
    return [
        Merged(int(top), _column(left) - 1, int(bottom), _column(right) - 1)
        for left, top, right, bottom in corners
    ]


def _column(letters: bytes) -> int:
    return column_index_from_string(letters.decode())


def _put_formulas(sheet: Sheet, cells: Iterator[tuple[Any, ...]]) -> list[str]:
    """Put the formulas whose value the file does not hold in their places, and say so."""
    places = {number: index for index, number in enumerate(sheet.numbers)}
    count, first = 0, ""
    for number, row in enumerate(islice(cells, sheet.numbers[-1] if sheet.numbers else 0), start=1):
        if number not in places:
            continue
        values = sheet.rows[places[number]]
        for column, cell in enumerate(row):
            if cell.value is None or cell.data_type != "f":
                continue
            values.extend([None] * (column + 1 - len(values)))
            if values[column] is None:
                values[column] = str(cell.value)
                count, first = count + 1, first or f'row {number} ("{readable(str(cell.value))}")'
    if not count:
        return []
    return [
        f"Formulas without values: {count:,}, the first in {first}; open the workbook in a spreadsheet"
        " program, save it there and upload it again."
    ]


def _fill_down(sheet: Sheet, most_cells: int) -> list[str]:
    """Put what a merged cell holds into all its rows that are not empty, and say so."""
    places = {number: index for index, number in enumerate(sheet.numbers)}
    left = most_cells
    n_filled = 0
    for block in sheet.merged:
        left -= block.bottom - block.top
        if block.top not in places or block.bottom == block.top or left < 0:
            continue
        above = sheet.rows[places[block.top]]
        value = above[block.left] if block.left < len(above) else None
        for number in range(block.top + 1, block.bottom + 1):
            if value is None or number not in places:
                continue
            row = sheet.rows[places[number]]
            row.extend([None] * (block.left + 1 - len(row)))
            row[block.left] = value
            n_filled += 1
    if not n_filled:
        return []
    return ["Merged cells were taken to hold for each of their rows; if that is wrong, unmerge them."]
