"""Uploaded bytes -> a table of numeric columns -> 2-D points, with a report of what was dropped and why.

Every function is pure and nothing is written anywhere, so one person's data can reach nobody else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ui.reading import NUMERIC_SHARE, Layout, UploadError, decode, find_layout, readable, records

__all__ = ["Dropped", "Selection", "Table", "UploadError", "read_table", "select_points"]

MAX_CELLS = 60_000_000
"""Rows times columns; a table beyond it would not fit in memory beside everything else."""

# Fields read beyond the last column, to notice rows that have too many.
_SURPLUS = 3
_NAME_LENGTH = 60
_N_EXAMPLES = 3
_INDEX_NAME = re.compile(
    r"column [0-9]+|unnamed: ?[0-9]+|index|idx|id|nr|no\.?|number|obs(ervation)?|row[ _]?(names?|id|number)?",
    re.IGNORECASE,
)


class Faults(NamedTuple):
    """The cells of a numeric column that hold something else than a finite number."""

    rows: np.ndarray
    """(M,) rows of the table."""
    texts: list[str]
    """M cells as written in the file."""
    infinite: np.ndarray
    """(M,) whether the cell is a number all the same, an infinite one or one too large for a float."""


_NO_FAULTS = Faults(np.empty(0, np.intp), [], np.empty(0, bool))


@dataclass(frozen=True)
class Dropped:
    """Rows of a file that are not used."""

    count: int = 0
    """How many."""
    reasons: tuple[str, ...] = ()
    """One sentence a reason, with the first few line numbers and values. Plain text, not Markdown or HTML."""


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
    faults: Mapping[str, Faults]
    """For each numeric column, the cells that hold something else than a finite number."""

    @property
    def numeric_names(self) -> tuple[str, ...]:
        """Names of the numeric columns, in the file's order."""
        return tuple(self.columns)


@dataclass(frozen=True, eq=False)
class Selection:
    """Two columns of a table as points."""

    points: np.ndarray
    """(N, 2) float64, finite, read-only."""
    x: str
    """Name of the column that became points[:, 0]."""
    y: str
    """Name of the column that became points[:, 1]."""
    rows: np.ndarray
    """(N,) the table's row of each point, increasing."""
    dropped: Dropped
    """All the rows of the file that became no point, those that the table already skipped included."""


def read_table(name: str, data: bytes) -> Table:
    """Return the table in an uploaded text file.

    Fields are separated by commas, semicolons, tabs, pipes or runs of spaces. Decimal commas, names in
    the first line, quotes, comments that start with "#", UTF-8, UTF-16, Windows-1252 and gzip are understood.

    Args:
        name: the file's name.
        data: the file's bytes.

    Raises:
        UploadError: there is no table of at least two columns and one row, or it is too large.
    """
    text, remarks = decode(data)
    try:
        layout, frame = _read_rows(text)
    except UploadError:
        if b'"' not in text:
            raise
        layout, frame = _read_rows(text.replace(b'"', b""))
        remarks.append("The quotation marks in this file do not enclose single fields, so they were ignored.")
    frame, line_numbers, skipped = _without_long_rows(frame, _line_numbers(layout, len(frame)), layout)
    columns: dict[str, np.ndarray] = {}
    text_columns: dict[str, np.ndarray] = {}
    faults: dict[str, Faults] = {}
    for title, (_, cells) in zip(_titles(layout.names), frame.items(), strict=True):
        column = _as_numbers(cells, layout.decimal)
        if isinstance(column, tuple):
            columns[title], faults[title] = column
        else:
            text_columns[title] = column
    name, n_rows = readable(name, _NAME_LENGTH), len(frame)
    return Table(name, columns, text_columns, n_rows, line_numbers, skipped, tuple(remarks), faults)


def select_points(table: Table, x: str | None = None, y: str | None = None) -> Selection:
    """Return two numeric columns of a table as points: the rows that have a number in both.

    A column that merely numbers the rows is no default when there are two others.

    Args:
        table: from `read_table`.
        x: the name of the first column; by default the first numeric column.
        y: the name of the second; by default the first numeric column that is not `x`.

    Raises:
        UploadError: fewer than two numeric columns, an unknown name, one column twice, or fewer than two
            complete rows.
    """
    names = table.numeric_names
    if len(names) < 2:
        found = f'only one column of numbers, "{names[0]}"' if names else "no column of numbers"
        share = f"at least {100 * NUMERIC_SHARE:.0f} % of their cells"
        raise UploadError(f"This table has {found}; two columns must hold numbers in {share}.")
    for wanted in (x, y):
        if wanted is not None and wanted not in table.columns:
            choices = ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")
            raise UploadError(f'No column of numbers is called "{readable(wanted)}"; choose from {choices}.')
    usual = [name for name in names if not _numbers_the_rows(name, table.columns[name])]
    candidates = usual if len(usual) > 1 else names
    x = x or next(name for name in candidates if name != y)
    y = y or next(name for name in candidates if name != x)
    if x == y:
        raise UploadError(f'The column "{x}" was chosen twice; choose two different columns.')
    incomplete = np.isnan(table.columns[x]) | np.isnan(table.columns[y])
    rows = np.flatnonzero(~incomplete)
    if len(rows) < 2:
        raise UploadError(f'Fewer than two rows have numbers in both "{x}" and "{y}"; choose other columns.')
    points = np.column_stack([table.columns[x][rows], table.columns[y][rows]])
    return Selection(_frozen(points), x, y, _frozen(rows), _dropped(table, (x, y), incomplete))


def _read_rows(text: bytes) -> tuple[Layout, pd.DataFrame]:
    """Return the layout, and the rows with `_SURPLUS` columns more than it names."""
    layout = find_layout(text)
    width = len(layout.names) + _SURPLUS
    if (layout.rows.count(b"\n") + 1) * width > MAX_CELLS:
        raise UploadError(f"This table has more than {MAX_CELLS:,} cells; upload fewer rows or columns.")
    surplus: dict[Hashable, str] = {str(position): "str" for position in range(len(layout.names), width)}
    frame = _parsed(layout, range(width), surplus)
    if frame.empty:
        raise UploadError("This file has no rows; upload a table with a row for each point.")
    # An infinite number was something else in the file, and the report should show what.
    infinite = [label for label, cells in frame.items() if cells.dtype.kind == "f" and np.isinf(cells).any()]
    if infinite:
        frame = frame.assign(**_parsed(layout, [int(str(label)) for label in infinite], "str"))
    return layout, frame


def _parsed(layout: Layout, positions: Sequence[int], dtype: str | Mapping[Hashable, str]) -> pd.DataFrame:
    """Return the columns at `positions`, labelled "0", "1", ...; short rows end in missing values."""
    heading = layout.separator.join(str(position) for position in range(len(layout.names) + _SURPLUS))
    try:
        return pd.read_csv(
            io.BytesIO(heading.encode() + b"\n" + layout.rows),
            sep=r"\s+" if layout.separator == " " else layout.separator,
            decimal=layout.decimal,
            usecols=list(positions),  # also makes pandas cut rows that are longer still, not refuse them
            index_col=False,
            dtype=dtype,
            skipinitialspace=True,
            low_memory=False,
        )
    except pd.errors.ParserError:
        raise UploadError("The fields of this file cannot be told apart; check its quotes.") from None


def _line_numbers(layout: Layout, n_rows: int) -> np.ndarray | None:
    """Return the line of the file on which each row begins, or None where that cannot be told."""
    ends = np.flatnonzero(np.frombuffer(layout.rows + b"\n", np.uint8) == ord("\n"))
    written = np.flatnonzero(np.diff(ends, prepend=-1) > 1)
    if len(written) != n_rows:  # quoted fields run over several lines, or lines of spaces lie between
        try:
            written = np.array([record.start_line for record in records(layout.rows, layout.separator)])
        except csv.Error:
            return None
    return _frozen(written + layout.n_lines_above + 1) if len(written) == n_rows else None


def _without_long_rows(
    frame: pd.DataFrame, line_numbers: np.ndarray | None, layout: Layout
) -> tuple[pd.DataFrame, np.ndarray | None, Dropped]:
    """Return the rows that have no more fields than there are columns, their lines, and what was skipped."""
    width = len(layout.names)
    filled = frame.iloc[:, width:].notna().to_numpy()
    too_long = filled.any(axis=1)
    reasons = []
    if layout.preamble:
        examples = [f'line {line} ("{readable(text)}")' for line, text in layout.preamble[:_N_EXAMPLES]]
        reasons.append(_reason(len(layout.preamble), "the table begins further down", examples))
    if too_long.any():
        rows = np.flatnonzero(too_long)
        surplus = [frame.iat[row, width + int(filled[row].argmax())] for row in rows[:_N_EXAMPLES]]
        examples = _examples(rows, line_numbers, surplus)
        reasons.append(_reason(len(rows), f"there are more than {width} fields", examples))
        frame = frame.loc[~too_long]
        line_numbers = None if line_numbers is None else _frozen(line_numbers[~too_long])
    skipped = Dropped(len(layout.preamble) + int(too_long.sum()), tuple(reasons))
    return frame.iloc[:, :width], line_numbers, skipped


def _as_numbers(cells: pd.Series, decimal: str) -> tuple[np.ndarray, Faults] | np.ndarray:
    """Return a column of numbers as float64, NaN where there is none, with its faults; or one of texts."""
    if cells.dtype.kind in "iuf" and not cells.isna().all():
        return _frozen(cells.to_numpy(np.float64, copy=True)), _NO_FAULTS
    texts = cells.astype("str").to_numpy(object, na_value="")
    spelled = texts
    if decimal == ",":  # a point is then no decimal mark: 1.234 may be meant as 1234
        spelled = np.array([text.replace(".", "?").replace(",", ".") for text in texts], object)
    numbers = np.array(pd.to_numeric(spelled, errors="coerce"), np.float64)
    finite, told = np.isfinite(numbers), texts != ""
    if not told.any() or finite.sum() < NUMERIC_SHARE * told.sum():
        return _frozen(texts)
    rows = np.flatnonzero(told & ~finite)
    faults = Faults(rows, texts[rows].tolist(), np.isinf(numbers[rows]))
    numbers[~finite] = np.nan
    return _frozen(numbers), faults


def _titles(names: Sequence[str]) -> Iterator[str]:
    """Yield the names fit to be shown, none twice, "column 3" for the third if it has none."""
    taken: set[str] = set()
    copies: dict[str, int] = {}
    for number, name in enumerate(names, start=1):
        title = plain = readable(name, _NAME_LENGTH) or f"column {number}"
        while title in taken:
            copies[plain] = copies.get(plain, 1) + 1
            title = f"{plain} ({copies[plain]})"
        taken.add(title)
        yield title


def _numbers_the_rows(name: str, values: np.ndarray) -> bool:
    """Return whether a column merely counts the rows from 0 or 1, in name and in content."""
    if not _INDEX_NAME.fullmatch(name) or values[0] not in (0, 1):
        return False
    return np.array_equal(values, np.arange(len(values)) + values[0])


def _dropped(table: Table, names: tuple[str, str], incomplete: np.ndarray) -> Dropped:
    """Return the report on the incomplete rows, each counted under the first reason that applies."""
    reasons = list(table.skipped.reasons)
    left = incomplete.copy()
    for name in names:
        faults = table.faults[name]
        for infinite, why in ((False, "is not a number"), (True, "is infinite or too large")):
            chosen = np.flatnonzero((faults.infinite == infinite) & left[faults.rows])
            rows = faults.rows[chosen]
            if len(rows):
                texts = [faults.texts[index] for index in chosen[:_N_EXAMPLES]]
                examples = _examples(rows, table.line_numbers, texts)
                reasons.append(_reason(len(rows), f"{name} {why}", examples))
                left[rows] = False
        rows = np.flatnonzero(left & np.isnan(table.columns[name]))
        if len(rows):
            reasons.append(_reason(len(rows), f"{name} is missing", _examples(rows, table.line_numbers)))
            left[rows] = False
    return Dropped(table.skipped.count + int(incomplete.sum()), tuple(reasons))


def _examples(rows: np.ndarray, line_numbers: np.ndarray | None, texts: Sequence[str] = ()) -> list[str]:
    """Return where the first few rows stand in the file, and what is written there."""
    few = rows[:_N_EXAMPLES]
    if line_numbers is None:
        places = [f"row {row + 1}" for row in few]
    else:
        places = [f"line {line}" for line in line_numbers[few]]
    if not texts:
        return places
    return [f'{place} ("{readable(text)}")' for place, text in zip(places, texts, strict=True)]


def _reason(count: int, why: str, examples: Sequence[str]) -> str:
    subject = "1 row was" if count == 1 else f"{count:,} rows were"
    more = f" and {count - len(examples):,} more" if count > len(examples) else ""
    return f"{subject} dropped because {why}: {', '.join(examples)}{more}."


def _frozen(array: np.ndarray) -> np.ndarray:
    array.flags.writeable = False
    return array
