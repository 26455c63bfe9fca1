"""Criteria: as their authors define them, and as mclust reports them for Old Faithful."""

import re
import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from gmm_core import (
    FAMILIES,
    FamilyError,
    Mixture,
    Noise,
    PointsError,
    initialize,
    log_likelihood,
    responsibilities,
    run,
)
from gmm_core.families import n_parameters
from gmm_core.selection.criteria import aic, bic, classification_entropy, icl
from tests.oracles import old_faithful, table
from tests.strategies import QUICK, Problem, affine_map, make_mixture, problems

FAITHFUL = old_faithful()

# R mclust 6 on Old Faithful: K, parameters, log-likelihood, and BIC, AIC and ICL turned smaller is better.
# VVE is left out: mclust's own likelihood falls short of the maximum.
MCLUST = {
    ("EII", 1): (3, -2003.95203658454, 4024.72147936796, 4013.90407316907, 4024.72147936796),
    ("EEI", 1): (4, -1516.70582661830, 3055.83486150179, 3041.41165323661, 3055.83486150179),
    ("VVV", 1): (5, -1289.79674505261, 2607.62250043671, 2589.59349010523, 2607.62250043671),
    ("EII", 2): (6, -1709.68182001646, 3452.99845243070, 3431.36364003293, 3455.81447562386),
    ("VII", 2): (7, -1709.53218571254, 3458.30498588915, 3433.06437142508, 3460.90275244225),
    ("EEI", 2): (7, -1157.68001497560, 2354.60064441527, 2329.36002995120, 2356.27307110290),
    ("VEI", 2): (8, -1152.88019673607, 2350.60681000251, 2321.76039347214, 2350.72824255767),
    ("EVI", 2): (8, -1153.88556869670, 2352.61755392377, 2323.77113739340, 2353.25366198428),
    ("VVI", 2): (9, -1147.80635267749, 2346.06492395165, 2313.61270535499, 2346.16080858798),
    ("EEE", 2): (8, -1140.18676032611, 2325.21993718258, 2296.37352065221, 2326.70973199106),
    ("VEE", 2): (9, -1136.25985492702, 2322.97192845070, 2290.51970985404, 2323.39551203134),
    ("EVE", 2): (9, -1136.91026119643, 2324.27274098953, 2291.82052239286, 2325.76794398570),
    ("EEV", 2): (9, -1139.33161222458, 2329.11544304583, 2296.66322444916, 2330.00047549187),
    ("VEV", 2): (10, -1134.67921286789, 2325.41644639875, 2289.35842573579, 2325.72702266661),
    ("EVV", 2): (10, -1135.76990436768, 2327.59782939832, 2291.53980873536, 2328.16295744034),
    ("VVV", 2): (11, -1130.26406828685, 2322.19195930296, 2282.52813657370, 2322.69746732717),
}
# mclust stops while these could still gain more than 1e-4.
STOPPED_EARLY = {("EII", 2), ("VII", 2), ("VVV", 2)}


@pytest.mark.parametrize(("letters", "n_components"), MCLUST)
def test_the_criteria_are_those_of_mclust(letters: str, n_components: int) -> None:
    n_free, likelihood, expected_bic, expected_aic, expected_icl = MCLUST[letters, n_components]
    assert n_parameters(letters, n_components, 2) == n_free
    assert bic(likelihood, n_free, 272) == pytest.approx(expected_bic, rel=1e-13)
    assert aic(likelihood, n_free) == pytest.approx(expected_aic, rel=1e-13)
    entropy = (expected_icl - expected_bic) / 2
    assert icl(likelihood, n_free, 272, entropy) == pytest.approx(expected_icl, rel=1e-13)
    shares = table("z_faithful_K2_hard")[:, :n_components]
    begin = initialize(
        FAITHFUL,
        n_components,
        method="given_responsibilities",
        responsibilities=shares if n_components == 2 else np.ones((272, 1)),
        family=letters,
        rng=np.random.default_rng(0),
    )
    fit = run(FAITHFUL, begin, family=letters, tolerance=1e-13, max_steps=5000)
    if (letters, n_components) in STOPPED_EARLY:
        assert likelihood + 1e-4 < fit.log_likelihood < likelihood + 3e-3
        return
    assert fit.log_likelihood == pytest.approx(likelihood, abs=1e-4)
    own = classification_entropy(FAITHFUL, fit.mixture)
    # Unlike the likelihood it is not flat at the maximum.
    assert icl(fit.log_likelihood, n_free, 272, own) == pytest.approx(expected_icl, abs=5e-3)


def test_the_integrated_likelihood_is_mclusts_at_mclusts_own_parameters() -> None:
    mixture = Mixture(
        [0.644071789029678, 0.355928210970322],
        [[4.28978100911352, 79.9695491547063], [2.03652348088378, 54.479885645192]],
        [
            [[0.16981756291335, 0.9386974931737], [0.9386974931737, 36.0247963877469]],
            [[0.0692752088331074, 0.436300110588747], [0.436300110588747, 33.7051532430623]],
        ],
    )
    n_free, likelihood, _, _, expected = MCLUST["VVV", 2]
    assert log_likelihood(FAITHFUL, mixture) == pytest.approx(likelihood, abs=1e-9)
    entropy = classification_entropy(FAITHFUL, mixture)
    assert icl(likelihood, n_free, 272, entropy) == pytest.approx(expected, abs=1e-9)


@QUICK
@given(problems())
def test_the_entropy_lies_between_certainty_and_ignorance(problem: Problem) -> None:
    points, mixture = problem.points, problem.mixture
    shares = responsibilities(points, mixture)
    entropy = classification_entropy(points, mixture)
    assert entropy == pytest.approx(-np.log(shares.max(axis=1)).sum(), abs=1e-12)
    assert 0 <= entropy <= len(points) * np.log(mixture.n_components) + 1e-9
    soft = -(shares * np.log(np.maximum(shares, 1e-300))).sum()
    assert entropy <= soft + 1e-9


@QUICK
@given(problems())
def test_the_entropy_is_blind_to_affine_maps(problem: Problem) -> None:
    mapping = affine_map(np.random.default_rng(0), problem.mixture.n_dimensions)
    mapped = classification_entropy(mapping.points(problem.points), mapping.mixture(problem.mixture))
    assert mapped == pytest.approx(classification_entropy(problem.points, problem.mixture), abs=1e-6)


def test_the_entropy_of_equal_components_and_of_noise() -> None:
    equal = Mixture(np.ones(4) / 4, np.zeros((4, 2)), [np.eye(2)] * 4)
    assert classification_entropy(np.zeros((3, 2)), equal) == pytest.approx(3 * np.log(4))
    sure = Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
    assert str(classification_entropy(np.zeros((3, 2)), sure)) == "0.0"
    density = 0.5 / (2 * np.pi)
    noisy = Mixture([0.5], [[0.0, 0.0]], [np.eye(2)], Noise(0.5, 0.5 / density))
    assert classification_entropy([[0.0, 0.0]], noisy) == pytest.approx(np.log(2))
    nowhere = [[1e3, 0.0]]
    assert classification_entropy(nowhere, noisy) == pytest.approx(0.0, abs=1e-12)


def test_the_entropy_never_holds_an_array_of_points_times_components() -> None:
    points = np.random.default_rng(0).standard_normal((400_000, 2))
    mixture = make_mixture(np.random.default_rng(0), 20, 2)
    tracemalloc.start()
    try:
        classification_entropy(points, mixture)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 16 * 2**20


@pytest.mark.parametrize("criterion", [bic, lambda *numbers: icl(*numbers, 1.0)])
def test_a_criterion_needs_points(criterion: Any) -> None:
    sentence = "The number of points is 0; give that of the points fitted, 1 or more."
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        criterion(-1.0, 2, 0)


def test_points_of_other_columns_are_refused() -> None:
    mixture = make_mixture(np.random.default_rng(0), 2, 3)
    sentence = "The points have 2 columns and the mixture 3 dimensions; choose the same columns for both."
    with pytest.raises(PointsError, match=f"^{re.escape(sentence)}$"):
        classification_entropy(FAITHFUL, mixture)


# What is free to vary


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("n_components", [1, 3])
def test_every_part_of_a_mixture_is_counted(family: str, n_components: int) -> None:
    plain = n_parameters(family, n_components, 2)
    shapes = FAMILIES[family].n_covariance_parameters(n_components, 2)
    assert n_parameters(family, n_components, 2, noise=True) == plain + 2
    assert n_parameters(family, n_components, 2, equal_weights=True) == plain - (n_components - 1)
    assert n_parameters(family, n_components, 2, fixed_covariances=True) == plain - shapes
    assert n_parameters(family, n_components, 2, n_binary=4) == plain + 4 * n_components
    everything = n_parameters(
        family, n_components, 2, noise=True, equal_weights=True, fixed_covariances=True, n_binary=1
    )
    assert everything == 2 + 3 * n_components


def test_fewer_than_no_binary_columns_are_refused() -> None:
    sentence = "The number of binary columns is -1; give 0 or more."
    with pytest.raises(FamilyError, match=f"^{re.escape(sentence)}$"):
        n_parameters("full", 2, 2, n_binary=-1)
