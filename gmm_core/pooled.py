"""The E-step of components of one covariance when only the sum of their scatters is asked for.

In the one whitener's coordinates, y = W (x - origin), a component's log-joint is -|y|^2 / 2, the same for
all, and linear in y besides; the sum of the scatters is that of y y^T, once for every point, less what lies
between the means. So what costs most with many dimensions is done once, and not for every component.
"""

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.blocks import Piece, pieces_of, scratch
from gmm_core.log_joint import FARTHEST, LogJoint, share_out
from gmm_core.points import Array
from gmm_core.precision import LEAST_COUNT
from gmm_core.quadratic import (
    MOST_CANCELLED,
    Layout,
    are_precise,
    layout_of,
    plain_coefficients,
    shifted_features,
)
from gmm_core.threads import in_parallel

# The largest squared distance from the origin, in variances along the coordinates, at which own coordinates
# come from the point's and the origin's difference: eps times its root is lost of them.
MOST_CANCELLED_OF_COORDINATES = 1e8

# The largest squared distances, in variances, whose difference gives a log-density: eps times it is lost.
MOST_CANCELLED_OF_SQUARES = 1e3


@dataclass(frozen=True, eq=False)
class PooledSums:
    """What points add up to."""

    firsts: Array
    """(R, F): shares times 1, the binary columns and y."""
    products: Array
    """(D, D): y y^T with the shares of all components together."""
    log_likelihood: float
    objective: float
    known: bool
    """Whether no digits were lost on the way."""

    def __add__(self, other: "PooledSums") -> "PooledSums":
        return PooledSums(
            self.firsts + other.firsts,
            self.products + other.products,
            self.log_likelihood + other.log_likelihood,
            self.objective + other.objective,
            self.known and other.known,
        )


@dataclass(frozen=True, eq=False)
class PooledMoments:
    """Counts (K,), means (K, D), the sum of the scatters (D, D), and the sums that they are from."""

    counts: Array
    means: Array
    scatter: Array
    sums: PooledSums


@dataclass(frozen=True, eq=False)
class _PooledWalk:
    """One walk over the points, with all that it needs to know of the mixture."""

    points: NDArray[Any]
    sample_weights: Array | None
    temperature: float
    whitener: Array
    """(D, D)."""
    origin: Array
    """(D,): a place amid the points."""
    places: Array
    """(K, D): W (m - origin)."""
    coefficients: Array
    """(R, F): the log-joint but for -|y|^2 / 2, as a function of 1, the binary columns and y."""
    plain: Array
    """(R, F): the part of the log-joint that knows nothing of y."""
    layout: Layout

    def add_up(self, piece: Piece) -> PooledSums:
        return reduce(add, (self._stretch(*blocks, piece.size) for blocks in piece.stretches()))

    # Points that are too large to square show as lost digits, as do those that are no numbers.
    @np.errstate(over="ignore", invalid="ignore")
    def _stretch(self, first: int, n_blocks: int, size: int) -> PooledSums:
        n_components = len(self.places)
        some = slice(first, first + n_blocks * size)
        features, numbers = shifted_features(
            self.points[some].reshape(n_blocks, size, -1), self.origin, self.layout
        )
        farthest = np.maximum(numbers.max(axis=2), -numbers.min(axis=2)).max(axis=0)
        steepness = (self.whitener * self.whitener).sum(axis=0)
        known = bool(steepness @ (farthest * farthest) <= MOST_CANCELLED_OF_COORDINATES)
        own = np.matmul(self.whitener, numbers, out=scratch.array("coordinates", numbers.shape))
        numbers[:] = own
        joints = scratch.array("log_joints", (n_blocks, len(self.coefficients), size))
        lengths = np.einsum("sdn,sdn->sn", own, own)
        if lengths.max() + (self.places * self.places).sum(axis=1).max() <= MOST_CANCELLED_OF_SQUARES:
            np.matmul(self.coefficients, features, out=joints)
            joints[:, :n_components] -= 0.5 * lengths[:, None]
        else:
            # Far from the origin squares would cancel: the differences are taken first.
            np.matmul(self.plain, features, out=joints)
            for k, place in enumerate(self.places):
                gaps = own - place[:, None]
                joints[:, k] -= 0.5 * np.minimum(np.einsum("sdn,sdn->sn", gaps, gaps), FARTHEST)
        shares, log_densities, objectives = share_out(joints, self.temperature)
        if self.sample_weights is not None:
            weights = self.sample_weights[some].reshape(n_blocks, size)
            shares *= weights[:, None]
            log_densities, objectives = log_densities * weights, objectives * weights
        firsts = (shares @ np.swapaxes(features, 1, 2)).sum(axis=0)
        own *= np.sqrt(shares[:, :n_components].sum(axis=1))[:, None]
        # NumPy knows a product of a matrix with its own transpose, and takes half the time.
        products = (own @ np.swapaxes(own, 1, 2)).sum(axis=0)
        return PooledSums(firsts, products, float(log_densities.sum()), float(objectives.sum()), known)


# A whitener or a mean beyond float64 shows as lost digits.
@np.errstate(over="ignore", invalid="ignore")
def pooled_moments(
    points: NDArray[Any], terms: LogJoint, sample_weights: Array | None, temperature: float
) -> PooledMoments | None:
    """Of points (N, D + B) under the `terms` of one mixture, where its components have one covariance and no
    digits are lost; or None."""
    whitener = terms.whiteners[0]
    if terms.means.ndim > 2 or not (terms.whiteners == whitener).all():
        return None
    n_components, n_dimensions = terms.means.shape
    # The middle along every axis: one component that is far from all others does not move it.
    origin = np.sort(terms.means, axis=0)[n_components // 2]
    places = (terms.means - origin) @ whitener.T
    squared_places = (places * places).sum(axis=1)
    if not squared_places.max() <= 0.5 * MOST_CANCELLED:
        return None
    layout = layout_of(n_dimensions, terms.n_binary, "none")
    plain = plain_coefficients(terms, layout.n_features)
    coefficients = plain.copy()
    coefficients[:n_components, 0] -= 0.5 * squared_places
    coefficients[:n_components, layout.n_plain :] = places
    walk = _PooledWalk(
        points, sample_weights, temperature, whitener, origin, places, coefficients, plain, layout
    )
    pieces = pieces_of(
        len(points),
        multiplications=max(coefficients.size, n_dimensions**2),
        numbers=sum(coefficients.shape) + 2 * n_dimensions,
        sums=coefficients.size + n_dimensions**2,
    )
    sums = reduce(add, in_parallel(walk.add_up, pieces))
    own = sums.firsts[:n_components, layout.n_plain :]
    counts = sums.firsts[:n_components, 0]
    shifts = own / np.maximum(counts, LEAST_COUNT)[:, None]
    scatter = sums.products - own.T @ shifts
    if not (sums.known and are_precise(scatter[None], np.diagonal(sums.products)[None])[0]):
        return None
    root = np.asarray(np.linalg.inv(whitener), dtype=np.float64)
    scatter = root @ scatter @ root.T
    return PooledMoments(counts, origin + shifts @ root.T, 0.5 * (scatter + scatter.T), sums)
