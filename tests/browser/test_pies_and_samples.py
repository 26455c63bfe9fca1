"""Further looks at a mixture: pies, a sample from the model, the check of fit, and a spray of points."""

import math
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import gmm_core
from tests.browser.conftest import open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import Stage, eventually

POINTS = "canvas.em-points"


def saved(page: Page, stage: Stage) -> str:
    """The text of the SVG picture that is saved."""
    with page.expect_download() as waiting:
        stage.button("Save as SVG").click()
    return Path(waiting.value.path()).read_text("utf-8")


def test_pies_from_link_to_file(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "n=200&k=3&noise=on&at=5&glyphs=pies"))
    expect(stage.button("Pies of the shares")).to_have_attribute("aria-pressed", "true")
    pies = stage.look().canvases
    svg = saved(page, stage)
    assert svg.count('class="em-pie"') == 200
    assert svg.count('fill="rgb(') > 200, "some points are shared"
    expect(stage.root).to_contain_text("Every point is a pie")
    # Shares are what they are, however points are coloured else.
    stage.select("Colours").select_option("hard")
    stage.catch_up()
    assert stage.look().canvases == pies
    stage.button("Glyphs of the components").click()
    stage.wait_for_address(glyphs="on")
    expect(stage.button("Pies of the shares")).to_have_attribute("aria-pressed", "false")
    assert stage.look().canvases != pies


@pytest.mark.parametrize("line", ["", "&y=none"], ids=["plane", "line"])
def test_a_sample_is_the_same_again_and_goes_into_link_and_file(page: Page, server: str, line: str) -> None:
    stage = Stage(open_lab(page, server, f"n=200&k=3&at=5{line}"))
    data = stage.look().canvases
    stage.root.press("s")
    stage.wait_for_address(drawn="instead")
    expect(stage.picture).to_contain_text("200 points drawn from the model; the data are hidden.")
    drawn = stage.look().canvases
    stage.step(2)
    assert stage.look().canvases != drawn
    stage.go_to(5)
    assert stage.look().canvases == drawn, "a point has its random numbers for good"
    assert "200 points drawn from the model" in saved(page, stage)
    stage.select("Points").select_option("beside")
    stage.wait_for_address(drawn="beside")
    expect(stage.root.locator(POINTS).first).to_have_css("opacity", "0.55")
    assert saved(page, stage).count('class="trace scatter') >= 2
    stage.root.press("s")
    stage.root.press("s")
    stage.wait_for_address(drawn=None)
    assert stage.look().canvases[:2] == data[:2]


@pytest.mark.parametrize(
    "more", ["", "&noise=on", "&y=none", "&data=answers&yes=answer", "&algorithm=variational"]
)
def test_the_check_of_fit_has_the_distance_of_python(page: Page, server: str, more: str) -> None:
    stage = Stage(open_lab(page, server, f"n=200&k=3&at=7{more}"))
    assert stage.data("fit") == ""
    data, run = outcome_of(stage.address)
    points = data.points if data.yes_no is None else data.fitted
    stage.root.get_by_text("Does it fit?").click()
    for t in (3, 1):
        stage.go_to(2 * t + 1)
        wanted = gmm_core.kolmogorov_distance(gmm_core.density_percentiles(points, run.states[t].mixture))

        def close(wanted: float = wanted) -> None:
            assert math.isclose(float(stage.data("fit") or "nan"), wanted, abs_tol=1e-6)

        eventually(page, close)
    expect(stage.root.get_by_role("img", name="percentiles of the points")).to_be_visible()
    stage.root.get_by_text("Does it fit?").click()
    stage.wait(fit="")


@pytest.mark.parametrize("at", [0, 7])
def test_a_spray_is_one_change_that_does_not_start_over(page: Page, server: str, at: int) -> None:
    stage = Stage(open_lab(page, server, f"n=100&k=3&at={at}"))
    means = [stage.centre(stage.handle(k)) for k in (1, 2, 3)]
    axes = stage.axes()
    stage.button("Add points").click()
    stage.select("Each click adds").select_option("20")
    before = stage.look().canvases
    where = stage.centre(stage.picture)
    page.mouse.move(*where)
    page.mouse.down()
    assert stage.look().canvases != before, "seen before Python has them"
    page.mouse.up()
    stage.wait(points=120)
    added = outcome_of(stage.wait_for_address(add=".+"))[0].points[100:]
    pixels = [axes.pixels(place) for place in added]
    spread = [math.dist(place, where) for place in pixels]
    assert len(added) == 20
    assert 3 < max(spread) < 150
    # Where it had come to is where it goes on.
    assert stage.axes() == axes
    found = [stage.centre(stage.handle(k)) for k in (1, 2, 3)]
    assert all(math.dist(here, there) < 1 for here, there in zip(found, means, strict=True))
    page.get_by_role("button", name="Undo").click()
    stage.wait(points=100)
