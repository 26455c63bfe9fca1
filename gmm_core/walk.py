"""One walk over the points: what the components of one mixture, or of many at once, add up to.

A component's log-joint and moments come from two matrix products (quadratic.py) where that costs no digits,
and from its own coordinates (whitened.py) where it would: because it is small or far from the others, or
because a point in this stretch of them is. Each component and each stretch is judged alone, so that one
outlier or one thin component does not slow down all the rest.
"""

from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.blocks import MOST_MULTIPLICATIONS, Piece, pieces_of, scratch
from gmm_core.log_joint import FARTHEST, LogJoint, share_out
from gmm_core.points import LARGEST, Array, check_values
from gmm_core.precision import EPSILON, LEAST_COUNT
from gmm_core.quadratic import (
    MOST_CANCELLED,
    Layout,
    about_the_mean,
    are_precise,
    coefficients_of,
    fill_in_products,
    forms_of,
    layout_of,
    moments_of,
    plain_coefficients,
    shifted_features,
)
from gmm_core.threads import in_parallel
from gmm_core.whitened import by_differences, by_one_product, differences, own_sums, squared_lengths

# In more dimensions the products of the columns with each other, D (D + 1) / 2 of them for every point, cost
# more than each component's own coordinates.
MOST_EXPANDED = 14

# The largest squared distance from the origin, in variances, at which own coordinates come from one product:
# eps times its root is lost of them.
MOST_CANCELLED_OF_COORDINATES = 1e8

# Whiteners' numbers at most that enter one product together.
MOST_IN_ONE_PRODUCT = MOST_MULTIPLICATIONS // 128

# Bytes of own coordinates at once: they are passed through several times, and stay in the cache.
MOST_BYTES_OF_COORDINATES = 2**20

Indices = NDArray[np.intp]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Sums:
    """What points add up to, for R rows in every mixture and C components in all of them."""

    features: Array
    """(M R, F); of what a component gathers in its own coordinates only the binary columns."""
    own_counts: Array | None
    """(C,): the shares that each gathers in its own coordinates, or None where no component does."""
    own_firsts: Array
    """(C, D): its coordinates summed with them..."""
    own_products: Array
    """(C, D, D): ... and their products."""
    log_likelihoods: Array
    """(...), in nats."""
    objectives: Array
    """(...), in nats."""

    def __add__(self, other: "Sums") -> "Sums":
        mine, theirs = (self, other) if self.own_counts is not None else (other, self)
        counts, firsts, products = mine.own_counts, mine.own_firsts, mine.own_products
        if counts is not None and theirs.own_counts is not None:
            counts = counts + theirs.own_counts
            firsts, products = firsts + theirs.own_firsts, products + theirs.own_products
        return Sums(
            self.features + other.features,
            counts,
            firsts,
            products,
            self.log_likelihoods + other.log_likelihoods,
            self.objectives + other.objectives,
        )


_NOTHING = np.empty(0)


@dataclass(frozen=True, eq=False)
class _Own:
    """Which components take their own coordinates, and of what."""

    numbers: Array
    """(S, D, n): the points, or where it is `by_product` the points about the origin."""
    which: Indices
    """(C',)."""
    by_product: bool


@dataclass(frozen=True, eq=False)
class Walk:
    """One walk over the points, with all that it needs to know of the mixtures."""

    points: NDArray[Any]
    sample_weights: Array | None
    temperature: float
    lead: tuple[int, ...]
    """The leading axes: none, or that of the mixtures."""
    n_rows: int
    """R, of each mixture."""
    rows: Indices
    """(C,): the components' rows among all of M R."""
    means: Array
    """(C, D)."""
    whiteners: Array
    """(C, D, D), or (C, D) where they are diagonal and no more is asked for."""
    terms: LogJoint
    layout: Layout
    """Of the features; it has no products where all is done in the components' own coordinates."""
    origin: Array
    """(D,): a place amid the points."""
    coefficients: Array
    """(M R, F)."""
    shifts: Array
    """(C, D): W (m - origin)."""
    distances: Array
    """(C,): of the means from the origin, in standard deviations, squared."""
    steepness: Array
    """(C, D): the squared lengths of the whiteners' columns."""
    forced: Truths
    """(C,): which components take their own coordinates everywhere, by differences."""
    places: Array
    """(C, D): where own coordinates are 0."""
    raw: bool = False
    """Whether own coordinates are differences from the place, in the units of the points."""

    @property
    def lean(self) -> bool:
        """Whether variances are all that is wanted, and the axes are all that it takes."""
        return self.whiteners.ndim == 2

    @property
    def expands(self) -> bool:
        """Whether there are products among the features."""
        return self.layout.products != "none"

    def total(self) -> Sums:
        """Of all points, the same on any number of threads."""
        return reduce(add, in_parallel(self._add_up, self._pieces()))

    def _pieces(self) -> list[Piece]:
        n_components, n_dimensions = self.means.shape
        in_products = [self.coefficients.size, 1 if self.lean else n_dimensions**2]
        # One product for all components, where that leaves blocks of a fair length.
        if not self.lean and self.whiteners.size <= MOST_IN_ONE_PRODUCT:
            in_products.append(self.whiteners.size)
        return pieces_of(
            len(self.points),
            multiplications=max(in_products),
            numbers=sum(self.coefficients.shape) + (0 if self.expands else 3 * n_components * n_dimensions),
            sums=self.coefficients.size + (0 if self.expands else self.whiteners.size),
        )

    def _add_up(self, piece: Piece) -> Sums:
        return reduce(add, (self._stretch(*blocks, piece.size) for blocks in piece.stretches()))

    def _stretch(self, first: int, n_blocks: int, size: int) -> Sums:
        some = slice(first, first + n_blocks * size)
        blocks = self.points[some].reshape(n_blocks, size, -1)
        weights = None if self.sample_weights is None else self.sample_weights[some].reshape(n_blocks, size)
        # Points that are too large to square show as lost digits, as do those that are no numbers.
        with np.errstate(over="ignore", invalid="ignore"):
            features, numbers = shifted_features(blocks, self.origin, self.layout)
            farthest = np.maximum(numbers.max(axis=2), -numbers.min(axis=2)).max(axis=0)
            cancelled = self.distances + self.steepness @ (farthest * farthest)
        careful = self.forced | ~(cancelled <= 0.5 * MOST_CANCELLED)
        # For a few components the products are not worth the trouble.
        if not self.expands or 2 * np.count_nonzero(careful) >= len(careful):
            careful[:] = True
        else:
            fill_in_products(features, numbers, self.layout)
        if not careful.any():
            return self._expect(features, self.coefficients, weights)
        which = np.flatnonzero(careful)
        by_product = not self.lean and not self.raw
        if not by_product or not (cancelled[which] <= MOST_CANCELLED_OF_COORDINATES).all():
            # Not about the origin: far from it the difference from a place is the more precise.
            by_product = False
            self._check(blocks)
            numbers = scratch.array("columns", numbers.shape)
            numbers[:] = np.swapaxes(blocks, 1, 2)[:, : len(self.origin)]
        return self._expect_apart(features, numbers, weights, which, by_product)

    def _check(self, blocks: NDArray[Any]) -> None:
        # A value that is no number compares false.
        if not max(-float(blocks.min()), float(blocks.max())) <= LARGEST:
            check_values(self.points)

    def _expect_apart(
        self, features: Array, numbers: Array, weights: Array | None, which: Indices, by_product: bool
    ) -> Sums:
        """Of blocks of features (S, F, n) and numbers (S, D, n), where the components `which` (C',) take
        their own coordinates: a few blocks at once."""
        plain = plain_coefficients(self.terms, self.layout.n_features).reshape(self.coefficients.shape)
        coefficients = self.coefficients.copy()
        coefficients[self.rows[which]] = plain[self.rows[which]]
        if len(which) == len(self.rows):
            n_plain = self.layout.n_plain
            features, coefficients = features[:, :n_plain], coefficients[:, :n_plain]
        step = max(1, MOST_BYTES_OF_COORDINATES // (8 * numbers[0].size * len(which)))
        total: Sums | None = None
        for block in range(0, len(features), step):
            some = slice(block, block + step)
            own = _Own(numbers[some], which, by_product)
            part = self._expect(features[some], coefficients, None if weights is None else weights[some], own)
            total = part if total is None else total + part
        assert total is not None
        return total

    def _expect(
        self, features: Array, coefficients: Array, weights: Array | None, apart: _Own | None = None
    ) -> Sums:
        """Of blocks of features (S, F, n), some components perhaps in their own coordinates."""
        n_blocks, n_features, size = features.shape
        joints = scratch.array("log_joints", (n_blocks, len(coefficients), size))
        np.matmul(coefficients, features, out=joints)
        # All rows at once are a view, and a choice of them would be a copy.
        everything = apart is None or len(apart.which) == len(coefficients)
        rows = slice(None) if apart is None or everything else self.rows[apart.which]
        own = None if apart is None else self._own(apart, joints, rows)
        stacked = joints.reshape(n_blocks, *self.lead, self.n_rows, size)
        shares, log_densities, objectives = share_out(stacked, self.temperature)
        if weights is not None:
            weights = weights.reshape(n_blocks, *(1 for _ in self.lead), size)
            shares *= weights[..., None, :]
            log_densities, objectives = log_densities * weights, objectives * weights
        shares = shares.reshape(joints.shape)
        likely = _of_blocks(log_densities.sum(axis=-1))
        objective = likely if objectives is log_densities else _of_blocks(objectives.sum(axis=-1))
        sums = np.zeros(self.coefficients.shape)
        sums[:, :n_features] = _of_blocks(shares @ np.swapaxes(features, 1, 2))
        if own is None or apart is None:
            return Sums(sums, None, _NOTHING, _NOTHING, likely, objective)
        n_components, n_dimensions = self.means.shape
        counts, firsts = np.zeros(n_components), np.zeros((n_components, n_dimensions))
        products = np.zeros((n_components, n_dimensions, n_dimensions))
        firsts[apart.which], products[apart.which] = own_sums(own, shares[:, rows], self.lean)
        # What they gather of the features are their counts and binary columns alone.
        held = self.rows[apart.which]
        counts[apart.which] = sums[held, 0]
        sums[held, 0] = 0.0
        sums[held, self.layout.n_plain :] = 0.0
        return Sums(sums, counts, firsts, products, likely, objective)

    # A point may be so far that its squared distance is beyond float64; its density is 0 there.
    @np.errstate(over="ignore")
    def _own(self, apart: _Own, joints: Array, rows: Indices | slice) -> Array:
        """Own coordinates (S, C', D, n), after half their squares were taken off the log-joints' rows."""
        which = apart.which
        whiteners, means = self.whiteners[which], self.means[which]
        if apart.by_product:
            own = by_one_product(apart.numbers, self.shifts[which], whiteners)
        else:
            own = by_differences(apart.numbers, means, whiteners)
        lengths = squared_lengths(own)
        np.minimum(lengths, FARTHEST, out=lengths)
        lengths *= 0.5
        joints[:, rows] -= lengths
        return differences(apart.numbers, self.places[which]) if self.raw else own

    def moments(self, sums: Sums) -> tuple[Array, Array, Array, Truths]:
        """Counts (C,), means (C, D) and scatters (C, D, D), and whether each has kept its digits (C,)."""
        found = None
        if self.expands:
            counts, means, scatters, precise = moments_of(sums.features[self.rows], self.origin, self.layout)
            found = counts, means, scatters, precise | (counts <= LEAST_COUNT)
        if sums.own_counts is None:
            assert found is not None
            return found
        own = self._own_moments(sums.own_counts, sums.own_firsts, sums.own_products)
        if found is None:
            return own
        squares = np.einsum("cdd->cd", sums.features[self.rows].take(self.layout.table, axis=1))[:, 1:]
        return _merged(found, own, squares)

    def _own_moments(
        self, counts: Array, firsts: Array, products: Array
    ) -> tuple[Array, Array, Array, Truths]:
        shifts = firsts / np.maximum(counts, LEAST_COUNT)[:, None]
        scatters, precise = about_the_mean(products, firsts, shifts, self.lean)
        if self.raw:
            moved = shifts
        elif self.lean:
            moved = shifts / self.whiteners
            units = 1.0 / self.whiteners
            scatters *= units[:, :, None] * units[:, None, :]
        else:
            roots: Array = np.asarray(np.linalg.inv(self.whiteners), dtype=np.float64)
            moved = _times(roots, shifts)
            scatters = roots @ scatters @ np.swapaxes(roots, 1, 2)
            scatters = 0.5 * (scatters + np.swapaxes(scatters, 1, 2))
        # A shift below the rounding of the place itself says nothing, and can cost nothing.
        still = (np.abs(moved) <= 4 * EPSILON * np.abs(self.places)).all(axis=1)
        return counts, self.places + moved, scatters, precise | still | (counts <= LEAST_COUNT)


def _times(matrices: Array, vectors: Array) -> Array:
    """(C, D): matrices (C, D, D), or (C, D) where they are diagonal, times vectors (C, D)."""
    return matrices * vectors if matrices.ndim == 2 else (matrices @ vectors[:, :, None])[:, :, 0]


def _of_blocks(parts: Array) -> Array:
    """The sum of parts (S, ...) of several blocks, or the one there is."""
    return parts[0] if len(parts) == 1 else parts.sum(axis=0)


# What is beyond float64 shows as lost digits.
@np.errstate(over="ignore", invalid="ignore")
def _merged(
    one: tuple[Array, Array, Array, Truths], other: tuple[Array, Array, Array, Truths], squares: Array
) -> tuple[Array, Array, Array, Truths]:
    """The moments of two disjoint sets of points, of which one has scatters from `squares` (C, D) about the
    origin. Source: Chan, Golub & LeVeque (1983), eq. 2.1."""
    counts = one[0] + other[0]
    share = other[0] / np.maximum(counts, LEAST_COUNT)
    gaps = np.where(((one[0] > 0) & (other[0] > 0))[:, None], other[1] - one[1], 0.0)
    means = np.where((one[0] > 0)[:, None], one[1] + share[:, None] * gaps, other[1])
    between = (one[0] * share)[:, None, None] * (gaps[:, :, None] * gaps[:, None, :])
    scatters = one[2] + other[2] + between
    # A few points may have no extent of their own: what digits they lost matters beside that of all.
    return counts, means, scatters, (one[3] | are_precise(scatters, squares)) & other[3]


def walk_over(
    points: NDArray[Any],
    terms: LogJoint,
    sample_weights: Array | None,
    temperature: float,
    diagonal: bool,
) -> Walk:
    """The walk over points (N, D + B) for the mixtures of `terms`; a `diagonal` one is after variances
    alone."""
    n_dimensions, n_binary, lead = terms.n_dimensions, terms.n_binary, terms.means.shape[:-2]
    lean = diagonal and not np.tril(terms.whiteners, -1).any()
    products = "squares" if lean else "all" if n_dimensions <= MOST_EXPANDED else "none"
    layout = layout_of(n_dimensions, n_binary, products)
    n_mixtures = terms.constants.size // terms.n_components
    rows = np.arange(n_mixtures * terms.n_rows).reshape(n_mixtures, -1)[:, : terms.n_components].ravel()
    means = terms.means.reshape(-1, n_dimensions)
    whiteners = terms.whiteners.reshape(-1, n_dimensions, n_dimensions)
    if lean:
        whiteners = np.einsum("cdd->cd", whiteners)
    # The middle along every axis: one component that is far from all others does not move it.
    origin = np.sort(means, axis=0)[len(means) // 2]
    shifts, forms = forms_of(terms, origin)
    if products == "none":
        coefficients = plain_coefficients(terms, layout.n_features)
    else:
        coefficients = coefficients_of(terms, forms, layout)
    extents = np.einsum("...ii->...i", forms).reshape(-1, n_dimensions + 1)
    return Walk(
        points=points,
        sample_weights=sample_weights,
        temperature=temperature,
        lead=lead,
        n_rows=terms.n_rows,
        rows=rows,
        means=means,
        whiteners=whiteners,
        terms=terms,
        layout=layout,
        origin=origin,
        coefficients=coefficients.reshape(-1, layout.n_features),
        shifts=shifts.reshape(-1, n_dimensions),
        distances=extents[:, 0],
        steepness=extents[:, 1:],
        forced=np.zeros(len(means), dtype=np.bool_),
        places=means,
    )
