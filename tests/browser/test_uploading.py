"""A file of one's own: its picture, or one clear sentence."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import gmm_core
from tests.browser.conftest import open_lab
from tests.browser.stage import PATIENCE, Stage, choose

OLD_FAITHFUL = (Path(gmm_core.__file__).parent / "datasets" / "data" / "old_faithful.csv").read_bytes()


def upload(page: Page, name: str, content: bytes) -> None:
    """Opens the sidebar's place for files and puts one there."""
    place = page.get_by_text("A table with columns of numbers")
    if not place.is_visible():
        page.get_by_text("Open a file").click()
    place.wait_for()
    file = {"name": name, "mimeType": "text/csv", "buffer": content}
    page.locator('input[type="file"]').set_input_files(file)  # type: ignore[arg-type]


def points_seen(stage: Stage) -> np.ndarray:
    """The first point as the stage names it when asked, with what decimals it shows."""
    number = stage.root.get_by_role("spinbutton", name="Ask point number")
    number.fill("1")
    number.press("Enter")
    answer = stage.root.get_by_role("region", name="Ask")
    expect(answer).to_contain_text("Point 1")
    (x, y) = re.findall(r"\((.+?), (.+?)\)", answer.inner_text())[0]
    return np.array([float(part.replace("\u2212", "-")) for part in (x, y)])


def test_old_faithful_from_a_file_is_old_faithful(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "k=2"))
    upload(page, "old_faithful.csv", OLD_FAITHFUL)
    stage.wait(points=272, components=2, iteration=0, phase="start")
    expect(stage.picture).to_contain_text("eruptions")
    expect(stage.picture).to_contain_text("waiting")
    np.testing.assert_allclose(points_seen(stage), [3.6, 79], atol=0.01)
    stage.action("last").click()
    stage.wait_at(stage.last)
    # The maximum that R, mclust and scikit-learn agree on.
    assert stage.log_likelihood == pytest.approx(-1130.264, abs=0.01)
    stage.wait_for_address(data="upload")
    expect(page.get_by_role("combobox", name="Data set")).to_have_value(re.compile("file"))


def test_semicolons_and_decimal_commas_and_other_columns(page: Page, server: str) -> None:
    rng = np.random.default_rng(1)
    rows = [f"{number};{a:.3f};{b:.3f};{c:.3f}" for number, (a, b, c) in enumerate(rng.normal(size=(80, 3)))]
    text = "\n".join(["Nr;Länge;Breite;Höhe", *rows]).replace(".", ",")
    stage = Stage(open_lab(page, server))
    upload(page, "Messung.csv", text.encode())
    stage.wait(points=80, iteration=0)
    titles = stage.picture.locator(".xtitle, .ytitle")
    expect(titles).to_have_text(["Länge", "Breite"])

    stage.wait_for_change("log-likelihood", do=lambda: choose(page, "Upwards", "Höhe"))
    expect(titles).to_have_text(["Länge", "Höhe"])
    stage.wait(points=80, iteration=0)
    stage.wait_for_address(data="upload", y="Höhe")
    # Choosing the other axis's column swaps the two.
    choose(page, "Across", "Höhe")
    expect(titles).to_have_text(["Höhe", "Länge"], timeout=PATIENCE)
    stage.step(2)


def assert_one_sentence(text: str) -> None:
    """Says what is wrong in plain words."""
    assert re.fullmatch(r"[A-Z][^\n]{20,250}\.", text.strip()), text
    assert "Traceback" not in text
    assert "Error" not in text


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.csv", b""), ("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)],
)
def test_unreadable_file_gets_one_sentence_and_spoils_nothing(
    page: Page, server: str, name: str, content: bytes
) -> None:
    stage = Stage(open_lab(page, server))
    stage.step(3)
    page.mouse.move(0, 0)
    before = stage.look()
    upload(page, name, content)
    # Above the picture, where the eyes are.
    complaint = page.get_by_test_id("stMain").get_by_test_id("stAlert")
    expect(complaint).to_be_visible(timeout=PATIENCE)
    assert_one_sentence(complaint.inner_text())
    expect(complaint).to_be_in_viewport()
    expect(page.get_by_test_id("stException")).to_have_count(0)
    assert stage.look() == before
    stage.step()


def test_file_without_numbers_gets_one_sentence(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server))
    upload(page, "words.csv", b"name,colour\nrose,red\nviolet,blue\nsky,blue\n")
    stage.wait(points=0)
    words = stage.root.get_by_text(re.compile("column")).first
    expect(words).to_be_visible()
    assert_one_sentence(words.inner_text())
    stage.wait_for_change("points", do=page.get_by_role("button", name="Undo").click)
    stage.wait(points=500, components=3)


def test_dropped_rows_are_told(page: Page, server: str) -> None:
    rows = OLD_FAITHFUL.decode().splitlines()
    rows[10] = rows[10].replace(rows[10].split(",")[-1], "NA")
    stage = Stage(open_lab(page, server, "k=2"))
    upload(page, "gaps.csv", "\n".join(rows).encode())
    stage.wait(points=271)
    expect(page.get_by_test_id("stAlert")).to_contain_text(re.compile(r"\b1 row\b.*\bwaiting\b.*\b11\b"))
    stage.step(2)


def test_a_link_to_an_upload_goes_on_when_the_file_comes(page: Page, server: str) -> None:
    stage = Stage(open_lab(page, server, "data=upload&k=4&family=tied&x=waiting&y=eruptions"))
    stage.wait(points=0)
    upload(page, "old_faithful.csv", OLD_FAITHFUL)
    stage.wait(points=272, components=4)
    expect(stage.picture.locator(".xtitle, .ytitle")).to_have_text(["waiting", "eruptions"])
    stage.wait_for_address(data="upload", k="4", family="tied", x="waiting", y="eruptions")
