"""Back and forward: one press leaves a page, and comes back to its picture."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import PATIENCE, Stage
from tests.browser.test_uploading import OLD_FAITHFUL, upload

LONG = 3 * PATIENCE


def test_back_leaves_the_data_page_in_one_press_and_forward_returns(
    another_page: Callable[..., Page], server: str
) -> None:
    # Tall enough for the lists that fold out above the tables; a tab of its own, since a history ends at 50.
    page = another_page(height=1600)
    stage = Stage(open_lab(page, server, "k=4", timeout=LONG))
    stage.step(3)
    stage.wait_for_address(at="3", k="4")
    at_first = page.evaluate("history.length")
    page.get_by_role("link", name="Your data").click()
    page.get_by_text("Drop a table here").wait_for(timeout=LONG)
    upload(page, "geyser.csv", OLD_FAITHFUL)
    expect(page.get_by_text("272 points.")).to_be_visible(timeout=LONG)
    page.get_by_text("Logarithm upwards").click()
    stage.wait_for_address(log_y="on")
    page.get_by_text("Logarithm across").click()
    stage.wait_for_address(log_x="on")
    assert page.evaluate("history.length") == at_first + 1
    page.go_back()
    # The picture that was left, at the half-step where it was left.
    stage.wait(kind="lab", components=4, points=500)
    stage.wait_at(3)
    page.go_forward()
    expect(page.get_by_text("272 points.")).to_be_visible(timeout=LONG)
    address = stage.wait_for_address(file="geyser.csv", log_y="on", log_x="on")
    assert address["data"] == "upload"
    page.get_by_role("link", name="See them in the lab").click()
    stage.wait(kind="lab", points=272)
    page.go_back()
    expect(page.get_by_text("272 points.")).to_be_visible(timeout=LONG)


def test_back_from_the_comparison_shows_the_lab_as_it_was(
    another_page: Callable[..., Page], server: str
) -> None:
    page = another_page()
    stage = Stage(open_lab(page, server, "", timeout=LONG))
    stage.step(2)
    stage.wait_for_address(at="2")
    at_first = page.evaluate("history.length")
    page.get_by_role("link", name="K-Means beside it").click()
    stage.wait(kind="comparison", components=3)
    page.get_by_text("Mouse", exact=True).click()
    stage.wait_for_address(data="mouse")
    slider = page.get_by_role("slider", name="Components K")
    stage.wait_for_change("components", do=lambda: slider.press("ArrowRight"))
    stage.wait_for_address(data="mouse", k="4")
    stage.step(1)
    stage.wait_for_address(at="1")
    assert page.evaluate("history.length") == at_first + 1
    page.go_back()
    stage.wait(kind="lab", components=3)
    stage.wait_at(2)
    stage.wait_for_address(data=None, at="2")
    page.go_forward()
    stage.wait(kind="comparison", components=4)
    stage.wait_at(1)
    stage.wait_for_address(data="mouse", k="4", at="1")
