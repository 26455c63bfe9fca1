"""Every term explains itself where it stands: on hover, focus and tap, and none of it is in anybody's way."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched, open_lab
from tests.browser.stage import Stage, eventually
from tests.browser.test_everybody import CHOICES, faults, forget_the_question_for_health, open_page
from tests.browser.test_touch import PHONE
from ui.glossary.words import glossary_words

WORDS = glossary_words("en")

BUBBLE = ".glossary-bubble"

# The middle of the first occurrence of some words in what a selector names, brought into sight.
WHERE = """
([words, selector]) => {
  for (const root of document.querySelectorAll(selector)) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode, start = node.data.indexOf(words);
      if (start < 0) continue;
      const range = document.createRange();
      range.setStart(node, start);
      range.setEnd(node, start + words.length);
      node.parentElement.scrollIntoView({ block: "center" });
      const { left, right, top, bottom, width } = range.getBoundingClientRect();
      if (width) return { left, right, top, bottom };
    }
  }
  return null;
}
"""

# How often the page has been looked through for terms.
COUNT_LOOKS = """
() => {
  const set = CSS.highlights.set;
  window.looks = 0;
  CSS.highlights.set = (...all) => { window.looks += 1; return set.apply(CSS.highlights, all); };
}
"""

Box = dict[str, float]


def box_of(page: Page, words: str, selector: str) -> Box:
    """Where the words are on the window, once they have come to rest there."""
    boxes: list[Box | None] = [None]

    def is_still() -> None:
        boxes.append(page.evaluate(WHERE, [words, selector]))
        assert boxes[-1] is not None
        assert boxes[-1] == boxes[-2], boxes[-2:]

    eventually(page, is_still)
    box = boxes[-1]
    assert box is not None
    return box


def middle(box: Box) -> tuple[float, float]:
    return (box["left"] + box["right"]) / 2, (box["top"] + box["bottom"]) / 2


def hover(page: Page, words: str, selector: str) -> Box:
    # A page that still draws itself puts away what stood over it: who finds nothing points again.
    for _ in range(4):
        page.mouse.move(1, 1)
        box = box_of(page, words, selector)
        page.mouse.move(*middle(box))
        page.wait_for_timeout(1000)
        if page.locator(BUBBLE).is_visible():
            break
    return box


def expect_explained(page: Page, term: str) -> None:
    """By its sentences, its formula, set, and its picture; on the window as a whole."""
    bubble = page.locator(BUBBLE)
    expect(bubble).to_be_visible()
    expect(bubble).to_have_attribute("data-term", term)
    expect(bubble).to_contain_text(WORDS[term]["say"])
    expect(bubble.locator(".katex").first).to_be_visible()
    expect(bubble.locator(".glossary-picture path")).to_have_count(3)
    expect(bubble).to_be_in_viewport(ratio=1)


def expect_beside(page: Page, box: Box) -> None:
    """It does not cover what it explains."""
    bubble = page.locator(BUBBLE).bounding_box()
    assert bubble is not None
    top, bottom = bubble["y"], bubble["y"] + bubble["height"]
    assert bottom <= box["top"] + 1 or top >= box["bottom"] - 1, (bubble, box)


def open_choice(page: Page, server: str, watched: Watched, part: str) -> None:
    page.goto(server + CHOICES[f"choose, {part}"])
    page.wait_for_selector("[data-test-script-state=notRunning]", timeout=60_000)
    expect(page.get_by_role("button", name="Stop here")).to_have_count(0, timeout=60_000)
    forget_the_question_for_health(watched)


def test_a_pointer_that_rests_is_told(page: Page, server: str) -> None:
    open_lab(page, server, "at=5")
    for words, selector, term in (
        ("weight", ".em-table th", "weight"),
        ("iteration", ".em-curve .infolayer", "iteration"),
        ("gap", ".em-key", "lower_bound"),
        ("Components K", "[data-testid=stWidgetLabel]", "n_components"),
        ("Tied", "button", "tied"),
        ("share", ".em-words", "responsibility"),
    ):
        box = hover(page, words, selector)
        expect_explained(page, term)
        expect_beside(page, box)
        page.mouse.move(1, 1)
        expect(page.locator(BUBBLE)).to_be_hidden()


def test_it_stays_while_the_pointer_is_on_it_and_goes_with_escape(page: Page, server: str) -> None:
    open_lab(page, server, "at=5")
    hover(page, "mean", ".em-table th")
    expect_explained(page, "mean")
    bubble = page.locator(BUBBLE)
    # What the heading itself has to say stands in it, and not over it.
    expect(bubble).to_contain_text("The centre of the component")
    place = bubble.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 40, place["y"] + place["height"] / 2, steps=8)
    page.wait_for_timeout(700)
    expect(bubble).to_be_visible()
    bubble.get_by_role("button", name="centre").click()
    expect_explained(page, "centre")
    page.keyboard.press("Escape")
    expect(bubble).to_be_hidden()
    expect(page.locator(".em-table th[title='The centre of the component']")).to_have_count(1)


@pytest.mark.parametrize(
    ("part", "words", "selector", "term"),
    [
        ("which", "BIC", ".infolayer", "bic"),
        ("bayes", "concentration", ".xtitle", "concentration"),
        ("luck", "nats", ".infolayer", "nat"),
        ("sure", "Standard error", "h4", "standard_error"),
    ],
)
def test_axes_and_headings_of_the_choice_are_explained(
    page: Page, server: str, watched: Watched, part: str, words: str, selector: str, term: str
) -> None:
    open_choice(page, server, watched, part)
    hover(page, words, selector)
    expect_explained(page, term)


def test_the_comparison_the_lessons_and_the_data_are_explained(
    page: Page, server: str, watched: Watched
) -> None:
    open_page(page, watched, f"{server}/compare?dial=on&at=3")
    hover(page, "σ", ".infolayer")
    expect_explained(page, "sigma")
    hover(page, "What each family", "h4")
    hover(page, "family", "h4")
    expect_explained(page, "family")
    page.get_by_role("link", name="Lessons").click()
    expect(page.get_by_text("What is the share of one of them at a place?").first).to_be_visible()
    hover(page, "share", "h1, h2, h3, h4")
    expect_explained(page, "responsibility")
    page.get_by_role("link", name="Your data").click()
    csv = "x,y,z\n" + "".join(f"{i},{i * i % 17},{-i % 5}\n" for i in range(60))
    page.locator("input[type=file]").first.set_input_files(
        {"name": "table.csv", "mimeType": "text/csv", "buffer": csv.encode()}
    )
    expect(page.get_by_text("Which pair is worth fitting?")).to_be_visible(timeout=60_000)
    hover(page, "True classes", "[data-testid=stWidgetLabel]")
    expect_explained(page, "label")
    # One glossary for all of these pages.
    expect(page.locator("div.glossary")).to_have_count(1)


def test_a_keyboard_comes_to_headings_and_into_what_explains_them(page: Page, server: str) -> None:
    open_lab(page, server, "at=5")
    heading = page.locator(".em-table th", has_text="weight")
    expect(heading).to_have_attribute("tabindex", "0")
    described = page.locator(f"id={heading.get_attribute('aria-describedby')}")
    assert WORDS["weight"]["say"] in (described.text_content() or "")
    page.locator(".em-card", has=page.locator(".em-table")).evaluate("(card) => card.focus()")
    page.locator(".em-curve-zoom").focus()
    page.keyboard.press("Tab")
    for _ in range(6):
        if heading.evaluate("(node) => node === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(heading).to_be_focused()
    expect_explained(page, "weight")
    page.keyboard.press("Enter")
    expect(page.locator(BUBBLE)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(BUBBLE).get_by_role("button", name="component")).to_be_focused()
    page.keyboard.press("Enter")
    expect_explained(page, "component")
    page.keyboard.press("Escape")
    expect(page.locator(BUBBLE)).to_be_hidden()
    expect(heading).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(BUBBLE)).to_have_attribute("data-term", "mean")


def test_a_control_is_explained_by_a_key_and_does_its_own_work_when_pressed(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    slider = page.get_by_role("slider", name="Components K")
    slider.focus()
    page.keyboard.press("F1")
    expect_explained(page, "n_components")
    page.keyboard.press("Escape")
    expect(slider).to_be_focused()
    page.get_by_role("radio", name="Tied").click()
    stage.wait_for_address(family="tied")
    page.mouse.move(1, 1)
    expect(page.locator(BUBBLE)).to_be_hidden()
    # What people type stays theirs.
    field = page.get_by_label("Ask point number")
    field.focus()
    page.keyboard.type("7?")
    expect(page.locator(BUBBLE)).to_be_hidden()
    expect(field).to_have_value("7")


def test_all_terms_are_behind_one_button(page: Page, server: str) -> None:
    open_lab(page, server, "at=5")
    button = page.get_by_role("button", name="Glossary")
    expect(button).to_be_in_viewport(ratio=1)
    button.click()
    dialog = page.get_by_role("dialog", name="Glossary")
    expect(dialog.get_by_role("heading", name="On this page")).to_be_visible()
    terms = dialog.locator("section")
    expect(terms).to_have_count(len(WORDS) - 1)
    here = dialog.locator("div:has(> h3)").first
    expect(here.locator("section[data-term=weight]")).to_have_count(1)
    expect(here.locator("section[data-term=silhouette]")).to_have_count(0)
    page.keyboard.type("voronoi")
    expect(dialog.locator("section:visible")).to_have_count(1)
    expect(dialog.locator("section:visible")).to_have_attribute("data-term", "cell")
    # The stage beneath takes no notice of its keys.
    page.keyboard.type("zzz")
    expect(dialog.get_by_text(WORDS["page"]["none"])).to_be_visible()
    page.keyboard.press("Escape")
    if dialog.is_visible():  # the first one empties the field
        page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_a_thumb_taps_words_and_controls_keep_theirs(another_page: Callable[..., Page], server: str) -> None:
    page = another_page(390, 844, **PHONE)
    stage = Stage(open_lab(page, server))
    box = box_of(page, "weight", ".em-table th")
    page.touchscreen.tap(*middle(box))
    expect_explained(page, "weight")
    expect_beside(page, box)
    page.touchscreen.tap(5, 400)
    expect(page.locator(BUBBLE)).to_be_hidden()
    box = box_of(page, "E-step", "[data-action=next]")
    page.touchscreen.tap(*middle(box))
    stage.wait_at(1)
    expect(page.locator(BUBBLE)).to_be_hidden()
    button = page.get_by_role("button", name="Glossary")
    expect(button).to_be_in_viewport(ratio=1)
    button.tap()
    expect(page.get_by_role("dialog", name="Glossary")).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out_of_it(page: Page, server: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    open_lab(page, server, "at=5")
    hover(page, "weight", ".em-table th")
    expect_explained(page, "weight")
    assert faults(page) == []
    page.get_by_role("button", name="Glossary").click()
    expect(page.get_by_role("dialog", name="Glossary")).to_be_visible()
    assert faults(page) == []


def test_a_lesson_in_german_explains_in_german(another_page: Callable[..., Page], server: str) -> None:
    page = another_page()
    page.goto(f"{server}/lessons?lesson=stacked&lang=de")
    expect(page.locator("[data-testid=lesson][data-language=de]")).to_be_visible(timeout=60_000)
    hover(page, "Anteil", ".em-question")
    expect(page.locator(BUBBLE)).to_contain_text(glossary_words("de")["responsibility"]["say"])
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Glossar", exact=True).click()
    expect(page.get_by_role("dialog", name="Glossar")).to_be_visible()


def test_a_run_that_plays_is_not_looked_through(another_page: Callable[..., Page], server: str) -> None:
    page = another_page()
    stage = Stage(open_lab(page, server))
    page.wait_for_timeout(1500)
    page.evaluate(COUNT_LOOKS)
    stage.select("Speed").select_option("4")
    page.wait_for_timeout(600)
    before = page.evaluate("window.looks")
    stage.action("play").click()
    stage.wait_at(stage.last // 2)
    assert page.evaluate("window.looks") - before <= 1
    # Where a heading is new it is found when the page is calm.
    page.get_by_text("The mathematics").click()

    def is_looked_through() -> None:
        assert page.evaluate("window.looks") > before

    eventually(page, is_looked_through)


def test_a_drag_on_the_picture_asks_nothing(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    handle = stage.handle(1).bounding_box()
    assert handle is not None
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 30, steps=6)
    page.wait_for_timeout(600)
    expect(page.locator(BUBBLE)).to_be_hidden()
    page.mouse.up()
    eventually(page, lambda: _assert_address_has(page, "from="))


def _assert_address_has(page: Page, text: str) -> None:
    assert text in page.url
