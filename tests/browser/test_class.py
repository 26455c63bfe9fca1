"""A teacher and a class on one server: they guess, talk, guess again, and then see what happened."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import STAGE
from tests.browser.lesson import PHONE, REFUSED, Lesson, Line
from tests.browser.stage import PATIENCE, eventually
from tests.browser.test_everybody import faults
from ui.lessons import LESSONS
from ui.lessons.lesson import Choice
from ui.workspace.classroom import FORGED
from ui.workspace.lessons import facts_of

NAME = "names"
PREDICTION = LESSONS[NAME].prediction
assert isinstance(PREDICTION, Choice)
OPTIONS = PREDICTION.options


class Teacher(Lesson):
    """Of a class, with the fold below the lesson open."""

    def __init__(self, page: Page, server: str) -> None:
        super().__init__(page, server, NAME)
        page.get_by_text("With a class").click()
        expect(self.press("Collect predictions")).to_be_visible(timeout=PATIENCE)

    def press(self, name: str) -> Locator:
        """A button of the fold."""
        return self.page.get_by_role("button", name=name, exact=True)

    def collect(self) -> None:
        """Opens a room, in which nobody has guessed yet."""
        self.press("Collect predictions").click()
        self.counts(*[(0, 0)] * len(OPTIONS))

    @property
    def link(self) -> str:
        """What the class opens, once there is a room."""
        shown = self.page.get_by_test_id("stCode").first
        expect(shown).to_contain_text("room=", timeout=PATIENCE)
        return shown.inner_text().strip()

    def own_link(self) -> str:
        """What opens the room elsewhere."""
        self.page.get_by_role("button", name="Your own link").click()
        shown = self.page.get_by_test_id("stCode").filter(has_text="teacher=")
        link = shown.inner_text().strip()
        self.page.keyboard.press("Escape")
        expect(shown).to_be_hidden()
        return link

    def forget(self, what: str) -> None:
        """Clears or ends the room, which asks once."""
        choice = self.page.get_by_role("button", name=re.compile(f"^{what}: "))
        # It stays open after the one before.
        if not choice.is_visible():
            self.press("Clear or end …").click()
        choice.click()

    def counts(self, *rows: tuple[int, int]) -> None:
        """Until the room has said so: alone and after talking, an answer a row."""
        cells = self.page.locator(".class-votes .class-count")
        expect(cells).to_have_text([str(count) for row in rows for count in row], timeout=PATIENCE)


class Student(Lesson):
    """One of the class, who has the link and a phone."""

    def __init__(self, page: Page, server: str, link: str) -> None:
        self.frames: list[bytes] = []
        page.on("websocket", lambda line: line.on("framereceived", self.hear))
        super().__init__(page, server, NAME, "&" + urlsplit(link).query.partition("&")[2])

    def hear(self, payload: str | bytes) -> None:
        self.frames.append(payload if isinstance(payload, bytes) else payload.encode())

    def choose(self, option: str) -> None:
        """Says that it is this."""
        self.option(option).check()
        self.button("predict").click()

    def hears(self, key: str) -> None:
        """Until the page says that of the guess."""
        expect(self.root.get_by_test_id("class-note")).to_have_attribute("data-status", key, timeout=PATIENCE)
        expect(self.root.get_by_text(self.around[f"class_{key}"])).to_be_visible()


def test_a_class_guesses_twice_before_its_teacher_shows_what_happened(
    another_page: Callable[..., Page], server: str
) -> None:
    teacher = Teacher(another_page(1920, 1080), server)
    teacher.collect()
    own = urlsplit(teacher.own_link())
    secret = own.fragment.removeprefix("teacher=").partition(".")[2]
    assert len(secret) > 20
    assert secret not in own.query, "a log would keep it"
    assert secret not in teacher.link
    assert "teacher" not in teacher.page.url, "it may be on a screen"
    code = teacher.page.get_by_role("img", name=f"QR code that opens {teacher.link}")
    expect(code).to_be_visible()

    one, other = (Student(another_page(390, 844, **PHONE), server, teacher.link) for _ in range(2))
    for student, option in ((one, OPTIONS[0]), (other, OPTIONS[1])):
        student.choose(option)
        student.hears("counted")
        expect(student.root.get_by_text(student.around["stopped"])).to_be_visible(timeout=PATIENCE)
        # Nothing here shows what happens, neither a button nor a key nor the answers on paper.
        expect(student.root.get_by_text(student.said["act"])).to_be_hidden()
        for key in ("reveal", "change"):
            expect(student.button(key)).to_be_hidden()
        expect(student.root.locator(".em-transport")).to_be_hidden()
        before = student.stage.index
        student.page.locator(STAGE).press("End")
        assert student.stage.index == before
        expect(student.page.get_by_text("to print")).to_be_hidden()
        expect(student.page.get_by_text("With a class")).to_be_hidden()
    teacher.counts((1, 0), (1, 0), (0, 0))

    other.button("class_neighbour").click()
    other.choose(OPTIONS[0])
    other.hears("not_yet")
    teacher.press("Second round").click()
    expect(teacher.press("Second round")).to_be_disabled(timeout=PATIENCE)
    other.button("class_resend").click()
    other.hears("counted")
    expect(other.button("class_neighbour")).to_be_hidden()
    teacher.counts((1, 1), (1, 0), (0, 0))
    expect(teacher.page.get_by_text("1 not counted: sent twice")).to_be_visible(timeout=PATIENCE)

    # A page that is opened again is the same person.
    one.page.reload()
    one.begins(NAME)
    one.choose(OPTIONS[2])
    one.hears("already")
    teacher.counts((1, 1), (1, 0), (0, 0))

    mark = teacher.page.locator(".class-mark")
    expect(mark).to_be_hidden()
    teacher.to_the_reveal()
    expect(mark).to_be_visible(timeout=PATIENCE)
    marked = OPTIONS.index(str(facts_of(NAME)[str(PREDICTION.of)]))
    expect(teacher.page.locator(".class-votes tbody tr").nth(marked)).to_have_class("happened")

    for page in (teacher.page, other.page):
        assert faults(page) == []
    for student in (one, other):
        assert student.frames, "or nobody has listened"
        assert not any(secret.encode() in frame for frame in student.frames)
        assert secret not in student.page.content() + student.page.url

    expect(teacher.press("End")).to_be_hidden()
    other.button("class_alone").click()
    expect(other.button("change")).to_be_visible()
    # A room that was cleared is another one for a page that remembers the one before.
    teacher.forget("Clear")
    expect(mark).to_be_hidden(timeout=PATIENCE)
    other.button("class_anew").click()
    other.choose(OPTIONS[2])
    teacher.counts((0, 0), (0, 0), (1, 0))
    other.hears("counted")

    other.button("change").click()
    other.button("reveal").click()
    other.at("reveal")

    teacher.forget("End")
    expect(teacher.press("Collect predictions")).to_be_visible(timeout=PATIENCE)


def test_a_guess_that_the_server_was_too_busy_for_is_counted_with_what_came_after(
    another_page: Callable[..., Page], unused_page: Callable[..., Page], server: str
) -> None:
    teacher = Teacher(another_page(), server)
    teacher.collect()
    page = unused_page()
    line = Line(page)
    student = Student(page, server, teacher.link)
    line.hold()
    student.choose(OPTIONS[1])
    student.hears("sending")
    expect(student.button("class_resend")).to_be_visible(timeout=PATIENCE)
    student.button("class_resend").click()
    expect(student.button("class_resend")).to_be_hidden()
    student.ask_for("units")
    student.waits()
    line.go_on()
    student.begins("units")
    teacher.counts((0, 0), (1, 0), (0, 0))
    expect(student.root.get_by_test_id("class-note")).to_be_hidden()
    page.go_back()
    expect(student.root).to_have_attribute("data-lesson", NAME, timeout=PATIENCE)
    student.hears("counted")


def test_what_a_student_has_guessed_is_remembered_when_they_come_back(
    another_page: Callable[..., Page], server: str
) -> None:
    teacher = Teacher(another_page(), server)
    teacher.collect()
    student = Student(another_page(), server, teacher.link)
    student.choose(OPTIONS[0])
    student.hears("counted")

    def comes_back() -> None:
        expect(student.root).to_have_attribute("data-lesson", NAME, timeout=PATIENCE)
        student.at("act")
        expect(student.option(OPTIONS[0])).to_be_checked()
        expect(student.option(OPTIONS[0])).to_be_disabled()
        student.hears("counted")
        student.stage.wait_for_address(lesson=NAME, stop="reveal")
        assert "room=" in student.page.url

    student.ask_for("units")
    expect(student.root).to_have_attribute("data-lesson", "units", timeout=PATIENCE)
    expect(student.button("class_neighbour")).to_be_hidden()
    student.ask_for(NAME)
    comes_back()
    student.page.get_by_role("link", name="Lab", exact=True).click()
    expect(student.root).to_have_count(0)
    student.page.get_by_role("link", name="Lessons", exact=True).click()
    comes_back()
    teacher.press("Second round").click()
    expect(teacher.press("Second round")).to_be_disabled(timeout=PATIENCE)
    student.button("class_neighbour").click()
    student.choose(OPTIONS[1])
    student.hears("counted")
    student.at("act")
    teacher.counts((1, 0), (0, 1), (0, 0))
    expect(teacher.page.get_by_text("not counted")).to_have_count(0)


def test_two_tabs_of_one_student_are_one_student(another_page: Callable[..., Page], server: str) -> None:
    teacher = Teacher(another_page(), server)
    teacher.collect()
    one = Student(another_page(), server, teacher.link)
    other = Student(one.page.context.new_page(), server, teacher.link)
    one.choose(OPTIONS[0])
    one.hears("counted")
    other.choose(OPTIONS[1])
    other.hears("already")
    teacher.counts((1, 0), (0, 0), (0, 0))


def test_a_room_is_its_teachers_after_loading_again_and_nobody_elses(
    another_page: Callable[..., Page], server: str
) -> None:
    teacher = Teacher(another_page(), server)
    teacher.collect()
    own = teacher.own_link()
    for _ in range(2):
        teacher.page.reload()
        teacher.begins(NAME)
        teacher.counts((0, 0), (0, 0), (0, 0))

    page = another_page()
    page.goto(own)
    expect(page.locator(".class-votes")).to_be_visible(timeout=PATIENCE)
    expect(page).not_to_have_url(re.compile("teacher="), timeout=PATIENCE)
    forger = another_page()
    forger.goto(own[:-1] + ("a" if own[-1] != "a" else "b"))
    expect(forger.get_by_text(FORGED)).to_be_visible(timeout=PATIENCE)
    expect(forger.locator(".class-votes")).to_be_hidden()


def test_the_last_row_sees_the_room_beside_the_lesson_and_alone(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    teacher = Teacher(page, server)
    teacher.press("Collect predictions").click()
    votes = page.locator(".class-votes")
    expect(votes).to_be_visible(timeout=PATIENCE)
    teacher.page.get_by_role("button", name="Present").click()
    shown = (votes, page.locator(".class-invite"), teacher.press("Second round"))
    for size in ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080}):
        page.set_viewport_size(size)
        for node in shown:
            expect(node).to_be_in_viewport(ratio=1, timeout=PATIENCE)

    # They are drawn anew each second.
    def are_wide() -> None:
        assert votes.evaluate("(node) => node.getBoundingClientRect().width") > 500

    eventually(page, are_wide)
    teacher.guess()
    teacher.button("change").click()
    teacher.button("reveal").click()
    teacher.at("reveal")
    for size in ({"width": 1280, "height": 720}, {"width": 1920, "height": 1080}):
        page.set_viewport_size(size)
        for node in (*(teacher.button(key) for key in ("again", "forward", "lab")), votes):
            expect(node).to_be_in_viewport(ratio=1, timeout=PATIENCE)
    panel = teacher.root.locator(".em-lesson-panel")
    assert panel.evaluate("(node) => node.scrollHeight <= node.clientHeight + 1")
    teacher.page.get_by_role("button", name="Leave").click()
    page.get_by_text("Fill the window").click()
    for node in (votes, page.locator(".class-code"), teacher.press("Second round")):
        expect(node).to_be_in_viewport(ratio=1, timeout=PATIENCE)

    def is_large() -> None:
        assert votes.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") > 36

    eventually(page, is_large)


@pytest.mark.parametrize("name", [NAME, "half_steps"])
def test_keys_lead_to_what_stands_in_the_place_of_the_reveal(page: Page, server: str, name: str) -> None:
    lesson = Lesson(page, server, name, "&stop=reveal")
    lesson.root.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    note = lesson.root.get_by_test_id("class-note")
    expect(note).to_be_focused()
    expect(note).to_contain_text(lesson.around["stopped"])
    expect(lesson.button("change")).to_be_hidden()


def test_a_teacher_whose_browser_keeps_nothing_collects_all_the_same(
    unused_page: Callable[..., Page], server: str
) -> None:
    page = unused_page()
    page.add_init_script(REFUSED)
    teacher = Teacher(page, server)
    teacher.collect()
    student = Student(page.context.new_page(), server, teacher.link)
    student.choose(OPTIONS[0])
    student.hears("counted")
    teacher.counts((1, 0), (0, 0), (0, 0))


def test_a_link_that_only_stops_leaves_the_reveal_to_the_teacher(page: Page, server: str) -> None:
    lesson = Lesson(page, server, NAME, "&stop=reveal")
    lesson.guess()
    expect(lesson.root.get_by_text(lesson.around["stopped"])).to_be_visible()
    expect(lesson.button("reveal")).to_be_hidden()
    lesson.button("class_alone").click()
    expect(lesson.root.get_by_text(lesson.said["act"])).to_be_visible()
    expect(lesson.root.get_by_text(lesson.around["stopped"])).to_be_hidden()
    expect(page.get_by_text("to print")).to_be_hidden()
    page.wait_for_url(re.compile("stop=reveal"))


def test_a_room_goes_with_its_teacher_to_another_lesson_and_its_students_follow(
    another_page: Callable[..., Page], server: str
) -> None:
    teacher = Teacher(another_page(1920, 1080), server)
    teacher.collect()
    code = parse_qs(urlsplit(teacher.link).query)["room"][0]
    student = Student(another_page(390, 844, **PHONE), server, teacher.link)
    student.choose(OPTIONS[0])
    student.hears("counted")

    teacher.choose("where_next")
    here = teacher.press("Collect for this lesson too")
    expect(here).to_have_count(2, timeout=PATIENCE)
    expect(here.first).to_be_in_viewport()
    here.first.click()
    flags = teacher.page.locator(".class-map")
    expect(flags).to_be_visible(timeout=PATIENCE)
    expect(teacher.page.get_by_text(f"lessons?room={code}")).to_be_visible()
    expect(here).to_have_count(0)

    # What is pressed next takes its page along.
    student.button("class_neighbour").click()
    student.choose(OPTIONS[1])
    student.begins("where_next")
    student.hears("moved")
    student.page.wait_for_url(re.compile(f"lesson=where_next.*room={code}"))
    late = another_page(390, 844, **PHONE)
    late.goto(f"{server}/lessons?room={code}")
    expect(late.get_by_test_id("lesson")).to_have_attribute("data-lesson", "where_next", timeout=60_000)
    expect(late.get_by_test_id("lesson")).to_have_attribute("data-waits", "")

    for field in student.root.locator(".em-place input").all():
        field.fill("1")
    student.button("predict").click()
    student.hears("counted")
    expect(flags).to_have_attribute("alt", re.compile("alone 1, after talking 0"), timeout=PATIENCE)
    # Near or far says who is right, and so does the place.
    key = teacher.page.locator(".class-key")
    expect(key).not_to_contain_text("what happened")
    expect(teacher.page.locator(".class-votes")).to_have_count(0)
    teacher.page.get_by_text("Mark what happened").click()
    expect(key).to_contain_text("what happened", timeout=PATIENCE)
