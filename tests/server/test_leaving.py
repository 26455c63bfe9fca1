"""A session that is over frees its memory, whether or not anybody comes after it."""

import asyncio
import time

from tests.serving import serving
from tests.visitor import Visitor


def test_the_last_one_to_leave_leaves_nothing() -> None:
    """With a million points on the table: held on to, they and the run are 200 MiB."""

    async def visit(url: str, query: str) -> None:
        async with Visitor(url) as person:
            await person.open(query)
            await person.rest()

    with serving("--server.disconnectedSessionTTL", "1") as server:
        asyncio.run(visit(server.url, ""))
        time.sleep(2)
        before = server.memory()
        asyncio.run(visit(server.url, "?n=1000000&tol=1e-2"))
        time.sleep(3)
        # What the first large run leaves in the threads' buffers and in the C library stays: 40 to 90 MiB.
        assert server.memory() - before < 130
