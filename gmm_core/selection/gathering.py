"""What many mixtures of one K gather from the same points: the E-step of an ensemble.

By two matrix products where that costs no digits, as quadratic.py has it. Elsewhere differences are taken in
each component's own coordinates, z = W x - W m, before they are squared, and so are the moments: then only
linear terms cancel, and a component may be as small as it likes.
"""

from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from gmm_core import quadratic
from gmm_core.log_joint import FARTHEST, LogJoint, share_out
from gmm_core.points import Array
from gmm_core.precision import SMALLEST

# Numbers in the largest array of a block: it stays in a processor's cache.
BLOCK = 65_536

# Points in a block, at least: so many that calls cost less than the arithmetic.
FEWEST_IN_BLOCK = 256


def gather(
    points: Array,
    terms: LogJoint,
    weights: Array | None = None,
    temperature: float = 1.0,
    most_cancelled: float = quadratic.MOST_CANCELLED,
) -> tuple[Array, ...]:
    """Counts (B, K), means (B, K, D), scatters (B, K, D, D), successes (B, K, J), points of the noise (B,),
    log-likelihoods (B,) and objectives (B,) that points (N, D + J), each as often as `weights` (N,) say, have
    under each of B mixtures.

    `most_cancelled` are squares in standard deviations, as in quadratic.py.
    """
    origin = terms.means.mean(axis=(0, 1))
    sums = quadratic.expect(points, terms, origin, weights, temperature, most_cancelled)
    if sums is None:
        return whitened(points, terms, weights, temperature)
    own = sums.features[:, : terms.n_components]
    *moments, precise = quadratic.gathered(own, origin, most_cancelled)
    # A component on a single point has no scatter but rounding, of either sign.
    precise &= (np.einsum("bkdd->bkd", moments[2]) > 0).all(axis=(1, 2))
    successes = own[..., own.shape[-1] - terms.n_binary :]
    noise = np.zeros(len(own)) if terms.log_noise is None else sums.features[:, -1, 0]
    found = (*moments, successes, noise, sums.log_likelihood, sums.objective)
    if precise.all():
        return found
    lost = np.flatnonzero(~precise)
    exact = whitened(points, _members(terms, lost), weights, temperature)
    for array, values in zip(found, exact, strict=True):
        array[lost] = values
    return found


def whitened(
    points: Array, terms: LogJoint, weights: Array | None = None, temperature: float = 1.0
) -> tuple[Array, ...]:
    """The same in each component's own coordinates."""
    n_members, n_components, n_dimensions = terms.means.shape
    per_point = n_components * n_dimensions
    n_rows = min(len(points), max(FEWEST_IN_BLOCK, BLOCK // (per_point * n_members)))
    n_each = max(1, BLOCK // (per_point * n_rows))
    parts = [
        _of_members(points, _members(terms, slice(first, first + n_each)), weights, temperature, n_rows)
        for first in range(0, n_members, n_each)
    ]
    return parts[0] if len(parts) == 1 else tuple(map(np.concatenate, zip(*parts, strict=True)))


def _members(terms: LogJoint, chosen: slice | NDArray[np.intp]) -> LogJoint:
    return LogJoint(
        terms.constants[chosen],
        terms.means[chosen],
        terms.whiteners[chosen],
        terms.log_failures[chosen],
        terms.log_successes[chosen],
        None if terms.log_noise is None else terms.log_noise[chosen],
    )


def _of_members(
    points: Array, terms: LogJoint, weights: Array | None, temperature: float, n_rows: int
) -> tuple[Array, ...]:
    origin = terms.means.mean(axis=(0, 1))
    offsets = terms.whiteners @ (terms.means - origin)[..., None]
    blocks = range(0, len(points), n_rows)
    sums = [
        _of_block(
            points[first : first + n_rows],
            terms,
            origin,
            offsets,
            None if weights is None else weights[first : first + n_rows],
            temperature,
        )
        for first in blocks
    ]
    total = sums[0] if len(sums) == 1 else tuple(reduce(add, parts) for parts in zip(*sums, strict=True))
    counts, firsts, seconds, successes, noise_counts, log_likelihoods, objectives = total
    shifts = firsts / np.maximum(counts, SMALLEST)[..., None]
    factors: Array = np.asarray(np.linalg.inv(terms.whiteners), dtype=np.float64)
    spreads = seconds - (counts[..., None] * shifts)[..., None] * shifts[..., None, :]
    means = terms.means + (factors @ shifts[..., None])[..., 0]
    scatters = factors @ spreads @ np.swapaxes(factors, -1, -2)
    scatters = 0.5 * (scatters + np.swapaxes(scatters, -1, -2))
    # A single point's own scatter is nothing but rounding.
    for i in range(terms.n_dimensions):
        scatters[..., i, i] = np.maximum(scatters[..., i, i], 0.0)
    return counts, means, scatters, successes, noise_counts, log_likelihoods, objectives


def _of_block(
    rows: Array, terms: LogJoint, origin: Array, offsets: Array, weights: Array | None, temperature: float
) -> tuple[Array, ...]:
    n_members, n_components, n_dimensions = terms.means.shape
    numbers, binary = rows[:, :n_dimensions] - origin, rows[:, n_dimensions:]
    seen = terms.whiteners.reshape(-1, n_dimensions) @ numbers.T
    seen = seen.reshape(n_members, n_components, n_dimensions, len(rows))
    seen -= offsets
    joints = np.empty((n_members, terms.n_rows, len(rows)))
    own = joints[:, :n_components]
    with np.errstate(over="ignore"):
        np.einsum("bkdn,bkdn->bkn", seen, seen, out=own)
    # Finite, because infinite distances to all components would make shares of 0 / 0.
    np.minimum(own, FARTHEST, out=own)
    own *= -0.5
    own += terms.constants[..., None]
    if terms.n_binary:
        own += terms.log_failures @ (1.0 - binary.T) + terms.log_successes @ binary.T
    if terms.log_noise is not None:
        joints[:, -1] = terms.log_noise[:, None]
    shares, log_densities, objectives = share_out(joints, temperature)
    if weights is not None:
        shares *= weights
        log_densities, objectives = log_densities * weights, objectives * weights
    own = shares[:, :n_components]
    noise_counts = np.zeros(n_members) if terms.log_noise is None else shares[:, -1].sum(axis=-1)
    firsts = np.einsum("bkdn,bkn->bkd", seen, own)
    weighted = seen * own[:, :, None, :]
    seconds = weighted @ np.swapaxes(seen, -1, -2)
    log_likelihoods = log_densities.sum(axis=-1)
    raised = log_likelihoods if objectives is log_densities else objectives.sum(axis=-1)
    return own.sum(axis=-1), firsts, seconds, own @ binary, noise_counts, log_likelihoods, raised
