"""A session brings back every column of the file it was made with, within bounds."""

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.json_mutations import mutations
from tests.ui.export.test_results import message_of
from ui.analysis.fitting import run_of
from ui.data import Data, data_of
from ui.experiment import UPLOADED, Experiment
from ui.export import saving
from ui.export.finished import outcome_of
from ui.export.results import results
from ui.export.saving import COLUMNS_USED, ROWS_USED, session_of
from ui.export.session_file import SessionFile, SessionFileError, read_session, write_session
from ui.uploads import Table, UploadError, read_table
from ui.workspace.opening import experiment_of_session

RNG = np.random.default_rng(8)
RECORDS = [
    {
        "id": f"{i:05d}",
        "a": round(float(x), 4),
        "year": 2007 + i % 3,
        "b": round(float(y), 4),
        "species": ["None", "Größe", "=x"][i % 3],
        "count": 1 + i % 4,
        "big": 9007199254740993 + i,
    }
    for i, (x, y) in enumerate(np.exp(RNG.normal(0, 1, (80, 2)) + 2 * RNG.integers(0, 2, (80, 1))))
]


def file(form: str) -> Table:
    frame, stream = pd.DataFrame(RECORDS), io.BytesIO()
    match form:
        case "csv":
            text = frame.to_csv(index=False).replace("00003,", "00003,?").replace("00005,", "00005,NA\x00")
            return read_table("birds.csv", text.replace("NA\x00", "").encode())
        case "german":
            return read_table("birds.csv", frame.to_csv(index=False, sep=";", decimal=",").encode("cp1252"))
        case "json":
            return read_table("birds.json", json.dumps(RECORDS).encode())
        case "parquet":
            frame.astype({"b": np.float32}).to_parquet(stream)
            return read_table("birds.parquet", stream.getvalue())
        case _:
            frame.to_excel(stream, index=False)
            return read_table("birds.xlsx", stream.getvalue())


PLAIN = Experiment(UPLOADED, file="birds", x="a", y="b", label="species", n_components=2)
EXPERIMENTS = {
    "plain": PLAIN,
    "weighted": replace(PLAIN, weight="count"),
    "filtered": replace(PLAIN, where=(("year", "<", "2009"), ("a", ">", "0.5"))),
    "a sample": replace(PLAIN, sample=50),
    "logged and standardised": replace(PLAIN, log_x=True, log_y=True, standardise=True, weight="count"),
    "turned": replace(PLAIN, turn=40.0, stretch=2.0),
    "changed by hand": replace(PLAIN, added=((0.5, 0.5), (2.0, 1.0)), removed=(3, 7), turn=10.0),
}


def saved(experiment: Experiment, table: Table) -> tuple[Data, Any, SessionFile]:
    data = data_of(experiment, table)
    run = run_of(experiment, data)
    return data, run, session_of(experiment, data, run, outcome_of(experiment, data, run), {"at": "2"})


def opened(session: SessionFile) -> tuple[Experiment, Table]:
    experiment, table, complaints = experiment_of_session(read_session(write_session(session)))
    assert complaints == []
    assert table is not None
    return experiment, table


def taken_home(experiment: Experiment, data: Data, run: Any) -> bytes:
    files = results(experiment, data, run, message=lambda: message_of(data), link="", seen={})
    made = files[0].make
    assert made is not None
    content = made()
    assert isinstance(content, bytes)
    return content


@pytest.mark.slow
@pytest.mark.parametrize("name", EXPERIMENTS)
@pytest.mark.parametrize("form", ["csv", "german", "json", "parquet", "xlsx"])
def test_everything_comes_back(name: str, form: str) -> None:
    experiment, table = EXPERIMENTS[name], file(form)
    data, run, session = saved(experiment, table)
    again, whole = opened(session)
    assert again == replace(experiment, file=table.name, sample=0)
    assert whole.names == table.names
    back = data_of(again, whole)
    np.testing.assert_array_equal(back.points, data.points)
    for mine, theirs in ((back.labels, data.labels), (back.weights, data.weights)):
        np.testing.assert_array_equal(mine, theirs)
    assert (back.label_names, back.dropped) == (data.label_names, data.dropped)
    repeated = run_of(again, back)
    assert [s.log_likelihood for s in repeated.states] == [s.log_likelihood for s in run.states]
    assert taken_home(again, back, repeated) == taken_home(experiment, data, run)
    # And once more, from what was opened.
    third, table_of_third = opened(saved(again, whole)[2])
    assert third == again
    assert taken_home(third, data_of(third, table_of_third), run) == taken_home(experiment, data, run)


def test_a_hidden_truth_stays_at_home_and_all_else_comes_back() -> None:
    table = file("csv")
    data, _, session = saved(replace(PLAIN, hide=("truth",)), table)
    again, whole = opened(session)
    assert whole.names == tuple(name for name in table.names if name != "species")
    np.testing.assert_array_equal(data_of(again, whole).points, data.points)
    filtered = replace(PLAIN, hide=("truth",), where=(("species", "=", "=x"),))
    data, _, session = saved(filtered, table)
    again, whole = opened(session)
    assert "species" not in whole.names
    np.testing.assert_array_equal(data_of(again, whole).points, data.points)


def test_of_a_large_file_the_rows_used_are_kept_and_then_the_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    table = file("csv")
    experiment = replace(EXPERIMENTS["filtered"], turn=20.0, removed=(1,))
    monkeypatch.setattr(saving, "MOST_OF_A_TABLE", 6_000)
    data, run, session = saved(experiment, table)
    again, whole = opened(session)
    assert again.where == ()
    assert whole.names == table.names
    assert whole.n_rows == len(data.points) + 1
    back = data_of(again, whole)
    np.testing.assert_array_equal(back.points, data.points)
    assert ROWS_USED in back.dropped
    monkeypatch.setattr(saving, "MOST_OF_A_TABLE", 2_000)
    data, run, session = saved(experiment, table)
    again, whole = opened(session)
    back = data_of(again, whole)
    assert whole.names == (*data.columns, "species")
    assert again.label == "species"
    np.testing.assert_array_equal(back.points, data.points)
    assert COLUMNS_USED in back.dropped
    assert run_of(again, back).log_likelihood == run.log_likelihood


def test_older_sessions_open() -> None:
    data, _, session = saved(PLAIN, file("csv"))
    values = json.loads(write_session(session))
    del values["table"], values["label_name"]
    again, whole, _ = experiment_of_session(read_session(json.dumps(values)))
    assert whole is not None
    assert (again.label, whole.names) == ("label", ("a", "b", "label"))
    np.testing.assert_array_equal(data_of(again, whole).points, data.points)


def test_a_table_that_leads_elsewhere_gives_way_to_the_points() -> None:
    data, _, session = saved(PLAIN, file("csv"))
    values = json.loads(write_session(session))
    values["table"]["columns"][1]["cells"][0] = "77.5"
    again, whole, _ = experiment_of_session(read_session(json.dumps(values)))
    assert whole is not None
    np.testing.assert_array_equal(data_of(again, whole).points, data.points)


def test_broken_tables_are_refused_in_a_sentence_or_open() -> None:
    session = saved(replace(PLAIN, n_components=1), file("csv"))[2]
    assert session.table is not None
    columns = tuple(
        replace(column, cells=column.cells[:4], parse_errors=column.parse_errors[:1], read=None)
        for column in session.table.columns[1:5]
    )
    short = replace(session, table=replace(session.table, columns=columns, lines=session.table.lines[:4]))
    text = write_session(replace(short, points=short.points[:3], labels=None, model=None))
    refused: list[str] = []
    for broken in mutations(text, np.random.default_rng(0), n_random=100):
        try:
            experiment_of_session(read_session(broken))
        except (SessionFileError, UploadError) as error:
            refused.append(str(error))
    assert len(refused) > 100
    assert all(sentence.endswith(".") and len(sentence.splitlines()) == 1 for sentence in refused)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"columns": []}, "one column or more"),
        ({"lines": [2, 1]}, "increasing numbers"),
        ({"lines": [3, 2, 1]}, "increasing numbers"),
        ({"skipped": -1}, "whole number"),
        ({"place": 3}, "text"),
    ],
)
def test_the_sentence_says_what_is_wrong(change: dict[str, Any], words: str) -> None:
    values = json.loads(write_session(saved(PLAIN, file("csv"))[2]))
    values["table"] |= change
    with pytest.raises(SessionFileError, match=words):
        read_session(json.dumps(values))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cells": [1], "faults": []}, "of one length"),
        ({"cells": [[1]]}, "texts, numbers and truth values"),
        ({"kind": "day"}, "number or text"),
        ({"read": ["x"]}, "values that are a number"),
        ({"faults": [[0, 1, True]]}, "rows, texts and truth values"),
        ({"faults": [[99, "x", True]]}, "increasing rows"),
    ],
)
def test_the_sentence_says_what_is_wrong_in_a_column(change: dict[str, Any], words: str) -> None:
    values = json.loads(write_session(saved(PLAIN, file("csv"))[2]))
    values["table"]["columns"][1] |= change
    with pytest.raises(SessionFileError, match=words):
        read_session(json.dumps(values))


def test_half_letters_become_whole_ones() -> None:
    values = json.loads(write_session(saved(PLAIN, file("csv"))[2]))
    values["table"]["columns"][4] |= {"cells": ["\ud800", *["a"] * 79], "read": None}
    _, whole, _ = experiment_of_session(read_session(json.dumps(values)))
    assert whole is not None
    assert whole.text_columns["species"][0] == "?"
