"""Which format a file has: told by its content first and by its name second."""

from __future__ import annotations

import re
from dataclasses import replace

from ui.uploads.delimited import read_delimited
from ui.uploads.encoding import GZIP, unfold
from ui.uploads.json_records import read_json
from ui.uploads.numerals import THOUSANDS
from ui.uploads.parquet import read_parquet
from ui.uploads.report import UploadError, readable
from ui.uploads.table import DECIMALS, ENCODINGS, SEPARATORS, Reading, Table
from ui.uploads.workbook import read_workbook

MAX_BYTES = 200_000_000
"""A larger file is refused unless the caller allows it."""

# A text in square brackets may be a list of lists, but "[1, 2]" is also how some programs print a point.
_JSON = re.compile(rb"[\s\x00]*(\{[\s\x00]*[\"}]|\[[\s\x00]*[\[{\]])")
_MARKS = b"\xef\xbb\xbf\xff\xfe"
_PARQUET, _ZIP = b"PAR1", b"PK\x03\x04"


def is_plain(data: bytes) -> bool:
    """Return whether the file is text as it is, in nothing that has to be unfolded."""
    return not data.startswith((_PARQUET, _ZIP, GZIP))


def check_bytes(data: bytes, max_bytes: int) -> None:
    """Raise UploadError if the file is longer than it may be."""
    if len(data) > max_bytes:
        raise UploadError(
            f"This file has {len(data) / 1e6:,.0f} MB, more than the {max_bytes / 1e6:,.0f} MB that are"
            " read here; upload a part or a random sample of its rows."
        )


def read_here(name: str, data: bytes, reading: Reading | None = None, *, max_bytes: int = MAX_BYTES) -> Table:
    """Return the table in an uploaded file, however long that takes.

    Delimited text is understood with commas, semicolons, tabs, pipes or runs of spaces, decimal commas,
    thousands separators, units beside numbers, names in the first line or two, quotes, comments that start
    with "#", in UTF-8, UTF-16 or Windows-1252; JSON as a list of objects, as lines of objects or as columns;
    Parquet; Excel's .xlsx. Text and JSON may be folded with gzip.

    Args:
        name: the file's name.
        data: the file's bytes.
        reading: what is known of how to read it; by default the file tells all.
        max_bytes: a file that is longer is refused.

    Raises:
        UploadError: there is no table of at least two columns and one row, or it is too large.
    """
    reading = _checked(reading or Reading())
    check_bytes(data, max_bytes)
    # The bytes stay with it, for the cells as they came.
    return replace(_read(name, data, reading), asked=reading, original=data)


def _read(name: str, data: bytes, reading: Reading) -> Table:
    if data.startswith(_PARQUET) and data[4:5] < b" ":  # a column of a text may be called so
        return read_parquet(name, data, reading)
    if data.startswith(_ZIP):
        return read_workbook(name, data, reading)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UploadError(
            "This file is an old or an encrypted Excel workbook; save it as .xlsx or CSV without a password."
        )
    text = unfold(data)
    ending = name.lower().removesuffix(".gz").rpartition(".")[2]
    if _JSON.match(text[:1000].lstrip(_MARKS)) or ending in ("json", "jsonl", "ndjson"):
        return read_json(name, text, reading)
    return read_delimited(name, text, reading)


def _checked(reading: Reading) -> Reading:
    """Return the reading, or raise UploadError if it names what there is not; it may come from a link."""
    choices = {
        "separator": SEPARATORS,
        "decimal": DECIMALS,
        "thousands": {**THOUSANDS, "": "nothing"},
        "encoding": ENCODINGS,
    }
    for field, allowed in choices.items():
        value = getattr(reading, field)
        if value is not None and value not in allowed:
            names = ", ".join(allowed.values())
            raise UploadError(f'The {field} "{readable(str(value))}" is not known; choose from {names}.')
    if reading.thousands in DECIMALS:  # the decimal mark is then the other one
        decimal = "," if reading.thousands == "." else "."
        if reading.decimal not in (None, decimal):
            raise UploadError("Decimals and thousands have the same mark; choose two different ones.")
        reading = replace(reading, decimal=decimal)
    return reading
