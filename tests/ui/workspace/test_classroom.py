"""What a person has to do with a class: a link makes a student or a teacher, and never one of the other."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ui.lessons import LESSONS
from ui.lessons.lesson import Choice
from ui.rooms.room import Answer, Key, RoomError
from ui.rooms.rooms import Rooms
from ui.workspace import classroom
from ui.workspace.classroom import (
    FORGED,
    MOST_AT_ONCE,
    QUIET,
    STRANGE,
    Classroom,
    entered,
    students_link,
    teachers_link,
)

LESSON = next(lesson for lesson in LESSONS.values() if isinstance(lesson.prediction, Choice))
assert isinstance(LESSON.prediction, Choice)
OPTION, OTHER = LESSON.prediction.options[:2]


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    made = Rooms(tmp_path / "rooms.sqlite")
    yield made
    made.close()


@pytest.fixture
def teacher(rooms: Rooms) -> Classroom:
    """Somebody who collects predictions."""
    found = Classroom(rooms, "teacher")
    classroom.collect(found, LESSON.name)
    return found


def student(teacher: Classroom, rooms: Rooms, voter: str = "a") -> Classroom:
    return entered(students_link(teacher, LESSON.name, stops=True), rooms, voter)


def guess(value: Any = OPTION, round: Any = 1, lesson: Any = LESSON.name, number: int = 1) -> dict[str, Any]:
    return {"type": "guess", "lesson": lesson, "guess": value, "round": round, "number": number}


def ledger(teacher: Classroom) -> Any:
    return classroom.look(teacher, teacher.keys[LESSON.name])


def test_the_students_link_holds_the_code_and_never_the_secret(teacher: Classroom) -> None:
    key = teacher.keys[LESSON.name]
    classroom.take_events(
        teacher,
        [
            {
                "type": "seen",
                "parameters": {"lesson": LESSON.name, "lang": "de", "at": "3", "teacher": key.secret},
            }
        ],
    )
    link = students_link(teacher, LESSON.name, stops=True)
    assert link == {"lesson": LESSON.name, "lang": "de", "room": key.code, "stop": "reveal"}
    assert key.secret not in urlencode(link)
    asked, fragment = teachers_link(teacher, LESSON.name)
    assert key.secret in fragment
    assert key.secret not in urlencode(asked), "a server's log has it"
    another = next(name for name in LESSONS if name != LESSON.name)
    assert students_link(teacher, another, stops=False) == {"lesson": another}


def test_a_class_that_predicts_begins_at_the_question_however_far_its_teacher_is(rooms: Rooms) -> None:
    teacher = Classroom(rooms, "teacher")
    shown = {"lesson": LESSON.name, "lang": "en", "at": "9"}
    classroom.take_events(teacher, [{"type": "seen", "parameters": shown}])
    assert students_link(teacher, LESSON.name, stops=False) == shown, "who is shown it may see it"
    assert "at" not in students_link(teacher, LESSON.name, stops=True)
    classroom.collect(teacher, LESSON.name)
    assert "at" not in students_link(teacher, LESSON.name, stops=False)


def test_a_students_guess_is_counted_once_and_stays_so(teacher: Classroom, rooms: Rooms) -> None:
    one = student(teacher, rooms)
    classroom.take_events(one, [guess()])
    assert one.news()["answers"] == {"1": {"number": 1, "answer": "counted"}}
    classroom.take_events(one, [guess(number=4)])
    assert one.news()["answers"] == {"1": {"number": 4, "answer": "counted"}}, "it was sent once more"
    classroom.take_events(one, [guess(OTHER, number=7)])
    assert one.news()["answers"] == {"1": {"number": 7, "answer": "already"}}
    assert ledger(teacher).votes[1] == {OPTION: 1}
    again = student(teacher, rooms)
    classroom.take_events(again, [guess(number=3)])
    assert again.news()["answers"] == {"1": {"number": 3, "answer": "already"}}
    assert again.answers == {1: Answer.ALREADY}, "the same browser is the same person"
    assert again.news()["keys"] == {}


def test_a_second_guess_counts_when_the_round_is_open(teacher: Classroom, rooms: Rooms) -> None:
    one = student(teacher, rooms)
    classroom.take_events(one, [guess(), guess(OTHER, 2)])
    assert one.answers == {1: Answer.COUNTED, 2: Answer.NOT_YET}
    classroom.change(teacher, LESSON.name, "second")
    classroom.take_events(one, [guess(OTHER, 2)])
    assert one.answers[2] is Answer.COUNTED
    assert ledger(teacher).votes == {1: {OPTION: 1}, 2: {OTHER: 1}}


FORGED_EVENTS = [
    5,
    None,
    {},
    [5],
    [None, [], {"type": "guess"}],
    [{"type": "guess", "lesson": [], "guess": OPTION, "round": 1}],
    [{"type": "guess", "lesson": LESSON.name, "guess": {"a": 1}, "round": []}],
    [{"type": "guess", "lesson": LESSON.name, "guess": OPTION, "round": {"x": 1}}],
    [{"type": "seen", "parameters": {"lesson": 5, "lang": [], "at": "-1"}}],
    [{"type": "reveal", "lesson": 5}],
    [{"type": "keys", "keys": [5, {"code": 1, "secret": 2}, {"code": "a", "secret": "\udc80"}]}],
]


@pytest.mark.parametrize("events", FORGED_EVENTS, ids=repr)
def test_forged_events_do_no_harm(teacher: Classroom, rooms: Rooms, events: Any) -> None:
    for person in (student(teacher, rooms), teacher):
        classroom.take_events(person, events)
    assert ledger(teacher).votes == {1: {}, 2: {}}
    assert set(teacher.keys) == {LESSON.name}


def test_a_message_of_many_guesses_is_looked_at_no_further_than_a_hand_goes(
    teacher: Classroom, rooms: Rooms
) -> None:
    classroom.take_events(student(teacher, rooms), [guess("forged")] * 10_000)
    assert ledger(teacher).ignored == MOST_AT_ONCE


def test_a_student_whose_page_remembers_a_cleared_room_gets_through(teacher: Classroom, rooms: Rooms) -> None:
    one = student(teacher, rooms)
    classroom.take_events(one, [guess()])
    classroom.change(teacher, LESSON.name, "second")
    classroom.take_events(one, [guess(OTHER, 2)])
    assert one.answers == {1: Answer.COUNTED, 2: Answer.COUNTED}
    before = one.news()["generation"]
    classroom.change(teacher, LESSON.name, "clear")
    classroom.take_events(one, [guess(OPTION, 2)])
    assert ledger(teacher).votes == {1: {OPTION: 1}, 2: {}}
    assert one.news()["answers"] == {"2": {"number": 1, "answer": "counted"}}, (
        "what was said before counts no more"
    )
    assert one.news()["generation"] != before
    classroom.take_events(one, [guess(OPTION, 2)])
    assert one.answers[2] is Answer.NOT_YET
    classroom.change(teacher, LESSON.name, "second")
    classroom.take_events(one, [guess(OPTION, 2)])
    assert ledger(teacher).votes == {1: {OPTION: 1}, 2: {OPTION: 1}}


def test_a_browser_without_a_cookie_neither_votes_nor_collects(teacher: Classroom, rooms: Rooms) -> None:
    nobody = entered(students_link(teacher, LESSON.name, stops=True), rooms)
    classroom.take_events(nobody, [guess()])
    assert nobody.answers == {1: Answer.NO_COOKIE}
    assert ledger(teacher).votes[1] == {}
    classroom.collect(nobody, LESSON.name)
    assert (nobody.keys, nobody.problem) == ({}, STRANGE)


def keys_of(*keys: Key, linked: bool = False) -> list[dict[str, Any]]:
    """What a page tells of the keys that it has."""
    told = [{"code": key.code, "secret": key.secret, "linked": linked} for key in keys]
    return [{"type": "keys", "keys": told}]


def test_a_teachers_link_opens_the_room_elsewhere_and_a_forged_one_nothing(
    teacher: Classroom, rooms: Rooms
) -> None:
    key = teacher.keys[LESSON.name]
    elsewhere = Classroom(rooms)
    classroom.take_events(elsewhere, keys_of(key, linked=True))
    assert (elsewhere.keys, elsewhere.problem) == (teacher.keys, "")
    for forged in (replace(key, secret="x"), replace(key, code="x"), replace(key, secret=key.code)):
        nobody = Classroom(rooms)
        classroom.take_events(nobody, keys_of(forged, linked=True))
        assert (nobody.keys, nobody.problem, nobody.room) == ({}, FORGED, "")
        assert nobody.news()["gone"] == [forged.code]
        classroom.change(nobody, LESSON.name, "end")
    assert ledger(teacher) is not None


def test_a_page_loaded_again_brings_its_keys_back(teacher: Classroom, rooms: Rooms) -> None:
    kept = teacher.keys[LESSON.name]
    again = Classroom(rooms)
    classroom.take_events(again, keys_of(kept, Key("x", "y")))
    assert again.keys == teacher.keys
    assert again.news()["gone"] == ["x"]
    assert again.problem == "", "a room that has ended is no news to its teacher"
    one = student(teacher, rooms)
    classroom.take_events(one, keys_of(kept))
    assert one.keys == {}, "whoever votes is no teacher"


def test_keys_are_named_as_gone_only_when_their_room_is(teacher: Classroom, rooms: Rooms) -> None:
    """And not where it is only out of reach, which would lose a class its votes."""
    key = teacher.keys[LESSON.name]
    again = Classroom(rooms)
    real, rooms.look = rooms.look, out_of_reach  # type: ignore[method-assign]
    classroom.take_events(again, keys_of(key))
    assert (again.keys, again.news()["gone"]) == ({}, [])
    rooms.look = real  # type: ignore[method-assign]
    classroom.take_events(again, keys_of(key))
    assert (again.keys, again.news()["gone"]) == (teacher.keys, [])
    classroom.change(teacher, LESSON.name, "end")
    assert teacher.news()["gone"] == [key.code]
    for i in range(1000):
        classroom.take_events(again, keys_of(Key(str(i), "forged")))
    assert len(again.news()["gone"]) < 50


def out_of_reach(key: Key) -> None:
    raise RoomError("The room is busy.")


def test_a_room_whose_end_fails_is_still_its_teachers(teacher: Classroom, rooms: Rooms) -> None:
    key = teacher.keys[LESSON.name]
    real, rooms.end = rooms.end, out_of_reach  # type: ignore[method-assign,assignment]
    classroom.collect(teacher, LESSON.name)
    assert (teacher.keys, teacher.problem) == ({LESSON.name: key}, "The room is busy.")
    classroom.change(teacher, LESSON.name, "end")
    assert teacher.keys == {LESSON.name: key}
    rooms.end = real  # type: ignore[method-assign]


def test_a_page_that_was_left_open_asks_no_more_until_somebody_is_there(
    teacher: Classroom, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = classroom.monotonic()
    monkeypatch.setattr(classroom, "monotonic", lambda: now)

    def wait(seconds: float) -> bool:
        nonlocal now
        now += seconds
        ledger(teacher)
        return classroom.is_quiet(teacher)

    assert not wait(QUIET - 1)
    classroom.take_events(student(teacher, rooms), [guess()])
    assert not wait(QUIET - 1), "a vote is new"
    assert not wait(QUIET - 1)
    assert wait(2)
    classroom.change(teacher, LESSON.name, "close")
    assert not wait(0)
    assert not wait(QUIET - 1)
    assert wait(2)
    for deed in (
        lambda: classroom.stir(teacher),
        lambda: classroom.take_events(teacher, [{"type": "seen", "parameters": {}}]),
        lambda: classroom.collect(teacher, LESSON.name),
    ):
        deed()
        assert not classroom.is_quiet(teacher), "or the page would stand still at once"
        wait(0)
        assert wait(QUIET + 1)


@pytest.mark.parametrize("what", ["clear", "second"])
def test_who_guesses_anew_does_not_see_the_answer(teacher: Classroom, rooms: Rooms, what: str) -> None:
    """Whether it was begun on this device or on another one of the teacher's."""
    elsewhere = Classroom(rooms)
    classroom.take_events(elsewhere, keys_of(teacher.keys[LESSON.name]))
    for one in (teacher, elsewhere):
        ledger(one)
        classroom.take_events(one, [{"type": "reveal", "lesson": LESSON.name}])
        ledger(one)
        assert one.revealed == LESSON.name
    classroom.change(teacher, LESSON.name, what)
    for one in (teacher, elsewhere):
        ledger(one)
        assert one.revealed == ""


def test_what_a_teacher_wishes_is_done(teacher: Classroom, rooms: Rooms) -> None:
    one = student(teacher, rooms)
    classroom.change(teacher, LESSON.name, "close")
    classroom.take_events(one, [guess()])
    assert one.answers == {1: Answer.CLOSED}
    classroom.change(teacher, LESSON.name, "open")
    classroom.take_events(one, [guess()])
    assert one.answers == {1: Answer.COUNTED}
    classroom.change(teacher, LESSON.name, "clear")
    assert ledger(teacher).votes[1] == {}
    key = teacher.keys[LESSON.name]
    classroom.change(teacher, LESSON.name, "end")
    assert (teacher.keys, rooms.look(key)) == ({}, None)


def test_collecting_again_ends_the_room_before(teacher: Classroom, rooms: Rooms) -> None:
    before = teacher.keys[LESSON.name]
    classroom.collect(teacher, LESSON.name)
    assert rooms.look(before) is None
    assert rooms.look(teacher.keys[LESSON.name]) is not None


def test_what_cannot_be_done_is_one_sentence_and_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    current = Classroom(Rooms(tmp_path / "taken" / "rooms.sqlite"), "a", room="a" * 10)
    classroom.take_events(current, [guess()])
    assert current.answers == {1: Answer.BUSY}
    classroom.collect(current, LESSON.name)
    assert current.keys == {}
    assert "disk" in current.problem
