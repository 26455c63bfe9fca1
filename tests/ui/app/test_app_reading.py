"""The data page: a wrong guess about a file is corrected, and the correction travels in the link."""

import pytest

from tests.ui.app.test_app import checked, opened, press, upload
from tests.ui.app.test_app import put as put_one
from tests.ui.app.test_app_data import on_data_page
from ui.data import data_of
from ui.experiment.address import from_address, to_address
from ui.uploads import Reading, read_table
from ui.uploads.table import CONTROLS

MARKED = b"x,y\n1,2\n-99,3\n4,9999\n5,6\n2,3\n7,1\n"
TOTALLED = b"s,x,y\nA,1.5,2\nB,1.4,3\nC,1.2,2.5\nTotal,4.1,7.5\n"
PAIRS = b"x,y\n1,2,5\n3,4,75\n5,6,9\n"


def experiment(at):
    return at.session_state["workspace of lab"].experiment


def marks(at):
    (found,) = [widget for widget in at.multiselect if widget.label == CONTROLS["missing"]]
    return found


def put(at, title: str, value):
    return checked(marks(at).set_value(value).run()) if isinstance(value, list) else put_one(at, title, value)


def n_points(at) -> int:
    return int(at.success[0].value.split()[0])


def test_numbers_that_stand_apart_are_taken_for_missing_with_one_press():
    at = on_data_page(MARKED, "marked.csv")
    assert n_points(at) == 6
    at = press(at, "Take \\-99 and 9999 for missing")
    assert n_points(at) == 4
    assert marks(at).value == ["-99", "9999"]
    assert not [button for button in at.button if "for missing" in button.label]
    at = put(at, CONTROLS["missing"], ["-99"])
    assert n_points(at) == 5


def test_totals_come_back_when_asked_for():
    at = on_data_page(TOTALLED, "sums.csv")
    assert n_points(at) == 3
    assert n_points(put(at, CONTROLS["totals"], True)) == 4


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "title", "value"),
    [
        (MARKED, "missing", ["-99"]),
        (TOTALLED, "totals", True),
        (PAIRS, "decimal", ","),
        (b"a;b\n1,5;2,5\n3,5;4,5\n5,5;7,5\n", "separator", ","),
        (b"a;b\n1,5;2,5\n3,5;4,5\n5,5;7,5\n", "header", 0),
        (b'a,b\n"1,234",5\n"2,345",6\n3,7\n', "thousands", "'"),
        ("größe,b\n1,5\n2,6\n3,7\n".encode("latin-1"), "encoding", "cp1251"),
    ],
)
def test_a_correction_travels_in_the_link(content, title, value):
    at = put(on_data_page(content, "odd.csv"), CONTROLS[title], value)
    table = at.session_state["workspace of lab"].file.table
    address = to_address(experiment(at))
    assert [*experiment(at).reading.corrections] == [title]
    again, _, complaints = from_address(address)
    assert (again, complaints) == (experiment(at), [])
    # Whoever gets the link has only to bring the file.
    other = upload(opened(**address), "odd.csv", content)
    arrived = other.session_state["workspace of lab"].file.table
    assert (arrived.names, arrived.reading) == (table.names, table.reading)
    if len(table.numeric_names) > 1:
        assert data_of(again, arrived).points.tolist() == data_of(experiment(at), table).points.tolist()


def test_a_correction_that_does_not_suit_the_file_is_ignored_with_a_word():
    at = upload(opened(data="upload", reading='{"separator": "|"}'), "plain.csv", b"x,y\n1,2\n3,4\n5,7\n")
    assert at.session_state["workspace of lab"].file.table.names == ("x", "y")
    assert experiment(at).reading == Reading()
    assert "pipe" in " ".join(element.value for element in at.warning)


def test_a_second_correction_keeps_the_first():
    at = on_data_page(PAIRS, "odd.csv")
    at = put(at, CONTROLS["decimal"], ",")
    at = put(at, CONTROLS["missing"], ["3"])
    assert experiment(at).reading == Reading(decimal=",", missing=("3",))
    assert n_points(at) == 2
    assert read_table("odd.csv", PAIRS, experiment(at).reading).columns["y"].tolist() == [2.5, 4.75, 6.9]
