"""The controls that the stage carries itself do what the sidebar's do, and no more than a link allows."""

from dataclasses import replace

import pytest

from gmm_core import FAMILIES, STARTS
from ui.experiment import Experiment
from ui.experiment.address import from_address, to_address
from ui.experiment.transitions import choose_components, choose_family, new_start
from ui.workspace.presenting import chosen, offered

PLAIN = Experiment()


def test_events_are_the_named_transitions() -> None:
    assert chosen(PLAIN, {"type": "choose_components", "value": 5}) == choose_components(PLAIN, 5)
    assert chosen(PLAIN, {"type": "choose_family", "value": "tied"}) == choose_family(PLAIN, "tied")
    assert chosen(PLAIN, {"type": "new_start"}) == new_start(PLAIN)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "choose_components", "value": 0},
        {"type": "choose_components", "value": 10**6},
        {"type": "choose_components", "value": "5"},
        {"type": "choose_components"},
        {"type": "choose_family", "value": "oval"},
        {"type": "choose_family", "value": None},
    ],
)
def test_what_was_not_offered_changes_nothing(event: dict[str, object]) -> None:
    assert chosen(PLAIN, event) == PLAIN


def test_a_teachers_link_is_obeyed() -> None:
    hidden = replace(PLAIN, hide=("controls",))
    assert offered(hidden) is None
    locked = replace(PLAIN, hide=("seed",))
    controls = offered(locked)
    assert controls is not None
    assert not controls["new_start"]
    assert chosen(locked, {"type": "new_start"}) == locked
    for event in ({"type": "choose_components", "value": 5}, {"type": "new_start"}):
        assert chosen(hidden, event) == hidden


@pytest.mark.parametrize("family", FAMILIES)
def test_the_family_on_the_table_is_among_those_offered(family: str) -> None:
    controls = offered(replace(PLAIN, family=family))
    assert controls is not None
    assert family in dict(controls["families"])


@pytest.mark.parametrize("start", [name for name in STARTS if STARTS[name].needs is None])
def test_new_start_is_offered_where_it_draws(start: str) -> None:
    controls = offered(replace(PLAIN, start=start))
    assert controls is not None
    assert controls["new_start"] == STARTS[start].is_drawn


def test_presenting_is_in_the_address_as_a_view() -> None:
    experiment, view, complaints = from_address({"present": "on"})
    assert complaints == []
    assert view.present
    assert to_address(experiment) == {}
    assert to_address(experiment, view) == {"present": "on"}
