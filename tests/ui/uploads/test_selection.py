"""Columns chosen, changed and refused; labels, weights, logarithms and filters."""

import numpy as np
import pytest

from tests.nasty_workbooks import MARKUP
from tests.upload_contract import assert_is_one_sentence
from ui.uploads import OPERATORS, OTHER, Condition, UploadError, read_table, select_points


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
    ],
)
def test_a_choice_that_gives_no_points_says_why(text, x, y, words):
    table = read_table("points.csv", text.encode())
    with pytest.raises(UploadError) as caught:
        select_points(table, x, y)
    assert words in str(caught.value)
    assert_is_one_sentence(str(caught.value))


def table_of(text):
    return read_table("points.csv", text.encode())


LABELLED = table_of(
    "x,y,kind,code,w\n"
    + "".join(f"{n},{n * n},{'ab c'[n % 4].strip()},{n % 3},{n % 5 - 1}\n" for n in range(1, 41))
)


def test_labels_are_named_by_how_many_points_they_have():
    table = table_of("x,y,kind\n1,1,b\n2,2,a\n3,3,a\n4,4,\n5,q,z\n6,6,b\n7,7, a \n8,8,c\n9,9,d\n10,1,d\n")
    selection = select_points(table, label="kind")
    assert selection.label_names == ("a", "b", "d", "c")
    assert selection.labels is not None
    assert selection.labels.tolist() == [1, 0, 0, -1, 1, 0, 3, 2, 2]
    assert not selection.labels.flags.writeable
    assert selection.remarks == ("1 point has no label in kind.",)
    assert select_points(table).labels is None


def test_numbers_can_be_labels():
    selection = select_points(LABELLED, "x", "y", label="code")
    assert selection.label_names == ("1", "2", "0")
    assert [selection.label_names[label] for label in selection.labels] == [str(n % 3) for n in range(1, 41)]


@pytest.mark.parametrize(("n_labels", "n_names"), [(19, 19), (20, 20), (21, 21), (300, 21)])
def test_at_most_twenty_labels_are_named(n_labels, n_names):
    rows = [f"{n},{n % 7},l{n % n_labels}" for n in range(900)] + ["1,2,l5"] * 3
    selection = select_points(table_of("\n".join(["x,y,kind", *rows])), "x", "y", label="kind")
    assert len(selection.label_names) == n_names
    assert selection.label_names[0] == "l5"
    assert (OTHER in selection.label_names) == (n_labels > 20)
    counts = np.bincount(selection.labels, minlength=n_names)
    assert counts.sum() == 903
    if n_labels > 20:
        assert selection.label_names[-1] == OTHER
        assert counts[-1] == 903 - counts[:-1].sum()


def test_labels_of_any_text_are_plain_and_unequal():
    odd = [*MARKUP, "a\x07b", "a b", "other", "\u202e", "l" * 1000, "l" * 999]
    odd += [f"l{n}" for n in range(9)]
    rows = [
        f'{n},{n * n};"{word}"'.replace(";", ",") if '"' not in word else f"{n},1,q"
        for n, word in enumerate(odd * 3)
    ]
    selection = select_points(table_of("\n".join(["x,y,kind", *rows])), "x", "y", label="kind")
    assert len(set(selection.label_names)) == len(selection.label_names) == 21
    assert all(name.isprintable() and 0 < len(name) < 60 for name in selection.label_names)
    assert selection.label_names[-1].startswith(OTHER)
    assert {"<script>alert(1)</script>", "other"} <= set(selection.label_names)


def test_weights_are_not_negative_and_never_missing():
    text = "x,y,w\n1,1,2\n2,2,0\n3,3,-1\n4,4,\n5,5,q\n6,6,1e999\n7,8,0.5\n" + "8,9,1\n" * 10
    selection = select_points(table_of(text), "x", "y", weight="w")
    assert selection.weights.tolist() == [2, 0, 0.5] + [1] * 10
    assert selection.rows[:3].tolist() == [0, 1, 6]
    assert selection.dropped.reasons == (
        '1 row was dropped because w is not a number: line 6 ("q").',
        '1 row was dropped because w is infinite or too large: line 7 ("1e999").',
        "1 row was dropped because w is missing: line 5.",
        '1 row was dropped because the weight w is negative: line 4 ("-1").',
    )
    with pytest.raises(UploadError, match="Every weight"):
        select_points(table_of("x,y,w\n1,2,0\n3,4,0\n"), "x", "y", weight="w")


def test_logarithms_drop_what_has_none_and_say_what_they_mean():
    table = table_of("x,y\n1,10\n0,5\n-2,6\n100,0\n1000,1e5\n")
    selection = select_points(table, log_x=True)
    assert selection.points.tolist() == [[0, 10], [2, 0], [3, 1e5]]
    assert selection.axis_titles == ("log10 of x", "y")
    assert selection.dropped.reasons == (
        '2 rows were dropped because x is not positive and so has no logarithm: line 3 ("0"), line 4 ("-2").',
    )
    assert "log-normal in x" in selection.remarks[0]
    both = select_points(table, log_x=True, log_y=True)
    assert both.points.tolist() == [[0, 1], [3, 5]]
    assert both.dropped.count == 3


@pytest.mark.parametrize("scale", [1.0, 1e-320, 1e300, 1e-9])
@pytest.mark.parametrize("offset", [0.0, 1e9])
def test_standardised_points_have_mean_0_and_deviation_1(scale, offset):
    values = np.random.default_rng(2).normal(size=(500, 2)) * [scale, 1.0]
    values[:, 1] += offset
    table = table_of("x,y\n" + "\n".join(f"{x!r},{y!r}" for x, y in values.tolist()))
    selection = select_points(table, standardise=True)
    np.testing.assert_allclose(selection.points.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(selection.points.std(axis=0), 1, rtol=1e-12)
    assert selection.axis_titles == ("x, standardised", "y, standardised")
    assert "circle" in selection.remarks[-1]
    if scale == 1.0:
        back = selection.points * selection.unit + selection.centre
        np.testing.assert_allclose(back, values, rtol=1e-12)
    plain = select_points(table_of("x,y\n1,2\n3,4\n"))
    assert (plain.centre, plain.unit, plain.remarks) == ((0, 0), (1, 1), ())


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        (Condition("x", "=", 3), [3]),
        (Condition("x", "=", "3.0"), [3]),
        (Condition("x", "!=", 3), [1, 2, 5]),
        (Condition("x", "<", 3), [1, 2]),
        (Condition("x", "<=", "3"), [1, 2, 3]),
        (Condition("x", ">", 2), [3, 5]),
        (Condition("x", ">=", 2), [2, 3, 5]),
        (Condition("x", "<", "inf"), [1, 2, 3, 5]),
        (Condition("x", "present"), [1, 2, 3, 5]),
        (Condition("kind", "=", "a"), [1, 3]),
        (Condition("kind", "!=", "a"), [2]),
        (Condition("kind", "contains", "B"), [2]),
        (Condition("kind", "missing"), [5]),
        (Condition("kind", "present"), [1, 2, 3]),
        (Condition("kind", "contains", ""), [1, 2, 3]),
    ],
)
def test_a_filter_keeps_the_rows_that_fulfil_it(condition, kept):
    table = table_of("x,y,kind\n1,1,a\n2,2,b\n3,3, a\n,4,c\n5,5,\n")
    if len(kept) < 2:
        with pytest.raises(UploadError, match="loosen the filter"):
            select_points(table, "x", "y", conditions=[condition])
        condition_rows = [condition, Condition("y", "missing")]
        with pytest.raises(UploadError, match="loosen the filter"):
            select_points(table, "x", "y", conditions=condition_rows)
        return
    selection = select_points(table, "x", "y", conditions=[condition])
    assert selection.points[:, 0].tolist() == kept
    assert selection.dropped.count == 5 - len(kept)
    assert condition.text in selection.dropped.reasons[0] or len(kept) == 4
    assert set(OPERATORS) >= {condition.operator}


def test_filters_come_first_in_the_report_and_show_what_they_left_out():
    table = table_of("x,y,kind\n1,1,a\nq,2,b\n3,q,a\n4,4,a\n5,5,<b>\n" + "6,7,a\n" * 20)
    conditions = [Condition("kind", "=", "a"), Condition("x", "<=", 5)]
    assert select_points(table, conditions=conditions).dropped.reasons == (
        '2 rows were dropped because the filter “kind is a” leaves them out: line 3 ("b"), line 6 ("<b>").',
        "20 rows were dropped because the filter “x is at most 5” leaves them out:"
        ' line 7 ("6"), line 8 ("6"), line 9 ("6") and 17 more.',
        '1 row was dropped because y is not a number: line 4 ("q").',
    )


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"label": "q"}, 'No column is called "q"; choose from x, y, kind'),
        ({"weight": "kind"}, 'No column of numbers is called "kind"'),
        ({"conditions": [Condition("q", "=", 1)]}, "choose another one for the filter"),
        ({"conditions": [Condition("x", "~", 1)]}, 'A filter cannot ask "~"'),
        ({"conditions": [Condition("x", "=", "__import__('os')")]}, "give a number"),
        ({"conditions": [Condition("x", "<", "nan")]}, "give a number"),
        ({"conditions": [Condition("x", "<", 10**400)]}, "give a number"),
        ({"conditions": [Condition("x", "contains", "1")]}, "holds numbers"),
        ({"conditions": [Condition("kind", "<", "1")]}, "holds text"),
        ({"conditions": [Condition("x", ">", 39)]}, "Fewer than two rows are left"),
        ({"x": "x", "y": "x"}, "chosen twice"),
    ],
)
def test_choices_that_cannot_be_say_why(choices, words):
    with pytest.raises(UploadError, match=words) as caught:
        select_points(LABELLED, **choices)
    assert_is_one_sentence(str(caught.value))


def test_what_has_no_spread_or_too_little_is_refused_where_it_matters():
    table = table_of("x,y,z,tiny\n1,2,3,1e-300\n1,4,3,2e-300\n1,5,3,0\n")
    assert select_points(table, "x", "z").points.tolist() == [[1, 3]] * 3
    with pytest.raises(UploadError, match='"x" is constant'):
        select_points(table, "x", "y", standardise=True)
    with pytest.raises(UploadError, match="standardise them"):
        select_points(table, "x", "tiny")
