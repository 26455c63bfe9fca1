"""What a workspace computes for the choice of a model: each a job that people watch; no Streamlit."""

from collections.abc import Hashable

from ui.analysis.choosing.sweeping import Swept, swept
from ui.experiment import UPLOADED, Experiment, Scope, key_of
from ui.workspace.fit_result import points_of
from ui.workspace.jobs import Report, Watch, watch
from ui.workspace.workspace import Workspace

MODEL = ("reg_covar", "prior", "strength", "equal", "noise")
"""Of what is fitted, that which a sweep takes over."""


def is_everybodys(experiment: Experiment) -> bool:
    """Whether the points are nobody's own, so that what is computed of them may serve everybody."""
    return experiment.data != UPLOADED and not experiment.added


def points_key(current: Workspace) -> Hashable:
    """What the points depend on: other points have another key."""
    return key_of(current.experiment, Scope.DATA), current.file and current.file.fingerprint


def sweep_of(current: Workspace) -> Watch[Swept]:
    """The sweep over K and family."""
    experiment, data = current.experiment, points_of(current)
    settings = tuple(getattr(experiment, name) for name in (*MODEL, "among", "most"))
    key = points_key(current), settings, experiment.prior and experiment.n_components

    def compute(report: Report[Swept]) -> Swept:
        return swept(experiment, data, report)

    return watch(current, "sweep", key, compute, everybodys=is_everybodys(experiment))
