"""The E-step: what every component gathers from the points, whether they are one array or a stream."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from numpy.typing import ArrayLike

from gmm_core.gathering import gather
from gmm_core.log_joint import LogJoint
from gmm_core.mixture import Mixture, MixtureError, Noise, check_mixture
from gmm_core.moments import Moments, moments_unchecked
from gmm_core.points import PointsError, as_rows, as_sample_weights, check_binary, check_values, quoted
from gmm_core.settings import is_not_negative, truth


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
    diagonal: bool = False,
    pooled: bool = False,
) -> Expectation:
    """The expected sufficient statistics of points (N, D) and their log-likelihood under `mixture`.

    `points` may also be an iterator of such arrays, each read once and forgotten. Sample weights (N,) count
    every point so many times. A temperature above 1 softens the responsibilities, one below hardens them,
    and at 0 every point belongs to one component. A `diagonal` E-step gathers variances alone, all that
    families with axis-parallel components read, in a fraction of the time where there are many dimensions; a
    `pooled` one the sum of the scatters alone, all that a family reads whose components share one covariance,
    and is quicker where those of `mixture` do.
    No array of N x K is ever made: blocks of points pass by on a few threads, and no digits are lost, however
    small or far apart the components are.

    Raises PointsError for bad points or weights, MixtureError for a negative temperature.
    Source: Bishop eqs. 9.13, 9.18; Ueda & Nakano (1998), Deterministic annealing EM algorithm.
    """
    check_temperature(temperature)
    diagonal = truth(diagonal, "The setting 'diagonal'", MixtureError)
    pooled = truth(pooled, "The setting 'pooled'", MixtureError)
    check_mixture(mixture)
    if isinstance(points, Iterator):
        return _expect_stream(points, mixture, sample_weights, temperature, diagonal, pooled)
    noise_volume = None if mixture.noise is None else mixture.noise.volume
    terms = mixture.log_joint
    return expect(points, terms, noise_volume, sample_weights, temperature, diagonal=diagonal, pooled=pooled)


def check_temperature(temperature: Any) -> None:
    """Raises MixtureError unless it is a finite number >= 0."""
    if not is_not_negative(temperature):
        raise MixtureError(
            f"The temperature is {quoted(temperature)}; give 1 for EM, more for softer shares, 0 for hard "
            "ones."
        )


def _expect_stream(
    stream: Iterator[ArrayLike],
    mixture: Mixture,
    sample_weights: ArrayLike | None,
    temperature: float,
    diagonal: bool,
    pooled: bool,
) -> Expectation:
    if sample_weights is not None:
        raise PointsError("Sample weights go with an array of points, not with an iterator; add up E-steps.")
    total: Expectation | None = None
    for chunk in stream:
        part = e_step(chunk, mixture, temperature=temperature, diagonal=diagonal, pooled=pooled)
        total = part if total is None else total + part
    if total is None:
        raise PointsError("The iterator of points is empty, as it is when read twice; make it anew.")
    return total


def expect(
    points: ArrayLike,
    terms: LogJoint,
    noise_volume: float | None = None,
    sample_weights: ArrayLike | None = None,
    temperature: float = 1.0,
    *,
    diagonal: bool = False,
    pooled: bool = False,
) -> Expectation:
    """`e_step` for any log-joint: a mixture's, or the expected one of a variational posterior.

    A `diagonal` one gathers nothing off the scatters' diagonals, a `pooled` one their sum."""
    rows = as_rows(points, terms.n_dimensions + terms.n_binary)
    weights = as_sample_weights(sample_weights, len(rows))
    if terms.n_binary:
        check_values(rows)
        check_binary(rows[:, terms.n_dimensions :])
    found = gather(rows, terms, weights, temperature, diagonal=diagonal, pooled=pooled)
    noise = None
    if found.noise is not None and noise_volume is not None:
        noise = Noise(float(found.noise), noise_volume)
    moments = moments_unchecked(
        found.counts, found.means, found.scatters, noise, found.successes, diagonal, pooled
    )
    return Expectation(moments, float(found.log_likelihoods), float(found.objectives))
