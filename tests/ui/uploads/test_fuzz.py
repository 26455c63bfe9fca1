"""Random and mutated bytes end well, and what was written comes back exactly."""

import csv
import gzip
import io
import json
import zipfile

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.nasty_files import NASTY
from tests.nasty_workbooks import BOOK, PARQUET
from tests.table_files import FAULTY, GOOD
from tests.upload_contract import assert_ends_well
from ui.uploads import read_table

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
    read = read_table("points.csv", gzip.compress(stream.getvalue(), mtime=0))
    np.testing.assert_array_equal(np.column_stack(list(read.columns.values())), table, strict=True)
    if names:
        assert read.numeric_names == tuple("abcde"[: table.shape[1]])


# Nothing may take longer; milliseconds, for one file.
SOON = 5000


@settings(max_examples=300, deadline=SOON)
@given(st.binary(max_size=300))
def test_random_bytes_end_well(data):
    assert_ends_well(data)


@settings(max_examples=300, deadline=SOON)
@given(st.text("0123456789,;\t|\"'\n\r #.eE-+xyinfNA", max_size=200))
def test_random_text_of_the_characters_of_tables_ends_well(text):
    assert_ends_well(text.encode())


@st.composite
def mutations(draw, limit: int):
    """Some (place, bytes taken away, bytes put there)."""
    pieces = st.sampled_from(
        [b'"', b",", b"\n", b"#", b";", b"\x00", b"\xff", b"[", b"}", b"1e999", b"\x7f\xff\xff\xff"]
    )
    change = st.tuples(st.integers(0, limit), st.integers(0, 8), st.one_of(st.binary(max_size=4), pieces))
    return draw(st.lists(change, min_size=1, max_size=6))


def mutated(data: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
    for place, length, replacement in changes:
        place %= len(data) + 1
        data = data[:place] + replacement + data[place + length :]
    return data


@settings(max_examples=400, deadline=SOON)
@given(data=st.sampled_from([*GOOD.values(), FAULTY.encode()]), changes=mutations(500))
def test_a_mutated_table_ends_well(data, changes):
    assert_ends_well(mutated(data, changes))


OTHERS = [
    NASTY[name] for name in ("JSON records", "JSON of mixed rows", "JSON of columns of different lengths")
]
OTHERS += [PARQUET, NASTY["Parquet of every kind"], BOOK, NASTY["workbook of every kind of cell"]]


@settings(max_examples=400, deadline=SOON)
@given(data=st.sampled_from(OTHERS), changes=mutations(20_000))
def test_a_mutated_file_of_another_format_ends_well(data, changes):
    assert_ends_well(mutated(data, changes))


PARTS = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]


@settings(max_examples=150, deadline=SOON)
@given(part=st.sampled_from(PARTS), changes=mutations(3_000))
def test_a_workbook_of_mutated_parts_ends_well(part, changes):
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(BOOK)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, mutated(content, changes) if name == part else content)
    assert_ends_well(stream.getvalue())


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=4),
    max_leaves=25,
)


@settings(max_examples=300, deadline=SOON)
@given(JSON_VALUES)
def test_any_json_ends_well(value):
    assert_ends_well(json.dumps(value).encode(), "a.json")
