"""The sweep's files on the page of choices, and what the lab's report knows of it, without a browser."""

from streamlit.testing.v1 import AppTest

from tests.ui.app.test_app import checked
from tests.ui.app.test_choosing_luck import asked, settled
from ui.workspace import Workspace, changes
from ui.workspace.choosing import choice_of

FOLD = "take choice on choose"
FILES = ["Table of the sweep, CSV", "Methods paragraph", "Python of the sweep", "points.csv"]


def taken(**address: str) -> AppTest:
    """The page with the fold open."""
    at = asked("which", **address)
    at.session_state[FOLD] = True
    return settled(at)


def buttons(at: AppTest) -> list[str]:
    return [element.proto.label for element in at.get("download_button")]


def workspace(at: AppTest) -> Workspace:
    return at.session_state["workspace of lab"]


def test_every_file_is_there_and_the_paragraph_can_be_read() -> None:
    at = taken(data="old_faithful", most="3")
    assert buttons(at) == FILES
    assert any("272 observations" in code.value and "Kass" in code.value for code in at.code)


def test_where_nothing_fits_the_table_is_left() -> None:
    at = taken(n="2", most="1", among="full", data="blobs")
    disabled = [element.proto.disabled for element in at.get("download_button")]
    assert disabled == [False, True, True, False]


def test_it_goes_with_the_controls() -> None:
    assert buttons(taken(data="old_faithful", most="2", hide="controls")) == []


def test_only_a_finished_sweep_of_these_data_and_settings_is_known_to_the_lab() -> None:
    at = asked("which", data="old_faithful", most="3")
    current = workspace(at)
    found = choice_of(current)
    assert found is not None
    assert found.found is not None
    assert (found.found.fit.family, found.found.fit.n_components) == ("tied", 3)
    for other in ({"most": 4}, {"noise": True}, {"reg_covar": 0.1}, {"data": "iris"}):
        changes.change(current, lambda old, other=other: old.__class__(**{**vars(old), **other}))
        assert choice_of(current) is None
        changes.undo(current)
        assert choice_of(current) is not None
    # Which criterion it is judged by is no other sweep.
    changes.change(current, lambda old: old.__class__(**{**vars(old), "criterion": "icl"}))
    judged = choice_of(current)
    assert judged is not None
    assert judged.found is not None
    assert judged.found.fit.n_components == 2


def test_what_was_stopped_is_not_finished() -> None:
    at = asked("which", data="old_faithful", most="2")
    current = workspace(at)
    for watch in current.watched.values():
        watch.is_stopped = True
    assert choice_of(current) is None


def test_the_lab_takes_the_choice_along() -> None:
    at = asked("which", data="old_faithful", most="2")
    at.session_state["take home on lab"] = True
    at = checked(at.switch_page("pages/lab.py").run())
    assert "Report" in buttons(at)
