import time
from tests.browser.conftest import *
def test_probe(new_page, server):
    page=new_page(); open_lab(page, server)
    page.get_by_text("Points and their shape").click()
    page.get_by_text("Open a CSV file").click()
    page.get_by_text("Fine print").click()
    page.get_by_label("Seed of the start").wait_for()
    print(page.locator("body").aria_snapshot())
    open_lab(page, server, "data=draw")
    page.get_by_role("button", name="Add points").click()
    print(page.locator("[data-testid=em-stage]").aria_snapshot())
    print(page.evaluate("()=>({...document.querySelector('[data-testid=em-stage]').dataset})"))
