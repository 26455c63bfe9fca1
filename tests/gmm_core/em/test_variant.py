"""Variants of EM: one contract for every family with each of them, and what a temperature means."""

import functools
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import (
    FAMILIES,
    FamilyError,
    Mixture,
    MixtureError,
    Noise,
    PointsError,
    Prior,
    Variant,
    default_prior,
    e_step,
    kmeans,
    log_likelihood,
    m_step,
    start,
)
from gmm_core.em.prior import PRIOR_FAMILIES
from tests.gmm_core.test_mixture import LONG, long_log_joint
from tests.iteration import states_of
from tests.strategies import QUICK, Problem, make_covariances, make_mixture, make_points, problems, seeds

RNG = np.random.default_rng(11)
TRUTH = make_mixture(RNG, 3, 2)
POINTS = make_points(RNG, TRUTH, 90)
FIXED = make_covariances(RNG, 3, 2)
WHOLE_WEIGHTS = RNG.integers(0, 4, len(POINTS)).astype(np.float64)
NOISE = Noise(0.1, 400.0)
PRIOR = default_prior(POINTS, 3)

# What a variant may be made of.
SETTINGS: dict[str, dict[str, Any]] = {
    "noise": {},
    "weights": {"sample_weights": WHOLE_WEIGHTS},
    "prior": {"prior": PRIOR},
    "equal": {"equal_weights": True},
    "fixed": {"covariances": FIXED},
    "T0": {"temperature": 0},
    "T0.5": {"temperature": 0.5},
    "T2": {"temperature": 2.0},
}
TOGETHER = [
    "weights noise", "weights prior", "weights equal", "weights T0", "noise equal", "noise fixed", "noise T2",
    "prior noise", "prior T0.5", "prior fixed", "equal fixed", "equal T0", "fixed T2",
    "equal fixed T0", "weights noise T2", "prior noise T0.5", "prior equal weights", "noise equal fixed T2",
    "weights noise prior equal T0.5",
]  # fmt: skip
PARTS = ["plain", *SETTINGS, *TOGETHER]
CASES = [
    pytest.param(family.name, parts, id=f"{family.letters}-{parts.replace(' ', '-')}")
    for family in FAMILIES.values()
    for parts in PARTS
    if "prior" not in parts or family.letters in PRIOR_FAMILIES
]


def variant_of(parts: str, **changes: Any) -> Variant:
    settings: dict[str, Any] = {}
    for part in parts.split():
        settings |= SETTINGS.get(part, {})
    return Variant(**(settings | {name: value for name, value in changes.items() if name in settings}))


def start_of(parts: str) -> Mixture:
    """Somewhat off the truth, with what the parts fix."""
    covariances = FIXED if "fixed" in parts else 1.5 * TRUTH.covariances
    means = TRUTH.means + np.array([[0.4, -0.2], [-0.3, 0.3], [0.2, 0.5]])
    noise = NOISE if "noise" in parts else None
    return Mixture(np.full(3, 0.3 if noise else 1 / 3), means, covariances, noise)


def assert_same(actual: Mixture, expected: Mixture, rtol: float = 1e-7) -> None:
    for part in ("weights", "means", "covariances"):
        np.testing.assert_allclose(getattr(actual, part), getattr(expected, part), rtol=rtol, atol=rtol)
    assert (actual.noise is None) == (expected.noise is None)
    if actual.noise is not None and expected.noise is not None:
        assert actual.noise.amount == pytest.approx(expected.noise.amount, rel=rtol, abs=rtol)
        assert actual.noise.volume == expected.noise.volume


# The contract


@pytest.mark.parametrize(("family", "parts"), CASES)
def test_the_objective_never_falls(family: str, parts: str) -> None:
    states = states_of(POINTS, start_of(parts), 15, family=family, variant=variant_of(parts))
    # The start need not be of the family.
    objectives = np.array([state.objective for state in states[1:]])
    assert len(objectives) > 5
    assert (np.diff(objectives) >= -1e-11 * np.abs(objectives[1:])).all()


@pytest.mark.parametrize(("family", "parts"), CASES)
def test_renamed_components_are_renamed_in_every_state(family: str, parts: str) -> None:
    order, begin = [2, 0, 1], start_of(parts)
    renamed = Mixture(begin.weights[order], begin.means[order], begin.covariances[order], begin.noise)
    variant = variant_of(parts, covariances=FIXED[order])
    states = states_of(POINTS, begin, 3, family=family, variant=variant_of(parts))
    others = states_of(POINTS, renamed, 3, family=family, variant=variant)
    assert len(states) == len(others) == 4
    for state, other in zip(states, others, strict=True):
        mine = state.mixture
        expected = Mixture(mine.weights[order], mine.means[order], mine.covariances[order], mine.noise)
        assert_same(other.mixture, expected, rtol=1e-6)
        assert other.objective == pytest.approx(state.objective, rel=1e-9)


@pytest.mark.parametrize(("family", "parts"), CASES)
def test_a_point_of_weight_two_is_two_points_and_one_of_weight_zero_is_none(family: str, parts: str) -> None:
    repeated = np.repeat(POINTS, WHOLE_WEIGHTS.astype(int), axis=0)
    without = [name for name in parts.split() if name not in ("weights", "plain")]
    weighted = variant_of(" ".join(["weights", *without]))
    states = states_of(POINTS, start_of(parts), 3, family=family, variant=weighted)
    others = states_of(repeated, start_of(parts), 3, family=family, variant=variant_of(" ".join(without)))
    assert len(states) == len(others) == 4
    for state, other in zip(states, others, strict=True):
        assert_same(state.mixture, other.mixture)
        assert state.objective == pytest.approx(other.objective, rel=1e-10)
        assert state.log_likelihood == pytest.approx(other.log_likelihood, rel=1e-10)
        assert state.moments.total == pytest.approx(WHOLE_WEIGHTS.sum(), rel=1e-12)


@pytest.mark.parametrize("parts", [parts for parts in PARTS if "prior" not in parts])
@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 1, 0, 2), (2, 3, 1, 0)])
def test_the_e_steps_of_parts_add_up_in_any_order(parts: str, order: tuple[int, ...]) -> None:
    mixture, variant = start_of(parts), variant_of(parts)
    weights = np.ones(len(POINTS)) if variant.sample_weights is None else variant.sample_weights
    rows = np.split(np.arange(len(POINTS)), [4, 20, 63])
    sums = [
        e_step(POINTS[i], mixture, sample_weights=weights[i], temperature=variant.temperature) for i in rows
    ]
    whole = e_step(POINTS, mixture, sample_weights=weights, temperature=variant.temperature)
    a, b, c, d = (sums[i] for i in order)
    for added in (functools.reduce(lambda x, y: x + y, (a, b, c, d)), (a + b) + (c + d)):
        assert added.objective == pytest.approx(whole.objective, rel=1e-12)
        assert added.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-12)
        np.testing.assert_allclose(added.moments.counts, whole.moments.counts, rtol=1e-11, atol=1e-12)
        np.testing.assert_allclose(added.moments.means, whole.moments.means, rtol=1e-9)
        np.testing.assert_allclose(added.moments.scatters, whole.moments.scatters, rtol=1e-8, atol=1e-9)
        assert added.moments.total == pytest.approx(weights.sum(), rel=1e-12)


@pytest.mark.parametrize(("family", "parts"), CASES)
def test_what_is_held_fixed_stays(family: str, parts: str) -> None:
    for state in states_of(POINTS, start_of(parts), 3, family=family, variant=variant_of(parts))[1:]:
        mixture = state.mixture
        noise = 0.0 if mixture.noise is None else mixture.noise.amount
        assert mixture.weights.sum() + noise == pytest.approx(1.0, rel=1e-14)
        if "equal" in parts:
            assert np.ptp(mixture.weights) == 0
        if "fixed" in parts:
            assert np.array_equal(mixture.covariances, FIXED)
        if "noise" in parts:
            assert mixture.noise is not None
            assert mixture.noise.volume == NOISE.volume


# Settings that contradict each other, or the points

MOMENTS = e_step(POINTS, TRUTH).moments

BAD_STEPS: dict[str, tuple[dict[str, Any], type[ValueError], str]] = {
    "fixed and reg_covar": (
        {"variant": Variant(covariances=FIXED), "reg_covar": 0.1}, MixtureError,
        "Fixed covariances stay as they are; leave reg_covar at 0.",
    ),
    "fixed for fewer components": (
        {"variant": Variant(covariances=FIXED[:2])}, MixtureError,
        "The fixed covariances have shape (2, 2, 2) and must have (3, 2, 2); "
        "give one D x D matrix for each component.",
    ),
    "prior of a family without": (
        {"variant": Variant(prior=PRIOR), "family": "VEI"}, FamilyError,
        "The family VEI has no conjugate prior; choose one of VVV, EEE, VVI, EEI, VII, EII, "
        "or leave the prior out.",
    ),
    "prior of another dimension": (
        {"variant": Variant(prior=Prior([0.0], 0.01, 3, [[1.0]]))}, MixtureError,
        "The prior has 1 dimensions and the points 2; give one for both.",
    ),
    "negative reg_covar": (
        {"reg_covar": -1.0}, MixtureError, "reg_covar is -1.0; it is a variance to add, so give 0 or more.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", BAD_STEPS)
def test_a_step_refuses_contradictions_in_one_sentence(kind: str) -> None:
    settings, error, sentence = BAD_STEPS[kind]
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        m_step(MOMENTS, **settings)


TEMPERATURE = "give 1 for EM, more for softer shares, 0 for hard ones."
ARRAY = "Fixed covariances must be a (K, D, D) array of finite numbers; give all K."
BAD_VARIANTS: dict[str, tuple[dict[str, Any], str]] = {
    "below zero": ({"temperature": -0.5}, f"The temperature is -0.5; {TEMPERATURE}"),
    "no number": ({"temperature": np.nan}, f"The temperature is nan; {TEMPERATURE}"),
    "infinite": ({"temperature": np.inf}, f"The temperature is inf; {TEMPERATURE}"),
    "text": ({"temperature": "hot"}, f"The temperature is 'hot'; {TEMPERATURE}"),
    "one matrix": ({"covariances": np.eye(2)}, ARRAY),
    "no matrices": ({"covariances": np.empty((0, 2, 2))}, ARRAY),
    "missing": ({"covariances": [np.eye(2) * np.nan]}, ARRAY),
    "ragged": ({"covariances": [[[1.0], [1.0, 2.0]]]}, ARRAY),
    "words": ({"covariances": "round"}, ARRAY),
    "not square": (
        {"covariances": np.ones((1, 2, 3))},
        "The covariances must have shape (1, 2, 2), not (1, 2, 3); "
        "give one D x D matrix for each component, whatever the family.",
    ),
    "asymmetric": (
        {"covariances": [np.eye(2), [[1, 0.5], [0, 1]]]},
        "Covariance 1 is not symmetric; average it with its transpose.",
    ),
    "indefinite": (
        {"covariances": [[[1, 2], [2, 1]]]},
        "Covariance 0 is not positive definite; add a small amount to its diagonal.",
    ),
}


@pytest.mark.parametrize("kind", BAD_VARIANTS)
def test_what_is_no_variant_is_refused_in_one_sentence(kind: str) -> None:
    settings, sentence = BAD_VARIANTS[kind]
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        Variant(**settings)


@pytest.mark.parametrize("temperature", [-1e-9, np.nan])
def test_the_e_step_refuses_a_temperature_that_is_none(temperature: float) -> None:
    with pytest.raises(MixtureError, match=r"^The temperature is "):
        e_step(POINTS, TRUTH, temperature=temperature)


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        (np.ones(89), "Sample weights must have shape (90,), one a point, not (89,); give all."),
        (-np.ones(90), "A sample weight is negative, missing or infinite; give numbers of 0 or more."),
        (np.full(90, np.nan), "A sample weight is negative, missing or infinite; give numbers of 0 or more."),
        (np.zeros(90), "All sample weights are 0; give some point a weight above 0."),
        (["one"] * 90, "Sample weights must be numbers; convert or drop the columns that hold text."),
    ],
)
def test_sample_weights_that_make_no_sense_are_refused(weights: Any, sentence: str) -> None:
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        start(POINTS, TRUTH, variant=Variant(sample_weights=weights))


# The temperature


@pytest.mark.parametrize("family", FAMILIES)
def test_temperature_one_is_plain_em_to_the_bit(family: str) -> None:
    begin = start_of("plain")
    plain = states_of(POINTS, begin, 8, family=family)
    warm = states_of(POINTS, begin, 8, family=family, variant=Variant(temperature=1))
    for state, other in zip(plain, warm, strict=True):
        assert state.log_likelihood == state.objective == other.log_likelihood == other.objective
        assert np.array_equal(state.mixture.covariances, other.mixture.covariances)
        assert np.array_equal(state.moments.scatters, other.moments.scatters)


@QUICK
@given(problems(n_points=40), st.sampled_from([0.05, 0.5, 0.999, 1.5, 4.0, 100.0]))
def test_shares_are_those_of_the_tempered_joint(problem: Problem, temperature: float) -> None:
    joints = long_log_joint(problem.points, problem.mixture)
    powers = joints / LONG(temperature)
    top = powers.max(axis=1, keepdims=True)
    totals = np.exp(powers - top).sum(axis=1, keepdims=True)
    shares = np.exp(powers - top) / totals
    free_energy = LONG(temperature) * (top + np.log(totals)).sum()
    expectation = e_step(problem.points, problem.mixture, temperature=temperature)
    counts = shares.sum(axis=0)
    np.testing.assert_allclose(expectation.moments.counts, counts.astype(float), rtol=1e-9, atol=1e-14)
    sums = (shares.T @ problem.points.astype(LONG)).astype(float)
    actual = expectation.moments.counts[:, None] * expectation.moments.means
    np.testing.assert_allclose(actual, sums, rtol=1e-8, atol=1e-10)
    assert expectation.objective == pytest.approx(float(free_energy), rel=1e-11)
    exact = log_likelihood(problem.points, problem.mixture)
    assert expectation.log_likelihood == pytest.approx(exact, rel=1e-11)


@QUICK
@given(problems(n_points=40))
def test_at_temperature_zero_the_objective_is_the_classification_likelihood(problem: Problem) -> None:
    joints = long_log_joint(problem.points, problem.mixture)
    expectation = e_step(problem.points, problem.mixture, temperature=0)
    assert expectation.objective == pytest.approx(float(joints.max(axis=1).sum()), rel=1e-12)
    best = joints.argmax(axis=1)
    n_components = problem.mixture.n_components
    assert np.array_equal(expectation.moments.counts, np.bincount(best, minlength=n_components))
    for k in set(best):
        own = problem.points[best == k]
        np.testing.assert_allclose(expectation.moments.means[k], own.mean(axis=0), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("parts", ["plain", "noise"])
def test_in_great_heat_all_shares_are_equal(parts: str) -> None:
    moments = e_step(POINTS, start_of(parts), temperature=1e12).moments
    rows = 3 + ("noise" in parts)
    np.testing.assert_allclose(moments.counts, len(POINTS) / rows, rtol=1e-9)
    np.testing.assert_allclose(moments.means, np.tile(POINTS.mean(axis=0), (3, 1)), rtol=1e-8)
    if moments.noise is not None:
        assert moments.noise.amount == pytest.approx(len(POINTS) / rows, rel=1e-9)


@pytest.mark.parametrize("temperature", [1e-12, 1e-200, 1e-307, 5e-324])
def test_near_absolute_zero_shares_are_hard(temperature: float) -> None:
    points = np.concatenate([POINTS, 1e6 * POINTS])
    cold = e_step(points, TRUTH, temperature=temperature)
    frozen = e_step(points, TRUTH, temperature=0)
    assert np.array_equal(cold.moments.counts, frozen.moments.counts)
    assert cold.objective == pytest.approx(frozen.objective, rel=1e-12)


@QUICK
@given(seeds, st.integers(1, 3), st.integers(2, 5))
def test_at_temperature_zero_equal_circles_walk_as_k_means_does(seed: int, n_dimensions: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    points = make_points(rng, make_mixture(rng, k, n_dimensions), 120)
    centres = points[rng.choice(len(points), k, replace=False)]
    circles = np.tile(np.eye(n_dimensions), (k, 1, 1))
    variant = Variant(equal_weights=True, covariances=circles, temperature=0)
    states = states_of(points, Mixture(np.full(k, 1 / k), centres, circles), 12, variant=variant)
    constant = -len(points) * (np.log(k) + 0.5 * n_dimensions * np.log(2 * np.pi))
    for state, other in zip(states, kmeans.iterate(points, centres), strict=False):
        if (other.moments.counts == 0).any():
            # K-Means gives an empty cluster a point; a component without points has collapsed.
            assert state is states[-1]
            break
        np.testing.assert_allclose(state.mixture.means, other.centres, rtol=1e-12, atol=1e-12)
        assert np.array_equal(state.moments.counts, other.moments.counts)
        assert state.objective == pytest.approx(constant - 0.5 * other.inertia, rel=1e-12)
