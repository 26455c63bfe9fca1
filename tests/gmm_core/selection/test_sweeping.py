"""Selection: no fit of a sweep is worse than mclust's, or than with fewer components; and bad input."""

import csv
import itertools
import re
from typing import Any

import numpy as np
import pytest

from gmm_core import (
    FAMILIES,
    FamilyError,
    Fit,
    MixtureError,
    PointsError,
    e_step,
    log_likelihood,
    m_step,
    n_parameters,
    sweep,
)
from gmm_core.points import Array
from gmm_core.selection.ensemble import Ensemble
from gmm_core.selection.search import Search
from gmm_core.selection.splitting import merges, splits, twin
from tests.oracles import HERE, old_faithful
from tests.strategies import make_mixture, make_points

FAITHFUL = old_faithful()
KS = range(1, 10)
NAMES = {family.letters: name for name, family in FAMILIES.items()}


@pytest.fixture(scope="module")
def faithful() -> dict[tuple[str, int], Fit]:
    return {(fit.family, fit.n_components): fit for fit in sweep(FAITHFUL, KS)}


def mclust() -> list[dict[str, Any]]:
    with (HERE / "mclust_faithful.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.slow
def test_every_family_and_k_has_a_fit(faithful: dict[tuple[str, int], Fit]) -> None:
    assert set(faithful) == set(itertools.product(FAMILIES, KS))


@pytest.mark.slow
@pytest.mark.parametrize("row", mclust(), ids=lambda row: f"{row['model']}-{row['K']}")
def test_no_fit_is_worse_than_that_of_mclust(
    row: dict[str, Any], faithful: dict[tuple[str, int], Fit]
) -> None:
    fit = faithful[NAMES[row["model"]], int(row["K"])]
    assert fit.n_parameters == int(row["npar"])
    # mclust's VVE is not the maximum it is meant to be, so being no worse than it is the least.
    assert fit.log_likelihood >= float(row["loglik"]) - 1e-6
    if fit.log_likelihood == pytest.approx(float(row["loglik"]), abs=1e-6):
        assert fit.bic == pytest.approx(float(row["BIC_min"]), abs=1e-5)
        assert fit.aic == pytest.approx(float(row["AIC_min"]), abs=1e-5)
        assert fit.icl == pytest.approx(-float(row["ICL_mclust"]), abs=1e-2)


def test_vve_is_no_worse_than_its_exact_fit(faithful: dict[tuple[str, int], Fit]) -> None:
    """The value of the exact EM, fully converged; the sweep stops a little before."""
    assert faithful["VVE", 2].log_likelihood >= -1132.11264 - 1e-3


@pytest.mark.parametrize("family", FAMILIES)
def test_more_components_are_never_less_likely(family: str, faithful: dict[tuple[str, int], Fit]) -> None:
    values = np.array([faithful[family, k].log_likelihood for k in KS])
    assert (np.diff(values) >= -1e-9).all()


def test_a_fit_describes_its_mixture(faithful: dict[tuple[str, int], Fit]) -> None:
    for (family, k), fit in faithful.items():
        assert fit.mixture.n_components == k
        assert fit.log_likelihood == pytest.approx(log_likelihood(FAITHFUL, fit.mixture), abs=1e-8)
        assert fit.n_parameters == n_parameters(family, k, 2)
        # Near a fixed point of the family's EM.
        again = m_step(e_step(FAITHFUL, fit.mixture).moments, family=family)
        gain = log_likelihood(FAITHFUL, again) - fit.log_likelihood
        assert -1e-3 < gain < 0.01


def test_the_best_by_bic_is_the_one_that_is_known(faithful: dict[tuple[str, int], Fit]) -> None:
    best = min(faithful.values(), key=lambda fit: fit.bic)
    assert (best.family, best.n_components) == ("tied", 3)
    assert best.bic == pytest.approx(2314.296, abs=0.01)


def test_ks_with_gaps_keep_the_promise() -> None:
    fits = sweep(FAITHFUL, [6, 2, 2, 4], ["VVV", "EII"])
    assert [(fit.family, fit.n_components) for fit in fits] == [
        ("full", 2), ("full", 4), ("full", 6), ("EII", 2), ("EII", 4), ("EII", 6),
    ]  # fmt: skip
    for before, after in itertools.pairwise(fits):
        assert before.family != after.family or after.log_likelihood >= before.log_likelihood - 1e-9


def test_one_k_and_one_family_may_be_given_as_they_are() -> None:
    one, several = sweep(FAITHFUL, 2, "full"), sweep(FAITHFUL, [2], ["full"])
    assert [fit.log_likelihood for fit in one] == [fit.log_likelihood for fit in several]
    assert [(fit.family, fit.n_components) for fit in sweep(FAITHFUL, 1, "EEE")] == [("tied", 1)]


@pytest.mark.parametrize("n_dimensions", [1, 2, 3, 5])
def test_the_families_are_all_whatever_the_dimension(n_dimensions: int) -> None:
    points = np.random.default_rng(0).standard_normal((60, n_dimensions))
    assert [fit.family for fit in sweep(points, range(1, 2))] == list(FAMILIES)


def test_where_the_best_starts_collapse_others_are_carried_on(monkeypatch: pytest.MonkeyPatch) -> None:
    run_out: list[int] = []
    whole = Search._run_out

    def fruitless(search: Search, members: Ensemble, n_components: int) -> None:
        """The first call for each K comes to nothing."""
        run_out.append(n_components)
        if run_out.count(n_components) > 1:
            whole(search, members, n_components)

    monkeypatch.setattr(Search, "_run_out", fruitless)
    (fit,) = sweep(FAITHFUL, 2, "full")
    assert fit.log_likelihood == pytest.approx(-1130.264, abs=1e-2)


def test_a_sweep_says_how_far_it_is_and_stops_when_told() -> None:
    said: list[float] = []
    sweep(FAITHFUL, [1, 2, 3], ["full"], progress=said.append)
    assert said == sorted(said)
    assert said[-1] == 1.0
    fits = sweep(FAITHFUL, [1, 2, 3], ["full"], progress=lambda share: share > 0.3)
    assert [fit.n_components for fit in fits] == [1, 2]


@pytest.mark.parametrize("n_dimensions", [1, 3])
def test_other_dimensions_are_swept_by_every_family(n_dimensions: int) -> None:
    rng = np.random.default_rng(3)
    mixture = make_mixture(rng, 3, n_dimensions)
    points = make_points(rng, mixture, 300)
    fits = sweep(points, [1, 3])
    assert len(fits) == 2 * len(FAMILIES)
    full = next(fit for fit in fits if (fit.family, fit.n_components) == ("full", 3))
    assert full.log_likelihood >= log_likelihood(points, mixture)


def test_many_points_are_searched_by_a_sample_and_fitted_by_all() -> None:
    rng = np.random.default_rng(0)
    mixture = make_mixture(rng, 3, 2)
    points = make_points(rng, mixture, 6_000)
    fits = sweep(points, [1, 2, 3, 4], ["full"])
    assert min(fits, key=lambda fit: fit.bic).n_components == 3
    assert fits[2].log_likelihood >= log_likelihood(points, mixture)


def nasty() -> dict[str, Array]:
    rng = np.random.default_rng(0)
    along = rng.standard_normal(30)
    return {
        "tilted line": np.column_stack([along, along]),
        "upright line": np.column_stack([np.ones(30), along]),
        "duplicates": np.repeat(rng.standard_normal((4, 2)), 10, axis=0),
        "few": rng.standard_normal((4, 2)),
        "far away": 1e8 + 1e-3 * rng.standard_normal((100, 2)),
        "unlike units": rng.standard_normal((100, 2)) * [1e-9, 1e9],
    }


@pytest.mark.parametrize("kind", nasty())
def test_nothing_that_is_not_a_number_leaves_a_sweep(kind: str) -> None:
    for fit in sweep(nasty()[kind], [1, 2, 3], ["full", "tied", "diag", "spherical", "EVE", "VEE"]):
        assert np.isfinite([fit.log_likelihood, fit.aic, fit.bic, fit.icl]).all()


@pytest.mark.parametrize(
    ("arguments", "settings", "error", "sentence"),
    [
        (([[1, 1]] * 5, [1]), {}, PointsError,
         "All 5 points are the same; a mixture needs points that differ."),
        ((1e-170 * FAITHFUL, [1]), {}, PointsError,
         "The squares of the points' differences vanish in float64; change the points' units."),
        ((FAITHFUL, []), {}, PointsError, "There is no number of components to try; give at least one."),
        ((FAITHFUL, [2, 0]), {}, PointsError,
         "The number of components must be a whole number, not 0; give 1 or more."),
        ((FAITHFUL[:3], [4]), {}, PointsError,
         "4 components need 4 distinct points and there are only 3; choose a smaller K or add points."),
        ((FAITHFUL, [1], ["oval"]), {}, FamilyError, "There is no covariance family 'oval'; "),
        ((FAITHFUL, [1]), {"tolerance": -1}, MixtureError,
         "reg_covar is 0.0, the tolerance -1 and the step limit 500; "),
    ],
)  # fmt: skip
def test_bad_requests_are_refused(
    arguments: Any, settings: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match="^" + re.escape(sentence)):
        sweep(*arguments, **settings)


# Splits and merges


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_a_split_keeps_the_moments_of_the_whole(n_dimensions: int) -> None:
    mixture = make_mixture(np.random.default_rng(1), 3, n_dimensions)

    def moments_of(one: Any) -> tuple[Array, Array]:
        mean = one.weights @ one.means
        shifts = one.means - mean
        spread = one.covariances + shifts[:, :, None] * shifts[:, None, :]
        return mean, np.einsum("k,kij->ij", one.weights, spread)

    for other in [*splits(mixture), *merges(mixture, 99), twin(mixture)]:
        for actual, expected in zip(moments_of(other), moments_of(mixture), strict=True):
            np.testing.assert_allclose(actual, expected, rtol=1e-10, atol=1e-12)
    assert [len(splits(mixture)), len(merges(mixture, 99)), len(merges(mixture, 2))] == [3, 3, 2]


def test_a_twin_has_the_same_density() -> None:
    rng = np.random.default_rng(2)
    mixture = make_mixture(rng, 3, 2)
    points = make_points(rng, mixture, 200)
    assert log_likelihood(points, twin(mixture)) == pytest.approx(log_likelihood(points, mixture), abs=1e-9)
