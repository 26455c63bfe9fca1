"""The sidebar and the choices above the picture, at rest and while EM plays."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import PATIENCE, Stage, choose


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def assert_as_python(stage: Stage) -> None:
    """The stage shows the run that Python makes of the address."""
    data, run = outcome_of(stage.address)
    stage.wait(points=len(data.points), components=run.mixture.n_components)
    assert stage.last == 2 * len(run.states) - 1
    state = run.states[int(stage.data("iteration"))]
    assert stage.log_likelihood == pytest.approx(state.log_likelihood, rel=1e-12)
    look = stage.look()
    assert len(look.solid) == len(look.ellipses) - len(look.solid) == run.mixture.n_components
    assert stage.handles().count() == run.mixture.n_components


def test_components_and_family(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(2)
    slider = page.get_by_role("slider", name="Components K")
    slider.focus()
    page.keyboard.press("ArrowLeft")
    stage.wait(components=2)
    stage.wait_at(2)
    stage.wait_for_address(k="2")
    assert_as_python(stage)
    stage.wait_for_change("log-likelihood", do=page.get_by_text("Spherical", exact=True).click)
    stage.wait_for_address(k="2", family="spherical")
    assert_as_python(stage)
    stage.go_to(0)
    boxes = stage.picture.locator(".shapelayer path").evaluate_all(
        "(paths) => paths.map((path) => path.getBBox()).map(({ width, height }) => [width, height])"
    )
    assert len(boxes) == 4
    widths, heights = np.array(boxes).T
    np.testing.assert_allclose(widths, heights, rtol=2e-3, err_msg="on equal axes they are circles")
    slider.press("End")
    stage.wait(components=12)
    stage.wait_for_address(k="12")
    assert_as_python(stage)
    stage.step(2)


def test_a_family_from_all_fourteen(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(3)
    switch = page.get_by_role("switch", name="All families")
    switch.press("Space")
    expect(page.get_by_role("combobox", name="Covariance family")).to_be_visible()
    stage.step()
    assert stage.index == 4, "looking at what else there is does not begin anew"
    stage.wait_for_change("log-likelihood", do=lambda: choose(page, "Covariance family", "VVE: same tilt"))
    stage.wait_at(4)
    stage.wait_for_address(family="VVE", at="4")
    assert_as_python(stage)
    expect(page.get_by_text("orientation equal")).to_be_visible()
    page.reload()
    stage.wait(points=500)
    stage.wait_at(4)
    expect(switch).to_be_checked()
    assert_as_python(stage)
    stage.step(2)
    stage.wait_for_change("log-likelihood", do=page.get_by_text("All families", exact=True).click)
    stage.wait_for_address(family=None)
    expect(page.get_by_text("Spherical", exact=True)).to_be_visible()
    assert_as_python(stage)


def test_quick_keys_on_the_slider_all_count(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    slider = page.get_by_role("slider", name="Components K")
    slider.evaluate(
        """(slider) => {
          window.shown = [];
          const frame = () => { window.shown.push(Number(slider.value)); requestAnimationFrame(frame); };
          frame();
        }"""
    )
    for _ in range(9):
        slider.press("ArrowRight")
    stage.wait_for_address(k=r"\d+")
    assert np.all(np.diff(page.evaluate("window.shown")) >= 0), "the slider jumps back under the finger"
    stage.wait(components=12)
    expect(slider).to_have_value("12")


def test_changing_k_and_family_while_playing(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.select("Speed").select_option(label="4×")
    slider = page.get_by_role("slider", name="Components K")
    changes = (("Tied", "End"), ("Diag", "ArrowLeft"), ("Spherical", "Home"), ("Full", "ArrowRight"))
    stage.action("play").click()
    for family, key in changes:
        page.get_by_text(family, exact=True).click()
        slider.press(key)
    stage.wait(components=2)
    stage.wait_for_address(k="2", family=None)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    # Playing goes on, to the end of the last run.
    stage.wait_at(stage.last)
    expect(stage.action("play")).to_be_visible(timeout=PATIENCE)
    assert_as_python(stage)


def test_new_data_new_start_and_undo(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    first = stage.look()
    stage.step(3)
    stage.wait_for_change("log-likelihood", do=lambda: press(page, "New start"))
    stage.wait_at(3)
    stage.go_to(0)
    stage.wait_for_address(start_seed="2", seed=None)
    other_start = stage.look()
    assert other_start.canvases == first.canvases, "the same points"
    assert other_start.ellipses != first.ellipses
    assert_as_python(stage)

    stage.wait_for_change("log-likelihood", do=lambda: press(page, "New data"))
    stage.wait_for_address(seed="2", start_seed="2")
    assert stage.look().canvases != first.canvases
    assert_as_python(stage)

    stage.wait_for_change("log-likelihood", do=lambda: press(page, "Undo"))
    assert stage.look() == other_start
    stage.wait_for_change("log-likelihood", do=lambda: press(page, "Undo"))
    stage.wait_at(3)
    stage.go_to(0)
    assert stage.look() == first


def test_reset_after_a_dragged_mean(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    first = stage.look()
    start = stage.centre(stage.handle(1))
    stage.wait_for_change("log-likelihood", do=lambda: stage.drag(start, (start[0] + 70, start[1])))
    stage.step(2)
    stage.wait_for_change("log-likelihood", do=lambda: press(page, "Reset"))
    stage.wait_for_address(**{"from": None, "at": None})
    assert stage.look() == first


def test_reset_goes_back_to_the_first_picture(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "at=5"))
    for _ in range(2):
        stage.step(3)
        press(page, "Reset")
        stage.wait_at(0)
        stage.wait_for_address(at=None)


def test_other_data_bring_their_own_settings(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    choose(page, "Data set", "Old Faithful")
    stage.wait(points=272, components=2, iteration=0, phase="start")
    stage.wait_for_address(data="old_faithful", k=None)
    assert_as_python(stage)
    expect(page.get_by_role("button", name="New data", exact=True)).to_be_disabled()
    expect(stage.picture).to_contain_text("Eruption (minutes)")
    choose(page, "Data set", "Mouse")
    stage.wait(points=500, components=3)
    stage.wait_for_address(data="mouse")
    assert_as_python(stage)


def test_colours_background_and_level(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(3)
    looks = {"Blended": stage.look()}
    for name in ("Hard", "Uncertainty", "Component 2", "True labels"):
        stage.select("Colours").select_option(label=name)
        looks[name] = stage.look()
    assert len({look.canvases for look in looks.values()}) == len(looks)
    # The names of the true labels take their place above the picture.
    plain = [look for name, look in looks.items() if name != "True labels"]
    assert {look.ellipses for look in plain} == {looks["Blended"].ellipses}
    dotted = len(looks["True labels"].shapes) - len(looks["Hard"].shapes)
    assert dotted == 6, "where the true labels are, their ellipses are too, at 1 and 2 sigma"

    stage.select("Colours").select_option(label="Blended")
    for name in ("Responsibility field", "Density contours"):
        stage.select("Behind").select_option(label=name)
        looks[name] = stage.look()
    stage.select("Behind").select_option(label="Nothing")
    assert stage.look() == looks["Blended"]
    backgrounds = {looks[name].canvases for name in ("Blended", "Responsibility field", "Density contours")}
    assert len(backgrounds) == 3

    levels = stage.select("Ellipses").locator("option").all_text_contents()
    assert [share for share in (39.3, 86.5, 95.0, 98.9) if f"{share}" not in "".join(levels)] == []
    dashed = set()
    for level in range(len(levels)):
        stage.select("Ellipses").select_option(index=level)
        look = stage.look()
        assert look.solid == looks["Blended"].solid
        dashed.add(frozenset(set(look.ellipses) - set(look.solid)))
    assert len(dashed) == len(levels)

    trails = stage.button("Trails of the means")
    with_trails = len(stage.look().shapes)
    trails.click()
    assert len(stage.look().shapes) == with_trails - 3
    expect(trails).to_have_attribute("aria-pressed", "false")


def test_two_tabs_of_one_person_do_not_disturb_each_other(page: Page, server: str) -> None:
    one = Stage(open_lab(page, server))
    other = Stage(open_lab(page.context.new_page(), server, "data=old_faithful"))
    one.step(3)
    other.step(2)
    seen = one.look()
    other.page.get_by_role("slider", name="Components K").press("ArrowRight")
    other.wait(components=3, points=272)
    other.wait_at(2)
    assert one.look() == seen
    one.wait_for_change("log-likelihood", do=lambda: press(one.page, "New start"))
    one.wait(components=3, points=500)
    other.step(2)
    other.wait(components=3, points=272)
    assert_as_python(other)
    other.page.close()
