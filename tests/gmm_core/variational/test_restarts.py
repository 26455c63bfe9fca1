"""Restarts of a variational mixture, and what it finds with noise and columns of 0 and 1."""

from dataclasses import replace

import numpy as np
import pytest

from gmm_core import Noise, initialize
from gmm_core.points import Array
from gmm_core.variational import (
    VARIATIONAL_FAMILIES,
    WEIGHT_PRIORS,
    default_variational_prior,
    restart_variational,
    run,
)

every_prior = pytest.mark.parametrize("weights", WEIGHT_PRIORS)

CENTRES = np.array([[0.0, 0.0], [8.0, 0.0], [0.0, 8.0]])


def clusters_and_background(n_points: int = 600, n_noise: int = 150) -> Array:
    rng = np.random.default_rng(2)
    clusters = CENTRES[np.arange(n_points) % 3] + 0.5 * rng.standard_normal((n_points, 2))
    return np.concatenate([clusters, rng.uniform(-6.0, 14.0, (n_noise, 2))])


def test_the_run_of_the_highest_bound_wins_and_a_seed_repeats_it() -> None:
    points = np.random.default_rng(0).standard_t(2, (300, 2))
    found = restart_variational(points, 6, n_init=4, method="random_points", moves=False, rng=3)
    bounds = [attempt.lower_bound for attempt in found.attempts]
    assert len(bounds) == 4
    assert len(set(np.round(bounds, 3))) > 1
    assert found.run is found.attempts[found.winner]
    assert found.run.lower_bound == max(bounds)
    again = restart_variational(points, 6, n_init=4, method="random_points", moves=False, rng=3)
    assert [attempt.lower_bound for attempt in again.attempts] == bounds


def test_one_restart_is_the_run_from_its_start() -> None:
    points = clusters_and_background()
    weights = 0.5 + np.arange(len(points)) % 3
    noise = Noise(0.1, 400.0)
    found = restart_variational(
        points, 5, n_init=1, weights="stick-breaking", noise=noise, sample_weights=weights, rng=7
    )
    mixture = initialize(points, 5, sample_weights=weights, rng=7)
    mixture = replace(mixture, weights=0.9 * mixture.weights, noise=noise)
    prior = default_variational_prior(points, sample_weights=weights, weights="stick-breaking")
    expected = run(points, mixture, prior=prior, sample_weights=weights)
    assert found.run.lower_bound == expected.lower_bound


@every_prior
@pytest.mark.parametrize("family", VARIATIONAL_FAMILIES)
def test_noise_takes_the_background_and_the_clusters_keep_their_shapes(weights: str, family: str) -> None:
    points, noise = clusters_and_background(), Noise(0.1, 400.0)
    found = restart_variational(points, 8, n_init=2, weights=weights, family=family, noise=noise, rng=1).run
    held = found.mixture.noise
    assert held is not None
    assert held.volume == 400.0
    assert held.amount == pytest.approx(0.2, abs=0.03)
    active = found.states[-1].moments.counts > 1
    assert active.sum() == 3
    deviations = np.sqrt(np.diagonal(found.mixture.covariances[active], axis1=1, axis2=2))
    # The prior, as wide as all points, is worth four of them, and of a tied mixture so many a component.
    assert ((deviations > 0.45) & (deviations < 0.75)).all()


@every_prior
def test_noise_that_is_not_there_gets_no_weight(weights: str) -> None:
    points = clusters_and_background(n_noise=0)
    found = restart_variational(points, 6, n_init=1, weights=weights, noise=Noise(0.1, 400.0), rng=1).run
    assert found.mixture.noise is not None
    assert found.mixture.noise.amount < 0.01
    assert found.states[-1].n_active == 3


@every_prior
def test_columns_of_0_and_1_tell_apart_what_numbers_do_not(weights: str) -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(800) % 2
    wanted = np.array([[0.9, 0.1, 0.8, 0.2, 0.9, 0.1], [0.1, 0.9, 0.2, 0.8, 0.1, 0.9]])
    ones = (rng.random((800, 6)) < wanted[labels]).astype(np.float64)
    points = np.hstack([rng.standard_normal((800, 1)) + 0.5 * labels[:, None], ones])
    found = restart_variational(points, 6, n_init=5, n_binary=6, weights=weights, rng=0).run
    active = np.flatnonzero(found.states[-1].moments.counts > 1)
    assert len(active) == 2
    order = active[np.argsort(-found.mixture.probabilities[active, 0])]
    np.testing.assert_allclose(found.mixture.probabilities[order], wanted, atol=0.07)
    np.testing.assert_allclose(found.mixture.weights[order], 0.5, atol=0.06)
    assert ((found.mixture.probabilities > 0) & (found.mixture.probabilities < 1)).all()
