"""Files to take home say what the fit says, for every kind of data, and refuse in a sentence."""

import ast
import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gmm_core
from gmm_core import FAMILIES
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.ui.stage.test_codec import scene_of
from ui.analysis.fitting import run_of
from ui.data import Data, data_of
from ui.experiment import UPLOADED, Experiment
from ui.experiment.transitions import choose_data
from ui.export.finished import Finished
from ui.export.results import EXPORTS, MOST_IN_PAGE, Export, Result, results
from ui.stage.codec import encode
from ui.uploads import read_table
from ui.workspace.opening import experiment_of_table

CONTENT = b"name,a,b,kind\n" + b"".join(
    b"=r%d,%d,%s,%s\n" % (i, i % 9, b"?" if i % 10 == 3 else b"%d.5" % (i * i % 13), b"uv"[i % 2 : i % 2 + 1])
    for i in range(40)
)
TABLE = read_table("measured.csv", CONTENT)
LINK = "http://localhost/?k=2"


def message_of(data: Data) -> bytes:
    return encode(scene_of(Experiment(), run=None, points=data.points))


def made(experiment: Experiment):
    data = data_of(experiment, TABLE if experiment.data == UPLOADED else None)
    run = run_of(experiment, data)
    found = results(experiment, data, run, message=lambda: message_of(data), link=LINK, seen={})
    return data, run, {result.title: result for result in found}


def content(result: Result) -> str | bytes:
    assert result.make is not None
    return result.make()


@pytest.mark.parametrize("name", [*GENERATORS, *CLASSICS])
def test_every_file_can_be_made_of_every_kind_of_data(name):
    data, run, files = made(replace(choose_data(Experiment(), name), n_points=60))
    for result in files.values():
        # scikit-learn has nothing for a yes/no column, and says so.
        declined = data.yes_no is not None and "scikit" in result.title
        assert (result.make is None) == declined
        assert declined or len(content(result)) > 0
        assert result.sentence.endswith(".")
        assert result.file_name.isascii()
    table = pd.read_parquet(io.BytesIO(content(files["Table, Parquet"])))
    assert len(table) >= len(data.points)
    assert table["component"].notna().sum() == len(data.points)
    assert gmm_core.load_model(content(files["Model, JSON"])).log_likelihood == run.log_likelihood
    assert len({result.file_name for result in files.values()}) == len(files)


def test_the_table_has_the_rows_that_came_and_blanks_where_none_was_used():
    experiment = replace(experiment_of_table(Experiment(), TABLE), n_components=2, x="a", y="b")
    data, run, files = made(experiment)
    rows = list(csv.DictReader(io.StringIO(content(files["Table, CSV"]).decode())))
    assert len(rows) == 40
    assert [row["name"] for row in rows] == [f"'=r{i}" for i in range(40)]
    assert [row["kind"] for row in rows] == ["uv"[i % 2] for i in range(40)]
    unused = [i for i in range(40) if i % 10 == 3]
    assert [i for i, row in enumerate(rows) if row["component"] == ""] == unused
    shares = gmm_core.responsibilities(data.points, run.mixture)
    used = [row for row in rows if row["component"]]
    for k in range(2):
        found = [float(row[f"responsibility {k + 1}"]) for row in used]
        np.testing.assert_array_equal(found, shares[:, k])
    assert [int(row["component"]) for row in used] == (shares.argmax(axis=1) + 1).tolist()


def test_points_put_in_and_taken_out_by_hand_have_rows():
    experiment = replace(
        experiment_of_table(Experiment(), TABLE),
        n_components=2,
        x="a",
        y="b",
        added=((1.0, 2.0),),
        removed=(0,),
    )
    data, _, files = made(experiment)
    table = pd.read_parquet(io.BytesIO(content(files["Table, Parquet"])))
    assert len(table) == 41
    assert table["component"].notna().sum() == len(data.points)
    assert np.isnan(table["component"][0])
    assert float(table["a"].iloc[-1]) == 1.0
    assert float(table["b"].iloc[-1]) == 2.0


@pytest.mark.parametrize("family", FAMILIES)
def test_code_is_python_and_scikit_learn_says_which_families_it_has(family):
    experiment = replace(choose_data(Experiment(), "elongated"), family=family, n_points=80)
    _, _, files = made(experiment)
    ast.parse(content(files["Python, gmm_core"]))
    scikit_learn = files["Python, scikit-learn"]
    if FAMILIES[family].letters in ("VVV", "EEE", "VVI", "VII"):
        ast.parse(content(scikit_learn))
    else:
        assert scikit_learn.make is None
        assert "scikit-learn" in scikit_learn.sentence


def test_what_is_too_large_says_so():
    experiment = replace(choose_data(Experiment(), "elongated"), n_points=MOST_IN_PAGE + 1, tolerance=1.0)
    _, _, files = made(experiment)
    for title in ("Page that plays", "Session"):
        assert files[title].make is None
        assert f"{MOST_IN_PAGE + 1:,}" in files[title].sentence


def test_the_report_and_the_page_carry_the_title_as_text():
    table = read_table("<img src=x onerror=alert(1)>.csv", CONTENT)
    experiment = replace(experiment_of_table(Experiment(), table), n_components=2, x="a", y="b")
    data = data_of(experiment, table)
    run = run_of(experiment, data)
    found = results(experiment, data, run, message=lambda: message_of(data), link=LINK, seen={})
    for result in found:
        if result.mime == "text/html":
            text = content(result)
            assert "<img src=x" not in text
            assert "&lt;img src=x" in text


@pytest.mark.parametrize("name", [*GENERATORS, *CLASSICS, UPLOADED])
def test_a_hidden_truth_is_in_no_file(name):
    chosen = replace(choose_data(Experiment(), name), hide=("truth",))
    if name == UPLOADED:
        chosen = replace(experiment_of_table(chosen, TABLE), n_components=2, x="a", y="b")
        assert chosen.label == "kind"
    chosen = replace(chosen, n_points=60)
    shown = data_of(replace(chosen, hide=()), TABLE)
    _, _, files = made(chosen)
    table = pd.read_parquet(io.BytesIO(content(files["Table, Parquet"])))
    seen = {str(value) for column in table for value in table[column]}
    assert not seen & set(shown.label_names)
    session = content(files["Session"])
    assert not any(f'"{label}"' in session for label in shown.label_names)


@pytest.mark.parametrize("changes", [{"turn": 90.0}, {"standardise": True}])
def test_points_put_in_by_hand_have_no_numbers_that_the_columns_never_had(changes):
    chosen = replace(choose_data(Experiment(), "old_faithful"), added=((0.5, 1.0),), **changes)
    _, _, files = made(chosen)
    table = pd.read_parquet(io.BytesIO(content(files["Table, Parquet"])))
    assert table[["eruptions", "waiting"]].iloc[-1].isna().all()
    assert table["component"].iloc[-1] > 0


def test_a_row_more_is_a_file_more(monkeypatch):
    def is_large(fit: Finished) -> str:
        return "" if len(fit.data.points) < 70 else "Too many for this; take fewer."

    row = Export("Toy", "{}-toy.txt", "text/plain", lambda fit: fit.name, lambda fit: fit.link, is_large)
    monkeypatch.setattr("ui.export.results.EXPORTS", (*EXPORTS, row))
    _, _, files = made(replace(choose_data(Experiment(), "elongated"), n_points=60))
    assert len(files) == len(EXPORTS) + 1
    assert files["Toy"].file_name == f"{files['Toy'].sentence}-toy.txt"
    assert content(files["Toy"]) == LINK
    _, _, files = made(replace(choose_data(Experiment(), "elongated"), n_points=80))
    assert (files["Toy"].make, files["Toy"].sentence) == (None, "Too many for this; take fewer.")


def test_nothing_is_made_before_it_is_asked_for():
    data = data_of(Experiment(n_points=60), None)

    def message() -> bytes:
        raise AssertionError("nobody asked for the page")

    results(Experiment(n_points=60), data, run_of(Experiment(), data), message=message, link=LINK, seen={})
