"""Uploaded bytes -> a table -> 2-D points, with a report of what was dropped and why.

Nothing is written anywhere, so one person's data can reach nobody else. The way leads from `bounded`, which
says what a file may take, and `apart`, where it is read, over `formats`, a row for each `format` that there
is: `delimited`, `json_records`, `parquet` and `workbook`, the `table`, its `columns`, their `roles` and
`structure`, `suggestions` and `rows` to the `selection` of points: `usable_rows`, their `labels`,
`standardising`.
How a text is written is found by its `layout`: `records` and comments, the `dialect`, the `header`,
`decimal_commas`; what a cell says by `numerals`, `units`, `missing` and `totals`; what it was by
`as_it_came`.
"""

from ui.uploads.as_it_came import as_read
from ui.uploads.bounded import original_cells, original_values, read_table
from ui.uploads.columns import Column, Preview, describe, preview
from ui.uploads.formats import MAX_BYTES
from ui.uploads.labels import OTHER
from ui.uploads.numerals import THOUSANDS
from ui.uploads.report import Dropped, UploadError, readable
from ui.uploads.rows import COMFORTABLE_ROWS, OPERATORS, Condition, sample_rows
from ui.uploads.selection import Selection, select_columns, select_points
from ui.uploads.suggestions import Suggestion, suggest, suggest_column, suggest_label, suggestion
from ui.uploads.table import DECIMALS, ENCODINGS, SEPARATORS, Reading, Table

__all__ = [
    "read_table",
    "Table",
    "Reading",
    "SEPARATORS",
    "DECIMALS",
    "THOUSANDS",
    "ENCODINGS",
    "MAX_BYTES",
    "UploadError",
    "Dropped",
    "readable",
    "describe",
    "Column",
    "preview",
    "Preview",
    "original_cells",
    "original_values",
    "as_read",
    "suggest",
    "suggest_column",
    "suggest_label",
    "suggestion",
    "Suggestion",
    "Condition",
    "OPERATORS",
    "sample_rows",
    "COMFORTABLE_ROWS",
    "select_points",
    "select_columns",
    "Selection",
    "OTHER",
]
