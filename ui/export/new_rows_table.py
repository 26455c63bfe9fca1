"""The rows of a second file, and beside each what a model says of it."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from ui.analysis.choosing.scoring import Scored
from ui.data import Source
from ui.data.new_rows import NewRows
from ui.export.table import FittedTable, fitted_table, marked, table_csv
from ui.uploads import Table, as_read, original_cells


def scored_table(columns: Mapping[str, Any], new: NewRows, scores: Scored, share: float) -> FittedTable:
    """The file's own columns (n_rows,), then those of the lab's table (see `fitted_table`), "percentile", the
    per cent of the model's mass that lie where it is less dense, "outlier", yes or no by `share`, and where
    rows could not be scored "not scored", with why."""
    beside = {
        "percentile": 100.0 * scores.percentiles,
        "outlier": np.where(scores.outliers(share), "yes", "no").astype(object),
    }
    table = fitted_table(columns, len(new.why_not), new.rows, new.points, scores.mixture, beside)
    if not new.n_left_out:
        return table
    name = "not scored" if "not scored" not in table.columns else "not scored because"
    return FittedTable({**table.columns, name: new.why_not}, table.n_rows)


def scored_csv(table: Table, new: NewRows, scores: Scored, share: float) -> bytes:
    """The same as CSV, with every cell of the file as it came."""
    source = Source(as_read(table), table.n_rows, new.rows, (), table=table)
    return marked(table_csv(scored_table(source.repeated(original_cells), new, scores, share)))
