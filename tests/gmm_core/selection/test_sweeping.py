"""Selection: no fit of a sweep is worse than mclust's, or than with fewer components; and bad input."""

import csv
import itertools
import os
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from gmm_core import (
    FAMILIES,
    FamilyError,
    Fit,
    MixtureError,
    Noise,
    PointsError,
    StartError,
    Variant,
    default_prior,
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
from tests.oracles import HERE, mclust_set, old_faithful
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
    races: list[int] = []
    whole = Search._race

    def fruitless(search: Search, members: Ensemble, n_components: int) -> None:
        """The first race for each K comes to nothing."""
        races.append(n_components)
        if races.count(n_components) > 1:
            whole(search, members, n_components)

    monkeypatch.setattr(Search, "_race", fruitless)
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


def cells(name: str) -> dict[tuple[str, int], float]:
    """What the sweep has less than mclust, in nats, by letters and K; nothing where mclust has no fit."""
    points, known = mclust_set(name)
    letters = {row[0] for row in known}
    fits = {(fit.family, fit.n_components): fit.log_likelihood for fit in sweep(points, KS, sorted(letters))}
    return {
        cell: value - fits.get((NAMES[cell[0]], cell[1]), -np.inf)
        for cell, value in known.items()
        if cell[0] in letters
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["acid_1", "bank_6", "euro_2", "gvhd_2", "thyr_12", "wdbc_2"])
def test_no_fit_of_one_volume_is_worse_than_that_of_mclust(name: str) -> None:
    assert {cell: gap for cell, gap in cells(name).items() if cell[0][0] == "E" and gap > 1e-3} == {}


def test_one_lone_point_is_a_component_where_all_share_one_volume() -> None:
    points = np.vstack([np.random.default_rng(0).standard_normal((200, 2)), [50.0, 50.0]])
    fits = sweep(points, [1, 2], ["EII", "VII"])
    _, lone, _, never = fits
    assert lone.log_likelihood > -573
    assert lone.smallest_count == pytest.approx(1.0)
    assert min(fits[:2], key=lambda fit: fit.bic) is lone
    # A circle of its own size could shrink to the point.
    assert never.smallest_count > 3
    assert [fit.repeats for fit in fits] == [False, False, False, True]


@pytest.mark.parametrize("family", FAMILIES)
def test_few_points_are_a_component_only_where_the_volume_is_shared(family: str) -> None:
    rng = np.random.default_rng(1)
    points = np.vstack([rng.standard_normal((60, 2)), [20.0, 5.0] + 0.1 * rng.standard_normal((2, 2))])
    two = sweep(points, [1, 2], family)[1]
    if FAMILIES[family].letters[0] == "V":
        assert two.smallest_count > 3
    assert FAMILIES[family].fewest_points(2) == (0 if FAMILIES[family].letters[0] == "E" else 3)


def test_a_fit_that_adds_nothing_says_so(faithful: dict[tuple[str, int], Fit]) -> None:
    for (family, k), fit in faithful.items():
        gain = np.inf if k == 1 else fit.log_likelihood - faithful[family, k - 1].log_likelihood
        assert fit.repeats == (gain <= 1e-3)


def test_in_one_dimension_each_model_is_fitted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    points, known = mclust_set("acid_1")
    begun: set[str] = set()
    whole = Search.upwards

    def upwards(search: Search, n_components: int, families: Any) -> None:
        begun.update(families)
        whole(search, n_components, families)

    monkeypatch.setattr(Search, "upwards", upwards)
    fits = {(fit.family, fit.n_components): fit for fit in sweep(points, [1, 2, 3])}
    assert begun == {"full", "tied"}
    for name, family in FAMILIES.items():
        for k in (1, 2, 3):
            fit = fits[name, k]
            assert fit.log_likelihood >= known["EII" if family.letters[0] == "E" else "VII", k] - 1e-3
            assert (
                fit.log_likelihood == fits["tied" if family.letters[0] == "E" else "full", k].log_likelihood
            )
            assert fit.n_parameters == n_parameters(name, k, 1)


SWEPT_ON_SO_MANY_THREADS = """
import sys
from unittest.mock import patch
import numpy as np
from gmm_core import sweep
rng = np.random.default_rng(0)
points = np.concatenate([rng.standard_normal((600, 2)), 2.5 + rng.standard_normal((600, 2)) ** 3])
with patch("gmm_core.threads.cpu_count", lambda: int(sys.argv[1])):
    for fit in sweep(points, [2, 3], ["full", "EII"]):
        print(fit.log_likelihood.hex(), [value.hex() for value in fit.mixture.covariances.ravel()])
"""


def test_the_number_of_threads_changes_no_bit() -> None:
    """Our own threads, and those of OpenBLAS, which are counted when a process begins."""
    found = {
        subprocess.run(
            [sys.executable, "-c", SWEPT_ON_SO_MANY_THREADS, str(own)],
            cwd=HERE.parents[1],
            env={**os.environ, "OPENBLAS_NUM_THREADS": str(others)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for own, others in [(1, 1), (4, 2)]
    }
    assert len(found) == 1
    assert found.pop().count("\n") == 4


# What may differ


@pytest.mark.parametrize("family", ["full", "EVE", "VEI"])
def test_whole_weights_are_points_that_many_times(family: str) -> None:
    weights = np.random.default_rng(0).integers(0, 3, len(FAITHFUL))
    weighted = sweep(FAITHFUL, [1, 2, 3], family, variant=Variant(sample_weights=weights))
    repeated = sweep(np.repeat(FAITHFUL, weights, axis=0), [1, 2, 3], family)
    for one, other in zip(weighted, repeated, strict=True):
        for name in ("log_likelihood", "bic", "aic", "icl", "smallest_count"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-4)


def test_light_weights_do_not_forbid_components() -> None:
    whole = sweep(FAITHFUL, [1, 2], "full")
    light = sweep(FAITHFUL, [1, 2], "full", variant=Variant(sample_weights=np.full(len(FAITHFUL), 0.01)))
    for one, other in zip(whole, light, strict=True):
        assert other.log_likelihood == pytest.approx(0.01 * one.log_likelihood, rel=1e-6)


def test_a_prior_leaves_its_families_and_what_em_raises() -> None:
    prior = default_prior(FAITHFUL, 2)
    fits = sweep(FAITHFUL, [1, 2], variant=Variant(prior=prior))
    assert {FAMILIES[fit.family].letters for fit in fits} == {"VVV", "EEE", "VVI", "EEI", "VII", "EII"}
    for fit in fits:
        again = m_step(e_step(FAITHFUL, fit.mixture).moments, family=fit.family, variant=Variant(prior=prior))
        np.testing.assert_allclose(again.means, fit.mixture.means, rtol=1e-2)
    with pytest.raises(FamilyError, match="no conjugate prior"):
        sweep(FAITHFUL, [2], "EVE", variant=Variant(prior=prior))


def test_equal_weights_are_kept_and_counted() -> None:
    for fit in sweep(FAITHFUL, [1, 2, 3], ["full", "EEV"], variant=Variant(equal_weights=True)):
        np.testing.assert_allclose(fit.mixture.weights, 1 / fit.n_components)
        parameters = n_parameters(fit.family, fit.n_components, 2, equal_weights=True)
        assert fit.n_parameters == parameters


def test_noise_takes_what_belongs_to_no_component() -> None:
    rng = np.random.default_rng(0)
    points = np.vstack([rng.standard_normal((150, 2)), rng.uniform(-20, 20, (50, 2))])
    fits = sweep(points, [1, 2], "full", noise=Noise(0.1, 1600.0))
    assert min(fits, key=lambda fit: fit.bic).n_components == 1
    assert fits[0].mixture.noise is not None
    assert fits[0].mixture.noise.amount == pytest.approx(0.25, abs=0.05)
    assert fits[0].n_parameters == n_parameters("full", 1, 2, noise=True)
    assert fits[0].log_likelihood == pytest.approx(log_likelihood(points, fits[0].mixture), abs=1e-8)


def test_binary_columns_part_what_numbers_do_not() -> None:
    rng = np.random.default_rng(0)
    groups = rng.integers(0, 2, 400)
    ones = (rng.random((400, 6)) < np.where(groups[:, None], 0.95, 0.05)).astype(np.float64)
    points = np.column_stack([rng.standard_normal((400, 2)), ones])
    fits = sweep(points, [1, 2, 3], ["EII", "full"], n_binary=6)
    best = min(fits, key=lambda fit: fit.bic)
    assert (best.family, best.n_components) == ("EII", 2)
    assert best.n_parameters == n_parameters("EII", 2, 2, n_binary=6)
    assert best.log_likelihood == pytest.approx(log_likelihood(points, best.mixture), abs=1e-8)


def test_more_starts_are_drawn_by_the_seed_and_are_never_a_loss() -> None:
    points, _ = mclust_set("thyr_12")
    few = sweep(points, [1, 2, 3, 4], "full")
    more = [sweep(points, [1, 2, 3, 4], "full", n_init=5, rng=seed) for seed in (1, 1)]
    assert [fit.log_likelihood for fit in more[0]] == [fit.log_likelihood for fit in more[1]]
    assert all(b.log_likelihood >= a.log_likelihood - 1e-3 for a, b in zip(few, more[0], strict=True))


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"variant": Variant(covariances=[np.eye(2)])}, MixtureError, "Fixed covariances belong to one K "),
        ({"variant": Variant(temperature=2.0)}, MixtureError, "A sweep compares likelihoods, "),
        ({"noise": 0.1}, MixtureError, "The noise must be a Noise, "),
        ({"noise": Noise(1.0, 2.0)}, MixtureError, "The noise has the weight 1, "),
        ({"n_binary": 2}, PointsError, "Of 2 columns 2 are binary, "),
        ({"n_init": -1}, StartError, "-1 starts were asked for; draw 0 or more."),
        ({"rng": "dice"}, PointsError, "rng must be a numpy.random.Generator, "),
    ],
)  # fmt: skip
def test_what_cannot_be_swept_is_refused(
    settings: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match="^" + re.escape(sentence)):
        sweep(FAITHFUL, [1], "full", **settings)


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
