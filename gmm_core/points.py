"""What may be called points, and the one place where bad input is turned away."""

from collections.abc import Mapping
from numbers import Integral
from types import MappingProxyType
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# Squares of larger values overflow float64 before a density can be taken.
LARGEST = 1e140

# Mean weights beyond this, or below 1 / this, take products with squares out of the range of float64.
HEAVIEST = 1e100


class PointsError(ValueError):
    """Points, or a request about them, that no mixture can be fitted to; the text says what to do."""


def read_only(values: ArrayLike) -> Array:
    """A float64 copy of `values` that cannot be written to."""
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


AnyArray = TypeVar("AnyArray", bound=NDArray[Any])


def sealed(array: AnyArray) -> AnyArray:
    """The same array, which from now on cannot be written to: for arrays that nobody else holds."""
    array.flags.writeable = False
    return array


class ReadOnly:
    """A frozen value whose arrays cannot be written to, nor can those of its copies.

    Neither pickle nor deepcopy keeps an array from being written to, and neither knows mapping proxies.
    """

    def __getstate__(self) -> dict[str, Any]:
        return {
            name: dict(cast("Mapping[Any, Any]", value)) if isinstance(value, MappingProxyType) else value
            for name, value in vars(self).items()
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update({name: _deeply_sealed(value) for name, value in state.items()})


def _deeply_sealed(value: Any) -> Any:
    """The same value, whose arrays cannot be written to."""
    same: Any = value
    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, tuple):
        for part in cast("tuple[Any, ...]", value):
            _deeply_sealed(part)
    elif isinstance(value, dict):
        parts = cast("dict[Any, Any]", value)
        return MappingProxyType({key: _deeply_sealed(part) for key, part in parts.items()})
    return same


def quoted(value: Any) -> str:
    """`value` as a sentence can quote it: on one line, and cut where it is long."""
    try:
        text = " ".join(repr(value).split())
    except Exception:
        # A whole number may have more digits than Python writes, and any repr may fail.
        text = f"a value of the type {type(value).__name__}"
    return text if len(text) <= 60 else text[:57] + "..."


_NO_NUMBERS = {
    "c": "must be real numbers, not complex; give the parts as two columns",
    "M": "must be numbers, not dates; turn them into numbers first, such as days since the earliest",
    "m": "must be numbers, not durations; divide them by a unit first, such as numpy.timedelta64(1, 's')",
    "V": "must be numbers, not records of named fields; give the fields as columns",
}
"""What other kinds of NumPy's are told."""


def as_numbers(
    values: ArrayLike, name: str, error: type[Exception] = PointsError, irregular: str | None = None
) -> Array:
    """`values` as a float64 array, without a copy where none is needed; what is missing becomes NaN.

    Raises `error` when they are not real numbers in a regular array, or some are masked. `irregular` is what
    to say in place of a hint about rows and columns, where there are none.
    """
    if np.ma.is_masked(values):
        raise error(f"{name} must not be masked; drop the masked rows or fill them in first.")
    try:
        array: NDArray[Any] = np.asarray(values)
    except (TypeError, ValueError, OverflowError):
        uneven = f"{name} must be a regular array of numbers; give every row as many of them."
        raise error(irregular or uneven) from None
    if array.dtype.kind in _NO_NUMBERS:
        raise error(f"{name} {_NO_NUMBERS[array.dtype.kind]}.")
    try:
        return array.astype(np.float64, copy=False)
    except (TypeError, ValueError, OverflowError):
        return _numbers_of_objects(array, name, error, irregular)


def _numbers_of_objects(
    array: NDArray[Any], name: str, error: type[Exception], irregular: str | None
) -> Array:
    """Value by value, where NumPy found one that is no number to it."""
    result = np.empty(array.shape)
    for index, value in np.ndenumerate(array):
        try:
            # pandas.NA is recognised by its type's name, since the core does not import pandas.
            result[index] = np.nan if value is None or type(value).__name__ == "NAType" else float(value)
        except (TypeError, ValueError, OverflowError):
            said = f"{name} must be a regular array of numbers, not {quoted(value)}; give an array or a list."
            if isinstance(value, str | bytes):
                said = f"{name} must be numbers; convert or drop the columns that hold text."
            elif index:
                said = (
                    f"{name} must be numbers, and row {index[0]} holds {quoted(value)}; convert or drop it."
                )
            raise error(irregular or said) from None
    return result


def as_points(points: ArrayLike, n_columns: int | None = None) -> Array:
    """`points` as a finite float64 array of shape (N, D), without a copy where none is needed.

    Raises PointsError when the shape is not (N, D) with N, D >= 1, when D is not `n_columns`, or
    when a value is missing, infinite or too large to square.
    """
    rows = as_rows(points, n_columns)
    check_values(rows)
    return rows.astype(np.float64, copy=False)


def as_rows(points: ArrayLike, n_columns: int | None = None) -> NDArray[Any]:
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


def _as_it_is(points: ArrayLike) -> NDArray[Any] | None:
    """`points` when it is an array every value of which is a float64 too, None otherwise."""
    if not isinstance(points, np.ndarray) or isinstance(points, np.ma.MaskedArray):
        return None
    array = cast("NDArray[Any]", points)
    return array if array.dtype.kind in "fiub" and array.dtype.itemsize <= 8 else None


def as_labels(labels: ArrayLike) -> NDArray[Any]:
    """`labels` as an array, whatever it holds; one of no shape where they are ragged."""
    try:
        return np.asarray(labels)
    except (TypeError, ValueError, OverflowError):
        return np.asarray(None)


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


def check_centres(points: NDArray[Any], centres: Array) -> None:
    """Raises PointsError unless points (N, D) and centres (K, D) have as many columns."""
    if centres.shape[1] != points.shape[1]:
        raise PointsError(
            f"The centres have {centres.shape[1]} columns and the points {points.shape[1]}; "
            "give centres of the same dimension."
        )


def check_binary(columns: Array) -> None:
    """Raises PointsError when a value of the binary columns (N, B) is neither 0 nor 1."""
    if columns.size and not ((columns == 0) | (columns == 1)).all():
        wrong = columns[(columns != 0) & (columns != 1)][0]
        raise PointsError(f"A binary column holds {wrong:g}; give 0 or 1 in every row.")


def split_columns(points: Array, n_binary: int) -> tuple[Array, Array]:
    """The numbers (N, D) and the binary values (N, B) of points (N, D + B)."""
    if isinstance(n_binary, bool) or not isinstance(n_binary, Integral) or n_binary < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
        said = f"The number of binary columns is {quoted(n_binary)}; give a whole number of 0 or more."
        raise PointsError(said)
    n_dimensions = points.shape[1] - n_binary
    if n_dimensions < 1:
        raise PointsError(
            f"Of {points.shape[1]} columns {n_binary} are binary, and a mixture needs numbers to place its "
            "components by; add a column of numbers."
        )
    check_binary(points[:, n_dimensions:])
    return points[:, :n_dimensions], points[:, n_dimensions:]


def as_sample_weights(sample_weights: ArrayLike | None, n_points: int) -> Array | None:
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
    # Halved, so that the sum of the largest float64 numbers does not overflow.
    if not 1 / HEAVIEST < (0.5 * weights / len(weights)).sum() < HEAVIEST:
        raise PointsError(
            f"Sample weights of {weights.max():.3g} are near where float64 ends; divide them by the largest."
        )
    return weights
