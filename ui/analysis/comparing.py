"""From an Experiment's data and run to K-Means from the same centres, and to the limit dial; no Streamlit."""

import numpy as np

import gmm_core
from gmm_core import kmeans
from gmm_core.algorithms import MixtureRun
from gmm_core.datasets import Labels
from gmm_core.em import hard_limit
from gmm_core.geometry import RADII, circle_radii
from gmm_core.points import Array
from ui.analysis.fitting import MOST_WORK, STEP_LIMIT
from ui.data import Data
from ui.experiment import Experiment
from ui.stage.comparison import Comparison, Dial

# Six positions a decade, from the deviation of all points to a share of it at which nothing is soft.
RATIOS = 10.0 ** -(np.arange(25) / 6)

# Points times components above which every third position has to do.
FINE_WORK = 20_000

# Of the dial's runs: the gain, in nats a point, at which each ends.
TOLERANCE = 1e-6


def comparison_of(experiment: Experiment, data: Data, run: MixtureRun) -> Comparison:
    """K-Means from the means that `run` began with, and, if it is asked for, the dial."""
    centres = run.states[0].mixture.means
    clusters = kmeans.run(data.points, centres, max_steps=STEP_LIMIT)
    labels = [kmeans.assign(data.points, state.centres) for state in clusters.states]
    dial = _dial_of(data.points, centres, labels[-1]) if experiment.dial else None
    n_components = len(centres)
    order = np.arange(n_components)
    if dial is None:
        order = _order(data.points, labels[-1], run.mixture)
    radii = _radii(data.points, clusters, labels)
    return Comparison(clusters, order, radii, _inertias(clusters), _parts(clusters), dial)


def _order(points: Array, labels: Labels, mixture: gmm_core.Mixture) -> Labels:
    """(K,): for each component the cluster it shares most points with, its own one among equals."""
    n_components = mixture.n_components
    ends = gmm_core.responsibilities(points, mixture).argmax(axis=1)
    shared = np.zeros((n_components, n_components))
    np.add.at(shared, (ends, labels), 1.0)
    return gmm_core.match(shared + 0.5 * np.eye(n_components) / n_components)


def _radii(points: Array, run: kmeans.KMeansRun, labels: list[Labels]) -> Array:
    """(2 T, 3, K): none at first; then about the centres, of the points that wear their colour."""
    states = run.states
    radii = np.zeros((2 * len(states), len(RADII), len(states[0].centres)))
    for t, state in enumerate(states):
        radii[2 * t + 1] = circle_radii(points, labels[t], state.centres)
        if t:
            radii[2 * t] = circle_radii(points, labels[t - 1], state.centres)
    return radii


def _inertias(run: kmeans.KMeansRun) -> Array:
    """(2 T,): after every half-step; the first picture has that of its assignment."""
    assigned = np.array([state.inertia for state in run.states])
    moved = [float(np.einsum("kdd->", state.moments.scatters)) for state in run.states[:-1]]
    return np.column_stack([np.append(assigned[0], moved), assigned]).ravel()


def _parts(run: kmeans.KMeansRun) -> Array:
    """(2 T, K): what the points of each cluster add to the inertia of every picture."""
    about_means = np.array([np.einsum("kdd->k", state.moments.scatters) for state in run.states])
    off = np.array([((state.means - state.centres) ** 2).sum(axis=1) for state in run.states])
    assigned = about_means + np.array([state.counts for state in run.states]) * off
    moved = np.vstack([assigned[:1], about_means[:-1]])
    return np.stack([moved, assigned], axis=1).reshape(-1, assigned.shape[1])


def _dial_of(points: Array, centres: Array, labels: Labels) -> Dial:
    work = len(points) * len(centres)
    ratios = RATIOS if work <= FINE_WORK else RATIOS[::3]
    deviations = ratios * hard_limit.deviation(points)
    max_steps = min(STEP_LIMIT, int(MOST_WORK / (work * len(ratios))) + 1)
    runs = tuple(
        hard_limit.run_limit(points, centres, deviation**2, tolerance=TOLERANCE, max_steps=max_steps)
        for deviation in deviations.tolist()
    )
    ends = [gmm_core.responsibilities(points, run.mixture).argmax(axis=1) for run in runs]
    return Dial(
        ratios,
        deviations,
        runs,
        TOLERANCE,
        max_steps,
        np.array([hard_limit.mean_entropy(points, run.mixture) for run in runs]),
        np.array([int((end != labels).sum()) for end in ends]),
    )
