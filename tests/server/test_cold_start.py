"""Whoever comes first after a start finds the whole app, by whatever address."""

import asyncio

import pytest

from tests.serving import serving
from tests.visitor import Visitor

SEEN_ON = {
    "": "Components K",
    "lab": "Components K",
    "lessons": "em_lesson",
    "choose": "Families to try",
    "compare": "Limit dial",
    "data": "A table with columns of numbers, or a session or model of this app",
}
"""By the name of each page in an address, the label of a widget, or the name of a component, that belongs to
it alone, or to it first."""


@pytest.mark.parametrize("name", SEEN_ON)
def test_the_first_visit_comes_through_the_app(name: str) -> None:
    async def visit(url: str) -> list[str]:
        async with Visitor(url, page=name) as person:
            await person.ask()
            await person.sees(SEEN_ON[name])
            return person.pages

    with serving() as server:
        pages = asyncio.run(visit(server.url))
    assert pages == ["Lab", "Which model?", "K-Means beside it", "Lessons", "Your data"]
