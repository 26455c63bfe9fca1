"""JSON, Parquet and Excel give the same table as text does; the content tells the format, and bounds hold."""

import gzip
import json
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime

import numpy as np
import pyarrow as pa
import pytest

from tests.nasty_files import NASTY
from tests.nasty_workbooks import BOMB, BOOK, PARQUET, ROWS, parquet, workbook
from tests.table_files import COMMA, POINTS
from ui.uploads import (
    Reading,
    UploadError,
    formats,
    json_records,
    read_table,
    select_points,
)
from ui.uploads import (
    workbook as excel,
)
from ui.uploads.formats import read_here

RECORDS = [{"x": x, "y": y} for x, y in POINTS.tolist()]
COLUMNS = {"x": POINTS[:, 0].tolist(), "y": POINTS[:, 1].tolist()}

SAME = {
    "list of objects": json.dumps(RECORDS).encode(),
    "list of objects, indented, with mark": json.dumps(RECORDS, indent=2).encode("utf-8-sig"),
    "list of objects in UTF-16": json.dumps(RECORDS).encode("utf-16"),
    "lines of objects": "\n".join(map(json.dumps, RECORDS)).encode() + b"\n\n",
    "columns of lists": json.dumps(COLUMNS).encode(),
    "columns of objects": json.dumps(
        {name: dict(enumerate(cells)) for name, cells in COLUMNS.items()}
    ).encode(),
    "names and data": json.dumps(
        {"columns": ["x", "y"], "index": [0, 1, 2, 3], "data": POINTS.tolist()}
    ).encode(),
    "list of lists": json.dumps([["x", "y"], *POINTS.tolist()]).encode(),
    "objects inside an object": json.dumps({"n": 4, "rows": RECORDS}).encode(),
    "folded JSON": gzip.compress(json.dumps(RECORDS).encode(), mtime=0),
    "Parquet": PARQUET,
    "Parquet of halves": parquet({"x": pa.array(COLUMNS["x"], pa.float32()), "y": pa.array(COLUMNS["y"])}),
    "Excel": BOOK,
    "Excel, second sheet": workbook(Notes=[["On Tuesday"], []], Data=ROWS),
    "Excel with text for numbers": workbook(
        Data=[["x", "y"], *([str(x), str(y)] for x, y in POINTS.tolist())]
    ),
    "Excel with empty rows and columns": workbook(Data=[[], ROWS[0], [], *ROWS[1:], [None, ""], []]),
}


@pytest.mark.parametrize("name", ["points", "points.csv", "points.json", "points.parquet"])
@pytest.mark.parametrize("data", SAME.values(), ids=SAME)
def test_every_format_gives_the_same_points_whatever_the_file_is_called(data, name):
    selection = select_points(read_table(name, data))
    np.testing.assert_array_equal(selection.points, POINTS)
    assert (selection.x, selection.y) == ("x", "y")
    assert selection.dropped.count == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b'[{"x": "a"}, {"x": "b"}]', "Only one column"),
        (b'[{"x": 1, "y": 2}', "damaged or cut short in line 1"),
        (b'{"x": 1, "y": 2}\n{"x": 1, "y": 2\n', "cut short in line 2"),
        (NASTY["JSON too deep"], "nested too deeply"),
        (NASTY["JSON of 20,000 columns"], "20,000 columns"),
        (NASTY["JSON of ever new columns"], "cells"),
        (NASTY["JSON of nothing"], "no rows"),
        (NASTY["Parquet cut short"], "damaged"),
        (NASTY["Parquet of many rows in few bytes"], "cells"),
        (NASTY["Parquet of no rows"], "no rows"),
        (NASTY["workbook bomb"], "unfolds to more than 100 MB"),
        (NASTY["workbook bomb that denies it"], "damaged"),
        (NASTY["workbook of many tags"], "more than can be read"),
        (NASTY["workbook of many rows"], "cells that can be read; save the sheet as CSV"),
        (NASTY["workbook far apart"], "columns|cells"),
        (NASTY["workbook of laughs"], "entities"),
        (NASTY["workbook of laughs in UTF-16"], "entities"),
        (NASTY["workbook that asks for a file"], "entities"),
        (NASTY["workbook of empty sheets"], "no sheet with a table"),
        (NASTY["workbook, names only"], "no rows"),
        (NASTY["workbook with a password"], "password"),
        (NASTY["zip of something else"], "zip archive"),
    ],
)
def test_a_refusal_names_the_cause(data, words):
    with pytest.raises(UploadError, match=words):
        read_table("name", data)


def test_a_file_past_the_limit_is_refused_with_both_sizes():
    with pytest.raises(UploadError, match="3 MB, more than the 2 MB"):
        read_table("a.csv", b"1,2\n" * 750_000, max_bytes=2_000_000)
    assert formats.MAX_BYTES == 200_000_000


def test_a_name_that_a_format_begins_with_is_a_name():
    assert read_table("a.csv", b"PAR1,PAR2\n1,2\n3,4\n").names == ("PAR1", "PAR2")
    assert read_table("a.txt", b"[1, 2]\n[3, 4]\n").format == "text"


def test_what_is_no_row_or_no_number_in_json_is_reported():
    data = b'{"x": 1, "y": 2}\n[4]\n{"x": "a", "y": 1e999}\n\n' + b'{"x": 3, "y": 4, "k": true}\n' * 8
    selection = select_points(table := read_table("a.jsonl", data))
    assert selection.dropped.reasons == (
        '1 row was dropped because the other rows are written differently: line 2 ("[4]").',
        '1 row was dropped because x is not a number: line 3 ("a").',
    )
    assert table.text_columns["k"].tolist() == ["", "", *["True"] * 8]
    dropped = select_points(read_table("a", b'[{"x": 1, "y": 2}, 5, {"x": 1, "y": 2}, {"y": 2}]')).dropped
    assert dropped.reasons[0].endswith('entry 2 ("5").')
    assert dropped.reasons[1].endswith("x is missing: entry 4.")


def test_cells_of_a_workbook_keep_their_row_and_meaning():
    rows = [["Readings"], ["x", "y", "day", "ok"], [1, 2.5, date(2024, 1, 2), True], [3, "#N/A", None, False]]
    rows += [["n.d.", 5, datetime(2024, 1, 2, 3, 4), None]] + [[n, 1, None, None] for n in range(10)]
    table = read_table("a.xlsx", workbook(First=[["x"]], Second=rows))
    assert table.sheets == ("First", "Second")
    assert (table.reading.sheet, table.reading.header, table.format) == ("Second", True, "Excel")
    assert table.text_columns["day"][:3].tolist() == ["2024-01-02 00:00:00", "", "2024-01-02 03:04:00"]
    assert table.text_columns["ok"][:3].tolist() == ["True", "False", ""]
    assert select_points(table).dropped.reasons == (
        '1 row was dropped because the table begins further down: row 1 ("Readings").',
        '1 row was dropped because x is not a number: row 5 ("n.d.").',
        "1 row was dropped because y is missing: row 4.",
    )


def test_a_sheet_can_be_chosen():
    data = workbook(A=[["x", "y"], [1, 2], [3, 4]], B=[["u", "v"], [5, 6], [7, 8]])
    assert read_table("a.xlsx", data).names == ("x", "y")
    assert read_table("a.xlsx", data, Reading(sheet="B")).names == ("u", "v")
    with pytest.raises(UploadError, match='No sheet is called "C"; choose from A, B'):
        read_table("a.xlsx", data, Reading(sheet="C"))


def test_columns_of_parquet_keep_their_kind_or_are_left_out_with_a_remark():
    table = read_table("a.parquet", NASTY["Parquet of every kind"])
    assert table.numeric_names == ("x", "y", "half", "decimal")
    assert set(table.text_columns) == {"day", "moment", "time", "truth", "kind"}
    assert table.text_columns["truth"].tolist() == ["True", "False", "", "True"]
    assert table.remarks[0].endswith("were left out: while, bytes, list and others.")
    assert "2^53" in table.remarks[1]
    assert table.parse_errors["x"].rows.tolist() == [1]
    assert np.isnan(table.columns["x"]).tolist() == [False, True, True, True]


@pytest.mark.parametrize("whole", [2**53 + 1, -(2**60), 2**63])
def test_whole_numbers_that_are_no_floats_are_remarked_upon(whole):
    for data in (
        f"x,y\n{whole},2\n3,4\n".encode(),
        json.dumps([{"x": whole, "y": 2}, {"x": 3, "y": 4}]).encode(),
    ):
        assert read_table("a", data).remarks == (
            "Whole numbers above 2^53 were rounded to the nearest float in x.",
        )
    assert read_table("a", f"x,y\n{2**53},2\n3,4\n".encode()).remarks == ()


def test_words_for_a_missing_value_mean_the_same_in_every_format():
    words = ["NA", "nan", "null", "n/a", "#N/A", ""]
    rows = [[word, n, word] for n, word in enumerate(words)] + [[str(n), n, "k"] for n in range(8)]
    names = ["x", "y", "kind"]
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    text = "\n".join(",".join(map(str, row)) for row in [names, *rows]).encode()
    for data in (text, json.dumps(columns).encode(), parquet(columns), workbook(A=[names, *rows])):
        table = read_table("a", data)
        assert np.isnan(table.columns["x"]).tolist() == [True] * 6 + [False] * 8
        assert table.text_columns["kind"].tolist() == [""] * 6 + ["k"] * 8
        assert "x is missing" in select_points(table).dropped.reasons[0]


def test_bounds_hold(monkeypatch):
    monkeypatch.setattr(json_records, "MAX_JSON_BYTES", 50)
    with pytest.raises(UploadError, match="CSV or Parquet"):
        read_here("a.json", SAME["list of objects"])
    monkeypatch.setattr(excel, "MAX_WORKBOOK_CELLS", 10)
    with pytest.raises(UploadError, match="more than the 10 cells"):
        read_here("a.xlsx", BOOK)


def test_a_bomb_is_refused_before_it_takes_memory():
    code = (
        "import resource, sys; from ui.uploads import UploadError, read_table\n"
        "data = sys.stdin.buffer.read(); before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "try: read_table('a.xlsx', data)\n"
        "except UploadError: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )
    grown = subprocess.run([sys.executable, "-c", code], input=BOMB, capture_output=True, check=True).stdout
    assert int(grown) < 20_000  # kB, of the 110 MB inside


def test_nothing_is_written_or_logged(capfd, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    for data in (COMMA.encode(), *SAME.values(), NASTY["workbook damaged"], NASTY["Parquet damaged"]):
        with suppress(UploadError):
            select_points(read_table("a", data))
    assert list(tmp_path.iterdir()) == []
    assert capfd.readouterr() == ("", "")
