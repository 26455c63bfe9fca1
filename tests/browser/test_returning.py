"""A server that starts anew under an open page, and a line that breaks: the page goes on from its address."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Watched, free_port, open_lab, serving
from tests.browser.stage import PATIENCE, Stage, eventually
from tests.browser.test_uploading import OLD_FAITHFUL, upload

# Streamlit knocks at longer and longer intervals.
LONG = 3 * PATIENCE


class Restarted:
    """A server that can be ended and started again at the same address."""

    def __init__(self, log: Path) -> None:
        self.port, self.log = free_port(), log
        self.running: AbstractContextManager[str] | None = None
        self.url = self.start()

    def start(self) -> str:
        self.running = serving(self.port, self.log)
        return self.running.__enter__()

    def stop(self) -> None:
        if self.running is not None:
            running, self.running = self.running, None
            running.__exit__(None, None, None)


@pytest.fixture(scope="module")
def restarted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    server = Restarted(tmp_path_factory.mktemp("restarted") / "log.txt")
    yield server
    server.stop()


@pytest.fixture
def restart(restarted: Restarted, watched: Watched) -> Iterator[Callable[[], None]]:
    """Ends the server and starts it again; what browsers say of a silent address is expected."""

    def again() -> None:
        restarted.stop()
        restarted.start()

    yield again
    silence = "ERR_CONNECTION|WebSocket|server endpoint|server is not responding"
    silence += "|Unable to preload|Failed to fetch dynamically imported module"
    unanswered = re.compile(silence)
    watched.console_errors[:] = [text for text in watched.console_errors if not unanswered.search(text)]


def told(page: Page) -> Any:
    return page.get_by_test_id("stAlert")


def test_the_lab_goes_on_and_says_so_and_the_first_action_is_done(
    another_page: Callable[..., Page], restarted: Restarted, restart: Callable[[], None]
) -> None:
    page = another_page()
    stage = Stage(open_lab(page, restarted.url, "k=4"))
    stage.button("Add points").click()
    x, y = stage.centre(stage.picture)
    for n in range(2):
        page.mouse.click(x + 20 * n, y + 60)
        stage.wait(points=501 + n)
    stage.button("Look").click()
    stage.step(3)
    stage.select("Colours").select_option(label="Hard")
    page.get_by_text("The mathematics").click()
    page.get_by_text("Why it climbs.").wait_for()
    page.mouse.move(0, 0)
    address = stage.wait_for_address(at="3", colour="hard", k="4", add=".+")
    entries = page.evaluate("history.length")
    seen = stage.look()

    restart()
    # At once, without a click; nothing that the address holds has changed.
    expect(told(page)).to_contain_text("line to the server was lost", timeout=LONG)
    stage.wait(points=502, components=4)

    def is_as_before() -> None:
        assert stage.look() == seen

    eventually(page, is_as_before)
    # What is open stays open, though no address holds it.
    expect(page.get_by_text("Why it climbs.")).to_be_visible()
    stage.wait_for_change("log-likelihood", do=page.get_by_role("button", name="New start").click)
    stage.wait(points=502, components=4)
    stage.wait_for_address(start_seed="2", add=re.escape(address["add"]), colour="hard", returned=None)
    assert page.evaluate("history.length") == entries
    expect(told(page)).to_have_count(0)


def test_a_press_as_soon_as_the_line_is_back_is_not_swallowed(
    another_page: Callable[..., Page], restarted: Restarted, restart: Callable[[], None]
) -> None:
    page = another_page()
    stage = Stage(open_lab(page, restarted.url, "data=moons&k=4"))
    slider = page.get_by_role("slider", name="Components K")
    stage.wait_for_change("components", do=lambda: slider.press("ArrowRight"))
    stage.wait_for_address(k="5")
    restart()
    # The button can be pressed from the moment that its press is understood.
    page.get_by_role("button", name="New data").click(timeout=LONG)
    stage.wait_for_address(seed="2", k="5", data="moons")
    stage.wait(components=5)


def test_the_comparison_and_a_hand_on_its_picture_go_on(
    another_page: Callable[..., Page], restarted: Restarted, restart: Callable[[], None]
) -> None:
    page = another_page()
    stage = Stage(open_lab(page, restarted.url, "k=2", timeout=LONG))
    page.get_by_role("link", name="K-Means beside it").click()
    stage.wait(kind="comparison", components=2)
    page.get_by_text("Mouse", exact=True).click()
    stage.wait_for_address(data="mouse")
    stage.step(2)
    stage.wait_for_address(at="2")
    restart()
    expect(told(page)).to_contain_text("line to the server was lost", timeout=LONG)
    stage.wait(iteration=1, phase="M")
    stage.wait_for_address(data="mouse", at="2")
    stage.button("Add points").click()
    points = int(stage.data("points"))
    # The tools stand below the pictures.
    stage.handle(1).first.scroll_into_view_if_needed()
    x, y = stage.centre(stage.handle(1).first)
    page.mouse.click(x + 40, y + 40)
    stage.wait(points=points + 1)


@pytest.mark.parametrize("at", ["lab", "data"])
def test_a_file_that_is_gone_is_asked_for_by_name(
    another_page: Callable[..., Page], restarted: Restarted, restart: Callable[[], None], at: str
) -> None:
    page = another_page()
    stage = Stage(page)
    open_lab(page, restarted.url)
    if at == "data":
        page.get_by_role("link", name="Your data").click()
        page.get_by_text("Drop a table here").wait_for()
    upload(page, "geyser.csv", OLD_FAITHFUL)
    expect(page.get_by_test_id("stFileChipName")).to_be_visible(timeout=PATIENCE)
    stage.wait_for_address(data="upload", file="geyser.csv")
    restart()
    expect(told(page).filter(has_text="no longer has “geyser.csv”")).to_be_visible(timeout=LONG)
    expect(page.get_by_test_id("stFileChipName")).to_have_count(0)
    upload(page, "geyser.csv", OLD_FAITHFUL)
    if at == "lab":
        stage.wait(points=272)
    else:
        expect(page.get_by_text("272 points.")).to_be_visible(timeout=PATIENCE)
    expect(told(page).filter(has_text="no longer has")).to_have_count(0)


def test_a_line_that_breaks_for_a_moment_loses_nothing(
    unused_page: Callable[..., Page], server: str, watched: Watched
) -> None:
    page = unused_page()
    lines: list[WebSocketRoute] = []

    def pass_on(line: WebSocketRoute) -> None:
        line.connect_to_server()
        lines.append(line)

    page.route_web_socket(re.compile("_stcore/stream"), pass_on)
    stage = Stage(open_lab(page, server, "k=4"))
    stage.step(2)
    stage.wait_for_change("log-likelihood", do=page.get_by_role("button", name="New start").click)
    lines[-1].close()
    page.get_by_role("button", name="New start").click(timeout=LONG)
    stage.wait_for_address(start_seed="3", k="4", returned=None)
    # The server still knows everything, the history of what was done included.
    expect(told(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    stage.wait_for_address(start_seed="2")
    watched.console_errors[:] = [text for text in watched.console_errors if "WebSocket" not in text]
