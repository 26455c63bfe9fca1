"""Zoom and pan, and that points, ellipses and handles lie where the axes say."""

import re

import numpy as np
import pytest
from playwright.sync_api import FloatRect, Page, expect

from tests.browser.conftest import open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import PICTURE, Axes, Stage, eventually

# How far, in CSS pixels, a drawn thing may be from where the drawn grid puts it.
CLOSE = 1.5

# The middle of the painted pixels within `radius` CSS pixels of each place on the page.
MIDDLE_OF_PAINT = f"""
([places, radius]) => {{
  const canvas = document.querySelector(`{PICTURE} canvas.em-points`);
  const box = canvas.getBoundingClientRect();
  const ratio = canvas.width / box.width;
  const side = Math.round(2 * radius * ratio);
  return places.map(([x, y]) => {{
    const [left, top] = [(x - box.x - radius) * ratio, (y - box.y - radius) * ratio].map(Math.round);
    const {{ data }} = canvas.getContext("2d").getImageData(left, top, side, side);
    let [mass, atX, atY] = [0, 0, 0];
    for (let i = 0; i < side * side; i++) {{
      const opacity = data[4 * i + 3];
      mass += opacity;
      atX += opacity * (i % side + 0.5);
      atY += opacity * (Math.floor(i / side) + 0.5);
    }}
    return [box.x + (left + atX / mass) / ratio, box.y + (top + atY / mass) / ratio];
  }});
}}
"""


def lonely_pixels(points: np.ndarray, axes: Axes, gap: float, box: FloatRect) -> list[list[float]]:
    """Where on the page points are that have no other within `gap` pixels and are well within the box."""
    pixels = np.array([axes.pixels(point) for point in points])
    gaps = np.linalg.norm(pixels[:, None] - pixels, axis=2)
    np.fill_diagonal(gaps, np.inf)
    low = np.array([box["x"], box["y"]]) + gap
    high = low + np.array([box["width"], box["height"]]) - 2 * gap
    seen = (gaps.min(axis=1) > gap) & (pixels > low).all(axis=1) & (pixels < high).all(axis=1)
    return pixels[seen].tolist()


def assert_aligned(stage: Stage) -> None:
    """Points, handles and ellipses of the picture are where the grid says that they are."""
    data, run = outcome_of(stage.address)
    axes = stage.axes()
    canvas = stage.page.locator(f"{PICTURE} canvas.em-points").first.bounding_box()
    assert canvas is not None
    places = lonely_pixels(data.points, axes, 20, canvas)
    assert len(places) >= 3
    found = np.array(stage.page.evaluate(MIDDLE_OF_PAINT, [places, 9]))
    assert np.linalg.norm(found - places, axis=1).max() < CLOSE

    mixture = run.states[int(stage.data("iteration"))].mixture
    layer = stage.picture.locator(".shapelayer path").evaluate_all(
        """(paths) => paths.map((path) => path.getBoundingClientRect())
          .map(({ x, y, width, height }) => [x + width / 2, y + height / 2, width, height])"""
    )
    ellipses = layer[-2 * mixture.n_components :][: mixture.n_components]
    for k, (mean, covariance) in enumerate(zip(mixture.means, mixture.covariances, strict=True)):
        wanted = axes.pixels(mean)
        x, y, width, height = ellipses[k]
        assert np.hypot(x - wanted[0], y - wanted[1]) < CLOSE
        assert abs(width - 2 * np.sqrt(covariance[0, 0]) * axes.x[0]) < 2 * CLOSE + 3
        assert abs(height + 2 * np.sqrt(covariance[1, 1]) * axes.y[0]) < 2 * CLOSE + 3
        handle = stage.handle(k + 1)
        if handle.is_visible():
            place = stage.centre(handle)
            assert np.hypot(place[0] - wanted[0], place[1] - wanted[1]) < CLOSE


def wheel(stage: Stage, amount: float) -> None:
    """Turns the wheel over the middle of the picture with Ctrl held, until the axes have followed."""
    before = stage.axes()
    stage.page.mouse.move(*stage.centre(stage.picture))
    stage.page.keyboard.down("Control")
    stage.page.mouse.wheel(0, amount)
    stage.page.keyboard.up("Control")
    wait_for_other_axes(stage, before)


def wait_for_other_axes(stage: Stage, before: Axes) -> None:
    """Until the drawn grid is another, and the picture has come to rest."""
    for _ in range(300):
        stage.page.evaluate("new Promise(requestAnimationFrame)")
        if stage.axes() != before:
            stage.wait_until_still()
            return
    raise AssertionError("the axes did not move")


@pytest.mark.parametrize("query", ["", "data=old_faithful"], ids=["alike", "unlike"])
def test_everything_lies_where_the_axes_say(page: Page, server: str, query: str) -> None:
    stage = Stage(open_lab(page, server, query))
    assert_aligned(stage)
    stage.step(3)
    page.mouse.move(0, 0)
    assert_aligned(stage)
    axes = stage.axes()
    if query == "":
        assert axes.x[0] == pytest.approx(-axes.y[0], rel=1e-2), "a circle must look like a circle"
    else:
        expect(stage.picture).to_contain_text(re.compile("scaled separately", re.IGNORECASE))


def test_zoom_and_pan_survive_steps_and_reruns(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    fitted = stage.axes()
    wheel(stage, -300)
    zoomed = stage.axes()
    assert zoomed.x[0] > 1.1 * fitted.x[0]
    assert_aligned(stage)

    middle = stage.centre(stage.picture)
    # Beside the means, where a press pans.
    start = middle[0] + 150, middle[1] - 130
    stage.drag(start, (start[0] - 60, start[1] + 40))
    wait_for_other_axes(stage, zoomed)
    panned = stage.axes()
    assert panned.x[1] - zoomed.x[1] == pytest.approx(-60, abs=CLOSE)
    assert panned.y[1] - zoomed.y[1] == pytest.approx(40, abs=CLOSE)
    assert_aligned(stage)

    stage.step(5)
    assert stage.axes() == panned
    stage.wait_for_change("log-likelihood", do=page.get_by_role("button", name="New start").click)
    assert stage.axes() == panned
    stage.wait_for_address(start_seed="2")
    assert_aligned(stage)
    page.get_by_role("slider", name="Components K").press("ArrowRight")
    stage.wait(components=4)
    assert stage.axes() == panned

    stage.button("Fit the view").click()
    wait_for_other_axes(stage, panned)
    assert stage.axes().x == pytest.approx(fitted.x, abs=CLOSE / 2)
    assert stage.axes().y == pytest.approx(fitted.y, abs=CLOSE / 2)


def test_panning_while_playing(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    before = stage.axes()
    stage.select("Speed").select_option(label="3×")
    stage.action("play").click()
    stage.wait(iteration=1)
    middle = stage.centre(stage.picture)
    start = middle[0] + 150, middle[1] - 130
    stage.drag(start, (start[0] + 50, start[1] - 50), drop=False)
    stage.wait(iteration=3)
    page.mouse.move(start[0] + 50, start[1] + 50, steps=8)
    stage.wait(iteration=5)
    page.mouse.up()
    stage.action("pause").click()
    stage.wait_until_still()
    after = stage.axes()
    assert after.x[1] - before.x[1] == pytest.approx(50, abs=CLOSE)
    assert after.y[1] - before.y[1] == pytest.approx(50, abs=CLOSE)
    assert_aligned(stage)


def test_keys_zoom_and_fit(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    fitted = stage.axes()
    stage.root.focus()
    page.keyboard.press("+")
    wait_for_other_axes(stage, fitted)
    zoomed = stage.axes()
    assert zoomed.x[0] == pytest.approx(1.25 * fitted.x[0], rel=1e-2)
    assert_aligned(stage)
    page.keyboard.press("0")
    wait_for_other_axes(stage, zoomed)
    assert stage.axes().x == pytest.approx(fitted.x, abs=CLOSE / 2)


def test_other_data_are_shown_whole(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    wheel(stage, -600)
    stage.wait_for_change("log-likelihood", do=page.get_by_role("button", name="New data").click)
    stage.wait_for_address(seed="2")
    data, _ = outcome_of(stage.address)
    canvas = page.locator(f"{PICTURE} canvas.em-points").first.bounding_box()
    assert canvas is not None
    axes = stage.axes()
    pixels = np.array([axes.pixels(point) for point in data.points])
    low = np.array([canvas["x"], canvas["y"]])
    assert (pixels >= low).all()
    assert (pixels <= low + np.array([canvas["width"], canvas["height"]])).all()


def test_free_scale_fills_the_picture_and_says_so(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    equal = stage.axes()
    note = re.compile("scaled separately", re.IGNORECASE)
    expect(stage.picture).not_to_contain_text(note)
    stage.select("Axes").select_option(label="Free scale")
    wait_for_other_axes(stage, equal)
    expect(stage.picture).to_contain_text(note)
    assert_aligned(stage)
    stage.select("Axes").select_option(label="Equal scale")
    expect(stage.picture).not_to_contain_text(note)
    assert stage.axes().x == pytest.approx(equal.x, abs=CLOSE / 2)


def test_a_resized_window_stays_aligned(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(2)
    for width, height in ((1200, 800), (1600, 1000)):
        before = stage.axes()
        page.set_viewport_size({"width": width, "height": height})
        wait_for_other_axes(stage, before)
        eventually(page, lambda: assert_aligned(stage))
