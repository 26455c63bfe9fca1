"""A session file brings back what was saved, to the last digit, and takes nothing broken for a session."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gmm_core
from tests.json_mutations import mutations
from tests.strategies import QUICK
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import NO_COLUMN, Experiment
from ui.experiment.address import from_address, to_address
from ui.experiment.transitions import add_points
from ui.export.session_file import MOST_POINTS, SessionFile, SessionFileError, read_session, write_session

DIMENSIONS = (1, 2)


def one_session(n_points: int = 30, n_dimensions: int = 2) -> SessionFile:
    experiment = Experiment(n_points=n_points, n_components=2, y=NO_COLUMN if n_dimensions == 1 else "")
    places = [(0.1, 0.2)[:n_dimensions], (1 / 3, -2e-9)[:n_dimensions]]
    experiment = add_points(experiment, places, None)
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    return SessionFile(
        address=to_address(experiment),
        points=data.points,
        columns=("größe\n“,", "y")[:n_dimensions],
        title="</script>",
        labels=data.labels,
        label_names=data.label_names,
        weights=np.linspace(0, 1, len(data.points)),
        model=gmm_core.fitted_model(data.points, run, family="full"),
        remarks=("2 rows are not used.",),
    )


def assert_same(read: SessionFile, session: SessionFile) -> None:
    """Bit for bit."""
    np.testing.assert_array_equal(read.points, session.points)
    for name in ("labels", "weights"):
        mine, theirs = getattr(read, name), getattr(session, name)
        assert (mine is None) == (theirs is None)
        np.testing.assert_array_equal(mine, theirs)
    for name in ("columns", "title", "label_names", "remarks"):
        assert getattr(read, name) == getattr(session, name)
    assert dict(read.address) == dict(session.address)
    assert (read.model is None) == (session.model is None)
    if read.model and session.model:
        assert gmm_core.save_model(read.model) == gmm_core.save_model(session.model)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_a_session_comes_back(n_dimensions: int) -> None:
    session = one_session(n_dimensions=n_dimensions)
    assert session.points.shape == (32, n_dimensions)
    text = write_session(session)
    read = read_session(text)
    assert_same(read, session)
    assert write_session(read) == text
    experiment, _, complaints = from_address(read.address)
    assert complaints == []
    assert to_address(experiment) == dict(session.address)


@pytest.mark.parametrize("absent", ["labels", "weights", "model"])
def test_what_there_was_none_of_is_none(absent: str) -> None:
    session = replace(one_session(), **{absent: None})
    assert_same(read_session(write_session(session)), session)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_a_session_without_points_comes_back(n_dimensions: int) -> None:
    session = SessionFile({"data": "draw"}, np.empty((0, n_dimensions)), ("x", "y")[:n_dimensions])
    read = read_session(write_session(session))
    assert_same(read, session)
    assert read.points.shape == (0, n_dimensions)


finite = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e140, max_value=1e140)


@QUICK
@given(
    st.lists(st.tuples(finite, finite), max_size=8),
    st.text(),
    st.dictionaries(st.text(), st.text(), max_size=3),
)
def test_any_points_and_texts_come_back(
    places: list[tuple[float, float]], text: str, address: dict[str, str]
) -> None:
    session = SessionFile(address, np.array(places).reshape(-1, 2), (text, "y"), text)
    assert_same(read_session(write_session(session)), session)


def test_the_stated_size_is_the_limit() -> None:
    points = np.random.default_rng(0).normal(size=(MOST_POINTS + 1, 2))
    text = write_session(SessionFile({}, points[:-1]))
    assert len(read_session(text).points) == MOST_POINTS
    assert len(text) < 1.2e6
    with pytest.raises(SessionFileError, match=r"up to 20,000 points and these are 20,001; .*\.$"):
        write_session(SessionFile({}, points))
    values = json.loads(text)
    values["points"].append([0.0, 0.0])
    with pytest.raises(SessionFileError, match=r"this one 20,001; .*\.$"):
        read_session(json.dumps(values))
    with pytest.raises(SessionFileError, match="letters"):
        read_session(" " * 10_000_001)


def test_broken_texts_are_refused_in_a_sentence_or_read_as_sessions() -> None:
    refused = 0
    for text in mutations(write_session(one_session(8)), np.random.default_rng(0), n_random=200):
        try:
            session = read_session(text)
        except SessionFileError as error:
            refused += 1
            sentence = str(error)
            assert sentence.endswith(".")
            assert ";" in sentence
            assert len(sentence.splitlines()) == 1
            assert len(sentence) < 450
        else:
            assert np.isfinite(session.points).all()
            assert session.points.shape[1] == len(session.columns) in (1, 2)
            assert_same(read_session(write_session(session)), session)
    assert refused > 1000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "gmm_core model"}, "not a session file"),
        ({"format_version": 7}, "version 7"),
        ({"points": [[1.0, 2.0, 3.0]]}, "pairs of numbers"),
        ({"points": [[1.0, None]]}, "finite numbers in lists"),
        ({"points": [[1e200, 0.0]] * 10}, "squared"),
        ({"points": [[1.0, 2.0]] * 10}, "other points"),
        ({"labels": [0]}, "whole numbers"),
        ({"labels": [0.5] * 10}, "whole numbers"),
        ({"labels": [9] * 10}, "whole numbers"),
        ({"weights": [0.0] * 10}, "not all 0"),
        ({"weights": [-1.0] * 10}, "0 or more"),
        ({"columns": []}, "1 to 10 texts"),
        ({"columns": ["x", "y", "z"]}, "lists of 3 numbers"),
        ({"columns": ["x"]}, "lists of one number"),
        ({"address": {"k": 3}}, "texts with a name each"),
        ({"model": {"format": "gmm_core model"}}, "In the session file, the model"),
        ({"remarks": [1]}, "list of texts"),
    ],
)
def test_the_sentence_says_what_is_wrong(change: dict[str, object], words: str) -> None:
    values = json.loads(write_session(one_session(8)))
    assert len(values["points"]) == 10
    with pytest.raises(SessionFileError, match=words):
        read_session(json.dumps(values | change))


@pytest.mark.parametrize(
    "session",
    [
        SessionFile({}, np.array([[np.nan, 0.0]])),
        SessionFile({}, np.zeros((2, 3))),
        SessionFile({}, np.zeros((2, 2)), labels=np.zeros(1)),
        SessionFile({}, np.zeros((2, 2)), weights=np.array([1.0, np.inf])),
    ],
)
def test_what_could_not_be_read_again_is_not_saved(session: SessionFile) -> None:
    with pytest.raises(SessionFileError):
        write_session(session)
