"""One client cannot stop the rest: what a websocket may ask for, in small and before a real server."""

import asyncio
import time
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.types import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed

from server.connection import (
    AT_ONCE,
    MOST_FILES,
    MOST_WAITING,
    PER_SECOND,
    TOO_MUCH,
    Allowance,
    BoundedConnections,
)
from tests.serving import Server, serving
from tests.visitor import Visitor


def test_an_allowance_is_used_up_and_comes_back() -> None:
    now = [0.0]
    allowance = Allowance(at_once=3, per_second=2, clock=lambda: now[0])
    assert [allowance.take() for _ in range(5)] == [0, 0, 0, 0.5, 1.0]
    now[0] = 1.0
    assert allowance.take() == 0.5, "what was owed is paid first"
    now[0] = 100.0
    assert [allowance.take() for _ in range(4)] == [0, 0, 0, 0.5], (
        "no more is saved up than may be used at once"
    )


def taken(
    messages: list[Message], until: Callable[[list[Message]], bool]
) -> tuple[list[Message], list[Message]]:
    """What an app behind the bound receives until `until` says so of it, and what is sent back."""
    received: list[Message] = []
    sent: list[Message] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        while not until(received):
            received.append(await receive())

    async def run() -> None:
        incoming: asyncio.Queue[Message] = asyncio.Queue()
        for message in messages:
            incoming.put_nowait(message)

        async def send(message: Message) -> None:
            sent.append(message)

        async with asyncio.timeout(20):
            await BoundedConnections(app)({"type": "websocket"}, incoming.get, send)

    asyncio.run(run())
    return received, sent


def asked(number: int) -> Message:
    return {"type": "websocket.receive", "bytes": f"x{number}".encode()}


def test_a_hasty_finger_loses_nothing() -> None:
    messages = [asked(i) for i in range(AT_ONCE + 5)]
    began = time.monotonic()
    received, sent = taken(messages, lambda received: len(received) == len(messages))
    assert received == messages
    assert time.monotonic() - began > 0.8 * 5 / PER_SECOND
    assert sent == []


def test_a_flood_is_shown_out() -> None:
    over = {"type": "websocket.disconnect", "code": TOO_MUCH}
    received, sent = taken([asked(i) for i in range(10 * MOST_WAITING)], lambda received: over in received)
    assert sent == [{"type": "websocket.close", "code": TOO_MUCH}]
    assert len(received) <= AT_ONCE + 2


def test_nothing_is_done_any_more_for_a_client_who_has_gone() -> None:
    over = {"type": "websocket.disconnect", "code": 1001}
    messages = [*[asked(i) for i in range(AT_ONCE + 30)], over]
    began = time.monotonic()
    received, _ = taken(messages, lambda received: over in received)
    assert len(received) <= AT_ONCE + 2
    assert time.monotonic() - began < 30 / PER_SECOND


@pytest.mark.parametrize(("names", "is_greedy"), [(1, False), (MOST_FILES, False), (50_000, True)])
def test_nobody_sends_so_many_files_at_once(names: int, is_greedy: bool) -> None:
    message = BackMsg()
    message.file_urls_request.file_names.extend(["a.csv"] * names)
    message.file_urls_request.request_id = "1"
    wanted: Message = {"type": "websocket.receive", "bytes": message.SerializeToString()}
    received, sent = taken([wanted], lambda received: bool(received))
    assert (received == [wanted]) == (not is_greedy)
    assert bool(sent) == is_greedy


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


def seconds_to_health(url: str) -> float:
    began = time.perf_counter()
    with urllib.request.urlopen(f"{url}/_stcore/health", timeout=60) as answer:
        assert answer.status == 200
    return time.perf_counter() - began


@pytest.mark.parametrize("query", ["", "?n=50000&k=8&tol=1e-12"])
def test_a_thousand_messages_that_nobody_reads_the_answers_of(server: Server, query: str) -> None:
    """It was ninety seconds without an answer for everybody."""

    async def changed(person: Visitor) -> float:
        began = time.perf_counter()
        await person.press("New start")
        await person.rest()
        return time.perf_counter() - began

    async def run() -> tuple[list[float], list[float], list[float]]:
        async with Visitor(server.url) as person, Visitor(server.url) as flood:
            await person.open()
            await person.rest()
            usual = [await changed(person) for _ in range(5)]
            await flood.open(query)
            message = flood.rerun()
            try:
                for _ in range(1000):
                    await flood.socket.send(message)
            except ConnectionClosed:
                pass
            health, meanwhile = [], []
            for _ in range(5):
                health.append(await asyncio.to_thread(seconds_to_health, server.url))
                meanwhile.append(await changed(person))
            return usual, health, meanwhile

    usual, health, meanwhile = asyncio.run(run())
    # Half a second on a quiet machine; here others may be at work too.
    assert max(health) < 0.5 + 3 * max(usual)
    assert max(meanwhile) < 0.5 + 5 * max(usual)
