"""The K and the start that a file begins with: what BIC prefers, and the best of a few draws; no Streamlit.

What is found becomes an ordinary choice of the experiment - its K and the seed of its start - so that a link
carries it, and undoing, resetting and changing it need nothing new.
"""

from dataclasses import dataclass, replace
from time import thread_time
from weakref import WeakKeyDictionary

import numpy as np

import gmm_core
from gmm_core import STARTS, StopReason
from gmm_core.algorithms import MixtureRun
from gmm_core.datasets import CLASSICS
from ui.analysis.fitting import run_of, start_of
from ui.data import Data, data_of
from ui.experiment import UPLOADED, Experiment, Scope, only, parameters
from ui.experiment.transitions import choose_data, draw_start
from ui.gate import GATE
from ui.uploads import Table

KS = range(1, 7)
"""Among which BIC chooses."""

N_STARTS = 20
"""Draws of the start, from the seeds 1, 2, ..."""

SECONDS = 1.0
"""Of this thread's time that the choice of K may take, and half as much that of a start."""

# Points by which K is chosen, and a start.
ENOUGH, ENOUGH_FOR_A_START = 2_000, 5_000

# Steps of a first look at every start, and of a second one at the most promising.
FIRST_LOOK, SECOND_LOOK, SEEN_TWICE = 10, 200, 8

# Likelihoods nearer than this, in nats, are taken for the same fit.
SAME = 0.1


@dataclass(frozen=True)
class Preference:
    """What BIC says of the same points in one family."""

    ks: tuple[int, ...]
    """From the best to the worst: those that have a sound fit, and have one from some start."""
    are_all: bool
    """Whether these are all that there could be, or others collapse."""
    is_sample: bool
    """Whether it was asked of some of the points only."""


# What has been found, as long as the file is there.
_FOUND: WeakKeyDictionary[Table, dict[Experiment, Preference | None]] = WeakKeyDictionary()


def opened(
    old: Experiment, new: Experiment, table: Table | None, *, before: Table | None = None
) -> Experiment:
    """`new`, which shows other points than `old` did: an uploaded table's, with the K that BIC prefers, or a
    bundled set's, with the K that it is known for; either with the best start.

    `before` is the table that `old` was about, if there was one. A K that people chose themselves stays.
    Where nothing can be fitted, or a teacher's link locks or hides it, all stays as it is.
    """
    if new.data != UPLOADED and new.data not in CLASSICS:
        return new
    with GATE.turn():
        data = data_of(new, table)
        if data.notice or len(data.points) == 0:
            return new
        preference = _ask(new, table, data)
        if preference is None or _is_chosen(old, before):
            return _with_best_start(draw_start(new), data) or new
        for i, k in enumerate(preference.ks):
            found = _with_best_start(draw_start(replace(new, n_components=k)), data)
            if found is not None:
                if i and table is not None:
                    _FOUND[table][_question(new)] = replace(preference, ks=preference.ks[i:], are_all=False)
                return found
        return new


def _is_chosen(old: Experiment, table: Table | None) -> bool:
    """Whether K is another than the one that the points came with."""
    preference = preference_of(old, table)
    if preference is not None:
        return old.n_components != preference.ks[0]
    return old.n_components != choose_data(Experiment(), old.data).n_components


def preference_of(experiment: Experiment, table: Table | None) -> Preference | None:
    """What BIC says of the uploaded points and the family, if it has been asked."""
    if table is None or experiment.data != UPLOADED or "truth" in experiment.hide:
        return None
    return _FOUND.get(table, {}).get(_question(experiment))


def said_of_k(experiment: Experiment, table: Table | None) -> str:
    """Where K comes from, in a few words; nothing where BIC has not been asked."""
    preference = preference_of(experiment, table)
    if preference is None:
        return ""
    best, asked = preference.ks[0], f"{KS[0]} to {KS[-1]}"
    if preference.is_sample:
        asked += f", on a sample of {ENOUGH:,} points"
    if not preference.are_all:
        asked += ", as far as they do not collapse"
    if experiment.n_components == best:
        return f"{best} by BIC, among {asked}; change it above."
    return f"BIC prefers {best}, among {asked}."


def _ask(experiment: Experiment, table: Table | None, data: Data) -> Preference | None:
    if table is None or experiment.data != UPLOADED or "truth" in experiment.hide:
        return None
    found = _FOUND.setdefault(table, {})
    question = _question(experiment)
    if question not in found:
        found[question] = _preferred(experiment, data)
    return found[question]


def _question(experiment: Experiment) -> Experiment:
    """As far as the answer depends on it; a start is drawn anew for every K."""
    points = only(replace(experiment, start_among=()), Scope.DATA)
    return replace(points, family=experiment.family, reg_covar=experiment.reg_covar)


def _preferred(experiment: Experiment, data: Data) -> Preference | None:
    """None where the time is not enough for every K, or BIC says nothing of the points."""
    if data.weights is not None:
        return None
    few = _few(data, ENOUGH)
    ks = KS[: len(np.unique(few.points, axis=0))]
    begun_at = thread_time()

    def is_late(_: float) -> bool:
        return thread_time() - begun_at > SECONDS

    try:
        fits = gmm_core.sweep(
            few.fitted,
            ks,
            [experiment.family],
            n_binary=few.n_binary,
            reg_covar=experiment.reg_covar,
            progress=is_late,
        )
    except ValueError:
        return None
    if is_late(1.0) and max((fit.n_components for fit in fits), default=0) < ks[-1]:
        return None
    ordered = sorted(fits, key=lambda fit: fit.bic)
    if not ordered:
        return None
    found = tuple(fit.n_components for fit in ordered)
    return Preference(found, len(found) == len(KS), len(few.points) < len(data.points))


def _with_best_start(experiment: Experiment, data: Data) -> Experiment | None:
    """With the seed whose start leads highest, the first among equals; None where every start collapses.

    Source: Biernacki, Celeux & Govaert (2003), Choosing starting values for the EM algorithm, section 3,
    here with a second look.
    """
    if not STARTS[experiment.start].is_drawn or "seed" in experiment.hide:
        return experiment
    few, begun_at = _few(data, ENOUGH_FOR_A_START), thread_time()

    def is_late() -> bool:
        return thread_time() - begun_at > SECONDS / 2

    runs: dict[int, MixtureRun] = {}
    for seed in range(1, N_STARTS + 1):
        if runs and is_late():
            break
        seeded = replace(experiment, start_seed=seed)
        try:
            # The start is that of all points, as it will be drawn: a seed means another start to others.
            runs[seed] = _look(seeded, few, start_of(seeded, data), FIRST_LOOK)
        except ValueError:
            return experiment
    leading = sorted(runs, key=lambda seed: -_promise(runs[seed]))[:SEEN_TWICE]
    # What everybody begins with stays unless something is better.
    for seed in {*leading, 1}:
        if not is_late():
            runs[seed] = _look(experiment, few, runs[seed].mixture, SECOND_LOOK)
    promises = {seed: _promise(runs[seed]) for seed in (*leading, 1) if _promise(runs[seed]) > -np.inf}
    enough = max(promises.values(), default=0.0) - SAME
    for seed in sorted(promises, key=lambda seed: (max(enough - promises[seed], 0.0), seed)):
        if is_late() or _stands(experiment, few, runs[seed].mixture):
            return replace(experiment, start_seed=seed)
    return None


def _stands(experiment: Experiment, data: Data, mixture: gmm_core.Mixture) -> bool:
    """Whether the run does not collapse later than it was looked at."""
    return _promise(run_of(replace(experiment, start_mixture=parameters(mixture)), data)) > -np.inf


def _look(experiment: Experiment, data: Data, mixture: gmm_core.Mixture, steps: int) -> MixtureRun:
    # Where a loose tolerance would end a run says little of where it leads.
    settings = {"algorithm": "em", "tolerance": 0.0, "step_limit": steps}
    patient = replace(experiment, start_mixture=parameters(mixture), **settings)
    return run_of(patient, data)


def _promise(run: MixtureRun) -> float:
    collapsed = run.stop_reason is StopReason.COMPONENT_COLLAPSED
    return -np.inf if collapsed else run.states[-1].objective


def _few(data: Data, enough: int) -> Data:
    """The points themselves, or some of them, always the same."""
    n_points = len(data.points)
    if n_points <= enough:
        return data
    chosen = np.sort(np.random.default_rng(0).choice(n_points, enough, replace=False))
    return replace(data.at(chosen), labels=None, source=None)
