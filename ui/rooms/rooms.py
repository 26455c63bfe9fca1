"""All rooms of a server: they are opened, collect votes round by round, and are gone after a day."""

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ui.rooms.ballot import as_vote
from ui.rooms.room import (
    FIRST,
    SECOND,
    Answer,
    Key,
    Ledger,
    RoomError,
    Value,
    digest,
    is_code,
    is_secret,
    new_key,
)
from ui.rooms.store import Store

MOST_ROOMS, MOST_OF_ADDRESS, MOST_OF_ONE = 200, 40, 5
"""Of everybody, of all who come from one address within the day that a room lasts, and of one teacher."""

MOST_VOTERS = 500
"""Of one room."""

AT_ONCE, PER_SECOND = 100.0, 30.0
"""People who may come to a room at once, and then so many a second."""

A_DAY = 24 * 3600.0

IDLE = 900.0
"""Seconds without a vote or a teacher's look, after which a room may make way for another."""

NOTED = 60.0
"""Seconds between two notes that a teacher has looked, which would be a write each second."""

NO_ROOM_LEFT = "All rooms of this server are in use; try again in a quarter of an hour."
NO_ROOM_HERE = "Your school or network has too many rooms in use; try again in a quarter of an hour."


class Rooms:
    """Those in one file; without a path, in a temporary one. Every method may be called by any thread of any
    process that shares it."""

    def __init__(self, path: Path | None, clock: Callable[[], float] = time.time) -> None:
        self._store, self._clock = Store(path), clock

    def open(self, lesson: str, owner: str, address: str) -> Key:
        """A new room for that lesson. `owner` is a secret of who opens it; their oldest room makes way for
        one too many. `address` is where they come from: however many they are there, they do not take all.

        Raises RoomError where there is no room left or the file cannot be had.
        """
        now, key = self._clock(), new_key()
        with self._store.transaction() as held:
            _drop(held, "made <= ?", now - A_DAY)
            _drop_oldest(held, MOST_OF_ONE - 1, "owner = ?", digest(owner))
            here = digest(address)
            if not _has_place(held, MOST_OF_ADDRESS, "address = ?", here, now):
                raise RoomError(NO_ROOM_HERE)
            if not _has_place(held, MOST_ROOMS, "?", 1, now):
                raise RoomError(NO_ROOM_LEFT)
            held.execute(
                "insert into rooms (code, secret, owner, address, lesson, allowance, allowed_at, made, used)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (key.code, digest(key.secret), digest(owner), here, lesson, AT_ONCE, now, now, now),
            )
        return key

    def vote(self, code: str, lesson: str, round: int, voter: str, value: Any) -> Answer:
        """Takes one person's prediction in a round: `voter` is a secret of their browser, never a name. Only
        the first one of a round counts; whatever else comes changes nothing but a counter. A second one of
        whom nothing is known in the first round, which is open, is their first: the room was cleared."""
        now, vote = self._clock(), as_vote(lesson, value)
        # Of no use to whoever reads the file: another room has another name for the same person.
        person = digest(f"{code} {voter}")
        try:
            with self._store.transaction() as held:
                found = _room(held, code, now)
                if found is None:
                    return Answer.NO_ROOM
                given = _given(held, code, person)
                if round == SECOND and found["round"] == FIRST and FIRST not in given:
                    round = FIRST
                answer = _judged(held, found, lesson, round, given, vote, now)
                if answer is Answer.COUNTED:
                    held.execute("insert into votes values (?, ?, ?, ?)", (code, person, round, vote))
                    held.execute("update rooms set used = ? where code = ?", (now, code))
                else:
                    held.execute("update rooms set ignored = ignored + 1 where code = ?", (code,))
                return answer
        except RoomError:
            return Answer.BUSY

    def generation(self, code: str) -> int | None:
        """How often the room has begun, which whoever has its code may know; None where there is none.

        Raises RoomError where the file cannot be had.
        """
        with self._store.transaction("deferred") as held:
            found = _room(held, code, self._clock())
        return found["generation"] if found is not None else None

    def look(self, key: Key) -> Ledger | None:
        """What the room holds; None for anybody but its teacher, and for a room that is gone.

        Raises RoomError where the file cannot be had.
        """
        now = self._clock()
        with self._store.transaction("deferred") as held:
            found = _room_of(held, key, now)
            if found is None:
                return None
            counted = held.execute(
                "select round, value, count(*) from votes where code = ? group by round, value", (key.code,)
            ).fetchall()
        if now - found["used"] > NOTED:
            self._change(key, "update rooms set used = ? where code = ?", now)
        votes: dict[int, Counter[Value]] = {FIRST: Counter(), SECOND: Counter()}
        for round, value, count in counted:
            votes[round][value] = count
        return Ledger(
            lesson=found["lesson"],
            generation=found["generation"],
            round=found["round"],
            is_open=bool(found["is_open"]),
            votes=votes,
            ignored=found["ignored"],
        )

    def begin_second(self, key: Key) -> bool:
        """Everybody may guess again. Whether `key` opens a room; so with all that follow."""
        return self._change(key, "update rooms set round = ?, is_open = 1 where code = ?", SECOND)

    def set_open(self, key: Key, is_open: bool) -> bool:
        """Whether the round takes votes from now on."""
        return self._change(key, "update rooms set is_open = ? where code = ?", int(is_open))

    def clear(self, key: Key) -> bool:
        """Forgets what was said; the first round is open again."""
        return self._change(
            key,
            "update rooms set round = ?, is_open = 1, voters = 0, ignored = 0, generation = generation + 1"
            " where code = ?",
            FIRST,
            forgets=True,
        )

    def move(self, key: Key, lesson: str) -> bool:
        """The room is about that lesson from now on, under the same code; what was said is forgotten."""
        statement = (
            "update rooms set lesson = ?, round = 1, is_open = 1, voters = 0, ignored = 0,"
            " generation = generation + 1 where code = ?"
        )
        return self._change(key, statement, lesson, forgets=True)

    def lesson_of(self, code: str) -> str | None:
        """The lesson of the room of that code, which anybody in it may know; None where it is gone.

        Raises RoomError where the file cannot be had.
        """
        with self._store.transaction("deferred") as held:
            found = _room(held, code, self._clock())
            return None if found is None else found["lesson"]

    def end(self, key: Key) -> bool:
        """The room is gone, with all that it held."""
        return self._change(key, "delete from rooms where ? and code = ?", 1, forgets=True)

    def forget_old(self) -> None:
        """Lets go of rooms after their day, where nobody asks for any.

        Raises RoomError where the file cannot be had.
        """
        if not self._store.is_begun:
            return
        with self._store.transaction() as held:
            n_gone = _drop(held, "made <= ?", self._clock() - A_DAY)
        if n_gone:
            self._store.wipe()

    def close(self) -> None:
        """Lets go of the file, which stays where it was given."""
        self._store.close()

    def _change(self, key: Key, statement: str, value: float | str, *, forgets: bool = False) -> bool:
        with self._store.transaction() as held:
            if _room_of(held, key, self._clock()) is None:
                return False
            if forgets:
                held.execute("delete from votes where code = ?", (key.code,))
            held.execute(statement, (value, key.code))
        if forgets:
            self._store.wipe()
        return True


def _judged(
    held: sqlite3.Connection,
    room: sqlite3.Row,
    lesson: str,
    round: int,
    given: set[int],
    vote: Value | None,
    now: float,
) -> Answer:
    """What becomes of a vote in a room that is there, of somebody who has voted in the rounds `given`."""
    if vote is None or round not in (FIRST, SECOND):
        return Answer.NO_VOTE
    if lesson != room["lesson"]:
        return Answer.MOVED
    if round in given:
        return Answer.ALREADY
    if round != room["round"]:
        return Answer.NOT_YET if round > room["round"] else Answer.CLOSED
    if not room["is_open"]:
        return Answer.CLOSED
    return Answer.COUNTED if given else _let_in(held, room, now)


def _given(held: sqlite3.Connection, code: str, person: bytes) -> set[int]:
    """The rounds in which this person has voted."""
    rows = held.execute("select round from votes where code = ? and voter = ?", (code, person))
    return {round for (round,) in rows}


def _let_in(held: sqlite3.Connection, room: sqlite3.Row, now: float) -> Answer:
    """Whether one more person has room, and comes no faster than people do."""
    if room["voters"] >= MOST_VOTERS:
        return Answer.FULL
    # The clock of a machine may be set back.
    passed = max(0.0, now - room["allowed_at"])
    allowance = min(AT_ONCE, room["allowance"] + passed * PER_SECOND)
    if allowance < 1.0:
        return Answer.TOO_FAST
    held.execute(
        "update rooms set voters = voters + 1, allowance = ?, allowed_at = ? where code = ?",
        (allowance - 1.0, now, room["code"]),
    )
    return Answer.COUNTED


def _room(held: sqlite3.Connection, code: str, now: float) -> sqlite3.Row | None:
    """The room of that code, if it is not older than a day."""
    if not is_code(code):
        return None
    asked = held.cursor()
    asked.row_factory = sqlite3.Row
    return asked.execute("select * from rooms where code = ? and made > ?", (code, now - A_DAY)).fetchone()


def _room_of(held: sqlite3.Connection, key: Key, now: float) -> sqlite3.Row | None:
    """The room that `key` opens."""
    found = _room(held, key.code, now)
    return found if found is not None and is_secret(key.secret, found["secret"]) else None


def _has_place(held: sqlite3.Connection, most: int, which: str, value: Any, now: float) -> bool:
    """Whether there is place for one more among those rooms. An idle one makes way for it, first of all one
    that nobody has voted in."""
    if _count(held, which, value) < most:
        return True
    idle = held.execute(
        f"select code from rooms where {which} and used <= ? order by voters > 0, used limit 1",
        (value, now - IDLE),
    ).fetchone()
    if idle is not None:
        _drop(held, "code = ?", idle[0])
    return idle is not None


def _count(held: sqlite3.Connection, which: str, value: Any) -> int:
    return held.execute(f"select count(*) from rooms where {which}", (value,)).fetchone()[0]


def _drop(held: sqlite3.Connection, which: str, value: Any) -> int:
    """Lets those rooms go, with their votes; how many there were."""
    held.execute(f"delete from votes where code in (select code from rooms where {which})", (value,))
    return held.execute(f"delete from rooms where {which}", (value,)).rowcount


def _drop_oldest(held: sqlite3.Connection, n_kept: int, which: str, value: Any) -> None:
    oldest = held.execute(
        f"select code from rooms where {which} order by used desc limit -1 offset ?", (value, n_kept)
    )
    for (code,) in oldest.fetchall():
        _drop(held, "code = ?", code)
