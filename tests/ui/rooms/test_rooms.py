"""Rooms: one vote a person and a round, whatever else is sent; only its teacher sees one; all of them go."""

import math
import stat
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ui.lessons import LESSONS
from ui.lessons.lesson import Choice, Number, Place
from ui.rooms.room import FIRST, SECOND, Answer, Key, RoomError
from ui.rooms.rooms import (
    A_DAY,
    AT_ONCE,
    IDLE,
    MOST_OF_ADDRESS,
    MOST_OF_ONE,
    MOST_ROOMS,
    MOST_VOTERS,
    PER_SECOND,
    Rooms,
)

CHOICE = next(lesson for lesson in LESSONS.values() if isinstance(lesson.prediction, Choice))
NUMBER = next(lesson for lesson in LESSONS.values() if isinstance(lesson.prediction, Number))
PLACE = next(lesson for lesson in LESSONS.values() if isinstance(lesson.prediction, Place))
assert isinstance(CHOICE.prediction, Choice)
OPTION = CHOICE.prediction.options[0]


class Clock:
    """One that a test sets."""

    now = 1e9

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rooms(tmp_path: Path, clock: Clock) -> Iterator[Rooms]:
    made = Rooms(tmp_path / "rooms.sqlite", clock)
    yield made
    made.close()


def said(rooms: Rooms, key: Key, round: int = FIRST) -> dict[str | float, int]:
    ledger = rooms.look(key)
    assert ledger is not None
    return dict(ledger.votes[round])


def ignored(rooms: Rooms, key: Key) -> int:
    ledger = rooms.look(key)
    assert ledger is not None
    return ledger.ignored


def test_a_class_votes_twice(rooms: Rooms) -> None:
    key = rooms.open(CHOICE.name, "teacher", "")

    def vote(round: int, voter: str) -> Answer:
        return rooms.vote(key.code, CHOICE.name, round, voter, OPTION)

    assert [vote(FIRST, "a"), vote(FIRST, "b"), vote(SECOND, "a")] == [
        Answer.COUNTED,
        Answer.COUNTED,
        Answer.NOT_YET,
    ]
    assert rooms.begin_second(key)
    assert [vote(SECOND, "a"), vote(SECOND, "c"), vote(FIRST, "d")] == [
        Answer.COUNTED,
        Answer.COUNTED,
        Answer.CLOSED,
    ]
    assert rooms.set_open(key, False)
    assert vote(SECOND, "e") is Answer.CLOSED
    assert rooms.set_open(key, True)
    assert vote(SECOND, "e") is Answer.COUNTED
    assert (said(rooms, key), said(rooms, key, SECOND)) == ({OPTION: 2}, {OPTION: 3})
    assert ignored(rooms, key) == 3
    before = rooms.generation(key.code)
    assert rooms.clear(key)
    assert rooms.generation(key.code) not in (before, None)
    assert (said(rooms, key), said(rooms, key, SECOND), ignored(rooms, key)) == ({}, {}, 0)
    assert vote(SECOND, "a") is Answer.COUNTED, "whoever has not heard of it gets through"
    assert [vote(FIRST, "a"), vote(SECOND, "a")] == [Answer.ALREADY, Answer.NOT_YET]
    assert (said(rooms, key), said(rooms, key, SECOND)) == ({OPTION: 1}, {})
    assert rooms.end(key)
    assert rooms.look(key) is None
    assert vote(FIRST, "b") is Answer.NO_ROOM


FORGED = {
    "no such option": (CHOICE, "no such option"),
    "no text": (CHOICE, 1),
    "nothing": (CHOICE, None),
    "a list": (CHOICE, [OPTION]),
    "not a number": (NUMBER, math.nan),
    "infinite": (NUMBER, math.inf),
    "more digits than a float has": (NUMBER, 10**400),
    "out of range": (NUMBER, -1e9),
    "a text": (NUMBER, "5"),
    "yes": (NUMBER, True),
    "no place": (PLACE, 1.0),
    "a place of too many coordinates": (PLACE, [0.0] * 9),
    "a place that is none": (PLACE, [math.nan] * len(PLACE.prediction.of)),
    "a place beyond all numbers": (PLACE, [10**400] * len(PLACE.prediction.of)),
    "a place of texts": (PLACE, ["1"] * len(PLACE.prediction.of)),
    "an object": (NUMBER, {"x": 1}),
}


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_vote_changes_nothing_but_a_counter(rooms: Rooms, what: str) -> None:
    lesson, value = FORGED[what]
    key = rooms.open(lesson.name, "teacher", "")
    assert rooms.vote(key.code, lesson.name, FIRST, "a", value) is Answer.NO_VOTE
    assert (said(rooms, key), ignored(rooms, key)) == ({}, 1)


def test_a_replayed_a_later_and_a_stray_vote_change_nothing_but_a_counter(rooms: Rooms) -> None:
    key = rooms.open(CHOICE.name, "teacher", "")
    assert isinstance(CHOICE.prediction, Choice)
    other = CHOICE.prediction.options[1]
    answers = [rooms.vote(key.code, CHOICE.name, FIRST, "a", value) for value in (OPTION, OPTION, other)]
    assert answers == [Answer.COUNTED, Answer.ALREADY, Answer.ALREADY]
    assert rooms.vote(key.code, NUMBER.name, FIRST, "b", OPTION) is Answer.NO_VOTE
    for round in (0, 3, -1, "1", None, [1], math.nan):
        assert rooms.vote(key.code, CHOICE.name, round, "b", OPTION) is Answer.NO_VOTE  # type: ignore[arg-type]
    for code in ("", key.code[:-1], key.code.upper(), "x" * 10**6, "\udc80" * 10, "' or 1=1 --"):
        assert rooms.vote(code, CHOICE.name, FIRST, "b", OPTION) is Answer.NO_ROOM
    assert (said(rooms, key), ignored(rooms, key)) == ({OPTION: 1}, 10)


def test_only_its_teacher_sees_or_changes_a_room(rooms: Rooms, tmp_path: Path) -> None:
    key, other = rooms.open(CHOICE.name, "teacher", ""), rooms.open(CHOICE.name, "another", "")
    rooms.vote(key.code, CHOICE.name, FIRST, "a", OPTION)
    for secret in ("", "teacher", key.code, other.secret, key.secret[:-1], key.secret + "x", "\udc80"):
        forged = replace(key, secret=secret)
        assert rooms.look(forged) is None
        assert not rooms.begin_second(forged)
        assert not rooms.set_open(forged, False)
        assert not rooms.clear(forged)
        assert not rooms.end(forged)
    ledger = rooms.look(key)
    assert ledger is not None
    assert (ledger.round, ledger.is_open, said(rooms, key)) == (FIRST, True, {OPTION: 1})
    assert said(rooms, other) == {}
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key.code.encode() in kept, "or this looks in the wrong place"
    assert key.secret.encode() not in kept
    assert b"teacher" not in kept


def test_an_ended_room_leaves_nothing_in_the_file(rooms: Rooms, tmp_path: Path) -> None:
    key = rooms.open(CHOICE.name, "teacher", "")
    for i in range(50):
        rooms.vote(key.code, CHOICE.name, FIRST, f"person {i}", OPTION)
    rooms.end(key)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert key.code.encode() not in kept
    assert OPTION.encode() not in kept


def test_codes_and_secrets_are_not_to_be_guessed(rooms: Rooms) -> None:
    keys = [rooms.open(CHOICE.name, f"teacher {i}", f"{i}") for i in range(60)]
    assert len({key.code for key in keys}) == len({key.secret for key in keys}) == 60
    assert all(len(key.code) >= 8 and key.code.isalpha() and len(key.secret) >= 20 for key in keys)


def test_a_room_holds_so_many_people_and_takes_them_no_faster_than_they_come(
    rooms: Rooms, clock: Clock
) -> None:
    key = rooms.open(CHOICE.name, "teacher", "")

    def rush(name: str, n: int) -> Counter[Answer]:
        return Counter(rooms.vote(key.code, CHOICE.name, FIRST, f"{name} {i}", OPTION) for i in range(n))

    assert rush("first", 300) == {Answer.COUNTED: AT_ONCE, Answer.TOO_FAST: 300 - AT_ONCE}
    clock.now += 2.0
    assert rush("then", 300)[Answer.COUNTED] == 2 * PER_SECOND
    clock.now -= 3600.0
    assert rush("as if an hour ago", 10)[Answer.COUNTED] == 0
    clock.now += 3600.0
    for minute in range(20):
        clock.now += 60.0
        rush(f"minute {minute}", 100)
    assert sum(said(rooms, key).values()) == MOST_VOTERS
    clock.now += 60.0
    assert rush("too late", 10) == {Answer.FULL: 10}
    rooms.begin_second(key)
    assert rooms.vote(key.code, CHOICE.name, SECOND, "first 0", OPTION) is Answer.COUNTED
    assert rooms.vote(key.code, CHOICE.name, SECOND, "a stranger", OPTION) is Answer.FULL


def test_a_room_is_gone_after_a_day(rooms: Rooms, clock: Clock, tmp_path: Path) -> None:
    key = rooms.open(CHOICE.name, "teacher", "")
    rooms.vote(key.code, CHOICE.name, FIRST, "a", OPTION)
    clock.now += A_DAY - 1
    assert said(rooms, key) == {OPTION: 1}
    clock.now += 2
    assert rooms.look(key) is None
    assert not rooms.clear(key)
    assert rooms.vote(key.code, CHOICE.name, FIRST, "b", OPTION) is Answer.NO_ROOM
    rooms.forget_old()
    assert key.code.encode() not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_teacher_has_a_few_rooms_and_the_oldest_goes_first(rooms: Rooms, clock: Clock) -> None:
    keys = []
    for _ in range(MOST_OF_ONE + 2):
        clock.now += 1
        keys.append(rooms.open(CHOICE.name, "teacher", ""))
    assert [rooms.look(key) is not None for key in keys] == [False] * 2 + [True] * MOST_OF_ONE


def test_a_full_house_lets_only_idle_rooms_go(rooms: Rooms, clock: Clock) -> None:
    keys = [rooms.open(CHOICE.name, f"teacher {i}", f"{i}") for i in range(MOST_ROOMS)]
    with pytest.raises(RoomError, match="in use"):
        rooms.open(CHOICE.name, "one more", "")
    clock.now += IDLE - 1
    rooms.vote(keys[0].code, CHOICE.name, FIRST, "a", OPTION)
    rooms.look(keys[1])
    clock.now += 2
    newest = rooms.open(CHOICE.name, "one more", "")
    assert rooms.look(newest) is not None
    assert [rooms.look(key) is not None for key in keys[:3]].count(False) <= 1
    assert rooms.look(keys[0]) is not None
    assert rooms.look(keys[1]) is not None
    assert sum(rooms.look(key) is None for key in keys) == 1


def test_a_room_that_nobody_voted_in_goes_before_one_that_is_idle_for_longer(
    rooms: Rooms, clock: Clock
) -> None:
    voted = rooms.open(CHOICE.name, "teacher", "")
    rooms.vote(voted.code, CHOICE.name, FIRST, "a", OPTION)
    clock.now += 1
    others = [rooms.open(CHOICE.name, f"teacher {i}", f"{i}") for i in range(MOST_ROOMS - 1)]
    clock.now += IDLE
    for i in range(MOST_ROOMS - 1):
        rooms.open(CHOICE.name, f"one more {i}", f"{i} elsewhere")
    assert rooms.look(voted) is not None
    assert all(rooms.look(key) is None for key in others)


def test_one_address_never_takes_all_rooms(rooms: Rooms, clock: Clock) -> None:
    """Whoever throws their cookies away is another teacher each time."""
    mine = rooms.open(CHOICE.name, "somebody", "elsewhere")
    first = rooms.open(CHOICE.name, "nobody", "there")
    for i in range(MOST_OF_ADDRESS - 1):
        rooms.open(CHOICE.name, f"nobody {i}", "there")
    with pytest.raises(RoomError, match="network"):
        rooms.open(CHOICE.name, "nobody else", "there")
    assert rooms.look(rooms.open(CHOICE.name, "somebody else", "elsewhere")) is not None
    clock.now += IDLE / 2
    rooms.vote(first.code, CHOICE.name, FIRST, "a", OPTION)
    clock.now += IDLE / 2 + 1
    assert rooms.look(rooms.open(CHOICE.name, "nobody else", "there")) is not None
    assert rooms.look(mine) is not None, "an idle one of theirs has made way, and nobody else's"
    assert rooms.look(first) is not None


def test_a_flood_changes_nothing_and_does_not_grow_the_file(rooms: Rooms, tmp_path: Path) -> None:
    key = rooms.open(CHOICE.name, "teacher", "")

    def size() -> int:
        return sum(path.stat().st_size for path in tmp_path.iterdir())

    rooms.vote(key.code, CHOICE.name, FIRST, "honest", OPTION)
    for i in range(2000):
        rooms.vote(key.code, CHOICE.name, FIRST, "a", OPTION if i == 0 else "forged")
    before = size()
    for i in range(8000):
        rooms.vote(key.code, CHOICE.name, FIRST, f"forged {i}", "forged")
    assert size() <= before
    assert (said(rooms, key), ignored(rooms, key)) == ({OPTION: 2}, 9999)


VOTES = st.lists(
    st.tuples(
        st.sampled_from([FIRST, SECOND]),
        st.integers(0, 5),
        st.sampled_from([*CHOICE.prediction.options, "forged"]),
        st.sampled_from(["vote", "vote", "vote", "vote", "second", "close", "open", "clear"]),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VOTES)
def test_the_ledger_equals_a_recount(rooms: Rooms, votes: list[tuple[int, int, str, str]]) -> None:
    """Against rooms of paper: a dictionary from person and round to what they said first."""
    key = rooms.open(CHOICE.name, "teacher", "")
    paper: dict[tuple[int, int], str] = {}
    round_now, is_open, n_ignored = FIRST, True, 0
    assert isinstance(CHOICE.prediction, Choice)
    for round, person, value, what in votes:
        match what:
            case "second":
                rooms.begin_second(key)
                round_now, is_open = SECOND, True
            case "close" | "open":
                rooms.set_open(key, what == "open")
                is_open = what == "open"
            case "clear":
                rooms.clear(key)
                paper.clear()
                round_now, is_open, n_ignored = FIRST, True, 0
            case _:
                if round_now == FIRST and (FIRST, person) not in paper:
                    round = FIRST
                counts = (
                    is_open
                    and round == round_now
                    and (round, person) not in paper
                    and value in CHOICE.prediction.options
                )
                answer = rooms.vote(key.code, CHOICE.name, round, str(person), value)
                assert (answer is Answer.COUNTED) == counts
                if counts:
                    paper[round, person] = value
                n_ignored += not counts
    ledger = rooms.look(key)
    assert ledger is not None
    for round in (FIRST, SECOND):
        recount = Counter(value for (when, _), value in paper.items() if when == round)
        assert ledger.votes[round] == recount
    assert (ledger.round, ledger.is_open, ledger.ignored) == (round_now, is_open, n_ignored)
    rooms.end(key)


def test_the_folder_is_private_and_a_deleted_file_costs_its_rooms_alone(tmp_path: Path) -> None:
    rooms = Rooms(tmp_path / "private" / "rooms.sqlite")
    key = rooms.open(CHOICE.name, "teacher", "")
    assert stat.S_IMODE((tmp_path / "private").stat().st_mode) == 0o700
    for path in (tmp_path / "private").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, "whatever folder it is in"
        path.unlink()
    assert rooms.look(key) is None
    assert rooms.vote(key.code, CHOICE.name, FIRST, "a", OPTION) is Answer.NO_ROOM
    again = rooms.open(CHOICE.name, "teacher", "")
    assert rooms.vote(again.code, CHOICE.name, FIRST, "a", OPTION) is Answer.COUNTED
    rooms.close()


def test_without_a_place_for_the_file_people_get_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    rooms = Rooms(tmp_path / "taken" / "rooms.sqlite")
    with pytest.raises(RoomError, match="disk"):
        rooms.open(CHOICE.name, "teacher", "")
    assert rooms.vote("a" * 10, CHOICE.name, FIRST, "a", OPTION) is Answer.BUSY


def test_nothing_is_made_before_somebody_needs_a_room_and_nothing_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    rooms = Rooms(None)
    rooms.forget_old()
    assert list(tmp_path.iterdir()) == []
    key = rooms.open(CHOICE.name, "teacher", "")
    (folder,) = tmp_path.iterdir()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert rooms.look(key) is not None
    rooms.close()
    assert list(tmp_path.iterdir()) == []


def test_where_no_folder_can_be_made_people_get_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "not there"))
    rooms = Rooms(None)
    rooms.forget_old()
    with pytest.raises(RoomError, match="disk"):
        rooms.open(CHOICE.name, "teacher", "")
    assert rooms.vote("a" * 10, CHOICE.name, FIRST, "a", OPTION) is Answer.BUSY
    rooms.close()
