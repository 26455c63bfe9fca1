"""From the last row of a lecture hall: the window is the stage's, with large letters and the few controls."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Watched, open_lab
from tests.browser.stage import ROOT, Stage
from tests.browser.test_comparison import open_comparison

# The size of every text that can be seen on the stage, but for the formulas' indices.
SMALLEST = f"""
() => [...document.querySelectorAll(`{ROOT} *`)]
  .filter((node) => node.checkVisibility({{ visibilityProperty: true }}) && !node.closest("sub, sup, defs"))
  .filter((node) => [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim()))
  .map((node) => [node.textContent.trim(), parseFloat(getComputedStyle(node).fontSize)])
  .reduce((least, one) => (one[1] < least[1] ? one : least))
"""

SCROLLS = f"""
() => {{
  const root = document.querySelector(`{ROOT}`);
  return root.scrollHeight > root.clientHeight || root.scrollWidth > root.clientWidth;
}}
"""


def likelihood(stage: Stage) -> Locator:
    """What shows it: a card in the lab, a line in the comparison."""
    return stage.root.get_by_text(re.compile("^log-likelihood$", re.IGNORECASE)).first


def assert_all_there(stage: Stage) -> None:
    """What a lecturer needs is on the screen at once, and can be read from the last row."""
    page = stage.page
    for name in ("Components K", "Family"):
        expect(stage.select(name)).to_be_in_viewport(ratio=1)
    for name in ("New start", "Leave"):
        expect(stage.button(name)).to_be_in_viewport(ratio=1)
    expect(stage.root.locator(".em-primary")).to_be_in_viewport(ratio=1)
    expect(stage.picture).to_be_in_viewport(ratio=1)
    expect(likelihood(stage)).to_be_in_viewport(ratio=1)
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    assert not page.evaluate(SCROLLS)
    text, size = page.evaluate(SMALLEST)
    assert size >= 18, f"{text!r} has letters of {size} pixels"
    picture = stage.picture.bounding_box()
    assert picture is not None
    assert picture["height"] > 0.3 * page.evaluate("innerHeight")


@pytest.mark.parametrize("size", [(1920, 1080), (1024, 768)], ids=["large", "small"])
def test_a_lecture_on_one_screen(page: Page, server: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    stage = Stage(open_lab(page, server, "present=on"))
    assert_all_there(stage)
    stage.root.locator(".em-primary").click()
    stage.wait_at(1)
    stage.select("Components K").select_option("4")
    stage.wait(components=4)
    stage.select("Family").select_option("tied")
    stage.wait_for_address(k="4", family="tied")
    stage.wait_for_change("log-likelihood", do=stage.button("New start").click)
    stage.wait_for_address(k="4", family="tied", start_seed="2", present="on")
    assert_all_there(stage)

    page.keyboard.press("p")
    stage.wait_for_address(present=None)
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    expect(stage.button("Leave")).to_be_hidden()
    stage.button("Present").click()
    stage.wait_for_address(present="on")
    stage.wait_until_still()
    assert_all_there(stage)


def test_the_comparison_on_one_screen(page: Page, server: str, watched: Watched) -> None:
    page.set_viewport_size({"width": 1024, "height": 768})
    open_comparison(page, server, watched, "present=on")
    assert_all_there(Stage(page))
    expect(page.get_by_role("group", name="The picture of K-Means")).to_be_in_viewport(ratio=1)


def test_both_pictures_fit_on_a_phone(
    another_page: Callable[..., Page], server: str, watched: Watched
) -> None:
    page = another_page(390, 844, has_touch=True, is_mobile=True, device_scale_factor=2)
    stage = open_comparison(page, server, watched).stage
    for index in range(4):
        for name in ("The picture of K-Means", "The picture"):
            expect(page.get_by_role("group", name=name, exact=True)).to_be_in_viewport(ratio=1)
        stage.root.locator(".em-primary").tap()
        stage.wait_at(index + 1)


def test_hidden_controls_are_hidden_here_too(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "present=on&hide=controls"))
    expect(stage.button("Leave")).to_be_visible()
    for control in (stage.select("Components K"), stage.select("Family"), stage.button("New start")):
        expect(control).to_be_hidden()


@pytest.mark.parametrize("size", [(1400, 900), (1920, 1080), (1024, 768), (1366, 768)])
def test_the_likelihood_is_in_sight(page: Page, server: str, size: tuple[int, int]) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    stage = Stage(open_lab(page, server))
    expect(stage.root.get_by_role("region", name="Log-likelihood").locator(".em-curve")).to_be_in_viewport(
        ratio=0.9
    )
    expect(stage.root.locator(".em-primary")).to_be_in_viewport(ratio=1)


def assert_ellipses_lie_within(stage: Stage) -> None:
    """No ellipse of the picture is cut by its frame."""
    cut = stage.picture.evaluate(
        """(picture) => {
          const frame = picture.querySelector(".nsewdrag").getBoundingClientRect();
          return [...picture.querySelectorAll(".shapelayer path")]
            .filter((path) => path.getAttribute("d").endsWith("Z"))
            .map((path) => path.getBoundingClientRect())
            .filter(({ left, right, top, bottom }) =>
              left < frame.left || right > frame.right || top < frame.top || bottom > frame.bottom).length;
        }"""
    )
    assert cut == 0


def test_no_ellipse_is_cut_at_the_start(page: Page, server: str) -> None:
    wide = "k=2&from=0.5,-4,-3,9,0,4_0.5,3,3,4,2,16&level=3"
    stage = Stage(open_lab(page, server, wide))
    assert_ellipses_lie_within(stage)
    page.get_by_role("button", name="Reset").click()
    stage.wait_for_address(**{"from": None})
    for k in (5, 6):
        page.get_by_role("slider", name="Components K").press("ArrowRight")
        stage.wait(components=k - 2)
        stage.wait_until_still()
        assert_ellipses_lie_within(stage)
    stage.wait_for_change("log-likelihood", do=page.get_by_role("button", name="New start").click)
    stage.wait_until_still()
    assert_ellipses_lie_within(stage)


def test_a_huge_or_far_ellipse_leaves_the_points_their_room(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "k=2"))
    usual = stage.axes().x[0]
    for mixture in ("0.5,0,0,1e6,0,1e6_0.5,1,1,1,0,1", "0.5,9000,0,1,0,1_0.5,1,1,1,0,1"):
        stage = Stage(open_lab(page, server, f"k=2&from={mixture}"))
        assert stage.axes().x[0] > usual / 3
