"""A link opens the same picture; a broken one opens a working stage and says what it ignored."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from gmm_core.datasets import CLASSICS
from tests.browser.conftest import open_lab
from tests.browser.stage import PATIENCE, Stage

CHOICES = ("Colours", "Behind", "Ellipses", "Axes")


def assert_link_opens_the_same(stage: Stage, fresh: Page) -> None:
    """The address of the stage's page shows, on a fresh page, what the stage shows."""
    stage.page.mouse.move(0, 0)
    stage.wait_until_still()
    seen = stage.look()
    chosen = [stage.select(name).input_value() for name in CHOICES]
    fresh.goto(stage.page.url)
    opened = Stage(fresh)
    opened.wait(**dict(seen.dataset))
    opened.wait_until_still()
    assert opened.look() == seen
    assert [opened.select(name).input_value() for name in CHOICES] == chosen
    expect(fresh.get_by_test_id("stAlert")).to_have_count(0)


def test_link_to_a_picture_under_way(page: Page, another_page: Callable[..., Page], server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(7)
    stage.select("Colours").select_option(label="Hard")
    stage.select("Behind").select_option(label="Responsibility field")
    stage.select("Ellipses").select_option(index=0)
    stage.wait_for_address(at="7", colour="hard", behind="field", level="1")
    assert_link_opens_the_same(stage, another_page())


def test_link_to_other_settings_and_a_dragged_mean(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "stretch=3&tilt=-20&start=random_points&start_seed=7&reg=0.01"))
    slider = page.get_by_role("slider", name="Components K")
    stage.wait_for_change("components", do=lambda: slider.press("ArrowRight"))
    stage.wait_for_change("log-likelihood", do=page.get_by_text("Diag", exact=True).click)
    start = stage.centre(stage.handle(4))
    end = start[0] + 41, start[1] - 33
    stage.wait_for_change("log-likelihood", do=lambda: stage.drag(start, end))
    stage.step(4)
    stage.button("Trails of the means").click()
    stage.select("Colours").select_option(label="Component 4")
    stage.select("Axes").select_option(label="Free scale")
    address = stage.wait_for_address(
        k="4", family="diag", at="4", colour="component", one="3", trails="off", scale="free", stretch="3"
    )
    assert address["from"].count("_") == 3
    assert address["tilt"] == "-20"
    # Going to an address, even from itself, begins a session that knows nothing but the address.
    assert_link_opens_the_same(stage, page)


def test_link_keeps_the_level_of_95_per_cent(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    ellipses = stage.select("Ellipses")
    ellipses.select_option(value=ellipses.locator("option", has_text="95.0").get_attribute("value"))
    stage.wait_for_address(level=".+")
    seen = stage.look()
    page.reload()
    stage.wait(points=500)
    assert "95.0" in ellipses.evaluate("(select) => select.selectedOptions[0]?.textContent ?? ''")
    assert stage.look() == seen


def test_link_to_points_made_by_hand(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=iris"))
    stage.step(3)
    stage.button("Add points").click()
    x, y = stage.centre(stage.picture)
    for n in range(3):
        page.mouse.click(x + 20 * n, y + 60)
        stage.wait(points=151 + n)
    stage.button("Remove points").click()
    page.mouse.click(x, y + 60)
    stage.wait(points=152)
    stage.button("Look").click()
    stage.step(2)
    stage.wait_for_address(data="iris", at="2", add=r"[^_]+(_[^_]+){2}", drop=r"\d+")
    assert_link_opens_the_same(stage, page)


@pytest.mark.parametrize(
    "query",
    [
        "k=99&family=foo&data=nothing&at=-5&level=x",
        "k=abc&from=garbage&n=0&reg=-1&tol=nan&colour=plaid&seed=1.5",
        "from=0.3,0,0,1,9,1_0.3,1,1,1,0,1_0.4,2,2,1,0,1&behind=wall&scale=huge&trails=maybe&one=44"
        "&start=nowhere&add=1,2,3&drop=x&stretch=1e9",
        "data=penguins&x=wings&y=beak",
        "data=old_faithful&x=waiting&y=waiting",
    ],
)
def test_broken_link_is_passed_over_with_a_word(page: Page, server: str, query: str) -> None:
    page.goto(f"{server}/?{query}")
    stage = Stage(page)
    stage.root.and_(page.locator("[data-points]")).wait_for()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    said = " ".join([*page.get_by_test_id("stAlert").all_inner_texts(), stage.root.inner_text()])
    for name, value in (pair.split("=") for pair in query.split("&")):
        if value in CLASSICS:
            continue
        named = f"“{name}”" in said or (name in "xy" and re.search("column", said) is not None)
        assert named, f"no word about {name!r} in: {said}"
    assert "Traceback" not in said
    if stage.data("components") not in ("", "0"):
        stage.step(2)
    else:
        expect(page.get_by_role("combobox", name="Data set")).to_be_visible()


def test_a_link_past_the_end_opens_the_last_picture(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=old_faithful&at=9999"))
    stage.wait_at(stage.last)
    stage.action("back").click()
    stage.wait_at(stage.last - 1)


def test_a_link_to_an_upload_asks_for_the_file(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=upload&k=4&at=3"))
    stage.wait(points=0)
    expect(stage.root).to_contain_text(re.compile("file", re.IGNORECASE))
    expect(page.locator('input[type="file"]')).to_be_attached()


def test_going_about_leaves_no_trail_in_the_history(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    before = page.evaluate("history.length")
    stage.step(6)
    stage.wait_for_address(at="6")
    assert page.evaluate("history.length") == before
    stage.action("first").click()
    stage.wait_for_address(at=None)
    assert stage.address == {}, "what everybody has anyway is left out"


def test_what_is_shared_is_what_is_seen_also_on_a_page_that_a_link_opened(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "n=60&k=2&at=3"))
    page.get_by_text("Share: a link").click()
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text("at=3", timeout=PATIENCE)
    stage.step(2)
    expect(code).to_contain_text("at=5", timeout=PATIENCE)
    stage.select("Behind").select_option(label="Density contours")
    expect(code).to_contain_text("behind=contours", timeout=PATIENCE)
    stage.wait_at(5)
