"""A room goes with its teacher to another lesson: the same code, and nothing of what was said."""

from pathlib import Path

from ui.lessons import LESSONS
from ui.lessons.lesson import Choice
from ui.rooms.room import FIRST, SECOND, Answer
from ui.rooms.rooms import Rooms
from ui.workspace import classroom
from ui.workspace.classroom import Classroom, entered, students_link, take_events


def test_a_room_that_moves_keeps_its_code_and_takes_its_students_along(tmp_path: Path) -> None:
    rooms = Rooms(tmp_path / "rooms.sqlite")
    old, new = [lesson for lesson in LESSONS.values() if isinstance(lesson.prediction, Choice)][:2]
    assert isinstance(old.prediction, Choice)
    teacher = Classroom(rooms, "of a teacher")
    classroom.collect(teacher, old.name)
    key = teacher.keys[old.name]
    student = entered(students_link(teacher, old.name, stops=True), rooms, "a")
    guess = {"type": "guess", "lesson": old.name, "guess": old.prediction.options[0], "round": FIRST}
    assert not take_events(student, [guess])
    rooms.begin_second(key)
    classroom.collect(teacher, new.name)
    assert teacher.keys == {new.name: key}
    ledger = rooms.look(key)
    assert ledger is not None
    assert (ledger.lesson, ledger.round, ledger.votes[FIRST].total()) == (new.name, FIRST, 0)

    assert take_events(student, [{**guess, "round": SECOND}]), "the next press goes along"
    assert (student.news()["lesson"], student.answers) == (new.name, {})
    assert rooms.vote(key.code, old.name, FIRST, "b", old.prediction.options[0]) is Answer.MOVED
    # Whoever opens an old link, or the short address, is where the class is.
    for link in ({"room": key.code}, {"room": key.code, "lesson": old.name}):
        assert entered(link, rooms).lesson == new.name
    rooms.close()
