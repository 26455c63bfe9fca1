"""A mixture of Gaussians: a linear combination of normal densities, and what can be asked of it."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gmm_core.log_joint import LOG_TWO_PI, LogJoint, chunks, log_joint, safe_log, share_out
from gmm_core.points import Array, ReadOnly, as_numbers, as_points, check_binary, quoted, read_only, sealed
from gmm_core.settings import Seed, as_generator, check_kind, is_not_negative, whole_number
from gmm_core.whitening import whiten


class MixtureError(ValueError):
    """Parameters that do not describe a mixture; the text says which, and what to do."""


@dataclass(frozen=True)
class Noise:
    """Background noise: a uniform density of 1 / volume, wherever it is asked for.

    Source: Banfield & Raftery (1993), section 4, where the volume is that of the data's region.
    """

    amount: float
    """In a Mixture its weight, from 0 to 1; in Moments the points it holds."""
    volume: float
    """Of the region it fills, in units of the points to the power D; > 0."""


@dataclass(frozen=True, eq=False)
class Mixture(ReadOnly):
    """p(x) = sum over k of weights[k] * Normal(x; means[k], covariances[k]), perhaps with background noise.

    With B binary columns a component is a Gaussian times B Bernoulli distributions, independent given the
    component, and a point is D numbers followed by B values 0 or 1. The arrays are copied, checked and
    read-only.

    Raises MixtureError when shapes disagree, a value is not finite, the weights are negative or do
    not sum to 1, a covariance is not symmetric and positive definite, or a probability is beyond 0 and 1.
    Source: Bishop, Pattern Recognition and Machine Learning (2006), eqs. 9.7 and 9.44.

    >>> mixture = Mixture([0.6, 0.4], [[0, 0], [3, 1]], [[[1, 0], [0, 1]], [[2, 0.5], [0.5, 1]]])
    >>> mixture.n_components, mixture.n_dimensions
    (2, 2)
    """

    weights: Array
    """(K,), each >= 0, summing to 1, less the noise's."""
    means: Array
    """(K, D), in the units of the points."""
    covariances: Array
    """(K, D, D), symmetric positive definite, in squared units of the points."""
    noise: Noise | None = None
    """Background noise, if any."""
    probabilities: Array = field(default_factory=lambda: np.empty((0, 0)))
    """(K, B): of a 1 in each binary column; (K, 0) without any."""

    def __post_init__(self) -> None:
        arrays = {name: _finite(name, getattr(self, name)) for name in ("weights", "means", "covariances")}
        _check_shapes(**arrays)
        _check_noise(self.noise)
        _check_weights(arrays["weights"], 0.0 if self.noise is None else self.noise.amount)
        _check_covariances(arrays["covariances"])
        arrays["probabilities"] = _as_table(self.probabilities, len(arrays["weights"]))
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

    @property
    def n_columns(self) -> int:
        """D + B, of the points it describes."""
        return self.means.shape[1] + self.probabilities.shape[1]

    @cached_property
    def _whitened(self) -> tuple[Array, Array]:
        whiteners, log_scales = whiten(self.covariances)
        return sealed(whiteners), sealed(log_scales)

    @property
    def whiteners(self) -> Array:
        """(K, D, D), the inverses of the lower Cholesky factors: whiteners[k] @ (x - means[k]) is standard
        normal when x comes from component k."""
        return self._whitened[0]

    @property
    def log_scales(self) -> Array:
        """(K,), half the log-determinants of the covariances."""
        return self._whitened[1]

    @cached_property
    def log_joint(self) -> LogJoint:
        """log(weight * density) of every component, as a function of the point."""
        constants = safe_log(self.weights) - self.log_scales - 0.5 * self.n_dimensions * LOG_TWO_PI
        noise = None
        if self.noise is not None:
            noise = safe_log(np.array(self.noise.amount)) - np.log(self.noise.volume)
        failures = successes = self.probabilities
        if successes.size:
            failures, successes = sealed(safe_log(1.0 - successes)), sealed(safe_log(successes))
        return LogJoint(sealed(constants), self.means, self.whiteners, failures, successes, noise)


def mixture_unchecked(
    weights: Array, means: Array, covariances: Array, noise: Noise | None, probabilities: Array
) -> Mixture:
    """The Mixture of parameters that cannot be wrong, such as an M-step's: nothing is checked or copied."""
    mixture = object.__new__(Mixture)
    for name, array in (
        ("weights", weights),
        ("means", means),
        ("covariances", covariances),
        ("probabilities", probabilities),
    ):
        object.__setattr__(mixture, name, sealed(array))
    object.__setattr__(mixture, "noise", noise)
    return mixture


def _finite(name: str, values: ArrayLike) -> Array:
    irregular = f"The {name} must be a regular array of numbers; check their shape."
    array = read_only(as_numbers(values, f"The {name}", MixtureError, irregular))
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


def _check_noise(noise: Noise | None) -> None:
    if noise is None:
        return
    check_kind(
        noise, Noise, "The noise", "make one with Noise(amount, volume), or leave it out", MixtureError
    )
    if not (is_not_negative(noise.amount) and noise.amount <= 1):
        raise MixtureError(f"The noise has the weight {quoted(noise.amount)}; give one from 0 to 1.")
    if not (is_not_negative(noise.volume) and noise.volume > 0):
        raise MixtureError(f"The noise fills the volume {quoted(noise.volume)}; give a finite one above 0.")


def _check_weights(weights: Array, noise: float) -> None:
    if (weights < 0).any():
        raise MixtureError("A weight is negative; weights are shares of the points, from 0 to 1.")
    total = weights.sum() + noise
    if abs(total - 1.0) > 1e-8:
        what = "The weights and the noise's" if noise else "The weights"
        raise MixtureError(f"{what} sum to {total:.9g}; divide them by their sum so that it is 1.")


def _as_table(probabilities: ArrayLike, n_components: int) -> Array:
    """(K, B)."""
    table = _finite("probabilities", probabilities)
    if table.size == 0:
        return read_only(np.empty((n_components, 0)))
    if table.ndim != 2 or len(table) != n_components:
        raise MixtureError(
            f"The probabilities must have shape ({n_components}, B), one row a component, not {table.shape}; "
            "give one for each component and binary column."
        )
    if ((table < 0) | (table > 1)).any():
        raise MixtureError("A probability is below 0 or above 1; give the share of ones.")
    return table


def _check_covariances(covariances: Array) -> None:
    """With the rows scaled to unit variance first, so that units do not matter."""
    variances = np.einsum("kdd->kd", covariances)
    for k in range(len(covariances)):
        if (variances[k] <= 0).any():
            raise MixtureError(_not_positive_definite(k))
        scale = np.sqrt(variances[k])
        if (np.abs(covariances[k] - covariances[k].T) > 1e-8 * scale[:, None] * scale).any():
            raise MixtureError(f"Covariance {k} is not symmetric; average it with its transpose.")
    deviations = np.sqrt(variances)
    correlations = covariances / deviations[:, :, None] / deviations[:, None, :]
    try:
        np.linalg.cholesky(correlations)
    except np.linalg.LinAlgError:
        smallest = np.linalg.eigvalsh(correlations)[:, 0]
        raise MixtureError(_not_positive_definite(int(smallest.argmin()))) from None


def _not_positive_definite(component: int) -> str:
    return f"Covariance {component} is not positive definite; add a small amount to its diagonal."


def check_mixture(mixture: Any) -> None:
    """Raises MixtureError unless it is a Mixture."""
    cure = "give the .mixture of a run or a fit, or make one with initialize"
    check_kind(mixture, Mixture, "The mixture", cure, MixtureError)


def shares_and_densities(points: ArrayLike, mixture: Mixture) -> tuple[Array, Array]:
    """Shares (N, K or K + 1), the noise's last, and log-densities (N,), for `responsibilities` and others.

    Raises PointsError for points that are not finite, not of the mixture's dimension, or not 0 or 1 in
    binary columns.
    """
    check_mixture(mixture)
    checked = as_points(points, mixture.n_columns)
    check_binary(checked[:, mixture.n_dimensions :])
    parts = [share_out(log_joint(chunk, mixture.log_joint)) for chunk in chunks(checked)]
    return (
        np.concatenate([shares.T for shares, _, _ in parts]),
        np.concatenate([log_densities for _, log_densities, _ in parts]),
    )


def responsibilities(points: ArrayLike, mixture: Mixture) -> Array:
    """(N, K): the probability of each component given each of points (N, D) (Bishop eq. 9.13).

    Rows sum to 1, less the share of the noise.
    Raises PointsError for points that are not finite, or do not have the mixture's columns.
    """
    return shares_and_densities(points, mixture)[0][:, : mixture.n_components]


def log_density(points: ArrayLike, mixture: Mixture) -> Array:
    """(N,): log p(x) of each of points (N, D), in nats (Bishop eq. 9.7). Raises PointsError as
    `responsibilities`."""
    return shares_and_densities(points, mixture)[1]


def log_likelihood(points: ArrayLike, mixture: Mixture) -> float:
    """The sum of the log-densities of points (N, D), in nats (Bishop eq. 9.14). Raises PointsError as
    `responsibilities`."""
    return float(log_density(points, mixture).sum())


def sample(mixture: Mixture, n_samples: int, rng: Seed) -> tuple[Array, NDArray[np.int64]]:
    """Points (n_samples, D + B) drawn from the mixture, and the component (n_samples,) each came from.

    Raises MixtureError when n_samples is negative or no whole number, or there is noise, which has a volume
    but no place; PointsError for an `rng` that is neither a Generator nor a seed nor None.
    """
    check_mixture(mixture)
    n_samples = whole_number(n_samples, "The number of points to draw", MixtureError, least=0)
    if n_samples < 0:
        raise MixtureError(f"Cannot draw {n_samples} points; ask for 0 or more.")
    rng = as_generator(rng)
    if mixture.noise is not None and mixture.noise.amount > 0:
        raise MixtureError("Noise has a volume but no place to draw from; sample a mixture without it.")
    labels = rng.choice(mixture.n_components, size=n_samples, p=mixture.weights / mixture.weights.sum())
    standard = rng.standard_normal((n_samples, mixture.n_dimensions))
    factors = np.linalg.inv(mixture.whiteners)
    points = mixture.means[labels] + np.einsum("nij,nj->ni", factors[labels], standard)
    if mixture.probabilities.shape[1]:
        ones = rng.random((n_samples, mixture.probabilities.shape[1])) < mixture.probabilities[labels]
        points = np.column_stack([points, ones.astype(np.float64)])
    return points, labels.astype(np.int64)


def with_noise(mixture: Mixture, noise: Noise | None) -> Mixture:
    """The mixture, without any so far, with this background if there is one."""
    if noise is None:
        return mixture
    weights = mixture.weights * (1.0 - noise.amount)
    return mixture_unchecked(weights, mixture.means, mixture.covariances, noise, mixture.probabilities)


def check_noise(noise: Any) -> None:
    """Raises MixtureError unless it is None or a Noise that leaves something to the components."""
    if noise is None:
        return
    cure = "make one with Noise(amount, volume), or leave it out"
    check_kind(noise, Noise, "The noise", cure, MixtureError)
    rest = 1.0 - noise.amount if is_not_negative(noise.amount) else 1.0
    Mixture(np.array([rest]), np.zeros((1, 1)), np.ones((1, 1, 1)), noise)
    if noise.amount == 1:
        raise MixtureError("The noise has the weight 1, so nothing is left to the components; give less.")


def without_noise(mixture: Any, question: str) -> Mixture:
    """The mixture itself, or without a noise that weighs nothing.

    Raises MixtureError for what is no Mixture, or one with noise, to which `question` has no answer.
    """
    check_mixture(mixture)
    if mixture.noise is None:
        return mixture
    if mixture.noise.amount > 0:
        raise MixtureError(
            f"Noise has a volume but no place, so {question} cannot be told; take a mixture without it."
        )
    return mixture_unchecked(mixture.weights, mixture.means, mixture.covariances, None, mixture.probabilities)


def check_same_columns(mixture: Any, other: Any) -> None:
    """Raises MixtureError unless both are Mixtures of as many dimensions and binary columns."""
    check_mixture(mixture)
    check_mixture(other)
    sizes = (mixture.n_dimensions, mixture.probabilities.shape[1])
    other_sizes = (other.n_dimensions, other.probabilities.shape[1])
    if sizes != other_sizes:
        raise MixtureError(
            f"The mixtures have {sizes[0]} and {other_sizes[0]} dimensions, and {sizes[1]} and "
            f"{other_sizes[1]} binary columns; compare fits to the same columns."
        )
