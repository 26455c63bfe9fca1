"""The E-step: what every component gathers from the points, whether they are one array or a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gmm_core import quadratic
from gmm_core.log_joint import CHUNK, LogJoint, chunks, log_joint, share_out
from gmm_core.mixture import Mixture, MixtureError, Noise, check_mixture
from gmm_core.moments import Moments, moments_unchecked, weighted_moments
from gmm_core.points import Array, PointsError, as_rows, as_sample_weights, check_binary, check_values, quoted
from gmm_core.settings import is_not_negative


@dataclass(frozen=True, eq=False)
class Expectation:
    """What an E-step yields; `a + b` merges the E-steps of two disjoint sets of points."""

    moments: Moments
    """The expected sufficient statistics under the mixture's responsibilities."""
    log_likelihood: float
    """The points' total log-likelihood under the same mixture, in nats."""
    objective: float
    """What EM at this temperature raises, in nats: at temperature 1 the log-likelihood."""

    def __add__(self, other: "Expectation") -> "Expectation":
        return Expectation(
            self.moments + other.moments,
            self.log_likelihood + other.log_likelihood,
            self.objective + other.objective,
        )


def e_step(
    points: ArrayLike | Iterator[ArrayLike],
    mixture: Mixture,
    *,
    sample_weights: ArrayLike | None = None,
    temperature: float = 1.0,
) -> Expectation:
    """The expected sufficient statistics of points (N, D) and their log-likelihood under `mixture`.

    `points` may also be an iterator of such arrays, each read once and forgotten. Sample weights (N,) count
    every point so many times. A temperature above 1 softens the responsibilities, one below hardens them,
    and at 0 every point belongs to one component. No array of N x K is ever made: chunks pass through two
    matrix products each, on a few threads, or, where a component is so small that digits would be lost,
    through differences from every mean.

    Raises PointsError for bad points or weights, MixtureError for a negative temperature.
    Source: Bishop eqs. 9.13, 9.18; Ueda & Nakano (1998), Deterministic annealing EM algorithm.
    """
    check_temperature(temperature)
    check_mixture(mixture)
    if isinstance(points, Iterator):
        return _expect_stream(points, mixture, sample_weights, temperature)
    noise_volume = None if mixture.noise is None else mixture.noise.volume
    return expect(points, mixture.log_joint, _centre(mixture), noise_volume, sample_weights, temperature)


def _centre(mixture: Mixture) -> Array:
    """(D,): the mean of the components, without the noise, which has no place."""
    total = mixture.weights.sum()
    return mixture.weights / total @ mixture.means if total > 0 else mixture.means.mean(axis=0)


def check_temperature(temperature: Any) -> None:
    """Raises MixtureError unless it is a finite number >= 0."""
    if not is_not_negative(temperature):
        raise MixtureError(
            f"The temperature is {quoted(temperature)}; give 1 for EM, more for softer shares, 0 for hard "
            "ones."
        )


def _expect_stream(
    stream: Iterator[ArrayLike], mixture: Mixture, sample_weights: ArrayLike | None, temperature: float
) -> Expectation:
    if sample_weights is not None:
        raise PointsError("Sample weights go with an array of points, not with an iterator; add up E-steps.")
    total: Expectation | None = None
    for chunk in stream:
        part = e_step(chunk, mixture, temperature=temperature)
        total = part if total is None else total + part
    if total is None:
        raise PointsError("The iterator of points is empty, as it is when read twice; make it anew.")
    return total


def expect(
    points: ArrayLike,
    terms: LogJoint,
    origin: Array,
    noise_volume: float | None = None,
    sample_weights: ArrayLike | None = None,
    temperature: float = 1.0,
) -> Expectation:
    """`e_step` for any log-joint: a mixture's, or the expected one of a variational posterior.

    `origin` (D,) is a place amid the points.
    """
    rows = as_rows(points, terms.n_dimensions + terms.n_binary)
    weights = as_sample_weights(sample_weights, len(rows))
    if terms.n_binary:
        check_values(rows)
        check_binary(rows[:, terms.n_dimensions :])
    sums = quadratic.expect(rows, terms, origin, weights, temperature)
    if sums is not None:
        n_components, first = terms.n_components, sums.features.shape[-1] - terms.n_binary
        counts, means, scatters, precise = quadratic.gathered(sums.features[:n_components], origin)
        if precise:
            noise = None if noise_volume is None else Noise(float(sums.features[-1, 0]), noise_volume)
            successes = sums.features[:n_components, first:]
            moments = moments_unchecked(counts, means, scatters, noise, successes)
            return Expectation(moments, float(sums.log_likelihood), float(sums.objective))
    check_values(rows)
    pieces = np.split(weights, range(CHUNK, len(rows), CHUNK)) if weights is not None else None
    return reduce(
        add,
        (
            _expect_centred(chunk, terms, noise_volume, None if pieces is None else pieces[i], temperature)
            for i, chunk in enumerate(chunks(rows))
        ),
    )


def _expect_centred(
    chunk: Array, terms: LogJoint, noise_volume: float | None, weights: Array | None, temperature: float
) -> Expectation:
    shares, log_densities, objectives = share_out(log_joint(chunk, terms), temperature)
    if weights is not None:
        shares, log_densities, objectives = shares * weights, log_densities * weights, objectives * weights
    noise = None if noise_volume is None else Noise(float(shares[-1].sum()), noise_volume)
    moments = weighted_moments(chunk, shares[: terms.n_components].T, n_binary=terms.n_binary, noise=noise)
    return Expectation(moments, float(log_densities.sum()), float(objectives.sum()))
