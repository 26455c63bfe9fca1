"""The first rows of a table -> how many of them name its columns, and the names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from ui.uploads.dialect import is_numeric
from ui.uploads.numerals import bare, is_silent, likeness
from ui.uploads.report import readable
from ui.uploads.units import is_unit, quantity

Row = Sequence[str]

_FIELDS_SEARCHED = 1_000
_MOST_EXCEPTIONS = 0.2
_YEAR = re.compile(r"(1[5-9]|20|21)[0-9]{2}")

_JOINED = (
    "The names of the columns were joined from the first two rows; if that is wrong, change “First row” on"
    " the data page."
)
_NUMBERED = (
    "The first row, {}, was taken for the names of the columns; if it is data, change “First row” on the data"
    " page."
)
_IN_DOUBT = (
    "The first row, {}, was taken for data; if it names the columns, change “First row” on the data page."
)


class Header(NamedTuple):
    """The rows that name a table's columns."""

    n_rows: int
    """0, 1 or 2."""
    names: list[str]
    """One for each field of the first row, "" where it gives none; empty without a row of names."""
    remarks: tuple[str, ...] = ()
    """What had to be assumed."""


def find_header(rows: Sequence[Row], decimal: str, asked: int | None, *, carried: bool = True) -> Header:
    """Return the names in the first rows of a table, of which there is at least one.

    Args:
        rows: the first rows.
        decimal: the decimal mark of their numbers.
        asked: how many of them name the columns, None for what they tell themselves.
        carried: whether a name of a group holds for the empty cells to its right as well.
    """
    head, below = rows[0], rows[1:]
    remarks: tuple[str, ...] = ()
    n_rows = asked
    if n_rows is None:
        n_rows = int(is_header(head, below, decimal))
        shown = readable(", ".join(filter(None, map(bare, head[:6]))))
        if not n_rows and _is_numbered(head, below, decimal):
            n_rows, remarks = 1, (_NUMBERED.format(shown),)
        elif not n_rows and [bare(cell) for cell in head] == [*map(str, range(len(head)))]:
            remarks = (_IN_DOUBT.format(shown),)
        may_be_group = n_rows or len({*map(bare, head)} - {""}) < len(head)
        if may_be_group and len(below) > 1 and _names_too(head, below[0], below[1:], decimal):
            n_rows, remarks = 2, (_JOINED,)
    if n_rows > 1 and below:
        return Header(2, joined(head, below[0], carried=carried), remarks)
    return Header(min(n_rows, 1), [bare(name) for name in head] if n_rows else [], remarks)


def is_header(head: Row, rows: Sequence[Row], decimal: str) -> bool:
    """Return whether a table's first row names its columns.

    It does when a word in it stands above numbers, or when it holds words and no values at all. A word above
    words says nothing, so a table without names may carry a column of labels.
    """
    names = {index: bare(name) for index, name in enumerate(head[:_FIELDS_SEARCHED]) if bare(name)}
    words = [index for index, name in names.items() if _is_word(name, _column(rows, index), decimal)]
    return any(is_numeric(_column(rows, index), decimal) for index in words) or len(words) == len(names) > 0


def joined(above: Row, below: Row, *, carried: bool = True) -> list[str]:
    """Return the names in two rows: “Bill (mm)” over “length” is “Bill (mm) length”, “x” over “mm” “x (mm)”.

    What stands above is `carried` on to the right over names that have nothing above them.
    """
    width = max(len(above), len(below))
    upper, lower = ([*map(bare, row), *[""] * (width - len(row))] for row in (above, below))
    units = are_units([name for name in lower if name])
    names, group = [], ""
    for over, under in zip(upper, lower, strict=True):
        group = over or (group if carried and under and not units else "")
        if not under or under == group:
            names.append(group)
        elif not units:
            names.append(f"{group} {under}".strip())
        else:
            unit = under.strip("()[] ")
            names.append(group if unit in ("-", "1") else f"{group} ({unit})".strip())
    return names


def with_units(names: Row, units: Row) -> list[str] | None:
    """Return names with the units that stand below them, or None where those are none."""
    return joined(names, units) if len(names) == len(units) and are_units(units) else None


def are_units(cells: Row) -> bool:
    """Return whether most cells of a row name units."""
    named = [cell for cell in cells if cell.strip("()[] ") not in ("-", "1")]
    return bool(named) and sum(map(is_unit, cells)) >= 0.7 * len(cells)


def _column(rows: Sequence[Row], index: int) -> list[str]:
    return [row[index] for row in rows if index < len(row)]


def _is_word(name: str, below: Row, decimal: str) -> bool:
    """Return whether a cell is no value. “100m” is none where no cell below has the same unit."""
    if is_silent(name):
        return False
    unit = quantity(name).unit
    return not likeness(name, decimal) or bool(
        unit and not any(quantity(bare(cell)).unit == unit for cell in below)
    )


def _names_too(head: Row, row: Row, below: Sequence[Row], decimal: str) -> bool:
    """Return whether the row under a first row of names, or of groups of them, belongs to the names."""
    numeric = [
        index
        for index in range(min(len(row), _FIELDS_SEARCHED))
        if is_numeric(_column(below, index), decimal)
    ]
    words = [bare(row[index]) for index in numeric if bare(row[index])]
    if not words or any((is_silent(word) and word != "-") or likeness(word, decimal) for word in words):
        return False
    if are_units(words):
        return True
    if any(word in map(bare, _column(below, index)) for word in words for index in numeric):
        return False
    if len(words) < min(2, len(numeric)):
        return False
    above = [bare(head[index]) if index < len(head) else "" for index in numeric]
    if "" in above or len(set(above)) < len(above):  # names of groups
        return len(set(joined(head, row))) == max(len(head), len(row))
    return 1 < len(set(words)) == len(words) == len(numeric)


def _is_numbered(head: Row, rows: Sequence[Row], decimal: str) -> bool:
    """Return whether numbers in the first row are names all the same: 0, 1, 2, ... or years beside a word."""
    cells = [bare(cell) for cell in head[:_FIELDS_SEARCHED]]
    numbers = [index for index, cell in enumerate(cells) if cell and likeness(cell, decimal)]
    if not numbers or not rows:
        return False
    if [cells[index] for index in numbers] == [*map(str, range(len(numbers)))]:
        if not cells[0] and len(numbers) == len(cells) - 1 > 1:  # with the index in front
            return not any(is_silent(bare(cell)) for cell in _column(rows, 0))
        alone = all(not cells[index] for index in range(len(cells)) if index not in numbers)
        return alone and _stand_apart(rows, numbers, decimal)
    if all(_YEAR.fullmatch(cells[index]) for index in numbers):
        others = [index for index, cell in enumerate(cells) if index not in numbers]
        steps = {int(cells[b]) - int(cells[a]) > 0 for a, b in pairwise(numbers)}
        years = [_years(row, numbers) for row in rows]
        return bool(others) and len(steps) < 2 and sum(years) <= _MOST_EXCEPTIONS * len(years)
    return False


def _stand_apart(rows: Sequence[Row], numbers: Sequence[int], decimal: str) -> bool:
    """Return whether 0, 1, 2, ... can hardly be values: they are many, or below are no whole numbers."""
    columns = [_column(rows, index) for index in numbers]
    if not any(is_numeric(column, decimal) for column in columns):
        return False
    if len(numbers) > 4:
        return True
    cells = [bare(cell) for column in columns for cell in column if not is_silent(bare(cell))]
    return sum(cell.lstrip("+-").isdigit() for cell in cells) <= _MOST_EXCEPTIONS * len(cells)


def _years(row: Row, numbers: Sequence[int]) -> bool:
    return any(index < len(row) and _YEAR.fullmatch(bare(row[index])) for index in numbers)
