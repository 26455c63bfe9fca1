"""From an Experiment and its points to a run; no Streamlit."""

import numpy as np

import gmm_core
from ui.data import Data
from ui.experiment import Experiment

STEP_LIMIT = 500
# Points times components times steps that a run may take: a few seconds' work, whatever a link asks for.
MOST_WORK = 6e8


def start_of(experiment: Experiment, data: Data) -> gmm_core.Mixture:
    """The start that the experiment asks for, turned and stretched with the points. Raises ValueError."""
    points, motion = data.points, data.motion
    if data.start_points is not None and len(data.start_points) >= experiment.n_components:
        points = data.start_points
    mixture = gmm_core.initialize(
        points if motion is None else motion.undone(points),
        experiment.n_components,
        method=experiment.start,
        family=experiment.family,
        rng=np.random.default_rng(experiment.start_seed),
    )
    return mixture if motion is None else motion.of_mixture(mixture)


def run_of(experiment: Experiment, data: Data) -> gmm_core.EMRun:
    """EM on the data as the experiment asks. Raises ValueError, in one sentence, if that cannot be."""
    mixture = experiment.mixture() or start_of(experiment, data)
    return gmm_core.run(
        data.points,
        mixture,
        family=experiment.family,
        reg_covar=experiment.reg_covar,
        variant=gmm_core.Variant(sample_weights=data.weights),
        tolerance=experiment.tolerance,
        max_steps=step_limit(experiment, data),
    )


def step_limit(experiment: Experiment, data: Data) -> int:
    """M-steps that a run may take: the more points and components, the fewer."""
    work = max(1, len(data.points) * experiment.n_components)
    return min(STEP_LIMIT, int(MOST_WORK / work) + 1)
