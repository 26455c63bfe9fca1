"""Letting the model decide, without a browser."""

import pytest

from tests.ui.app.test_app import checked
from tests.ui.app.test_choosing_luck import asked, settled, told


@pytest.mark.parametrize(
    "address",
    [
        {"data": "old_faithful", "most": "4"},
        {"data": "old_faithful", "y": "none", "most": "3"},
        {"n": "12", "most": "2", "hide": "controls,truth"},
    ],
    ids=["plane", "line", "twelve and hidden"],
)
def test_every_kind_of_data_has_an_answer(address: dict[str, str]) -> None:
    at = asked("bayes", **address)
    said = told(at, "active")
    assert 1 <= int(said["active"]) <= int(said["components"])
    assert said["chosen"]
    assert any("open variational" in (button.key or "") for button in at.button) != ("hide" in address)


def test_a_greater_concentration_leaves_more_and_the_lab_shows_it() -> None:
    at = asked("bayes", data="old_faithful", most="3")
    before = int(told(at, "active")["active"])
    checked(at.select_slider("choose concentration on choose").set_value(100.0).run())
    assert int(told(settled(at), "active")["active"]) > before
    checked(at.button("choose open variational on choose").click().run())
    experiment = at.session_state["workspace of lab"].experiment
    assert (experiment.algorithm, experiment.n_components) == ("variational", 12)
