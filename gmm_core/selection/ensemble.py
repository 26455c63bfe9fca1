"""Many mixtures of one K on the same points, stepped together: for restarts and for sweeps over families.

With few points a step's cost is that of its calls, whatever the size of their arrays. One E-step serves
all members, one M-step all members of a family.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from gmm_core.collapse import are_solid, rounding_of
from gmm_core.families import FAMILIES
from gmm_core.gathering import gather
from gmm_core.log_joint import LOG_TWO_PI, LogJoint, safe_log
from gmm_core.mixture import Mixture, mixture_unchecked
from gmm_core.points import Array
from gmm_core.precision import EPSILON
from gmm_core.whitening import whiten

Indices = NDArray[np.intp]
Truths = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Ensemble:
    """B mixtures of K components in D dimensions, what they gather from the points, and how likely."""

    families: tuple[str, ...]
    """(B,), names in FAMILIES; members of a family stand together."""
    weights: Array
    """(B, K)."""
    means: Array
    """(B, K, D)."""
    covariances: Array
    """(B, K, D, D)."""
    counts: Array
    """(B, K), the Moments under these mixtures."""
    centres: Array
    """(B, K, D), their means."""
    scatters: Array
    """(B, K, D, D)."""
    log_likelihoods: Array
    """(B,), in nats."""

    def __len__(self) -> int:
        return len(self.families)

    def members(self, chosen: Indices) -> "Ensemble":
        """Those with the indices `chosen`, in that order."""
        return Ensemble(
            tuple(self.families[int(i)] for i in chosen),
            self.weights[chosen],
            self.means[chosen],
            self.covariances[chosen],
            self.counts[chosen],
            self.centres[chosen],
            self.scatters[chosen],
            self.log_likelihoods[chosen],
        )

    def mixture(self, member: int) -> Mixture:
        """One of them."""
        return mixture_unchecked(
            self.weights[member].copy(),
            self.means[member].copy(),
            self.covariances[member].copy(),
            None,
            np.empty((self.weights.shape[1], 0)),
        )


def start(points: Array, candidates: Sequence[tuple[str, Mixture]]) -> Ensemble:
    """The E-step of (family, mixture) candidates, put in the order of their families."""
    ordered = sorted(candidates, key=lambda candidate: candidate[0])
    mixtures = [mixture for _, mixture in ordered]
    return _e_step(
        points,
        tuple(family for family, _ in ordered),
        np.array([mixture.weights for mixture in mixtures]),
        np.array([mixture.means for mixture in mixtures]),
        np.array([mixture.covariances for mixture in mixtures]),
    )


def _e_step(
    points: Array, families: tuple[str, ...], weights: Array, means: Array, covariances: Array
) -> Ensemble:
    whiteners, log_scales = whiten(covariances)
    constants = safe_log(weights) - log_scales - 0.5 * means.shape[-1] * LOG_TWO_PI
    nothing = np.empty((*weights.shape, 0))
    terms = LogJoint(constants, means, whiteners, nothing, nothing, None)
    found = gather(points, terms)
    return Ensemble(
        families,
        weights,
        means,
        covariances,
        found.counts,
        found.means,
        found.scatters,
        found.log_likelihoods,
    )


def _maximize(ensemble: Ensemble, reg_covar: float) -> Array:
    """(B, K, D, D): every family's own covariances for its members."""
    covariances = np.empty(ensemble.scatters.shape)
    first = 0
    for name, group in groupby(ensemble.families):
        last = first + len(list(group))
        covariances[first:last] = FAMILIES[name].covariances(
            ensemble.counts[first:last], ensemble.scatters[first:last]
        )
        first = last
    if reg_covar:
        covariances += reg_covar * np.eye(ensemble.means.shape[-1])
    return covariances


def _step(
    points: Array, ensemble: Ensemble, rounding: Array, reg_covar: float, fewest: float
) -> tuple[Ensemble, Truths]:
    """The next ensemble, and (B,) which members are in it: those that collapse, or are about to, are not.

    `rounding` (D,) is a variance along each axis that may be nothing but the rounding of the points.
    """
    counts = ensemble.counts
    living: Truths = np.all(counts > max(fewest, EPSILON * len(points)), axis=1)
    if not living.all():
        kept = np.flatnonzero(living)
        if len(kept) == 0:
            return ensemble.members(kept), living
        ensemble = ensemble.members(kept)
    covariances = _maximize(ensemble, reg_covar)
    solid = are_solid(covariances, rounding).all(axis=1)
    if not solid.all():
        kept = np.flatnonzero(solid)
        ensemble, covariances = ensemble.members(kept), covariances[kept]
        living[living] = solid
        if len(kept) == 0:
            return ensemble, living
    weights = ensemble.counts / ensemble.counts.sum(axis=1, keepdims=True)
    return _e_step(points, ensemble.families, weights, ensemble.centres, covariances), living


def advance(
    points: Array,
    ensemble: Ensemble,
    *,
    reg_covar: float = 0.0,
    tolerance: float = 0.0,
    max_steps: int = 10,
    fewest: float = 0.0,
) -> Ensemble:
    """The members after `max_steps` steps, or when a step gains them at most `tolerance` nats a point.

    Members with a component that collapses, or comes to hold no more than `fewest` points, are left out.
    """
    rounding = rounding_of(points.var(axis=0), np.abs(points).max(axis=0))
    settled: list[Ensemble] = []
    for _ in range(max_steps):
        if len(ensemble) == 0:
            break
        before = ensemble.log_likelihoods
        ensemble, living = _step(points, ensemble, rounding, reg_covar, fewest)
        if tolerance:
            still = np.abs(ensemble.log_likelihoods - before[living]) <= tolerance * len(points)
            if still.any():
                settled.append(ensemble.members(np.flatnonzero(still)))
                ensemble = ensemble.members(np.flatnonzero(~still))
    ended = join([*settled, ensemble])
    return ended.members(np.flatnonzero((ended.counts > fewest).all(axis=1)))


def join(ensembles: Sequence[Ensemble]) -> Ensemble:
    """All their members; those of a family may then stand apart."""
    if len(ensembles) == 1:
        return ensembles[0]
    return Ensemble(
        tuple(family for ensemble in ensembles for family in ensemble.families),
        *(
            np.concatenate([getattr(ensemble, name.name) for ensemble in ensembles])
            for name in fields(Ensemble)
            if name.name != "families"
        ),
    )


def in_families(ensemble: Ensemble) -> Ensemble:
    """The same, members of a family together."""
    order = sorted(range(len(ensemble)), key=lambda i: ensemble.families[i])
    return ensemble.members(np.array(order, dtype=np.intp))
