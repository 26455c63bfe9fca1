"""From an experiment to its points and its run: the same choices give the same numbers, bit for bit, and
what cannot be fitted says so in one sentence."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import FAMILIES, STARTS, EMRun, Mixture, initialize
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.experiments import TABLE, assert_one_sentence, by_link, chosen, drawn
from tests.strategies import QUICK
from ui.analysis import fitting
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import UPLOADED, Experiment
from ui.experiment.transitions import (
    move_mean,
    new_start,
)

METHODS = [name for name in STARTS if STARTS[name].needs is None]


def outcome(experiment: Experiment) -> EMRun:
    return run_of(experiment, data_of(experiment, TABLE))


def assert_same_run(a: EMRun, b: EMRun) -> None:
    assert len(a.states) == len(b.states)
    assert a.stop_reason is b.stop_reason
    for one, other in zip(a.states, b.states, strict=True):
        assert one.log_likelihood == other.log_likelihood
        for name in ("weights", "means", "covariances"):
            np.testing.assert_array_equal(getattr(one.mixture, name), getattr(other.mixture, name))
        np.testing.assert_array_equal(one.moments.scatters, other.moments.scatters)


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
    "no mixture to start from": Experiment(start_mixture=((1.0, 0.0, 0.0, 1.0, 2.0, 1.0),)),
    "more components than a file has rows": chosen(UPLOADED, n_components=12),
}


@pytest.mark.parametrize("experiment", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_what_cannot_be_fitted_says_why_in_one_sentence(experiment):
    data = data_of(experiment, TABLE)
    with pytest.raises(ValueError, match=r".") as caught:
        run_of(experiment, data)
    assert_one_sentence(str(caught.value))
