"""Which model is recommended, and that what is said of it is true."""

import re
from dataclasses import replace

import numpy as np
import pytest

from gmm_core import FAMILIES, Fit, Mixture, adjusted_rand_index, sample
from gmm_core.selection.cross_validation import HeldOut
from ui.analysis.choosing.criteria import CRITERIA, cell_of
from ui.analysis.choosing.merged import merged
from ui.analysis.choosing.pictured import colours_like
from ui.analysis.choosing.recommendation import Recommendation, recommend, strength_of
from ui.analysis.choosing.sweeping import Swept, swept
from ui.data import Data, data_of
from ui.experiment import CRITERIA as NAMES
from ui.experiment import Experiment
from ui.experiment.transitions import choose_data


def of(data: str, **choices: object) -> Swept:
    experiment = replace(choose_data(Experiment(), data), **choices)
    return swept(experiment, data_of(experiment, None))


def recommended(found: Swept, criterion: str = "bic") -> Recommendation:
    answer = recommend(found, criterion)
    assert answer is not None
    return answer


@pytest.fixture(scope="module", name="faithful")
def _faithful() -> Swept:
    return of("old_faithful")


def test_old_faithful_has_three_components_of_one_shape(faithful: Swept) -> None:
    found = recommended(faithful)
    assert (FAMILIES[found.fit.family].letters, found.fit.n_components) == ("EEE", 3)
    ranked = sorted(fit.bic for fit in faithful.fits)
    assert found.margin == pytest.approx(ranked[1] - ranked[0])
    assert found.strength == strength_of(ranked[1] - ranked[0])
    assert f"{ranked[1] - ranked[0]:.1f}" in found.sentences[0]


@pytest.mark.parametrize("criterion", NAMES)
def test_the_recommended_is_the_best_there_is(faithful: Swept, criterion: str) -> None:
    found = recommended(faithful, criterion)
    # What chooses nothing, and what is not known yet, leave it to BIC.
    judge = CRITERIA[criterion if criterion in ("aic", "icl") else "bic"]
    values = {cell_of(fit): judge.value(fit, {}) for fit in faithful.fits}
    assert values[cell_of(found.fit)] == min(value for value in values.values() if value is not None)


@pytest.mark.parametrize(
    ("difference", "words"),
    [(0.0, "no difference"), (1.99, "no difference"), (2.01, "some"), (7.0, "strong"), (10.5, "very strong")],
)
def test_differences_are_called_what_kass_and_raftery_call_them(difference: float, words: str) -> None:
    assert strength_of(difference).startswith(words)


def test_every_sentence_is_one(faithful: Swept) -> None:
    for criterion in NAMES:
        for sentence in recommended(faithful, criterion).sentences:
            assert re.fullmatch(r"[A-Z0-9].*[.]", sentence), sentence
            assert "nan" not in sentence


def _scored(bic: float, k: int = 1, **more: float) -> Fit:
    mixture = Mixture(np.full(k, 1 / k), np.arange(2 * k).reshape(k, 2), [np.eye(2)] * k)
    values = {"aic": bic, "icl": bic, "smallest_count": 100.0} | more
    return Fit(
        "full", k, mixture, -1.0, 1, values["aic"], bic, values["icl"], values["smallest_count"], False
    )


def _swept(*fits: Fit, ks: tuple[int, ...] = (1, 2, 3, 4)) -> Swept:
    return Swept(Data(np.zeros((9, 2))), 9, ("full",), ks, fits, is_whole=True)


def test_fits_within_two_are_as_good() -> None:
    near = recommended(_swept(_scored(100.0), _scored(101.5, 2), _scored(104.0, 3)))
    assert any("as good" in sentence and "2 components" in sentence for sentence in near.sentences)
    assert not any("3 components, full" in sentence for sentence in near.sentences)
    far = recommended(_swept(_scored(100.0), _scored(112.0, 2)))
    assert not any("as good" in sentence for sentence in far.sentences)


def test_criteria_that_disagree_are_named_with_what_they_prefer() -> None:
    said = recommended(_swept(_scored(100.0, 2), _scored(110.0, 3, aic=90.0))).sentences
    assert any("AIC: 3 components" in sentence and "ICL" not in sentence for sentence in said)
    agreed = recommended(_swept(_scored(100.0, 2), _scored(110.0, 3))).sentences
    assert "AIC and ICL prefer the same." in agreed


def test_the_end_of_the_range_and_a_light_component_are_doubts() -> None:
    assert any(
        "largest K" in said for said in recommended(_swept(_scored(9.0, 4), _scored(20.0, 1))).sentences
    )
    light = recommended(_swept(_scored(9.0, 2, smallest_count=3.0), _scored(20.0, 1)))
    assert any("3 points" in said for said in light.sentences)


def test_no_fit_is_no_recommendation() -> None:
    assert recommend(_swept(), "bic") is None


def test_components_that_change_places_keep_their_colours(faithful: Swept) -> None:
    mixture = recommended(faithful).fit.mixture
    for order in ([2, 0, 1], [1, 0, 2]):
        moved = Mixture(mixture.weights[order], mixture.means[order], mixture.covariances[order])
        assert colours_like(mixture, moved) == tuple(order)
    fewer = Mixture([0.5, 0.5], mixture.means[[2, 1]], mixture.covariances[[2, 1]])
    assert colours_like(mixture, fewer) == (2, 1)
    # Those without a partner have colours of their own.
    assert sorted(colours_like(fewer, mixture)) == [0, 1, 2]


def test_overlapping_components_are_merged_and_separate_ones_are_not() -> None:
    bars = [np.diag([9.0, 0.1]), np.diag([0.1, 9.0]), np.diag([9.0, 0.1]), np.diag([0.1, 9.0])]
    crosses = Mixture([0.25] * 4, [[0, 0], [0, 0], [30, 0], [30, 0]], bars)
    points, labels = sample(crosses, 800, np.random.default_rng(0))
    found = Swept(Data(points), 800, ("full",), (4,), ())
    fit = Fit("full", 4, crosses, 0.0, 23, 0.0, 0.0, 0.0, 200.0, False)
    result = merged(found, fit)
    assert result.suggested == 2
    assert adjusted_rand_index(result.merging.labels(points, 2), labels // 2) == 1.0
    apart = Mixture([0.25] * 4, [[0, 0], [0, 40], [40, 0], [40, 40]], [np.eye(2)] * 4)
    points, _ = sample(apart, 800, np.random.default_rng(0))
    assert merged(replace(found, data=Data(points)), replace(fit, mixture=apart)).suggested == 4


def test_a_small_pair_that_coincides_is_found_behind_a_large_one_that_does_not() -> None:
    means = [[0.0, 0.0], [3.7, 0.0], [40.0, 0.0], [40.5, 0.0]]
    mixture = Mixture([0.49, 0.49, 0.01, 0.01], means, [np.eye(2)] * 4)
    points, _ = sample(mixture, 4_000, np.random.default_rng(0))
    fit = Fit("full", 4, mixture, 0.0, 23, 0.0, 0.0, 0.0, 40.0, False)
    found = Swept(Data(points), len(points), ("full",), (4,), (fit,), is_whole=True)
    assert merged(found, fit).suggested < 4


def test_a_sweep_that_was_ended_early_is_no_whole_answer() -> None:
    whole = _swept(_scored(9.0, 2), _scored(20.0, 1))
    said = recommended(replace(whole, is_whole=False)).sentences
    assert any("ended early" in sentence and "more than 2 components" in sentence for sentence in said)
    assert not any("ended early" in sentence for sentence in recommended(whole).sentences)


@pytest.mark.parametrize(("shift", "clear"), [(0.01, False), (1.0, True)])
def test_a_difference_that_the_folds_do_not_bear_out_is_called_so(shift: float, clear: bool) -> None:
    rng = np.random.default_rng(0)
    base, counts = rng.normal(size=10), np.full(10, 20.0)
    noise = rng.normal(scale=0.1, size=10)
    judged = {
        ("full", 1): HeldOut(base, counts),
        ("full", 2): HeldOut(base + shift + noise - noise.mean(), counts),
    }
    found = recommend(_swept(_scored(9.0, 1), _scored(8.0, 2)), "held_out", judged)
    assert found is not None
    assert found.fit.n_components == 2
    assert ("no clear difference" in found.sentences[0]) != clear
