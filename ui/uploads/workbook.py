"""An Excel workbook (.xlsx) -> a table: in the sheet it opens on, the next that holds one, or one asked for.

A workbook is a zip archive of XML, and a few kilobytes of it can be written to unfold into any amount of
either. So the archive is unfolded once under a bound before it is read, a little at a time, and then read row
by row, never more cells than a bound. Python's zip reader never returns more than an entry declares.
"""

from __future__ import annotations

import datetime
import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from ui.uploads.format import Format
from ui.uploads.header import find_header
from ui.uploads.original import Cells, cells_of_rows, objects
from ui.uploads.report import N_EXAMPLES, Dropped, UploadError, readable, reason
from ui.uploads.sheet import TOO_LONG, Sheet, fill_across, read_sheet
from ui.uploads.table import Reading, Table, assembled, check_size
from ui.uploads.values import spelled, typed_columns

MAX_WORKBOOK_BYTES = 100_000_000
"""A workbook whose parts unfold to more is refused."""

MAX_WORKBOOK_CELLS = 500_000
"""Cells that are read of a sheet: a few seconds' work, for Python reads each by itself."""

MAX_TAGS = 5_000_000
"""Opening and closing tags of XML in a workbook, of which each takes its time."""

_MOST_PARTS = 2_000
_PIECE_BYTES = 1 << 20
_DOCTYPE = b"<!DOCTYPE"
_TOP_ROWS = 50
_CHOSEN = "Of {} sheets, “{}” was read; choose another under “Sheet” on the data page."


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
                lambda: load_workbook(io.BytesIO(data), read_only=True, keep_links=False),
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
                    f"This workbook unfolds to more than {MAX_WORKBOOK_BYTES // 1_000_000} MB; {TOO_LONG}."
                )
            if sum(_n_tags(archive, part) for part in parts) > MAX_TAGS:
                raise UploadError(f"This workbook holds more than can be read here; {TOO_LONG}.")
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
        while piece := stream.read(_PIECE_BYTES):
            n_tags += piece.count(b"<")
            # In UTF-16 every other byte is 0; a piece may end within the word.
            read = before + piece.replace(b"\x00", b"")
            if _DOCTYPE in read:
                raise UploadError("This workbook declares XML entities; save it again, or as CSV.")
            before = read[-len(_DOCTYPE) :]
    return n_tags


def _table(name: str, book: Workbook, with_formulas: Callable[[], Workbook], reading: Reading) -> Table:
    sheets = tuple(sheet.title for sheet in book.worksheets)
    if reading.sheet is not None and reading.sheet not in sheets:
        shown = ", ".join(readable(sheet) for sheet in sheets[:5]) + (
            " and others" if len(sheets) > 5 else ""
        )
        raise UploadError(f'No sheet is called "{readable(reading.sheet)}"; choose from {shown}.')
    refusals: list[UploadError] = []
    for sheet in _in_order(book) if reading.sheet is None else [reading.sheet]:
        try:
            return _table_of(
                name, read_sheet(book, sheet, with_formulas, MAX_WORKBOOK_CELLS), sheet, reading, sheets
            )
        except UploadError as refusal:
            refusals.append(refusal)
    if len(refusals) == 1:
        raise refusals[0]
    raise UploadError("This workbook has no sheet with a table; fill one, or save the table as CSV.")


def _in_order(book: Workbook) -> list[str]:
    """Return the names of the sheets: first the one that the workbook opens on, last hidden ones."""
    opened = None if book.active is None else book.active.title
    ranked = sorted(
        book.worksheets, key=lambda sheet: (sheet.sheet_state != "visible", sheet.title != opened)
    )
    return [sheet.title for sheet in ranked]


def _table_of(name: str, sheet: Sheet, title: str, reading: Reading, sheets: tuple[str, ...]) -> Table:
    rows, numbers = sheet.rows, sheet.numbers
    first = _first_row(sheet)
    if first is None:
        raise UploadError(
            f'The sheet "{readable(title)}" holds no table of two columns or more, and no column of numbers.'
        )
    places = [
        f'row {number} ("{readable(" ".join(filter(None, map(spelled, row))))}")'
        for number, row in zip(numbers[: min(first, N_EXAMPLES)], rows, strict=False)
    ]
    skipped = (
        Dropped(first, (reason(first, "the table begins further down", places),)) if first else Dropped()
    )
    merged = fill_across(rows[first], numbers[first], sheet.merged)
    width = max(map(len, rows[first:]))
    check_size(len(rows) - first, width, 10 * MAX_WORKBOOK_CELLS)
    top = [[*map(spelled, row), *[""] * (width - len(row))] for row in rows[first : first + _TOP_ROWS]]
    header = find_header(top, reading.decimal or ".", reading.header, carried=not merged)
    begin = first + header.n_rows
    if begin >= len(rows):
        raise UploadError("This sheet has column names but no rows; add a row for each point.")
    columns = [[row[index] if index < len(row) else None for row in rows[begin:]] for index in range(width)]
    typed, rounded, marks, used, remarks = typed_columns(columns, reading)
    chosen = []
    if reading.sheet is None and len(sheets) > 1:
        chosen = [_CHOSEN.format(len(sheets), readable(title))]
    return assembled(
        name,
        [*header.names, *[""] * (width - len(header.names))],
        typed,
        np.array(numbers[begin:]),
        skipped,
        [*chosen, *sheet.remarks, *header.remarks, *remarks],
        rounded,
        marks,
        format="Excel",
        reading=replace(used, header=header.n_rows, sheet=title),
        sheets=sheets,
        place="row",
    )


def _first_row(sheet: Sheet) -> int | None:
    """Return the index of the table's first row: of two cells or more, or one that is merged over several;
    where no row has two, and there are numbers, of one."""
    filled = [sum(cell not in (None, "") for cell in row) for row in sheet.rows]
    first = next((index for index, count in enumerate(filled) if count > 1), None)
    if first is None and sum(isinstance(cell, int | float) for row in sheet.rows for cell in row) > 1:
        return next(index for index, count in enumerate(filled) if count)
    if not first:
        return first
    over = sheet.numbers[first - 1]
    groups = [block for block in sheet.merged if block.top == over and block.right > block.left]
    is_group = any(block.right - block.left + 1 < filled[first] for block in groups)
    return first - 1 if is_group and over == sheet.numbers[first] - 1 else first


def workbook_cells(table: Table, content: bytes) -> Cells | None:
    """Return the values of every cell of a table that `read_workbook` has read, None where nothing is."""
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
    columns = cells_of_rows(table, rows, None) if len(rows) == table.n_rows else None
    return columns and {name: _days(column) for name, column in columns.items()}


def _days(column: np.ndarray) -> np.ndarray:
    """Moments as days where all are midnights: a workbook has no days of its own."""
    moments = [cell for cell in column if isinstance(cell, datetime.datetime)]
    if not moments or any(moment.time() != datetime.time() for moment in moments):
        return column
    return objects([cell.date() if isinstance(cell, datetime.datetime) else cell for cell in column])


EXCEL = Format(
    "Excel",
    recognises=lambda content, ending: content.startswith(b"PK\x03\x04"),
    read=read_workbook,
    cells=workbook_cells,
    unfolds=True,
)
