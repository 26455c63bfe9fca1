"""The log-joint as a linear function of the points' products: two matrix products make an E-step.

The log-joint of a Gaussian is linear in 1, x and the products of x with itself (and in 0/1 columns), and
so are the moments in the responsibilities. Expanded squares cancel where a component is small beside its
distance from the common origin: about eps times the cancelled squares is lost of a log-density. Where
that could be seen, gathering.py takes a component's own coordinates (whitened.py) instead.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gmm_core.blocks import scratch
from gmm_core.log_joint import LogJoint
from gmm_core.points import Array
from gmm_core.precision import SMALLEST

# The largest squared distance from the origin, in variances, that may cancel: eps times this, what is lost of
# a log-density, is below 3e-11.
MOST_CANCELLED = 1e5


Products = Literal["all", "squares", "none"]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the features lie: 1, the binary columns' 1 - b and b, x, and the products of x with itself: all,
    those of no two different columns ("squares"), or none at all.
    """

    n_plain: int
    """1 + 2 B: the features that know nothing of x."""
    n_features: int
    """F."""
    rows: NDArray[np.intp]
    """Of every product of (1, x) with itself that there is, the first factor..."""
    columns: NDArray[np.intp]
    """... the second, not before the first..."""
    places: NDArray[np.intp]
    """... and its feature."""
    factors: Array
    """What it is multiplied with to be part of -1/2 of a symmetric matrix's quadratic form."""
    products: Products
    """Which there are."""


@cache
def layout_of(n_dimensions: int, n_binary: int, kind: Products) -> Layout:
    """That of D numbers and B binary columns."""
    rows, columns = np.triu_indices(n_dimensions + 1)
    if kind != "all":
        kept = (rows == 0) | (rows == columns) & (kind == "squares")
        rows, columns = rows[kept], columns[kept]
    n_plain = 1 + 2 * n_binary
    places = np.arange(len(rows)) + n_plain - 1
    places[0] = 0
    factors = np.where(rows == columns, -0.5, -1.0)
    return Layout(n_plain, n_plain - 1 + len(rows), rows, columns, places, factors, kind)


def plain_features(blocks: Array, n_dimensions: int, n_features: int) -> Array:
    """(S, F, n), of which the first 1 + 2 B are 1, and 1 - b and b of every binary column of points
    (S, n, D + B); the others are yet to be filled in. This thread's next call overwrites them."""
    n_blocks, size, n_columns = blocks.shape
    n_binary = n_columns - n_dimensions
    features = scratch.array("features", (n_blocks, n_features, size))
    features[:, 0] = 1.0
    if n_binary:
        ones = features[:, 1 + n_binary : 1 + 2 * n_binary]
        ones[:] = np.swapaxes(blocks, 1, 2)[:, n_dimensions:]
        np.subtract(1.0, ones, out=features[:, 1 : 1 + n_binary])
    return features


def shifted_features(blocks: Array, origin: Array, layout: Layout) -> tuple[Array, Array]:
    """(S, F, n): of points (S, n, D + B) the plain features and x about the origin (D,), the products yet to
    be filled in; and (S, D, n), x among them. This thread's next call overwrites them."""
    n_dimensions, first = len(origin), layout.n_plain
    features = plain_features(blocks, n_dimensions, layout.n_features)
    numbers = features[:, first : first + n_dimensions]
    np.subtract(np.swapaxes(blocks, 1, 2)[:, :n_dimensions], origin[:, None], out=numbers)
    return features, numbers


def fill_in_products(features: Array, numbers: Array, layout: Layout) -> None:
    """Writes the products of the numbers (S, D, n) with each other into features (S, F, n)."""
    n_dimensions = numbers.shape[1]
    first = layout.n_plain + n_dimensions
    if layout.products == "squares":
        np.multiply(numbers, numbers, out=features[:, first:])
        return
    for i in range(n_dimensions):
        after = first + n_dimensions - i
        np.multiply(numbers[:, i : i + 1], numbers[:, i:], out=features[:, first:after])
        first = after


def plain_coefficients(terms: LogJoint, n_features: int) -> Array:
    """(..., R, F): the part of the log-joint that knows nothing of x, as a function of the features."""
    n_components, n_binary = terms.n_components, terms.n_binary
    result = np.zeros((*terms.means.shape[:-2], terms.n_rows, n_features))
    own = result[..., :n_components, :]
    own[..., 0] = terms.constants
    if n_binary:
        own[..., 1 : 1 + n_binary] = terms.log_failures
        own[..., 1 + n_binary : 1 + 2 * n_binary] = terms.log_successes
    if terms.log_noise is not None:
        result[..., -1, 0] = terms.log_noise
    return result


# Components too small for the range of float64 show as lost digits later.
@np.errstate(over="ignore", invalid="ignore")
def coefficients_of(terms: LogJoint, origin: Array, layout: Layout) -> Array:
    """(..., R, F): the log-joint as a linear function of the features."""
    result = plain_coefficients(terms, layout.n_features)
    # |W (x - m)|^2 is the quadratic form of A^T A in (1, x), where A = (-W m, W).
    roots = np.empty((*terms.means.shape, terms.n_dimensions + 1))
    roots[..., 1:] = terms.whiteners
    roots[..., :1] = terms.whiteners @ (origin - terms.means)[..., None]
    forms = np.swapaxes(roots, -1, -2) @ roots
    own = result[..., : terms.n_components, :]
    own[..., layout.places] += forms[..., layout.rows, layout.columns] * layout.factors
    return result


@np.errstate(over="ignore", invalid="ignore")
def moments_of(sums: Array, origin: Array, layout: Layout) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Counts (C,), means (C, D) and scatters (C, D, D) of features summed (C, F), and whether each has kept
    its digits (C,)."""
    n_dimensions = len(origin)
    products = np.zeros((len(sums), n_dimensions + 1, n_dimensions + 1))
    found = sums[:, layout.places]
    products[:, layout.rows, layout.columns] = found
    products[:, layout.columns, layout.rows] = found
    counts = products[:, 0, 0]
    shifts = products[:, 0, 1:] / np.maximum(counts, SMALLEST)[:, None]
    scatters, precise = about_the_mean(
        products[:, 1:, 1:], products[:, 0, 1:], shifts, layout.products == "squares"
    )
    return counts, origin + shifts, scatters, precise


# What is beyond float64 shows as lost digits.
@np.errstate(over="ignore", invalid="ignore")
def about_the_mean(
    products: Array, firsts: Array, shifts: Array, diagonal: bool
) -> tuple[Array, NDArray[np.bool_]]:
    """Scatters (C, D, D) about the means, from products (C, D, D) about a place, x (C, D) summed and the
    means' shifts (C, D) from that place; and whether each has kept its digits (C,)."""
    squares = np.einsum("cdd->cd", products)
    if diagonal:
        scatters = np.zeros(products.shape)
        left = np.einsum("cdd->cd", scatters)
        np.subtract(squares, firsts * shifts, out=left)
        return scatters, (left * MOST_CANCELLED > squares).all(axis=1)
    scatters = products - firsts[:, :, None] * shifts[:, None, :]
    return scatters, _are_precise(scatters, squares)


def _are_precise(scatters: Array, squares: Array) -> NDArray[np.bool_]:
    """(C,): whether scatters (C, D, D) are not much smaller, in any direction, than the squares (C, D) they
    are a difference of: such have lost digits."""
    if scatters.shape[-1] == 2:
        # The smallest eigenvalue of their ratios is at least the determinant over the trace.
        first, second = scatters[..., 0, 0], scatters[..., 1, 1]
        determinants = first * second - scatters[..., 0, 1] * scatters[..., 1, 0]
        kept = determinants * MOST_CANCELLED > first * squares[..., 1] + second * squares[..., 0]
        return kept & (first > 0)
    scales = np.sqrt(np.where(squares > 0, squares, 1.0))
    ratios = scatters / scales[..., :, None] / scales[..., None, :]
    return np.asarray(np.linalg.eigvalsh(ratios)[..., 0] * MOST_CANCELLED > 1.0)
