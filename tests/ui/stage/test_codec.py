"""The stage's message, read as its layout is documented, holds the run's numbers and nothing that a browser
cannot read."""

import json
import struct
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import gmm_core
from gmm_core import FAMILIES, EMRun, StopReason
from gmm_core.algorithms import MixtureRun
from gmm_core.datasets import BACKGROUND, CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.stage_message import TYPES, decode
from tests.strategies import QUICK, make_mixture, make_points
from ui import palette
from ui.analysis.fitting import run_of
from ui.data import EMPTY_EXTENT, data_of, extent_of, frame_of
from ui.experiment import DRAWN, NO_COLUMN, Experiment
from ui.experiment.address import VIEW_DEFAULTS, to_address
from ui.experiment.experiment import MIXTURE_ALGORITHMS
from ui.experiment.transitions import choose_data
from ui.stage import choices
from ui.stage.codec import EXACT_POINTS, UNLIKE, Scene, encode

SHAPES = {
    "weights": (1,),
    "means": (2,),
    "covariances": (3,),
    "constants": (1,),
    "whiteners": (3,),
    "counts": (1,),
    "moment_means": (2,),
    "scatters": (3,),
}
"""Numbers a state has for each component in the plane."""

ON_A_LINE = dict.fromkeys(SHAPES, (1,))
"""And on a line."""

ANSWERED = {"probabilities", "log_failures", "log_successes", "successes"}
"""And those where a yes/no column is fitted, one each."""


def scene_of(experiment: Experiment, *, fit: bool = True, **changes) -> Scene:
    data = data_of(experiment, None)
    run = run_of(experiment, data) if fit else None
    column = data.yes_no
    scene = Scene(
        points=data.points,
        run=run,
        identity="this run",
        beginning=1,
        data_identity="these data",
        extent=frame_of(data.extent),
        labels=data.labels,
        label_names=data.label_names,
        truth_is_gaussian=data.truth_is_gaussian,
        answers=None if column is None else column.values,
        answer_column="" if column is None else column.name,
        answer_names=("", "") if column is None else column.said,
        view={"colour": "hard"},
        view_defaults=VIEW_DEFAULTS,
        address=to_address(experiment),
    )
    return replace(scene, **changes)


def upper(matrices) -> np.ndarray:
    if np.shape(matrices)[-1] == 1:
        return np.asarray(matrices)[..., 0]
    return np.asarray(matrices)[..., [0, 0, 1], [0, 1, 1]]


def lower(matrices) -> np.ndarray:
    if np.shape(matrices)[-1] == 1:
        return np.asarray(matrices)[..., 0]
    return np.asarray(matrices)[..., [0, 1, 1], [0, 0, 1]]


def assert_holds_run(arrays: dict[str, np.ndarray], run: MixtureRun) -> None:
    n_states, k = len(run.states), run.mixture.n_components
    shapes = SHAPES if run.mixture.n_dimensions == 2 else ON_A_LINE
    shaped = {name: arrays[name].reshape(n_states, k, *shape) for name, shape in shapes.items()}
    for t, state in enumerate(run.states):
        mixture, moments = state.mixture, state.moments
        expected = {
            "weights": mixture.weights[:, None],
            "means": mixture.means,
            "covariances": upper(mixture.covariances),
            "constants": state.terms.constants[:, None],
            "whiteners": lower(state.terms.whiteners),
            "counts": moments.counts[:, None],
            "moment_means": moments.means,
            "scatters": upper(moments.scatters),
        }
        for name in shapes:
            np.testing.assert_array_equal(shaped[name][t], expected[name], err_msg=name)
    np.testing.assert_array_equal(arrays["curve"], run.curve)
    if isinstance(run, EMRun):
        np.testing.assert_array_equal(
            arrays["log_likelihoods"], [state.log_likelihood for state in run.states]
        )
        bounds = [gmm_core.lower_bound(old, new.mixture) for old, new in pairwise(run.states)]
        np.testing.assert_array_equal(arrays["bounds"], [run.curve[0], *bounds])
    answered = run.mixture.probabilities.size > 0
    assert (arrays.keys() & ANSWERED) == (ANSWERED if answered else set())
    for t, state in enumerate(run.states if answered else ()):
        told = {name: arrays[name].reshape(n_states, k, 1)[t] for name in ANSWERED}
        np.testing.assert_array_equal(told["probabilities"], state.mixture.probabilities)
        np.testing.assert_array_equal(told["log_failures"], state.terms.log_failures)
        np.testing.assert_array_equal(told["log_successes"], state.terms.log_successes)
        np.testing.assert_array_equal(told["successes"], state.moments.successes)
    temperatures = [state.temperature for state in run.states]
    np.testing.assert_array_equal(arrays.get("temperatures", np.ones(n_states)), temperatures)


@pytest.mark.parametrize("name", [*GENERATORS, *CLASSICS])
def test_every_number_arrives(name):
    scene = scene_of(choose_data(Experiment(), name))
    header, arrays = decode(encode(scene))
    run = scene.run
    assert run is not None
    assert_holds_run(arrays, run)
    np.testing.assert_array_equal(arrays["points"].reshape(scene.points.shape), scene.points)
    assert header["origin"] == [0.0] * header["dimensions"]
    assert header["dimensions"] == scene.points.shape[1] == run.mixture.n_dimensions
    assert (header["states"], header["components"]) == (len(run.states), run.mixture.n_components)
    assert header["total"] == len(scene.points)
    assert header["stop"] == {"reason": run.stop_reason.name, "sentence": run.explanation}
    assert ("labels" in arrays) == (scene.labels is not None)
    if scene.labels is not None:
        np.testing.assert_array_equal(arrays["labels"], scene.labels)
    shapes = SHAPES if header["dimensions"] == 2 else ON_A_LINE
    expected = shapes.keys() | {"curve", "log_likelihoods", "bounds"}
    if scene.answers is not None:
        expected |= ANSWERED | {"binary"}
        np.testing.assert_array_equal(arrays["binary"], scene.answers)
        assert header["answer"] == ["answer", "answer = no", "answer = yes"]
    else:
        assert header["answer"] is None
    assert arrays.keys() - {"points", "labels"} == expected


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_arrives(family):
    scene = scene_of(Experiment(family=family, n_points=80))
    assert scene.run is not None
    assert_holds_run(decode(encode(scene))[1], scene.run)


@pytest.mark.parametrize("y", ["", NO_COLUMN])
@pytest.mark.parametrize("yes", ["", "answer"])
@pytest.mark.parametrize("noise", [False, True])
@pytest.mark.parametrize("algorithm", MIXTURE_ALGORITHMS)
def test_every_algorithm_arrives(algorithm, noise, yes, y):
    data = "answers" if yes else Experiment.data
    scene = scene_of(Experiment(data, 80, y=y, yes=yes, algorithm=algorithm, noise=noise, n_components=4))
    run = scene.run
    assert run is not None
    header, arrays = decode(encode(replace(scene, algorithm=algorithm)))
    assert_holds_run(arrays, run)
    assert (header["algorithm"], header["curve_name"]) == (algorithm, run.curve_name)
    amounts = [state.mixture.noise.amount for state in run.states if state.mixture.noise is not None]
    np.testing.assert_array_equal(arrays.get("noise", np.empty(0)), amounts)
    assert len(amounts) == (len(run.states) if noise else 0)
    moved = [state for state in run.states if getattr(state, "move", None) is not None]
    assert header["moves"] == {str(state.iteration): str(state.move) for state in moved}
    if not noise and not yes:
        assert bool(moved) == (algorithm == "variational")


def test_what_is_said_of_the_scene_arrives():
    said = {
        "columns": ("Länge (mm)", "<b>"),
        "title": "Three “clusters”",
        "notice": "Nothing to fit.",
        "half_step": 7,
        "view": {"colour": "hard", "trails": False},
        "view_defaults": {"at": "0"},
        "address": {"k": "5"},
        "acknowledged": 2**53 - 1,
        "beginning": 4,
        "label_names": ("a", "b", "c"),
    }
    assert said.keys() <= {item.name for item in fields(Scene)}
    header, _ = decode(encode(scene_of(Experiment(n_points=50), **said)))
    assert {name: header[name] for name in said} == json.loads(json.dumps(said))
    assert (header["id"], header["data_id"]) == ("this run", "these data")
    assert header["palette"] == list(palette.COMPONENTS)


def test_the_row_of_background_noise_arrives():
    scene = scene_of(Experiment(n_points=80))
    assert scene.run is not None
    start = scene.run.states[0].mixture
    noisy = replace(start, weights=0.9 * start.weights, noise=gmm_core.Noise(0.1, 400.0))
    run = gmm_core.run(scene.points, noisy, max_steps=3)
    _, arrays = decode(encode(replace(scene, run=run)))
    assert_holds_run(arrays, run)
    rows = [state.mixture.log_joint.log_noise for state in run.states]
    np.testing.assert_array_equal(arrays["log_noise"], rows)
    assert len(set(rows)) > 1


def test_what_may_be_chosen_of_a_view_arrives():
    told = decode(encode(scene_of(Experiment(n_points=20))))[0]["choices"]
    assert told["colours"] == [list(pair) for pair in choices.COLOURS.items()]
    assert told["backgrounds"] == [list(pair) for pair in choices.BACKGROUNDS.items()]
    assert told["scales"] == [list(pair) for pair in choices.SCALES.items()]
    assert told["levels"] == list(choices.LEVELS)
    # Row r of the circles that are sent has the radius that the core lists in place r.
    assert [name for name, _ in told["radii"]] == ["rms", "most", "farthest"]
    assert gmm_core.RADII == ("rms", "90 %", "farthest")


def collapsed() -> EMRun:
    """A run with one component on a point far from all others."""
    points = np.concatenate([np.random.default_rng(0).standard_normal((60, 2)), [[90.0, 110.0]]])
    rng = np.random.default_rng(0)
    begin = gmm_core.initialize(points, 2, method="given_means", means=[[0, 0], [90, 110]], rng=rng)
    return gmm_core.run(points, begin)


def test_runs_of_one_state_and_collapsed_runs_arrive():
    run = collapsed()
    assert run.stop_reason is StopReason.COMPONENT_COLLAPSED
    for stopped in (run, replace(run, states=run.states[:1])):
        header, arrays = decode(encode(scene_of(Experiment(n_points=60), run=stopped)))
        assert_holds_run(arrays, stopped)
        assert header["stop"]["reason"] == "COMPONENT_COLLAPSED"


def test_a_scene_without_a_run_and_without_points_arrives():
    header, arrays = decode(encode(scene_of(choose_data(Experiment(), DRAWN), fit=False, notice="Draw.")))
    assert arrays["points"].size == 0
    assert arrays.keys() == {"points"}
    assert (header["states"], header["components"], header["total"]) == (0, 0, 0)
    assert header["stop"] is header["truth"] is None
    assert header["extent"] == list(frame_of(EMPTY_EXTENT))
    assert header["notice"] == "Draw."


def test_points_without_a_run_arrive():
    scene = scene_of(Experiment(n_points=40), fit=False)
    header, arrays = decode(encode(scene))
    np.testing.assert_array_equal(arrays["points"].reshape(-1, 2), scene.points)
    assert (header["states"], header["total"], len(arrays["labels"])) == (0, 40, 40)


@pytest.mark.parametrize("n_points", [3, 6, 7, 50])
def test_every_array_begins_at_a_multiple_of_eight(n_points):
    # An odd number of labels, of four bytes each, is what could push the next array off.
    for title in ("", "a", "ab", "ü" * 5):
        message = encode(scene_of(Experiment(n_points=n_points, n_components=1), title=title))
        (length,) = struct.unpack_from("<I", message, 4)
        header, _ = decode(message)
        assert (8 + length) % 8 == 0
        places = sorted((place["offset"], place) for place in header["arrays"].values())
        assert all(offset % 8 == 0 for offset, _ in places)
        sizes = [np.dtype(TYPES[place["type"]]).itemsize * place["length"] for _, place in places]
        ends = [offset + size for (offset, _), size in zip(places, sizes, strict=True)]
        assert all(end <= offset < end + 8 for end, (offset, _) in zip(ends, places[1:], strict=False))
        assert 8 + length + ends[-1] <= len(message) < 8 + length + ends[-1] + 8


# Many points


@pytest.mark.parametrize("offset", [0.0, 1e6, -1e12])
def test_beyond_exact_points_they_travel_shorter_and_lose_next_to_nothing(offset):
    points = np.random.default_rng(0).standard_normal((EXACT_POINTS + 1, 2)) * [1.0, 30.0] + offset
    scene = scene_of(Experiment(n_points=10, n_components=1), points=points, labels=None)
    header, arrays = decode(encode(scene))
    assert arrays["points"].dtype == np.float32
    arrived = arrays["points"].reshape(-1, 2).astype(np.float64) + header["origin"]
    assert (np.abs(arrived - points).max(axis=0) <= 1e-7 * np.ptp(points, axis=0)).all()
    exact = replace(scene, points=points[:-1])
    np.testing.assert_array_equal(decode(encode(exact))[1]["points"], points[:-1].ravel())


@pytest.mark.parametrize(("n_points", "limit"), [(500, 60_000), (5_000, 160_000)])
def test_the_message_stays_small(n_points, limit):
    assert len(encode(scene_of(Experiment(n_points=n_points)))) < limit


# The view


@pytest.mark.parametrize(
    ("width", "scale"), [(1.01 * UNLIKE, "free"), (0.99 * UNLIKE, "equal"), (1.0, "equal")]
)
def test_axes_have_one_scale_unless_a_column_would_be_a_line(width, scale):
    for frame in [(0.0, width, -1.0, 0.0), (3.0, 4.0, 0.0, width)]:
        assert decode(encode(scene_of(Experiment(n_points=30), extent=frame)))[0]["scale"] == scale


@pytest.mark.parametrize(("name", "scale"), [("iris", "equal"), ("old_faithful", "free"), ("mouse", "equal")])
def test_the_scale_that_known_data_need(name, scale):
    header, _ = decode(encode(scene_of(choose_data(Experiment(), name))))
    assert header["scale"] == scale


coordinate = st.floats(-1e12, 1e12)


@QUICK
@given(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=8))
def test_the_frame_holds_every_point(places):
    points = np.array(places)
    scene = scene_of(
        Experiment(n_points=10), fit=False, points=points, labels=None, extent=frame_of(extent_of(points))
    )
    x0, x1, y0, y1 = decode(encode(scene))[0]["extent"]
    assert (points > [x0, y0]).all()
    assert (points < [x1, y1]).all()


# The truth


def test_the_true_ellipses_are_those_of_the_labelled_points():
    mixture = make_mixture(np.random.default_rng(1), 3, 2)
    points = make_points(np.random.default_rng(2), mixture, 120)
    labels = np.repeat([0, 1, 2, BACKGROUND], [50, 40, 2, 28])
    scene = scene_of(Experiment(), points=points, labels=labels, truth_is_gaussian=True)
    truth = decode(encode(scene))[0]["truth"]
    # Two points have no ellipse, and the background is no cluster.
    groups = [points[:50], points[50:90]]
    np.testing.assert_allclose(truth["weights"], [50 / 120, 40 / 120])
    np.testing.assert_allclose(np.reshape(truth["means"], (-1, 2)), [group.mean(axis=0) for group in groups])
    covariances = [np.cov(group.T, bias=True) for group in groups]
    np.testing.assert_allclose(np.reshape(truth["covariances"], (-1, 3)), upper(covariances))


@pytest.mark.parametrize(
    "changes",
    [{"labels": None}, {"truth_is_gaussian": False}, {"labels": np.full(500, BACKGROUND)}],
    ids=["no labels", "curved", "background alone"],
)
def test_no_truth_is_told_where_there_is_none(changes):
    header, _ = decode(encode(scene_of(Experiment(), **changes)))
    assert header["truth"] is None


@pytest.mark.parametrize("n_components", [1, 2, 3, 12])
def test_each_true_label_wears_a_colour_of_its_own_that_of_its_component(n_components):
    scene = scene_of(Experiment(n_components=n_components))
    colours = decode(encode(scene))[0]["label_colours"]
    assert len(set(colours)) == len(scene.label_names) == 3
    assert set(colours) <= set(range(len(palette.COMPONENTS)))
    if n_components == 3:
        assert scene.run is not None
        shares = gmm_core.responsibilities(scene.points, scene.run.mixture)
        held = [shares[np.asarray(scene.labels) == label].sum(axis=0).argmax() for label in range(3)]
        assert colours == held
