"""What a page without a server may fit anew by itself."""

from dataclasses import replace

import numpy as np
import pytest

from gmm_core import EM, FAMILIES
from tests.stage_message import decode
from ui.analysis.algorithms import algorithm_of
from ui.analysis.page_fit import page_change_of, page_fit_of
from ui.data import data_of
from ui.experiment import Experiment
from ui.experiment.address import from_address, to_address
from ui.experiment.scenes import SCENES
from ui.stage.codec import Scene, encode
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


def test_weights_of_points_come_along_where_the_page_fits() -> None:
    experiment = Experiment(data="blobs", family="full")
    data = data_of(experiment, None)
    weights = np.arange(1, len(data.points) + 1, dtype=np.float64)
    fit = page_fit_of(experiment, replace(data, weights=weights))
    assert fit is not None
    scene = Scene(data.points, None, "", 0, "", (0, 1, 0, 1), point_weights=weights, fit=fit)
    header, arrays = decode(encode(scene))
    assert header["weighted"]
    assert arrays["point_weights"].tolist() == weights.tolist()
    # Who only looks at a run need not know them.
    header, arrays = decode(encode(replace(scene, fit=None)))
    assert header["weighted"]
    assert "point_weights" not in arrays


def test_a_cure_that_changes_settings_alone_says_which() -> None:
    """The page can do no other: for another start, prior or K it would need Python."""
    current = opened_by(to_address(SCENES["collapse"].experiment))
    result = result_of(current, "lab")
    changes = {name: changed for name, _, changed in scene_of(current, "lab", result).cures}
    regularised = next(cure.experiment for cure in result.cures if cure.name == "regularise")
    assert changes.pop("regularise") == {"reg_covar": regularised.reg_covar}
    assert "prior" in changes
    assert set(changes.values()) == {None}


def test_the_other_cures_of_settings_alone() -> None:
    experiment = Experiment(data="blobs", family="full", reg_covar=0.5, stop_falling=True)
    data = data_of(experiment, None)
    for name, value, changes in (
        ("step_limit", 900, {"step_limit": 900}),
        ("stop_falling", False, {"stop_when_falling": False}),
    ):
        assert page_change_of(replace(experiment, **{name: value}), experiment, data) == changes
    assert page_change_of(replace(experiment, noise=True), experiment, data) is None
    assert page_change_of(replace(experiment, n_components=5), experiment, data) is None


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
