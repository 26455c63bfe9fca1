"""Whether a page without a server can fit an experiment anew, and how; no Streamlit."""

from dataclasses import asdict, replace
from typing import Any

from ui.analysis.algorithms import has_prior
from ui.analysis.fitting import MOST_WORK
from ui.data import Data
from ui.experiment import Experiment
from ui.stage.page_fit import PAGE_FAMILIES, PageFit

SETTINGS = ("reg_covar", "tolerance", "step_limit", "stop_falling", "equal")
"""What a page goes by, as an experiment has it."""


def page_fit_of(experiment: Experiment, data: Data) -> PageFit | None:
    """What EM in the page's own JavaScript goes by; None where it would need what only Python has: another
    algorithm or family, noise, a prior, a yes/no column, or more than two columns."""
    plain = experiment.algorithm == "em" and experiment.family in PAGE_FAMILIES
    has_more = experiment.noise or (experiment.prior and has_prior(experiment.family))
    beside = data.yes_no is not None or data.points.shape[1] > 2
    if not plain or has_more or beside:
        return None
    return PageFit(
        reg_covar=experiment.reg_covar,
        tolerance=experiment.tolerance,
        step_limit=experiment.step_limit,
        most_work=MOST_WORK,
        stop_when_falling=experiment.stop_falling,
        equal_weights=experiment.equal,
    )


def page_change_of(other: Experiment, experiment: Experiment, data: Data) -> dict[str, Any] | None:
    """What of the experiment's `PageFit` a page changes to fit `other`; None where that takes more."""
    before, after = page_fit_of(experiment, data), page_fit_of(other, data)
    same = {name: getattr(experiment, name) for name in SETTINGS}
    if before is None or after is None or replace(other, **same) != experiment:
        return None
    old = asdict(before)
    return {name: value for name, value in asdict(after).items() if value != old[name]}
