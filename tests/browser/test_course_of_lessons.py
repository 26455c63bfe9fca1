"""From lesson to lesson: back and forward, to the lab and back, and how far somebody is."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import STAGE
from tests.browser.lesson import REFUSED, Lesson, Line
from tests.browser.stage import PATIENCE, Stage
from ui.lessons import LESSONS


def test_back_leads_to_the_lesson_before(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "names")
    lesson.choose("units")
    lesson.stage.wait_for_address(lesson="units")
    lesson.choose("circles")
    page.go_back()
    lesson.begins("units")
    page.go_back()
    lesson.begins("names")
    page.go_forward()
    lesson.begins("units")


def test_back_leads_to_the_lesson_before_though_streamlit_forgets_that_it_was_back(
    unused_page: Callable[..., Page], server: str
) -> None:
    page = unused_page()
    line = Line(page)
    lesson = Lesson(page, server, "names")
    lesson.choose("units")
    line.hold()
    page.go_back()
    lesson.waits()
    # Of two requests at once it keeps the newer one, here that of the page itself.
    line.go_on_with(b'"lesson"')
    lesson.begins("names")
    expect(page).to_have_url(re.compile("lesson=names"))


@pytest.mark.parametrize("back", [True, False], ids=["back", "list"])
def test_whoever_thinks_better_of_another_lesson_goes_on_in_this_one(
    unused_page: Callable[..., Page], server: str, back: bool
) -> None:
    page = unused_page()
    line = Line(page)
    lesson = Lesson(page, server, "names", "&stop=reveal")
    lesson.guess()
    line.hold()
    lesson.ask_for("units")
    lesson.waits()
    if back:
        page.go_back()
    else:
        lesson.ask_for("names")
    line.go_on()
    expect(lesson.root).not_to_have_attribute("aria-busy", "true", timeout=PATIENCE)
    expect(lesson.root).to_have_attribute("data-lesson", "names")
    lesson.at("act")
    lesson.button("class_alone").click()
    lesson.stage.go_to(3)
    lesson.stage.wait_for_address(lesson="names", stop="reveal", at="3")


def test_a_lesson_that_was_left_goes_on_where_it_was(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "names")
    lesson.to_the_reveal()
    lesson.choose("units")
    lesson.guess()
    lesson.root.get_by_role("combobox", name=lesson.around["lesson"]).select_option("names")
    expect(lesson.root).to_have_attribute("data-lesson", "names", timeout=PATIENCE)
    lesson.at("reveal")
    lesson.stage.wait_at(lesson.stage.last)
    lesson.button("again").click()
    lesson.at("question")
    page.go_back()
    expect(lesson.root).to_have_attribute("data-lesson", "units", timeout=PATIENCE)
    lesson.at("act")
    expect(lesson.button("predict")).to_be_hidden()


def test_a_lesson_is_taken_up_again_after_another_page(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "names")
    lesson.to_the_reveal()
    page.get_by_role("link", name="Lab", exact=True).click()
    expect(lesson.root).to_have_count(0)
    page.wait_for_selector(STAGE)
    page.get_by_role("link", name="Lessons", exact=True).click()
    lesson.at("reveal")
    expect(lesson.option("same")).to_be_checked()


@pytest.mark.parametrize(("name", "path"), [("two_starts", "/"), ("limit", "/compare")])
def test_a_lesson_goes_on_in_the_lab(page: Page, server: str, name: str, path: str) -> None:
    lesson = Lesson(page, server, name)
    lesson.to_the_reveal()
    expect(lesson.root).to_be_visible()
    lesson.button("lab").click()
    page.wait_for_url(lambda url: "lesson" not in url, timeout=PATIENCE)
    page.wait_for_selector(STAGE)
    wanted = {key: text for key, text in LESSONS[name].after.items() if key != "at"}
    assert page.url.removeprefix(server).split("?")[0] == path
    assert Stage(page).wait_for_address(**wanted).items() >= wanted.items()


def test_progress_is_kept_for_this_browser_until_it_is_forgotten(
    another_page: Callable[..., Page], server: str
) -> None:
    page = another_page()
    lesson = Lesson(page, server, "names")
    done = lesson.root.get_by_text(re.compile(r"^\d+ of \d+ done$"))
    expect(done).to_have_text(f"0 of {len(LESSONS)} done")
    expect(lesson.button("forget")).to_be_hidden()
    lesson.guess()
    expect(done).to_have_text(f"0 of {len(LESSONS)} done")
    lesson.button("change").click()
    lesson.button("reveal").click()
    expect(done).to_have_text(f"1 of {len(LESSONS)} done")
    page.reload()
    lesson.begins("names")
    expect(done).to_have_text(f"1 of {len(LESSONS)} done")
    expect(lesson.root.locator("option:checked").first).to_have_text(re.compile("^✓ "))
    other = Lesson(another_page(), server, "names")
    expect(other.root.get_by_text(f"0 of {len(LESSONS)} done")).to_be_visible()
    lesson.button("forget").click()
    expect(done).to_have_text(f"0 of {len(LESSONS)} done")
    expect(lesson.button("forget")).to_be_hidden()
    page.reload()
    lesson.begins("names")
    expect(done).to_have_text(f"0 of {len(LESSONS)} done")


def test_where_the_browser_keeps_nothing_a_lesson_is_taken_all_the_same(
    unused_page: Callable[..., Page], server: str
) -> None:
    page = unused_page()
    page.add_init_script(REFUSED)
    lesson = Lesson(page, server, "names")
    lesson.to_the_reveal()
    expect(lesson.root.get_by_text(f"1 of {len(LESSONS)} done")).to_be_visible()
