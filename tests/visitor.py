"""A person who uses GMM Lab without a browser: one websocket, and Streamlit's own messages."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE = 120.0

# How Streamlit marks the widgets it makes for itself.
INTERNAL = "$$STREAMLIT_INTERNAL_KEY_"


class ScriptError(Exception):
    """The page shows an exception."""


class Visitor:
    """An open page. Widgets are named by their labels, as people name them."""

    def __init__(self, url: str, *, cookie: str = "", session_id: str = "", page: str = "") -> None:
        self._url = url.replace("http", "ws", 1).rstrip("/") + "/_stcore/stream"
        self._headers = {"Cookie": cookie} if cookie else {}
        # Streamlit passes these two in the names of subprotocols.
        self._protocols = ["streamlit", "no-token", session_id] if session_id else ["streamlit"]
        self._socket: ClientConnection | None = None
        self._page = page
        self._states: dict[str, WidgetState] = {}
        self.ids: dict[str, str] = {}
        """Of the widgets on the page, by label."""
        self.pages: list[str] = []
        """The titles in the navigation."""
        self.stage_id = ""
        """The lab's stage."""
        self.lesson_id = ""
        """The lesson on its page."""
        self.live_id = ""
        """The part of the page that a browser asks for again and again."""
        self.said: list[str] = []
        """Warnings and the like that the last run showed."""
        self.session_id = ""
        self.query = ""
        self.seen_bytes = 0

    async def __aenter__(self) -> Self:
        self._socket = await connect(
            self._url,
            subprotocols=self._protocols,  # type: ignore[arg-type]
            additional_headers=self._headers,
            max_size=None,
            ping_interval=None,
            compression=None,
            open_timeout=PATIENCE,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.socket.close()

    @property
    def socket(self) -> ClientConnection:
        """The open line."""
        assert self._socket is not None, "the page has not been opened"
        return self._socket

    async def open(self, query: str = "") -> None:
        """Asks for the page at that address, and waits until the stage has its picture."""
        self.query = query.lstrip("?")
        await self.ask()
        await self.picture()

    async def slide(self, label: str, value: float) -> None:
        """Moves a slider, and waits for the picture."""
        state = WidgetState(id=self.ids[label])
        state.double_array_value.data.append(value)
        self._states[label] = state
        await self.ask()
        await self.picture()

    async def press(self, label: str) -> None:
        """Presses a button, and waits for the picture."""
        await self.ask(WidgetState(id=self.ids[label], trigger_value=True))
        await self.picture()

    async def sees(self, label: str) -> None:
        """Waits for a widget to appear, or a component of that name."""
        await self._until(lambda _: label in self.ids)

    async def report(self, events: str) -> None:
        """Says what a hand did on the lab's stage, as JSON that need not be any, and waits for the page."""
        stage = WidgetState(id=self.stage_id, json_value="{}")
        await self.ask(stage, WidgetState(id=f"{INTERNAL}{self.stage_id}__events", json_trigger_value=events))
        await self.rest()

    async def look(self) -> None:
        """Asks for the live part of the page once more, and waits for it."""
        message = BackMsg.FromString(self.rerun())
        message.rerun_script.fragment_id = self.live_id
        await self.socket.send(message.SerializeToString())
        await self.rest()

    async def tell_lesson(self, events: list[Any]) -> None:
        """Says what a hand did in the lesson, and waits for the page."""
        report = json.dumps([{"event": "events", "value": events}])
        trigger = WidgetState(id=f"{INTERNAL}{self.lesson_id}__events", json_trigger_value=report)
        await self.ask(WidgetState(id=self.lesson_id, json_value="{}"), trigger)
        await self.rest()

    def rerun(self, *once: WidgetState) -> bytes:
        """The message that asks for the page as the widgets stand now."""
        message = BackMsg()
        message.rerun_script.query_string = self.query
        message.rerun_script.page_name = self._page
        message.rerun_script.widget_states.widgets.extend([*self._states.values(), *once])
        return message.SerializeToString()

    async def ask(self, *once: WidgetState) -> None:
        """Sends it, and waits for nothing."""
        await self.socket.send(self.rerun(*once))

    async def picture(self) -> None:
        """Waits until the stage of a run that was asked for has arrived."""
        await self._until(self._is_stage)

    async def rest(self) -> None:
        """Waits for the remainder of the page."""
        await self._until(lambda message: message.WhichOneof("type") == "script_finished")

    def _is_stage(self, message: ForwardMsg) -> bool:
        kind = self._kind(message)
        # Every page has a glossary before it.
        return (
            kind == "bidi_component"
            and not message.delta.new_element.bidi_component.component_name.endswith("em_glossary")
        )

    @staticmethod
    def _kind(message: ForwardMsg) -> str | None:
        is_element = (
            message.WhichOneof("type") == "delta" and message.delta.WhichOneof("type") == "new_element"
        )
        return message.delta.new_element.WhichOneof("type") if is_element else None

    async def _until(self, arrived: Any) -> None:
        async with asyncio.timeout(PATIENCE):
            while True:
                content = await self.socket.recv()
                assert isinstance(content, bytes)
                self.seen_bytes += len(content)
                message = ForwardMsg.FromString(content)
                self._note(message)
                if arrived(message):
                    return

    def _note(self, message: ForwardMsg) -> None:
        kind = self._kind(message)
        if kind == "exception":
            raise ScriptError(message.delta.new_element.exception.message)
        if kind is not None:
            element = getattr(message.delta.new_element, kind)
            if kind == "bidi_component":
                # It has no label.
                name = element.component_name.rpartition(".")[2]
                self.ids[name] = element.id
                if name == "em_lab":
                    self.stage_id = element.id
                elif name == "em_lesson":
                    self.lesson_id = element.id
            if kind == "alert":
                self.said.append(element.body)
            if getattr(element, "label", "") and getattr(element, "id", ""):
                self.ids[element.label] = element.id
        match message.WhichOneof("type"):
            case "new_session":
                self.said.clear()
                self.session_id = message.new_session.initialize.session_id
            case "auto_rerun":
                self.live_id = message.auto_rerun.fragment_id
            case "navigation":
                self.pages = [page.page_name for page in message.navigation.app_pages]
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
