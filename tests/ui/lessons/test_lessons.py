"""What every lesson keeps to, and its way from the question to what came of it, without a browser.

Each test takes a lesson by its name, so that test_adding_a_lesson.py can take one more through all of them.
"""

import math
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from gmm_core.datasets.generators import GENERATORS
from tests.stage_message import decode
from ui import lessons
from ui.experiment.address import from_address
from ui.experiment.experiment import CHOICES
from ui.experiment.view import VIEW_CHOICES
from ui.lessons.attempt import verdict_on
from ui.lessons.lesson import Choice, Facts, Lesson
from ui.lessons.words import LANGUAGES, words, words_of
from ui.workspace import Workspace, result_of
from ui.workspace.lessons import facts_of, opened

APP = Path(__file__).parents[3] / "app.py"

every_lesson = pytest.mark.parametrize("name", lessons.LESSONS)

# Where the claim of a lesson does not hold. One that changes something is tried without its change; the rest
# are true of every run, as that a share is a proportion of heights.
ELSEWHERE = {
    "halfway": {"family": "tied"},
    "far_away": {"k": "1"},
    "ellipse": {"data": "moons", "k": "1"},
    "upwards": {"reg": "5"},
    "circles": {"data": "blobs"},
    "which_k": {"data": "moons"},
    "open_number": {"alpha": "1000"},
}


def lesson_of(name: str) -> Lesson:
    """Asked for late: a test may have put another course in its place."""
    return lessons.LESSONS[name]


@cache
def facts_for(name: str) -> Facts:
    """What came of the lesson; computed once, though many tests ask."""
    return facts_of(name)


def facts_without_change(name: str, **other: str) -> Facts:
    """What would have come of the preset with other parameters, where nothing changes afterwards."""
    lesson = lesson_of(name)
    outcome = result_of(Workspace(opened({**lesson.preset, **other})[0]), lesson.kind)
    return lesson.facts(outcome, outcome)


def guesses(name: str) -> list[float | str]:
    """The right one first, then one that is far off."""
    lesson = lesson_of(name)
    prediction, actual = lesson.prediction, facts_for(name)[lesson.prediction.of]
    if isinstance(prediction, Choice):
        return [actual, next(option for option in prediction.options if option != actual)]
    return [actual, max((prediction.low, prediction.high), key=lambda end: abs(end - float(actual)))]


@every_lesson
def test_what_it_opens_on_is_sound_and_runs(name: str) -> None:
    lesson = lesson_of(name)
    for parameters in (lesson.preset, lesson.after):
        experiment, _, complaints = from_address(parameters)
        assert not complaints
        result = result_of(Workspace(experiment), lesson.kind)
        assert (result.problem, result.run is None) == ("", False)


@every_lesson
def test_its_preset_means_something(name: str) -> None:
    """An address passes over keys that it does not know: a lesson's may not be mistyped."""
    choices = {choice.key for choice in (*CHOICES.values(), *VIEW_CHOICES.values())}
    knobs = {knob.name for generator in GENERATORS.values() for knob in generator.knobs}
    assert set(lesson_of(name).after) <= choices | knobs


@every_lesson
def test_a_change_changes_something(name: str) -> None:
    lesson = lesson_of(name)
    assert bool(lesson.change) == (opened(lesson.preset)[0] != opened(lesson.after)[0])


@every_lesson
def test_its_claim_holds_in_finite_numbers(name: str) -> None:
    lesson = lesson_of(name)
    facts = facts_for(name)
    assert all(math.isfinite(fact) for fact in facts.values() if not isinstance(fact, str))
    assert lesson.claim(facts)


@every_lesson
def test_its_claim_looks_at_the_numbers(name: str) -> None:
    lesson = lesson_of(name)
    nothing = {key: "" if isinstance(fact, str) else math.nan for key, fact in facts_for(name).items()}
    assert not lesson.claim(nothing)


@every_lesson
def test_its_claim_can_fail_in_a_run(name: str) -> None:
    lesson = lesson_of(name)
    if lesson.change or name in ELSEWHERE:
        assert not lesson.claim(facts_without_change(name, **ELSEWHERE.get(name, {})))


@every_lesson
def test_the_prediction_can_come_true(name: str) -> None:
    lesson = lesson_of(name)
    prediction, actual = lesson.prediction, facts_for(name)[lesson.prediction.of]
    if isinstance(prediction, Choice):
        assert actual in prediction.options
        assert len(set(prediction.options)) == len(prediction.options) > 1
    else:
        assert prediction.low <= float(actual) <= prediction.high
        # What people can type: every step from the lowest number on, whole ones where the step is whole.
        assert ((prediction.high - prediction.low) / prediction.step).is_integer()
        assert prediction.near < (prediction.high - prediction.low) / 2


@every_lesson
def test_a_guess_is_judged_by_how_near_it_is(name: str) -> None:
    lesson = lesson_of(name)
    right, wrong = guesses(name)
    assert verdict_on(lesson, facts_for(name), right) == "right"
    assert verdict_on(lesson, facts_for(name), wrong) == "far"


def arrived(name: str, language: str = "en") -> AppTest:
    """On the lesson's page, by its link."""
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.query_params.update({"lesson": name, "lang": language})
    at.run()
    return checked(at.switch_page("pages/lessons.py").run())


def checked(at: AppTest) -> AppTest:
    assert [error.value for error in at.exception] == []
    return at


def shown(at: AppTest) -> list[str]:
    """The page's texts, as people read them."""
    return [re.sub(r"\\(.)", r"\1", element.value) for element in at.markdown]


def written(text: str, facts: Facts) -> str:
    """A text with its numbers in it."""
    numbers = {key: fact if isinstance(fact, str) else Shown(fact) for key, fact in facts.items()}
    return text.format_map(numbers)


class Shown(float):
    """A number as the screen has it: with a minus sign instead of a hyphen."""

    def __format__(self, form: str) -> str:
        return float.__format__(self, form).replace("-", "−")


def pressed(at: AppTest, key: str) -> AppTest:
    return checked(at.button(key=key).click().run())


def guessed(at: AppTest, name: str, guess: float | str) -> AppTest:
    """Chosen or typed, and committed to."""
    key = f"guess {name}"
    if isinstance(lesson_of(name).prediction, Choice):
        at.radio(key=key).set_value(guess)
    else:
        assert not isinstance(guess, str)
        at.number_input(key=key).set_value(guess)
    return pressed(at.run(), f"commit {name}")


def keys(at: AppTest) -> set[str]:
    return {button.key or "" for button in at.button}


@pytest.mark.slow
@every_lesson
def test_from_the_question_to_what_came_of_it_and_on_to_the_lab(name: str) -> None:
    lesson, facts, said = lesson_of(name), facts_for(name), words_of(name, "en")
    at = arrived(name)
    question, reveal = written(said["question"], facts), written(said["reveal"], facts)
    assert f"#### {question}" in shown(at)
    assert at.button(key=f"commit {name}").disabled, "there is no guess yet"
    assert not keys(at) & {f"do {name}", f"reveal {name}"}

    at = guessed(at, name, guesses(name)[1])
    assert said["act"] in shown(at)
    assert at.button(key=f"commit {name}").disabled, "a guess stands"
    if lesson.change:
        assert f"reveal {name}" not in keys(at)
        at = pressed(at, f"do {name}")
    assert reveal not in shown(at)

    at = pressed(at, f"reveal {name}")
    assert reveal in shown(at)
    page = words("en")["page"]
    assert f"*{page['next']}:* {said['next']}" in shown(at)
    assert any(text.startswith(f"**{page['said'].partition('{')[0]}") for text in shown(at))

    at = pressed(at, "lesson to lab")
    assert at.session_state["page"] == ("compare" if lesson.kind == "comparison" else "lab")
    there = at.session_state["workspace of lab"].experiment
    assert there == from_address(lesson.after)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_of_a_language_opens_it(language: str) -> None:
    name = next(iter(lessons.LESSONS))
    assert f"#### {words_of(name, language)['question']}" in shown(arrived(name, language))


@pytest.mark.parametrize("wanted", ["", "no such lesson", "<b>"])
def test_a_link_to_no_lesson_opens_the_first(wanted: str) -> None:
    at = arrived(wanted, wanted)
    assert f"#### {words_of(next(iter(lessons.LESSONS)), 'en')['question']}" in shown(at)


def test_the_stage_shows_the_change_once_it_is_done() -> None:
    def extent(at: AppTest) -> float:
        (message,) = [e.proto.bytes for e in at.get("bidi_component") if e.proto.bytes]
        _, arrays = decode(message)
        return float(np.ptp(arrays["points"].reshape(-1, 2)[:, 1]))

    at = guessed(arrived("scaled"), "scaled", 0)
    before = extent(at)
    assert extent(pressed(at, "do scaled")) == pytest.approx(20 * before, rel=1e-3)


def test_the_next_lesson_and_the_same_one_again() -> None:
    first, second = list(lessons.LESSONS)[:2]
    at = pressed(guessed(arrived(first), first, 50), f"reveal {first}")
    again = pressed(at, "once more")
    assert again.session_state["workspace of lessons"].attempt.guess is None
    at = pressed(guessed(again, first, 50), f"reveal {first}")
    at = pressed(at, "forward")
    assert at.session_state["workspace of lessons"].attempt.name == second
