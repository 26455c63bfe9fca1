"""Columns on one scale: each less its mean, over its standard deviation."""

from __future__ import annotations

import math

import numpy as np


def standardised(points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return points (N, D), N >= 1, with mean 0 and standard deviation 1 in every column, and what led there.

    What led there is the centre (D,) taken away and the unit (D,) divided by, in the columns' own units. A
    constant column becomes 0, with a unit of 1. No digit is lost far from 0, and no square is too large for a
    float.
    """
    given = np.asarray(points, np.float64)
    scaled, centre, unit = np.empty(given.shape), np.empty(given.shape[1]), np.empty(given.shape[1])
    for axis in range(given.shape[1]):
        column = np.ascontiguousarray(given[:, axis])
        scaled[:, axis], centre[axis], unit[axis] = _standardised(column)
    return scaled, centre, unit


def _standardised(values: np.ndarray) -> tuple[np.ndarray, float, float]:
    """Return the same of one column (N,)."""
    if values.min() == values.max():
        return np.zeros(len(values)), float(values[0]), 1.0
    exponent = int(np.frexp(np.abs(values).max())[1])
    scaled = np.ldexp(values, -exponent)  # without rounding; no sum or square of it is too large
    centre = float(scaled.mean())
    centred = scaled - centre
    # The mean was rounded; what it is off by is known more exactly now.
    remainder = float(centred.mean())
    centred -= remainder
    unit = float(np.sqrt((centred * centred).mean()))
    return centred / unit, math.ldexp(centre + remainder, exponent), math.ldexp(unit, exponent)
