"""The yes/no column beside the numbers of every point: a component is then a Gaussian times a Bernoulli."""

from dataclasses import replace

import numpy as np

from ui.data.data import Data
from ui.data.yes_no import NotTwoError, yes_no_of


def with_yes_no(data: Data, name: str) -> Data:
    """The data with the column called `name` beside their numbers, less the points that have no value there.

    Where there is no such column, or it does not hold two values, there are no points, and `Data.notice` says
    why.
    """
    source = data.source
    if not name or source is None or len(data.points) == 0:
        return data
    if name not in source.columns:
        return _refused(data, f"There is no column “{name}” here")
    if name in source.used_columns:
        return _refused(data, f"The column “{name}” is an axis already")
    try:
        column, known = yes_no_of(name, np.asarray(source.columns[name])[source.rows])
    except NotTwoError as error:
        return _refused(data, f"The column “{name}” holds {error}")
    kept, n_missing = data.at(np.flatnonzero(known)), int((~known).sum())
    if n_missing:
        rows, are = ("1 row has", "is") if n_missing == 1 else (f"{n_missing:,} rows have", "are")
        kept = replace(kept, dropped=(*kept.dropped, f"{rows} no value in {name} and {are} left out."))
    return replace(kept, yes_no=column)


def _refused(data: Data, what: str) -> Data:
    said = f"{what}: choose a column of two values as the yes/no column, or none."
    return replace(data.at(np.empty(0, dtype=np.int64)), notice=said)
