"""A class that opens one lesson's link at once and votes: what each waits for, and whether each vote arrives.

By hand: python -m benchmarks.class_votes --people 100 --seconds 10. What came of the lesson has been computed
when they come, since their teacher has it on the screen. A room's own speed is timed alone as well.
"""

import argparse
import asyncio
import os
import time
import urllib.request
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.classroom import quantiles
from tests.serving import Server, serving
from tests.visitor import Visitor
from ui.lessons import LESSONS
from ui.lessons.lesson import Choice
from ui.rooms import FOLDER
from ui.rooms.room import FIRST, Key
from ui.rooms.rooms import Rooms

LESSON = next(lesson for lesson in LESSONS.values() if isinstance(lesson.prediction, Choice))
assert isinstance(LESSON.prediction, Choice)
OPTIONS = LESSON.prediction.options

LOOKS = 200
"""At the live bars, for what one costs."""


class Student(Visitor):
    """One of the class, who guesses in the lesson that the link opens."""

    async def vote(self, guess: str) -> None:
        """Commits to that, and waits for the page to say what became of it."""
        await self.tell_lesson(
            [{"type": "guess", "lesson": LESSON.name, "guess": guess, "round": FIRST, "number": 1}]
        )


def cookie_of(url: str) -> str:
    """What a browser brings along that has opened the page."""
    request = urllib.request.Request(url, headers={"Accept": "text/html"})
    with urllib.request.urlopen(request) as answer:
        return str(answer.headers["set-cookie"]).partition(";")[0]


async def sit_in(url: str, key: Key, i: int, pause: float, opened: list[float], voted: list[float]) -> None:
    """One seat: opens the link, thinks, votes."""
    await asyncio.sleep(pause)
    began = time.perf_counter()
    cookie = await asyncio.to_thread(cookie_of, url)
    async with Student(url, page="lessons", cookie=cookie) as person:
        await person.open(f"lesson={LESSON.name}&room={key.code}&stop=reveal")
        await person.rest()
        opened.append(time.perf_counter() - began)
        began = time.perf_counter()
        await person.vote(OPTIONS[i % len(OPTIONS)])
        voted.append(time.perf_counter() - began)


async def watch(server: Server, key: Key) -> float:
    """Milliseconds of processor that a teacher's page costs each time it asks for the bars."""
    async with Student(server.url, page="lessons") as teacher:
        await teacher.open(f"lesson={LESSON.name}")
        await teacher.rest()
        await teacher.tell_lesson([{"type": "keys", "keys": [asdict(key)], "number": 1}])
        before = server.processor_seconds()
        for _ in range(LOOKS):
            await teacher.look()
        return 1000 * (server.processor_seconds() - before) / LOOKS


def trial(people: int, seconds: float) -> None:
    """One class; prints what came of it."""
    with TemporaryDirectory() as folder:
        rooms = Rooms(Path(folder) / "rooms.sqlite")
        with serving(environment={FOLDER: folder}) as server:
            opened: list[float] = []
            voted: list[float] = []

            async def teach() -> Key:
                async with Student(server.url, page="lessons") as teacher:
                    await teacher.open(f"lesson={LESSON.name}")
                    await teacher.rest()
                return rooms.open(LESSON.name, "teacher", "")

            async def fill(key: Key) -> None:
                seats = (
                    sit_in(server.url, key, i, seconds * i / people, opened, voted) for i in range(people)
                )
                await asyncio.gather(*seats)

            key = asyncio.run(teach())
            before = server.processor_seconds()
            asyncio.run(fill(key))
            used = server.processor_seconds() - before
            ledger = rooms.look(key)
            looking = asyncio.run(watch(server, key))
        assert ledger is not None
        expected = Counter(OPTIONS[i % len(OPTIONS)] for i in range(people))
        print(f"{people} people within {seconds:.0f} s, load {os.getloadavg()[0]:.1f}, p50 / p95:")
        print(f"  lesson opened  {quantiles(opened)}")
        print(f"  vote answered  {quantiles(voted)}")
        print(f"  processor      {1000 * used / people:.0f} ms a person")
        print(f"  a teacher      {looking:.1f} ms of processor a look at the live bars, one a second")
        print(
            f"  votes          {ledger.votes[FIRST].total()}, right: {ledger.votes[FIRST] == expected}",
            flush=True,
        )
        _time_votes(rooms)


def _time_votes(rooms: Rooms, n: int = 10_000) -> None:
    """A flood of forged votes, one after the other."""
    key = rooms.open(LESSON.name, "another teacher", "")
    times = []
    for i in range(n):
        began = time.perf_counter()
        rooms.vote(key.code, LESSON.name, FIRST, f"nobody {i}", "forged")
        times.append(time.perf_counter() - began)
    print(f"  a forged vote  {1000 * sum(times) / n:.3f} ms on average, {n} of them in {sum(times):.1f} s")
    rooms.close()


def main() -> None:
    """The short trial of `make bench`."""
    trial(100, 10)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.class_votes", description=__doc__)
    parser.add_argument("--people", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=10)
    asked = parser.parse_args()
    trial(asked.people, asked.seconds)
