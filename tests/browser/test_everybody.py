"""For everybody: who does not see, who sees other colours, who uses a keyboard."""

import re
from collections.abc import Callable
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT as HOUSE
from tests.browser.conftest import STAGE, Watched, open_lab
from tests.browser.stage import PATIENCE, ROOT, Stage, eventually
from ui.experiment import PARTS

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")

# The last is an experiment of axe's: a name holds the words that are shown.
RUN_AXE = """
() => axe.run(document, {
  resultTypes: ["violations"], rules: { "label-content-name-mismatch": { enabled: true } },
})
"""

IRIS = HOUSE / "gmm_core" / "datasets" / "data" / "iris.csv"

LESSONS = {f"lesson, {name}": f"/lessons?lesson={name}" for name in ("stacked", "circles", "collapse")}
CHOICES = {f"choose, {part}": f"/choose?data=iris&most=4&fit=full_2&part={part}" for part in PARTS}
PAGES = {"lab": "/?k=6&at=5", "compare": "/compare?dial=on&at=5", "data": "/data", **CHOICES, **LESSONS}

# Every change of a region that is read out, with its time.
LISTEN = f"""
() => {{
  window.heard = [];
  const region = document.querySelector(`{ROOT} [aria-live="polite"].em-unseen`);
  new MutationObserver(() => window.heard.push([performance.now(), region.textContent]))
    .observe(region, {{ childList: true, characterData: true, subtree: true }});
}}
"""

LIVE = f"""
() => [...document.querySelectorAll(`{ROOT} :is([aria-live], [role="status"], [role="alert"], output)`)]
  .filter((node) => node.getAttribute("aria-live") !== "off" && !node.matches(".em-answer-content"))
  .filter((node) => node.checkVisibility())
  .map((node) => node.className)
"""

# The accessible name and the words shown of every button of the stage that shows words.
NAMED = f"""
() => [...document.querySelectorAll(`{ROOT} button[data-action]`)]
  .map((node) => [node.dataset.action, node.getAttribute("aria-label") ?? node.textContent, node.textContent])
"""


def open_page(page: Page, watched: Watched, address: str) -> Stage:
    """Goes to a page of the app that has a stage, and waits for it."""
    page.goto(address)
    page.wait_for_selector(STAGE, timeout=60_000)
    forget_the_question_for_health(watched)
    return Stage(page)


def forget_the_question_for_health(watched: Watched) -> None:
    """Streamlit asks below the page's own address for its health first, and goes on when there is none."""
    watched.console_errors[:] = [text for text in watched.console_errors if "/_stcore/" not in text]


def faults(page: Page) -> list[Any]:
    """What axe finds serious or critical: the rule, and where."""
    page.evaluate(AXE)
    return [
        (found["impact"], found["id"], [node["html"][:200] for node in found["nodes"]])
        for found in page.evaluate(RUN_AXE)["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def unfold(page: Page) -> None:
    """Opens every fold of the page; those of the sidebar may be out of sight."""
    folds = page.get_by_test_id("stExpander").locator("details:not([open]) > summary")
    for _ in range(12):
        if not folds.count():
            break
        folds.first.evaluate("(summary) => summary.click()")
        page.wait_for_timeout(150)
    assert folds.count() == 0


def await_folds(page: Page, name: str) -> None:
    """Until what lies in the folds has come."""
    if name == "lab":
        expect(page.get_by_role("img", name=re.compile("^QR code"))).to_be_attached(timeout=PATIENCE)
        expect(page.get_by_text("Table, CSV")).to_be_attached(timeout=PATIENCE)
    expect(page.get_by_test_id("stSpinner")).to_have_count(0, timeout=PATIENCE)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_on_a_page_shuts_anybody_out(
    page: Page, server: str, watched: Watched, name: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    if name == "data":
        page.goto(server + PAGES[name])
        page.locator("input[type=file]").first.set_input_files(IRIS)
        expect(page.get_by_text("See them in the lab")).to_be_visible(timeout=60_000)
        forget_the_question_for_health(watched)
    elif name in CHOICES:
        page.goto(server + PAGES[name])
        page.wait_for_selector("[data-test-script-state=notRunning]", timeout=60_000)
        expect(page.get_by_role("button", name="Stop here")).to_have_count(0, timeout=60_000)
        forget_the_question_for_health(watched)
    else:
        open_page(page, watched, server + PAGES[name])
    unfold(page)
    await_folds(page, name)
    assert faults(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert faults(page) == []


@pytest.mark.parametrize("path", ["/", "/compare"])
def test_the_first_tab_leads_past_everything_to_the_picture(
    another_page: Callable[..., Page], server: str, watched: Watched, path: str
) -> None:
    page = another_page()
    stage = open_page(page, watched, server + path)
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the picture")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport(ratio=1)
    page.keyboard.press("Enter")
    expect(stage.root).to_be_focused()
    page.keyboard.press("ArrowRight")
    stage.wait_at(1)
    # A page without a picture has no way to it.
    page.get_by_role("link", name="Your data").click()
    expect(link).to_have_count(0)


@pytest.mark.parametrize("path", ["", "compare"])
def test_the_buttons_are_named_by_what_they_do_and_show(
    page: Page, server: str, watched: Watched, path: str
) -> None:
    stage = open_page(page, watched, f"{server}/{path}")
    actions = {action for action, *_ in page.evaluate(NAMED)}
    assert actions == {"first", "back", "next", "play", "last"}
    for _ in range(2):
        for action, name, shown in page.evaluate(NAMED):
            assert name
            assert name.startswith(shown), action
        stage.action("play").click()
        expect(stage.action("pause")).to_have_text("Pause")
        stage.action("pause").click()
        expect(stage.action("play")).to_have_text("Play")


def test_who_listens_hears_at_most_one_sentence_a_second_and_the_last(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    # Nothing else on the stage is read out of itself while it plays.
    assert page.evaluate(LIVE) == ["em-unseen"]
    stage.select("Speed").select_option("4")
    page.evaluate(LISTEN)
    stage.action("play").click()
    stage.wait_at(stage.last)
    expect(stage.action("play")).to_be_visible()
    ends = stage.root.locator(".em-stopped").inner_text()

    def heard_the_end() -> None:
        assert ends in page.evaluate("window.heard.at(-1)?.[1] ?? ''")

    eventually(page, heard_the_end)
    times = [time for time, _ in page.evaluate("window.heard")]
    assert len(times) > 1
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) > 950


def seen(page: Page, name: str) -> str:
    """What is said of the picture of that name."""
    picture = page.locator(ROOT).get_by_role("group", name=name, exact=True)
    return page.locator(f"id={picture.get_attribute('aria-describedby')}").inner_text()


def await_seen(page: Page, name: str, pattern: str) -> str:
    def check() -> None:
        assert re.search(pattern, seen(page, name)), seen(page, name)

    eventually(page, check)
    return seen(page, name)


def test_the_picture_is_told_in_words(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=old_faithful&k=2"))
    start = await_seen(page, "The picture", "^The start")
    assert "272 points, K = 2" in start
    assert "No point belongs to any" in start
    stage.action("last").click()
    stage.wait_at(stage.last)
    end = await_seen(page, "The picture", "^E-step")
    # Python's own numbers, as Bishop's book has the two kinds of eruption.
    assert re.search(r"at \(2\.0\d+, 54\.[45]\d*\), weight 35\.6%", end), end
    assert re.search(r"at \(4\.29\d*, 79\.9\d*\), weight 64\.4%", end), end
    assert re.search(r"On average a point gives 99\.\d% of itself", end)
    stage.action("back").click()
    assert await_seen(page, "The picture", "^M-step").startswith(
        f"M-step, iteration {stage.data('iteration')}."
    )


def test_both_pictures_of_the_comparison_are_told(page: Page, server: str, watched: Watched) -> None:
    open_page(page, watched, f"{server}/compare?k=5&at=3")
    clusters = await_seen(page, "The picture of K-Means", "^K-Means. E-step, iteration 1")
    counts = [int(found) for found in re.findall(r"\), (\d+) points", clusters)]
    assert len(counts) == 5
    assert sum(counts) == 500
    assert "K = 5" in await_seen(page, "The picture", "^E-step, iteration 1")


def test_glyphs_come_with_five_components_and_at_a_press(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "k=4&at=5"))
    glyphs = stage.button("Glyphs of the components")
    expect(glyphs).to_have_attribute("aria-pressed", "false")
    plain = stage.look()
    glyphs.click()
    stage.wait_for_address(glyphs="on")
    stage.wait_until_still()
    assert stage.look().canvases != plain.canvases
    assert stage.look().shapes == plain.shapes
    expect(stage.handle(2).locator("svg")).to_be_visible()
    glyphs.click()
    stage.wait_for_address(glyphs=None)
    assert stage.look().canvases == plain.canvases

    open_lab(page, server, "k=5&at=5")
    expect(glyphs).to_have_attribute("aria-pressed", "true")
    glyphs.click()
    stage.wait_for_address(glyphs="off")
    expect(stage.handle(2).locator("svg")).to_be_hidden()


def test_true_labels_have_glyphs_in_picture_and_legend(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "colour=truth&glyphs=on"))
    names = stage.picture.locator(".em-legend span")
    expect(names).to_have_count(3)
    for k in range(3):
        expect(names.nth(k).locator("svg")).to_be_visible()
    outlines = {names.nth(k).locator("path").get_attribute("d") for k in range(3)}
    assert len(outlines) == 3


def test_a_saved_picture_has_the_glyphs_and_says_whose_they_are(
    page: Page, server: str, tmp_path: Path
) -> None:
    stage = Stage(open_lab(page, server, "k=5&at=5&n=300"))
    with page.expect_download() as download:
        stage.button("Save as SVG").click()
    download.value.save_as(tmp_path / "picture.svg")
    text = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    marks = re.findall(r'<path class="point"[^>]* d="([^"]*)"', text)
    assert len({re.sub(r"[\d.,\-e]+", "", mark) for mark in marks}) > 3, (
        "circles, squares, triangles, crosses"
    )
    legend = re.findall(r'<text class="legendtext"[^>]*>([^<]*)<', text)
    assert legend == ["1", "2", "3", "4", "5"]
