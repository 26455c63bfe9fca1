"""Frames a second while a hand drags, in headless Chromium, which has no graphics card here.

A frame counts where the log-likelihood beside the picture is another than in the frame before: the mixture,
the colours and that number have followed the hand. A bare page whose text follows the pointer is measured
beside it, as the floor that this machine and browser set.
"""

from playwright.sync_api import Page, sync_playwright

from benchmarks.stage import serving
from tests.browser.chromium import find_chromium
from tests.browser.conftest import FLAGS, STAGE

MOVES = 240

KINDS = {
    "an axis": ("", "First axis of component 1"),
    "a mean": ("", "Mean 1"),
    "an axis, K = 12": ("k=12", "First axis of component 1"),
    "an axis, noise": ("noise=on", "First axis of component 1"),
    "a width on a line": ("y=none", "Width 1"),
    "a mean, before the field": ("behind=field", "Mean 1"),
}
"""What is dragged, in which lab."""

COUNTER = """
(selector) => {
  const began = performance.now();
  let text = null;
  const seen = { frames: 0, changed: 0 };
  const count = () => {
    const now = document.querySelector(selector).textContent;
    seen.frames += 1;
    if (now !== text) seen.changed += 1;
    text = now;
    seen.seconds = (performance.now() - began) / 1000;
    if (!window.dragged) requestAnimationFrame(count);
  };
  window.dragged = false;
  window.seen = seen;
  requestAnimationFrame(count);
}
"""


def changes(page: Page, x: float, y: float, selector: str) -> float:
    """Frames a second with another text at `selector`, while the pointer goes to and fro from (x, y)."""
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(COUNTER, selector)
    for move in range(MOVES):
        page.mouse.move(x + move % 40, y - move % 60)
    seen = page.evaluate("() => { window.dragged = true; return window.seen; }")
    page.mouse.up()
    return seen["changed"] / seen["seconds"]


def floor(page: Page) -> float:
    """The same for a page that does next to nothing."""
    page.set_content(
        "<p>0</p><script>onpointermove = (e) => requestAnimationFrame(() => "
        "document.querySelector('p').textContent = e.clientX + ' ' + e.clientY)</script>"
    )
    return changes(page, 300, 300, "p")


def main() -> None:
    """Prints one line for each of KINDS at 5,000 points; asked for are 60 frames a second."""
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        print(f"floor: {floor(browser.new_page()):.1f} frames a second of a bare page")
        for kind, (query, handle) in KINDS.items():
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            page.goto(f"{url}/?n=5000&{query}")
            page.wait_for_selector(STAGE, timeout=300_000)
            page.get_by_role("button", name="Fit by hand").click()
            page.wait_for_timeout(500)
            box = page.locator(STAGE).get_by_role("button", name=handle).first.bounding_box()
            assert box is not None, handle
            place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            print(f"{kind:<32} {changes(page, *place, '.em-hand-value'):>8.1f} frames a second", flush=True)
            page.close()
        browser.close()
