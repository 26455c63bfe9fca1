"""The M-steps EVE and VVE, whose components share their axes: from a search among the axes to covariances."""

from typing import Protocol

from gmm_core.families.closed_forms import of_one_volume
from gmm_core.points import Array


class AxisSearch(Protocol):
    """The best axes of scatters (..., K, D, D), for EVE where the volume is equal, or for VVE."""

    def __call__(
        self, counts: Array, scatters: Array, equal_volume: bool, *before: Array
    ) -> tuple[Array, Array]:
        """The scatters without what lies off those axes (..., K, D, D), and their sizes: the D-th roots of
        their determinants (..., K). It may begin from the axes of the covariances `before` as well."""
        ...


class MStep(Protocol):
    """Covariances (..., K, D, D) of counts (..., K) and scatters (..., K, D, D), perhaps after others."""

    def __call__(self, counts: Array, scatters: Array, *before: Array) -> Array:
        """They are no worse than those `before`, where such are given and the search heeds them."""
        ...


def of_own_volumes(search: AxisSearch) -> MStep:
    """VVE by this search."""

    def maximum(counts: Array, scatters: Array, *before: Array) -> Array:
        turned, _ = search(counts, scatters, False, *before)
        return turned / counts[..., None, None]

    return maximum


def of_equal_volumes(search: AxisSearch) -> MStep:
    """EVE by this search."""

    def maximum(counts: Array, scatters: Array, *before: Array) -> Array:
        turned, sizes = search(counts, scatters, True, *before)
        return turned * of_one_volume(counts, sizes)[..., None, None]

    return maximum
