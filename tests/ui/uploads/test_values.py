"""What stands for no value, what is no row of its own, and what a workbook holds beside values."""

import io
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tests.nasty_workbooks import parquet
from tests.ui.uploads.test_dialects import assert_says_how_to_correct, lines
from tests.upload_contract import assert_is_one_sentence
from ui.uploads import Condition, Reading, UploadError, read_table, sample_rows, select_points

# Names that look like missing values


@pytest.mark.parametrize("word", ["NA", "None", "null", "nan", "N/A"])
@pytest.mark.parametrize("kind", ["text", "JSON", "Parquet"])
def test_a_word_for_missing_values_may_be_the_name_of_a_class(word, kind):
    columns = {"x": [1.5, 2.5, 3.5, 4.5], "y": [5.0, 6, 7, 9], "kind": [word, "b", word, "b"]}
    data = {
        "text": lines("x,y,kind", *(",".join(map(str, row)) for row in zip(*columns.values(), strict=True))),
        "JSON": str(columns).replace("'", '"').encode(),
        "Parquet": parquet(columns),
    }[kind]
    table = read_table("a", data)
    assert table.text_columns["kind"].tolist() == columns["kind"]
    assert select_points(table, label="kind").label_names == (word, "b")
    assert table.remarks == ()


def test_a_word_that_is_missing_among_numbers_is_so_among_words_unless_people_say_otherwise():
    data = lines("x,y,kind", "1,2,NA", "NA,4,None", "5,6,b", *["7,8,b"] * 9)
    table = read_table("a.csv", data)
    assert table.text_columns["kind"][:3].tolist() == ["", "None", "b"]
    assert "“NA”" in table.remarks[0]
    assert_says_how_to_correct(table)
    named = read_table("a.csv", data, Reading(missing=()))
    assert named.text_columns["kind"][:3].tolist() == ["NA", "None", "b"]
    assert np.isnan(named.columns["x"][1])
    both = read_table("a.csv", data, Reading(missing=("None", "7")))
    assert both.text_columns["kind"][:3].tolist() == ["NA", "", "b"]
    assert np.isnan(both.columns["x"][3:]).all()


# Numbers that stand apart


@pytest.mark.parametrize(
    "mark", ["-99", "-999", "9999", "999.9", "-9999.0", "99999", "1e20", "-3.4028234663852886e38"]
)
@pytest.mark.parametrize("n_marks", [1, 4])
def test_marks_of_missing_values_are_offered_and_taken_when_asked(mark, n_marks):
    values = [f"{n / 7:.3f},{20 + n % 5}" for n in range(40)]
    data = lines("x,y", *values, *[f"{mark},21"] * n_marks)
    table = read_table("a.csv", data)
    assert len(table.suspects) == 1
    assert float(table.suspects[0]) == pytest.approx(float(mark))
    assert len(select_points(table).points) == 40 + n_marks
    assert_says_how_to_correct(table)
    told = read_table("a.csv", data, Reading(missing=table.suspects))
    assert len(select_points(told).points) == 40
    assert f"{n_marks} row" in select_points(told).dropped.reasons[0]
    assert told.suspects == ()


def test_nines_among_their_like_are_values():
    for column in (range(0, 130, 3), [9, 8, 7, 99, 98, 90, 60, 40], [-99, -98, -97, 3], [99] * 5):
        assert (
            read_table("a.csv", lines("x,y", *(f"{value},{n}" for n, value in enumerate(column)))).suspects
            == ()
        )


# Rows of totals


@pytest.mark.parametrize(
    "word", ["Total", "TOTAL:", "Grand total", "Sum", "Mean", "Average", "Summe", "Gesamt"]
)
@pytest.mark.parametrize("place", ["text", "number"])
def test_a_row_that_sums_up_the_others_is_no_point_unless_asked_for(word, place):
    first = "ABCDEFGH" if place == "text" else "12345678"
    data = lines("s,x,y", *(f"{name},{n}.5,{n % 3}" for n, name in enumerate(first)), f"{word},32,9")
    table = read_table("a.csv", data)
    selection = select_points(table, "x", "y")
    assert len(selection.points) == 8
    assert word.rstrip(":") in selection.dropped.reasons[0]
    assert "Rows of totals" in selection.dropped.reasons[0]
    assert table.n_rows == 9, "what is taken home has it still"
    assert len(select_points(read_table("a.csv", data, Reading(totals=True)), "x", "y").points) == 9
    part = sample_rows(table, 5, np.random.default_rng(0))
    assert part.line_numbers is not None
    assert all(part.line_numbers[row] == 10 for row in part.totals)


def test_totals_of_groups_are_found_where_they_add_up():
    data = lines("s,x", "a,1", "b,2", "Total,3", "c,5", "d,7", "Total,12", "e,1", "f,0")
    assert read_table("a.csv", data).totals.tolist() == [2, 5]
    other = lines("s,x", "a,1", "total,9", "b,4", "c,5", "d,7")
    assert read_table("a.csv", other).totals.tolist() == []
    classes = lines("s,x", *["mean,1", "median,2"] * 6)
    assert read_table("a.csv", classes).totals.tolist() == []


# Filters


@pytest.mark.parametrize(
    ("rows", "value"),
    [
        (["x;y", "1,5;2", "2,5;3", "3,5;4"], "2,5"),
        (["x;y", "1,5;2", "2,5;3", "3,5;4"], "2.5"),
        (["x,y", "1.5,2", "2.5,3", "3.5,4"], "2.5"),
        (["x;y", "1.001,5;2", "2.500,0;3", "3.500,25;4"], "2.500"),
        (["x;y", "1,5 %;2", "2,5 %;3", "3,5 %;4"], "2,5 %"),
    ],
)
def test_a_filters_number_is_written_as_the_file_writes_numbers(rows, value):
    table = read_table("a.csv", lines(*rows))
    assert select_points(table, conditions=[Condition("x", ">=", value)]).rows.tolist() == [1, 2]
    with pytest.raises(UploadError, match="give a number"):
        select_points(table, conditions=[Condition("x", ">=", "2,5,1")])


def test_names_are_cut_and_known_whole():
    long = "the length of the bill in millimetres, measured twice and averaged by hand"
    table = read_table("a.csv", lines(f'"{long}",y', "1,2", "3,4"))
    assert table.names[0].endswith("…")
    assert table.whole_names == {table.names[0]: long}


# Workbooks


def book(*fills) -> bytes:
    made = openpyxl.Workbook()
    del made["Sheet"]
    for number, fill in enumerate(fills):
        fill(made.create_sheet(f"S{number}"))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def filled(*rows, hidden=False, front=False, merged=()):
    def fill(sheet: Worksheet) -> None:
        for row in rows:
            sheet.append(row)
        for block in merged:
            sheet.merge_cells(block)
        if hidden:
            sheet.sheet_state = "hidden"
        if front:
            made: Any = sheet.parent
            made.active = sheet

    return fill


def table_of(start: int):
    return ["x", "y"], [start, 2], [start + 1, 3]


def test_the_sheet_in_front_is_read_and_hidden_ones_are_offered():
    data = book(filled(*table_of(1), hidden=True), filled(*table_of(5)), filled(*table_of(7), front=True))
    table = read_table("a.xlsx", data)
    assert (table.reading.sheet, table.sheets) == ("S2", ("S0", "S1", "S2"))
    assert table.columns["x"].tolist() == [7, 8]
    assert_says_how_to_correct(table)
    assert read_table("a.xlsx", data, Reading(sheet="S0")).columns["x"].tolist() == [1, 2]
    assert (
        read_table("a.xlsx", book(filled(*table_of(1), hidden=True), filled(["a note"]))).reading.sheet
        == "S0"
    )


def test_a_formula_without_a_value_is_said_to_be_one():
    rows = [["x", "y", "z"], *([n, n * 1.5, f"=A{n + 2}*2"] for n in range(5))]
    table = read_table("a.xlsx", book(filled(*rows)))
    assert "Formulas without values: 5" in table.remarks[0]
    assert '"=A2*2"' in table.remarks[0]
    assert_is_one_sentence(table.remarks[0])
    assert table.text_columns["z"][0] == "=A2*2"
    rows = [["x", "y"], *([n, n * 1.5] for n in range(9)), [10, "=A2"]]
    selection = select_points(read_table("a.xlsx", book(filled(*rows))))
    assert '"=A2"' in selection.dropped.reasons[0]


def test_merged_cells_hold_for_all_their_rows_and_columns():
    rows = [["species", "Bill (mm)", None, "mass"], [None, "length", "depth", None]]
    rows += [["A" if n == 0 else "B" if n == 3 else None, n + 0.5, n + 9, n * n] for n in range(6)]
    data = book(filled(*rows, merged=["B1:C1", "A1:A2", "D1:D2", "A3:A5", "A6:A8"]))
    table = read_table("a.xlsx", data)
    assert table.names == ("species", "Bill (mm) length", "Bill (mm) depth", "mass")
    assert table.text_columns["species"].tolist() == ["A"] * 3 + ["B"] * 3
    assert table.n_rows == 6
    assert_says_how_to_correct(table)


def test_a_group_alone_in_its_row_is_a_name_and_a_title_is_none():
    body = [[f"k{n}", n + 0.5, n + 9] for n in range(4)]
    rows = [["Penguins of 2009"], [None, "Bill (mm)"], ["kind", "length", "depth"], *body]
    table = read_table("a.xlsx", book(filled(*rows, merged=["A1:C1", "B2:C2"])))
    assert table.names == ("kind", "Bill (mm) length", "Bill (mm) depth")
    assert table.skipped.count == 1
    assert "Penguins" in table.skipped.reasons[0]


def test_a_total_of_many_rows_is_no_mark_of_a_missing_value():
    nines = lines("s,x,y", *(f"a,{9.99 * (n % 2)},{n}" for n in range(200)), "Total,999,19900")
    table = read_table("a.csv", nines)
    assert table.totals.tolist() == [200]
    assert table.suspects == ()


def test_columns_may_differ_in_the_spaces_between_thousands():
    table = read_table(
        "a.csv", lines("x,y,z", '"1,234",1 550 €,2\'000', '"22,690",1 650 €,3\'500', "7,12 000 €,9")
    )
    np.testing.assert_array_equal(table.columns["x"], [1234, 22690, 7])
    np.testing.assert_array_equal(table.columns["y"], [1550, 1650, 12000])
    np.testing.assert_array_equal(table.columns["z"], [2000, 3500, 9])
