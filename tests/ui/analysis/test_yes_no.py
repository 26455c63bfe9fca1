"""Runs on points with a yes/no column: the core's own, from a start of as many columns."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import gmm_core
from gmm_core import FAMILIES, STARTS
from gmm_core.background import default_noise
from gmm_core.mixture import with_noise
from tests.experiments import by_link, chosen
from ui.analysis.algorithms import OFFERED, algorithm_of
from ui.analysis.beginning import opened
from ui.analysis.comparing import comparison_of
from ui.analysis.family_panels import panels_of
from ui.analysis.fitting import begun_at, run_of, start_of
from ui.data import Data, data_of, numbers_alone
from ui.experiment import Experiment, parameters
from ui.experiment.transitions import choose_algorithm, move_mean, set_choices

ANSWERS = chosen("answers", n_points=150)
METHODS = [name for name in STARTS if STARTS[name].needs is None]

every_algorithm = pytest.mark.parametrize("algorithm", OFFERED)
with_and_without_noise = pytest.mark.parametrize("noise", [False, True])


def fit(experiment: Experiment) -> tuple[Data, Any]:
    data = data_of(experiment, None)
    return data, run_of(experiment, data)


@every_algorithm
@with_and_without_noise
def test_a_run_is_the_cores_on_points_and_answers(algorithm: str, noise: bool) -> None:
    experiment = replace(ANSWERS, algorithm=algorithm, noise=noise)
    data, run = fit(experiment)
    assert data.fitted.shape == (150, 3)
    start = gmm_core.initialize(
        data.fitted,
        experiment.n_components,
        method=experiment.start,
        family=experiment.family,
        n_binary=1,
        rng=np.random.default_rng(experiment.start_seed),
    )
    if noise:
        start = with_noise(start, default_noise(data.fitted, n_binary=1))
    expected = algorithm_of(experiment, data).run(data.fitted, start, max_steps=experiment.step_limit)
    np.testing.assert_array_equal(run.curve, expected.curve)
    assert run.stop_reason is expected.stop_reason
    for name in ("weights", "means", "covariances", "probabilities"):
        np.testing.assert_array_equal(getattr(run.mixture, name), getattr(expected.mixture, name))
    assert run.mixture.noise == expected.mixture.noise
    assert (run.mixture.noise is not None) == noise


@every_algorithm
def test_a_run_in_pieces_is_the_same(algorithm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = replace(ANSWERS, algorithm=algorithm, noise=True)
    data, whole = fit(experiment)
    monkeypatch.setattr("ui.analysis.fitting.PIECE_WORK", 1000)
    asked: list[int] = []
    pieces = run_of(experiment, data, between=lambda run, most: asked.append(most))
    np.testing.assert_array_equal(pieces.curve, whole.curve)
    np.testing.assert_array_equal(pieces.mixture.probabilities, whole.mixture.probabilities)
    assert asked


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("changes", [{}, {"prior": True}, {"equal": True}, {"reg_covar": 0.1}])
def test_every_family_has_the_column(family: str, changes: dict[str, Any]) -> None:
    _, run = fit(replace(ANSWERS, family=family, step_limit=20, **changes))
    assert run.mixture.probabilities.shape == (3, 1)
    assert ((run.mixture.probabilities >= 0) & (run.mixture.probabilities <= 1)).all()


@pytest.mark.parametrize("method", METHODS)
def test_the_column_has_no_say_in_where_a_start_stands(method: str) -> None:
    answered, plain = (
        start_of(experiment, data_of(experiment, None))
        for experiment in (replace(ANSWERS, start=method), replace(ANSWERS, start=method, yes=""))
    )
    np.testing.assert_array_equal(answered.means, plain.means)
    np.testing.assert_array_equal(answered.covariances, plain.covariances)


@pytest.mark.parametrize("changes", [{"turn": 50.0, "stretch": 2.0}, {"standardise": True}])
def test_a_start_is_turned_with_the_points_and_keeps_its_probabilities(changes: dict[str, Any]) -> None:
    plain, moved = fit(ANSWERS)[1], fit(replace(ANSWERS, **changes))[1]
    first, turned = plain.states[0].mixture, moved.states[0].mixture
    np.testing.assert_allclose(turned.weights, first.weights, rtol=1e-9)
    np.testing.assert_allclose(turned.probabilities, first.probabilities, rtol=1e-9)
    if "turn" in changes:
        # An affine map changes nothing of a mixture whose matrices are full.
        np.testing.assert_allclose(moved.mixture.probabilities, plain.mixture.probabilities, atol=1e-4)


def test_a_given_start_gets_probabilities_where_it_has_none() -> None:
    plain = replace(ANSWERS, yes="")
    seen = fit(plain)[1].states[2].mixture
    given = set_choices(ANSWERS, start_mixture=parameters(seen))
    data = data_of(given, None)
    begun = begun_at(given, data)
    np.testing.assert_allclose(begun.means, seen.means)
    # Those of the answers that each component holds, which any M-step would find as well.
    assert data.yes_no is not None
    shares = gmm_core.responsibilities(data.points, seen)
    held = (shares * data.yes_no.values[:, None]).sum(axis=0) / shares.sum(axis=0)
    np.testing.assert_allclose(begun.probabilities[:, 0], held, atol=0.01)


def test_a_given_start_keeps_probabilities_and_loses_one_too_many() -> None:
    seen = fit(ANSWERS)[1].states[3].mixture
    dragged = by_link(move_mean(ANSWERS, seen))
    assert {len(row) for row in dragged.start_mixture} == {7}
    np.testing.assert_allclose(fit(dragged)[1].states[0].mixture.probabilities, seen.probabilities)
    alone = replace(dragged, yes="")
    begun = fit(alone)[1].states[0].mixture
    assert begun.probabilities.shape == (3, 0)
    np.testing.assert_allclose(begun.means, seen.means)


def test_noise_is_half_as_dense_where_there_are_two_answers() -> None:
    volumes = []
    for experiment in (replace(ANSWERS, noise=True), replace(ANSWERS, noise=True, yes="")):
        noise = fit(experiment)[1].mixture.noise
        assert noise is not None
        volumes.append(noise.volume)
    assert volumes[0] == pytest.approx(2 * volumes[1], rel=1e-12)


@every_algorithm
def test_points_by_hand_are_fitted_with_the_others(algorithm: str) -> None:
    experiment = replace(ANSWERS, algorithm=algorithm, added=((0.3, 0.4), (1.0, -2.0)), removed=(5,))
    data, run = fit(replace(experiment, start_among=(0, 0)))
    assert len(data.fitted) == 151
    begun = start_of(ANSWERS, data_of(ANSWERS, None))
    if algorithm != "variational":
        np.testing.assert_array_equal(run.states[0].mixture.means, begun.means)
    assert run.mixture.probabilities.shape == (3, 1)


def test_the_column_is_fitted_by_a_variational_mixture_of_many() -> None:
    _, run = fit(choose_algorithm(chosen("answers"), "variational"))
    assert run.mixture.n_components == 10
    assert 2 <= run.states[-1].n_active <= 4


def test_beside_kmeans_it_has_no_say() -> None:
    experiment = replace(ANSWERS, turn=20.0)
    data = numbers_alone(data_of(experiment, None))
    run = run_of(experiment, data)
    plain = fit(replace(experiment, yes=""))[1]
    np.testing.assert_array_equal(run.curve, plain.curve)
    assert comparison_of(experiment, data, run).run.states[-1].centres.shape == (3, 2)
    seen = data_of(ANSWERS, None).fitted
    given = move_mean(experiment, gmm_core.initialize(seen, 3, n_binary=1, rng=1))
    assert len(panels_of(given, data)) == len(experiment.families) + 1


def test_a_column_chosen_leads_to_the_best_start_of_its_own() -> None:
    penguins = chosen("penguins")
    begun = opened(penguins, replace(penguins, yes="sex"), None)
    assert begun.yes == "sex"
    assert run_of(begun, data_of(begun, None)).collapse is None
