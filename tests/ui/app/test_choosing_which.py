"""The page where a model is chosen, without a browser: what it recommends, shows and takes to the lab."""

import json
import re
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from ui.experiment import CRITERIA
from ui.figures.criteria import mark_of

APP = Path(__file__).parents[3] / "app.py"


def opened(**address: str) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.query_params.update(address)
    at.run()
    return at.switch_page("pages/choose.py").run()


def finished(at: AppTest) -> AppTest:
    """When nothing is under way any more."""
    deadline = time.monotonic() + 60
    while any(button.label == "Stop here" for button in at.button):
        assert time.monotonic() < deadline, "a computation did not end"
        time.sleep(0.1)
        at.run()
    assert [error.value for error in at.exception] == []
    return at


def recommended(at: AppTest) -> tuple[str, int, str]:
    """Family, K and words."""
    htmls = [element.proto.body for element in at.get("html")]
    found = [html for html in htmls if 'data-testid="recommendation"' in html]
    assert len(found) == 1
    attributes = dict(re.findall(r'data-(\w+)="([^"]*)"', found[0]))
    return attributes["family"], int(attributes["components"]), found[0]


def chart(at: AppTest) -> dict[str, object]:
    """The message of the chart whose marks are fits."""
    sent = [json.loads(element.proto.json) for element in at.get("bidi_component")]
    (message,) = [data["message"] for data in sent if "message" in data]
    return json.loads(message)


def test_old_faithful_has_three_components_of_one_shape() -> None:
    at = finished(opened(data="old_faithful"))
    family, n_components, words = recommended(at)
    assert (family, n_components) == ("EEE", 3)
    assert "BIC prefers 3 components, tied (EEE)" in words
    assert len(chart(at)["fits"]) == 36


@pytest.mark.parametrize("criterion", CRITERIA)
@pytest.mark.parametrize("look", ["lines", "map"])
def test_every_criterion_is_drawn_both_ways(criterion: str, look: str) -> None:
    at = finished(opened(data="old_faithful", most="3", by=criterion, chart=look, among="full,tied"))
    kinds = {trace["type"] for trace in chart(at)["figure"]["data"]}
    assert kinds == ({"heatmap"} if look == "map" else {"scatter"})
    recommended(at)


def test_a_fit_that_is_picked_stands_beside_the_best_and_goes_to_the_lab() -> None:
    at = finished(opened(data="old_faithful", most="3"))
    (select,) = [box for box in at.selectbox if box.label == "Another fit"]
    finished(select.select(("full", 2)).run())
    assert any("2 components, full (VVV): log-likelihood −1,130.3" in caption.value for caption in at.caption)
    (open_it,) = [button for button in at.button if button.key == "choose open picked on choose"]
    open_it.click().run()
    at.run()
    assert [error.value for error in at.exception] == []
    experiment = at.session_state["workspace of lab"].experiment
    assert (experiment.family, experiment.n_components) == ("full", 2)
    assert len(experiment.start_mixture) == 2


def test_a_link_opens_what_was_seen() -> None:
    at = finished(opened(data="old_faithful", most="4", among="full,EEE", fit="full_2", merged="1", by="icl"))
    current = at.session_state["workspace of lab"].experiment
    assert (current.most, current.picked, current.merged, current.criterion) == (4, ("full", 2), 1, "icl")
    assert any("2 components, full (VVV)" in caption.value for caption in at.caption)
    marks = {fit["id"] for fit in chart(at)["fits"]}
    assert marks == {mark_of((family, k)) for family in current.among for k in range(1, 5)}


@pytest.mark.parametrize(
    "address",
    [
        {"data": "galaxies"},
        {"data": "iris", "more": "petal_width,sepal_width"},
        {"n": "12"},
        {"noise": "on", "prior": "on", "most": "3"},
        {"data": "draw", "add": "1,2_3,4_5,7", "most": "9"},
        {"hide": "controls", "data": "old_faithful", "most": "3"},
        {"hide": "truth", "data": "blobs", "most": "3"},
    ],
)
def test_whatever_the_app_can_hold_has_an_answer(address: dict[str, str]) -> None:
    at = finished(opened(**address))
    recommended(at)
    hidden = "controls" in address.get("hide", "")
    assert hidden != any(button.key == "choose open recommended on choose" for button in at.button)


@pytest.mark.parametrize("address", [{"data": "draw"}, {"data": "draw", "add": "1,2_1,2_1,2"}])
def test_what_cannot_be_fitted_says_so(address: dict[str, str]) -> None:
    at = finished(opened(**address))
    assert not [e for e in at.get("html") if "recommendation" in e.proto.body]
    said = [box.value for box in (*at.info, *at.warning)]
    assert any(re.search(r"\.$", text) for text in said)


def test_components_are_merged_and_taken_apart_again() -> None:
    at = finished(opened(data="old_faithful"))
    assert any("the 3 components make 2 clusters" in caption.value for caption in at.caption)
    at.button(key="clusters 1").click()
    finished(at.run())
    assert any("**3** clusters of 3" in text.value for text in at.markdown)
    assert at.button(key="clusters 1").disabled
    at.button(key="clusters -1").click()
    finished(at.run())
    assert any("**2** clusters of 3" in text.value for text in at.markdown)
