"""Which values are predictions that a lesson asks for, and which only look like some."""

import math
from typing import Any

from ui.lessons import LESSONS
from ui.lessons.lesson import Choice
from ui.rooms.room import Value


def as_vote(lesson: Any, value: Any) -> Value | None:
    """`value` as a vote in that lesson; None for anything that nobody can have chosen there: no such lesson
    or option, a number out of its range, not a number."""
    if not isinstance(lesson, str) or lesson not in LESSONS:
        return None
    prediction = LESSONS[lesson].prediction
    if isinstance(prediction, Choice):
        return value if isinstance(value, str) and value in prediction.options else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A whole number may be too large for a float.
    is_within = prediction.low <= value <= prediction.high
    return float(value) if is_within and math.isfinite(value) else None
