"""What a person has to do with a class: a link makes a student or a teacher, and never one of the other."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ui.lessons import LESSONS
from ui.lessons.lesson import Choice
from ui.rooms.room import Answer
from ui.rooms.rooms import Rooms
from ui.workspace import classroom
from ui.workspace.classroom import FORGED, MOST_AT_ONCE, Classroom, entered, students_link, teachers_link

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
    found = Classroom(rooms)
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
    assert link == {"lesson": LESSON.name, "lang": "de", "at": "3", "room": key.code, "stop": "reveal"}
    assert key.secret not in urlencode(link)
    assert teachers_link(teacher, LESSON.name)["teacher"] == key.secret
    another = next(name for name in LESSONS if name != LESSON.name)
    assert students_link(teacher, another, stops=False) == {"lesson": another}


def test_a_students_guess_is_counted_once_and_stays_so(teacher: Classroom, rooms: Rooms) -> None:
    one = student(teacher, rooms)
    classroom.take_events(one, [guess()])
    assert one.news()["answers"] == {"1": {"number": 1, "answer": "counted"}}
    classroom.take_events(one, [guess(OTHER, number=7)])
    assert one.news()["answers"] == {"1": {"number": 7, "answer": "counted"}}, (
        "the page hears which one is answered"
    )
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


def test_a_teachers_link_opens_the_room_elsewhere_and_a_forged_one_nothing(
    teacher: Classroom, rooms: Rooms
) -> None:
    link = teachers_link(teacher, LESSON.name)
    elsewhere = entered(link, rooms)
    assert (elsewhere.keys, elsewhere.problem) == (teacher.keys, "")
    for forged in (link | {"teacher": "x"}, link | {"room": "x"}, link | {"teacher": link["room"]}):
        nobody = entered(forged, rooms)
        assert (nobody.keys, nobody.problem, nobody.room) == ({}, FORGED, "")
        classroom.change(nobody, LESSON.name, "end")
    assert ledger(teacher) is not None


def test_a_page_loaded_again_brings_its_keys_back(teacher: Classroom, rooms: Rooms) -> None:
    kept = list(teacher.news()["keys"].values())
    again = entered({"lesson": LESSON.name}, rooms)
    classroom.take_events(again, [{"type": "keys", "keys": [*kept, {"code": "x", "secret": "y"}]}])
    assert again.keys == teacher.keys
    one = student(teacher, rooms)
    classroom.take_events(one, [{"type": "keys", "keys": kept}])
    assert one.keys == {}, "whoever votes is no teacher"


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
    current = Classroom(Rooms(tmp_path / "taken" / "rooms.sqlite"), room="a" * 10)
    classroom.take_events(current, [guess()])
    assert current.answers == {1: Answer.BUSY}
    classroom.collect(current, LESSON.name)
    assert current.keys == {}
    assert "try again" in current.problem
