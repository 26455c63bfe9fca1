"""A browser is one voter as long as its cookie is the server's own."""

import asyncio
from typing import Any

import streamlit as st
from hypothesis import given, settings, strategies

from server.voter import AT_ONCE, MOST_NETWORKS, PER_SECOND, NewCookies, VoterCookie
from ui.rooms.network import network_of
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


KEY = str(st.get_option("server.cookieSecret"))


def asked(page: VoterCookie, cookie: str = "", host: str = "192.0.2.1", **others: Any) -> list[str]:
    """The cookies that somebody is given who opens the page from there."""
    answers: list[Any] = []

    async def send(message: Any) -> None:
        answers.append(message)

    headers = [(b"accept", b"text/html,*/*")] + [(b"cookie", f"{COOKIE}={cookie}".encode())] * bool(cookie)
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/lessons",
        "query_string": b"",
        "headers": headers,
        "client": (host, 1),
        **others,
    }
    asyncio.run(page(scope, None, send))  # type: ignore[arg-type]
    return [value.decode() for name, value in answers[0]["headers"] if name == b"set-cookie"]


def page() -> VoterCookie:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    return VoterCookie(app)


def test_a_browser_gets_its_cookie_with_a_page_and_only_once() -> None:
    (cookie,) = asked(page())
    assert "HttpOnly" in cookie
    value = cookie.partition("=")[2].partition(";")[0]
    assert voter_in(value, KEY) is not None
    assert asked(page(), value) == []
    assert len(asked(page(), value + "x")) == 1
    assert asked(page(), headers=[(b"accept", b"*/*")]) == [], "a part of a page"
    assert asked(page(), method="POST") == []


def test_a_hall_behind_one_address_comes_at_once_and_a_script_does_not_go_on() -> None:
    class Clock:
        now = 0.0

        def __call__(self) -> float:
            return self.now

    clock = Clock()
    new = NewCookies(clock)
    assert [new.take("school") for _ in range(1000)].count(True) == AT_ONCE
    assert new.take("another school")
    clock.now += 2
    assert [new.take("school") for _ in range(1000)].count(True) == 2 * PER_SECOND, "no debt is left"
    for i in range(2 * MOST_NETWORKS):
        new.take(f"{i}")
    assert len(new._left) == MOST_NETWORKS


def test_who_changes_the_end_of_an_ipv6_address_comes_from_the_same_place() -> None:
    here = page()
    given = [asked(here, host=f"2001:db8::{i:x}") for i in range(int(AT_ONCE) + 200)]
    assert AT_ONCE <= sum(map(len, given)) < AT_ONCE + 100
    assert asked(here, host="2001:db8:0:1::1") != []
    assert network_of("::ffff:192.0.2.1") == network_of("192.0.2.1") != network_of("192.0.2.2")
    assert network_of("fe80::1%eth0") == network_of("fe80::2")
    assert network_of(None) == network_of("testclient") == ""
