"""Why a run ended, said truly, and cures that cure."""

from dataclasses import replace

import numpy as np
import pytest

from gmm_core import StopReason
from ui.analysis.fitting import run_of
from ui.analysis.stops import cures_of, sentence_of
from ui.data import data_of
from ui.experiment import UPLOADED, Experiment
from ui.experiment.transitions import choose_data
from ui.uploads import read_table

FAITHFUL = replace(choose_data(Experiment(), "old_faithful"), n_components=2, family="full")
FAR = replace(FAITHFUL, reg_covar=1.0, start_mixture=((0.5, 4, 80, 1, 0, 30), (0.5, 1000, 1000, 1, 0, 1)))
ON_A_POINT = Experiment(n_points=30, added=((20.0, 20.0),), n_components=2)
ON_A_POINT = replace(ON_A_POINT, start_mixture=((0.5, 0, 0, 1, 0, 1), (0.5, 20, 20, 0.01, 0, 0.01)))
LINE = tuple((float(i), 40.0) for i in range(12))
ON_A_LINE = Experiment(n_points=60, added=LINE, n_components=2)
ON_A_LINE = replace(ON_A_LINE, start_mixture=((0.5, 0, 0, 4, 0, 4), (0.5, 5, 40, 9, 0, 0.1)))
COLLAPSES = {"far": FAR, "on a point": ON_A_POINT, "on a line": ON_A_LINE}


@pytest.fixture(params=COLLAPSES)
def collapsed(request):
    experiment = COLLAPSES[request.param]
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    assert run.stop_reason is StopReason.COMPONENT_COLLAPSED
    return experiment, data, run


def test_every_cure_that_is_offered_cures(collapsed):
    experiment, data, run = collapsed
    cures = cures_of(experiment, data, run)
    assert cures, "there always is one"
    assert len({cure.name for cure in cures}) == len(cures)
    for cure in cures:
        again = run_of(cure.experiment, data_of(cure.experiment, None))
        assert again.stop_reason is not StopReason.COMPONENT_COLLAPSED, cure.name


def test_the_cause_is_the_true_one():
    said = {}
    for name, experiment in COLLAPSES.items():
        data = data_of(experiment, None)
        said[name] = sentence_of(experiment, data, run_of(experiment, data))
    assert "lost all its points" in said["far"]
    assert "eigenvalue" not in said["far"]
    assert "singularity" not in said["far"]
    assert "holds only 1 point" in said["on a point"]
    assert "singularity" in said["on a point"]
    # Twice ln 2 for a point that is alone in its ellipse; 12 times ln 2 for twelve on a line.
    assert "without limit, by 1.39 at every halving" in said["on a point"]
    assert "without limit, by 8.32 at every halving" in said["on a line"]
    assert "the 12 points it holds lie on a line" in said["on a line"]
    assert "reg_covar" not in "".join(said.values())


def test_what_cannot_help_is_not_offered():
    data = data_of(FAR, None)
    names = {cure.name for cure in cures_of(FAR, data, run_of(FAR, data))}
    assert {"start", "fewer"} <= names
    # What holds no point is widened by nothing.
    assert not names & {"regularise", "prior"}


def test_regularisation_is_of_the_size_of_the_data():
    small = replace(ON_A_POINT, stretch=1e-3)
    data = data_of(small, None)
    run = run_of(replace(small, start_mixture=()), data)
    scaled = replace(
        small, start_mixture=((0.5, 0, 0, 1, 0, 1e-6), (0.5, *data.points[-1].tolist(), 0.01, 0, 1e-8))
    )
    run = run_of(scaled, data)
    (cure,) = [cure for cure in cures_of(scaled, data, run) if cure.name == "regularise"]
    assert cure.experiment.reg_covar <= 0.011 * data.points.var(axis=0).min()


def test_a_run_goes_on_where_regularisation_costs_likelihood():
    experiment = Experiment(reg_covar=0.5)
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    assert run.stop_reason is StopReason.CONVERGED
    assert (np.diff([state.log_likelihood for state in run.states[1:]]) < 0).any()
    asked = replace(experiment, stop_falling=True)
    stopped = run_of(asked, data)
    assert stopped.stop_reason is StopReason.LIKELIHOOD_FELL
    assert "another aim" in sentence_of(asked, data, stopped)
    (cure,) = cures_of(asked, data, stopped)
    assert cure.experiment == experiment


def test_the_step_limit_is_a_choice_and_more_is_one_click():
    experiment = Experiment(tolerance=0.0, step_limit=5)
    data = data_of(experiment, None)
    run = run_of(experiment, data)
    assert (run.stop_reason, run.states[-1].iteration) == (StopReason.STEP_LIMIT, 5)
    (cure,) = cures_of(experiment, data, run)
    assert run_of(cure.experiment, data).states[-1].iteration == 10


def test_hidden_controls_are_not_offered_as_cures(collapsed):
    experiment, data, run = collapsed
    assert cures_of(replace(experiment, hide=("controls",)), data, run) == ()
    assert "start" not in {cure.name for cure in cures_of(replace(experiment, hide=("seed",)), data, run)}


def test_a_gain_of_rounding_is_nothing():
    experiment = Experiment(tolerance=0.0)
    data = data_of(experiment, None)
    assert "gained nothing" in sentence_of(experiment, data, run_of(experiment, data))


ZEROS = "".join(f"{max(0.0, a):.4f},{b:.4f}\n" for a, b in np.random.default_rng(1).normal(size=(200, 2)))
RAIN = read_table("rain.csv", f"rain,wind\n{ZEROS}".encode())
CHOICES = {
    "plain": {},
    "across": {"x": "wind", "y": "rain"},
    "standardised": {"standardise": True},
    "turned and stretched": {"turn": 30.0, "stretch": 5.0},
    "drawn upon": {"added": ((0.5, 0.5), (0.5, 2.0))},
    "diag": {"family": "diag"},
}


@pytest.mark.parametrize("name", CHOICES)
def test_a_collapse_on_a_value_that_comes_again_and_again_says_which(name):
    experiment = replace(Experiment(UPLOADED, file="rain.csv", x="rain", y="wind"), **CHOICES[name])
    data = data_of(experiment, RAIN)
    run = run_of(experiment, data)
    assert run.stop_reason is StopReason.COMPONENT_COLLAPSED
    share = 100 * (RAIN.columns["rain"] == 0).sum() / len(data.points)
    said = sentence_of(experiment, data, run)
    assert f"lie on a line, since {share:.0f} % of rain is exactly 0, and" in said


def said_of_file(text: str) -> str:
    """Why two components on the first two columns of a table came to their end."""
    table = read_table("rows.csv", text.encode())
    x, y = table.names
    experiment = Experiment(UPLOADED, x=x, y=y, n_components=2)
    data = data_of(experiment, table)
    return sentence_of(experiment, data, run_of(experiment, data))


def test_a_collapse_on_one_place_names_both_values():
    rows = "2.5,7\n" * 30 + "".join(
        f"{a:.3f},{b:.3f}\n" for a, b in np.random.default_rng(2).normal(size=(70, 2))
    )
    said = said_of_file(f"a,b\n{rows}")
    assert "lie on one place, since 30 % of a is exactly 2.5 and 30 % of b is exactly 7," in said


def test_a_collapse_on_rows_with_two_equal_values_says_so():
    a, b = np.random.default_rng(3).normal(size=(2, 100)).round(6)
    rows = "".join(f"{x},{x if i % 2 else y}\n" for i, (x, y) in enumerate(zip(a, b, strict=True)))
    said = said_of_file(f"left,right\n{rows}")
    assert "lie on a line, since left and right are equal in 50 % of the rows, and" in said


def test_no_value_is_blamed_that_does_not_come_again():
    for experiment in COLLAPSES.values():
        data = data_of(experiment, None)
        said = sentence_of(experiment, data, run_of(experiment, data))
        assert ("is exactly" in said) == (experiment is ON_A_LINE)
