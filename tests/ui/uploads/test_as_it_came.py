"""What people take home repeats every cell of their file, whatever the file looks like."""

import csv
import datetime
import gzip
import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gmm_core
from tests.strategies import QUICK
from ui.data import data_of
from ui.experiment import UPLOADED, Experiment
from ui.export.table import fitted_table, marked, table_csv, table_parquet, without_formula
from ui.uploads import original_cells, original_values, read_table, sample_rows, select_points
from ui.uploads.table import Table

MIXTURE = gmm_core.Mixture([1.0], [[0.0, 0.0]], [np.eye(2)])
FIRST, ORIGIN = np.arange(1), np.zeros((1, 2))

# Ways in which people write a number that a float would not give back.
NUMERALS = [
    "2007",
    "01234",
    "9007199254740995",
    "3.10",
    "1e3",
    "-0",
    "+5",
    "007.50",
    "1.0",
    "123456789.123456789",
]
WORDS = ["NA", "None", "null", "=1+1", "größe", " padded", "N/A", "True", "2024-02-28", "", "a b", "#1"]

DIALECTS = [
    {"delimiter": delimiter, "lineterminator": end, "encoding": encoding}
    for delimiter in ",;\t|"
    for end in ("\n", "\r\n")
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252")
]


def written(rows: list[list[str]], *, encoding: str = "utf-8", **dialect: Any) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, **dialect).writerows(rows)
    return stream.getvalue().encode(encoding)


def brought_back(table: Table, n_columns: int) -> list[list[str]]:
    """The rows of the CSV that is taken home, without its header and the columns of the fit."""
    fitted = fitted_table(original_cells(table), table.n_rows, FIRST, ORIGIN, MIXTURE)
    content = marked(table_csv(fitted)).decode("utf-8-sig")
    return [row[:n_columns] for row in csv.reader(io.StringIO(content, newline=""))][1:]


cell = st.sampled_from(NUMERALS + WORDS)
digits = st.integers(-(10**4), 10**4).map(str)


@QUICK
@given(st.data(), st.sampled_from(DIALECTS), st.integers(3, 8), st.booleans())
def test_every_cell_comes_back_from_every_dialect(
    data: Any, dialect: dict[str, str], n_rows: int, gz: bool
) -> None:
    rows = [
        [data.draw(digits), data.draw(cell), data.draw(st.sampled_from(NUMERALS)), data.draw(cell), "end"]
        for _ in range(n_rows)
    ]
    content = written([["x", "word", "y", "other", "last"], *rows], **dialect)
    table = read_table("rows.csv", gzip.compress(content) if gz else content)
    assert table.n_rows == n_rows
    assert brought_back(table, 5) == [list(map(without_formula, row)) for row in rows]


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        pytest.param(
            b'x,y\n"1,5","2,5"\n"1,7","2,0"\n', [["1,5", "2,5"], ["1,7", "2,0"]], id="decimal commas"
        ),
        pytest.param(b"x;y\n1,50;2\n1,70;03\n", [["1,50", "2"], ["1,70", "03"]], id="semicolons"),
        pytest.param(b"x  y\n 1.50   2\n1.70\t03\n", [["1.50", "2"], ["1.70", "03"]], id="spaces"),
        pytest.param(b"sep=;\nx;y\n01;2\n3;4\n", [["01", "2"], ["3", "4"]], id="the hint of a spreadsheet"),
        pytest.param(
            b'"x,y,z"\n"1,02,a"\n"3,04,b"\n', [["1", "02", "a"], ["3", "04", "b"]], id="lines in quotes"
        ),
        pytest.param(
            b'x,y,note\n1,2,"a\nb, ""c"""\n\n3,4,d\n',
            [["1", "2", 'a\nb, "c"'], ["3", "4", "d"]],
            id="lines in a cell",
        ),
        pytest.param(
            b'x,y,note\r\n1,2,"a\r\nb"\r\n3,4,\r\n', [["1", "2", "a\r\nb"], ["3", "4", ""]], id="their ends"
        ),
        pytest.param(
            b'x, y, note\n1, 02, "a, b"\n3, 04, c\n', [["1", "02", "a, b"], ["3", " 04", " c"]], id="spaced"
        ),
        pytest.param(
            b"x,y,z\n1,2\n3,4,5\n6,7,8\n", [["1", "2", ""], ["3", "4", "5"], ["6", "7", "8"]], id="short"
        ),
        pytest.param(b"# said\nx,y\n# said\n1,02\n3,4\n", [["1", "02"], ["3", "4"]], id="comments above"),
        pytest.param(
            b'x,y,price\n1,02,"1,234.50"\n3,4,"2,000.00"\n',
            [["1", "02", "1,234.50"], ["3", "4", "2,000.00"]],
            id="thousands",
        ),
        pytest.param(
            b"x,y\n1,2\n3,oops\n5,6\n7,8\n9,1e999\n2,2\n4,4\n5,5\n8,8\n7,7\n",
            [
                [*"12"],
                ["3", "oops"],
                [*"56"],
                [*"78"],
                ["9", "1e999"],
                *map(list, ["22", "44", "55", "88", "77"]),
            ],
            id="faults",
        ),
    ],
)
def test_what_people_write_comes_back(content: bytes, rows: list[Any]) -> None:
    table = read_table("rows.csv", content)
    assert brought_back(table, len(rows[0])) == rows


def test_the_rows_of_a_sample_are_its_own() -> None:
    content = written([["x", "y", "code"], *([f"{i}", f"{i * i % 7}", f"{i:05d}"] for i in range(90))])
    table = sample_rows(read_table("rows.csv", content), 20, np.random.default_rng(0))
    rows = brought_back(table, 3)
    assert len(rows) == 20
    assert [float(row[0]) for row in rows] == table.columns["x"].tolist()
    assert [row[2] for row in rows] == [f"{int(row[0]):05d}" for row in rows]


def test_rows_with_too_many_fields_shift_no_other() -> None:
    table = read_table("rows.csv", b"x,y\n1,02\n3,4,5,6\n7,08\n9,10\n11,12\n")
    assert table.n_rows == 4
    assert brought_back(table, 2) == [["1", "02"], ["7", "08"], ["9", "10"], ["11", "12"]]


def test_in_a_file_of_types_numbers_stay_numbers_and_codes_stay_codes() -> None:
    content = (
        b"x,y,big,code,share,word\n1,2.50,9007199254740995,01234,0.10,a\nNA,3,7,7,NA,NA\n5,6,8,9,1e3,b\n"
    )
    table = read_table("rows.csv", content)
    fitted = fitted_table(original_values(table), 3, FIRST, ORIGIN, MIXTURE)
    frame = pq.read_table(io.BytesIO(table_parquet(fitted))).to_pydict()
    assert frame["x"] == [1, None, 5]
    assert frame["y"] == [2.5, 3.0, 6.0]
    assert frame["big"] == [9007199254740995, 7, 8]
    assert frame["code"] == ["01234", "7", "9"]
    assert frame["share"] == [0.1, None, 1000.0]
    assert frame["word"] == ["a", "NA", "b"]


RECORDS = [
    {
        "x": 2007,
        "y": 0.1,
        "big": 9007199254740995,
        "yes": True,
        "none": None,
        "word": "None",
        "many": [1, "ä"],
    },
    {"x": 3, "y": 2, "big": 5, "yes": False, "none": None, "word": "01234", "many": {"a": 1}},
    {"x": 5, "y": 7.25, "big": 10**30, "yes": True, "none": 3, "word": "NA", "many": "text"},
]
SHAPES = {
    "list": json.dumps(RECORDS),
    "lines": "\n".join(map(json.dumps, RECORDS)),
    "columns": json.dumps({name: [record[name] for record in RECORDS] for name in RECORDS[0]}),
    "with a stranger": json.dumps([RECORDS[0], "who?", *RECORDS[1:]]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_json_keeps_its_values(shape: str) -> None:
    table = read_table("rows.json", SHAPES[shape].encode())
    found = original_cells(table)
    for name in ("x", "y", "big", "yes", "none", "word"):
        assert found[name].tolist() == [record[name] for record in RECORDS]
    assert found["many"].tolist() == ['[1, "ä"]', '{"a": 1}', "text"]
    assert brought_back(table, 4)[0] == ["2007", "0.1", "9007199254740995", "True"]


def test_parquet_keeps_its_values_and_kinds() -> None:
    days = [datetime.date(2024, 2, 28), None, datetime.date(2024, 3, 1)]
    arrow = pa.table(
        {
            "x": pa.array([2007, 9007199254740995, 3]),
            "gaps": pa.array([1, None, 9007199254740995]),
            "single": pa.array([0.1, 0.2, 0.3], pa.float32()),
            "day": pa.array(days),
            "yes": pa.array([True, None, False]),
            "word": pa.array(["NA", "01234", None]).dictionary_encode(),
            "left out": pa.array([[1], [2], [3]]),
        }
    )
    file = io.BytesIO()
    pq.write_table(arrow, file)
    table = read_table("rows.parquet", file.getvalue())
    rows = brought_back(table, 6)
    assert rows == [
        ["2007", "1", "0.1", "2024-02-28", "True", "NA"],
        ["9007199254740995", "", "0.2", "", "", "01234"],
        ["3", "9007199254740995", "0.3", "2024-03-01", "False", ""],
    ]
    few = original_cells(sample_rows(table, 2, np.random.default_rng(0)))
    assert len(few["x"]) == 2
    assert set(few["x"].tolist()) < {2007, 9007199254740995, 3}


def test_a_workbook_keeps_its_values() -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    for row in [
        ["Bills of birds"],
        [],
        ["x", "y", "code", "day", "yes", "when"],
        [2007, 1.5, "01234", datetime.datetime(2024, 2, 28), True, datetime.datetime(2024, 2, 28, 13, 30)],
        [3, 2, "NA", datetime.datetime(2024, 3, 1), False, None],
        [],
        [5, 2.5, None, None, None, datetime.datetime(2024, 3, 1)],
    ]:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    table = read_table("rows.xlsx", file.getvalue())
    assert brought_back(table, 6) == [
        ["2007", "1.5", "01234", "2024-02-28", "True", "2024-02-28 13:30:00"],
        ["3", "2", "NA", "2024-03-01", "False", ""],
        ["5", "2.5", "", "", "", "2024-03-01 00:00:00"],
    ]


@pytest.mark.parametrize("change", [{"line_numbers": None}, {"original": None}])
def test_where_rows_cannot_be_found_again_they_are_as_read(change: dict[str, None]) -> None:
    table = replace(read_table("rows.csv", b"x,y,w\n01,2,a\n3,no,b\n5,6,c\n7,8,d\n9,9,e\n2,2,f\n"), **change)
    assert brought_back(table, 3)[:2] == [["1.0", "2.0", "a"], ["3.0", "no", "b"]]


def test_letters_are_marked_for_excel_where_there_are_any() -> None:
    plain = table_csv(fitted_table({"a": ["x"]}, 1, FIRST, ORIGIN, MIXTURE))
    assert marked(plain) == plain
    content = marked(table_csv(fitted_table({"größe": ["x"]}, 1, FIRST, ORIGIN, MIXTURE)))
    assert content.startswith(b"\xef\xbb\xbf")
    assert next(iter(pd.read_csv(io.BytesIO(content)))) == "größe"
    assert "größe" in read_table("again.csv", content).names


def test_a_table_taken_home_opens_with_the_same_points() -> None:
    content = written([["x", "y", "kind"], *([f"{i / 7}", f"{i * i % 11}", "uv"[i % 2]] for i in range(40))])
    table = read_table("rows.csv", content)
    points = select_points(table, "x", "y").points
    taken = table_csv(fitted_table(original_cells(table), 40, np.arange(40), points, MIXTURE))
    again = select_points(read_table("again.csv", taken), "x", "y")
    np.testing.assert_array_equal(again.points, points)


@pytest.mark.parametrize("apart", ["b", "a"])
def test_long_names_come_back_whole_where_that_tells_them_apart(apart: str) -> None:
    long = "a" * 70
    names = (f"{long}a", f"{long}{apart}")
    rows = "".join(f"{n},{n * n % 7}\n" for n in range(20))
    table = read_table("a.csv", f"{names[0]},{names[1]}\n{rows}".encode())
    x, y = table.names
    experiment = Experiment(UPLOADED, x=x, y=y, added=((1.0, 2.0),))
    source = data_of(experiment, table).source
    assert source is not None
    expected = names if len(set(names)) == 2 else table.names
    assert tuple(source.repeated(original_cells)) == expected
