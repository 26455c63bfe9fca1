"""What is believed of the weights: a Dirichlet distribution, or the pieces of a stick broken in order.

Rows are the components and, behind them, the noise where there is any; leading axes hold several beliefs.
Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2; Blei & Jordan (2006), Variational
inference for Dirichlet process mixtures, section 3.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, digamma, gammaln

from gmm_core.log_joint import FARTHEST
from gmm_core.points import Array, ReadOnly, sealed
from gmm_core.variational.prior import VariationalPrior

Order = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Weights(ReadOnly):
    """Dirichlet(firsts), or where there are `rests` the pieces of a stick: in `order`, each row takes a share
    of what is left, distributed as Beta(firsts, rests)."""

    firsts: Array
    """(..., R): > 0."""
    rests: Array | None = None
    """(..., R): > 0, or None for a Dirichlet distribution."""
    order: Order | None = None
    """(..., R): the rows, first broken off first; None without a stick."""

    def __post_init__(self) -> None:
        for array in (self.firsts, self.rests, self.order):
            if array is not None:
                sealed(array)

    @cached_property
    def _logs(self) -> tuple[Array, Array]:
        """(..., R): the expected logs of each row's share, and of what it leaves (of a stick)."""
        if self.rests is None:
            logs = _digamma(self.firsts) - _digamma(self.firsts.sum(axis=-1, keepdims=True))
            return sealed(logs), sealed(np.zeros(self.firsts.shape))
        both = _digamma(self.firsts + self.rests)
        return sealed(_digamma(self.firsts) - both), sealed(_digamma(self.rests) - both)

    @cached_property
    def expected_logs(self) -> Array:
        """(..., R): E[log pi] (Bishop eq. 10.66; Blei & Jordan section 3.2)."""
        shares, leaves = self._logs
        if self.order is not None:
            shares = shares + _before(leaves, self.order)
        return sealed(np.maximum(shares, -FARTHEST))

    @cached_property
    def expected(self) -> Array:
        """(..., R), summing to 1: E[pi] (Bishop eq. 10.69). What is left of a stick after K pieces belongs to
        components that nobody looks at, and is shared out among those here."""
        if self.rests is None or self.order is None:
            return sealed(self.firsts / self.firsts.sum(axis=-1, keepdims=True))
        both = self.firsts + self.rests
        pieces = self.firsts / both * np.exp(_before(np.log(self.rests / both), self.order))
        return sealed(pieces / pieces.sum(axis=-1, keepdims=True))

    def divergence(self, before: "Weights") -> Array:
        """(...): the Kullback-Leibler divergence from what was believed before, in nats (Bishop eqs. 10.73,
        10.76, B.23)."""
        shares, leaves = self._logs
        gained = ((self.firsts - before.firsts) * shares).sum(axis=-1)
        if self.rests is not None and before.rests is not None:
            gained += ((self.rests - before.rests) * leaves).sum(axis=-1)
        return gained - (self.log_normaliser - before.log_normaliser)

    @property
    def log_normaliser(self) -> Array:
        """(...): the log of the integral of the density without its constant."""
        if self.rests is None:
            return _log_gamma(self.firsts).sum(axis=-1) - _log_gamma(self.firsts.sum(axis=-1))
        return np.asarray(betaln(self.firsts, self.rests), dtype=np.float64).sum(axis=-1)


def believed(
    counts: Array, prior: VariationalPrior, noisy: bool, *, order: Order | None = None, by_size: bool = False
) -> Weights:
    """The belief that raises the bound most when rows hold `counts` (..., R) points; the last is the noise's
    where it is `noisy` (Bishop eq. 10.58; Blei & Jordan eqs. 18-19).

    The noise takes the first piece of a stick, and then the components as they are numbered, or in `order`,
    or `by_size`, the largest first, than which no order has a higher bound (Kurihara, Welling & Teh 2007,
    Collapsed variational Dirichlet process mixture models, section 3.1).
    """
    n_rows = counts.shape[-1]
    noise = n_rows - 1 if noisy else None
    if not prior.breaks_a_stick:
        firsts = counts + prior.concentration
        if noise is not None:
            firsts[..., noise] = counts[..., noise] + prior.noise_concentration
        return Weights(firsts)
    if order is None:
        order = _order(counts, noise, by_size)
    held = np.take_along_axis(counts, order, axis=-1)
    later = np.zeros(counts.shape)
    later[..., :-1] = np.cumsum(held[..., :0:-1], axis=-1)[..., ::-1]
    rests = np.empty(counts.shape)
    np.put_along_axis(rests, order, later, axis=-1)
    firsts, rests = counts + 1.0, rests + prior.concentration
    if noise is not None:
        firsts[..., noise] += prior.noise_concentration - 1.0
        rests[..., noise] += 1.0 - prior.concentration
    return Weights(firsts, rests, order)


def _order(counts: Array, noise: int | None, by_size: bool) -> Order:
    """(..., R): the noise first, and then the components by size, or as they are numbered."""
    ranks = counts.copy()
    if not by_size:
        ranks[...] = -np.arange(counts.shape[-1])
    if noise is not None:
        ranks[..., noise] = np.inf
    return np.argsort(-ranks, axis=-1, kind="stable")


def _before(values: Array, order: Order) -> Array:
    """(..., R): the sum of `values` (..., R) over all rows that come before in `order`."""
    ordered = np.take_along_axis(values, order, axis=-1)
    sums = np.zeros(values.shape)
    sums[..., 1:] = np.cumsum(ordered[..., :-1], axis=-1)
    result = np.empty(values.shape)
    np.put_along_axis(result, order, sums, axis=-1)
    return result


def _digamma(values: Any) -> Array:
    return np.asarray(digamma(values), dtype=np.float64)


def _log_gamma(values: Any) -> Array:
    return np.asarray(gammaln(values), dtype=np.float64)
