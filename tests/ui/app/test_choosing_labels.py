"""Against the labels: hidden until asked for, never told where the truth is hidden, alike on both pages."""

from time import monotonic, sleep

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import gmm_core
from tests.ui.app.test_app import checked, control, opened
from tests.ui.app.test_app_yes_no import words_of
from ui.experiment.transitions import choose_data
from ui.export.numbers import percent

ASK = "Show how it agrees with the labels"
PATIENCE = 30.0


def choosing(**address: str) -> AppTest:
    return checked(opened(part="labels", **address).switch_page("pages/choose.py").run())


def tables(at: AppTest) -> list[str]:
    return [element.proto.body for element in at.get("html") if "agreement" in element.proto.body]


def asked(at: AppTest) -> AppTest:
    """The page after the toggle, when all that it computes has ended."""
    at = checked(control(at, ASK).set_value(True).run())
    until = monotonic() + PATIENCE
    while not tables(at) and monotonic() < until:
        sleep(0.2)
        at = checked(at.run())
    return at


def test_nothing_is_told_before_it_is_asked_for():
    at = choosing(data="penguins")
    assert tables(at) == []
    assert "Chinstrap" not in words_of(at)
    assert not any("sweep" in name for name, _ in at.session_state["workspace of lab"].watched)
    at = asked(at)
    (table,) = tables(at)
    assert all(name in table for name in ("Adelie", "Chinstrap", "Gentoo"))
    assert "Labels are not the truth about clusters" in words_of(at)
    # Other points, another guess.
    current = at.session_state["workspace of lab"]
    current.experiment = choose_data(current.experiment, "iris")
    assert tables(checked(at.run())) == []


def test_a_picked_fit_stands_beside_the_best_with_the_numbers_of_all_points():
    at = asked(choosing(data="blobs", n="600", among="tied", most="3", fit="tied_2"))
    assert len(tables(at)) == 2
    current = at.session_state["workspace of lab"]
    data = current.data[1]
    (picked,) = gmm_core.sweep(data.points, 2, "tied")
    groups = gmm_core.predict(data.points, picked.mixture)
    said = words_of(at)
    assert f"{gmm_core.adjusted_rand_index(data.labels, groups):.3f}".replace("-", "−") in said
    assert percent(gmm_core.matched_accuracy(data.labels, groups)) in said


@pytest.mark.parametrize("data", ["penguins", "old_faithful"])
def test_a_hidden_truth_stays_hidden_and_says_not_even_whether_there_is_one(data):
    at = choosing(data=data, hide="truth")
    assert tables(at) == []
    assert all(toggle.label != ASK for toggle in at.toggle)
    assert "labels, if there are any, stay hidden" in words_of(at)
    lab = opened(data=data, hide="truth")
    assert all("labels" not in fold.label for fold in lab.expander)


def test_points_without_labels_say_so():
    assert "no labels to compare with" in words_of(choosing(data="old_faithful"))


def test_in_the_lab_it_is_the_run_as_it_ended():
    at = opened(data="iris")
    assert any(fold.label.startswith("Against the labels") for fold in at.expander)
    assert tables(at) == []
    at.session_state["labels on lab"] = True
    at = checked(at.run())
    (table,) = tables(at)
    result = at.session_state["workspace of lab"].stages["lab"].result
    groups = gmm_core.predict(result.data.points, result.run.mixture)
    counts = np.bincount(groups)
    assert all(f"<td>{count}</td>" in table for count in counts)
    assert percent(gmm_core.matched_accuracy(result.data.labels, groups)) in words_of(at)
