"""An Experiment to and from the address.

The address has short, readable keys and leaves defaults out. The choices of View and the picture's number
are written to it by the stage, since stepping never asks Python.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from gmm_core import FAMILIES, STARTS, MixtureError
from gmm_core.datasets import CLASSICS
from gmm_core.generators import GENERATORS
from gmm_core.points import LARGEST
from ui.experiment import (
    DRAWN,
    HIDEABLE,
    MOST_COMPONENTS,
    MOST_LISTED,
    MOST_POINTS,
    MOST_SEED,
    MOST_STEPS,
    UPLOADED,
    Experiment,
    Question,
    View,
    choose_data,
)
from ui.stage import choices as drawing
from ui.uploads.numerals import THOUSANDS
from ui.uploads.table import DECIMALS, ENCODINGS, SEPARATORS, Reading

MOST_PICTURES = 10**6
"""That a run may have, by far."""
RETURNED = "returned"
"""The key that the page adds when a broken line to the server is back (static/hosts/line.js); the value is
the name of the file that the server held."""


class AddressError(ValueError):
    """A value in the address that means nothing; the text is the rest of "<key>: ..."."""


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


def _bare(text: str) -> str:
    """What of a name people remember: they write “eii” and “Old Faithful”."""
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter == "+")


def _one_of(*choices: str) -> Callable[[str], str]:
    bare = {_bare(choice): choice for choice in choices}

    def read(text: str) -> str:
        # A plus sign that was typed into an address is read as a space.
        ways = _bare(text.replace(" ", "+")), _bare(text)
        found = text if text in choices else next((bare[way] for way in ways if way in bare), None)
        if found is None:
            raise AddressError(f"{_short(text)} is not one of {', '.join(choices)}")
        return found

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


def _pair(text: str) -> tuple[int, ...]:
    counts = _indices(text)
    if len(counts) != 2:
        raise AddressError(f"{_short(text)} is not a pair of whole numbers")
    return counts


def _column(text: str) -> str:
    return text


def _several(choices: Iterable[str]) -> Callable[[str], tuple[str, ...]]:
    def read(text: str) -> tuple[str, ...]:
        chosen = [_one_of(*choices)(name) for name in text.split(",")]
        return tuple(name for name in choices if name in chosen)

    return read


def _questions(text: str) -> tuple[Question, ...]:
    try:
        rows = json.loads(text)
        if all(isinstance(part, str) for row in rows for part in row):
            return tuple((column, operator, value) for column, operator, value in rows)
    except (ValueError, TypeError, RecursionError):
        pass
    raise AddressError("it is not a list of columns, operators and values")


# What may stand for each field of a Reading; None for any text.
_READINGS: Mapping[str, Any] = {
    "separator": SEPARATORS,
    "decimal": DECIMALS,
    "thousands": (*THOUSANDS, ""),
    "header": (0, 1, 2),
    "encoding": ENCODINGS,
    "sheet": None,
    "missing": None,
    "totals": (False, True),
}


def _reading(text: str) -> Reading:
    try:
        told = json.loads(text)
        if isinstance(told.get("missing"), list):
            told["missing"] = tuple(told["missing"])
        known = all(_may_say(name, value) for name, value in told.items())
    except (ValueError, TypeError, AttributeError, RecursionError):
        known, told = False, {}
    if not known or not told:
        raise AddressError("it does not say how a file is read")
    return Reading(**told)


def _may_say(name: str, value: Any) -> bool:
    if name not in _READINGS:
        return False
    if name == "missing":
        return isinstance(value, tuple) and all(isinstance(mark, str) for mark in value)
    choices = _READINGS[name]
    kind = {"header": int, "totals": bool}.get(name, str)
    return type(value) is kind and (choices is None or value in choices)


def _reading_text(reading: Reading) -> str:
    told = reading.corrections
    if "header" in told:
        told["header"] = int(told["header"])
    return json.dumps(told, ensure_ascii=False)


def _switch(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _level(text: str) -> float:
    level = _number(min(drawing.LEVELS), max(drawing.LEVELS))(text)
    # By its number: “24.5” is no way of writing 2.45.
    return float(_one_of(*(f"{known:.3g}" for known in drawing.LEVELS))(_text(level)))


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
    "file": ("file", _column, _text),
    "reading": ("reading", _reading, _reading_text),
    "label": ("label", _column, _text),
    "weight": ("weight", _column, _text),
    "log_x": ("log_x", _switch, _text),
    "log_y": ("log_y", _switch, _text),
    "where": ("where", _questions, json.dumps),
    "sample": ("sample", _whole(1, 10**9), _text),
    "added": ("add", _table(2), _rows_text),
    "removed": ("drop", _indices, lambda indices: ",".join(map(str, indices))),
    "n_components": ("k", _whole(1, MOST_COMPONENTS), _text),
    "family": ("family", _one_of(*FAMILIES), _text),
    "start": ("start", _one_of(*(name for name in STARTS if STARTS[name].needs is None)), _text),
    "start_seed": ("start_seed", _whole(0, MOST_SEED), _text),
    "start_among": ("start_among", _pair, lambda counts: ",".join(map(str, counts))),
    "given": ("from", _table(6), _rows_text),
    "reg_covar": ("reg", _number(0, 1e100), _text),
    "prior": ("prior", _switch, _text),
    "tolerance": ("tol", _number(0, 1e6), _text),
    "step_limit": ("steps", _whole(1, MOST_STEPS), _text),
    "stop_falling": ("stop_falling", _switch, _text),
    "families": ("families", _several(FAMILIES), ",".join),
    "dial": ("dial", _switch, _text),
    "turn": ("turn", _number(-180, 180), _text),
    "stretch": ("stretch_y", _number(1e-3, 1e3), _text),
    "standardise": ("standardise", _switch, _text),
    "hide": ("hide", _several(HIDEABLE), ",".join),
    "at": ("at", _whole(0, MOST_PICTURES), _text),
}

_VIEW: Mapping[str, Callable[[str], Any]] = {
    "colour": _one_of(*drawing.COLOURS),
    "one": _whole(0, MOST_COMPONENTS - 1),
    "behind": _one_of(*drawing.BACKGROUNDS),
    "level": _level,
    "scale": _one_of(drawing.AUTOMATIC, *drawing.SCALES),
    "trails": _switch,
    "glyphs": _one_of(*drawing.GLYPHS),
    "radius": _one_of(*drawing.RADII),
    "dial_at": _whole(0, 100),
    "reveal": _switch,
    "present": _switch,
}

VIEW_DEFAULTS = {"at": "0"} | {item.name: _text(item.default) for item in fields(View)}


def from_address(address: Mapping[str, str], whose: str = "The link's") -> tuple[Experiment, list[str]]:
    """The experiment an address describes, and a sentence for every value that had to be ignored."""
    complaints: list[str] = []
    # Half a letter can be in no address.
    address = {key: value.encode("utf-8", "replace").decode() for key, value in address.items()}
    # “K=4” is as good as “k=4”, but not better.
    address = {key.strip().casefold(): value for key, value in address.items()} | dict(address)

    def read(key: str, reader: Callable[[str], Any]) -> Any:
        try:
            return reader(address[key])
        except AddressError as error:
            complaints.append(f"{whose} “{key}” was ignored: {error}.")
            return None

    def read_all(readers: Mapping[str, tuple[str, Callable[[str], Any]]]) -> dict[str, Any]:
        known = {name: read(key, reader) for name, (key, reader) in readers.items() if key in address}
        return {name: value for name, value in known.items() if value is not None}

    chosen = read_all({name: (key, reader) for name, (key, reader, _) in _ADDRESS.items()})
    plain = Experiment(hide=chosen.get("hide", ()))
    experiment = choose_data(plain, chosen.get("data", Experiment.data))
    experiment = replace(experiment, **chosen, view=View(**read_all({n: (n, r) for n, r in _VIEW.items()})))
    if experiment.is_generated:
        for knob in GENERATORS[experiment.data].knobs:
            if knob.name in address:
                setting = read(knob.name, _knob_reader(knob))
                if setting is not None and setting != knob.default:
                    pairs = (*experiment.knobs, (knob.name, setting))
                    experiment = replace(experiment, knobs=tuple(sorted(pairs)))
    experiment = _with_known_columns(experiment, complaints, whose)
    return _with_sound_start(experiment, complaints, whose), complaints


def _with_known_columns(experiment: Experiment, complaints: list[str], whose: str) -> Experiment:
    if experiment.data not in CLASSICS:
        return experiment
    classic = CLASSICS[experiment.data]
    columns = {_bare(name): name for name in classic.columns}
    for key in ("x", "y"):
        named = getattr(experiment, key)
        if named not in classic.columns and _bare(named) in columns:
            experiment = replace(experiment, **{key: columns[_bare(named)]})
        if getattr(experiment, key) not in ("", *classic.columns):
            found = _short(getattr(experiment, key))
            complaints.append(f"{whose} “{key}” was ignored: {found} is no column of {classic.title}.")
            experiment = replace(experiment, **{key: ""})
    if (experiment.x or classic.x) == (experiment.y or classic.y):
        complaints.append("The link's “x” and “y” were ignored: they are the same column.")
        experiment = replace(experiment, x="", y="")
    return experiment


def _knob_reader(knob: Any) -> Callable[[str], float]:
    if isinstance(knob.step, int):
        return _whole(int(knob.low), int(knob.high))
    return _number(knob.low, knob.high)


def _with_sound_start(experiment: Experiment, complaints: list[str], whose: str) -> Experiment:
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
    complaints.append(f"{whose} “from” was ignored: {problem}.")
    return replace(experiment, given=())


def to_address(experiment: Experiment) -> dict[str, str]:
    """The address parameters of everything but the view and the picture's number, which the stage adds.

    What follows from the choice of data is left out like every default. A list of hand-made points too
    long for an address is left out as well; `fits_address` tells.
    """
    usual = choose_data(Experiment(hide=experiment.hide), experiment.data)
    address: dict[str, str] = {}
    if experiment.data != Experiment.data:
        address["data"] = experiment.data
    for name, (key, _, write) in _ADDRESS.items():
        value = getattr(experiment, name)
        if name not in ("data", "at") and value != getattr(usual if name != "hide" else Experiment, name):
            address[key] = write(value)
    if not fits_address(experiment):
        address.pop("add", None)
        address.pop("drop", None)
    return address | {name: _text(setting) for name, setting in experiment.knobs}


def faults_of(experiment: Experiment) -> list[str]:
    """A sentence for every choice that means nothing, as a link with it would say."""
    return from_address(to_address(experiment), "The choice of")[1]


def fits_address(experiment: Experiment) -> bool:
    """Whether a link carries every point that was put in or taken out by hand."""
    return max(len(experiment.added), len(experiment.removed)) <= MOST_LISTED
