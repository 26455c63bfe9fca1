"""Squared distances and moments in each component's own coordinates, z = W (x - m).

What a component gathers is of its own size there, so that no digits are lost, however small it is; and where
it is very far from the others too, the difference is taken before anything else.
"""

import numpy as np

from gmm_core.blocks import MOST_MULTIPLICATIONS, scratch
from gmm_core.points import Array

# In so many dimensions the products of two coordinates are summed pair by pair, in more by a matrix product.
MOST_PAIRED = 8


def differences(columns: Array, places: Array) -> Array:
    """(S, C, D, n): x - place of points (S, D, n) for places (C, D). This thread's next call overwrites
    them."""
    offsets = scratch.array("offsets", (len(columns), len(places), *columns.shape[1:]))
    return np.subtract(columns[:, None], places[:, :, None], out=offsets)


def by_differences(columns: Array, places: Array, whiteners: Array) -> Array:
    """(S, C, D, n): W (x - place) of points (S, D, n) for places (C, D) and whiteners (C, D, D), or (C, D)
    where they are diagonal. This thread's next call overwrites them."""
    offsets = differences(columns, places)
    if whiteners.ndim == 2:
        return np.multiply(offsets, whiteners[:, :, None], out=offsets)
    return np.matmul(whiteners, offsets, out=scratch.array("coordinates", offsets.shape))


def by_one_product(numbers: Array, shifts: Array, whiteners: Array) -> Array:
    """The same as W x - W place, of points (S, D, n) about an origin and W place (C, D) about it: half the
    time, where the two are not so large that their difference loses digits."""
    n_blocks, n_dimensions, size = numbers.shape
    shape = (n_blocks, len(whiteners), n_dimensions, size)
    own = scratch.array("coordinates", shape)
    if len(whiteners) > 1 and (whiteners == whiteners[0]).all():
        common = np.matmul(whiteners[0], numbers, out=scratch.array("common", numbers.shape))
        return np.subtract(common[:, None], shifts[:, :, None], out=own)
    if whiteners.size * size <= MOST_MULTIPLICATIONS:
        np.matmul(whiteners.reshape(-1, n_dimensions), numbers, out=own.reshape(n_blocks, -1, size))
    else:
        np.matmul(whiteners, numbers[:, None], out=own)
    own -= shifts[:, :, None]
    return own


def squared_lengths(coordinates: Array) -> Array:
    """(S, C, n) of coordinates (S, C, D, n). This thread's next call overwrites them."""
    lengths = scratch.array("lengths", (*coordinates.shape[:2], coordinates.shape[3]))
    return np.einsum("scdn,scdn->scn", coordinates, coordinates, out=lengths)


# What is beyond float64 shows as lost digits.
@np.errstate(over="ignore", invalid="ignore")
def own_sums(coordinates: Array, shares: Array, diagonal: bool) -> tuple[Array, Array]:
    """Coordinates (S, C, D, n), and their products with each other, summed with shares (S, C, n) >= 0: (C, D)
    and (C, D, D), of which a `diagonal` one has zeros off its diagonal."""
    n_dimensions = coordinates.shape[2]
    products = np.zeros((*coordinates.shape[:3], n_dimensions))
    weighted = scratch.array("weighted", coordinates.shape)
    if not diagonal and n_dimensions > MOST_PAIRED:
        np.multiply(coordinates, np.sqrt(shares)[:, :, None], out=weighted)
        # NumPy knows a product of a matrix with its own transpose, and takes half the time.
        np.matmul(weighted, np.swapaxes(weighted, 2, 3), out=products)
        firsts = np.matmul(coordinates, shares[..., None])[..., 0]
        return firsts.sum(axis=0), products.sum(axis=0)
    np.multiply(coordinates, shares[:, :, None], out=weighted)
    if diagonal:
        np.einsum("scdd->scd", products)[:] = np.vecdot(weighted, coordinates)
    else:
        for i in range(n_dimensions):
            products[:, :, i, : i + 1] = np.vecdot(weighted[:, :, i : i + 1], coordinates[:, :, : i + 1])
            products[:, :, :i, i] = products[:, :, i, :i]
    return weighted.sum(axis=(0, 3)), products.sum(axis=0)
