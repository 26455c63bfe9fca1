"""Each transition changes what it is named for and nothing else."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.strategies import QUICK, make_mixture
from tests.ui.experiment.choices import (
    DATA,
    KNOBS,
    LARGEST_SEED,
    choose_data,
    given_mixture,
    settings_of,
)
from ui.experiment import (
    DRAWN,
    Experiment,
    View,
    parameters,
    transitions,
)
from ui.experiment.address import from_address, to_address

BUSY = Experiment("spiral", 300, 4, (("arms", 3), ("noise", 0.1)), "", "", ((1.0, 2.0),), (3, 1), 2, "diag")
BUSY = replace(BUSY, start="random_points", start_seed=6, start_mixture=given_mixture(2), start_among=(1, 1))
BUSY = replace(BUSY, prior=True, step_limit=70, stop_falling=True)
BUSY = replace(BUSY, reg_covar=0.5, tolerance=1e-3)


def differences(before: Experiment, after: Experiment) -> set[str]:
    return {i.name for i in fields(Experiment) if getattr(before, i.name) != getattr(after, i.name)}


_KEPT = ("start", "reg_covar", "prior", "tolerance", "step_limit", "stop_falling")


@pytest.mark.parametrize("data", DATA)
def test_choose_data_brings_what_suits_and_keeps_how_it_is_fitted_and_drawn(data):
    suited = GENERATORS.get(data) or CLASSICS.get(data) or BUSY
    expected = {"data": data, "n_components": suited.n_components, "family": suited.family}
    expected["n_points"] = suited.n_points if data in GENERATORS else Experiment.n_points
    expected["y"] = "none" if data in CLASSICS and not CLASSICS[data].y else ""
    expected["yes"] = GENERATORS[data].yes if data in GENERATORS else ""
    expected |= {name: getattr(BUSY, name) for name in _KEPT}
    assert choose_data(BUSY, data) == Experiment(**expected)
    assert Experiment(data).is_generated == (data in GENERATORS)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("new_data", {"data_seed", "added", "removed", "start_mixture", "start_among"}),
        ("new_start", {"start_seed", "start_mixture", "start_among"}),
        ("reset", {"start_mixture"}),
        ("clear_points", {"data", "knobs", "added", "removed", "start_mixture", "start_among"}),
    ],
)
def test_a_transition_changes_what_it_says_and_nothing_else(name, expected):
    changed = getattr(transitions, name)(BUSY)
    assert differences(BUSY, changed) == expected
    assert changed.start_mixture == ()
    assert "added" not in expected or (changed.added, changed.removed) == ((), ())
    assert name != "clear_points" or changed.data == DRAWN


@pytest.mark.parametrize("name", ["new_data", "new_start"])
def test_the_largest_seed_is_followed_by_one_that_a_link_carries(name):
    changed = getattr(transitions, name)(Experiment(data_seed=LARGEST_SEED, start_seed=LARGEST_SEED))
    assert from_address(to_address(changed)) == (changed, View(), [])


@pytest.mark.parametrize(("data", "name"), KNOBS)
def test_set_knob_turns_one_knob_and_back(data, name):
    knob = KNOBS[data, name]
    before = replace(choose_data(BUSY, data), added=((1.0, 2.0),), removed=(3,))
    other = next(setting for setting in settings_of(knob) if setting != knob.default)
    turned = transitions.set_knob(before, name, other)
    assert turned.knobs == ((name, other),)
    untouched = replace(before, added=(), removed=())
    assert differences(untouched, turned) == {"knobs"} | ({"n_components"} if name == "clusters" else set())
    assert transitions.set_knob(turned, name, knob.default) == untouched


def test_knobs_may_be_turned_in_any_order():
    turn, start = transitions.set_knob, choose_data(Experiment(), "spiral")
    turned = turn(turn(turn(start, "arms", 4), "noise", 0.1), "arms", 3)
    assert turned == turn(turn(start, "noise", 0.1), "arms", 3)


def test_what_a_hand_does_goes_on_from_the_mixture_it_saw():
    mixture = make_mixture(np.random.default_rng(5), 2, 2)
    add, remove = transitions.add_points, transitions.remove_point
    moved = transitions.move_mean(BUSY, mixture)
    assert moved == replace(BUSY, start_mixture=parameters(mixture))
    np.testing.assert_allclose(moved.mixture().covariances, mixture.covariances, rtol=1e-11)
    assert add(BUSY, [(1 / 3, 2.0)], mixture) == replace(moved, added=(*BUSY.added, (1 / 3, 2.0)))
    assert remove(BUSY, 0, mixture) == replace(moved, removed=(*BUSY.removed, 0))
    for changed in (add(BUSY, [(1.0, 1.0)], None), remove(BUSY, 0, None)):
        assert changed.start_mixture == BUSY.start_mixture
    assert Experiment().mixture() is None


@QUICK
@given(st.lists(st.none() | st.integers(0, 99), max_size=30))
def test_an_index_counts_the_points_that_are_left(actions):
    experiment, left, n_ever = Experiment(), list(range(10)), 10
    for action in actions:
        if action is None:
            experiment = transitions.add_points(experiment, [(0.0, 0.0)], None)
            left.append(n_ever)
            n_ever += 1
        elif left:
            experiment = transitions.remove_point(experiment, action % len(left), None)
            left.pop(action % len(left))
    assert [i for i in range(n_ever) if i not in experiment.removed] == left
    assert len(set(experiment.removed)) == len(experiment.removed)
