"""The expected sufficient statistics: all that an M-step needs to know of the points."""

from dataclasses import dataclass, field
from functools import cached_property, reduce
from operator import add

import numpy as np
from numpy.typing import ArrayLike

from gmm_core.log_joint import chunks
from gmm_core.mixture import Noise
from gmm_core.points import Array, PointsError, ReadOnly, as_numbers, as_points, read_only, sealed
from gmm_core.precision import LEAST_COUNT, SMALLEST


@dataclass(frozen=True, eq=False)
class Moments(ReadOnly):
    """What each component has gathered from the points; `a + b` merges two disjoint sets of points.

    Raises PointsError for arrays whose shapes disagree, or that are no numbers.
    Source: Dempster, Laird & Rubin (1977), section 3; the merge is Chan, Golub & LeVeque (1983), eq. 2.1.
    """

    counts: Array
    """(K,): the responsibilities summed over the points."""
    means: Array
    """(K, D): the responsibility-weighted means; where a count is 0, a mean of no meaning."""
    scatters: Array
    """(K, D, D): sums of r (x - mean)(x - mean)^T, each centred on its own mean; not divided by anything."""
    noise: Noise | None = None
    """What the background noise has gathered, if the mixture has any."""
    successes: Array = field(default_factory=lambda: np.empty((0, 0)))
    """(K, B): sums of r over the ones of each binary column; (K, 0) without any."""
    diagonal: bool = False
    """Whether only variances were gathered: what lies off the scatters' diagonals is then 0."""
    pooled: bool = False
    """Whether the components' scatters were gathered together: only their sum means anything then."""

    def __post_init__(self) -> None:
        for name in ("counts", "means", "scatters"):
            array = as_numbers(getattr(self, name), f"The {name} of moments")
            object.__setattr__(self, name, read_only(array))
        shape, wide = self.counts.shape, self.means.shape[-1:]
        if len(shape) != 1 or self.means.shape != shape + wide or self.scatters.shape != shape + wide + wide:
            raise PointsError(
                f"Moments have counts of shape {shape}, means of {self.means.shape} and scatters of "
                f"{self.scatters.shape}; give (K,), (K, D) and (K, D, D)."
            )
        successes = as_numbers(self.successes, "The successes of moments")
        successes = successes if successes.size else np.empty((len(self.counts), 0))
        object.__setattr__(self, "successes", read_only(successes))

    def __add__(self, other: "Moments") -> "Moments":
        mine, theirs = self._kind(), other._kind()
        if mine != theirs:
            raise PointsError(
                f"Moments of {mine} and of {theirs} cannot be added; both must come from the same mixture."
            )
        counts = self.counts + other.counts
        # Where both are empty any share is right.
        share = other.counts / np.where(counts > 0, counts, 1.0)
        shift = other.means - self.means
        means = np.where((self.counts > 0)[:, None], self.means + share[:, None] * shift, other.means)
        between = (self.counts * share)[:, None, None] * (shift[:, :, None] * shift[:, None, :])
        noise = None
        if self.noise is not None and other.noise is not None:
            noise = Noise(self.noise.amount + other.noise.amount, self.noise.volume)
        scatters = self.scatters + other.scatters + between
        if self.diagonal:
            scatters *= np.eye(self.n_dimensions)
        return Moments(
            counts, means, scatters, noise, self.successes + other.successes, self.diagonal, self.pooled
        )

    def _kind(self) -> str:
        """What must agree for two to be added, in words."""
        noise = "" if self.noise is None else f", noise in a volume of {float(self.noise.volume)}"
        binary = f", {self.successes.shape[1]} binary columns" if self.successes.size else ""
        alone = ", variances alone" if self.diagonal else ""
        alone += ", scatters pooled" if self.pooled else ""
        return f"{self.n_components} components in {self.n_dimensions} dimensions{binary}{noise}{alone}"

    @property
    def n_components(self) -> int:
        """K."""
        return len(self.counts)

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.means.shape[1]

    @cached_property
    def total(self) -> float:
        """The points that all components and the noise hold: N, or the sample weights summed."""
        return float(self.counts.sum()) + (0.0 if self.noise is None else self.noise.amount)


def moments_unchecked(
    counts: Array,
    means: Array,
    scatters: Array,
    noise: Noise | None,
    successes: Array,
    diagonal: bool = False,
    pooled: bool = False,
) -> Moments:
    """The Moments of arrays just made, that nobody else holds: nothing is copied."""
    moments = object.__new__(Moments)
    for name, array in (
        ("counts", counts),
        ("means", means),
        ("scatters", scatters),
        ("successes", successes),
    ):
        object.__setattr__(moments, name, sealed(array))
    object.__setattr__(moments, "noise", noise)
    object.__setattr__(moments, "diagonal", diagonal)
    object.__setattr__(moments, "pooled", pooled)
    return moments


def expected_moments(points: ArrayLike, responsibilities: ArrayLike) -> Moments:
    """The Moments of points (N, D) under responsibilities (N, K) (Bishop eqs. 9.17-9.19).

    Raises PointsError for bad points, or responsibilities that are not (N, K) numbers >= 0.
    """
    checked = as_points(points)
    return weighted_moments(checked, as_responsibilities(responsibilities, len(checked)))


def as_responsibilities(responsibilities: ArrayLike, n_points: int, n_components: int | None = None) -> Array:
    """`responsibilities` as a float64 array (n_points, K), K being `n_components` if that is given.

    Raises PointsError unless they are numbers >= 0, one row a point.
    """
    shares = as_numbers(responsibilities, "Responsibilities")
    wide = shares.ndim == 2 and shares.shape[1] > 0 and n_components in (None, shares.shape[1])
    if not wide or len(shares) != n_points:
        raise PointsError(
            f"Responsibilities must have shape ({n_points}, {n_components or 'K'}), one row a point, not "
            f"{shares.shape}; give a row for each point."
        )
    if not np.isfinite(shares).all() or (shares < 0).any():
        raise PointsError("Responsibilities must be finite and not negative; normalise each row to sum to 1.")
    return shares


def weighted_moments(
    points: Array, shares: Array, *, n_binary: int = 0, noise: Noise | None = None
) -> Moments:
    """`expected_moments` for arrays already checked: two passes, so that no digits are lost to an offset, nor
    to other components far away.

    The last `n_binary` columns of the points are 0 or 1.
    """
    points, binary = np.split(points, [points.shape[1] - n_binary], axis=1)
    centre = points.mean(axis=0)
    offsets = points - centre
    counts = shares.sum(axis=0)
    counts = np.where(counts > LEAST_COUNT, counts, 0.0)
    divisors = np.where(counts > 0, counts, 1.0)
    means = centre + (shares.T @ offsets) / divisors[:, None]
    n_components, n_dimensions = means.shape
    scatters = np.empty((n_components, n_dimensions, n_dimensions))
    for k in range(n_components):
        deviations = points - means[k]
        # The rounding error of this mean, taken out by a second pass.
        rest = shares[:, k] @ deviations / divisors[k]
        means[k] += rest
        deviations -= rest
        scatter = (deviations * shares[:, k, None]).T @ deviations
        scatters[k] = 0.5 * (scatter + scatter.T)
    return Moments(counts, means, scatters, noise, shares.T @ binary)


def overall_moments(points: Array, weights: Array | None = None) -> Moments:
    """The Moments of points (N, D) as one component, every point counting as often as weights (N,) say."""
    held = np.broadcast_to(1.0, len(points)) if weights is None else weights
    parts = zip(chunks(points), chunks(held), strict=True)
    return reduce(add, (weighted_moments(chunk, some[:, None]) for chunk, some in parts))


def overall_covariance(points: Array, weights: Array | None = None) -> Array:
    """(D, D): the covariance of points (N, D), dividing by N, or by the sum of weights (N,) above 0.

    Raises PointsError when the points have no extent.
    """
    moments = overall_moments(points, weights)
    everything = moments.scatters[0] / moments.total
    if np.diagonal(everything).max() > SMALLEST:
        return everything
    if (points == points[0]).all():
        raise PointsError(f"All {len(points)} points are the same; a mixture needs points that differ.")
    raise PointsError("The squares of the points' differences vanish in float64; change the points' units.")


def total_scatter(moments: Moments) -> Array:
    """(D, D): the scatter of all points about their common mean, rebuilt from the components' Moments."""
    total = moments.counts.sum()
    centre = (moments.counts[:, None] * moments.means).sum(axis=0) / total
    shifts = moments.means - centre
    return moments.scatters.sum(axis=0) + np.einsum("k,ki,kj->ij", moments.counts, shifts, shifts)
