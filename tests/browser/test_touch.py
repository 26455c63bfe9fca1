"""One finger and a plain wheel scroll the page, two fingers zoom and move the picture."""

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import ROOT, Stage, eventually

PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}

# Everything that a finger may hit, with its width and height; what lies within a label is hit with it.
TARGETS = """
(root) => [...document.querySelectorAll(`${root} :is(button, summary, select, input, a, label:has(input))`)]
  .filter((node) => node.checkVisibility() && !node.matches("label input"))
  .map((node) => {
    const group = node.type === "range" ? node.closest("[role=group][class]") : null;
    const { width, height } = (group ?? node).getBoundingClientRect();
    return [node.getAttribute("aria-label") ?? node.textContent, width, height];
  })
"""

SCROLLED = "document.querySelector('[data-testid=stMain]').scrollTop"

Place = tuple[float, float]


class Fingers:
    """Real touches, as the browser gets them from a screen."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session: CDPSession = page.context.new_cdp_session(page)

    def move(self, *paths: tuple[Place, Place], steps: int = 12) -> None:
        """Every finger goes down at the start of its path, moves to its end, and is lifted."""
        places: list[dict[str, float]] = []
        for step in range(steps + 1):
            share = step / steps
            places = [
                {
                    "x": start[0] + share * (end[0] - start[0]),
                    "y": start[1] + share * (end[1] - start[1]),
                    "id": i,
                }
                for i, (start, end) in enumerate(paths)
            ]
            self._send("touchMove" if step else "touchStart", places)
            self.page.evaluate("new Promise(requestAnimationFrame)")
        if len(paths) == 1:  # a finger that rests before it is lifted does not throw the page
            self.page.wait_for_timeout(100)
            self._send("touchMove", places)
        self._send("touchEnd", [])

    def _send(self, kind: str, places: list[dict[str, float]]) -> None:
        self.session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


@pytest.fixture
def phone(another_page: Callable[..., Page], server: str) -> Stage:
    """The lab on a phone."""
    return Stage(open_lab(another_page(390, 844, **PHONE), server))


def free_place(stage: Stage) -> Place:
    """On the picture, beside the means."""
    box = stage.picture.bounding_box()
    assert box is not None
    return box["x"] + 0.75 * box["width"], box["y"] + 0.8 * box["height"]


def shift(place: Place, right: float, down: float) -> Place:
    return place[0] + right, place[1] + down


def on_picture(stage: Stage) -> tuple[float, ...]:
    """Scales and offsets of the axes, from the picture's own corner: the page above it may still settle."""
    axes, box = stage.axes(), stage.picture.bounding_box()
    assert box is not None
    return axes.x[0], axes.x[1] - box["x"], axes.y[0], axes.y[1] - box["y"]


def assert_scrolls(stage: Stage, fingers: Fingers) -> None:
    """One finger on the picture scrolls the page, and leaves the picture's axes where they are on it."""
    place, before = free_place(stage), on_picture(stage)
    fingers.move((place, shift(place, 0, -120)))
    eventually(stage.page, lambda: _assert_above(stage.page.evaluate(SCROLLED), 60))
    stage.page.evaluate(SCROLLED + " = 0")
    stage.wait_until_still()
    assert on_picture(stage) == pytest.approx(before, abs=0.5)


def _assert_above(value: float, least: float) -> None:
    assert value > least


def test_one_finger_scrolls_two_zoom_and_pan(phone: Stage) -> None:
    fingers = Fingers(phone.page)
    assert_scrolls(phone, fingers)

    before = phone.axes()
    middle = phone.centre(phone.picture)
    grasped = before.data(middle)
    fingers.move(
        (shift(middle, -30, -30), shift(middle, -60 + 40, -60 + 20)),
        (shift(middle, 30, 30), shift(middle, 60 + 40, 60 + 20)),
    )
    phone.wait_until_still()
    zoomed = phone.axes()
    assert zoomed.x[0] == pytest.approx(2 * before.x[0], rel=0.05)
    assert zoomed.y[0] == pytest.approx(2 * before.y[0], rel=0.05)
    there = zoomed.pixels(grasped)
    assert there == pytest.approx(shift(middle, 40, 20), abs=6), "what lay between the fingers stays there"
    assert phone.page.evaluate(SCROLLED) == 0

    # Zoomed in, the page is no less to be reached.
    assert_scrolls(phone, fingers)
    expect(phone.picture).to_contain_text("Two fingers zoom")


def test_one_finger_drags_a_mean(phone: Stage) -> None:
    start = phone.centre(phone.handle(3))
    end = shift(start, -40, -90)
    phone.wait_for_change("log-likelihood", do=lambda: Fingers(phone.page).move((start, end)))
    assert phone.page.evaluate(SCROLLED) == 0
    place = phone.centre(phone.handle(3))
    assert place == pytest.approx(end, abs=3)


def test_one_finger_draws_when_asked_to(phone: Stage) -> None:
    phone.button("Add points").tap()
    phone.picture.scroll_into_view_if_needed()
    phone.wait_until_still()
    scrolled, place, fingers = phone.page.evaluate(SCROLLED), free_place(phone), Fingers(phone.page)
    axes = phone.axes()
    phone.wait_for_change("points", do=lambda: fingers.move((place, shift(place, -60, -60))))
    assert int(phone.data("points")) > 503
    assert phone.page.evaluate(SCROLLED) == scrolled
    phone.wait_until_still()
    drawn = phone.data("points")

    fingers.move((place, shift(place, 40, 20)), (shift(place, -60, -60), shift(place, -140, -120)))
    phone.wait_until_still()
    assert phone.axes().x[0] > 1.3 * axes.x[0], "two fingers zoom all the same"
    assert phone.data("points") == drawn, "and leave no points behind"


def test_everything_is_large_enough_for_a_finger(phone: Stage) -> None:
    page = phone.page
    phone.button("Add points").tap()
    small = [target for target in page.evaluate(TARGETS, "[data-testid=stMain]") if min(target[1:]) < 43.9]
    assert small == []
    page.get_by_test_id("stExpandSidebarButton").tap()
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    sidebar.get_by_text("Points and their shape").tap()
    sidebar.get_by_text("Fine print").tap()
    expect(sidebar.get_by_label("Seed of the start")).to_be_visible()
    small = [target for target in page.evaluate(TARGETS, "[data-testid=stSidebar]") if min(target[1:]) < 43.9]
    assert small == []


def test_the_sidebar_closes_on_a_phone(phone: Stage) -> None:
    page = phone.page
    sidebar, opener = page.get_by_test_id("stSidebar"), page.get_by_test_id("stExpandSidebarButton")
    expect(opener).to_be_visible()
    opener.tap()
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    page.reload()
    page.wait_for_selector(f"{ROOT}[data-points]")
    phone.wait_until_still()
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    for name in ("K-Means beside it", "Your data", "Lab"):
        opener.tap()
        sidebar.get_by_role("link", name=name).tap()
        expect(sidebar).to_have_attribute("data-collapsed", "true")
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
        expect(sidebar).to_have_attribute("data-collapsed", "true")


def test_a_desktop_keeps_its_sidebar(another_page: Callable[..., Page], server: str) -> None:
    page = another_page()
    stage = Stage(open_lab(page, server))
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    sidebar.hover()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    # What is done in a narrow window is no choice for a wide one.
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    page.set_viewport_size({"width": 1400, "height": 900})
    page.reload()
    page.wait_for_selector(f"{ROOT}[data-points]")
    stage.wait_until_still()
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    page.get_by_test_id("stExpandSidebarButton").click()
    expect(sidebar).to_have_attribute("data-collapsed", "false")
    page.reload()
    page.wait_for_selector(f"{ROOT}[data-points]")
    expect(sidebar).to_have_attribute("data-collapsed", "false")


def test_the_wheel_scrolls_the_page(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    before = stage.axes()
    page.mouse.move(*free_place(stage))
    page.mouse.wheel(0, 80)
    eventually(page, lambda: _assert_above(page.evaluate(SCROLLED), 20))
    expect(stage.picture).to_contain_text("To zoom with the wheel")
    page.evaluate(SCROLLED + " = 0")
    stage.wait_until_still()
    assert stage.axes() == before

    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    stage.wait_until_still()
    zoomed = stage.axes()
    assert zoomed.x[0] > 1.1 * before.x[0]

    page.mouse.click(*free_place(stage))
    page.mouse.wheel(0, 100)
    stage.wait_until_still()
    again = stage.axes()
    assert again.x[0] < zoomed.x[0] / 1.1
    assert page.evaluate(SCROLLED) == 0
    # Left and come back to, the picture is no longer what the wheel is for.
    page.mouse.move(5, 5)
    page.mouse.move(*free_place(stage))
    page.mouse.wheel(0, 80)
    eventually(page, lambda: _assert_above(page.evaluate(SCROLLED), 20))
    page.evaluate(SCROLLED + " = 0")
    stage.wait_until_still()
    assert stage.axes() == again
