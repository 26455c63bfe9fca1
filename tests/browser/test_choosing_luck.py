"""Fifty starts as dots: one that is pressed stands beside the best, and runs in the lab as it ran there."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import PATIENCE, Stage
from tests.browser.test_fit_chart import centre


def test_a_start_that_is_pressed_is_replayed_in_the_lab(page: Page, server: str) -> None:
    open_lab(page, server, "data=old_faithful&k=4&part=luck")
    page.get_by_role("link", name="Which model?").click()
    dots = page.get_by_test_id("fit-chart").locator(".scatterlayer .point")
    expect(dots).to_have_count(50, timeout=60_000)
    expect(page.get_by_test_id("luck")).to_contain_text("nats below the best of", timeout=PATIENCE)
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    # Neither the best nor yours.
    page.mouse.click(*centre(dots.nth(4)))
    beside = page.get_by_test_id("stColumn").filter(has_text=re.compile(r"^Beside it · Start \d+: "))
    expect(beside).to_be_visible(timeout=PATIENCE)
    expect(beside).not_to_contain_text("yours")
    told = re.search(r"log-likelihood (−[\d,.]+) after (\d+) iterations", beside.inner_text())
    assert told is not None
    beside.get_by_role("button", name="Replay it in the lab").click()
    stage = Stage(page)
    expect(stage.root).to_be_visible(timeout=PATIENCE)
    stage.wait_until_still()
    stage.action("last").click()
    stage.wait(iteration=told[2])
    assert f"{stage.log_likelihood:,.2f}".replace("-", "−") == told[1]
