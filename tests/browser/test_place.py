"""Where people stand stays where it is while they change the run, and is found again by undoing."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import Stage, choose


def one_more(page: Page) -> None:
    page.get_by_role("slider", name="Components K").focus()
    page.keyboard.press("ArrowRight")


CHANGES = {
    "New start": lambda page: page.get_by_role("button", name="New start").click(),
    "New data": lambda page: page.get_by_role("button", name="New data").click(),
    "a family": lambda page: page.get_by_role("radio", name="Tied").click(),
    "K": lambda page: (
        page.get_by_role("slider", name="Components K").focus(),
        page.keyboard.press("ArrowRight"),
    ),
    "a start": lambda page: choose(page, "Start from", "Random points"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_keeps_the_half_step_and_the_end(page: Page, server: str, name: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.go_to(5)
    stage.wait_for_change("log-likelihood", do=lambda: CHANGES[name](page))
    stage.wait_at(5)
    stage.go_to(stage.last)
    undo = page.get_by_role("button", name="Undo")
    stage.wait_for_change("log-likelihood", do=undo.click)
    # Undoing goes back to where the change was made.
    stage.wait_at(5)
    stage.go_to(stage.last)
    stage.wait_for_change("log-likelihood", do=lambda: CHANGES[name](page))
    stage.wait_at(stage.last)
    page.get_by_role("button", name="Reset").click()
    stage.wait_at(0)


def test_playing_goes_on_through_a_change(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.go_to(3)
    page.keyboard.press("2")
    page.keyboard.press("Space")
    expect(stage.button("Pause")).to_be_visible()
    stage.wait_for_change("states", do=lambda: page.get_by_role("radio", name="Diag").click())
    before = stage.index
    assert before >= 3
    page.wait_for_function(
        "([root, at]) => 2 * root.dataset.iteration > at + 2", arg=[stage.root.element_handle(), before]
    )
    expect(stage.button("Pause")).to_be_visible()


def test_a_point_added_or_removed_at_the_start_leaves_the_components(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    table = stage.root.get_by_role("table", name="Components")
    components = table.inner_text()
    stage.button("Add points").click()
    box = stage.picture.bounding_box()
    assert box is not None
    corner = (box["x"] + box["width"] - 40, box["y"] + 40)
    stage.wait_for_change("points", do=lambda: page.mouse.click(*corner))
    assert table.inner_text() == components
    reset = page.get_by_role("button", name="Reset")
    stage.step(3)
    reset.click()
    stage.wait_at(0)
    assert table.inner_text() == components, "the same start again"
    stage.button("Remove points").click()
    stage.wait_for_change("points", do=lambda: page.mouse.click(*corner))
    assert table.inner_text() == components
    stage.wait_for_change("log-likelihood", do=lambda: page.get_by_role("button", name="New start").click())
    assert table.inner_text() != components
