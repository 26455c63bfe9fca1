"""The staircase of a run as the stage is sent it: whether it tells the truth about EM."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gmm_core import FAMILIES, STARTS, EMRun, StopReason, initialize, lower_bound, run
from gmm_core.datasets.generators import GENERATORS, generate
from tests.stage_message import decode
from ui.stage.codec import Scene, encode


def run_on(name: str, *, family: str = "full", method: str = "kmeans++", reg_covar: float = 0.0) -> EMRun:
    points = generate(name, n_points=150, rng=np.random.default_rng(1)).points
    k = GENERATORS[name].n_components
    begin = initialize(points, k, method=method, family=family, rng=np.random.default_rng(1))
    return run(points, begin, family=family, reg_covar=reg_covar, max_steps=60)


def collapsed_run() -> EMRun:
    """Two states and then a collapse onto the point that lies far from all others."""
    points = np.concatenate([np.random.default_rng(0).standard_normal((60, 2)), [[90.0, 110.0]]])
    rng = np.random.default_rng(0)
    begin = initialize(points, 2, method="given_means", means=[[0, 0], [90, 110]], rng=rng)
    return run(points, begin)


METHODS = [name for name in STARTS if STARTS[name].needs is None]
RISING = {name: run_on(name) for name in GENERATORS}
RISING |= {f"elongated, {family}": run_on("elongated", family=family) for family in FAMILIES}
RISING |= {f"mouse from {method}": run_on("mouse", method=method) for method in METHODS}
FALLING = {"reg_covar": run_on("elongated", reg_covar=4.0)}
COLLAPSED = {
    "collapsed": collapsed_run(),
    "one state": replace(collapsed_run(), states=collapsed_run().states[:1]),
}
ALL = RISING | FALLING | COLLAPSED
every_run = pytest.mark.parametrize("em_run", ALL.values(), ids=ALL)
rising_run = pytest.mark.parametrize("em_run", RISING.values(), ids=RISING)


def sent(em_run: EMRun) -> tuple[np.ndarray, np.ndarray]:
    """(T,) each: the likelihoods and the bounds that the stage is sent."""
    scene = Scene(np.zeros((1, 2)), em_run, "run", 0, "data", (0.0, 1.0, 0.0, 1.0))
    _, arrays = decode(encode(scene))
    return arrays["log_likelihoods"], arrays["bounds"]


def rounding(em_run: EMRun) -> float:
    """What the sums of a likelihood may differ by."""
    return 1e-9 * max(abs(state.log_likelihood) for state in em_run.states)


def test_the_cases_are_what_they_are_called():
    assert all(em_run.stop_reason is StopReason.COMPONENT_COLLAPSED for em_run in COLLAPSED.values())
    assert len(COLLAPSED["one state"].states) == 1
    assert (np.diff([state.log_likelihood for state in FALLING["reg_covar"].states]) < 0).any()


@every_run
def test_the_likelihood_is_that_of_the_states(em_run):
    likelihoods, _ = sent(em_run)
    np.testing.assert_array_equal(likelihoods, [state.log_likelihood for state in em_run.states])


@every_run
def test_the_bound_is_never_above_the_likelihood(em_run):
    likelihoods, bounds = sent(em_run)
    assert np.isfinite(bounds).all()
    assert bounds[0] == likelihoods[0]
    assert (bounds <= likelihoods + rounding(em_run)).all()


@every_run
def test_after_each_m_step_the_bound_is_that_of_the_old_responsibilities(em_run):
    expected = [lower_bound(old, new.mixture) for old, new in pairwise(em_run.states)]
    np.testing.assert_allclose(sent(em_run)[1][1:], expected, rtol=1e-12)


@rising_run
def test_the_m_step_raises_the_bound_above_the_likelihood_of_before(em_run):
    likelihoods, bounds = sent(em_run)
    assert (bounds[1:] - likelihoods[:-1] >= -rounding(em_run)).all()
    # A run that never moved would pass any test of climbing.
    assert likelihoods[-1] > likelihoods[0]
