"""Every lesson in a browser, from its question to what came of it, on the live stage."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lesson import PHONE, Lesson
from tests.browser.test_everybody import faults
from tests.browser.test_touch import Fingers
from ui.lessons import LESSONS
from ui.lessons.words import words, words_of
from ui.workspace.lessons import facts_of


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_leads_from_its_question_to_what_came_of_it(page: Page, server: str, name: str) -> None:
    lesson = Lesson(page, server, name)
    expect(lesson.root.get_by_role("heading")).to_be_visible()
    expect(lesson.button("reveal")).to_be_hidden()
    before = lesson.stage.data("log-likelihood"), lesson.stage.last
    lesson.guess()
    expect(page.get_by_text(lesson.said["act"])).to_be_visible()
    expect(lesson.root.get_by_role("group", name=lesson.said["ask"]).locator("input").first).to_be_disabled()
    if LESSONS[name].change:
        expect(lesson.button("reveal")).to_be_hidden()
        lesson.button("change").click()
        lesson.at("changed")
        lesson.stage.wait_until_still()
        assert (lesson.stage.data("log-likelihood"), lesson.stage.last) != before
        lesson.stage.wait_at(lesson.stage.last)
    lesson.button("reveal").click()
    lesson.at("reveal")
    said = lesson.root.locator("[aria-live=polite]", has_text=lesson.around["next"])
    expect(said).to_contain_text(re.compile("^(You said |Your flag stood at )"))
    # The first words of what came of it, up to the first number.
    expect(said).to_contain_text(lesson.said["reveal"].split("{")[0])
    expect(lesson.root).to_have_attribute("data-verdict", re.compile("right|close|far"))
    at = LESSONS[name].at
    lesson.stage.wait_at(lesson.stage.last if at is None else at)
    lesson.stage.wait_for_address(lesson=name, lang="en", at=str(lesson.stage.index))
    last = name == [*LESSONS][-1]
    expect(lesson.button("again" if last else "forward")).to_be_focused()


def test_a_lesson_by_keys_alone(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "half_steps")
    press = page.keyboard.press
    lesson.option("ellipses").focus()
    press("Space")
    press("ArrowDown")
    expect(lesson.option("colours")).to_be_checked()
    press("Enter")
    lesson.at("act")
    expect(lesson.button("reveal")).to_be_focused()
    press("ArrowRight")
    lesson.stage.wait_at(2)
    press("Enter")
    lesson.at("reveal")
    expect(lesson.root).to_have_attribute("data-verdict", "far")
    expect(lesson.button("forward")).to_be_focused()
    press("Enter")
    lesson.begins("where_next")
    expect(lesson.root.get_by_role("heading")).to_be_focused()
    # To the fields of a place, whose flag the arrow keys then move.
    for axis, value in (("x", "0.5"), ("y", "1.25")):
        # Past the terms of the question, which can be reached as well.
        while not lesson.root.locator(f"input[aria-label={axis}]:focus").count():
            press("Tab")
        page.keyboard.type(value)
    expect(lesson.flag).to_be_visible()
    lesson.flag.focus()
    press("ArrowLeft")
    press("Shift+ArrowDown")
    x, y = lesson.place()
    assert 0 < 0.5 - x < 0.4
    assert 0.4 < 1.25 - y < 2
    lesson.stage.wait_at(1)
    # Who sees nothing of it hears where it went, as the panel writes it.
    said = f"({x:.2f}, {y:.2f})".replace("-", "−")
    expect(lesson.flag).to_have_accessible_name(re.compile(re.escape(said)))
    expect(lesson.root.locator(".em-place [aria-live=polite]")).to_have_text(said)
    for field in lesson.root.locator(".em-place input").all():
        expect(field).to_have_accessible_description(lesson.around["by_numbers"])


def test_a_lesson_by_touch(another_page: Callable[..., Page], server: str) -> None:
    page = another_page(390, 844, **PHONE)
    lesson = Lesson(page, server, "halfway")
    lesson.stage.picture.scroll_into_view_if_needed()
    spot = lesson.spot()
    page.touchscreen.tap(*spot)
    expect(lesson.flag).to_be_visible()
    (before,) = lesson.place()
    # Its foot is where the finger was, and a finger takes it further.
    grip = lesson.stage.centre(lesson.flag)
    Fingers(page).move((grip, (grip[0] - 60, grip[1])))
    (after,) = lesson.place()
    assert lesson.pixels([before])[0] == pytest.approx(spot[0], abs=2)
    assert lesson.pixels([after])[0] == pytest.approx(spot[0] - 60, abs=2)
    for key, step in (("predict", "act"), ("reveal", "reveal")):
        lesson.button(key).tap()
        lesson.at(step)
    expect(lesson.button("forward")).to_be_in_viewport()
    # Everything in one column, and nothing wider than the screen.
    assert page.evaluate("document.querySelector('[data-testid=lesson]').scrollWidth") <= 390
    lesson.button("forward").tap()
    lesson.begins("half_steps")
    expect(lesson.root.get_by_role("heading")).to_be_in_viewport()


def test_a_flag_is_put_dragged_typed_and_follows_the_view(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "where_next")
    spot = lesson.spot()
    page.mouse.click(*spot)

    def stands_at(pixels: tuple[float, float]) -> None:
        # The foot of the pole.
        box = lesson.flag.bounding_box()
        assert box is not None
        foot = box["x"] + box["width"] / 4, box["y"] + 0.96 * box["height"]
        assert foot == pytest.approx(pixels, abs=2)

    stands_at(spot)
    assert lesson.pixels(lesson.place()) == pytest.approx(spot, abs=2)
    grip = lesson.stage.centre(lesson.flag)
    lesson.stage.drag(grip, (grip[0] - 90, grip[1] + 40))
    stands_at((spot[0] - 90, spot[1] + 40))
    assert lesson.pixels(lesson.place()) == pytest.approx((spot[0] - 90, spot[1] + 40), abs=2)
    lesson.root.get_by_role("spinbutton", name="x", exact=True).fill("-1")
    lesson.root.get_by_role("spinbutton", name="y", exact=True).fill("2")
    lesson.root.get_by_text("More tools").click()
    lesson.stage.button("Zoom out").click()
    lesson.stage.wait_until_still()
    stands_at(lesson.pixels([-1, 2]))
    page.set_viewport_size({"width": 1250, "height": 760})
    lesson.stage.wait_until_still()
    stands_at(lesson.pixels([-1, 2]))
    # No point was asked for by the way.
    expect(lesson.root.locator(".em-ring").first).to_be_hidden()

    lesson.button("predict").click()
    lesson.button("reveal").click()
    expect(lesson.flag).to_be_disabled()
    facts = facts_of("where_next")
    wanted = [float(facts["x"]), float(facts["y"])]
    shown = lesson.root.get_by_text(lesson.around["truth"], exact=True)
    box = shown.bounding_box()
    assert box is not None
    # A ring is about the place; the words stand aside on their own ground, and the mean's number is free.
    around = lesson.root.locator(".em-flag-truth").bounding_box()
    number = lesson.stage.handle(1).bounding_box()
    assert around is not None
    assert number is not None
    assert (around["x"], around["y"]) == pytest.approx(lesson.pixels(wanted), abs=2)
    assert box["y"] > number["y"] + number["height"] or box["y"] + box["height"] < number["y"]
    assert abs(box["x"] - around["x"]) < 60 or abs(box["x"] + box["width"] - around["x"]) < 60
    ground = shown.evaluate("node => getComputedStyle(node).backgroundColor")
    assert re.fullmatch(r"rgb\(.*\)", ground), "opaque"
    away = ((-1 - wanted[0]) ** 2 + (2 - wanted[1]) ** 2) ** 0.5
    expect(lesson.root.get_by_text(f"You were {away:.2f} away.")).to_be_visible()
    lesson.button("again").click()
    lesson.at("question")
    expect(lesson.flag).to_be_hidden()
    expect(shown).to_be_hidden()


def test_a_flag_out_of_sight_comes_into_it_when_it_is_focused(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "where_next")
    flags = lesson.root.locator(".em-flags")
    page.get_by_text("More tools").click()
    fields = [lesson.root.get_by_role("spinbutton", name=name, exact=True) for name in ("x", "y")]
    for places in (("60", "1"), ("-60", "1"), ("60", "-40")):
        lesson.stage.button("Fit the view").click()
        lesson.stage.wait_until_still()
        for field, text in zip(fields, places, strict=True):
            field.fill(text)
        lesson.flag.focus()
        lesson.stage.wait_until_still()
        assert flags.evaluate("(node) => [node.scrollLeft, node.scrollTop]") == [0, 0]
        expect(lesson.flag).to_be_focused()
        box, picture = lesson.flag.bounding_box(), lesson.stage.picture.bounding_box()
        assert box is not None
        assert picture is not None
        assert picture["x"] < box["x"] < picture["x"] + picture["width"] - box["width"]
        assert picture["y"] < box["y"] < picture["y"] + picture["height"] - box["height"]
        place = [float(text) for text in places]
        assert lesson.place() == place, "it stands where it stood"
        foot = box["x"] + box["width"] / 4, box["y"] + 0.96 * box["height"]
        assert foot == pytest.approx(lesson.pixels(place), abs=2)


def test_the_tab_is_called_what_the_lesson_is_called(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "half_steps")
    expect(page).to_have_title(f"{lesson.said['title']} · GMM Lab")
    lesson.root.get_by_role("combobox", name="Language").select_option("de")
    expect(page).to_have_title(f"{words_of('half_steps', 'de')['title']} · GMM Lab")
    page.get_by_role("link", name="Lab", exact=True).click()
    expect(page).to_have_title("GMM Lab")


def test_escape_leaves_the_view_for_a_lecture_hall(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "half_steps")
    for focused in (lesson.stage.root, lesson.root.get_by_role("heading")):
        lesson.stage.root.focus()
        page.keyboard.press("p")
        expect(lesson.stage.button("Leave")).to_be_visible()
        focused.focus()
        page.keyboard.press("Escape")
        expect(lesson.stage.button("Leave")).to_be_hidden()


def test_both_pictures_stay_side_by_side_however_long_the_numbers_are(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "limit")
    pictures = lesson.root.locator(".em-half .em-picture")

    def tops() -> list[float]:
        boxes = [picture.bounding_box() for picture in pictures.all()]
        return [box["y"] for box in boxes if box]

    before = tops()
    assert before[0] == before[1]
    lesson.to_the_reveal()
    lesson.stage.wait_until_still()
    value = lesson.root.locator(".em-half .em-value").last
    expect(value).to_contain_text("·10")
    assert tops() == before
    for index in range(3):
        lesson.stage.go_to(index)
        assert tops() == before, "what is said of a step moves nothing"


def test_a_run_by_hand_is_told_of_in_the_reveal(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "two_starts")
    lesson.guess()
    stage = lesson.stage
    start = stage.centre(stage.handle(1))
    stage.wait_for_change(
        "states", "log-likelihood", do=lambda: stage.drag(start, (start[0] + 80, start[1] - 60))
    )
    stage.wait_at(0)
    stage.go_to(stage.last)
    end, steps = f"{stage.log_likelihood:.1f}".replace("-", "−"), stage.data("iteration")
    away = float(facts_of("two_starts")["best"]) - stage.log_likelihood
    lesson.button("change").click()
    lesson.at("changed")
    lesson.button("reveal").click()
    wanted = f"Your own start ended at {end} after {steps} steps. That is {abs(away):.1f} away"
    expect(lesson.root.get_by_text(wanted)).to_be_visible()
    # Again from the beginning nothing of it is left.
    lesson.button("again").click()
    lesson.to_the_reveal()
    expect(lesson.root.get_by_text(re.compile("Your own start"))).to_have_count(0)


def test_a_run_by_hand_that_is_undone_in_the_reveal_is_told_of_no_more(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "two_starts")
    lesson.to_the_reveal()
    stage = lesson.stage
    stage.go_to(0)
    told = lesson.root.get_by_text(re.compile("Your own start"))
    expect(told).to_have_count(0)
    start = stage.centre(stage.handle(1))
    stage.wait_for_change("states", do=lambda: stage.drag(start, (start[0] + 80, start[1] - 60)))
    expect(told).to_be_visible()
    stage.button("Undo").click()
    expect(told).to_have_count(0)


def test_means_stand_still_where_a_lesson_needs_no_hand(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "collapse")
    expect(lesson.stage.handle(1)).to_be_disabled()


def test_the_language_is_changed_without_losing_the_step(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "collapse")
    language = lesson.root.get_by_role("combobox", name="Language")
    lesson.option("rests").check()
    language.select_option("de")
    german, around = words_of("collapse", "de"), words("de")["page"]
    expect(lesson.root.get_by_role("radio", name=german["options"]["rests"], exact=True)).to_be_checked()
    lesson.stage.wait_for_address(lesson="collapse", lang="de")
    for key in ("predict", "change", "reveal"):
        lesson.root.get_by_role("button", name=around[key], exact=True).click()
    revealed = lesson.root.locator("[aria-live=polite]", has_text=around["next"])
    # A comma before the decimals.
    expect(revealed).to_contain_text(re.compile(r"−\d+,\d zur"))
    language.select_option("en")
    lesson.at("reveal")
    expect(lesson.root.get_by_text("You said it comes to rest.")).to_be_visible()
    expect(lesson.root).to_have_attribute("lang", "en")


def test_a_link_opens_in_its_language_at_its_half_step(page: Page, server: str) -> None:
    lesson = Lesson(page, server, "names", "&lang=de&at=5", "de")
    lesson.stage.wait_at(5)
    expect(page.get_by_text(words_of("names", "de")["question"])).to_be_visible()
    lesson.stage.go_to(8)
    lesson.stage.wait_for_address(lesson="names", lang="de", at="8")


def test_presenting_shows_the_lesson_alone(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    lesson = Lesson(page, server, "collapse")
    lesson.stage.button("Present").click()
    navigation = page.get_by_role("link", name="Lab", exact=True)
    expect(navigation).to_be_hidden()
    question = lesson.root.get_by_role("heading")
    expect(question).to_be_in_viewport(ratio=1)
    expect(lesson.stage.picture).to_be_in_viewport(ratio=1)
    assert float(question.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)")) >= 22
    lesson.to_the_reveal()
    expect(lesson.button("forward")).to_be_in_viewport(ratio=1)
    # The next lesson goes on like that, and leaving leads back to the page.
    lesson.button("forward").click()
    lesson.begins("units")
    expect(navigation).to_be_hidden()
    lesson.stage.root.get_by_role("button", name="Leave", exact=True).click()
    expect(navigation).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_flag_and_what_came_of_it_shut_nobody_out(page: Page, server: str, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    lesson = Lesson(page, server, "where_next")
    page.mouse.click(*lesson.spot())
    assert faults(page) == []
    lesson.button("predict").click()
    lesson.button("reveal").click()
    assert faults(page) == []


def test_a_press_answers_within_a_frame(page: Page, server: str) -> None:
    """What the panel says; the stage's own speed is the stage's."""
    lesson = Lesson(page, server, "stacked")
    lesson.field.fill("50")
    for key in ("predict", "reveal"):
        milliseconds = lesson.button(key).evaluate(
            "(button) => { const at = performance.now(); button.click(); return performance.now() - at; }"
        )
        assert milliseconds < 50, "a slow machine's three frames"
