"""A session and a model of a fit with a yes/no column open as they were, and forged ones are refused."""

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import gmm_core
from tests.ui.data.test_beside import ANSWERED, TABLE
from tests.ui.export.test_yes_no import ANSWERS, KINDS, UPLOAD, desk, every_kind, files_of, taken
from ui.data import data_of
from ui.experiment import Experiment, View
from ui.experiment.address import fits_address, from_address
from ui.export import saving
from ui.export.session_file import SessionFileError, read_session, write_session
from ui.uploads import UploadError
from ui.workspace import LAB, Workspace, result_of
from ui.workspace.opening import open_file

SESSIONS: dict[str, Experiment] = {
    **KINDS,
    **{f"{name}, turned": replace(of, turn=30.0, standardise=True) for name, of in KINDS.items()},
    **{f"{name}, changed": replace(of, added=((0.5, 1.0),), removed=(2,)) for name, of in KINDS.items()},
    "labelled and filtered": replace(ANSWERED, label="kind", where=(("place", "!=", "west"),)),
    "labelled by the column itself": replace(ANSWERED, label="smokes"),
    "of a variational mixture, with noise": replace(UPLOAD, algorithm="variational", noise=True),
    "too long for a link": replace(ANSWERS, added=tuple((i / 300, 1.0) for i in range(1001)), turn=9.0),
    "one value left": replace(ANSWERED, removed=tuple(np.flatnonzero(data_of(ANSWERED, TABLE).fitted[:, 2]))),
}


def opened_again(experiment: Experiment) -> Workspace:
    text = files_of(experiment)["Session"]()
    begun = Workspace(Experiment())
    open_file(begun, "again.json", text.encode(), max_bytes=10**8)
    return begun


@pytest.mark.parametrize("with_table", [True, False])
@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_opens_as_it_was(name: str, with_table: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not with_table:
        # The points then stand for themselves.
        monkeypatch.setattr(saving, "MOST_OF_A_TABLE", 10)
    experiment = replace(SESSIONS[name], step_limit=20)
    data, run, _ = taken(experiment)
    again = opened_again(experiment)
    result = result_of(again, LAB)
    assert result.problem == ""
    assert result.run is not None
    assert data.yes_no is not None
    np.testing.assert_array_equal(result.data.points, data.points)
    if name == "one value left" and not with_table:
        assert again.experiment.yes == ""
        assert any("one value in “smokes”" in sentence for sentence in again.complaints)
        return
    np.testing.assert_array_equal(result.data.fitted, data.fitted)
    assert result.data.yes_no is not None
    assert result.data.yes_no.words == data.yes_no.words
    np.testing.assert_array_equal(result.run.curve, run.curve)
    np.testing.assert_array_equal(result.run.mixture.probabilities, run.mixture.probabilities)
    assert fits_address(experiment) == ("too long" not in name)


@every_kind
@pytest.mark.parametrize("turn", [0.0, 25.0])
def test_a_model_opens_on_its_points_and_on_no_others(experiment: Experiment, turn: float) -> None:
    experiment = replace(experiment, turn=turn)
    text = files_of(experiment)["Model, JSON"]()
    _, run, _ = taken(experiment)
    model = gmm_core.load_model(text)
    np.testing.assert_array_equal(model.mixture.probabilities, run.mixture.probabilities)
    assert model.columns[-1] == experiment.yes
    current = desk(experiment)
    open_file(current, "model.json", text.encode(), max_bytes=10**8)
    result = result_of(current, LAB)
    assert result.run is not None
    assert result.run.states[0].log_likelihood == pytest.approx(run.log_likelihood, rel=1e-10)
    assert current.complaints == []
    without = desk(replace(experiment, yes=""))
    with pytest.raises(
        UploadError, match=r"^These points and the model differ .* has one, so choose it first\.$"
    ):
        open_file(without, "model.json", text.encode(), max_bytes=10**8)
    assert without.experiment == replace(experiment, yes="")
    plain = files_of(replace(experiment, yes=""))["Model, JSON"]()
    with pytest.raises(UploadError, match=r"has none, so choose none first\.$"):
        open_file(desk(experiment), "model.json", plain.encode(), max_bytes=10**8)


def forged(**own: Any) -> str:
    session = json.loads(files_of(ANSWERED)["Session"]())
    session["yes_no"] |= own
    return json.dumps(session)


N = len(data_of(ANSWERED, TABLE).points)
FORGED: dict[str, tuple[dict[str, Any], str]] = {
    "a 2": ({"values": [2] * N}, "zeros and ones"),
    "a half": ({"values": [0.5] * N}, "zeros and ones"),
    "no number": ({"values": ["yes"] * N}, "numbers"),
    "nothing": ({"values": [None] * N}, "numbers"),
    "too few": ({"values": [0, 1]}, f"{N} zeros and ones"),
    "too many": ({"values": [1] * (N + 1)}, f"{N} zeros and ones"),
    "other values": ({"values": [1] * N}, "other points"),
    "one word twice": ({"words": ["no", "no"]}, "two different texts"),
    "one word": ({"words": ["no"]}, "two different texts"),
    "an empty word": ({"words": ["", "yes"]}, "two different texts"),
    "words that are none": ({"words": [0, 1]}, "texts"),
    "a name that is none": ({"name": 5}, "text"),
}


@pytest.mark.parametrize(("own", "said"), FORGED.values(), ids=FORGED)
def test_a_forged_session_is_refused_in_a_sentence(own: dict[str, Any], said: str) -> None:
    with pytest.raises(SessionFileError, match=said) as caught:
        read_session(forged(**own))
    assert str(caught.value).endswith(".")
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("column", [5, [], "smokes", {}])
def test_no_column_at_all_is_refused(column: Any) -> None:
    session = json.loads(files_of(ANSWERED)["Session"]()) | {"yes_no": column}
    with pytest.raises(SessionFileError, match=r"\.$"):
        read_session(json.dumps(session))


def test_an_older_session_has_no_column() -> None:
    session = json.loads(files_of(replace(ANSWERED, yes=""))["Session"]())
    assert session.pop("yes_no") is None
    assert read_session(json.dumps(session)).yes_no is None


def test_the_column_comes_back_to_the_last_letter() -> None:
    text = files_of(ANSWERED)["Session"]()
    read = read_session(text)
    assert read.yes_no is not None
    assert (read.yes_no.name, read.yes_no.words) == ("smokes", ("no", "yes"))
    assert write_session(read) == text
    assert from_address(read.address).view == View()
