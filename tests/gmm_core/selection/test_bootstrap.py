"""The weighted likelihood bootstrap: its errors where they are known, and its intervals' coverage."""

from typing import Any

import numpy as np
import pytest

from gmm_core import (
    Bootstrap,
    Mixture,
    MixtureError,
    Noise,
    PointsError,
    Variant,
    default_prior,
    run,
    weighted_likelihood_bootstrap,
)
from gmm_core.points import Array
from tests.oracles import old_faithful
from tests.strategies import make_mixture

ROUGH: dict[str, Any] = {"tolerance": 1e-3, "max_steps": 20}


def single(points: Array) -> Mixture:
    return run(points, Mixture([1.0], points[:1], [np.eye(points.shape[1])])).mixture


def test_the_errors_of_a_mean_are_those_of_a_dirichlet() -> None:
    """For one component in closed form: a Dirichlet-weighted mean varies by the points' variance / (N + 1),
    over N."""
    points = np.random.default_rng(0).exponential(size=(40, 2)) * [1.0, 30.0]
    found = weighted_likelihood_bootstrap(points, single(points), n_bootstrap=500, rng=1)
    exact = points.std(axis=0) / np.sqrt(len(points) + 1)
    # A standard deviation of B draws is known to 1 / sqrt(2 B) of itself.
    assert found.standard_errors.means[0] == pytest.approx(exact, rel=5 / np.sqrt(1_000))
    covariance = np.cov(found.resampled.means[:, 0].T)
    expected = np.cov(points.T, bias=True) / (len(points) + 1)
    assert covariance == pytest.approx(expected, rel=0.3, abs=0.3 * exact.prod())
    assert found.n_collapsed == 0
    assert (found.resampled.weights == 1.0).all()


def test_a_count_varies_as_so_many_points_would() -> None:
    points = np.random.default_rng(1).normal(size=(30, 1))
    counts = 1.0 + np.arange(30) % 3
    variant = Variant(sample_weights=counts)
    fit = run(points, Mixture([1.0], [[0.0]], [[[1.0]]]), variant=variant).mixture
    found = weighted_likelihood_bootstrap(points, fit, variant=variant, n_bootstrap=500, rng=1)
    exact = np.sqrt(fit.covariances[0, 0, 0] / (counts.sum() + 1))
    assert found.standard_errors.means[0, 0] == pytest.approx(exact, rel=5 / np.sqrt(1_000))


def test_a_binary_column_varies_as_a_share() -> None:
    rng = np.random.default_rng(2)
    points = np.column_stack([rng.normal(size=100), np.arange(100) % 4 == 0])
    begin = Mixture([1.0], [[0.0]], [[[1.0]]], probabilities=[[0.5]])
    found = weighted_likelihood_bootstrap(points, run(points, begin).mixture, n_bootstrap=500, rng=0)
    exact = np.sqrt(0.25 * 0.75 / 101)
    assert found.standard_errors.probabilities[0, 0] == pytest.approx(exact, rel=5 / np.sqrt(1_000))


def test_intervals_cover_the_truth_about_as_often_as_they_say() -> None:
    """Two clusters, 40 times: each of four parameters lies within its 90 % interval in 29 of them or more."""
    truth = Mixture([0.4, 0.6], [[0.0], [5.0]], [[[1.0]], [[1.5]]])
    covered = np.zeros(4)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        labels = rng.random(120) < 0.6
        points = (np.where(labels, 5.0, 0.0) + rng.normal(size=120) * np.where(labels, 1.5**0.5, 1.0))[
            :, None
        ]
        fit = run(points, truth, **ROUGH).mixture
        found = weighted_likelihood_bootstrap(points, fit, n_bootstrap=40, rng=rng, **ROUGH)
        low, high = found.intervals(0.9)
        for i, (true, below, above) in enumerate(
            [
                (0.4, low.weights[0], high.weights[0]),
                (0.0, low.means[0, 0], high.means[0, 0]),
                (5.0, low.means[1, 0], high.means[1, 0]),
                (1.5, low.covariances[1, 0, 0], high.covariances[1, 0, 0]),
            ]
        ):
            covered[i] += below <= true <= above
    assert (covered >= 29).all(), covered
    assert (covered <= 39).any(), covered


FAITHFUL = old_faithful()
TWO = run(FAITHFUL, Mixture([0.5, 0.5], [[2.0, 55.0], [4.3, 80.0]], [np.diag([0.1, 35.0])] * 2)).mixture


def bootstrap(**settings: Any) -> Bootstrap:
    return weighted_likelihood_bootstrap(FAITHFUL, TWO, **({"n_bootstrap": 25, "rng": 0} | settings))


def test_components_are_matched_to_the_fit() -> None:
    """Two components so near each other that a fit may carry each to where the other was."""
    found = bootstrap()
    assert np.abs(found.resampled.means - TWO.means).max(axis=0)[:, 1].max() < 5
    turned = Mixture(TWO.weights[::-1], TWO.means[::-1], TWO.covariances[::-1])
    other = weighted_likelihood_bootstrap(FAITHFUL, turned, n_bootstrap=25, rng=0)
    assert other.resampled.means[:, ::-1] == pytest.approx(found.resampled.means, rel=1e-8)


def test_every_fit_is_that_of_its_weights() -> None:
    """The first draw, written out."""
    weights = np.random.default_rng(0).standard_exponential(len(FAITHFUL))
    variant = Variant(sample_weights=weights / weights.sum() * len(FAITHFUL))
    expected = run(FAITHFUL, TWO, family="tied", variant=variant).mixture
    found = bootstrap(n_bootstrap=1, family="tied")
    assert found.resampled.means[0] == pytest.approx(expected.means, rel=1e-12)
    assert found.resampled.covariances[0] == pytest.approx(expected.covariances, rel=1e-12)


def test_the_variant_is_that_of_the_fit() -> None:
    noisy = Mixture(0.95 * TWO.weights, TWO.means, TWO.covariances, Noise(0.05, 5 * 60))
    variant = Variant(equal_weights=True, prior=default_prior(FAITHFUL, 2))
    found = weighted_likelihood_bootstrap(FAITHFUL, noisy, variant=variant, n_bootstrap=5, rng=0)
    assert found.resampled.weights[:, 0] == pytest.approx(found.resampled.weights[:, 1], rel=1e-14)
    assert (found.resampled.noise > 0).all()
    assert found.resampled.noise + found.resampled.weights.sum(axis=1) == pytest.approx(np.ones(5))
    assert found.standard_errors.noise > 0


def test_collapses_are_counted_and_left_out() -> None:
    points = np.concatenate([FAITHFUL[:40], [[9.0, 300.0]]])
    begin = Mixture([0.9, 0.1], [[3.0, 70.0], [9.0, 300.0]], [np.diag([1.0, 150.0])] * 2)
    found = weighted_likelihood_bootstrap(points, begin, n_bootstrap=6, rng=0)
    assert found.n_collapsed == 6
    assert found.resampled.means.shape == (0, 2, 2)
    with pytest.raises(MixtureError, match=r"^There is no fit to tell an interval from; .*\.$"):
        found.intervals()
    with pytest.raises(MixtureError, match=r"^One fit has no spread; .*\.$"):
        _ = found.standard_errors


def test_it_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[float] = []
    whole = bootstrap(n_bootstrap=8, progress=told.append)
    assert told == [i / 8 for i in range(1, 9)]
    part = bootstrap(n_bootstrap=8, progress=lambda share: share >= 0.5)
    assert np.array_equal(part.resampled.means, whole.resampled.means[:4])


def test_any_dimension_will_do() -> None:
    rng = np.random.default_rng(3)
    mixture = make_mixture(rng, 1, 6)
    points = rng.multivariate_normal(mixture.means[0], mixture.covariances[0], 200)
    found = weighted_likelihood_bootstrap(points, single(points), n_bootstrap=20, rng=0)
    low, high = found.intervals(0.5)
    assert found.standard_errors.covariances.shape == (1, 6, 6)
    assert (low.means <= high.means).all()


@pytest.mark.parametrize("level", [0, 1, np.nan, "95 %", None])
def test_a_level_that_makes_no_sense_is_refused(level: Any) -> None:
    with pytest.raises(MixtureError, match=r"^The level is .*; give a share between 0 and 1"):
        bootstrap(n_bootstrap=1).intervals(level)


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(PointsError, match=r"^0 resamples were asked for; draw at least 1\.$"):
        bootstrap(n_bootstrap=0)
    with pytest.raises(PointsError, match=r"^What is told of the progress is 3; "):
        bootstrap(progress=3)
