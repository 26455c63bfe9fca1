"""The K and the start that a file begins with."""

from dataclasses import replace

import numpy as np
import pytest

import gmm_core
from gmm_core import StopReason
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.ui.uploads.test_suggestions import as_text
from ui.analysis import beginning
from ui.analysis.beginning import opened, said_of_k
from ui.analysis.fitting import run_of
from ui.data import data_of
from ui.experiment import DRAWN, Experiment
from ui.experiment.address import from_address, to_address
from ui.experiment.transitions import NEUTRAL_K, choose_components, choose_data, choose_family
from ui.uploads import Table, read_table
from ui.workspace.opening import experiment_of_table

RNG = np.random.default_rng(4)
MEANS = np.array([[0, 0], [6, 1], [1, 7], [7, 7]])


def table_of(points: np.ndarray, name: str = "a.csv") -> Table:
    return read_table(name, as_text({"a": points[:, 0], "b": points[:, 1]}))


def clusters(n_clusters: int, n_points: int = 240) -> np.ndarray:
    return MEANS[RNG.integers(0, n_clusters, n_points)] + RNG.normal(size=(n_points, 2))


@pytest.mark.parametrize("n_clusters", range(1, 5))
def test_k_is_what_bic_prefers(n_clusters):
    table = table_of(clusters(n_clusters))
    experiment = experiment_of_table(Experiment(), table)
    fits = gmm_core.sweep(data_of(experiment, table).points, range(1, 7), [experiment.family])
    best = min(fits, key=lambda fit: fit.bic).n_components
    assert experiment.n_components == best
    assert said_of_k(experiment, table) == f"{best} by BIC, among 1 to 6; change it above."
    changed = choose_components(experiment, 9)
    assert said_of_k(changed, table) == f"BIC prefers {best}, among 1 to 6."
    assert said_of_k(choose_family(experiment, "diag"), table) == ""
    assert said_of_k(replace(experiment, hide=("truth",)), table) == ""


@pytest.mark.parametrize("n_clusters", [3, 4])
def test_the_start_is_as_good_as_the_best_of_twenty_and_travels_in_the_link(n_clusters):
    table = table_of(clusters(n_clusters))
    experiment = experiment_of_table(Experiment(), table)
    data = data_of(experiment, table)
    run = run_of(experiment, data)
    others = [run_of(replace(experiment, start_seed=seed), data) for seed in range(1, 21)]
    assert run.log_likelihood > max(other.log_likelihood for other in others) - 0.5
    again, _, complaints = from_address(to_address(experiment))
    assert complaints == []
    assert again == experiment
    assert run_of(again, data).log_likelihood == run.log_likelihood
    assert experiment_of_table(Experiment(), table_of(data.points)) == experiment


def test_a_start_that_does_not_collapse_is_taken_and_a_k_that_has_one():
    zeros = np.where(RNG.random(300) < 0.4, 0.0, RNG.gamma(3, 2, 300))
    table = table_of(np.column_stack([zeros, RNG.normal(size=300)]))
    experiment = experiment_of_table(Experiment(), table)
    assert run_of(experiment, data_of(experiment, table)).stop_reason is not StopReason.COMPONENT_COLLAPSED
    assert said_of_k(experiment, table).startswith(f"{experiment.n_components} by BIC")


@pytest.mark.slow
def test_what_people_chose_themselves_stays():
    table = table_of(clusters(2))
    assert experiment_of_table(Experiment(n_components=5), table).n_components == 5
    assert experiment_of_table(choose_data(Experiment(), "iris"), table).n_components == 2
    first_table = table_of(clusters(4), "first.csv")
    first = experiment_of_table(Experiment(), first_table)
    assert (first.n_components, experiment_of_table(first, table, first_table).n_components) == (4, 2)
    by_hand = choose_components(first, 3)
    assert experiment_of_table(by_hand, table, first_table).n_components == 3
    locked = experiment_of_table(Experiment(start_seed=77, hide=("seed",)), table)
    assert (locked.start_seed, locked.n_components) == (77, 2)
    hidden = experiment_of_table(Experiment(n_components=NEUTRAL_K, hide=("truth",)), table_of(clusters(4)))
    assert hidden.n_components == NEUTRAL_K


@pytest.mark.parametrize("data", [*GENERATORS, DRAWN])
def test_data_made_here_begin_as_ever(data):
    experiment = choose_data(Experiment(), data)
    assert opened(Experiment(), experiment, None) == experiment


@pytest.mark.parametrize("data", CLASSICS)
def test_a_bundled_set_keeps_its_k_and_has_the_best_start(data):
    experiment = opened(Experiment(), choose_data(Experiment(), data), None)
    assert experiment.n_components == CLASSICS[data].n_components
    points = data_of(experiment, None)
    others = [run_of(replace(experiment, start_seed=seed), points) for seed in range(1, 21)]
    best = max(other.log_likelihood for other in others)
    assert run_of(experiment, points).log_likelihood > best - 0.5


def test_without_time_k_stays_as_it_was(monkeypatch):
    ticks = iter(range(10**6))
    monkeypatch.setattr(beginning, "thread_time", lambda: float(next(ticks)))
    table = table_of(clusters(4))
    experiment = experiment_of_table(Experiment(), table)
    assert experiment.n_components == 3
    assert said_of_k(experiment, table) == ""


def test_of_many_points_a_sample_is_asked(monkeypatch):
    monkeypatch.setattr(beginning, "thread_time", lambda: 0.0)
    table = table_of(clusters(2, 3000))
    experiment = experiment_of_table(Experiment(), table)
    said = "2 by BIC, among 1 to 6, on a sample of 2,000 points; change it above."
    assert said_of_k(experiment, table) == said


@pytest.mark.parametrize(
    "text", [b"a,b\n1,2\n1,2\n1,2\n", b"a,b\n1,2\n", b"a,b\n1,2\n3,4\n5,9\n", b"a,b\n1,x\n2,y\n"]
)
def test_what_cannot_be_fitted_opens_all_the_same(text):
    table = read_table("a.csv", text)
    assert experiment_of_table(Experiment(), table).file == "a.csv"
