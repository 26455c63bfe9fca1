"""Every other file gives points or one clear sentence."""

import gzip

import pytest

from tests.nasty_files import NASTY
from tests.upload_contract import assert_ends_well
from ui.uploads import UploadError, encoding, read_table
from ui.uploads.formats import read_here


@pytest.mark.parametrize("data", NASTY.values(), ids=NASTY)
def test_a_nasty_file_gives_a_table_or_one_sentence(data):
    assert_ends_well(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (NASTY["empty"], "empty"),
        (NASTY["blank lines"], "empty"),
        (NASTY["names only"], "no rows"),
        (NASTY["one number"], "Only one column"),
        (NASTY["picture"], "a picture"),
        (NASTY["mark of a zip archive"], "Excel"),
        (NASTY["web page"], "a web page"),
        (NASTY["zero bytes"], "not a text file"),
        (NASTY["zero bytes in text"], "not a text file"),
        (NASTY["gzip cut short"], "cut short"),
        (NASTY["line of 5 MB with commas"], "2,500,001 fields"),
        (NASTY["10,001 columns"], "10,001 fields"),
        (NASTY["wide and long"], "cells"),
    ],
)
def test_a_refusal_names_the_cause(data, words):
    with pytest.raises(UploadError, match=words):
        read_table("name.csv", data)


def test_gzip_is_not_unfolded_beyond_its_bound(monkeypatch):
    monkeypatch.setattr(encoding, "MAX_DECOMPRESSED_BYTES", 1_000_000)
    with pytest.raises(UploadError, match="more than 1 MB"):
        read_here("bomb.csv.gz", gzip.compress(b"1,2\n" * 300_000, mtime=0))
