"""K-Means beside a mixture: the same centres, matched colours, honest circles, and a dial between the two."""

from dataclasses import replace

import numpy as np
import pytest

import gmm_core
from gmm_core import kmeans
from tests.ui.stage.test_codec import decode, scene_of
from ui.analysis.comparing import RATIOS, comparison_of
from ui.analysis.fitting import run_of
from ui.data import MOST_COMPARED, Data, data_of, thinned
from ui.experiment import Experiment
from ui.experiment.cases import CASES
from ui.experiment.transitions import choose_data
from ui.stage.codec import encode


def compared(experiment: Experiment):
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    return data, run, comparison_of(experiment, data, run)


@pytest.mark.parametrize("name", CASES)
def test_both_begin_with_the_same_centres(name):
    _, run, comparison = compared(CASES[name].experiment)
    np.testing.assert_array_equal(comparison.run.states[0].centres, run.states[0].mixture.means)
    assert sorted(comparison.order.tolist()) == list(range(run.mixture.n_components))


@pytest.mark.parametrize("name", CASES)
def test_no_other_naming_of_the_clusters_would_make_more_points_agree(name):
    data, run, comparison = compared(CASES[name].experiment)
    ends = gmm_core.responsibilities(data.points, run.mixture).argmax(axis=1)
    clusters = kmeans.assign(data.points, comparison.run.centres[comparison.order])
    agreeing = (ends == clusters).sum()
    rng = np.random.default_rng(0)
    for _ in range(50):
        renamed = rng.permutation(run.mixture.n_components)[clusters]
        assert (ends == renamed).sum() <= agreeing


def test_both_half_steps_lower_the_inertia():
    data, _, comparison = compared(choose_data(Experiment(), "rings"))
    inertias = comparison.inertias
    assert len(inertias) == 2 * len(comparison.run.states)
    assert (np.diff(inertias) <= 1e-12 * inertias[0]).all()
    assert inertias[-1] == pytest.approx(comparison.run.inertia)
    # After a move the points still wear their old colours.
    first, second = comparison.run.states[:2]
    labels = kmeans.assign(data.points, first.centres)
    moved = ((data.points - second.centres[labels]) ** 2).sum()
    assert inertias[2] == pytest.approx(moved)


def test_circles_are_those_of_the_colours_about_the_centres():
    data, _, comparison = compared(choose_data(Experiment(), "mouse"))
    states = comparison.run.states
    assert (comparison.radii[0] == 0).all()
    for picture in (1, 2, 5, 6):
        t, colours = picture // 2, (picture - 1) // 2
        labels = kmeans.assign(data.points, states[colours].centres)
        for k, centre in enumerate(states[t].centres):
            distances = np.linalg.norm(data.points[labels == k] - centre, axis=1)
            rms, most, farthest = comparison.radii[picture, :, k]
            assert rms == pytest.approx(np.sqrt((distances**2).mean()))
            assert (distances <= most * (1 + 1e-12)).mean() >= 0.9 > (distances < most * (1 - 1e-12)).mean()
            assert farthest == pytest.approx(distances.max())


def test_the_dial_goes_from_softness_to_k_means():
    data, run, comparison = compared(replace(choose_data(Experiment(), "blobs"), dial=True))
    dial = comparison.dial
    assert dial is not None
    assert len(dial.runs) == len(RATIOS) == len(dial.entropies) == len(dial.disagreements)
    assert dial.entropies[0] > 0.3
    assert dial.entropies[-1] < 1e-9
    assert dial.disagreements[-1] == 0
    for each in dial.runs:
        np.testing.assert_array_equal(each.states[0].mixture.means, run.states[0].mixture.means)
    np.testing.assert_allclose(dial.deviations, RATIOS * np.sqrt(data.points.var(axis=0).mean()))
    np.testing.assert_array_equal(comparison.order, np.arange(run.mixture.n_components))


@pytest.mark.parametrize("dial", [False, True])
def test_the_message_carries_both(dial):
    experiment = replace(choose_data(Experiment(), "mouse"), dial=dial)
    _, run, comparison = compared(experiment)
    header, arrays = decode(encode(scene_of(experiment, run=run, comparison=comparison)))
    states, order = comparison.run.states, comparison.order
    assert header["kmeans"]["states"] == len(states)
    assert header["kmeans"]["stop"]["reason"] == comparison.run.stop_reason.name
    means = arrays["kmeans_means"].reshape(len(states), -1, 2)
    np.testing.assert_array_equal(means, [state.centres[order] for state in states])
    weights = arrays["kmeans_weights"].reshape(len(states), -1)
    np.testing.assert_allclose(weights.sum(axis=1), 1)
    np.testing.assert_array_equal(arrays["kmeans_values"], comparison.inertias)
    radii = arrays["kmeans_radii"].reshape(comparison.radii.shape)
    np.testing.assert_array_equal(radii, comparison.radii[:, :, order])
    if not dial:
        assert header["dial"] is None
        return
    assert comparison.dial is not None
    ends = np.cumsum(header["dial"]["lengths"]) - 1
    means = arrays["dial_means"].reshape(-1, 3, 2)
    np.testing.assert_array_equal(means[ends], [each.mixture.means for each in comparison.dial.runs])
    likelihoods = [each.log_likelihood for each in comparison.dial.runs]
    np.testing.assert_array_equal(arrays["dial_curve"][ends], likelihoods)


def test_of_too_many_points_the_same_ones_are_drawn_each_time_and_it_is_said():
    points = np.random.default_rng(1).standard_normal((MOST_COMPARED + 10, 2))
    data = Data(points, labels=np.arange(len(points)), label_names=("some",))
    few = thinned(data)
    assert len(few.points) == MOST_COMPARED
    np.testing.assert_array_equal(few.points, points[few.labels])
    np.testing.assert_array_equal(few.points, thinned(data).points)
    assert f"{MOST_COMPARED:,} of the {len(points):,} points" in few.dropped[-1]
    assert thinned(few) is few
