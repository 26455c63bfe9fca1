"""What an analyst brings and takes home, and what a teacher hands out: real files in a real browser."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

import gmm_core
from tests.browser.conftest import STAGE, Watched, open_lab
from tests.browser.oracle import outcome_of
from tests.browser.stage import PATIENCE, Stage

RNG = np.random.default_rng(7)
GROUPS = RNG.integers(0, 2, 90)
MEASURED = pd.DataFrame(
    {
        "note": np.where(np.arange(90) % 9 == 0, "=1+1", "<b>ok</b>"),
        "height": np.round(RNG.normal(0, 1, 90) + 4 * GROUPS, 3),
        "width": np.round(RNG.normal(0, 1, 90) - 2 * GROUPS, 3),
        "group": np.array(["left", "right"])[GROUPS],
    }
)
MEASURED.loc[[4, 17], "height"] = np.nan


def bring(page: Page, name: str, content: bytes) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]


def open_data_page(page: Page, server: str) -> None:
    page.goto(server)
    page.wait_for_selector(STAGE, timeout=30_000)
    page.get_by_role("link", name="Your data").click()
    page.get_by_text("Drop a table here").wait_for()


def take(page: Page, title: str) -> bytes:
    """What the button of that title hands out."""
    button = page.get_by_role("button", name=title, exact=True)
    if not button.is_visible():
        page.get_by_text("Take it home").click()
    with page.expect_download(timeout=PATIENCE) as download:
        button.click()
    return Path(download.value.path()).read_bytes()


def test_a_file_goes_in_and_a_table_comes_out(page: Page, server: str) -> None:
    open_data_page(page, server)
    bring(page, "measured.csv", MEASURED.to_csv(index=False).encode())
    expect(page.get_by_text("88 points.")).to_be_visible(timeout=PATIENCE)
    expect(
        page.get_by_text("2 rows were dropped because height is missing: line 6, line 19.")
    ).to_be_visible()
    page.get_by_role("link", name="See them in the lab").click()
    page.wait_for_selector(STAGE, timeout=PATIENCE)
    stage = Stage(page)
    stage.wait(points=88)
    address = stage.wait_for_address(data="upload", file="measured.csv", label="group")
    assert (address["x"], address["y"]) == ("height", "width")
    stage.action("last").click()
    stage.wait_at(stage.last)

    table = pd.read_parquet(io.BytesIO(take(page, "Table, Parquet")))
    for name in ("note", "height", "width", "group"):
        pd.testing.assert_series_equal(table[name], MEASURED[name], check_dtype=False)
    assert table["component"].isna().to_numpy().nonzero()[0].tolist() == [4, 17]
    assert table["log-density"].sum() == pytest.approx(stage.log_likelihood, rel=1e-10)
    text = take(page, "Table, CSV").decode()
    assert '"\'=1+1"' in text
    model = gmm_core.load_model(take(page, "Model, JSON").decode())
    assert model.log_likelihood == pytest.approx(stage.log_likelihood, rel=1e-12)
    assert "&lt;b&gt;" not in take(page, "Report").decode()


def test_a_session_file_opens_for_somebody_else(another_page: Callable[..., Page], server: str) -> None:
    mine = another_page()
    stage = Stage(open_lab(mine, server))
    mine.get_by_text("Open a file").click()
    bring(mine, "measured.csv", MEASURED.to_csv(index=False).encode())
    stage.wait(points=88)
    stage.go_to(5)
    stage.wait_for_address(at="5")
    likelihood, points = stage.log_likelihood, stage.data("points")
    session = take(mine, "Session")

    theirs = another_page()
    other = Stage(open_lab(theirs, server, "data=mouse"))
    theirs.get_by_text("Open a file").click()
    bring(theirs, "class.json", session)
    other.wait(points=points)
    other.wait_at(5)
    assert other.log_likelihood == likelihood


def test_the_page_that_plays_plays(another_page: Callable[..., Page], server: str, tmp_path: Path) -> None:
    page = another_page()
    stage = Stage(open_lab(page, server, "data=mouse&at=3"))
    file = tmp_path / "mouse.html"
    file.write_bytes(take(page, "Page that plays"))
    _, run = outcome_of(stage.address)
    opened = another_page()
    opened.goto(file.as_uri())
    opened.wait_for_selector(STAGE, timeout=PATIENCE)
    there = Stage(opened)
    there.action("last").click()
    there.wait_at(there.last)
    assert there.log_likelihood == pytest.approx(run.log_likelihood, rel=1e-12)


def test_a_teachers_link_hides_what_it_should(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=mouse&start_seed=3"))
    page.get_by_text("Share: a link").click()
    for text in ("Hide the controls", "Lock the draws", "Hide the true labels"):
        page.get_by_text(text).click()
    half_step = page.get_by_role("spinbutton", name="Half-step to open on")
    half_step.fill("4")
    half_step.press("Enter")
    code = page.get_by_test_id("stCode")
    expect(code).to_contain_text("hide=controls,seed,truth", timeout=PATIENCE)
    expect(code).to_contain_text("at=4")
    expect(page.get_by_text("QR code of the link")).to_be_visible()
    code_picture = page.get_by_role("img", name=re.compile("^QR code that opens http.*start_seed=3"))
    assert code_picture.evaluate("(image) => image.naturalWidth") > 0
    link = code.inner_text().strip()
    assert dict(parse_qsl(urlsplit(link).query))["start_seed"] == "3"
    page.goto(link)
    page.wait_for_selector(STAGE, timeout=30_000)
    stage.wait_at(4)
    expect(page.get_by_text("Components K")).to_have_count(0)
    expect(page.get_by_text("Take it home")).to_have_count(0)
    assert stage.root.get_by_label("Colours").locator("option", has_text="True labels").count() == 0


def test_copy_link_puts_the_address_on_the_clipboard(
    another_page: Callable[..., Page], server: str, watched: Watched
) -> None:
    page = another_page(permissions=["clipboard-read", "clipboard-write"])
    stage = Stage(open_lab(page, server))
    stage.go_to(7)
    stage.button("Copy link").click()
    expect(stage.button("Copy link")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert dict(parse_qsl(urlsplit(copied).query)) == {"at": "7"}
    assert watched == Watched()


def test_markup_in_names_and_cells_stays_text(page: Page, server: str) -> None:
    open_data_page(page, server)
    names = "<img src=x onerror=alert(1)>,**bold** $\\alpha$,<b>x</b>,:material/bolt:\n"
    rows = "".join(f"{i % 7},{i * i % 11},<i>a</i>,[l](javascript:alert(1))\n" for i in range(30))
    bring(page, "<script>alert(1)</script>.csv", (names + rows).encode())
    expect(page.get_by_text("30 points.")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("heading", name="<script>alert(1)</script>.csv")).to_be_visible()
    assert page.locator("img[src='x']").count() == 0
    page.get_by_role("link", name="See them in the lab").click()
    stage = Stage(page)
    stage.wait(points=30)
    expect(stage.picture).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("img[src='x']").count() == 0
