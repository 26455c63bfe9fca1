"""The code that people take home is run here, as they would run it."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gmm_core
from gmm_core import FAMILIES, Mixture, Noise, StopReason, Variant
from tests.outcomes import blobs, faithful, iris, outcome_of
from tests.scripts import executed
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import Experiment
from ui.experiment.experiment import MIXTURE_ALGORITHMS
from ui.export.code import COVARIANCE_TYPES, CodeError, gmm_core_code, points_csv, scikit_learn_code
from ui.export.finished import outcome_of as outcome_of_experiment
from ui.export.outcome import Outcome

ROOT = Path(__file__).resolve().parents[3]

STANDARD = [name for name, family in FAMILIES.items() if family.letters in COVARIANCE_TYPES]


DATA = {
    "faithful": (faithful, 2),
    "iris": (iris, 3),
    "elongated": (blobs, 4),
    "far away": (lambda: blobs() + 1e5, 3),
    "in small units": (lambda: blobs() * 1e-4, 2),
    "one component": (blobs, 1),
}


def assert_same_fit(names: dict[str, Any], outcome: Outcome, tolerance: float = 1e-6) -> None:
    """Parameters to 1e-6 of the spread of the points, and the log-likelihood."""
    mixture, spread = outcome.run.mixture, outcome.points.std()
    np.testing.assert_allclose(names["weights"], mixture.weights, rtol=0, atol=tolerance)
    np.testing.assert_allclose(names["means"], mixture.means, rtol=0, atol=tolerance * min(1, spread))
    within = tolerance * min(1, spread**2)
    np.testing.assert_allclose(names["covariances"], mixture.covariances, rtol=0, atol=within)
    assert names["log_likelihood"] == pytest.approx(outcome.run.log_likelihood, rel=1e-9)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("family", STANDARD)
def test_scikit_learn_takes_the_same_steps(
    family: str, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, n_components = DATA[data]
    outcome = outcome_of(make(), n_components, family)
    assert_same_fit(executed(scikit_learn_code(outcome), points_csv(outcome), tmp_path, monkeypatch), outcome)


@pytest.mark.parametrize("family", FAMILIES)
def test_gmm_core_gives_the_same_bits(family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = outcome_of(iris(), 3, family, reg_covar=1e-4, tolerance=1e-5, max_steps=40)
    names = executed(gmm_core_code(outcome), points_csv(outcome), tmp_path, monkeypatch)
    assert_same_fit(names, outcome, tolerance=0)
    assert names["run"].stop_reason is outcome.run.stop_reason
    assert len(names["run"].states) == len(outcome.run.states)


@pytest.mark.parametrize("family", STANDARD)
@pytest.mark.parametrize("reg_covar", [1e-3, 0.5])
def test_reg_covar_means_the_same_to_both(
    reg_covar: float, family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = outcome_of(faithful(), 2, family, reg_covar=reg_covar)
    for code in (gmm_core_code(outcome), scikit_learn_code(outcome)):
        assert_same_fit(executed(code, points_csv(outcome), tmp_path, monkeypatch), outcome)


def test_a_run_at_the_limit_is_repeated_so_far(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = outcome_of(blobs(), 3, max_steps=4)
    assert outcome.run.stop_reason is StopReason.STEP_LIMIT
    for code in (gmm_core_code(outcome), scikit_learn_code(outcome)):
        assert_same_fit(executed(code, points_csv(outcome), tmp_path, monkeypatch), outcome)


def test_a_fall_is_repeated_to_its_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = outcome_of(iris(), 3, reg_covar=0.3, tolerance=0.0)
    assert outcome.run.stop_reason is StopReason.LIKELIHOOD_FELL
    for code in (gmm_core_code(outcome), scikit_learn_code(outcome)):
        assert_same_fit(executed(code, points_csv(outcome), tmp_path, monkeypatch), outcome)


def test_a_collapse_is_repeated_up_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.vstack([blobs(), np.full((9, 2), 9.0)])
    start = Mixture([0.98, 0.02], [[0.0, 0.0], [8.0, 8.0]], [np.eye(2) * 4, np.eye(2) * 20])
    outcome = outcome_of(points, start=start, tolerance=0.0)
    assert outcome.run.stop_reason is StopReason.COMPONENT_COLLAPSED
    assert len(outcome.run.states) > 2
    for code in (gmm_core_code(outcome), scikit_learn_code(outcome)):
        assert_same_fit(executed(code, points_csv(outcome), tmp_path, monkeypatch), outcome)


def test_a_collapse_in_the_first_step_leaves_nothing_to_repeat() -> None:
    points = np.vstack([blobs(), np.full((9, 2), 90.0)])
    start = Mixture([0.98, 0.02], [[0.0, 0.0], [90.0, 90.0]], [np.eye(2) * 4, np.eye(2)])
    outcome = outcome_of(points, start=start)
    assert len(outcome.run.states) == 1
    with pytest.raises(CodeError, match="before its first step"):
        scikit_learn_code(outcome)


@pytest.mark.parametrize("family", ["tied", "diag", "spherical"])
def test_a_start_of_another_shape_is_met_after_one_step(
    family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = gmm_core.run(blobs(), gmm_core.initialize(blobs(), 3, rng=np.random.default_rng(5)), max_steps=3)
    outcome = outcome_of(blobs(), family=family, start=full.mixture)
    code = scikit_learn_code(outcome)
    assert "after one step" in code
    assert_same_fit(executed(code, points_csv(outcome), tmp_path, monkeypatch), outcome)


@pytest.mark.parametrize(
    "variant",
    [
        Variant(equal_weights=True),
        Variant(temperature=1.5),
        Variant(sample_weights=np.linspace(0.5, 2, 272)),
        Variant(prior=gmm_core.default_prior(faithful(), 2)),
        Variant(covariances=np.array([np.diag([0.1, 30.0])] * 2), sample_weights=[1] * 272),
    ],
    ids=["equal weights", "temperature", "weights of points", "prior", "fixed covariances"],
)
def test_variants_are_repeated_too(variant: Variant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome = outcome_of(faithful(), 2, variant=variant)
    names = executed(gmm_core_code(outcome), points_csv(outcome), tmp_path, monkeypatch)
    assert_same_fit(names, outcome, tolerance=0)
    with pytest.raises(CodeError, match="plain EM"):
        scikit_learn_code(outcome)


def test_noise_is_repeated_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = Mixture([0.5, 0.4], [[2, 55], [4.3, 80]], [np.diag([0.1, 30.0])] * 2, Noise(0.1, 200.0))
    outcome = outcome_of(faithful(), start=start)
    names = executed(gmm_core_code(outcome), points_csv(outcome), tmp_path, monkeypatch)
    assert_same_fit(names, outcome, tolerance=0)
    assert names["run"].mixture.noise == outcome.run.mixture.noise
    with pytest.raises(CodeError, match="noise"):
        scikit_learn_code(outcome)


@pytest.mark.parametrize("noise", [False, True])
@pytest.mark.parametrize("algorithm", MIXTURE_ALGORITHMS)
def test_every_algorithm_is_repeated(
    algorithm: str, noise: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = Experiment("noise", 120, algorithm=algorithm, noise=noise, n_components=4, equal=True)
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    taken = outcome_of_experiment(experiment, data, run)
    names = executed(gmm_core_code(taken), points_csv(taken), tmp_path, monkeypatch)
    assert names["run"].stop_reason is run.stop_reason
    np.testing.assert_array_equal(names["run"].curve, run.curve)
    np.testing.assert_array_equal(names["means"], run.mixture.means)
    assert names["log_likelihood"] == pytest.approx(taken.log_likelihood, rel=1e-12)
    with pytest.raises(CodeError):
        scikit_learn_code(taken)


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - set(STANDARD)))
def test_other_families_are_declined_in_a_sentence(family: str) -> None:
    with pytest.raises(CodeError, match=rf"^scikit-learn has no family {family}: .*\.$"):
        scikit_learn_code(outcome_of(iris(), family=family, max_steps=2))


NASTY = [
    "end\nraise SystemExit('escaped')",
    "end\rraise SystemExit('escaped')",
    "end\x0craise SystemExit('escaped')",
    '""" + exit() + """',
    "-*- coding: utf-7 -*- +AAo-raise SystemExit",
    "\x00\x85\u2028\u202e\ud800 {x} %s \\N{BULLET} \\",
    "x" * 10_000,
]


@pytest.mark.parametrize("text", NASTY)
def test_names_cannot_leave_their_comments(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = outcome_of(faithful(), 2, title=text, columns=(text, text), max_steps=3)
    plain = outcome_of(faithful(), 2, max_steps=3)
    for make in (gmm_core_code, scikit_learn_code):
        code = make(outcome)
        assert_same_fit(executed(code, points_csv(outcome), tmp_path, monkeypatch), outcome)
        others = [line for line in code.splitlines() if not line.startswith("# Data: ")]
        assert others == [line for line in make(plain).splitlines() if not line.startswith("# Data: ")]
        assert max(map(len, code.splitlines())) < 1000
    assert points_csv(outcome) == points_csv(plain)


@pytest.mark.slow
def test_they_run_as_scripts(tmp_path: Path) -> None:
    outcome = outcome_of(faithful(), 2, title="Old Faithful, größer")
    (tmp_path / "points.csv").write_text(points_csv(outcome), encoding="utf-8")
    for name, code in (("core", gmm_core_code(outcome)), ("sklearn", scikit_learn_code(outcome))):
        script = tmp_path / f"fit_{name}.py"
        script.write_text(code, encoding="utf-8")
        command = [sys.executable, "-W", "error", str(script)]
        answer = subprocess.run(
            command, cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True
        )
        assert answer.returncode == 0, answer.stderr
        value = answer.stdout.split("log-likelihood ")[1].split()[0]
        assert float(value) == pytest.approx(outcome.run.log_likelihood, rel=1e-9)
