"""What holds for whatever file is uploaded."""

import re

import numpy as np

import gmm_core
from ui.uploads import (
    Reading,
    Selection,
    Table,
    UploadError,
    describe,
    preview,
    read_table,
    select_columns,
    suggest,
    suggest_column,
    suggest_label,
)
from ui.uploads.columns import histogram


def assert_is_one_sentence(message: str) -> None:
    assert message.isprintable()
    assert message.endswith(".")
    assert ". " not in re.sub('".*"', "", message)  # names of columns may hold anything
    assert message[0].isupper()
    assert len(message) < 300


def assert_ends_well(
    data: bytes, name: str = "name.csv", reading: Reading | None = None
) -> Selection | UploadError:
    """Read, describe, select and fit; whatever comes out must be whole, and account for every row."""
    try:
        table = read_table(name, data, reading)
    except UploadError as error:
        assert_is_one_sentence(str(error))
        return error
    assert_is_whole(table)
    assert_is_described(table)
    try:
        columns = suggest(table) if len(table.numeric_names) != 1 else (suggest_column(table),)
        label = suggest_label(table, columns[0], columns[-1])
        selection = select_columns(table, columns, label=label)
    except UploadError as error:
        assert_is_one_sentence(str(error))
        return error
    assert np.isfinite(selection.points).all()
    assert selection.points.shape == (len(selection.rows), len(columns))
    assert selection.dropped.count + len(selection.points) == table.n_rows + table.skipped.count
    counts = [int(reason.split()[0].replace(",", "")) for reason in selection.dropped.reasons]
    assert sum(counts) == selection.dropped.count
    assert all(reason.isprintable() and reason.endswith(".") for reason in selection.dropped.reasons)
    assert all(name.isprintable() for name in selection.label_names)
    assert_fits_or_refuses(selection.points)
    return selection


def assert_is_whole(table: Table) -> None:
    columns = [*table.columns.values(), *table.text_columns.values()]
    assert all(column.shape == (table.n_rows,) for column in columns)
    assert len(columns) == len(set(table.names)) == len(table.names)
    assert len(table.columns) > 0 or len(table.names) > 1
    assert {*table.columns, *table.text_columns} == set(table.names)
    assert all(name.isprintable() and len(name) <= 70 for name in table.names)
    assert not any(np.isinf(column).any() for column in table.columns.values())
    assert all(remark.isprintable() and remark.endswith(".") for remark in table.remarks)
    if table.line_numbers is not None:
        assert table.line_numbers.shape == (table.n_rows,)
        assert (np.diff(table.line_numbers) > 0).all()


def assert_is_described(table: Table) -> None:
    shown = preview(table)
    assert len(shown.rows) == min(10, table.n_rows)
    assert all(text.isprintable() for row in shown.rows for text in row)
    for column in describe(table, table.names[:100]):
        assert all(text.isprintable() for text in column.examples)
        if column.name in table.columns:
            told = table.columns[column.name][np.isfinite(table.columns[column.name])]
            assert column.n_missing + column.n_faulty + len(told) == table.n_rows
            edges = histogram(told)[1] if len(told) else np.empty(0)
            assert (np.diff(edges) >= 0).all()
            assert np.isfinite(edges).all()
            assert bool(len(told)) <= column.counts.sum() <= len(told)


def assert_fits_or_refuses(points: np.ndarray) -> None:
    """Two steps of EM on a few of the points, or a refusal in words.

    Not where a fourth power is no float: how the core starts there is tested, or not, beside the core.
    """
    few, refusal = points[:1000], "None."
    size, span = np.abs(few).max(), np.ptp(few / 2, axis=0)
    if size > 1e70 or (span[span > 0] < 1e-70).any():
        return
    try:
        gmm_core.run(few, gmm_core.initialize(few, 2, rng=np.random.default_rng(0)), max_steps=2)
    except (ValueError, ArithmeticError) as error:
        refusal = str(error)
    assert refusal.endswith(".")
