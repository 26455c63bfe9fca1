"""From an Experiment and its points to a run; no Streamlit."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import numpy as np

import gmm_core
from gmm_core.algorithms import MixtureRun
from gmm_core.background import default_noise
from gmm_core.iteration import Algorithm, AnyRun
from gmm_core.mixture import with_noise
from gmm_core.points import Array
from gmm_core.starts.binary import gathered, with_binary
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
    among, motion = data, data.motion
    if data.start_among is not None and len(data.start_among.points) >= experiment.n_components:
        among = data.start_among
    if motion is not None:
        among = replace(among, points=motion.undone(among.points))
    mixture = gmm_core.initialize(
        among.fitted,
        experiment.n_components,
        method=experiment.start,
        family=experiment.family,
        n_binary=among.n_binary,
        sample_weights=among.weights,
        rng=np.random.default_rng(experiment.start_seed),
    )
    return mixture if motion is None else motion.of_mixture(mixture)


def begun_at(experiment: Experiment, data: Data) -> gmm_core.Mixture:
    """The mixture to begin with, a given one or the start's, with background noise where there is to be some.
    Raises ValueError."""
    given = experiment.mixture()
    mixture = start_of(experiment, data) if given is None else _of_these_columns(given, data)
    if not experiment.noise:
        return mixture
    noise = default_noise(data.fitted, amount=experiment.first_noise, n_binary=data.n_binary)
    return with_noise(mixture, noise)


def _of_these_columns(mixture: gmm_core.Mixture, data: Data) -> gmm_core.Mixture:
    """The mixture with a probability of yes where the data have such a column, and without where not."""
    if mixture.n_dimensions != data.points.shape[1]:
        raise gmm_core.MixtureError(
            f"The start that was placed has {mixture.n_dimensions} columns and the points have "
            f"{data.points.shape[1]}; press Reset."
        )
    if mixture.probabilities.shape[1] == data.n_binary:
        return mixture
    plain = gmm_core.Mixture(mixture.weights, mixture.means, mixture.covariances)
    if data.yes_no is None:
        return plain
    answers = data.yes_no.values[:, None]
    counts, ones = gathered(data.points, answers, data.weights, plain)
    return with_binary(plain, counts, ones, answers, data.weights)


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
    points = data.fitted
    if run is None:
        run = algorithm.run(points, begun_at(experiment, data), max_steps=min(piece, steps))
    return _finished(algorithm, points, run, steps, piece, between)


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
