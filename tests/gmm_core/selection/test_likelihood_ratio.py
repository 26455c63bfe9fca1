"""The bootstrap of a likelihood ratio: its level under K, its power under K + 1, and what it is made of."""

from typing import Any

import numpy as np
import pytest

from gmm_core import (
    LikelihoodRatioTest,
    Mixture,
    MixtureError,
    PointsError,
    StartError,
    Variant,
    default_prior,
    likelihood_ratio_test,
    log_likelihood,
    run,
    sample,
)
from gmm_core.points import Array
from gmm_core.selection import likelihood_ratio
from tests.oracles import old_faithful

QUICK_SEARCH: dict[str, Any] = {"n_init": 1, "n_bootstrap": 9, "tolerance": 1e-3, "family": "tied"}
FAITHFUL = old_faithful()


def test_under_the_smaller_number_small_p_values_are_as_rare_as_they_say() -> None:
    """Of 24 samples of one Gaussian p <= 0.4 should come in 40 %: 9.6, give or take 3 times 2.4."""
    p_values = [
        likelihood_ratio_test(
            np.random.default_rng(seed).normal(size=(40, 1)), 1, rng=seed, **QUICK_SEARCH
        ).p_value
        for seed in range(24)
    ]
    assert 3 <= sum(p <= 0.4 for p in p_values) <= 17
    assert min(p_values) >= 0.1
    assert max(p_values) > 0.6


def test_a_second_cluster_is_seen() -> None:
    found = likelihood_ratio_test(FAITHFUL, 1, n_bootstrap=19, rng=0)
    assert found.p_value == pytest.approx(0.05, rel=1e-12)
    # The reference values of K = 1 and K = 2.
    assert found.statistic == pytest.approx(2 * (1289.796745 - 1130.26396018), abs=0.01)
    assert found.statistic > 5 * found.resampled.max()


def test_the_statistic_is_that_of_its_two_fits() -> None:
    found = likelihood_ratio_test(FAITHFUL, 2, n_bootstrap=2, rng=0)
    assert (found.mixture.n_components, found.larger.n_components) == (2, 3)
    likelihoods = [log_likelihood(FAITHFUL, one) for one in (found.mixture, found.larger)]
    assert found.statistic == pytest.approx(2 * (likelihoods[1] - likelihoods[0]), rel=1e-9)
    assert (found.resampled >= 0).all()


@pytest.mark.parametrize(
    ("statistic", "resampled", "p_value"),
    [(3.0, [1.0, 3.0, 5.0], 3 / 4), (9.0, [1.0] * 9, 1 / 10), (0.0, [0.0], 1.0), (1.0, [], 1.0)],
)
def test_the_p_value_counts_the_statistic_itself(
    statistic: float, resampled: list[float], p_value: float
) -> None:
    one = Mixture([1.0], [[0.0]], [[[1.0]]])
    assert LikelihoodRatioTest(one, one, statistic, np.array(resampled)).p_value == p_value


def test_what_a_component_more_cannot_improve_has_the_statistic_zero() -> None:
    """Five points of one variance: of two components with volumes of their own one holds too few."""
    points = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [1.0, 1.0], [0.5, 0.4]])
    found = likelihood_ratio_test(points, 1, n_bootstrap=3, rng=0)
    assert found.statistic == 0.0
    assert log_likelihood(points, found.larger) == pytest.approx(log_likelihood(points, found.mixture))


def test_a_lone_outlier_is_no_component_of_its_own() -> None:
    """A component of one point may be as likely as one likes where volumes vary, and means something where
    they are shared."""
    points = np.concatenate([np.random.default_rng(0).normal(size=(80, 2)), [[50.0, 50.0]]])
    own = likelihood_ratio_test(points, 1, family="full", n_bootstrap=2, rng=0)
    moments_least = (own.larger.weights * len(points)).min()
    assert moments_least >= 2.9
    shared = likelihood_ratio_test(points, 1, family="tied", n_bootstrap=2, rng=0)
    assert (shared.larger.weights * len(points)).min() == pytest.approx(1.0, abs=1e-3)


def test_binary_columns_are_fitted_too() -> None:
    truth = Mixture([0.5, 0.5], [[0.0], [6.0]], [[[1.0]]] * 2, probabilities=[[0.9], [0.1]])
    points = sample(truth, 80, 0)[0]
    found = likelihood_ratio_test(points, 1, n_binary=1, rng=0, **(QUICK_SEARCH | {"n_bootstrap": 19}))
    assert found.p_value == pytest.approx(0.05)
    assert np.sort(found.larger.probabilities[:, 0]) == pytest.approx([0.1, 0.9], abs=0.15)


def test_a_point_that_counts_twice_is_two_points() -> None:
    """In the fits, and in what is drawn in their place: K = 1, so that nothing depends on the starts."""
    weighted = Variant(sample_weights=np.full(60, 2.0))
    points = FAITHFUL[:60]
    twice = np.concatenate([points, points])
    settings: Any = {"n_init": 1, "n_bootstrap": 3, "family": "spherical", "rng": 3}
    one = likelihood_ratio_test(points, 1, variant=weighted, **settings)
    other = likelihood_ratio_test(twice, 1, **settings)
    assert one.mixture.means == pytest.approx(other.mixture.means, rel=1e-12)
    assert one.statistic == pytest.approx(other.statistic, rel=1e-6)
    # Under one component the statistic does not grow with the points, and what is drawn is as many.
    assert 0 < one.resampled.max() < 60


def test_weights_that_stand_for_no_points_are_refused() -> None:
    variant = Variant(sample_weights=np.full(len(FAITHFUL), 1 / len(FAITHFUL)))
    with pytest.raises(PointsError, match=r"^The sample weights say that there are 1 points, too few to fit"):
        likelihood_ratio_test(FAITHFUL, 2, variant=variant, rng=0)


def test_what_is_drawn_is_as_many_points_as_the_weights_say(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def counting(mixture: Mixture, n_samples: int, rng: Any) -> Any:
        drawn.append(n_samples)
        return sample(mixture, n_samples, rng)

    monkeypatch.setattr(likelihood_ratio, "sample", counting)
    weights = np.arange(60) % 3 + 0.5
    variant = Variant(sample_weights=weights)
    likelihood_ratio_test(FAITHFUL[:60], 1, variant=variant, rng=0, **(QUICK_SEARCH | {"n_bootstrap": 2}))
    assert drawn == [round(weights.sum())] * 2


def test_with_a_prior_the_fits_are_those_of_the_highest_posterior() -> None:
    variant = Variant(prior=default_prior(FAITHFUL, 2))
    settings: Any = {"variant": variant, "n_bootstrap": 1, "tolerance": 1e-9, "max_steps": 3_000}
    found = likelihood_ratio_test(FAITHFUL, 2, rng=0, **settings)
    for mixture in (found.mixture, found.larger):
        following = run(FAITHFUL, mixture, variant=variant, max_steps=1)
        gain = following.states[1].objective - following.states[0].objective
        assert 0 <= gain < 1e-4
    likelihoods = [log_likelihood(FAITHFUL, one) for one in (found.mixture, found.larger)]
    assert found.statistic == pytest.approx(2 * (likelihoods[1] - likelihoods[0]), rel=1e-9)


@pytest.mark.parametrize(
    ("variant", "sentence"),
    [
        (Variant(equal_weights=True), "With equal weights K components are no special case of K + 1, "),
        (Variant(temperature=0.5), "At the temperature 0.5 a fit does not raise the likelihood, "),
        (Variant(covariances=np.eye(2)[None]), "Fixed covariances are those of one K, "),
        ("plain", "The variant must be a Variant, "),
    ],
)
def test_what_has_no_meaning_here_is_refused(variant: Any, sentence: str) -> None:
    with pytest.raises(MixtureError) as refused:
        likelihood_ratio_test(FAITHFUL, 1, variant=variant, rng=0)
    assert str(refused.value).startswith(sentence)


def test_it_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[float] = []

    def test(**settings: Any) -> Array:
        quick = QUICK_SEARCH | {"n_bootstrap": 4} | settings
        return likelihood_ratio_test(FAITHFUL[:60], 1, rng=0, **quick).resampled

    whole = test(progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]
    assert np.array_equal(test(progress=lambda share: share >= 0.5), whole[:2])


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"n_bootstrap": 0}, PointsError, "0 resamples were asked for; "),
        ({"n_init": 0}, StartError, "0 starts were asked for; "),
        ({"method": "given_means"}, StartError, "The start 'given_means' needs means, "),
        ({"progress": 3}, PointsError, "What is told of the progress is 3; "),
        ({"n_components": 0}, PointsError, "The number of components is 0; "),
    ],
)
def test_what_makes_no_sense_is_refused(settings: Any, error: type[Exception], sentence: str) -> None:
    with pytest.raises(error) as refused:
        likelihood_ratio_test(**({"points": FAITHFUL, "n_components": 1, "rng": 0} | settings))
    assert str(refused.value).startswith(sentence)
