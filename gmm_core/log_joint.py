"""The log of weight times density, for every component and point, and the shares that follow from it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from gmm_core.points import Array, ReadOnly

# Chunks of this many points keep a chunk's arrays in the processor's cache and memory bounded.
CHUNK = 8192

# A squared distance in standard deviations at which any density is 0.
FARTHEST = 1e300

# Shares below this are as good as 0, and are made so: summed over any number of points they are below
# LEAST_COUNT. Where float64 ends, at 1e-308, exp takes three times as long.
LEAST_SHARE = 1e-299
LEAST_LOG_SHARE = -689.0

LOG_TWO_PI = float(np.log(2.0 * np.pi))


@dataclass(frozen=True, eq=False)
class LogJoint(ReadOnly):
    """log(weight * density) as a function of the point, for K components and, below them, the noise.

    Of a point x with D numbers and B binary values b, row k is constants[k]
    - |whiteners[k] @ (x - means[k])|^2 / 2 + log_failures[k] @ (1 - b) + log_successes[k] @ b, and the
    noise, where there is any, is the constant row K. Leading axes hold several mixtures.
    """

    constants: Array
    """(..., K), in nats; finite."""
    means: Array
    """(..., K, D)."""
    whiteners: Array
    """(..., K, D, D), lower triangular."""
    log_failures: Array
    """(..., K, B): log-probabilities of 0 in each binary column; finite."""
    log_successes: Array
    """(..., K, B): log-probabilities of 1."""
    log_noise: Array | None
    """(...), the noise's row, or None without noise."""

    @property
    def n_components(self) -> int:
        """K."""
        return self.means.shape[-2]

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.means.shape[-1]

    @property
    def n_binary(self) -> int:
        """B."""
        return self.log_successes.shape[-1]

    @property
    def n_rows(self) -> int:
        """K, and 1 for the noise."""
        return self.n_components + (self.log_noise is not None)


def safe_log(values: Array) -> Array:
    """The logarithm, with a finite stand-in for that of 0, since 0 times infinity would be no number."""
    if values.size == 0 or values.min() > 0:
        return np.log(values)
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(values), -FARTHEST)


def chunks(points: Array) -> Iterator[Array]:
    """Consecutive float64 pieces of at most CHUNK rows of `points`."""
    for first in range(0, len(points), CHUNK):
        yield points[first : first + CHUNK].astype(np.float64, copy=False)


def log_joint(points: Array, terms: LogJoint) -> Array:
    """(K or K + 1, n): `terms`, those of one mixture, at a chunk of checked points (n, D + B), in nats.

    Differences are taken before they are squared, so that a far origin costs no digits.
    """
    n_dimensions = terms.n_dimensions
    numbers, binary = points[:, :n_dimensions], points[:, n_dimensions:].T
    result = np.empty((terms.n_rows, len(points)))
    for k in range(terms.n_components):
        with np.errstate(over="ignore"):
            whitened = terms.whiteners[k] @ (numbers - terms.means[k]).T
            squared = np.einsum("dn,dn->n", whitened, whitened)
        # Finite, because infinite distances to all components would make shares of 0 / 0.
        result[k] = terms.constants[k] - 0.5 * np.minimum(squared, FARTHEST)
    if terms.n_binary:
        result[: terms.n_components] += terms.log_failures @ (1.0 - binary) + terms.log_successes @ binary
    if terms.log_noise is not None:
        result[-1] = terms.log_noise
    return result


def share_out(log_joints: Array, temperature: float = 1.0) -> tuple[Array, Array, Array]:
    """Shares (..., R, n) that sum to 1 over R, log-densities (..., n), and objectives (..., n) in nats.

    The shares are those of log_joints (..., R, n) / temperature, by log-sum-exp; at temperature 0 the
    largest takes all, the first of equals. The objective is temperature * log sum exp(log_joints /
    temperature), the log-density at temperature 1. `log_joints` is overwritten.
    Source: Bishop (2006) eq. 9.13; Ueda & Nakano (1998), Deterministic annealing EM algorithm, eq. 15.
    """
    largest: Array = log_joints.max(axis=-2)
    if temperature == 1.0:
        return *(_normalize(log_joints, largest)), largest
    _, log_densities = _normalize(log_joints.copy(), largest.copy())
    if temperature == 0.0:
        shares = np.zeros(log_joints.shape)
        np.put_along_axis(shares, log_joints.argmax(axis=-2)[..., None, :], 1.0, axis=-2)
        return shares, log_densities, largest
    # Differences first: at a low temperature the quotients of the log-joints themselves could overflow.
    with np.errstate(over="ignore"):
        gaps = (log_joints - largest[..., None, :]) / temperature
    shares, log_sums = _normalize(gaps, np.zeros(largest.shape))
    return shares, log_densities, largest + temperature * log_sums


def _normalize(log_joints: Array, largest: Array) -> tuple[Array, Array]:
    """Shares in place of the log-joints, and log-densities in place of the largest."""
    log_joints -= largest[..., None, :]
    np.maximum(log_joints, LEAST_LOG_SHARE, out=log_joints)
    shares = np.exp(log_joints, out=log_joints)
    np.copyto(shares, 0.0, where=shares < LEAST_SHARE)
    totals = shares.sum(axis=-2)
    # One division a point, not one for each of its shares.
    shares *= np.reciprocal(totals)[..., None, :]
    largest += np.log(totals)
    return shares, largest
