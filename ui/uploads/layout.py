"""UTF-8 text -> its layout: separator, decimal mark, column names, and the rows' text.

People export tables from spreadsheets, R, numpy and instruments, and nobody says in which dialect. The
beginning of the file tells; parsing the rows themselves is left to pandas.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ui.uploads.decimal_commas import BETWEEN, fractions, rejoined
from ui.uploads.dialect import Dialect, is_numeric, sniff
from ui.uploads.encoding import SAMPLE_BYTES
from ui.uploads.header import Header, are_units, find_header, with_units
from ui.uploads.records import Comment, fields_of, usual_width, without_comments
from ui.uploads.report import N_EXAMPLES, UploadError, readable
from ui.uploads.table import MAX_COLUMNS, Reading

_LONGEST_SAMPLE = 1 << 24

_QUOTED_COMMAS = (
    "Commas separate the columns, and in the numbers a comma was taken for the decimal mark; if it stands"
    " between thousands, change “Decimal mark” on the data page."
)
_SPLIT_COMMAS = (
    "The rows have more fields than the first line has names, so commas were taken for decimal marks as well"
    " as for separators; if that is wrong, change “Decimal mark” on the data page."
)
_ROW_NAMES = (
    "The rows have one field more than the first line has names, so the first was taken for the row's name;"
)
_UNNAMED = "The rows have {} fields and the first line names {} of them;"
_DECIMAL_CURE = " if commas are decimal marks, change “Decimal mark” on the data page."
_HEADER_CURE = " if that is no line of names, change “First row” on the data page."


class Layout(NamedTuple):
    """How the rows of a text are written, and the rows."""

    separator: str | None
    """Between two fields: one character, where a space stands for any run of spaces and tabs; None where
    there is but one column."""
    decimal: str
    """The decimal mark, "." or ","."""
    header: int
    """How many of the table's first rows name the columns: 0, 1 or 2."""
    names: list[str]
    """One name a column, as written in the file; "" where the file gives none."""
    rows: bytes
    """The text from the first row of data on, with comments emptied."""
    between: str
    """What separates two fields in `rows`; `separator`, unless that was the decimal mark as well. Of one
    column, what is in none of its cells."""
    n_lines_above: int
    """Lines of the file before the first row of data."""
    preamble: list[tuple[int, str]]
    """(line number, text) of each line above the table that is not part of it."""
    disabled: list[tuple[int, str]]
    """The same of rows that begin with "#", as people take them out of a table."""
    remarks: list[str]
    """Sentences on what had to be assumed."""


def find_layout(text: bytes, reading: Reading) -> Layout:
    """Return how the rows of `text` (UTF-8, "\\n" line ends) are written.

    Judged by the first 64 kB, or by the first three lines if they are longer, where `reading` does not say.

    Raises:
        UploadError: fewer than two columns and no column of numbers, more than `MAX_COLUMNS`, or no rows.
    """
    body, comments = without_comments(text)
    n_blank, dialect, complete = _opened(body, reading)
    marked = _marked_rows(comments, n_blank, dialect)
    if marked:
        body, comments = without_comments(text, marked)
        n_blank, dialect, complete = _opened(body, reading)
    table = dialect.table
    first = next(index for index, record in enumerate(table) if dialect.may_be_row(record))
    preamble = [(n_blank + record.start_line + 1, " ".join(record.fields)) for record in table[:first]]
    top = [record.fields for record in table[first:]]
    header = find_header(top, dialect.decimal, reading.header)
    if complete and header.n_rows and header.n_rows >= len(top):
        raise UploadError("This file has column names but no rows; add a row for each point.")
    offset, line = table[first].start_offset, table[first].start_line
    if header.n_rows:
        offset, line = table[first + header.n_rows - 1].end_offset, table[first + header.n_rows - 1].end_line
    width = usual_width(top)
    above = n_blank + table[first].start_line, n_blank + line
    names = _with_comments(header, comments, dialect.separator, width, above)
    body = body[n_blank + offset :]
    found = _columns(
        body, dialect, names, [row for row in top[header.n_rows :] if len(row) == width], reading
    )
    if len(found.names) > MAX_COLUMNS:
        raise UploadError(
            f"This file has lines of {len(found.names):,} fields; put each point on its own line."
        )
    below = [comment for comment in comments if comment.line > above[0]]
    disabled, told = _told(below, dialect.separator, width)
    return Layout(
        None if dialect.is_single else dialect.separator,
        found.decimal,
        header.n_rows,
        found.names,
        found.rows,
        found.between,
        n_blank + line,
        preamble,
        disabled,
        [*header.remarks, *found.remarks, *told],
    )


def _opened(body: bytes, reading: Reading) -> tuple[int, Dialect, bool]:
    """Return how many lines at the top are empty, the dialect of the rest, and whether all of it was seen."""
    n_blank = len(body) - len(body.lstrip(b"\n"))
    sample, complete = _sample(body, n_blank)
    return n_blank, sniff(sample, complete, reading), complete


def _sample(text: bytes, start: int) -> tuple[bytes, bool]:
    """Return the beginning of `text` in whole lines, at least three unless endless, and whether it is all."""
    end = start
    for _ in range(3):
        end = text.find(b"\n", end) + 1 or len(text)
    end = min(max(end, start + SAMPLE_BYTES), start + _LONGEST_SAMPLE)
    if end >= len(text):
        return text[start:], True
    return text[start : text.rfind(b"\n", start, end) + 1 or end], False


def _looks_like_a_row(comment: Comment, separator: str, width: int) -> bool:
    """Return whether what begins with "#" has a row's fields, and no space as prose has."""
    text = comment.text
    if text[1:2] in (b"", b" ", b"\t", b"#") or (
        separator != " " and text.count(separator.encode()) < width - 1
    ):
        return False
    return len(fields_of(text, separator)) == width


def _marked_rows(comments: Sequence[Comment], n_blank: int, dialect: Dialect) -> frozenset[int]:
    """Return the lines below the first row that are rows although they begin with "#": the first column holds
    texts, of which some begin so.
    """
    first = next(record for record in dialect.table if dialect.may_be_row(record))
    width = usual_width([record.fields for record in dialect.table])
    column = [record.fields[0] for record in dialect.table if record.start_line > first.start_line]
    if is_numeric(column, dialect.decimal):
        return frozenset()
    below = (comment for comment in comments if comment.line > n_blank + first.end_line)
    return frozenset(
        comment.line for comment in below if _looks_like_a_row(comment, dialect.separator, width)
    )


def _told(comments: Sequence[Comment], separator: str, width: int) -> tuple[list[tuple[int, str]], list[str]]:
    """Return the rows (line number, text) among comments in a table, and a remark on the others."""
    comments = [one for one in comments if not are_units(fields_of(one.text.lstrip(b"#"), separator))]
    rows = [comment for comment in comments if _looks_like_a_row(comment, separator, width)]
    lines = {comment.line for comment in rows}
    others = [comment for comment in comments if comment.line not in lines and comment.text.strip(b"# \t")]
    texts = [(comment.line, comment.text.decode("utf-8", "replace")) for comment in rows]
    if not others:
        return texts, []
    places = ", ".join(
        f'line {line} ("{readable(text.decode("utf-8", "replace"))}")' for line, text in others[:N_EXAMPLES]
    )
    more = f" and {len(others) - N_EXAMPLES:,} more" if len(others) > N_EXAMPLES else ""
    return texts, [f"Lines that begin with “#” were taken for comments: {places}{more}."]


def _with_comments(
    header: Header, comments: Sequence[Comment], separator: str, width: int, lines: tuple[int, int]
) -> list[str]:
    """Return the names of the header, together with names and units in comments beside it.

    numpy.savetxt writes the names into a comment above the rows, and buoys their units into a second one.

    Args:
        lines: how many lines are above the table, and above its first row of data.
    """
    above = [comment for comment in comments if comment.line <= lines[0]][-2:]
    found = [fields_of(comment.text.lstrip(b"#")[:SAMPLE_BYTES], separator) for comment in above]
    if header.n_rows:
        below = [comment for comment in comments if comment.line == lines[1] + 1]
        rows = [*found[-1:], header.names]
        rows += [fields_of(comment.text.lstrip(b"#")[:SAMPLE_BYTES], separator) for comment in below]
        units = (with_units(names, units) for names, units in pairwise(rows))
        return next((names for names in units if names), header.names)
    if not found or len(found[-1]) != width:
        return []
    return (with_units(found[0], found[1]) if len(found) > 1 else None) or found[-1]


class _Columns(NamedTuple):
    """The columns of a table: their names, and how its rows are written."""

    names: list[str]
    rows: bytes
    between: str
    decimal: str
    remarks: list[str]


def _columns(
    rows: bytes, dialect: Dialect, names: list[str], sample: Sequence[Sequence[str]], reading: Reading
) -> _Columns:
    """Return the columns under the names of the first rows; `sample` are rows of the usual number of fields.

    R writes the names of the rows as a first field and leaves it out of the header; a separator at the end of
    every row makes a last, empty field.
    """
    separator, decimal = dialect.separator, dialect.decimal
    width = len(sample[0]) if sample else len(names)
    surplus = width - len(names)
    if not names or surplus <= 0:
        remarks = [_QUOTED_COMMAS] if separator == decimal != reading.decimal else []
        return _Columns(names + [""] * surplus, rows, separator, decimal, remarks)
    if separator == "," and reading.decimal != ".":
        places = fractions(sample, len(names), asked=reading.decimal == ",")
        if places:
            remarks = [] if reading.decimal else [_SPLIT_COMMAS]
            return _Columns(names, rejoined(rows, width, places), BETWEEN, ",", remarks)
    is_filled = [any(cell.strip() for cell in column) for column in zip(*sample, strict=True)]
    may_be_split = separator == "," and decimal == "." and reading.decimal is None
    may_be_split = may_be_split and not any("." in cell for row in sample for cell in row)
    may_be_split = may_be_split and bool(fractions(sample, len(names), asked=True))
    cure = _DECIMAL_CURE if may_be_split else _HEADER_CURE
    if surplus == 1 and len(names) > 1 and is_filled[-1]:
        first = [row[0].strip() for row in sample]
        counts = any(first == [str(n + start) for n in range(len(first))] for start in (0, 1))
        doubtful = may_be_split or (is_numeric(first, decimal) and not counts and reading.header is None)
        return _Columns(["", *names], rows, separator, decimal, [_ROW_NAMES + cure] if doubtful else [])
    remark = _UNNAMED.format(width, len(names)) + cure
    return _Columns(
        names + [""] * surplus,
        rows,
        separator,
        decimal,
        [remark] if any(is_filled[len(names) :]) and reading.header is None else [],
    )
