"""Many mixtures of one K on the same points, stepped together: for restarts and for sweeps over families.

With few points a step's cost is that of its calls, whatever the size of their arrays. One E-step serves
all members, one M-step all members of a family.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.collapse import are_solid
from gmm_core.em.prior import log_prior, with_prior
from gmm_core.em.steps import EMState
from gmm_core.families import FAMILIES
from gmm_core.log_joint import LOG_TWO_PI, LogJoint, safe_log
from gmm_core.mixture import Mixture, Noise, mixture_unchecked
from gmm_core.moments import Moments, moments_unchecked
from gmm_core.points import Array
from gmm_core.precision import EPSILON
from gmm_core.selection.resamples import Resamples
from gmm_core.selection.task import Task
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
    probabilities: Array
    """(B, K, J), of a 1 in each of J binary columns."""
    noise: Array
    """(B,): the weight of the background, 0 without any."""
    counts: Array
    """(B, K), the Moments under these mixtures."""
    centres: Array
    """(B, K, D), their means."""
    scatters: Array
    """(B, K, D, D)."""
    successes: Array
    """(B, K, J)."""
    noise_counts: Array
    """(B,): the points that the background holds."""
    log_likelihoods: Array
    """(B,), in nats."""
    objectives: Array
    """(B,), in nats: what EM raises."""
    sets: Indices
    """(B,): which of the task's sets of points each is fitted to, where it has more than one."""

    def __len__(self) -> int:
        return len(self.families)

    def members(self, chosen: Indices) -> "Ensemble":
        """Those with the indices `chosen`, in that order."""
        return Ensemble(
            tuple(self.families[int(i)] for i in chosen),
            *(getattr(self, name)[chosen] for name in _ARRAYS),
        )

    def where(self, chosen: Truths) -> "Ensemble":
        """Those for which `chosen` (B,) says so."""
        return self if chosen.all() else self.members(np.flatnonzero(chosen))

    def mixture(self, member: int, noise_volume: float | None = None) -> Mixture:
        """One of them."""
        return mixture_unchecked(
            self.weights[member].copy(),
            self.means[member].copy(),
            self.covariances[member].copy(),
            None if noise_volume is None else Noise(float(self.noise[member]), noise_volume),
            self.probabilities[member].copy(),
        )

    def moments(self, member: int, noise_volume: float | None = None) -> Moments:
        """What one of them gathers."""
        return moments_unchecked(
            self.counts[member].copy(),
            self.centres[member].copy(),
            self.scatters[member].copy(),
            None if noise_volume is None else Noise(float(self.noise_counts[member]), noise_volume),
            self.successes[member].copy(),
        )


_ARRAYS = [entry.name for entry in fields(Ensemble) if entry.name != "families"]


def start(
    task: Task | Resamples, candidates: Sequence[tuple[str, Mixture]], sets: Indices | None = None
) -> Ensemble:
    """The E-step of (family, mixture) candidates, put in the order of their families; each on the first of
    the task's sets of points, or on that of its own in `sets` (B,)."""
    order = sorted(range(len(candidates)), key=lambda i: candidates[i][0])
    mixtures = [candidates[i][1] for i in order]
    return _e_step(
        task,
        tuple(candidates[i][0] for i in order),
        np.zeros(len(order), dtype=np.intp) if sets is None else sets[order],
        np.array([mixture.weights for mixture in mixtures]),
        np.array([mixture.means for mixture in mixtures]),
        np.array([mixture.covariances for mixture in mixtures]),
        np.array([mixture.probabilities for mixture in mixtures]),
        np.array([0.0 if mixture.noise is None else mixture.noise.amount for mixture in mixtures]),
    )


def _e_step(
    task: Task | Resamples,
    families: tuple[str, ...],
    sets: Indices,
    weights: Array,
    means: Array,
    covariances: Array,
    probabilities: Array,
    noise: Array,
) -> Ensemble:
    whiteners, log_scales = whiten(covariances)
    constants = safe_log(weights) - log_scales - 0.5 * means.shape[-1] * LOG_TWO_PI
    failures = successes = probabilities
    if successes.size:
        failures, successes = safe_log(1.0 - probabilities), safe_log(probabilities)
    log_noise = None
    if task.noise is not None:
        log_noise = safe_log(noise) - np.log(task.noise.volume)
    terms = LogJoint(constants, means, whiteners, failures, successes, log_noise)
    gathered = task.gather(terms, sets)
    found = Ensemble(
        families,
        weights,
        means,
        covariances,
        probabilities,
        noise,
        gathered.counts,
        gathered.means,
        gathered.scatters,
        gathered.successes,
        np.zeros(len(families)) if gathered.noise is None else gathered.noise,
        gathered.log_likelihoods,
        gathered.objectives,
        sets,
    )
    if task.variant.prior is None:
        return found
    volume = None if task.noise is None else task.noise.volume
    prior = task.variant.prior
    added = [log_prior(prior, found.mixture(i, volume), family) for i, family in enumerate(families)]
    return replace(found, objectives=found.objectives + np.array(added))


def state_of(
    task: Task | Resamples, members: Ensemble, i: int, iteration: int, mixture: Mixture | None = None
) -> EMState:
    """Member i as EM alone would have it after so many steps; its mixture may be there already."""
    volume, variant = None if task.noise is None else task.noise.volume, task.variant
    mixture = members.mixture(i, volume) if mixture is None else mixture
    believed = 0.0
    if variant.prior is not None:
        believed = log_prior(variant.prior, mixture, members.families[i])
    return EMState(
        iteration,
        mixture,
        members.moments(i, volume),
        float(members.log_likelihoods[i]),
        float(members.objectives[i]),
        believed,
        variant.temperature,
    )


def maximize(
    task: Task | Resamples, families: Sequence[str], counts: Array, scatters: Array, before: Array
) -> Array:
    """(B, K, D, D): every family's own covariances for its members, which stand together, after those
    `before` (B, K, D, D)."""
    covariances = np.empty(scatters.shape)
    if task.variant.covariances is not None:
        covariances[:] = task.variant.covariances
        return covariances
    first = 0
    for name, group in groupby(families):
        last = first + len(list(group))
        some = slice(first, last)
        covariances[some] = FAMILIES[name].covariances(counts[some], scatters[some], before[some])
        first = last
    if task.reg_covar:
        covariances += task.reg_covar * np.eye(scatters.shape[-1])
    return covariances


def step(task: Task | Resamples, ensemble: Ensemble, fewest: Array | None = None) -> tuple[Ensemble, Truths]:
    """The next ensemble, and (B,) which members are in it: those with a component that has collapsed, or
    holds no more than `fewest` (B,) points, are not."""
    least = EPSILON * task.total if fewest is None else np.maximum(fewest, EPSILON * task.total)[:, None]
    living: Truths = np.all(ensemble.counts > least, axis=1)
    if not living.all():
        ensemble = ensemble.where(living)
        if len(ensemble) == 0:
            return ensemble, living
    counts, means, scatters = ensemble.counts, ensemble.centres, ensemble.scatters
    if task.variant.prior is not None:
        counts, means, scatters = _drawn_to_prior(task, ensemble)
    covariances = maximize(task, ensemble.families, counts, scatters, ensemble.covariances)
    solid = are_solid(covariances, task.rounding).all(axis=1)
    if not solid.all():
        kept = np.flatnonzero(solid)
        ensemble, covariances, means = ensemble.members(kept), covariances[kept], means[kept]
        living[living] = solid
        if len(kept) == 0:
            return ensemble, living
    parameters = (means, covariances, _probabilities(ensemble))
    weights, noise = _weights(task, ensemble)
    return _e_step(task, ensemble.families, ensemble.sets, weights, *parameters, noise), living


def _weights(task: Task | Resamples, ensemble: Ensemble) -> tuple[Array, Array]:
    """(B, K) and (B,): shares of the points, and what the noise has of them."""
    totals = ensemble.counts.sum(axis=1) + ensemble.noise_counts
    noise = ensemble.noise_counts / totals
    if task.variant.equal_weights:
        n_components = ensemble.counts.shape[1]
        return np.repeat(((1.0 - noise) / n_components)[:, None], n_components, axis=1), noise
    return ensemble.counts / totals[:, None], noise


def _probabilities(ensemble: Ensemble) -> Array:
    if not ensemble.successes.size:
        return ensemble.successes
    return np.minimum(ensemble.successes / ensemble.counts[..., None], 1.0)


def _drawn_to_prior(task: Task | Resamples, ensemble: Ensemble) -> tuple[Array, Array, Array]:
    """Counts, means and scatters whose M-step is that of the posterior."""
    prior: Any = task.variant.prior
    held = [with_prior(ensemble.moments(i), prior, family) for i, family in enumerate(ensemble.families)]
    return (
        np.array([moments.counts for moments, _ in held]),
        np.array([means for _, means in held]),
        np.array([moments.scatters for moments, _ in held]),
    )


def join(ensembles: Sequence[Ensemble]) -> Ensemble:
    """All their members, those of a family together."""
    if len(ensembles) == 1:
        return ensembles[0]
    families = tuple(family for ensemble in ensembles for family in ensemble.families)
    arrays = (np.concatenate([getattr(one, name) for one in ensembles]) for name in _ARRAYS)
    joined = Ensemble(families, *arrays)
    order = sorted(range(len(families)), key=lambda i: families[i])
    return joined if order == list(range(len(families))) else joined.members(np.array(order, dtype=np.intp))
