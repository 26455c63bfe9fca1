"""UTF-8 text -> its layout: separator, decimal mark, column names, and the rows' text.

People export tables from spreadsheets, R, numpy and instruments, and nobody says in which dialect. The
beginning of the file tells; parsing the rows themselves is left to pandas.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from ui.uploads.encoding import SAMPLE_BYTES
from ui.uploads.numerals import NUMERIC_SHARE, is_silent, likeness
from ui.uploads.report import UploadError
from ui.uploads.table import MAX_COLUMNS, SEPARATORS, Reading

_LONGEST_SAMPLE = 1 << 24

# Tried in this order, and the first wins a tie. A comma is both separator and decimal mark only if people say
# so: "1,234" in quotes could be either of two numbers.
_DIALECTS = {"\t": ".,", ";": ".,", "|": ".,", ",": ".", " ": ".,"}


# Spreadsheets export their errors so, and a row of them is no comment.
_COMMENT = re.compile(rb"^#(?!N/A|DIV/0!|REF!|VALUE!|NUM!|NAME\?|NULL!)[^\n]*", re.MULTILINE)


class Record(NamedTuple):
    """One record of a delimited text: its fields, and the bytes and lines before it and up to its end."""

    fields: list[str]
    start_offset: int
    start_line: int
    end_offset: int
    end_line: int


class Layout(NamedTuple):
    """How the rows of a text are written, and the rows."""

    separator: str
    """Between two fields: one character, where a space stands for any run of spaces and tabs."""
    decimal: str
    """The decimal mark, "." or ","."""
    header: bool
    """Whether the names are the table's first row."""
    names: list[str]
    """One name a column, as written in the file; "" where the file gives none. Never fewer than two."""
    rows: bytes
    """The text from the first row of data on, with comments emptied."""
    n_lines_above: int
    """Lines of the file before the first row of data."""
    preamble: list[tuple[int, str]]
    """(line number, text) of each line above the table that is not part of it."""


def find_layout(text: bytes, reading: Reading) -> Layout:
    """Return how the rows of `text` (UTF-8, "\\n" line ends) are written.

    Judged by the first 64 kB, or by the first three lines if they are longer, where `reading` does not say.

    Raises:
        UploadError: fewer than two columns, more than `MAX_COLUMNS`, or no rows.
    """
    body = _without_comments(text)
    n_blank = len(body) - len(body.lstrip(b"\n"))
    sample, complete = _sample(body, n_blank)
    separator, decimal, table = _sniff(sample, complete, reading)
    first = next(index for index, record in enumerate(table) if len(record.fields) > 1)
    preamble = [(n_blank + record.start_line + 1, " ".join(record.fields)) for record in table[:first]]
    head, rows = table[first], table[first + 1 :]
    header = reading.header
    if header is None:
        header = is_header(head.fields, [record.fields for record in rows], decimal)
    if header:
        if complete and not rows:
            raise UploadError("This file has column names but no rows; add a row for each point.")
        names = _padded([name.strip() for name in head.fields], table)
        offset, line = head.end_offset, head.end_line
    else:
        width = _usual_width(table)
        names = _commented_names(text, separator, width) or [""] * width
        offset, line = head.start_offset, head.start_line
    if len(names) > MAX_COLUMNS:
        raise UploadError(f"This file has lines of {len(names):,} fields; put each point on its own line.")
    return Layout(separator, decimal, header, names, body[n_blank + offset :], n_blank + line, preamble)


def records(text: bytes, separator: str) -> Iterator[Record]:
    """Yield the records of `text` that are not blank, reading only as far as asked.

    Raises:
        csv.Error: a field is longer than the csv module allows.
    """
    stream = io.BytesIO(text)
    lines = (line.decode("utf-8", "replace") for line in stream)
    if separator == " ":
        lines = (line.replace("\t", " ").strip(" \n") + "\n" for line in lines)
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True)
    offset = line = 0
    for fields in reader:
        if len(fields) > 1 or (fields and fields[0].strip()):
            yield Record(fields, offset, line, stream.tell(), reader.line_num)
        offset, line = stream.tell(), reader.line_num


def _without_comments(text: bytes) -> bytes:
    """Return `text` with the lines that start with "#" emptied, so that every other line keeps its number.

    A "#" at the start of a line inside a quoted field is no comment. The hint "sep=;" that Excel puts in the
    first line is emptied too.
    """
    if text[:4].lower() == b"sep=":
        text = text[text.find(b"\n") :]
    if not text.startswith(b"#") and b"\n#" not in text:
        return text
    kept: list[bytes] = []
    n_quotes = counted = end = 0
    for match in _COMMENT.finditer(text):
        n_quotes += text.count(b'"', counted, match.start())
        counted = match.start()
        if n_quotes % 2 == 0:
            kept.append(text[end : match.start()])
            counted = end = match.end()
    kept.append(text[end:])
    return b"".join(kept)


def _sample(text: bytes, start: int) -> tuple[bytes, bool]:
    """Return the beginning of `text` in whole lines, at least three unless endless, and whether it is all."""
    end = start
    for _ in range(3):
        end = text.find(b"\n", end) + 1 or len(text)
    end = min(max(end, start + SAMPLE_BYTES), start + _LONGEST_SAMPLE)
    if end >= len(text):
        return text[start:], True
    return text[start : text.rfind(b"\n", start, end) + 1 or end], False


def _sniff(sample: bytes, complete: bool, reading: Reading) -> tuple[str, str, list[Record]]:
    """Return the separator and the decimal mark that fit best, and the sample's records under them.

    They fit when the records agree on the number of fields and the fields are numbers.
    """
    best = (0.0, 0.0)
    chosen: tuple[str, str, list[Record]] | None = None
    for separator in _DIALECTS if reading.separator is None else [reading.separator]:
        table: list[Record] = []
        try:
            for record in records(sample, separator):
                table.append(record)
        except csv.Error:
            pass  # an endless field; what comes before it will have to tell
        if not complete and len(table) > 1:
            del table[-1]  # its end may lie beyond the sample
        width = _usual_width(table)
        if width < 2:
            continue
        regular = [record for record in table if len(record.fields) == width]
        agreement = len(regular) / len(table)
        for decimal in reading.decimal or _DIALECTS[separator]:
            score = (agreement * _numeric_share(regular, decimal), agreement)
            if score > best:
                best, chosen = score, (separator, decimal, table)
    if chosen is None and reading.separator:
        mark = SEPARATORS[reading.separator]
        raise UploadError(f"Only one column was found with {mark} as the separator; choose another one.")
    if chosen is None:
        raise UploadError(
            "Only one column was found; separate the columns by commas, semicolons, tabs, pipes or spaces."
        )
    return chosen


def _usual_width(table: list[Record]) -> int:
    """Return the commonest number of fields above one, if any; the larger of two equally common."""
    widths = Counter(len(record.fields) for record in table)
    return max(widths, key=lambda width: (width > 1 and widths[width], width), default=0)


def _numeric_share(table: list[Record], decimal: str) -> float:
    cells = [cell.strip() for record in table for cell in record.fields[:1000]]
    told = [cell for cell in cells if not is_silent(cell)]
    return sum(likeness(cell, decimal) for cell in told) / max(len(told), 1)


def is_header(head: list[str], rows: list[list[str]], decimal: str) -> bool:
    """Return whether a table's first row names its columns.

    It does when a word in it stands above numbers, or when it holds words and no values at all. A word above
    words says nothing, so a table without names may carry a column of labels.
    """
    names = {index: name.strip() for index, name in enumerate(head[:1000]) if name.strip()}
    words = [index for index, name in names.items() if not (is_silent(name) or likeness(name, decimal))]
    for index in words:
        below = [row[index].strip() for row in rows if index < len(row)]
        told = [cell for cell in below if not is_silent(cell)]
        if told and sum(likeness(cell, decimal) > 0 for cell in told) >= NUMERIC_SHARE * len(told):
            return True
    return len(words) == len(names) > 0


def _padded(names: list[str], table: list[Record]) -> list[str]:
    """Return the names in the header, one for each field of the rows.

    R writes the names of the rows as a first field and leaves it out of the header; a separator at the end of
    every row makes a last, empty field.
    """
    width = _usual_width(table)
    regular = [record.fields for record in table if len(record.fields) == width]
    if len(names) > 1 and width == len(names) + 1 and any(fields[-1].strip() for fields in regular):
        return ["", *names]
    return names + [""] * (width - len(names))


def _commented_names(text: bytes, separator: str, width: int) -> list[str] | None:
    """Return the names that numpy.savetxt writes into a comment above the rows, if there are just as many."""
    comment = None
    for line in io.BytesIO(text):
        if _COMMENT.match(line):
            comment = line
        elif line.strip():
            break
    found = next(records(comment.lstrip(b"#")[:SAMPLE_BYTES], separator), None) if comment else None
    return [name.strip() for name in found.fields] if found and len(found.fields) == width else None
