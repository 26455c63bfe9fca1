"""An analyst's first minute, without a browser: which pair, which K, which units, and where it is said."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.app.test_app import checked, experiment, opened, press, put, upload
from tests.ui.uploads.test_suggestions import CLUSTERED, as_text

FILE = as_text(CLUSTERED | {"grams": 1000 * CLUSTERED["second"]})


def said(at: AppTest) -> str:
    return " ".join(caption.value.replace("\\", "") for caption in at.caption)


def has_button(at: AppTest, label: str) -> bool:
    return any(button.label == label for button in at.button)


def test_a_file_opens_on_a_pair_and_a_k_and_says_why():
    at = upload(opened(), "a.csv", FILE)
    first = experiment(at)
    assert (first.x, first.y, first.n_components) == ("first", "second", 2)
    assert "first and second: the pair that separates best of 15." in said(at)
    assert "2 by BIC, among 1 to 6; change it above." in said(at)
    at = put(at, "Components K", 5)
    assert "BIC prefers 2, among 1 to 6." in said(at)
    assert experiment(press(at, "Reset")).n_components == 5
    at = press(at, "Undo")
    assert experiment(at) == first
    assert "2 by BIC" in said(at)


@pytest.mark.slow
def test_other_columns_begin_as_well_and_a_k_that_was_chosen_stays():
    at = upload(opened(), "a.csv", FILE)
    at = put(at, "Upwards", "noise")
    assert "separates best" not in said(at)
    assert f"{experiment(at).n_components} by BIC" in said(at)
    before = experiment(put(at, "Components K", 6))
    at = put(at, "Across", "tails")
    assert experiment(at).n_components == 6
    assert "BIC prefers" in said(at)
    assert experiment(press(at, "Undo")) == before


@pytest.mark.parametrize("page", ["pages/lab.py", "pages/compare.py"])
def test_units_that_decide_are_said_with_one_button(page):
    at = checked(opened(data="old_faithful", family="spherical", k="3").switch_page(page).run())
    before = experiment(at)
    assert "spreads 10.5 times as wide as Eruption (minutes)" in said(at)
    assert ("K-Means and a spherical mixture go" in said(at)) == (page == "pages/compare.py")
    at = press(at, "Standardise")
    assert experiment(at).standardise
    assert "times as wide" not in said(at)
    assert not has_button(at, "Standardise")
    assert experiment(press(at, "Undo")) == before


def test_units_are_not_spoken_of_where_they_make_no_difference():
    for family in ("full", "tied", "diag"):
        at = opened(data="old_faithful", family=family, k="3")
        assert "times as wide" not in said(at)
        assert not has_button(at, "Standardise")
    assert "K-Means goes by it" in said(checked(at.switch_page("pages/compare.py").run()))
    assert "times as wide" not in said(checked(opened().switch_page("pages/compare.py").run()))


def test_hidden_controls_leave_the_sentence():
    at = opened(data="old_faithful", family="spherical", hide="controls")
    assert "times as wide" in said(at)
    assert not has_button(at, "Standardise")


def test_the_data_page_says_the_same():
    at = upload(checked(opened().switch_page("pages/data.py").run()), "a.csv", FILE)
    assert "first and second: the pair that separates best of 15." in said(at)
    assert "times as wide" not in said(at)
    at = put(at, "Upwards", "grams")
    assert "grams spreads" in said(at)
    assert "so K-Means goes by it almost alone" in said(at)
    at = press(at, "Standardise")
    assert "times as wide" not in said(at)
    assert experiment(checked(at.switch_page("pages/lab.py").run())).standardise
