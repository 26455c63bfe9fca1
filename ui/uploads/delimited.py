"""Delimited text -> a table: the rows themselves are parsed by pandas, in the layout found."""

from __future__ import annotations

import csv
import io
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from gmm_core.points import sealed
from ui.uploads.delimited_cells import delimited_cells
from ui.uploads.encoding import decode
from ui.uploads.format import Format
from ui.uploads.layout import Layout, find_layout
from ui.uploads.missing import marks_among
from ui.uploads.numerals import (
    CELLS_SEARCHED,
    MISSING_WORDS,
    NO_PARSE_ERRORS,
    THOUSANDS,
    THOUSANDS_REMARK,
    read_numbers,
    thousands_mark,
    whole_above_exact,
)
from ui.uploads.records import records
from ui.uploads.report import N_EXAMPLES, Dropped, UploadError, examples, readable, reason
from ui.uploads.table import MAX_CELLS, Reading, Table, Typed, assembled

# Columns of numbers in which marks of missing values are looked for: they are the same in all.
_SEARCHED_COLUMNS = 20
# Fields read beyond the last column, to notice rows that have too many.
_SURPLUS = 3


def read_delimited(name: str, data: bytes, reading: Reading) -> Table:
    """Return the table in a text whose fields are separated by commas, semicolons, tabs, pipes or spaces.

    Raises:
        UploadError: there is no table of two columns, or one of numbers, and one row, or it is too large.
    """
    text, encoding, remarks = decode(data, reading.encoding)
    try:
        layout, frame = _read_rows(text, reading)
    except UploadError:
        if b'"' not in text:
            raise
        layout, frame = _read_rows(text.replace(b'"', b""), reading)
        remarks.append("The quotation marks in this file do not enclose single fields, so they were ignored.")
    frame, line_numbers, skipped = _without_long_rows(frame, _line_numbers(layout, len(frame)), layout)
    remarks += layout.remarks
    cells = [column for _, column in frame.items()]
    texts = [_texts(column) for column in cells]
    thousands = reading.thousands or None
    if reading.thousands is None:
        searched = [column[:CELLS_SEARCHED] for column in texts if column is not None]
        thousands = thousands_mark(searched, layout.decimal, layout.between)
        remarks += [THOUSANDS_REMARK.format(THOUSANDS[thousands])] if thousands else []
    typed = [
        _numbers(column) if words is None else read_numbers(words, layout.decimal, thousands) or sealed(words)
        for column, words in zip(cells, texts, strict=True)
    ]
    rounded = [
        position
        for position, column in enumerate(cells)
        if column.dtype.kind in "iu" and whole_above_exact(column.to_numpy())
    ]
    used = replace(
        reading,
        separator=layout.separator,
        decimal=layout.decimal,
        thousands=thousands or "",
        header=layout.header,
        encoding=encoding,
    )
    return assembled(
        name,
        layout.names,
        typed,
        line_numbers,
        skipped,
        remarks,
        rounded,
        _marks(layout, cells, typed),
        format="text",
        reading=used,
    )


def _marks(layout: Layout, cells: Sequence[pd.Series], typed: Sequence[Typed]) -> set[str]:
    """Return the words among texts that stand for missing values in columns of numbers."""
    words: set[str] = set()
    for column in typed:
        words |= set() if isinstance(column, tuple) else marks_among(column, MISSING_WORDS)
    if not words:
        return words
    numeric = [position for position, column in enumerate(typed) if isinstance(column, tuple)]
    gaps = [position for position in numeric if cells[position].isna().any()][:_SEARCHED_COLUMNS]
    raw = _parsed(layout, gaps, "str", as_written=True)
    texts = [raw[label] for label in raw] + [cells[position] for position in numeric if position not in gaps]
    return {word for column in texts for word in words & set(column[column.isin([*words])])}


def _read_rows(text: bytes, reading: Reading) -> tuple[Layout, pd.DataFrame]:
    """Return the layout, and the rows with `_SURPLUS` columns more than it names."""
    layout = find_layout(text, reading)
    width = len(layout.names) + _SURPLUS
    if (layout.rows.count(b"\n") + 1) * width > MAX_CELLS:
        raise UploadError(f"This table has more than {MAX_CELLS:,} cells; upload fewer rows or columns.")
    surplus: dict[Hashable, str] = {str(position): "str" for position in range(len(layout.names), width)}
    frame = _parsed(layout, range(width), surplus)
    if frame.empty:
        raise UploadError("This file has no rows; upload a table with a row for each point.")
    # Among texts, NA and None may be names; only where there are any is it worth reading the rows again.
    texts = [int(str(label)) for label, cells in frame.items() if _is_text(cells) or cells.isna().all()]
    if texts and any(word and word.encode() in layout.rows for word in MISSING_WORDS):
        raw = _parsed(layout, texts, "str", as_written=True)
        frame = frame.assign(**{str(label): cells for label, cells in raw.items()})
    # An infinite number was something else in the file, and the report should show what.
    infinite = [
        label
        for label, cells in frame.items()
        if cells.dtype.kind == "f" and np.isinf(cells.to_numpy()).any()
    ]
    if infinite:
        frame = frame.assign(**_parsed(layout, [int(str(label)) for label in infinite], "str"))
    return layout, frame


class _Joined(io.RawIOBase):
    """One text after the other, without a copy of them all."""

    def __init__(self, *parts: bytes) -> None:
        self._parts = [memoryview(part) for part in reversed(parts)]

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while self._parts and not len(self._parts[-1]):
            self._parts.pop()
        if not self._parts:
            return 0
        part = self._parts.pop()
        n_bytes = min(len(buffer), len(part))
        buffer[:n_bytes] = part[:n_bytes]
        self._parts.append(part[n_bytes:])
        return n_bytes


def _parsed(
    layout: Layout,
    positions: Sequence[int],
    dtype: str | Mapping[Hashable, str],
    *,
    as_written: bool = False,
) -> pd.DataFrame:
    """Return the columns at `positions`, labelled "0", "1", ...; short rows end in missing values.

    Words such as NA are missing values too, unless everything is wanted `as_written`.
    """
    heading = layout.between.join(str(position) for position in range(len(layout.names) + _SURPLUS))
    try:
        return pd.read_csv(
            io.BufferedReader(_Joined(heading.encode() + b"\n", layout.rows)),
            sep=r"\s+" if layout.between == " " else layout.between,
            decimal=layout.decimal,
            usecols=list(positions),  # also makes pandas cut rows that are longer still, not refuse them
            index_col=False,
            dtype=dtype,
            skipinitialspace=True,
            low_memory=False,
            keep_default_na=not as_written,
            na_values=[""],
        )
    except pd.errors.ParserError as error:
        if "out of memory" in str(error):
            raise MemoryError from None
        raise UploadError("The fields of this file cannot be told apart; check its quotes.") from None


def _line_numbers(layout: Layout, n_rows: int) -> np.ndarray | None:
    """Return the line of the file on which each row begins, or None where that cannot be told."""
    ends = np.flatnonzero(np.frombuffer(layout.rows, np.uint8) == ord("\n"))
    ends = np.append(ends, len(layout.rows))
    written = np.flatnonzero(np.diff(ends, prepend=-1) > 1)
    if len(written) != n_rows:  # quoted fields run over several lines, or lines of spaces lie between
        try:
            written = np.array([record.start_line for record in records(layout.rows, layout.between)])
        except csv.Error:
            return None
    return sealed(written + layout.n_lines_above + 1) if len(written) == n_rows else None


def _without_long_rows(
    frame: pd.DataFrame, line_numbers: np.ndarray | None, layout: Layout
) -> tuple[pd.DataFrame, np.ndarray | None, Dropped]:
    """Return the rows that have no more fields than there are columns, their lines, and what was skipped."""
    width = len(layout.names)
    filled = frame.iloc[:, width:].notna().to_numpy()
    too_long = filled.any(axis=1)
    reasons = []
    if layout.preamble:
        places = [f'line {line} ("{readable(text)}")' for line, text in layout.preamble[:N_EXAMPLES]]
        reasons.append(reason(len(layout.preamble), "the table begins further down", places))
    if layout.disabled:
        places = [f'line {line} ("{readable(text)}")' for line, text in layout.disabled[:N_EXAMPLES]]
        reasons.append(reason(len(layout.disabled), "a “#” at its beginning marks a comment", places))
    if too_long.any():
        rows = np.flatnonzero(too_long)
        surplus = [frame.iat[row, width + int(filled[row].argmax())] for row in rows[:N_EXAMPLES]]
        places = examples(rows, line_numbers, surplus)
        reasons.append(reason(len(rows), f"there are more than {width} fields", places))
        frame = frame.loc[~too_long]
        line_numbers = None if line_numbers is None else sealed(line_numbers[~too_long])
    skipped = Dropped(len(layout.preamble) + len(layout.disabled) + int(too_long.sum()), tuple(reasons))
    return frame.iloc[:, :width], line_numbers, skipped


def _is_text(cells: pd.Series) -> bool:
    return cells.dtype.kind not in "iufb"


def _numbers(cells: pd.Series) -> Typed:
    return sealed(cells.to_numpy(np.float64, copy=True)), NO_PARSE_ERRORS


def _texts(cells: pd.Series) -> np.ndarray | None:
    """Return a column as str objects, "" where nothing is; None for one that pandas read as numbers."""
    if cells.dtype.kind in "iuf" and not cells.isna().all():
        return None
    return cells.astype("str").to_numpy(object, na_value="")


TEXT = Format("text", recognises=lambda content, ending: True, read=read_delimited, cells=delimited_cells)
