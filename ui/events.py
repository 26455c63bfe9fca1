"""Reads what the stage says of a hand's doings, which may be forged or out of date; no Streamlit."""

from typing import Any

import numpy as np

import gmm_core
from ui.data import Data


def index_of(data: Data, place: tuple[float, float]) -> int | None:
    """Of the point at `place`, if there still is one."""
    if len(data.points) == 0:
        return None
    x0, x1, y0, y1 = data.frame
    # Many points travel as float32, so that the stage knows their places to about seven digits.
    distances = np.abs((data.points - place) / [x1 - x0, y1 - y0]).max(axis=1)
    nearest = int(distances.argmin())
    return nearest if distances[nearest] < 1e-6 else None


def mixture_in(numbers: Any) -> gmm_core.Mixture | None:
    """A mixture as the stage sends it, or None for anything else."""
    try:
        covariances = np.array(numbers["covariances"], dtype=float).reshape(-1, 3)[:, [0, 1, 1, 2]]
        means = np.array(numbers["means"], dtype=float).reshape(-1, 2)
        return gmm_core.Mixture(numbers["weights"], means, covariances.reshape(-1, 2, 2))
    except (TypeError, KeyError, ValueError, OverflowError):
        return None
