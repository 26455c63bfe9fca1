"""Figures as data: what is drawn, how often, and whether the drawing tells the truth about EM."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import plotly.graph_objects as go
import pytest

from gmm_core import FAMILIES, STARTS, EMRun, StopReason, initialize, lower_bound, run
from gmm_core.generators import GENERATORS, generate
from ui.figures.likelihood import likelihood_figure

LIKELIHOOD, BOUND = "log-likelihood", "bound"


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


def trace(figure: go.Figure, name: str) -> tuple[np.ndarray, np.ndarray]:
    (found,) = figure.select_traces({"name": name})
    return np.asarray(found.x, dtype=float), np.asarray(found.y, dtype=float)


def likelihoods_of(em_run: EMRun) -> np.ndarray:
    return np.array([state.log_likelihood for state in em_run.states])


def rounding(em_run: EMRun) -> float:
    """What the sums of a likelihood may differ by."""
    return 1e-9 * float(np.abs(likelihoods_of(em_run)).max())


def test_the_cases_are_what_they_are_called():
    assert all(em_run.stop_reason is StopReason.COMPONENT_COLLAPSED for em_run in COLLAPSED.values())
    assert len(COLLAPSED["one state"].states) == 1
    assert (np.diff(likelihoods_of(FALLING["reg_covar"])) < 0).any()


@every_run
def test_there_are_two_staircases_with_two_pictures_a_state(em_run):
    figure = likelihood_figure(em_run)
    assert [item.name for item in figure.data] == [LIKELIHOOD, BOUND]
    n_pictures = 2 * len(em_run.states)
    for item in figure.data:
        assert item.line.shape == "hv"
        assert item.mode == "lines"
        x, y = trace(figure, item.name)
        assert len(x) == len(y) == n_pictures
        # The picture that shows state t's ellipses is at t, the one with its colours half a step later.
        np.testing.assert_array_equal(x, np.arange(n_pictures) / 2)
    assert figure.data[0].line.dash != figure.data[1].line.dash


@every_run
def test_the_likelihood_is_that_of_the_states(em_run):
    _, y = trace(likelihood_figure(em_run), LIKELIHOOD)
    np.testing.assert_array_equal(y[0::2], likelihoods_of(em_run))
    np.testing.assert_array_equal(y[1::2], likelihoods_of(em_run))


@every_run
def test_the_bound_touches_the_likelihood_after_each_e_step_and_is_never_above_it(em_run):
    figure = likelihood_figure(em_run)
    (_, likelihood), (_, bound) = trace(figure, LIKELIHOOD), trace(figure, BOUND)
    np.testing.assert_array_equal(bound[1::2], likelihood[1::2])
    assert np.isnan(bound[0])
    assert np.isfinite(bound[1:]).all()
    assert (bound[1:] <= likelihood[1:] + rounding(em_run)).all()


@every_run
def test_after_each_m_step_the_bound_is_that_of_the_old_responsibilities(em_run):
    _, bound = trace(likelihood_figure(em_run), BOUND)
    expected = [lower_bound(old, new.mixture) for old, new in pairwise(em_run.states)]
    np.testing.assert_allclose(bound[2::2], expected, rtol=1e-12)


@rising_run
def test_both_staircases_climb(em_run):
    figure = likelihood_figure(em_run)
    for name in (LIKELIHOOD, BOUND):
        _, y = trace(figure, name)
        y = y[np.isfinite(y)]
        assert (np.diff(y) >= -rounding(em_run)).all()
        # A run that never moved would pass any test of climbing.
        assert y[-1] > y[0]


@every_run
def test_the_axes_hold_everything(em_run):
    figure = likelihood_figure(em_run)
    for name in (LIKELIHOOD, BOUND):
        x, y = trace(figure, name)
        for axis, values in ((figure.layout.xaxis, x), (figure.layout.yaxis, y[np.isfinite(y)])):
            low, high = axis.range
            assert low < values.min() <= values.max() < high
    assert figure.layout.xaxis.title.text


@every_run
def test_colours_are_left_to_the_page(em_run):
    figure = likelihood_figure(em_run)
    assert all(item.line.color is None for item in figure.data)
    assert figure.layout.paper_bgcolor is figure.layout.plot_bgcolor is None
    assert not figure.layout.template.to_plotly_json()


def test_a_run_without_a_rise_has_a_range_all_the_same():
    one = COLLAPSED["one state"]
    for likelihood in (0.0, -1e12):
        still = replace(one, states=(replace(one.states[0], log_likelihood=likelihood),))
        low, high = likelihood_figure(still).layout.yaxis.range
        assert low < likelihood < high
