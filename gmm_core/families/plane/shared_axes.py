"""The M-steps of one orientation in the plane, each component having its own shape: EVE and VVE.

With everything else at its best, an angle is left to be found. On axes turned by half of `angle`, the
scatter W_k of mean eigenvalue m_k and deviator d_k (a complex number: half the difference of the diagonal and
the off-diagonal) has diagonal entries whose product is p_k = det W_k + (d_k's part across the axes)^2.
EVE minimises the sum of sqrt(p_k), VVE the sum of n_k log p_k (Celeux & Govaert 1995, sections 4.1 and
4.2; Browne & McNicholas 2014). Both have several local minima, narrow ones where a scatter is thin. A
minimum can lie only where one of the terms is convex, near that component's own axes: so the search looks
at a ladder of angles around each, on the scale of its thinness, and at a grid; every rise of the slope
through zero is followed to its minimum, and the lowest is taken.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.points import Array
from gmm_core.precision import EPSILON
from gmm_core.principal import projections, rescaled

# Angles a quarter turn apart are the same axes, and `angle` is twice that of the axes.
GRID = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 33)
# The rungs of a ladder, as powers of the angle at which a term's slope is steepest.
SIDES = np.array([-1.0, -1.0, -1.0, 0.0, 1.0, 1.0, 1.0])
POWERS = np.array([0.5, 0.75, 1.0, 1.0, 1.0, 0.75, 0.5])

# A determinant below this, relative to the squared mean eigenvalue, is a line.
THINNEST = EPSILON**2
MOST_MOVES = 100


@dataclass(frozen=True, eq=False, slots=True)
class Problem:
    """A sum over K components to be minimised over the angle, for any problems (...) side by side."""

    deviators: NDArray[np.complex128]
    """(..., K): relative to the mean eigenvalues, turned to a real part >= 0: the product is the same."""
    determinants: Array
    """(..., K): relative to the squared mean eigenvalues; with the squared deviators they make 1."""
    weights: Array
    """(..., K): n_k, or m_k for EVE."""
    equal_volume: bool
    """Whether this is EVE's sum of weights * sqrt(p), or VVE's of weights * log(p)."""

    def map(self, change: Callable[[NDArray[Any]], NDArray[Any]]) -> "Problem":
        """The problem with the same `change` made to each of its arrays."""
        return Problem(
            change(self.deviators), change(self.determinants), change(self.weights), self.equal_volume
        )


def turned_to_shared_axes(
    counts: Array, scatters: Array, equal_volume: bool, *before: Array
) -> tuple[Array, Array]:
    """The scatters without what lies off the best axes (..., K, 2, 2), and their sizes: the roots of
    their determinants (..., K). The search looks everywhere, and begins from no axes `before`."""
    scaled, exponents = rescaled(scatters)
    a, b, c = scaled[..., 0, 0], scaled[..., 0, 1], scaled[..., 1, 1]
    means = 0.5 * (a + c)
    unit = np.where(means > 0, means, 1.0)
    deviators = (0.5 * (a - c) + 1j * b) / unit
    determinants = np.maximum(a * c - b * b, 0.0) / (unit * unit)
    means = np.ldexp(means, exponents)
    problem = Problem(
        np.where(deviators.real < 0, -deviators, deviators),
        np.maximum(determinants, THINNEST),
        means if equal_volume else counts,
        equal_volume,
    )
    angle = best_angle(problem)
    # The axes of the coordinates are meant when the angle is 0 but for rounding.
    angle = np.where(np.abs(angle) < 4 * EPSILON, 0.0, angle)
    cosine, sine = np.cos(angle), np.sin(angle)
    seen = deviators * (cosine - 1j * sine)[..., None]
    products = determinants + seen.imag**2
    # The product over the larger entry loses no digits where a difference would.
    larger = 1.0 + np.abs(seen.real)
    smaller = products / larger
    lying = seen.real >= 0
    first = (means * np.where(lying, larger, smaller))[..., None, None]
    second = (means * np.where(lying, smaller, larger))[..., None, None]
    along, across = projections(cosine, sine)
    turned = first * along[..., None, :, :] + second * across[..., None, :, :]
    return turned, means * np.sqrt(products)


def best_angle(problem: Problem) -> Array:
    """(...): twice the angle of the axes, at the global minimum; within a half turn of 0."""
    leading, n_components = problem.weights.shape[:-1], problem.weights.shape[-1]
    flat = problem.map(lambda part: part.reshape(-1, n_components))
    rows, low, high, guess, settled = _brackets(flat)
    searched = flat.map(lambda part: part[rows])
    minima = _settle(searched, low, high, guess, settled)
    order = np.lexsort((_values(searched, minima), rows))
    # The lowest minimum of each problem; every problem has at least one.
    lowest = order[np.searchsorted(rows[order], np.arange(len(flat.weights)))]
    return minima[lowest].reshape(leading)


def _brackets(problem: Problem) -> tuple[NDArray[np.intp], Array, Array, Array, Array]:
    """Where the local minima of M problems lie: of which problem each is (R,), two angles around it, a
    guess between them, and how small a move ends the search (R,)."""
    n_problems = len(problem.weights)
    centres = np.arctan2(problem.deviators.imag, problem.deviators.real)
    steepest = np.minimum(np.arcsin(np.sqrt(np.minimum(problem.determinants, 1.0))), 1.0)
    ladders = centres[..., None] + SIDES * steepest[..., None] ** POWERS
    grid = np.repeat(GRID[None], n_problems, axis=0)
    angles = np.sort(np.concatenate([ladders.reshape(n_problems, -1), grid], axis=1), axis=1)
    slopes = _slopes(problem, angles)
    rows, places = np.nonzero((slopes[:, :-1] < 0) & (slopes[:, 1:] >= 0))
    low, high = angles[rows, places], angles[rows, places + 1]
    slope_low, slope_high = slopes[rows, places], slopes[rows, places + 1]
    guess = low - slope_low * (high - low) / (slope_high - slope_low)
    # Each component's own axes as well: the minimum at a line's is narrower than any grid.
    owners = np.nonzero(np.ones(problem.weights.shape))[0]
    low, high, guess = (np.concatenate([part, centres.ravel()]) for part in (low, high, guess))
    rows = np.concatenate([rows, owners])
    # Newton's error is about the square of the move over the width of the narrowest minimum.
    settled = 1e-8 * np.sqrt(steepest.min(axis=1)) + 4 * EPSILON
    return rows, low, high, guess, settled[rows]


def _slopes(problem: Problem, angles: Array) -> Array:
    """(M, T): half the derivatives of M problems at angles (M, T)."""
    seen = np.exp(-1j * angles)[..., None] * problem.deviators[:, None, :]
    across = seen.imag
    products = problem.determinants[:, None, :] + across * across
    roots = np.sqrt(products) if problem.equal_volume else products
    return -np.einsum("mk,mtk->mt", problem.weights, across * seen.real / roots)


def _values(problem: Problem, angles: Array) -> Array:
    """(R,): the sums of R problems, each at its own angle."""
    products = problem.determinants + (np.exp(-1j * angles)[:, None] * problem.deviators).imag ** 2
    terms = np.sqrt(products) if problem.equal_volume else np.log(products)
    return np.vecdot(problem.weights, terms)


def _settle(problem: Problem, low: Array, high: Array, angles: Array, settled: Array) -> Array:
    """(R,): where the slopes of R problems vanish between `low` and `high`: Newton's method from `angles`,
    halving the bracket where that would leave it."""
    order = 1.0 if problem.equal_volume else 2.0
    for _ in range(MOST_MOVES):
        seen = np.exp(-1j * angles)[:, None] * problem.deviators
        along, across = seen.real, seen.imag
        products = problem.determinants + across * across
        changes = -along * across / products
        # p'' / 2p, less the square of p' / 2p: once for sqrt(p), twice for log(p).
        bends = (along * along - across * across) / products - order * changes * changes
        weights = problem.weights * np.sqrt(products) if problem.equal_volume else problem.weights
        slopes, curvatures = np.vecdot(weights, changes), np.vecdot(weights, bends)
        falling = slopes < 0
        low, high = np.where(falling, angles, low), np.where(falling, high, angles)
        convex = curvatures > 0
        moved = angles - slopes / np.where(convex, curvatures, 1.0)
        within = convex & (low <= moved) & (moved <= high)
        moved = np.where(within, moved, 0.5 * (low + high))
        done = np.abs(moved - angles) <= settled
        angles = moved
        if done.all():
            break
        # What has settled stays, so that others beside it make no difference.
        low, high = np.where(done, moved, low), np.where(done, moved, high)
    return angles
