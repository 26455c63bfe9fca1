"""The rooms of the data know of no number of dimensions: what holds for two holds for one and for three."""

import numpy as np
import pytest

import gmm_core
from tests.strategies import make_mixture
from ui.data import Data, Source, extent_of
from ui.data.by_hand import changed_by_hand
from ui.data.extent import around_both
from ui.data.motion import Motion
from ui.data.spreads import wider_column
from ui.data.ties import said_of_ties
from ui.data.units import Units, own_units
from ui.experiment import Experiment
from ui.uploads.standardising import standardised

DIMENSIONS = (1, 2, 3)


def some_points(n_dimensions: int, n_points: int = 30) -> np.ndarray:
    rng = np.random.default_rng(n_dimensions)
    return np.exp(rng.standard_normal((n_points, n_dimensions))) * 4.0 ** np.arange(n_dimensions)


def some_names(n_dimensions: int) -> tuple[str, ...]:
    return tuple(f"column {place}" for place in range(n_dimensions))


def some_motion(n_dimensions: int) -> Motion:
    rng = np.random.default_rng(n_dimensions)
    matrix = np.eye(n_dimensions) + 0.3 * rng.standard_normal((n_dimensions, n_dimensions))
    return Motion(matrix, rng.standard_normal(n_dimensions))


def some_data(n_dimensions: int) -> Data:
    points, names = some_points(n_dimensions), some_names(n_dimensions)
    columns = {**dict(zip(names, points.T, strict=True)), "kind": np.array(list("ab" * 15), dtype=object)}
    source = Source(columns, len(points), np.arange(len(points)), names, "kind")
    labels, weights = np.arange(30) % 2, np.full(30, 2.0)
    return Data(points, extent_of(points), names, labels=labels, weights=weights, source=source)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
@pytest.mark.parametrize("exponent", [-300, 0, 300])
def test_an_extent_holds_all_points_and_has_room(n_dimensions, exponent):
    points = some_points(n_dimensions) * 10.0**exponent
    low, high = np.array(extent_of(points)).T
    assert low.shape == (n_dimensions,)
    assert (low < points.min(axis=0)).all()
    assert (high > points.max(axis=0)).all()
    tight = np.array(extent_of(points, margin=0)).T
    np.testing.assert_array_equal(tight, [points.min(axis=0), points.max(axis=0)])


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_a_box_around_two_is_that_of_all_points(n_dimensions):
    points = some_points(n_dimensions)
    both = around_both(extent_of(points[:9], margin=0), extent_of(points[9:], margin=0))
    assert both == extent_of(points, margin=0)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_a_motion_is_undone_and_takes_a_mixture_along(n_dimensions):
    points, motion = some_points(n_dimensions), some_motion(n_dimensions)
    mixture = make_mixture(np.random.default_rng(1), 3, n_dimensions)
    moved, along = motion.of_points(points), motion.of_mixture(mixture)
    np.testing.assert_allclose(motion.undone(moved), points, rtol=1e-10)
    np.testing.assert_allclose(motion.inverse.of_points(moved), points, rtol=1e-10)
    thinner = gmm_core.log_density(points, mixture) - gmm_core.log_density(moved, along)
    np.testing.assert_allclose(thinner, np.log(abs(np.linalg.det(motion.matrix))), rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
@pytest.mark.parametrize("moves", [False, True])
def test_units_lead_from_the_columns_to_the_points_and_back(n_dimensions, moves):
    own, names = some_points(n_dimensions), some_names(n_dimensions)
    logs = tuple(axis % 2 == 0 for axis in range(n_dimensions))
    logged = np.where(logs, np.log10(own), own)
    points, centre, unit = standardised(logged)
    motion = some_motion(n_dimensions) if moves else None
    points = points if motion is None else motion.of_points(points)
    units = Units(names, logs, centre, unit, motion)
    np.testing.assert_allclose(units.shift + logged @ units.matrix.T, points, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(units.undone(points), own, rtol=1e-10)
    assert [title.startswith("log10") for title in units.titles] == list(logs)
    mixture = make_mixture(np.random.default_rng(2), 2, n_dimensions)
    means, covariances = units.of_mixture(mixture)
    volume = np.log(abs(np.linalg.det(units.matrix)))
    own_density = gmm_core.log_density(logged, gmm_core.Mixture(mixture.weights, means, covariances))
    np.testing.assert_allclose(own_density - volume, gmm_core.log_density(points, mixture), rtol=1e-7)


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_points_in_their_own_units_are_the_columns(n_dimensions):
    points, units = some_points(n_dimensions), own_units(some_names(n_dimensions))
    np.testing.assert_array_equal(units.undone(points), points)
    assert not units.is_standardised
    assert units.titles == units.names


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_points_put_in_and_taken_out_are_in_the_rows_too(n_dimensions):
    data = some_data(n_dimensions)
    added = [[1.0] * n_dimensions, [2.0] * n_dimensions]
    changed = changed_by_hand(data, added, [0, 30, 99])
    np.testing.assert_array_equal(changed.points, [*data.points[1:], added[1]])
    assert changed.labels is not None
    assert changed.weights is not None
    assert (changed.labels[-1], changed.weights[-1]) == (-1, 1.0)
    source = changed.source
    assert source is not None
    assert source.n_rows == 32
    for axis, name in enumerate(source.used_columns):
        np.testing.assert_array_equal(source.columns[name][source.rows], changed.points[:, axis])
    assert source.columns["kind"][-1] is None
    assert changed_by_hand(data, [], []) is data


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_own_points_are_the_numbers_of_the_source(n_dimensions):
    data = some_data(n_dimensions)
    points, centre, unit = standardised(data.points)
    units = Units(data.columns, (False,) * n_dimensions, centre, unit)
    moved = Data(points, columns=data.columns, units=units, source=data.source)
    np.testing.assert_array_equal(moved.own_points, data.points)


@pytest.mark.parametrize("n_dimensions", [2, 3])
def test_the_widest_column_is_told_from_the_narrowest(n_dimensions):
    points = np.random.default_rng(0).normal(size=(200, n_dimensions)) * 10.0 ** np.arange(n_dimensions)
    found = wider_column(Experiment(), Data(points, columns=some_names(n_dimensions)))
    assert found is not None
    assert found[:2] == (f"column {n_dimensions - 1}", "column 0")
    assert found[2] == pytest.approx(10.0 ** (n_dimensions - 1), rel=0.3)


def test_one_column_is_not_wider_than_itself():
    assert wider_column(Experiment(), Data(some_points(1), columns=("a",))) is None


@pytest.mark.parametrize("n_dimensions", DIMENSIONS)
def test_a_value_that_comes_again_and_again_is_named(n_dimensions):
    points = some_points(n_dimensions)
    points[:15, -1] = 7.0
    names = some_names(n_dimensions)
    source = Source(dict(zip(names, points.T, strict=True)), 30, np.arange(30), names)
    centre = points[:15].mean(axis=0)
    mixture = gmm_core.Mixture([1.0], [centre], [1e4 * np.eye(n_dimensions)])
    run = gmm_core.run(points, mixture, max_steps=1)
    data = Data(points, columns=names, source=source, weights=np.repeat([1.0, 1e-9], 15))
    assert f"50 % of {names[-1]} is exactly 7" in said_of_ties(data, run, 0)
