"""What the scenes of the lab say is so: each claim is held by what the run ends with."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import gmm_core
from gmm_core import adjusted_rand_index
from ui.analysis.fitting import run_of
from ui.analysis.stops import cures_of
from ui.data import Data, data_of
from ui.experiment import Experiment
from ui.experiment.address import from_address, to_address, view_address
from ui.experiment.case import case_of, open_case, said_of
from ui.experiment.scenes import SCENES


def ends(name: str, **changes: Any) -> tuple[Data, Any]:
    experiment = replace(SCENES[name].experiment, **changes)
    data = data_of(experiment, None)
    return data, run_of(experiment, data)


def shares_of(data: Data, run: Any) -> np.ndarray:
    return gmm_core.responsibilities(data.fitted, run.mixture)


def agreement(data: Data, run: Any) -> float:
    assert data.labels is not None
    return adjusted_rand_index(shares_of(data, run).argmax(axis=1), data.labels)


def bic(data: Data, run: Any, family: str) -> float:
    free = gmm_core.n_parameters(family, run.mixture.n_components, 2)
    return gmm_core.bic(run.log_likelihood, free, len(data.points))


def mixture() -> None:
    data, run = ends("mixture")
    assert run.mixture.n_components == 3
    assert agreement(data, run) > 0.9
    assert SCENES["mixture"].view.background == "contours"


def soft() -> None:
    largest = shares_of(*ends("soft")).max(axis=1)
    assert (largest < 0.7).sum() >= 5
    assert (largest > 0.999).sum() >= 50


def bad_start() -> None:
    data, run = ends("bad_start")
    assert data.labels is not None
    # The points of every true cluster, by the component of their largest share.
    table = np.zeros((4, 4))
    np.add.at(table, (data.labels, shares_of(data, run).argmax(axis=1)), 1)
    is_large = table > 0.2 * table.sum(axis=1, keepdims=True)
    assert is_large.sum(axis=0).max() == 2
    assert table.sum(axis=0).min() < 0.1 * len(data.points) / 4


def good_start() -> None:
    (data, good), (_, bad) = ends("good_start"), ends("bad_start")
    assert agreement(data, good) > 0.95
    assert good.log_likelihood > bad.log_likelihood + 100
    settings = [replace(SCENES[name].experiment, start_seed=0) for name in ("good_start", "bad_start")]
    assert settings[0] == settings[1]


def collapse() -> None:
    data, run = ends("collapse")
    assert run.collapse is not None
    cures = cures_of(SCENES["collapse"].experiment, data, run)
    assert {"regularise", "prior"} <= {cure.name for cure in cures}
    assert all(run_of(cure.experiment, data).collapse is None for cure in cures)


def too_many() -> None:
    (data, many), (_, three) = ends("too_many"), ends("too_many", n_components=3)
    assert many.collapse is None
    assert many.log_likelihood > three.log_likelihood
    assert bic(data, many, "full") > bic(data, three, "full") + 10
    assert agreement(data, many) < agreement(data, three)


def how_many() -> None:
    data, run = ends("how_many")
    assert run.states[0].n_active == run.mixture.n_components == 10
    assert run.states[-1].n_active == len(data.label_names)
    assert any(state.move is not None for state in run.states)
    assert agreement(data, run) > 0.95


def noise() -> None:
    (data, run), (_, without) = ends("noise"), ends("noise", noise=False)
    assert data.labels is not None
    assert run.mixture.noise is not None
    assert run.mixture.noise.amount == pytest.approx(np.mean(data.labels < 0), abs=0.05)

    areas = [np.sqrt(np.linalg.det(mixture.covariances)) for mixture in (without.mixture, run.mixture)]
    assert areas[0].min() > 1.5 * areas[1].max()


def yes_no() -> None:
    data, run = ends("yes_no")
    plain = ends("yes_no", yes="")
    # From the same places.
    np.testing.assert_array_equal(run.states[0].mixture.means, plain[1].states[0].mixture.means)
    assert agreement(data, run) > agreement(*plain) + 0.3
    assert data.labels is not None
    # The component of the largest share of either cluster says yes as often as the cluster does.
    ends_in = [int(shares_of(data, run)[data.labels == label].sum(axis=0).argmax()) for label in range(2)]
    mostly_yes, mostly_no = run.mixture.probabilities[ends_in, 0]
    assert mostly_yes > 0.85
    assert mostly_no < 0.15


def one_dimension() -> None:
    data, run = ends("one_dimension")
    assert data.points.shape == (82, 1)
    assert run.mixture.n_dimensions == 1
    weights, means = run.mixture.weights, run.mixture.means[:, 0]
    left, middle, right = np.argsort(means)
    widths = np.sqrt(run.mixture.covariances[:, 0, 0])
    assert weights[middle] > 0.8 > 0.2 > max(weights[left], weights[right])
    assert widths[middle] > 2 * max(widths[left], widths[right])
    assert SCENES["one_dimension"].view.background == "histogram"


def any_shape() -> None:
    (data, run), (_, few) = ends("any_shape"), ends("any_shape", n_components=3)
    assert run.collapse is None
    assert bic(data, run, "full") < bic(data, few, "full") - 100


CLAIMS = {
    claim.__name__: claim
    for claim in (
        mixture,
        soft,
        bad_start,
        good_start,
        collapse,
        too_many,
        how_many,
        noise,
        yes_no,
        one_dimension,
        any_shape,
    )
}

every_scene = pytest.mark.parametrize("name", SCENES)


@every_scene
def test_what_it_says_is_so(name: str) -> None:
    CLAIMS[name]()


@every_scene
def test_its_link_opens_it(name: str) -> None:
    scene = SCENES[name]
    experiment, view, complaints = from_address(to_address(scene.experiment) | view_address(scene.view))
    assert (experiment, view, complaints) == (scene.experiment, scene.view, [])
    assert case_of(SCENES, experiment) == name
    assert scene.sentences.endswith(".")
    assert scene.sentences.count(". ") + scene.sentences.count(": ") >= 1
    assert len(scene.sentences) < 260


@every_scene
def test_what_a_link_hides_stays_hidden(name: str) -> None:
    opened = open_case(Experiment(hide=("truth", "seed"), start_seed=7), SCENES[name])
    assert (opened.hide, opened.start_seed) == (("truth", "seed"), 7)
    assert said_of(SCENES, opened) == ""
