"""A column of any kind -> the labels of points: an index into names, the commonest first."""

from __future__ import annotations

import numpy as np
import pandas as pd

from gmm_core.points import sealed
from ui.uploads.report import readable
from ui.uploads.table import Table, titles

MOST_LABELS = 20
"""Labels that are named, those of most points; the points of the others are all called `OTHER`."""

OTHER = "other"

UNKNOWN = -1
"""The label of a point whose cell is empty."""


def labels_in(table: Table, name: str, rows: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the index of the name of each of some rows (N,), `UNKNOWN` for none, and the names."""
    cells = table.columns[name][rows] if name in table.columns else table.text_columns[name][rows]
    codes, distinct = pd.factorize(cells)
    spelled = [
        f"{value:.15g}" if isinstance(value, float) else str(value).strip() for value in distinct.tolist()
    ]
    same, known = pd.factorize(np.array(spelled, object))  # " a" is "a"
    codes = np.append(same, -1)[codes]  # -1 is the code of a missing number
    counts = np.bincount(codes[codes >= 0], minlength=len(known))
    counts[known == ""] = 0
    ordered = [index for index in np.argsort(-counts, kind="stable") if counts[index]]
    named = ordered[:MOST_LABELS]
    names = [readable(str(known[index])) or "?" for index in named]
    places = np.full(len(known) + 1, UNKNOWN)  # the last one for cells without a value, whose code is -1
    places[ordered] = len(named)
    places[named] = np.arange(len(named))
    if len(ordered) > len(named):
        names.append(OTHER)
    return sealed(places[codes]), tuple(titles(names))
