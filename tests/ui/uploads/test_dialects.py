"""Whatever program wrote a table: its numbers come back, or a remark says what was assumed."""

import csv
import io
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.upload_contract import assert_is_one_sentence
from ui.uploads import Reading, Table, read_table, select_points
from ui.uploads.table import CONTROLS

ROWS = np.array([[1.5, -2.25], [3.25, 4.75], [-0.5, 600.5], [7.125, 8.5], [0.25, -1.5]])


def assert_says_how_to_correct(table: Table) -> None:
    """Every remark is a sentence, and the controls it names are on the data page."""
    for remark in table.remarks:
        assert_is_one_sentence(remark.replace("Fr.", ""))
        if "data page" in remark:
            assert any(f"“{title}”" in remark for title in CONTROLS.values())


def lines(*rows: str) -> bytes:
    return "\n".join(rows).encode() + b"\n"


def columns(table: Table, *names: str) -> list[list[float]]:
    return [table.columns[name].tolist() for name in names]


# A tab, or any mark that every row has as often, beats spaces.

GAPPY = [["x", "note", "y"], ["1", "", "10"], ["2", "", "20"], ["3", "", "35"]]
DATED = [
    ["s", "d", "p"],
    ["A", "Jan 1 2000", "25.94"],
    ["A", "Feb 1 2000", "28.66"],
    ["B", "Mar 1 2000", "33.95"],
]
NAMED = [["name", "x", "y"], ["Ann Lee", "1", "2"], ["Bo", "3", "4"], ["Cy de la Cruz", "5", "6"]]


@pytest.mark.parametrize("separator", "\t;|,")
@pytest.mark.parametrize("rows", [GAPPY, DATED, NAMED], ids=["gaps", "dates", "names"])
def test_spaces_inside_cells_do_not_separate_columns(rows, separator):
    table = read_table("a.txt", lines(*(separator.join(row) for row in rows)))
    assert table.names == tuple(rows[0])
    assert table.reading.separator == separator
    for name, cells in zip(rows[0], zip(*rows[1:], strict=True), strict=True):
        if name in table.columns:
            assert table.columns[name].tolist() == [float(cell) for cell in cells]
        else:
            kept = table.text_columns[name].tolist()
            assert kept == list(cells)


@pytest.mark.parametrize("rows", [["1 2\t3 4", "5 6\t7 8", "9 1\t2 3"], ["1,5 2,5", "3,5 4,5", "5,5 6,5"]])
def test_spaces_separate_where_the_other_mark_gives_no_numbers(rows):
    assert read_table("a.txt", lines(*rows)).reading.separator == " "


# Comments


@pytest.mark.parametrize("separator", ",;\t")
def test_rows_whose_first_word_begins_with_a_hash_are_rows(separator):
    rows = [["tag", "x", "y"], ["#a", "1", "2"], ["b", "3", "4"], ["#c", "5", "6"], ["d", "7", "8"]]
    for table_rows in (rows, [rows[0], rows[1], rows[3]]):
        table = read_table("a.csv", lines(*(separator.join(row) for row in table_rows)))
        assert table.text_columns["tag"].tolist() == [row[0] for row in table_rows[1:]]
        assert table.line_numbers is not None
        assert table.line_numbers.tolist() == list(range(2, len(table_rows) + 1))


def test_a_comment_below_the_first_row_is_reported():
    table = read_table("a.csv", b"# at the head\nx,y\n1,2\n#3,4\n5,6\n# a word, or two\n7,8\n#\n9,9\n")
    selection = select_points(table)
    assert selection.points.tolist() == [[1, 2], [5, 6], [7, 8], [9, 9]]
    assert 'line 4 ("#3,4")' in selection.dropped.reasons[0]
    assert selection.dropped.count == 1
    assert 'line 6 ("# a word, or two")' in table.remarks[0]
    assert "head" not in "".join(table.remarks)


# Names


@pytest.mark.parametrize("index", [False, True])
@pytest.mark.parametrize("width", [2, 3, 7])
def test_the_numbers_of_a_data_frames_columns_are_names(width, index):
    numbers = np.random.default_rng(1).normal(size=(6, width)).round(2)
    rows = [",".join(map(str, ([n] if index else []) + row)) for n, row in enumerate(numbers.tolist())]
    table = read_table("a.csv", lines("," * index + ",".join(map(str, range(width))), *rows))
    names = [*map(str, range(width))]
    np.testing.assert_array_equal(np.column_stack([table.columns[name] for name in names]), numbers)
    assert table.n_rows == 6
    assert "names of the columns" in table.remarks[0]
    assert_says_how_to_correct(table)
    told = read_table("a.csv", lines("0,1", "10.1,9.9", "10.2,9.7"), Reading(header=0))
    assert (told.n_rows, told.remarks) == (3, ())


def test_whole_numbers_below_0_and_1_are_in_doubt_and_that_is_said():
    table = read_table("a.csv", lines("0,1", "5,7", "3,9", "8,2"))
    assert table.n_rows == 4
    assert "was taken for data" in table.remarks[0]
    assert_says_how_to_correct(table)


@pytest.mark.parametrize(
    "head", ["country,2019,2020", "country,1990,2000,2010", ",2019,2020", "place,2020,2019"]
)
def test_years_above_numbers_are_names(head):
    width = head.count(",")
    rows = [f"{word},{','.join(f'{n + k}.5' for k in range(width))}" for n, word in enumerate("ABCD")]
    table = read_table("a.csv", lines(head, *rows))
    assert table.numeric_names == tuple(head.split(",")[1:])
    assert table.n_rows == 4
    assert_says_how_to_correct(table)


def test_years_among_years_and_numbers_beside_labels_are_data():
    assert read_table("a.csv", lines("A,2001,2003", "B,1999,2010", "C,2005,2007")).n_rows == 3
    assert read_table("a.csv", lines("a,1,2", "b,5,3", "c,2,9")).n_rows == 3
    assert read_table("a.csv", lines("Ann,1985,170", "Bo,1990,180")).n_rows == 2


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (["Bill (mm),,Body", "length,depth,mass"], ("Bill (mm) length", "Bill (mm) depth", "Body mass")),
        (["A,A,B", "u,v,u"], ("A u", "A v", "B u")),
        (["2019,,2020", "u,v,u"], ("2019 u", "2019 v", "2020 u")),
        (["x,y,z", "mm,kg,m/s"], ("x (mm)", "y (kg)", "z (m/s)")),
        (["x,y,z", "[mm],-,[°C]"], ("x (mm)", "y", "z (°C)")),
    ],
)
def test_two_rows_of_names_are_joined(head, names):
    body = [",".join(map(str, row)) for row in np.arange(12.5, 24.5).reshape(4, 3).tolist()]
    table = read_table("a.csv", lines(*head, *body))
    assert table.numeric_names == names
    assert (table.n_rows, table.reading.header) == (4, 2)
    assert_says_how_to_correct(table)
    assert read_table("a.csv", lines(*head, *body), Reading(header=1)).n_rows == 5


@pytest.mark.parametrize("units", ["#yr  mo degT m/s", "yr  mo degT m/s"])
@pytest.mark.parametrize("names", ["#YY  MM WDIR WSPD", "# YY MM WDIR WSPD"])
def test_a_line_of_units_under_names_gives_them_units(names, units):
    table = read_table(
        "buoy.txt", lines(names, units, "2015 01 310 5.1", "2015 02 280 6.2", "2015 03 90 2.2")
    )
    assert table.names == ("YY (yr)", "MM (mo)", "WDIR (degT)", "WSPD (m/s)")
    assert table.n_rows == 3


def test_a_first_row_of_words_for_missing_values_is_no_name():
    table = read_table("a.csv", lines("x,y", "n.d.,n.d.", *(f"{n},{n}" for n in range(9))))
    assert (table.n_rows, table.names) == (10, ("x", "y"))


# Decimal commas between commas


def test_pairs_of_fields_under_one_name_each_are_numbers_with_decimal_commas():
    table = read_table("a.csv", lines("x,y", "1,5,2,5", "-3,25,4,75", "5,1,6,9"))
    assert columns(table, "x", "y") == [[1.5, -3.25, 5.1], [2.5, 4.75, 6.9]]
    assert_says_how_to_correct(table)
    labelled = read_table("a.csv", lines("kind,x,y", "a,1,5,2,5", "b,3,25,4,75", "b,5,1,6,9"))
    assert columns(labelled, "x", "y") == [[1.5, 3.25, 5.1], [2.5, 4.75, 6.9]]
    short = select_points(read_table("a.csv", lines("x,y", *["1,5,2,5"] * 9, "3,4,75")))
    assert len(short.points) == 9
    assert "3,4,75" in short.dropped.reasons[0]


def test_more_fields_than_names_are_never_taken_without_a_word():
    ambiguous = lines("x,y", "1,2,5", "3,4,75", "5,6,9")
    table = read_table("a.csv", ambiguous)
    assert table.remarks
    assert_says_how_to_correct(table)
    told = read_table("a.csv", ambiguous, Reading(decimal=","))
    assert columns(told, "x", "y") == [[1, 3, 5], [2.5, 4.75, 6.9]]
    assert told.remarks == ()
    assert read_table("a.csv", lines("x,y", "1,2,3,4,5,6", "7,8,9,1,2,3")).remarks


@pytest.mark.parametrize("head", [[], ["x,y"]])
def test_quoted_decimal_commas_are_read(head):
    table = read_table("a.csv", lines(*head, '"1,5","2,5"', '"3,5","-4,25"', '"1,0",7'))
    assert select_points(table).points.tolist() == [[1.5, 2.5], [3.5, -4.25], [1, 7]]
    assert_says_how_to_correct(table)


def test_groups_of_three_digits_between_commas_are_thousands():
    table = read_table("a.csv", lines("x,y", '"1,234",5', '"12,345",6', "17,7"))
    assert columns(table, "x", "y") == [[1234, 12345, 17], [5, 6, 7]]
    assert_says_how_to_correct(table)


# Printed numbers

MINUS = ["-", "\u2212", "\u2013", "\uff0d"]
SPACES = ["\u00a0", "\u202f", "\u2009", "\u200b", "\ufeff", " "]


@pytest.mark.parametrize("minus", MINUS)
@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_printed_signs_and_spaces_mean_what_they_look_like(minus, space, separator):
    rows = [[f"{space}{minus}{n}.5{space}", f"{n}.25{space}"] for n in range(1, 6)]
    selection = select_points(
        read_table("a.csv", lines(*(separator.join(row) for row in [["x", "y"], *rows])))
    )
    assert selection.points.tolist() == [[-n - 0.5, n + 0.25] for n in range(1, 6)]
    assert selection.dropped.count == 0


UNITS = ["{} %", "{}%", "${}", "€ {}", "{} €", "{}kg", "{} mm", "{} m/s", "{}°C", "CHF {}", "-${}", "{} km²"]


@pytest.mark.parametrize("decimal", ".,")
@pytest.mark.parametrize("pattern", UNITS)
def test_a_unit_beside_every_number_is_the_columns(pattern, decimal):
    numbers = ["1.5", "22.25", "0.75", "300.0"]
    rows = [f"{pattern.format(number).replace('.', decimal)};{n}" for n, number in enumerate(numbers)]
    table = read_table("a.csv", lines("price;n", *rows))
    sign = -1 if pattern[0] == "-" else 1
    assert table.columns["price"].tolist() == [sign * float(number) for number in numbers]
    assert "which was left out" in table.remarks[0]
    assert_says_how_to_correct(table)


def test_thousands_may_have_a_unit():
    data = lines("p,q", '"$22,690.00",2.0%', '"$1,000.50",1.5%', "$9.00,3.25%")
    assert columns(read_table("a.csv", data), "p", "q") == [[22690, 1000.5, 9], [2, 1.5, 3.25]]
    data = lines("p;q", "1 550 €;2,5", "12 000,25 €;3,5", "7 €;4")
    assert columns(read_table("a.csv", data), "p", "q") == [[1550, 12000.25, 7], [2.5, 3.5, 4]]


def test_codes_and_other_units_are_no_numbers():
    rows = ["5 kg,A1,1st", "7 kg,A2,2nd", "300 g,A3,3rd", *["8 kg,A4,4th"] * 6]
    table = read_table("a.csv", lines("w,code,place", *rows))
    assert table.numeric_names == ("w",)
    assert table.parse_errors["w"].texts == ["300 g"]
    assert read_table("a.csv", lines("100m,400m", "10.5,45.5", "10.7,46.5")).names == ("100m", "400m")
    assert read_table("a.csv", lines("x,y", "5 %,1", *["7,1"] * 9)).parse_errors["x"].texts == ["5 %"]


# Everything at once

HEADERS = {
    "names": lambda width: [["a b", "c", "d (mm)", "größe"][:width]],
    "none": lambda _: [],
    "numbers": lambda width: [[*map(str, range(width))]],
    "two rows": lambda width: [["p", "", "q", ""][:width], ["u", "v", "w", "z"][:width]],
}
FRACTIONS = st.integers(-99_999, 99_999).map(lambda n: (10 * n + (1 if n % 10 == 0 else n % 10)) / 100)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    table=st.integers(2, 4).flatmap(
        lambda width: st.lists(st.lists(FRACTIONS, min_size=width, max_size=width), min_size=4, max_size=12)
    ),
    separator=st.sampled_from(",;\t|"),
    decimal=st.sampled_from(".,"),
    header=st.sampled_from(list(HEADERS)),
    label=st.booleans(),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_the_same_numbers_come_back_or_a_remark(table, separator, decimal, header, label, quoting):
    head = HEADERS[header](len(table[0]))
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, quoting=quoting, lineterminator="\n")
    for row in head:
        writer.writerow(([""] if label else []) + row)
    for number, row in enumerate(table):
        cells = [f"{value:.2f}".replace(".", decimal) for value in row]
        writer.writerow(([f"kind {number % 3}"] if label else []) + cells)
    read = read_table("a.csv", stream.getvalue().encode())
    found = np.column_stack([*read.columns.values()])
    if found.shape != np.shape(table) or not np.array_equal(found, table):
        assert read.remarks
    assert_says_how_to_correct(read)
    again = read_table("a.csv", stream.getvalue().encode(), read.reading)
    np.testing.assert_array_equal(np.column_stack([*again.columns.values()]), found)


@pytest.mark.parametrize(
    ("separator", "decimal", "header"), list(itertools.product(",;\t|", ".,", ["names", "none", "two rows"]))
)
def test_a_plain_table_in_any_dialect_needs_no_luck(separator, decimal, header):
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator)
    writer.writerows(HEADERS[header](2))
    writer.writerows([[repr(value).replace(".", decimal) for value in row] for row in ROWS.tolist()])
    read = read_table("a.csv", stream.getvalue().encode())
    np.testing.assert_array_equal(np.column_stack([*read.columns.values()]), ROWS)
    assert read.reading.decimal == decimal
