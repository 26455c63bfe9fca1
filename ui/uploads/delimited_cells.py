"""The cells of a delimited text as it holds them: every zero in front, every digit, every word."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence

from ui.uploads.original import Cells, cells_of_rows
from ui.uploads.table import Table

# A tab, which no such cell holds.
_OF_ONE_COLUMN = "\t"


def delimited_cells(table: Table, content: bytes) -> Cells | None:
    """Return the texts of every cell, without their quotes, "" where there is nothing; None where the rows
    cannot be found again."""
    separator = table.reading.separator or _OF_ONE_COLUMN
    if table.line_numbers is None or table.place != "line":
        return None
    lines = _lines(content, table.reading.encoding or "utf-8")
    begins = (table.line_numbers - 1).tolist()
    rows = []
    try:
        for begin, end in zip(begins, [*begins[1:], len(lines)], strict=True):
            rows.append(_fields(lines, begin, end, separator))
    except csv.Error:
        return None
    return cells_of_rows(table, rows, "")


def _lines(content: bytes, encoding: str) -> list[str]:
    """The text's lines with their ends, which a cell may hold as well."""
    try:
        text = content.decode(encoding, "strict" if encoding == "cp1252" else "replace")
    except UnicodeDecodeError:  # a byte that is nothing in Windows-1252
        text = content.decode("latin-1")
    return io.StringIO(text.lstrip("\ufeff"), newline="").readlines()


def _fields(lines: list[str], begin: int, end: int, separator: str) -> list[str]:
    """The fields of the record on the line `begin`, which has ended before the line `end`."""
    line = lines[begin].rstrip("\r\n")
    if '"' not in line:
        return line.split() if separator == " " else line.split(separator)
    fields = _quoted_fields(lines[begin:end], separator)
    # Some programs put a whole line into quotes.
    return fields if len(fields) > 1 or separator == _OF_ONE_COLUMN else _quoted_fields(fields, separator)


def _quoted_fields(lines: Sequence[str], separator: str) -> list[str]:
    if separator == " ":
        lines = [line.replace("\t", " ").strip(" ") for line in lines]
    # A space before a quote is no part of the field, and one before anything else is.
    spaced = separator == " " or f'{separator} "' in re.sub(" +", " ", lines[0])
    return next(csv.reader(lines, delimiter=separator, skipinitialspace=spaced), [])
