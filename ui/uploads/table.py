"""The table that every format is read into, and the choices that were made to read it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

import numpy as np

from gmm_core.points import sealed
from ui.uploads.missing import stand_apart, without, without_words
from ui.uploads.numerals import ParseErrors
from ui.uploads.report import Dropped, UploadError, readable
from ui.uploads.totals import total_rows

MAX_CELLS = 60_000_000
"""Rows times columns; a table beyond it would not fit in memory beside everything else."""

MAX_COLUMNS = 10_000
"""A file with more columns is refused, for each costs a little time of its own."""

NAME_LENGTH = 60
"""Characters of a column's name; longer ones are cut."""

LONGEST_TEXT = 1_000
"""Characters of a cell where a file can hold one text for many cells; longer ones are cut."""

SEPARATORS = {"\t": "tab", ";": "semicolon", "|": "pipe", ",": "comma", " ": "spaces"}
"""What may stand between two fields; a space stands for any run of spaces and tabs."""

DECIMALS = {".": "point", ",": "comma"}

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
    "cp1252": "Windows-1252 (Latin-1)",
    "iso8859-2": "Latin-2",
    "cp1251": "Windows-1251 (Cyrillic)",
    "gb18030": "GB 18030 (Chinese)",
    "shift_jis": "Shift JIS (Japanese)",
}


@dataclass(frozen=True)
class Reading:
    """How a file is to be read, None for what the file itself shall tell; in a `Table`, how it was read.

    There, None stands for what the file's format does not have.
    """

    separator: str | None = None
    """Between two fields: one of `SEPARATORS`."""
    decimal: str | None = None
    """The decimal mark: one of `DECIMALS`."""
    thousands: str | None = None
    """Between groups of three digits: one of `numerals.THOUSANDS`; "" for nothing."""
    header: int | None = None
    """How many of the first rows name the columns: 0, 1 or 2."""
    encoding: str | None = None
    """One of `ENCODINGS`."""
    sheet: str | None = None
    """The name of a sheet of a workbook."""
    missing: tuple[str, ...] | None = None
    """Texts that stand for a missing value in every column, besides empty cells. Words such as NA do among
    numbers anyway, and one that does, among texts as well unless this says otherwise."""
    totals: bool | None = None
    """Whether rows that sum up the others are rows like them; None and False leave them out of the points."""

    @property
    def corrections(self) -> dict[str, Any]:
        """What this says, and not what the file is to tell."""
        return {
            item.name: getattr(self, item.name)
            for item in fields(self)
            if getattr(self, item.name) is not None
        }


CONTROLS = {
    "separator": "Between the columns",
    "decimal": "Decimal mark",
    "thousands": "Between thousands",
    "encoding": "Encoding",
    "header": "First row",
    "sheet": "Sheet",
    "missing": "Missing values",
    "totals": "Rows of totals",
}
"""What the controls are called that correct each field of a `Reading`: remarks name them."""


class SavedCells(NamedTuple):
    """The cells of a table that came in a saved session."""

    columns: Mapping[str, Sequence[Any]]
    """By the names of the table."""
    lines: Sequence[int] | None
    """What `Table.line_numbers` of all the rows were."""


@dataclass(frozen=True, eq=False)
class Table:
    """A table read from a file."""

    name: str
    """The file's name, made displayable."""
    columns: Mapping[str, np.ndarray]
    """The numeric columns in the file's order: float64 (n_rows,), read-only, NaN where there is no number."""
    text_columns: Mapping[str, np.ndarray]
    """The other columns: str objects (n_rows,), read-only, "" where missing; as in the file, so not safe."""
    n_rows: int
    """Rows in every column."""
    line_numbers: np.ndarray | None
    """(n_rows,) the line of the file, from 1, on which each row begins; None where that cannot be told."""
    skipped: Dropped
    """Lines of the file that are in no column."""
    remarks: tuple[str, ...]
    """Sentences on what had to be assumed to read the file."""
    parse_errors: Mapping[str, ParseErrors]
    """For each numeric column, the cells that hold something else than a finite number."""
    format: str = "text"
    """ "text", "JSON", "Parquet" or "Excel"."""
    reading: Reading = field(default_factory=Reading)
    """How the file was read."""
    asked: Reading = field(default_factory=Reading)
    """What of it people had said."""
    sheets: tuple[str, ...] = ()
    """Names of the workbook's sheets, one of which is `reading.sheet`; as in the file, so not safe."""
    names: tuple[str, ...] = ()
    """Names of all columns in the file's order."""
    place: str = "line"
    """What `line_numbers` count: "line" of a text, "row" of a sheet."""
    missing: tuple[str, ...] = ()
    """Words that were taken for missing values among texts as well, e.g. "NA"."""
    suspects: tuple[str, ...] = ()
    """Numbers that stand apart as those do that mean "missing", and are still values; e.g. "-99"."""
    totals: np.ndarray = field(default_factory=lambda: sealed(np.empty(0, np.intp)))
    """(M,) rows that sum up others and become no points."""
    whole_names: Mapping[str, str] = field(default_factory=dict)
    """For each column whose name was cut, all of it, fit to be shown."""
    original: bytes | SavedCells | None = None
    """What still holds the cells as they came: the file's bytes, or those that a session saved."""

    @property
    def numeric_names(self) -> tuple[str, ...]:
        """Names of the numeric columns, in the file's order."""
        return tuple(self.columns)


Typed = tuple[np.ndarray, ParseErrors] | np.ndarray
"""A column: numbers and the cells among them that are none, or texts."""


def assembled(
    name: str,
    column_names: Sequence[str],
    typed: Sequence[Typed],
    line_numbers: np.ndarray | None,
    skipped: Dropped,
    remarks: Sequence[str],
    rounded: Sequence[int] = (),
    marks: Collection[str] = (),
    *,
    format: str,
    reading: Reading,
    sheets: tuple[str, ...] = (),
    place: str = "line",
) -> Table:
    """Return the table of columns read, under names fit to be shown.

    Args:
        rounded: positions of columns that hold whole numbers above 2^53, which is remarked upon.
        marks: words that stand for missing values in the columns of numbers.

    Raises:
        UploadError: there are fewer than two columns and none of numbers, or no rows.
    """
    if not any(isinstance(column, tuple) for column in typed) and len(typed) < 2:
        raise UploadError(
            "Only one column was found, and not of numbers; a picture needs a column of numbers."
        )
    names = tuple(titles(column_names))
    columns, text_columns, parse_errors = _by_name(names, typed)
    n_rows = len(typed[0][0] if isinstance(typed[0], tuple) else typed[0])
    if not n_rows:
        raise UploadError("This file has no rows; upload a table with a row for each point.")
    missing = marks if reading.missing is None else reading.missing
    text_columns, erased = without_words(text_columns, missing)
    columns = without(columns, reading.missing or (), reading.decimal or ".")
    totals = np.empty(0, np.intp)
    if not reading.totals:
        totals = total_rows(names, columns, text_columns, parse_errors, n_rows)
    # A total of many rows stands apart by its nature.
    rows = {name: np.delete(values, totals) for name, values in columns.items()} if len(totals) else columns
    suspects = stand_apart(rows)
    whole = {title: readable(name, LONGEST_TEXT) for title, name in zip(names, column_names, strict=True)}
    return Table(
        name=readable(name, NAME_LENGTH),
        columns=columns,
        text_columns=text_columns,
        n_rows=n_rows,
        line_numbers=line_numbers,
        skipped=skipped,
        remarks=(
            *remarks,
            *_rounding_remarks([names[position] for position in rounded if names[position] in columns]),
            *_unit_remarks(parse_errors),
            *_missing_remarks(erased if reading.missing is None else (), suspects),
        ),
        parse_errors=parse_errors,
        format=format,
        reading=reading,
        sheets=sheets,
        names=names,
        place=place,
        missing=tuple(erased),
        suspects=tuple(suspects),
        totals=sealed(totals),
        whole_names={title: name for title, name in whole.items() if len(name) > NAME_LENGTH},
    )


def _by_name(
    names: Sequence[str], typed: Sequence[Typed]
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, ParseErrors]]:
    """Return the columns of numbers, those of texts, and what among the numbers is none."""
    columns: dict[str, np.ndarray] = {}
    text_columns: dict[str, np.ndarray] = {}
    parse_errors: dict[str, ParseErrors] = {}
    for title, column in zip(names, typed, strict=True):
        if isinstance(column, tuple):
            columns[title], parse_errors[title] = column
        else:
            text_columns[title] = column
    return columns, text_columns, parse_errors


def _rounding_remarks(names: Sequence[str]) -> list[str]:
    if not names:
        return []
    shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
    return [f"Whole numbers above 2^53 were rounded to the nearest float in {shown}."]


def _unit_remarks(parse_errors: Mapping[str, ParseErrors]) -> list[str]:
    units = [(name, found.unit) for name, found in parse_errors.items() if found.unit]
    if not units:
        return []
    shown = ", ".join(f"“{unit}” in {name}" for name, unit in units[:3]) + (
        " and others" if units[3:] else ""
    )
    return [f"Numbers have a unit beside them, which was left out: {shown}."]


def _missing_remarks(missing: Collection[str], suspects: Mapping[str, Sequence[str]]) -> list[str]:
    where = f"under “{CONTROLS['missing']}” on the data page"
    remarks = []
    if missing:
        words = ", ".join(f"“{word}”" for word in sorted(missing))
        remarks.append(
            f"As among the numbers, {words} was taken for a missing value among the words; if it is a name,"
            f" say so {where}."
        )
    for mark, names in list(suspects.items())[:3]:
        shown = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
        remarks.append(
            f"The number {mark} stands apart from all others in {shown}; if it means that there is none, say"
            f" so {where}."
        )
    return remarks


def titles(names: Sequence[str]) -> Iterator[str]:
    """Yield the names fit to be shown, none twice, "column 3" for the third if it has none."""
    taken: set[str] = set()
    copies: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        title = plain = readable(name, NAME_LENGTH) or f"column {number}"
        while title in taken:
            copies[plain] = copies.get(plain, 1) + 1
            title = f"{plain} ({copies[plain]})"
        taken.add(title)
        yield title


def check_size(n_rows: int, n_columns: int, most_cells: int = MAX_CELLS) -> None:
    """Raise UploadError if a table is too wide or has too many cells."""
    if n_columns > MAX_COLUMNS:
        raise UploadError(
            f"This table has {n_columns:,} columns, more than {MAX_COLUMNS:,}; upload fewer columns."
        )
    if n_rows * n_columns > most_cells:
        raise UploadError(f"This table has more than {most_cells:,} cells; upload fewer rows or columns.")
