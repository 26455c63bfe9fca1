"""The comparison's own link, QR code and files: what is shared and taken is what is seen."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import STAGE, Watched, open_lab
from tests.browser.stage import PATIENCE, Stage
from tests.browser.test_comparison import js, open_comparison, oracle_of
from tests.browser.test_taking_home import bring, take

# Few points and one family: quick to draw.
SEEN = "data=mouse&n=60&families=full&dial=on&dial_at=7&radius=farthest&reveal=on&at=5"


def shared(page: Page) -> str:
    return page.get_by_test_id("stCode").inner_text().strip()


def test_a_link_carries_the_comparisons_own_state(page: Page, server: str, watched: Watched) -> None:
    stage = open_comparison(page, server, watched, SEEN).stage
    page.get_by_text("Share: a link").click()
    page.get_by_text("QR code of the link").wait_for(timeout=PATIENCE)
    assert sorted(parse_qsl(urlsplit(shared(page)).query)) == sorted(parse_qsl(SEEN))
    assert urlsplit(shared(page)).path == "/compare"
    stage.root.get_by_role("slider", name="Deviation of every component").fill("9")
    stage.wait_for_address(dial_at="9")
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text("dial_at=9", timeout=PATIENCE)
    page.get_by_text("Hide the true labels").click()
    expect(code).to_contain_text("hide=truth", timeout=PATIENCE)
    expect(code).not_to_contain_text("reveal")


def test_the_file_and_the_session_open_on_what_was_seen(
    another_page: Callable[..., Page], server: str, watched: Watched, tmp_path: Path
) -> None:
    mine = another_page()
    stage = open_comparison(mine, server, watched, SEEN).stage
    _, _, comparison = oracle_of(stage.address)
    assert comparison.dial is not None
    wanted = {"deviation": js(comparison.dial.deviations[7]), "disagreements": stage.data("disagreements")}
    file = tmp_path / "lesson.html"
    file.write_bytes(take(mine, "Page that plays"))
    session = take(mine, "Session")

    offline = another_page()
    offline.context.set_offline(True)
    offline.goto(file.as_uri())
    offline.wait_for_selector(STAGE, timeout=PATIENCE)
    there = Stage(offline)
    there.wait_at(5)
    there.wait(**wanted)
    expect(there.root.get_by_text("true group").first).to_be_visible()

    # Whoever drops the session on the lab is taken to the comparison, as it was seen.
    theirs = another_page()
    open_lab(theirs, server)
    theirs.get_by_text("Open a file").click()
    bring(theirs, "lesson.json", session)
    theirs.wait_for_selector(f"{STAGE}[data-kind='comparison']", timeout=PATIENCE)
    opened = Stage(theirs)
    opened.wait(**wanted)
    opened.wait_at(5)
    opened.wait_for_address(dial_at="7", radius="farthest", reveal="on")


@pytest.mark.parametrize("hidden", ["controls", "truth"])
def test_a_teachers_link_hides_what_it_should(page: Page, server: str, watched: Watched, hidden: str) -> None:
    stage = open_comparison(page, server, watched, f"n=60&families=full&hide={hidden}&at=3&reveal=on").stage
    stage.wait_at(3)
    page.get_by_text("The mathematics: K-Means").wait_for(timeout=PATIENCE)
    controls = hidden == "controls"
    for text in ("Take it home", "Share: a link"):
        expect(page.get_by_text(text)).to_have_count(0 if controls else 1)
    expect(stage.root.get_by_text("Adjusted Rand index")).to_have_count(2 if controls else 0)
