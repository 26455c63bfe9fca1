"""What a page without a server may fit anew by itself."""

from dataclasses import replace

import numpy as np
import pytest

from gmm_core import EM, FAMILIES
from ui.analysis.algorithms import algorithm_of
from ui.analysis.page_fit import page_fit_of
from ui.data import data_of
from ui.experiment import Experiment
from ui.experiment.address import from_address
from ui.stage.page_fit import PAGE_FAMILIES
from ui.workspace.changes import opened_by
from ui.workspace.fit_result import result_of
from ui.workspace.scene import scene_of


def fit_of(**address: str) -> object:
    experiment, _, complaints = from_address(address)
    assert complaints == []
    return page_fit_of(experiment, data_of(experiment, None))


@pytest.mark.parametrize("family", FAMILIES)
def test_the_four_standard_families_alone(family: str) -> None:
    assert (fit_of(data="blobs", family=family) is not None) == (family in PAGE_FAMILIES)


@pytest.mark.parametrize(
    "address",
    [
        {"algorithm": "annealed"},
        {"algorithm": "classification"},
        {"algorithm": "variational"},
        {"noise": "on"},
        {"prior": "on"},
        {"data": "penguins", "yes": "sex"},
        {"data": "iris", "more": "sepal_width"},
    ],
    ids=str,
)
def test_what_only_python_has_is_left_to_it(address: dict[str, str]) -> None:
    assert fit_of(**{"data": "blobs", "family": "full"} | address) is None


def test_weights_of_points_are_left_to_python() -> None:
    experiment = Experiment(data="blobs", family="full")
    data = data_of(experiment, None)
    assert page_fit_of(experiment, data) is not None
    assert page_fit_of(experiment, replace(data, weights=np.ones(len(data.points)))) is None


def test_it_goes_by_the_settings_of_the_run() -> None:
    experiment, _, _ = from_address(
        {"data": "blobs", "family": "full", "reg": "0.25", "tol": "1e-4", "steps": "70", "equal": "on"}
    )
    data = data_of(experiment, None)
    fit, em = page_fit_of(experiment, data), algorithm_of(experiment, data)
    assert fit is not None
    assert isinstance(em, EM)
    assert (fit.reg_covar, fit.tolerance, fit.step_limit) == (em.reg_covar, em.tolerance, 70)
    assert fit.equal_weights
    assert em.variant.equal_weights


@pytest.mark.parametrize(("kind", "may"), [("lab", True), ("comparison", False)])
def test_a_fit_beside_k_means_is_left_to_python(kind: str, may: bool) -> None:
    current = opened_by({"data": "blobs", "k": "3", "family": "full"})
    scene = scene_of(current, kind, result_of(current, kind))
    assert (scene.fit is not None) == may
