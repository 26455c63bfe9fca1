"""What people take home of a fit with a yes/no column says so, and repeats it to the last digit."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gmm_core
from tests.experiments import chosen
from tests.scripts import executed
from tests.stage_message import decode
from tests.ui.data.test_beside import ANSWERED, FRAME, TABLE
from ui.analysis.algorithms import OFFERED
from ui.analysis.fitting import run_of
from ui.data import Data, data_of
from ui.experiment import UPLOADED, Experiment
from ui.export.caveats import caveats
from ui.export.code import gmm_core_code, points_csv
from ui.export.figure import mixture_figure
from ui.export.finished import outcome_of
from ui.export.outcome import Outcome
from ui.export.report import report
from ui.export.results import results
from ui.workspace import LAB, Workspace
from ui.workspace.scene import message_of
from ui.workspace.workspace import File

ANSWERS = chosen("answers", n_points=120)
PENGUINS = chosen("penguins", yes="sex")
UPLOAD = replace(ANSWERED, weight="count")
KINDS = {"answers": ANSWERS, "penguins": PENGUINS, "an upload": UPLOAD}

every_kind = pytest.mark.parametrize("experiment", KINDS.values(), ids=KINDS)
every_algorithm = pytest.mark.parametrize("algorithm", OFFERED)


def table_of(experiment: Experiment) -> Any:
    return TABLE if experiment.data == UPLOADED else None


def taken(experiment: Experiment) -> tuple[Data, Any, Outcome]:
    data = data_of(experiment, table_of(experiment))
    run = run_of(experiment, data)
    return data, run, outcome_of(experiment, data, run)


def files_of(experiment: Experiment) -> dict[str, Callable[[], Any]]:
    data, run, _ = taken(experiment)
    made = results(experiment, data, run, message=lambda: b"GMML", link="http://localhost/", seen={})
    return {result.title: result.make for result in made if result.make is not None}


def desk(experiment: Experiment) -> Workspace:
    current = Workspace(experiment)
    if experiment.data == UPLOADED:
        current.file = File("people.csv", FRAME.to_csv(index=False).encode(), TABLE)
    return current


CHANGES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "turned": {"turn": 33.0, "stretch": 2.0},
    "standardised": {"standardise": True},
    "both": {"turn": -20.0, "standardise": True},
    "noise": {"noise": True},
    "prior": {"prior": True, "reg_covar": 0.01},
    "by hand": {"added": ((0.5, 1.0), (0.25, 2.0)), "removed": (3,)},
}


def assert_repeated(experiment: Experiment, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, run, outcome = taken(experiment)
    names = executed(gmm_core_code(outcome), points_csv(outcome), folder, monkeypatch)
    assert names["run"].stop_reason is run.stop_reason
    # The app standardises about a mean of more digits than a number holds.
    exact = {"rtol": 1e-7, "atol": 1e-9} if experiment.standardise else {"rtol": 0, "atol": 0}
    np.testing.assert_allclose(names["points"], data.fitted, **exact)
    np.testing.assert_allclose(names["run"].curve, run.curve, **exact)
    for name in ("weights", "means", "covariances", "probabilities"):
        mine, theirs = getattr(names["run"].mixture, name), getattr(run.mixture, name)
        np.testing.assert_allclose(mine, theirs, **exact)
    assert names["log_likelihood"] == pytest.approx(outcome.log_likelihood, rel=1e-12)


@every_kind
@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_the_script_repeats_the_run(
    experiment: Experiment, changes: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_repeated(replace(experiment, **changes), tmp_path, monkeypatch)


@every_kind
@pytest.mark.parametrize("noise", [False, True])
@every_algorithm
def test_the_script_repeats_every_algorithm(
    algorithm: str, noise: bool, experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert_repeated(
        replace(experiment, algorithm=algorithm, noise=noise, step_limit=40), tmp_path, monkeypatch
    )


def test_the_script_repeats_logarithms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logged = replace(UPLOAD, x="count", log_x=True, weight="", standardise=True, turn=10.0)
    data, _, outcome = taken(logged)
    names = executed(gmm_core_code(outcome), points_csv(outcome), tmp_path, monkeypatch)
    np.testing.assert_allclose(names["points"], data.fitted, atol=1e-14)


@pytest.mark.parametrize("text", ["end\nraise SystemExit", '""" + exit() + """', "<script>", "x" * 500])
def test_names_of_the_column_stay_texts(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, run, outcome = taken(ANSWERED)
    assert outcome.yes_no is not None
    told = replace(outcome, yes_no=replace(outcome.yes_no, name=text, words=(f"not {text}", text)))
    names = executed(gmm_core_code(told), points_csv(told), tmp_path, monkeypatch)
    np.testing.assert_array_equal(names["run"].curve, run.curve)
    page = report(told)
    assert "<script>" not in page
    assert len(page) < len(report(outcome)) + 2000


# The report


@every_kind
def test_the_report_tells_of_the_column(experiment: Experiment) -> None:
    data, run, _ = taken(experiment)
    column = data.yes_no
    assert column is not None
    page = files_of(experiment)["Report"]()
    no, yes = column.said
    assert f">P({yes})<" in page
    assert f"Filled points are {yes}, hollow ones {no}." in page
    ones = int(column.values.sum())
    said = f"{column.words[1]} (1) {ones:,} times, {column.words[0]} (0) {len(column.values) - ones:,} times"
    assert f"{column.name}: {said}" in page
    assert "a Gaussian times a Bernoulli" in page
    assert f">{100 * run.mixture.probabilities[0, 0]:.0f}" in page
    plain = files_of(replace(experiment, yes=""))["Report"]()
    assert not re.search(r">P\(|hollow|Bernoulli|yes/no", plain)


@every_kind
def test_the_reports_picture_has_both_kinds_of_points(experiment: Experiment) -> None:
    data, run, outcome = taken(experiment)
    assert data.yes_no is not None
    answered = mixture_figure(outcome.fitted, run.mixture, outcome.columns, "off", outcome.shares)
    ones = replace(data.yes_no, values=np.ones(len(data.points)))
    filled = mixture_figure(
        np.column_stack([data.points, ones.values]), run.mixture, outcome.columns, "off", outcome.shares
    )
    assert answered.count("<circle") == filled.count("<circle") >= len(data.points)
    zeros = int((data.yes_no.values == 0).sum())
    assert answered.count('fill="none"') - filled.count('fill="none"') == zeros


def test_a_probability_of_0_or_1_is_a_caveat() -> None:
    _, run, outcome = taken(chosen("answers", knobs=(("certainty", 1.0), ("separation", 6.0))))
    certain = np.minimum(run.mixture.probabilities, 1 - run.mixture.probabilities)[:, 0] < 1e-6
    said = [text for text in caveats(outcome, k_by_hand=False, n_starts=2) if "Every point of" in text]
    assert len(said) == certain.sum() > 0
    for k, text in zip(np.flatnonzero(certain), said, strict=True):
        only = "yes" if run.mixture.probabilities[k, 0] > 0.5 else "no"
        assert f"component {k + 1} is answer = {only}," in text
    _, _, unsure = taken(ANSWERS)
    assert not any("Every point of" in text for text in caveats(unsure, k_by_hand=False, n_starts=2))


def test_free_parameters_count_the_probabilities() -> None:
    (_, run, outcome), (_, _, plain) = taken(ANSWERS), taken(replace(ANSWERS, yes=""))
    assert outcome.model.n_parameters == plain.model.n_parameters + run.mixture.n_components


# The table


@every_kind
@pytest.mark.parametrize("noise", [False, True])
@every_algorithm
def test_the_tables_shares_are_those_the_stage_shows(
    algorithm: str, noise: bool, experiment: Experiment
) -> None:
    # Few steps, so that an annealed run ends while it is warm.
    experiment = replace(experiment, algorithm=algorithm, noise=noise, step_limit=3)
    data, run, outcome = taken(experiment)
    _, arrays = decode(message_of(desk(experiment), LAB))
    n_components, t = run.mixture.n_components, len(run.states) - 1

    def last(name: str, *shape: int) -> np.ndarray:
        return arrays[name].reshape(t + 1, n_components, *shape)[t]

    points, answers = arrays["points"].reshape(-1, 2), arrays["binary"].astype(float)
    np.testing.assert_array_equal(points, data.points)
    whiteners = last("whiteners", 3)[:, [0, 1, 1, 2]].reshape(-1, 2, 2)
    whiteners[:, 0, 1] = 0.0
    white = np.einsum("kij,nkj->nki", whiteners, points[:, None] - last("means", 2))
    log_joint = last("constants") - 0.5 * (white**2).sum(axis=2)
    log_joint = log_joint + np.where(answers[:, None] == 1, last("log_successes"), last("log_failures"))
    if noise:
        log_joint = np.column_stack([log_joint, np.full(len(points), arrays["log_noise"][t])])
    temperature = arrays["temperatures"][t] if "temperatures" in arrays else 1.0
    if temperature == 0:
        expected = (log_joint == log_joint.max(axis=1, keepdims=True)).astype(float)
    else:
        expected = np.exp((log_joint - log_joint.max(axis=1, keepdims=True)) / temperature)
        expected /= expected.sum(axis=1, keepdims=True)
    frame = pd.read_parquet(io.BytesIO(files_of(experiment)["Table, Parquet"]()))
    names = [f"responsibility {k + 1}" for k in range(n_components)] + ["responsibility of noise"] * noise
    assert data.source is not None
    found = frame[names].to_numpy(dtype=float)[data.source.rows]
    np.testing.assert_allclose(found, expected, atol=1e-9)
    np.testing.assert_array_equal(found, outcome.shares)


def test_rows_without_an_answer_are_there_and_blank() -> None:
    rows = list(csv.DictReader(io.StringIO(files_of(UPLOAD)["Table, CSV"]().decode("utf-8-sig"))))
    assert len(rows) == len(FRAME)
    assert [row["smokes"] for row in rows] == FRAME["smokes"].tolist()
    assert [row["component"] == "" for row in rows] == (FRAME["smokes"] == "").tolist()
    densities = np.array([float(row["log-density"]) for row in rows if row["component"]])
    data, run, _ = taken(UPLOAD)
    np.testing.assert_array_equal(densities, gmm_core.log_density(data.fitted, run.mixture))
