"""Every pair of columns has its picture, under names that are shown letter by letter."""

from html import unescape

import numpy as np
import pytest

from ui.figures.scatter_matrix import MOST_DRAWN, MOST_LETTERS, scatter_matrix_figure

ODD = ["<b>bold</b>", "a & b", "$x^2$", "&" * 60, "<" * MOST_LETTERS, "x" * 25, "&amp;", "größe"]


@pytest.mark.parametrize("n_columns", [1, 2, 3, 5])
def test_columns_are_the_dimensions(n_columns):
    columns = {f"c{place}": np.arange(10.0) * place for place in range(n_columns)}
    (matrix,) = scatter_matrix_figure(columns).data
    assert [dimension.label for dimension in matrix.dimensions] == list(columns)
    for dimension, values in zip(matrix.dimensions, columns.values(), strict=True):
        np.testing.assert_array_equal(dimension["values"], values)


@pytest.mark.parametrize("name", ODD)
def test_names_are_shown_letter_by_letter_and_not_too_long(name):
    label = scatter_matrix_figure({name: np.arange(3.0)}).data[0].dimensions[0].label
    assert not set("<>$") & set(label)
    shown = unescape(label)
    assert len(shown) <= MOST_LETTERS
    assert shown == name or (shown.endswith("…") and name.startswith(shown[:-1]))


def test_of_many_rows_some_are_drawn_from_first_to_last():
    values = np.arange(MOST_DRAWN * 3.0)
    drawn = scatter_matrix_figure({"a": values}).data[0].dimensions[0]["values"]
    assert len(drawn) == MOST_DRAWN
    assert (drawn[0], drawn[-1]) == (0, values[-1])
