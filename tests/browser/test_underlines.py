"""Terms are underlined once in each part of the page; a keyboard comes to those of a lesson."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import Stage, eventually
from tests.browser.test_glossary import BUBBLE, expect_explained

# What is underlined in what a selector names, and can be seen.
UNDERLINED = """
(selector) => [...(CSS.highlights.get("glossary") ?? [])]
  .filter(({ startContainer: node }) => node.isConnected && node.parentElement.closest(selector))
  .map(({ startContainer: node, startOffset, endOffset }) => node.data.slice(startOffset, endOffset))
"""

# How many pictures of the playing stage had words with terms, and how many of these no underline.
WATCH = """
() => {
  window.seen = window.bare = 0;
  const look = () => {
    const words = document.querySelector(".em-words");
    if (/share|ellipse|mean/.test(words.textContent)) {
      window.seen += 1;
      const ranges = [...CSS.highlights.get("glossary")];
      if (!ranges.some(({ startContainer }) => words.contains(startContainer))) window.bare += 1;
    }
    requestAnimationFrame(look);
  };
  look();
}
"""


def open_limit(page: Page, server: str) -> None:
    page.goto(f"{server}/lessons?lesson=limit")
    expect(page.locator(".em-question[data-glossary]")).to_be_visible(timeout=60_000)


def expect_underlined(page: Page, selector: str) -> None:
    def is_underlined() -> None:
        assert page.evaluate(UNDERLINED, selector) != []

    eventually(page, is_underlined)


def test_a_run_that_plays_keeps_its_underlines(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    expect_underlined(page, ".em-main")
    page.evaluate(WATCH)
    stage.action("play").click()
    stage.wait_at(6)
    assert page.evaluate("window.seen") > 0
    assert page.evaluate("window.bare") == 0


def test_a_lesson_presented_then_the_next_and_left_has_underlines(page: Page, server: str) -> None:
    open_limit(page, server)
    page.locator(".em-predict input").fill("100")
    page.get_by_role("button", name="That is my guess").click()
    page.get_by_role("button", name="Show what happened").click()
    page.get_by_role("button", name="Present").click()
    expect_underlined(page, ".em-stage.em-present .em-words")
    expect_underlined(page, ".em-lesson-panel")
    page.get_by_role("button", name="Next lesson").click()
    expect(page.locator(".em-question")).to_contain_text("Diag")
    expect_underlined(page, ".em-stage.em-present .em-words")
    expect_underlined(page, ".em-question")
    page.get_by_role("button", name="Leave").click()
    expect_underlined(page, ".em-stage:not(.em-present) .em-words")


def test_a_term_is_underlined_once_in_each_part(page: Page, server: str) -> None:
    open_limit(page, server)
    expect_underlined(page, ".em-lesson-panel")
    assert page.locator(".em-lesson-panel").inner_text().count("circle") > 1
    for part in (".em-lesson-panel", ".em-half:first-child"):
        words = [word.lower().removesuffix("s") for word in page.evaluate(UNDERLINED, part)]
        assert len(words) == len(set(words)), words


def test_a_keyboard_reads_the_question_of_a_lesson_and_sees_what_comes_next(page: Page, server: str) -> None:
    open_limit(page, server)
    question = page.locator(".em-question")
    bubble = page.locator(BUBBLE)
    page.locator(".em-course select").last.focus()
    for asked, term in ((question, "component"), (page.locator(".em-predict legend"), "cluster")):
        # Once its terms have been found.
        expect(asked).to_have_attribute("tabindex", "0")
        page.keyboard.press("Tab")
        expect(asked).to_be_focused()
        expect_explained(page, term)
        box = bubble.bounding_box()
        assert box is not None
        for control in page.locator(".em-predict :is(legend, input, button)").all():
            other = control.bounding_box()
            assert other is not None
            is_right = box["x"] >= other["x"] + other["width"]
            is_below = box["y"] >= other["y"] + other["height"]
            is_above = box["y"] + box["height"] <= other["y"]
            assert is_right or is_below or is_above, (box, other)
        page.keyboard.press("ArrowDown")
        expect(bubble).to_be_focused()
        # Round inside: to the last, and on to the first again.
        page.keyboard.press("Shift+Tab")
        expect(bubble.get_by_role("button", name="All terms")).to_be_focused()
        page.keyboard.press("Tab")
        expect(bubble.get_by_role("button").first).to_be_focused()
        page.keyboard.press("Escape")
        expect(bubble).to_be_hidden()
        expect(asked).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".em-predict input")).to_be_focused()


def test_a_question_that_the_page_itself_goes_to_is_not_explained_unasked(page: Page, server: str) -> None:
    open_limit(page, server)
    page.locator(".em-predict input").focus()
    page.keyboard.type("100")
    page.locator(".em-question").evaluate("(node) => node.focus()")
    page.wait_for_timeout(300)
    expect(page.locator(BUBBLE)).to_be_hidden()
