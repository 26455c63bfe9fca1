"""From an Experiment and its points to a run; no Streamlit."""

import numpy as np

import gmm_core
from gmm_core import FAMILIES
from gmm_core.prior import PRIOR_FAMILIES
from ui.data import Data
from ui.experiment import Experiment

STEP_LIMIT = 500
# Points times components times steps that a run may take: a few seconds' work, whatever a link asks for.
MOST_WORK = 6e8


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


def run_of(experiment: Experiment, data: Data, *, most_steps: int | None = None) -> gmm_core.EMRun:
    """EM on the data as the experiment asks, cut off after `most_steps` if they are fewer. Raises ValueError,
    in one sentence, if that cannot be."""
    mixture = experiment.mixture() or start_of(experiment, data)
    steps = allowed_steps(experiment, data)
    return gmm_core.run(
        data.points,
        mixture,
        family=experiment.family,
        reg_covar=experiment.reg_covar,
        variant=variant_of(experiment, data),
        tolerance=experiment.tolerance,
        max_steps=steps if most_steps is None else min(steps, most_steps),
        stop_when_falling=experiment.stop_falling or experiment.reg_covar == 0,
    )


def variant_of(experiment: Experiment, data: Data) -> gmm_core.Variant:
    """What differs from plain EM. Raises ValueError where the points allow no prior."""
    prior = None
    if experiment.prior and has_prior(experiment.family):
        prior = gmm_core.default_prior(data.points, experiment.n_components, sample_weights=data.weights)
    return gmm_core.Variant(sample_weights=data.weights, prior=prior)


def has_prior(family: str) -> bool:
    """Whether components of the family can have one."""
    return FAMILIES[family].letters in PRIOR_FAMILIES


def allowed_steps(experiment: Experiment, data: Data) -> int:
    """M-steps that a run may take: the more points and components, the fewer."""
    work = max(1, len(data.points) * experiment.n_components)
    return min(experiment.step_limit, int(MOST_WORK / work) + 1)
