"""Points whose true clusters are known, and the classics that come bundled with the package.

Points made to order are in generators.py. Sources and licences of the classics: data/SOURCES.md.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from gmm_core.points import Array, PointsError, ReadOnly, as_labels, as_points, quoted, read_only

Labels = NDArray[np.int64]
Texts = NDArray[np.object_]

BACKGROUND = -1
"""The label of a point that belongs to no named cluster: noise, background, or no known truth."""


class DatasetError(ValueError):
    """A data set, column or knob that does not exist or cannot be set so; the text says what to do."""


def _read_only_labels(labels: NDArray[np.integer]) -> Labels:
    copy = np.array(labels, dtype=np.int64)
    copy.flags.writeable = False
    return copy


def _read_only_texts(words: Sequence[str] | Texts) -> Texts:
    copy = np.array(words, dtype=object)
    copy.flags.writeable = False
    return copy


@dataclass(frozen=True, eq=False)
class LabelledPoints(ReadOnly):
    """Points and the cluster that each of them truly came from.

    Raises PointsError when the points are not finite and of shape (N, D) with N >= 1, when there is not
    one label and one word of every further column for each point, or when a label has no name.
    """

    points: Array
    """(N, D), read-only."""
    labels: Labels
    """(N,), read-only: an index into `label_names`, or -1 for noise, background or no known truth."""
    label_names: tuple[str, ...]
    """What the labels 0, 1, ... stand for; empty when no truth is known."""
    texts: Mapping[str, Texts] = field(default_factory=lambda: MappingProxyType({}))
    """Further columns (N,) by name, of words, read-only."""

    def __post_init__(self) -> None:
        points = read_only(as_points(self.points))
        if not isinstance(self.label_names, tuple | list):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise PointsError(f"The names of labels are {quoted(self.label_names)}; give a tuple of texts.")
        given = as_labels(self.labels)
        if given.dtype.kind not in "iu" and given.size:
            raise PointsError(f"The labels must be whole numbers, not {quoted(given)}; give one a point.")
        labels = _read_only_labels(given)
        if labels.shape != (len(points),):
            raise PointsError(f"{len(points)} points need as many labels, not {labels.shape}; give one each.")
        if labels.min() < BACKGROUND or labels.max() >= len(self.label_names):
            raise PointsError(
                f"A label is neither {BACKGROUND} nor an index into label_names; name them all."
            )
        if not isinstance(self.texts, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise PointsError(f"The texts are {quoted(self.texts)}; give a mapping of names to columns.")
        texts = {name: _read_only_texts(words) for name, words in self.texts.items()}
        if any(words.shape != (len(points),) for words in texts.values()):
            raise PointsError(f"A column of words must have {len(points)} of them; give one for each point.")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "labels", labels)
        object.__setattr__(self, "texts", MappingProxyType(texts))


@dataclass(frozen=True, eq=False)
class Classic(ReadOnly):
    """A bundled data set of N rows, with the columns and settings that suit it."""

    name: str
    """The key in CLASSICS."""
    title: str
    """As people say it."""
    sentence: str
    """What it shows, in plain words."""
    source: str
    """Who measured and published it."""
    licence: str
    """On what terms it may be passed on."""
    columns: Mapping[str, Array]
    """Every measured column (N,), read-only, NaN where a value is missing."""
    axis_titles: Mapping[str, str]
    """For every column its name and unit, as an axis would show it."""
    labels: Labels
    """(N,), read-only: an index into `label_names`; -1 throughout when no truth is known."""
    label_names: tuple[str, ...]
    """What the labels stand for; empty when no truth is known."""
    x: str
    """The column to begin with across."""
    y: str
    """The column to begin with upwards; empty where there is but one."""
    n_components: int
    """The K to begin with."""
    family: str
    """The covariance family to begin with, a key of FAMILIES."""
    texts: Mapping[str, Texts] = field(default_factory=lambda: MappingProxyType({}))
    """The other columns (N,) by name, of words, read-only; empty where a value is missing."""

    def pair(self, x: str, y: str) -> LabelledPoints:
        """The rows in which both columns are known, as points (x, y); as `take`."""
        return self.take(x, y)

    def take(self, *names: str) -> LabelledPoints:
        """The rows in which all D columns of these names are known, as points (N, D) in their own units.

        Raises DatasetError for no column, an unknown one, or one given twice.
        """
        many = "two" if len(names) == 2 else "one"
        for column in names:
            if column not in self.columns:
                raise DatasetError(
                    f"{self.title} has no column {column!r}; choose {many} of {', '.join(self.columns)}."
                )
            if names.count(column) > 1:
                raise DatasetError(f"Both axes show the column {column!r}; choose two different ones.")
        if not names:
            raise DatasetError(
                f"No column of {self.title} is named; choose one of {', '.join(self.columns)}."
            )
        points = np.column_stack([self.columns[name] for name in names])
        complete = ~np.isnan(points).any(axis=1)
        return LabelledPoints(points[complete], self.labels[complete], self.label_names)


def load_classic(name: str) -> Classic:
    """The bundled data set called `name`, a key of CLASSICS; read once and then remembered.

    Raises DatasetError for any other name.

    >>> load_classic("old_faithful").pair("eruptions", "waiting").points.shape
    (272, 2)
    """
    if not isinstance(name, str) or name not in _LOADERS:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise DatasetError(f"There is no classic {quoted(name)}; choose one of {', '.join(_LOADERS)}.")
    return _LOADERS[name]()


class _Classics(Mapping[str, Classic]):
    """A registry that opens a file only when somebody asks for it."""

    def __getitem__(self, name: str) -> Classic:
        return _LOADERS[name]()

    def __iter__(self) -> Iterator[str]:
        return iter(_LOADERS)

    def __len__(self) -> int:
        return len(_LOADERS)


CLASSICS: Mapping[str, Classic] = _Classics()
"""The bundled data sets by name, in the order in which they are offered."""


def _rows(file: str) -> list[dict[str, str]]:
    text = (resources.files("gmm_core.datasets") / "data" / file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _column(rows: list[dict[str, str]], header: str) -> Array:
    return read_only([np.nan if row[header] == "NA" else float(row[header]) for row in rows])


def _texts(rows: list[dict[str, str]], header: str) -> Texts:
    return _read_only_texts(["" if row[header] == "NA" else row[header] for row in rows])


def _labels(rows: list[dict[str, str]], header: str, label_names: tuple[str, ...]) -> Labels:
    return _read_only_labels(np.array([label_names.index(row[header]) for row in rows]))


@cache
def _old_faithful() -> Classic:
    rows = _rows("old_faithful.csv")
    return Classic(
        name="old_faithful",
        title="Old Faithful",
        sentence="A geyser's eruptions: short after a short wait, long after a long one, two clear groups.",
        source="Härdle (1991), as `faithful` in R; at greater length in Azzalini & Bowman (1990)",
        licence="Measured facts without a licence of their own; the table comes with R (GPL-2 | GPL-3)",
        columns=MappingProxyType({header: _column(rows, header) for header in ("eruptions", "waiting")}),
        axis_titles=MappingProxyType(
            {"eruptions": "Eruption (minutes)", "waiting": "Wait until the next eruption (minutes)"}
        ),
        labels=_read_only_labels(np.full(len(rows), BACKGROUND)),
        label_names=(),
        x="eruptions",
        y="waiting",
        n_components=2,
        family="full",
    )


@cache
def _penguins() -> Classic:
    rows = _rows("penguins.csv")
    axis_titles = {
        "bill_length_mm": "Bill length (mm)",
        "bill_depth_mm": "Bill depth (mm)",
        "flipper_length_mm": "Flipper length (mm)",
        "body_mass_g": "Body mass (g)",
    }
    label_names = ("Adelie", "Chinstrap", "Gentoo")
    return Classic(
        name="penguins",
        title="Palmer penguins",
        sentence="Bills of three species: tilted clouds that ellipses separate and circles confuse.",
        source="palmerpenguins by Horst, Hill & Gorman (2020), after Gorman, Williams & Fraser (2014)",
        licence="CC0 1.0",
        columns=MappingProxyType({header: _column(rows, header) for header in axis_titles}),
        axis_titles=MappingProxyType(axis_titles),
        labels=_labels(rows, "species", label_names),
        label_names=label_names,
        x="bill_length_mm",
        y="bill_depth_mm",
        n_components=3,
        family="full",
        texts=MappingProxyType({header: _texts(rows, header) for header in ("island", "sex")}),
    )


@cache
def _iris() -> Classic:
    rows = _rows("iris.csv")
    headers = ("Sepal.Length", "Sepal.Width", "Petal.Length", "Petal.Width")
    names = {header: header.replace(".", "_").lower() for header in headers}
    label_names = ("setosa", "versicolor", "virginica")
    return Classic(
        name="iris",
        title="Iris flowers",
        sentence="Three species in clouds of one shape: a tied mixture parts even the two that touch.",
        source="Fisher (1936), Annals of Eugenics 7, 179-188; measured by Anderson (1935)",
        licence="No licence stated; measured facts of 1936, treated as public domain",
        columns=MappingProxyType({name: _column(rows, header) for header, name in names.items()}),
        axis_titles=MappingProxyType(
            {name: f"{name.replace('_', ' ').capitalize()} (cm)" for name in names.values()}
        ),
        labels=_labels(rows, "Species", label_names),
        label_names=label_names,
        # On the petals alone the most likely full fit is not the three species.
        x="sepal_length",
        y="petal_length",
        n_components=3,
        family="tied",
    )


@cache
def _galaxies() -> Classic:
    rows = _rows("galaxies.csv")
    return Classic(
        name="galaxies",
        title="Galaxies",
        sentence="How fast 82 galaxies move away from us: one number each, and several groups on a line.",
        source="Roeder (1990), Journal of the American Statistical Association 85, 617-624, after Postman, "
        "Huchra & Geller (1986)",
        licence="Measured facts, published without a licence of their own",
        columns=MappingProxyType({"velocity": _column(rows, "velocity")}),
        axis_titles=MappingProxyType({"velocity": "Velocity (km/s)"}),
        labels=_read_only_labels(np.full(len(rows), BACKGROUND)),
        label_names=(),
        x="velocity",
        y="",
        n_components=3,
        family="full",
    )


_LOADERS: Mapping[str, Callable[[], Classic]] = MappingProxyType(
    {"old_faithful": _old_faithful, "penguins": _penguins, "iris": _iris, "galaxies": _galaxies}
)
