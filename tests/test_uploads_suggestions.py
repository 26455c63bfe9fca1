"""What is looked at first."""

import pytest

from ui.uploads import read_table, select_points


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("index,x,y\n0,5,6\n1,7,8\n", ("x", "y")),
        ("ID;x;y\n1;5;6\n2;7;8\n", ("x", "y")),
        ("Unnamed: 0,x,y\n0,5,6\n1,7,8\n", ("x", "y")),
        (",x,y\n1,5,6\n2,7,8\n", ("x", "y")),
        ("x,y,row\n5,6,1\n7,8,2\n", ("x", "y")),
        ("1,5,6\n2,7,8\n", ("column 2", "column 3")),
        ("id,x\n0,5\n1,7\n", ("id", "x")),  # there are no two others
        ("id,index,x\n0,0,5\n1,1,6\n", ("id", "x")),
        ("x,y,z\n0,5,6\n1,7,8\n", ("x", "y")),  # counts, but its name says that it is data
        ("id,x,y\n1001,5,6\n1002,7,8\n", ("id", "x")),  # an id, but not the number of the row
        ("id,x,y\n2,5,6\n1,7,8\n", ("id", "x")),
    ],
)
def test_a_column_that_numbers_the_rows_is_passed_over(text, expected):
    selection = select_points(read_table("points.csv", text.encode()))
    assert (selection.x, selection.y) == expected
