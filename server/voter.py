"""A cookie for whoever opens a room's link, and for nobody else."""

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.rooms.voter import COOKIE, new_cookie, voter_in


class VoterCookie:
    """Streamlit's app, which by itself knows a page but not the browser: opened again it would be another
    person, who votes once more. The cookie says nothing of who it is, and goes with the browser's session."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or b"room=" not in scope["query_string"]:
            await self._app(scope, receive, send)
            return
        key = str(st.get_option("server.cookieSecret"))
        if voter_in(HTTPConnection(scope).cookies.get(COOKIE, ""), key) is not None:
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = f"{COOKIE}={new_cookie(key)}; Path=/; HttpOnly; SameSite=Lax"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookie)
