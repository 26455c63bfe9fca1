"""Uploaded bytes -> UTF-8 text -> its layout: separator, decimal mark, column names, and the rows' text.

People export tables from spreadsheets, R, numpy and instruments, and nobody says in which dialect. The
beginning of the file tells; parsing the rows themselves is left to pandas.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

MAX_DECOMPRESSED_BYTES = 400_000_000
"""A .gz that unfolds to more than this is refused: a few kilobytes can unfold to any size."""

MAX_COLUMNS = 10_000
"""A file with more columns is refused, for each costs a little time of its own."""

NUMERIC_SHARE = 0.8
"""A column is numeric when at least this share of its cells that are not empty are finite numbers."""

SAMPLE_BYTES = 1 << 16
_LONGEST_SAMPLE = 1 << 24

# Cells, in lower case, that speak neither for nor against a column of numbers.
_SILENT_WORDS = frozenset(
    ["", "na", "n/a", "#n/a", "nan", "null", "none", "<na>", "?", "-", "."]
    + [sign + word for sign in ("", "+", "-") for word in ("inf", "infinity")]
)

# Tried in this order, and the first wins a tie. A comma is never both separator and decimal mark: "1,234" in
# quotes could be either of two numbers.
_DIALECTS = {"\t": ".,", ";": ".,", "|": ".,", ",": ".", " ": ".,"}
_NUMBERS = {
    ".": re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?"),
    ",": re.compile(r"[+-]?([0-9]+(,[0-9]+)?|,[0-9]+)([eE][+-]?[0-9]+)?"),
}

_FOREIGN = {
    b"pk\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"par1": "a Parquet file",
    b"%pdf": "a PDF document",
    b"\x89png": "a picture",
    b"gif8": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"<!doctype": "a web page",
    b"<html": "a web page",
    b"{\\rtf": "a word-processor document",
    b'{"': "a JSON file",
    b"[{": "a JSON file",
    b"[[": "a JSON file",
}
_CONTROL_BYTES = bytes(set(range(32)) - set(b"\t\n\r\f\v\x1a"))


class UploadError(ValueError):
    """An upload cannot be used; its text is one plain sentence, what is wrong and what to do."""


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
    names: list[str]
    """One name a column, as written in the file; "" where the file gives none. Never fewer than two."""
    rows: bytes
    """The text from the first row of data on, with comments emptied."""
    n_lines_above: int
    """Lines of the file before the first row of data."""
    preamble: list[tuple[int, str]]
    """(line number, text) of each line above the table that is not part of it."""


def readable(text: str, limit: int = 40) -> str:
    """Return `text` on one line, without control or invisible characters, at most `limit` characters long."""
    head = "".join(character if character.isprintable() else " " for character in text[: 4 * limit])
    short = " ".join(head.split())
    return short if len(short) <= limit and len(text) <= 4 * limit else short[: limit - 1] + "…"


def decode(data: bytes) -> tuple[bytes, list[str]]:
    """Return an upload as UTF-8 with "\\n" line ends, and remarks about what had to be assumed.

    Gzip is unfolded; UTF-8 and UTF-16 with or without a byte order mark are recognised; anything else that
    looks like text is taken for Windows-1252, the superset of Latin-1 that spreadsheets write.

    Raises:
        UploadError: the bytes are empty, damaged, too large, or not text.
    """
    if data.startswith(b"\x1f\x8b"):
        data = _unfold(data)
    opening = data[:16].lower()
    for signature, kind in _FOREIGN.items():
        if opening.startswith(signature):
            raise UploadError(f"This file is {kind}; save the table as CSV and upload that.")
    text, remarks = _to_utf8(data)
    if not text.strip():
        raise UploadError("This file is empty; upload a table with a row for each point.")
    sample = text[:SAMPLE_BYTES]
    n_control = len(sample) - len(sample.translate(None, _CONTROL_BYTES))
    if b"\x00" in text or n_control > max(8, len(sample) // 100):
        raise UploadError("This file is not a text file; save the table as CSV and upload that.")
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text, remarks


def _unfold(data: bytes) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as stream:
            unfolded = stream.read(MAX_DECOMPRESSED_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise UploadError("This .gz file is damaged or cut short; compress the table again.") from None
    if len(unfolded) > MAX_DECOMPRESSED_BYTES:
        raise UploadError(
            f"This .gz file unfolds to more than {MAX_DECOMPRESSED_BYTES // 1_000_000} MB;"
            " upload a part or a random sample of its rows."
        )
    return unfolded


def _to_utf8(data: bytes) -> tuple[bytes, list[str]]:
    if data.startswith(codecs.BOM_UTF8):
        data = data[len(codecs.BOM_UTF8) :]
    encoding = _utf16(data)
    if encoding:
        return data.decode(encoding, "replace").lstrip("\ufeff").encode("utf-8"), []
    if data.isascii():
        return data, []
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        remark = "The letters of this file are not in UTF-8, so they were read as Windows-1252 (Latin-1)."
        try:
            return data.decode("cp1252").encode("utf-8"), [remark]
        except UnicodeDecodeError:
            return data.decode("latin-1").encode("utf-8"), [remark]
    return data, []


def _utf16(data: bytes) -> str | None:
    """Name the byte order of UTF-16, known by its mark or by the zero half of its digits and commas."""
    if data.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if data.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = data[:SAMPLE_BYTES]
    first, second = sample[0::2].count(0), sample[1::2].count(0)
    if second > 0.4 * len(sample) / 2 and first == 0:
        return "utf-16-le"
    if first > 0.4 * len(sample) / 2 and second == 0:
        return "utf-16-be"
    return None


def find_layout(text: bytes) -> Layout:
    """Return how the rows of `text` (UTF-8, "\\n" line ends) are written.

    Judged by the first 64 kB, or by the first three lines if they are longer.

    Raises:
        UploadError: fewer than two columns, more than `MAX_COLUMNS`, or no rows.
    """
    body = _without_comments(text)
    n_blank = len(body) - len(body.lstrip(b"\n"))
    sample, complete = _sample(body, n_blank)
    separator, decimal, table = _sniff(sample, complete)
    first = next(index for index, record in enumerate(table) if len(record.fields) > 1)
    preamble = [(n_blank + record.start_line + 1, " ".join(record.fields)) for record in table[:first]]
    head, rows = table[first], table[first + 1 :]
    if _is_header(head, rows, decimal):
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
    return Layout(separator, decimal, names, body[n_blank + offset :], n_blank + line, preamble)


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
    for match in re.finditer(rb"^#[^\n]*", text, re.MULTILINE):
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


def _sniff(sample: bytes, complete: bool) -> tuple[str, str, list[Record]]:
    """Return the separator and the decimal mark that fit best, and the sample's records under them.

    They fit when the records agree on the number of fields and the fields are numbers.
    """
    best = (0.0, 0.0)
    chosen: tuple[str, str, list[Record]] | None = None
    for separator, decimals in _DIALECTS.items():
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
        for decimal in decimals:
            score = (agreement * _numeric_share(regular, decimal), agreement)
            if score > best:
                best, chosen = score, (separator, decimal, table)
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
    told = [cell for cell in cells if cell.lower() not in _SILENT_WORDS]
    return sum(_is_number(cell, decimal) for cell in told) / max(len(told), 1)


def _is_number(cell: str, decimal: str) -> bool:
    return _NUMBERS[decimal].fullmatch(cell) is not None


def _is_header(head: Record, rows: list[Record], decimal: str) -> bool:
    """Return whether a table's first record names its columns.

    It does when a word in it stands above numbers, or when it holds words and no values at all. A word above
    words says nothing, so a table without names may carry a column of labels.
    """
    names = {index: name.strip() for index, name in enumerate(head.fields[:1000]) if name.strip()}
    words = [index for index, name in names.items() if not _is_value(name, decimal)]
    for index in words:
        below = [record.fields[index].strip() for record in rows if index < len(record.fields)]
        told = [cell for cell in below if cell.lower() not in _SILENT_WORDS]
        if told and sum(_is_number(cell, decimal) for cell in told) >= NUMERIC_SHARE * len(told):
            return True
    return len(words) == len(names) > 0


def _is_value(cell: str, decimal: str) -> bool:
    return cell.lower() in _SILENT_WORDS or _is_number(cell, decimal)


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
        if line.startswith(b"#"):
            comment = line
        elif line.strip():
            break
    found = next(records(comment.lstrip(b"#")[:SAMPLE_BYTES], separator), None) if comment else None
    return [name.strip() for name in found.fields] if found and len(found.fields) == width else None
