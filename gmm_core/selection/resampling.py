"""EM on many sets of points side by side: each fit as it would be alone, of which the last state is kept."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from gmm_core import em
from gmm_core.em.runs import EMEnd, LastStep
from gmm_core.families import find_family
from gmm_core.iteration import StopReason
from gmm_core.mixture import Mixture
from gmm_core.points import Array, PointsError
from gmm_core.selection import ensemble
from gmm_core.selection.ensemble import Ensemble
from gmm_core.selection.resamples import Resamples
from gmm_core.settings import whole_number

# Coordinates of all components together, of so many fits as are made at once: enough of them to share their
# calls, and few enough to be stopped between two lots.
MOST_IN_A_LOT = 2**19


def checked_n_bootstrap(n_bootstrap: Any) -> int:
    """`n_bootstrap` as an int. Raises PointsError unless it is a whole number of 1 or more."""
    wanted = whole_number(n_bootstrap, "The number of resamples")
    if wanted < 1:
        raise PointsError(f"{wanted} resamples were asked for; draw at least 1.")
    return wanted


def lots(n_fits: int, coordinates: int) -> Iterator[range]:
    """So many fits in lots, where one has so many `coordinates`: those of a point, times points and
    components."""
    length = max(1, MOST_IN_A_LOT // coordinates)
    for first in range(0, n_fits, length):
        yield range(first, min(first + length, n_fits))


def random_weights(n_points: int, counts: Array | None, rng: np.random.Generator) -> Array:
    """(N,): a Dirichlet draw times N, or times the total of the points' `counts` (N,), its parameters."""
    drawn = rng.standard_exponential(n_points) if counts is None else rng.standard_gamma(counts)
    total = n_points if counts is None else counts.sum()
    return drawn / drawn.sum() * total


@dataclass(frozen=True, eq=False)
class SideBySide:
    """How mixtures are fitted, each to one of the resamples."""

    resamples: Resamples
    family: str
    tolerance: float
    max_steps: int

    def run(self, begun: Sequence[Mixture], sets: Sequence[int]) -> list[EMEnd]:
        """What `em.run` returns, but for rounding, from each of the mixtures (B) on its set of points,
        `sets` (B). Raises as it."""
        # All that can be wrong with the settings is wrong for one as for all.
        self._run_alone(begun[0], sets[0], min(self.max_steps, 1))
        return self._go_on(begun, sets, 0, lambda i: self._run_alone(begun[i], sets[i], self.max_steps))

    def resume(self, unfinished: Sequence[EMEnd], sets: Sequence[int]) -> list[EMEnd]:
        """The same of `em.resume`; those that go on have as many steps behind them as each other."""
        ends = list(unfinished)
        going_on = [i for i, end in enumerate(ends) if end.is_unfinished]
        after = ends[going_on[0]].last.iteration if going_on else 0
        if not going_on or after >= self.max_steps:
            return ends
        begun, theirs = [ends[i].mixture for i in going_on], [sets[i] for i in going_on]
        gone_on = self._go_on(
            begun, theirs, after, lambda j: self._resume_alone(ends[going_on[j]], theirs[j])
        )
        for i, end in zip(going_on, gone_on, strict=True):
            ends[i] = end
        return ends

    def _run_alone(self, mixture: Mixture, one: int, max_steps: int) -> EMEnd:
        points, settings = self._alone(one)
        return em.run(points, mixture, keep="last", max_steps=max_steps, **settings)

    def _resume_alone(self, unfinished: EMEnd, one: int) -> EMEnd:
        points, settings = self._alone(one)
        return em.resume(points, unfinished, max_steps=self.max_steps, **settings)

    def _alone(self, one: int) -> tuple[Array, dict[str, Any]]:
        task = self.resamples.tasks[one]
        own: dict[str, Any] = {"variant": task.variant, "reg_covar": task.reg_covar}
        return task.points, own | {"family": self.family, "tolerance": self.tolerance}

    def _go_on(
        self, begun: Sequence[Mixture], sets: Sequence[int], after: int, alone: Callable[[int], EMEnd]
    ) -> list[EMEnd]:
        """From mixtures that have `after` steps behind them; `alone` fits one of them by itself."""
        name = find_family(self.family).name
        ends: dict[int, EMEnd] = {}
        moving = np.arange(len(begun))
        starts = [(name, mixture) for mixture in begun]
        members = ensemble.start(self.resamples, starts, np.array(sets, dtype=np.intp))
        iteration = after
        while len(moving):
            iteration += 1
            before = members.objectives
            members, living = ensemble.step(self.resamples, members)
            # Alone it says which component collapsed, and how.
            ends.update((i, alone(i)) for i in moving[~living].tolist())
            moving = moving[living]
            steps = _last_steps(iteration, before[living], members)
            reasons = [step.reason_to_stop(self.tolerance, self.max_steps) for step in steps]
            for place, (step, reason) in enumerate(zip(steps, reasons, strict=True)):
                if reason is not None:
                    ends[int(moving[place])] = self._end(members, place, step, reason)
            going_on = np.flatnonzero([reason is None for reason in reasons])
            if len(going_on) < len(moving):
                moving, members = moving[going_on], members.members(going_on)
        return [ends[i] for i in range(len(begun))]

    def _end(self, members: Ensemble, place: int, step: LastStep, reason: StopReason) -> EMEnd:
        state = ensemble.state_of(self.resamples, members, place, step.iteration)
        name = self.resamples.variant.objective_name
        return EMEnd((state,), reason, step.explain(reason, EMEnd), None, name)


def _last_steps(iteration: int, before: Array, members: Ensemble) -> list[LastStep]:
    """What the step to this iteration came to for each of the members, whose objectives were `before`."""
    totals = members.counts.sum(axis=1) + members.noise_counts
    numbers = zip(before.tolist(), members.objectives.tolist(), totals.tolist(), strict=True)
    return [LastStep.between(iteration, *three) for three in numbers]
