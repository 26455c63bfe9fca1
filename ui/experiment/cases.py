"""Comparisons worth seeing: each is an experiment and two sentences on what to look for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from ui.experiment.experiment import Experiment
from ui.experiment.transitions import choose_data


@dataclass(frozen=True)
class Case:
    """One click that opens an experiment."""

    name: str
    """The key in CASES."""
    title: str
    """As short as a button."""
    sentences: str
    """What to look for."""
    experiment: Experiment


def _case(name: str, title: str, sentences: str, data: str, **choices: object) -> Case:
    experiment = replace(choose_data(Experiment(), data), **choices)
    return Case(name, title, sentences, experiment)


CASES: Mapping[str, Case] = MappingProxyType(
    {
        case.name: case
        for case in (
            _case(
                "elongated",
                "Elongated",
                "Circles cut the long, tilted clusters across, because distance is all that K-Means knows. "
                "Ellipses learn length and tilt, and find the three.",
                "elongated",
            ),
            _case(
                "mouse",
                "Mouse",
                "K-Means ends its cells halfway between the centres, so the ears take points from the "
                "edge of the head. A mixture learns that the head is wide, and gives them back to it.",
                "mouse",
            ),
            _case(
                "unequal_sizes",
                "Sizes",
                "The wide cluster reaches beyond the middle between the centres, and K-Means hands its edge "
                "to the small ones. The mixture gives every component a size of its own.",
                "unequal_sizes",
            ),
            _case(
                "unequal_weights",
                "Weights",
                "K-Means wants every cluster to add about as much to the sum of squared distances, so it "
                "splits the crowded one and joins the others. The weights of a mixture say that one may "
                "hold most of the points.",
                "unequal_weights",
            ),
            _case(
                "overlapping",
                "Overlap",
                "Both draw nearly the same borders, yet K-Means is sure of every point. "
                "The mixture shows where clusters overlap: the blended points could belong to either.",
                "blobs",
                knobs=(("separation", 3.0),),
            ),
            _case(
                "round",
                "Round",
                "Round clusters of one size that stand apart are what K-Means assumes. "
                "Here circles and ellipses agree on every point.",
                "blobs",
            ),
            _case(
                "rings",
                "Rings",
                "No circle and no ellipse is a ring: K-Means cuts both through the middle, and the mixture "
                "puts a wide ellipse on nearly all points and a small one on the few that are left. "
                "More components can trace a ring, but a component is not a cluster.",
                "rings",
                n_components=2,
                start_seed=6,
            ),
            _case(
                "moons",
                "Moons",
                "A moon is bent, and neither a circle nor an ellipse is. "
                "With two components both mistake the tips of one moon for a part of the other.",
                "moons",
                n_components=2,
            ),
            _case(
                "faithful",
                "Old Faithful",
                "One axis runs over 4 minutes and the other over 50, so nearly all of a distance is "
                "waiting time, and K-Means takes almost no notice of the eruptions. The mixture learns the "
                "spread along each axis, so units make no difference to it.",
                "old_faithful",
            ),
            _case(
                "faithful_standardised",
                "Faithful, standardised",
                "With both columns divided by their standard deviations K-Means changes its answer, and "
                "comes closer to the mixture's. The mixture's answer is the one from before, to the last "
                "point.",
                "old_faithful",
                standardise=True,
            ),
            _case(
                "penguins",
                "Penguins",
                "Bill length and depth grow together within a species, so the clouds are tilted. "
                "Ellipses follow the three species, and circles mix them up.",
                "penguins",
            ),
        )
    }
)
"""The cases by name, in the order in which they are offered."""


def case_of(experiment: Experiment) -> str | None:
    """The name of the case that the experiment is, whatever the dial and a teacher's link."""
    bare = replace(experiment, dial=False, hide=())
    return next((name for name, case in CASES.items() if case.experiment == bare), None)


def open_case(experiment: Experiment, name: str) -> Experiment:
    """The case's experiment, without what a link hides or locks."""
    opened = replace(CASES[name].experiment, hide=experiment.hide)
    if "seed" in experiment.hide:
        opened = replace(opened, data_seed=experiment.data_seed, start_seed=experiment.start_seed)
    return opened


def said_of(experiment: Experiment) -> str:
    """What to look for, if the experiment is a case; nothing where it would give away a hidden truth."""
    name = case_of(experiment)
    return "" if name is None or "truth" in experiment.hide else CASES[name].sentences
