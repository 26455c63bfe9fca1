"""Points, and what is known of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ui.data.dimensions import axis_letters
from ui.data.extent import EMPTY_EXTENT, Extent
from ui.data.motion import Motion
from ui.data.units import Units
from ui.data.yes_no import YesNo, beside, has_two_values
from ui.uploads import Table


@dataclass(frozen=True, eq=False)
class Source:
    """The rows that N points came from, as people brought them."""

    columns: Mapping[str, Any]
    """(n_rows,) each, in their order."""
    n_rows: int
    rows: np.ndarray
    """(N,): the row of every point."""
    used_columns: tuple[str, ...]
    """D names: of the columns that became coordinates."""
    truth: str = ""
    """The column of the true labels, if there is one."""
    as_seen: bool = True
    """Whether the picture shows the columns' own numbers: if so, points put in by hand have values there."""
    table: Table | None = None
    """What the columns were read from: its rows come first, and after them those put in by hand."""

    @cached_property
    def two_valued(self) -> tuple[str, ...]:
        """The columns, less those that are coordinates, that hold two values in the rows of the points."""
        others = (name for name in self.columns if name not in self.used_columns)
        return tuple(name for name in others if has_two_values(self.columns[name], self.rows))

    def repeated(self, read: Callable[[Table], Mapping[str, Any]]) -> Mapping[str, Any]:
        """The columns with the cells that `read` finds in the file, where they came from one, and under the
        whole of their names where that tells them apart."""
        if self.table is None:
            return self.columns
        found, n_rows = dict(read(self.table)), self.table.n_rows
        if n_rows != self.n_rows:
            for name, more in self.columns.items():
                # One by one, so that numbers of single precision stay what they are.
                before = np.fromiter(found[name], dtype=object, count=n_rows)
                found[name] = np.concatenate([before, more[n_rows:]])
        whole = {name: self.table.whole_names.get(name, name) for name in self.columns}
        distinct = len(set(whole.values())) == len(whole)
        return {whole[name] if distinct else name: found[name] for name in self.columns}


@dataclass(frozen=True, eq=False)
class Data:
    """N points of D dimensions, and what is known of them."""

    points: np.ndarray
    """(N, D), N may be 0."""
    extent: Extent = EMPTY_EXTENT
    """A box about all points that does not change when points inside it do."""
    columns: tuple[str, ...] = axis_letters(len(EMPTY_EXTENT))
    """D texts: what the axes are called."""
    title: str = "Drawn by hand"
    """What the data are called."""
    labels: np.ndarray | None = None
    """(N,) indices into label_names, negative for background or unknown; None if no truth is known."""
    label_names: tuple[str, ...] = ()
    truth_is_gaussian: bool = False
    """Whether the true clusters have ellipses."""
    weights: np.ndarray | None = None
    """(N,), how often each point counts; None for once."""
    dropped: tuple[str, ...] = ()
    """Which rows of a file are not used and why, one sentence each."""
    notice: str = ""
    """What stands in the way of a fit, if anything is known to."""
    yes_no: YesNo | None = None
    """A column of two values beside the numbers, N of them; None for none."""
    start_among: "Data | None" = None
    """The points that the start is drawn among, where others came or went by hand since; None for all."""
    motion: Motion | None = None
    """What turned and stretched the points, so that a start can be taken along."""
    units: Units | None = None
    """Of the columns that the points were made from, where the points are not their own numbers."""
    source: Source | None = None
    """None where there are no points."""
    pair: tuple[int, ...] = (0, 1)
    """Of more than two dimensions the two that the picture shows at first, across and upwards."""

    @property
    def n_binary(self) -> int:
        """How many columns of zeros and ones follow the numbers in a point that is fitted."""
        return 0 if self.yes_no is None else 1

    @property
    def fitted(self) -> np.ndarray:
        """(N, D + n_binary): what a mixture is fitted to."""
        return beside(self.points, self.yes_no)

    def at(self, rows: np.ndarray) -> "Data":
        """These points alone, by their indices (M,)."""
        return replace(
            self,
            points=self.points[rows],
            labels=None if self.labels is None else self.labels[rows],
            weights=None if self.weights is None else self.weights[rows],
            yes_no=self.yes_no and self.yes_no.at(rows),
            source=self.source and replace(self.source, rows=self.source.rows[rows]),
        )

    @property
    def rows_brought(self) -> Source:
        """The source; of points that came from nowhere else, they themselves, a row each."""
        if self.source is not None:
            return self.source
        columns = dict(zip(self.columns, self.points.T, strict=True))
        return Source(columns, len(self.points), np.arange(len(self.points)), self.columns)

    @property
    def own_points(self) -> np.ndarray:
        """(N, D): the columns' own numbers behind the points, those of the source where it has them."""
        if self.units is None or len(self.points) == 0:
            return self.points
        own = self.units.undone(self.points)
        if self.source is None:
            return own
        for axis, name in enumerate(self.source.used_columns):
            # A hidden truth may have been an axis as well.
            if name in self.source.columns:
                cells = np.asarray(self.source.columns[name])[self.source.rows]
                known = np.array(pd.to_numeric(cells, errors="coerce"), np.float64)
                own[:, axis] = np.where(np.isnan(known), own[:, axis], known)
        return own
