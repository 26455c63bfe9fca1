"""What each family can draw: fits of several families, and of K-Means, to the same points from one start."""

from dataclasses import replace

import numpy as np

import gmm_core
from gmm_core import FAMILIES, kmeans
from gmm_core.algorithms import MixtureRun
from gmm_core.datasets import Labels
from ui.analysis.fitting import STEP_LIMIT, run_of, start_of
from ui.data import Data
from ui.experiment import Experiment, parameters
from ui.figures.panels import Panel


def panels_of(experiment: Experiment, data: Data) -> list[Panel]:
    """A panel for every family that the experiment shows, and one for K-Means at the end.

    Where points were turned or stretched, each says how many of them its fit without that, from the same
    start, puts into another component. Raises ValueError where the points allow no start.
    """
    before = _before(experiment, data)
    # Not every algorithm has every family, and EM has all.
    experiment = replace(experiment, algorithm="em")
    panels = [
        _family_panel(replace(experiment, family=family), data, before) for family in experiment.families
    ]
    return [*panels, _kmeans_panel(experiment, data, before)]


def _before(experiment: Experiment, data: Data) -> tuple[Experiment, Data] | None:
    """The same without turning and stretching, if there was any."""
    if data.motion is None:
        return None
    mixture = experiment.mixture()
    given = () if mixture is None else parameters(data.motion.inverse.of_mixture(mixture))
    plain = replace(experiment, algorithm="em", turn=0.0, stretch=1.0, start_mixture=given)
    points, among = data.motion.undone(data.points), data.start_among
    if among is not None:
        among = replace(among, points=data.motion.undone(among.points))
    return plain, replace(data, points=points, start_among=among, motion=None)


def _family_panel(experiment: Experiment, data: Data, before: tuple[Experiment, Data] | None) -> Panel:
    family = FAMILIES[experiment.family]
    run = run_of(experiment, data)
    labels = _labels(data, run)
    n_parameters = gmm_core.n_parameters(experiment.family, run.mixture.n_components, 2)
    log_likelihood = float(run.curve[-1])
    score = gmm_core.bic(log_likelihood, n_parameters, len(data.points))
    changed = None
    if before is not None:
        plain = replace(before[0], family=experiment.family)
        changed = int((_labels(before[1], run_of(plain, before[1])) != labels).sum())
    name = experiment.family.capitalize() if experiment.family != family.letters else ""
    title = f"{name} ({family.letters})" if name else family.letters
    numbers = f"log-likelihood {log_likelihood:,.1f}", f"BIC {score:,.1f}"
    facts = f"{n_parameters} parameters", " · ".join(numbers).replace("-", "−").replace("log−", "log-")
    outlines = [
        gmm_core.ellipse(mean, covariance, 2.0)
        for mean, covariance in zip(run.mixture.means, run.mixture.covariances, strict=True)
    ]
    return Panel(title, facts, labels, outlines, changed)


def _labels(data: Data, run: MixtureRun) -> Labels:
    return gmm_core.responsibilities(data.points, run.mixture).argmax(axis=1)


def _kmeans_panel(experiment: Experiment, data: Data, before: tuple[Experiment, Data] | None) -> Panel:
    run, labels = _clusters(experiment, data)
    changed = None
    if before is not None:
        changed = int((_clusters(*before)[1] != labels).sum())
    centres, moments = run.states[-1].centres, run.states[-1].moments
    # In the plane the mean square distance is twice the variance along an axis.
    variances = np.einsum("kdd->k", moments.scatters) / np.maximum(moments.counts, 1) / 2
    outlines = [
        gmm_core.ellipse(centre, variance * np.eye(2), 2.0) if variance > 0 else np.empty((0, 2))
        for centre, variance in zip(centres, variances, strict=True)
    ]
    facts = f"{centres.size} parameters", f"inertia {run.states[-1].inertia:,.4g}"
    return Panel("K-Means", facts, labels, outlines, changed)


def _clusters(experiment: Experiment, data: Data) -> tuple[kmeans.KMeansRun, Labels]:
    mixture = experiment.mixture() or start_of(experiment, data)
    run = kmeans.run(data.points, mixture.means, max_steps=STEP_LIMIT)
    return run, kmeans.assign(data.points, run.states[-1].centres)
