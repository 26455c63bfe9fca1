"""Which values are predictions that a lesson asks for, and which only look like some."""

from typing import Any

from gmm_core.points import LARGEST
from ui.lessons import LESSONS
from ui.lessons.lesson import Choice, Place
from ui.rooms.room import Value


def as_vote(lesson: Any, value: Any) -> Value | None:
    """`value` as a vote in that lesson; None for anything that nobody can have chosen there: no such lesson
    or option, a number out of its range, not a number."""
    if not isinstance(lesson, str) or lesson not in LESSONS:
        return None
    prediction = LESSONS[lesson].prediction
    if isinstance(prediction, Choice):
        return value if isinstance(value, str) and value in prediction.options else None
    if isinstance(prediction, Place):
        is_place = (
            isinstance(value, list) and len(value) == len(prediction.of) and all(map(_is_number, value))
        )
        return " ".join(repr(float(number)) for number in value) if is_place else None
    if not _is_number(value):
        return None
    return float(value) if prediction.low <= value <= prediction.high else None


def place_of(vote: Value) -> list[float]:
    """The place that a vote names."""
    return [float(number) for number in str(vote).split()]


def _is_number(value: Any) -> bool:
    """Whether it is one that a hand can have meant; a whole number of JSON may be too large for a float."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST
