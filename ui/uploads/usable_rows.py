"""Which rows of a table become points, and the report of those that do not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ui.uploads.columns import written
from ui.uploads.report import N_EXAMPLES, Dropped, examples, reason
from ui.uploads.rows import Condition, fulfils
from ui.uploads.table import CONTROLS, Table


class UsableRows:
    """The rows that are still used, and why the others are not, each under the first reason that applies."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.used = np.ones(table.n_rows, bool)
        self.reasons = list(table.skipped.reasons)

    @property
    def dropped(self) -> Dropped:
        """All the rows of the file that are not used, those that the table already skipped included."""
        return Dropped(self.table.skipped.count + int((~self.used).sum()), tuple(self.reasons))

    def drop(self, name: str, bad: np.ndarray, why: str) -> None:
        """Drop the rows where `bad` (n_rows,) holds, showing what the column holds there."""
        rows = np.flatnonzero(bad & self.used)
        self._drop(rows, why, written(self.table, name, rows[:N_EXAMPLES]))

    def drop_unless(self, condition: Condition) -> None:
        """Drop the rows that do not fulfil the condition."""
        bad = ~fulfils(self.table, condition)
        self.drop(condition.column, bad, f"the filter “{condition.text}” leaves them out")

    def drop_totals(self) -> None:
        """Drop the rows that sum up others."""
        if not len(self.table.totals):
            return
        texts = [_first_text(self.table, row) for row in self.table.totals[:N_EXAMPLES].tolist()]
        why = f"a total or a mean of others is no point (see “{CONTROLS['totals']}” on the data page)"
        self._drop(self.table.totals, why, texts)

    def drop_gaps(self, name: str) -> None:
        """Drop the rows where a numeric column holds no finite number."""
        if not np.isnan(self.table.columns[name]).any():
            return
        errors = self.table.parse_errors[name]
        for infinite, why in ((False, "is not a number"), (True, "is infinite or too large")):
            chosen = np.flatnonzero((errors.infinite == infinite) & self.used[errors.rows])
            texts = [errors.texts[index] for index in chosen[:N_EXAMPLES]]
            self._drop(errors.rows[chosen], f"{name} {why}", texts)
        self._drop(np.flatnonzero(np.isnan(self.table.columns[name]) & self.used), f"{name} is missing")

    def _drop(self, rows: np.ndarray, why: str, texts: Sequence[str] = ()) -> None:
        if len(rows):
            places = examples(rows, self.table.line_numbers, texts, self.table.place)
            self.reasons.append(reason(len(rows), why, places))
            self.used[rows] = False


def _first_text(table: Table, row: int) -> str:
    """Return the first cell of a row that is no number."""
    for name in table.names:
        cell = written(table, name, np.array([row]))[0]
        if name in table.text_columns or row in table.parse_errors[name].rows:
            return cell
    return ""
