"""Values that come again and again in a column, on which a component can shrink to a line; no Streamlit."""

import numpy as np
import pandas as pd

import gmm_core
from ui.data import Data

# Of what a component holds, and of all rows, the share that one value must have to be the cause.
OF_COMPONENT, OF_ALL = 0.9, 0.01


def said_of_ties(data: Data, run: gmm_core.EMRun, component: int) -> str:
    """Which value of which column nearly all points of the component have, and how often it comes in all, as
    in "38 % of rain is exactly 0"; empty where they have none in common.

    Values are those of the rows that people brought, whatever was made of them since.
    """
    source = data.source
    if source is None or len(source.rows) != len(data.points):
        return ""
    held = _shares(data, run, component)
    found = (
        _tie(name, np.asarray(source.columns[name])[source.rows], held)
        for name in source.places
        if name in source.columns
    )
    return " and ".join(filter(None, found))


def _shares(data: Data, run: gmm_core.EMRun, component: int) -> np.ndarray:
    """(N,): how much of each point the component holds."""
    shares = gmm_core.responsibilities(data.points, run.mixture)[:, component]
    return shares if data.weights is None else shares * data.weights


def _tie(name: str, values: np.ndarray, held: np.ndarray) -> str:
    # Points put in by hand may have no value there; numbers beside texts stand as objects.
    numbers = pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=float)
    known, places = np.unique(numbers, return_inverse=True)
    masses = np.bincount(places, held)
    heaviest = int(masses.argmax())
    value, count = known[heaviest], int((places == heaviest).sum())
    if np.isnan(value) or masses[heaviest] < OF_COMPONENT * held.sum():
        return ""
    if count < 2 or count < OF_ALL * len(numbers):
        return ""
    share = 100 * count / len(numbers)
    return f"{share:.{0 if share >= 10 else 1}f} % of {name} is exactly {value:.15g}"
