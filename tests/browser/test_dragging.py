"""A mean is dragged, by mouse or keys, and EM starts again from there."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import gmm_core
from tests.browser.conftest import open_lab
from tests.browser.oracle import experiment_of, outcome_of
from tests.browser.stage import PATIENCE, Stage

# The handle is drawn where the mean is, and a press of the mouse is at a whole pixel.
NEAR = 1.5


def near(place: tuple[float, float], other: tuple[float, float]) -> bool:
    return float(np.hypot(place[0] - other[0], place[1] - other[1])) < NEAR


def given_mixture(address: dict[str, str]) -> gmm_core.Mixture:
    """The mixture that a dragged mean left in the address."""
    mixture = experiment_of(address).mixture()
    assert mixture is not None
    return mixture


@pytest.mark.parametrize("index", [0, 6], ids=["at the start", "under way"])
def test_dropped_mean_is_the_new_start(page: Page, server: str, index: int) -> None:
    stage = Stage(open_lab(page, server))
    _, run = outcome_of(stage.address)
    old = run.states[index // 2].mixture
    stage.go_to(index)
    axes, before = stage.axes(), stage.look()
    start = stage.centre(stage.handle(2))
    assert near(start, axes.pixels(old.means[1]))

    end = start[0] + 90, start[1] - 70
    stage.drag(start, end, drop=False)
    page.wait_for_function(
        "([handle, x, y]) => { const box = handle.getBoundingClientRect();"
        " return Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 1.5; }",
        arg=[stage.handle(2).element_handle(), *end],
        timeout=PATIENCE,
    )
    while_dragging = stage.look()
    assert while_dragging.canvases != before.canvases, "the colours follow"
    moved = {shape.colour for shape in before.ellipses if shape not in while_dragging.ellipses}
    assert len(moved) == 1, "the ellipses of that component alone follow"

    stage.wait_for_change("log-likelihood", do=page.mouse.up)
    stage.wait(iteration=0, phase="start")
    assert near(stage.centre(stage.handle(2)), end)
    mixture = given_mixture(stage.wait_for_address(**{"from": ".+", "at": None}))
    assert near(axes.pixels(mixture.means[1]), end)
    np.testing.assert_allclose(mixture.means[[0, 2]], old.means[[0, 2]], rtol=1e-10)
    np.testing.assert_allclose(mixture.covariances, old.covariances, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(mixture.weights, old.weights, rtol=1e-10)

    _, again = outcome_of(stage.address)
    assert stage.log_likelihood == pytest.approx(again.states[0].log_likelihood, rel=1e-12)
    stage.step(3)
    assert stage.log_likelihood == pytest.approx(again.states[1].log_likelihood, rel=1e-12)

    stage.wait_for_change("log-likelihood", do=page.get_by_role("button", name="Undo").click)
    stage.go_to(index)
    page.mouse.move(0, 0)
    assert stage.look() == before


def test_several_means_one_after_another(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(2)
    before = stage.look()
    page.mouse.click(*stage.centre(stage.handle(1)))
    assert stage.look() == before, "grabbing without moving changes nothing"
    targets = {}
    for k, (right, down) in {1: (60, -30), 2: (-80, 20), 3: (40, 60)}.items():
        start = stage.centre(stage.handle(k))
        targets[k] = (start[0] + right, start[1] + down)

        def drag(start: tuple[float, float] = start, k: int = k) -> None:
            stage.drag(start, targets[k])

        stage.wait_for_change("log-likelihood", do=drag)
    for k, target in targets.items():
        assert near(stage.centre(stage.handle(k)), target)


def test_keys_move_a_mean(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    _, run = outcome_of(stage.address)
    before, axes = stage.look(), stage.axes()
    start = stage.centre(stage.handle(3))
    stage.handle(3).focus()
    for key, right, down in (
        ("ArrowRight", 1, 0),
        ("ArrowUp", 0, -1),
        ("ArrowLeft", -1, 0),
        ("ArrowDown", 0, 1),
    ):
        was = stage.centre(stage.handle(3))
        page.keyboard.press(key)
        now = stage.centre(stage.handle(3))
        assert np.sign(np.round(now[0] - was[0], 3)) == right
        assert np.sign(np.round(now[1] - was[1], 3)) == down
    assert near(stage.centre(stage.handle(3)), start)
    assert stage.index == 0, "the arrows move the mean, they do not step"

    page.keyboard.press("Shift+ArrowLeft")
    assert stage.centre(stage.handle(3))[0] < start[0] - 10
    assert stage.look().canvases != before.canvases
    page.keyboard.press("Escape")
    assert stage.look() == before, "Escape puts it back"

    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    end = stage.centre(stage.handle(3))
    stage.wait_for_change("log-likelihood", do=lambda: page.keyboard.press("Enter"))
    stage.wait(iteration=0, phase="start")
    mixture = given_mixture(stage.wait_for_address(**{"from": ".+"}))
    assert near(axes.pixels(mixture.means[2]), end)
    np.testing.assert_allclose(mixture.covariances, run.states[0].mixture.covariances, rtol=1e-10)


def test_keys_stay_on_the_means(page: Page, server: str) -> None:
    """Whoever moves a mean without a mouse has not lost their place when EM has begun again."""
    stage = Stage(open_lab(page, server))
    stage.handle(2).focus()
    page.keyboard.press("Shift+ArrowLeft")
    stage.wait_for_change("log-likelihood", do=lambda: page.keyboard.press("Enter"))
    expect(stage.handle(2)).to_be_focused()
    start = stage.centre(stage.handle(2))
    page.keyboard.press("Shift+ArrowLeft")
    assert stage.centre(stage.handle(2))[0] < start[0] - 10
    stage.wait_for_change("log-likelihood", do=lambda: page.keyboard.press("Tab"))
    expect(stage.handle(3)).to_be_focused()


def test_leaving_a_moved_mean_drops_it(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.handle(1).focus()
    page.keyboard.press("Shift+ArrowUp")
    end = stage.centre(stage.handle(1))
    stage.wait_for_change("log-likelihood", do=lambda: page.keyboard.press("Tab"))
    assert near(stage.centre(stage.handle(1)), end)


def test_dragging_while_playing(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    stage.select("Speed").select_option(label="2×")
    stage.action("play").click()
    # In an E-step the means stand still, so that the mouse finds one.
    stage.wait(iteration=1, phase="E")
    start = stage.centre(stage.handle(2))
    end = start[0] + 50, start[1] - 50
    stage.drag(start, end)
    stage.wait_for_address(**{"from": ".+", "at": None})
    stage.wait(iteration=0, phase="start")
    expect(stage.action("play")).to_be_visible()
    assert near(stage.centre(stage.handle(2)), end)
