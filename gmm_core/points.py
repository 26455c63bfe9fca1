"""What may be called points, and the one place where bad input is turned away."""

from numbers import Integral
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Squares of larger values overflow float64 before a density can be taken.
LARGEST = 1e140


class PointsError(ValueError):
    """Points, or a request about them, that no mixture can be fitted to; the text says what to do."""


def read_only(values: Any) -> Array:
    """A float64 copy of `values` that cannot be written to."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def as_numbers(values: Any, name: str) -> Array:
    """`values` as a float64 array, without a copy where none is needed.

    Raises PointsError when they are not real numbers in a regular array, or some are masked.
    """
    if np.ma.is_masked(values):
        raise PointsError(f"{name} must not be masked; drop the masked rows or fill them in first.")
    try:
        array = np.asarray(values)
        if array.dtype.kind == "c":
            raise PointsError(f"{name} must be real numbers, not complex; give the parts as two columns.")
        return array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, PointsError):
            raise
        raise PointsError(f"{name} must be numbers; convert or drop the columns that hold text.") from None


def as_points(points: Any, n_dimensions: int | None = None) -> Array:
    """`points` as a finite float64 array of shape (N, D), without a copy where none is needed.

    Raises PointsError when the shape is not (N, D) with N, D >= 1, when D is not `n_dimensions`, or
    when a value is missing, infinite or too large to square.
    """
    array = as_numbers(points, "Points")
    if array.ndim != 2 or array.shape[1] == 0:
        raise PointsError(f"Points must have shape (N, D), one row a point, not {array.shape}; reshape them.")
    if len(array) == 0:
        raise PointsError("There are no points; give at least one row.")
    if n_dimensions is not None and array.shape[1] != n_dimensions:
        raise PointsError(
            f"The points have {array.shape[1]} columns and the mixture {n_dimensions} dimensions; "
            "choose the same columns for both."
        )
    # One pass without an N x D array of truth values: extremes carry every NaN and infinity.
    low, high = float(array.min()), float(array.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        row = int(np.flatnonzero(~np.isfinite(array).all(axis=1))[0])
        raise PointsError(
            f"Row {row} of the points is missing or infinite; drop such rows or fill them in first."
        )
    if max(-low, high) > LARGEST:
        raise PointsError(f"Values beyond {LARGEST:g} cannot be squared; change the units of the points.")
    return array


def check_n_components(points: Array, n_components: Any) -> int:
    """`n_components` as an int >= 1 that does not exceed the number of distinct points.

    Raises PointsError otherwise.
    """
    if isinstance(n_components, bool) or not isinstance(n_components, Integral):
        raise PointsError(
            f"The number of components must be a whole number, not {n_components!r}; give 1 or more."
        )
    wanted = int(n_components)
    if wanted < 1:
        raise PointsError(f"The number of components is {wanted}; it must be 1 or more.")
    # Sorting a million rows is slow, and a small part nearly always settles the question.
    n_distinct = len(np.unique(points[:10_000], axis=0))
    if n_distinct < wanted:
        n_distinct = len(np.unique(points, axis=0))
    if n_distinct < wanted:
        raise PointsError(
            f"{wanted} components need {wanted} distinct points and there are only "
            f"{n_distinct}; choose a smaller K or add points."
        )
    return wanted
