"""Every formula of the app is set as one: none is shown as the text it was written in."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_lab
from tests.browser.stage import PATIENCE, eventually

# Folds may hold formulas, and more folds.
OPEN_ALL = """
() => {
  const folded = [...document.querySelectorAll("[data-testid='stExpander'] details:not([open]) > summary")];
  folded.forEach((summary) => summary.click());
  return folded.length;
}
"""

RAW = """
() => {
  const texts = [...document.querySelectorAll("[data-testid='stMarkdownContainer']")].map((node) => {
    const bare = node.cloneNode(true);
    bare.querySelectorAll(".katex, code, pre").forEach((set) => set.remove());
    return bare.textContent;
  });
  return texts.filter((text) => /\\$|\\\\[a-z]+/.test(text));
}
"""


@pytest.mark.parametrize(("name", "displays"), [("Lab", 4), ("K-Means beside it", 6), ("Your data", 0)])
def test_formulas_are_set(page: Page, server: str, name: str, displays: int) -> None:
    open_lab(page, server)
    page.get_by_role("link", name=name).click()
    expect(page.get_by_role("link", name=name)).to_have_attribute("aria-current", "page", timeout=PATIENCE)

    if displays:
        # It comes last on a page.
        page.get_by_text("The mathematics").first.wait_for(timeout=3 * PATIENCE)

    def opened() -> None:
        assert page.evaluate(OPEN_ALL) == 0

    eventually(page, opened)
    if displays:
        # The stage's own follow the picture; tests of their own hold them.
        told = page.get_by_test_id("stMarkdownContainer").locator(".katex-display")
        expect(told).to_have_count(displays, timeout=PATIENCE)
    expect(page.locator(".katex-error")).to_have_count(0)
    assert page.evaluate(RAW) == []
