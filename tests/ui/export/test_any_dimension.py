"""Scripts and tables of a fit are those of its points, whatever their dimension."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gmm_core import Variant
from tests.outcomes import outcome_of
from tests.scripts import executed
from tests.ui.export.test_code import assert_same_fit
from ui.data.units import Units
from ui.export.caveats import caveats
from ui.export.code import gmm_core_code, points_csv, scikit_learn_code
from ui.export.numbers import significant
from ui.export.outcome import Outcome
from ui.export.parameters import parameters_table
from ui.export.units_table import own_units_section
from ui.uploads.standardising import standardised

DIMENSIONS = (1, 2, 3)


def fit(n_dimensions: int, family: str = "full", **settings: Any) -> Outcome:
    """Of 120 points in two groups; columns were standardised, the first after its logarithm was taken."""
    rng = np.random.default_rng(n_dimensions)
    groups = [rng.normal(centre, 0.3, (60, n_dimensions)) for centre in (0.0, 3.0)]
    logged = np.vstack(groups) * (1 + np.arange(n_dimensions))
    logs = tuple(axis == 0 for axis in range(n_dimensions))
    own = np.where(logs, 10.0**logged, logged)
    points, centre, unit = standardised(logged)
    names = tuple("pqr"[:n_dimensions])
    outcome = outcome_of(points, 2, family, columns=names, **settings)
    return replace(outcome, units=Units(names, logs, centre, unit), own_points=own)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
@pytest.mark.parametrize("family", ["full", "tied", "diag", "spherical"])
def test_scripts_repeat_the_fit(
    n_dimensions: int, family: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = fit(n_dimensions, family)
    assert outcome.units is not None
    means, covariances = outcome.units.of_mixture(outcome.run.mixture)
    for code in (gmm_core_code(outcome), scikit_learn_code(outcome)):
        names = executed(code, points_csv(outcome), tmp_path, monkeypatch)
        assert_same_fit(names, outcome)
        np.testing.assert_allclose(names["own_means"], means, rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(names["own_covariances"], covariances, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_the_last_column_holds_the_weights(
    n_dimensions: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = fit(n_dimensions, variant=Variant(sample_weights=np.linspace(1.0, 2.0, 120)))
    header = points_csv(outcome).splitlines()[0]
    assert header == ",".join([*"xyz"[:n_dimensions], "weight"])
    names = executed(gmm_core_code(outcome), points_csv(outcome), tmp_path, monkeypatch)
    np.testing.assert_array_equal(names["sample_weights"], np.linspace(1.0, 2.0, 120))
    assert_same_fit(names, outcome)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_tables_have_every_parameter_once(n_dimensions: int) -> None:
    outcome = fit(n_dimensions)
    assert outcome.units is not None
    in_picture = parameters_table(outcome)
    n_numbers = n_dimensions + n_dimensions * (n_dimensions + 1) // 2
    n_cells = 2 + n_numbers + {1: 1, 2: 2}.get(n_dimensions, 0)
    own, medians = own_units_section(outcome), outcome.units.log_normal(outcome.run.mixture)[0]
    for table, expected in ((in_picture, n_cells), (own, n_numbers + 1)):
        headings = re.findall('<th scope="col">(.*?)</th>', table)
        cells = re.findall("<td>(.*?)</td>", table)
        assert len(set(headings)) == len(headings) == expected + 1
        assert len(cells) == 2 * expected
    for k, covariance in enumerate(outcome.run.mixture.covariances):
        for value in covariance[np.triu_indices(n_dimensions)]:
            assert f"<td>{significant(value)}</td>" in in_picture
        assert significant(medians[k, 0]) in own


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_few_points_are_few_for_all_parameters(n_dimensions: int) -> None:
    outcome = fit(n_dimensions)
    few = replace(outcome, points=outcome.points[:10])
    n_free = 2 * (n_dimensions + n_dimensions * (n_dimensions + 1) // 2) + 1
    said = "\n".join(caveats(few, k_by_hand=False, n_starts=2))
    assert f"10 points for {n_free} free parameters are few" in said
