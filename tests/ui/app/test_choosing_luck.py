"""The question whether it was luck, without a browser."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.app.test_app import checked, opened


def settled(at: AppTest) -> AppTest:
    """The page as it is when all that it computes has ended."""
    for _ in range(10):
        watches = list(at.session_state["workspace of lab"].watched.values())
        if all(watch.is_over for watch in watches):
            break
        assert all(watch.wait(60) for watch in watches)
        # What is there may ask for more.
        at.run()
    return checked(at.run())


def asked(part: str, **address: str) -> AppTest:
    """The page of choices at a question."""
    return settled(opened(**address, part=part).switch_page("pages/choose.py").run())


def told(at: AppTest, name: str) -> dict[str, str]:
    """What an element of that test id says of itself."""
    found = next(body for each in at.get("html") if f'data-testid="{name}"' in (body := each.proto.body))
    return dict(re.findall(r'data-([a-z]+)="([^"]*)"', found))


@pytest.mark.parametrize(
    "address",
    [
        {"data": "old_faithful", "k": "4"},
        {"data": "old_faithful", "y": "none"},
        {"n": "12", "k": "3"},
        {"data": "old_faithful", "noise": "on", "hide": "controls,truth"},
    ],
    ids=["plane", "line", "twelve", "noise and hidden"],
)
def test_every_kind_of_data_has_an_answer(address: dict[str, str]) -> None:
    at = asked("luck", **address)
    assert int(told(at, "luck")["starts"]) == 50
    assert any("replay" in button.key for button in at.button if button.key) != ("hide" in address)


def test_a_start_is_replayed_in_the_lab_and_is_yours_when_one_comes_back() -> None:
    at = asked("luck", data="old_faithful", k="4")
    assert int(told(at, "luck")["place"]) > 1
    checked(at.button("choose replay The best on choose").click().run())
    assert at.session_state["workspace of lab"].experiment.start_mixture
    settled(at.switch_page("pages/choose.py").run())
    assert told(at, "luck")["place"] == "1"


def test_what_cannot_be_is_said() -> None:
    at = asked("luck", n="2", k="5")
    assert any("distinct" in warning.value or "points" in warning.value for warning in at.warning)


def test_where_draws_are_locked_no_other_start_is_opened() -> None:
    at = asked("luck", data="old_faithful", k="4", hide="seed")
    keys = [button.key for button in at.button if "replay" in (button.key or "")]
    assert keys == ["choose replay Beside it on choose"]
    assert any("yours" in each.value for each in at.markdown)


def test_after_a_run_that_nobody_asked_for_every_widget_is_told_its_value_again() -> None:
    def is_told(at: AppTest) -> list[bool]:
        chosen = next(each for each in at.selectbox if (each.key or "").startswith("choose start of"))
        return [at.slider("choose n_components on choose").proto.set_value, chosen.proto.set_value]

    at = asked("luck", data="old_faithful", k="4")
    assert is_told(checked(at.run())) == [False, False]
    at.session_state["tell again"] = True
    assert is_told(checked(at.run())) == [True, True]
    assert at.slider("choose n_components on choose").value == 4
    assert is_told(checked(at.run())) == [False, False]
