"""The page where a model is chosen, in a browser: a sweep is seen growing, every fit is a press away."""

import re
import time

from playwright.sync_api import Page, expect

from tests.browser.conftest import STAGE
from tests.browser.stage import Stage

PATIENCE = 60_000
MARKS = "[data-testid=fit-chart] .scatterlayer .points path"


def open_choice(page: Page, server: str, query: str) -> None:
    page.goto(f"{server}/choose?{query}")
    expect(page.get_by_test_id("recommendation")).to_be_visible(timeout=PATIENCE)


def marks(page: Page) -> int:
    return page.locator(MARKS).count()


def test_the_recommended_and_a_picked_fit_stand_side_by_side(page: Page, server: str) -> None:
    open_choice(page, server, "data=old_faithful&most=4")
    said = page.get_by_test_id("recommendation")
    expect(said).to_have_attribute("data-family", "EEE")
    expect(said).to_have_attribute("data-components", "3")
    chart = page.get_by_test_id("fit-chart")
    # The first line is that of the family “full”: its second mark has two components.
    mark = chart.locator(".scatterlayer .trace").first.locator(".points path").nth(1)
    mark.hover(force=True)
    expect(chart.get_by_text("2 components, full (VVV)")).to_be_visible(timeout=PATIENCE)
    expect(chart.get_by_text("BIC: 2,322.2")).to_be_visible()
    mark.click(force=True)
    expect(page.get_by_text("2 components, full (VVV): log-likelihood −1,130.3")).to_be_visible(
        timeout=PATIENCE
    )
    page.wait_for_url(re.compile("fit=full_2"))
    page.get_by_role("button", name="Open it in the lab").last.click()
    page.wait_for_selector(STAGE, timeout=PATIENCE)
    stage = Stage(page)
    stage.wait_until_still()
    assert stage.data("components") == "2"
    # It stands where the fit ended, to the digits that were shown.
    assert round(stage.log_likelihood, 1) == -1130.3


def test_what_takes_long_is_seen_growing_and_stops_where_people_like(page: Page, server: str) -> None:
    families = "full,tied,diag,spherical,EII,EEI,VEI,EVI,VEE,EVE,VVE,EEV,VEV,EVV"
    page.goto(f"{server}/choose?n=10000&most=12&among={families}")
    stop = page.get_by_role("button", name="Stop here")
    expect(stop).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text(re.compile(r"(about .*left|just begun)"))).to_be_visible()
    page.wait_for_function(
        "() => document.querySelectorAll('[data-testid=fit-chart] .points path').length > 20",
        timeout=PATIENCE,
    )
    expect(page.get_by_text("So far:")).to_be_visible()
    stop.click()
    expect(page.get_by_test_id("recommendation")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("Stopped by you")).to_be_visible()
    seen = marks(page)
    assert 20 < seen < 12 * 14
    # Coming back is instant, and what was done is kept.
    page.get_by_role("link", name="Lab").click()
    page.wait_for_selector(STAGE, timeout=PATIENCE)
    begun = time.monotonic()
    page.get_by_role("link", name="Which model?").click()
    expect(page.get_by_test_id("recommendation")).to_be_visible(timeout=PATIENCE)
    assert time.monotonic() - begun < 15
    expect(page.get_by_text("Stopped by you")).to_be_visible()


def test_nobody_else_waits_while_somebody_sweeps(page: Page, server: str) -> None:
    page.goto(f"{server}/choose?n=10000&most=12&among=full,tied,diag,spherical,EEV,VEV,EVE,VVE")
    expect(page.get_by_role("button", name="Stop here")).to_be_visible(timeout=PATIENCE)
    other = page.context.new_page()
    other.goto(f"{server}/")
    other.wait_for_selector(STAGE, timeout=PATIENCE)
    stage = Stage(other)
    stage.wait_until_still()
    stage.step(2)
    expect(page.get_by_role("button", name="Stop here")).to_be_visible()
    page.get_by_role("button", name="Stop here").click()
    expect(page.get_by_test_id("recommendation")).to_be_visible(timeout=PATIENCE)
