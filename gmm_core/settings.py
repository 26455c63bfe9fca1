"""What is asked for beside the points: whole numbers, amounts, seeds and the core's own values.

Whatever is of the wrong kind is turned away here, in one sentence.
"""

from numbers import Integral, Real
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.points import PointsError, quoted

# A generator, the seed of one, or None for other draws every time.
Seed = np.random.Generator | int | None

# No array has more entries.
LARGEST_WHOLE = 2**62


def is_finite(value: Any) -> bool:
    """Whether `value` is a real number that float64 can hold."""
    try:
        return isinstance(value, Real) and bool(np.isfinite(float(value)))
    except OverflowError:
        return False


def is_not_negative(value: Any) -> bool:
    """Whether `value` is a finite real number of 0 or more."""
    return is_finite(value) and float(value) >= 0


def whole_number(value: Any, name: str, error: type[Exception] = PointsError, *, least: int = 1) -> int:
    """`value` as an int, which may yet be below `least`: what that means is for the caller to say.

    Raises `error` for anything else, a number with decimals or a truth value among it.
    """
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise error(f"{name} must be a whole number, not {quoted(value)}; give {least} or more.")
    whole = int(value)
    if abs(whole) > LARGEST_WHOLE:
        raise error(f"{name} is beyond all that can be counted; give a smaller number.")
    return whole


def truth(value: Any, name: str, error: type[Exception] = PointsError) -> bool:
    """`value` as a bool. Raises `error` for whatever is not True or False."""
    given: Any = value
    if not isinstance(value, bool | np.bool_):
        raise error(f"{name} must be True or False, not {quoted(value)}; give one of them.")
    return bool(given)


def real_number(value: Any, name: str, error: type[Exception] = PointsError) -> float:
    """`value` as a float, be it infinite or no number at all. Raises `error` for any other kind."""
    if not isinstance(value, Real):
        raise error(f"{name} must be a number, not {quoted(value)}; give one.")
    try:
        return float(value)
    except OverflowError:
        raise error(f"{name} is beyond what float64 can hold; give a smaller number.") from None


def check_kind(value: Any, kind: type, name: str, cure: str, error: type[Exception] = PointsError) -> None:
    """Raises `error` unless `value` is a `kind`, one of the core's own classes."""
    if not isinstance(value, kind):
        raise error(f"{name} must be a {kind.__name__}, not {quoted(value)}; {cure}.")


def as_generator(rng: Any) -> np.random.Generator:
    """`rng` itself when it is a Generator, that of the seed when it is a whole number of 0 or more, and for
    None one that begins elsewhere every time.

    Raises PointsError for anything else.
    """
    if isinstance(rng, np.random.Generator):
        return rng
    if rng is None:
        return np.random.default_rng(rng)
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and int(rng) >= 0:  # pyright: ignore[reportUnknownArgumentType]
        return np.random.default_rng(int(rng))  # pyright: ignore[reportUnknownArgumentType]
    raise PointsError(
        f"rng must be a numpy.random.Generator, a seed or None, not {quoted(rng)}; give a whole number of 0 "
        "or more for the same draws every time."
    )


def check_n_components(points: NDArray[Any], n_components: Any) -> int:
    """`n_components` as an int >= 1 that does not exceed the number of distinct points.

    Raises PointsError otherwise.
    """
    wanted = whole_number(n_components, "The number of components")
    if wanted < 1:
        raise PointsError(f"The number of components is {wanted}; it must be 1 or more.")
    # Sorting a million rows is slow, and the first rows nearly always have enough distinct ones.
    n_distinct = len(np.unique(points[:10_000], axis=0))
    if n_distinct < wanted:
        n_distinct = len(np.unique(points, axis=0))
    if n_distinct < wanted:
        raise PointsError(
            f"{wanted} components need {wanted} distinct points and there are only "
            f"{n_distinct}; choose a smaller K or add points."
        )
    return wanted
