"""New rows on the page: brought, scored by one model or another, put away, and never lost by a bad file."""

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

import gmm_core
from tests.ui.app.test_app import checked, control, opened, press, upload
from tests.ui.app.test_app_yes_no import words_of
from ui.workspace import Workspace

BRING = "A second table, whose rows the model has not seen"
PATIENCE = 30.0
FAITHFUL = b"waiting,eruptions,note\n80,4.2,a\n50,1.9,b\n,3,c\n200,9,d\n"


def rows_page(at: AppTest) -> AppTest:
    return checked(at.switch_page("pages/choose.py").run())


def bring(at: AppTest, name: str, content: bytes) -> AppTest:
    (place,) = [place for place in at.file_uploader if place.label == BRING]
    return settled(checked(place.set_value((name, content, "text/csv")).run()))


def settled(at: AppTest) -> AppTest:
    """The page when all that it has begun to compute has ended."""
    assert all(one.wait(PATIENCE) for one in workspace(at).watched.values())
    return checked(at.run())


def workspace(at: AppTest) -> Workspace:
    return at.session_state["workspace of lab"]


def listed(at: AppTest) -> pd.DataFrame:
    (frame,) = at.dataframe
    return frame.value


def faithful() -> AppTest:
    return rows_page(opened(data="old_faithful", part="rows", among="tied", most="3", fit="tied_2"))


def test_rows_are_scored_by_the_models_that_there_are_and_put_away():
    at = bring(faithful(), "new.csv", FAITHFUL)
    frame = listed(at)
    assert frame["outlier"].tolist() == ["no", "no", "", "yes"]
    assert frame["not scored"].tolist() == ["", "", "waiting is missing", ""]
    assert frame["note"].tolist() == ["a", "b", "c", "d"]
    said = words_of(at)
    assert "3 rows are scored by the sweep's best by BIC: 3 components, tied (EEE)." in said
    assert "1 row cannot be scored and stays in the table" in said
    at = checked(control(at, "Scored by").set_value("lab").run())
    current = workspace(at)
    mixture = current.stages["lab"].result.run.mixture
    points = np.array([[4.2, 80.0], [1.9, 50.0], [9.0, 200.0]])
    components = (gmm_core.predict(points, mixture) + 1).astype(str).tolist()
    assert [cell for cell in listed(at)["component"] if cell] == components
    at = checked(control(at, "Scored by").set_value("picked").run())
    assert "scored by the fit that you picked: 2 components" in words_of(at)
    at = checked(control(at, "Rows").set_value("Outliers").run())
    assert listed(at)["row"].tolist() == [4]
    at = press(at, "Clear")
    assert current.second.file is None
    assert len(at.dataframe) == 0


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a,b\n1,2\n3,4\n", "has no columns “eruptions” and “waiting”"),
        (b"\x00\x01\x02", ""),
        (b"", ""),
        (b'{"format": "gmm-lab session"}', ""),
    ],
)
def test_a_bad_second_file_leaves_everything_as_it_was(content, sentence):
    at = bring(faithful(), "new.csv", FAITHFUL)
    current = workspace(at)
    before, experiment = listed(at), current.experiment
    at = bring(at, "bad.csv", content)
    (error,) = at.error
    assert sentence in error.value.replace("\\", "")
    pd.testing.assert_frame_equal(listed(at), before)
    assert current.second.file.name == "new.csv"
    assert current.experiment == experiment
    assert current.upload_error == ""
    # A browser empties the place before another file comes.
    (place,) = [place for place in at.file_uploader if place.label == BRING]
    at = settled(checked(place.set_value([]).run()))
    pd.testing.assert_frame_equal(listed(at), before)
    assert len(at.error) == 0
    at = bring(at, "better.csv", FAITHFUL[:-10])
    assert len(listed(at)) == 3


def test_other_data_whose_columns_the_rows_lack_say_so_and_keep_them():
    at = bring(faithful(), "new.csv", FAITHFUL)
    at = checked(control(at, "Data set").set_value("iris").run())
    assert "has no columns “sepal_length” and “petal_length”" in words_of(at)
    assert len(at.dataframe) == 0
    at = settled(press(at, "Undo"))
    assert len(listed(at)) == 4


@pytest.mark.parametrize(
    "address",
    [
        {"data": "galaxies"},
        {"data": "iris", "x": "sepal_length", "y": "petal_length", "more": "sepal_width,petal_width"},
        {"data": "answers"},
        {"data": "mouse", "noise": "on"},
        {"data": "blobs", "n": "12", "hide": "truth,controls"},
    ],
)
def test_on_lines_in_more_columns_with_answers_and_with_noise(address):
    at = rows_page(opened(part="rows", among="tied", most="3", **address))
    data = workspace(at).data[1]
    names = data.rows_brought.used_columns
    frame = pd.DataFrame(dict(zip(names, data.own_points[:5].T, strict=True)))
    if data.yes_no:
        frame[data.yes_no.name] = [data.yes_no.words[int(value)] for value in data.yes_no.values[:5]]
    far = frame.iloc[[0]].assign(**{names[0]: 1e6})
    at = bring(at, "new.csv", pd.concat([frame, far]).to_csv(index=False).encode())
    found = listed(at)
    assert found["outlier"].tolist()[-1] == "yes"
    assert all(found["component"])
    assert len(at.get("plotly_chart")) == 1


def test_of_a_file_the_rows_are_read_as_people_said_of_it():
    first = "a;b\n" + "".join(f"{i},5;{i * i % 7},25\n" for i in range(20))
    at = rows_page(upload(opened(part="rows", among="tied", most="2"), "first.csv", first.encode()))
    at = bring(at, "second.csv", b"b;a;k\n3,25;4,5;1\n2,25;7,5;2\n")
    assert listed(at)["a"].tolist() == [4.5, 7.5]
    assert listed(at)["component"].tolist() != ["", ""]
