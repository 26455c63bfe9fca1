"""What Python computes for an address: the browser is held against it."""

from collections.abc import Mapping

import gmm_core
from ui.analysis.fitting import run_of
from ui.data import Data, data_of
from ui.experiment import Experiment
from ui.experiment.address import from_address


def experiment_of(address: Mapping[str, str]) -> Experiment:
    """The experiment of an address that has nothing wrong with it."""
    experiment, _, complaints = from_address(address)
    assert not complaints
    return experiment


def outcome_of(address: Mapping[str, str]) -> tuple[Data, gmm_core.EMRun]:
    """Points and run of an address, without an uploaded file."""
    experiment = experiment_of(address)
    data = data_of(experiment, None)
    return data, run_of(experiment, data)
