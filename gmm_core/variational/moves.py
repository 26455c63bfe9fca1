"""Merge and delete moves: the steps by which a variational mixture switches off what it does not need.

Coordinate steps empty a superfluous component by and by, in the more steps the more points there are. A move
does it in one, and is made where the bound rises.
Source: Hughes & Sudderth (2013), Memoized online variational inference for Dirichlet process mixture models,
section 3; Bryant & Sudderth (2012), Truly nonparametric online variational inference for hierarchical
Dirichlet processes, section 4.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import xlogy

from gmm_core.log_joint import log_joint, share_out
from gmm_core.moments import LEAST_COUNT, Moments
from gmm_core.points import Array, check_values
from gmm_core.variational.bound import Indices, components_divergence, components_of, merge_gains
from gmm_core.variational.posterior import Posterior
from gmm_core.variational.prior import VariationalPrior
from gmm_core.variational.weights import believed

# Moves are chosen by the shares of one point in so many, of no fewer and no more than these: the choice costs
# little beside an E-step. Whether a move is made is said by all points.
ONE_IN = 16
FEWEST_LOOKED_AT = 2048
MOST_LOOKED_AT = 65_536

# Pairs whose loss of entropy is found to the end before the best is taken.
MOST_COMPARED = 16

# Pairs are compared in blocks whose matrices have no more entries together.
MOST_ENTRIES = 2**20

# Steps of this part of a whole never come back to where they were: no period in the rows' order meets them.
GOLDEN = 0.6180339887498949


@dataclass(frozen=True)
class Move:
    """A component that was switched off in one step."""

    removed: int
    """Its index, from 0; from then on it stands at the prior."""
    into: int | None
    """The index of the component that took all it held, or None where every other took its share."""
    gain: float
    """By how much the bound rose in this step, in nats; of a move not yet made, what it promises."""

    @property
    def components(self) -> tuple[int, ...]:
        """The indices of those it is about, from 0; the removed one first."""
        return (self.removed,) if self.into is None else (self.removed, self.into)

    def __str__(self) -> str:
        """As people say it, who count from 1: "merged 4 into 2: the bound rose by 31"."""
        gain = f"{self.gain:.2g}" if self.gain < 10 else f"{self.gain:.0f}"
        rose = f"the bound rose by {gain}"
        if self.into is None:
            return f"deleted {self.removed + 1}: {rose}"
        return f"merged {self.removed + 1} into {self.into + 1}: {rose}"


@dataclass(frozen=True)
class Refusal:
    """A move that was tried and did not raise the bound."""

    components: tuple[int, ...]
    """Those it was about."""
    iteration: int
    """The state at which it was last tried."""
    times: int
    """How often it has been tried in vain."""

    def is_waiting(self, iteration: int) -> bool:
        """Whether it is too soon to try it again: each trial costs an E-step or a few."""
        return iteration < self.iteration + 4**self.times


def after_move(moments: Moments, move: Move) -> Moments:
    """What the components hold when the move has been made; where one is deleted, its points are missing."""
    counts, means = moments.counts.copy(), moments.means.copy()
    scatters, successes = moments.scatters.copy(), moments.successes.copy()
    gone, into = move.removed, move.into
    if into is not None:
        taken, kept = (components_of(moments, np.array([k])) for k in (gone, into))
        both = taken + kept
        counts[into], means[into], scatters[into] = both.counts[0], both.means[0], both.scatters[0]
        successes[into] = both.successes[0]
    counts[gone], scatters[gone], successes[gone] = 0.0, 0.0, 0.0
    return replace(moments, counts=counts, means=means, scatters=scatters, successes=successes)


def best_move(
    points: Array,
    sample_weights: Array | None,
    posterior: Posterior,
    moments: Moments,
    prior: VariationalPrior,
    family: str,
    left_out: frozenset[tuple[int, ...]] = frozenset(),
    least: float = 0.0,
) -> Move | None:
    """The move that promises the highest bound from here, right after an E-step, or None where none does.

    `points` (N, D) and their weights (N,) are checked, and the prior is of the family. Moves about the
    components in `left_out` are not looked at, nor are those that cannot be hoped to gain the `least`.
    """
    active = np.flatnonzero(moments.counts > 1.0)
    if len(active) < 2:
        return None
    # What the other components may yet win back is of the order of what one costs.
    price = components_divergence(posterior, prior, family)
    firsts, seconds, gains = _pairs(active, moments, prior, family)
    # At best no entropy is lost.
    hopeful = gains > np.maximum(least - price[firsts], 0.0)
    firsts, seconds, gains = firsts[hopeful], seconds[hopeful], gains[hopeful]
    spared, rises = _without(active, posterior, moments, prior)
    spared += price[active]
    # The log of 1 - r is at most -r.
    most = spared + rises.max(axis=1) * moments.total - moments.counts[active]
    hopeful = most > np.maximum(least - price[active], 0.0)
    if not len(gains) and not hopeful.any():
        return None
    sample = _sampled(points, sample_weights, posterior)
    deletions = _deletions(active[hopeful], spared[hopeful], rises[hopeful], sample)
    moves = [
        move
        for move, doubt in (*deletions, *_merges(firsts, seconds, gains, sample))
        if move.gain + doubt + price[move.removed] > least and move.components not in left_out
    ]
    return max(moves, key=lambda move: move.gain, default=None)


def _pairs(
    active: Indices, moments: Moments, prior: VariationalPrior, family: str
) -> tuple[Indices, Indices, Array]:
    """All pairs: who would give (P,), the lighter, who would take (P,), and by how much the bound would rise
    if no entropy were lost (P,)."""
    counts = moments.counts[active]
    i, j = np.triu_indices(len(active), 1)
    lighter = counts[i] < counts[j]
    firsts, seconds = active[np.where(lighter, i, j)], active[np.where(lighter, j, i)]
    size = MOST_ENTRIES // moments.n_dimensions**2 + 1
    blocks = range(size, len(firsts), size)
    gains = np.concatenate(
        [
            merge_gains(moments, one, other, prior, family)
            for one, other in zip(np.split(firsts, blocks), np.split(seconds, blocks), strict=True)
        ]
    )
    return firsts, seconds, gains


def _without(
    active: Indices, posterior: Posterior, moments: Moments, prior: VariationalPrior
) -> tuple[Array, Array]:
    """For each of the A active components, were it without points: by how much less the weights would differ
    from the prior (A,), and by how much each row's expected log-weight would rise (A, R)."""
    noisy = moments.noise is not None
    before = believed(np.zeros(moments.n_components + noisy), prior, noisy)
    # What the posterior was made of, which is one step older than what it gathers.
    held = np.maximum(posterior.weights.firsts - before.firsts, 0.0)
    emptied = np.repeat(held[None], len(active), axis=0)
    emptied[np.arange(len(active)), active] = 0.0
    after = believed(emptied, prior, noisy, by_size=True)
    spared = posterior.weights.divergence(before) - after.divergence(before)
    return spared, after.expected_logs - posterior.weights.expected_logs


def _sampled(points: Array, sample_weights: Array | None, posterior: Posterior) -> "_Sample":
    check_values(points)
    n_points = len(points)
    some = np.arange(n_points)
    size = min(max(n_points // ONE_IN, FEWEST_LOOKED_AT), MOST_LOOKED_AT)
    if n_points > size:
        some = (np.arange(size) * GOLDEN % 1.0 * n_points).astype(np.intp)
    weights = np.ones(len(some)) if sample_weights is None else sample_weights[some]
    total = float(n_points) if sample_weights is None else float(sample_weights.sum())
    looked_at = float(weights.sum())
    looked = np.asarray(points[some], dtype=np.float64)
    shares = np.zeros((posterior.log_joint.n_rows, len(some)))
    held = np.arange(posterior.n_components, len(shares))
    shares[np.append(posterior.alive, held)] = share_out(log_joint(looked, posterior.alive_terms))[0]
    scaled = weights * (total / looked_at if looked_at > 0 else 0.0)
    return _Sample(shares, scaled, 1.0 - len(some) / n_points)


@dataclass(frozen=True, eq=False)
class _Sample:
    """Some points, for all of them."""

    shares: Array
    """(R, n)."""
    weights: Array
    """(n,): by how many points each counts, all N together."""
    left_out: float
    """The part of the points that are not looked at."""

    def sums_of(self, rows: Array) -> tuple[Array, Array]:
        """The sums (M,) of rows (M, n) over all N points, and two standard errors of each, 0 where all are
        seen: what is promised too much is found out, what is not tried is lost."""
        counted = self.weights * rows
        if not self.left_out:
            return counted.sum(axis=1), np.zeros(len(rows))
        return counted.sum(axis=1), 2.0 * np.sqrt(self.left_out * counted.var(axis=1) * rows.shape[1])

    def blocks(self, n_rows: int) -> list[slice]:
        """So many rows (n,) in blocks of bounded size."""
        length = max(1, MOST_ENTRIES // self.shares.shape[1])
        return [slice(first, first + length) for first in range(0, n_rows, length)]


def _deletions(
    components: Indices, spared: Array, rises: Array, sample: _Sample
) -> Iterator[tuple[Move, float]]:
    """What deleting each promises, by the divisors of the responsibilities without it, and the doubt."""
    factors = np.exp(np.minimum(rises, 700.0))
    factors[np.arange(len(components)), components] = 0.0
    for some in sample.blocks(len(components)):
        left = np.log(np.maximum(factors[some] @ sample.shares, LEAST_COUNT))
        gains, doubts = sample.sums_of(left)
        promised = spared[some] + gains
        for k, gain, doubt in zip(components[some].tolist(), promised.tolist(), doubts.tolist(), strict=True):
            yield Move(k, None, gain), doubt


def _merges(firsts: Indices, seconds: Indices, gains: Array, sample: _Sample) -> Iterator[tuple[Move, float]]:
    """What each merge promises, the gain less the entropy lost, and the doubt.

    The entropy lost is r h(r_1 / r) of every point, with r = r_1 + r_2 and h the entropy of a coin, and so at
    least 4 log 2 r_1 r_2: by this only the best are found to the end."""
    shares = sample.shares
    overlap = (shares * sample.weights) @ shares.T
    most: Array = gains - 4.0 * np.log(2.0) * overlap[firsts, seconds]
    best = np.argsort(-most, kind="stable")[:MOST_COMPARED]
    firsts, seconds, gains = firsts[best], seconds[best], gains[best]
    involved = np.unique([firsts, seconds])
    own = _x_log_x(shares[involved])
    one, other = np.searchsorted(involved, firsts), np.searchsorted(involved, seconds)
    for some in sample.blocks(len(best)):
        both = _x_log_x(shares[firsts[some]] + shares[seconds[some]])
        lost, doubts = sample.sums_of(both - own[one[some]] - own[other[some]])
        promised = gains[some] - lost
        made = zip(firsts[some].tolist(), seconds[some].tolist(), promised.tolist(), strict=True)
        yield from zip((Move(*three) for three in made), doubts.tolist(), strict=True)


def _x_log_x(values: Array) -> Array:
    return np.asarray(xlogy(values, values), dtype=np.float64)
