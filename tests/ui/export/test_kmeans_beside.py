"""What is taken home of the comparison: both fits, in every file, and no truth that is hidden."""

import io
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import gmm_core
from gmm_core import adjusted_rand_index, kmeans
from tests.scripts import executed
from tests.ui.export.test_results import content, message_of
from ui.analysis.comparing import RATIOS, comparison_of
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import Experiment
from ui.experiment.cases import CASES
from ui.experiment.transitions import choose_data
from ui.export.finished import at_position, outcome_of
from ui.export.results import Result, results
from ui.export.session_file import read_session
from ui.stage.comparison import Comparison


class Taken:
    """Everything that can be taken home of an experiment's comparison."""

    def __init__(self, experiment: Experiment, **seen: str) -> None:
        self.data = data_of(experiment, None)
        run = run_of(experiment, self.data)
        self.comparison: Comparison = comparison_of(experiment, self.data, run)
        position = int(seen.get("dial_at", 0))
        self.outcome = at_position(outcome_of(experiment, self.data, run), self.comparison, position)
        found = results(
            experiment,
            self.data,
            run,
            message=lambda: message_of(self.data),
            link="http://localhost/compare?k=3",
            seen=seen,
            comparison=self.comparison,
        )
        self.files: dict[str, Result] = {result.title: result for result in found}

    def text(self, title: str) -> str:
        made = content(self.files[title])
        return made if isinstance(made, str) else made.decode()

    @property
    def clusters(self) -> np.ndarray:
        """Whose every point is in the end, numbered as on the screen."""
        labels = kmeans.assign(self.data.points, self.comparison.run.centres)
        return np.argsort(self.comparison.order)[labels]

    @property
    def components(self) -> np.ndarray:
        return gmm_core.responsibilities(self.data.points, self.outcome.run.mixture).argmax(axis=1)

    def executed(self, title: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
        return executed(self.text(title), self.text("points.csv"), folder, monkeypatch)


EXPERIMENTS = {
    "a case": (CASES["mouse"].experiment, {}),
    "other families": (replace(CASES["penguins"].experiment, family="diag", n_components=4), {}),
    "turned": (replace(CASES["elongated"].experiment, turn=40.0, stretch=2.0, start_seed=5), {}),
    "the dial": (replace(CASES["elongated"].experiment, dial=True), {"dial_at": "9"}),
}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_table_has_both_answers_side_by_side(name):
    experiment, seen = EXPERIMENTS[name]
    taken = Taken(experiment, **seen)
    table = pd.read_parquet(io.BytesIO(content(taken.files["Table, Parquet"])))
    used = table[table["component"].notna()]
    np.testing.assert_array_equal(used["K-Means cluster"], taken.clusters + 1)
    np.testing.assert_array_equal(used["component"], taken.components + 1)
    shares = gmm_core.responsibilities(taken.data.points, taken.outcome.run.mixture)
    np.testing.assert_array_equal(used["responsibility 2"], shares[:, 1])


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_code_repeats_both_with_gmm_core(name, tmp_path, monkeypatch):
    experiment, seen = EXPERIMENTS[name]
    taken = Taken(experiment, **seen)
    names = taken.executed("Python, gmm_core", tmp_path, monkeypatch)
    assert names["log_likelihood"] == taken.outcome.run.log_likelihood
    assert names["inertia"] == taken.comparison.run.inertia
    np.testing.assert_array_equal(names["centres"], taken.comparison.run.centres[taken.comparison.order])
    np.testing.assert_array_equal(names["clusters"], taken.clusters)
    np.testing.assert_array_equal(names["components"], taken.components)


@pytest.mark.parametrize("name", ["a case", "other families", "turned"])
def test_the_code_repeats_both_with_scikit_learn(name, tmp_path, monkeypatch):
    taken = Taken(EXPERIMENTS[name][0])
    names = taken.executed("Python, scikit-learn", tmp_path, monkeypatch)
    assert names["log_likelihood"] == pytest.approx(taken.outcome.run.log_likelihood, rel=1e-9)
    assert names["inertia"] == pytest.approx(taken.comparison.run.inertia, rel=1e-9)
    np.testing.assert_array_equal(names["clusters"], taken.clusters)
    assert (names["components"] != taken.components).mean() < 0.01


def test_what_scikit_learn_cannot_repeat_is_declined_in_a_sentence():
    dialled = Taken(EXPERIMENTS["the dial"][0])
    assert dialled.files["Python, scikit-learn"].make is None
    assert dialled.files["Python, scikit-learn"].sentence.startswith("scikit-learn knows plain EM only")
    # Two components from one place: the second centre has no point at first.
    twice = ((0.5, 0.0, 0.0, 1.0, 0.0, 1.0), (0.25, 0.0, 0.0, 9.0, 0.0, 9.0), (0.25, 3.0, 1.0, 1.0, 0.0, 1.0))
    emptied = Taken(replace(CASES["elongated"].experiment, start_mixture=twice))
    assert emptied.files["Python, scikit-learn"].make is None
    assert "lost all its points" in emptied.files["Python, scikit-learn"].sentence


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_report_says_what_both_found(name):
    experiment, seen = EXPERIMENTS[name]
    taken = Taken(experiment, **seen)
    text = taken.text("Report")
    apart = int((taken.clusters != taken.components).sum())
    assert f"on {apart:,} of {len(taken.clusters):,} points" in text
    assert text.count("<svg") == 2
    assert text.count('class="cell"') == len(taken.comparison.run.centres)
    assert f"{taken.comparison.run.inertia:,.6g}".replace(",", "") in text
    for labels in (taken.clusters, taken.components):
        index = adjusted_rand_index(labels, taken.data.labels)
        assert f"{index:.3f}".replace("-", "−") in text
    assert ("Limit dial" in text) == experiment.dial


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_session_opens_on_the_comparison_as_it_was_seen(name):
    experiment, seen = EXPERIMENTS[name]
    saved = read_session(Taken(experiment, **seen, reveal="on", at="5").text("Session"))
    assert saved.page == "compare"
    assert {"reveal": "on", "at": "5", **seen}.items() <= saved.address.items()


def test_a_session_of_before_the_comparison_could_be_saved_opens_in_the_lab():
    lines = Taken(CASES["round"].experiment).text("Session").splitlines()
    assert read_session("\n".join(line for line in lines if not line.startswith(' "page"'))).page == ""


def test_the_dial_is_taken_home_at_its_position():
    taken = Taken(EXPERIMENTS["the dial"][0], dial_at="9")
    dial = taken.comparison.dial
    assert dial is not None
    model = gmm_core.load_model(taken.text("Model, JSON"))
    np.testing.assert_array_equal(model.mixture.means, dial.runs[9].mixture.means)
    assert model.mixture.covariances[1, 0, 0] == dial.deviations[9] ** 2
    assert len(RATIOS) == len(dial.runs)


@pytest.mark.parametrize("data", ["elongated", "iris", "penguins", "mouse"])
def test_a_hidden_truth_is_in_none_of_the_files(data):
    experiment = replace(choose_data(Experiment(), data), hide=("truth",))
    shown, hidden = Taken(replace(experiment, hide=())), Taken(experiment)
    names = shown.data.label_names
    assert names
    column = shown.data.source.truth
    for title, file in hidden.files.items():
        if title == "Table, Parquet":
            assert column not in pd.read_parquet(io.BytesIO(content(file))).columns
        elif file.make is not None and title != "Page that plays":
            text = hidden.text(title)
            assert "Rand" not in text
            assert not [name for name in names if f'"{name}"' in text]
    assert "Rand" in shown.text("Report")
    for case in CASES.values():
        assert escape(case.sentences) not in hidden.text("Page that plays")


@pytest.mark.parametrize("name", CASES)
def test_the_page_of_a_case_says_what_to_look_for(name):
    page = Taken(CASES[name].experiment).text("Page that plays")
    assert escape(CASES[name].sentences) in page
    assert 'data-kind="comparison"' in page


def test_the_parts_of_the_clusters_add_up_to_the_inertia():
    for experiment, _ in EXPERIMENTS.values():
        comparison = Taken(experiment).comparison
        np.testing.assert_allclose(comparison.parts.sum(axis=1), comparison.inertias, rtol=1e-12)


def test_softness_is_a_share_of_the_most_there_could_be():
    for n_components in (1, 2, 5):
        dial = Taken(replace(CASES["round"].experiment, n_components=n_components, dial=True)).comparison.dial
        assert dial is not None
        np.testing.assert_allclose(dial.softness * np.log(max(n_components, 2)), dial.entropies)
        assert dial.softness.max() <= 1
        assert dial.softness[-1] < 0.01
