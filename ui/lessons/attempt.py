"""One person's way through a lesson: a guess, what they did, and how near the guess was."""

from dataclasses import dataclass

from ui.lessons.lesson import Choice, Facts, Lesson


@dataclass
class Attempt:
    """How far somebody is in a lesson."""

    name: str
    """Of the lesson."""
    guess: float | str | None = None
    """What they committed to; None before that."""
    is_changed: bool = False
    """Whether they have done what the lesson changes."""
    is_revealed: bool = False


def verdict_on(lesson: Lesson, facts: Facts, guess: float | str) -> str:
    """“right”, “close” or “far” for a guess: how near it was to what came of it."""
    actual = facts[lesson.prediction.of]
    if isinstance(lesson.prediction, Choice):
        return "right" if guess == actual else "far"
    gap = abs(float(guess) - float(actual))
    return (
        "right" if gap < 0.5 * lesson.prediction.step else "close" if gap <= lesson.prediction.near else "far"
    )
