"""The beginning of a text -> the separator and the decimal mark it is written with.

They fit when the records agree on the number of fields and the fields are numbers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ui.uploads.numerals import NUMERIC_SHARE, is_silent, likeness
from ui.uploads.records import Record, records, usual_width
from ui.uploads.report import UploadError
from ui.uploads.table import SEPARATORS, Reading

# Tried in this order, and the first wins a tie.
_DECIMALS = {"\t": ".,", ";": ".,", "|": ".,", ",": ".,", " ": ".,"}
# Of the records, those that must have as many fields before the others are no column by themselves.
_LEAST_AGREEMENT = 0.5
# Letters of a cell of one column, the name's too; longer lines are of several columns.
_LONGEST = 200
# Fields of a record that are looked at.
_FIELDS_SEARCHED = 1_000


class Dialect(NamedTuple):
    """How a text is written, and its records read so."""

    separator: str
    decimal: str
    table: list[Record]
    share: float
    """Of the cells below the first row that say something, those that are numbers, each by its likeness."""
    agreement: float
    """Of the records, those that have the usual number of fields."""
    is_single: bool = False
    """Whether every line is one number, so that nothing separates."""

    def may_be_row(self, record: Record) -> bool:
        """Whether the table may begin with the record."""
        return len(record.fields) > 1 or (self.is_single and any(field.strip() for field in record.fields))


def sniff(sample: bytes, complete: bool, reading: Reading) -> Dialect:
    """Return the dialect of `reading`, or where it does not say, the one that fits best.

    Raises:
        UploadError: no separator gives two columns, and the lines are no column of numbers either.
    """
    found = list(_dialects(sample, complete, reading))
    # A line of names may have spaces where the numbers below have none, and who says that commas are decimal
    # marks says that they do not separate.
    if reading.decimal == "," or all(one.agreement < _LEAST_AGREEMENT for one in found):
        single = _single(sample, complete, reading)
        if single is not None:
            return single
    if not found and reading.separator:
        mark = SEPARATORS[reading.separator]
        raise UploadError(f"Only one column was found with {mark} as the separator; choose another one.")
    if not found:
        raise UploadError(
            "Only one column was found; separate the columns by commas, semicolons, tabs, pipes or spaces."
        )
    if any(map(_surely_separates, found)):  # words and dates have spaces too, and people align with them
        found = [one for one in found if one.separator != " " or one.share * one.agreement == 1] or found
    return max(found, key=lambda one: (one.agreement * one.share, one.agreement))


def _dialects(sample: bytes, complete: bool, reading: Reading) -> Iterator[Dialect]:
    for separator in _DECIMALS if reading.separator is None else [reading.separator]:
        table: list[Record] = []
        try:
            for record in records(sample, separator):
                table.append(record)
        except csv.Error:
            pass  # an endless field; what comes before it will have to tell
        if not complete and len(table) > 1:
            del table[-1]  # its end may lie beyond the sample
        width = usual_width([record.fields for record in table])
        if width < 2:
            continue
        regular = [record.fields for record in table if len(record.fields) == width]
        for decimal in reading.decimal or _DECIMALS[separator]:
            # The first row may be one of names.
            told = regular[1:] or regular
            share = _numeric_share(told, decimal, certain=separator == "," and decimal == ".")
            yield Dialect(separator, decimal, table, share, len(regular) / len(table))


def _single(sample: bytes, complete: bool, reading: Reading) -> Dialect | None:
    """The dialect of a text that is one column of numbers, with or without a name above; None for another."""
    if reading.separator is not None:
        return None
    try:
        # A tab, since it is in no number.
        table = list(records(sample, "\t"))
    except csv.Error:
        return None
    if not complete and len(table) > 1:
        del table[-1]
    cells = [record.fields[0] for record in table if any(field.strip() for field in record.fields)]
    if any(len(record.fields) > 1 for record in table) or len(max(cells, key=len, default="")) > _LONGEST:
        return None
    for decimal in reading.decimal or _DECIMALS["\t"]:
        told = [cell for cell in cells[1:] if not is_silent(cell.strip())]
        if (len(told) > 1 or all(likeness(cell, decimal) for cell in cells)) and is_numeric(told, decimal):
            return Dialect("\t", decimal, table, 1.0, 1.0, is_single=True)
    return None


def _surely_separates(dialect: Dialect) -> bool:
    """Return whether a mark that is no space surely separates the columns.

    A tab does where every row has one, the others where all rows have as many fields and one has numbers.
    """
    if dialect.separator == " ":
        return False
    rows = [record.fields for record in dialect.table]
    first = next(index for index, fields in enumerate(rows) if len(fields) > 1)
    rows = rows[first:]
    if dialect.separator == "\t":
        return all(len(fields) > 1 for fields in rows) and dialect.share > 0
    if len({len(fields) for fields in rows}) > 1:
        return False
    return any(is_numeric(column, dialect.decimal) for column in zip(*rows[1:], strict=True))


def is_numeric(cells: Sequence[str], decimal: str) -> bool:
    """Return whether a column's cells that say something are numbers, but for a few."""
    told = [cell for cell in cells if not is_silent(cell.strip())]
    return bool(told) and sum(likeness(cell, decimal) > 0 for cell in told) >= NUMERIC_SHARE * len(told)


def _numeric_share(rows: Sequence[Sequence[str]], decimal: str, *, certain: bool) -> float:
    """Return the likeness to numbers of all cells; groups of three digits are `certain` where the separator
    between them is what separates the columns as well: then it is no decimal mark.
    """
    told = [cell for fields in rows for cell in fields[:_FIELDS_SEARCHED] if not is_silent(cell.strip())]
    found = [likeness(cell, decimal) for cell in told]
    return sum(1.0 if certain and value >= 0.5 else value for value in found) / max(len(told), 1)
