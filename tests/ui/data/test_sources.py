"""Where points come from: each kind of data shows what the experiment says, or says in a sentence why not."""

import numpy as np
import pytest

from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS, generate
from tests.experiments import DROPPED, TABLE, assert_one_sentence, chosen, drawn
from ui.data import data_of
from ui.experiment import DRAWN, UPLOADED
from ui.experiment.transitions import new_data, set_knob
from ui.uploads import select_points

IN_THE_PLANE = [name for name in CLASSICS if CLASSICS[name].y]
KNOBS = [(name, knob) for name, generator in GENERATORS.items() for knob in generator.knobs]


@pytest.mark.parametrize("name", GENERATORS)
def test_a_generator_draws_what_the_experiment_says(name):
    experiment = chosen(name, data_seed=5, n_points=123)
    data = data_of(experiment, None)
    expected = generate(name, n_points=123, rng=np.random.default_rng(5))
    np.testing.assert_array_equal(data.points, expected.points)
    np.testing.assert_array_equal(data.labels, expected.labels)
    assert data.label_names == expected.label_names
    assert (data.title, data.columns) == (GENERATORS[name].title, ("x", "y"))
    assert (data.dropped, data.notice) == ((), "")
    assert data.truth_is_gaussian == (name not in {"moons", "rings", "spiral", "uniform"})
    assert not np.array_equal(data_of(new_data(experiment), None).points, data.points)


@pytest.mark.parametrize(("name", "knob"), KNOBS, ids=lambda value: getattr(value, "name", value))
def test_every_knob_reaches_the_points(name, knob):
    turned = set_knob(chosen(name), knob.name, knob.high if knob.high != knob.default else knob.low)
    points = data_of(turned, None).points
    expected = generate(name, rng=np.random.default_rng(turned.data_seed), **dict(turned.knobs))
    np.testing.assert_array_equal(points, expected.points)
    assert not np.array_equal(data_of(turned, None).fitted, data_of(chosen(name), None).fitted)


@pytest.mark.parametrize("name", IN_THE_PLANE)
def test_a_classic_shows_the_chosen_columns_and_says_what_it_leaves_out(name):
    classic = CLASSICS[name]
    for x, y in [(classic.x, classic.y), (classic.y, classic.x), tuple(classic.columns)[-2:]]:
        data = data_of(chosen(name, x=x, y=y), None)
        expected = classic.pair(x, y)
        np.testing.assert_array_equal(data.points, expected.points)
        assert data.columns == (classic.axis_titles[x], classic.axis_titles[y])
        assert data.title == classic.title
        assert data.truth_is_gaussian == (data.labels is not None) == bool(classic.label_names)
        missing = len(classic.labels) - len(data.points)
        assert len(data.dropped) == (missing > 0)
        for sentence in data.dropped:
            assert_one_sentence(sentence)
            assert str(missing) in sentence
    usual = data_of(chosen(name), None)
    np.testing.assert_array_equal(usual.points, classic.pair(classic.x, classic.y).points)


@pytest.mark.parametrize("name", IN_THE_PLANE)
@pytest.mark.parametrize("columns", [{"x": "nonsense"}, {"y": "nonsense"}, {"x": "same", "y": "same"}])
def test_columns_that_a_classic_lacks_are_a_notice(name, columns):
    first = CLASSICS[name].x
    data = data_of(chosen(name, **{k: v.replace("same", first) for k, v in columns.items()}), None)
    assert data.points.shape == (0, 2)
    assert_one_sentence(data.notice)
    assert ("nonsense" if "nonsense" in columns.values() else first) in data.notice


def test_a_drawing_begins_empty_and_holds_what_was_put_in():
    empty = data_of(chosen(DRAWN), None)
    assert empty.points.shape == (0, 2)
    assert_one_sentence(empty.notice)
    data = data_of(drawn(DROPPED), None)
    np.testing.assert_array_equal(data.points, DROPPED)
    assert (data.labels, data.notice) == (None, "")


def test_an_uploaded_table_shows_its_columns_and_what_was_dropped():
    data = data_of(chosen(UPLOADED), TABLE)
    np.testing.assert_array_equal(data.points, DROPPED)
    assert (data.columns, data.title, data.labels) == (("a", "b"), "measured.csv", None)
    assert data.dropped == select_points(TABLE).dropped.reasons != ()
    other = data_of(chosen(UPLOADED, x="c", y="a"), TABLE)
    assert other.columns == ("c", "a")
    np.testing.assert_array_equal(other.points[:5, 0], [10 * y for _, y in DROPPED])


def test_without_its_file_or_its_column_an_upload_is_a_notice():
    for data in (data_of(chosen(UPLOADED), None), data_of(chosen(UPLOADED, x="nonsense"), TABLE)):
        assert data.points.shape == (0, 2)
        assert_one_sentence(data.notice)
    assert "nonsense" in data.notice
