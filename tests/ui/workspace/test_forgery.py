"""A browser that sends what no browser of ours sends gets a sentence, and its page goes on."""

import asyncio
import json
import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.serving import Server, serving
from tests.visitor import Visitor


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def forged(id: str, **value: Any) -> WidgetState:
    state = WidgetState(id=id)
    for kind, content in value.items():
        if isinstance(content, list):
            getattr(state, kind).data.extend(content)
        else:
            setattr(state, kind, content)
    return state


FORGED = {
    "an unknown data set": ("Data set", {"string_value": "unknown"}),
    "no data set": ("Data set", {"string_value": ""}),
    "a long name": ("Data set", {"string_value": "9" * 6000}),
    "an unknown start": ("Start from", {"string_value": "zzz"}),
}


async def sent(server: Server, state: Callable[[Visitor], WidgetState]) -> list[str]:
    """What a page says on getting that state, and that it goes on afterwards."""
    async with Visitor(server.url) as person:
        await person.open()
        await person.rest()
        await person.ask(state(person))
        await person.rest()
        said = list(person.said)
        await person.slide("Components K", 4)
        await person.rest()
    return said


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_choice_is_said_and_not_made(server: Server, what: str) -> None:
    label, value = FORGED[what]
    assert asyncio.run(sent(server, lambda person: forged(person.ids[label], **value)))


def of_a_stage(*events: Any) -> str:
    """How a stage reports what a hand did."""
    return json.dumps([{"event": "events", "value": list(events)}])


MANY = {"number": 9, "type": "add_points", "points": [[0, 1]] * 10**6, "mixture": None}


def test_a_file_that_is_not_there_is_said_to_be_gone(server: Server) -> None:
    def uploaded(person: Visitor) -> WidgetState:
        uploader = next(id for label, id in person.ids.items() if label.startswith("A table with"))
        state = WidgetState(id=uploader)
        file = state.file_uploader_state_value.uploaded_file_info.add()
        file.file_id, file.name, file.size = "made-up", "a.csv", 12
        return state

    assert any("not here any more" in sentence for sentence in asyncio.run(sent(server, uploaded)))


UNHEARD = {
    "no number of components": ("Components K", {"double_array_value": [math.nan]}),
    "no components": ("Components K", {"double_array_value": [-1.0]}),
    "far too many components": ("Components K", {"double_array_value": [1e9]}),
    "an unknown family": ("Covariance family", {"string_array_value": ["zzz"]}),
}


@pytest.mark.parametrize("what", UNHEARD)
def test_what_streamlit_takes_for_nothing_does_no_harm(server: Server, what: str) -> None:
    label, value = UNHEARD[what]
    asyncio.run(sent(server, lambda person: forged(person.ids[label], **value)))


BROKEN = {
    "a number of 5,000 digits": '[{"event": "events", "value": [{"number": 1' + "0" * 5000 + "}]}]",
    "nested 100,000 deep": "[" * 100_000,
    "cut short": '[{"event": "events", "value": [',
    "no events": "5",
    "events of no kind": of_a_stage(5, None, [], {"number": "x"}, {"number": 3}),
    "a family that is none": of_a_stage({"number": 4, "type": "choose_family", "family": ["x"]}),
    "no number of components": of_a_stage({"number": 4, "type": "choose_components", "components": "x"}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_broken_events_do_no_harm(server: Server, what: str) -> None:
    async def run() -> None:
        async with Visitor(server.url) as person:
            await person.open()
            await person.rest()
            await person.report(BROKEN[what])
            await person.slide("Components K", 4)
            await person.rest()

    asyncio.run(run())


def test_more_points_than_a_hand_puts_in_are_refused(server: Server) -> None:
    async def run() -> None:
        async with Visitor(server.url) as person:
            await person.open()
            await person.rest()
            await person.report(of_a_stage(MANY))
            assert any("points at once" in sentence for sentence in person.said)

    asyncio.run(run())
