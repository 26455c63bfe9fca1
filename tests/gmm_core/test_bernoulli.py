"""Binary columns: components that are a Gaussian times independent Bernoulli distributions."""

import csv
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import multivariate_normal
from sklearn.metrics import adjusted_rand_score

from gmm_core import (
    FAMILIES,
    EMRun,
    Mixture,
    MixtureError,
    Moments,
    Noise,
    PointsError,
    StopReason,
    Variant,
    e_step,
    expected_moments,
    initialize,
    log_density,
    log_likelihood,
    lower_bound,
    m_step,
    responsibilities,
    run,
    sample,
    start,
)
from gmm_core.points import Array
from tests.oracles import DATA
from tests.strategies import QUICK, make_mixture, make_points, seeds

EYE = np.eye(2)


def with_table(mixture: Mixture, table: Any, noise: Noise | None = None) -> Mixture:
    weights = mixture.weights * (1 - (noise.amount if noise else 0))
    return Mixture(weights, mixture.means, mixture.covariances, noise, table)


def make_problem(seed: int, n_binary: int, n_points: int = 60) -> tuple[Array, Mixture]:
    """Points (N, D + B) and a mixture of three components that might have made them."""
    rng = np.random.default_rng(seed)
    numbers = make_mixture(rng, 3, int(rng.integers(1, 4)))
    points = make_points(rng, numbers, n_points)
    ones = rng.integers(0, 2, (n_points, n_binary))
    return np.column_stack([points, ones]), with_table(numbers, rng.uniform(0.05, 0.95, (3, n_binary)))


def joint(points: Array, mixture: Mixture) -> Array:
    """(N, K): the product that the definition says, factor by factor."""
    d, result = mixture.n_dimensions, np.empty((len(points), mixture.n_components))
    for k in range(mixture.n_components):
        normal = multivariate_normal(mixture.means[k], mixture.covariances[k])
        result[:, k] = mixture.weights[k] * normal.pdf(points[:, :d])
        for b, probability in enumerate(mixture.probabilities[k]):
            result[:, k] *= np.where(points[:, d + b] == 1, probability, 1 - probability)
    return result


@QUICK
@given(seeds, st.integers(1, 4))
def test_the_density_is_the_product_of_its_factors(seed: int, n_binary: int) -> None:
    points, mixture = make_problem(seed, n_binary)
    table = joint(points, mixture)
    shares = table / table.sum(axis=1, keepdims=True)
    assert mixture.n_columns == mixture.n_dimensions + n_binary == points.shape[1]
    np.testing.assert_allclose(log_density(points, mixture), np.log(table.sum(axis=1)), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(responsibilities(points, mixture), shares, rtol=1e-8, atol=1e-13)
    expectation = e_step(points, mixture)
    assert expectation.log_likelihood == pytest.approx(np.log(table.sum(axis=1)).sum(), rel=1e-10)
    moments, plain = expectation.moments, expected_moments(points[:, : mixture.n_dimensions], shares)
    np.testing.assert_allclose(moments.counts, plain.counts, rtol=1e-9)
    np.testing.assert_allclose(moments.means, plain.means, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(moments.scatters, plain.scatters, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(moments.successes, shares.T @ points[:, mixture.n_dimensions :], rtol=1e-8)


@pytest.mark.parametrize("offset", [0.0, 1e7])
def test_chunks_and_parts_add_up(offset: float) -> None:
    points, mixture = make_problem(4, 2, 20_000)
    d = mixture.n_dimensions
    points[:, :d] += offset
    moved = Mixture(mixture.weights, mixture.means + offset, mixture.covariances, None, mixture.probabilities)
    whole = e_step(points, moved)
    parts = e_step(points[:7], moved) + e_step(points[7:9000], moved) + e_step(points[9000:], moved)
    assert parts.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)
    np.testing.assert_allclose(parts.moments.successes, whole.moments.successes, rtol=1e-10)
    shares = responsibilities(points, moved)
    np.testing.assert_allclose(whole.moments.successes, shares.T @ points[:, d:], rtol=1e-9)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    "variant", [Variant(), Variant(equal_weights=True), Variant(temperature=0.5), Variant(temperature=0)]
)
@pytest.mark.parametrize("noise", [None, Noise(0.1, 500.0)])
def test_the_objective_never_falls(family: str, variant: Variant, noise: Noise | None) -> None:
    rng = np.random.default_rng(2)
    numbers = make_mixture(rng, 3, 2)
    points = np.column_stack([make_points(rng, numbers, 120), rng.integers(0, 2, (120, 2))])
    begin = with_table(numbers, rng.uniform(0.2, 0.8, (3, 2)), noise)
    result = run(points, begin, family=family, variant=variant, tolerance=0, max_steps=25)
    assert result.stop_reason is not StopReason.LIKELIHOOD_FELL
    objectives = np.array([state.objective for state in result.states[1:]])
    assert len(objectives) > 3
    assert (np.diff(objectives) >= -1e-11 * np.abs(objectives[1:])).all()


@QUICK
@given(seeds, st.integers(1, 3))
def test_the_bound_lies_between_successive_likelihoods(seed: int, n_binary: int) -> None:
    points, mixture = make_problem(seed, n_binary)
    state = start(points, mixture)
    assert lower_bound(state, mixture) == pytest.approx(state.log_likelihood, rel=1e-12)
    after = m_step(state.moments)
    bound, reached = lower_bound(state, after), log_likelihood(points, after)
    slack = 1e-10 * abs(reached)
    assert state.log_likelihood - slack <= bound <= reached + slack


def test_the_m_step_takes_the_share_of_ones() -> None:
    points, mixture = make_problem(1, 3)
    moments = e_step(points, mixture).moments
    after = m_step(moments)
    np.testing.assert_allclose(after.probabilities, moments.successes / moments.counts[:, None], rtol=1e-15)
    plain = Moments(moments.counts, moments.means, moments.scatters)
    assert np.array_equal(after.covariances, m_step(plain).covariances)


# What they are good for


OVERLAPPING = Mixture(
    [0.6, 0.4],
    [[0, 0], [1.2, 0.6]],
    [EYE, [[1, 0.3], [0.3, 1]]],
    None,
    [[0.9, 0.2, 0.15, 0.5], [0.1, 0.8, 0.9, 0.5]],
)


def fitted(points: Array, begin: Mixture) -> EMRun:
    return run(points, begin, tolerance=1e-9, max_steps=3000)


def test_answers_tell_apart_what_lies_in_one_place() -> None:
    points, labels = sample(OVERLAPPING, 4000, np.random.default_rng(9))
    rng = np.random.default_rng(0)
    start_table = [[0.6, 0.4, 0.4, 0.5], [0.4, 0.6, 0.6, 0.5]]
    result = fitted(points, with_table(initialize(points[:, :2], 2, rng=rng), start_table)).mixture
    if result.probabilities[0, 0] < 0.5:
        result = Mixture(*(getattr(result, name)[::-1] for name in ("weights", "means", "covariances")), None,
                         result.probabilities[::-1])  # fmt: skip
    np.testing.assert_allclose(result.weights, OVERLAPPING.weights, atol=0.04)
    np.testing.assert_allclose(result.means, OVERLAPPING.means, atol=0.12)
    np.testing.assert_allclose(result.covariances, OVERLAPPING.covariances, atol=0.15)
    np.testing.assert_allclose(result.probabilities, OVERLAPPING.probabilities, atol=0.05)
    without = fitted(points[:, :2], initialize(points[:, :2], 2, rng=np.random.default_rng(0))).mixture
    with_answers = adjusted_rand_score(labels, responsibilities(points, result).argmax(axis=1))
    in_place = adjusted_rand_score(labels, responsibilities(points[:, :2], without).argmax(axis=1))
    assert with_answers > 0.8
    assert in_place < 0.5 * with_answers


def test_penguins_are_told_apart_better_by_their_sex_as_well() -> None:
    with (DATA / "penguins.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["sex"] != "NA"]
    bills = np.array([[float(row["bill_length_mm"]), float(row["bill_depth_mm"])] for row in rows])
    male = np.array([float(row["sex"] == "male") for row in rows])
    points = np.column_stack([bills, male])
    # Females and males of three species: their sizes differ, and six components are to find them.
    kinds = sorted({(row["species"], row["sex"]) for row in rows})
    labels = np.array([kinds.index((row["species"], row["sex"])) for row in rows])
    shares = (labels[:, None] == np.arange(6)).astype(float)
    truth = m_step(expected_moments(bills, shares), family="tied")
    result = run(
        points, with_table(truth, np.full((6, 1), 0.5)), family="tied", tolerance=1e-9, max_steps=500
    )
    plain = run(bills, truth, family="tied", tolerance=1e-9, max_steps=500)
    assert result.stop_reason is plain.stop_reason is StopReason.CONVERGED
    # Answers that say nothing cost log 2 each; these say something.
    assert result.log_likelihood > plain.log_likelihood - len(points) * np.log(2) + 10
    knowing = adjusted_rand_score(labels, responsibilities(points, result.mixture).argmax(axis=1))
    guessing = adjusted_rand_score(labels, responsibilities(bills, plain.mixture).argmax(axis=1))
    assert knowing > guessing


def test_samples_have_the_moments_of_the_mixture() -> None:
    points, labels = sample(OVERLAPPING, 20_000, np.random.default_rng(3))
    assert points.shape == (20_000, 6)
    assert set(np.unique(points[:, 2:])) == {0.0, 1.0}
    for k in range(2):
        own = points[labels == k]
        np.testing.assert_allclose(own[:, :2].mean(axis=0), OVERLAPPING.means[k], atol=0.06)
        np.testing.assert_allclose(own[:, 2:].mean(axis=0), OVERLAPPING.probabilities[k], atol=0.03)
        correlations = np.corrcoef(own.T)[2:, :] - np.eye(6)[2:, :]
        np.testing.assert_allclose(correlations, 0, atol=0.05)


# Certainty


def test_certain_answers_are_certain() -> None:
    mixture = Mixture([0.5, 0.5], [[0, 0], [0, 0]], [EYE, EYE], None, [[1.0], [0.0]])
    points = [[0.3, 0.1, 1.0], [0.3, 0.1, 0.0]]
    assert np.array_equal(responsibilities(points, mixture), [[1, 0], [0, 1]])
    expected = np.log(0.5) + multivariate_normal([0, 0]).logpdf([0.3, 0.1])
    np.testing.assert_allclose(log_density(points, mixture), expected, rtol=1e-13)


def test_a_point_that_cannot_be_is_no_nan() -> None:
    mixture = Mixture([0.5, 0.5], [[0, 0], [3, 3]], [EYE, EYE], None, [[1.0], [1.0]])
    points = [[0.3, 0.1, 0.0], [0.3, 0.1, 1.0]]
    shares = responsibilities(points, mixture)
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    assert (log_density(points, mixture) <= [-1e299, 0]).all()
    assert np.isfinite(e_step(points, mixture).log_likelihood)


@QUICK
@given(seeds)
def test_the_bound_of_certain_answers_is_that_without_them(seed: int) -> None:
    """Counts and ones are summed apart, and what is left of their difference is rounding."""
    rng = np.random.default_rng(seed)
    n_components, n_dimensions = int(rng.integers(1, 5)), int(rng.integers(1, 5))
    plain = make_mixture(rng, n_components, n_dimensions)
    numbers = make_points(rng, plain, 9000)
    points = np.column_stack([numbers, np.ones((len(numbers), 2))])
    variant = Variant(sample_weights=rng.uniform(0, 3, len(points)))
    state = start(points, with_table(plain, np.ones((n_components, 2))), variant=variant)
    other = start(numbers, plain, variant=variant)
    expected = lower_bound(other, m_step(other.moments))
    assert lower_bound(state, m_step(state.moments)) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("value", [0.0, 1.0])
@pytest.mark.parametrize("offset", [0.0, 1e7])
def test_a_column_that_is_all_the_same_costs_nothing(value: float, offset: float) -> None:
    rng = np.random.default_rng(6)
    plain = make_mixture(rng, 3, 2)
    numbers = make_points(rng, plain, 3000) + offset
    begin = Mixture(plain.weights, plain.means + offset, plain.covariances)
    points = np.column_stack([numbers, np.full(len(numbers), value)])
    without = run(numbers, begin, max_steps=8)
    result = run(points, with_table(begin, np.full((3, 1), value)), max_steps=8)
    np.testing.assert_allclose(result.mixture.probabilities, value, atol=1e-12)
    for state, other in zip(result.states, without.states, strict=True):
        assert state.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-11)
    np.testing.assert_allclose(result.lower_bounds, without.lower_bounds, rtol=1e-9)


# What is refused


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (2.0, "A binary column holds 2; give 0 or 1 in every row."),
        (0.5, "A binary column holds 0.5; give 0 or 1 in every row."),
        (-1.0, "A binary column holds -1; give 0 or 1 in every row."),
        (np.nan, "Row 3 of the points is missing or infinite; drop such rows or fill them in first."),
    ],
)
def test_other_answers_than_0_and_1_are_refused(value: float, sentence: str) -> None:
    points, mixture = make_problem(0, 2)
    points[3, -1] = value
    for function in (e_step, log_density, responsibilities, log_likelihood):
        with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
            function(points, mixture)


def test_points_without_their_answers_are_refused() -> None:
    points, mixture = make_problem(0, 2)
    n_columns = points.shape[1]
    sentence = (
        f"The points have {n_columns - 1} columns and the mixture {n_columns} dimensions; "
        "choose the same columns for both."
    )
    for function in (e_step, log_density):
        with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
            function(points[:, :-1], mixture)


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ([[1.1], [0.5]], "A probability is below 0 or above 1; give the share of ones."),
        ([[-0.1], [0.5]], "A probability is below 0 or above 1; give the share of ones."),
        ([[np.nan], [0.5]], "The probabilities hold a missing or infinite value; give finite numbers."),
        ("yes", "The probabilities must be a regular array of numbers; check their shape."),
        (
            [[0.5]],
            "The probabilities must have shape (2, B), one row a component, not (1, 1); "
            "give one for each component and binary column.",
        ),
        (
            [0.5, 0.5],
            "The probabilities must have shape (2, B), one row a component, not (2,); "
            "give one for each component and binary column.",
        ),
    ],
)
def test_what_are_no_probabilities_is_refused_in_one_sentence(table: Any, sentence: str) -> None:
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        Mixture([0.5, 0.5], [[0, 0], [1, 1]], [EYE, EYE], None, table)


def test_moments_with_other_answers_cannot_be_added() -> None:
    points, mixture = make_problem(0, 2)
    one = Mixture(mixture.weights, mixture.means, mixture.covariances, None, mixture.probabilities[:, :1])
    with pytest.raises(PointsError, match="cannot be added; both must come from the same mixture"):
        e_step(points, mixture).moments + e_step(points[:, :-1], one).moments
