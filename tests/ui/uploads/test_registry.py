"""A format is one row: what stands in the table of formats is known, read, and looked into once more."""

import numpy as np
import pytest

from tests.table_files import FAULTY
from ui.uploads import formats, original_cells, read_table, select_points
from ui.uploads.format import Format
from ui.uploads.formats import FORMATS, format_called
from ui.uploads.original import cells_of_rows
from ui.uploads.report import Dropped
from ui.uploads.table import Reading, Table, assembled
from ui.uploads.values import typed_columns

TOY = b"TOY\n1 2 u\n3 4 v\n5 7 u\n"


def toy_rows(content: bytes) -> list[list[str]]:
    return [line.split() for line in content.decode().splitlines()[1:]]


def read_toy(name: str, content: bytes, reading: Reading) -> Table:
    columns = list(zip(*toy_rows(content), strict=True))
    typed, _, _, used, _ = typed_columns(columns, reading)
    return assembled(name, ["a", "b", "kind"], typed, None, Dropped(), [], format="toy", reading=used)


def toy_cells(table: Table, content: bytes) -> dict | None:
    return cells_of_rows(table, toy_rows(content), "")


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> Format:
    row = Format("toy", lambda content, ending: content.startswith(b"TOY\n"), read_toy, toy_cells)
    monkeypatch.setattr(formats, "FORMATS", (row, *FORMATS))
    return row


def test_a_row_more_is_a_format_more(toy: Format) -> None:
    table = read_table("a.toy", TOY)
    assert (table.format, table.original) == ("toy", TOY)
    np.testing.assert_array_equal(select_points(table, "a", "b").points, [[1, 2], [3, 4], [5, 7]])
    assert original_cells(table)["kind"].tolist() == ["u", "v", "u"]
    assert read_table("a.csv", FAULTY.encode()).format == "text"


def test_formats_are_told_apart() -> None:
    assert len({row.name for row in FORMATS}) == len(FORMATS)
    assert all(format_called(row.name) is row for row in FORMATS)
    assert format_called("session") is None
    # The last one takes what is left, and no other takes everything.
    assert [row.recognises(b"a,b\n1,2\n", "csv") for row in FORMATS] == [False] * (len(FORMATS) - 1) + [True]
