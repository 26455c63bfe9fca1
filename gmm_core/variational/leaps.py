"""Leaps: where the steps of a variational mixture creep, one goes as far as the last two foretell.

A step maps what the components hold of the points onto what they hold next. Where every step is the last one
shrunk, two of them tell where all to come would lead: Varadhan & Roland's squared extrapolation. It is made
of each component's count (its logarithm, so that it stays above 0), mean and covariance, measured by what is
believed of the component, so that neither the units of the points nor their origin matter.
Source: Varadhan & Roland (2008), Simple and globally convergent methods for accelerating the convergence of
any EM algorithm, Scandinavian Journal of Statistics 35, scheme SqS3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gmm_core.mixture import Noise
from gmm_core.moments import Moments, moments_unchecked
from gmm_core.normal_wishart import are_extended
from gmm_core.points import Array
from gmm_core.precision import SMALLEST

# How many times a step a leap is long, at most; and no leap is worth its risk that is not this long.
FARTHEST, SHORTEST = 200.0, 1.2

# How often a leap that leads to no moments at all is made half as long before it is given up.
MOST_HALVINGS = 8


@dataclass(frozen=True, eq=False)
class _Place:
    """What the components that hold something hold, so that any sum of places with weights that sum to 1 is
    one again, or is seen not to be."""

    log_counts: Array
    """(R,), the noise's last."""
    means: Array
    """(A, D)."""
    covariances: Array
    """(A, D, D)."""
    chances: Array
    """(A, B)."""

    @staticmethod
    def of(moments: Moments, held: NDArray[np.bool_]) -> "_Place":
        counts = moments.counts[held]
        rows = counts if moments.noise is None else np.append(counts, moments.noise.amount)
        return _Place(
            np.log(np.maximum(rows, SMALLEST)),
            moments.means[held],
            moments.scatters[held] / counts[:, None, None],
            moments.successes[held] / counts[:, None],
        )

    def plus(self, other: "_Place", times: float) -> "_Place":
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return _Place(*(own + times * more for own, more in pairs))

    def size(self, shares: Array, whiteners: Array) -> float:
        """Of a difference of places: the root of about twice the divergence, for rows that hold `shares` (R,)
        of the points, and whiteners (A, D, D)."""
        own = shares[: len(self.means)]
        means = np.einsum("kij,kj->ki", whiteners, self.means)
        shapes = whiteners @ self.covariances @ np.swapaxes(whiteners, 1, 2)
        total = shares @ self.log_counts**2 + own @ (means**2).sum(axis=1)
        total += 0.5 * own @ (shapes**2).sum(axis=(1, 2)) + 4.0 * own @ (self.chances**2).sum(axis=1)
        return float(np.sqrt(total))

    @property
    def is_one(self) -> bool:
        """Whether anything can be held so."""
        finite = all(np.isfinite(array).all() for array in vars(self).values())
        shares = bool(((self.chances >= 0) & (self.chances <= 1)).all())
        return finite and shares and bool(are_extended(self.covariances).all())

    def moments(self, total: float, like: Moments, held: NDArray[np.bool_]) -> Moments:
        """Of points that weigh `total`, with the components that hold nothing from `like`."""
        rows = np.exp(self.log_counts - self.log_counts.max())
        rows *= total / rows.sum()
        n_held, noise = len(self.means), like.noise
        counts, means, scatters = like.counts.copy(), like.means.copy(), like.scatters.copy()
        successes = like.successes.copy()
        counts[held], means[held] = rows[:n_held], self.means
        scatters[held] = self.covariances * rows[:n_held, None, None]
        successes[held] = self.chances * rows[:n_held, None]
        if noise is not None:
            noise = Noise(float(rows[-1]), noise.volume)
        return moments_unchecked(counts, means, scatters, noise, successes)


def foretold(older: Moments, old: Moments, now: Moments, whiteners: Array) -> Moments | None:
    """Where the two steps that led from `older` over `old` to `now` lead in the end, or None where they do
    not tell; `whiteners` (K, D, D) are those of what is believed of the components."""
    held = now.counts > 0
    if not all(np.array_equal(moments.counts > 0, held) for moments in (older, old)):
        return None
    first, second, third = (_Place.of(moments, held) for moments in (older, old, now))
    step, last_step = second.plus(first, -1.0), third.plus(second, -1.0)
    turn = last_step.plus(step, -1.0)
    rows = now.counts[held] if now.noise is None else np.append(now.counts[held], now.noise.amount)
    measure = rows / now.total, whiteners[held]
    length = min(step.size(*measure) / max(turn.size(*measure), SMALLEST), FARTHEST)
    for _ in range(MOST_HALVINGS):
        if not length >= SHORTEST:
            return None
        place = first.plus(step, 2.0 * length).plus(turn, length * length)
        if place.is_one:
            return place.moments(now.total, now, held)
        length = 0.5 * (1.0 + length)
    return None
