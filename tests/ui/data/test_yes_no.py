"""Which columns hold two values, which of the two is the 1, and what they are called."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from ui.data.yes_no import MOST_LOOKED_AT, NotTwoError, has_two_values, yes_no_of

# Cells of a yes, a no and a yes, and the words for no and yes.
TWO_VALUED: dict[str, tuple[Any, tuple[str, str]]] = {
    "whole numbers": ([1, 0, 1], ("0", "1")),
    "an array of whole numbers": (np.array([1, 0, 1], dtype=np.int8), ("0", "1")),
    "decimal numbers": ([1.0, 0.0, 1.0], ("0", "1")),
    "numbers of single precision": (np.array([0.5, 0.25, 0.5], dtype=np.float32), ("0.25", "0.5")),
    "numbers in either way": ([1, 0.0, 1.0], ("0", "1")),
    "other numbers": ([10, 9, 10], ("9", "10")),
    "numbers below 0": ([-1, -2, -1], ("-2", "-1")),
    "numbers as texts": (["10", "9", "10"], ("9", "10")),
    "bools": ([True, False, True], ("False", "True")),
    "an array of bools": (np.array([True, False, True]), ("False", "True")),
    "bools as texts": (["True", "False", "True"], ("False", "True")),
    "bools in capitals": (["TRUE", "FALSE", "TRUE"], ("FALSE", "TRUE")),
    "T and F": (["T", "F", "T"], ("F", "T")),
    "yes and no": (["yes", "no", "yes"], ("no", "yes")),
    "YES and No": (["YES", "No", "YES"], ("No", "YES")),
    "y and n": (["y", "n", "y"], ("n", "y")),
    "ja and nein": (["ja", "nein", "ja"], ("nein", "ja")),
    "oui and non": (["Oui", "Non", "Oui"], ("Non", "Oui")),
    "sí and no": (["Sí", "No", "Sí"], ("No", "Sí")),
    "on and off": (["on", "off", "on"], ("off", "on")),
    "present and absent": (["present", "absent", "present"], ("absent", "present")),
    "plus and minus": (["+", "-", "+"], ("-", "+")),
    "words, the later one of which is the 1": (["male", "female", "male"], ("female", "male")),
    "spaces about them": (["yes ", "no", "\tyes"], ("no", "yes")),
    "categories": (pd.Categorical(["b", "a", "b"]), ("a", "b")),
    "bools that may be missing": (pd.array([True, False, True], dtype="boolean"), ("False", "True")),
}

every_kind = pytest.mark.parametrize(("cells", "words"), TWO_VALUED.values(), ids=TWO_VALUED)


@every_kind
def test_a_yes_is_a_1_however_it_is_written(cells: Any, words: tuple[str, str]) -> None:
    assert has_two_values(cells)
    column, known = yes_no_of("answer", cells)
    assert (column.name, column.words) == ("answer", words)
    assert column.values.tolist() == [1.0, 0.0, 1.0]
    assert column.values.dtype == np.float64
    assert known.all()


@every_kind
def test_the_order_of_rows_does_not_matter(cells: Any, words: tuple[str, str]) -> None:
    column, _ = yes_no_of("answer", np.asarray(cells)[::-1][:2])
    assert column.words == words
    assert column.values.tolist() == [1.0, 0.0]


MISSING = {"None": None, "NaN": np.nan, "no text": "", "spaces": "  ", "NA": pd.NA, "NaT": pd.NaT}


@pytest.mark.parametrize("missing", MISSING.values(), ids=MISSING)
@pytest.mark.parametrize("pair", [("no", "yes"), (0, 1), (0.0, 1.0), (False, True)], ids=str)
def test_a_missing_cell_is_no_value(pair: tuple[Any, Any], missing: Any) -> None:
    cells = np.array([pair[1], missing, pair[0], missing, pair[0]], dtype=object)
    assert has_two_values(cells)
    column, known = yes_no_of("answer", cells)
    assert known.tolist() == [True, False, True, False, True]
    assert column.values.tolist() == [1.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["yes", "yes"], "only one value"),
        ([1.0, 1, None], "only one value"),
        (["a", "b", "c"], "3 values"),
        ([0, 1, "yes"], "3 values"),
        ([None, "", np.nan], "0 values"),
        ([], "0 values"),
    ],
)
def test_another_number_of_values_is_said(cells: list[Any], said: str) -> None:
    assert not has_two_values(np.array(cells, dtype=object))
    with pytest.raises(NotTwoError, match=rf"^{said}$"):
        yes_no_of("answer", np.array(cells, dtype=object))


def test_a_third_value_far_down_is_seen() -> None:
    cells = np.array(["yes", "no"] * MOST_LOOKED_AT + ["perhaps"], dtype=object)
    assert not has_two_values(cells)
    assert has_two_values(cells[:-1])


def test_a_second_value_far_down_is_seen() -> None:
    cells = np.append(np.zeros(2 * MOST_LOOKED_AT), 1.0)
    assert has_two_values(cells)
    assert yes_no_of("answer", cells)[0].values.sum() == 1


def test_as_many_values_as_rows_are_counted() -> None:
    with pytest.raises(NotTwoError, match="1,000,000 values"):
        yes_no_of("answer", np.arange(1e6))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["male", "female"], ("female", "male")),
        (["yes", "no"], ("smokes = no", "smokes = yes")),
        ([0, 1], ("smokes = 0", "smokes = 1")),
        (["2", "1"], ("smokes = 1", "smokes = 2")),
        (["yes", "perhaps"], ("smokes = perhaps", "smokes = yes")),
    ],
)
def test_words_that_say_nothing_by_themselves_follow_the_name(cells: Any, said: tuple[str, str]) -> None:
    assert yes_no_of("smokes", cells)[0].said == said


@pytest.mark.parametrize(("cells", "commoner"), [([1, 1, 0], 1.0), ([1, 0, 0], 0.0), ([1, 0], 0.0)])
def test_the_commoner_value(cells: list[int], commoner: float) -> None:
    column, _ = yes_no_of("answer", cells)
    assert column.commoner == commoner
    assert column.at(np.array([0])).commoner == 1.0
    assert column.at(np.empty(0, dtype=int)).commoner == 0.0
