"""A room's bars: every vote is in one of them, and the answer is in one."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ui.lessons import LESSONS
from ui.lessons.lesson import Choice, Number, Place
from ui.rooms.ballot import as_vote
from ui.rooms.room import FIRST, SECOND
from ui.rooms.tally import MOST_BARS, tally

NUMBERS = [lesson for lesson in LESSONS.values() if isinstance(lesson.prediction, Number)]


def numbers(name: str) -> list[float]:
    """From where to where a bar goes."""
    return [float(number.replace("−", "-")) for number in re.split(" to ", name)]


@pytest.mark.parametrize("name", LESSONS)
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_every_vote_is_in_one_bar_and_one_bar_is_the_answer(name: str, data: st.DataObject) -> None:
    prediction = LESSONS[name].prediction
    if isinstance(prediction, Choice):
        values: st.SearchStrategy[str | float | None] = st.sampled_from(prediction.options)
        facts = {prediction.of: data.draw(values)}
    elif isinstance(prediction, Place):
        number = st.floats(-10, 10)
        facts = {fact: data.draw(number) for fact in prediction.of}
        place = st.lists(number, min_size=len(prediction.of), max_size=len(prediction.of))
        values = place.map(lambda place: as_vote(name, place))
    else:
        values = st.floats(prediction.low, prediction.high)
        facts = {prediction.of: data.draw(values)}
    votes = {round: Counter(data.draw(st.lists(values, max_size=30))) for round in (FIRST, SECOND)}
    bars = tally(prediction, votes, facts)  # type: ignore[arg-type]
    assert sum(bar.first for bar in bars) == votes[FIRST].total()
    assert sum(bar.second for bar in bars) == votes[SECOND].total()
    assert [bar.is_answer for bar in bars].count(True) == 1
    assert len(bars) <= MOST_BARS
    assert len({bar.name for bar in bars}) == len(bars)


@settings(deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=1, max_size=20), st.floats(-1, 1))
def test_a_place_is_near_as_far_as_the_lesson_says_so(places: list[float], answer: float) -> None:
    lesson = next(
        lesson
        for lesson in LESSONS.values()
        if isinstance(lesson.prediction, Place) and len(lesson.prediction.of) == 1
    )
    prediction = lesson.prediction
    assert isinstance(prediction, Place)
    said = Counter(as_vote(lesson.name, [place]) for place in places)
    bars = tally(prediction, {FIRST: said, SECOND: Counter()}, {prediction.of[0]: answer})  # type: ignore[dict-item]
    near = sum(abs(place - answer) <= prediction.near for place in places)
    assert [bar.first for bar in bars] == [near, len(places) - near]


@pytest.mark.parametrize("lesson", NUMBERS, ids=lambda lesson: lesson.name)
def test_a_bar_holds_the_numbers_that_it_names(lesson: object) -> None:
    prediction = lesson.prediction  # type: ignore[attr-defined]
    steps = round((prediction.high - prediction.low) / prediction.step)
    for i in range(steps + 1):
        value = prediction.low + i * prediction.step
        vote = as_vote(lesson.name, value)  # type: ignore[attr-defined]
        if vote is None:
            assert value > prediction.high, "a step that rounding has put beyond the end"
            continue
        bars = tally(prediction, {FIRST: Counter([vote]), SECOND: Counter()}, {prediction.of: prediction.low})
        (bar,) = (bar for bar in bars if bar.first)
        ends = numbers(bar.name)
        assert ends[0] - 1e-9 <= value <= ends[-1] + 1e-9
