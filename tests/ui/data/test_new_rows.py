"""Rows of another table become the very points that they would have been in the first one."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ui.data import Data, data_of
from ui.data.new_rows import NewRows, new_rows
from ui.experiment import NO_COLUMN, UPLOADED, Experiment
from ui.experiment.transitions import choose_data
from ui.uploads import Table, UploadError, read_table

RNG = np.random.default_rng(4)
NUMBERS = pd.DataFrame(
    {
        "height": RNG.normal(170, 9, 60).round(2),
        "weight": RNG.lognormal(4, 0.4, 60).round(3),
        "age": RNG.integers(18, 80, 60),
        "smokes": np.where(RNG.uniform(size=60) < 0.4, "yes", "no"),
    }
)


def table(frame: pd.DataFrame, name: str = "people.csv") -> Table:
    return read_table(name, frame.to_csv(index=False).encode())


def uploaded(**choices: Any) -> Experiment:
    return replace(choose_data(Experiment(), UPLOADED), **{"x": "height", "y": "weight", **choices})


CHOICES = {
    "plain": {},
    "logarithm": {"log_y": True},
    "standardised": {"standardise": True},
    "standardised logarithm": {"standardise": True, "log_y": True},
    "turned": {"turn": 30.0, "stretch": 2.5},
    "everything": {"standardise": True, "log_y": True, "turn": -70.0, "stretch": 0.3, "yes": "smokes"},
    "yes or no": {"yes": "smokes"},
    "three columns": {"more": ("age",), "standardise": True},
    "a line": {"y": NO_COLUMN, "log_x": True},
}


@pytest.mark.parametrize("choices", CHOICES.values(), ids=CHOICES)
def test_the_same_rows_are_the_same_points_in_whatever_order_the_columns_stand(choices: Any) -> None:
    data = data_of(uploaded(**choices), table(NUMBERS))
    turned = NUMBERS[["smokes", "age", "weight", "height"]].iloc[::-1]
    new = new_rows(data, table(turned.assign(note="more"), "others.csv"))
    assert new.n_left_out == 0
    np.testing.assert_allclose(new.points[::-1], data.fitted, rtol=1e-12, atol=1e-12)
    # One row alone, which could be neither standardised nor coded by itself.
    one = new_rows(data, table(NUMBERS.iloc[[7]]))
    np.testing.assert_allclose(one.points, data.fitted[[7]], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("blobs", ("x", "y")),
        ("penguins", ("bill_length_mm", "bill_depth_mm")),
        ("penguins", ("Bill length (mm)", "Bill depth (mm)")),
        ("old_faithful", ("Eruptions", "waiting")),
    ],
)
@pytest.mark.parametrize("standardise", [False, True])
def test_generated_points_and_classics_are_known_by_their_columns(
    name: str, columns: tuple[str, str], standardise: bool
) -> None:
    data = data_of(replace(choose_data(Experiment(), name), standardise=standardise), None)
    frame = pd.DataFrame(dict(zip(columns, data.own_points.T, strict=True)))
    new = new_rows(data, table(frame))
    np.testing.assert_allclose(new.points, data.fitted, rtol=1e-12, atol=1e-12)
    assert len(new.remarks) == (1 if "Eruptions" in columns else 0)


def why_not(data: Data, text: str) -> list[str]:
    new: NewRows = new_rows(data, read_table("new.csv", text.encode()))
    assert np.array_equal(np.flatnonzero(new.why_not == ""), new.rows)
    assert len(new.points) == len(new.rows)
    assert np.isfinite(new.points).all()
    return new.why_not.tolist()


def test_rows_that_cannot_be_scored_say_why() -> None:
    data = data_of(uploaded(log_y=True, yes="smokes"), table(NUMBERS))
    text = "height,weight,smokes\n170,60,yes\n,60,yes\n170,often,no\n170,-3,no\n170,60,\n170,60,maybe\n"
    text += "1e200,60,no\n171,61,no\n"
    assert why_not(data, text) == [
        "",
        "height is missing",
        "weight is not a number",
        "weight is not positive and so has no logarithm",
        "smokes is missing",
        "smokes is neither no nor yes",
        "a value is too large",
        "",
    ]


def test_a_column_without_any_number_leaves_no_row_but_no_error() -> None:
    data = data_of(uploaded(), table(NUMBERS))
    assert why_not(data, "height,weight,k\ntall,3,1\nsmall,4,2\n") == ["height is not a number"] * 2


def test_missing_columns_are_named_in_one_sentence() -> None:
    data = data_of(uploaded(yes="smokes"), table(NUMBERS))
    with pytest.raises(UploadError) as refused:
        new_rows(data, table(NUMBERS[["height", "age"]], "short.csv"))
    said = str(refused.value)
    assert said.startswith("“short.csv” has no columns “weight” and “smokes”, and the model needs “height”, ")
    assert said.endswith("there are “height” and “age”.")
    assert ". " not in said


def test_yes_and_no_keep_their_codes_when_only_one_of_them_is_there() -> None:
    data = data_of(uploaded(yes="smokes"), table(NUMBERS))
    assert data.yes_no is not None
    for word, code in zip(data.yes_no.words, (0.0, 1.0), strict=True):
        assert data.yes_no.coded(np.array([word, f" {word} "], dtype=object)).tolist() == [code, code]
    assert np.isnan(data.yes_no.coded(np.array([""], dtype=object))).all()
