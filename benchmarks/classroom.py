"""A lecture hall before one server: everybody opens the lab, and then changes something every 20 seconds.

What is timed is what people wait for: from the question to the message with the picture, over websockets
and in Streamlit's own messages, by a process of its own on the same machine. By hand, for a real trial:
python -m benchmarks.classroom --people 300 --seconds 120 (and --stay 60, for people who come and go).
"""

import argparse
import asyncio
import random
import statistics
import time
from dataclasses import dataclass, field

from tests.serving import Server, serving
from tests.visitor import Visitor

PAUSE = 20.0
"""Seconds between one person's changes."""

ARRIVAL = 40.0
"""Seconds within which all have come."""

ALONE = 60
"""Changes by one person, for what a rerun costs by itself."""


@dataclass
class Seen:
    """What the people in the hall met with."""

    first: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def change(person: Visitor, chance: random.Random) -> None:
    """Another number of components, or another start."""
    if chance.random() < 0.5:
        await person.slide("Components K", chance.randint(1, 6))
    else:
        await person.press("New start")


async def sit_in(url: str, seen: Seen, chance: random.Random, until: float, stay: float) -> None:
    """One seat: a person comes, changes things, and leaves; then the next one does."""
    while time.monotonic() < until:
        leaves = min(until, time.monotonic() + stay)
        try:
            async with Visitor(url) as person:
                began = time.perf_counter()
                await person.open()
                seen.first.append(time.perf_counter() - began)
                await person.rest()
                while (pause := PAUSE * chance.uniform(0.8, 1.2)) < leaves - time.monotonic():
                    await asyncio.sleep(pause)
                    began = time.perf_counter()
                    await change(person, chance)
                    seen.change.append(time.perf_counter() - began)
                    await person.rest()
                await asyncio.sleep(max(0.0, leaves - time.monotonic()))
        except Exception as error:
            seen.errors.append(f"{type(error).__name__}: {error}")
            return


async def fill(server: Server, people: int, seconds: float, stay: float) -> tuple[Seen, list[float]]:
    """What people met with, and the server's memory every five seconds."""
    seen, memory, until = Seen(), [], time.monotonic() + seconds

    async def seat(i: int) -> None:
        await asyncio.sleep(ARRIVAL * i / people)
        await sit_in(server.url, seen, random.Random(i), until, stay)

    async def weigh() -> None:
        while True:
            memory.append(server.memory())
            await asyncio.sleep(5)

    scales = asyncio.create_task(weigh())
    await asyncio.gather(*map(seat, range(people)))
    scales.cancel()
    return seen, memory


async def alone(server: Server) -> float:
    """Milliseconds of processor that one person's change costs while nobody else is there."""
    chance = random.Random(0)
    async with Visitor(server.url) as person:
        await person.open()
        await person.rest()
        before = 0.0
        for i in range(-10, ALONE):
            if i == 0:
                before = server.processor_seconds()
            await change(person, chance)
            await person.rest()
        return 1000 * (server.processor_seconds() - before) / ALONE


def quantiles(times: list[float]) -> str:
    """Median and 95th percentile."""
    if len(times) < 2:
        return f"{len(times)} times"
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return f"{cuts[9]:.2f} / {cuts[18]:.2f} s (worst {max(times):.2f}, {len(times)} times)"


def trial(people: int, seconds: float, stay: float) -> None:
    """One hall; prints what came of it."""
    with serving() as server:
        cost = asyncio.run(alone(server))
        print(f"a change by one person alone: {cost:.1f} ms of processor", flush=True)
        before = server.processor_seconds()
        began = time.monotonic()
        seen, memory = asyncio.run(fill(server, people, seconds, stay))
        used = server.processor_seconds() - before
        print(f"{people} people, {seconds:.0f} s, p50 / p95:")
        print(f"  first picture  {quantiles(seen.first)}")
        print(f"  change         {quantiles(seen.change)}")
        print(f"  processor      {used:.0f} s of {time.monotonic() - began:.0f} s")
        third = max(1, len(memory) // 3)
        print(
            f"  memory         {memory[0]:.0f} MiB at the start, at most {max(memory):.0f}, "
            f"{statistics.mean(memory[-third:]):.0f} in the last third"
        )
        print(f"  errors         {len(seen.errors)} {sorted(set(seen.errors))[:3] or ''}", flush=True)


def main() -> None:
    """The short trial of `make bench`."""
    trial(100, 80, float("inf"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.classroom", description=__doc__)
    parser.add_argument("--people", type=int, default=300)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--stay", type=float, default=float("inf"), help="seconds until a person leaves")
    asked = parser.parse_args()
    trial(asked.people, asked.seconds, asked.stay)
