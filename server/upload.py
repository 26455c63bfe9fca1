"""What one person's uploads may take of the memory, and that they never touch a disk."""

from collections import defaultdict

import streamlit as st
from starlette.formparsers import MultiPartParser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

PATH = "/_stcore/upload_file/"
FRAMING = 2**20
"""Bytes that a browser's form may add to its file."""

MOST_FILES = 10


def most_bytes() -> int:
    """The largest file that is taken, and the most that the uploads of one session hold together."""
    return int(st.get_option("server.maxUploadSize")) * 2**20


def keep_in_memory() -> None:
    """Has the web framework hold an upload in memory; it would put one of more than 1 MB into a file."""
    MultiPartParser.spool_max_size = most_bytes() + FRAMING


class BoundedUploads:
    """Streamlit's app, with a bound for what the uploads of one session hold together.

    Streamlit bounds each file alone, takes any name for it, and keeps it until the session is over. The app
    takes one file at a time, so a new one that finds no room takes the place of those before it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way: defaultdict[str, int] = defaultdict(int)
        """Bytes that are being sent now, by session."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "PUT" or PATH not in scope["path"]:
            await self._app(scope, receive, send)
            return
        session_id = scope["path"].partition(PATH)[2].partition("/")[0]
        length = dict(scope["headers"]).get(b"content-length", b"")
        if not length.isdigit():
            await PlainTextResponse("Say how long the file is.", 411)(scope, receive, send)
        elif self._under_way[session_id] + int(length) > most_bytes() + FRAMING:
            await PlainTextResponse("One file at a time.", 413)(scope, receive, send)
        else:
            await self._take(session_id, int(length), scope, receive, send)
        if not self._under_way[session_id]:
            del self._under_way[session_id]

    async def _take(self, session_id: str, size: int, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way[session_id] += size
        try:
            _make_room(session_id, self._under_way[session_id])
            await self._app(scope, receive, send)
        finally:
            self._under_way[session_id] -= size


def _make_room(session_id: str, size: int) -> None:
    """Lets the session's oldest files go until there is room for so many bytes."""
    uploads = runtime.get_instance().uploaded_file_mgr
    assert isinstance(uploads, MemoryUploadedFileManager)
    files = dict(uploads.file_storage.get(session_id, {}))
    held = sum(len(file.data) for file in files.values())
    for i, (file_id, file) in enumerate(files.items()):
        if held + size > most_bytes() + FRAMING or len(files) - i >= MOST_FILES:
            uploads.remove_file(session_id, file_id)
            held -= len(file.data)
