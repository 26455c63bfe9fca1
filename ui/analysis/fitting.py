"""From an Experiment and its points to a run; no Streamlit."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np

import gmm_core
from gmm_core.algorithms import MixtureRun
from gmm_core.background import default_noise
from gmm_core.iteration import Algorithm, AnyRun
from gmm_core.mixture import with_noise
from gmm_core.points import Array
from ui.analysis.algorithms import algorithm_of
from ui.data import Data
from ui.experiment import Experiment

STEP_LIMIT = 500
# Points times components times steps that a run may take: a few seconds' work, whatever a link asks for.
MOST_WORK = 6e8
# And before people are asked whether they still wait: a fifth of a second.
PIECE_WORK = 1e7


def start_of(experiment: Experiment, data: Data) -> gmm_core.Mixture:
    """The start that the experiment asks for, turned and stretched with the points. Raises ValueError."""
    points, weights, motion = data.points, data.weights, data.motion
    if data.start_points is not None and len(data.start_points) >= experiment.n_components:
        points, weights = data.start_points, data.start_weights
    mixture = gmm_core.initialize(
        points if motion is None else motion.undone(points),
        experiment.n_components,
        method=experiment.start,
        family=experiment.family,
        sample_weights=weights,
        rng=np.random.default_rng(experiment.start_seed),
    )
    return mixture if motion is None else motion.of_mixture(mixture)


def begun_at(experiment: Experiment, data: Data) -> gmm_core.Mixture:
    """The mixture to begin with, a given one or the start's, with background noise where there is to be some.
    Raises ValueError."""
    mixture = experiment.mixture() or start_of(experiment, data)
    if not experiment.noise:
        return mixture
    return with_noise(mixture, default_noise(data.points, amount=experiment.first_noise))


def run_of(
    experiment: Experiment,
    data: Data,
    *,
    most_steps: int | None = None,
    begun: MixtureRun | None = None,
    between: Callable[[MixtureRun, int], None] | None = None,
) -> MixtureRun:
    """The experiment's algorithm on the data, cut off after `most_steps` if they are fewer.

    `begun` is a part of this run, of at most as many steps; `between` is called with what has been done and
    the most steps there may be, several times a second, and may raise to break the run off.

    Raises ValueError, in one sentence, if the points allow no such run.
    """
    steps = allowed_steps(experiment, data)
    steps = steps if most_steps is None else min(steps, most_steps)
    piece = steps if between is None else int(PIECE_WORK / _step_work(experiment, data)) + 1
    # A run is resumed by what began it, which no type says.
    algorithm, run = cast(Algorithm[Any, Any], algorithm_of(experiment, data)), begun
    if run is None:
        run = algorithm.run(data.points, begun_at(experiment, data), max_steps=min(piece, steps))
    return _finished(algorithm, data.points, run, steps, piece, between)


def _finished(
    algorithm: Algorithm[Any, AnyRun],
    points: Array,
    run: AnyRun,
    steps: int,
    piece: int,
    between: Callable[[AnyRun, int], None] | None,
) -> AnyRun:
    """The run carried on for `piece` steps at a time, until it ends by itself or has `steps`."""
    while run.is_unfinished and (done := run.states[-1].iteration) < steps:
        if between is not None:
            between(run, steps)
        run = algorithm.resume(points, run, max_steps=min(done + piece, steps))
    return run


def allowed_steps(experiment: Experiment, data: Data) -> int:
    """M-steps that a run may take: the more points and components, the fewer."""
    return min(experiment.step_limit, int(MOST_WORK / _step_work(experiment, data)) + 1)


def _step_work(experiment: Experiment, data: Data) -> int:
    return max(1, len(data.points) * experiment.n_components)
