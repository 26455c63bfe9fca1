"""What people take home of a fit in more columns than two holds all of them, and comes back as it was."""

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.scripts import executed
from tests.stage_message import decode
from tests.ui.data.test_more import EXPERIMENTS, FRAME, TABLE, every_experiment, table_of, wide
from tests.ui.export.test_code import assert_same_fit
from ui.analysis.fitting import run_of
from ui.data import Data, data_of
from ui.experiment import UPLOADED, Experiment
from ui.export import saving
from ui.export.finished import outcome_of
from ui.export.outcome import Outcome
from ui.export.results import results
from ui.workspace import COMPARISON, LAB, File, Workspace, result_of
from ui.workspace.opening import open_file
from ui.workspace.scene import message_of


def taken(experiment: Experiment) -> tuple[Data, Any, Outcome]:
    data = data_of(experiment, table_of(experiment))
    run = run_of(experiment, data)
    return data, run, outcome_of(experiment, data, run)


def files_of(experiment: Experiment, **seen: str) -> dict[str, Callable[[], Any]]:
    data, run, _ = taken(experiment)
    made = results(experiment, data, run, message=lambda: b"GMML", link="http://localhost/", seen=seen)
    return {result.title: result.make for result in made if result.make is not None}


def desk(experiment: Experiment) -> Workspace:
    current = Workspace(experiment)
    if experiment.data == UPLOADED:
        current.file = File("wide.csv", FRAME.to_csv(index=False).encode(), TABLE)
    return current


@every_experiment
def test_scripts_repeat_the_fit_in_all_columns(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, (_, run, outcome) = files_of(experiment), taken(experiment)
    names = executed(files["Python, gmm_core"](), files["points.csv"](), tmp_path, monkeypatch)
    # Standardised again, the last digit of a point may be another.
    rtol = 1e-9 if experiment.standardise else 0
    np.testing.assert_allclose(names["run"].curve, run.curve, rtol=rtol)
    np.testing.assert_allclose(names["covariances"], run.mixture.covariances, rtol=rtol, atol=rtol)
    if "Python, scikit-learn" in files:
        names = executed(files["Python, scikit-learn"](), files["points.csv"](), tmp_path, monkeypatch)
        assert_same_fit(names, outcome)
    assert ("Python, scikit-learn" in files) == (not experiment.yes and not experiment.noise)


@every_experiment
def test_the_table_has_the_shares_by_all_columns(experiment: Experiment) -> None:
    data, run, outcome = taken(experiment)
    table = pd.read_csv(io.BytesIO(files_of(experiment)["Table, CSV"]()))
    assert data.source is not None
    shares = table[[f"responsibility {k + 1}" for k in range(run.mixture.n_components)]].to_numpy()
    np.testing.assert_array_equal(shares[data.source.rows], outcome.shares[:, : run.mixture.n_components])
    assert np.isnan(np.delete(shares, data.source.rows, axis=0)).all()
    assert set(data.source.used_columns) <= set(table.columns)


@every_experiment
def test_the_report_names_every_column_and_shows_the_pair_that_is_seen(experiment: Experiment) -> None:
    data = data_of(experiment, table_of(experiment))
    n_dimensions = data.points.shape[1]
    text = files_of(experiment, pair="2,1")["Report"]()
    assert f"Two of {n_dimensions} columns" in text
    assert all(column in text for column in data.columns)
    figure = text[text.index("<svg") : text.index("</svg>")]
    assert [f">{name}<" in figure for name in data.columns] == [
        axis in (1, 2) for axis in range(n_dimensions)
    ]
    n_numbers = n_dimensions + n_dimensions * (n_dimensions + 1) // 2
    parameters = text[text.index("<h2>Parameters") :]
    assert parameters[: parameters.index("</thead>")].count('<th scope="col">') >= 2 + n_numbers
    # What no stage says of these columns is no pair of theirs.
    plain = files_of(experiment)["Report"]()
    assert files_of(experiment, pair="8,9")["Report"]() == plain or n_dimensions == 10


@every_experiment
def test_a_model_opens_on_its_points(experiment: Experiment) -> None:
    # A model with noise is none that the app opens.
    current, (_, run, _) = desk(experiment), taken(replace(experiment, noise=False))
    text = files_of(replace(experiment, noise=False))["Model, JSON"]()
    open_file(current, "model.json", text.encode(), max_bytes=10**8)
    result = result_of(current, LAB)
    assert result.run is not None
    assert current.complaints == []
    np.testing.assert_allclose(result.run.states[0].mixture.means, run.mixture.means, rtol=1e-12)


@pytest.mark.parametrize("with_table", [True, False])
@every_experiment
def test_a_session_opens_as_it_was(
    experiment: Experiment, with_table: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not with_table:
        # The points then stand for themselves.
        monkeypatch.setattr(saving, "MOST_OF_A_TABLE", 10)
    data, run, _ = taken(experiment)
    again = Workspace(Experiment())
    text = files_of(experiment, pair="2,0", at="3")["Session"]()
    open_file(again, "again.json", text.encode(), max_bytes=10**8)
    result = result_of(again, LAB)
    assert (result.problem, again.opening.pair, again.opening.half_step) == ("", (2, 0), 3)
    assert result.run is not None
    np.testing.assert_allclose(result.data.fitted, data.fitted, rtol=1e-12)
    assert result.data.pair == data.pair
    np.testing.assert_allclose(result.run.curve, run.curve, rtol=1e-9)


@every_experiment
def test_the_message_holds_all_columns_and_the_pair_that_is_shown(experiment: Experiment) -> None:
    current, (data, run, _) = desk(experiment), taken(experiment)
    header, arrays = decode(message_of(current, LAB))
    n_points, n_dimensions = data.points.shape
    assert (header["dimensions"], header["pair"]) == (n_dimensions, list(data.pair))
    assert header["columns"] == list(data.columns)
    assert len(header["extent"]) == 2 * n_dimensions
    np.testing.assert_array_equal(arrays["points"].reshape(n_points, n_dimensions), data.points)
    lower = np.tril_indices(n_dimensions)
    whiteners = np.array([state.terms.whiteners for state in run.states])[..., lower[0], lower[1]]
    np.testing.assert_array_equal(arrays["whiteners"], whiteners.ravel())


def test_beside_k_means_no_hand_changes_what_it_cannot_see() -> None:
    experiment = EXPERIMENTS["penguins"]
    current = desk(experiment)
    header, _ = decode(message_of(current, COMPARISON))
    assert (header["dimensions"], header["locked"]) == (2, True)
    assert not decode(message_of(current, LAB))[0]["locked"]


def test_a_link_waits_for_its_file_and_keeps_every_column() -> None:
    experiment = wide(5)
    current = Workspace(experiment)
    open_file(current, "wide.csv", FRAME.to_csv(index=False).encode(), max_bytes=10**8)
    assert current.experiment.more == experiment.more
    fewer = FRAME.drop(columns="c").to_csv(index=False).encode()
    current = Workspace(experiment)
    open_file(current, "wide.csv", fewer, max_bytes=10**8)
    assert current.experiment.more == ()
