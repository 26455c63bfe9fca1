"""Every honest dialect gives the same points; every other file gives a table or one clear sentence."""

import csv
import gzip
import io
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from ui.uploads import encoding, numerals
from ui.uploads import Selection, Table, UploadError, read_table, select_points

POINTS = np.array([[1.5, -2.25], [3.0, 1e-3], [-0.5, 600.0], [7.125, 8.0]])
COMMA = "x,y\n1.5,-2.25\n3,1e-3\n-.5,600\n7.125,8.\n"
SEMICOLON = "x;y\n1,5;-2,25\n3;1e-3\n-,5;600\n7,125;8,0\n"


def respaced(separator: str) -> bytes:
    return COMMA.replace(",", separator).encode()


def lines_of(text: str, before: str = "", after: str = "") -> bytes:
    return "".join(f"{before}{line}{after}\n" for line in text.splitlines()).encode()


GOOD = {
    "comma": COMMA.encode(),
    "semicolon": respaced(";"),
    "tab": respaced("\t"),
    "pipe": respaced("|"),
    "space": respaced(" "),
    "runs of spaces and tabs": respaced("  \t "),
    "indented columns": lines_of(COMMA.replace(",", "   "), before="  ", after="  "),
    "space after comma": respaced(", "),
    "spaces around semicolon": respaced(" ; "),
    "decimal comma, semicolon": SEMICOLON.encode(),
    "decimal comma, tab": SEMICOLON.replace(";", "\t").encode(),
    "decimal comma, pipe": SEMICOLON.replace(";", "|").encode(),
    "decimal comma, spaces": SEMICOLON.replace(";", "  ").encode(),
    "no final newline": COMMA.rstrip().encode(),
    "carriage return and line feed": COMMA.replace("\n", "\r\n").encode(),
    "carriage return": COMMA.replace("\n", "\r").encode(),
    "UTF-8 with mark": COMMA.encode("utf-8-sig"),
    "UTF-16": COMMA.encode("utf-16"),
    "UTF-16 little-endian, no mark": COMMA.encode("utf-16-le"),
    "UTF-16 big-endian, no mark": COMMA.encode("utf-16-be"),
    "UTF-16 big-endian, mark": b"\xfe\xff" + COMMA.encode("utf-16-be"),
    "quoted": b'"x","y"\n"1.5","-2.25"\n"3","1e-3"\n"-.5","600"\n"7.125","8."\n',
    "lines quoted as one": lines_of(COMMA, before='"', after='"'),
    "comments": b"# made by hand\n" + COMMA.replace("3,", "# in the middle, 1, 2\n3,").encode() + b"#end",
    "names in a comment": b"# from numpy.savetxt\n# " + COMMA.encode(),
    "separator hint for Excel": b"sep=;\r\n" + SEMICOLON.encode(),
    "blank lines": b"\n\n" + COMMA.replace("\n", "\n  \n\n").encode(),
    "title above": b"My measurements\n\n" + COMMA.encode(),
    "trailing separator": lines_of(COMMA, after=","),
    "trailing separator in the rows only": COMMA.replace("5\n", "5,\n").replace("0\n", "0,\n").encode(),
    "row names as R writes them": b'"x" "y"\n"1" 1.5 -2.25\n"2" 3 1e-3\n"3" -.5 600\n"4" 7.125 8.\n',
    "index as pandas writes it": b",x,y\n0,1.5,-2.25\n1,3,1e-3\n2,-.5,600\n3,7.125,8.\n",
    "label first": b"kind,x,y\na,1.5,-2.25\nb,3,1e-3\nb,-.5,600\na,7.125,8.\n",
    "label with separators": b'x,y,kind\n1.5,-2.25,"a, b"\n3,1e-3,"c ""d"""\n-.5,600,"e\nf"\n7.125,8.,\n',
    "date and truth first": lines_of(COMMA, before="2024-01-01,True,").replace(
        b"2024-01-01,True", b"day,ok", 1
    ),
    "gzip": gzip.compress(COMMA.encode()),
    "gzip of UTF-16": gzip.compress(SEMICOLON.encode("utf-16")),
}


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


FAULTY = """Readings of Tuesday
# with a comment

x,y,note
1,10,"first
and second line"
2,abc,
1e400,30,
4,,

5,60
6,70,,,9
7,n.d.,"#
# not a comment"
8,-inf,
# a comment
q,also bad,
10,100,
11,100,
12,100,
13,100,
14,100,
15,100,
16,100,
""" + "".join(f"{x},100,\n" for x in range(17, 40))


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


NASTY = {
    "empty": b"",
    "blank lines": b"\n\n \r\n\t\n",
    "mark only": b"\xef\xbb\xbf",
    "names only": b"x,y\n",
    "names and blank lines": b"x,y\n\n   \n\n",
    "one column": b"x\n1\n2\n3\n",
    "one number": b"1",
    "one row": b"1,2\n",
    "all text": b"the quick brown fox\njumps over the lazy dog\n",
    "comments only": b"# x,y\n# 1,2\n",
    "separators only": b",,,\n,,,\n",
    "quotes only": b'"' * 1001,
    "zero bytes": b"\x00" * 1000,
    "zero bytes in text": b"x,y\n1,2\n3,\x004\n",
    "picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00",
    "photograph": b"\xff\xd8\xff\xe0\x10JFIF,1,2\n3,4",
    "workbook": b"PK\x03\x04\x14\x00\x06\x00,1,2\n",
    "parquet": b"PAR1\x15\x04\x15,1,2\nPAR1",
    "web page": b"<!DOCTYPE html>\n<html><body>1,2</body></html>",
    "JSON": b'{"x": [1, 2], "y": [3, 4]}',
    "control characters": bytes(range(1, 32)) * 30,
    "every byte": bytes(range(256)) * 4,
    "gzip cut short": gzip.compress(COMMA.encode() * 100)[:-20],
    "gzip damaged": gzip.compress(COMMA.encode() * 100)[:30] + b"\x00" * 40,
    "gzip mark only": b"\x1f\x8b",
    "gzip in gzip": gzip.compress(gzip.compress(COMMA.encode())),
    "UTF-16 cut short": COMMA.encode("utf-16")[:-1],
    "UTF-16 mark only": b"\xff\xfe",
    "broken UTF-8": COMMA.encode() + b"\xc3\x28,\xff\n",
    "ragged": b"x,y\n1\n1,2\n1,2,3\n1,2,3,4\n\n1,2\n,,,,,\n",
    "ragged from the start": b"1,2,3\n4\n5,6\n7,8,9,10\n",
    "unbalanced quote": b'x,y\n1,2\n"3,4\n5,6\n7,8\n',
    "unbalanced quote in the names": b'"x,y\n1,2\n3,4\n',
    "quotes inside fields": b'x,y\n1,2 "or so"\n3",4\n5,"6"7\n8,9\n1,2\n',
    "line of 5 MB": b"1" * 5_000_000,
    "line of 5 MB with commas": b"1," * 2_500_000,
    "line of 5 MB with spaces": b"a b " * 1_250_000,
    "line of 5 MB among others": b"x,y\n1,2\n" + b"ab" * 2_500_000 + b",1\n3,4\n5,6\n1,2\n7,8\n",
    "line of 5 MB with commas among others": b"x,y\n1,2\n" + b"1," * 2_500_000 + b"\n3,4\n",
    "name of 5 MB": b"x" * 5_000_000 + b",y\n1,2\n3,4\n",
    "10,000 columns": b",".join([b"x"] * 10_000) + b"\n" + (b",".join([b"1.5"] * 10_000) + b"\n") * 5,
    "10,000 columns of text": b"\n".join([b",".join([b"ab"] * 10_000)] * 5),
    "10,001 columns": b",".join([b"x"] * 10_001) + b"\n" + (b",".join([b"1.5"] * 10_001) + b"\n") * 5,
    "10,000 long names": b",".join([b"n" * 1000] * 10_000) + b"\n" + (b",".join([b"1"] * 10_000) + b"\n") * 2,
    "wide and long": b",".join([b"x"] * 10_000) + b"\n" + b"1\n" * 500_000,
    "many empty lines": b"\n" * 5_000_000,
    "many comments": b"#\n" * 300_000,
    "many quotes": b'",\n' * 200_000,
    "huge numbers": b"x,y\n"
    + b"9" * 400
    + b",1\n-1e999,2\n18446744073709551616,3\n9007199254740993,4\n1,2\n",
    "mixed": b"x,y\n1,True\nTrue,1\n2024-01-01,1+2j\n,nan\nInfinity,0x1f\n",
    "formulas and markup": b"=1+1,<script>alert(1)</script>\n1,2\n3,4\n=cmd|' /C calc'!A0,$x$\n5,6\n",
    "right to left and emoji": "\u202eشىء,🙂\n١,٢\n1,2\n3,4\n".encode(),
    "surrogates in UTF-16": b"\xff\xfe\x00\xd8,\x001\x00\n\x001\x00,\x002\x00",
    "end of file mark": COMMA.encode() + b"\x1a",
    "separators mixed": b"1,2;3\t4|5 6\n7;8,9\t1 2|3\n",
}


def assert_is_one_sentence(message: str) -> None:
    assert message.isprintable()
    assert message.endswith(".")
    assert ". " not in re.sub('".*"', "", message)  # names of columns may hold anything
    assert message[0].isupper()
    assert len(message) < 300


def assert_ends_well(data: bytes) -> Table | Selection | UploadError:
    """Read and select; whatever comes out must be whole, and account for every row."""
    try:
        table = read_table("name.csv", data)
    except UploadError as error:
        assert_is_one_sentence(str(error))
        return error
    columns = [*table.columns.values(), *table.text_columns.values()]
    assert all(column.shape == (table.n_rows,) for column in columns)
    assert len(columns) == len({*table.columns, *table.text_columns}) >= 2
    assert not any(np.isinf(column).any() for column in table.columns.values())
    if table.line_numbers is not None:
        assert table.line_numbers.shape == (table.n_rows,)
        assert (np.diff(table.line_numbers) > 0).all()
    try:
        selection = select_points(table)
    except UploadError as error:
        assert_is_one_sentence(str(error))
        return error
    assert np.isfinite(selection.points).all()
    assert selection.points.shape == (len(selection.rows), 2)
    assert selection.dropped.count + len(selection.points) == table.n_rows + table.skipped.count
    counts = [int(reason.split()[0].replace(",", "")) for reason in selection.dropped.reasons]
    assert sum(counts) == selection.dropped.count
    assert all(reason.isprintable() and reason.endswith(".") for reason in selection.dropped.reasons)
    return selection


@pytest.mark.parametrize("data", NASTY.values(), ids=NASTY)
def test_a_nasty_file_gives_a_table_or_one_sentence(data):
    # The processor's time: other tests may be running beside this one.
    begin = time.process_time()
    assert_ends_well(data)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (NASTY["empty"], "empty"),
        (NASTY["blank lines"], "empty"),
        (NASTY["names only"], "no rows"),
        (NASTY["one column"], "Only one column"),
        (NASTY["picture"], "a picture"),
        (NASTY["workbook"], "Excel"),
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
        read_table("bomb.csv.gz", gzip.compress(b"1,2\n" * 300_000))


def test_a_row_too_long_by_any_number_of_fields_is_reported():
    for surplus in (1, 2, 3, 1000):
        text = "x,y\n1,2\n3,4" + ",9" * surplus + "\n5,6\n7,8\n"
        selection = select_points(read_table("points.csv", text.encode()))
        assert selection.dropped.count == 1
        assert 'more than 2 fields: line 3 ("9")' in selection.dropped.reasons[0]


FINITE = st.floats(allow_nan=False, allow_infinity=False)
TABLES = hnp.arrays(np.float64, st.tuples(st.integers(2, 30), st.integers(2, 5)), elements=FINITE)


def written(table: np.ndarray, separator: str, decimal: str, names: bool, quoted: bool) -> bytes:
    stream = io.StringIO()
    quoting = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    writer = csv.writer(stream, delimiter=separator, quoting=quoting)
    if names:
        writer.writerow([f"column {number}" for number in range(1, table.shape[1] + 1)])
    writer.writerows([[repr(float(value)).replace(".", decimal) for value in row] for row in table])
    return stream.getvalue().encode()


@settings(max_examples=150, deadline=None)
@given(
    table=TABLES,
    dialect=st.sampled_from([",.", ";.", ";,", "\t.", "\t,", "|.", "|,", " .", " ,"]),
    names=st.booleans(),
    quoted=st.booleans(),
)
def test_floats_written_by_csv_come_back_exactly(table, dialect, names, quoted):
    separator, decimal = dialect
    read = read_table("points.csv", written(table, separator, decimal, names, quoted))
    np.testing.assert_array_equal(np.column_stack(list(read.columns.values())), table, strict=True)
    assert read.numeric_names == tuple(f"column {number}" for number in range(1, table.shape[1] + 1))
    assert read.skipped.count == 0


@settings(max_examples=100, deadline=None)
@given(table=TABLES, separator=st.sampled_from([",", ";", "\t", "|", " "]), names=st.booleans())
def test_floats_written_by_numpy_come_back_exactly(table, separator, names):
    stream = io.BytesIO()
    header = separator.join("abcde"[: table.shape[1]]) if names else ""
    np.savetxt(stream, table, fmt="%.17g", delimiter=separator, header=header)
    read = read_table("points.csv", gzip.compress(stream.getvalue()))
    np.testing.assert_array_equal(np.column_stack(list(read.columns.values())), table, strict=True)
    if names:
        assert read.numeric_names == tuple("abcde"[: table.shape[1]])


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes_end_well(data):
    assert_ends_well(data)


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789,;\t|\"'\n\r #.eE-+xyinfNA", max_size=200))
def test_random_text_of_the_characters_of_tables_ends_well(text):
    assert_ends_well(text.encode())


@settings(max_examples=500, deadline=None)
@given(
    data=st.sampled_from([*GOOD.values(), FAULTY.encode()]),
    changes=st.lists(
        st.tuples(
            st.integers(0, 500),
            st.integers(0, 8),
            st.one_of(
                st.binary(max_size=4), st.sampled_from([b'"', b",", b"\n", b"#", b";", b"\x00", b"\xff"])
            ),
        ),
        min_size=1,
        max_size=6,
    ),
)
def test_a_mutated_table_ends_well(data, changes):
    for place, length, replacement in changes:
        place %= len(data) + 1
        data = data[:place] + replacement + data[place + length :]
    assert_ends_well(data)


def test_columns_of_numbers_do_not_go_through_the_parsing_of_single_cells():
    table = read_table("points.csv", b"x,y,kind\n" + b"1.5,2,a\n" * 1000)
    assert all(table.faults[name] is numerals.NO_FAULTS for name in table.numeric_names)
