"""The conjugate prior: published formulas, other people's numbers, and the optimum that defines them."""

import itertools
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from scipy.optimize import minimize
from scipy.stats import invgamma, invwishart, multivariate_normal

from gmm_core import (
    FAMILIES,
    ComponentCollapsedError,
    FamilyError,
    Mixture,
    MixtureError,
    Moments,
    PointsError,
    Prior,
    StopReason,
    Variant,
    default_prior,
    e_step,
    expected_moments,
    initialize,
    iterate,
    m_step,
    run,
)
from gmm_core.em import expected_log_joint
from gmm_core.em.prior import PRIOR_FAMILIES, log_prior
from gmm_core.points import Array
from tests.oracles import old_faithful, table, trajectories
from tests.strategies import QUICK, Problem, make_covariances, make_mixture, make_points, problems, seeds

FAITHFUL = old_faithful()
HARD = table("z_faithful_K2_hard")
MCLUST = trajectories("mclust_prior")


def some_prior(rng: np.random.Generator, n_dimensions: int) -> Prior:
    scale = make_covariances(rng, 1, n_dimensions)[0]
    return Prior(rng.standard_normal(n_dimensions), 0.7, n_dimensions + 1.5, scale)


def by_formula(letters: str, moments: Moments, prior: Prior) -> Array:
    """(K, D, D), as published: one line a family, with B_k the scatters that the prior has added to."""
    counts, kappa, nu = moments.counts, prior.shrinkage, prior.degrees
    n_dimensions, n_components = len(prior.mean), len(counts)
    shifts = moments.means - prior.mean
    pulls = kappa * counts / (kappa + counts)
    b = moments.scatters + pulls[:, None, None] * np.einsum("ki,kj->kij", shifts, shifts)
    d, n, k = n_dimensions, counts.sum(), n_components
    axes, eye = np.diagonal(prior.scale), np.eye(n_dimensions)
    one = np.trace(prior.scale) / d
    traces, diagonals = np.trace(b, axis1=1, axis2=2), np.diagonal(b, axis1=1, axis2=2)
    tied = {
        "EEE": lambda: (prior.scale + b.sum(axis=0)) / (nu + n + k + d + 1),
        "EEI": lambda: np.diag((axes + diagonals.sum(axis=0)) / (nu + n + k + 2)),
        "EII": lambda: (one + traces.sum()) / (nu + (n + k) * d + 2) * eye,
    }
    own = {
        "VVV": lambda j: (prior.scale + b[j]) / (nu + counts[j] + d + 2),
        "VVI": lambda j: np.diag((axes + diagonals[j]) / (nu + counts[j] + 3)),
        "VII": lambda j: (one + traces[j]) / (nu + (counts[j] + 1) * d + 2) * eye,
    }
    if letters in tied:
        return np.array([tied[letters]()] * k)
    return np.array([own[letters](j) for j in range(k)])


@pytest.mark.parametrize("letters", PRIOR_FAMILIES)
@QUICK
@given(problems(), seeds)
def test_the_m_step_is_as_published(letters: str, problem: Problem, seed: int) -> None:
    prior = some_prior(np.random.default_rng(seed), problem.mixture.n_dimensions)
    moments = e_step(problem.points, problem.mixture).moments
    mixture = m_step(moments, family=letters, variant=Variant(prior=prior))
    np.testing.assert_allclose(
        mixture.covariances, by_formula(letters, moments, prior), rtol=1e-11, atol=1e-13
    )
    counts = moments.counts[:, None]
    means = (prior.shrinkage * prior.mean + counts * moments.means) / (prior.shrinkage + counts)
    np.testing.assert_allclose(mixture.means, means, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(mixture.weights, moments.counts / len(problem.points), rtol=1e-12)


@pytest.mark.parametrize("case", MCLUST, ids=lambda case: case["family"])
def test_the_steps_are_those_of_mclust(case: dict[str, Any]) -> None:
    """Its default prior, and its iterations: an M-step, then an E-step."""
    scale = np.array(case["prior"]["scale"])
    prior = Prior(
        case["prior"]["mean"],
        case["prior"]["shrinkage"],
        case["prior"]["dof"],
        scale if scale.ndim else scale * np.eye(2),
    )
    variant = Variant(prior=prior)
    first = m_step(expected_moments(FAITHFUL, HARD), family=case["family"], variant=variant)
    states = list(itertools.islice(iterate(FAITHFUL, first, family=case["family"], variant=variant), 10))
    for iteration, log_likelihood in case["log_likelihoods"].items():
        state = states[int(iteration) - 1]
        assert state.log_likelihood == pytest.approx(log_likelihood, abs=1e-8)
        for part, expected in case["parameters"][iteration].items():
            np.testing.assert_allclose(getattr(state.mixture, part), expected, rtol=1e-9, atol=1e-9)


def test_the_default_prior_is_that_of_mclust() -> None:
    prior, expected = default_prior(FAITHFUL, 2), MCLUST[0]["prior"]
    np.testing.assert_allclose(prior.mean, expected["mean"], rtol=1e-13)
    np.testing.assert_allclose(prior.scale, expected["scale"], rtol=1e-13)
    assert (prior.shrinkage, prior.degrees) == (expected["shrinkage"], expected["dof"])


# The definition: the M-step maximises the expected log-joint and the log-prior


def unpacked(letters: str, numbers: Array, k: int, d: int) -> Mixture:
    """A mixture of the family from free numbers: softmax weights, means, logarithms and Cholesky factors."""
    rest = np.array(numbers)
    weights, rest = np.exp(rest[:k] - np.logaddexp.reduce(rest[:k])), rest[k:]
    means, rest = rest[: k * d].reshape(k, d), rest[k * d :]
    covariances = []
    for _ in range(1 if letters[0] == "E" else k):
        if letters.endswith("II"):
            covariances.append(np.exp(rest[0]) * np.eye(d))
            rest = rest[1:]
        elif letters.endswith("I"):
            covariances.append(np.diag(np.exp(rest[:d])))
            rest = rest[d:]
        else:
            factor = np.zeros((d, d))
            factor[np.tril_indices(d)] = rest[: d * (d + 1) // 2]
            np.fill_diagonal(factor, np.exp(np.diagonal(factor)))
            covariances.append(factor @ factor.T)
            rest = rest[d * (d + 1) // 2 :]
    return Mixture(weights, means, covariances * (k if letters[0] == "E" else 1))


@pytest.mark.parametrize("letters", PRIOR_FAMILIES)
@pytest.mark.parametrize("d", [1, 2, 3])
def test_no_mixture_of_the_family_has_a_higher_posterior(letters: str, d: int) -> None:
    rng = np.random.default_rng(d)
    truth, k = make_mixture(rng, 2, d), 2
    prior = some_prior(rng, d)
    moments = e_step(make_points(rng, truth, 12), truth).moments
    best = m_step(moments, family=letters, variant=Variant(prior=prior))

    def posterior(mixture: Mixture) -> float:
        return expected_log_joint(moments, mixture) + log_prior(prior, mixture, letters)

    size = {"II": 1, "I": d}.get(letters[letters.index("I") :] if "I" in letters else "", d * (d + 1) // 2)
    n_numbers = k + k * d + size * (1 if letters[0] == "E" else k)
    found = minimize(
        lambda numbers: -posterior(unpacked(letters, numbers, k, d)),
        np.zeros(n_numbers),
        method="BFGS",
        options={"maxiter": 2000, "gtol": 1e-5},
    )
    assert posterior(best) == pytest.approx(-found.fun, abs=1e-6)
    assert posterior(best) >= -found.fun - 1e-9 * abs(found.fun)
    np.testing.assert_allclose(
        best.covariances, unpacked(letters, found.x, k, d).covariances, rtol=1e-3, atol=1e-4
    )


def published_log_prior(letters: str, mixture: Mixture, prior: Prior) -> float:
    """The densities of Fraley & Raftery (2007), normalised, from SciPy."""
    d, total = mixture.n_dimensions, 0.0
    for mean, covariance in zip(mixture.means, mixture.covariances, strict=True):
        total += multivariate_normal(prior.mean, covariance / prior.shrinkage).logpdf(mean)
    one = np.trace(prior.scale) / d
    for covariance in mixture.covariances[: 1 if letters[0] == "E" else None]:
        if letters.endswith("II"):
            total += invgamma(prior.degrees / 2, scale=one / 2).logpdf(covariance[0, 0])
        elif letters.endswith("I"):
            scales = np.diagonal(prior.scale) / 2
            total += invgamma(prior.degrees / 2, scale=scales).logpdf(np.diagonal(covariance)).sum()
        else:
            total += invwishart(prior.degrees, prior.scale).logpdf(covariance)
    return float(total)


@pytest.mark.parametrize("letters", PRIOR_FAMILIES)
@pytest.mark.parametrize("d", [1, 2, 3])
def test_the_log_prior_is_the_published_density_up_to_a_constant(letters: str, d: int) -> None:
    rng = np.random.default_rng(d)
    prior = some_prior(rng, d)
    gaps = []
    for _ in range(5):
        plain = make_mixture(rng, 3, d)
        moments = expected_moments(make_points(rng, plain, 30), rng.dirichlet(np.ones(3), 30))
        mixture = m_step(moments, family=letters)
        gaps.append(log_prior(prior, mixture, letters) - published_log_prior(letters, mixture, prior))
    np.testing.assert_allclose(gaps, gaps[0], rtol=1e-10, atol=1e-9)


# What it is good for


@pytest.mark.parametrize("letters", PRIOR_FAMILIES)
def test_a_prior_saves_a_fit_that_would_collapse(letters: str) -> None:
    points = np.concatenate([FAITHFUL, [[40.0, 400.0]]])
    begin = Mixture([0.9, 0.1], [[3.0, 70.0], [40.0, 400.0]], [np.diag([2.0, 200.0])] * 2)
    variant = Variant(prior=default_prior(points, 2))
    saved = run(points, begin, family=letters, variant=variant, tolerance=1e-9, max_steps=1000)
    assert saved.stop_reason is StopReason.CONVERGED
    if letters[0] == "V":
        lost = run(points, begin, family=letters)
        assert lost.stop_reason is StopReason.COMPONENT_COLLAPSED


def test_a_prior_saves_points_that_are_all_the_same() -> None:
    points = np.tile([[3.0, -2.0]], (20, 1))
    prior = Prior([0, 0], 0.01, 4, np.eye(2))
    begin = Mixture([1.0], [[3.0, -2.0]], [np.eye(2)])
    with pytest.raises(ComponentCollapsedError):
        m_step(e_step(points, begin).moments)
    result = run(points, begin, variant=Variant(prior=prior))
    assert result.stop_reason is StopReason.CONVERGED


@pytest.mark.parametrize("letters", PRIOR_FAMILIES)
def test_a_prior_worth_little_changes_little_and_one_worth_all_decides(letters: str) -> None:
    rng = np.random.default_rng(0)
    truth = make_mixture(rng, 2, 2)
    moments = e_step(make_points(rng, truth, 3000), truth).moments
    plain = m_step(moments, family=letters)
    faint = Prior([0, 0], 1e-9, 1 + 1e-9, 1e-9 * np.eye(2))
    light = m_step(moments, family=letters, variant=Variant(prior=faint))
    np.testing.assert_allclose(light.means, plain.means, rtol=1e-9)
    np.testing.assert_allclose(light.covariances, plain.covariances, rtol=0.02)
    firm = Prior([1, 2], 1e12, 1e12, 1e12 * np.eye(2))
    heavy = m_step(moments, family=letters, variant=Variant(prior=firm))
    np.testing.assert_allclose(heavy.means, [[1, 2], [1, 2]], atol=1e-6)
    np.testing.assert_allclose(heavy.covariances, [np.eye(2)] * 2, atol=1e-6)


@pytest.mark.parametrize("unit", [1e-9, 1e-3, 1e9])
@pytest.mark.parametrize("letters", ["VVV", "EEE", "VVI", "EEI"])
def test_axes_in_units_of_their_own_change_nothing(letters: str, unit: float) -> None:
    units = np.diag([unit, 1 / unit])
    begin = Mixture([0.4, 0.6], [[2.0, 55.0], [4.3, 80.0]], [np.diag([0.3, 40.0])] * 2)
    there = Mixture(begin.weights, begin.means @ units, units @ begin.covariances @ units)
    near, far = (
        run(points, mixture, family=letters, variant=Variant(prior=default_prior(points, 2)), max_steps=20)
        for points, mixture in ((FAITHFUL, begin), (FAITHFUL @ units, there))
    )
    np.testing.assert_allclose(far.mixture.weights, near.mixture.weights, rtol=1e-9)
    np.testing.assert_allclose(far.mixture.means, near.mixture.means @ units, rtol=1e-9)
    np.testing.assert_allclose(far.mixture.covariances, units @ near.mixture.covariances @ units, rtol=1e-8)


@pytest.mark.parametrize("unit", [1e-9, 1e9])
def test_the_default_prior_knows_no_units(unit: float) -> None:
    rng = np.random.default_rng(3)
    points = rng.standard_normal((50, 3)) @ np.array([[1, 0.9, 0.8], [0, 0.4, 0.5], [0, 0, 0.3]])
    units = np.array([unit, 1, 1 / unit])
    near, far = default_prior(points, 3), default_prior(points * units, 3)
    np.testing.assert_allclose(far.scale, near.scale * units * units[:, None], rtol=1e-12)


# What is refused


@pytest.mark.parametrize("family", [f for f in FAMILIES.values() if f.letters not in PRIOR_FAMILIES])
def test_other_families_have_no_prior(family: Any) -> None:
    begin = Mixture([0.4, 0.6], [[2.0, 55.0], [4.3, 80.0]], [np.diag([0.3, 40.0])] * 2)
    sentence = (
        f"The family {family.letters} has no conjugate prior; choose one of VVV, EEE, VVI, EEI, VII, EII, "
        "or leave the prior out."
    )
    with pytest.raises(FamilyError, match=f"^{re.escape(sentence)}$"):
        run(FAITHFUL, begin, family=family.name, variant=Variant(prior=default_prior(FAITHFUL, 2)))


EYE = np.eye(2)
SHAPES = "give (D,) and (D, D)."
SCALE = "The prior's scale is not symmetric and positive definite; give one that is."
FINITE = "The prior's {} is missing or infinite; give finite numbers."
BAD_PRIORS: dict[str, tuple[tuple[Any, Any, Any, Any], str]] = {
    "scalar mean": ((0, 1, 4, EYE), f"The prior's mean has shape () and its scale (2, 2); {SHAPES}"),
    "no dimensions": (
        ([], 1, 4, np.empty((0, 0))),
        f"The prior's mean has shape (0,) and its scale (0, 0); {SHAPES}",
    ),
    "other scale": (([0, 0], 1, 4, [[1]]), f"The prior's mean has shape (2,) and its scale (1, 1); {SHAPES}"),
    "missing mean": (([0, np.nan], 1, 4, EYE), FINITE.format("mean")),
    "infinite scale": (([0, 0], 1, 4, np.full((2, 2), np.inf)), FINITE.format("scale")),
    "asymmetric": (([0, 0], 1, 4, [[1, 0.5], [0.2, 1]]), SCALE),
    "indefinite": (([0, 0], 1, 4, [[1, 2], [2, 1]]), SCALE),
    "flat": (([0, 0], 1, 4, [[1, 0], [0, 0]]), SCALE),
    "shrinkage 0": (([0, 0], 0, 4, EYE), "The prior's shrinkage is 0; give a number above 0."),
    "shrinkage nan": (([0, 0], np.nan, 4, EYE), "The prior's shrinkage is nan; give a number above 0."),
    "degrees 1": (([0, 0], 1, 1, EYE), "The prior has 1 degrees of freedom; give more than 1."),
    "degrees inf": (([0, 0], 1, np.inf, EYE), "The prior has inf degrees of freedom; give more than 1."),
    "text": (("a", 1, 4, EYE), "The prior's mean must be a regular array of numbers; check it."),
}


@pytest.mark.parametrize("kind", BAD_PRIORS)
def test_what_is_no_prior_is_refused_in_one_sentence(kind: str) -> None:
    arguments, sentence = BAD_PRIORS[kind]
    with pytest.raises(MixtureError, match=f"^{re.escape(sentence)}$"):
        Prior(*arguments)


@pytest.mark.parametrize(
    "points",
    [
        [[1.0, 2.0]] * 5,
        [[0, 0], [1, 1], [2, 2], [5, 5]],
        [[0.1, 0.3], [0.7, 2.1], [1.3, 3.9], [-0.9, -2.7]],
        [[0, 0], [0, 1], [0, 2]],
        [[1.0, 2.0]],
    ],
)
def test_points_without_spread_have_no_default_prior(points: Any) -> None:
    with pytest.raises(MixtureError, match=f"^{re.escape(SCALE)}$"):
        default_prior(points, 2)


def test_bad_points_have_no_default_prior() -> None:
    with pytest.raises(PointsError, match=r"^Row 1 of the points is missing or infinite"):
        default_prior([[0.0, 1.0], [np.nan, 2.0]], 2)


def test_a_prior_cannot_be_changed() -> None:
    scale = np.eye(2)
    prior = Prior([0, 0], 1, 4, scale)
    scale += 1
    assert np.array_equal(prior.scale, EYE)
    for name in ("mean", "scale"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(prior, name)[0] = 1


def test_a_stronger_prior_draws_every_shape_nearer_to_its_own() -> None:
    moments = e_step(FAITHFUL, initialize(FAITHFUL, 3, rng=2)).moments
    own = default_prior(FAITHFUL, 3).scale / 8
    far = []
    for strength in (1.0, 5.0, 25.0, 100.0):
        variant = Variant(prior=default_prior(FAITHFUL, 3, strength=strength))
        covariances = m_step(moments, variant=variant).covariances
        far.append(np.abs(np.linalg.solve(own, covariances) - np.eye(2)).max(axis=(1, 2)))
    assert (np.diff(far, axis=0) < 0).all()


def test_what_a_prior_adds_is_multiplied_by_its_strength() -> None:
    plain, strong = default_prior(FAITHFUL, 2), default_prior(FAITHFUL, 2, strength=3.0)
    # The denominator of VVV is degrees + D + 2, beside the points.
    assert strong.degrees + 4 == pytest.approx(3 * (plain.degrees + 4))
    np.testing.assert_allclose(strong.scale, 3 * plain.scale)
    assert strong.shrinkage == pytest.approx(3 * plain.shrinkage)
    with pytest.raises(MixtureError, match="strength"):
        default_prior(FAITHFUL, 2, strength=0.5)
