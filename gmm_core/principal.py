"""The principal axes of symmetric 2 x 2 matrices in closed form: quicker than LAPACK, and thin ones keep
their digits."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gmm_core.points import Array


class Principal(NamedTuple):
    """Symmetric matrices (..., 2, 2) as long * along + short * across."""

    long: Array
    """(...): the larger eigenvalues."""
    short: Array
    """(...): the smaller eigenvalues, not below 0."""
    along: Array
    """(..., 2, 2): the projections onto the axes of the larger eigenvalues."""
    across: Array
    """(..., 2, 2): the projections onto the axes of the smaller ones."""


def principal(matrices: Array) -> Principal:
    """The eigenvalues and axes of positive semidefinite `matrices` (..., 2, 2).

    Source: Golub & Van Loan, Matrix Computations, 8.5.2, without its division by the off-diagonal.
    """
    scaled, exponents = rescaled(matrices)
    a, b, c = scaled[..., 0, 0], scaled[..., 0, 1], scaled[..., 1, 1]
    leaning = 0.5 * (a - c)
    half_gap = np.hypot(leaning, b)
    long = 0.5 * (a + c) + half_gap
    # The determinant over the large root loses no digits where the difference of roots would.
    short = np.maximum(a * c - b * b, 0.0) / np.where(long > 0, long, 1.0)
    # Every axis is one of a circle's: take the first coordinate axis.
    circle = half_gap == 0
    unit = np.where(circle, 1.0, half_gap)
    projected = projections(np.where(circle, 1.0, leaning / unit), b / unit)
    return Principal(np.ldexp(long, exponents), np.ldexp(short, exponents), *projected)


def rescaled(matrices: Array) -> tuple[Array, NDArray[np.intc]]:
    """`matrices` (..., 2, 2) divided by powers of 2 so that their traces lie between 1/2 and 1, and the
    exponents (...): without rounding, and no product leaves the range of float64."""
    exponents = np.frexp(matrices[..., 0, 0] + matrices[..., 1, 1])[1]
    return np.ldexp(matrices, -exponents[..., None, None]), exponents


def projections(cosine: Array, sine: Array) -> tuple[Array, Array]:
    """The projections (..., 2, 2) onto an axis and across it, from cosine and sine of twice its angle."""
    large = 0.5 + 0.5 * np.abs(cosine)
    # The smaller of squared cosine and sine of the angle, without a difference that would lose its digits.
    small = 0.25 * sine * sine / large
    lying = cosine >= 0
    along = np.empty((*cosine.shape, 2, 2))
    along[..., 0, 0] = np.where(lying, large, small)
    along[..., 1, 1] = np.where(lying, small, large)
    along[..., 0, 1] = along[..., 1, 0] = 0.5 * sine
    return along, adjugate(along)


def adjugate(matrices: Array) -> Array:
    """Of symmetric `matrices` (..., 2, 2): their inverses times their determinants."""
    turned = matrices[..., ::-1, ::-1].copy()
    turned[..., 0, 1] *= -1.0
    turned[..., 1, 0] *= -1.0
    return turned
