"""The choice of a model: how soon a sweep is seen, and whole; fifty starts; how long others wait meanwhile.

Seconds from the click to the page where a model is chosen, in headless Chromium; and those of a person in the
lab, over websockets, while others sweep, beside the same alone.
"""

import asyncio
import random
import statistics
import time

import numpy as np
from playwright.sync_api import Page, sync_playwright

import gmm_core
from benchmarks.measure import medians
from benchmarks.stage import serving
from tests.browser.chromium import find_chromium
from tests.browser.conftest import FLAGS, STAGE
from tests.serving import serving as serving_alone
from tests.visitor import Visitor

SWEEPS = {
    "Old Faithful": ("data=old_faithful", 1.5),
    "10,000 points": ("data=blobs&n=10000", 15.0),
    "10,000 elongated": ("n=10000", 15.0),
}
"""What is swept, and the seconds in which it should be whole."""

MARKS = "[data-testid=fit-chart] .points path"
RECOMMENDED = "[data-testid=recommendation]"

SWEEPERS, CHANGES = 5, 40


def from_click(page: Page, url: str, query: str) -> tuple[float, float]:
    """Seconds to the first marks of the chart, and to the recommendation."""
    page.goto(f"{url}/?{query}")
    page.wait_for_selector(STAGE, timeout=300_000)
    page.wait_for_timeout(2_000)
    began = time.perf_counter()
    page.get_by_role("link", name="Which model?").click()
    page.wait_for_selector(MARKS, state="attached", timeout=300_000)
    first = time.perf_counter() - began
    page.wait_for_selector(RECOMMENDED, timeout=300_000)
    return first, time.perf_counter() - began


def restarts() -> None:
    """Fifty starts on 5,000 points, each to its end."""
    points = gmm_core.generate("elongated", rng=np.random.default_rng(1), n_points=5_000).points

    def run() -> object:
        return gmm_core.restart(points, 3, n_init=50, short_steps=200, rng=0)

    print(f"{'50 starts, 5,000 points':<32} {medians([run], 3)[0]:>8.2f} s (asked: 1)")


async def _sweep(url: str, number: int) -> None:
    async with Visitor(url, page="choose") as person:
        # Each has points of their own.
        person.query = f"n=5000&seed={number}&most=12&among=full,tied,diag,spherical,EEV,VEV"
        await person.ask()
        await asyncio.sleep(60)


async def _waits(url: str, sweepers: int) -> list[float]:
    chance, seen = random.Random(0), list[float]()
    others = [asyncio.create_task(_sweep(url, number)) for number in range(sweepers)]
    await asyncio.sleep(1.0)
    async with Visitor(url) as person:
        await person.open()
        await person.rest()
        for _ in range(CHANGES):
            began = time.perf_counter()
            await person.slide("Components K", chance.randint(1, 6))
            seen.append(time.perf_counter() - began)
            await person.rest()
            await asyncio.sleep(0.2)
    for other in others:
        other.cancel()
    return sorted(seen)


def others() -> None:
    """How long a change in the lab takes while others sweep, beside the same alone."""
    for sweepers in (0, SWEEPERS):
        with serving_alone() as server:
            seen = asyncio.run(_waits(server.url, sweepers))
        said = f"{statistics.median(seen):>8.2f} s, the longest {seen[-1]:.2f}"
        print(f"{f'a change while {sweepers} people sweep':<32} {said} (asked: below 1)", flush=True)


def main() -> None:
    """Prints one line for each."""
    with serving() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(FLAGS))
        for kind, (query, wanted) in SWEEPS.items():
            page = browser.new_page(viewport={"width": 1400, "height": 900})
            first, whole = from_click(page, url, query)
            print(
                f"{kind:<32} {first:>8.2f} s to the first fits (asked: 0.5), {whole:.2f} s whole ({wanted:g})"
            )
            page.close()
        browser.close()
    restarts()
    others()
