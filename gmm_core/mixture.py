"""A mixture of Gaussians: a linear combination of normal densities, and what can be asked of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core.points import Array, as_points, read_only

# Chunks of this many points keep a chunk's arrays in the processor's cache and memory bounded.
CHUNK = 8192

# A squared distance in standard deviations at which any density is 0.
FARTHEST = 1e300

LOG_TWO_PI = float(np.log(2.0 * np.pi))


class MixtureError(ValueError):
    """Parameters that do not describe a mixture; the text says which, and what to do."""


@dataclass(frozen=True, eq=False)
class Mixture:
    """p(x) = sum over k of weights[k] * Normal(x; means[k], covariances[k]).

    The arrays are copied, checked and read-only.

    Raises MixtureError when shapes disagree, a value is not finite, the weights are negative or do
    not sum to 1, or a covariance is not symmetric and positive definite.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), eq. 9.7.
    """

    weights: Array
    """(K,), each >= 0, summing to 1."""
    means: Array
    """(K, D), in the units of the points."""
    covariances: Array
    """(K, D, D), symmetric positive definite, in squared units of the points."""
    whiteners: Array = field(init=False, repr=False)
    """(K, D, D), the inverses of the lower Cholesky factors: whiteners[k] @ (x - means[k]) is standard
    normal when x comes from component k."""
    log_scales: Array = field(init=False, repr=False)
    """(K,), half the log-determinants of the covariances."""

    def __post_init__(self) -> None:
        arrays = {name: _finite(name, getattr(self, name)) for name in ("weights", "means", "covariances")}
        _check_shapes(**arrays)
        _check_weights(arrays["weights"])
        factors = _cholesky(arrays["covariances"])
        arrays["whiteners"] = read_only(np.linalg.inv(factors))
        arrays["log_scales"] = read_only(np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(axis=1))
        for name, array in arrays.items():
            object.__setattr__(self, name, array)

    @property
    def n_components(self) -> int:
        """K."""
        return len(self.weights)

    @property
    def n_dimensions(self) -> int:
        """D."""
        return self.means.shape[1]


def _finite(name: str, values: Any) -> Array:
    try:
        array = read_only(values)
    except (TypeError, ValueError):
        raise MixtureError(f"The {name} must be a regular array of numbers; check their shape.") from None
    if not np.isfinite(array).all():
        raise MixtureError(f"The {name} hold a missing or infinite value; give finite numbers.")
    return array


def _check_shapes(weights: Array, means: Array, covariances: Array) -> None:
    if weights.ndim != 1 or len(weights) == 0:
        raise MixtureError(
            f"The weights must have shape (K,) with K >= 1, not {weights.shape}; reshape them."
        )
    n_components = len(weights)
    if means.ndim != 2 or len(means) != n_components or means.shape[1] == 0:
        raise MixtureError(
            f"The means must have shape ({n_components}, D), one row a component, not {means.shape}; "
            "give one mean for each weight."
        )
    expected = (n_components, means.shape[1], means.shape[1])
    if covariances.shape != expected:
        raise MixtureError(
            f"The covariances must have shape {expected}, not {covariances.shape}; "
            "give one D x D matrix for each component, whatever the family."
        )


def _check_weights(weights: Array) -> None:
    if (weights < 0).any():
        raise MixtureError("A weight is negative; weights are shares of the points, from 0 to 1.")
    if abs(weights.sum() - 1.0) > 1e-8:
        raise MixtureError(
            f"The weights sum to {weights.sum():.9g}; divide them by their sum so that it is 1."
        )


def _cholesky(covariances: Array) -> Array:
    """(K, D, D) lower factors, with the rows scaled to unit variance first so that units do not matter."""
    variances = np.diagonal(covariances, axis1=1, axis2=2)
    for k in range(len(covariances)):
        if (variances[k] <= 0).any():
            raise MixtureError(_not_positive_definite(k))
        scale = np.sqrt(variances[k])
        if (np.abs(covariances[k] - covariances[k].T) > 1e-8 * scale[:, None] * scale).any():
            raise MixtureError(f"Covariance {k} is not symmetric; average it with its transpose.")
    deviations = np.sqrt(variances)
    correlations = covariances / deviations[:, :, None] / deviations[:, None, :]
    try:
        factors = np.asarray(np.linalg.cholesky(correlations), dtype=np.float64)
    except np.linalg.LinAlgError:
        smallest = np.linalg.eigvalsh(correlations)[:, 0]
        raise MixtureError(_not_positive_definite(int(smallest.argmin()))) from None
    return factors * deviations[:, :, None]


def _not_positive_definite(component: int) -> str:
    return f"Covariance {component} is not positive definite; add a small amount to its diagonal."


def chunks(points: Array) -> Iterator[Array]:
    """Consecutive views of at most CHUNK rows of `points`."""
    for first in range(0, len(points), CHUNK):
        yield points[first : first + CHUNK]


def log_joint(points: Array, mixture: Mixture) -> Array:
    """(n, K): log of weights[k] * Normal(points[i]; means[k], covariances[k]), in nats.

    For a chunk of checked points; differences are taken before they are squared, so that a far
    origin costs no digits.
    """
    result = np.empty((len(points), mixture.n_components), order="F")
    with np.errstate(divide="ignore"):
        log_weights = np.log(mixture.weights)
    constants = log_weights - mixture.log_scales - 0.5 * mixture.n_dimensions * LOG_TWO_PI
    for k in range(mixture.n_components):
        whitened = (points - mixture.means[k]) @ mixture.whiteners[k].T
        squared = np.einsum("nd,nd->n", whitened, whitened)
        # Beyond all reach is far enough: an infinite distance would make a share of 0 / 0.
        result[:, k] = constants[k] - 0.5 * np.minimum(squared, FARTHEST)
    return result


def normalize(log_joints: Array) -> tuple[Array, Array]:
    """Responsibilities (n, K) and log-densities (n,) of a chunk, by log-sum-exp (Bishop eq. 9.13)."""
    largest = log_joints.max(axis=1)
    shares = np.exp(log_joints - largest[:, None])
    totals = shares.sum(axis=1)
    shares /= totals[:, None]
    return shares, largest + np.log(totals)


def responsibilities(points: Any, mixture: Mixture) -> Array:
    """(N, K): the probability of each component given each point; rows sum to 1 (Bishop eq. 9.13).

    Raises PointsError for points that are not finite or not of the mixture's dimension.
    """
    checked = as_points(points, mixture.n_dimensions)
    return np.concatenate([normalize(log_joint(chunk, mixture))[0] for chunk in chunks(checked)])


def log_density(points: Any, mixture: Mixture) -> Array:
    """(N,): log p(x) of each point, in nats (Bishop eq. 9.7). Raises PointsError as `responsibilities`."""
    checked = as_points(points, mixture.n_dimensions)
    return np.concatenate([normalize(log_joint(chunk, mixture))[1] for chunk in chunks(checked)])


def log_likelihood(points: Any, mixture: Mixture) -> float:
    """The sum of the log-densities of all points, in nats (Bishop eq. 9.14)."""
    return float(log_density(points, mixture).sum())


def sample(mixture: Mixture, n_samples: int, rng: np.random.Generator) -> tuple[Array, NDArray[np.int64]]:
    """Points (n_samples, D) drawn from the mixture, and the component (n_samples,) each came from.

    Raises MixtureError when n_samples is negative.
    """
    if n_samples < 0:
        raise MixtureError(f"Cannot draw {n_samples} points; ask for 0 or more.")
    labels = rng.choice(mixture.n_components, size=n_samples, p=mixture.weights / mixture.weights.sum())
    standard = rng.standard_normal((n_samples, mixture.n_dimensions))
    factors = np.linalg.inv(mixture.whiteners)
    points = mixture.means[labels] + np.einsum("nij,nj->ni", factors[labels], standard)
    return points, labels.astype(np.int64)
