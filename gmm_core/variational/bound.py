"""The parts of the lower bound on the log-evidence.

With q the posterior and r the responsibilities, the bound is fit + entropy of r - divergence (Bishop, Pattern
Recognition and Machine Learning (2006), eq. 10.70). Right after an E-step fit and entropy are the logs of the
responsibilities' divisors, summed; right after an M-step fit - divergence is the log of q's own normalisers.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, digamma, gammaln

from gmm_core.log_joint import LogJoint
from gmm_core.moments import Moments, moments_unchecked
from gmm_core.points import Array
from gmm_core.variational.posterior import Posterior, gathered_scales, halves
from gmm_core.variational.prior import VariationalPrior
from gmm_core.variational.shaping import is_shared, shaped
from gmm_core.variational.weights import believed
from gmm_core.whitening import whiten

Indices = NDArray[np.intp]


def divergence(posterior: Posterior, prior: VariationalPrior) -> float:
    """The Kullback-Leibler divergence of the posterior from the prior, in nats, >= 0.

    Right after an E-step the lower bound (Bishop eq. 10.70) is the sum of the logs of the responsibilities'
    divisors less this; 10.73, 10.74, 10.76 and 10.77 are its parts. The prior is that of the posterior's
    family, `VariationalPrior.of_family`.
    """
    noisy = posterior.noise is not None
    before = believed(np.zeros(posterior.n_components + noisy), prior, noisy)
    parts = means_divergence(posterior, prior) + _precisions_divergence(posterior, prior)
    ones = _probabilities_divergence(posterior, prior)
    return float(posterior.weights.divergence(before) + parts.sum() + ones.sum())


def means_divergence(posterior: Posterior, prior: VariationalPrior) -> Array:
    """(K,): of every mean given its precision (in Bishop eqs. 10.74 and 10.77)."""
    shifts = np.einsum("kij,kj->ki", posterior.whiteners, posterior.means - prior.mean)
    ratios = prior.shrinkage / posterior.shrinkages
    means = prior.n_dimensions * (ratios - 1.0 - np.log(ratios))
    return 0.5 * (means + prior.shrinkage * posterior.degrees * (shifts**2).sum(axis=1))


def _precisions_divergence(posterior: Posterior, prior: VariationalPrior) -> Array:
    """(K,): of every Wishart from the prior's (Bishop eqs. 10.74, 10.77, B.79); whatever depends on the units
    or on log 2 and log pi cancels."""
    n_dimensions, degrees = prior.n_dimensions, posterior.degrees
    first = np.array([prior.degrees], dtype=np.float64)
    log_gammas = _log_gamma(halves(degrees, n_dimensions)) - _log_gamma(halves(first, n_dimensions))
    growth = 2.0 * (posterior.log_scales - whiten(prior.scale)[1])
    traces = np.einsum("kij,jl,kil->k", posterior.whiteners, prior.scale, posterior.whiteners)
    precisions = prior.degrees * growth - 2.0 * log_gammas.sum(axis=1)
    precisions += (degrees - prior.degrees) * _digamma(halves(degrees, n_dimensions)).sum(axis=1)
    precisions += degrees * (traces - n_dimensions)
    return 0.5 * precisions


def _probabilities_divergence(posterior: Posterior, prior: VariationalPrior) -> Array:
    """(K, B): of every Beta distribution from the prior's."""
    ones, zeros = posterior.successes, posterior.failures
    both = _digamma(ones + zeros)
    gained = (ones - prior.successes) * (_digamma(ones) - both)
    gained += (zeros - prior.failures) * (_digamma(zeros) - both)
    return gained - (_log_beta(ones, zeros) - _log_beta(prior.successes, prior.failures))


def components_divergence(posterior: Posterior, prior: VariationalPrior, family: str) -> Array:
    """(K,): of what each component has to itself: all but the weights, and a scale that is shared."""
    own = means_divergence(posterior, prior) + _probabilities_divergence(posterior, prior).sum(axis=1)
    return own if is_shared(family) else own + _precisions_divergence(posterior, prior)


def fit(moments: Moments, terms: LogJoint) -> float:
    """The expected log-joint of all points, sum of r log(weight * density), in nats (Bishop eqs. 10.71 and
    10.72), from what the components hold of them."""
    counts = moments.counts
    shifts = np.where((counts > 0)[:, None], moments.means - terms.means, 0.0)
    whitened = np.einsum("kij,kj->ki", terms.whiteners, shifts)
    squares = np.einsum("kij,kjl,kil->k", terms.whiteners, moments.scatters, terms.whiteners)
    squares += counts * (whitened**2).sum(axis=1)
    total = counts @ terms.constants - 0.5 * squares.sum()
    total += (moments.successes * terms.log_successes).sum()
    total += ((counts[:, None] - moments.successes) * terms.log_failures).sum()
    if moments.noise is not None and terms.log_noise is not None:
        total += moments.noise.amount * float(terms.log_noise)
    return float(total)


def merge_gains(
    moments: Moments, firsts: Indices, seconds: Indices, prior: VariationalPrior, family: str
) -> Array:
    """(P,): by how much fit - divergence rises, right after an M-step, when of each of P pairs of components
    the first gives all it holds to the second; in nats, without the loss of entropy.

    Each is a ratio of normalisers (Bishop 10.2.2): nothing is fitted to find it.
    """
    counts, noisy = moments.counts, moments.noise is not None
    rows = counts if moments.noise is None else np.append(counts, moments.noise.amount)
    merged = np.repeat(rows[None], len(firsts), axis=0)
    pairs = np.arange(len(firsts))
    merged[pairs, seconds] += merged[pairs, firsts]
    merged[pairs, firsts] = 0.0
    gains = believed(merged, prior, noisy, by_size=True).log_normaliser
    gains = gains - believed(rows, prior, noisy, by_size=True).log_normaliser
    nothing = np.zeros((1, *prior.scale.shape))
    empty = Moments(np.zeros(1), prior.mean[None], nothing, None, np.zeros((1, moments.successes.shape[1])))
    own, scales = _own(moments, prior, family)
    together, wide = _own(components_of(moments, firsts) + components_of(moments, seconds), prior, family)
    alone, narrow = _own(empty, prior, family)
    gains = gains + together + alone - own[firsts] - own[seconds]
    if is_shared(family):
        mean = scales.mean(axis=0)
        shared = mean + (wide + narrow - scales[firsts] - scales[seconds]) / len(counts)
        degrees = len(counts) * prior.degrees + counts.sum()
        gains = gains - degrees * (whiten(shared)[1] - whiten(mean)[1])
    return gains


def components_of(moments: Moments, indices: Indices) -> Moments:
    """The Moments of the components at `indices`, without the noise."""
    held, means, scatters = moments.counts[indices], moments.means[indices], moments.scatters[indices]
    return moments_unchecked(held, means, scatters, None, moments.successes[indices])


def _own(moments: Moments, prior: VariationalPrior, family: str) -> tuple[Array, Array]:
    """(K,): the log-normalisers of what components have to themselves, and their scales (K, D, D)."""
    counts, ones = moments.counts, moments.successes
    scales = shaped(gathered_scales(counts, moments.means, moments.scatters, prior)[1], family)
    own = -0.5 * prior.n_dimensions * np.log(prior.shrinkage + counts)
    own += _log_beta(ones + prior.successes, counts[:, None] - ones + prior.failures).sum(axis=-1)
    if not is_shared(family):
        degrees = prior.degrees + counts
        own += _log_gamma(halves(degrees, prior.n_dimensions)).sum(axis=-1) - degrees * whiten(scales)[1]
    return own, scales


def _digamma(values: Any) -> Array:
    return np.asarray(digamma(values), dtype=np.float64)


def _log_gamma(values: Any) -> Array:
    return np.asarray(gammaln(values), dtype=np.float64)


def _log_beta(ones: Any, zeros: Any) -> Array:
    return np.asarray(betaln(ones, zeros), dtype=np.float64)
