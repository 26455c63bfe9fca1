"""What the priors of EM and of the variational mixture share: a normal-Wishart distribution.

Of a mean given the precision it is normal, of the precision Wishart.
Source: Bishop, Pattern Recognition and Machine Learning (2006), eqs. 2.157 and 10.40.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.collapse import are_solid
from gmm_core.mixture import MixtureError
from gmm_core.points import Array, as_numbers, quoted, read_only
from gmm_core.settings import is_finite


def checked_normal_wishart(
    mean: ArrayLike, shrinkage: Any, degrees: Any, scale: ArrayLike
) -> tuple[Array, Array]:
    """Read-only copies of the mean (D,) and scale (D, D) of a normal-Wishart distribution, all four checked.

    Raises MixtureError when shapes disagree or a number is not of its range.
    """
    mean, scale = _finite("mean", mean), _finite("scale", scale)
    if mean.ndim != 1 or not mean.size or scale.shape != (len(mean), len(mean)):
        raise MixtureError(
            f"The prior's mean has shape {mean.shape} and its scale {scale.shape}; give (D,) and (D, D)."
        )
    deviations = np.sqrt(np.abs(np.diagonal(scale)))
    symmetric = (np.abs(scale - scale.T) <= 1e-8 * deviations[:, None] * deviations).all()
    if not (symmetric and is_solid(scale)):
        raise MixtureError("The prior's scale is not symmetric and positive definite; give one that is.")
    if not is_above(shrinkage, 0):
        raise MixtureError(f"The prior's shrinkage is {quoted(shrinkage)}; give a number above 0.")
    if not is_above(degrees, len(mean) - 1):
        raise MixtureError(
            f"The prior has {quoted(degrees)} degrees of freedom; give more than {len(mean) - 1}."
        )
    return mean, scale


def is_above(value: Any, limit: float) -> bool:
    """Whether `value` is a finite real number above `limit`."""
    return is_finite(value) and float(value) > limit


def _finite(name: str, values: ArrayLike) -> Array:
    irregular = f"The prior's {name} must be a regular array of numbers; check it."
    array = read_only(as_numbers(values, f"The prior's {name}", MixtureError, irregular))
    if not np.isfinite(array).all():
        raise MixtureError(f"The prior's {name} is missing or infinite; give finite numbers.")
    return array


def is_solid(matrix: Array) -> bool:
    """Whether a symmetric matrix (D, D) is positive definite by more than rounding, whatever the units."""
    return bool(are_extended(matrix))


def are_extended(matrices: Array) -> NDArray[np.bool_]:
    """(...): whether each of matrices (..., D, D) is, as `is_solid`."""
    return are_solid(matrices, np.zeros(matrices.shape[-1:]))
