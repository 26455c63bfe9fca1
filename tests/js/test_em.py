"""EM in the page's own JavaScript against gmm_core: every state of every run, in Node."""

import json
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gmm_core
from gmm_core import Variant
from tests.js.test_javascript import NODE
from ui.analysis.stops import sentence_of
from ui.data import Data, extent_of
from ui.experiment import Experiment
from ui.stage.page_fit import PAGE_FAMILIES


@dataclass(frozen=True)
class Case:
    """What both are asked to fit."""

    points: np.ndarray
    n_components: int = 3
    reg_covar: float = 0.0
    tolerance: float = 1e-6
    max_steps: int = 60
    weights: np.ndarray | None = None
    equal: bool = False
    stop_when_falling: bool = True
    start: list[list[float]] | None = None
    """Means to begin with; none for a drawn start."""


def _blobs(rng: np.random.Generator) -> Case:
    centres = np.array([[0.0, 0.0], [4.0, 1.0], [1.0, 5.0]])
    return Case(centres[np.arange(150) % 3] + rng.normal(size=(150, 2)))


def _elongated(rng: np.random.Generator) -> Case:
    """A thousand times as long as wide, and turned."""
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    middles = np.array([[0.0, -1.0], [0.0, 0.0], [0.0, 1.0]])[np.arange(120) % 3]
    return Case((rng.normal(size=(120, 2)) * [50.0, 0.05] + middles) @ turn.T)


def _thin_cluster(rng: np.random.Generator) -> Case:
    return Case(np.vstack([rng.normal(size=(80, 2)), [3.0, 3.0] + rng.normal(size=(40, 2)) * [1.0, 1e-4]]))


def _outlier(rng: np.random.Generator) -> Case:
    return Case(np.vstack([rng.normal(size=(100, 2)), [[400.0, -300.0]]]), reg_covar=1e-3)


def _heavy_tails(rng: np.random.Generator) -> Case:
    return Case(rng.standard_t(1.5, size=(150, 2)), reg_covar=1e-3)


def _far(rng: np.random.Generator) -> Case:
    case = _blobs(rng)
    return Case(case.points + np.array([1e6, -1e6]))


def _line(rng: np.random.Generator) -> Case:
    return Case(rng.normal(size=(90, 1)) + np.array([[-4.0], [0.0], [3.0]])[np.arange(90) % 3])


def _far_line(rng: np.random.Generator) -> Case:
    return Case(_line(rng).points * 1e-3 + 1e3, reg_covar=1e-9)


def _duplicates(rng: np.random.Generator) -> Case:
    return Case(np.repeat(rng.normal(size=(25, 2)).round(1), 4, axis=0), reg_covar=1e-3)


def _collapse(rng: np.random.Generator) -> Case:
    """A fifth of the points in one place, and no regularisation."""
    return Case(np.vstack([rng.normal(size=(60, 2)), np.full((15, 2), 2.0)]), tolerance=0.0, max_steps=80)


def _regularised_collapse(rng: np.random.Generator) -> Case:
    return Case(_collapse(rng).points, reg_covar=1e-3, max_steps=80)


def _empty(rng: np.random.Generator) -> Case:
    """Two clusters so far apart that one more component between them is left without a point."""
    return Case(_blobs(rng).points, start=[[0.0, 0.0], [4.0, 1.0], [1e4, 1e4]])


def _falling(rng: np.random.Generator) -> Case:
    """Regularisation as wide as the clusters."""
    return Case(_blobs(rng).points, reg_covar=2.0, tolerance=1e-9)


def _going_on(rng: np.random.Generator) -> Case:
    """The same, with components that weigh the same, and on beyond the step that lost."""
    return replace(_falling(rng), equal=True, stop_when_falling=False)


def _weighted(rng: np.random.Generator) -> Case:
    return Case(_blobs(rng).points, weights=rng.uniform(0.0, 3.0, size=150))


def _units(rng: np.random.Generator) -> Case:
    """One axis in units a hundred million times as large as the other's."""
    return Case(_blobs(rng).points * [1e-6, 1e2])


DATA: dict[str, Callable[[np.random.Generator], Case]] = {
    make.__name__.strip("_"): make
    for make in (
        _blobs,
        _elongated,
        _thin_cluster,
        _outlier,
        _heavy_tails,
        _far,
        _line,
        _far_line,
        _duplicates,
        _collapse,
        _regularised_collapse,
        _empty,
        _falling,
        _going_on,
        _weighted,
        _units,
    )
}

CASES = {f"{name}, {family}": (make, family) for name, make in DATA.items() for family in PAGE_FAMILIES}


def begun(case: Case, family: str) -> gmm_core.Mixture:
    drawn = gmm_core.initialize(case.points, case.n_components, method="kmeans++", rng=1, family=family)
    return drawn if case.start is None else replace(drawn, means=np.array(case.start))


def pythons(case: Case, family: str, start: gmm_core.Mixture) -> gmm_core.EMRun:
    return gmm_core.run(
        case.points,
        start,
        family=family,
        reg_covar=case.reg_covar,
        tolerance=case.tolerance,
        max_steps=case.max_steps,
        variant=Variant(sample_weights=case.weights, equal_weights=case.equal),
        stop_when_falling=case.stop_when_falling,
    )


def told(case: Case, family: str, start: gmm_core.Mixture) -> dict[str, Any]:
    """As fit_em.js reads it."""
    return {
        "points": case.points.tolist(),
        "weights": None if case.weights is None else case.weights.tolist(),
        "start": {
            "weights": start.weights.tolist(),
            "means": start.means.tolist(),
            "covariances": start.covariances.tolist(),
        },
        "settings": {
            "family": family,
            "regCovar": case.reg_covar,
            "tolerance": case.tolerance,
            "maxSteps": case.max_steps,
            "equalWeights": case.equal,
            "stopWhenFalling": case.stop_when_falling,
        },
    }


Both = dict[str, tuple[Case, gmm_core.EMRun, dict[str, Any]]]
"""What was fitted, Python's run of it, and the page's."""


@pytest.fixture(scope="module")
def both() -> Both:
    asked, runs = [], []
    for make, family in CASES.values():
        case = make(np.random.default_rng(3))
        start = begun(case, family)
        asked.append(told(case, family, start))
        runs.append((case, pythons(case, family, start)))
    script = Path(__file__).with_name("fit_em.js")
    answer = subprocess.run(
        [NODE, script], input=json.dumps({"cases": asked}), capture_output=True, text=True, encoding="utf-8"
    )
    assert answer.returncode == 0, answer.stderr
    found = json.loads(answer.stdout)
    return {name: (*run, there) for name, run, there in zip(CASES, runs, found, strict=True)}


RELATIVE = 1e-9


def covariances_in(states: list[list[float]], n_components: int, n_dimensions: int) -> np.ndarray:
    """(T, K, D, D) of what the stage has: xx, xy and yy of every component, 1 across a line."""
    entries = np.array(states).reshape(len(states), n_components, 3)
    matrices = entries[..., [[0, 1], [1, 2]]]
    if n_dimensions == 1:
        assert (entries[..., 1:] == [0.0, 1.0]).all()
    return matrices[..., :n_dimensions, :n_dimensions]


def unknown_of_likelihood(mixture: gmm_core.Mixture, n_points: int) -> float:
    """By how much the log-likelihood may differ because covariances are known to float64's digits alone, in
    nats: their determinants lose as many of them as an ellipse is thin. It matters in the last state before
    a collapse onto a line, and nowhere else."""
    if mixture.n_dimensions == 1:
        return 0.0
    deviations = np.sqrt(np.einsum("kdd->kd", mixture.covariances))
    correlations = mixture.covariances[:, 0, 1] / deviations.prod(axis=1)
    return n_points * 16 * np.finfo(float).eps / float((1.0 - np.abs(correlations)).min())


@pytest.mark.parametrize("name", CASES)
def test_every_state_is_that_of_python(name: str, both: Both) -> None:
    """To a billionth: weights of themselves, means of the points' spread along the axis, covariances of the
    component's own variances, and likelihoods of themselves or of a nat a point."""
    case, run, found = both[name]
    n_points, n_dimensions = case.points.shape
    assert found["reason"] == run.stop_reason.name
    assert len(found["means"]) == len(run.states)
    mixtures = [state.mixture for state in run.states]
    k = case.n_components
    np.testing.assert_allclose(found["weights"], [mixture.weights for mixture in mixtures], rtol=RELATIVE)
    means = np.array(found["means"]).reshape(-1, k, 2)
    off = (means[..., :n_dimensions] - [mixture.means for mixture in mixtures]) / case.points.std(axis=0)
    assert np.abs(off).max() < RELATIVE
    wanted = np.array([mixture.covariances for mixture in mixtures])
    deviations = np.sqrt(np.einsum("tkdd->tkd", wanted))
    scale = deviations[..., :, None] * deviations[..., None, :]
    off = (covariances_in(found["covariances"], k, n_dimensions) - wanted) / scale
    assert np.abs(off).max() < RELATIVE
    for t, (state, value) in enumerate(zip(run.states, found["log_likelihoods"], strict=True)):
        size = max(abs(state.log_likelihood), n_points)
        known = unknown_of_likelihood(state.mixture, n_points)
        assert abs(value - state.log_likelihood) < RELATIVE * size + known, t
        if t:
            assert abs(found["bounds"][t - 1] - run.lower_bounds[t - 1]) < RELATIVE * size + known, t


def test_thin_ellipses_alone_are_excused(both: Both) -> None:
    """What likelihoods are allowed beyond a billionth is next to nothing but at a collapse onto a line."""
    excused = {
        name
        for name, (case, run, _) in both.items()
        for state in run.states
        if unknown_of_likelihood(state.mixture, len(case.points)) > RELATIVE * len(case.points)
    }
    assert excused == {"collapse, full"}


def test_the_cases_are_unlike_each_other(both: Both) -> None:
    """Every way to end is among them, and a component that is lost is the same one, with what it held."""
    reasons = {run.stop_reason.name for _, run, _ in both.values()}
    assert reasons == {"CONVERGED", "STEP_LIMIT", "COMPONENT_COLLAPSED", "LIKELIHOOD_FELL"}
    for case, run, found in both.values():
        assert (run.collapse is None) == (found["collapse"] is None)
        if run.collapse is not None:
            assert found["collapse"]["component"] == run.collapse.component
            known = unknown_of_likelihood(run.mixture, len(case.points))
            assert abs(found["collapse"]["count"] - run.collapse.count) < RELATIVE * len(case.points) + known
            assert found["collapse"]["isEmpty"] == run.collapse.is_empty


@pytest.mark.parametrize("name", CASES)
def test_why_it_ended_is_said_as_python_says_it(name: str, both: Both) -> None:
    case, run, found = both[name]
    experiment = Experiment(
        family=name.split(", ")[1], step_limit=case.max_steps, n_components=case.n_components
    )
    data = Data(case.points, extent_of(case.points))
    assert found["sentence"] == sentence_of(experiment, data, run)
