"""The page about any shape, without a browser: all kinds of data, what is hidden, and what is said."""

from pathlib import Path
from time import monotonic

import pytest
from streamlit.testing.v1 import AppTest

from ui.analysis.choosing import shape

APP = str(Path(__file__).parents[3] / "app.py")


def opened(**address: str) -> AppTest:
    at = AppTest.from_file(APP, default_timeout=60)
    at.query_params.update({"part": "shape", **address})
    at.run()
    at.switch_page("pages/choose.py")
    return ended(at)


def ended(at: AppTest) -> AppTest:
    """When nothing is under way any more."""
    until = monotonic() + 60
    at.run()
    while any("Fitting" in bar.proto.text for bar in at.get("progress")) and monotonic() < until:
        at.run()
    assert [error.value for error in at.exception] == []
    return at


def texts(at: AppTest) -> str:
    return "\n".join(element.value for element in (*at.markdown, *at.caption, *at.info)).replace("\\", "")


def test_six_pictures_of_a_shape_and_what_they_cost() -> None:
    at = opened(shape="moons")
    said = texts(at)
    assert len(at.get("plotly_chart")) == 1 + 6 + 1
    assert "**K = 30**, 179 parameters" in said
    assert "★ best" in said
    assert "foretells unseen points best" in said
    assert "learned by heart of these 300 points" in said


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"data": "old_faithful", "y": "none"}, "K = 2"),
        ({"data": "iris", "more": "petal_length,petal_width"}, "Fitted in 3 columns"),
        ({"n": "12"}, "There are only 12 distinct points"),
        ({"data": "answers", "n": "60", "yes": "answer", "noise": "on"}, "Left out here"),
        ({"n": "200000", "shape_as": "sample"}, "A sample of 150 of the 200,000 points"),
    ],
)
def test_peoples_own_data(address: dict[str, str], words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "MOST_OWN", 150)
    said = texts(opened(shape="own", **address))
    assert words in said
    assert "foretells unseen points best" in said


def test_who_hides_the_controls_hides_these() -> None:
    said = opened(hide="controls", shape="rings")
    assert not [choice for choice in said.get("button_group") if choice.label == "Shape"]
    assert "Rings" in texts(said)
