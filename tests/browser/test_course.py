"""The course's pages from a folder, without a network and without a server: every lesson to its end."""

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.stage import Stage
from tests.browser.test_everybody import AXE
from ui.course.course import write_course
from ui.course.frame import TEACHER
from ui.course.words import course_words
from ui.lessons import LESSONS
from ui.lessons.filled import said_of
from ui.lessons.lesson import Choice, Number
from ui.lessons.words import words
from ui.workspace.fit_result import result_of
from ui.workspace.lessons import facts_of, stages_of

OPENED = '[data-testid="lesson"][data-step] [data-testid="em-stage"][data-points]'

# As strict as a host may be: what the pages themselves say, as a header.
HEADER = (
    "default-src 'none'; script-src 'self'; style-src 'self' "
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='; img-src 'self' data: blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# Without asking for the style sheets again, which a strict page forbids; and a drawing on the teacher's
# page is a picture with a name, of whose thousand marks none has one.
RUN_AXE = """
() => {
  for (const drawing of document.querySelectorAll("figure > svg[role=img]")) drawing.replaceChildren();
  const options = { resultTypes: ["violations"], preload: false };
  return axe.run(document, options).then(({ violations }) => violations
    .filter(({ impact }) => ["serious", "critical"].includes(impact))
    .map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))]));
}
"""

schemes = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, under a name with a space and a letter beyond ASCII."""
    folder = tmp_path_factory.mktemp("course") / "ein Kurs für alle"
    write_course(folder)
    return folder


@pytest.fixture
def open_file(another_page: Callable[..., Page], folder: Path) -> Iterator[Callable[..., Page]]:
    """open_file(name, **options of another_page): a page of the course, while there is no network.

    The same options open it for the same person.
    """
    asked: list[str] = []
    pages: dict[str, Page] = {}

    def pass_files(route: Route) -> None:
        if route.request.url.startswith("file:"):
            route.continue_()
        else:
            asked.append(route.request.url)
            route.abort()

    def open_it(name: str, **options: Any) -> Page:
        page = pages.get(str(options))
        if page is None:
            page = pages[str(options)] = another_page(**options)
            page.route(lambda url: not url.startswith(("data:", "blob:")), pass_files)
            page.context.set_offline(True)
        page.goto(f"{folder.as_uri()}/{name}")
        return page

    yield open_it
    assert asked == []


def lesson_on(page: Page) -> Stage:
    page.wait_for_selector(OPENED)
    return Stage(page)


def faults(page: Page) -> list[Any]:
    """What axe finds serious or critical: the rule, and where."""
    page.evaluate(AXE)
    return page.evaluate(RUN_AXE)


def guess(page: Page, name: str) -> None:
    """The first option, the lowest number, or a place; and the button that commits to it."""
    prediction = LESSONS[name].prediction
    panel = page.get_by_test_id("lesson")
    if isinstance(prediction, Choice):
        panel.get_by_role("radio").first.check()
    elif isinstance(prediction, Number):
        panel.get_by_role("spinbutton").first.fill(f"{prediction.low:g}")
    else:
        for field in panel.locator(".em-place input").all():
            field.fill("1.5")
    panel.locator(".em-predict button").click()


def to_the_reveal(page: Page, name: str) -> None:
    root = page.get_by_test_id("lesson")
    guess(page, name)
    if LESSONS[name].change:
        root.locator(".em-act button:visible").click()
        expect(root).to_have_attribute("data-step", "changed")
    root.locator(".em-act button:visible").click()
    expect(root).to_have_attribute("data-step", "reveal")


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_leads_to_what_came_of_it(open_file: Callable[..., Page], name: str) -> None:
    page = open_file(f"{name}.html")
    stage, root = lesson_on(page), page.get_by_test_id("lesson")
    lesson, said = LESSONS[name], said_of(name, facts_of(name), "en")
    expect(root.get_by_role("heading", name=said["question"])).to_be_visible()
    to_the_reveal(page, name)
    expect(root.get_by_text(said["reveal"])).to_be_visible()
    expect(root).to_have_attribute("data-verdict", re.compile("^(right|close|far)$"))
    run = result_of(stages_of(name)[bool(lesson.change)], lesson.kind).run
    assert run is not None
    at = stage.last if lesson.at is None else lesson.at
    stage.wait_at(at)
    # With the dial the stage has other runs than the experiment's own.
    if "dial" not in lesson.preset:
        assert stage.last == 2 * len(run.states) - 1
        shown = float(stage.data("log-likelihood") or "nan")
        assert shown == pytest.approx(run.curve[at // 2], rel=1e-12)


def test_the_contents_know_what_was_taken_and_in_which_language(open_file: Callable[..., Page]) -> None:
    page = open_file("index.html")
    expect(page.get_by_role("link")).to_have_count(len(LESSONS) + 1)
    page.get_by_label("Language").select_option("de")
    said = said_of("names", facts_of("names"), "de")
    page.get_by_role("link", name=said["title"]).click()
    lesson_on(page)
    titled = f"{[*LESSONS].index('names') + 1}. {said['title']}"
    expect(page).to_have_title(titled)
    expect(page.get_by_role("heading", level=1)).to_have_text(titled, use_inner_text=True)
    expect(page.get_by_text(said["question"])).to_be_visible()
    to_the_reveal(page, "names")
    page.get_by_role("button", name=words("de")["page"]["forward"]).click()
    following = [*LESSONS][[*LESSONS].index("names") + 1]
    page.wait_for_url(re.compile(f"/{following}.html"))
    lesson_on(page)
    page.get_by_role("link", name=course_words("de")["contents"]).click()
    taken = page.locator("li.taken")
    expect(taken).to_have_count(1)
    expect(taken).to_contain_text(said["title"])
    expect(taken).to_contain_text(course_words("de")["done"])
    page.get_by_role("button", name=words("de")["page"]["forget"]).click()
    expect(taken).to_have_count(0)
    page.get_by_role("link", name=course_words("de")["teacher"]).click()
    page.wait_for_url(re.compile(re.escape(TEACHER["de"])))


def test_the_free_stage_fits_anew_and_leads_back(open_file: Callable[..., Page]) -> None:
    page = open_file("ellipse.html")
    lesson_on(page)
    to_the_reveal(page, "ellipse")
    page.get_by_role("button", name="Open in the lab").click()
    stage = Stage(page)
    expect(page.get_by_text(course_words("en")["hands"])).to_be_visible()
    stage.wait_until_still()
    before = stage.data("log-likelihood")
    handle = stage.handle(1)
    x, y = stage.centre(handle)
    stage.drag((x, y), (x + 60, y + 40))
    expect(stage.root).not_to_have_attribute("data-log-likelihood", before or "")
    expect(stage.root).to_have_attribute("data-iteration", "0")
    page.get_by_role("button", name=course_words("en")["back"]).click()
    stage = lesson_on(page)
    expect(page.get_by_test_id("lesson")).to_have_attribute("data-step", "reveal")


def test_back_from_the_free_stage_is_the_half_step_of_the_reveal(open_file: Callable[..., Page]) -> None:
    page = open_file("where_next.html")
    stage = lesson_on(page)
    to_the_reveal(page, "where_next")
    stage.wait_at(2)
    revealed = stage.data("log-likelihood")
    # What is in the app alone is not promised here.
    expect(page.get_by_text(words("en")["page"]["next_alone"])).to_be_visible()
    page.get_by_role("button", name="Open in the lab").click()
    stage = Stage(page)
    stage.wait_until_still()
    x, y = stage.centre(stage.handle(1))
    stage.drag((x, y), (x + 60, y + 40))
    expect(stage.root).to_have_attribute("data-iteration", "0")
    page.get_by_role("button", name=course_words("en")["back"]).click()
    stage = lesson_on(page)
    stage.wait_at(2)
    assert stage.data("log-likelihood") == revealed


def test_a_stage_without_hands_says_so(open_file: Callable[..., Page]) -> None:
    page = open_file("open_number.html")
    lesson_on(page)
    to_the_reveal(page, "open_number")
    page.get_by_role("button", name="Open in the lab").click()
    expect(page.get_by_text(course_words("en")["looks"])).to_be_visible()
    expect(page.get_by_text(course_words("en")["hands"])).to_be_hidden()


@pytest.fixture
def host(folder: Path) -> Iterator[str]:
    """The folder behind a web host that says what a page may do; its address."""

    class Strict(SimpleHTTPRequestHandler):
        def end_headers(self) -> None:
            self.send_header("Content-Security-Policy", HEADER)
            self.send_header("X-Content-Type-Options", "nosniff")
            super().end_headers()

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Strict, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_strict_host_serves_it_as_it_is(page: Page, host: str) -> None:
    # A browser asks every host for a sign of its own.
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.goto(f"{host}/half_steps.html?lang=de")
    lesson_on(page)
    to_the_reveal(page, "half_steps")
    expect(page.get_by_text(said_of("half_steps", facts_of("half_steps"), "de")["reveal"])).to_be_visible()
    # There a page may change its own address, so that what is seen can be sent.
    page.wait_for_url(re.compile(r"lang=de&at=2"))


@schemes
@pytest.mark.parametrize("name", ["index", "units", "circles", "teacher"])
def test_nothing_on_a_page_shuts_anybody_out(open_file: Callable[..., Page], name: str, scheme: Any) -> None:
    page = open_file(f"{name}.html", width=390, height=844)
    page.emulate_media(color_scheme=scheme)
    if name in LESSONS:
        lesson_on(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults(page) == []
    page.set_viewport_size({"width": 1400, "height": 900})
    if name in LESSONS:
        to_the_reveal(page, name)
    assert faults(page) == []


@pytest.mark.parametrize(("language", "size"), [("en", "A4"), ("de", "Letter")])
def test_the_teachers_page_prints_a_sheet_for_each_lesson(
    open_file: Callable[..., Page], language: str, size: str
) -> None:
    page = open_file(TEACHER[language])
    printed = page.pdf(format=size)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1 + len(LESSONS)


def test_the_policy_holds_the_promise(open_file: Callable[..., Page], watched: Watched) -> None:
    """Even a page that was tampered with runs nothing and sends nothing."""
    page = open_file("stacked.html")
    lesson_on(page)
    page.evaluate("""() => {
      const script = document.createElement("script");
      document.head.append(Object.assign(script, { textContent: "window.broken = 1" }));
    }""")
    outcome = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'sent', (error) => error.name)")
    assert outcome == "TypeError"
    assert page.evaluate("window.broken") is None
    assert watched.console_errors
    assert all("Content Security Policy" in text for text in watched.console_errors)
    watched.console_errors.clear()
