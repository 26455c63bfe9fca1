"""The covariance families: what shapes the components may take, and the M-step of each.

A family turns Moments into covariances of shape (K, D, D). The letters are those of Banfield & Raftery
(1993) and Celeux & Govaert (1995): volume, shape, orientation; E equal, V variable, I none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from gmm_core.moments import Moments
from gmm_core.points import Array


class FamilyError(ValueError):
    """A covariance family that does not exist; the text lists those that do."""


@dataclass(frozen=True)
class Family:
    """One covariance family."""

    name: str
    """The key in FAMILIES."""
    letters: str
    """Volume, shape, orientation, after Celeux & Govaert (1995)."""
    sentence: str
    """What it can draw, in plain words."""
    covariances: Callable[[Moments], Array]
    """The maximum-likelihood covariances (K, D, D) given Moments."""
    n_covariance_parameters: Callable[[int, int], int]
    """Free parameters in the covariances, of (n_components, n_dimensions)."""


def _full(moments: Moments) -> Array:
    return moments.scatters / moments.counts[:, None, None]


def _tied(moments: Moments) -> Array:
    pooled = moments.scatters.sum(axis=0) / moments.counts.sum()
    return np.repeat(pooled[None], moments.n_components, axis=0)


def _diag(moments: Moments) -> Array:
    return _full(moments) * np.eye(moments.n_dimensions)


def _spherical(moments: Moments) -> Array:
    variances = np.einsum("kdd->k", moments.scatters) / (moments.counts * moments.n_dimensions)
    return variances[:, None, None] * np.eye(moments.n_dimensions)


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        family.name: family
        for family in (
            Family(
                "full",
                "VVV",
                "Every component is an ellipse of its own size, elongation and tilt.",
                _full,
                lambda k, d: k * d * (d + 1) // 2,
            ),
            Family(
                "tied",
                "EEE",
                "All components share one ellipse: the same size, elongation and tilt, in different places.",
                _tied,
                lambda k, d: d * (d + 1) // 2,
            ),
            Family(
                "diag",
                "VVI",
                "Every component is its own ellipse, but it may stretch only along the axes, never tilt.",
                _diag,
                lambda k, d: k * d,
            ),
            Family(
                "spherical",
                "VII",
                "Every component is a circle of its own size: nothing elongated, nothing tilted.",
                _spherical,
                lambda k, d: k,
            ),
        )
    }
)


def find_family(name: str) -> Family:
    """The family called `name`, by its key in FAMILIES or its three letters.

    Raises FamilyError for any other name.
    """
    for family in FAMILIES.values():
        if name in (family.name, family.letters):
            return family
    raise FamilyError(f"There is no covariance family {name!r}; choose one of {', '.join(FAMILIES)}.")


def n_parameters(family: str, n_components: int, n_dimensions: int) -> int:
    """Free parameters of a mixture: K - 1 weights, K * D means, and the covariances of the family.

    Raises FamilyError for an unknown family, or K or D below 1. Source: Celeux & Govaert (1995), table 1.

    >>> n_parameters("full", 2, 2)
    11
    """
    if n_components < 1 or n_dimensions < 1:
        raise FamilyError(f"K = {n_components} and D = {n_dimensions} describe no mixture; give 1 or more.")
    covariances = find_family(family).n_covariance_parameters(n_components, n_dimensions)
    return n_components - 1 + n_components * n_dimensions + covariances
