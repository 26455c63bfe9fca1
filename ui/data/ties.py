"""Values that come again and again in a column, on which a component can shrink to a line."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

import gmm_core
from gmm_core.algorithms import MixtureRun
from ui.data.data import Data

LEAST_OF_COMPONENT, LEAST_OF_ALL = 0.9, 0.01
"""The shares of what a component holds, and of all rows, that one value must have to be the cause."""


def said_of_ties(data: Data, run: MixtureRun, component: int) -> str:
    """Which value of which column nearly all points of the component have, and how often it comes in all, as
    in "38 % of rain is exactly 0", or that two columns are equal there; empty where they share nothing.

    Values are those of the rows that people brought, whatever was made of them since.
    """
    source = data.source
    if source is None or len(source.rows) != len(data.points) or len(source.rows) == 0:
        return ""
    held = _shares(data, run, component)
    if source.as_seen:
        columns = dict(zip(source.used_columns, data.points.T, strict=True))
    else:
        columns = {name: _numbers(source.columns[name])[source.rows] for name in source.used_columns}
    found = [_tie(values, held) for values in columns.values()]
    said = [
        f"{share} of {name} is exactly {value:.15g}"
        for name, (value, share) in zip(columns, found, strict=True)
        if share
    ]
    return " and ".join(said or _equal_pairs(columns, held))


def _equal_pairs(columns: Mapping[str, np.ndarray], held: np.ndarray) -> list[str]:
    """A text for each two of the columns (N,) that are equal in nearly all rows of what is held (N,)."""
    said = []
    for (a, values), (b, others) in combinations(columns.items(), 2):
        _, share = _tie(np.where(values == others, 0.0, np.nan), held)
        said += [f"{a} and {b} are equal in {share} of the rows"] if share else []
    return said


def _shares(data: Data, run: MixtureRun, component: int) -> np.ndarray:
    """(N,): how much of each point the component holds."""
    shares = gmm_core.responsibilities(data.fitted, run.mixture)[:, component]
    return shares if data.weights is None else shares * data.weights


def _numbers(values: Any) -> np.ndarray:
    """(n,): points put in by hand may have no value, and numbers beside texts stand as objects."""
    return np.asarray(pd.to_numeric(pd.Series(values), errors="coerce"), dtype=np.float64)


def _tie(numbers: np.ndarray, held: np.ndarray) -> tuple[float, str]:
    """The value that nearly all of what is held (N,) has, and its share of all numbers (N,) in per cent as a
    text, empty if there is none that is worth a word."""
    known, places = np.unique(numbers, return_inverse=True)
    masses = np.bincount(places, held)
    heaviest = int(masses.argmax())
    value, count = float(known[heaviest]), int((places == heaviest).sum())
    is_cause = masses[heaviest] >= LEAST_OF_COMPONENT * held.sum() and count >= 2
    if np.isnan(value) or not is_cause or count < LEAST_OF_ALL * len(numbers):
        return value, ""
    share = 100 * count / len(numbers)
    return value, f"{share:.{0 if share >= 10 else 1}f} %"
