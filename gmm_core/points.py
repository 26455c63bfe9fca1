"""What may be called points, and the one place where bad input is turned away."""

from numbers import Integral
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Squares of larger values overflow float64 before a density can be taken.
LARGEST = 1e140

# Smaller numbers have fewer digits than float64 otherwise keeps: a square below it is nearly 0.
SMALLEST = float(np.finfo(np.float64).tiny)


class PointsError(ValueError):
    """Points, or a request about them, that no mixture can be fitted to; the text says what to do."""


def read_only(values: Any) -> Array:
    """A float64 copy of `values` that cannot be written to."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def frozen(array: Array) -> Array:
    """The same array, which from now on cannot be written to: for arrays that nobody else holds."""
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


def as_points(points: Any, n_columns: int | None = None) -> Array:
    """`points` as a finite float64 array of shape (N, D), without a copy where none is needed.

    Raises PointsError when the shape is not (N, D) with N, D >= 1, when D is not `n_columns`, or
    when a value is missing, infinite or too large to square.
    """
    rows = as_rows(points, n_columns)
    check_values(rows)
    return rows.astype(np.float64, copy=False)


def as_rows(points: Any, n_columns: int | None = None) -> NDArray[Any]:
    """`points` as an array of shape (N, D) of real numbers, not yet converted to float64 where that can be
    done a chunk at a time, and not yet looked at.

    Raises PointsError when the shape is not (N, D) with N, D >= 1, or D is not `n_columns`.
    """
    array = _as_it_is(points)
    if array is None:
        array = as_numbers(points, "Points")
    if array.ndim != 2 or array.shape[1] == 0:
        raise PointsError(f"Points must have shape (N, D), one row a point, not {array.shape}; reshape them.")
    if len(array) == 0:
        raise PointsError("There are no points; give at least one row.")
    if n_columns is not None and array.shape[1] != n_columns:
        raise PointsError(
            f"The points have {array.shape[1]} columns and the mixture {n_columns} dimensions; "
            "choose the same columns for both."
        )
    return array


def _as_it_is(points: Any) -> NDArray[Any] | None:
    """`points` when it is an array every value of which is a float64 too, None otherwise."""
    if not isinstance(points, np.ndarray) or isinstance(points, np.ma.MaskedArray):
        return None
    array = cast("NDArray[Any]", points)
    return array if array.dtype.kind in "fiub" and array.dtype.itemsize <= 8 else None


def check_values(points: NDArray[Any]) -> None:
    """Raises PointsError when a value of points (N, D) is missing, infinite or too large to square."""
    # One pass without an N x D array of truth values: extremes carry every NaN and infinity.
    low, high = float(points.min()), float(points.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        row = int(np.flatnonzero(~np.isfinite(points).all(axis=1))[0])
        raise PointsError(
            f"Row {row} of the points is missing or infinite; drop such rows or fill them in first."
        )
    if max(-low, high) > LARGEST:
        raise PointsError(f"Values beyond {LARGEST:g} cannot be squared; change the units of the points.")


def check_binary(columns: Array) -> None:
    """Raises PointsError when a value of the binary columns (N, B) is neither 0 nor 1."""
    if columns.size and not ((columns == 0) | (columns == 1)).all():
        wrong = columns[(columns != 0) & (columns != 1)][0]
        raise PointsError(f"A binary column holds {wrong:g}; give 0 or 1 in every row.")


def as_sample_weights(sample_weights: Any, n_points: int) -> Array | None:
    """`sample_weights` as a float64 array (n_points,), or None for None.

    Raises PointsError unless they are finite numbers >= 0, one a point, and not all 0.
    """
    if sample_weights is None:
        return None
    weights = as_numbers(sample_weights, "Sample weights")
    if weights.shape != (n_points,):
        raise PointsError(
            f"Sample weights must have shape ({n_points},), one a point, not {weights.shape}; give all."
        )
    if not np.isfinite(weights).all() or (weights < 0).any():
        raise PointsError("A sample weight is negative, missing or infinite; give numbers of 0 or more.")
    if not weights.any():
        raise PointsError("All sample weights are 0; give some point a weight above 0.")
    return weights


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
