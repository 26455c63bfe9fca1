"""Play and pause, the keys, and whose keys they are."""

from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import PICTURE, ROOT, Stage

# A dozen pictures or so, which play in two seconds at speed 4.
SHORT = "data=old_faithful&tol=0.01"

# Records, a frame at a time until the picture of that iteration and phase, what was drawn of the M-steps.
RECORD = f"""
([iteration, phase]) => {{
  const root = document.querySelector(`{ROOT}`);
  window.recorded = {{}};
  const frame = () => {{
    const paths = [...document.querySelectorAll(`{PICTURE} .shapelayer path`)];
    const drawn = paths.map((path) => path.getAttribute("d")).join(" ");
    if (root.dataset.phase === "M") {{
      const seen = (window.recorded[root.dataset.iteration] ??= []);
      if (seen.at(-1) !== drawn) seen.push(drawn);
    }}
    if (root.dataset.iteration !== iteration || root.dataset.phase !== phase) requestAnimationFrame(frame);
  }};
  frame();
}}
"""

FRAMES = """
(count) => new Promise((resolve) => {
  const frame = () => (count-- > 0 ? requestAnimationFrame(frame) : resolve());
  frame();
})
"""


def test_play_goes_to_the_end_and_begins_again(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, SHORT))
    stage.select("Speed").select_option(label="4×")
    stage.action("play").click()
    expect(stage.action("pause")).to_be_visible()
    stage.wait_at(stage.last)
    expect(stage.action("play")).to_be_visible()
    played = stage.look()
    stage.go_to(stage.last - 1)
    stage.step()
    assert stage.look() == played, "playing and stepping arrive at the same picture"

    stage.select("Speed").select_option(label="1×")
    stage.action("play").click()
    page.wait_for_function(
        "(root) => root.dataset.iteration === '1'", arg=stage.root.element_handle(), timeout=10_000
    )
    stage.action("pause").click()
    assert stage.index < stage.last


def test_pause_stops_on_a_whole_picture(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.select("Speed").select_option(label="3×")
    stage.action("play").click()
    page.wait_for_function(
        "(root) => Number(root.dataset.iteration) >= 2", arg=stage.root.element_handle(), timeout=10_000
    )
    stage.action("pause").click()
    expect(stage.action("play")).to_be_visible()
    paused = stage.look()
    page.evaluate(FRAMES, 40)
    assert stage.look() == paused
    index = stage.index
    stage.step()
    stage.action("back").click()
    stage.wait_at(index)
    assert stage.look() == paused


@pytest.mark.parametrize("wish", ["no-preference", "reduce"])
def test_ellipses_glide_unless_motion_is_to_be_reduced(
    page: Page, server: str, wish: Literal["no-preference", "reduce"]
) -> None:
    page.emulate_media(reduced_motion=wish)
    stage = Stage(open_lab(page, server))
    stage.select("Speed").select_option(label="3×")
    page.evaluate(RECORD, ["2", "E"])
    stage.action("play").click()
    page.wait_for_function("Object.keys(window.recorded).length >= 2", timeout=10_000)
    stage.wait(iteration=2, phase="E")
    recorded = page.evaluate("window.recorded")
    assert set(recorded) == {"1", "2"}
    for drawn in recorded.values():
        if wish == "reduce":
            assert len(drawn) == 1, "the ellipses should be where they go at once"
        else:
            assert len(drawn) > 1, "the ellipses should be seen on their way"


def test_keys_step_play_and_set_the_speed(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, SHORT))
    # From the first moment on, before anything was clicked, and after a click.
    page.keyboard.press("ArrowRight")
    stage.wait_at(1)
    stage.action("next").click()
    page.keyboard.press("ArrowLeft")
    stage.wait_at(1)
    page.keyboard.press("Home")
    stage.wait_at(0)
    for key, index in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowRight", 3),
        ("ArrowLeft", 2),
        ("End", stage.last),
        ("ArrowRight", stage.last),
        ("Home", 0),
        ("ArrowLeft", 0),
    ):
        page.keyboard.press(key)
        stage.wait_at(index)
    for speed in ("2", "3", "4", "1"):
        page.keyboard.press(speed)
        expect(stage.select("Speed")).to_have_value(speed)
    page.keyboard.press("4")
    page.keyboard.press("Space")
    expect(stage.action("pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(stage.action("play")).to_be_visible()
    # Once more to the end, where it stops by itself.
    page.keyboard.press("Space")
    stage.wait_at(stage.last)
    expect(stage.action("play")).to_be_visible()


def test_sidebar_keeps_its_own_keys(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(3)
    name = page.get_by_role("combobox", name="Data set")
    name.focus()
    for key in ("Home", "End", "ArrowLeft", "ArrowRight", "2", "Backspace"):
        page.keyboard.press(key)
    page.keyboard.press("Escape")
    assert stage.index == 3
    expect(stage.select("Speed")).to_have_value("1")

    slider = page.get_by_role("slider", name="Components K")
    slider.focus()
    page.keyboard.press("ArrowRight")
    stage.wait(components=4)
    stage.wait_at(3)
    expect(slider).to_be_focused()
    page.keyboard.press("ArrowRight")
    stage.wait(components=5)
    page.keyboard.press("End")
    stage.wait(components=12)
    stage.wait_at(3)


def test_a_choice_on_the_stage_keeps_its_own_keys(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(3)
    colours = stage.select("Colours")
    colours.focus()
    page.keyboard.press("ArrowDown")
    expect(colours).to_have_value("hard")
    page.keyboard.press("End")
    expect(colours).not_to_have_value("hard")
    assert stage.index == 3
    # On the scrubber the arrows mean the same as everywhere on the stage.
    stage.scrubber.focus()
    page.keyboard.press("ArrowRight")
    stage.wait_at(4)
    page.keyboard.press("Home")
    stage.wait_at(0)
