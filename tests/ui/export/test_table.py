"""The table people take home: their rows, what the fit says of them, and nothing that a spreadsheet runs."""

import csv
import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gmm_core
from gmm_core import Mixture, Noise
from tests.strategies import QUICK
from ui.data import Data
from ui.export.table import FittedTable, TableError, fitted_table, table_csv, table_parquet, without_formula

MIXTURE = Mixture([0.3, 0.7], [[0, 0], [3, 1]], [np.eye(2), [[2, 0.5], [0.5, 1]]])


def read_csv(table: FittedTable) -> list[list[str]]:
    return list(csv.reader(io.StringIO(table_csv(table).decode("utf-8"), newline="")))


def read_parquet(table: FittedTable) -> pd.DataFrame:
    return pd.read_parquet(io.BytesIO(table_parquet(table)))


def some_table(n_rows: int = 7) -> tuple[FittedTable, np.ndarray, np.ndarray]:
    """A table of which rows 1 and 4 were dropped, its rows and points."""
    rng = np.random.default_rng(0)
    rows = np.array([row for row in range(n_rows) if row not in (1, 4)])[::-1].copy()
    values = rng.normal(size=(n_rows, 2)) / 3
    values[1, 0] = np.nan
    columns = {
        "y": values[:, 1],
        "name": np.array(["=1+1", "plain", "größe; 5", 'a "b"', None, "line\nend", "-3.5"], dtype=object),
        "x": values[:, 0],
        "when": pd.date_range("2024-02-28", periods=n_rows).to_numpy(),
        "n": np.arange(n_rows),
        "single": values[:, 0].astype(np.float32),
        "yes": values[:, 0] > 0,
        "kind": pd.Categorical(["a", "b", "a", None, "b", "a", "a"]),
    }
    points = values[rows][:, ::1]
    return fitted_table(columns, n_rows, rows, points, MIXTURE), rows, points


def test_the_columns_are_the_original_ones_and_then_the_fit() -> None:
    table, _, _ = some_table()
    header, *lines = read_csv(table)
    original = ["y", "name", "x", "when", "n", "single", "yes", "kind"]
    added = ["component", "responsibility 1", "responsibility 2", "uncertainty", "log-density"]
    assert header == original + added
    assert len(lines) == 7
    assert list(read_parquet(table).columns) == header


@pytest.mark.parametrize("read", [lambda table: pd.read_csv(io.BytesIO(table_csv(table))), read_parquet])
def test_the_fit_stands_beside_its_row_to_the_last_digit(read: Any) -> None:
    table, rows, points = some_table()
    frame = read(table)
    shares = gmm_core.responsibilities(points, MIXTURE)
    names = ["responsibility 1", "responsibility 2"]
    np.testing.assert_array_equal(frame[names].to_numpy(dtype=float)[rows], shares)
    np.testing.assert_array_equal(
        frame["log-density"].to_numpy()[rows], gmm_core.log_density(points, MIXTURE)
    )
    np.testing.assert_array_equal(frame["component"].to_numpy(dtype=float)[rows], 1 + shares.argmax(axis=1))
    np.testing.assert_array_equal(frame["uncertainty"].to_numpy()[rows], 1 - shares.max(axis=1))
    np.testing.assert_array_equal(frame["x"].to_numpy()[rows], points[:, 0])
    assert frame[["component", *names, "uncertainty", "log-density"]].iloc[[1, 4]].isna().all(axis=None)
    np.testing.assert_array_equal(frame["n"], np.arange(7))


def test_what_is_not_there_is_blank() -> None:
    header, *lines = read_csv(some_table()[0])
    dropped = dict(zip(header, lines[1], strict=True))
    assert dropped["x"] == dropped["component"] == dropped["log-density"] == ""
    assert lines[4][header.index("name")] == lines[3][header.index("kind")] == ""
    assert lines[0][header.index("component")] in {"1", "2"}


def test_parquet_keeps_types_and_texts() -> None:
    frame = read_parquet(some_table()[0])
    assert frame["name"].tolist()[:3] == ["=1+1", "plain", "größe; 5"]
    assert frame["when"].dtype.kind == "M"
    assert frame["single"].dtype == np.float32
    assert frame["yes"].dtype == bool
    assert frame["n"].dtype == np.int64


DANGEROUS = [
    "=1+1",
    "+cmd|'/C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "-",
    "=",
    "+1e",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_and_no_name_is_run(text: str) -> None:
    table = FittedTable({text: np.array([text, "a"], dtype=object), "b": np.array([1.5, -2.5])}, 2)
    (name, _), (first, number), (_, negative) = read_csv(table)
    assert (name, first) == ("'" + text, "'" + text)
    assert (number, negative) == ("1.5", "-2.5")


@pytest.mark.parametrize("text", ["-5", "-1,5", "+3.25", "-.5", "-1e-7", "5-3", "", "'=1", "a=b", " "])
def test_numbers_and_plain_texts_stay(text: str) -> None:
    assert without_formula(text) == text


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("text", ["a;=1+1", "a\t=1", 'a";=1+1', 'a\r\n"=1', "a\r=1", 'a,"=1', 'a""|=1'])
def test_no_cell_is_split_into_one_that_is_run(text: str, delimiter: str) -> None:
    """Wherever people live, and whatever sign their spreadsheet splits at: text stays in its quotes."""
    content = table_csv(FittedTable({"name": np.array([text, text], dtype=object)}, 2)).decode()
    for row in csv.reader(io.StringIO(content, newline=""), delimiter=delimiter):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
    assert read_csv(FittedTable({"name": np.array([text], dtype=object)}, 1))[1] == [text]


@QUICK
@given(st.lists(st.text(), min_size=1, max_size=6), st.text())
def test_any_text_comes_back(texts: list[str], name: str) -> None:
    table = FittedTable({name: np.array(texts, dtype=object), "b": np.zeros(len(texts))}, len(texts))
    header, *lines = read_csv(table)
    assert header[0] == without_formula(name)
    assert [line[0] for line in lines] == list(map(without_formula, texts))
    assert read_parquet(table)[name].tolist() == texts if name != "b" else True


def test_values_of_several_kinds_become_text_in_parquet() -> None:
    mixed = np.array([1, "two", None, 3.5, "\ud800"], dtype=object)
    table = FittedTable({"m": mixed, "big": np.array([10**30, 1, 2, 3, 4], dtype=object)}, 5)
    frame = read_parquet(table)
    assert frame["m"].tolist()[:2] == ["1", "two"]
    assert frame["m"].isna().tolist() == [False, False, True, False, False]
    assert frame["big"].tolist()[0] == str(10**30)
    assert [row[0] for row in read_csv(table)[1:]] == ["1", "two", "", "3.5", "?"]


def test_a_name_that_is_taken_gets_a_number() -> None:
    columns = {"component": np.array(["a"]), "component (2)": np.array(["b"])}
    table = fitted_table(columns, 1, np.array([0]), np.zeros((1, 2)), MIXTURE)
    assert list(table.columns)[:3] == ["component", "component (2)", "component (3)"]
    assert read_csv(table)[1][:2] == ["a", "b"]


def test_noise_has_a_column_and_the_number_0() -> None:
    mixture = Mixture([0.5], [[0, 0]], [np.eye(2)], Noise(0.5, 1e4))
    points = np.array([[0.0, 0.0], [90.0, 0.0]])
    table = fitted_table({}, 2, np.arange(2), points, mixture)
    frame = read_parquet(table)
    assert frame["component"].tolist() == [1, 0]
    total = frame["responsibility 1"] + frame["responsibility of noise"]
    np.testing.assert_allclose(total, 1.0, rtol=1e-15)


@pytest.mark.parametrize(
    ("n_rows", "rows", "words"),
    [(3, [0, 1], "3"), (2, [0], "row numbers"), (2, [0, 2], "not from 0 to 1"), (2, [1, 1], "twice")],
)
def test_what_does_not_belong_together_is_refused(n_rows: int, rows: list[int], words: str) -> None:
    with pytest.raises(TableError, match=words):
        fitted_table({"a": np.zeros(2)}, n_rows, np.array(rows), np.zeros((2, 2)), MIXTURE)


@pytest.mark.parametrize("n_dimensions", [1, 2, 3])
def test_points_that_came_from_nowhere_are_rows_themselves(n_dimensions: int) -> None:
    rng = np.random.default_rng(n_dimensions)
    names = tuple("pqr"[:n_dimensions])
    data = Data(rng.normal(size=(6, n_dimensions)), columns=names)
    mixture = gmm_core.Mixture([1.0], np.zeros((1, n_dimensions)), np.eye(n_dimensions)[None])
    source = data.rows_brought
    table = fitted_table(source.columns, source.n_rows, source.rows, data.points, mixture)
    header, *rows = read_csv(table)
    assert header[: n_dimensions + 1] == [*names, "component"]
    np.testing.assert_array_equal(np.array(rows)[:, :n_dimensions].astype(float), data.points)
    assert {row[n_dimensions] for row in rows} == {"1"}
