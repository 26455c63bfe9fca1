"""A cookie for each browser that opens a page, and a bound for those that one address may have.

The bound lets a lecture hall behind one address come at once, and holds for each process by itself. It does
nothing against a script that takes no more cookies than a hall would, gathers them for long, or comes from
many addresses.
"""

from collections.abc import Callable
from time import monotonic

import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ui.rooms.network import network_of
from ui.rooms.voter import COOKIE, new_cookie, voter_in

AT_ONCE, PER_SECOND = 500.0, 5.0
"""New cookies for one address: so many at once, and then so many a second."""

MOST_NETWORKS = 10_000
"""Whose new cookies are counted; the one that came longest ago is forgotten first."""


class NewCookies:
    """How many each network may still have."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def take(self, network: str) -> bool:
        """Whether there is one more for it. One that is refused delays none that come later."""
        now = self._clock()
        left, since = self._left.pop(network, (AT_ONCE, now))
        left = min(AT_ONCE, left + (now - since) * PER_SECOND)
        has_one = left >= 1.0
        self._left[network] = (left - 1.0 if has_one else left, now)
        if len(self._left) > MOST_NETWORKS:
            del self._left[next(iter(self._left))]
        return has_one


class VoterCookie:
    """Streamlit's app, which by itself knows a page but not the browser: opened again it would be another
    person, who votes once more. The cookie says nothing of who it is, and goes with the browser's session."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._new = NewCookies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = str(st.get_option("server.cookieSecret"))
        if not _opens_a_page(scope) or not self._is_due(HTTPConnection(scope), key):
            await self._app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                cookie = f"{COOKIE}={new_cookie(key)}; Path=/; HttpOnly; SameSite=Lax"
                MutableHeaders(scope=message).append("Set-Cookie", cookie)
            await send(message)

        await self._app(scope, receive, send_with_cookie)

    def _is_due(self, asked: HTTPConnection, key: str) -> bool:
        """Whether this browser has none yet, and its network may have another."""
        if voter_in(asked.cookies.get(COOKIE, ""), key) is not None:
            return False
        # Uvicorn has put the sender that a proxy on this machine names in the proxy's place.
        return self._new.take(network_of(asked.client.host if asked.client else None))


def _opens_a_page(scope: Scope) -> bool:
    """Whether a browser asks for a page to show, and not for what belongs to one."""
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    return "text/html" in HTTPConnection(scope).headers.get("accept", "")
