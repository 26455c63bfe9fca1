"""Any number of columns become points, with the same report as two."""

import numpy as np
import pytest

from tests.upload_contract import assert_is_one_sentence
from ui.uploads import UploadError, read_table, select_columns, select_points

RNG = np.random.default_rng(5)
VALUES = np.exp(RNG.normal(size=(30, 3)))
ROWS = [f"{a!r},{b!r},{c!r},{'uv'[i % 2]},{i % 3}" for i, (a, b, c) in enumerate(VALUES.tolist())]
ROWS[4] = "?,1,2,u,1"
ROWS[7] = "1,2,,v,1"
TABLE = read_table("measured.csv", "\n".join(["a,b,c,kind,w", *ROWS]).encode())
COLUMNS = {1: ("b",), 2: ("a", "c"), 3: ("a", "b", "c")}


@pytest.mark.parametrize("names", COLUMNS.values())
def test_points_are_the_cells_of_the_rows_that_have_them_all(names):
    chosen = select_columns(TABLE, names, label="kind", weight="w")
    known = np.all([np.isfinite(TABLE.columns[name]) for name in names], axis=0)
    np.testing.assert_array_equal(chosen.rows, np.flatnonzero(known))
    for axis, name in enumerate(names):
        np.testing.assert_array_equal(chosen.points[:, axis], TABLE.columns[name][chosen.rows])
    assert chosen.columns == chosen.axis_titles == names
    assert chosen.dropped.count == 30 - len(chosen.points)
    assert len(chosen.centre) == len(chosen.unit) == chosen.points.shape[1] == len(names)
    assert chosen.labels is not None
    assert chosen.weights is not None
    assert len(chosen.labels) == len(chosen.weights) == len(chosen.points)


@pytest.mark.parametrize("names", COLUMNS.values())
def test_logarithms_and_standardising_lead_back_to_the_cells(names):
    logs = [axis == 0 for axis in range(len(names))]
    chosen = select_columns(TABLE, names, logs=logs, standardise=True)
    np.testing.assert_allclose(chosen.points.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(chosen.points.std(axis=0), 1)
    before = np.array(chosen.centre) + np.array(chosen.unit) * chosen.points
    cells = np.column_stack([TABLE.columns[name][chosen.rows] for name in names])
    np.testing.assert_allclose(np.where(logs, 10.0**before, before), cells, rtol=1e-12)
    assert chosen.axis_titles[0] == f"log10 of {names[0]}, standardised"
    assert all(remark.endswith(".") for remark in chosen.remarks)


def test_two_columns_are_those_of_select_points():
    options = {"label": "kind", "weight": "w", "standardise": True}
    one = select_points(TABLE, "a", "c", log_y=True, **options)
    other = select_columns(TABLE, ("a", "c"), logs=(False, True), **options)
    np.testing.assert_array_equal(one.points, other.points)
    assert (one.x, one.y) == other.columns
    assert (one.dropped, one.remarks, one.centre) == (other.dropped, other.remarks, other.centre)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (("a", "b", "a"), '"a" was chosen twice'),
        (("a", "kind"), 'No column of numbers is called "kind"'),
        (("b", "few"), 'in both "b" and "few"'),
        (("few",), 'have numbers in "few"'),
        (("a", "b", "few"), 'in all of "a", "b" and "few"'),
    ],
)
def test_a_refusal_names_the_columns(names, words):
    lines = [f"{row},{9 if place == 2 else ''}" for place, row in enumerate(ROWS)]
    table = read_table("few.csv", "\n".join(["a,b,c,kind,w,few", *lines]).encode())
    with pytest.raises(UploadError) as caught:
        select_columns(table, names)
    assert words in str(caught.value)
    assert_is_one_sentence(str(caught.value))
