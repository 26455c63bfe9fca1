"""Agreement with labels: the numbers are the core's, no point is lost, and what has no partner is said."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gmm_core
from tests.strategies import QUICK
from ui.export.agreement import (
    Agreement,
    Labels,
    accuracy_in_words,
    agreement_of,
    index_in_words,
    said_of_gaps,
)
from ui.export.agreement_table import agreement_table

pairs_of_codes = st.lists(st.tuples(st.integers(-1, 2), st.integers(0, 4)), min_size=1, max_size=40)


def agreement(
    codes: list[int], groups: list[int], n_groups: int, rest: str = "", n_labels: int = 3
) -> Agreement:
    names = ("ape", "bee", "cat", "dog", "eel")[:n_labels]
    return agreement_of(Labels(np.array(codes), names, rest), np.array(groups), n_groups)


@QUICK
@given(pairs_of_codes, st.sampled_from(["", "background"]))
def test_the_numbers_are_the_cores_and_no_point_is_lost(pairs: list[tuple[int, int]], rest: str) -> None:
    codes, groups = map(np.array, zip(*pairs, strict=True))
    found = agreement(codes.tolist(), groups.tolist(), 4, rest)
    assert found.counts.sum() == len(codes)
    assert sorted(found.order) == list(range(4))
    counted = np.ones(len(codes), bool) if rest else codes >= 0
    if not counted.any():
        assert found.index is None
        assert found.accuracy is None
        return
    assert found.index == gmm_core.adjusted_rand_index(codes[counted], groups[counted])
    # The names that the table shows earn what is said.
    right = sum(found.counts[k, j] for k, j in enumerate(found.paired) if j >= 0)
    right += found.counts[-1, -1] if rest else 0
    assert found.accuracy == pytest.approx(right / counted.sum(), abs=1e-12)
    if (codes >= 0).all() and (groups < 4).all():
        assert found.accuracy == pytest.approx(gmm_core.matched_accuracy(codes, groups), abs=1e-12)


def test_the_diagonal_holds_those_that_are_right() -> None:
    found = agreement([0, 0, 1, 1, 2, 2], [2, 2, 0, 0, 1, 1], 3)
    assert found.order == [2, 0, 1]
    assert np.array_equal(found.counts[found.order, :3], 2 * np.eye(3))
    assert (found.index, found.accuracy) == (1.0, 1.0)
    assert accuracy_in_words(found) == (
        "with each component named after the label it matches best, 100.0 % of the points have their own "
        "label"
    )
    assert said_of_gaps(found) == []
    table = agreement_table(found)
    assert table.count("box-shadow") == 3
    assert re.findall(r'class="chip"[^>]*>(\d)', table) == ["3", "1", "2"]


def test_more_components_than_labels_and_the_other_way_round_are_said() -> None:
    more = agreement([0, 0, 0, 1, 1, 1], [0, 0, 1, 2, 2, 3], 4, n_labels=2)
    assert said_of_gaps(more) == [
        "There are 4 components and 2 labels: components 2 and 4 are named after no label, and no point "
        "there counts as right."
    ]
    assert more.accuracy == pytest.approx(4 / 6)
    fewer = agreement([0, 0, 0, 1, 1, 2], [0, 0, 0, 1, 1, 1], 2)
    assert said_of_gaps(fewer) == ["There are 2 components and 3 labels: no component is named after “cat”."]
    assert said_of_gaps(agreement([0, 1, 2], [0, 0, 0], 1, n_labels=3))[0].startswith(
        "There is 1 component and"
    )
    empty = agreement([0, 0, 1], [0, 0, 0], 2, n_labels=2)
    assert said_of_gaps(empty) == [
        "Component 2 is named after no label, and no point there counts as right, and no component is named "
        "after “bee”."
    ]


def test_points_without_a_label_are_left_out_and_background_is_for_the_noise() -> None:
    unknown = agreement([0, 0, 1, 1, -1, -1], [0, 0, 1, 1, 0, 2], 2, n_labels=2)
    assert (unknown.n_counted, unknown.accuracy) == (4, 1.0)
    assert said_of_gaps(unknown) == ["2 points have no label and are left out of both numbers."]
    assert index_in_words(unknown).endswith("; of the 4 points that have a label")
    assert "<td>–</td></tr></tbody>" in agreement_table(unknown)
    drawn = agreement([0, 0, 1, 1, -1, -1], [0, 0, 1, 1, 0, 2], 2, "background", n_labels=2)
    assert (drawn.n_counted, drawn.accuracy) == (6, pytest.approx(5 / 6))
    assert said_of_gaps(drawn) == [
        "2 points have no label but background: only the noise can be right there."
    ]
    assert "<td>background</td></tr></tbody>" in agreement_table(drawn)


def test_nothing_in_the_table_can_run() -> None:
    labels = Labels(np.array([0, 1]), ("<script>", '"x" onload='), "")
    table = agreement_table(agreement_of(labels, np.array([0, 1]), 2))
    assert "<script" not in table
    assert 'title="1 points: 100.0 % of component 2, 100.0 % of &quot;x&quot;' in table


def test_where_no_point_has_a_label_that_is_said() -> None:
    found = agreement([-1, -1], [0, 1], 2, n_labels=0)
    assert index_in_words(found) == accuracy_in_words(found) == "no point has a label"
    agreement_table(found)
