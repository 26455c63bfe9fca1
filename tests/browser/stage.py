"""What a test sees and does on the stage: its data-* attributes, its accessible names, its pixels."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
from playwright.sync_api import Locator, Page, TimeoutError, expect

ROOT = '[data-testid="em-stage"]'

PICTURE = f'{ROOT} [aria-label="The picture"]'

# Nothing may take longer once the lab is open, not even on a busy machine.
PATIENCE = 20_000

_LOOK = """
async (root) => {
  const picture = root.querySelector("[aria-label='The picture']");
  const attributes = [...root.attributes].filter(({ name }) => name.startsWith("data-"));
  const dataset = attributes.map(({ name, value }) => [name.slice("data-".length), value]);
  const shapes = [...picture.querySelectorAll(".shapelayer path")].map((path) => [
    path.getAttribute("d"), path.style.stroke, path.style.strokeDasharray, Number(path.style.opacity || 1),
  ]);
  const digest = async (canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
    return `${canvas.width}x${canvas.height} ${hash.slice(0, 8)}`;
  };
  // Everything is read before the first wait, so that it belongs together.
  const canvases = [...picture.querySelectorAll("canvas")].map(digest);
  return { dataset, shapes, canvases: await Promise.all(canvases) };
}
"""

_TICKS = """
(picture) => {
  const middle = (node, axis) => {
    const box = node.getBoundingClientRect();
    return axis === "x" ? box.x + box.width / 2 : box.y + box.height / 2;
  };
  const read = (axis) => {
    const grid = picture.querySelectorAll(`.gridlayer path.${axis}grid`);
    const lines = [...grid].map((path) => middle(path, axis));
    return [...picture.querySelectorAll(`.${axis}tick text`)]
      .map((text) => [Number(text.textContent.replace("\\u2212", "-")), middle(text, axis)])
      .map(([value, place]) => [value, lines.find((line) => Math.abs(line - place) < 4)])
      .filter(([value, line]) => Number.isFinite(value) && line !== undefined);
  };
  return { x: read("x"), y: read("y") };
}
"""


@dataclass(frozen=True)
class Shape:
    """A path that Plotly drew on the picture, in pixels."""

    path: str
    colour: str
    dash: str
    opacity: float

    @property
    def is_ellipse(self) -> bool:
        """Whether it is one of the mixture shown, not a trail, nor one of a mixture of before."""
        return self.path.endswith("Z") and self.opacity == 1


@dataclass(frozen=True)
class Look:
    """The whole picture at one moment; equal pictures are equal values."""

    dataset: tuple[tuple[str, str], ...]
    """(name, value) of every data-<name>."""
    canvases: tuple[str, ...]
    """A digest of every canvas's pixels."""
    shapes: tuple[Shape, ...]

    @property
    def ellipses(self) -> tuple[Shape, ...]:
        """Those of the mixture shown: at 1 sigma, and dashed at the chosen level."""
        return tuple(shape for shape in self.shapes if shape.is_ellipse)

    @property
    def solid(self) -> tuple[Shape, ...]:
        """The ellipses at 1 sigma, one a component."""
        return tuple(shape for shape in self.ellipses if shape.dash in ("", "none"))


@dataclass(frozen=True)
class Axes:
    """(scale, offset) such that the drawn grid puts a value at scale * value + offset, in CSS pixels."""

    x: tuple[float, float]
    y: tuple[float, float]

    def pixels(self, place: Any) -> tuple[float, float]:
        """Of a place (x, y) in data units."""
        return self.x[0] * place[0] + self.x[1], self.y[0] * place[1] + self.y[1]

    def data(self, pixels: Any) -> tuple[float, float]:
        """The place in data units of (x, y) on the page."""
        return (pixels[0] - self.x[1]) / self.x[0], (pixels[1] - self.y[1]) / self.y[0]


class Stage:
    """The stage on a page that has one."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(ROOT)
        self.picture = page.locator(PICTURE)
        self.scrubber = self.root.get_by_role("slider", name="Half-step")

    def action(self, name: str) -> Locator:
        """The button that goes "next", "back", "first" or "last", or lets "play" or "pause"."""
        return self.root.locator(f'button[data-action="{name}"]')

    def button(self, name: str) -> Locator:
        """The button of that accessible name."""
        return self.root.get_by_role("button", name=name, exact=True)

    def select(self, name: str) -> Locator:
        """The choice of that accessible name."""
        return self.root.get_by_role("combobox", name=name, exact=True)

    def handle(self, k: int) -> Locator:
        """The button on the mean of component k, counted from 1."""
        return self.root.get_by_role("button", name=re.compile(rf"^Mean {k}\b"))

    def handles(self) -> Locator:
        """The buttons on all means."""
        return self.root.get_by_role("button", name=re.compile(r"^Mean \d"))

    # What it says of itself

    def data(self, name: str) -> str:
        """The attribute data-<name>."""
        return self.root.get_attribute(f"data-{name}") or ""

    @property
    def log_likelihood(self) -> float:
        """In nats, as a number."""
        return float(self.data("log-likelihood"))

    @property
    def index(self) -> int:
        """The picture's number, in half-steps from the start."""
        iteration, phase = int(self.data("iteration")), self.data("phase")
        return {"start": 0, "E": 2 * iteration + 1, "M": 2 * iteration}[phase]

    @property
    def last(self) -> int:
        """The number of the last picture."""
        return int(self.scrubber.get_attribute("max") or 0)

    def look(self) -> Look:
        """The picture as it is now."""
        seen = self.root.evaluate(_LOOK)
        return Look(
            tuple(sorted((name, value) for name, value in seen["dataset"] if name != "testid")),
            tuple(seen["canvases"]),
            tuple(Shape(*shape) for shape in seen["shapes"]),
        )

    def axes(self) -> Axes:
        """Fitted to the drawn grid lines and the numbers at them, by least squares."""
        ticks = self.picture.evaluate(_TICKS)
        return Axes(_line(ticks["x"]), _line(ticks["y"]))

    def centre(self, locator: Locator) -> tuple[float, float]:
        """The middle of an element, in CSS pixels on the page."""
        box = locator.bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    # Waiting

    def wait(self, **attributes: Any) -> None:
        """Until every data-<name> (underscores for hyphens) is the given value."""
        wanted = {name.replace("_", "-"): str(value) for name, value in attributes.items()}
        self._wait_until("([name, value]) => root.getAttribute(`data-${name}`) === value", wanted)

    def wait_at(self, index: int) -> None:
        """Until the picture of that number is shown."""
        phase = "start" if index == 0 else "E" if index % 2 else "M"
        self.wait(iteration=index // 2, phase=phase)

    def wait_for_change(self, *names: str, do: Callable[[], Any]) -> None:
        """Until, after `do()`, each data-<name> is another than before; needed where Python runs."""
        before = {name: self.data(name) for name in names}
        do()
        self._wait_until("([name, value]) => root.getAttribute(`data-${name}`) !== value", before)

    def _wait_until(self, condition: str, attributes: dict[str, str]) -> None:
        # Asked at every frame; an assertion about a locator would ask at growing intervals.
        try:
            self.page.wait_for_function(
                f"""(attributes) => {{
                  const root = document.querySelector(`{ROOT}`);
                  return root && Object.entries(attributes).every({condition});
                }}""",
                arg=attributes,
                timeout=PATIENCE,
            )
        except TimeoutError as error:
            found = {name: self.data(name) for name in attributes}
            raise AssertionError(f"waited for {condition} of {attributes}, found {found}") from error

    def wait_for_address(self, **parameters: str | None) -> dict[str, str]:
        """Until the address has each of these (a pattern, or None for absent), and then all it has."""
        self.page.wait_for_function(
            """(wanted) => {
              const has = new URLSearchParams(location.search);
              return Object.entries(wanted).every(([name, pattern]) =>
                pattern === null ? !has.has(name) : new RegExp(`^(?:${pattern})$`).test(has.get(name) ?? ""));
            }""",
            arg=parameters,
            timeout=PATIENCE,
        )
        return self.address

    @property
    def address(self) -> dict[str, str]:
        """What the page's address says."""
        query = parse_qs(urlsplit(self.page.url).query, keep_blank_values=True)
        return {name: values[0] for name, values in query.items()}

    def catch_up(self) -> None:
        """Until what the stage puts off until the picture is on the screen is done."""
        self.page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 1)))")

    def wait_until_still(self) -> None:
        """Until a few frames on end show the same in the same place."""
        seen: list[Any] = []
        for _ in range(600):
            self.page.evaluate("new Promise(requestAnimationFrame)")
            seen = [*seen[-3:], (self.look(), self.picture.bounding_box())]
            if len(seen) == 4 and all(now == seen[0] for now in seen):
                return
        raise AssertionError("the picture never comes to rest")

    # Doing

    def step(self, times: int = 1) -> None:
        """Presses the button that goes on, and waits for each picture."""
        for _ in range(times):
            wanted = self.index + 1
            self.action("next").click()
            self.wait_at(wanted)

    def go_to(self, index: int) -> None:
        """Moves the scrubber there at once."""
        self.scrubber.fill(str(index))
        self.wait_at(index)

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, drop: bool = True) -> None:
        """Presses at a place on the page, moves to another, and lets go if asked to."""
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=8)
        if drop:
            mouse.up()


def eventually(page: Page, check: Callable[[], None]) -> None:
    """Until `check()` raises no AssertionError any more: for what moves on its own, as sidebars do."""
    deadline = time.monotonic() + PATIENCE / 1000
    while True:
        try:
            return check()
        except AssertionError:
            if time.monotonic() > deadline:
                raise
        page.evaluate("new Promise(requestAnimationFrame)")


def choose(page: Page, label: str, option: str) -> None:
    """Picks from a list; one that opens while the page still moves beneath it closes again."""
    box, wanted = (
        page.get_by_role("combobox", name=label),
        page.get_by_role("option", name=option, exact=True),
    )
    box.scroll_into_view_if_needed()

    def open_list() -> None:
        if not wanted.is_visible():
            box.click()
        expect(wanted).to_be_visible(timeout=2_000)

    eventually(page, open_list)
    wanted.click()


def _line(ticks: list[list[float]]) -> tuple[float, float]:
    values, places = np.transpose(ticks)
    scale, offset = np.polyfit(values, places, deg=1)
    return scale, offset
