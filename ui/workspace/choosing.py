"""What a workspace computes for the choice of a model: each a job that people watch; no Streamlit."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from gmm_core import Bootstrap, Fit, LikelihoodRatioTest, Mixture, predict
from gmm_core.selection.cross_validation import HeldOut
from ui.analysis.choosing.certainty import Choices, choices, one_more, standard_errors
from ui.analysis.choosing.criteria import Cell, cell_of
from ui.analysis.choosing.held_out import held_out
from ui.analysis.choosing.kmeans_measures import KMeansMeasures, kmeans_measures
from ui.analysis.choosing.luck import Luck, luck_of
from ui.analysis.choosing.merged import Merged, merged
from ui.analysis.choosing.shape import Approximations, approximations
from ui.analysis.choosing.sweeping import Swept, swept
from ui.analysis.choosing.variational import Decided, decided
from ui.experiment import OWN_SHAPE, Scope, key_of, parameters
from ui.export.agreement import Agreement, agreement_of
from ui.export.choice import Choice
from ui.export.finished import labels_of
from ui.workspace.fit_result import is_everybodys, points_of
from ui.workspace.jobs import Report, Watch, watch
from ui.workspace.workspace import Workspace

MODEL = ("reg_covar", "prior", "strength", "equal", "noise")
"""Of what is fitted, that which a sweep takes over."""


def points_key(current: Workspace) -> Hashable:
    """What the points depend on: other points have another key."""
    return key_of(current.experiment, Scope.DATA), current.file and current.file.fingerprint


def _sweep_key(current: Workspace) -> Hashable:
    experiment = current.experiment
    settings = tuple(getattr(experiment, name) for name in (*MODEL, "among", "most"))
    return points_key(current), settings


def sweep_of(current: Workspace) -> Watch[Swept]:
    """The sweep over K and family."""
    experiment, data = current.experiment, points_of(current)

    def compute(report: Report[Swept]) -> Swept:
        return swept(experiment, data, report)

    return watch(current, "sweep", _sweep_key(current), compute, everybodys=is_everybodys(experiment))


def choice_of(current: Workspace, swept: Swept | None = None) -> Choice | None:
    """The sweep of the experiment as it is now, if that has come to its end, or the one given, with what is
    known of the points that its fits have not seen; nothing is computed."""
    key = _sweep_key(current)
    found: Swept | None = swept or _ended(current, "sweep", key)
    if found is None:
        return None
    return Choice(current.experiment, found, _ended(current, "held out", (key, len(found.fits))) or {})


def _ended(current: Workspace, name: str, key: Hashable) -> Any:
    """What that computation has come to, None unless it went on to its end."""
    found: Watch[Any] | None = current.watched.get((name, key))
    if found is None or not found.is_over or found.is_stopped or found.job.problem:
        return None
    return found.value


def held_out_of(current: Workspace, swept: Swept) -> Watch[Mapping[Cell, HeldOut]]:
    """What the fits of a finished sweep are worth on points that they have not seen."""
    experiment = current.experiment
    key = _sweep_key(current), tuple(map(cell_of, swept.fits))

    def compute(report: Report[Mapping[Cell, HeldOut]]) -> Mapping[Cell, HeldOut]:
        return held_out(experiment, swept, report)

    return watch(current, "held out", key, compute, everybodys=is_everybodys(experiment))


def merged_of(current: Workspace, swept: Swept, fit: Fit) -> Watch[Merged]:
    """The merges of a finished sweep's fit."""
    key = _sweep_key(current), cell_of(fit), mixture_key(fit.mixture)

    def compute(_: Report[Merged]) -> Merged:
        return merged(swept, fit)

    return watch(current, "merging", key, compute, everybodys=is_everybodys(current.experiment))


def kmeans_measures_of(current: Workspace, swept: Swept) -> Watch[KMeansMeasures]:
    """What is asked of K-Means to find K, over the points of a sweep."""
    key = points_key(current), swept.ks

    def compute(report: Report[KMeansMeasures]) -> KMeansMeasures:
        return kmeans_measures(swept, report)

    return watch(current, "K-Means", key, compute, everybodys=is_everybodys(current.experiment))


def luck_watched(current: Workspace) -> Watch[Luck]:
    """Many starts of the experiment's model."""
    experiment, data = current.experiment, points_of(current)
    key = points_key(current), key_of(experiment, Scope.START, Scope.MODEL)

    def compute(report: Report[Luck]) -> Luck:
        return luck_of(experiment, data, report)

    return watch(current, "luck", key, compute, everybodys=is_everybodys(experiment))


def agreements_of(current: Workspace, fits: Sequence[Fit]) -> Watch[tuple[Agreement, ...]]:
    """How each of these fits agrees with the labels that the points have, of all points."""
    experiment, data = current.experiment, points_of(current)
    labels = labels_of(experiment, data)
    key = points_key(current), tuple(mixture_key(fit.mixture) for fit in fits)

    def compute(report: Report[tuple[Agreement, ...]]) -> tuple[Agreement, ...]:
        found: list[Agreement] = []
        for fit in fits:
            if labels is None:
                break
            groups = predict(data.fitted, fit.mixture)
            n_groups = fit.mixture.n_components
            found.append(agreement_of(labels, np.where(groups < 0, n_groups, groups), n_groups))
            if report(len(found) / len(fits), tuple(found)):
                break
        return tuple(found)

    return watch(current, "agreement", key, compute, everybodys=is_everybodys(experiment))


def mixture_key(mixture: Mixture) -> Hashable:
    """Equal for equal mixtures of a picture's columns."""
    noise = mixture.noise and (mixture.noise.amount, mixture.noise.volume)
    return parameters(mixture), noise


VARIATIONAL = (
    "family",
    "noise",
    "concentration",
    "process",
    "tolerance",
    "step_limit",
    "start",
    "start_seed",
)
"""Of what is fitted, that which a variational mixture takes over."""


def decision_of(current: Workspace) -> Watch[Decided]:
    """The variational mixture from a generous K."""
    experiment, data = current.experiment, points_of(current)
    key = points_key(current), tuple(getattr(experiment, name) for name in VARIATIONAL)

    def compute(report: Report[Decided]) -> Decided:
        return decided(experiment, data, report)

    return watch(current, "variational", key, compute, everybodys=is_everybodys(experiment))


def shape_of(current: Workspace) -> Watch[Approximations]:
    """How close more and more components come to a shape."""
    experiment, data = current.experiment, points_of(current)
    is_own = experiment.shape == OWN_SHAPE
    # A generator's shape has nothing to do with the points on the table.
    of = (points_key(current), experiment.reg_covar) if is_own else experiment.shape_points

    def compute(report: Report[Approximations]) -> Approximations:
        return approximations(experiment, data, report)

    everybodys = not is_own or is_everybodys(experiment)
    return watch(current, "shape", (experiment.shape, of), compute, everybodys=everybodys)


def errors_of(current: Workspace, found: Swept, fit: Fit) -> Watch[Bootstrap]:
    """The standard errors of a fit of the sweep."""
    experiment = current.experiment

    def compute(report: Report[Bootstrap]) -> Bootstrap:
        return standard_errors(experiment, found.data, fit, report)

    key = _sweep_key(current), cell_of(fit), mixture_key(fit.mixture)
    return watch(current, "errors", key, compute, everybodys=is_everybodys(experiment))


def choices_of(current: Workspace, found: Swept) -> Watch[Choices]:
    """How often each of the sweep's fits would be chosen."""
    experiment = current.experiment

    def compute(report: Report[Choices]) -> Choices:
        return choices(experiment, found.data, found.fits, report)

    key = _sweep_key(current), tuple((cell_of(fit), fit.log_likelihood) for fit in found.fits)
    return watch(current, "choices", key, compute, everybodys=is_everybodys(experiment))


def tested_one_more(current: Workspace, found: Swept, cell: Cell) -> Watch[LikelihoodRatioTest]:
    """The test of a K against one more."""
    experiment = current.experiment

    def compute(report: Report[LikelihoodRatioTest]) -> LikelihoodRatioTest:
        return one_more(experiment, found.data, *cell, report)

    key = _sweep_key(current), cell
    return watch(current, "one more", key, compute, everybodys=is_everybodys(experiment))
