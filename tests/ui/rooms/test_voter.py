"""A browser is one voter as long as its cookie is the server's own."""

import asyncio
from typing import Any

import streamlit as st
from hypothesis import given, settings, strategies

from server.voter import VoterCookie
from ui.rooms.voter import COOKIE, new_cookie, voter_in


def test_each_browser_is_somebody_else_and_stays_so() -> None:
    cookies = [new_cookie("key") for _ in range(50)]
    voters = {voter_in(cookie, "key") for cookie in cookies}
    assert None not in voters
    assert len(voters) == 50


@settings(deadline=None)
@given(strategies.text(strategies.characters()), strategies.integers(0, 80), strategies.characters())
def test_a_cookie_of_ones_own_making_is_nobody(text: str, place: int, letter: str) -> None:
    assert voter_in(text, "key") is None
    given_one = new_cookie("key")
    assert voter_in(given_one, "another server's key") is None
    changed = given_one[:place] + letter + given_one[place + 1 :]
    assert voter_in(changed, "key") is None or changed == given_one


def asked(query: str, cookie: str = "") -> list[str]:
    """The cookies that somebody who opens the page at that query is given."""
    answers: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        answers.append(message)

    headers = [(b"cookie", f"{COOKIE}={cookie}".encode())] if cookie else []
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/lessons",
        "query_string": query.encode(),
        "headers": headers,
    }
    asyncio.run(VoterCookie(app)(scope, None, send))  # type: ignore[arg-type]
    return [value.decode() for name, value in answers[0]["headers"] if name == b"set-cookie"]


def test_only_who_opens_a_rooms_link_gets_a_cookie_and_only_once() -> None:
    assert asked("lesson=names") == []
    (cookie,) = asked("lesson=names&room=abcdefghjk")
    assert "HttpOnly" in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    assert voter_in(value, str(st.get_option("server.cookieSecret"))) is not None
    assert asked("lesson=names&room=abcdefghjk", value) == []
    assert len(asked("lesson=names&room=abcdefghjk", value + "x")) == 1
