"""What a variational mixture believes of its components before any point is seen."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.mixture import MixtureError
from gmm_core.moments import overall_moments
from gmm_core.normal_wishart import checked_normal_wishart, is_above, is_solid
from gmm_core.points import Array, ReadOnly, as_points, as_sample_weights, quoted, split_columns
from gmm_core.precision import EPSILON
from gmm_core.variational.shaping import shaped

WEIGHT_PRIORS = ("dirichlet", "stick-breaking")
"""What the weights may be before any point is seen."""


@dataclass(frozen=True, eq=False)
class VariationalPrior(ReadOnly):
    """What is believed of the K components before any point is seen, the same of each.

    Raises MixtureError when shapes disagree or a number is not of its range.
    Source: Bishop eqs. 10.39-10.40; Blei & Jordan (2006), Variational inference for Dirichlet process
    mixtures, for weights that are broken off a stick.
    """

    concentration: float
    """> 0: the points that a component's weight is worth (alpha_0); far below 1 leaves weights at 0. Of a
    stick that is broken, the points that all which is left of it is worth (Blei & Jordan's alpha)."""
    mean: Array
    """(D,): where the means are expected (m_0)."""
    shrinkage: float
    """> 0: the points that this expectation is worth (beta_0)."""
    degrees: float
    """> D - 1: the degrees of freedom of the precisions (nu_0)."""
    scale: Array
    """(D, D), symmetric positive definite: the scatter seen before (the inverse of Bishop's W_0)."""
    weights: str = "dirichlet"
    """One of WEIGHT_PRIORS. "stick-breaking" is the Dirichlet process: each component in turn takes a share,
    Beta(1, concentration), of what those before have left, and K is but the number that is looked at."""
    noise_concentration: float = 1e-3
    """> 0: the points that the weight of background noise is worth, where there is any. Of a stick it is the
    first piece, Beta(noise_concentration, 1)."""
    successes: float = 1.0
    """> 0: the ones seen before in every binary column, by every component."""
    failures: float = 1.0
    """> 0: the zeros seen before."""

    def __post_init__(self) -> None:
        mean, scale = checked_normal_wishart(self.mean, self.shrinkage, self.degrees, self.scale)
        if not is_above(self.concentration, 0):
            raise MixtureError(
                f"The prior's concentration is {quoted(self.concentration)}; give a number above 0, such as "
                "0.001."
            )
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "scale", scale)
        if not isinstance(self.weights, str) or self.weights not in WEIGHT_PRIORS:  # pyright: ignore[reportUnnecessaryIsInstance]
            known = " or ".join(map(repr, WEIGHT_PRIORS))
            raise MixtureError(f"The prior's weights are {quoted(self.weights)}; give {known}.")
        for name in ("noise_concentration", "successes", "failures"):
            if not is_above(getattr(self, name), 0):
                said = f"The prior's {name} is {quoted(getattr(self, name))}; give a number above 0."
                raise MixtureError(said)

    @property
    def n_dimensions(self) -> int:
        """D."""
        return len(self.mean)

    @property
    def breaks_a_stick(self) -> bool:
        """Whether the weights are those of a Dirichlet process."""
        return self.weights == "stick-breaking"

    def of_family(self, family: str) -> "VariationalPrior":
        """The prior of a family: without what its components cannot have, the covariances of a diagonal one,
        and the differences between the variances of a spherical one. Raises FamilyError as `shaped`."""
        scale = shaped(self.scale, family)
        return self if np.array_equal(scale, self.scale) else replace(self, scale=scale)


def default_variational_prior(
    points: ArrayLike,
    *,
    sample_weights: ArrayLike | None = None,
    concentration: float = 1e-3,
    weights: str = "dirichlet",
    n_binary: int = 0,
) -> VariationalPrior:
    """A prior worth little, from the mean and covariance of points (N, D), so that units do not matter.

    Sample weights (N,) count every point so many times; the last `n_binary` columns are 0 or 1, and `weights`
    is one of WEIGHT_PRIORS.

    A component's covariance is expected to be that of all points, and its mean theirs, as if a tenth of a
    point had been seen there: what a component has to overcome before it is worth keeping. It does not
    depend on K, so a more generous K changes nothing that is believed of a component.

    Raises PointsError for bad points or weights, MixtureError when the points do not spread in every
    direction, or for a concentration that is not above 0.

    >>> prior = default_variational_prior([[0, 0], [1, 0], [0, 2], [3, 3]])
    >>> prior.concentration, prior.shrinkage, prior.degrees
    (0.001, 0.1, 4)
    """
    checked, _ = split_columns(as_points(points), n_binary)
    n_points, n_dimensions = checked.shape
    everything = overall_moments(checked, as_sample_weights(sample_weights, n_points))
    covariance = everything.scatters[0] / max(everything.total - 1, 1)
    if not _spreads(covariance, checked):
        raise MixtureError(
            "The points do not spread in every direction; drop columns that are constant or follow from the "
            "others."
        )
    # With D + 2 degrees of freedom the expected covariance, scale / (degrees - D - 1), is the scale.
    return VariationalPrior(concentration, everything.means[0], 0.1, n_dimensions + 2, covariance, weights)


def _spreads(covariance: Array, points: Array) -> bool:
    """Whether the covariance (D, D) of points (N, D) is more than rounding in every direction."""
    rounding = (64 * EPSILON * np.abs(points).max(axis=0)) ** 2
    return bool((np.diagonal(covariance) > rounding).all()) and is_solid(covariance)
