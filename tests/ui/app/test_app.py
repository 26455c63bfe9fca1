"""The app without a browser: every page runs, every control changes one thing, and what comes from a link,
a file or the stage is taken in or turned away without a traceback."""

import ast
import re
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from urllib.parse import parse_qsl

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from gmm_core import FAMILIES, STARTS
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.ui.stage.test_codec import decode
from ui.analysis.fitting import run_of
from ui.app.notices import escape_markdown
from ui.app.sidebar import family_title, one_of_the_four
from ui.data import data_of
from ui.experiment import DRAWN, FOUR, UPLOADED, Experiment
from ui.experiment.address import from_address
from ui.experiment.transitions import choose_data

APP = Path(__file__).parents[3] / "app.py"
KNOBS = [(name, knob) for name, generator in GENERATORS.items() for knob in generator.knobs]
TABLE = b"a,b,c\n" + b"".join(b"%d,%d,%d\n" % (i, i * i % 7, -i) for i in range(20))
KINDS = ("slider", "selectbox", "select_slider", "number_input", "button", "segmented_control", "toggle")
IMPOSSIBLE = ["n=2&k=5", "n=1&k=1", "data=draw&add=1,2_3,4", "data=upload"]


def registered_pages() -> list[str]:
    """The scripts that app.py hands to st.Page."""
    calls = [node for node in ast.walk(ast.parse(APP.read_text("utf-8"))) if isinstance(node, ast.Call)]
    pages = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "Page"]
    return [ast.literal_eval(call.args[0]) for call in pages]


def checked(at: AppTest) -> AppTest:
    assert [error.value for error in at.exception] == []
    return at


FOLDS = ("Points and their shape", "Fine print: seed, regularisation, when to stop")


def opened(folds: Sequence[str] = FOLDS, **address: str) -> AppTest:
    at = AppTest.from_file(str(APP), default_timeout=30)
    for fold in folds:
        at.session_state[f"choose {fold} on lab"] = True
    at.query_params.update(address)
    return checked(at.run())


def messages(at: AppTest) -> list[bytes]:
    """What every stage on the page was sent."""
    return [element.proto.bytes for element in at.get("bidi_component") if element.proto.bytes]


def header(at: AppTest) -> dict:
    return decode(*messages(at))[0]


def by_link(said: dict) -> Experiment:
    found, _, complaints = from_address(said["address"])
    assert complaints == []
    return found


def experiment(at: AppTest) -> Experiment:
    return by_link(header(at))


def differences(before: Experiment, after: Experiment) -> set[str]:
    return {i.name for i in fields(Experiment) if getattr(before, i.name) != getattr(after, i.name)}


def control(at: AppTest, label: str):
    (found,) = [widget for kind in KINDS for widget in getattr(at, kind) if widget.label == label]
    return found


def put(at: AppTest, label: str, value) -> AppTest:
    return checked(control(at, label).set_value(value).run())


def press(at: AppTest, label: str) -> AppTest:
    return checked(control(at, label).click().run())


def upload(at: AppTest, name: str, content: bytes) -> AppTest:
    return checked(at.file_uploader[0].set_value((name, content, "text/csv")).run())


def assert_stage_shows(at: AppTest, expected: Experiment) -> None:
    """Points and last likelihood on the stage are those of `expected`, computed anew."""
    said, arrays = decode(*messages(at))
    data = data_of(expected, None)
    np.testing.assert_array_equal(arrays["points"].reshape(data.points.shape), data.points)
    assert arrays["log_likelihoods"][-1] == run_of(expected, data).log_likelihood
    assert (said["components"], said["notice"]) == (expected.n_components, "")


def assert_one_sentence(text: str) -> None:
    assert re.fullmatch(r"[A-Z0-9][^\n]*\.", text)
    assert ". " not in text


def test_every_page_is_registered():
    assert sorted(registered_pages()) == sorted(
        f"pages/{path.name}" for path in APP.parent.glob("pages/*.py")
    )


@pytest.mark.parametrize("page", registered_pages())
def test_every_page_runs_and_runs_again_to_the_same_stage(page):
    at = checked(opened().switch_page(page).run())
    assert len(at.main) > 0
    first = messages(at)
    assert messages(checked(at.run())) == first


def test_the_first_screen_is_the_default_experiment():
    at = opened()
    assert_stage_shows(at, Experiment())
    assert (header(at)["half_step"], header(at)["address"]) == (0, {})
    assert len(at.warning) == len(at.error) == len(at.info) == 0


# Controls

CHOICES = [
    *[("Covariance family", name, "family") for name in FOUR if name != Experiment.family],
    *[("Start from", s, "start") for s in STARTS if STARTS[s].needs is None and s != Experiment.start],
    *[("Components K", 12, "n_components"), ("Points", 1000, "n_points")],
    *[("Seed of the data", 17, "data_seed"), ("Seed of the start", 17, "start_seed")],
    *[("Regularisation (`reg_covar`)", 0.25, "reg_covar"), ("Tolerance", 1e-3, "tolerance")],
]


@pytest.mark.slow
@pytest.mark.parametrize(("label", "value", "field"), CHOICES)
def test_a_control_changes_its_field_and_undo_takes_it_back(label, value, field):
    at = put(opened(), label, value)
    now = experiment(at)
    assert differences(Experiment(), now) == {field}
    assert getattr(now, field) == control(at, label).value == value
    assert_stage_shows(at, now)
    press(at, "Undo")
    assert experiment(at) == Experiment()
    assert_stage_shows(at, Experiment())
    assert control(at, "Undo").disabled


def test_closed_folds_are_not_drawn():
    """Controls nobody sees were a third of a rerun."""
    at = opened(folds=())
    labels = {widget.label for kind in KINDS for widget in getattr(at, kind)}
    assert not labels & {
        "Points",
        "Seed of the data",
        "Seed of the start",
        "Regularisation (`reg_covar`)",
        "Tolerance",
    }
    assert {"Components K", "New start", "Data set"} <= labels


def test_the_four_come_first_and_all_families_are_one_switch_away():
    at = opened()
    before = messages(at)
    assert at.segmented_control[0].options == [name.capitalize() for name in FOUR]
    put(at, "All families", True)
    assert len(at.segmented_control) == 0
    assert control(at, "Covariance family").options == [family_title(name) for name in FAMILIES]
    assert control(at, "Covariance family").value == Experiment.family
    assert messages(put(at, "All families", False)) == before, "nobody asked EM to begin again"
    assert control(at, "Undo").disabled


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in FAMILIES if name not in FOUR])
def test_every_other_family_can_be_chosen_and_undo_takes_it_back(name):
    at = put(put(opened(), "All families", True), "Covariance family", name)
    assert differences(Experiment(), experiment(at)) == {"family"}
    assert (experiment(at).family, header(at)["address"]) == (name, {"family": name})
    assert any(FAMILIES[name].sentence in caption.value for caption in at.caption)
    assert_stage_shows(at, experiment(at))
    assert experiment(press(at, "New data")).family == control(at, "Covariance family").value == name
    assert experiment(press(press(at, "Undo"), "Undo")) == Experiment()
    # It is the sidebar's, not the experiment's, so undoing leaves it.
    assert control(at, "All families").value


@pytest.mark.slow
@pytest.mark.parametrize("name", FAMILIES)
def test_a_link_opens_with_all_families_where_the_four_do_not_have_its_own(name):
    at = opened(family=name)
    assert control(at, "All families").value == (name not in FOUR)
    assert control(at, "Covariance family").value == experiment(at).family == name
    assert len(at.warning) == 0


def test_all_families_stay_until_they_are_sent_away():
    at = put(opened(family="VEE"), "Covariance family", "full")
    for change in (("Components K", 4), ("Data set", "moons"), ("Covariance family", "tied")):
        assert control(put(at, *change), "All families").value
    assert len(put(at, "All families", False).segmented_control) == 1


@pytest.mark.parametrize(("name", "expected"), [("EVE", "full"), ("VEI", "diag"), ("EII", "spherical")])
def test_without_all_families_another_one_gives_way_to_the_plainest_of_the_four(name, expected):
    at = put(opened(family=name), "All families", False)
    assert control(at, "Covariance family").value == experiment(at).family == expected
    assert at.segmented_control[0].value == expected
    assert_stage_shows(at, experiment(at))
    press(at, "Undo")
    assert control(at, "All families").value
    assert control(at, "Covariance family").value == experiment(at).family == name


@pytest.mark.parametrize("name", FAMILIES)
def test_one_of_the_four_can_draw_what_the_family_draws(name):
    ours, plainer = FAMILIES[name].letters, one_of_the_four(Experiment(family=name)).family
    free = {"I": 0, "E": 1, "V": 2}
    theirs = FAMILIES[plainer].letters
    assert plainer == name or name not in FOUR
    assert all(free[a] <= free[b] for a, b in zip(ours, theirs, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("data", [*GENERATORS, *CLASSICS, DRAWN])
def test_every_data_set_can_be_chosen(data):
    at = opened(k="7", tol="0.001", data="moons" if data == "blobs" else "blobs")
    expected = choose_data(experiment(at), data)
    put(at, "Data set", data)
    assert experiment(at) == expected
    assert control(at, "New data").disabled == (data not in GENERATORS)
    if data == DRAWN:
        assert (header(at)["states"], header(at)["total"]) == (0, 0)
        assert_one_sentence(header(at)["notice"])
    else:
        assert_stage_shows(at, expected)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "knob"), KNOBS, ids=lambda value: getattr(value, "name", value))
def test_every_knob_can_be_turned(name, knob):
    setting = knob.high if knob.high != knob.default else knob.low
    at = put(opened(data=name, n="60", tol="0.01"), knob.label, setting)
    assert dict(experiment(at).knobs) == {knob.name: setting}
    assert_stage_shows(at, experiment(at))
    put(at, knob.label, type(setting)(knob.default))
    assert experiment(at).knobs == ()


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CLASSICS if CLASSICS[name].y])
def test_columns_can_be_changed_and_swapped(name):
    classic = CLASSICS[name]
    at = put(opened(data=name, tol="0.01"), "Across", classic.y)
    assert (control(at, "Across").value, control(at, "Upwards").value) == (classic.y, classic.x)
    for column in [classic.x, *(classic.columns.keys() - {classic.x, classic.y})]:
        put(at, "Upwards", column)
        assert header(at)["columns"] == [classic.axis_titles[classic.y], classic.axis_titles[column]]
        assert_stage_shows(at, experiment(at))


def test_new_data_new_start_and_reset_are_three_things():
    given = "_".join(["1,0,0,1,0,1", "1,3,0,1,0,1", "1,0,3,1,0,1"])
    at = opened(**{"from": given, "at": "6", "add": "1,2", "drop": "3"})
    dragged = experiment(at)
    assert (header(at)["half_step"], len(dragged.start_mixture), dragged.added) == (6, 3, ((1.0, 2.0),))
    press(at, "Reset")
    assert (header(at)["half_step"], differences(dragged, experiment(at))) == (0, {"start_mixture"})
    before = messages(at)
    assert messages(press(at, "Reset")) != before, "the stage cannot know that it should go back"
    press(at, "New start")
    assert differences(dragged, experiment(at)) == {"start_mixture", "start_seed"}
    press(at, "New data")
    assert differences(dragged, experiment(at)) == {
        "start_mixture",
        "start_seed",
        "data_seed",
        "added",
        "removed",
    }
    assert_stage_shows(at, experiment(at))
    for _ in range(3):
        press(at, "Undo")
    assert experiment(at) == dragged
    assert control(at, "Undo").disabled


# Links and files


def test_a_link_opens_its_experiment():
    address = {"data": "blobs", "clusters": "6", "k": "5", "family": "tied", "n": "77", "tol": "0.0003"}
    at = opened(**address, at="4", colour="hard")
    assert header(at)["address"] == address
    assert (header(at)["half_step"], header(at)["view"]["colour"]) == (4, "hard")
    assert (control(at, "Points").value, control(at, "Tolerance").value) == (77, 0.0003)
    assert_stage_shows(at, experiment(at))
    assert len(at.warning) == 0


def test_a_broken_link_says_so_until_something_is_changed():
    at = opened(k="99", family="oval", data="![](//a.co/b.png)", n="50")
    assert experiment(at) == Experiment(n_points=50)
    told = "\n".join(warning.value for warning in at.warning)
    assert all(f"“{key}”" in told for key in ("k", "family", "data"))
    # Markdown in a link would fetch what it names.
    assert not re.search(r"(?<!\\)[\[\]<>`]", told)
    assert len(put(at, "Components K", 4).warning) == 0


def test_more_points_by_hand_than_a_link_carries_are_told():
    at = opened(drop=",".join(map(str, range(1001))))
    assert (len(at.info), header(at)["address"]) == (1, {})


@pytest.mark.parametrize("address", IMPOSSIBLE)
def test_what_cannot_be_fitted_is_one_sentence_on_the_stage_and_can_be_taken_back(address):
    at = opened(**dict(parse_qsl(address)))
    assert header(at)["states"] == 0
    assert_one_sentence(header(at)["notice"])
    assert_stage_shows(put(at, "Data set", "mouse"), choose_data(Experiment(), "mouse"))


def test_a_file_becomes_the_data_and_its_columns_can_be_changed():
    at = upload(opened(k="4"), "measured.csv", TABLE)
    assert (experiment(at).data, experiment(at).n_components) == (UPLOADED, 4)
    assert (header(at)["columns"], header(at)["total"]) == (["a", "b"], 20)
    assert header(at)["states"] > 0
    assert header(put(at, "Upwards", "c"))["columns"] == ["a", "c"]
    press(press(at, "Undo"), "Undo")
    assert experiment(at) == Experiment(n_components=4)
    assert header(put(at, "Data set", UPLOADED))["total"] == 20


def test_a_file_that_cannot_be_read_leaves_everything_as_it_was():
    at = upload(opened(k="4"), "measured.csv", TABLE)
    before = messages(at)
    for content in (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"", b"no table at all"):
        upload(at, "other.csv", content)
        assert len(at.error) == 1
        assert_one_sentence(at.error[0].value.replace("\\", ""))
        assert messages(at) == before
    assert len(upload(at, "measured.csv", TABLE).error) == 0


def test_dropped_rows_are_told_as_plain_text():
    (told,) = upload(opened(), "m.csv", TABLE + b"![](//a.co/b.png),1,1\n").info
    assert escape_markdown("![](//a.co/b.png)") in told.value


def test_a_link_to_a_file_waits_for_it_and_keeps_its_choices_but_not_for_another_file():
    at = opened(data=UPLOADED, x="b", y="c", k="2", drop="0,5", **{"from": "1,0,0,1,0,1_1,3,-9,1,0,1"})
    upload(at, "measured.csv", TABLE)
    assert (header(at)["columns"], header(at)["total"]) == (["b", "c"], 18)
    assert (experiment(at).n_components, len(experiment(at).start_mixture)) == (2, 2)
    upload(at, "other.csv", TABLE.replace(b"-", b"-1"))
    assert (header(at)["total"], experiment(at).start_mixture) == (20, ())


def test_two_people_share_nothing():
    mine, yours = opened(), opened()
    before = messages(yours)
    upload(put(mine, "Components K", 9), "secret.csv", TABLE)
    assert messages(checked(yours.run())) == before
    assert len(control(yours, "Data set").options) == len(control(mine, "Data set").options) - 1
    assert experiment(opened()) == Experiment()


# What a hand does on the stage


def stage_events(rounds, address):
    """A page whose stage sends one list of events after another."""
    import streamlit as st

    from ui.app import session
    from ui.workspace.scene import message_of

    st.query_params.from_dict(address)
    session.workspace()
    for events in rounds:
        st.session_state["lab"] = {"events": events}
        session.take_events("lab")
    st.session_state["message"] = message_of(session.workspace(), "lab")


def after(*rounds, **address: str) -> tuple[dict, dict[str, np.ndarray]]:
    script = AppTest.from_function(stage_events, kwargs={"rounds": rounds, "address": address})
    return decode(checked(script.run(timeout=30)).session_state["message"])


MEANS, COVARIANCES = [0, 0, 3, 0, 0, 3], [1, 0, 1, 1, 0.5, 1, 2, 0, 2]
MIXTURE = {"weights": [0.5, 0.25, 0.25], "means": MEANS, "covariances": COVARIANCES}
ONE = {"weights": [1], "means": [0, 0], "covariances": [1, 0, 1]}


def test_events_of_the_stage_are_taken_in_order_and_once():
    events = [
        {"number": 1, "type": "clear_points"},
        {"number": 2, "type": "add_points", "points": [[0, 0], [1, 5], [2, 2], [9, 9]], "mixture": None},
        {"number": 3, "type": "remove_point", "place": [1, 5], "mixture": None},
        {"number": 5, "type": "remove_point", "place": [2, 2 + 1e-7], "mixture": MIXTURE},
    ]
    said, arrays = after(events[:3], events[1:], events[2:])
    np.testing.assert_array_equal(arrays["points"].reshape(-1, 2), [[0, 0], [9, 9]])
    assert (by_link(said).data, said["acknowledged"], len(by_link(said).start_mixture)) == (DRAWN, 5, 3)


def test_a_dragged_mean_is_where_the_run_begins_unless_k_has_changed_since():
    _, arrays = after([{"number": 7, "type": "move_mean", "mixture": MIXTURE}])
    np.testing.assert_array_equal(arrays["means"][:6], MEANS)
    np.testing.assert_array_equal(arrays["covariances"][:9], COVARIANCES)
    said, _ = after([{"number": 8, "type": "add_points", "points": [[0, 0]], "mixture": MIXTURE}], k="5")
    assert (said["components"], by_link(said).start_mixture, len(by_link(said).added)) == (5, (), 1)


NAN, HUGE = float("nan"), 10**400
BAD_LISTS = [None, [], "abc", [[1], 2], [1.0] * 7, [NAN] * 3, [HUGE] * 3, [HUGE] * 6, [-1.0] * 9]
UNREADABLE = [
    *[{"type": kind} for kind in (None, "unheard_of", ["clear_points"], "add_points", "move_mean")],
    *[{"type": "add_points", "points": p} for p in (None, 5, "ab", {}, [], [[1]], [["a", "b"]])],
    *[{"type": "add_points", "points": [[x, 1.0]]} for x in (None, NAN, HUGE, 1e300)],
    *[{"type": "remove_point", "place": p} for p in (None, "1", 1.5, [1], [40, 40], [HUGE, 0], [True, 0])],
    *[{"type": "move_mean", "mixture": m} for m in (None, [], "x", {}, {"weights": [1]}, ONE)],
    *[{"type": "move_mean", "mixture": MIXTURE | {name: bad}} for name in MIXTURE for bad in BAD_LISTS],
]
CLEAR = {"type": "clear_points"}
UNNUMBERED = [None, "text", 5, {}, [], CLEAR, *[CLEAR | {"number": n} for n in ("1", None, [2], 0)]]
NONSENSE = [None, "text", 7, CLEAR | {"number": 1}, *[[{"number": 1} | event] for event in UNREADABLE]]


@pytest.mark.slow
@pytest.mark.parametrize("events", [*NONSENSE, *[[event] for event in UNNUMBERED]], ids=lambda e: str(e)[:60])
def test_events_that_make_no_sense_are_ignored(events):
    said, arrays = after(events)
    assert by_link(said) == Experiment()
    np.testing.assert_array_equal(arrays["points"].reshape(-1, 2), data_of(Experiment(), None).points)
