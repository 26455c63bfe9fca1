"""Nothing is dropped without a word: how many, why, where, and what stands there."""

import numpy as np
import pytest

from tests.table_files import FAULTY
from ui.uploads import read_table, select_points


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_report_gives_line_numbers_values_and_every_reason(newline):
    table = read_table("points.csv", FAULTY.replace("\n", newline).encode())
    selection = select_points(table)
    assert selection.points[:3].tolist() == [[1, 10], [5, 60], [10, 100]]
    assert selection.dropped.reasons == (
        '1 row was dropped because the table begins further down: line 1 ("Readings of Tuesday").',
        '1 row was dropped because there are more than 3 fields: line 12 ("9").',
        '1 row was dropped because x is not a number: line 17 ("q").',
        '1 row was dropped because x is infinite or too large: line 8 ("1e400").',
        '2 rows were dropped because y is not a number: line 7 ("abc"), line 13 ("n.d.").',
        '1 row was dropped because y is infinite or too large: line 15 ("-inf").',
        "1 row was dropped because y is missing: line 9.",
    )
    assert selection.dropped.count == 8
    assert table.skipped.count == 2
    assert table.text_columns["note"][0] == "first\nand second line"
    assert np.isnan(table.columns["y"][1])


def test_the_report_shows_a_few_examples_made_safe():
    rows = [f"{n},{n}" for n in range(400)]
    rows[10:14] = ['1,"\x07evil\u202e\n' + "long" * 30 + '"'] * 4
    dropped = select_points(read_table("points.csv", "\n".join(["x,y", *rows]).encode())).dropped
    shown = "evil longlonglonglonglonglonglonglonglo…"
    assert len(shown) == 40
    places = ", ".join(f'line {line} ("{shown}")' for line in (12, 14, 16))
    assert dropped.reasons == (f"4 rows were dropped because y is not a number: {places} and 1 more.",)


def test_infinite_numbers_alone_in_a_column_of_numbers_are_reported_as_written():
    text = "x,y\n" + "1,2\n3,4\n" * 5 + "Infinity,5\n-1E+999,6\n7,8\n"
    dropped = select_points(read_table("points.csv", text.encode())).dropped
    assert dropped.reasons == (
        '2 rows were dropped because x is infinite or too large: line 12 ("Infinity"), line 13 ("-1E+999").',
    )


def test_in_a_table_with_decimal_commas_a_point_is_no_decimal_mark():
    text = "x;y\n" + "1,5;2,5\n3,5;4,5\n" * 4 + "1.234;5\n"
    dropped = select_points(read_table("points.csv", text.encode())).dropped
    assert dropped.reasons == ('1 row was dropped because x is not a number: line 10 ("1.234").',)


def test_a_row_too_long_by_any_number_of_fields_is_reported():
    for surplus in (1, 2, 3, 1000):
        text = "x,y\n1,2\n3,4" + ",9" * surplus + "\n5,6\n7,8\n"
        selection = select_points(read_table("points.csv", text.encode()))
        assert selection.dropped.count == 1
        assert 'more than 2 fields: line 3 ("9")' in selection.dropped.reasons[0]


def test_a_row_that_begins_with_a_spreadsheets_error_is_no_comment():
    text = "x,y\n#N/A,1\n#DIV/0!,2\n# a comment,3\n" + "4,5\n" * 9
    assert select_points(read_table("points.csv", text.encode())).dropped.reasons == (
        '1 row was dropped because x is not a number: line 3 ("#DIV/0!").',
        "1 row was dropped because x is missing: line 2.",
    )
    assert read_table("points.csv", b"#N/A,1\n2,3\n4,5\n").names == ("column 1", "column 2")
