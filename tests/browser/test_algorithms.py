"""Every algorithm on the stage, with noise or a yes/no column and without: it shows what Python computed."""

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from gmm_core.log_joint import log_joint, share_out
from tests.browser.conftest import open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import Stage
from tests.browser.test_answers import assert_shows, rows_of
from tests.browser.test_links import assert_link_opens_the_same
from ui.analysis.algorithms import OFFERED
from ui.data import data_of
from ui.experiment.experiment import MIXTURE_ALGORITHMS
from ui.experiment.scenes import SCENES

HEADINGS = {
    "em": "Log-likelihood",
    "classification": "Classification likelihood",
    "annealed": "Free energy",
    "variational": "Lower bound on the evidence",
}


BESIDE = {
    "nothing": {"data": "noise", "k": "6"},
    "noise": {"data": "noise", "k": "6", "noise": "on"},
    "answers": {"data": "answers", "yes": "answer"},
    "answers and noise": {"data": "answers", "yes": "answer", "noise": "on"},
}
"""What else takes part beside the algorithm."""


@pytest.mark.parametrize("beside", BESIDE)
@pytest.mark.parametrize("algorithm", MIXTURE_ALGORITHMS)
def test_its_numbers_are_those_of_python(page: Page, server: str, algorithm: str, beside: str) -> None:
    address = {"algorithm": algorithm, "n": "300"} | BESIDE[beside]
    _, run = outcome_of(address)
    stage = Stage(open_lab(page, server, "&".join(f"{key}={value}" for key, value in address.items())))
    for t in (0, 1, len(run.states) - 1):
        stage.go_to(2 * t + 1)
        state, shown = run.states[t], dict(stage.look().dataset)
        assert shown["algorithm"] == algorithm
        assert shown["yes"] == address.get("yes", "")
        assert float(shown["objective"]) == pytest.approx(run.curve[t], rel=1e-12)
        assert int(shown["active"]) == int((state.moments.counts > 1).sum())
        assert float(shown["noise"] or 0) == pytest.approx(
            state.mixture.noise.amount if state.mixture.noise else 0.0, rel=1e-12
        )
        assert float(shown["temperature"] or 1) == pytest.approx(state.temperature, rel=1e-12)
        likelihood = getattr(state, "log_likelihood", run.curve[t])
        assert float(shown["log-likelihood"]) == pytest.approx(likelihood, rel=1e-12)
        probabilities = rows_of(stage.root.get_by_role("table", name="Components"))[
            : state.mixture.n_components
        ]
        for cells, wanted in zip(probabilities, state.mixture.probabilities, strict=True):
            assert len(cells) == 5 + len(wanted)
            assert_shows(" ".join(cells[5:]), *wanted)
    expect(stage.root.get_by_role("region", name=HEADINGS[algorithm])).to_be_visible()


@pytest.mark.parametrize("beside", ["noise", "answers and noise"])
@pytest.mark.parametrize("algorithm", MIXTURE_ALGORITHMS)
def test_an_asked_point_has_the_factors_and_shares_of_python(
    page: Page, server: str, algorithm: str, beside: str
) -> None:
    address = {"algorithm": algorithm, "n": "120"} | BESIDE[beside]
    data, run = outcome_of(address)
    stage = Stage(
        open_lab(page, server, "&".join(f"{key}={value}" for key, value in address.items()) + "&at=3")
    )
    number = stage.root.get_by_label("Ask point number")
    number.fill("7")
    number.press("Enter")
    table = stage.root.get_by_role("region", name="Ask").get_by_role("table")
    state = run.states[1]
    rows = rows_of(table)
    assert len(rows) == run.mixture.n_components + 1
    joints = log_joint(data.fitted[6:7], state.terms)
    shares, _, _ = share_out(joints.copy(), state.temperature)
    answers = state.terms.log_successes if data.fitted[6, -1] else state.terms.log_failures
    for k, (name, weight, density, *chance, product, share) in enumerate(rows):
        assert name == (str(k + 1) if k < run.mixture.n_components else "noise")
        assert_shows(product, np.exp(joints[k, 0]))
        assert_shows(share, shares[k, 0])
        wanted = state.mixture.weights[k] if k < run.mixture.n_components else state.mixture.noise.amount
        assert_shows(weight, wanted)
        chances = (np.exp(answers[k]) if k < run.mixture.n_components else [0.5]) if chance else []
        assert_shows(" ".join(chance), *chances)
        assert_shows(density, np.exp(joints[k, 0]) / wanted / np.prod(chances))
    assert len(table.get_by_role("columnheader").all()) == 5 + data.n_binary


def test_people_choose_an_algorithm_and_its_settings(
    page: Page, another_page: Callable[..., Page], server: str
) -> None:
    stage = Stage(open_lab(page, server))
    page.get_by_role("combobox", name="Algorithm").click()
    page.get_by_role("option", name="Variational mixture").click()
    stage.wait(algorithm="variational", components=10)
    expect(page.get_by_text(OFFERED["variational"].sentence)).to_be_visible()
    page.get_by_text("Dirichlet process", exact=True).click()
    stage.wait_for_address(algorithm="variational", process="stick-breaking", k="10")
    page.keyboard.press("End")
    stage.wait_until_still()
    assert int(dict(stage.look().dataset)["active"]) < 10
    assert_link_opens_the_same(stage, another_page())


def test_noise_is_switched_on_and_takes_the_scattered_points(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=noise"))
    page.get_by_text("Background noise", exact=True).click()
    stage.wait_for_address(noise="on")
    stage.go_to(1)
    stage.wait_until_still()
    expect(stage.root.get_by_role("row", name="noise")).to_contain_text("%")
    colours_before = stage.look().canvases
    page.keyboard.press("End")
    stage.wait_until_still()
    assert stage.look().canvases != colours_before
    assert 0.1 < float(dict(stage.look().dataset)["noise"]) < 0.35


@pytest.mark.parametrize("name", SCENES)
def test_a_scene_is_one_click_and_keys_work_at_once(page: Page, server: str, name: str) -> None:
    stage = Stage(open_lab(page, server, "data=iris"))
    scene = SCENES[name]
    page.get_by_test_id("stMain").get_by_role("radio", name=scene.title, exact=True).click()
    begun = {
        "points": len(data_of(scene.experiment, None).points),
        "components": scene.experiment.n_components,
    }
    stage.wait(algorithm=scene.experiment.algorithm, iteration=0, **begun)
    expect(page.get_by_text(scene.sentences[:60])).to_be_visible()
    page.keyboard.press("ArrowRight")
    stage.wait(phase="E", iteration=0)
    expect(stage.root.locator(".em-primary")).to_be_in_viewport(ratio=1)
