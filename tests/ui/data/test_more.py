"""More columns than two: what is fitted, what the picture shows of it, and what is left out."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

import gmm_core
from gmm_core.datasets import CLASSICS
from tests.experiments import chosen
from ui.analysis.fitting import run_of
from ui.data import data_of, extent_of, pair_alone
from ui.data.dimensions import with_columns
from ui.experiment import MOST_FITTED, NO_COLUMN, UPLOADED, Experiment, parameters
from ui.experiment.address import from_address, to_address
from ui.experiment.transitions import choose_axis
from ui.uploads import Table, read_table

N = 90
RNG = np.random.default_rng(5)
NAMES = tuple("abcdefghij")
GROUP = np.arange(N) % 3
SPREAD = 10.0 ** np.arange(-2, 3).repeat(2)
NUMBERS = (RNG.normal(size=(N, 10)) + 4 * (GROUP[:, None] == np.arange(10) % 3)) * SPREAD
MISSING = {4: 3, 7: 8, 8: 8}
"""By row the column that has no value there."""
FRAME = pd.DataFrame(NUMBERS.round(6), columns=list(NAMES))
for _row, _column in MISSING.items():
    FRAME.iloc[_row, _column] = np.nan
FRAME["smokes"] = np.where(RNG.random(N) < 0.2 + 0.3 * GROUP, "yes", "no")
TABLE = read_table("wide.csv", FRAME.to_csv(index=False).encode())


def wide(n_dimensions: int, **settings: object) -> Experiment:
    """An upload fitted in so many of its columns, of which the last goes across and the first upwards."""
    names = NAMES[:n_dimensions]
    plain = Experiment(UPLOADED, file="wide.csv", x=names[-1], y=names[0], n_components=3, step_limit=15)
    return replace(plain, more=tuple(reversed(names[1:-1])), **settings)


PENGUINS = chosen("penguins", more=("body_mass_g", "flipper_length_mm"), step_limit=15)
IRIS = chosen("iris", more=("petal_width", "sepal_width"), step_limit=15)
EXPERIMENTS = {
    "penguins": PENGUINS,
    "penguins and their sex": replace(PENGUINS, yes="sex"),
    "iris, standardised": replace(IRIS, standardise=True),
    **{f"{d} columns of a file": wide(d) for d in (3, 5, MOST_FITTED)},
    "a file, standardised, with noise": wide(4, standardise=True, noise=True),
    "a file with answers": wide(4, yes="smokes"),
}
every_experiment = pytest.mark.parametrize("experiment", EXPERIMENTS.values(), ids=EXPERIMENTS)


def table_of(experiment: Experiment) -> Table | None:
    return TABLE if experiment.data == UPLOADED else None


@every_experiment
def test_the_fit_is_the_same_whichever_pair_is_shown(experiment: Experiment) -> None:
    table = table_of(experiment)
    data = data_of(experiment, table)
    assert data.source is not None
    names = data.source.used_columns
    known = list(table.numeric_names) if table else list(CLASSICS[experiment.data].columns)
    assert list(names) == sorted(names, key=known.index)
    assert set(experiment.more) <= set(names)
    run = run_of(experiment, data)
    for x, y in list(combinations(reversed(names), 2))[:8]:
        turned = choose_axis(replace(experiment, x=names[data.pair[0]], y=names[data.pair[1]]), x=x, y=y)
        other = data_of(turned, table)
        assert other.source is not None
        assert [other.source.used_columns[axis] for axis in other.pair] == [x, y]
        assert other.source.used_columns == names
        np.testing.assert_array_equal(other.fitted, data.fitted)
        np.testing.assert_array_equal(run_of(turned, other).curve, run.curve)
        assert with_columns(turned, names, other.pair) == replace(
            turned, more=tuple(name for name in names if name not in (x, y))
        )


@pytest.mark.parametrize("n_dimensions", range(3, MOST_FITTED + 1))
def test_rows_that_lack_one_of_the_columns_are_left_out_and_it_is_said(n_dimensions: int) -> None:
    data = data_of(wide(n_dimensions), TABLE)
    gone = [row for row, column in MISSING.items() if column < n_dimensions]
    assert data.points.shape == (N - len(gone), n_dimensions)
    np.testing.assert_array_equal(data.points, FRAME[list(NAMES[:n_dimensions])].drop(index=gone).to_numpy())
    for name in {NAMES[MISSING[row]] for row in gone}:
        assert any(name in sentence.split() or f"{name} " in sentence for sentence in data.dropped)


def test_a_logarithm_is_that_of_the_column_and_all_are_standardised() -> None:
    positive = FRAME[list(NAMES)].dropna().abs().iloc[:, :4]
    table = read_table("positive.csv", positive.to_csv(index=False).encode())
    data = data_of(replace(wide(4), log_x=True), table)
    np.testing.assert_allclose(data.points[:, 3], np.log10(positive["d"]))
    np.testing.assert_array_equal(data.points[:, :3], positive[["a", "b", "c"]])
    same = data_of(replace(wide(4), log_x=True, standardise=True), table)
    np.testing.assert_allclose(same.points.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(same.points.std(axis=0), 1)
    np.testing.assert_allclose(same.own_points, positive, rtol=1e-9)


@pytest.mark.parametrize("experiment", [replace(PENGUINS, y=NO_COLUMN), replace(wide(4), y=NO_COLUMN)])
def test_a_line_has_no_more_columns(experiment: Experiment) -> None:
    assert data_of(experiment, table_of(experiment)).points.shape[1] == 1
    assert choose_axis(experiment, y=NO_COLUMN).more == ()


def test_a_column_that_is_not_there_is_refused_in_a_sentence() -> None:
    data = data_of(replace(wide(3), more=("nonsense",)), TABLE)
    assert len(data.points) == 0
    assert "nonsense" in data.notice


@every_experiment
def test_beside_k_means_the_pair_stands_alone(experiment: Experiment) -> None:
    data = data_of(replace(experiment, start_among=()), table_of(experiment))
    alone = pair_alone(data)
    np.testing.assert_array_equal(alone.points, data.points[:, data.pair])
    np.testing.assert_array_equal(alone.own_points, data.own_points[:, data.pair])
    assert alone.extent == extent_of(alone.points)
    assert "alone, of" in alone.dropped[-1]
    assert pair_alone(alone) is alone


@every_experiment
def test_a_given_start_holds_all_columns_and_goes_through_the_address(experiment: Experiment) -> None:
    data = data_of(experiment, table_of(experiment))
    mixture = run_of(experiment, data).mixture
    plain = gmm_core.Mixture(
        mixture.weights / mixture.weights.sum(),
        mixture.means,
        mixture.covariances,
        probabilities=mixture.probabilities,
    )
    given = replace(experiment, start_mixture=parameters(plain))
    back = from_address(to_address(given))
    assert back.complaints == []
    again = back.experiment.mixture()
    assert again is not None
    np.testing.assert_array_equal(again.means, plain.means)
    # By rounding a covariance may be another one below its diagonal.
    np.testing.assert_array_equal(np.triu(again.covariances), np.triu(plain.covariances))
    fewer = replace(given, more=given.more[1:])
    with pytest.raises(ValueError, match=r"columns.*press Reset"):
        run_of(fewer, data_of(fewer, table_of(fewer)))
