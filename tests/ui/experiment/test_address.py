"""Every choice survives the address, and a link opens what it was taken from."""

import re
from dataclasses import fields, replace
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gmm_core import FAMILIES, STARTS
from gmm_core.datasets import CLASSICS
from gmm_core.datasets.generators import GENERATORS
from tests.strategies import QUICK
from tests.ui.experiment.choices import (
    ALL_KEYS,
    CHANGED,
    DATA,
    KEYS,
    KNOB_NAMES,
    VIEWS,
    choose_data,
    experiments,
    stage_address,
    strategies_of,
)
from ui.experiment import (
    DRAWN,
    HIDEABLE,
    Experiment,
    View,
    transitions,
)
from ui.experiment.address import KNOB_KEYS, VIEW_DEFAULTS, fits_address, from_address, to_address
from ui.experiment.text import MOST_LISTED
from ui.experiment.transitions import NEUTRAL_K
from ui.experiment.view import VIEW_CHOICES


@QUICK
@given(experiments(), st.builds(View, **VIEWS))
def test_every_experiment_and_view_survive_the_address(experiment, view):
    address = to_address(experiment, view)
    assert address == to_address(experiment) | stage_address(view)
    link = urlencode(address).replace("%2C", ",")
    assert from_address(dict(parse_qsl(link, keep_blank_values=True))) == (experiment, view, [])


def test_no_field_is_forgotten():
    names = {item.name for item in fields(Experiment)}
    assert strategies_of(DRAWN, 1).keys() == CHANGED.keys() | {"knobs"} == names
    assert VIEWS.keys() == {item.name for item in fields(View)}
    assert VIEW_DEFAULTS.keys() == {row.key for row in VIEW_CHOICES.values()}


@pytest.mark.parametrize("data", DATA)
def test_defaults_and_what_follows_from_the_data_are_left_out(data):
    chosen = choose_data(Experiment(), data)
    assert to_address(chosen, View()) == ({"data": data} if data != Experiment.data else {})
    assert from_address({"data": data}) == (chosen, View(), [])
    assert from_address({}) == (Experiment(), View(), [])


def test_each_field_has_one_short_key_of_its_own():
    assert all(len(keys) == 1 for keys in KEYS.values())
    assert len(ALL_KEYS) == len(KEYS) + len(VIEWS)
    assert all(re.fullmatch("[a-z_]{1,12}", key) for key in ALL_KEYS | KNOB_NAMES)
    assert KNOB_KEYS.keys() == ALL_KEYS & KNOB_NAMES
    assert not (ALL_KEYS | KNOB_NAMES) & {*KNOB_KEYS.values()}
    # Streamlit reads these itself.
    assert not (ALL_KEYS | KNOB_NAMES) & {"embed", "embed_options"}


def test_unknown_keys_are_ignored():
    strange = {"utm_source": "mail", "K": "5", "knobs": "1", "arms": "x", "__class__": "x", "": ""}
    assert from_address(strange | {"k": "5"}) == (Experiment(n_components=5), View(), [])


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ({"family": "eii"}, {"family": "EII"}),
        ({"family": " Diag"}, {"family": "diag"}),
        ({"data": "Old Faithful"}, {"data": "old_faithful"}),
        ({"data": "IRIS", "x": "Petal Width"}, {"data": "iris", "x": "petal_width"}),
        # A plus sign that was typed into an address arrives as a space.
        ({"start": "K-Means  "}, {"start": "kmeans++"}),
        ({"start": "KMEANS"}, {"start": "kmeans"}),
        ({"families": "FULL, eii"}, {"families": "full,EII"}),
        ({"hide": "Truth,SEED", "colour": "HARD"}, {"hide": "seed,truth", "colour": "hard"}),
        ({"dial": "ON", "level": "2.45"}, {"dial": "on", "level": "2.45"}),
        ({"K": "4", "Data": "moons", " Start_Seed": " 7"}, {"k": "4", "data": "moons", "start_seed": "7"}),
        ({"DATA": "blobs", "Clusters": "6"}, {"data": "blobs", "clusters": "6"}),
    ],
)
def test_an_address_is_read_forgivingly_wherever_there_is_no_doubt(written, meant):
    assert from_address(written) == from_address(meant)
    assert from_address(written).complaints == []


def test_no_two_choices_differ_only_in_how_they_are_written():
    for names in (DATA, FAMILIES, STARTS, HIDEABLE, *(VIEWS.keys(),)):
        bare = [re.sub(r"[^a-z0-9+]", "", name.casefold()) for name in names]
        assert len(set(bare)) == len(bare)


@pytest.mark.parametrize("data", [*GENERATORS, *CLASSICS])
def test_every_data_set_begins_alike_where_the_truth_is_hidden(data):
    opened, _, _ = from_address({"data": data, "hide": "truth"})
    assert (opened.n_components, opened.family) == (NEUTRAL_K, "full")
    assert to_address(opened).keys() - {"data"} == {"hide"}
    assert from_address({"data": data, "hide": "truth", "k": "5"})[0].n_components == 5


def test_a_teachers_link_does_not_open_at_the_number_that_it_hides():
    at_the_truth = Experiment(data="blobs", n_components=4, start_mixture=((0.25, 0, 0, 1, 0, 1),) * 4)
    hidden = transitions.hiding(at_the_truth, ("truth",), 4)
    assert (hidden.n_components, hidden.start_mixture, hidden.hide) == (NEUTRAL_K, (), ("truth",))
    # What a teacher chose otherwise is meant so.
    assert transitions.hiding(at_the_truth, ("truth",), 5) == replace(at_the_truth, hide=("truth",))
    assert transitions.hiding(at_the_truth, ("seed", "controls"), 4).n_components == 4


def test_locked_draws_stay_whatever_is_chosen():
    opened, _, _ = from_address({"hide": "seed", "seed": "5", "start_seed": "9"})
    for changed in (choose_data(opened, "moons"), choose_data(choose_data(opened, "iris"), opened.data)):
        assert (changed.data_seed, changed.start_seed) == (5, 9)
    assert choose_data(Experiment(data_seed=5), "moons").data_seed == Experiment.data_seed


@pytest.mark.parametrize("key", ["reg", "tol", "add", "from"])
def test_a_link_with_more_digits_than_it_writes_opens_what_it_then_writes(key):
    rows = {"add": "0.30000000000000004,1", "from": "_".join(["1,0.30000000000000004,0,1,0,1"] * 3)}
    opened, _, _ = from_address({key: rows.get(key, "0.30000000000000004")})
    assert from_address(to_address(opened)) == (opened, View(), [])


def test_more_hand_made_points_than_a_link_carries_are_left_out_of_it():
    indices = tuple(range(MOST_LISTED))
    most = Experiment(added=tuple((float(i), 0.5) for i in indices), removed=indices, n_components=5)
    assert fits_address(most)
    assert from_address(to_address(most)) == (most, View(), [])
    add, remove = transitions.add_points, transitions.remove_point
    for beyond in (add(most, [(0.0, 0.0)], None), remove(most, 0, None)):
        assert not fits_address(beyond)
        assert to_address(beyond) == {"k": "5"}
