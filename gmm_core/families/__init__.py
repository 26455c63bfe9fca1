"""What shapes the components may take: the registry of covariance families, and the M-step of each."""

from gmm_core.families.registry import (
    FAMILIES,
    Family,
    FamilyError,
    find_family,
    n_parameters,
)

__all__ = [
    "FAMILIES",
    "Family",
    "FamilyError",
    "find_family",
    "n_parameters",
]
