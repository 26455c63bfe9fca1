"""Points put in and taken out by hand."""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.oracle import experiment_of, outcome_of
from tests.browser.stage import PATIENCE, Axes, Stage


def places_of(stage: Stage, count: int) -> np.ndarray:
    """The points that were put in by hand, as the address has them once there are so many."""
    pairs = r"[^_]+(?:_[^_]+)" + f"{{{count - 1}}}"
    return np.array(experiment_of(stage.wait_for_address(add=pairs)).added)


def spots(stage: Stage, *shares: tuple[float, float]) -> list[tuple[float, float]]:
    """Places on the page, at these shares of the picture's width and height."""
    box = stage.picture.bounding_box()
    assert box is not None
    return [
        (round(box["x"] + across * box["width"]), round(box["y"] + down * box["height"]))
        for across, down in shares
    ]


def assert_at(axes: Axes, places: np.ndarray, pixels: Any) -> None:
    """Each place is within a pixel of where it was put on the page."""
    np.testing.assert_allclose([axes.pixels(place) for place in places], pixels, atol=1.0)


def test_draw_from_an_empty_picture_until_it_fits(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=draw&k=2&family=spherical"))
    stage.wait(points=0, components=0)
    expect(stage.action("next")).to_be_disabled()
    stage.button("Add points").click()
    axes = stage.axes()
    wanted = spots(stage, (0.3, 0.4), (0.32, 0.6), (0.6, 0.4), (0.65, 0.5), (0.62, 0.7))
    page.mouse.click(*wanted[0])
    stage.wait(points=1, components=0)
    expect(stage.root).to_contain_text("point", use_inner_text=True)
    for n, place in enumerate(wanted[1:], start=2):
        page.mouse.click(*place)
        stage.wait(points=n)
    stage.wait(components=2)
    assert_at(axes, places_of(stage, 5), wanted)
    stage.step(4)
    assert len(stage.look().solid) == 2
    assert np.isfinite(stage.log_likelihood)


def test_an_empty_picture_takes_every_key_and_button(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=draw"))
    before = stage.look()
    for key in ("ArrowRight", "Space", "End", "Home", "ArrowLeft", "3", "+", "0", "Escape"):
        page.keyboard.press(key)
    stage.button("Remove points").click()
    page.mouse.click(*stage.centre(stage.picture))
    stage.button("Look").click()
    page.mouse.click(*stage.centre(stage.picture))
    stage.select("Colours").select_option(label="Hard")
    stage.select("Ellipses").select_option(index=0)
    stage.button("Fit the view").click()
    with page.expect_download():
        stage.button("Save as PNG").click()
    page.mouse.move(0, 0)
    stage.wait_until_still()
    assert stage.look() == before


def test_too_few_points_for_k_are_told(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "n=10&k=12"))
    stage.wait(points=10, components=0)
    expect(stage.action("next")).to_be_disabled()
    expect(stage.root.get_by_text(re.compile(r"^12 components .*\b10\b.*\.$"))).to_be_visible()
    page.get_by_role("slider", name="Components K").press("Home")
    stage.wait(points=10, components=1)
    stage.step(2)


def test_quick_clicks_are_all_kept(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=draw"))
    stage.button("Add points").click()
    axes = stage.axes()
    shares = np.random.default_rng(1).uniform([0.2, 0.2], [0.9, 0.8], (20, 2))
    wanted = spots(stage, *shares)
    for place in wanted:
        page.mouse.click(*place)
    stage.wait(points=20, components=3)
    assert_at(axes, places_of(stage, 20), wanted)


def test_a_click_held_while_the_last_one_arrives_is_kept(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=draw"))
    stage.button("Add points").click()
    axes = stage.axes()
    wanted = spots(stage, (0.3, 0.4), (0.6, 0.6))
    page.mouse.click(*wanted[0])
    page.mouse.move(*wanted[1])
    page.mouse.down()
    stage.wait(points=1)
    page.mouse.up()
    stage.wait(points=2)
    assert_at(axes, places_of(stage, 2), wanted)


def test_sweep_strews_points_along_the_way(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(5)
    before = stage.look()
    stage.button("Add points").click()
    (start, end) = spots(stage, (0.3, 0.25), (0.5, 0.25))
    stage.drag(start, end, drop=False)
    assert stage.look().canvases != before.canvases, "they are seen at once"
    stage.wait_for_change("points", do=page.mouse.up)
    added = int(stage.data("points")) - 500
    assert 8 <= added <= 40
    axes = stage.axes()
    for place in places_of(stage, added):
        x, y = axes.pixels(place)
        assert start[0] - 16 <= x <= end[0] + 16
        assert abs(y - start[1]) <= 16
    assert stage.address["from"], "EM goes on from where it was"


def test_typed_point_far_outside_is_shown_after_a_fit(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.button("Add points").click()
    stage.root.get_by_role("spinbutton", name="x of the new point").fill("-30.25")
    stage.root.get_by_role("spinbutton", name="y of the new point").fill("0.5")
    stage.button("Add").click()
    stage.wait(points=501)
    assert places_of(stage, 1).tolist() == [[-30.25, 0.5]]
    data, run = outcome_of(stage.address)
    assert data.points[-1].tolist() == [-30.25, 0.5]
    assert stage.log_likelihood == pytest.approx(run.states[0].log_likelihood, rel=1e-12)

    stage.button("Fit the view").click()
    expect(stage.picture.locator(".xtick text").filter(has_text="30")).to_be_visible(timeout=PATIENCE)
    stage.wait_until_still()
    box = stage.picture.bounding_box()
    assert box is not None
    x, y = stage.axes().pixels((-30.25, 0.5))
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]


def lonely(points: np.ndarray, axes: Axes, count: int) -> list[int]:
    """Indices of points that have no other one nearby on the page."""
    pixels = np.array([axes.pixels(point) for point in points])
    gaps = np.linalg.norm(pixels[:, None] - pixels, axis=2)
    np.fill_diagonal(gaps, np.inf)
    return np.argsort(-gaps.min(axis=1))[:count].tolist()


def test_remove_the_nearest_and_undo(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    data, _ = outcome_of(stage.address)
    axes = stage.axes()
    before = stage.look()
    stage.button("Remove points").click()
    gone = lonely(data.points, axes, 2)
    for n, point in enumerate(gone, start=1):
        x, y = axes.pixels(data.points[point])
        page.mouse.click(x + 3, y - 2)
        stage.wait(points=500 - n)
    stage.wait_for_address(drop=",".join(map(str, gone)))
    undo = page.get_by_role("button", name="Undo")
    for n in (499, 500):
        undo.click()
        stage.wait(points=n)
    stage.button("Look").click()
    page.mouse.move(0, 0)
    assert stage.look() == before


def test_quick_removals_take_the_points_that_were_clicked(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    data, _ = outcome_of(stage.address)
    axes = stage.axes()
    stage.button("Remove points").click()
    # In rising order, so that those still to go are counted anew after each.
    gone = sorted(lonely(data.points, axes, 4))
    for point in gone:
        page.mouse.click(*axes.pixels(data.points[point]))
    stage.wait(points=496)
    address = stage.wait_for_address(drop=r"\d+(,\d+){3}")
    assert sorted(experiment_of(address).removed) == gone


def test_clear_all_and_undo(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(2)
    stage.button("Remove points").click()
    stage.button("Clear all points").click()
    stage.wait(points=0)
    expect(page.get_by_role("combobox", name="Data set")).to_have_value(re.compile("draw", re.IGNORECASE))
    stage.wait_for_address(data="draw")
    page.get_by_role("button", name="Undo").click()
    stage.wait(points=500, components=3)
    stage.wait_for_address(data=None)
    stage.step(2)
