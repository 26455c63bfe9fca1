"""What a file turns out to be, and that a saved session or model opens as it was."""

import json
from dataclasses import replace

import numpy as np
import pytest

import gmm_core
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.strategies import make_mixture
from ui.analysis.fitting import run_of
from ui.data import Data, data_of
from ui.experiment import DRAWN, NO_COLUMN, UPLOADED, Experiment, View
from ui.experiment.address import from_address
from ui.experiment.transitions import choose_data, move_mean
from ui.export.finished import outcome_of
from ui.export.saving import session_of
from ui.export.session_file import read_session, write_session
from ui.uploads import UploadError, read_table
from ui.workspace import Workspace, opening
from ui.workspace.opening import (
    experiment_of_model,
    experiment_of_session,
    experiment_of_table,
    has_columns,
    kind_of,
    open_file,
)

ROWS = "".join(
    f"{i},{a:.3f},{b:.3f},{'xyz'[i % 3]},{i % 4}\n"
    for i, (a, b) in enumerate(np.random.default_rng(1).standard_normal((60, 2)).tolist())
)
CONTENT = f"id,a,b,kind,count\n{ROWS}".encode()
TABLE = read_table("measured.csv", CONTENT)
UPLOAD = replace(experiment_of_table(Experiment(), TABLE), n_components=2)
DRAWING = replace(
    Experiment(DRAWN), n_components=2, added=tuple((float(i % 7), float(i * i % 11)) for i in range(30))
)
LONG_DRAWING = replace(DRAWING, added=tuple((i / 7, (i * i % 11) / 3) for i in range(1500)))

EXPERIMENTS = {
    **{name: choose_data(Experiment(), name) for name in (*GENERATORS, *CLASSICS)},
    "moved": replace(choose_data(Experiment(), "mouse"), turn=30.0, stretch=2.0),
    "drawn": DRAWING,
    "drawn, too long for a link": LONG_DRAWING,
    "drawn on, too long for a link, and turned": replace(
        choose_data(Experiment(), "elongated"),
        added=tuple((i / 200, (i % 13) / 3) for i in range(1001)),
        turn=40.0,
        stretch=3.0,
    ),
    "uploaded": UPLOAD,
    "uploaded, weighted and filtered": replace(
        UPLOAD, weight="count", where=(("a", "<", "1"),), standardise=True
    ),
    "uploaded, turned": replace(UPLOAD, turn=40.0),
    "uploaded, changed by hand": replace(UPLOAD, added=((0.5, 0.5),), removed=(3,)),
    "on a line": replace(choose_data(Experiment(), "elongated"), y=NO_COLUMN, added=((0.5,),)),
    "uploaded, on a line": replace(UPLOAD, y=NO_COLUMN),
    "uploaded, on a line, changed by hand": replace(UPLOAD, y=NO_COLUMN, added=((0.5,),), removed=(3,)),
    "on a line, too long for a link": replace(
        DRAWING, y=NO_COLUMN, added=tuple((i / 7 + i % 3,) for i in range(3000))
    ),
}


def saved(experiment: Experiment) -> tuple[Data, gmm_core.EMRun, str]:
    data = data_of(experiment, TABLE if experiment.data == UPLOADED else None)
    run = run_of(experiment, data)
    outcome = outcome_of(experiment, data, run)
    return data, run, write_session(session_of(experiment, data, run, outcome, {"at": "3"}))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_a_session_opens_with_the_same_points_and_the_same_run(name):
    data, run, text = saved(EXPERIMENTS[name])
    assert kind_of(text.encode()) == "session"
    experiment, table, complaints = experiment_of_session(read_session(text))
    assert complaints == []
    again = data_of(experiment, table)
    np.testing.assert_array_equal(again.points, data.points)
    if data.weights is not None:
        np.testing.assert_array_equal(again.weights, data.weights)
    if data.labels is not None:
        known = [(*data.label_names, None)[label] for label in data.labels]
        assert [(*again.label_names, None)[label] for label in again.labels] == known
    repeated = run_of(experiment, again)
    assert [state.log_likelihood for state in repeated.states] == [s.log_likelihood for s in run.states]
    begun = Workspace(Experiment())
    open_file(begun, "again.json", text.encode(), max_bytes=10**8)
    assert (begun.experiment, begun.opening) == (experiment, View(half_step=3))


def test_only_what_a_link_cannot_carry_needs_a_table():
    tables = {name: experiment_of_session(read_session(saved(e)[2]))[1] for name, e in EXPERIMENTS.items()}
    assert {name for name, table in tables.items() if table is not None} == {
        name for name in EXPERIMENTS if name.startswith("uploaded") or "too long" in name
    }


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"a,b\n1,2\n", "table"),
        (b'{"format": "something else"}', "table"),
        (b'[{"a": 1, "b": 2}]', "table"),
        (b"", "table"),
        (b'\xef\xbb\xbf{"format": "GMM Lab session"', "session"),
        (b'{\n "format": "gmm_core model"', "model"),
        (b'a,b\n"{""format"": ""GMM Lab session""}",2\n', "table"),
    ],
)
def test_a_file_is_known_by_what_it_says_at_its_beginning(content, kind):
    assert kind_of(content) == kind


@pytest.mark.parametrize("name", ["elongated", "old_faithful"])
def test_a_model_opens_on_its_points_and_says_so_on_others(name):
    experiment = replace(choose_data(Experiment(), name), reg_covar=0.01)
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    text = gmm_core.save_model(outcome_of(experiment, data, run).model)
    assert kind_of(text.encode()) == "model"
    model = gmm_core.load_model(text)
    begun, said = experiment_of_model(replace(experiment, n_components=7, family="diag"), data, model)
    assert said == []
    assert (begun.n_components, begun.family, begun.reg_covar) == (
        experiment.n_components,
        experiment.family,
        0.01,
    )
    mixture = begun.mixture()
    assert mixture is not None
    np.testing.assert_allclose(mixture.means, run.mixture.means, rtol=1e-12)
    assert run_of(begun, data).states[0].log_likelihood == pytest.approx(run.log_likelihood, rel=1e-12)
    others = replace(data, points=data.points + 1)
    (sentence,) = experiment_of_model(experiment, others, model)[1]
    assert "other points" in sentence


@pytest.mark.parametrize(("n_components", "n_dimensions"), [(2, 11), (13, 2)])
def test_a_model_that_the_picture_cannot_show_is_turned_away(n_components, n_dimensions):
    points = np.random.default_rng(0).standard_normal((400, n_dimensions))
    mixture = make_mixture(np.random.default_rng(1), n_components, n_dimensions)
    run = gmm_core.run(points, mixture, max_steps=1)
    model = gmm_core.fitted_model(points, run, family="full")
    with pytest.raises(UploadError, match="load_model"):
        experiment_of_model(Experiment(), Data(points[:, :2]), model)


def test_a_table_begins_with_the_columns_that_suit():
    assert (UPLOAD.file, UPLOAD.x, UPLOAD.y, UPLOAD.label) == ("measured.csv", "a", "b", "kind")
    words = read_table("words.csv", b"a,b\nx,y\nz,w\n")
    opened = experiment_of_table(Experiment(), words)
    assert (opened.data, opened.file, opened.x) == (UPLOADED, "words.csv", "")
    assert "no column of numbers" in data_of(opened, words).notice


@pytest.mark.parametrize("name", ["moved", "uploaded, weighted and filtered"])
def test_a_session_of_a_version_that_rounded_otherwise_opens_as_it_was(name):
    experiment = EXPERIMENTS[name]
    data = data_of(experiment, TABLE)
    run = run_of(experiment, data)
    saved = session_of(experiment, data, run, outcome_of(experiment, data, run), {})
    exact = experiment_of_session(saved)
    rounded = experiment_of_session(replace(saved, points=np.nextafter(saved.points, np.inf)))
    assert rounded[0] == exact[0]
    others = experiment_of_session(replace(saved, points=saved.points + 1e-9))
    assert others[0] != exact[0]


def test_a_table_of_more_rows_than_are_comfortable_begins_with_a_sample(monkeypatch):
    monkeypatch.setattr(opening, "COMFORTABLE_ROWS", 50)
    experiment = experiment_of_table(Experiment(), TABLE)
    assert experiment.sample == 50
    data = data_of(experiment, TABLE)
    assert len(data.points) == 50
    assert "random sample of 50 of the 60 rows" in data.dropped[0]


def test_more_points_than_the_picture_takes_are_not_sent(monkeypatch):
    monkeypatch.setattr("ui.data.sources.MOST_SENT", 59)
    data = data_of(replace(UPLOAD, sample=0), TABLE)
    assert len(data.points) == 0
    assert "Rows to use" in data.notice


def test_a_link_waits_for_a_file_with_its_columns():
    assert has_columns(UPLOAD, TABLE)
    assert has_columns(replace(UPLOAD, label="", where=(("kind", "=", "x"),)), TABLE)
    for wrong in ({"x": "kind"}, {"label": "species"}, {"weight": "kind"}, {"where": (("size", ">", "1"),)}):
        assert not has_columns(replace(UPLOAD, **wrong), TABLE)
    waiting, _, _ = from_address({"data": "upload", "file": "measured.csv"})
    assert "“measured.csv”" in data_of(waiting, None).notice


def test_a_moved_mean_travels_along():
    mixture = make_mixture(np.random.default_rng(3), 2, 2)
    experiment = move_mean(UPLOAD, mixture)
    text = saved(experiment)[2]
    assert experiment_of_session(read_session(text))[0].start_mixture == experiment.start_mixture
    assert json.loads(text)["address"]["file"] == "measured.csv"
