"""The bootstrap of a choice: each value is that of its weights, and what is clear wins nearly always."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from gmm_core import (
    ChoiceBootstrap,
    Fit,
    MixtureError,
    Noise,
    PointsError,
    Variant,
    aic,
    bic,
    choice_bootstrap,
    classification_entropy,
    default_prior,
    icl,
    run,
    sweep,
)
from tests.oracles import old_faithful
from tests.strategies import make_mixture, make_points

FAITHFUL = old_faithful()
FITS = sweep(FAITHFUL, [1, 2, 3], ["tied", "diag"])
ROUGH: dict[str, Any] = {"tolerance": 1e-4, "max_steps": 30}


def bootstrap(fits: Any = FITS, **settings: Any) -> ChoiceBootstrap:
    return choice_bootstrap(FAITHFUL, fits, **({"n_bootstrap": 12, "rng": 0} | ROUGH | settings))


@pytest.mark.parametrize("criterion", ["bic", "aic", "icl"])
def test_every_value_is_that_of_its_weights(criterion: str) -> None:
    """The first two draws, written out."""
    found, rng = bootstrap(criterion=criterion, n_bootstrap=2), np.random.default_rng(0)
    for values in found.values:
        weights = rng.standard_exponential(272)
        weights *= 272 / weights.sum()
        for fit, value in zip(FITS, values, strict=True):
            variant = Variant(sample_weights=weights)
            end = run(FAITHFUL, fit.mixture, family=fit.family, variant=variant, keep="last", **ROUGH)
            entropy = classification_entropy(FAITHFUL, end.mixture, sample_weights=weights)
            expected = {
                "bic": bic(end.log_likelihood, fit.n_parameters, 272),
                "aic": aic(end.log_likelihood, fit.n_parameters),
                "icl": icl(end.log_likelihood, fit.n_parameters, 272, entropy),
            }
            assert value == pytest.approx(expected[criterion] + fit.n_parameters, rel=1e-8)


def test_the_wins_are_counted() -> None:
    found = bootstrap()
    assert found.values.shape == (12, len(FITS))
    winners = found.values.argmin(axis=1).tolist()
    assert found.wins.tolist() == [winners.count(i) for i in range(len(FITS))]
    assert found.criterion == "bic"
    assert found.fits == FITS


def test_the_values_lie_about_those_of_the_points() -> None:
    """The parameters that are added are what a resample's fit gains: of one Gaussian exactly, to first
    order, whatever the dimension."""
    rng = np.random.default_rng(1)
    points = rng.normal(size=(400, 4))
    fits = sweep(points, 1, ["full", "spherical"])
    found = choice_bootstrap(points, fits, n_bootstrap=400, rng=0)
    for fit, values in zip(fits, found.values.T, strict=True):
        slack = 4 * values.std() / 20
        assert values.mean() == pytest.approx(fit.bic, abs=slack)
    # The same for their difference, which varies far less: without what is added it would be 9 too small.
    gaps = found.values[:, 0] - found.values[:, 1]
    assert gaps.mean() == pytest.approx(fits[0].bic - fits[1].bic, abs=2.0)
    assert fits[0].n_parameters - fits[1].n_parameters == 9


def test_a_clear_choice_wins_nearly_always_and_a_close_one_does_not() -> None:
    rng = np.random.default_rng(0)
    apart = np.concatenate([rng.normal(place, 1, (70, 2)) for place in ([0, 0], [6, 0], [3, 5])])
    fits = sweep(apart, range(1, 5), "spherical")
    wins = choice_bootstrap(apart, fits, n_bootstrap=60, rng=0).wins
    assert wins[:2].sum() == 0
    assert wins[2] >= 48
    # Two whose BIC differs by less than 2 win about as often.
    rng = np.random.default_rng(0)
    near = np.concatenate([rng.normal(place, 1, (60, 2)) for place in ([0, 0], [2.8, 0])])
    fits = sweep(near, range(1, 4), "tied")
    assert abs(fits[0].bic - fits[1].bic) < 2
    wins = choice_bootstrap(near, fits, n_bootstrap=60, rng=0).wins
    assert wins[:2].min() >= 15


def test_what_collapses_does_not_win() -> None:
    points = np.concatenate([FAITHFUL[:60], [[4.0, 150.0], [4.1, 151.0], [4.0, 152.0], [4.1, 150.5]]])
    fits = sweep(points, [1, 2], "full")
    means = np.array([points[:60].mean(axis=0), points[60:].mean(axis=0)])
    alone = replace(fits[1].mixture, weights=[60 / 64, 4 / 64], means=means)
    lucky = replace(fits[1], mixture=alone, n_parameters=-1000)
    settings: dict[str, Any] = {"n_bootstrap": 20, "rng": 0}
    found = choice_bootstrap(points, [lucky, *fits], **settings)
    few = np.isinf(found.values[:, 0])
    assert few.any()
    assert found.wins[0] == 20 - few.sum()
    only = choice_bootstrap(points, [lucky], **settings)
    assert only.wins.tolist() == [20 - few.sum()]


def test_points_are_as_many_as_they_weigh() -> None:
    """The values of points that weigh 3 are three times as large, but for the penalty."""
    variant = Variant(sample_weights=np.full(272, 3.0))
    fits = sweep(FAITHFUL, [1, 2], "tied", variant=variant)
    found = choice_bootstrap(FAITHFUL, fits, n_bootstrap=40, variant=variant, rng=0)
    assert found.values.mean(axis=0) == pytest.approx([fit.bic for fit in fits], rel=0.01)
    assert found.wins.tolist() == [0, 40]
    nothing = np.concatenate([FAITHFUL, [[90.0, 900.0]]])
    absent = Variant(sample_weights=np.append(np.ones(272), 0.0))
    assert choice_bootstrap(nothing, FITS, n_bootstrap=3, variant=absent, rng=0).wins.sum() == 3


def test_noise_a_prior_and_binary_columns_are_those_of_the_sweep() -> None:
    rng = np.random.default_rng(0)
    coin = (FAITHFUL[:, :1] > 3).astype(float)
    points = np.column_stack([FAITHFUL, coin])
    fits = sweep(points, [1, 2], "tied", n_binary=1, noise=Noise(0.05, 400.0))
    found = choice_bootstrap(points, fits, n_bootstrap=10, rng=0)
    assert found.wins.tolist() == [0, 10]
    assert found.values.mean(axis=0) == pytest.approx([fit.bic for fit in fits], rel=0.03)
    variant = Variant(prior=default_prior(FAITHFUL, 2), equal_weights=True)
    believed = sweep(FAITHFUL, [1, 2], "tied", variant=variant)
    assert choice_bootstrap(FAITHFUL, believed, variant=variant, n_bootstrap=5, rng=rng).wins[1] == 5


def test_it_says_how_far_it_is_and_keeps_whole_resamples() -> None:
    told: list[float] = []
    whole = bootstrap(n_bootstrap=25, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    part = bootstrap(n_bootstrap=25, progress=lambda share: share > 0.85)
    assert np.array_equal(part.values, whole.values[:20])
    nothing = bootstrap(progress=lambda share: True)
    assert nothing.values.shape == (0, len(FITS))
    assert nothing.wins.tolist() == [0] * len(FITS)


def other_fit() -> Fit:
    rng = np.random.default_rng(0)
    return sweep(make_points(rng, make_mixture(rng, 1, 3), 40), 1, "tied")[0]


@pytest.mark.parametrize(
    ("fits", "settings", "error", "sentence"),
    [
        ([], {}, PointsError, "The fits are []; give one or more as sweep returns them."),
        ("tied", {}, PointsError, "The fits are 'tied'; give one or more as sweep returns them."),
        (FITS, {"criterion": "BIC"}, PointsError, "There is no criterion 'BIC' to choose by; give one of "
            "bic, aic, icl."),
        (FITS, {"n_bootstrap": 0}, PointsError, "0 resamples were asked for; draw at least 1."),
        ([FITS[0], other_fit()], {}, MixtureError, "The mixtures have 2 and 3 dimensions, and 0 and 0 binary "
            "columns; compare fits to the same columns."),
        ([FITS[0], *sweep(FAITHFUL, 1, "tied", noise=Noise(0.1, 900.0))], {}, MixtureError, "The fits have "
            "different noise; give those of one sweep."),
    ],
)  # fmt: skip
def test_what_cannot_be_chosen_from_is_refused(
    fits: Any, settings: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=f"^{re.escape(sentence)}$"):
        bootstrap(fits, **settings)
