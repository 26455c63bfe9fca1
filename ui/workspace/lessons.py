"""A lesson in a workspace: its preset on the stage, the change, and what came of both; no Streamlit."""

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from ui.experiment import Experiment, View
from ui.experiment.address import from_address
from ui.lessons import LESSONS
from ui.lessons.attempt import Attempt
from ui.lessons.lesson import Facts
from ui.workspace.changes import start_over
from ui.workspace.fit_result import FitResult, result_of
from ui.workspace.workspace import Workspace

LAST = 10**6
"""A half-step that no run has: the stage shows the last one in its place."""


def opened(parameters: Mapping[str, str]) -> tuple[Experiment, View]:
    """What a lesson's parameters describe; nobody changes it by hand."""
    experiment, view, complaints = from_address(parameters)
    assert not complaints, "a lesson's parameters are sound, which a test holds"
    return replace(experiment, hide=("controls",)), view


def begin_lesson(current: Workspace, name: str) -> Attempt:
    """The lesson of that name from its beginning, the first one where there is none."""
    lesson = LESSONS.get(name) or next(iter(LESSONS.values()))
    with current.lock:
        current.experiment, current.opening = opened(lesson.preset)
        current.attempt = Attempt(lesson.name)
        start_over(current, current.opening)
        return current.attempt


def make_change(current: Workspace, attempt: Attempt) -> None:
    """Does what the lesson changes; the stage goes to the end of it."""
    lesson = LESSONS[attempt.name]
    with current.lock:
        current.experiment, view = opened(lesson.after)
        current.opening = replace(view, half_step=LAST)
        attempt.is_changed = True
        start_over(current, current.opening)


@lru_cache(maxsize=64)
def facts_of(name: str) -> Facts:
    """What came of the preset of the lesson of that name, and of its change: computed once for a class."""
    lesson = LESSONS[name]
    before, after = (_outcome(parameters, lesson.kind) for parameters in (lesson.preset, lesson.after))
    return lesson.facts(before, after)


def _outcome(parameters: Mapping[str, str], kind: str) -> FitResult:
    return result_of(Workspace(opened(parameters)[0]), kind)
