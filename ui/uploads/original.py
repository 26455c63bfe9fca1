"""What every format needs to find the cells of its rows again, as the file holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ui.uploads.table import Table

Cells = dict[str, Any]
"""Every column of a table under its name, with the cells (n_rows,) that the file holds."""


def objects(items: Sequence[Any]) -> np.ndarray:
    """Return an array (len(items),) of Python's own values, also of such as are sequences themselves."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def cells_of_rows(table: Table, rows: Sequence[Sequence[Any]], blank: Any) -> Cells | None:
    """Return the columns of rows that are as wide as the table or narrower; None if one is wider."""
    width = len(table.names)
    uneven = [place for place, row in enumerate(rows) if len(row) != width]
    if any(cell not in (None, "") for place in uneven for cell in rows[place][width:]):
        return None
    rows = list(rows)
    for place in uneven:
        rows[place] = [*rows[place][:width], *[blank] * (width - len(rows[place]))]
    columns = zip(*rows, strict=True)
    return {name: objects(column) for name, column in zip(table.names, columns, strict=True)}


def places_of_rows(table: Table, numbers: Sequence[int] | None) -> list[int] | None:
    """Return where the rows of the table are among those called `numbers`, or 1, 2, ... for None; None if one
    is not there."""
    if table.line_numbers is None:
        return list(range(table.n_rows))
    called = table.line_numbers.tolist()
    if numbers is None:
        return [number - 1 for number in called]
    places = {number: place for place, number in enumerate(numbers)}
    return [places[number] for number in called] if all(number in places for number in called) else None
