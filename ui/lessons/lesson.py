"""A lesson: one question, a prediction, something to do on the stage, and what came of it, in numbers.

A lesson is data. What it says stands apart, in words/<language>.toml under the lesson's name, so that a
translation is one more file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

import gmm_core
from gmm_core.algorithms import MixtureRun
from ui.data import Data
from ui.experiment import Experiment
from ui.stage.comparison import Comparison

Facts = Mapping[str, float | str]
"""What came of it, by name; texts are names of the lesson's options."""


TOOLS = ("colour", "behind", "level", "drawn", "margins", "pies")
"""What a stage's toolbar may keep in sight; all of it is one fold away."""

SECRETS = ("curve", "coverage", "steps", "dial")
"""What a stage may keep to itself until people have guessed: the curve of the run and how it ended, how many
points lie in the ellipses, what the next half-step does, how soft the shares are along the limit dial."""

CARDS = ("curve", "parameters", "steps", "ask")
"""What may stand beside a lesson's picture: the curve, the table of components, the algorithm, answers."""

END = "1000"
"""A half-step beyond all that a lesson's run has: the stage opens on the last."""


class Outcome(Protocol):
    """What a lesson may ask of an experiment that was run."""

    @property
    def experiment(self) -> Experiment:
        """As far as the outcome depends on it."""
        ...

    @property
    def data(self) -> Data:
        """Its points."""
        ...

    @property
    def run(self) -> MixtureRun | None:
        """None where there is none."""
        ...

    @property
    def comparison(self) -> Comparison | None:
        """K-Means beside it, where that is shown."""
        ...


@dataclass(frozen=True)
class Number:
    """A number that people say before they see it."""

    low: float
    high: float
    step: float
    of: str
    """The name of the fact that it foretells."""
    near: float
    """How far off is still close."""
    decimals: int = 0
    """How it is written."""


@dataclass(frozen=True)
class Choice:
    """One of several answers, which the words name under `options`."""

    options: tuple[str, ...]
    of: str
    """The name of the fact that says which one came true."""


@dataclass(frozen=True)
class Place:
    """A place on the picture that people point to before they see it."""

    of: tuple[str, ...]
    """The names of the facts that it foretells: one on a line, two in the plane."""
    near: float
    """How far off, in the units of the axes, is still close; a quarter of it is as good as there."""
    decimals: int = 2
    """How it is written."""


Prediction = Number | Choice | Place


@dataclass(frozen=True)
class Lesson:
    """One question of the course."""

    name: str
    """In its link, and of its words."""
    preset: Mapping[str, str]
    """The address parameters of what it opens on."""
    prediction: Prediction
    facts: Callable[[Outcome, Outcome], Facts]
    """Of the preset's outcome, and of the outcome after the change; the same where nothing changes. Raises
    nothing where both have runs."""
    claim: Callable[[Facts], bool]
    """Whether what the lesson teaches is true of these facts."""
    change: Mapping[str, str] = field(default_factory=dict[str, str])
    """Address parameters that are other ones after what people do; empty where they only step or play."""
    kind: str = "lab"
    """Of the stage: "lab" or "comparison"."""
    tools: tuple[str, ...] = ()
    """Of TOOLS, what people need in sight."""
    cards: tuple[str, ...] = ("curve", "steps", "ask")
    """Of CARDS, what stands beside the picture; the lab has all of them."""
    secrets: tuple[str, ...] = ()
    """Of SECRETS, what would give the answer away before people have guessed."""
    at: int | None = None
    """The half-step that the reveal shows; None for the last."""
    hand: bool = False
    """Whether people may move the means. The word `yours` then tells with {end}, {gap} and {steps} what came
    of their run: `gap` is how far it ended from the fact `best`, the lesson's highest log-likelihood."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "preset", MappingProxyType(dict(self.preset)))
        object.__setattr__(self, "change", MappingProxyType(dict(self.change)))

    @property
    def after(self) -> Mapping[str, str]:
        """The address parameters of what there is after the change."""
        return {**self.preset, **self.change}


def log_likelihood(outcome: Outcome, step: int = -1) -> float:
    """The total log-likelihood of an outcome's state, the last one unless another is named, in nats."""
    return float(run_of(outcome).states[step].log_likelihood)


def run_of(outcome: Outcome) -> Any:
    """An outcome's run. Raises ValueError where there is none."""
    if outcome.run is None:
        raise ValueError("There is no run; open the lesson again.")
    return outcome.run


def moved_facts(before: Outcome, after: Outcome) -> Facts:
    """How many of all points are in another group after the change, whatever the groups are called."""
    groups = [gmm_core.predict(each.data.points, run_of(each).mixture) for each in (before, after)]
    shared = np.zeros([run_of(each).mixture.n_components for each in (before, after)])
    np.add.at(shared, tuple(groups), 1.0)
    partners = gmm_core.match(shared)
    stayed = int(sum(shared[i, j] for i, j in enumerate(partners.tolist()) if j >= 0))
    return {"moved": len(groups[0]) - stayed, "all": len(groups[0])}
