"""The yes/no column in the app, without a browser: where it is offered, chosen and left out."""

import pytest

from tests.ui.app.test_app import checked, control, experiment, header, messages, opened, put, upload
from tests.ui.data.test_beside import FRAME

TITLE = "Yes/no column (optional)"
CONTENT = FRAME.to_csv(index=False).encode()


def words_of(at) -> str:
    """All that stands in the page beside the stage, less what keeps it from being read as Markdown."""
    kinds = ("caption", "markdown", "info", "warning", "error", "success")
    return "\n".join(element.value for kind in kinds for element in getattr(at, kind)).replace("\\", "")


def test_a_column_is_chosen_and_put_away_beside_the_others():
    at = opened(data="penguins")
    assert list(control(at, TITLE).options) == ["none", "sex"]
    assert header(at)["answer"] is None
    at = put(at, TITLE, "sex")
    assert experiment(at).yes == "sex"
    assert header(at)["answer"] == ["sex", "female", "male"]
    assert header(at)["total"] == 333
    at = put(at, TITLE, "")
    assert experiment(at).yes == ""
    assert header(at)["total"] == 342


def test_the_answers_come_with_theirs_and_a_link_can_leave_it_out():
    at = opened(data="answers")
    assert header(at)["answer"] == ["answer", "answer = no", "answer = yes"]
    assert header(at)["address"] == {"data": "answers"}
    at = put(at, TITLE, "")
    assert header(at)["address"] == {"data": "answers", "yes": ""}
    again = opened(**header(at)["address"])
    assert header(again)["answer"] is None


def test_an_uploaded_file_offers_its_columns_of_two_values():
    at = upload(opened(), "people.csv", CONTENT)
    assert "smokes" in control(at, TITLE).options
    assert "place" not in control(at, TITLE).options
    at = put(at, TITLE, "smokes")
    assert header(at)["answer"] == ["smokes", "smokes = no", "smokes = yes"]
    at = checked(at.switch_page("pages/data.py").run())
    assert control(at, TITLE).value == "smokes"
    assert "have no value in smokes and are left out" in words_of(at)


@pytest.mark.parametrize("address", [{"data": "penguins", "yes": "island"}, {"data": "moons", "yes": "what"}])
def test_what_is_no_such_column_is_said_and_can_be_put_away(address):
    at = opened(**address)
    assert "choose a column of two values" in header(at)["notice"]
    assert address["yes"] in control(at, TITLE).options
    at = put(at, TITLE, "")
    assert header(at)["notice"] == ""
    assert header(at)["states"] > 1


def test_beside_kmeans_it_is_left_out_in_a_sentence():
    at = checked(opened(data="answers").switch_page("pages/compare.py").run())
    assert header(at)["answer"] is None
    assert "K-Means knows nothing of a yes/no column" in words_of(at)
    at = checked(at.switch_page("pages/lab.py").run())
    assert header(at)["answer"] is not None


@pytest.mark.parametrize("yes", ["answer", "cluster"])
def test_a_hidden_truth_is_neither_offered_nor_taken(yes):
    at = opened(data="answers", hide="truth", yes=yes)
    assert "cluster" not in {*control(at, TITLE).options} - {yes}
    said = words_of(at) + messages(at)[0].decode("latin-1")
    assert not any(name in said for name in ("mostly yes", "mostly no", "of two minds"))
    assert (header(at)["answer"] is None) == (yes == "cluster")
