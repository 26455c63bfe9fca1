"""The data page, what can be taken home and what can be shared, without a browser."""

import gzip
import json
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import gmm_core
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.nasty_files import NASTY
from tests.ui.app.test_app import (
    MIXTURE,
    TABLE,
    after,
    by_link,
    checked,
    control,
    experiment,
    header,
    opened,
    press,
    put,
    upload,
)
from tests.ui.stage.test_codec import decode
from tests.ui.workspace.test_opening import CONTENT, UPLOAD, saved
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import HIDEABLE, UPLOADED, Experiment
from ui.experiment.address import from_address
from ui.experiment.transitions import NEUTRAL_K, choose_data
from ui.export.finished import outcome_of

PAGE = "pages/data.py"


def on_data_page(content: bytes = CONTENT, name: str = "measured.csv") -> AppTest:
    return upload(checked(opened().switch_page(PAGE).run()), name, content)


def in_lab(at: AppTest) -> AppTest:
    return checked(at.switch_page("pages/lab.py").run())


def said(at: AppTest) -> str:
    return " ".join(element.value for kind in ("markdown", "caption", "info") for element in at.get(kind))


def test_the_page_asks_for_a_file_and_then_shows_what_it_holds():
    at = checked(opened().switch_page(PAGE).run())
    assert "Drop a table here" in at.info[0].value
    at = upload(at, "measured.csv", CONTENT)
    head, columns = (frame.value for frame in at.dataframe)
    assert list(head.columns) == ["id", "a", "b", "kind", "count"]
    assert head.index[0] == "line 2"
    assert columns["column"].tolist() == ["id", "a", "b", "kind", "count"]
    assert columns["type"].tolist() == ["whole number", "number", "number", "text", "whole number"]
    assert [len(counts) for counts in columns["histogram"]] == [20, 20, 20, 0, 20]
    assert "60 points" in at.success[0].value


def test_columns_labels_weights_and_switches_reach_the_lab():
    at = on_data_page()
    at = put(at, "Across", "b")
    at = put(at, "Upwards", "a")
    at = put(at, "Weight of a row (optional)", "count")
    at = put(at, "Standardise the columns", True)
    at = in_lab(at)
    found = experiment(at)
    assert (found.x, found.y, found.label, found.weight, found.standardise) == (
        "b",
        "a",
        "kind",
        "count",
        True,
    )
    said_header, arrays = decode(header_message(at))
    table = np.genfromtxt(CONTENT.decode().splitlines(), delimiter=",", skip_header=1, usecols=(2, 1, 4))
    points = (table[:, :2] - table[:, :2].mean(axis=0)) / table[:, :2].std(axis=0)
    np.testing.assert_allclose(arrays["points"].reshape(-1, 2), points, atol=1e-9)
    assert sorted(said_header["label_names"]) == ["x", "y", "z"]
    counts = arrays["counts"].reshape(said_header["states"], -1)
    np.testing.assert_allclose(counts.sum(axis=1), table[:, 2].sum())


def header_message(at: AppTest) -> bytes:
    (element,) = (found for found in at.get("bidi_component") if found.proto.bytes)
    return element.proto.bytes


def test_filters_are_added_and_removed_and_told():
    at = on_data_page()
    control(at, "Column").set_value("a")
    control(at, "must").set_value("<")
    at.text_input[0].set_value("0")
    at = press(at, "Add")
    below = sum(float(row.split(",")[1]) < 0 for row in CONTENT.decode().splitlines()[1:])
    assert f"{below} points" in at.success[0].value
    assert "is less than 0" in said(at)
    at = press(at, "Remove")
    assert "60 points" in at.success[0].value


def test_a_logarithm_tells_its_consequence_and_what_it_drops():
    at = put(on_data_page(), "Logarithm across", True)
    assert "log\\-normal" in said(at)
    assert "not positive" in said(at)


def test_a_wrong_guess_can_be_corrected():
    content = b"a,b\n1,5;2,5\n3,5;4,5\n5,5;7,5\n"
    at = on_data_page(content, "odd.csv")
    at = put(at, "Between the columns", ",")
    assert len(at.dataframe[0].value.columns) == 3
    at = put(at, "First row", False)
    assert at.dataframe[0].value.index[0] == "line 1"


def test_a_file_that_could_not_be_read_can_be_explained():
    at = on_data_page(b"u,v\n", "names.csv")
    assert "no rows" in at.error[0].value
    at = put(at, "First row", False)
    assert len(at.error) == 1, "of two columns of words there are no points, but they can be seen"
    assert at.dataframe[0].value.to_numpy().tolist() == [["u", "v"]]
    at = upload(at, "good.csv", CONTENT)
    assert len(at.error) == 0
    assert "60 points" in at.success[0].value


def test_a_pair_is_taken_with_one_click():
    at = on_data_page()
    # Of id, a, b, count, in pairs.
    pair = 5
    (pills,) = [group for group in at.get("button_group") if group.label == "Take a pair"]
    at = checked(pills.set_value(pair).run())
    found = experiment(in_lab(at))
    assert (found.x, found.y) == ("b", "count")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(NASTY)[::8])
def test_nasty_files_end_in_a_table_or_a_sentence(name):
    at = on_data_page(NASTY[name], f"{name}.csv")
    assert len(at.dataframe) >= 1 or (len(at.error) == 1 and len(at.error[0].value) < 500)
    in_lab(at)


def test_a_file_that_cannot_be_read_leaves_the_one_before():
    at = upload(on_data_page(), "broken.csv", b"\x00\x01\x02")
    assert len(at.error) == 1
    assert list(at.dataframe[0].value.columns) == ["id", "a", "b", "kind", "count"]


def test_a_session_file_opens_as_it_was():
    experiment_saved = replace(UPLOAD, weight="count", turn=25.0)
    data, run, text = saved(experiment_saved)
    at = upload(opened(), "class.json", text.encode())
    said_header, arrays = decode(header_message(at))
    np.testing.assert_array_equal(arrays["points"].reshape(-1, 2), data.points)
    np.testing.assert_array_equal(arrays["log_likelihoods"], [s.log_likelihood for s in run.states])
    assert said_header["half_step"] == 3


@pytest.mark.parametrize("name", ["mouse", "old_faithful"])
def test_a_model_file_begins_where_it_ended(name):
    chosen = choose_data(Experiment(), name)
    data = data_of(chosen, None)
    run = run_of(chosen, data)
    text = gmm_core.save_model(outcome_of(chosen, data, run).model)
    at = upload(opened(data=name, k="5"), "model.json", text.encode())
    assert len(at.warning) == 0
    _, arrays = decode(header_message(at))
    assert arrays["log_likelihoods"][0] == pytest.approx(run.log_likelihood, rel=1e-12)
    at = upload(opened(data="blobs"), "model.json", text.encode())
    assert "other points" in at.warning[0].value


@pytest.mark.parametrize("cut", [0.3, 0.9])
def test_a_broken_session_or_model_is_one_sentence(cut):
    text = saved(UPLOAD)[2]
    at = upload(opened(), "class.json", text[: int(cut * len(text))].encode())
    assert len(at.error) == 1
    assert header(at)["total"] == Experiment().n_points


def test_a_packed_table_and_json_are_tables():
    at = on_data_page(gzip.compress(CONTENT, mtime=0), "measured.csv.gz")
    assert "60 points" in at.success[0].value
    rows = [{"a": i % 7, "b": i * i % 11, "kind": "u"} for i in range(30)]
    at = on_data_page(json.dumps(rows).encode(), "rows.json")
    assert "30 points" in at.success[0].value


# Taking home and sharing


@pytest.mark.parametrize("hidden", HIDEABLE)
def test_what_a_teachers_link_hides(hidden):
    at = opened(data="mouse", hide=hidden)
    labels = {widget.label for kind in ("selectbox", "slider") for widget in at.get(kind)}
    assert (labels == set()) == (hidden == "controls")
    if hidden != "controls":
        locked = {button.label for button in at.button if button.disabled}
        assert ({"New data", "New start"} <= locked) == (hidden == "seed")
    assert (header(at)["label_names"] == []) == (hidden == "truth")
    assert (header(at)["truth"] is None) == (hidden == "truth")


def test_the_hidden_truth_is_in_no_message():
    shown, hidden = (decode(header_message(opened(data="mouse", **more))) for more in ({}, {"hide": "truth"}))
    assert "labels" in shown[1]
    assert "labels" not in hidden[1]
    assert shown[1]["points"].tobytes() == hidden[1]["points"].tobytes()


def test_hidden_things_stay_hidden_when_people_go_on():
    at = opened(data="mouse", hide="truth,seed")
    at = put(at, "Components K", 5)
    assert experiment(at).hide == ("seed", "truth")
    at = put(at, "Data set", "blobs")
    assert experiment(at).hide == ("seed", "truth")
    assert header(at)["label_names"] == []


def cases_of(at: AppTest) -> list:
    return [group for group in at.get("button_group") if group.label == "Cases"]


def test_a_case_keeps_the_draws_that_a_link_locks():
    at = opened(hide="seed", seed="4", start_seed="9")
    at = checked(at.switch_page("pages/compare.py").run())
    at = checked(cases_of(at)[0].set_value("rings").run())
    found = experiment(at)
    assert (found.data, found.hide, found.data_seed, found.start_seed) == ("rings", ("seed",), 4, 9)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*GENERATORS, *CLASSICS])
def test_nothing_on_the_screen_tells_a_hidden_truth(name):
    """No title, sentence or name of a true cluster, and no number of components that is theirs."""
    at = opened(data=name, hide="truth", n="60", tol="0.01")
    known = GENERATORS.get(name) or CLASSICS[name]
    told = [*(element.value for kind in ("caption", "markdown", "info") for element in at.get(kind))]
    told += [option for box in at.selectbox for option in box.options] + [header(at)["title"]]
    labels = data_of(Experiment(data=name, n_points=60), None).label_names
    for text in (known.title, known.sentence, *labels):
        assert not any(text in sentence for sentence in told), text
    assert control(at, "Components K").value == NEUTRAL_K
    assert not {knob.label for knob in getattr(known, "knobs", ())} & {slider.label for slider in at.slider}
    at = checked(at.switch_page("pages/compare.py").run())
    assert cases_of(at) == []
    assert known.title not in header(at)["title"]


@pytest.mark.parametrize(
    "event",
    [
        {"type": "add_points", "points": [[0, 0]], "mixture": None},
        {"type": "clear_points"},
        {"type": "remove_point", "place": None},
        {"type": "move_mean", "mixture": MIXTURE},
    ],
)
def test_no_event_does_what_is_hidden(event):
    place = data_of(Experiment(), None).points[0].tolist()
    event = {"number": 5, **event} | ({"place": place} if "place" in event else {})
    before, _ = after([], hide="controls")
    said, _ = after([event], hide="controls")
    assert by_link(said) == by_link(before)
    # It is not sent again and again.
    assert said["acknowledged"] == 5
    assert by_link(after([event])[0]) != Experiment()


def test_hidden_controls_are_hidden_on_every_page_and_on_the_stage():
    at = opened(hide="controls")
    assert header(at)["locked"]
    for page in ("pages/compare.py", "pages/data.py", "pages/lab.py"):
        at = checked(at.switch_page(page).run())
        kinds = ("button", "slider", "selectbox", "select_slider", "toggle", "number_input", "file_uploader")
        assert [widget.label for kind in kinds for widget in at.get(kind)] == []
    assert not header(opened())["locked"]


@pytest.mark.parametrize("address", [{"data": "draw"}, {"n": "2", "k": "5"}, {"data": "upload"}])
@pytest.mark.parametrize("dial", ["on", "off"])
def test_the_comparison_says_why_there_is_nothing_to_compare(address, dial):
    at = checked(opened(dial=dial, **address).switch_page("pages/compare.py").run())
    assert header(at)["notice"]


def test_equal_points_on_the_dial_are_a_sentence():
    equal = {"data": "draw", "add": "1,1_1,1_1,1", "k": "1", "reg": "0.1", "from": "1,1,1,1,0,1"}
    at = checked(opened(dial="on", **equal).switch_page("pages/compare.py").run())
    assert "All points are the same" in header(at)["notice"]


def test_the_file_comes_back_with_its_columns():
    at = in_lab(on_data_page())
    before = experiment(at)
    at = put(put(at, "Data set", "mouse"), "Data set", UPLOADED)
    # The family is still that of the data in between, and K and the start suit it.
    others = ("n_components", "family", "start_seed")
    assert experiment(at) == replace(before, **{n: getattr(experiment(at), n) for n in others})
    assert header(at)["address"]["label"] == "kind"


def test_columns_can_be_changed_while_the_points_are_turned():
    at = opened(data="upload", turn="30")
    at = upload(at, "measured.csv", CONTENT)
    at = put(at, "Across", "count")
    assert header(at)["notice"] == ""
    assert (experiment(at).x, experiment(at).y) == ("count", "b")


@pytest.mark.slow
def test_undoing_keeps_few_tables():
    at = on_data_page()
    for header_row in (False, True) * 4:
        at = put(at, "First row", header_row)
    history = at.session_state["workspace of lab"].history
    assert len({id(file) for _, file in history if file is not None}) <= 3


@pytest.mark.slow
def test_every_generator_can_be_seen_on_every_page():
    for name in list(GENERATORS)[::3]:
        at = opened(data=name)
        for page in ("pages/compare.py", PAGE, "pages/lab.py"):
            at = checked(at.switch_page(page).run())


def test_a_link_to_a_file_names_it():
    at = in_lab(upload(opened(), "measured.csv", TABLE))
    address = header(at)["address"]
    assert (address["data"], address["file"]) == ("upload", "measured.csv")
    waiting = opened(**address)
    assert "measured.csv" in header(waiting)["notice"]
    again = upload(waiting, "measured.csv", TABLE)
    assert experiment(again) == from_address(address)[0]
    assert experiment(again).data == UPLOADED


def test_an_address_is_read_as_a_browser_writes_it():
    link = urlsplit("http://localhost/?data=upload&where=%5B%5B%22a%22%2C%22%3E%22%2C%221%22%5D%5D").query
    opened_experiment, _, complaints = from_address(dict(parse_qsl(link)))
    assert complaints == []
    assert opened_experiment.where == (("a", ">", "1"),)
