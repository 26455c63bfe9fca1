"""The stage's keys work wherever the focus is; what uses a key itself keeps it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import Stage

# Each leaves the focus on something of Streamlit's that would take a key.
CLICKED = {
    "New start": lambda page: page.get_by_role("button", name="New start").click(),
    "a family": lambda page: page.get_by_role("radio", name="Diag").click(),
    "a switch": lambda page: page.get_by_text("All families", exact=True).click(),
    "a fold": lambda page: page.get_by_text("Points and their shape").click(),
    "a case": lambda page: page.get_by_role("radio", name="Mouse").click(),
}


@pytest.mark.parametrize("name", CLICKED)
def test_after_a_click_anywhere_the_keys_step_and_play(page: Page, server: str, name: str) -> None:
    stage = Stage(open_lab(page, server))
    if name == "a case":
        page.get_by_role("link", name="K-Means beside it").click()
        page.wait_for_selector("[data-kind='comparison'][data-points]")
        stage.wait_until_still()
    if name in ("New start", "a case"):
        stage.wait_for_change("log-likelihood", do=lambda: CLICKED[name](page))
    else:
        CLICKED[name](page)
    stage.wait_until_still()
    begun = stage.data("log-likelihood")
    page.keyboard.press("ArrowRight")
    stage.wait(iteration=0, phase="E")
    assert stage.data("log-likelihood") == begun, "the key stepped, and pressed nothing again"
    page.keyboard.press("ArrowLeft")
    stage.wait(iteration=0, phase="start")
    page.keyboard.press("Space")
    expect(stage.root).to_have_class(re.compile("em-playing"))
    page.keyboard.press("Space")
    page.keyboard.press("End")
    stage.wait_at(stage.last)


def test_what_was_reached_with_tab_keeps_its_own_keys(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    start = page.get_by_role("button", name="New start")
    start.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(start).to_be_focused()
    stage.wait_for_change("log-likelihood", do=lambda: page.keyboard.press("Space"))
    stage.wait(iteration=0, phase="start")
    page.keyboard.press("ArrowRight")
    stage.wait(iteration=0, phase="E")


def test_fields_and_sliders_keep_what_they_use(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    slider = page.get_by_role("slider", name="Components K")
    slider.focus()
    page.keyboard.press("ArrowRight")
    stage.wait(components=4, iteration=0, phase="start")
    page.get_by_text("Points and their shape").click()
    field = page.get_by_role("spinbutton", name="Seed of the data")
    field.click()
    for key in ("Home", "3", "Space", "ArrowLeft", "f"):
        page.keyboard.press(key)
    assert (stage.data("iteration"), stage.data("phase")) == ("0", "start")
    assert page.evaluate("document.fullscreenElement === null")
    expect(stage.select("Speed")).to_have_value("1")


def test_a_bubble_of_help_catches_no_pointer(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    page.get_by_role("button", name="Reset").hover()
    bubble = page.get_by_role("tooltip")
    expect(bubble).to_be_visible()
    box = bubble.bounding_box()
    assert box is not None
    under = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('[role=tooltip]') === null",
        [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2],
    )
    assert under
    page.get_by_role("button", name="Reset").click()
    start = page.get_by_role("button", name="New start").bounding_box()
    assert start is not None
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] - 5)
    stage.wait_for_change("log-likelihood", do=lambda: (page.mouse.down(), page.mouse.up()))
