"""The E-step by two matrix products, where that costs no digits.

The log-joint of a Gaussian is linear in 1, x and the products of x with itself (and in 0/1 columns), and
so are the moments in the responsibilities. Expanded squares cancel where a component is small beside its
distance from the common origin: about eps times the cancelled squares is lost of a log-density. Where
that could be seen, `expect` declines, and the centred E-step of expectation.py is taken.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, reduce
from math import prod
from operator import add
from threading import local

import numpy as np
from numpy.typing import NDArray

from gmm_core.log_joint import CHUNK, LogJoint, share_out
from gmm_core.points import Array
from gmm_core.precision import SMALLEST
from gmm_core.threads import MOST_THREADS, in_parallel

# The largest squared distance from the origin, in variances, that may cancel: eps times this, what is lost of
# a log-density, is below 3e-11.
MOST_CANCELLED = 1e5

# Matrix products with fewer multiplications than this stay on the thread that calls them in OpenBLAS,
# so that its threads do not compete with ours.
MOST_MULTIPLICATIONS = 262_144

# Fewer blocks of points than this are not worth waking threads for.
FEWEST_BLOCKS = 4

# Pieces that are added up separately: at least, where there are enough blocks, and at most.
FEWEST_PIECES, MOST_PIECES = 4, 4 * MOST_THREADS

# Bytes of all threads together, at any time.
MOST_BYTES = 40 * 2**20


@dataclass(frozen=True, eq=False)
class Sums:
    """What the points add up to, for every mixture on the leading axes."""

    features: Array
    """(..., R, F): the features summed with the shares of R rows: the components, then the noise."""
    log_likelihood: Array
    """(...), in nats."""
    objective: Array
    """(...), in nats."""

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(
            self.features + other.features,
            self.log_likelihood + other.log_likelihood,
            self.objective + other.objective,
        )


@dataclass(frozen=True, eq=False)
class _Layout:
    """Where the products of (1, x) with itself lie among the features."""

    upper: NDArray[np.intp]
    """The flat indices of the upper triangle of a (D + 1) x (D + 1) matrix, in the order of the features."""
    factors: Array
    """What a symmetric matrix's upper triangle is multiplied with to be -1/2 of its quadratic form."""
    places: NDArray[np.intp]
    """(D + 1, D + 1): the feature that is the product of i and j."""
    squares: NDArray[np.intp]
    """(D,): the features that are squares of x."""


@cache
def _layout(n_dimensions: int) -> _Layout:
    rows, columns = np.triu_indices(n_dimensions + 1)
    places = np.empty((n_dimensions + 1, n_dimensions + 1), dtype=np.intp)
    places[rows, columns] = places[columns, rows] = np.arange(len(rows))
    factors = np.where(rows == columns, -0.5, -1.0)
    return _Layout(rows * (n_dimensions + 1) + columns, factors, places, np.diagonal(places)[1:].copy())


def places_of_products(n_dimensions: int) -> NDArray[np.intp]:
    """(D + 1, D + 1): the feature that is the product of two of (1, x)."""
    return _layout(n_dimensions).places


class _Scratch(local):
    """Arrays that each thread uses again: fresh memory costs more than the arithmetic that is done in it."""

    def __init__(self) -> None:
        self.held: dict[str, Array] = {}

    def array(self, name: str, shape: tuple[int, ...]) -> Array:
        """An array whose values mean nothing, valid until this thread asks for the same name again."""
        size = prod(shape)
        if name not in self.held or self.held[name].size < size:
            self.held[name] = np.empty(size)
        return self.held[name][:size].reshape(shape)


_scratch = _Scratch()


def features_of(points: Array, origin: Array) -> Array:
    """(..., F, n): 1, the D numbers of points (..., n, D + B) about the origin, their products with each
    other, and 1 - b and b of every binary column. This thread's next call overwrites them."""
    n_dimensions, n_binary = len(origin), points.shape[-1] - len(origin)
    numbers = 1 + n_dimensions
    binary = numbers + n_dimensions * (n_dimensions + 1) // 2
    columns = np.swapaxes(points, -1, -2)
    shape = (*points.shape[:-2], binary + 2 * n_binary, points.shape[-2])
    features = _scratch.array("features", shape)
    features[..., 0, :] = 1.0
    np.subtract(columns[..., :n_dimensions, :], origin[:, None], out=features[..., 1:numbers, :])
    first = numbers
    for i in range(n_dimensions):
        after = first + n_dimensions - i
        np.multiply(
            features[..., 1 + i : 2 + i, :],
            features[..., 1 + i : numbers, :],
            out=features[..., first:after, :],
        )
        first = after
    if n_binary:
        features[..., binary + n_binary :, :] = columns[..., n_dimensions:, :]
        np.subtract(
            1.0, features[..., binary + n_binary :, :], out=features[..., binary : binary + n_binary, :]
        )
    return features


# Components too small for the range of float64 show as lost digits later.
@np.errstate(over="ignore", invalid="ignore")
def coefficients_of(terms: LogJoint, origin: Array) -> tuple[Array, Array]:
    """(..., R, F): the log-joint as a linear function of the features; and (..., K): the squared
    distances of the means from the origin, in standard deviations."""
    layout = _layout(terms.n_dimensions)
    n_components, n_products = terms.n_components, len(layout.factors)
    shape = (*terms.means.shape[:-2], terms.n_rows, n_products + 2 * terms.n_binary)
    result = np.zeros(shape) if terms.log_noise is not None else np.empty(shape)
    own = result[..., :n_components, :]
    # |W (x - m)|^2 is the quadratic form of A^T A in (1, x), where A = (-W m, W).
    roots = np.empty((*terms.means.shape, terms.n_dimensions + 1))
    roots[..., 1:] = terms.whiteners
    roots[..., :1] = terms.whiteners @ (origin - terms.means)[..., None]
    forms = np.swapaxes(roots, -1, -2) @ roots
    flat = forms.reshape(*forms.shape[:-2], -1)
    np.multiply(flat.take(layout.upper, axis=-1), layout.factors, out=own[..., :n_products])
    own[..., 0] += terms.constants
    if terms.n_binary:
        own[..., n_products:] = np.concatenate([terms.log_failures, terms.log_successes], axis=-1)
    if terms.log_noise is not None:
        result[..., -1, 0] = terms.log_noise
    return result, flat[..., 0]


def expect(
    points: Array,
    terms: LogJoint,
    origin: Array,
    sample_weights: Array | None = None,
    temperature: float = 1.0,
    most_cancelled: float = MOST_CANCELLED,
) -> Sums | None:
    """The features of points (N, D + B) about `origin`, summed with the shares that `terms` give them, or
    None where digits would be lost or a point is not finite.

    `most_cancelled` are squares in standard deviations, as MOST_CANCELLED."""
    coefficients, distances = coefficients_of(terms, origin)
    squares = _layout(len(origin)).squares
    # (..., K, D): minus half of how steep every component is along every axis, in squared units.
    steepness = coefficients[..., : terms.n_components, :].take(squares, axis=-1)

    def loses_digits(features: Array) -> bool:
        farthest = features.take(squares, axis=1).max(axis=(0, 2))
        # A point that is not a number compares false.
        return not (distances - 2.0 * len(origin) * (steepness @ farthest)).max() <= 0.5 * most_cancelled

    def add_up(piece: _Piece) -> Sums | None:
        total: Sums | None = None
        for first, n_blocks in piece.stretches():
            rows = slice(first, first + n_blocks * piece.size)
            blocks = points[rows].reshape(n_blocks, piece.size, -1)
            # Points that are too large to square show as lost digits.
            with np.errstate(over="ignore", invalid="ignore"):
                features = features_of(blocks, origin)
                if loses_digits(features):
                    return None
            weights = None if sample_weights is None else sample_weights[rows].reshape(blocks.shape[:2])
            part = _expect(features, coefficients, weights, temperature)
            total = part if total is None else total + part
        return total

    return _total(in_parallel(add_up, _pieces(len(points), coefficients)))


@dataclass(frozen=True)
class _Piece:
    """Blocks of points that one thread takes, a stretch of them at once: so long a one in every call that
    threads seldom wait for each other, while each of the matrix products inside is small."""

    first: int
    n_blocks: int
    size: int
    """Points in a block."""
    stretch: int
    """Blocks at once, at most."""

    def stretches(self) -> Iterator[tuple[int, int]]:
        """The first point of each stretch, and its blocks."""
        for block in range(0, self.n_blocks, self.stretch):
            yield self.first + block * self.size, min(self.stretch, self.n_blocks - block)


def _pieces(n_points: int, coefficients: Array) -> list[_Piece]:
    """They depend on nothing but the problem, so that sums are the same on any number of threads, and are
    never many, so that their sums take little room."""
    most = max(32, min(CHUNK, MOST_MULTIPLICATIONS // coefficients.size))
    n_blocks = -(-n_points // most)
    size = n_points // n_blocks
    # A block's features, the log-joints and what normalises them; and what it adds up to.
    bytes_of_block = 8 * size * sum(coefficients.shape[-2:]) * max(1, coefficients[..., 0, 0].size)
    bytes_of_block += 8 * coefficients.size
    apart = FEWEST_PIECES if n_blocks >= FEWEST_BLOCKS else 1
    stretch = max(1, min(MOST_BYTES // (MOST_THREADS * bytes_of_block), -(-n_blocks // apart)))
    length = stretch * -(-n_blocks // (stretch * MOST_PIECES))
    pieces = [
        _Piece(first * size, min(length, n_blocks - first), size, stretch)
        for first in range(0, n_blocks, length)
    ]
    rest = n_points - n_blocks * size
    return [*pieces, _Piece(n_points - rest, 1, rest, 1)] if rest else pieces


def _total(parts: list[Sums | None]) -> Sums | None:
    """The sums of all pieces, one after the other."""
    found = [part for part in parts if part is not None]
    return reduce(add, found) if len(found) == len(parts) else None


def _expect(features: Array, coefficients: Array, weights: Array | None, temperature: float) -> Sums:
    """The Sums of blocks of features (S, F, n)."""
    rows = coefficients.reshape(-1, coefficients.shape[-1])
    stacked = _scratch.array("log_joints", (len(features), len(rows), features.shape[-1]))
    np.matmul(rows, features, out=stacked)
    joints = stacked.reshape(len(features), *coefficients.shape[:-1], -1)
    shares, log_densities, objectives = share_out(joints, temperature)
    if weights is not None:
        weights = weights.reshape(len(weights), *(1 for _ in coefficients.shape[:-2]), -1)
        shares *= weights[..., None, :]
        log_densities, objectives = log_densities * weights, objectives * weights
    sums = _of_blocks(shares.reshape(stacked.shape) @ np.swapaxes(features, -1, -2))
    log_likelihood = _of_blocks(log_densities.sum(axis=-1))
    objective = log_likelihood if objectives is log_densities else _of_blocks(objectives.sum(axis=-1))
    return Sums(sums.reshape(coefficients.shape), log_likelihood, objective)


def _of_blocks(parts: Array) -> Array:
    """The sum of parts (S, ...) of several blocks, or the one there is."""
    return parts[0] if len(parts) == 1 else parts.sum(axis=0)


@np.errstate(over="ignore", invalid="ignore")
def gathered(
    sums: Array, origin: Array, most_cancelled: float = MOST_CANCELLED
) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Counts (..., K), means (..., K, D) and scatters (..., K, D, D) from the components' sums (..., K, F),
    and whether each mixture's (...) have kept their digits."""
    layout = _layout(len(origin))
    products = sums.take(layout.places, axis=-1)
    counts = products[..., 0, 0]
    shifts = products[..., 0, 1:] / np.maximum(counts, SMALLEST)[..., None]
    scatters = products[..., 1:, 1:] - products[..., 1:, :1] * shifts[..., None, :]
    precise = _precise(scatters, sums.take(layout.squares, axis=-1), most_cancelled)
    return counts, origin + shifts, scatters, np.asarray(precise.all(axis=-1))


def _precise(scatters: Array, squares: Array, most_cancelled: float) -> NDArray[np.bool_]:
    """Whether scatters (..., D, D) are not much smaller, in any direction, than the squares (..., D) they are
    a difference of: such have lost digits, as has what holds nothing."""
    if scatters.shape[-1] == 2:
        # The smallest eigenvalue of their ratios is at least the determinant over the trace.
        first, second = scatters[..., 0, 0], scatters[..., 1, 1]
        determinants = first * second - scatters[..., 0, 1] * scatters[..., 1, 0]
        return determinants * most_cancelled > first * squares[..., 1] + second * squares[..., 0]
    scales = np.sqrt(np.where(squares > 0, squares, 1.0))
    ratios = scatters / scales[..., :, None] / scales[..., None, :]
    return np.asarray(np.linalg.eigvalsh(ratios)[..., 0] * most_cancelled > 1.0)
