"""What one websocket may ask for, so that one client does not stop the rest.

Streamlit begins a thread for every message on its event loop: a thousand messages at once would leave
everybody without an answer. Here a message beyond the allowance waits, so that a hasty finger loses nothing,
and a client with far too many waiting is shown out. It stands in front of Streamlit's own app, and not in a
proxy, because a proxy passes a websocket on without looking inside, and because it then holds for `make run`
too.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

from google.protobuf.message import DecodeError
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

AT_ONCE = 20
PER_SECOND = 10.0
MOST_WAITING = 100
MOST_WAITING_BYTES = 2**22
MOST_FILES = 20
"""In one question for addresses to send files to; the app takes one at a time."""

TOO_MUCH = 1008
"""The websocket's code for what is against the rules of the house."""


@dataclass
class Allowance:
    """So many at once, and then so many a second."""

    at_once: float = AT_ONCE
    per_second: float = PER_SECOND
    clock: Callable[[], float] = monotonic
    _left: float = field(init=False)
    _since: float = field(init=False)

    def __post_init__(self) -> None:
        self._left, self._since = self.at_once, self.clock()

    def take(self) -> float:
        """Takes one, and says how many seconds to wait before using it."""
        now = self.clock()
        self._left = min(self.at_once, self._left + (now - self._since) * self.per_second) - 1
        self._since = now
        return max(0.0, -self._left / self.per_second)


class BoundedConnections:
    """Streamlit's app, with an allowance for each websocket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        line = _Line(receive, send)
        reader = asyncio.create_task(line.read())
        try:
            await self._app(scope, line.receive, line.send)
        finally:
            reader.cancel()


class _Line:
    """One websocket: what has come in and not been taken yet."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive, self._send = receive, send
        self._waiting: asyncio.Queue[Message] = asyncio.Queue()
        self._allowance = Allowance()
        self._waiting_bytes = 0
        self._over = asyncio.Event()

    async def read(self) -> None:
        """Takes messages in as they come, until the line is over."""
        while not self._over.is_set():
            message = await self._receive()
            asked = _parsed(message)
            if message["type"] == "websocket.disconnect":
                self._end(message)
            elif self._is_full() or (asked is not None and _is_greedy(asked)):
                await self._send({"type": "websocket.close", "code": TOO_MUCH})
                self._end({"type": "websocket.disconnect", "code": TOO_MUCH})
            else:
                if asked is not None and _drop_broken_values(asked):
                    message = {**message, "bytes": asked.SerializeToString()}
                self._waiting_bytes += _size(message)
                self._waiting.put_nowait(message)

    def _is_full(self) -> bool:
        return self._waiting.qsize() >= MOST_WAITING or self._waiting_bytes >= MOST_WAITING_BYTES

    def _end(self, message: Message) -> None:
        """What still waits is dropped: nobody is there to see it."""
        while not self._waiting.empty():
            self._waiting.get_nowait()
        self._waiting.put_nowait(message)
        self._over.set()

    async def receive(self) -> Message:
        """The next message, when its time has come."""
        message = await self._waiting.get()
        self._waiting_bytes -= _size(message)
        if message["type"] == "websocket.receive" and (pause := self._allowance.take()):
            try:
                await asyncio.wait_for(self._over.wait(), pause)
            except TimeoutError:
                return message
            return await self._waiting.get()
        return message

    async def send(self, message: Message) -> None:
        """Passes it on, unless the client has been shown out."""
        if not self._over.is_set():
            await self._send(message)


def _size(message: Message) -> int:
    return len(message.get("bytes") or b"")


def _parsed(message: Message) -> BackMsg | None:
    """Streamlit's message in it. Anything else Streamlit answers itself."""
    try:
        return BackMsg.FromString(message["bytes"]) if message.get("bytes") else None
    except DecodeError:
        return None


def _is_greedy(asked: BackMsg) -> bool:
    """Whether it asks for more files at once than anybody sends."""
    return len(asked.file_urls_request.file_names) > MOST_FILES


def _drop_broken_values(asked: BackMsg) -> bool:
    """Takes values of the stage out that are no JSON, each of which would break every later rerun; says
    whether there were any."""
    values = asked.rerun_script.widget_states.widgets
    broken = [i for i, value in enumerate(values) if not _is_sound(value)]
    for i in reversed(broken):
        del values[i]
    return bool(broken)


def _is_sound(value: WidgetState) -> bool:
    kind = value.WhichOneof("value")
    if kind not in ("json_value", "json_trigger_value"):
        return True
    try:
        json.loads(getattr(value, kind))
    except (ValueError, RecursionError):
        return False
    return True
