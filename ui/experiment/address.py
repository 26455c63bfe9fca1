"""An experiment, and a view of it, to and from an address.

The address has short, readable keys and leaves defaults out; the table of choices says how each is written.
The stage writes the view's part by itself, since stepping never asks Python.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from gmm_core import MixtureError
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS, Knob
from ui.experiment.choice import Choice
from ui.experiment.experiment import CHOICES, NO_COLUMN, Experiment
from ui.experiment.text import MOST_LISTED, AddressError, bare, number, short, whole, written
from ui.experiment.transitions import choose_data
from ui.experiment.view import VIEW_CHOICES, View

RETURNED = "returned"
"""The key that the page adds when a broken line to the server is back (the stage's line.js); the value is the
name of the file that the server held."""

BY_HAND = ("add", "drop")
"""The keys of lists that may be too long for an address."""


KNOB_KEYS: Mapping[str, str] = {"noise": "thickness"}
"""What a knob is called in an address where a choice of its name is made as well."""


class Opened(NamedTuple):
    """What an address describes."""

    experiment: Experiment
    view: View
    complaints: list[str]
    """A sentence for every value that had to be ignored."""


class _Reader:
    """Reads values out of an address, and notes what cannot be read."""

    def __init__(self, address: Mapping[str, str], whose: str) -> None:
        # Half a letter can be in no address.
        address = {key: value.encode("utf-8", "replace").decode() for key, value in address.items()}
        # “K=4” is as good as “k=4”, but not better.
        self.address = {key.strip().casefold(): value for key, value in address.items()} | address
        self.whose = whose
        self.complaints: list[str] = []

    def ignore(self, key: str, why: str) -> None:
        self.complaints.append(f"{self.whose} “{key}” was ignored: {why}.")

    def value(self, key: str, read: Callable[[str], Any]) -> Any:
        """None for what is not there or means nothing."""
        if key not in self.address:
            return None
        try:
            return read(self.address[key])
        except AddressError as error:
            return self.ignore(key, str(error))

    def is_of_knob(self, key: str) -> bool:
        """Whether a key that both a choice and a knob have is the knob's: then it has a number."""
        return key in KNOB_KEYS and _is_number(self.address.get(key, ""))

    def key_of_knob(self, name: str) -> str:
        return KNOB_KEYS[name] if name in KNOB_KEYS and not self.is_of_knob(name) else name

    def values(self, rows: Mapping[str, Choice]) -> dict[str, Any]:
        own = (row for row in rows.values() if row.text and not self.is_of_knob(row.key))
        found = {row.name: self.value(row.key, row.text.read) for row in own if row.text}
        return {name: value for name, value in found.items() if value is not None}


def from_address(address: Mapping[str, str], whose: str = "The link's") -> Opened:
    """What an address describes; whatever means nothing is at its default, and there is a sentence about it
    that begins with `whose`."""
    reader = _Reader(address, whose)
    chosen = reader.values(CHOICES)
    view = View(**reader.values(VIEW_CHOICES))
    plain = Experiment(hide=chosen.get("hide", ()))
    experiment = replace(choose_data(plain, chosen.get("data", Experiment.data)), **chosen)
    experiment = replace(experiment, knobs=_knobs(experiment, reader))
    experiment = _with_known_columns(experiment, reader)
    return Opened(_with_sound_start(experiment, reader), view, reader.complaints)


def _knobs(experiment: Experiment, reader: _Reader) -> tuple[tuple[str, float], ...]:
    if not experiment.is_generated:
        return ()
    knobs = GENERATORS[experiment.data].knobs
    settings = {knob: reader.value(reader.key_of_knob(knob.name), _of_knob(knob)) for knob in knobs}
    pairs = [(knob.name, value) for knob, value in settings.items() if value not in (None, knob.default)]
    return tuple(sorted(pairs))


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _of_knob(knob: Knob) -> Callable[[str], float]:
    if isinstance(knob.step, int):
        return whole(int(knob.low), int(knob.high)).read
    return number(knob.low, knob.high).read


def _with_known_columns(experiment: Experiment, reader: _Reader) -> Experiment:
    if experiment.data not in CLASSICS:
        return experiment
    classic = CLASSICS[experiment.data]
    columns = {bare(name): name for name in classic.columns}
    for key in ("x", "y"):
        named = getattr(experiment, key)
        if key == "y" and named == NO_COLUMN:
            continue
        if named not in classic.columns and bare(named) in columns:
            experiment = replace(experiment, **{key: columns[bare(named)]})
        if getattr(experiment, key) not in ("", *classic.columns):
            reader.ignore(key, f"{short(getattr(experiment, key))} is no column of {classic.title}")
            experiment = replace(experiment, **{key: ""})
    if (experiment.x or classic.x) == (experiment.y or classic.y):
        reader.complaints.append("The link's “x” and “y” were ignored: they are the same column.")
        experiment = replace(experiment, x="", y="")
    return _with_known_more(experiment, columns, reader)


def _with_known_more(experiment: Experiment, columns: Mapping[str, str], reader: _Reader) -> Experiment:
    """With those columns of a classic, by the bare forms of their names, that stand beside the pair."""
    if experiment.more and experiment.y == NO_COLUMN:
        reader.ignore("more", "with one column alone there are no others")
        return replace(experiment, more=())
    known = {name: columns.get(bare(name)) for name in experiment.more}
    for name in (name for name, found in known.items() if found is None):
        reader.ignore("more", f"{short(name)} is no column of {CLASSICS[experiment.data].title}")
    return replace(experiment, more=tuple(dict.fromkeys(filter(None, known.values()))))


def _with_sound_start(experiment: Experiment, reader: _Reader) -> Experiment:
    problem = None
    if experiment.start_mixture and len(experiment.start_mixture) != experiment.n_components:
        problem = f"it has {len(experiment.start_mixture)} components and k is {experiment.n_components}"
    try:
        with np.errstate(all="raise"):
            experiment.mixture()
    except (MixtureError, FloatingPointError):
        problem = "its numbers are not a mixture"
    if problem is None:
        return experiment
    reader.ignore("from", problem)
    return replace(experiment, start_mixture=())


def to_address(experiment: Experiment, view: View | None = None) -> dict[str, str]:
    """The address parameters of an experiment, and of a view of it, without what is at its default.

    What follows from the choice of data is left out like every default. A list of hand-made points too
    long for an address is left out as well; `fits_address` tells.
    """
    follows = choose_data(Experiment(hide=experiment.hide), experiment.data)
    usual = replace(follows, data=Experiment.data, hide=())
    address = _written(CHOICES, experiment, usual)
    if not fits_address(experiment):
        address = {key: text for key, text in address.items() if key not in BY_HAND}
    knobs = {name: written(setting) for name, setting in experiment.knobs}
    address |= {KNOB_KEYS[name] if name in address else name: setting for name, setting in knobs.items()}
    return address | ({} if view is None else view_address(view))


def view_address(view: View) -> dict[str, str]:
    """The address parameters of a view alone."""
    return _written(VIEW_CHOICES, view, View())


VIEW_DEFAULTS: Mapping[str, str] = {
    row.key: row.text.write(row.default) for row in VIEW_CHOICES.values() if row.text
}
"""What an address leaves out of the view, by key."""


def _written(rows: Mapping[str, Choice], choices: Any, usual: Any) -> dict[str, str]:
    changed = (row for row in rows.values() if getattr(choices, row.name) != getattr(usual, row.name))
    return {row.key: row.text.write(getattr(choices, row.name)) for row in changed if row.text}


def faults_of(experiment: Experiment) -> list[str]:
    """A sentence for every choice that means nothing, as a link with it would say."""
    return from_address(to_address(experiment), "The choice of").complaints


def fits_address(experiment: Experiment) -> bool:
    """Whether a link carries every point that was put in or taken out by hand."""
    return max(len(experiment.added), len(experiment.removed)) <= MOST_LISTED
