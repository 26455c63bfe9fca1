"""Phones, laptops, lecture halls; light and dark; without a mouse."""

import re
from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import ROOT, Stage, eventually

TRANSPORT = ("first", "back", "next", "play", "last")

# Everything on the stage that can be used, with the name that a screen reader would say.
NAMES = f"""
() => [...document.querySelectorAll(`{ROOT} :is(button, select, input, a[href], [tabindex])`)]
  .filter((node) => node.checkVisibility())
  .map((node) => [node.tagName, node.type ?? "", node.disabled ?? false,
    (node.getAttribute("aria-label") ?? node.labels?.[0]?.textContent ?? node.textContent).trim()])
"""

FOCUSED = f"""
() => {{
  const node = document.activeElement;
  return node.closest(`{ROOT}`) ? node.getAttribute("aria-label") ?? node.textContent.trim() : null;
}}
"""

OUTLINE = """
() => {
  const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
  return [outlineStyle, parseFloat(outlineWidth)];
}
"""

COLOURS = f"""
() => [...document.querySelectorAll(
  `{ROOT} :is(p, strong, td, th, header, output, button, select), {ROOT} .xtick text`)]
  .filter((node) => node.checkVisibility() && node.textContent.trim() && !node.disabled)
  .filter((node) => !node.matches(".em-handle, .em-chip"))
  .map((node) => {{
    const behind = [];
    for (let at = node; at; at = at.parentElement) behind.push(getComputedStyle(at).backgroundColor);
    const style = getComputedStyle(node);
    const colour = node.tagName === "text" ? style.fill : style.color;
    return [node.textContent.trim().slice(0, 30), colour, behind];
  }})
"""


def parse(colour: str) -> np.ndarray:
    """Red, green, blue and opacity from 0 to 1."""
    numbers = [float(part) for part in re.findall(r"[\d.]+(?:e-?\d+)?", colour)]
    scale = 1 if colour.startswith("color(") else 255
    rgb = [part / scale for part in numbers[:3]]
    return np.array([*rgb, numbers[3] if len(numbers) > 3 else 1.0])


def luminance(rgb: np.ndarray) -> float:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(colour: str, behind: list[str]) -> float:
    """As WCAG 2 defines it, of text on all that is beneath it, innermost first."""
    ground = np.ones(3)
    for layer in map(parse, [*reversed(behind), colour]):
        under, ground = ground, layer[3] * layer[:3] + (1 - layer[3]) * ground
    light, dark = sorted([luminance(ground), luminance(under)], reverse=True)
    return (light + 0.05) / (dark + 0.05)


def assert_fits(page: Page) -> None:
    """Nothing can be scrolled sideways, and the transport lies under the picture."""
    widths = page.evaluate(
        "() => [document.documentElement, ...document.querySelectorAll('.stMain, .stAppViewContainer')]"
        ".map((node) => [node.scrollWidth, node.clientWidth])"
    )
    assert all(scroll <= client for scroll, client in widths)
    stage = Stage(page)
    picture = stage.picture.bounding_box()
    assert picture is not None
    for name in TRANSPORT:
        box = stage.action(name).bounding_box()
        assert box is not None
        assert box["x"] >= picture["x"] - 1, name
        assert box["x"] + box["width"] <= picture["x"] + picture["width"] + 1, name


def test_a_phone(another_page: Callable[..., Page], server: str) -> None:
    page = another_page(390, 844, has_touch=True, is_mobile=True, device_scale_factor=3)
    stage = Stage(open_lab(page, server))
    assert_fits(page)
    following = stage.action("next")
    box = following.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert box["height"] >= 36, "large enough for a thumb"
    for index in (1, 2):
        following.tap()
        stage.wait_at(index)
    stage.action("back").tap()
    stage.wait_at(1)
    picture = stage.picture.bounding_box()
    assert picture is not None
    assert picture["width"] > 300
    assert picture["height"] > 250
    stage.handle(1).tap()
    assert_fits(page)


def test_a_tablet_laptop_or_projector(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))

    def check() -> None:
        picture = stage.picture.bounding_box()
        parameters = stage.root.get_by_role("region", name="Parameters").bounding_box()
        assert picture is not None
        assert parameters is not None
        assert picture["width"] >= parameters["width"], f"the picture is the lesser part at {width}"
        assert_fits(page)

    for width, height in ((1280, 720), (1024, 768), (768, 1024)):
        page.set_viewport_size({"width": width, "height": height})
        stage.wait_until_still()
        eventually(page, check)


def test_a_lecture_hall(page: Page, server: str) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    stage = Stage(open_lab(page, server))
    assert_fits(page)
    for name in TRANSPORT:
        expect(stage.action(name)).to_be_in_viewport(ratio=1)
    picture = stage.picture.bounding_box()
    assert picture is not None
    assert picture["width"] * picture["height"] > 0.25 * 1920 * 1080, "the picture is what people come for"
    size = page.evaluate(
        "(node) => parseFloat(getComputedStyle(node).fontSize)", stage.action("play").element_handle()
    )
    assert size >= 15


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out(page: Page, server: str, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    stage = Stage(open_lab(page, server))
    background = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert (luminance(parse(background)[:3]) < 0.2) == (scheme == "dark")
    stage.step(2)
    page.mouse.move(0, 0)
    for text, colour, behind in page.evaluate(COLOURS):
        assert contrast(colour, behind) > 4.5, f"{text!r}: {colour} on {behind}"
    ellipses = {shape.colour for shape in stage.look().ellipses}
    for colour in ellipses:
        assert contrast(colour, [background]) > 2.2


def test_theme_changes_under_way(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(3)
    tick = stage.picture.locator(".xtick text").first
    light = tick.evaluate("(node) => getComputedStyle(node).fill")
    page.emulate_media(color_scheme="dark")
    expect(tick).not_to_have_css("fill", light)
    stage.wait_at(3)
    stage.step()
    assert stage.index == 4


def test_everything_has_a_name_and_is_reached_and_seen_by_tab(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step()
    stage.button("Add points").click()
    # Headings can be reached once their terms have been found.
    expect(stage.root.locator("[data-glossary]").first).to_be_visible()
    reached = walk_through(page, stage)
    nodes = page.evaluate(NAMES)
    assert all(name for *_, name in nodes), nodes
    wanted = {name for _, _, disabled, name in nodes if not disabled}
    assert wanted - reached.keys() == set()
    # The stage itself comes first, where no key has led.
    for name in wanted - {next(iter(reached))}:
        style, width = reached[name]
        assert style != "none", f"it cannot be seen that {name} has the focus"
        assert width >= 1.5, f"it can hardly be seen that {name} has the focus"


def walk_through(page: Page, stage: Stage) -> dict[str, tuple[str, float]]:
    """What Tab comes to on the stage, in its order, with the line around it."""
    reached: dict[str, tuple[str, float]] = {}
    stage.root.focus()
    for _ in range(1000):
        name = page.evaluate(FOCUSED)
        if name is None:
            return reached
        reached[name] = page.evaluate(OUTLINE)
        page.keyboard.press("Tab")
    raise AssertionError("Tab must lead out of the stage again")
