"""A stated random sample of a table that is too long."""

import numpy as np
import pytest

from tests.table_files import FAULTY
from ui.uploads import COMFORTABLE_ROWS, UploadError, read_table, sample_rows, select_points

TABLE = read_table("a.csv", ("x,y,kind\n" + "".join(f"{n},{n % 7},k{n}\n" for n in range(1000))).encode())


def test_a_sample_is_rows_of_the_file_in_their_order_and_is_reported():
    part = sample_rows(TABLE, 100, np.random.default_rng(5))
    chosen = part.columns["x"].astype(int)
    assert part.n_rows == len(set(chosen)) == 100
    assert (np.diff(chosen) > 0).all()
    assert part.text_columns["kind"].tolist() == [f"k{n}" for n in chosen]
    assert part.line_numbers is not None
    np.testing.assert_array_equal(part.line_numbers, chosen + 2)
    assert part.skipped.reasons == (
        "900 rows were dropped because a random sample of 100 of the 1,000 rows was drawn.",
    )
    again = sample_rows(TABLE, 100, np.random.default_rng(5))
    np.testing.assert_array_equal(again.columns["x"], part.columns["x"])
    other = sample_rows(TABLE, 100, np.random.default_rng(6))
    assert not np.array_equal(other.columns["x"], part.columns["x"])


def test_every_row_is_as_likely_as_any_other():
    counts = np.zeros(1000)
    for seed in range(200):
        counts[sample_rows(TABLE, 500, np.random.default_rng(seed)).columns["x"].astype(int)] += 1
    assert abs(counts - 100).max() < 6 * np.sqrt(50)
    assert abs(counts[:500].sum() - 50_000) < 1000


def test_a_short_table_is_its_own_sample():
    assert sample_rows(TABLE, 1000, np.random.default_rng(0)) is TABLE
    assert sample_rows(TABLE, COMFORTABLE_ROWS, np.random.default_rng(0)) is TABLE
    with pytest.raises(UploadError, match="at least one row"):
        sample_rows(TABLE, 0, np.random.default_rng(0))


def test_faults_keep_their_rows_in_every_sample():
    whole = read_table("a.csv", FAULTY.encode())
    for seed in range(30):
        part = sample_rows(whole, 20, np.random.default_rng(seed))
        for name in part.numeric_names:
            assert part.line_numbers is not None
            assert whole.line_numbers is not None
            lines = dict(
                zip(
                    whole.line_numbers[whole.parse_errors[name].rows],
                    whole.parse_errors[name].texts,
                    strict=True,
                )
            )
            found = dict(
                zip(
                    part.line_numbers[part.parse_errors[name].rows],
                    part.parse_errors[name].texts,
                    strict=True,
                )
            )
            assert found == {line: text for line, text in lines.items() if line in part.line_numbers}
        selection = select_points(part)
        assert selection.dropped.count + len(selection.points) == whole.n_rows + whole.skipped.count
