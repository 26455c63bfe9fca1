"""Every page works under the headers that the server sends: what they forbid is an error on the console."""

import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from server.headers import HEADERS
from tests.browser.conftest import STAGE, open_lab

# What a browser would otherwise do without a word: say it aloud.
REPORT = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`${event.violatedDirective} forbids ${event.blockedURI}`));
"""
PATIENCE = 60_000
TABLE = "x,y,z\n" + "".join(f"{i},{i * i % 17},{-i % 5}\n" for i in range(60))


@pytest.mark.parametrize(
    "path", ["", "compare", "choose", "lessons", "data", "_stcore/health", "static/nothing.js"]
)
def test_every_answer_carries_the_headers(server: str, path: str) -> None:
    with urllib.request.urlopen(f"{server}/{path}") as answer:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS


def test_no_page_asks_for_what_is_forbidden(server: str, unused_page: Callable[..., Page]) -> None:
    page = unused_page()
    page.add_init_script(REPORT)
    open_lab(page, server, timeout=PATIENCE)
    page.keyboard.press("ArrowRight")
    page.get_by_text("Share: a link").click()
    expect(page.locator('img[src^="data:image/svg"]')).to_be_visible(timeout=PATIENCE)
    page.get_by_text("The mathematics").click()
    expect(page.locator(".katex").first).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Take it home").click()
    with page.expect_download(timeout=PATIENCE) as download:
        page.get_by_role("button", name="Table, CSV", exact=True).click()
    assert download.value.failure() is None
    page.get_by_role("link", name="K-Means beside it").click()
    page.wait_for_selector(STAGE, timeout=PATIENCE)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="Your data").click()
    # The page before had a place for files as well.
    expect(page.get_by_text("Drop a table here")).to_be_visible(timeout=PATIENCE)
    page.locator('input[type="file"]').set_input_files(
        {"name": "table.csv", "mimeType": "text/csv", "buffer": TABLE.encode()}
    )
    expect(page.get_by_text("Which pair is worth fitting?")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".js-plotly-plot").last).to_be_visible(timeout=PATIENCE)


def test_the_headers_do_forbid(server: str, another_page: Callable[..., Page], watched: object) -> None:
    page = another_page()
    page.goto(f"{server}/_stcore/health")
    refused = page.evaluate(
        """() => new Promise((resolve) => {
          addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective));
          const script = document.createElement("script");
          script.src = "https://example.org/x.js";
          document.documentElement.append(script);
          setTimeout(() => resolve("nothing"), 5000);
        })"""
    )
    assert refused.startswith("script-src")
    watched.console_errors.clear()  # type: ignore[attr-defined]
    watched.foreign_requests.clear()  # type: ignore[attr-defined]
