"""More points than can be drawn one by one: cells of points on the picture, and EM on all of them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import Stage


def test_sixty_thousand_points(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "n=60000&tol=0.001"))
    stage.wait(points=60_000, components=3)
    expect(stage.picture).to_contain_text(re.compile(r"60,000 points .*cells.*EM uses every point"))
    _, run = outcome_of(stage.address)
    assert stage.last == 2 * len(run.states) - 1
    looks = [stage.look()]
    for _ in range(4):
        stage.step()
        looks.append(stage.look())
        state = run.states[int(stage.data("iteration"))]
        assert stage.log_likelihood == pytest.approx(state.log_likelihood, rel=1e-12)
    for index in (1, 3):
        assert looks[index].ellipses == looks[index - 1].ellipses
        assert looks[index].canvases != looks[index - 1].canvases
        assert looks[index + 1].canvases == looks[index].canvases
        assert looks[index + 1].ellipses != looks[index].ellipses
    stage.action("back").click()
    stage.wait_at(3)
    assert stage.look() == looks[3]

    before = stage.axes()
    page.mouse.move(*stage.centre(stage.picture))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.keyboard.up("Control")
    stage.wait_until_still()
    assert stage.axes().x[0] > 1.1 * before.x[0]
    expect(stage.picture).to_contain_text("EM uses every point")
    stage.action("last").click()
    stage.wait_at(stage.last)


def test_twenty_thousand_points_are_drawn_one_by_one(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "n=20000&tol=0.01"))
    stage.wait(points=20_000)
    expect(stage.picture).not_to_contain_text("cells")
    stage.step(3)
