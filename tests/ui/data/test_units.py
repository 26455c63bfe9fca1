"""Parameters stand in the columns' own units too, in the model, the report and the scripts."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gmm_core
from gmm_core.datasets import CLASSICS
from tests.scripts import executed
from tests.ui.export.test_results import content, message_of
from ui.analysis.fitting import run_of
from ui.data import Data, data_of
from ui.data.units import Units
from ui.experiment import UPLOADED, Experiment
from ui.experiment.transitions import choose_data
from ui.export.numbers import plain
from ui.export.results import Result, results
from ui.uploads import read_table

RNG = np.random.default_rng(4)
VALUES = np.exp(np.vstack([RNG.normal(0, 0.5, (60, 2)), RNG.normal(3, 0.4, (60, 2))])) * [1.0, 700.0]
LINES = [f"{x!r},{y!r},{'uv'[i % 2]}" for i, (x, y) in enumerate(VALUES.tolist())]
LINES[7] = "?,3.5,u"
TABLE = read_table("measured.csv", "\n".join(["a,income <b>,kind", *LINES]).encode())
UPLOAD = Experiment(UPLOADED, file="measured.csv", x="a", y="income <b>", label="kind", n_components=2)

CHANGES: dict[str, dict[str, Any]] = {
    "log of x": {"log_x": True},
    "log of both": {"log_x": True, "log_y": True},
    "standardised": {"standardise": True},
    "turned": {"turn": 30.0},
    "stretched": {"stretch": 2.5},
    "all": {"log_y": True, "standardise": True, "turn": -50.0, "stretch": 0.5},
    "all, changed by hand": {
        "log_x": True,
        "standardise": True,
        "turn": 20.0,
        "added": ((0.5, 0.5), (1.0, -1.0)),
        "removed": (3, 4),
    },
}
EXPERIMENTS = {f"file, {name}": replace(UPLOAD, **changes) for name, changes in CHANGES.items()}
EXPERIMENTS |= {
    f"{data}, {name}": replace(choose_data(Experiment(), data), **CHANGES[name])
    for data in ("elongated", next(iter(CLASSICS)))
    for name in ("standardised", "turned")
}


class Taken:
    """An experiment, what became of it, and every file that can be taken home."""

    def __init__(self, experiment: Experiment) -> None:
        self.data: Data = data_of(experiment, TABLE)
        self.run = run_of(experiment, self.data)
        found = results(
            experiment, self.data, self.run, message=lambda: message_of(self.data), link="", seen={}
        )
        self.files: dict[str, Result] = {result.title: result for result in found}

    @property
    def units(self) -> Units:
        assert self.data.units is not None
        return self.data.units

    @property
    def logged(self) -> np.ndarray:
        """(N, 2): the columns' own numbers, log10 where it was taken."""
        own = self.data.own_points
        columns = zip(own.T, self.units.logs, strict=True)
        return np.column_stack([np.log10(column) if log else column for column, log in columns])

    def text(self, title: str) -> str:
        made = content(self.files[title])
        return made if isinstance(made, str) else made.decode("utf-8-sig")

    def executed(self, title: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        return executed(self.text(title), self.text("points.csv"), folder, monkeypatch)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_steps_lead_from_the_columns_to_the_points(name: str) -> None:
    taken = Taken(EXPERIMENTS[name])
    made = taken.units.shift + taken.logged @ taken.units.matrix.T
    np.testing.assert_allclose(made, taken.data.points, rtol=1e-12, atol=1e-12 * np.ptp(made))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_own_numbers_are_those_of_the_file(name: str) -> None:
    taken = Taken(EXPERIMENTS[name])
    source = taken.data.source
    assert source is not None
    brought = source.rows < source.n_rows - len(EXPERIMENTS[name].added)
    for axis, column in enumerate(source.used_columns):
        numbers = np.asarray(source.columns[column])[source.rows[brought]].astype(float)
        np.testing.assert_array_equal(taken.data.own_points[brought, axis], numbers)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_density_changes_by_the_volume_and_by_nothing_else(name: str) -> None:
    """The theorem of a change of variables, which no wrong mean or covariance obeys."""
    taken = Taken(EXPERIMENTS[name])
    mixture = taken.run.mixture
    means, covariances = taken.units.of_mixture(mixture)
    own = gmm_core.Mixture(mixture.weights, means, covariances)
    volume = np.log(abs(np.linalg.det(taken.units.matrix)))
    expected = gmm_core.log_density(taken.data.points, mixture)
    np.testing.assert_allclose(
        gmm_core.log_density(taken.logged, own) - volume, expected, rtol=1e-9, atol=1e-9
    )


@pytest.mark.parametrize("title", ["Python, gmm_core", "Python, scikit-learn"])
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_scripts_run_from_the_columns_and_say_both(
    name: str, title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = Taken(EXPERIMENTS[name])
    np.testing.assert_array_equal(
        np.loadtxt(taken.text("points.csv").splitlines(), delimiter=",", skiprows=1), taken.data.own_points
    )
    names = taken.executed(title, tmp_path, monkeypatch)
    mixture = taken.run.mixture
    assert names["log_likelihood"] == pytest.approx(taken.run.log_likelihood, rel=1e-9)
    means, covariances = taken.units.of_mixture(mixture)
    for found, expected in (
        (names["means"], mixture.means),
        (names["covariances"], mixture.covariances),
        (names["own_means"], means),
        (names["own_covariances"], covariances),
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6 * np.abs(expected).max())


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_model_opens_as_before_and_holds_both(name: str) -> None:
    taken = Taken(EXPERIMENTS[name])
    text = taken.text("Model, JSON")
    np.testing.assert_array_equal(gmm_core.load_model(text).mixture.means, taken.run.mixture.means)
    own = json.loads(text)["own_units"]
    means, covariances = taken.units.of_mixture(taken.run.mixture)
    np.testing.assert_array_equal(own["means"], means)
    np.testing.assert_array_equal(own["covariances"], covariances)
    assert own["columns"] == list(taken.units.names)
    assert ("medians" in own) == any(taken.units.logs)
    for axis in np.flatnonzero(taken.units.logs):
        medians = [row[axis] for row in own["medians"]]
        np.testing.assert_allclose(np.log10(medians), means[:, axis], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_report_has_both(name: str) -> None:
    taken = Taken(EXPERIMENTS[name])
    text = taken.text("Report")
    _, covariances = taken.units.of_mixture(taken.run.mixture)
    assert "columns' own units" in text
    for value in covariances[:, 0, 0]:
        assert plain(value) in text
    assert ("log-normal in the column" in text) == any(taken.units.logs)
    assert "<b>" not in text


def test_a_log_normal_is_found_by_its_median_and_factor() -> None:
    values = 10 ** np.random.default_rng(0).normal([[2.0, 1.0]], [[0.3, 0.1]], (4000, 2))
    rows = "".join(f"{x!r},{y!r}\n" for x, y in values.tolist())
    table = read_table("logs.csv", f"a,b\n{rows}".encode())
    experiment = Experiment(UPLOADED, x="a", y="b", log_x=True, standardise=True, n_components=1)
    data = data_of(experiment, table)
    assert data.units is not None
    medians, factors = data.units.log_normal(run_of(experiment, data).mixture)
    assert medians[0, 0] == pytest.approx(100, rel=0.03)
    assert factors[0, 0] == pytest.approx(10**0.3, rel=0.03)
    assert np.isnan(medians[0, 1])


def test_points_in_their_own_units_have_no_other() -> None:
    taken = Taken(UPLOAD)
    assert taken.data.units is None
    assert "own_units" not in taken.text("Model, JSON")
    assert "own units" not in taken.text("Report")
    assert "own_means" not in taken.text("Python, gmm_core")
