"""One column of numbers, alone or beside words, is points on a line; what is no column stays refused."""

import io
import json

import numpy as np
import pandas as pd
import pytest

from tests.upload_contract import assert_ends_well
from ui.analysis.beginning import preference_of
from ui.data import data_of
from ui.experiment import NO_COLUMN, Experiment
from ui.uploads import Reading, Selection, UploadError, original_cells, read_table
from ui.workspace.opening import experiment_of_table

RNG = np.random.default_rng(3)
VALUES = np.round(np.concatenate([RNG.normal(10, 1, 40), RNG.normal(20, 1, 40)]), 2)
LINES = "\n".join(map(str, VALUES.tolist()))


def excel(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_excel(stream, index=False)
    return stream.getvalue()


def parquet(frame: pd.DataFrame) -> bytes:
    stream = io.BytesIO()
    frame.to_parquet(stream)
    return stream.getvalue()


FRAME = pd.DataFrame({"speed": VALUES})
FILES = {
    "named.csv": f"speed\n{LINES}\n".encode(),
    "bare.txt": LINES.encode(),
    "spaced name.tsv": f"speed of light, km/s\n{LINES}".encode(),
    "quoted.csv": b'"speed"\n' + "\n".join(f'"{value}"' for value in VALUES).encode(),
    "numpy.txt": f"# speed\n{LINES}".encode(),
    "Windows.csv": b"\xef\xbb\xbf" + f"speed\n{LINES}".replace("\n", "\r\n").encode(),
    "beside words.csv": ("id,speed\n" + "\n".join(f"n{i % 7},{v}" for i, v in enumerate(VALUES))).encode(),
    "list.json": json.dumps(VALUES.tolist()).encode(),
    "records.json": json.dumps([{"speed": value} for value in VALUES.tolist()]).encode(),
    "columns.json": json.dumps({"speed": VALUES.tolist()}).encode(),
    "sheet.xlsx": excel(FRAME),
    "columns.parquet": parquet(FRAME),
}


@pytest.mark.parametrize("name", FILES)
def test_one_column_of_numbers_opens_on_a_line(name: str) -> None:
    selection = assert_ends_well(FILES[name], name)
    assert isinstance(selection, Selection)
    table = read_table(name, FILES[name])
    experiment = experiment_of_table(Experiment(), table)
    data = data_of(experiment, table)
    assert experiment.y == NO_COLUMN
    np.testing.assert_array_equal(data.points, VALUES[:, None])
    preference = preference_of(experiment, table)
    assert preference is not None, "BIC is asked for K here as in the plane"
    assert preference.ks[0] == experiment.n_components > 1


@pytest.mark.parametrize("name", FILES)
def test_it_is_read_again_as_it_was_and_its_cells_are_those_of_the_file(name: str) -> None:
    table = read_table(name, FILES[name])
    again = read_table(name, FILES[name], table.reading)
    assert again.names == table.names
    np.testing.assert_array_equal(again.columns[again.numeric_names[0]], VALUES)
    cells = original_cells(table)[table.numeric_names[0]]
    assert [float(str(cell).replace(",", ".")) for cell in cells] == VALUES.tolist()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"1", "a.csv"),
        (b"x\n1\n", "a.csv"),
        (b"word\nanother\nthird\n", "a.csv"),
        (b"2024-01-01\n2024-01-02\n2024-01-03\n", "a.csv"),
        (b"one\n2\nthree\nfour\n5\n", "a.csv"),
        (b'{"x": ["a", "b"]}', "a.json"),
        (excel(pd.DataFrame({"word": ["a", "b"]})), "a.xlsx"),
        (parquet(pd.DataFrame({"word": ["a", "b"]})), "a.parquet"),
    ],
)
def test_what_is_no_column_of_numbers_is_refused(content: bytes, name: str) -> None:
    assert isinstance(assert_ends_well(content, name), UploadError)
    with pytest.raises(UploadError, match=r"one column|no table"):
        read_table(name, content)


def test_decimal_commas_can_be_told() -> None:
    content = f"speed\n{LINES.replace('.', ',')}".encode()
    table = read_table("a.csv", content, Reading(decimal=","))
    np.testing.assert_array_equal(table.columns["speed"], VALUES)


def test_gaps_and_words_in_the_column_are_told() -> None:
    table = read_table("a.csv", b"x\n" + b"1.5\n2\n" * 10 + b"NA\n\noops\n7\n")
    data = data_of(experiment_of_table(Experiment(), table), table)
    assert len(data.points) == 21
    assert "oops" in " ".join(data.dropped)
