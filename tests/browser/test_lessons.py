"""Every lesson in a browser, from its question to what came of it, on the live stage."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import STAGE
from tests.browser.stage import Stage
from ui.lessons import LESSONS
from ui.lessons.lesson import Choice
from ui.lessons.words import words, words_of

PATIENCE = 60_000


def open_lesson(page: Page, server: str, query: str) -> Stage:
    page.goto(f"{server}/lessons?{query}")
    page.wait_for_selector(STAGE, timeout=PATIENCE)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return Stage(page)


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_leads_from_its_question_to_what_came_of_it(page: Page, server: str, name: str) -> None:
    lesson, said = LESSONS[name], words_of(name, "en")
    stage = open_lesson(page, server, f"lesson={name}")
    commit = page.get_by_role("button", name="That is my guess")
    expect(commit).to_be_disabled()
    if isinstance(lesson.prediction, Choice):
        page.get_by_role("radio", name=said["options"][lesson.prediction.options[0]]).check(force=True)
    else:
        field = page.get_by_role("spinbutton", name=said["ask"])
        field.fill(f"{lesson.prediction.low:g}")
        field.press("Enter")
    expect(commit).to_be_enabled()
    commit.click()
    if lesson.change:
        before = stage.data("log-likelihood")
        page.get_by_role("button", name="Do it").click()
        expect(stage.root).not_to_have_attribute("data-log-likelihood", before or "", timeout=PATIENCE)
    page.get_by_role("button", name="Show what happened").click()
    expect(page.get_by_text(re.compile("^You said "))).to_be_visible(timeout=PATIENCE)
    # The first words of what came of it, up to the first number.
    expect(page.get_by_text(said["reveal"].split("{")[0][:40]).first).to_be_visible()
    page.wait_for_url(re.compile(f"lesson={name}"))


def test_a_lesson_speaks_german_and_goes_on_to_the_lab(page: Page, server: str) -> None:
    open_lesson(page, server, "lesson=names&lang=de")
    said = words_of("names", "de")
    expect(page.get_by_text(said["question"])).to_be_visible()
    page.get_by_role("radio", name=said["options"]["same"]).check(force=True)
    around = words("de")["page"]
    for button in ("predict", "reveal", "lab"):
        page.get_by_role("button", name=around[button]).click()
    page.wait_for_url(lambda url: "lesson" not in url, timeout=PATIENCE)
    page.wait_for_selector(STAGE, timeout=PATIENCE)
