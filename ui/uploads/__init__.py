"""Uploaded bytes -> a table -> 2-D points, with a report of what was dropped and why.

Every function is pure and nothing is written anywhere, so one person's data can reach nobody else. The way
leads from `formats`, where the content decides between `delimited`, `json_records`, `parquet` and `workbook`,
over the `table`, its `columns`, `suggestions` and `rows` to the `selection` of points. How a text is written
is found by its `layout`: `records` and comments, the `dialect`, the `header`, `decimal_commas`; what a cell
says by `numerals`, `units`, `missing` and `totals`.
"""

from ui.uploads.columns import Column, Preview, describe, preview
from ui.uploads.formats import MAX_BYTES, read_table
from ui.uploads.numerals import THOUSANDS
from ui.uploads.report import Dropped, UploadError, readable
from ui.uploads.rows import COMFORTABLE_ROWS, OPERATORS, Condition, sample_rows
from ui.uploads.selection import OTHER, Selection, select_points
from ui.uploads.suggestions import suggest, suggest_label
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
    "suggest",
    "suggest_label",
    "Condition",
    "OPERATORS",
    "sample_rows",
    "COMFORTABLE_ROWS",
    "select_points",
    "Selection",
    "OTHER",
]
