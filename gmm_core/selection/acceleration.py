"""Steps of many mixtures at once until each settles, with leaps to where EM's steps lead.

A step maps what a mixture gathers from the points onto what the next one gathers. Where EM creeps, every step
is the last one shrunk, so that two of them tell how far to go on: Varadhan & Roland's squared extrapolation.
What is foretold is again something gathered, and the M-step makes a mixture of the family from it; where that
is less likely than the one before, or none at all, the plain step is taken instead, so that the objective
never falls. A leap always goes forwards: methods of higher order, such as Anderson's, are quicker, and end on
saddles that EM would have left.
Source: Varadhan & Roland (2008), Simple and globally convergent methods for accelerating the convergence of
any EM algorithm, Scandinavian Journal of Statistics 35, scheme SqS3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from gmm_core.families import FAMILIES
from gmm_core.points import Array
from gmm_core.precision import SMALLEST
from gmm_core.selection.ensemble import Ensemble, Indices, Truths, join, step
from gmm_core.selection.task import Task

# How many times a step a leap is long, at most.
FARTHEST = 200.0

# Steps in a row that must gain next to nothing: a leap may stand still for once.
STILL = 2

# In a race it is seen every so many steps who is further behind, in nats, than so many times what the last
# lap gained, and cannot win any more. The first two of a family stay: one may be on its way to collapse.
LAP = 5
PATIENCE = 10.0

# Log-likelihoods nearer to each other than this, in nats, are taken for the same fit.
SAME_FIT_GAP = 1e-3

# By how much of it a sum of log-densities may differ by rounding.
ROUNDING = 1e-12


@dataclass(eq=False)
class _Past:
    """What B members remember of their last two steps, for a leap."""

    inputs: Array
    """(B, P): what the M-step of the last step but one was given, flat and of order 1."""
    residuals: Array
    """(B, P): what that step added to it."""
    last_inputs: Array
    """(B, P): what the M-step of the last step was given."""
    last_residuals: Array
    """(B, P): what that step added to it."""
    taken: NDArray[np.intp]
    """(B,): how many of the two there are."""
    still: NDArray[np.intp]
    """(B,): how many of the last steps gained next to nothing."""
    marks: Array
    """(B,): the objectives when the lap of a race began."""

    @staticmethod
    def of(members: Ensemble) -> "_Past":
        nothing = np.zeros((len(members), _size(members)))
        none = np.zeros(len(members), dtype=np.intp)
        arrays = (nothing, nothing.copy(), nothing.copy(), nothing.copy(), none, none.copy())
        return _Past(*arrays, members.objectives.copy())

    def where(self, chosen: Truths) -> "_Past":
        """Those for which `chosen` (B,) says so."""
        return self if chosen.all() else _Past(*(array[chosen] for array in vars(self).values()))

    def remember(self, which: Indices, inputs: Array, residuals: Array) -> None:
        """The steps of members `which`."""
        self.inputs[which], self.residuals[which] = self.last_inputs[which], self.last_residuals[which]
        self.last_inputs[which], self.last_residuals[which] = inputs, residuals
        self.taken[which] += 1

    def foretold(self, which: Indices) -> Array:
        """(B, P): where the two steps of members `which` lead."""
        first, turn = self.residuals[which], self.last_residuals[which] - self.residuals[which]
        sizes = np.linalg.norm(first, axis=1) / np.maximum(np.linalg.norm(turn, axis=1), SMALLEST)
        length = np.clip(sizes, 1.0, FARTHEST)[:, None]
        return self.inputs[which] + 2.0 * length * first + length * length * turn


def fewest_points(task: Task, families: tuple[str, ...]) -> Array:
    """(B,): how many points or less a component of each family cannot hold, as weights count them."""
    n_dimensions = task.numbers.shape[1]
    fewest = [FAMILIES[family].fewest_points(n_dimensions) for family in families]
    return task.unit * np.array(fewest, dtype=np.float64)


def advance(
    task: Task,
    ensemble: Ensemble,
    *,
    tolerance: float = 0.0,
    max_steps: int = 10,
    leaps: bool = False,
    to_beat: Mapping[str, float] | None = None,
) -> Ensemble:
    """The members after `max_steps` steps, or when they gain at most `tolerance` nats a point.

    With `leaps` they are at their ends in fewer steps, and not in the same places on the way. Members with a
    component that collapses, or comes to hold too few points for its family, are left out. With `to_beat`,
    which is the best objective of each family that is known so far, it is a race, and those that cannot win
    any more are left out as well.
    """
    settled: list[Ensemble] = []
    past = _Past.of(ensemble)
    enough = tolerance * task.total
    ahead = dict(to_beat or {})
    for taken in range(1, max_steps + 1):
        if len(ensemble) == 0:
            break
        fewest = fewest_points(task, ensemble.families)
        ensemble, past, gains, done = _next(task, ensemble, past, fewest, leaps)
        past.still = np.where(np.abs(gains) <= enough, past.still + done, 0)
        still = past.still >= (STILL if leaps else 1)
        going_on = ~still if tolerance else np.ones(len(ensemble), dtype=np.bool_)
        if tolerance and still.any():
            settled.append(ensemble.where(still))
            _overtake(ahead, settled[-1])
        if to_beat is not None and taken % LAP == 0:
            going_on &= _may_win(ensemble, ensemble.objectives - past.marks, ahead)
            past.marks = ensemble.objectives.copy()
        ensemble, past = ensemble.where(going_on), past.where(going_on)
    ended = join([*settled, ensemble])
    least = fewest_points(task, ended.families)[:, None]
    return ended.where(np.all(ended.counts > least, axis=1))


def _overtake(ahead: dict[str, float], ended: Ensemble) -> None:
    """Puts in what those have reached, where it is more."""
    for family, value in zip(ended.families, ended.objectives.tolist(), strict=True):
        ahead[family] = max(ahead.get(family, -np.inf), value)


def _may_win(ensemble: Ensemble, gains: Array, ahead: Mapping[str, float]) -> Truths:
    """(B,): which members may yet be the best of their family, by what they gained in the last lap."""
    chances = np.ones(len(ensemble), dtype=np.bool_)
    rivals: dict[str, list[float]] = {}
    order: list[int] = np.argsort(-ensemble.objectives, kind="stable").tolist()
    for i in order:
        value, family = float(ensemble.objectives[i]), ensemble.families[i]
        better = rivals.setdefault(family, [])
        reached = ahead.get(family, -np.inf)
        bar = max(reached, better[1] if len(better) > 1 else -np.inf)
        same = any(other - value < SAME_FIT_GAP for other in better) or abs(value - reached) < SAME_FIT_GAP
        chances[i] = not same and value + PATIENCE * gains[i] >= bar
        if chances[i]:
            better.append(value)
    return chances


def _next(
    task: Task, ensemble: Ensemble, past: _Past, fewest: Array, leaps: bool
) -> tuple[Ensemble, _Past, Array, Truths]:
    """The members that live on, one step further, and their past; what the step gained each, and whether it
    was taken: one whose leap fails stays where it is, and takes the plain step next time."""
    if not leaps:
        following, living = step(task, ensemble, fewest)
        gains = following.objectives - ensemble.objectives[living]
        return following, past.where(living), gains, np.ones(len(gains), dtype=np.bool_)
    inputs = _flat(task, ensemble)
    given, leaping = ensemble, np.zeros(len(ensemble), dtype=np.bool_)
    ready = np.flatnonzero(past.taken > 1)
    if len(ready):
        given, leaping = _leap(task, ensemble, past.foretold(ready), ready)
        inputs[leaping] = _flat(task, given.where(leaping))
    following, living = step(task, given, fewest)
    gains = np.full(len(ensemble), -np.inf)
    gains[living] = following.objectives - ensemble.objectives[living]
    failed = leaping & ~(gains >= -ROUNDING * np.abs(ensemble.objectives))
    done = living & ~failed
    taken = np.flatnonzero(done)
    reached = following.where(done[living])
    # A leap's own step is the first of the next two, and one that failed has told nothing.
    past.taken[leaping] = 0
    past.remember(taken, inputs[taken], _flat(task, reached) - inputs[taken])
    kept = done | failed
    walked = _with(ensemble, taken, reached).where(kept)
    return walked, past.where(kept), np.where(done, gains, 0.0)[kept], done[kept]


def _with(ensemble: Ensemble, places: Indices, others: Ensemble) -> Ensemble:
    """The ensemble with `others` in some of its places."""
    if len(places) == len(ensemble):
        return others
    arrays = {name: array.copy() for name, array in vars(ensemble).items() if name != "families"}
    for name, array in arrays.items():
        array[places] = getattr(others, name)
    return replace(ensemble, **arrays)


def _size(ensemble: Ensemble) -> int:
    _, n_components, n_dimensions = ensemble.means.shape
    return n_components * (1 + n_dimensions + n_dimensions**2 + ensemble.probabilities.shape[-1])


def _flat(task: Task, ensemble: Ensemble) -> Array:
    """(B, P): the members' moments in units of the points' number and spread, whatever the origin."""
    counts = np.maximum(ensemble.counts, SMALLEST)
    parts = (
        counts[..., None] / task.total,
        (ensemble.centres - task.centre) / task.units,
        (ensemble.scatters / (task.units[:, None] * task.units) / counts[..., None, None]).reshape(
            *counts.shape, task.units.size**2
        ),
        ensemble.successes / counts[..., None],
    )
    return np.concatenate(parts, axis=-1).reshape(len(ensemble), _size(ensemble))


def _leap(task: Task, ensemble: Ensemble, foretold: Array, ready: Indices) -> tuple[Ensemble, Truths]:
    """The ensemble whose members `ready` hold what has been foretold, where that can be; and (B,) where."""
    n_dimensions = ensemble.means.shape[-1]
    table = foretold.reshape(len(ready), ensemble.means.shape[1], -1)
    shares, places, shapes, successes = np.split(
        table, [1, 1 + n_dimensions, 1 + n_dimensions + n_dimensions**2], axis=-1
    )
    scatters = shapes.reshape(*shapes.shape[:2], n_dimensions, n_dimensions)
    scatters = 0.5 * (scatters + np.swapaxes(scatters, -1, -2))
    possible = (shares > 0).all(axis=(1, 2)) & ((successes >= 0) & (successes <= 1)).all(axis=(1, 2))
    possible &= np.isfinite(foretold).all(axis=1)
    # The background holds the rest.
    rest = 1.0 - shares.sum(axis=(1, 2))
    possible &= rest > 0 if task.noise is not None else np.abs(rest) < 1e-6
    possible[possible] = _have_extent(scatters[possible]).all(axis=1)
    leaping = np.zeros(len(ensemble), dtype=np.bool_)
    chosen = ready[possible]
    leaping[chosen] = True
    counts = task.total * shares[possible][..., 0]
    given = replace(
        ensemble,
        **{name: getattr(ensemble, name).copy() for name in ("counts", "centres", "scatters")},
        successes=ensemble.successes.copy(),
        noise_counts=ensemble.noise_counts.copy(),
    )
    given.counts[chosen] = counts
    given.centres[chosen] = task.centre + places[possible] * task.units
    given.scatters[chosen] = scatters[possible] * (task.units[:, None] * task.units) * counts[..., None, None]
    given.successes[chosen] = successes[possible] * counts[..., None]
    if task.noise is not None:
        given.noise_counts[chosen] = task.total * rest[possible]
    return given, leaping


def _have_extent(shapes: Array) -> Truths:
    """(...): whether symmetric shapes (..., D, D) have no direction of negative extent."""
    if shapes.shape[-1] == 1:
        return shapes[..., 0, 0] >= 0
    if shapes.shape[-1] == 2:
        a, b, c = shapes[..., 0, 0], shapes[..., 0, 1], shapes[..., 1, 1]
        return (a >= 0) & (c >= 0) & (a * c >= b * b)
    return np.asarray(np.linalg.eigvalsh(shapes)[..., 0] >= 0)
