"""A lesson in a browser, as its tests take hold of it."""

import re

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from tests.browser.conftest import STAGE
from tests.browser.stage import PATIENCE, Stage
from ui.lessons import LESSONS
from ui.lessons.lesson import Choice, Place
from ui.lessons.words import words, words_of

PHONE = {"has_touch": True, "is_mobile": True, "device_scale_factor": 2}


REFUSED = """for (const name of ["getItem", "setItem", "removeItem"]) {
  const real = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...rest) {
    if (key.startsWith("gmm-lab")) throw new DOMException("refused", "SecurityError");
    return real.call(this, key, ...rest);
  };
}
"""
"""A browser that keeps nothing for this page."""


class Line:
    """What a page sends to the server, which may be held up: a server that is busy."""

    def __init__(self, page: Page) -> None:
        self.server: WebSocketRoute | None = None
        self.held: list[str | bytes] | None = None
        page.route_web_socket(re.compile("_stcore/stream"), self.open)

    def open(self, line: WebSocketRoute) -> None:
        self.server = line.connect_to_server()
        line.on_message(self.pass_on)

    def pass_on(self, message: str | bytes) -> None:
        if self.held is None:
            assert self.server is not None
            self.server.send(message)
        else:
            self.held.append(message)

    def hold(self) -> None:
        """Keeps what comes from now on."""
        self.held = []

    def go_on(self) -> None:
        """Passes on what was kept, all at once."""
        self.go_on_with(b"")

    def go_on_with(self, part: bytes) -> None:
        """Passes on what was kept and has that in it."""
        kept, self.held = self.held or [], None
        held = [message for message in kept if part in (message if isinstance(message, bytes) else b"")]
        assert held, "nothing was sent"
        for message in held:
            self.pass_on(message)


class Lesson:
    """A lesson on its page."""

    def __init__(self, page: Page, server: str, name: str, query: str = "", language: str = "en") -> None:
        page.goto(f"{server}/lessons?lesson={name}{query}")
        page.wait_for_selector(STAGE, timeout=60_000)
        self.page = page
        self.stage = Stage(page)
        self.root = page.get_by_test_id("lesson")
        self.begins(name, language)

    def begins(self, name: str, language: str = "en") -> None:
        """Until that lesson stands at its question, on its stage."""
        expect(self.root).to_have_attribute("data-lesson", name, timeout=PATIENCE)
        expect(self.root).to_have_attribute("data-step", "question")
        self.stage.wait_until_still()
        self.name, self.said, self.around = name, words_of(name, language), words(language)["page"]

    def button(self, key: str) -> Locator:
        """The one that the words around a lesson name so."""
        return self.root.get_by_role("button", name=self.around[key], exact=True)

    def at(self, step: str) -> None:
        """Until it has come to that step."""
        expect(self.root).to_have_attribute("data-step", step)

    @property
    def field(self) -> Locator:
        """For a guess that is a number."""
        return self.root.get_by_role("spinbutton", name=self.said["ask"])

    @property
    def flag(self) -> Locator:
        """For a guess that is a place."""
        return self.root.get_by_role("button", name=self.around["flag"])

    def option(self, key: str) -> Locator:
        """Of a guess that is a choice."""
        return self.root.get_by_role("radio", name=self.said["options"][key], exact=True)

    def place(self) -> list[float]:
        """Where the fields say that the flag stands."""
        return [float(field.input_value()) for field in self.root.locator(".em-place input").all()]

    def pixels(self, place: list[float]) -> tuple[float, float]:
        """Of a place in data units; on a line, at the axis."""
        return self.stage.axes().pixels((*place, 0)[:2])

    def spot(self) -> tuple[float, float]:
        """A place on the picture that is not the middle."""
        box = self.stage.picture.bounding_box()
        assert box is not None
        return box["x"] + 0.62 * box["width"], box["y"] + 0.41 * box["height"]

    def guess(self) -> None:
        """Whatever is easiest to say, with the mouse."""
        prediction = LESSONS[self.name].prediction
        expect(self.button("predict")).to_be_disabled()
        if isinstance(prediction, Choice):
            self.option(prediction.options[0]).check()
        elif isinstance(prediction, Place):
            self.page.mouse.click(*self.spot())
        else:
            self.field.fill(f"{prediction.low:g}")
        self.button("predict").click()
        self.at("act")

    def to_the_reveal(self) -> None:
        """From the question on."""
        self.guess()
        if LESSONS[self.name].change:
            self.button("change").click()
            self.at("changed")
        self.button("reveal").click()
        self.at("reveal")

    def choose(self, name: str) -> None:
        """From the list of all lessons."""
        self.ask_for(name)
        self.begins(name)

    def ask_for(self, name: str) -> None:
        """As `choose`, and waits for nothing."""
        self.root.get_by_role("combobox", name=self.around["lesson"]).select_option(name)

    def waits(self) -> None:
        """Until it waits for another lesson, which a line that is held keeps it from having at once."""
        expect(self.root).to_have_attribute("aria-busy", "true")
