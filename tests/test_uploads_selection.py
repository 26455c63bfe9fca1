"""Columns chosen, changed and refused; labels, weights, logarithms and filters."""

import numpy as np
import pytest

from tests.upload_contract import assert_is_one_sentence
from ui.uploads import UploadError, read_table, select_points


def test_the_choice_of_columns_can_be_changed():
    table = read_table("points.csv", b"id,a,b,kind\n1,5,6,u\n2,7,8,v\n3,9,9,u\n")
    for x, y, expected in [
        (None, None, ("a", "b")),
        ("b", None, ("b", "a")),
        (None, "a", ("b", "a")),
        ("b", "a", ("b", "a")),
        ("id", None, ("id", "a")),
    ]:
        selection = select_points(table, x, y)
        assert (selection.x, selection.y) == expected
        np.testing.assert_array_equal(selection.points[:, 0], table.columns[expected[0]])
        np.testing.assert_array_equal(selection.points[:, 1], table.columns[expected[1]])


@pytest.mark.parametrize(
    ("text", "x", "y", "words"),
    [
        ("a,b\n1,2\n3,4\n", "a", "a", '"a" was chosen twice'),
        ("a,b\n1,2\n3,4\n", "a", "c", 'called "c"; choose from a, b'),
        ("a,b\n1,2\n3,4\n", None, "\x00" * 50 + "<b>", 'called "<b>"'),
        ("a,b\n1,u\n3,v\n", None, None, 'only one column of numbers, "a"'),
        ("a,b\nu,v\nu,v\n", None, None, "no column of numbers"),
        ("a,b\nTrue,2024-01-01\nFalse,2024-01-02\n", None, None, "no column of numbers"),
        ("a,b\n1+2j,10:30\n3-4j,11:00\n", None, None, "no column of numbers"),
        ("a,b\n1,\n,2\n", None, None, 'Fewer than two rows have numbers in both "a" and "b"'),
        ("1,2\n", None, None, "Fewer than two rows"),
        ('a,b\n"1,234","5,678"\n"1","2"\n', None, None, "no column of numbers"),
    ],
)
def test_a_choice_that_gives_no_points_says_why(text, x, y, words):
    table = read_table("points.csv", text.encode())
    with pytest.raises(UploadError) as caught:
        select_points(table, x, y)
    assert words in str(caught.value)
    assert_is_one_sentence(str(caught.value))
