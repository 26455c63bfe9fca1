"""The log-likelihood beside the picture: what is drawn of it, and how people look closer."""

import math
from itertools import pairwise

import numpy as np
from playwright.sync_api import Page

from tests.browser.conftest import open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import ROOT, Stage

DRAWN = f"""
() => Object.fromEntries(document.querySelector(`{ROOT} .em-curve-plot`).data.map(({{ name, x, y }}) =>
  [name, [Array.from(x), Array.from(y, (value) => (Number.isNaN(value) ? null : value))]]))
"""
RANGE = f"() => document.querySelector(`{ROOT} .em-curve-plot`).layout.xaxis.range.map(Number)"


def test_the_m_step_raises_the_bound_and_the_e_step_closes_the_gap(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    drawn = page.evaluate(DRAWN)
    assert list(drawn) == ["log-likelihood", "bound", "gap"]
    n_pictures = stage.last + 1
    for x, y in drawn.values():
        np.testing.assert_array_equal(x, np.arange(n_pictures) / 2)
        assert len(y) == n_pictures
    likelihood, bound, gap = (np.array(y, dtype=float) for _, y in drawn.values())
    assert math.isnan(bound[0])
    assert (bound[1::2] == likelihood[1::2]).all(), "an E-step closes the gap"
    assert (gap[1::2] == 0).all()
    assert (bound[2::2] > bound[1:-1:2]).all(), "an M-step raises the bound"
    np.testing.assert_allclose(gap[2::2], likelihood[2::2] - bound[2::2], atol=1e-9)
    assert (gap[2::2] > 0).all()
    assert all(later >= sooner - 1e-9 for sooner, later in pairwise(likelihood))


def test_the_words_say_what_each_half_step_did(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    said = stage.root.get_by_role("region", name="Log-likelihood")
    _, run = outcome_of({})
    assert run.lower_bounds is not None
    before, after = (state.log_likelihood for state in run.states[:2])
    bound = float(run.lower_bounds[0])
    stage.step(2)
    gained, gap = f"{after - before:.4f}", f"{after - bound:.4f}"
    said_of_m = f"+{gained} by this M-step: it raised the bound, which now lies {gap} below"
    assert said_of_m in said.inner_text()
    stage.step()
    assert f"The E-step closed the gap of {gap[:-2]}" in said.inner_text()
    stage.go_to(stage.last)
    assert "e-1" not in said.inner_text()
    assert "10⁻" not in said.inner_text()


def test_looking_closer(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    whole = page.evaluate(RANGE)
    stage.go_to(8)
    stage.button("Around here").click()
    page.wait_for_function(f"(low) => ({RANGE})()[0] > low", arg=whole[0] + 0.5)
    low, high = page.evaluate(RANGE)
    assert high - low == 6
    assert low < 4 < high
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    stage.wait_at(18)
    page.wait_for_function(f"() => (({RANGE})()[0] < 9) && (9 < ({RANGE})()[1])")

    curve = stage.root.locator(".em-curve").first
    curve.dblclick(position={"x": 200, "y": 50})
    page.wait_for_function(f"(high) => ({RANGE})()[1] === high", arg=whole[1])
    page.mouse.move(0, 0)
    curve.hover(position={"x": 200, "y": 50})
    page.mouse.wheel(0, -200)
    page.evaluate("new Promise((done) => setTimeout(done, 100))")
    assert page.evaluate(RANGE) == whole, "the wheel is the page's until the curve has been clicked"
    page.mouse.wheel(0, 200)
    curve.click(position={"x": 200, "y": 50})
    page.mouse.wheel(0, -300)
    page.wait_for_function(
        f"(whole) => ({RANGE})()[1] - ({RANGE})()[0] < 0.8 * whole", arg=whole[1] - whole[0]
    )
