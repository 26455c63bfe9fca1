"""New rows and labels in a browser: what another file does to the first one, and who can read the answers."""

import csv
import io

from playwright.sync_api import FilePayload, Page, expect

PATIENCE = 60_000
GOOD = b"waiting,eruptions,note\n80,4.2,a\n50,1.9,b\n,3,c\n200,9,d\n"


def bring(page: Page, name: str, content: bytes) -> None:
    payload: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.get_by_test_id("stMain").locator("input[type=file]").set_input_files(payload)


def test_a_bad_file_takes_nothing_away_and_the_answers_go_home(page: Page, server: str) -> None:
    page.goto(f"{server}/choose?data=old_faithful&part=rows&among=tied&most=3")
    bring(page, "new.csv", GOOD)
    answer = page.get_by_text("3 rows are scored by the sweep's best by BIC: 3 components, tied (EEE).")
    expect(answer).to_be_visible(timeout=PATIENCE)
    # The browser takes the first file out of its place before it sends the second.
    bring(page, "bad.csv", b"a,b\n1,2\n3,4\n")
    expect(page.get_by_text("“bad.csv” has no columns")).to_be_visible(timeout=PATIENCE)
    expect(answer).to_be_visible()
    rings = page.locator(".js-plotly-plot .scatterlayer .trace").last.locator("path.point")
    expect(rings).to_have_count(1)
    with page.expect_download(timeout=PATIENCE) as download:
        page.get_by_role("button", name="Take the scored rows home").click()
    assert download.value.suggested_filename == "new-scored.csv"
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert [row["note"] for row in rows] == ["a", "b", "c", "d"]
    assert [row["outlier"] for row in rows] == ["no", "no", "", "yes"]
    page.get_by_role("button", name="Clear").click()
    expect(answer).to_be_hidden(timeout=PATIENCE)


def test_the_table_of_labels_scrolls_by_itself_on_a_phone(another_page, server: str) -> None:
    page = another_page(390, 844)
    page.goto(f"{server}/choose?data=penguins&part=labels&among=tied&most=4&fit=tied_3")
    page.get_by_text("Show how it agrees with the labels").click()
    tables = page.get_by_role("region", name="Points of each label in each component")
    expect(tables).to_have_count(2, timeout=PATIENCE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    framed = tables.first.locator("td[style*=inset]")
    expect(framed).to_have_count(3)
    for cell in framed.all():
        assert "inset" in cell.evaluate("cell => getComputedStyle(cell).boxShadow")
