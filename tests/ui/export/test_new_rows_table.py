"""Scores of new rows: the core's own, beside the file's cells as they came; blank where there are none."""

import io
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import gmm_core
from ui.analysis.choosing.scoring import Scored, scored
from ui.data import Data, data_of
from ui.data.new_rows import NewRows, new_rows
from ui.experiment import UPLOADED, Experiment
from ui.experiment.transitions import choose_data
from ui.export.new_rows_table import scored_csv
from ui.uploads import Table, read_table

OLD = gmm_core.load_classic("old_faithful").pair("eruptions", "waiting").points
TEXT = 'id,waiting,eruptions,outlier\n007,"80",4.2,=1+1\n008,,3.9,b\n009,5e1,1.9,c\n010,200,9,d\n'


def first_file() -> Data:
    text = pd.DataFrame(OLD, columns=["eruptions", "waiting"]).to_csv(index=False)
    experiment = replace(choose_data(Experiment(), UPLOADED), x="eruptions", y="waiting")
    return data_of(experiment, read_table("first.csv", text.encode()))


def mixture_of(data: Data, *, noisy: bool = False) -> gmm_core.Mixture:
    noise = gmm_core.default_noise(data.fitted) if noisy else None
    (fit,) = gmm_core.sweep(data.fitted, 2, "full", noise=noise)
    return fit.mixture


def second_file(data: Data, *, noisy: bool = False) -> tuple[Table, NewRows, Scored]:
    table = read_table("second.csv", TEXT.encode())
    new = new_rows(data, table)
    return table, new, scored(new.points, mixture_of(data, noisy=noisy), data.fitted)


@pytest.mark.parametrize("noisy", [False, True])
def test_scores_of_the_points_themselves_are_those_of_the_core(noisy: bool) -> None:
    data = first_file()
    mixture = mixture_of(data, noisy=noisy)
    found = scored(data.fitted, mixture, data.fitted)
    best = gmm_core.predict(data.fitted, mixture)
    np.testing.assert_array_equal(np.where(found.groups == 2, -1, found.groups), best)
    np.testing.assert_array_equal(found.log_densities, gmm_core.log_density(data.fitted, mixture))
    np.testing.assert_array_equal(found.percentiles, gmm_core.density_percentiles(data.fitted, mixture))
    # Whoever else is scored with it changes nothing of a row.
    alone = scored(data.fitted[[3]], mixture, data.fitted)
    assert alone.percentiles[0] == pytest.approx(found.percentiles[3], rel=1e-12)
    assert [int(found.outliers(share).sum()) for share in (0.0, 1.1)] == [0, len(data.fitted)]
    assert not (found.outliers(0.01) & ~found.outliers(0.05)).any()


def test_rows_drawn_from_the_model_are_outliers_as_often_as_is_said() -> None:
    mixture = mixture_of(first_file())
    points, _ = gmm_core.sample(mixture, 20_000, 1)
    rare = scored(points, mixture, OLD).outliers(0.05).mean()
    # Four standard errors, and what the pieces are off by.
    assert rare == pytest.approx(0.05, abs=4 * np.sqrt(0.05 * 0.95 / 20_000) + 1e-3)


@pytest.mark.parametrize("noisy", [False, True])
def test_the_file_comes_first_as_it_was_and_the_scores_beside_it(noisy: bool) -> None:
    data = first_file()
    table, new, scores = second_file(data, noisy=noisy)
    text = scored_csv(table, new, scores, 0.01).decode("utf-8-sig")
    shares = ["responsibility 1", "responsibility 2", *(["responsibility of noise"] if noisy else [])]
    frame = pd.read_csv(io.StringIO(text), dtype={"id": str})
    assert list(frame.columns) == [
        *["id", "waiting", "eruptions", "outlier", "component", *shares, "uncertainty", "log-density"],
        *["percentile", "outlier (2)", "not scored"],
    ]
    assert frame["id"].tolist() == ["007", "008", "009", "010"]
    assert frame["outlier"][0] == "'=1+1"
    assert text.splitlines()[3].startswith("009,5e1,1.9,")
    assert frame["outlier (2)"].fillna("").tolist() == ["no", "", "no", "yes"]
    assert frame["not scored"].fillna("").tolist() == ["", "waiting is missing", "", ""]
    assert frame.loc[1, ["component", "log-density", "percentile"]].isna().all()
    places = np.column_stack([[4.2, 1.9, 9.0], [80.0, 50.0, 200.0]])
    wanted = 100 * gmm_core.density_percentiles(places, scores.mixture, data.fitted)
    np.testing.assert_array_equal(frame["percentile"].dropna(), wanted)
    wanted = gmm_core.responsibilities(places, scores.mixture)
    np.testing.assert_array_equal(frame[shares[:2]].dropna(), wanted)


def test_no_row_to_score_is_a_table_all_the_same() -> None:
    data = first_file()
    table = read_table("none.csv", b"eruptions,waiting,k\n,3,1\n2,,2\n")
    new = new_rows(data, table)
    scores = scored(new.points, mixture_of(data), data.fitted)
    lines = scored_csv(table, new, scores, 0.01).decode().splitlines()
    assert [line.split(",")[-1] for line in lines[1:]] == ['"eruptions is missing"', '"waiting is missing"']
