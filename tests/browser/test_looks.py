"""Hills in the place of the picture, and the mixture along each axis: from a link to a file and back."""

import re
from xml.etree import ElementTree

import numpy as np
import pytest
from playwright.sync_api import Page, expect
from scipy import stats

import gmm_core
from tests.browser.conftest import open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import Stage
from tests.browser.test_saving import SVG, download, texts_of

SCENE = ".em-scene"

# The sum that the ink line draws, as the served room of the stage computes it.
INK = """
async ([axis, places, run]) => {
  const served = performance.getEntriesByType("resource").map(({ name }) => name);
  const { marginalsAt } = await import(served.find((name) => name.endsWith("model/marginals.js")));
  const typed = ([name, list]) => [name, Float64Array.from(list)];
  const shapes = Object.fromEntries(Object.entries(run).map(typed));
  return places.map((place) => marginalsAt(shapes, axis, place, [0, 1]).reduce((sum, part) => sum + part));
}
"""


def turned(stage: Stage) -> tuple[float, float, float]:
    """Azimuth, elevation and nearness of the camera."""
    scene = stage.root.locator(SCENE)
    azimuth, elevation, nearness = (
        float(scene.get_attribute(f"data-{name}") or "nan") for name in ("azimuth", "elevation", "nearness")
    )
    return azimuth, elevation, nearness


def wait_until(page: Page, name: str, condition: str, value: float) -> None:
    """Until the scene's number of that name fulfils the condition, such as "!==", with a value."""
    page.wait_for_function(
        f"([scene, value]) => Number(document.querySelector(scene).dataset.{name}) {condition} value",
        arg=[SCENE, value],
    )


def test_hills_from_a_link_to_a_file_and_back(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "behind=hills&n=200&at=1"))
    scene = stage.root.locator(SCENE)
    expect(scene).to_be_visible()
    for name in ("Add points", "Remove points"):
        expect(stage.button(name)).to_be_disabled()
    _, run = outcome_of(stage.address)
    for t in (0, 1, 3):
        stage.go_to(2 * t)
        mixture = run.states[t].mixture
        peak = np.exp(gmm_core.log_density(mixture.means, mixture)).max()
        assert float(scene.get_attribute("data-highest") or "nan") == pytest.approx(peak, rel=1e-6)
    home, top = turned(stage), scene.get_attribute("data-top")
    x, y = stage.centre(scene)
    stage.drag((x, y), (x + 100, y - 40))
    wait_until(page, "azimuth", "!==", home[0])
    by_hand = turned(stage)
    assert by_hand[1] != home[1]
    stage.button("Turn the hills right").click()
    page.keyboard.press("Shift+ArrowUp")
    wait_until(page, "elevation", "!==", by_hand[1])
    assert turned(stage)[0] == pytest.approx(by_hand[0] + 15)
    assert stage.index == 6, "with Shift nothing steps"
    held = turned(stage)
    stage.step()
    assert turned(stage) == held, "the camera stays while EM steps"
    assert scene.get_attribute("data-top") == top, "so does the scale upwards"
    stage.button("Zoom in").click()
    wait_until(page, "nearness", ">", 1.1)
    stage.button("Fit the view").click()
    wait_until(page, "azimuth", "===", home[0])
    name, content = download(page, stage, "Save as PNG")
    assert name.endswith(".png")
    assert len(content) > 30_000
    tree = ElementTree.fromstring(download(page, stage, "Save as SVG")[1])
    assert len(list(tree.iter(f"{SVG}image"))) == 1
    assert "log-likelihood" in " ".join(texts_of(tree))
    stage.select("Behind").select_option(label="Nothing")
    expect(scene).to_be_hidden()
    expect(stage.handle(1)).to_be_visible()
    expect(stage.button("Add points")).to_be_enabled()


def test_a_collapsed_hill_is_cut_and_said_so(page: Page, server: str) -> None:
    shapes = "from=0.5,-1,0,0.5,0,0.5_0.5,2,0,1e-9,0,1e-9"
    stage = Stage(open_lab(page, server, f"{shapes}&k=2&behind=hills&at=0&n=200"))
    note = stage.root.locator(f"{SCENE} .em-picture-note")
    expect(note).to_contain_text("Hills are cut at density")
    top = float(stage.root.locator(SCENE).get_attribute("data-top") or "nan")
    assert top < 10


def test_the_wheel_over_hills_scrolls_the_page_until_they_are_clicked(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "behind=hills&n=200"))
    page.mouse.move(*stage.centre(stage.root.locator(SCENE)))
    page.mouse.wheel(0, 120)
    expect(stage.root.get_by_text("To zoom with the wheel")).to_be_visible()
    assert turned(stage)[2] == 1
    page.mouse.click(*stage.centre(stage.root.locator(SCENE)))
    page.mouse.wheel(0, -120)
    wait_until(page, "nearness", ">", 1.1)


@pytest.mark.parametrize("axis", [0, 1])
def test_margins_are_the_marginals_of_the_mixture(page: Page, server: str, axis: int) -> None:
    stage = Stage(open_lab(page, server, "margins=on&n=300&at=5"))
    _, run = outcome_of(stage.address)
    mixture = run.states[2].mixture
    places = np.linspace(-5, 5, 11)
    deviations = np.sqrt(mixture.covariances[:, axis, axis])
    wanted = stats.norm.pdf(places[:, None], mixture.means[:, axis], deviations) @ mixture.weights
    upper = mixture.covariances[:, [0, 0, 1], [0, 1, 1]]
    shapes = {"weights": mixture.weights, "means": mixture.means.ravel(), "covariances": upper.ravel()}
    told = {name: value.tolist() for name, value in shapes.items()}
    np.testing.assert_allclose(page.evaluate(INK, [axis, places.tolist(), told]), wanted, rtol=1e-6)


def test_margins_follow_a_zoom_a_step_and_a_dragged_mean(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "n=300&at=3"))
    margins = stage.root.locator(".em-margins")
    expect(margins).to_be_hidden()
    stage.button("Margins: the mixture along each axis").click()
    expect(margins).to_be_visible()
    stage.wait_for_address(margins="on")
    digest = "(canvas) => canvas.toDataURL()"
    seen = {margins.evaluate(digest)}
    mean = stage.centre(stage.handle(1))
    for act in (
        lambda: stage.step(),
        lambda: stage.button("Zoom in").click(),
        lambda: stage.drag(stage.centre(stage.handle(1)), (mean[0] + 60, mean[1]), drop=False),
    ):
        before = margins.evaluate(digest)
        act()
        page.wait_for_function(
            "([s, before]) => document.querySelector(s).toDataURL() !== before", arg=[".em-margins", before]
        )
        seen.add(margins.evaluate(digest))
    page.mouse.up()
    assert len(seen) == 4
    stage.catch_up()
    content = download(page, stage, "Save as SVG")[1].decode()
    tree = ElementTree.fromstring(content)
    assert "<image" not in content
    paths = [node for node in tree.iter(f"{SVG}path") if re.search(r"L.*L.*L", node.get("d", ""))]
    assert len(paths) >= 2 * (2 * 3 + 1), "areas, lines and their sum on both sides"
