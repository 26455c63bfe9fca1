"""The formats that tables come in, and which one a file has: told by its content, then by its name."""

from __future__ import annotations

from dataclasses import replace

from ui.uploads.delimited import TEXT
from ui.uploads.encoding import GZIP, unfold
from ui.uploads.format import Format
from ui.uploads.json_records import JSON
from ui.uploads.numerals import THOUSANDS
from ui.uploads.parquet import PARQUET
from ui.uploads.report import UploadError, readable
from ui.uploads.table import DECIMALS, ENCODINGS, SEPARATORS, Reading, Table
from ui.uploads.workbook import EXCEL

FORMATS: tuple[Format, ...] = (PARQUET, EXCEL, JSON, TEXT)
"""In the order in which a file is tried; the last one takes all that is left."""


def format_called(name: str) -> Format | None:
    """Return the format of that name, None for tables that came in no file."""
    return next((format for format in FORMATS if format.name == name), None)


MAX_BYTES = 200_000_000
"""A larger file is refused unless the caller allows it."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def is_plain(data: bytes) -> bool:
    """Return whether the file is text as it is, in nothing that has to be unfolded."""
    unfolds = any(format.recognises(data, "") for format in FORMATS if format.unfolds)
    return not unfolds and not data.startswith(GZIP)


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
    with "#", in UTF-8, UTF-16 or Windows-1252; JSON as a list of objects or numbers, as lines
    of objects or as columns; Parquet; Excel's .xlsx. Text and JSON may be folded with gzip.

    Args:
        name: the file's name.
        data: the file's bytes.
        reading: what is known of how to read it; by default the file tells all.
        max_bytes: a file that is longer is refused.

    Raises:
        UploadError: there is no table of two columns, or one of numbers, and one row, or it is too large.
    """
    reading = _checked(reading or Reading())
    check_bytes(data, max_bytes)
    if data.startswith(_OLD_EXCEL):
        raise UploadError(
            "This file is an old or an encrypted Excel workbook; save it as .xlsx or CSV without a password."
        )
    content = unfold(data)
    table = _format_of(name, content, is_folded=content is not data).read(name, content, reading)
    # The bytes stay with it, for the cells as they came.
    return replace(table, asked=reading, original=data)


def _format_of(name: str, content: bytes, *, is_folded: bool) -> Format:
    """Return the first format that knows the content; what unfolds by itself is not folded once more."""
    ending = name.lower().removesuffix(".gz").rpartition(".")[2]
    tried = (format for format in FORMATS if not (format.unfolds and is_folded))
    return next(format for format in tried if format.recognises(content, ending))


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
