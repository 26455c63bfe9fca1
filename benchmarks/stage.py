"""From a trusted click to the paint, frames a second while playing, and the first picture.

Medians in headless Chromium, which has no graphics card here. A click is timed from the event's own time
stamp to the task after the frame it caused; a bare page that only changes a number is timed beside it, as
the floor that this machine and browser set.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile

import numpy as np
from playwright.sync_api import FilePayload, Page, sync_playwright

from benchmarks.upload import N_ROWS, as_text
from tests.browser.chromium import find_chromium
from tests.browser.conftest import FLAGS, ROOT, STAGE, free_port

# (page, points): the milliseconds that a click may take to its paint.
TARGETS = {("", 500): 17, ("", 5_000): 25, ("", 50_000): 40, ("", 1_000_000): 40, ("compare", 2_000): 33}
CLICKS = 30

KINDS = {
    "em": "",
    "variational": "algorithm=variational&k=10",
    "noise": "noise=on",
    "yes/no": "data=answers&yes=answer",
    "line": "y=none",
}
"""What the lab is asked for; the comparison and a million points are measured of the first alone."""
KIND_SIZES = (500, 5_000, 50_000)

TIMER = """
() => {
  window.paints = [];
  const channel = new MessageChannel();
  let began = null;
  channel.port1.onmessage = () => {
    if (began !== null) window.paints.push(performance.now() - began);
    began = null;
  };
  document.addEventListener("click", (event) => {
    if (!event.isTrusted) return;
    began = event.timeStamp;
    requestAnimationFrame(() => channel.port2.postMessage(null));
  }, { capture: true });
}
"""

FRAMES = """
(milliseconds) => new Promise((resolve) => {
  let frames = 0;
  const began = performance.now();
  const count = (now) => {
    frames += 1;
    if (now - began < milliseconds) requestAnimationFrame(count);
    else resolve(1000 * frames / (now - began));
  };
  requestAnimationFrame(count);
})
"""


TURNS = """
(milliseconds) => new Promise((resolve) => {
  const stage = document.querySelector('[data-testid="em-stage"]');
  const turn = { key: "ArrowRight", shiftKey: true, bubbles: true, cancelable: true };
  const began = performance.now();
  let frames = 0;
  const next = (now) => {
    frames += 1;
    stage.dispatchEvent(new KeyboardEvent("keydown", turn));
    if (now - began < milliseconds) requestAnimationFrame(next);
    else resolve((1000 * frames) / (now - began));
  };
  requestAnimationFrame(next);
})
"""

HILLS = "behind=hills&k=12&n=5000&at=1"
TURNED = 30
"""Frames a second, at least, in which hills of twelve components turn."""


def rows() -> Iterator[tuple[str, str, int, int]]:
    """Page, kind, points and target of everything to measure."""
    for (where, size), target in TARGETS.items():
        for kind in KINDS if size in KIND_SIZES else ("em",):
            yield where, kind, size, target


def clicks(page: Page, selector: str) -> list[float]:
    """Milliseconds from each of CLICKS trusted clicks to its paint; of fewer, where what is clicked ends."""
    page.evaluate(TIMER)
    for _ in range(CLICKS):
        if page.is_disabled(selector):
            break
        page.click(selector)
        page.wait_for_timeout(60)
    return page.evaluate("window.paints")


def floor(page: Page) -> float:
    """The same for a page that does next to nothing."""
    page.set_content("<button onclick='this.textContent = Number(this.textContent) + 1'>0</button>")
    return statistics.median(clicks(page, "button"))


@contextmanager
def serving() -> Iterator[str]:
    """The address of a GMM Lab of its own."""
    port = free_port()
    options = ["--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none"]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", *options]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(3)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def turning_hills(page: Page, url: str) -> tuple[float, float]:
    """Frames a second in which hills turn, and the milliseconds from a click to the next step's paint."""
    page.goto(f"{url}/?tol=1e-12&{HILLS}")
    page.wait_for_selector(f"{STAGE} .em-scene", timeout=300_000)
    page.wait_for_timeout(500)
    rate = page.evaluate(TURNS, 4000)
    return rate, statistics.median(clicks(page, '[data-action="next"]'))


def first_picture_of_a_file(page: Page, url: str) -> float:
    """Seconds from choosing a CSV of N_ROWS x 4 until the stage shows its points."""
    with NamedTemporaryFile(suffix=".csv") as file:
        file.write(as_text())
        file.flush()
        page.goto(url)
        page.wait_for_selector(STAGE)
        page.get_by_text("Open a file").click()
        page.wait_for_timeout(1000)
        began = time.perf_counter()
        page.locator('input[type="file"]').set_input_files(file.name)
        page.wait_for_selector(f'{STAGE}[data-points="{N_ROWS}"]', timeout=300_000)
        return time.perf_counter() - began


N_WIDE, K_WIDE = 10_000, 5
"""Rows of a file of ten columns, and the components it is fitted with."""


def wide_file() -> bytes:
    """A CSV of N_WIDE x 10, in K_WIDE groups."""
    rng = np.random.default_rng(0)
    centres = rng.normal(scale=3.0, size=(K_WIDE, 10))
    points = centres[np.arange(N_WIDE) % K_WIDE] + rng.normal(size=(N_WIDE, 10))
    lines = [",".join("abcdefghij"), *(",".join(f"{value:.5f}" for value in row) for row in points)]
    return "\n".join(lines).encode()


def clicks_on_columns(page: Page, url: str, more: str) -> list[float]:
    """As `clicks`, on the file fitted in its first two columns and `more` of them, every pair in sight."""
    asked = f"data=upload&file=wide.csv&x=a&y=b&more={more}&k={K_WIDE}&tol=1e-12&steps=40"
    page.goto(f"{url}/?{asked}&start=random_points")
    page.wait_for_selector(STAGE, state="attached")
    file = FilePayload(name="wide.csv", mimeType="text/csv", buffer=wide_file())
    page.locator('input[type="file"]').first.set_input_files(file)
    page.wait_for_selector(f'{STAGE}[data-points="{N_WIDE}"]', timeout=300_000)
    page.wait_for_timeout(1000)
    return clicks(page, '[data-action="next"]')


def main() -> None:
    """Prints one line a size, and one for a file."""
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        print(f"floor: {floor(browser.new_page()):.1f} ms from a click to the paint of a bare page")
        print(
            "points    page    kind        first picture   click to paint (median, worst)   target   frames/s"
        )
        for where, kind, size, target in rows():
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            began = time.perf_counter()
            page.goto(f"{url}/{where}?n={size}&tol=1e-12&{KINDS[kind]}")
            page.wait_for_selector(STAGE, timeout=300_000)
            first = time.perf_counter() - began
            page.wait_for_timeout(500)
            paints = clicks(page, '[data-action="next"]')
            page.click('[data-action="first"]')
            page.select_option('[aria-label="Speed"]', "3")
            page.click('[data-action="play"]')
            rate = page.evaluate(FRAMES, 4000)
            page.close()
            median, worst = statistics.median(paints), max(paints)
            print(
                f"{size:<10,} {where or 'lab':<8}{kind:<12}{first:>9.2f} s {median:>20.1f} ms "
                f"{worst:>8.1f} ms {target:>12} ms {rate:>12.1f}",
                flush=True,
            )
        for more in ("", "c", "c,d,e", "c,d,e,f,g,h,i,j"):
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            paints = clicks_on_columns(page, url, more)
            page.close()
            median, worst = statistics.median(paints), max(paints)
            what = f"{2 + len(more.replace(',', ''))} columns"
            print(f"{N_WIDE:<10,} lab     {what:<23} {median:>20.1f} ms {worst:>8.1f} ms", flush=True)
        rate, step = turning_hills(browser.new_page(viewport={"width": 1400, "height": 900}), url)
        print(f"hills, K = 12: {rate:.1f} frames/s turning (target {TURNED}), {step:.1f} ms a step")
        seconds = first_picture_of_a_file(browser.new_page(viewport={"width": 1400, "height": 900}), url)
        print(
            f"CSV of {N_ROWS:,} rows: {seconds:.2f} s from the chosen file to its first picture; target 4 s"
        )
        print(json.dumps({"browser": browser.version}))
        browser.close()


if __name__ == "__main__":
    main()
