"""How sure a model is: the same answers as the core's own, growing, and in words that follow the numbers."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from gmm_core import Fit, likelihood_ratio_test, sweep, weighted_likelihood_bootstrap
from gmm_core.selection.likelihood_ratio import LikelihoodRatioTesting
from ui.analysis.choosing import certainty
from ui.analysis.choosing.certainty import (
    Choices,
    candidates_of,
    choices,
    one_more,
    plus_minus,
    said_of_choices,
    said_of_test,
    spreads_of_means,
    standard_errors,
    why_no_test,
)
from ui.data import Data, data_of
from ui.experiment import Experiment

FAITHFUL = Experiment("old_faithful")


@cache
def faithful() -> tuple[Data, tuple[Fit, ...]]:
    data = data_of(FAITHFUL, None)
    return data, sweep(data.fitted, [1, 2, 3], ["full", "tied"])


def fit_of(family: str, k: int) -> Fit:
    return next(fit for fit in faithful()[1] if (fit.family, fit.n_components) == (family, k))


def test_standard_errors_in_pieces_are_those_of_one_bootstrap() -> None:
    data, fit = faithful()[0], fit_of("tied", 2)
    found = standard_errors(FAITHFUL, data, fit)
    alone = weighted_likelihood_bootstrap(
        data.fitted, fit.mixture, family="tied", n_bootstrap=1000, rng=np.random.default_rng(0)
    )
    np.testing.assert_allclose(found.resampled.means, alone.resampled.means, rtol=1e-9)
    # Of one Gaussian the mean's standard error is known.
    single = standard_errors(FAITHFUL, data, fit_of("full", 1))
    expected = data.points.std(axis=0) / np.sqrt(len(data.points))
    np.testing.assert_allclose(single.standard_errors.means[0], expected, rtol=0.08)
    np.testing.assert_allclose(
        np.sqrt(np.diagonal(spreads_of_means(single, (0, 1))[0])), single.standard_errors.means[0]
    )


def test_an_ellipse_of_the_means_holds_95_of_100() -> None:
    rng = np.random.default_rng(0)
    inside = (rng.normal(size=(20_000, 2)) ** 2).sum(axis=1) < certainty.CIRCLE**2
    assert inside.mean() == pytest.approx(0.95, abs=0.006)


def test_stopping_keeps_what_is_there() -> None:
    data, fits = faithful()
    few = standard_errors(FAITHFUL, data, fit_of("tied", 2), lambda share, value: True)
    assert len(few.resampled.weights) == certainty.PIECE
    none = choices(FAITHFUL, data, fits, lambda share, value: True)
    assert none.n_drawn < certainty.N_CHOICES
    tested = one_more(FAITHFUL, data, "tied", 1, lambda share, value: True)
    assert len(tested.resampled) == 1


def test_every_resample_has_a_winner_among_the_best_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certainty, "N_CHOICES", 40)
    data, fits = faithful()
    found = choices(FAITHFUL, data, fits)
    assert sum(found.wins) == found.n_drawn == 40
    assert sum(found.by_components([1, 2, 3])) == 40
    assert found.by_components([1]) == [0]
    assert found.cells[0] == ("tied", 3)


def test_of_a_clear_choice_the_second_is_a_candidate_all_the_same() -> None:
    fits = [fit_of("full", 1), fit_of("full", 2)]
    assert fits[0].bic - fits[1].bic > certainty.LARGEST_GAP
    assert candidates_of(fits) == fits[::-1]


def test_the_test_grows_to_the_cores_own() -> None:
    data, _ = faithful()
    settings = {"family": "tied", "n_bootstrap": 19, "rng": 0}
    whole = likelihood_ratio_test(data.fitted, 1, **settings)
    under_way = LikelihoodRatioTesting(data.fitted, 1, **settings)
    lengths = [len(under_way.test.resampled) for _ in under_way]
    assert lengths == list(range(1, 20))
    np.testing.assert_array_equal(under_way.test.resampled, whole.resampled)
    assert under_way.test.statistic == whole.statistic


def test_words_follow_the_numbers() -> None:
    data, _ = faithful()
    test = one_more(FAITHFUL, data, "tied", 1, lambda share, value: share > 0.15)
    assert "speaks for 2 components" in said_of_test(test)
    chance = replace(test, statistic=0.0)
    assert "does not prove that there is 1" in said_of_test(chance)
    found = Choices((("full", 2), ("tied", 3), ("full", 3)), (30, 60, 10), 100)
    said = said_of_choices(found, (1, 2, 3))
    assert said.startswith("K = 3 won in 70 of 100 (70%); K = 2 in 30 of 100 (30%).")
    assert said.endswith("is not firm.")
    assert said_of_choices(replace(found, wins=(2, 58, 40)), (1, 2, 3)).endswith("is firm.")
    assert "noise" in why_no_test(replace(FAITHFUL, noise=True))
    assert not why_no_test(FAITHFUL)


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [(2.03812, 0.0271, "2.038 ± 0.027"), (-77.51, 2.5, "−77.5 ± 2.5"), (12345.6, 321.0, "12,346 ± 321")],
)
def test_a_standard_error_has_two_digits(value: float, error: float, said: str) -> None:
    assert plus_minus(value, error) == said
