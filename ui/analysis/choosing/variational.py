"""Letting the model decide: the variational mixture from a generous K, as the lab runs it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gmm_core import Mixture, VariationalRun
from gmm_core.algorithms import MixtureRun
from gmm_core.points import Array
from gmm_core.variational.shaping import VARIATIONAL_FAMILIES
from ui.analysis.choosing.no_fit import n_distinct
from ui.analysis.choosing.sweeping import few_of
from ui.analysis.fitting import run_of
from ui.data import Data
from ui.experiment import MOST_COMPONENTS, Experiment
from ui.experiment.transitions import open_variational

MOST_DECIDED = 5_000
"""Points that it is run on; of more, as many drawn at random."""

LEAST_EACH = 3
"""Distinct points for every component to begin with."""

CONCENTRATIONS = (1e-6, 1e-3, 0.1, 1.0, 10.0, 1000.0)
"""Whose effect is shown."""

RUN_SHARE = 0.4
"""Of the work: the run itself; the rest shows the effect of the concentration."""

Report = Callable[[float, "Decided | None"], bool]


@dataclass(frozen=True, eq=False)
class Decided:
    """A variational mixture's run, as far as it has come."""

    data: Data
    """The points that it was run on."""
    n_points: int
    """That there are in all."""
    family: str
    """A key of FAMILIES."""
    weights: Array
    """(T, K): of every component after every iteration, from the start on."""
    counts: Array
    """(K,): the points that each holds at the end."""
    end: Mixture
    explanation: str
    """Why it ended, in a sentence."""
    by_concentration: tuple[tuple[float, int], ...] = ()
    """How many components are left at the end, by the concentration."""
    remarks: tuple[str, ...] = ()
    """What was assumed, a sentence each."""

    @property
    def n_components(self) -> int:
        """To begin with."""
        return self.end.n_components

    @property
    def active(self) -> NDArray[np.int64]:
        """The components that hold more than one point, the heaviest first."""
        order = np.argsort(-self.end.weights, kind="stable")
        held = order[self.counts[order] > 1.0]
        # Weights may add up to less than a point.
        return held if len(held) else order[:1]

    def active_mixture(self) -> Mixture:
        """The end without the components that are switched off."""
        kept = self.active
        left = 1.0 - (0.0 if self.end.noise is None else self.end.noise.amount)
        weights = self.end.weights[kept]
        return Mixture(
            weights / weights.sum() * left,
            self.end.means[kept],
            self.end.covariances[kept],
            self.end.noise,
            self.end.probabilities[kept],
        )


class _StoppedError(Exception):
    """Nobody waits any more."""


def generous(data: Data) -> int:
    """Components to begin with: as many as the lab shows, or fewer where points are few."""
    most = n_distinct(data.points)
    return max(1, min(MOST_COMPONENTS, most // LEAST_EACH))


def opened(experiment: Experiment, data: Data) -> Experiment:
    """The experiment that the lab shows of it."""
    family = experiment.family if experiment.family in VARIATIONAL_FAMILIES else Experiment.family
    return open_variational(experiment, generous(data), family)


def decided(experiment: Experiment, data: Data, report: Report | None = None) -> Decided:
    """The run of `opened`, and how many components are left under other concentrations. Where `report` asks
    to end, what there is by then.

    Raises ValueError where the points allow no such run.
    """
    few = replace(few_of(data, MOST_DECIDED), start_among=None)
    asked = opened(experiment, few)
    remarks = _remarks(experiment, asked, few, len(data.points))
    seen: Decided | None = None

    def between(run: MixtureRun, most_steps: int) -> None:
        nonlocal seen
        seen = _decided(run, asked, few, len(data.points), remarks)
        if report is not None and report(RUN_SHARE * run.states[-1].iteration / most_steps, seen):
            raise _StoppedError

    try:
        found = _decided(run_of(asked, few, between=between), asked, few, len(data.points), remarks)
    except _StoppedError:
        assert seen is not None
        return seen
    effect = {asked.concentration: len(found.active)}
    others = [value for value in CONCENTRATIONS if value not in effect]
    for done, value in enumerate(others):
        share = RUN_SHARE + (1.0 - RUN_SHARE) * done / len(others)
        if report is not None and report(share, found):
            break
        run = run_of(replace(asked, concentration=value), few)
        effect[value] = int((run.states[-1].moments.counts > 1.0).sum())
        found = replace(found, by_concentration=tuple(sorted(effect.items())))
    return found


def _decided(run: Any, asked: Experiment, few: Data, n_points: int, remarks: tuple[str, ...]) -> Decided:
    assert isinstance(run, VariationalRun)
    weights = np.array([state.mixture.weights for state in run.states])
    counts = np.array(run.states[-1].moments.counts)
    return Decided(
        few, n_points, asked.family, weights, counts, run.mixture, run.explanation, remarks=remarks
    )


def said_of(found: Decided, chosen: int | None) -> str:
    """How many components were needed, and whether BIC says so too."""
    k, active = found.n_components, len(found.active)
    if k == 1:
        needed = "The only component there was to begin with is kept"
        return f"{needed}." if chosen is None else f"{needed}; BIC chose {chosen}."
    needed = (
        f"All {k} components are kept" if active == k else f"{k - active} of {k} components were not needed"
    )
    left = f"{needed}, {active} {'is' if active == 1 else 'are'} left"
    if chosen is None:
        return f"{left}."
    return f"{left}; BIC chose {chosen}{', too' if chosen == active else ''}."


def _remarks(experiment: Experiment, asked: Experiment, few: Data, n_points: int) -> tuple[str, ...]:
    said: list[str] = []
    if len(few.points) < n_points:
        said.append(
            f"Run on a sample of {len(few.points):,} of the {n_points:,} points, drawn at random; the lab "
            "runs it on all of them, and more points can bear more components."
        )
    if asked.family != experiment.family:
        said.append(
            "The variational mixture has no such family as the lab has chosen, so every component has a "
            "shape of its own here."
        )
    if asked.n_components < MOST_COMPONENTS:
        said.append(f"There are few points, so it begins with K = {asked.n_components}.")
    return tuple(said)
