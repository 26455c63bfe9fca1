"""Experiment: one frozen value that holds every choice, to and from the address, and what people do to it.

The address has short, readable keys and leaves defaults out. The choices of View and the picture's number
are written to it by the stage, since stepping never asks Python.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from gmm_core import FAMILIES, STARTS, Mixture, MixtureError
from gmm_core.datasets import CLASSICS
from gmm_core.generators import GENERATORS
from gmm_core.points import LARGEST

DRAWN = "draw"
UPLOADED = "upload"

MOST_COMPONENTS = 12
MOST_POINTS = 1_000_000
# The largest whole number that a browser keeps exactly.
MOST_SEED = 2**53 - 1

# A longer list of hand-made points makes an address that servers and mail programs cut.
MOST_LISTED = 1000

Place = tuple[float, float]
Parameters = tuple[float, ...]
"""One component: weight, mean x, mean y, covariance xx, xy, yy."""


class AddressError(ValueError):
    """A value in the address that means nothing; the text is the rest of "<key>: ..."."""


@dataclass(frozen=True)
class View:
    """How the picture is drawn."""

    colour: str = "blended"
    one: int = 0
    behind: str = "nothing"
    level: float = 2.0
    scale: str = "auto"
    trails: bool = True


@dataclass(frozen=True)
class Experiment:
    """Every choice. Equal experiments on equal uploads give equal pictures."""

    data: str = "elongated"
    """A key of GENERATORS or CLASSICS, or DRAWN or UPLOADED."""
    n_points: int = 500
    data_seed: int = 1
    knobs: tuple[tuple[str, float], ...] = ()
    """(name, setting) of the generator's knobs that are not at their defaults."""
    x: str = ""
    """Column across; empty for the first that suits."""
    y: str = ""
    added: tuple[Place, ...] = ()
    """Points put in by hand, after those of the data."""
    removed: tuple[int, ...] = ()
    """Indices of the points taken out, counted among data and added points as they were then."""
    n_components: int = 3
    family: str = "full"
    start: str = "kmeans++"
    start_seed: int = 1
    given: tuple[Parameters, ...] = ()
    """The mixture to start from, where a mean was dragged or points changed under way; else empty."""
    reg_covar: float = 0.0
    tolerance: float = 1e-6
    at: int = 0
    """The picture to open on, counted in half-steps."""
    view: View = field(default_factory=View)

    @property
    def is_generated(self) -> bool:
        """Whether "New data" means anything."""
        return self.data in GENERATORS

    def mixture(self) -> Mixture | None:
        """The given starting mixture, if there is one. Raises MixtureError if it is none."""
        if not self.given:
            return None
        table = np.array(self.given)
        covariances = table[:, [3, 4, 4, 5]].reshape(-1, 2, 2)
        return Mixture(table[:, 0] / table[:, 0].sum(), table[:, 1:3], covariances)


# What people do


def choose_data(experiment: Experiment, data: str) -> Experiment:
    """Other data, with the number of points and components and the family that suit them."""
    kept = {name: getattr(experiment, name) for name in ("start", "reg_covar", "tolerance", "view")}
    if data in GENERATORS:
        suited = GENERATORS[data]
        return Experiment(
            data, suited.n_points, n_components=suited.n_components, family=suited.family, **kept
        )
    if data in CLASSICS:
        classic = CLASSICS[data]
        return Experiment(data, n_components=classic.n_components, family=classic.family, **kept)
    return Experiment(data, n_components=experiment.n_components, family=experiment.family, **kept)


def new_data(experiment: Experiment) -> Experiment:
    """Another draw of the same kind of data, without the points changed by hand."""
    changed = replace(
        experiment, data_seed=(experiment.data_seed + 1) % (MOST_SEED + 1), added=(), removed=()
    )
    return reset(changed)


def new_start(experiment: Experiment) -> Experiment:
    """The same points from another start."""
    return reset(replace(experiment, start_seed=(experiment.start_seed + 1) % (MOST_SEED + 1)))


def reset(experiment: Experiment) -> Experiment:
    """The same points and the same start again, before any mean was dragged, at the first picture."""
    return replace(experiment, given=(), at=0)


def set_knob(experiment: Experiment, name: str, setting: float) -> Experiment:
    """The generator's knob at `setting`."""
    knob = next(knob for knob in GENERATORS[experiment.data].knobs if knob.name == name)
    others = tuple(pair for pair in experiment.knobs if pair[0] != name)
    changed = others if setting == knob.default else (*others, (name, setting))
    # A cluster more, a component more is the natural first guess.
    suited = GENERATORS[experiment.data].n_components + int(setting - knob.default)
    n_components = min(suited, MOST_COMPONENTS) if name == "clusters" else experiment.n_components
    turned = replace(experiment, knobs=tuple(sorted(changed)), n_components=n_components)
    return reset(replace(turned, added=(), removed=()))


def move_mean(experiment: Experiment, mixture: Mixture) -> Experiment:
    """EM begins again from `mixture`, one of whose means was dragged."""
    return _going_on(experiment, mixture)


def add_points(experiment: Experiment, places: list[Place], mixture: Mixture | None) -> Experiment:
    """More points; EM begins again from `mixture`, or from where it began if that is None."""
    return replace(_going_on(experiment, mixture), added=(*experiment.added, *places))


def remove_point(experiment: Experiment, index: int, mixture: Mixture | None) -> Experiment:
    """Without the point `index`, counted among the points that are left."""
    for gone in sorted(experiment.removed):
        if gone <= index:
            index += 1
    return replace(_going_on(experiment, mixture), removed=(*experiment.removed, index))


def clear_points(experiment: Experiment) -> Experiment:
    """An empty picture to draw on."""
    return reset(replace(experiment, data=DRAWN, knobs=(), x="", y="", added=(), removed=()))


def _going_on(experiment: Experiment, mixture: Mixture | None) -> Experiment:
    # K may have changed while the mixture was on its way.
    fits = mixture is not None and mixture.n_components == experiment.n_components
    given = parameters(mixture) if mixture is not None and fits else experiment.given
    return replace(experiment, given=given, at=0)


def parameters(mixture: Mixture) -> tuple[Parameters, ...]:
    """A 2-D mixture as numbers that the address carries without loss."""
    covariances = mixture.covariances.reshape(-1, 4)[:, [0, 1, 3]]
    table = np.column_stack([mixture.weights, mixture.means, covariances])
    return tuple(tuple(float(value) for value in row) for row in table)


# To and from the address


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise AddressError(f"{_short(text)} is not a whole number") from None
        if not low <= value <= high:
            raise AddressError(f"{_short(text)} is not from {low} to {high}")
        return value

    return read


def _number(low: float, high: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise AddressError(f"{_short(text)} is not a number") from None
        if not low <= value <= high:
            raise AddressError(f"{_short(text)} is not from {low:g} to {high:g}")
        return value

    return read


def _one_of(*choices: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in choices:
            raise AddressError(f"{_short(text)} is not one of {', '.join(choices)}")
        return text

    return read


def _table(n_columns: int | None) -> Callable[[str], tuple[tuple[float, ...], ...]]:
    """Rows of numbers: commas within, underscores between."""
    read_number = _number(-LARGEST, LARGEST)

    def read(text: str) -> tuple[tuple[float, ...], ...]:
        rows = tuple(tuple(read_number(cell) for cell in row.split(",")) for row in text.split("_"))
        if len(rows) > MOST_LISTED or any(len(row) != n_columns for row in rows):
            raise AddressError(f"it is not a list of at most {MOST_LISTED} rows of {n_columns} numbers")
        return rows

    return read


def _indices(text: str) -> tuple[int, ...]:
    read = _whole(0, 10 * MOST_POINTS)
    return tuple(read(cell) for cell in text.split(","))


def _column(text: str) -> str:
    return text


def _switch(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _level(text: str) -> float:
    return float(_one_of("1", "2", "2.45", "3")(text))


def _short(text: str) -> str:
    return repr(text if len(text) <= 24 else text[:23] + "…")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        # Every digit: what a link opens must equal what was seen.
        return repr(value).removesuffix(".0")
    return str(value)


def _rows_text(rows: tuple[tuple[float, ...], ...]) -> str:
    return "_".join(",".join(_text(value) for value in row) for row in rows)


# field: (key in the address, reader, writer)
_ADDRESS: Mapping[str, tuple[str, Callable[[str], Any], Callable[[Any], str]]] = {
    "data": ("data", _one_of(*GENERATORS, *CLASSICS, DRAWN, UPLOADED), _text),
    "n_points": ("n", _whole(1, MOST_POINTS), _text),
    "data_seed": ("seed", _whole(0, MOST_SEED), _text),
    "x": ("x", _column, _text),
    "y": ("y", _column, _text),
    "added": ("add", _table(2), _rows_text),
    "removed": ("drop", _indices, lambda indices: ",".join(map(str, indices))),
    "n_components": ("k", _whole(1, MOST_COMPONENTS), _text),
    "family": ("family", _one_of(*FAMILIES), _text),
    "start": ("start", _one_of(*(name for name in STARTS if STARTS[name].needs is None)), _text),
    "start_seed": ("start_seed", _whole(0, MOST_SEED), _text),
    "given": ("from", _table(6), _rows_text),
    "reg_covar": ("reg", _number(0, 1e100), _text),
    "tolerance": ("tol", _number(0, 1e6), _text),
    "at": ("at", _whole(0, 10**6), _text),
}

_VIEW: Mapping[str, Callable[[str], Any]] = {
    "colour": _one_of("blended", "hard", "uncertainty", "component", "truth"),
    "one": _whole(0, MOST_COMPONENTS - 1),
    "behind": _one_of("nothing", "field", "contours"),
    "level": _level,
    "scale": _one_of("auto", "equal", "free"),
    "trails": _switch,
}

VIEW_DEFAULTS = {"at": "0"} | {item.name: _text(item.default) for item in fields(View)}


def from_address(address: Mapping[str, str]) -> tuple[Experiment, list[str]]:
    """The experiment an address describes, and a sentence for every value that had to be passed over."""
    complaints: list[str] = []

    def read(key: str, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(address[key])
        except AddressError as error:
            complaints.append(f"The link's “{key}” was passed over: {error}.")
            return None

    def read_all(readers: Mapping[str, tuple[str, Callable[[str], Any]]]) -> dict[str, Any]:
        known = {name: read(key, reader) for name, (key, reader) in readers.items() if key in address}
        return {name: value for name, value in known.items() if value is not None}

    chosen = read_all({name: (key, reader) for name, (key, reader, _) in _ADDRESS.items()})
    experiment = choose_data(Experiment(), chosen.get("data", Experiment.data))
    experiment = replace(experiment, **chosen, view=View(**read_all({n: (n, r) for n, r in _VIEW.items()})))
    if experiment.is_generated:
        for knob in GENERATORS[experiment.data].knobs:
            if knob.name in address:
                setting = read(knob.name, _knob_reader(knob))
                if setting is not None and setting != knob.default:
                    pairs = (*experiment.knobs, (knob.name, setting))
                    experiment = replace(experiment, knobs=tuple(sorted(pairs)))
    experiment = _with_known_columns(experiment, complaints)
    return _with_sound_start(experiment, complaints), complaints


def _with_known_columns(experiment: Experiment, complaints: list[str]) -> Experiment:
    if experiment.data not in CLASSICS:
        return experiment
    classic = CLASSICS[experiment.data]
    for key in ("x", "y"):
        if getattr(experiment, key) not in ("", *classic.columns):
            found = _short(getattr(experiment, key))
            complaints.append(f"The link's “{key}” was passed over: {found} is no column of {classic.title}.")
            experiment = replace(experiment, **{key: ""})
    if (experiment.x or classic.x) == (experiment.y or classic.y):
        complaints.append("The link's “x” and “y” were passed over: they are the same column.")
        experiment = replace(experiment, x="", y="")
    return experiment


def _knob_reader(knob: Any) -> Callable[[str], float]:
    if isinstance(knob.step, int):
        return _whole(int(knob.low), int(knob.high))
    return _number(knob.low, knob.high)


def _with_sound_start(experiment: Experiment, complaints: list[str]) -> Experiment:
    problem = None
    if experiment.given and len(experiment.given) != experiment.n_components:
        problem = f"it has {len(experiment.given)} components and k is {experiment.n_components}"
    try:
        with np.errstate(all="raise"):
            experiment.mixture()
    except (MixtureError, FloatingPointError):
        problem = "its numbers are not a mixture"
    if problem is None:
        return experiment
    complaints.append(f"The link's “from” was passed over: {problem}.")
    return replace(experiment, given=())


def to_address(experiment: Experiment) -> dict[str, str]:
    """The address parameters of everything but the view and the picture's number, which the stage adds.

    What follows from the choice of data is left out like every default. A list of hand-made points too
    long for an address is left out as well; `fits_address` tells.
    """
    usual = choose_data(Experiment(), experiment.data)
    address: dict[str, str] = {}
    if experiment.data != Experiment.data:
        address["data"] = experiment.data
    for name, (key, _, write) in _ADDRESS.items():
        value = getattr(experiment, name)
        if name not in ("data", "at") and value != getattr(usual, name):
            address[key] = write(value)
    if not fits_address(experiment):
        address.pop("add", None)
        address.pop("drop", None)
    return address | {name: _text(setting) for name, setting in experiment.knobs}


def fits_address(experiment: Experiment) -> bool:
    """Whether a link carries every point that was put in or taken out by hand."""
    return max(len(experiment.added), len(experiment.removed)) <= MOST_LISTED


def is_place(value: Any) -> bool:
    """Whether `value` is a pair of numbers that may be a point."""
    return isinstance(value, list | tuple) and len(value) == 2 and all(map(_is_coordinate, value))


def _is_coordinate(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
