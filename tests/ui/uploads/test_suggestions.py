"""What is looked at first."""

import numpy as np
import pytest

from ui.uploads import UploadError, read_table, select_points, suggest, suggest_label, suggestion


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("index,x,y\n0,5,6\n1,7,8\n", ("x", "y")),
        ("ID;x;y\n1;5;6\n2;7;8\n", ("x", "y")),
        ("Unnamed: 0,x,y\n0,5,6\n1,7,8\n", ("x", "y")),
        (",x,y\n1,5,6\n2,7,8\n", ("x", "y")),
        ("x,y,row\n5,6,1\n7,8,2\n", ("x", "y")),
        ("1,5,6\n2,7,8\n", ("column 2", "column 3")),
        ("id,x\n0,5\n1,7\n", ("id", "x")),  # there are no two others
        ("id,index,x\n0,0,5\n1,1,6\n", ("id", "x")),
        ("x,y,z\n0,5,6\n1,7,8\n", ("x", "y")),  # counts, but its name says that it is data
        ("id,x,y\n1001,5,6\n1002,7,8\n", ("x", "y")),
        ("id,x,y\n2,5,6\n1,7,8\n", ("x", "y")),
        ('"","x","y"\n"1",2,3\n"2",4,4\n"4",5,2\n"5",3,1\n', ("x", "y")),
    ],
)
def test_a_column_that_numbers_the_rows_is_passed_over(text, expected):
    selection = select_points(read_table("points.csv", text.encode()))
    assert (selection.x, selection.y) == expected


RNG = np.random.default_rng(3)
COLUMNS = {
    "index": np.arange(200),
    "constant": np.full(200, 7.0),
    "code": np.arange(200) % 4,
    "size": RNG.normal(size=200),
    "weight": RNG.normal(size=200),
}


def text_of(*names, **words):
    return as_text({name: COLUMNS[name] for name in names} | words)


def as_text(columns):
    rows = [",".join(map(str, row)) for row in zip(*columns.values(), strict=True)]
    return "\n".join([",".join(columns), *rows]).encode()


def table_of(columns):
    return read_table("a.csv", as_text(columns))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("index", "constant", "code", "size", "weight"), ("size", "weight")),
        (("weight", "code", "size", "constant"), ("weight", "size")),
        (("index", "constant", "code", "size"), ("code", "size")),
        (("size", "index", "constant"), ("size", "index")),
        (("constant", "size"), ("constant", "size")),
        (("constant", "code"), ("constant", "code")),
    ],
)
def test_columns_that_vary_come_first(names, expected):
    table = read_table("a.csv", text_of(*names))
    assert suggest(table) == expected
    assert suggest(table, x="constant" if "constant" in names else "size")[1] in names
    assert suggest(table, y=expected[0]) == (expected[1], expected[0])


def test_no_columns_are_suggested_where_there_are_no_two():
    with pytest.raises(UploadError, match='only one column of numbers, "size"'):
        suggest(read_table("a.csv", text_of("size", word=["a", "b"] * 100)))


@pytest.mark.parametrize(
    ("names", "words", "expected"),
    [
        (("size", "weight"), {"kind": ["a", "b"] * 100}, "kind"),
        (("size", "weight", "code"), {"other": ["a", "b"] * 100}, "other"),
        (("size", "weight", "code"), {}, "code"),
        (("code", "size", "weight"), {"note": [f"n{n}" for n in range(200)]}, "code"),
        (("size", "weight"), {"note": [f"n{n}" for n in range(200)]}, None),
        (("size", "weight"), {"same": ["a"] * 200}, None),
        (("size", "weight", "constant", "index"), {}, None),
        (("size", "weight"), {"word": ["a", "b"] * 100, "Species": ["c", "d"] * 100}, "Species"),
        (("size", "weight"), {"word": ["a", "b"] * 100, "cluster": np.arange(200) % 3}, "cluster"),
        (("size", "weight"), {"ok": ["True", "False"] * 100}, "ok"),
        (("size", "weight"), {"gap": ["a", "", "b", ""] * 50}, "gap"),
    ],
)
def test_a_label_is_a_few_values_that_come_again_and_again(names, words, expected):
    table = read_table("a.csv", text_of(*names, **words))
    assert suggest_label(table, "size", "weight") == expected
    assert suggest(table) == ("size", "weight")


GROUPS = RNG.integers(0, 2, 200)
CLUSTERED = {
    "first": 5 * GROUPS + RNG.normal(size=200),
    "second": 3 * GROUPS + RNG.normal(size=200),
    "noise": RNG.normal(size=200),
    "tails": RNG.standard_t(2, size=200),
    "skewed": RNG.lognormal(sigma=1.2, size=200),
    "rain": np.where(RNG.random(200) < 0.4, 0.0, RNG.gamma(2, size=200)),
    "code": 10 * GROUPS,
    "year": 1980 + 30 * GROUPS + RNG.integers(0, 5, 200),
    "id": RNG.permutation(200) + 5_000_000 * (1 + GROUPS),
}


@pytest.mark.parametrize("turn", range(len(CLUSTERED)))
def test_the_pair_that_falls_into_groups_is_found_wherever_it_stands(turn):
    names = [*list(CLUSTERED)[turn:], *list(CLUSTERED)[:turn]]
    table = table_of({name: CLUSTERED[name] for name in names})
    assert set(suggest(table)) == {"first", "second"}
    found = suggestion(table)
    assert found.why == f"{found.x} and {found.y}: the pair that separates best of 10."
    assert suggest(table) == (found.x, found.y)
    assert suggest(table, x="noise")[1] == "first"
    assert suggest(table, y="noise") == ("first", "noise")


def test_without_groups_it_is_the_first_that_measure_something():
    table = table_of({name: CLUSTERED[name] for name in ("id", "code", "skewed", "tails", "noise")})
    assert suggest(table) == ("skewed", "tails")
    assert "no pair shows separate groups" in suggestion(table).why
    mapped = {"depth": CLUSTERED["noise"], "lat": RNG.normal(size=200), "lon": RNG.normal(size=200)}
    assert suggest(table_of(mapped)) == ("lon", "lat")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("latitude", "longitude"), ("longitude", "latitude")),
        (("Lon", "Lat"), ("Lon", "Lat")),
        (("northing", "easting"), ("easting", "northing")),
        (("y", "x"), ("x", "y")),
        (("lat", "depth"), ("depth", "lat")),
        (("depth", "lng"), ("lng", "depth")),
        (("b", "a"), ("b", "a")),
    ],
)
def test_a_map_lies_as_maps_do(names, expected):
    table = table_of({"id": np.arange(200), **{name: RNG.normal(size=200) for name in names}})
    assert suggest(table) == expected


def test_ids_are_better_than_nothing():
    table = table_of({"id": np.arange(200), "serial": RNG.permutation(200), "word": ["a"] * 200})
    assert suggest(table) == ("id", "serial")


def test_wide_tables_are_looked_at_as_well():
    columns = {f"noise {i}": RNG.normal(size=150) for i in range(60)}
    columns |= {name: 3 * GROUPS[:150] + CLUSTERED[name][:150] for name in ("first", "second")}
    columns |= {f"more {i}": RNG.normal(size=150) for i in range(60)}
    assert suggest(table_of(columns)) == ("first", "second")
