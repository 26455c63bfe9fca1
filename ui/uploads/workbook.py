"""An Excel workbook (.xlsx) -> a table: the first sheet that holds one, or the sheet asked for.

A workbook is a zip archive of XML, and a few kilobytes of it can be written to unfold into any amount of
either. So the archive is unfolded once under a bound before it is read, a little at a time, and then read row
by row, never more cells than a bound. Python's zip reader never returns more than an entry declares.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from ui.uploads.cells import spelled, typed_columns
from ui.uploads.layout import is_header
from ui.uploads.report import N_EXAMPLES, Dropped, UploadError, readable, reason
from ui.uploads.table import Reading, Table, assembled, check_size

MAX_WORKBOOK_BYTES = 100_000_000
"""A workbook whose parts unfold to more is refused."""

MAX_WORKBOOK_CELLS = 500_000
"""Cells that are read of a sheet: a few seconds' work, for Python reads each by itself."""

MAX_TAGS = 5_000_000
"""Opening and closing tags of XML in a workbook, of which each takes its time."""

_MOST_PARTS = 2_000
_PIECE = 1 << 20
_DOCTYPE = b"<!DOCTYPE"
_HEAD = 50
_TOO_LONG = "save the sheet as CSV, which is read much faster, or upload a part of its rows"


def read_workbook(name: str, data: bytes, reading: Reading) -> Table:
    """Return the table in a sheet of a workbook.

    Raises:
        UploadError: it is damaged, too large, or no sheet holds a table.
    """
    _check_archive(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles and forms that are not read
        try:
            return _table(
                name,
                load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False),
                reading,
            )
        except (UploadError, MemoryError):
            raise
        except Exception:  # whatever a reader of XML from anywhere stumbles upon
            raise UploadError(
                "This Excel workbook is damaged; open it and save it again, or as CSV."
            ) from None


def _check_archive(data: bytes) -> None:
    """Raise UploadError unless the archive is a workbook that is small, by its own word and in truth."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if "xl/workbook.xml" not in archive.namelist():
                raise UploadError(
                    "This file is a zip archive, not an .xlsx workbook; upload the table inside it."
                )
            if len(parts) > _MOST_PARTS:
                raise UploadError(
                    f"This workbook has more than {_MOST_PARTS:,} parts; save the sheet as CSV."
                )
            if sum(part.file_size for part in parts) > MAX_WORKBOOK_BYTES:
                raise UploadError(
                    f"This workbook unfolds to more than {MAX_WORKBOOK_BYTES // 1_000_000} MB; {_TOO_LONG}."
                )
            if sum(_n_tags(archive, part) for part in parts) > MAX_TAGS:
                raise UploadError(f"This workbook holds more than can be read here; {_TOO_LONG}.")
    except (UploadError, MemoryError):
        raise
    except Exception:  # as above; zipfile raises half a dozen kinds
        raise UploadError("This Excel workbook is damaged or cut short; save it again, or as CSV.") from None


def _n_tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Count the tags of XML in a part, whatever it is called: a workbook says itself which are its sheets.

    Raises:
        UploadError: it declares a document type. No program writes one, and entities can unfold to any size.
    """
    n_tags, before = 0, b""
    with archive.open(part) as stream:
        # A piece at a time, for a part that unfolds to more than it declares is noticed only at its end.
        while piece := stream.read(_PIECE):
            n_tags += piece.count(b"<")
            # In UTF-16 every other byte is 0; a piece may end within the word.
            read = before + piece.replace(b"\x00", b"")
            if _DOCTYPE in read:
                raise UploadError("This workbook declares XML entities; save it again, or as CSV.")
            before = read[-len(_DOCTYPE) :]
    return n_tags


def _table(name: str, book: Workbook, reading: Reading) -> Table:
    sheets = tuple(sheet.title for sheet in book.worksheets)
    if reading.sheet is not None and reading.sheet not in sheets:
        shown = ", ".join(readable(sheet) for sheet in sheets[:5]) + (
            " and others" if len(sheets) > 5 else ""
        )
        raise UploadError(f'No sheet is called "{readable(reading.sheet)}"; choose from {shown}.')
    refusals: list[UploadError] = []
    for sheet in sheets if reading.sheet is None else [reading.sheet]:
        rows, numbers = _rows(book, sheet)
        try:
            return _table_of(name, rows, numbers, replace(reading, sheet=sheet), sheets)
        except UploadError as refusal:
            refusals.append(refusal)
    if len(refusals) == 1:
        raise refusals[0]
    raise UploadError("This workbook has no sheet with a table; fill one, or save the table as CSV.")


def _rows(book: Workbook, sheet: str) -> tuple[list[tuple[object, ...]], list[int]]:
    """Return the rows of a sheet that are not empty, less empty cells at their ends, and their numbers."""
    rows: list[tuple[object, ...]] = []
    numbers: list[int] = []
    left = MAX_WORKBOOK_CELLS
    for number, row in enumerate(_cells(book, sheet), start=1):
        filled = len(row)
        while filled and row[filled - 1] in (None, ""):
            filled -= 1
        left -= max(filled, 2)  # an empty row takes time too
        if left < 0:
            raise UploadError(
                f'The sheet "{readable(sheet)}" holds more than the {MAX_WORKBOOK_CELLS:,} cells that can be'
                f" read; {_TOO_LONG}."
            )
        if filled:
            rows.append(row[:filled])
            numbers.append(number)
    return rows, numbers


def _cells(book: Workbook, sheet: str) -> Iterator[tuple[object, ...]]:
    worksheet = book[sheet]
    worksheet.reset_dimensions()  # what a file says of them need not be true
    return worksheet.iter_rows(values_only=True)


def _table_of(
    name: str, rows: list[tuple[object, ...]], numbers: list[int], reading: Reading, sheets: tuple[str, ...]
) -> Table:
    first = next(
        (index for index, row in enumerate(rows) if sum(cell not in (None, "") for cell in row) > 1), None
    )
    if first is None:
        raise UploadError(
            f'The sheet "{readable(reading.sheet or "")}" holds no table of two columns or more.'
        )
    places = [
        f'row {number} ("{readable(" ".join(filter(None, map(spelled, row))))}")'
        for number, row in zip(numbers[: min(first, N_EXAMPLES)], rows, strict=False)
    ]
    skipped = (
        Dropped(first, (reason(first, "the table begins further down", places),)) if first else Dropped()
    )
    head = [spelled(cell) for cell in rows[first]]
    sample = [[spelled(cell) for cell in row] for row in rows[first + 1 : first + 1 + _HEAD]]
    header = reading.header
    if header is None:
        header = is_header(head, sample, reading.decimal or ".")
    begin = first + header
    width = max(map(len, rows[first:]))
    check_size(len(rows) - begin, width, 10 * MAX_WORKBOOK_CELLS)
    if begin == len(rows):
        raise UploadError("This sheet has column names but no rows; add a row for each point.")
    names = (head if header else []) + [""] * width
    columns = [[row[index] if index < len(row) else None for row in rows[begin:]] for index in range(width)]
    typed, rounded, used, remarks = typed_columns(columns, reading)
    return assembled(
        name,
        names[:width],
        typed,
        np.array(numbers[begin:]),
        skipped,
        remarks,
        rounded,
        format="Excel",
        reading=replace(used, header=header, sheet=reading.sheet),
        sheets=sheets,
        place="row",
    )
