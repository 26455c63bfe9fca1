"""What a column is there for, by its name and its values."""

import numpy as np
import pytest

from ui.uploads.roles import Role, height_of, role_of

RNG = np.random.default_rng(1)
N = 200
NORMAL = RNG.normal(50, 10, N)
WHOLE = NORMAL.round()
MANY = np.sort(RNG.choice(9_000_000, N, replace=False)) + 1_000_000.0
DAYS = np.concatenate([np.arange(1, 31)] * 7)[:N].astype(float)

COLUMNS = {
    ("size", "a"): (NORMAL, Role.MEASUREMENT),
    ("size", "whole"): (WHOLE, Role.MEASUREMENT),
    ("acid", "whole"): (WHOLE, Role.MEASUREMENT),
    ("body mass index", "whole"): (WHOLE, Role.MEASUREMENT),
    ("refractive_index", "a"): (NORMAL, Role.MEASUREMENT),
    ("latitude", "even"): (np.arange(N) / 4.0, Role.MEASUREMENT),
    ("x", "even"): (np.arange(N) * 1.0, Role.MEASUREMENT),
    ("sizes", "sorted"): (np.sort(NORMAL), Role.MEASUREMENT),
    ("inhabitants", "sorted whole"): (np.sort(RNG.lognormal(10, 1, N).round()), Role.MEASUREMENT),
    ("gap", "half missing"): (np.where(np.arange(N) % 2, NORMAL, np.nan), Role.MEASUREMENT),
    ("rain", "zeros"): (np.where(np.arange(N) % 3, NORMAL, 0.0), Role.HEAPED),
    ("rain", "some zeros"): (np.where(np.arange(N) % 6, NORMAL, 0.0), Role.HEAPED),
    ("kind", "few"): (np.arange(N) % 4, Role.CODE),
    ("dose", "few"): (np.tile([0.5, 1, 2, 4], N // 4), Role.CODE),
    ("Site", "whole"): (WHOLE, Role.CODE),
    ("subjectNo", "blocks"): (np.repeat(np.arange(40), 5) + 300.0, Role.CODE),
    ("pig", "blocks"): (np.repeat(RNG.permutation(5000)[:40], RNG.integers(3, 7, 40))[:N], Role.CODE),
    ("treatment", "balanced"): (RNG.permutation(np.repeat(np.arange(20) * 7, 10)), Role.CODE),
    ("year", "years"): (RNG.integers(1990, 2020, N), Role.DATE),
    ("Year", "of two digits"): (RNG.integers(70, 83, N), Role.DATE),
    ("yearBuilt", "years"): (RNG.integers(1900, 2020, N), Role.DATE),
    ("season", "sorted years"): (np.sort(RNG.integers(1900, 2020, N)), Role.DATE),
    ("when", "digits"): (20200100 + RNG.integers(1, 29, N) + 100.0 * RNG.integers(0, 12, N), Role.DATE),
    ("timestamp", "seconds"): (MANY * 300, Role.DATE),
    ("time", "in order"): (np.cumsum(RNG.random(N)), Role.DATE),
    ("month", "whole"): (RNG.integers(1, 13, N), Role.DATE),
    ("reading", "1 to 50"): (np.tile(np.arange(1, 51), 4), Role.RUNNING),
    ("trial", "1 to 50, backwards"): (np.tile(np.arange(50, 0, -1), 4), Role.RUNNING),
    ("angle", "even"): (np.linspace(0, 1, N), Role.RUNNING),
    ("rank", "mixed up"): (RNG.permutation(N) + 1.0, Role.RUNNING),
    ("round", "days"): (DAYS, Role.RUNNING),
    ("ID", "millions"): (RNG.permutation(MANY), Role.NUMBERING),
    ("PassengerId", "in order"): (np.arange(N), Role.NUMBERING),
    ("patient_id", "again and again"): (np.repeat(MANY[:50], 4), Role.NUMBERING),
    ("rownames", "in order"): (np.arange(N), Role.NUMBERING),
    ("row.names", "gaps"): (np.sort(RNG.choice(1000, N, replace=False)), Role.NUMBERING),
    ("Unnamed: 0", "mixed up"): (RNG.permutation(N), Role.NUMBERING),
    ("userid", "large"): (MANY, Role.NUMBERING),
    ("zip code", "whole"): (RNG.integers(10_000, 99_999, N), Role.NUMBERING),
    ("same", "all"): (np.full(N, 3.0), Role.CONSTANT),
    ("nothing", "all missing"): (np.full(N, np.nan), Role.CONSTANT),
}


@pytest.mark.parametrize("case", COLUMNS, ids=lambda case: ", ".join(case))
def test_a_column_is_known_by_its_name_and_values(case):
    values, expected = COLUMNS[case]
    assert role_of(case[0], values.astype(float)) is expected


@pytest.mark.parametrize("role", [Role.MEASUREMENT, Role.HEAPED])
def test_many_rows_change_nothing(role):
    for (name, _), (values, expected) in COLUMNS.items():
        if expected is role:
            many = np.concatenate([values, *(RNG.permutation(values) for _ in range(300))])
            assert role_of(name, many) is role, name


def test_the_first_column_may_hold_keys_of_any_name():
    for name in ("reference", "a"):
        assert role_of(name, MANY, is_first=True) is Role.NUMBERING
        assert role_of(name, MANY, is_first=False) is Role.MEASUREMENT
    assert role_of("column 1", np.arange(30.0) ** 2, is_first=True, has_header=False) is Role.NUMBERING
    assert role_of("column 2", np.arange(30.0) ** 2, has_header=False) is Role.MEASUREMENT


@pytest.mark.parametrize("values", [[1.0], [0.0, 5e307], [-1e308, 1e308], [1e-300, 2e-300], [np.nan, 2.0]])
def test_every_column_of_numbers_is_something(values):
    for name in ("", "id", "size", "column 1", "year"):
        assert role_of(name, np.array(values * 7)) in Role


@pytest.mark.parametrize(
    ("name", "height"),
    [
        ("Longitude", -2),
        ("lat", 2),
        ("site_lng", -2),
        ("Easting", -2),
        ("northing (m)", 2),
        ("x", -1),
        ("Y", 1),
        ("x1", 0),
        ("flat", 0),
    ],
)
def test_where_an_axis_of_that_name_belongs(name, height):
    assert height_of(name) == height
