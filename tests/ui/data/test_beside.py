"""A yes/no column beside the numbers: what is fitted, what is left out, and what is refused in a sentence."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.experiments import assert_one_sentence, chosen
from ui.data import data_of, numbers_alone, thinned, two_valued_columns
from ui.experiment import DRAWN, UPLOADED, Experiment
from ui.uploads import Table, read_table

N = 60
RNG = np.random.default_rng(2)
IS_YES = RNG.random(N) < 0.6
IS_MISSING = np.arange(N) % 7 == 3
FRAME = pd.DataFrame(
    {
        "a": RNG.normal(size=N).round(3),
        "b": RNG.normal(size=N).round(3),
        "kind": np.where(np.arange(N) % 4 == 0, "u", "v"),
        "count": 1 + np.arange(N) % 5,
        "smokes": np.where(IS_MISSING, "", np.where(IS_YES, "yes", "no")),
        "place": np.array(["north", "south", "west"])[np.arange(N) % 3],
        "one": "same",
    }
)
TABLE = read_table("people.csv", FRAME.to_csv(index=False).encode())
PLAIN = Experiment(UPLOADED, x="a", y="b", n_components=2)
ANSWERED = replace(PLAIN, yes="smokes")
PENGUINS = chosen("penguins", yes="sex")

KNOWN = np.flatnonzero(~IS_MISSING)


def test_rows_without_a_value_are_left_out_and_the_rest_stays_matched() -> None:
    data = data_of(replace(ANSWERED, label="kind", weight="count"), TABLE)
    assert data.yes_no is not None
    assert data.source is not None
    np.testing.assert_array_equal(data.source.rows, KNOWN)
    np.testing.assert_array_equal(data.points, FRAME[["a", "b"]].to_numpy()[KNOWN])
    np.testing.assert_array_equal(data.fitted, np.column_stack([data.points, IS_YES[KNOWN]]))
    np.testing.assert_array_equal(data.weights, FRAME["count"][KNOWN])
    assert data.labels is not None
    assert [data.label_names[label] for label in data.labels] == FRAME["kind"][KNOWN].tolist()
    assert data.yes_no.words == ("no", "yes")
    said = data.dropped[-1]
    assert said == f"{IS_MISSING.sum()} rows have no value in smokes and are left out."


def test_one_row_without_a_value_is_one() -> None:
    table = read_table("few.csv", b"a,b,c\n1,2,x\n3,4,y\n5,7,\n6,6,x\n")
    data = data_of(Experiment(UPLOADED, x="a", y="b", yes="c"), table)
    assert data.dropped[-1] == "1 row has no value in c and is left out."
    assert len(data.points) == 3


def test_of_the_penguins_those_whose_sex_is_known() -> None:
    data, plain = data_of(PENGUINS, None), data_of(replace(PENGUINS, yes=""), None)
    sexes = np.asarray(CLASSICS["penguins"].texts["sex"])
    assert data.source is not None
    assert plain.source is not None
    np.testing.assert_array_equal(data.source.rows, [row for row in plain.source.rows if sexes[row]])
    assert data.yes_no is not None
    np.testing.assert_array_equal(data.yes_no.values, sexes[data.source.rows] == "male")
    assert data.yes_no.said == ("female", "male")
    assert f"{len(plain.points) - len(data.points)} rows have no value in sex" in data.dropped[-1]
    for sentence in data.dropped:
        assert_one_sentence(sentence)


REFUSED: dict[str, tuple[Experiment, str]] = {
    "no such column": (replace(PLAIN, yes="nonsense"), "no column “nonsense”"),
    "three values": (replace(PLAIN, yes="place"), "holds 3 values"),
    "one value": (replace(PLAIN, yes="one"), "holds only one value"),
    "an axis": (replace(PLAIN, yes="a"), "is an axis already"),
    "one value where the filter lets rows pass": (
        replace(ANSWERED, where=(("smokes", "=", "yes"),)),
        "holds only one value",
    ),
    "no such column of a classic": (chosen("penguins", yes="height"), "no column “height”"),
    "an axis of a classic": (chosen("penguins", yes="bill_length_mm"), "is an axis already"),
    "three islands": (chosen("penguins", yes="island"), "holds 3 values"),
    "numbers of a classic": (chosen("penguins", yes="body_mass_g"), "values"),
    "a hidden truth": (replace(PLAIN, label="kind", yes="kind", hide=("truth",)), "no column “kind”"),
    "a hidden cluster": (chosen("blobs", yes="cluster", hide=("truth",)), "no column “cluster”"),
}


@pytest.mark.parametrize(("experiment", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_yes_no_column_is_refused_with_a_cure(experiment: Experiment, said: str) -> None:
    data = data_of(experiment, TABLE)
    assert data.points.shape == (0, 2)
    assert data.yes_no is None
    assert_one_sentence(data.notice)
    assert said in data.notice
    assert "choose a column of two values" in data.notice
    # And the way back is offered.
    offered = two_valued_columns(experiment, data, TABLE)
    assert experiment.yes in offered
    assert set(offered) - {experiment.yes} == set(
        two_valued_columns(replace(experiment, yes=""), data_of(replace(experiment, yes=""), TABLE), TABLE)
    ) - {experiment.yes}


@pytest.mark.parametrize("yes", ["", "nonsense", "smokes"])
def test_a_hidden_truth_is_not_offered(yes: str) -> None:
    experiment = replace(PLAIN, label="kind", yes=yes)
    assert "kind" in two_valued_columns(experiment, data_of(experiment, TABLE), TABLE)
    hidden = replace(experiment, hide=("truth",))
    assert "kind" not in two_valued_columns(hidden, data_of(hidden, TABLE), TABLE)


def test_what_is_offered_has_two_values_and_is_no_axis() -> None:
    assert two_valued_columns(PLAIN, data_of(PLAIN, TABLE), TABLE) == ("kind", "smokes")
    east = replace(PLAIN, where=(("place", "!=", "west"),))
    assert two_valued_columns(east, data_of(east, TABLE), TABLE) == ("kind", "smokes", "place")


@pytest.mark.parametrize("data", [*GENERATORS, DRAWN])
def test_without_a_further_column_nothing_is_offered_but_a_truth_of_two(data: str) -> None:
    experiment = chosen(data)
    shown = data_of(experiment, None)
    offered = two_valued_columns(experiment, shown, None)
    assert set(offered) <= {"cluster", GENERATORS[data].yes if data in GENERATORS else ""}
    assert ("cluster" in offered) == (len(shown.label_names) == 2)


def test_a_known_truth_may_have_a_say() -> None:
    data = data_of(chosen("moons", yes="cluster"), None)
    assert data.yes_no is not None
    assert data.labels is not None
    said = [data.yes_no.words[int(value)] for value in data.yes_no.values]
    assert said == [data.label_names[label] for label in data.labels]


def test_the_answers_whose_truth_is_hidden_tell_nothing_else() -> None:
    shown, hidden = (data_of(chosen("answers", hide=hide), None) for hide in ((), ("truth",)))
    np.testing.assert_array_equal(hidden.fitted, shown.fitted)
    assert (hidden.labels, hidden.label_names, hidden.truth_is_gaussian) == (None, (), False)
    assert hidden.source is not None
    assert list(hidden.source.columns) == ["x", "y", "answer"]
    assert not {*shown.label_names, shown.title} & {hidden.title, *hidden.columns}


BOTH = pytest.mark.parametrize(
    "experiment", [ANSWERED, PENGUINS, chosen("answers")], ids=["upload", "penguins", "answers"]
)


@BOTH
@pytest.mark.parametrize(
    "changes", [{"turn": 40.0}, {"stretch": 3.0}, {"standardise": True}, {"turn": 9.0, "standardise": True}]
)
def test_the_values_stay_whatever_is_done_to_the_places(
    experiment: Experiment, changes: dict[str, Any]
) -> None:
    plain, moved = data_of(experiment, TABLE), data_of(replace(experiment, **changes), TABLE)
    assert plain.yes_no is not None
    assert moved.yes_no is not None
    np.testing.assert_array_equal(moved.yes_no.values, plain.yes_no.values)
    np.testing.assert_allclose(moved.own_points, plain.points, rtol=1e-12)


@BOTH
def test_points_put_in_by_hand_have_the_commoner_value_in_the_table_as_well(experiment: Experiment) -> None:
    plain = data_of(experiment, TABLE)
    data = data_of(replace(experiment, added=((0.5, 1.0), (2.0, 3.0)), removed=(0, 4)), TABLE)
    assert plain.yes_no is not None
    assert data.yes_no is not None
    assert data.source is not None
    kept = np.delete(np.arange(len(plain.points)), [0, 4])
    expected = [*plain.yes_no.values[kept], plain.yes_no.commoner, plain.yes_no.commoner]
    np.testing.assert_array_equal(data.yes_no.values, expected)
    np.testing.assert_array_equal(data.fitted[-2:, :2], [[0.5, 1.0], [2.0, 3.0]])
    cells = np.asarray(data.source.columns[experiment.yes])[data.source.rows]
    said = [data.yes_no.words[int(value)] for value in data.yes_no.values]
    assert cells.tolist() == said


@pytest.mark.parametrize("removed", [(0,), tuple(range(30)), tuple(np.flatnonzero(IS_YES[KNOWN]).tolist())])
def test_taken_out_points_leave_the_others_their_values(removed: tuple[int, ...]) -> None:
    plain, data = data_of(ANSWERED, TABLE), data_of(replace(ANSWERED, removed=removed), TABLE)
    np.testing.assert_array_equal(data.fitted, np.delete(plain.fitted, removed, axis=0))


def test_the_points_a_start_is_drawn_among_have_values() -> None:
    data = data_of(replace(ANSWERED, added=((0.5, 1.0),), removed=(2,), start_among=(0, 0)), TABLE)
    assert data.start_among is not None
    np.testing.assert_array_equal(data.start_among.fitted, data_of(ANSWERED, TABLE).fitted)


def test_a_filter_and_a_sample_come_first() -> None:
    data = data_of(replace(ANSWERED, where=(("place", "=", "west"),)), TABLE)
    assert data.yes_no is not None
    rows = [row for row in KNOWN if FRAME["place"][row] == "west"]
    np.testing.assert_array_equal(data.yes_no.values, IS_YES[rows])
    sampled = data_of(replace(ANSWERED, sample=30), TABLE)
    assert sampled.yes_no is not None
    whole = {tuple(row) for row in data_of(ANSWERED, TABLE).fitted.tolist()}
    assert {tuple(row) for row in sampled.fitted.tolist()} <= whole


def test_two_pictures_side_by_side_have_no_such_column_and_say_so() -> None:
    data = numbers_alone(thinned(data_of(ANSWERED, TABLE)))
    assert (data.yes_no, data.n_binary, data.fitted.shape[1]) == (None, 0, 2)
    assert_one_sentence(data.dropped[-1])
    assert "yes/no column" in data.dropped[-1]
    plain = data_of(PLAIN, TABLE)
    assert numbers_alone(plain) is plain


CELLS: dict[str, tuple[Any, tuple[str, str]]] = {
    "texts": (np.where(IS_YES, "yes", "no"), ("no", "yes")),
    "whole numbers": (IS_YES.astype(int), ("0", "1")),
    "decimal numbers": (IS_YES.astype(float), ("0", "1")),
    "bools": (IS_YES, ("False", "True")),
    "missing ones": (pd.array(np.where(IS_MISSING, None, IS_YES), dtype="boolean"), ("False", "True")),
    "categories": (pd.Categorical(np.where(IS_YES, "m", "f")), ("f", "m")),
}
WRITTEN = {
    "csv": lambda frame, to: to.write(frame.to_csv(index=False).encode()),
    "parquet": lambda frame, to: frame.to_parquet(to),
    "xlsx": lambda frame, to: frame.to_excel(to, index=False),
}


def uploaded(cells: Any, suffix: str) -> Table:
    buffer = io.BytesIO()
    WRITTEN[suffix](FRAME[["a", "b"]].assign(answer=cells), buffer)
    return read_table(f"people.{suffix}", buffer.getvalue())


@pytest.mark.parametrize("suffix", WRITTEN)
@pytest.mark.parametrize(("cells", "words"), CELLS.values(), ids=CELLS)
def test_every_kind_of_file_brings_its_answers(cells: Any, words: tuple[str, str], suffix: str) -> None:
    table, known = uploaded(cells, suffix), ~pd.isna(cells)
    data = data_of(replace(PLAIN, yes="answer"), table)
    assert data.yes_no is not None
    assert data.yes_no.words == words
    np.testing.assert_array_equal(data.fitted, np.column_stack([FRAME[["a", "b"]], IS_YES])[known])
    assert two_valued_columns(PLAIN, data_of(PLAIN, table), table) == ("answer",)
