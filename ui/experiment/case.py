"""A case: an experiment worth seeing, that one click opens, and what is said of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ui.experiment.experiment import Experiment
from ui.experiment.transitions import choose_data
from ui.experiment.view import View

DRAWN_USUALLY = View()


@dataclass(frozen=True)
class Case:
    """One click that opens an experiment."""

    name: str
    """The key among its like."""
    title: str
    """As short as a button."""
    sentences: str
    """What to do, and what to look for."""
    experiment: Experiment
    view: View = DRAWN_USUALLY
    """What the stage opens on."""


Cases = Mapping[str, Case]
"""Cases by name, in the order in which they are offered."""


def made(
    name: str, title: str, sentences: str, data: str, view: View = DRAWN_USUALLY, **choices: object
) -> Case:
    """A case of these data, with the components and the family that suit them but for these choices."""
    return Case(name, title, sentences, replace(choose_data(Experiment(), data), **choices), view)


def by_name(cases: Iterable[Case]) -> Cases:
    """The cases by their names."""
    return MappingProxyType({case.name: case for case in cases})


def case_of(cases: Cases, experiment: Experiment) -> str | None:
    """The name of the case that the experiment is, whatever the dial and a teacher's link."""
    bare = replace(experiment, dial=False, hide=())
    return next((name for name, case in cases.items() if case.experiment == bare), None)


def open_case(experiment: Experiment, case: Case) -> Experiment:
    """The case's experiment, without what a link hides or locks."""
    opened = replace(case.experiment, hide=experiment.hide)
    if "seed" in experiment.hide:
        opened = replace(opened, data_seed=experiment.data_seed, start_seed=experiment.start_seed)
    return opened


def said_of(cases: Cases, experiment: Experiment) -> str:
    """What to look for, if the experiment is a case; nothing where it would give away a hidden truth."""
    name = case_of(cases, experiment)
    return "" if name is None or "truth" in experiment.hide else cases[name].sentences
