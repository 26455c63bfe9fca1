"""The bound in every mode: below the evidence, exact for one component, and highest at the M-step."""

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betaln, gammaln, logsumexp

from gmm_core import Mixture, Noise, initialize
from gmm_core.moments import Moments
from gmm_core.points import Array
from gmm_core.variational import (
    VARIATIONAL_FAMILIES,
    WEIGHT_PRIORS,
    Posterior,
    VariationalPrior,
    VariationalState,
    default_variational_prior,
    divergence,
    iterate,
    m_step,
    run,
    start,
)
from gmm_core.variational.bound import fit
from gmm_core.variational.weights import Weights, believed
from tests.bishop import learned
from tests.strategies import QUICK, Problem, affine_map, axis_scaling, problems, seeds, similarity

every_family = pytest.mark.parametrize("family", VARIATIONAL_FAMILIES)
every_prior = pytest.mark.parametrize("weights", WEIGHT_PRIORS)


def log_marginal(points: Array, prior: VariationalPrior, n_dimensions: int) -> float:
    """Of one component's points, binary columns included; 0 of none."""
    ones = points[:, n_dimensions:].sum(axis=0)
    binary = betaln(prior.successes + ones, prior.failures + len(points) - ones)
    binary = (binary - betaln(prior.successes, prior.failures)).sum()
    return learned(points[:, :n_dimensions], prior)[0] + float(binary)


def log_weights_marginal(counts: Array, prior: VariationalPrior, n_noise: int | None) -> float:
    """The probability that labels fall as they did, all weights averaged out."""
    if prior.weights == "dirichlet":
        before = np.full(len(counts), prior.concentration)
        if n_noise is not None:
            counts, before = np.append(counts, n_noise), np.append(before, prior.noise_concentration)
        after = before + counts
        total = gammaln(before.sum()) - gammaln(after.sum())
        return float(total + (gammaln(after) - gammaln(before)).sum())
    total, left = 0.0, int(counts.sum())
    if n_noise is not None:
        total += betaln(prior.noise_concentration + n_noise, 1 + left) - betaln(prior.noise_concentration, 1)
    for count in counts:
        left -= int(count)
        total += betaln(1 + count, prior.concentration + left) - betaln(1, prior.concentration)
    return float(total)


def evidence_of(points: Array, prior: VariationalPrior, n_components: int, volume: float | None) -> float:
    """The sum over all ways to assign the points to K components and the noise."""
    rows = range(n_components + (volume is not None))
    terms = []
    for assigned in itertools.product(rows, repeat=len(points)):
        labels = np.array(assigned)
        counts = np.bincount(labels, minlength=n_components)
        n_noise = int(counts[-1]) if volume is not None else None
        term = log_weights_marginal(counts[:n_components], prior, n_noise)
        own = (log_marginal(points[labels == k], prior, 2) for k in range(n_components) if counts[k])
        noise = -n_noise * np.log(volume) if volume is not None and n_noise else 0.0
        terms.append(term + sum(own) + noise)
    return float(logsumexp(terms))


def few_points(n_binary: int) -> Array:
    rng = np.random.default_rng(n_binary)
    points = np.concatenate([rng.standard_normal((2, 2)), rng.standard_normal((3, 2)) + 7])
    return np.hstack([points, (rng.random((5, n_binary)) < 0.4).astype(np.float64)])


@every_prior
@pytest.mark.parametrize("volume", [None, 60.0])
@pytest.mark.parametrize("n_binary", [0, 2])
def test_the_bound_lies_below_the_evidence(weights: str, volume: float | None, n_binary: int) -> None:
    points = few_points(n_binary)
    prior = VariationalPrior(
        0.6, np.array([3.0, 3.0]), 0.2, 3.0, np.eye(2), weights, 0.4, successes=0.7, failures=1.6
    )
    mixture = initialize(points, 2, n_binary=n_binary, rng=0)
    if volume is not None:
        mixture = replace(mixture, weights=mixture.weights * 0.8, noise=Noise(0.2, volume))
    evidence = evidence_of(points, prior, 2, volume)
    for family in VARIATIONAL_FAMILIES:
        states = itertools.islice(iterate(points, mixture, prior, family=family), 25)
        best = max(state.lower_bound for state in states)
        assert best < evidence
        # Of two equal modes it sees one, and of those that a family leaves out none.
        assert family != "full" or best > evidence - 6.0


@QUICK
@given(problems(max_components=1), st.sampled_from(WEIGHT_PRIORS), st.integers(0, 2), seeds)
def test_of_one_component_the_bound_is_the_evidence(
    problem: Problem, weights: str, n_binary: int, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    n_dimensions = problem.points.shape[1]
    ones = (rng.random((60, n_binary)) < 0.3).astype(np.float64)
    points = np.hstack([problem.points, ones])
    mean, scale = np.full(n_dimensions, 0.7), 0.3 * np.eye(n_dimensions)
    prior = VariationalPrior(0.5, mean, 0.4, n_dimensions + 0.5, scale, weights, successes=0.3, failures=2.0)
    mixture = replace(problem.mixture, probabilities=np.full((1, n_binary), 0.5))
    bounds = {
        family: start(points, mixture, prior, family=family).lower_bound for family in VARIATIONAL_FAMILIES
    }
    expected = log_marginal(points, prior, n_dimensions) + log_weights_marginal(np.array([60]), prior, None)
    assert bounds["full"] == pytest.approx(expected, rel=1e-11)
    assert bounds["tied"] == pytest.approx(expected, rel=1e-11)
    # The model is the same, and the beliefs are fewer.
    slack = 1e-11 * abs(expected)
    assert bounds["spherical"] <= bounds["diag"] + slack <= bounds["full"] + 2 * slack
    if n_dimensions == 1:
        assert bounds["spherical"] == pytest.approx(expected, rel=1e-11)


# The M-step


def some_moments(rng: np.random.Generator, n_dimensions: int = 2) -> Moments:
    roots = rng.standard_normal((3, n_dimensions, n_dimensions + 2))
    counts = rng.uniform(0.5, 20.0, 3)
    successes = rng.uniform(0.1, 0.9, (3, 2)) * counts[:, None]
    means = 2 * rng.standard_normal((3, n_dimensions))
    scatters = counts[:, None, None] * roots @ roots.transpose(0, 2, 1)
    return Moments(counts, means, scatters, Noise(float(rng.uniform(1, 9)), 30.0), successes)


def reached(moments: Moments, posterior: Posterior, prior: VariationalPrior) -> float:
    return fit(moments, posterior.log_joint) - divergence(posterior, prior)


def nudged(posterior: Posterior, family: str, size: float, rng: np.random.Generator) -> Posterior:
    """Another of the same family, near by."""

    def times(values: Any) -> Any:
        return values * np.exp(size * rng.standard_normal(np.shape(values)))

    n_dimensions = posterior.n_dimensions
    scales, degrees = posterior.scales, posterior.degrees
    if family == "tied":
        turn = np.eye(n_dimensions) + size * rng.standard_normal((n_dimensions, n_dimensions))
        scales, degrees = turn @ scales @ turn.T, degrees * np.exp(size * rng.standard_normal())
    elif family == "full":
        turn = np.eye(n_dimensions) + size * rng.standard_normal(scales.shape)
        scales, degrees = turn @ scales @ turn.transpose(0, 2, 1), times(degrees)
    else:
        shape = (3, n_dimensions, 1) if family == "diag" else (3, 1, 1)
        scales, degrees = scales * np.exp(size * rng.standard_normal(shape)), times(degrees)
    assert posterior.noise is not None
    return replace(
        posterior,
        concentrations=times(posterior.concentrations),
        means=posterior.means + size * rng.standard_normal(posterior.means.shape),
        shrinkages=times(posterior.shrinkages),
        degrees=degrees,
        scales=scales,
        noise=Noise(times(posterior.noise.amount), posterior.noise.volume),
        rests=None if posterior.rests is None else times(posterior.rests),
        successes=times(posterior.successes),
        failures=times(posterior.failures),
    )


@every_family
@every_prior
@pytest.mark.parametrize("seed", range(3))
def test_no_other_posterior_of_the_family_has_a_higher_bound(family: str, weights: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    moments = some_moments(rng)
    prior = VariationalPrior(0.6, np.ones(2), 0.4, 3.5, np.diag([1.0, 2.0]), weights).of_family(family)
    best = m_step(moments, prior, family=family)
    highest = reached(moments, best, prior)
    for size in (1e-3, 0.03, 0.3):
        for _ in range(20):
            assert reached(moments, nudged(best, family, size, rng), prior) < highest
    # The slope is 0: a thousandth of the way costs but a millionth.
    assert highest - reached(moments, nudged(best, family, 1e-4, rng), prior) < 1e-4


@every_prior
def test_no_order_of_the_stick_has_a_higher_bound_than_that_by_size(weights: str) -> None:
    rng = np.random.default_rng(4)
    prior = VariationalPrior(0.3, np.zeros(2), 0.4, 3.5, np.eye(2), weights)
    for _ in range(5):
        counts = np.append(rng.uniform(0, 50, 4), 7.0)
        orders = [np.array([4, *order]) for order in itertools.permutations(range(4))]
        values = [float(believed(counts, prior, True, order=order).log_normaliser) for order in orders]
        by_size = believed(counts, prior, True, by_size=True)
        assert float(by_size.log_normaliser) == pytest.approx(max(values), rel=1e-13)
        if weights == "stick-breaking":
            assert max(values) > min(values) + 0.1
            assert by_size.order is not None
            assert by_size.order.tolist() == [4, *np.argsort(-counts[:4]).tolist()]


def test_a_dirichlet_distribution_is_a_stick_whose_pieces_are_its_own() -> None:
    """Its marginals are Beta distributions: the two formulas must agree."""
    rng = np.random.default_rng(1)
    after, before = rng.uniform(0.1, 9, 5), rng.uniform(0.1, 2, 5)

    def broken(alphas: Array) -> Weights:
        later = alphas[::-1].cumsum()[::-1][1:]
        return Weights(alphas[:-1], later, np.arange(4))

    whole, stick = Weights(after), broken(after)
    np.testing.assert_allclose(stick.expected_logs, whole.expected_logs[:4], rtol=1e-12)
    expected = whole.expected[:4] / whole.expected[:4].sum()
    np.testing.assert_allclose(stick.expected, expected, rtol=1e-12)
    known = float(whole.divergence(Weights(before)))
    assert float(stick.divergence(broken(before))) == pytest.approx(known, rel=1e-12)


# Invariance


MAPS = {"full": affine_map, "tied": affine_map, "diag": axis_scaling, "spherical": similarity}


@QUICK
@given(
    problems(max_components=3, max_dimensions=2),
    seeds,
    st.sampled_from(VARIATIONAL_FAMILIES),
    st.sampled_from(WEIGHT_PRIORS),
)
def test_units_and_origin_do_not_matter(problem: Problem, seed: int, family: str, weights: str) -> None:
    """With background noise, whose volume changes with the units, and a column of 0 and 1."""
    rng = np.random.default_rng(seed)
    chart = MAPS[family](rng, problem.points.shape[1])
    ones = (rng.random((60, 1)) < 0.4).astype(np.float64)
    noise = Noise(0.1, 1000.0)
    other_noise = Noise(0.1, 1000.0 * float(np.exp(chart.log_determinant)))

    def states_of(points: Array, mixture: Mixture, noise: Noise) -> list[VariationalState]:
        shares = mixture.weights * (1 - noise.amount)
        probabilities = np.full((mixture.n_components, 1), 0.5)
        crowded = Mixture(shares, mixture.means, mixture.covariances, noise, probabilities)
        points = np.hstack([points, ones])
        prior = default_variational_prior(points, weights=weights, n_binary=1)
        return list(itertools.islice(iterate(points, crowded, prior, family=family), 5))

    mapped, moved = chart.points(problem.points), chart.mixture(problem.mixture)
    plain = states_of(problem.points, problem.mixture, noise)
    for before, after in zip(plain, states_of(mapped, moved, other_noise), strict=True):
        held = before.moments.noise, after.moments.noise
        assert held[0] is not None
        assert held[1] is not None
        assert held[1].amount == pytest.approx(held[0].amount, rel=1e-6, abs=1e-6)
        np.testing.assert_allclose(after.moments.counts, before.moments.counts, atol=1e-5)
        expected = before.lower_bound - chart.log_determinant * 60
        assert after.lower_bound == pytest.approx(expected, rel=1e-8, abs=1e-5)


@QUICK
@given(problems(), seeds, st.sampled_from(VARIATIONAL_FAMILIES), st.sampled_from(WEIGHT_PRIORS))
def test_whole_weights_are_repeated_points(problem: Problem, seed: int, family: str, weights: str) -> None:
    """Moves included."""
    rng = np.random.default_rng(seed)
    counted = rng.integers(1, 4, 60).astype(np.float64)
    repeated = np.repeat(problem.points, counted.astype(int), axis=0)
    settings: Any = {"family": family, "max_steps": 6}
    prior = default_variational_prior(repeated, weights=weights)
    weighted = run(problem.points, problem.mixture, prior=prior, sample_weights=counted, **settings)
    plain = run(repeated, problem.mixture, prior=prior, **settings)
    for state, expected in zip(weighted.states, plain.states, strict=True):
        assert state.lower_bound == pytest.approx(expected.lower_bound, rel=1e-9, abs=1e-9)
        np.testing.assert_allclose(state.moments.counts, expected.moments.counts, rtol=1e-6, atol=1e-6)
        moved = state.move and state.move.components
        assert moved == (expected.move and expected.move.components)
