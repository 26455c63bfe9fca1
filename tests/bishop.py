"""The variational formulas of Bishop's book, term by term, and the exact evidence that they bound.

Source: Bishop, Pattern Recognition and Machine Learning (2006), 10.2.
"""

import itertools

import numpy as np
from scipy.special import digamma, gammaln, logsumexp, multigammaln
from scipy.stats import multivariate_t, wishart

from gmm_core.points import Array
from gmm_core.variational import Posterior, VariationalPrior


def log_joints_of(points: Array, posterior: Posterior) -> Array:
    """(N, K): Bishop eqs. 10.46, 10.64-10.66, term by term."""
    logs = np.empty((len(points), posterior.n_components))
    for k in range(posterior.n_components):
        offsets = points - posterior.means[k]
        logs[:, k] = expected_log_weights(posterior)[k] + 0.5 * expected_log_precisions(posterior)[k]
        logs[:, k] -= 0.5 * posterior.n_dimensions * (np.log(2 * np.pi) + 1 / posterior.shrinkages[k])
        inner = np.linalg.inv(posterior.scales[k])
        logs[:, k] -= 0.5 * posterior.degrees[k] * np.einsum("ni,ij,nj->n", offsets, inner, offsets)
    return logs


def shares_of(points: Array, posterior: Posterior) -> Array:
    """(N, K): Bishop eq. 10.49."""
    logs = log_joints_of(points, posterior)
    return np.exp(logs - logsumexp(logs, axis=1, keepdims=True))


def expected_log_weights(posterior: Posterior) -> Array:
    return digamma(posterior.concentrations) - digamma(posterior.concentrations.sum())


def expected_log_precisions(posterior: Posterior) -> Array:
    """(K,): Bishop eq. 10.65."""
    n_dimensions = posterior.n_dimensions
    halves = 0.5 * (posterior.degrees[:, None] + 1 - np.arange(1, n_dimensions + 1))
    log_determinants = -np.linalg.slogdet(posterior.scales)[1]
    return digamma(halves).sum(axis=1) + n_dimensions * np.log(2) + log_determinants


def bound_of_bishop(points: Array, posterior: Posterior, prior: VariationalPrior) -> float:
    """Bishop eq. 10.70 as the sum of 10.71-10.77, with an N x K array of responsibilities."""
    shares = shares_of(points, posterior)
    log_weights, log_precisions = expected_log_weights(posterior), expected_log_precisions(posterior)
    n_dimensions, n_components = posterior.n_dimensions, posterior.n_components
    log_two_pi = np.log(2 * np.pi)
    alpha, beta, nu = posterior.concentrations, posterior.shrinkages, posterior.degrees
    total = 0.0
    for k in range(n_components):
        inner = np.linalg.inv(posterior.scales[k])
        count = shares[:, k].sum()
        mean = shares[:, k] @ points / count
        offsets = points - mean
        covariance = (shares[:, k, None] * offsets).T @ offsets / count
        shift, pull = mean - posterior.means[k], posterior.means[k] - prior.mean
        # 10.71
        distance = n_dimensions / beta[k] + nu[k] * (np.trace(covariance @ inner) + shift @ inner @ shift)
        total += 0.5 * count * (log_precisions[k] - distance - n_dimensions * log_two_pi)
        # 10.74
        total += 0.5 * (n_dimensions * np.log(prior.shrinkage / (2 * np.pi)) + log_precisions[k])
        total -= 0.5 * prior.shrinkage * (n_dimensions / beta[k] + nu[k] * pull @ inner @ pull)
        total += 0.5 * prior.degrees * (np.linalg.slogdet(prior.scale)[1] - n_dimensions * np.log(2))
        total -= multigammaln(0.5 * prior.degrees, n_dimensions)
        total += 0.5 * (prior.degrees - n_dimensions - 1) * log_precisions[k]
        total -= 0.5 * nu[k] * np.trace(prior.scale @ inner)
        # 10.77
        entropy = float(wishart.entropy(nu[k], inner))
        total -= 0.5 * (log_precisions[k] + n_dimensions * (np.log(beta[k] / (2 * np.pi)) - 1)) - entropy
    # 10.72 and 10.75
    total += (shares * log_weights).sum() - (shares[shares > 0] * np.log(shares[shares > 0])).sum()
    # 10.73
    total += gammaln(n_components * prior.concentration) - n_components * gammaln(prior.concentration)
    total += (prior.concentration - 1) * log_weights.sum()
    # 10.76
    total -= ((alpha - 1) * log_weights).sum() + gammaln(alpha.sum()) - gammaln(alpha).sum()
    return float(total)


def learned(points: Array, prior: VariationalPrior) -> tuple[float, VariationalPrior]:
    """log p(points) of one Gaussian, as a chain of Student predictions (Bishop eqs. 10.81-10.82), and what
    is believed of it after the last."""
    total, n_dimensions = 0.0, points.shape[1]
    for point in points:
        freedom = prior.degrees + 1 - n_dimensions
        shape = prior.scale * (1 + prior.shrinkage) / (prior.shrinkage * freedom)
        total += float(multivariate_t.logpdf(point, prior.mean, shape, df=freedom))
        offset, after = point - prior.mean, prior.shrinkage + 1
        scale = prior.scale + prior.shrinkage / after * np.outer(offset, offset)
        mean = prior.mean + offset / after
        prior = VariationalPrior(prior.concentration + 1, mean, after, prior.degrees + 1, scale)
    return total, prior


def log_evidence(points: Array, n_components: int, prior: VariationalPrior) -> float:
    """log p(points) of the mixture: the sum over all ways to assign the points."""
    terms = []
    for labels in itertools.product(range(n_components), repeat=len(points)):
        counts = np.bincount(labels, minlength=n_components)
        concentrations = prior.concentration + counts
        term = gammaln(n_components * prior.concentration) - gammaln(concentrations.sum())
        term += (gammaln(concentrations) - gammaln(prior.concentration)).sum()
        own = (points[np.array(labels) == k] for k in range(n_components))
        terms.append(term + sum(learned(rows, prior)[0] for rows in own))
    return float(logsumexp(terms))
