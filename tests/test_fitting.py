"""From an experiment to its points and its run: the same choices give the same numbers, bit for bit, and
what cannot be fitted says so in one sentence."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import FAMILIES, STARTS, EMRun, Mixture, initialize
from gmm_core.datasets import BACKGROUND, CLASSICS
from gmm_core.generators import GENERATORS, generate
from tests.strategies import QUICK
from ui import data as bringing
from ui import fitting
from ui.address import from_address, to_address
from ui.data import data_of
from ui.experiment import (
    DRAWN,
    UPLOADED,
    Experiment,
    add_points,
    choose_data,
    move_mean,
    new_data,
    new_start,
    remove_point,
    set_knob,
)
from ui.fitting import run_of
from ui.uploads import read_table, select_points

METHODS = [name for name in STARTS if STARTS[name].needs is None]
KNOBS = [(name, knob) for name, generator in GENERATORS.items() for knob in generator.knobs]
DROPPED = [(1.0, 2.0), (3.0, 4.5), (5.0, 2.5), (7.0, 8.0), (2.5, 7.5)]
ROWS = "".join(f"{x},{y},{10 * y}\n" for x, y in DROPPED)
TABLE = read_table("measured.csv", f"a,b,c\n{ROWS}9,unknown,1\n".encode())


def chosen(data: str, **changes) -> Experiment:
    return replace(choose_data(Experiment(), data), **changes)


def drawn(places) -> Experiment:
    """An experiment on hand-made points alone."""
    return replace(chosen(DRAWN), added=tuple((float(x), float(y)) for x, y in places))


def outcome(experiment: Experiment) -> EMRun:
    return run_of(experiment, data_of(experiment, TABLE))


def by_link(experiment: Experiment) -> Experiment:
    opened, complaints = from_address(to_address(experiment))
    assert not complaints
    return opened


def assert_same_run(a: EMRun, b: EMRun) -> None:
    assert len(a.states) == len(b.states)
    assert a.stop_reason is b.stop_reason
    for one, other in zip(a.states, b.states, strict=True):
        assert one.log_likelihood == other.log_likelihood
        for name in ("weights", "means", "covariances"):
            np.testing.assert_array_equal(getattr(one.mixture, name), getattr(other.mixture, name))
        np.testing.assert_array_equal(one.moments.scatters, other.moments.scatters)


def assert_one_sentence(text: str) -> None:
    assert re.fullmatch(r"[A-Z0-9][^\n]*\.", text)
    assert ". " not in text
    assert len(text) < 250


# Where the points come from


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
    assert data.truth_is_gaussian == (name not in bringing.CURVED)
    assert not np.array_equal(data_of(new_data(experiment), None).points, data.points)


def test_curved_names_generators():
    assert GENERATORS.keys() > bringing.CURVED


@pytest.mark.parametrize(("name", "knob"), KNOBS, ids=lambda value: getattr(value, "name", value))
def test_every_knob_reaches_the_points(name, knob):
    turned = set_knob(chosen(name), knob.name, knob.high if knob.high != knob.default else knob.low)
    points = data_of(turned, None).points
    expected = generate(name, rng=np.random.default_rng(turned.data_seed), **dict(turned.knobs))
    np.testing.assert_array_equal(points, expected.points)
    assert not np.array_equal(points, data_of(chosen(name), None).points)


@pytest.mark.parametrize("name", CLASSICS)
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


@pytest.mark.parametrize("name", CLASSICS)
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


# Points put in and taken out


@pytest.mark.parametrize("name", [*GENERATORS, *CLASSICS, DRAWN, UPLOADED])
@QUICK
@given(actions=st.lists(st.none() | st.integers(0, 999), max_size=12))
def test_what_a_hand_did_is_done_to_the_points_it_saw(name, actions):
    experiment = chosen(name)
    before = data_of(experiment, TABLE)
    places = before.points.tolist()
    labels = [] if before.labels is None else before.labels.tolist()
    for number, action in enumerate(actions):
        if action is None:
            places.append([float(number), -0.25])
            labels.append(BACKGROUND)
            experiment = add_points(experiment, [(number, -0.25)], None)
        elif places:
            index = action % len(places)
            places.pop(index)
            if before.labels is not None:
                labels.pop(index)
            experiment = remove_point(experiment, index, None)
    after = data_of(experiment, TABLE)
    np.testing.assert_array_equal(after.points, np.reshape(places, (-1, 2)))
    if before.labels is not None:
        np.testing.assert_array_equal(after.labels, labels)
    assert after.labels is before.labels or before.labels is not None
    np.testing.assert_array_equal(data_of(by_link(experiment), TABLE).points, after.points)


def test_a_point_that_is_not_there_cannot_be_taken_out():
    experiment = chosen("blobs", removed=(10**6,))
    np.testing.assert_array_equal(data_of(experiment, None).points, data_of(chosen("blobs"), None).points)


@pytest.mark.parametrize("name", [*GENERATORS, *CLASSICS, DRAWN, UPLOADED])
def test_the_frame_holds_every_point_and_stays_while_points_inside_it_change(name):
    before = data_of(chosen(name), TABLE)
    x0, x1, y0, y1 = before.frame
    inside = ((0.4 * x0 + 0.6 * x1, 0.5 * (y0 + y1)), (x1 - 0.01 * (x1 - x0), y0))
    assert data_of(chosen(name, added=inside, removed=(0, 1)), TABLE).frame == before.frame
    for data in (before, data_of(chosen(name, added=((-1e6, 3.0), (5.0, 1e7))), TABLE)):
        x0, x1, y0, y1 = data.frame
        assert x0 < x1
        assert y0 < y1
        assert ((data.points >= [x0, y0]) & (data.points <= [x1, y1])).all()


@pytest.mark.parametrize("places", [[(3, 4)], [(3, 4), (3, 9)], [(1e9, 1), (1e9, 1)], [(0, 0), (0, 0)]])
def test_points_without_extent_still_have_a_frame(places):
    x0, x1, y0, y1 = bringing.frame_of(np.array(places, dtype=float))
    assert x0 < min(x for x, _ in places) <= max(x for x, _ in places) < x1
    assert y0 < min(y for _, y in places) <= max(y for _, y in places) < y1


# The run


@pytest.mark.parametrize("name", [*GENERATORS, *CLASSICS, UPLOADED])
def test_the_same_choices_give_the_same_points_and_run_bit_for_bit(name):
    # Five uploaded points carry one component.
    experiment = chosen(name, **({"n_components": 1} if name == UPLOADED else {}))
    first = data_of(experiment, TABLE)
    again = data_of(by_link(experiment), TABLE)
    np.testing.assert_array_equal(first.points, again.points)
    assert_same_run(run_of(experiment, first), run_of(by_link(experiment), again))


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("family", FAMILIES)
def test_the_run_begins_where_the_experiment_says(family, method):
    experiment = Experiment(family=family, start=method, start_seed=3, n_components=4, tolerance=1e-3)
    data = data_of(experiment, None)
    rng = np.random.default_rng(3)
    expected = initialize(data.points, 4, method=method, family=family, rng=rng)
    run = run_of(experiment, data)
    np.testing.assert_array_equal(run.states[0].mixture.means, expected.means)
    np.testing.assert_array_equal(run.states[0].mixture.covariances, expected.covariances)
    assert_same_run(run, outcome(by_link(experiment)))
    other = outcome(new_start(experiment)).states[0].mixture
    assert np.array_equal(other.means, expected.means) != STARTS[method].is_drawn


def test_tolerance_and_regularisation_reach_the_run():
    usual = outcome(Experiment())
    assert len(outcome(Experiment(tolerance=0.01)).states) < len(usual.states)
    assert len(outcome(Experiment(tolerance=0.0)).states) > len(usual.states)
    assert len(outcome(Experiment(tolerance=0.0)).states) <= fitting.STEP_LIMIT + 1
    wide = outcome(Experiment(reg_covar=2.0)).mixture.covariances
    assert np.linalg.eigvalsh(wide).min() >= 2.0 > np.linalg.eigvalsh(usual.mixture.covariances).min()


@pytest.mark.parametrize("family", FAMILIES)
@QUICK
@given(seed=st.integers(0, 10**6), step=st.integers(0, 5), shift=st.floats(-3, 3), k=st.integers(0, 2))
def test_a_link_to_a_dragged_run_opens_the_dragged_run(family, seed, step, shift, k):
    # Two dozen steps rather than a hundred: runs that begin alike and differ do so at once.
    experiment = Experiment(n_points=60, data_seed=seed, family=family, tolerance=1e-3)
    states = outcome(experiment).states
    seen = states[min(step, len(states) - 1)].mixture
    means = seen.means.copy()
    means[k] += [shift, -shift / 3]
    dragged = move_mean(experiment, Mixture(seen.weights, means, seen.covariances))
    run = outcome(dragged)
    np.testing.assert_allclose(run.states[0].mixture.means, means, rtol=1e-11)
    assert_same_run(run, outcome(by_link(dragged)))


IMPOSSIBLE = {
    "no points": drawn([]),
    "fewer points than components": replace(drawn([(0, 0), (1, 1)]), n_components=3),
    "fewer distinct points than components": replace(drawn([(0, 0), (1, 1)] * 9), n_components=3),
    "one place": replace(drawn([(2, 2)] * 9), n_components=1),
    "beyond squaring": drawn([(0, 0), (1e200, 1), (3, 4), (5, 6)]),
    "no mixture to start from": Experiment(given=((1.0, 0.0, 0.0, 1.0, 2.0, 1.0),)),
    "more components than a file has rows": chosen(UPLOADED, n_components=12),
}


@pytest.mark.parametrize("experiment", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_fitted_says_why_in_one_sentence(experiment):
    data = data_of(experiment, TABLE)
    with pytest.raises(ValueError, match=r".") as caught:
        run_of(experiment, data)
    assert_one_sentence(str(caught.value))
