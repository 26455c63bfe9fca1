"""The M-steps of one orientation, each component having its own shape: EVE and VVE.

With everything else at its best the axes D are left to be found. With s_ki the diagonal of D^T W_k D, VVE
minimises the sum of n_k log s_ki (Flury 1984, common principal components), EVE the sum over k of the
geometric means of s_ki (Celeux & Govaert 1995, sections 4.1 and 4.2; Browne & McNicholas 2014, whose
majorisation takes many more steps than what follows).

There are local minima, so the search descends from several axes: those of every component, which is where
the narrow ones are, of the scatters together, of the coordinates, and of the mixture before, so that EM's
likelihood cannot fall. It turns all pairs of axes at once by what each pair's own curvature asks; the lowest
few are then settled by Newton's method.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from gmm_core.families.closed_forms import with_axes
from gmm_core.points import Array
from gmm_core.precision import EPSILON

# A scatter along an axis below this share of the whole is a line's.
THINNEST = EPSILON**2
# Whose multiples, less their whole parts, are never near each other.
GOLDEN = 0.5 * 5.0**0.5 + 0.5
# Twice the square of a last turn of this angle is below the rounding of what is turned.
SETTLED = 1e-8
# Turns are estimated from the curvature at the present axes: beyond this angle it says little.
FARTHEST_TURN = 0.5
# After so many moves by pairs it is seen which few of the starts may lead to the lowest minimum.
MOST_PAIRED_MOVES = 20
# A start whose turns by pairs have become this small is near its minimum, which Newton's method then finds.
NEARLY_SETTLED = 0.01
FINALISTS = 3
# To the end, by Newton's method and without.
MOST_MOVES, MOST_PLAIN_MOVES = 100, 300
# Newton's equations are D (D - 1) / 2 in number: beyond this D turning pair by pair is quicker to the end.
MOST_DIMENSIONS_FOR_NEWTON = 16


@dataclass(frozen=True, eq=False, slots=True)
class Problem:
    """Sums over K components to be minimised over the axes, M of them side by side."""

    scatters: Array
    """(M, K, D, D), of a trace between 1/2 and 1; the identity where there was none."""
    weights: Array
    """(M, K): n_k, or for EVE what the scatters were divided by, up to a factor."""
    points: Array
    """(M,): the sums of n_k."""
    equal_volume: bool
    """Whether this is EVE's sum of geometric means, or VVE's of logarithms."""

    def rows(self, chosen: NDArray[Any]) -> "Problem":
        """Some of the problems, by their numbers or a mask."""
        return Problem(self.scatters[chosen], self.weights[chosen], self.points[chosen], self.equal_volume)


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """M problems seen from axes (M, D, D)."""

    axes: Array
    scatters: Array
    """(M, K, D, D): D^T W_k D."""
    variances: Array
    """(M, K, D): their diagonals, not below a line's."""
    values: Array
    """(M,): what is minimised, in nats: for EVE N D times the logarithm of the sum."""
    weights: Array
    """(M, K): how much each component's sum of log s_ki says in a change of the value."""

    def rows(self, chosen: NDArray[np.bool_]) -> "Sight":
        """Some of the problems, by a mask."""
        return Sight(*(getattr(self, name)[chosen] for name in self.__slots__))

    def where(self, chosen: NDArray[np.bool_], other: "Sight") -> "Sight":
        """This where `chosen` (M,), the other elsewhere."""

        def part(mine: Array, theirs: Array) -> Array:
            return np.where(chosen.reshape(-1, *[1] * (mine.ndim - 1)), mine, theirs)

        return Sight(*(part(getattr(self, name), getattr(other, name)) for name in self.__slots__))


Move = Callable[[Problem, Sight], Array]


def turned_to_shared_axes(
    counts: Array, scatters: Array, equal_volume: bool, *before: Array
) -> tuple[Array, Array]:
    """The scatters without what lies off the best axes (..., K, D, D), which are no worse than those of the
    covariances `before` (..., K, D, D); and their sizes: the D-th roots of their determinants (..., K)."""
    *leading, n_components, n_dimensions, _ = scatters.shape
    traces = np.einsum("...dd->...", scatters)
    exponents: Any = np.frexp(traces)[1]
    scaled = np.ldexp(scatters, -exponents[..., None, None])
    is_scattered = traces > 0
    flat = np.where(is_scattered[..., None, None], scaled, np.eye(n_dimensions))
    weights = counts
    if equal_volume:
        # A component without scatter has no say; where none has any, it does not matter.
        present = cast("NDArray[np.intc]", np.where(is_scattered, exponents, exponents.min()))
        weights = np.ldexp(np.where(is_scattered, 1.0, 0.0), present - present.max(axis=-1, keepdims=True))
        weights = np.where(is_scattered.any(axis=-1, keepdims=True), weights, 1.0)
    problem = Problem(
        flat.reshape(-1, n_components, n_dimensions, n_dimensions),
        weights.reshape(-1, n_components),
        counts.sum(axis=-1).ravel(),
        equal_volume,
    )
    known = [common_axes(one).reshape(-1, n_dimensions, n_dimensions) for one in before]
    axes = best_axes(problem, *known).reshape(*leading, 1, n_dimensions, n_dimensions)
    variances = np.einsum("...dd->...d", np.swapaxes(axes, -1, -2) @ scaled @ axes)
    variances = np.ldexp(np.maximum(variances, 0.0), exponents[..., None])
    sizes = (variances ** (1.0 / n_dimensions)).prod(axis=-1)
    return with_axes(axes, variances), sizes


def common_axes(covariances: Array) -> Array:
    """(..., D, D): the axes in columns that covariances (..., K, D, D) have in common, if they have."""
    # Of a sum in such proportions that no two axes have one eigenvalue, unless they have in every component.
    proportions: Array = 1.0 + np.arange(1.0, covariances.shape[-3] + 1.0) * GOLDEN % 1.0
    traces = np.einsum("...dd->...", covariances)
    return np.linalg.eigh(np.einsum("...k,...kij->...ij", proportions / traces, covariances))[1]


def best_axes(problem: Problem, *known: Array) -> Array:
    """(M, D, D): the columns are the axes at the lowest minimum found, which is no higher than at those known
    (M, D, D)."""
    starts = np.concatenate([_starts(problem), *(axes[:, None] for axes in known)], axis=1)
    finalists = _lowest(problem, starts, _paired_move, MOST_PAIRED_MOVES, FINALISTS, NEARLY_SETTLED)
    with_newton = starts.shape[-1] <= MOST_DIMENSIONS_FOR_NEWTON
    move, most_moves = (_newton_move, MOST_MOVES) if with_newton else (_paired_move, MOST_PLAIN_MOVES)
    return _lowest(problem, finalists, move, most_moves, 1)[:, 0]


def _lowest(
    problem: Problem, axes: Array, move: Move, most_moves: int, kept: int, settled: float = SETTLED
) -> Array:
    """(M, kept, D, D): the lowest places that moves from axes (M, S, D, D) lead to, the lowest first."""
    n_problems, n_starts, n_dimensions, _ = axes.shape
    owners = cast("NDArray[np.intp]", np.arange(n_problems * n_starts) // n_starts)
    there, values = _descend(
        problem.rows(owners), axes.reshape(-1, n_dimensions, n_dimensions), move, most_moves, settled
    )
    order = np.argsort(values.reshape(n_problems, n_starts), axis=1, kind="stable")[:, :kept]
    return np.take_along_axis(there.reshape(axes.shape), order[:, :, None, None], axis=1)


def _starts(problem: Problem) -> Array:
    """(M, S, D, D): axes to descend from."""
    scatters, weights = problem.scatters, problem.weights[..., None, None]
    together = (weights * scatters).sum(axis=1, keepdims=True)
    axes = np.linalg.eigh(np.concatenate([scatters, together], axis=1))[1]
    plain = np.broadcast_to(np.eye(scatters.shape[-1]), together.shape)
    return np.concatenate([plain, axes], axis=1)


def _sight(problem: Problem, axes: Array) -> Sight:
    wide = axes[:, None]
    seen = np.swapaxes(wide, -1, -2) @ problem.scatters @ wide
    variances = np.maximum(np.einsum("...dd->...d", seen), THINNEST)
    sums = np.log(variances).sum(axis=-1)
    if not problem.equal_volume:
        return Sight(axes, seen, variances, np.vecdot(problem.weights, sums), problem.weights)
    n_dimensions = axes.shape[-1]
    sizes = problem.weights * np.exp(sums / n_dimensions)
    total = sizes.sum(axis=-1)
    weights = sizes * (problem.points / total)[:, None]
    return Sight(axes, seen, variances, n_dimensions * problem.points * np.log(total), weights)


def _descend(
    problem: Problem, axes: Array, move: Move, most_moves: int, settled: float
) -> tuple[Array, Array]:
    """The axes (M, D, D) that moves from these lead to, the last of them by less than the angle `settled`,
    and their values (M,): none is higher than before."""
    sight = _sight(problem, axes)
    axes, values = axes.copy(), sight.values.copy()
    owners, trust = np.arange(len(axes)), np.ones(len(axes))
    # As far as the values are known.
    rounding = 4 * EPSILON * axes.shape[-1] * problem.points
    for _ in range(most_moves):
        moves = move(problem, sight)
        angles = np.abs(moves).max(axis=(-1, -2))
        lengths = trust * np.minimum(1.0, FARTHEST_TURN / np.maximum(angles, FARTHEST_TURN))
        tried = _sight(problem, _rotated(sight.axes, lengths[:, None, None] * moves))
        fell = tried.values <= sight.values + rounding
        sight = tried if fell.all() else tried.where(fell, sight)
        trust = np.where(fell, 1.0, 0.25 * trust)
        axes[owners], values[owners] = sight.axes, sight.values
        moving = lengths * angles > settled
        if not moving.all():
            problem, sight = problem.rows(moving), sight.rows(moving)
            owners, trust, rounding = owners[moving], trust[moving], rounding[moving]
            if not len(owners):
                break
    return axes, values


def _rotated(axes: Array, moves: Array) -> Array:
    """(M, D, D): axes times rotations by skew `moves`: Cayley's, equal to exp(moves) to the third order."""
    half, unit = 0.5 * moves, np.eye(axes.shape[-1])
    return axes @ np.linalg.solve(unit - half, unit + half)


def _paired_move(problem: Problem, sight: Sight) -> Array:
    """(M, D, D): how far each pair of axes should turn by its own slope and curvature, X skew in D exp(X)."""
    variances, weights = sight.variances, sight.weights
    leaning, slopes = _slopes(sight)
    shares = np.swapaxes(weights[..., None] / variances, -1, -2) @ variances
    bends = 2.0 * shares - 4.0 * np.einsum("mk,mkia->mia", weights, leaning * leaning)
    bends = bends + np.swapaxes(bends, -1, -2) - 4.0 * problem.points[:, None, None]
    if problem.equal_volume:
        changes = 2.0 * (leaning - np.swapaxes(leaning, -1, -2))
        bends += np.einsum("mk,mkia->mia", weights / variances.shape[-1], changes * changes)
    return slopes / (np.abs(bends) + EPSILON * problem.points[:, None, None])


def _slopes(sight: Sight) -> tuple[Array, Array]:
    """S_kia / s_ki (M, K, D, D), and minus the slope of the value for X_ia = -X_ai (M, D, D): skew, and
    nothing where the axes are stationary (Flury & Gautschi 1986, equation 1.5)."""
    leaning = sight.scatters / sight.variances[..., None]
    pulls = np.einsum("mk,mkia->mia", sight.weights, leaning)
    return leaning, 2.0 * (pulls - np.swapaxes(pulls, -1, -2))


@cache
def _pairs(n_dimensions: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs of axes, the first before the second."""
    first, second = np.triu_indices(n_dimensions, 1)
    return first, second


def _newton_move(problem: Problem, sight: Sight) -> Array:
    """(M, D, D): Newton's X, skew in D exp(X), away from saddles and maxima."""
    n_dimensions = problem.scatters.shape[-1]
    first, second = _pairs(n_dimensions)
    leaning, slopes = _slopes(sight)
    hessian = _of_pairs(_bends(sight, leaning), first, second)
    if problem.equal_volume:
        # A geometric mean bends by the square of its logarithm's slope as well, the logarithm of their sum
        # by less.
        changes = 2.0 * (leaning[..., second, first] - leaning[..., first, second])
        weighted = (sight.weights / n_dimensions)[..., None] * changes
        hessian += np.swapaxes(weighted, -1, -2) @ changes
        whole = weighted.sum(axis=1)
        hessian -= (n_dimensions / problem.points)[:, None, None] * whole[:, :, None] * whole[:, None, :]
    values, vectors = np.linalg.eigh(hessian)
    # Where the scatters are round a turn changes nothing, and its curvature is but rounding.
    values = np.maximum(np.abs(values), 64 * EPSILON * problem.points[:, None])
    across = np.swapaxes(vectors, -1, -2) @ slopes[:, first, second, None]
    turns = (vectors @ (across / values[..., None]))[..., 0]
    moves = np.zeros(slopes.shape)
    moves[:, first, second], moves[:, second, first] = turns, -turns
    return moves


def _bends(sight: Sight, leaning: Array) -> Array:
    """(M, D, D, D): B with sum_i X_i^T B_i X_i the second derivative along X skew of columns X_i, of
    the value's logarithms with their weights held."""
    n_problems, n_components, n_dimensions = sight.variances.shape
    shares = np.swapaxes(sight.weights[..., None] / sight.variances, -1, -2)
    held = shares @ sight.scatters.reshape(n_problems, n_components, n_dimensions**2)
    held = held.reshape(n_problems, *[n_dimensions] * 3)
    pulls = np.einsum("miia->mia", held)
    by_axis = np.swapaxes(leaning, 1, 2)
    squares = np.swapaxes(by_axis * sight.weights[:, None, :, None], -1, -2) @ by_axis
    return 2.0 * held - (pulls + np.swapaxes(pulls, -1, -2))[:, None] - 4.0 * squares


def _of_pairs(bends: Array, first: NDArray[np.intp], second: NDArray[np.intp]) -> Array:
    """(M, P, P): a quadratic form in the columns of X as one in its entries X[first, second]."""
    n_problems, n_dimensions = bends.shape[:2]
    whole = np.zeros((n_problems, *[n_dimensions] * 4))
    np.einsum("maibi->miab", whole)[...] = bends
    whole = whole.reshape(n_problems, n_dimensions**2, n_dimensions**2)
    above, below = first * n_dimensions + second, second * n_dimensions + first
    rows = whole[:, above] - whole[:, below]
    return rows[:, :, above] - rows[:, :, below]
