"""What is said of files that fail, are taken away or are gone, and what the stage says of it; no browser."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.app.test_app import TABLE, checked, experiment, header, opened, press, put, upload
from ui.experiment import UPLOADED, Experiment
from ui.workspace.returning import lost

WORDS = b"name,colour\nrose,red\nviolet,blue\nsky,blue\n"
ONE = b"colour\nred\nblue\ngreen\n"


def taken_away(at: AppTest) -> AppTest:
    return checked(at.file_uploader[0].set_value(None).run())


def plainly(text: str) -> str:
    return text.replace("\\", "")


@pytest.mark.slow
@pytest.mark.parametrize("page", ["pages/lab.py", "pages/compare.py", "pages/data.py"])
@pytest.mark.parametrize("content", [ONE, b"", b"\x89PNG\r\n\x1a\n" + bytes(range(256))])
def test_an_error_stands_above_the_picture_until_something_else_is_done(page, content):
    at = upload(checked(opened().switch_page(page).run()), "one.csv", content)
    (error,) = at.error
    assert error in list(at.main.error)
    assert len(at.sidebar.error) == 0
    assert plainly(error.value).count(". ") == 0
    assert len(upload(at, "measured.csv", TABLE).error) == 0
    assert experiment(checked(at.switch_page("pages/lab.py").run())).data == UPLOADED


def test_an_empty_picture_speaks_of_the_file_that_came_last():
    at = upload(opened(), "words.csv", WORDS)
    assert "no column of numbers" in header(at)["notice"]
    at = upload(at, "one.csv", ONE)
    assert header(at)["notice"] == plainly(at.error[0].value)
    assert "column" in header(at)["notice"]
    # Its own story is over with the next change.
    at = put(at, "Components K", 4)
    assert len(at.error) == 0
    assert "no column of numbers" in header(at)["notice"]


def test_a_file_taken_away_is_gone_and_undo_brings_it_back():
    at = upload(opened(data="moons"), "measured.csv", TABLE)
    assert experiment(at).data == UPLOADED
    at = taken_away(at)
    assert "“measured.csv” has been taken away" in plainly(at.info[0].value)
    assert (experiment(at).data, header(at)["file"]) == ("moons", "")
    assert UPLOADED not in at.selectbox[0].options
    at = press(at, "Undo")
    assert (experiment(at).data, header(at)["file"], header(at)["total"]) == (UPLOADED, "measured.csv", 20)
    assert len(at.info) == 0


def test_a_file_that_failed_takes_nothing_with_it():
    at = upload(opened(), "measured.csv", TABLE)
    at = taken_away(upload(at, "one.csv", ONE))
    assert len(at.error) == 0
    assert "“one.csv” has been taken away; the picture stays" in plainly(at.info[0].value)
    assert (experiment(at).data, header(at)["total"]) == (UPLOADED, 20)


@pytest.mark.parametrize(
    ("chosen", "file", "asks"),
    [
        (Experiment(), "", ""),
        (Experiment(), "a.csv", "“a.csv”"),
        (Experiment(UPLOADED, file="b.csv"), "a.csv", "“b.csv”"),
        (Experiment(UPLOADED), "", "your file"),
    ],
)
def test_a_file_that_is_gone_is_asked_for_by_name(chosen, file, asks):
    said = lost(chosen, file)
    assert len(said) == bool(asks)
    assert all(asks in sentence for sentence in said)


def test_a_page_that_comes_back_is_told_what_was_kept():
    at = opened(k="4", returned="measured.csv")
    assert "every setting are as they were" in plainly(at.info[0].value)
    assert "“measured.csv”" in plainly(at.warning[0].value)
    assert header(at)["address"] == {"k": "4"}
    at = put(at, "Components K", 5)
    assert len(at.info) == len(at.warning) == 0
