"""A running GMM Lab, a real Chromium, and pages that are watched for errors and for requests that leave."""

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, WebSocket, sync_playwright

from tests.browser.chromium import NO_BROWSER, find_chromium, must_have_browser
from tests.browser.stage import Stage

ROOT = Path(__file__).resolve().parents[2]

STAGE = '[data-testid="em-stage"][data-points]'

# No sandbox, because containers run as root; the rest keeps Chromium from doing errands of its own,
# and a page that asks for another machine from reaching it.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)

LOCAL_HOSTS = {"127.0.0.1", "localhost"}

VIEWPORT: ViewportSize = {"width": 1400, "height": 900}

# Streamlit's grey bars pulse until what they stand for arrives, and its spinner turns. Without a graphics
# card the processor draws every such frame, and the page waits for that processor: half of what opening the
# comparison took.
STILL_PLACEHOLDERS = """
{
  const sheet = new CSSStyleSheet();
  const placeholders = "[data-testid=stSkeleton], [data-testid=stSpinner] *";
  sheet.replaceSync(`:is(${placeholders}) { animation: none !important }`);
  document.adoptedStyleSheets.push(sheet);
}
"""


# Chromium keeps the addresses of the first 250 files of a page alone, and the lab has about as many.
REMEMBER_ALL_FILES = "performance.setResourceTimingBufferSize(2000)"

# What a page has stored of the person before would change what the next one sees.
FORGET = "if (location.protocol !== 'about:') { localStorage.clear(); sessionStorage.clear(); }"


@dataclass
class Watched:
    """What went wrong on a test's pages; a test that expects an error takes it out of its list."""

    console_errors: list[str] = field(default_factory=list)
    page_errors: list[str] = field(default_factory=list)
    foreign_requests: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> Callable[[], None]:
        """Listen to every page, worker and socket of this context, until the answer is called."""

        def on_address(address: str) -> None:
            host = urlsplit(address).hostname
            if host is not None and host not in LOCAL_HOSTS:
                self.foreign_requests.append(address)

        def on_console(message: Any) -> None:
            place = message.location.get("url", "")
            # Streamlit looks for its own addresses below the page's before it finds them at the root.
            if message.type == "error" and not re.search("/[a-z]+/_stcore/", urlsplit(place).path):
                self.console_errors.append(f"{message.text} ({place})")

        def on_socket(socket: WebSocket) -> None:
            on_address(socket.url)

        def on_page(page: Page) -> None:
            page.on("websocket", on_socket)

        listeners: dict[str, Callable[[Any], None]] = {
            "console": on_console,
            "weberror": lambda error: self.page_errors.append(str(error.error)),
            "request": lambda request: on_address(request.url),
            "page": on_page,
        }
        for event, listener in listeners.items():
            context.on(event, listener)  # type: ignore[call-overload]
        for page in context.pages:
            on_page(page)

        def stop() -> None:
            for event, listener in listeners.items():
                context.remove_listener(event, listener)
            for page in context.pages:
                page.remove_listener("websocket", on_socket)

        return stop

    def check(self) -> None:
        """Fail when anything was recorded."""
        assert self == Watched(), f"The page was not quiet: {self}"


def open_lab(page: Page, url: str, query: str = "", *, timeout: float = 30_000) -> Page:
    """Go to the lab (query without its "?", milliseconds to wait) and wait until the stage has points.

    The rest of the page arrives after them and may move the picture, so it has to come to rest as well.
    """
    page.goto(f"{url}/?{query.lstrip('?')}" if query else url)
    page.wait_for_selector(STAGE, timeout=timeout)
    Stage(page).wait_until_still()
    return page


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The base URL of GMM Lab, served by a process of its own."""
    with serving(free_port(), tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@contextmanager
def serving(port: int, log: Path, script: str = "app.py") -> Iterator[str]:
    """A server of its own at that port, of the app or another script, which ends with the block; its URL."""
    url = f"http://127.0.0.1:{port}"
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false",
    }
    arguments = [part for name, value in options.items() for part in (f"--{name}", str(value))]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", script, *arguments],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_healthy(url, process, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
    # Streamlit catches a script's exception and shows it; here it is a failure.
    text = log.read_text(errors="replace")
    assert "Traceback" not in text, f"The server logged an exception:\n{text[-6000:]}"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all browser tests; without one they are skipped, or fail where CI=true."""
    executable = find_chromium()
    if executable is None:
        if must_have_browser():
            pytest.fail(NO_BROWSER, pytrace=False)
        pytest.skip("no Chromium or Chrome; see the end of this report")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, headless=True, args=list(FLAGS))
        yield chromium
        chromium.close()


def open_context(browser: Browser, **options: Any) -> BrowserContext:
    """A person of its own, on whose pages nothing moves that only says that something is to come."""
    context = browser.new_context(**options)
    context.add_init_script(STILL_PLACEHOLDERS)
    context.add_init_script(REMEMBER_ALL_FILES)
    return context


@pytest.fixture
def watched() -> Watched:
    """What went wrong on this test's pages so far."""
    return Watched()


class Tabs:
    """Tabs that have been used before, each of a person of its own, lent to one test at a time.

    What a tab has loaded once makes the lab open three times as fast. Every visit to the lab is a new session
    of its own; cookies, what was stored, the history, and the tab's media and network are put back.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.free: dict[str, list[Page]] = {}
        self.kinds: dict[Page, str] = {}

    def take(self, width: int = VIEWPORT["width"], height: int = VIEWPORT["height"], **options: Any) -> Page:
        """A tab of that size, with those options of a browser context, of which nobody else knows."""
        kind = repr(sorted(options.items()))
        if free := self.free.get(kind):
            tab = free.pop()
        else:
            tab = open_context(self.browser, viewport=VIEWPORT, **options).new_page()
            self.kinds[tab] = kind
        tab.set_viewport_size({"width": width, "height": height})
        return tab

    def give_back(self, tab: Page) -> None:
        """As it came, for whoever is next; one that a test has closed is gone."""
        if tab.is_closed():
            tab.context.close()
            return
        for other in tab.context.pages:
            if other != tab:
                other.close()
        tab.mouse.up()
        tab.unroute_all(behavior="ignoreErrors")
        tab.evaluate(FORGET)
        tab.goto("about:blank")
        tab.context.clear_cookies()
        tab.context.set_offline(False)
        tab.emulate_media(color_scheme="null", reduced_motion="null")
        devtools = tab.context.new_cdp_session(tab)
        devtools.send("Page.resetNavigationHistory")
        devtools.detach()
        self.free.setdefault(self.kinds[tab], []).append(tab)


@pytest.fixture(scope="session")
def tabs(browser: Browser) -> Tabs:
    """All tabs that have been used before."""
    return Tabs(browser)


@pytest.fixture
def another_page(tabs: Tabs, watched: Watched) -> Iterator[Callable[..., Page]]:
    """another_page(width=1400, height=900, **options of a browser context): a watched page of another person.

    Another tab of the same person is `page.context.new_page()`. A test that changes what outlives a visit, as
    scripts and routes of sockets do, asks for an `unused_page`.
    """
    taken: list[tuple[Page, Callable[[], None]]] = []

    def another(*size: int, **options: Any) -> Page:
        tab = tabs.take(*size, **options)
        taken.append((tab, watched.watch(tab.context)))
        return tab

    yield another
    for tab, stop in taken:
        tabs.give_back(tab)
        stop()
    watched.check()


@pytest.fixture
def unused_page(browser: Browser, watched: Watched) -> Iterator[Callable[..., Page]]:
    """unused_page(width=1400, height=900, **options): as another_page, but it has never loaded anything."""
    contexts: list[BrowserContext] = []

    def make(width: int = VIEWPORT["width"], height: int = VIEWPORT["height"], **options: Any) -> Page:
        context = open_context(browser, viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        watched.watch(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    watched.check()


@pytest.fixture
def page(another_page: Callable[..., Page]) -> Page:
    """A watched page of 1400 x 900, used before; at the test's end nothing may have gone wrong on it."""
    return another_page()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=1) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.05)
    pytest.fail(f"The server did not come up:\n{log.read_text(errors='replace')}", pytrace=False)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: the quick ones should speak first, and playwright leaves its event loop running.

    Each has a second try: on a busy machine a frame, a scroll or a server may come later than any test waits.
    """
    for item in filter(_is_here, items):
        item.add_marker(pytest.mark.flaky(reruns=1))
    items.sort(key=_is_here)


def _is_here(item: pytest.Item) -> bool:
    return item.path.is_relative_to(Path(__file__).parent)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly that the browser tests did not run."""
    skipped = terminalreporter.stats.get("skipped", [])
    if any("no Chromium or Chrome" in str(report.longrepr) for report in skipped):
        terminalreporter.section("BROWSER TESTS SKIPPED", sep="!", red=True, bold=True)
        terminalreporter.line(NO_BROWSER)
