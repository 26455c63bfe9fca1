"""How sure, without a browser."""

import pytest

from tests.ui.app.test_app import checked
from tests.ui.app.test_choosing_luck import asked, settled, told
from ui.analysis.choosing import certainty


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certainty, "N_CHOICES", 20)
    monkeypatch.setattr(certainty, "N_TESTED", 19)


@pytest.mark.parametrize(
    "address",
    [
        {"data": "old_faithful", "y": "none"},
        {"n": "12", "hide": "controls,truth"},
        {"data": "draw", "add": "1,2_1,3_1,4_1,5_1,6_1,7_1,9_1,12", "among": "spherical"},
        {"data": "old_faithful", "noise": "on"},
    ],
    ids=["line", "twelve and hidden", "a constant column", "noise"],
)
def test_every_kind_of_data_has_an_answer(address: dict[str, str]) -> None:
    at = asked("sure", **{"most": "2", "among": "tied"} | address)
    assert int(told(at, "wins")["drawn"]) == 20
    if "noise" in address:
        assert any("no place" in info.value for info in at.info)
    else:
        assert 0 < float(told(at, "one-more")["p"]) <= 1


def test_another_model_and_another_k_can_be_asked_about() -> None:
    at = asked("sure", data="old_faithful", most="3", among="tied")
    assert told(at, "one-more")["components"] == "3"
    checked(at.selectbox("choose tested tied on choose").set_value(1).run())
    at = settled(at)
    assert told(at, "one-more")["components"] == "1"
    assert float(told(at, "one-more")["p"]) == pytest.approx(0.05)
    checked(at.selectbox("choose model to be sure of on choose").set_value(("tied", 2)).run())
    assert at.session_state["workspace of lab"].experiment.picked == ("tied", 2)
    assert any("EEE, K = 2" in each.value for each in settled(at).markdown)
