"""Labelled points, and every bundled classic: what they hold, and what each of them claims to show."""

import csv
from pathlib import Path

import numpy as np
import pytest
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture
from threadpoolctl import threadpool_limits

from gmm_core.datasets import BACKGROUND, CLASSICS, DatasetError, LabelledPoints, load_classic
from gmm_core.families import FAMILIES
from gmm_core.points import PointsError

DATA = Path(__file__).resolve().parents[3] / "gmm_core" / "datasets" / "data"

every_classic = pytest.mark.parametrize("name", CLASSICS)


@pytest.fixture(autouse=True, scope="module")
def one_thread():
    """On a busy machine scikit-learn's threads wait for each other: two minutes instead of three seconds."""
    with threadpool_limits(1):
        yield


def test_labelled_points_are_copies():
    points, labels = np.zeros((2, 2)), np.zeros(2, dtype=np.int64)
    held = LabelledPoints(points, labels, ("only",))
    points[0], labels[0] = 9, 9
    assert not held.points.any()
    assert not held.labels.any()
    for array in (held.points, held.labels):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9


@pytest.mark.parametrize(
    ("points", "labels", "sentence"),
    [
        (np.zeros(3), [0, 0, 0], "shape"),
        (np.array([[0.0, np.nan]]), [0], "missing or infinite"),
        (np.zeros((2, 2)), [0], "2 points need as many labels"),
        (np.zeros((2, 2)), [0, 1], "name them all"),
        (np.zeros((2, 2)), [0, -2], "name them all"),
    ],
)
def test_labelled_points_that_cannot_be(points, labels, sentence):
    with pytest.raises(PointsError, match=sentence):
        LabelledPoints(points, np.array(labels), ("only",))


WORDS = {"answer": ["yes", "no"]}


def test_columns_of_words_are_copies():
    words = np.array(["yes", "no"], dtype=object)
    held = LabelledPoints(np.zeros((2, 2)), np.zeros(2, dtype=np.int64), ("only",), {"answer": words})
    words[0] = "perhaps"
    assert held.texts["answer"].tolist() == ["yes", "no"]
    with pytest.raises(ValueError, match="read-only"):
        held.texts["answer"][0] = "perhaps"
    with pytest.raises(TypeError):
        held.texts["another"] = words


@pytest.mark.parametrize("n_words", [0, 1, 3])
def test_a_column_of_words_has_one_for_each_point(n_words):
    texts = WORDS | {"other": ["word"] * n_words}
    with pytest.raises(PointsError, match=r"must have 2 of them; give one for each point\."):
        LabelledPoints(np.zeros((2, 2)), np.zeros(2, dtype=np.int64), ("only",), texts)


@pytest.mark.parametrize("texts", [None, ["yes", "no"], "yes", 5])
def test_columns_of_words_have_names(texts):
    with pytest.raises(PointsError, match="give a mapping of names"):
        LabelledPoints(np.zeros((2, 2)), np.zeros(2, dtype=np.int64), ("only",), texts)


# --- every classic


def test_the_classics_on_offer():
    assert list(CLASSICS) == ["old_faithful", "penguins", "iris", "galaxies"]
    assert len(CLASSICS) == 4
    assert "titanic" not in CLASSICS


@every_classic
def test_a_classic_introduces_itself(name):
    classic = load_classic(name)
    assert classic is CLASSICS[name], "read once"
    assert classic.name == name
    assert classic.title
    assert classic.sentence.endswith(".")
    assert classic.source
    assert classic.licence
    assert 1 <= classic.n_components <= 12
    assert classic.family in FAMILIES
    assert {classic.x, *filter(None, [classic.y])} <= set(classic.columns)
    assert (classic.y == "") == (len(classic.columns) == 1)
    assert set(classic.axis_titles) == set(classic.columns)
    assert all(title.endswith(")") for title in classic.axis_titles.values()), "an axis has a unit"


@every_classic
def test_a_classics_source_is_written_beside_it(name):
    sources = (DATA / "SOURCES.md").read_text(encoding="utf-8")
    chapter = sources.partition(f"## {name}.csv")[2].partition("\n## ")[0]
    assert "**Source**" in chapter
    assert "**Licence**" in chapter


@every_classic
def test_a_classics_arrays_are_read_only(name):
    classic = load_classic(name)
    for array in (classic.labels, *classic.columns.values(), *classic.texts.values()):
        assert array.shape == classic.labels.shape
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(TypeError):
        classic.columns["new"] = classic.labels
    with pytest.raises(TypeError):
        classic.texts["new"] = classic.labels


@every_classic
def test_every_pair_of_a_classics_columns_makes_points(name):
    classic = load_classic(name)
    for x in classic.columns:
        for y in set(classic.columns) - {x}:
            complete = ~np.isnan(classic.columns[x]) & ~np.isnan(classic.columns[y])
            pair = classic.pair(x, y)
            assert pair.points.shape == (complete.sum(), 2)
            np.testing.assert_array_equal(pair.points[:, 0], classic.columns[x][complete])
            np.testing.assert_array_equal(pair.points[:, 1], classic.columns[y][complete])
            np.testing.assert_array_equal(pair.labels, classic.labels[complete])


@every_classic
def test_any_number_of_columns_makes_points(name):
    classic = load_classic(name)
    for count in range(1, len(classic.columns) + 1):
        names = list(classic.columns)[:count]
        table = np.column_stack([classic.columns[column] for column in names])
        complete = ~np.isnan(table).any(axis=1)
        taken = classic.take(*names)
        np.testing.assert_array_equal(taken.points, table[complete])
        np.testing.assert_array_equal(taken.labels, classic.labels[complete])
    with pytest.raises(DatasetError, match=r"No column of .* is named; choose one of"):
        classic.take()


def test_the_galaxies_are_those_of_the_paper():
    velocities = load_classic("galaxies").columns["velocity"]
    assert len(velocities) == 82
    assert (velocities.min(), velocities.max(), velocities[77]) == (9172, 34279, 26960)
    assert (np.diff(velocities) >= 0).all()


@every_classic
def test_columns_that_make_no_pair(name):
    classic = load_classic(name)
    with pytest.raises(DatasetError, match=f"no column 'colour'; choose two of {', '.join(classic.columns)}"):
        classic.pair(classic.x, "colour")
    with pytest.raises(DatasetError, match=f"Both axes show the column '{classic.x}'; choose two different"):
        classic.pair(classic.x, classic.x)


def test_an_unknown_classic():
    with pytest.raises(
        DatasetError, match="no classic 'titanic'; choose one of old_faithful, penguins, iris"
    ):
        load_classic("titanic")


@pytest.mark.parametrize(
    ("name", "n_rows", "n_complete", "counts"),
    [
        ("old_faithful", 272, 272, {}),
        ("penguins", 344, 342, {"Adelie": 151, "Chinstrap": 68, "Gentoo": 123}),
        ("iris", 150, 150, {"setosa": 50, "versicolor": 50, "virginica": 50}),
    ],
)
def test_the_rows_and_groups_of_a_classic(name, n_rows, n_complete, counts):
    classic = load_classic(name)
    assert len(classic.labels) == n_rows
    pair = classic.pair(classic.x, classic.y)
    assert len(pair.points) == n_complete
    assert pair.label_names == tuple(counts)
    if counts:
        assert np.bincount(pair.labels).tolist() == list(counts.values())
    else:
        assert set(pair.labels) == {BACKGROUND}


@pytest.mark.parametrize(
    ("name", "column", "mean"),
    [
        ("old_faithful", "eruptions", 3.487783),
        ("old_faithful", "waiting", 70.897059),
        ("penguins", "bill_length_mm", 43.92193),
        ("penguins", "bill_depth_mm", 17.15117),
        ("penguins", "flipper_length_mm", 200.91520),
        ("penguins", "body_mass_g", 4201.75439),
        ("iris", "sepal_length", 5.843333),
        ("iris", "sepal_width", 3.057333),
        ("iris", "petal_length", 3.758),
        ("iris", "petal_width", 1.199333),
    ],
)
def test_the_columns_have_their_known_means(name, column, mean):
    assert np.nanmean(load_classic(name).columns[column]) == pytest.approx(mean, abs=1e-5)


def test_the_words_of_the_penguins_are_those_of_the_file():
    penguins = load_classic("penguins")
    with (DATA / "penguins.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(penguins.texts) == ["island", "sex"]
    for name, words in penguins.texts.items():
        assert words.tolist() == [row[name].replace("NA", "") for row in rows]
    counts = {word: (penguins.texts["sex"] == word).sum() for word in ("female", "male", "")}
    assert counts == {"female": 165, "male": 168, "": 11}
    assert set(penguins.texts["island"]) == {"Biscoe", "Dream", "Torgersen"}
    assert not load_classic("iris").texts
    assert not load_classic("old_faithful").texts


def test_labels_follow_the_species_in_the_file():
    with (DATA / "penguins.csv").open(encoding="utf-8", newline="") as lines:
        species = [row["species"] for row in csv.DictReader(lines)]
    classic = load_classic("penguins")
    assert [classic.label_names[label] for label in classic.labels] == species


@pytest.mark.parametrize(
    ("name", "at_least", "kmeans_at_most"), [("penguins", 0.9, 0.6), ("iris", 0.88, 0.75)]
)
def test_the_suggested_fit_finds_the_species(name, at_least, kmeans_at_most):
    classic = load_classic(name)
    pair = classic.pair(classic.x, classic.y)
    mixture = GaussianMixture(
        classic.n_components, covariance_type=classic.family, random_state=0, tol=1e-6, max_iter=1000
    )
    assert adjusted_rand_score(pair.labels, mixture.fit_predict(pair.points)) >= at_least
    kmeans = KMeans(classic.n_components, n_init=10, random_state=0)
    assert adjusted_rand_score(pair.labels, kmeans.fit_predict(pair.points)) <= kmeans_at_most
