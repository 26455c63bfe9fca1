"""The table of choices: every field is a row, and what follows from a row holds for each of them."""

from dataclasses import fields, replace
from typing import Any

import pytest

from tests.ui.experiment.choices import CHANGED
from ui.data import data_of
from ui.experiment import CHOICES, HIDEABLE, Experiment, Scope, View, choices_in, digest_of, key_of, only
from ui.experiment.choice import Choice
from ui.experiment.transitions import choose_data, set_choices
from ui.experiment.view import VIEW_CHOICES
from ui.workspace import COMPARISON, LAB, Workspace, result_of
from ui.workspace.changes import change
from ui.workspace.fit_result import SHOWN
from ui.workspace.scene import scene_of

ROWS = {**CHOICES, **VIEW_CHOICES}
BUSY = Experiment(
    added=((1.0, 2.0),), removed=(3,), start_among=(1, 0), start_mixture=((1.0, 0.0, 0.0, 1.0, 0.0, 1.0),)
)
OTHER = {name: getattr(changed, name) for name, changed in CHANGED.items()} | {"knobs": (("noise", 0.3),)}


def test_every_field_is_a_row() -> None:
    assert [*CHOICES, *VIEW_CHOICES] == [item.name for kind in (Experiment, View) for item in fields(kind)]
    keys = [row.key for row in ROWS.values() if row.key]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_a_row_is_sound(row: Choice) -> None:
    assert set(row.resets) <= CHOICES.keys() - {row.name}
    assert row.hidden_by in ("", *HIDEABLE)
    assert (row.text is None) == (row.key == "")
    assert row.scope is not Scope.VIEW or row.name in VIEW_CHOICES
    # Nothing at all is written by leaving the key out.
    if row.text and row.name not in OTHER and row.default != ():
        assert row.text.read(row.text.write(row.default)) == row.default


@pytest.mark.parametrize("name", CHOICES)
def test_a_choice_resets_what_its_row_says_and_nothing_else(name: str) -> None:
    changed = set_choices(BUSY, **{name: OTHER[name]})
    differing = {row for row in CHOICES if getattr(changed, row) != getattr(BUSY, row)}
    held = {reset for reset in CHOICES[name].resets if getattr(BUSY, reset) != CHOICES[reset].default}
    assert differing == {name} | held
    assert all(getattr(changed, reset) == CHOICES[reset].default for reset in CHOICES[name].resets)


@pytest.mark.parametrize("name", CHOICES)
def test_other_data_keep_what_its_row_says(name: str) -> None:
    after = choose_data(replace(Experiment(), **{name: OTHER[name]}), "moons")
    plain = choose_data(Experiment(), "moons")
    if CHOICES[name].stays:
        assert getattr(after, name) == OTHER[name]
    elif name not in ("n_components", "family"):
        assert getattr(after, name) == getattr(plain, name)


@pytest.mark.parametrize("scope", [scope for scope in Scope if scope is not Scope.VIEW])
@pytest.mark.parametrize("name", CHOICES)
def test_a_key_differs_where_a_choice_in_its_scope_does(name: str, scope: Scope) -> None:
    plain, changed = Experiment(), replace(Experiment(), **{name: OTHER[name]})
    matters = CHOICES[name].scope is scope
    assert (key_of(plain, scope) != key_of(changed, scope)) == matters
    assert (only(plain, scope) != only(changed, scope)) == matters
    names = choices_in(scope)
    assert (digest_of(plain, names) != digest_of(changed, names)) == matters


def test_values_count_and_not_how_they_are_written() -> None:
    whole, decimal = Experiment(turn=30, reg_covar=0), Experiment(turn=30.0, reg_covar=0.0)
    assert key_of(whole, *Scope) == key_of(decimal, *Scope)
    assert digest_of(whole, CHOICES) == digest_of(decimal, CHOICES)


@pytest.mark.parametrize("name", [name for name, row in CHOICES.items() if row.scope is not Scope.DATA])
def test_what_is_not_a_choice_of_data_leaves_the_points_alone(name: str) -> None:
    changed = data_of(replace(Experiment(), **{name: OTHER[name]}), None)
    assert (changed.points == data_of(Experiment(), None).points).all()


def identity(experiment: Experiment, kind: str) -> str:
    current = Workspace(experiment)
    return scene_of(current, kind, result_of(current, kind)).identity


SMALL = Experiment(n_points=60, step_limit=4)


@pytest.mark.parametrize("kind", [LAB, COMPARISON])
def test_a_family_below_the_comparison_does_not_rewind_the_stage(kind: str) -> None:
    assert identity(SMALL, kind) == identity(replace(SMALL, families=("EEV",)), kind)
    assert identity(SMALL, kind) != identity(replace(SMALL, family="tied"), kind)


@pytest.mark.parametrize("added", [(), ((0.5, 0.5),)])
@pytest.mark.parametrize("name", ["families", "dial", "reg_covar", "start_seed", "data_seed"])
@pytest.mark.parametrize("kind", [LAB, COMPARISON])
def test_an_outcome_is_computed_again_only_where_it_depends_on_a_choice(
    kind: str, name: str, added: tuple[Any, ...]
) -> None:
    current = Workspace(replace(SMALL, added=added))
    before = result_of(current, kind)
    assert result_of(current, kind) is before
    change(current, lambda old: replace(old, **{name: OTHER[name]}))
    assert (result_of(current, kind) is before) == (CHOICES[name].scope not in SHOWN[kind])


def test_no_stage_overwrites_what_another_shows() -> None:
    current = Workspace(SMALL)
    lab, comparison = result_of(current, LAB), result_of(current, COMPARISON)
    assert result_of(current, LAB) is lab
    assert result_of(current, COMPARISON) is comparison
    current.stage(LAB).seen = View(half_step=3)
    assert current.view(COMPARISON) == current.opening
