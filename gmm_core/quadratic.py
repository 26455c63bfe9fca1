"""The log-joint as a linear function of the points' products: two matrix products make an E-step.

The log-joint of a Gaussian is linear in 1, x and the products of x with itself (and in 0/1 columns), and
so are the moments in the responsibilities. Expanded squares cancel where a component is small beside its
distance from the common origin: about eps times the cancelled squares is lost of a log-density. Where
that could be seen, walk.py takes a component's own coordinates (whitened.py) instead.
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
    upper: NDArray[np.intp]
    """Of every product of (1, x) with itself that there is, 1 first and then as the features, the place in a
    (D + 1) x (D + 1) matrix laid flat, not below the diagonal."""
    factors: Array
    """What it is multiplied with to be part of -1/2 of a symmetric matrix's quadratic form."""
    table: NDArray[np.intp]
    """(D + 1, D + 1): the feature that is the product of i and j; where there is none, 0."""
    products: Products
    """Which there are."""


@cache
def layout_of(n_dimensions: int, n_binary: int, kind: Products) -> Layout:
    """That of D numbers and B binary columns."""
    width = n_dimensions + 1
    rows, columns = np.triu_indices(width)
    if kind != "all":
        kept = (rows == 0) | (rows == columns) & (kind == "squares")
        rows, columns = rows[kept], columns[kept]
    n_plain = 1 + 2 * n_binary
    table = np.zeros((width, width), dtype=np.intp)
    table[rows[1:], columns[1:]] = table[columns[1:], rows[1:]] = np.arange(1, len(rows)) + n_plain - 1
    factors = np.where(rows == columns, -0.5, -1.0)
    return Layout(n_plain, n_plain - 1 + len(rows), rows * width + columns, factors, table, kind)


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


# Components too small for the range of float64, or too far, show as lost digits later.
@np.errstate(over="ignore", invalid="ignore")
def forms_of(terms: LogJoint, origin: Array) -> tuple[Array, Array]:
    """(..., K, D): W (m - origin); and (..., K, D + 1, D + 1): |W (x - m)|^2 as a quadratic form in 1 and x
    about the origin. Its diagonal holds how far the mean is, and how steep the component along every axis."""
    roots = np.empty((*terms.means.shape, terms.n_dimensions + 1))
    roots[..., 1:] = terms.whiteners
    np.matmul(terms.whiteners, (origin - terms.means)[..., None], out=roots[..., :1])
    return -roots[..., 0], np.swapaxes(roots, -1, -2) @ roots


@np.errstate(over="ignore", invalid="ignore")
def coefficients_of(terms: LogJoint, forms: Array, layout: Layout) -> Array:
    """(..., R, F): the log-joint as a linear function of the features, from its forms (..., K, D + 1,
    D + 1)."""
    result = plain_coefficients(terms, layout.n_features)
    products = forms.reshape(*forms.shape[:-2], -1).take(layout.upper, axis=-1)
    products *= layout.factors
    own = result[..., : terms.n_components, :]
    own[..., 0] += products[..., 0]
    own[..., layout.n_plain :] = products[..., 1:]
    return result


@np.errstate(over="ignore", invalid="ignore")
def moments_of(sums: Array, origin: Array, layout: Layout) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Counts (C,), means (C, D) and scatters (C, D, D) of features summed (C, F), and whether each has kept
    its digits (C,)."""
    products = sums.take(layout.table, axis=1)
    counts = products[:, 0, 0]
    if layout.products == "squares":
        products = np.where(layout.table + np.eye(len(layout.table)) > 0, products, 0.0)
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
    return scatters, are_precise(scatters, squares)


def are_precise(scatters: Array, squares: Array) -> NDArray[np.bool_]:
    """(C,): whether scatters (C, D, D) are not much smaller, in any direction, than the squares (C, D) they
    are a difference of: such have lost digits."""
    if scatters.shape[-1] == 2:
        # The smallest eigenvalue of their ratios is at least the determinant over the trace.
        first, second = scatters[..., 0, 0], scatters[..., 1, 1]
        determinants = first * second - scatters[..., 0, 1] * scatters[..., 1, 0]
        kept = determinants * MOST_CANCELLED > first * squares[..., 1] + second * squares[..., 0]
        # Rounding may leave both below 0, or one of them so far that the sum is.
        return kept & (first > 0) & (second > 0)
    scales = np.sqrt(np.where(squares > 0, squares, 1.0))
    ratios = scatters / scales[..., :, None] / scales[..., None, :]
    return np.asarray(np.linalg.eigvalsh(ratios)[..., 0] * MOST_CANCELLED > 1.0)
