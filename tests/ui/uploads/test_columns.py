"""What is told of each column, and of the first rows."""

import time

import numpy as np
import pytest

from tests.nasty_files import NASTY
from tests.nasty_workbooks import MARKUP
from ui.uploads import describe, preview, read_table, readable, sample_rows
from ui.uploads.columns import KINDS, MOST_DISTINCT, N_BINS, histogram
from ui.uploads.table import Table

TEXT = """n,whole,word,day,truth,gap
0.5,1,b,2024-01-01,True,
1.5,2,a,2024-01-02,FALSE,x
,3,b,2024-01-02T10:00,,
x,-4,a,,True,
2.5,1e15,,2024-02-01,true,
inf,7,c,2024-01-01,False,
"""


def table_of(**columns: np.ndarray) -> Table:
    lines = [
        ",".join(columns),
        *(",".join(map(repr, row)) for row in np.column_stack([*columns.values()]).tolist()),
    ]
    return read_table("a.csv", "\n".join(lines).encode())


def test_each_column_is_told_in_the_files_order():
    table = read_table("a.csv", (TEXT + "4,5,a,2024-01-01,False,\n" * 10).encode())
    told = {column.name: column for column in describe(table)}
    assert tuple(told) == table.names == ("n", "whole", "word", "day", "truth", "gap")
    kinds = ("number", "whole number", "text", "date", "truth value", "text")
    assert tuple(column.kind for column in told.values()) == kinds
    assert set(kinds) == set(KINDS)
    n = told["n"]
    assert (n.n_missing, n.n_faulty, n.n_distinct, n.low, n.high) == (1, 2, 4, 0.5, 4.0)
    assert (told["word"].n_missing, told["word"].n_distinct) == (1, 3)
    assert told["word"].examples == ("b", "a", "c")
    assert (told["gap"].n_missing, told["gap"].low, len(told["gap"].counts)) == (15, None, 0)
    assert describe(table, ["word"])[0].name == "word"


def test_the_histogram_counts_every_number_and_is_not_emptied_by_an_outlier():
    rng = np.random.default_rng(1)
    values = rng.normal(size=5000)
    plain = describe(table_of(x=values, y=values))[0]
    assert len(plain.counts) == N_BINS
    edges = histogram(values)[1]
    n_outside = ((values < edges[0]) | (values > edges[-1])).sum()
    assert plain.counts.sum() + n_outside == 5000
    np.testing.assert_array_equal(plain.counts, np.histogram(values, edges)[0])
    values[:3] = [1e300, -1e300, 1e9]
    spoilt = describe(table_of(x=values, y=values))[0]
    assert (spoilt.low, spoilt.high) == (-1e300, 1e300)
    edges = histogram(values)[1]
    assert 3 <= 5000 - spoilt.counts.sum() <= 100
    assert 3 <= ((values < edges[0]) | (values > edges[-1])).sum() <= 100
    assert -10 < edges[0] < -2
    assert (spoilt.counts > 0).sum() >= N_BINS - 2


@pytest.mark.parametrize(
    "values",
    [
        [2.5, 2.5, 2.5],
        [0, 0, 0],
        [1e308, -1e308, 1.7e308],
        [5e-324, 1e-310, 0],
        [1e9, np.nextafter(1e9, 2e9), 1e9],
        [0, 0, 1],
        [-1, 1, 1e-300],
    ],
)
def test_a_histogram_of_odd_numbers_counts_them_all(values):
    column = describe(table_of(x=np.array(values), y=np.arange(3.0)))[0]
    edges = histogram(np.array(values, float))[1]
    n_outside = sum(not edges[0] <= value <= edges[-1] for value in values)
    assert column.counts.sum() + n_outside == 3
    assert (column.low, column.high) == (min(values), max(values))
    assert np.isfinite(edges).all()


def test_distinct_values_are_counted_up_to_a_bound():
    for n in (MOST_DISTINCT, MOST_DISTINCT + 1):
        table = table_of(x=np.arange(3.0 * n) % n, y=np.arange(3.0 * n))
        assert [column.n_distinct for column in describe(table)] == [n if n == MOST_DISTINCT else None, None]


def test_a_sample_without_numbers_in_a_column_is_still_described():
    table = read_table("a.csv", ("x,y\n" + "1,2\n" * 80 + "q,3\n" * 20).encode())
    for seed in range(40):
        part = sample_rows(table, 2, np.random.default_rng(seed))
        for column in describe(part):
            assert column.n_missing + column.n_faulty + column.counts.sum() == 2


def test_the_preview_shows_cells_as_text_that_is_safe():
    table = read_table("a.csv", (TEXT + "4,5,a,2024-01-01,False,\n" * 10).encode())
    shown = preview(table, n_rows=4, n_columns=3)
    assert shown.names == ("n", "whole", "word")
    assert shown.n_more_columns == 3
    assert shown.places == ("line 2", "line 3", "line 4", "line 5")
    assert shown.rows == (("0.5", "1", "b"), ("1.5", "2", "a"), ("", "3", "b"), ("x", "-4", "a"))
    assert preview(table, 6).rows[4][1] == "1e+15"
    odd = preview(read_table("a", NASTY["markup in the labels"]))
    assert [row[2] for row in odd.rows[:7]] == list(map(readable, MARKUP[:7]))
    assert odd.rows[7][2] == "🙂👨 👩 👧"  # the joiners between them are invisible


def test_a_million_rows_are_described_soon():
    rng = np.random.default_rng(0)
    columns = {name: rng.normal(size=1_000_000) for name in "abcd"}
    template = table_of(a=np.arange(3.0), b=np.arange(3.0))
    faults = dict.fromkeys("abcd", template.parse_errors["a"])
    table = Table("a", columns, {}, 1_000_000, None, template.skipped, (), faults, names=tuple("abcd"))
    begin = time.process_time()
    describe(table)
    assert time.process_time() - begin < 3
