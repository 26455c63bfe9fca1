"""What the file does not tell rightly, people can: separator, marks, header, encoding; and thousands."""

import numpy as np
import pytest

from tests.nasty_files import NASTY
from tests.table_files import COMMA, GOOD, POINTS
from tests.upload_contract import assert_ends_well, assert_is_one_sentence
from ui.uploads import (
    ENCODINGS,
    SEPARATORS,
    Reading,
    UploadError,
    read_table,
    select_points,
)


@pytest.mark.parametrize("data", [*GOOD.values(), NASTY["workbook"], NASTY["JSON records"]])
def test_a_table_says_how_to_read_it_again(data):
    table = read_table("a", data)
    again = read_table("a", data, table.reading)
    assert again.reading == table.reading
    assert again.names == table.names
    for name in table.numeric_names:
        np.testing.assert_array_equal(again.columns[name], table.columns[name])


def test_what_was_sniffed_is_told():
    reading = read_table("a", "größe;y\n1,5;2\n3;4,5\n".encode("latin-1")).reading
    assert reading == Reading(";", ",", "", True, "cp1252", None)
    assert read_table("a", COMMA.encode("utf-16")).reading.encoding == "utf-16-le"
    assert read_table("a", b"1 2\n3 4\n").reading == Reading(" ", ".", "", False, "utf-8", None)


def test_a_reading_overrules_the_file():
    text = b"1;2,5|3\n4;5,5|6\n"
    assert read_table("a", text, Reading(separator="|")).names == ("column 1", "column 2")
    assert read_table("a", text, Reading(separator=",", header=False)).n_rows == 2
    data = b'"1,5","2,5"\n"3,5","4,5"\n'
    assert select_points(read_table("a", data, Reading(",", ","))).points.tolist() == [[1.5, 2.5], [3.5, 4.5]]
    assert read_table("a", b"1,2\n3,4\n", Reading(header=True)).names == ("1", "2")
    assert read_table("a", b"x,y\n3,4\n5,6\n", Reading(header=False)).n_rows == 3
    japanese = read_table("a", NASTY["Shift JIS"], Reading(encoding="shift_jis"))
    assert japanese.names == ("高さ", "幅")
    rows = [["5", "6"], ["1", "2"]]
    assert read_table("a", str(rows).replace("'", '"').encode(), Reading(decimal=".")).n_rows == 1


@pytest.mark.parametrize(
    ("reading", "words"),
    [
        (Reading(separator="/"), 'separator "/" is not known; choose from tab, semicolon'),
        (Reading(decimal=";"), 'decimal ";" is not known'),
        (Reading(encoding="rot13"), 'encoding "rot13" is not known'),
        (Reading(encoding="idna"), "not known"),
        (Reading(thousands="_"), 'thousands "_" is not known'),
        (Reading(decimal=",", thousands=","), "the same mark"),
        (Reading(separator="|"), "Only one column was found with pipe"),
        (Reading(encoding="utf-16-le"), "Only one column|not in UTF-16|not a text"),
    ],
)
def test_a_reading_that_cannot_be_says_why(reading, words):
    with pytest.raises(UploadError, match=words) as caught:
        read_table("a", COMMA.encode() + b"\n", reading)
    assert_is_one_sentence(str(caught.value))


@pytest.mark.parametrize(
    "name", ["faulty", "markup in the labels", "thousands in doubt", "every byte", "workbook of markup"]
)
@pytest.mark.parametrize("separator", [None, *SEPARATORS])
def test_any_reading_of_any_file_ends_well(name, separator):
    data = NASTY.get(name, b'x,y\n1,"2\n3;4\n5|6,7\n')
    for encoding in ENCODINGS:
        assert_ends_well(data, reading=Reading(separator, encoding=encoding))
    for decimal, thousands in [(",", None), (".", ""), (None, "."), (None, ","), (None, " "), (None, "'")]:
        for header in (True, False):
            assert_ends_well(data, reading=Reading(separator, decimal, thousands, header))


THOUSAND = {
    "comma": ("1,234.5", "-2,345,678", "12.25"),
    "point": ("1.234,5", "-2.345.678", "12,25"),
    "space": ("1 234,5", "-2 345 678", "12,25"),
    "narrow space": ("1\u202f234,5", "-2\u202f345\u202f678", "12,25"),
    "space that does not break": ("1\u00a0234.5", "-2\u00a0345\u00a0678", "12.25"),
    "apostrophe": ("1'234.5", "-2'345'678", "12.25"),
    "typographic apostrophe": ("1’234.5", "-2’345’678", "12.25"),
}


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize(
    ("cells", "separator"),
    # A comma that is the decimal mark, or between thousands without quotes, cannot be the separator.
    [(cells, separator) for cells in THOUSAND.values() for separator in ";\t|"]
    + [(cells, ",") for cells in THOUSAND.values() if "," not in "".join(cells)],
)
def test_thousands_are_read_where_they_are_sure(cells, separator, quote):
    lines = [
        separator.join(f"{quote}{cell}{quote}" for cell in (one, other))
        for one, other in zip(cells, cells[::-1], strict=True)
    ]
    table = read_table("a.csv", "\n".join([separator.join("xy"), *lines]).encode())
    assert select_points(table).points.tolist() == [[1234.5, 12.25], [-2345678, -2345678], [12.25, 1234.5]]
    assert table.reading.separator == separator
    assert len(table.remarks) == 1
    assert "mark between thousands" in table.remarks[0]


@pytest.mark.parametrize(
    "cells",
    [
        ["1,234", "5,678"],  # either of two numbers
        ["1,23", "4,5"],
        ["1,2345.5", "1,234.5"],
        ["12,34,567.5", "x", "y"],
        ["192.168.001.255", "10.000.000.001"],
        ["2024 01", "2024 02"],
        ["1 2345", "2 3456"],
    ],
)
def test_what_may_be_something_else_stays_text(cells):
    data = "\n".join(["x;y;z", *(f'1.5;{n}.5;"{cell}"' for n, cell in enumerate(cells))])
    table = read_table("a.csv", data.encode(), Reading(decimal="."))
    if cells[0] != "192.168.001.255":
        assert table.text_columns["z"].tolist() == cells
    assert not table.remarks or "thousands" in table.remarks[0]


def test_thousands_in_quotes_between_commas_are_read():
    data = b'x,y\n"1,234.5","2"\n"12","3,456,789"\n'
    assert select_points(read_table("a", data)).points.tolist() == [[1234.5, 2], [12, 3456789]]


def test_people_can_say_what_separates_thousands():
    data = b'x,y\n"1,234","5,678"\n"1","2"\n'
    assert select_points(read_table("a", data, Reading(thousands=","))).points.tolist() == [
        [1234, 5678],
        [1, 2],
    ]
    data = b"x;y\n1.234;5.678\n1,5;2\n"
    assert select_points(read_table("a", data, Reading(thousands="."))).points.tolist() == [
        [1234, 5678],
        [1.5, 2],
    ]
    sure = b"x;y\n1.234,5;5\n1.234.567;2\n"
    assert read_table("a", sure, Reading(thousands="")).numeric_names == ("y",)


def test_a_few_thousands_among_plain_numbers_are_read_too():
    rows = [f"{n};{n}.5" for n in range(100)] + ["1,234.5;1", "2,345,678;2", "9,99;3"]
    selection = select_points(read_table("a", "\n".join(["x;y", *rows]).encode()))
    assert selection.points[-2:].tolist() == [[1234.5, 1], [2345678, 2]]
    assert selection.dropped.reasons == ('1 row was dropped because x is not a number: line 104 ("9,99").',)


def test_points_of_good_files_do_not_change_with_a_full_reading():
    reading = Reading(",", ".", "", True, "utf-8")
    np.testing.assert_array_equal(select_points(read_table("a", COMMA.encode(), reading)).points, POINTS)
