"""Reading apart gives what reading here gives, and ends within its time and memory."""

import gzip
import json
import threading
import zipfile
from io import BytesIO

import numpy as np
import pytest

from tests.nasty_workbooks import BOOK, PARQUET, rezipped, sheet_of
from tests.table_files import COMMA
from ui.uploads import Table, UploadError, apart, as_it_came, bounded, original_cells, read_table
from ui.uploads.formats import read_here

TEXTS = b"x,y,kind\n" + b"".join(b"%d,%d,name %d\n" % (n, n % 7, n % 9) for n in range(120_000))


FILES = {
    "text with faults.csv": b"# a remark\nx,y,kind\n1,2,a\n3,?,b\n5,6\n1e999,7,a,8\n" + b"9,1,c\n" * 20,
    "text.csv.gz": gzip.compress(COMMA.encode(), mtime=0),
    "sheets.xlsx": BOOK,
    "columns.parquet": PARQUET,
    "rows.json": b'[{"x": 1.5, "y": 2, "k": "a"}, {"x": 3, "y": "\\ud800", "k": null}, 3]',
}


@pytest.fixture
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """However small a file is."""
    monkeypatch.setattr(bounded, "HARMLESS_BYTES", -1)


def assert_equal(table: Table, expected: Table) -> None:
    for name in ("columns", "text_columns"):
        ours, theirs = getattr(table, name), getattr(expected, name)
        assert list(ours) == list(theirs)
        for column, values in ours.items():
            np.testing.assert_array_equal(values, theirs[column])
            assert values.dtype == theirs[column].dtype
            assert not values.flags.writeable
    for name in ("name", "n_rows", "skipped", "remarks", "format", "reading", "sheets", "names", "place"):
        assert getattr(table, name) == getattr(expected, name)
    assert (table.line_numbers is None) == (expected.line_numbers is None)
    if table.line_numbers is not None:
        np.testing.assert_array_equal(table.line_numbers, expected.line_numbers)
    for name, faults in table.parse_errors.items():
        np.testing.assert_array_equal(faults.rows, expected.parse_errors[name].rows)
        assert faults.texts == expected.parse_errors[name].texts


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("name", FILES)
def test_apart_as_here(name: str) -> None:
    assert_equal(read_table(name, FILES[name]), read_here(name, FILES[name]))


@pytest.mark.usefixtures("always")
@pytest.mark.parametrize("name", FILES)
def test_the_cells_as_they_came_are_those_found_here(name: str) -> None:
    table = read_table(name, FILES[name])
    expected = as_it_came.found_cells(table)
    assert expected is not None
    for column, cells in original_cells(table).items():
        np.testing.assert_array_equal(cells, expected[column])
        assert cells.dtype == expected[column].dtype


@pytest.mark.slow
def test_cells_that_take_too_long_to_find_are_as_they_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    table = read_table("a.csv", TEXTS)
    monkeypatch.setattr(apart, "MOST_SECONDS", 0.01)
    cells = original_cells(table)
    np.testing.assert_array_equal(cells["kind"], table.text_columns["kind"])
    np.testing.assert_array_equal(cells["x"], table.columns["x"])


def test_a_column_of_many_texts_comes_back_whole() -> None:
    assert len(TEXTS) > bounded.HARMLESS_BYTES
    assert_equal(read_table("a.csv", TEXTS), read_here("a.csv", TEXTS))


@pytest.mark.usefixtures("always")
def test_a_refusal_is_the_same_sentence() -> None:
    with pytest.raises(UploadError) as here:
        read_here("a.csv", b"x\na\nb\n")
    with pytest.raises(UploadError) as there:
        read_table("a.csv", b"x\na\nb\n")
    assert str(there.value) == str(here.value)


def test_what_takes_too_long_is_ended_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_SECONDS", 0.05)
    with pytest.raises(UploadError, match="takes longer to read"):
        read_table("a.csv", TEXTS)


@pytest.mark.slow
def test_what_takes_too_much_memory_is_ended_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_WORK_BYTES", 2**24)
    monkeypatch.setattr(apart, "_RESTING", [])
    rows = json.dumps([[n, n] for n in range(200_000)]).encode()
    with pytest.raises(UploadError, match="more memory"):
        read_table("a.json", rows)


def test_a_table_too_large_to_take_back_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "MOST_ANSWER_BYTES", 10_000)
    with pytest.raises(UploadError, match="more memory"):
        read_table("a.csv", TEXTS)


def test_a_waiting_reader_holds_up_no_other_thread() -> None:
    """While one thread reads, another goes on: reading is done elsewhere."""
    steps, done = 0, threading.Event()
    reading = threading.Thread(target=lambda: (read_table("a.csv", TEXTS), done.set()))
    reading.start()
    while not done.wait(0.01):
        steps += 1
    reading.join()
    assert steps > 10


LAUGH = '<!DOCTYPE z [<!ENTITY e "ha">]>'


@pytest.mark.parametrize("called", ["sheet1.xml", "sheet1.bin", "sheet1", "sheet1.png"])
@pytest.mark.parametrize("letters", ["utf-8", "utf-16"])
def test_a_sheet_with_entities_is_refused_whatever_it_is_called(called: str, letters: str) -> None:
    sheet = sheet_of("<row><c><v>&e;</v></c></row>", LAUGH).decode().encode(letters)
    with pytest.raises(UploadError, match="XML entities"):
        read_here("a.xlsx", renamed(rezipped(BOOK, sheet1=sheet), called))


def renamed(book: bytes, called: str) -> bytes:
    """The workbook, whose first sheet is a part of another name."""
    result = BytesIO()
    with zipfile.ZipFile(BytesIO(book)) as parts, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            content = parts.read(name)
            if name.endswith((".rels", "Types].xml")):
                content = content.replace(b"sheet1.xml", called.encode())
            copy.writestr(name.replace("sheet1.xml", called), content)
    return result.getvalue()
