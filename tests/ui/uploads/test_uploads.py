"""Every honest dialect of text gives the same points."""

import numpy as np
import pytest

from tests.table_files import COMMA, GOOD, POINTS, SEMICOLON
from ui.uploads import numerals, read_table, select_points


@pytest.mark.parametrize("data", GOOD.values(), ids=GOOD)
def test_every_dialect_gives_the_same_points(data):
    table = read_table("points.csv", data)
    selection = select_points(table)
    np.testing.assert_array_equal(selection.points, POINTS)
    assert (selection.x, selection.y) == ("x", "y")
    assert selection.rows.tolist() == [0, 1, 2, 3]
    assert selection.dropped.count == (1 if b"My measurements" in data else 0)
    assert not selection.points.flags.writeable
    assert not any(column.flags.writeable for column in table.columns.values())


@pytest.mark.parametrize("text", [COMMA, SEMICOLON], ids=["decimal point", "decimal comma"])
@pytest.mark.parametrize("separator", [";", "\t", "|", "  "])
def test_without_names_the_columns_are_numbered(text, separator):
    rows = text.replace(";" if text is SEMICOLON else ",", separator).split("\n", 1)[1]
    selection = select_points(read_table("points.csv", rows.encode()))
    np.testing.assert_array_equal(selection.points, POINTS)
    assert (selection.x, selection.y) == ("column 1", "column 2")


def test_a_first_row_with_a_label_or_without_a_value_is_no_header():
    iris = read_table("iris.data", b"5.1,3.5,setosa\n4.9,3.0,setosa\n6.3,3.3,virginica\n")
    assert iris.n_rows == 3
    assert iris.text_columns["column 3"].tolist() == ["setosa", "setosa", "virginica"]
    assert read_table("a.csv", b"nan,inf\n1,2\n3,4\n5,6\n7,8\n1,2\n").n_rows == 6
    assert read_table("a.csv", b",\n1,2\n3,4\n").n_rows == 3


def test_remarks_tell_what_was_assumed():
    table = read_table("points.csv", "größe,x,y\n1,1.5,2\n2,2.5,3\n".encode("latin-1"))
    assert table.numeric_names == ("größe", "x", "y")
    assert "Latin-1" in table.remarks[0]
    table = read_table("points.csv", b'x,y\n1,"2\n3,4\n5,6\n')
    assert table.n_rows == 3
    assert "quotation marks" in table.remarks[0]
    assert read_table("points.csv", COMMA.encode()).remarks == ()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("a,a,a", ["a", "a (2)", "a (3)"]),
        ("a,a (2),a", ["a", "a (2)", "a (3)"]),
        (",x,", ["column 1", "x", "column 3"]),
        ('"a\n\tb\u202e\x07",x,y', ["a b", "x", "y"]),
        (f"{'n' * 1000},x,y", ["n" * 59 + "…", "x", "y"]),
        (f"{'n' * 1000},{'n' * 1000},y", ["n" * 59 + "…", "n" * 59 + "… (2)", "y"]),
        ("x,y", ["column 1", "x", "y"]),  # as R writes row names
        ("x,y,z,w", ["x", "y", "z"]),
    ],
)
def test_names_are_unique_and_can_be_shown(header, expected):
    table = read_table("points.csv", f"{header}\n1,2,3\n4,5,7\n".encode())
    assert table.numeric_names == tuple(expected)


def test_columns_of_numbers_do_not_go_through_the_parsing_of_single_cells():
    table = read_table("points.csv", b"x,y,kind\n" + b"1.5,2,a\n" * 1000)
    assert all(table.parse_errors[name] is numerals.NO_PARSE_ERRORS for name in table.numeric_names)
