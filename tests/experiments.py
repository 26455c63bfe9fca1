"""Experiments to try, and the table that their uploads are of."""

import re
from dataclasses import replace

from ui.experiment import DRAWN, Experiment
from ui.experiment.address import from_address, to_address
from ui.experiment.transitions import choose_data
from ui.uploads import read_table

DROPPED = [(1.0, 2.0), (3.0, 4.5), (5.0, 2.5), (7.0, 8.0), (2.5, 7.5)]
ROWS = "".join(f"{x},{y},{10 * y}\n" for x, y in DROPPED)
TABLE = read_table("measured.csv", f"a,b,c\n{ROWS}9,unknown,1\n".encode())


def chosen(data: str, **changes) -> Experiment:
    return replace(choose_data(Experiment(), data), **changes)


def drawn(places) -> Experiment:
    """An experiment on hand-made points alone."""
    return replace(chosen(DRAWN), added=tuple((float(x), float(y)) for x, y in places))


def by_link(experiment: Experiment) -> Experiment:
    """As the link of it opens."""
    opened, _, complaints = from_address(to_address(experiment))
    assert not complaints
    return opened


def assert_one_sentence(text: str) -> None:
    assert re.fullmatch(r"[A-Z0-9][^\n]*\.", text)
    assert ". " not in text
    assert len(text) < 250
