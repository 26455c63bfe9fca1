"""UTF-8 text -> its records: fields, and where each stands; and its comments."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

# Spreadsheets export their errors so, and a row of them is no comment.
_COMMENT = re.compile(rb"^#(?!N/A|DIV/0!|REF!|VALUE!|NUM!|NAME\?|NULL!)[^\n]*", re.MULTILINE)


class Record(NamedTuple):
    """One record of a delimited text: its fields, and the bytes and lines before it and up to its end."""

    fields: list[str]
    start_offset: int
    start_line: int
    end_offset: int
    end_line: int


class Comment(NamedTuple):
    """A line that begins with "#"."""

    line: int
    """Its number, from 1."""
    text: bytes
    """All of it, "#" included."""


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


def fields_of(line: bytes, separator: str) -> list[str]:
    """Return the fields of a single line, without spaces at their ends; none where it cannot be parsed."""
    try:
        found = next(records(line, separator), None)
    except csv.Error:
        return []
    return [field.strip() for field in found.fields] if found else []


def usual_width(rows: Sequence[Sequence[object]]) -> int:
    """Return the commonest number of fields above one, if any; the larger of two equally common."""
    widths = Counter(map(len, rows))
    return max(widths, key=lambda width: (width > 1 and widths[width], width), default=0)


def without_comments(text: bytes, kept: Container[int] = ()) -> tuple[bytes, list[Comment]]:
    """Return `text` with its comments emptied, so that every other line keeps its number, and the comments.

    A comment is a line that starts with "#", unless it is inside a quoted field or its number is in `kept`.
    The hint "sep=;" that Excel puts in the first line is emptied too.
    """
    if text[:4].lower() == b"sep=":
        text = text[text.find(b"\n") :]
    if not text.startswith(b"#") and b"\n#" not in text:
        return text, []
    parts: list[bytes] = []
    comments: list[Comment] = []
    n_quotes = counted = end = 0
    line, numbered = 1, 0
    for match in _COMMENT.finditer(text):
        n_quotes += text.count(b'"', counted, match.start())
        counted = match.start()
        if n_quotes % 2 == 0:
            line += text.count(b"\n", numbered, match.start())
            numbered = counted = match.end()
            if line in kept:
                continue
            comments.append(Comment(line, match.group()))
            parts.append(text[end : match.start()])
            end = match.end()
    parts.append(text[end:])
    return b"".join(parts), comments
