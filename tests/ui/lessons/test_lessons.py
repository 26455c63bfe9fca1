"""What every lesson keeps to, and the one message that takes it to a browser.

Each test takes a lesson by its name, so that test_adding_a_lesson.py can take one more through all of them.
"""

import math
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import ui.stage
from gmm_core.datasets.generators import GENERATORS
from tests.stage_message import decode
from ui import lessons
from ui.experiment.address import from_address
from ui.experiment.experiment import CHOICES
from ui.experiment.view import VIEW_CHOICES
from ui.lessons.filled import filled
from ui.lessons.lesson import SECRETS, TOOLS, Choice, Facts, Lesson, Number, Place, log_likelihood
from ui.lessons.words import KEYS, LANGUAGES, words, words_of
from ui.workspace import Workspace, result_of
from ui.workspace.classroom import MOST_AT_ONCE
from ui.workspace.lessons import (
    Visit,
    facts_of,
    in_the_lab,
    known,
    lesson_message,
    opened,
    take_events,
)

every_lesson = pytest.mark.parametrize("name", lessons.LESSONS)

# Where the claim of a lesson does not hold. One that changes something is tried without its change; the rest
# are true of every run, as that a share is a proportion of heights.
ELSEWHERE = {
    "halfway": {"family": "tied"},
    "where_next": {"algorithm": "classification"},
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
    facts = facts_for(name)
    match lesson_of(name).prediction:
        case Choice(options, of):
            assert facts[of] in options
            assert len(set(options)) == len(options) > 1
        case Number(low, high, step, of, near):
            assert low <= float(facts[of]) <= high
            # What arrow keys reach: every step from the lowest number on.
            assert ((high - low) / step).is_integer()
            assert near < (high - low) / 2
        case Place(of, near, decimals):
            outcome = result_of(Workspace(opened(lesson_of(name).preset)[0]), lesson_of(name).kind)
            ends = list(outcome.data.extent)
            assert len(of) == len(ends)
            for fact, (low, high) in zip(of, ends, strict=True):
                assert low < float(facts[fact]) < high, "it is in sight when the lesson opens"
                assert 10**-decimals < near < (high - low) / 4


@every_lesson
def test_one_message_holds_the_whole_lesson(name: str) -> None:
    lesson, facts = lesson_of(name), facts_for(name)
    header, arrays = decode(lesson_message(name))
    assert header["name"] == name
    assert list(lessons.LESSONS)[header["number"] - 1] == name
    assert [each["name"] for each in header["course"]] == list(lessons.LESSONS)
    assert (header["kind"], header["at"], header["lab"]) == (lesson.kind, lesson.at, dict(lesson.after))
    of = lesson.prediction.of
    actual = facts[of] if isinstance(of, str) else [facts[fact] for fact in of]
    assert header["prediction"]["actual"] == actual
    assert set(arrays) == ({"before", "after"} if lesson.change else {"before"})
    for language in LANGUAGES:
        said = header["say"][language]
        assert set(said) == set(words_of(name, language))
        assert said["reveal"] == filled(words_of(name, language)["reveal"], facts, language)
        assert not any("{" in said[key] for key in KEYS)
        assert header["page"][language] == words(language)["page"]


@every_lesson
def test_its_stages_show_the_preset_and_the_end_of_the_change(name: str) -> None:
    lesson = lesson_of(name)
    _, arrays = decode(lesson_message(name))
    shown = {key: decode(array.tobytes()) for key, array in arrays.items()}
    header, held = shown["before"]
    outcome = result_of(Workspace(from_address(lesson.preset)[0]), lesson.kind)
    assert outcome.run is not None
    assert header["states"] == len(outcome.run.states)
    np.testing.assert_array_equal(held["points"], outcome.data.points.ravel())
    assert header["half_step"] == from_address(lesson.preset)[1].half_step
    if lesson.change:
        header, held = shown["after"]
        outcome = result_of(Workspace(from_address(lesson.after)[0]), lesson.kind)
        assert outcome.run is not None
        assert header["states"] == len(outcome.run.states)
        np.testing.assert_array_equal(held["points"], outcome.data.points.ravel())
        assert header["half_step"] > 2 * header["states"], "it opens on the end, and not where people were"
        assert header["beginning"] != shown["before"][0]["beginning"]
        assert header["id"] != shown["before"][0]["id"]


@every_lesson
def test_a_run_by_hand_is_held_against_the_best_of_the_lesson(name: str) -> None:
    lesson = lesson_of(name)
    if lesson.hand:
        _, arrays = decode(lesson_message(name))
        assert all(decode(array.tobytes())[0]["fit"] for array in arrays.values()), (
            "a browser can fit it anew"
        )
        outcomes = [
            result_of(Workspace(from_address(each)[0]), lesson.kind) for each in (lesson.preset, lesson.after)
        ]
        ends = [log_likelihood(each) for each in outcomes]
        assert facts_for(name)["best"] == pytest.approx(max(ends))


@every_lesson
def test_no_hand_changes_a_lesson_and_every_hand_the_lab(name: str) -> None:
    _, arrays = decode(lesson_message(name))
    for array in arrays.values():
        assert decode(array.tobytes())[0]["locked"] is not lesson_of(name).hand
    experiment, view = in_the_lab(name)
    assert (experiment, view) == from_address(lesson_of(name).after)[:2]
    assert experiment.hide == ()


@pytest.mark.parametrize("wanted", ["", "no such lesson", "<b>"])
def test_a_link_to_no_lesson_opens_the_first(wanted: str) -> None:
    assert known(wanted) == next(iter(lessons.LESSONS))


def test_a_link_to_a_lesson_opens_it() -> None:
    assert [known(name) for name in lessons.LESSONS] == list(lessons.LESSONS)


@pytest.mark.parametrize(
    ("events", "lesson", "to_lab"),
    [
        ([{"type": "lesson", "name": "units"}], "units", False),
        ([{"type": "lesson", "name": "units"}, {"type": "lab"}], "units", True),
        ([{"type": "lesson", "name": "units"}, {"type": "guess"}, {"type": "seen"}], "units", False),
        ([{"type": "lesson", "name": "units"}, {"type": "lesson", "name": "limit"}], "limit", False),
        ([{"type": "lesson", "name": "no such lesson"}], "stacked", False),
        ([{"type": "lesson"}, {"type": "lesson", "name": 7}, {"name": "units"}], "names", False),
        ([], "names", False),
    ],
)
def test_a_browser_asks_for_a_lesson_or_the_lab(events: list[Any], lesson: str, to_lab: bool) -> None:
    visit = Visit("names")
    numbered = [{"number": number, **event} for number, event in enumerate(events, start=1)]
    assert take_events(visit, numbered) == numbered
    assert (visit.lesson, visit.to_lab, visit.acknowledged) == (lesson, to_lab, len(events))


def test_an_event_that_a_browser_sends_again_is_taken_once() -> None:
    visit = Visit("names")
    first, second, third = (
        {"number": 5, "type": "lesson", "name": "units"},
        {"number": 8, "type": "guess"},
        {"number": 9, "type": "lab"},
    )
    assert take_events(visit, [first]) == [first]
    visit.lesson = "limit"  # by the browser's Back
    assert take_events(visit, [first, second]) == [second]
    assert visit.lesson == "limit"
    assert take_events(visit, [first, second]) == []
    assert take_events(visit, [third]) == [third]


def test_of_more_events_than_a_hand_makes_none_is_lost() -> None:
    visit, taken = Visit("names"), []
    waiting = [{"number": number, "type": "guess"} for number in range(1, 100)]
    while waiting:
        new = take_events(visit, waiting)
        assert 0 < len(new) <= MOST_AT_ONCE
        taken += new
        # What the browser makes of it.
        waiting = [event for event in waiting if event["number"] > visit.acknowledged]
    assert [event["number"] for event in taken] == [*range(1, 100)]


@pytest.mark.parametrize(
    "events",
    [None, 5, {"type": "lab", "number": 1}, ["lab", None, 7, [], {}], [{"type": "lab"}], [{"number": "1"}]],
)
def test_forged_events_ask_for_nothing(events: Any) -> None:
    visit = Visit("names")
    assert take_events(visit, events) == []
    assert (visit.lesson, visit.to_lab, visit.acknowledged) == ("names", False, 0)


def test_a_change_of_units_is_seen() -> None:
    def extent(message: bytes) -> float:
        return float(np.ptp(decode(message)[1]["points"].reshape(-1, 2)[:, 1]))

    _, arrays = decode(lesson_message("scaled"))
    assert extent(arrays["after"].tobytes()) == pytest.approx(20 * extent(arrays["before"].tobytes()))


def test_a_mean_that_moves_is_the_weighted_mean_of_the_points() -> None:
    """The share of each point by Bayes' rule, written out: gmm_core computes it in another way."""
    facts = facts_for("where_next")
    outcome = result_of(Workspace(opened(lesson_of("where_next").preset)[0]), "lab")
    assert outcome.run is not None
    first, points = outcome.run.states[0].mixture, outcome.data.points
    heights = np.array(
        [
            weight
            * np.exp(-0.5 * np.einsum("ni,ij,nj->n", points - mean, np.linalg.inv(matrix), points - mean))
            / np.sqrt(np.linalg.det(matrix))
            for weight, mean, matrix in zip(first.weights, first.means, first.covariances, strict=True)
        ]
    )
    shares = heights[1] / heights.sum(axis=0)
    wanted = (shares[:, None] * points).sum(axis=0) / shares.sum()
    assert (facts["x"], facts["y"]) == pytest.approx(tuple(wanted))


@pytest.mark.parametrize(
    ("language", "shown"),
    [("en", "−0.50 and 1000, Log-Likelihood −3, far"), ("de", "−0,50 and 1000, Log-Likelihood −3, far")],
)
def test_numbers_are_written_as_a_language_has_them(language: str, shown: str) -> None:
    text = "{a:.2f} and {b:.0f}, Log-Likelihood {c:.0f}, {d}"
    assert filled(text, {"a": -0.5, "b": 1000.0, "c": -3.0, "d": "far"}, language) == shown


@every_lesson
def test_its_tools_are_those_of_a_stage(name: str) -> None:
    source = (Path(ui.stage.__file__).parent / "static/controls/toolbar.js").read_text(encoding="utf-8")
    (named,) = re.findall(r"this\.named = \{(.*?)\};", source, re.DOTALL)
    assert set(re.findall(r"(\w+): this", named)) == set(TOOLS)
    assert set(lesson_of(name).tools) <= set(TOOLS)


@every_lesson
def test_its_secrets_are_things_on_the_stage(name: str) -> None:
    style = (Path(ui.stage.__file__).parent / "static/lesson.css").read_text(encoding="utf-8")
    assert set(re.findall(r'\[data-secrets~="(\w+)"\]', style)) == set(SECRETS)
    assert set(lesson_of(name).secrets) <= set(SECRETS)
