"""A chart whose marks are fits, on a small page of its own, fit_chart_page.py."""

import re
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import free_port, serving
from tests.browser.stage import PATIENCE, eventually
from tests.browser.test_everybody import faults
from tests.browser.test_saving import SVG, texts_of
from tests.browser.test_touch import PHONE, SCROLLED, Fingers

LINES, CELLS, RESTARTS, PLAIN = range(4)

# Of the card, the mark's ring and the window: left, top, right, bottom.
BOXES = """
(root) => {
  const box = (node) => {
    const { left, top, right, bottom } = node.getBoundingClientRect();
    return [left, top, right, bottom];
  };
  const find = (name) => root.querySelector(name);
  return [box(find(".em-fit-card")), box(find(".em-chart-ring")), [0, 0, innerWidth, innerHeight]];
}
"""

# The relative luminance of a CSS colour rgb(...).
LUMINANCE = """
(node) => {
  const [r, g, b] = getComputedStyle(node).fill.match(/[\\d.]+/g).map(Number);
  return (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
}
"""


@pytest.fixture(scope="module")
def charts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the small page."""
    log = tmp_path_factory.mktemp("charts") / "log.txt"
    with serving(free_port(), log, "tests/browser/fit_chart_page.py") as url:
        yield url


def open_charts(page: Page, url: str) -> Page:
    page.goto(url)
    # In their order, each with its axes.
    expect(page.locator("[data-testid='fit-chart'] .nsewdrag")).to_have_count(4, timeout=60_000)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return page


def chart(page: Page, number: int) -> Locator:
    return page.get_by_test_id("fit-chart").nth(number)


def card(page: Page) -> Locator:
    """What is shown of a fit, anywhere."""
    return page.locator(".em-fit-card:popover-open")


def centre(locator: Locator, across: float = 0.5, down: float = 0.5) -> tuple[float, float]:
    locator.scroll_into_view_if_needed()
    box = locator.bounding_box()
    assert box is not None
    return box["x"] + across * box["width"], box["y"] + down * box["height"]


def mark(page: Page, trace: int, number: int) -> tuple[float, float]:
    """Where a point of the lines is, traces and points counted from 0."""
    return centre(chart(page, LINES).locator(".scatterlayer .trace").nth(trace).locator(".point").nth(number))


def cell(page: Page, row: int, column: int) -> tuple[float, float]:
    """The middle of a cell of the heat map, rows counted from below."""
    return centre(chart(page, CELLS).locator(".nsewdrag"), (column + 0.5) / 6, (2.5 - row) / 3)


def answers(page: Page, text: str) -> None:
    expect(page.get_by_test_id("answer")).to_have_text(text, timeout=PATIENCE)


def assert_beside(page: Page, number: int) -> None:
    """The card lies in the window, and not upon its mark."""
    shown, ring, window = chart(page, number).evaluate(BOXES)
    assert shown[0] >= window[0]
    assert shown[1] >= window[1]
    assert shown[2] <= window[2]
    assert shown[3] <= window[3]
    assert shown[0] >= ring[2] or shown[2] <= ring[0] or shown[1] >= ring[3] or shown[3] <= ring[1]


def test_under_the_pointer_is_what_the_fit_looks_like(page: Page, charts: str) -> None:
    open_charts(page, charts)
    for trace, number, title in ((0, 0, "full, K = 1"), (1, 3, "tied, K = 4"), (2, 5, "diag, K = 6")):
        page.mouse.move(*mark(page, trace, number))
        expect(card(page).locator("strong")).to_have_text(title)
        expect(card(page).locator("li").last).to_have_text("1.5 above the best")
        # A rim and a line for each component.
        k = number + 1
        expect(card(page).locator('svg path[fill="none"][stroke-width="1.8"]')).to_have_count(k)
        expect(card(page).get_by_role("button")).to_be_hidden()
        assert_beside(page, LINES)
        # Plotly's own words would say it twice.
        expect(chart(page, LINES).locator(".hoverlayer")).to_be_hidden()
    page.mouse.move(5, 5)
    expect(card(page)).to_have_count(0)
    page.mouse.move(*centre(chart(page, RESTARTS).locator(".point").nth(2)))
    expect(card(page).locator("strong")).to_have_text("full, K = 3")
    # On a line: three areas with their edges, the axis, the sum, and a rug in three colours and the noise's.
    expect(card(page).locator("svg path")).to_have_count(3 * 2 + 2 + 4)
    assert_beside(page, RESTARTS)


def test_a_click_picks_and_the_picture_stays(page: Page, charts: str) -> None:
    open_charts(page, charts)
    place = mark(page, 1, 2)
    page.mouse.move(*place)
    expect(card(page).locator("strong")).to_have_text("tied, K = 3")
    page.mouse.click(*place)
    answers(page, "lines: tied 3")
    expect(card(page).locator("strong")).to_have_text("tied, K = 3")
    page.mouse.click(*mark(page, 1, 3))
    answers(page, "lines: tied 4")
    # Pressed there and let go elsewhere it is no click, nor is the other button's.
    page.mouse.move(*mark(page, 0, 0))
    page.mouse.down()
    page.mouse.move(*mark(page, 0, 1), steps=3)
    page.mouse.up()
    page.mouse.click(*mark(page, 0, 0), button="right")
    page.mouse.click(*mark(page, 2, 0))
    answers(page, "lines: diag 1")
    expect(page.get_by_test_id("picks")).to_have_text("3")
    page.mouse.move(5, 5)
    expect(card(page)).to_have_count(0)


def test_cells_of_a_heat_map_are_marks_too(page: Page, charts: str) -> None:
    open_charts(page, charts)
    for row, column, title in ((0, 0, "full, K = 1"), (1, 5, "tied, K = 6")):
        page.mouse.move(*cell(page, row, column))
        expect(card(page).locator("strong")).to_have_text(title)
        assert_beside(page, CELLS)
        _, ring, _ = chart(page, CELLS).evaluate(BOXES)
        x, y = cell(page, row, column)
        assert ((ring[0] + ring[2]) / 2, (ring[1] + ring[3]) / 2) == pytest.approx((x, y), abs=2)
    # A cell without a fit has Plotly's own words.
    page.mouse.move(*cell(page, 2, 5))
    expect(card(page)).to_have_count(0)
    expect(chart(page, CELLS).locator(".hoverlayer")).to_have_text("no fit here")
    page.mouse.click(*cell(page, 0, 3))
    answers(page, "cells: full 4")


def test_keys_go_from_fit_to_fit(page: Page, charts: str) -> None:
    open_charts(page, charts)
    area = page.get_by_role("application", name=re.compile("^BIC over K"))
    area.focus()
    said = chart(page, LINES).locator("[aria-live]")
    for key, title in (
        ("ArrowRight", "full, K = 1"),
        ("ArrowRight", "full, K = 2"),
        ("ArrowDown", "tied, K = 2"),
        ("ArrowDown", "diag, K = 2"),
        ("ArrowDown", "diag, K = 2"),
        ("ArrowLeft", "diag, K = 1"),
        ("ArrowUp", "tied, K = 1"),
    ):
        page.keyboard.press(key)
        expect(card(page).locator("strong")).to_have_text(title)
        expect(said).to_have_text(re.compile(rf"^{title}\. BIC [\d.]+\. 1\.5 above the best$"))
        assert_beside(page, LINES)
    page.keyboard.press("Enter")
    answers(page, "lines: tied 1")
    expect(area).to_be_focused()
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    page.keyboard.press("ArrowRight")
    expect(card(page).locator("strong")).to_have_text("tied, K = 2")
    page.keyboard.press("Tab")
    expect(card(page)).to_have_count(0)


def test_a_finger_looks_first(another_page: Callable[..., Page], charts: str) -> None:
    page = open_charts(another_page(390, 844, **PHONE), charts)
    page.touchscreen.tap(*mark(page, 0, 3))
    expect(card(page).locator("strong")).to_have_text("full, K = 4")
    assert_beside(page, LINES)
    answers(page, "nothing yet")
    page.touchscreen.tap(*centre(page.get_by_role("heading", name="Charts of fits")))
    expect(card(page)).to_have_count(0)
    page.touchscreen.tap(*cell(page, 1, 3))
    expect(card(page).locator("strong")).to_have_text("tied, K = 4")
    assert_beside(page, CELLS)
    card(page).get_by_role("button", name="Open").tap()
    answers(page, "cells: tied 4")
    expect(card(page)).to_have_count(0)


def test_a_finger_scrolls_the_page(another_page: Callable[..., Page], charts: str) -> None:
    page = open_charts(another_page(390, 844, **PHONE), charts)
    x, y = centre(chart(page, CELLS).locator(".nsewdrag"))
    before = page.evaluate(SCROLLED)
    Fingers(page).move(((x, y), (x, y - 150)))

    def scrolled() -> None:
        assert page.evaluate(SCROLLED) > before + 60

    eventually(page, scrolled)
    expect(card(page)).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(page: Page, charts: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    open_charts(page, charts)
    for text in (".xtick text", ".xtitle"):
        luminance = chart(page, LINES).locator(text).first.evaluate(LUMINANCE)
        assert luminance > 0.75 if scheme == "dark" else luminance < 0.25
    page.mouse.move(*mark(page, 0, 3))
    expect(card(page)).to_be_visible()
    assert faults(page) == []
    expect(chart(page, PLAIN).get_by_role("img", name="A chart without fits")).to_be_visible()


def test_files_are_for_paper(page: Page, charts: str) -> None:
    page.emulate_media(color_scheme="dark")
    open_charts(page, charts)
    contents = {}
    for kind in ("PNG", "SVG"):
        with page.expect_download(timeout=PATIENCE) as waiting:
            chart(page, LINES).get_by_role("button", name=f"Save as {kind}").click()
        assert waiting.value.suggested_filename == f"bic-over-k.{kind.lower()}"
        contents[kind] = Path(waiting.value.path()).read_bytes()
    assert contents["PNG"].startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", contents["PNG"][16:24])
    assert height == 3 * 340
    assert width > 3 * 600
    tree = ElementTree.fromstring(contents["SVG"])
    assert tree.tag == f"{SVG}svg"
    assert {"1", "6", "components K", "BIC, lower is better"} <= set(texts_of(tree))
    (paper, *_) = [node for node in tree.iter(f"{SVG}rect") if node.get("width") == tree.get("width")]
    assert "fill: rgb(255, 255, 255)" in paper.get("style", "")
    assert "rgb(230, 236, 242)" not in contents["SVG"].decode(), "and none of the dark page's letters"


def test_it_follows_the_width_of_the_page(page: Page, charts: str) -> None:
    open_charts(page, charts)
    page.set_viewport_size({"width": 600, "height": 900})

    def narrow() -> None:
        box = chart(page, LINES).locator(".main-svg").first.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 600

    eventually(page, narrow)
    page.mouse.move(*mark(page, 2, 1))
    expect(card(page).locator("strong")).to_have_text("diag, K = 2")
    assert_beside(page, LINES)
