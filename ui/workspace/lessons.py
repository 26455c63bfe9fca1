"""A lesson as one message: both its stages, what came of them, and all that it says; no Streamlit."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ui.experiment import Experiment, View
from ui.experiment.address import from_address
from ui.lessons import LESSONS
from ui.lessons.filled import said_of
from ui.lessons.lesson import Choice, Facts, Lesson, Place
from ui.lessons.words import LANGUAGES, comma_of, words, words_of
from ui.stage.codec import pack
from ui.workspace.classroom import MOST_AT_ONCE
from ui.workspace.fit_result import result_of
from ui.workspace.scene import message_of
from ui.workspace.workspace import Workspace

LAST = 10**6
"""A half-step that no run has: the stage shows the last one in its place."""

APART = 1_000
"""Between the beginnings of two stages: each run that a hand has the browser make there is one more."""


def known(name: str) -> str:
    """The name if it is that of a lesson, else that of the first."""
    return name if name in LESSONS else next(iter(LESSONS))


@dataclass
class Visit:
    """Where one person is in the course."""

    lesson: str
    """The name of the lesson that is shown."""
    to_lab: bool = False
    """Whether the lab was asked for, and has not been shown yet."""
    acknowledged: int = 0
    """The number of the newest of the browser's events that was taken."""
    lock: RLock = field(default_factory=RLock, repr=False)
    """An older script may still be at it when a newer one begins."""


def take_events(visit: Visit, events: Any) -> list[dict[str, Any]]:
    """Those of a browser's events that are new, which may be forged; it sends each until it hears that it was
    taken. What they ask for, another lesson or the lab, is done.

    Of more than a hand makes at once, the first: the browser sends the others again.
    """
    new: list[dict[str, Any]] = []
    for event in events if isinstance(events, list) else []:
        number = event.get("number") if isinstance(event, dict) else None
        if len(new) == MOST_AT_ONCE or not isinstance(number, int) or number <= visit.acknowledged:
            continue
        visit.acknowledged = number
        new.append(event)
        match event:
            case {"type": "lesson", "name": str(name)}:
                visit.lesson = known(name)
            case {"type": "lab"}:
                visit.to_lab = True
            case _:
                pass
    return new


def opened(parameters: Mapping[str, str], *, hand: bool = False) -> tuple[Experiment, View]:
    """What a lesson's parameters describe; nobody changes it by hand unless `hand` says so."""
    experiment, view, complaints = from_address(parameters)
    assert not complaints, "a lesson's parameters are sound, which a test holds"
    return replace(experiment, hide=() if hand else ("controls",)), view


def in_the_lab(name: str) -> tuple[Experiment, View]:
    """What the lab opens on to go on from a lesson: there everything may be changed."""
    experiment, view, _ = from_address(LESSONS[name].after)
    return experiment, view


@lru_cache(maxsize=2)
def stages_of(name: str) -> tuple[Workspace, Workspace]:
    """The lesson's preset, and what there is after its change, which opens on the end."""
    lesson = LESSONS[name]
    before, view = opened(lesson.preset, hand=lesson.hand)
    after, _ = opened(lesson.after, hand=lesson.hand)
    # A stage that goes from one to the other begins anew, and does not stay at the half-step where it is.
    count = 2 * APART * [*LESSONS].index(name)
    end = replace(view, half_step=LAST)
    return Workspace(before, view, restart_count=count), Workspace(after, end, restart_count=count + APART)


@lru_cache(maxsize=64)
def facts_of(name: str) -> Facts:
    """What came of the preset of the lesson of that name, and of its change: computed once for a class."""
    lesson = LESSONS[name]
    before, after = (result_of(stage, lesson.kind) for stage in stages_of(name))
    return lesson.facts(before, after if lesson.change else before)


def points_of_lesson(name: str) -> NDArray[np.float64]:
    """The points (N, D) of what a lesson opens on."""
    return result_of(stages_of(name)[0], LESSONS[name].kind).data.points


@lru_cache(maxsize=64)
def lesson_message(name: str) -> bytes:
    """All that a browser needs to take somebody through the lesson of that name, in every language.

    Packed as `ui.stage.codec.pack` has it: the arrays `before` and `after` are messages of the stage, the
    latter only where the lesson changes something. static/protocol/lesson.js reads it.
    """
    lesson, facts = LESSONS[name], facts_of(name)
    before, after = stages_of(name)
    messages = {"before": before, "after": after} if lesson.change else {"before": before}
    header = {
        "name": name,
        "number": [*LESSONS].index(name) + 1,
        "kind": lesson.kind,
        "tools": list(lesson.tools),
        "cards": list(lesson.cards),
        "secrets": list(lesson.secrets),
        "change": bool(lesson.change),
        "at": lesson.at,
        "hand": lesson.hand,
        "prediction": _prediction(lesson, facts, before),
        "facts": facts,
        "languages": LANGUAGES,
        "commas": {language: comma_of(language) for language in LANGUAGES},
        "say": {language: said_of(name, facts, language) for language in LANGUAGES},
        "page": {language: words(language)["page"] for language in LANGUAGES},
        "course": [
            {"name": each, "title": {language: words_of(each, language)["title"] for language in LANGUAGES}}
            for each in LESSONS
        ],
        "lab": dict(lesson.after),
    }
    packed = {key: message_of(stage, lesson.kind) for key, stage in messages.items()}
    return pack(header, {key: np.frombuffer(message, np.uint8) for key, message in packed.items()})


def _prediction(lesson: Lesson, facts: Facts, before: Workspace) -> dict[str, Any]:
    """What people foretell, with what came of it."""
    prediction = lesson.prediction
    if isinstance(prediction, Place):
        return {
            "kind": "place",
            "columns": list(result_of(before, lesson.kind).data.columns),
            "near": prediction.near,
            "decimals": prediction.decimals,
            "actual": [facts[name] for name in prediction.of],
        }
    actual = facts[prediction.of]
    if isinstance(prediction, Choice):
        return {"kind": "choice", "options": list(prediction.options), "actual": actual}
    return {
        "kind": "number",
        "low": prediction.low,
        "high": prediction.high,
        "step": prediction.step,
        "near": prediction.near,
        "decimals": prediction.decimals,
        "actual": actual,
    }
