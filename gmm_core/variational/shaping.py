"""The families of a variational mixture: what is believed of the covariances may be given a simpler shape.

The model is one and the same: every component has a precision of its own, Wishart before. A family says of
which shape the beliefs *after* may be: Wishart distributions with a full scale, with diagonal ones, with
multiples of the unit matrix, or with one for all components, for which the prior counts K times. Among them
the steps find those that raise the bound most. They are scikit-learn's (the covariance types of its
BayesianGaussianMixture), and its numbers.
Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.1: any restricted family of distributions
gives a bound on the evidence.
"""

import numpy as np

from gmm_core.families import FAMILIES, FamilyError, find_family
from gmm_core.points import Array

VARIATIONAL_FAMILIES = ("full", "tied", "diag", "spherical")
"""Keys of FAMILIES whose beliefs have a closed form."""

_LETTERS = {FAMILIES[name].letters: name for name in VARIATIONAL_FAMILIES}


def variational_family(family: str) -> str:
    """One of VARIATIONAL_FAMILIES, from its name or its three letters. Raises FamilyError for any other."""
    letters = find_family(family).letters
    if letters not in _LETTERS:
        known = ", ".join(VARIATIONAL_FAMILIES)
        raise FamilyError(f"The family {letters} has no variational mixture; choose one of {known}.")
    return _LETTERS[letters]


def shaped(scales: Array, family: str) -> Array:
    """`scales` (..., D, D) as one of `family` would have it: what a single component can have of each.

    At the mean of a Wishart distribution whose scale is so restricted the traces agree, and that is where the
    bound is highest. Raises FamilyError as `variational_family`.
    """
    n_dimensions, name = scales.shape[-1], variational_family(family)
    if name == "diag":
        return scales * np.eye(n_dimensions)
    if name == "spherical":
        variances = np.einsum("...dd->...", scales) / n_dimensions
        return variances[..., None, None] * np.eye(n_dimensions)
    return scales


def is_shared(family: str) -> bool:
    """Whether all components have the same scale and degrees of freedom, the means of their own."""
    return variational_family(family) == "tied"
