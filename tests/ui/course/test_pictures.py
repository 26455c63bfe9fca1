"""The pictures of the teacher's page are those that a lesson opens on and reveals."""

import re

import pytest

from tests.stage_message import decode
from ui.course.pictures import Picture, pictures_of
from ui.lessons import LESSONS
from ui.workspace.lessons import lesson_message

every_lesson = pytest.mark.parametrize("name", LESSONS)


def numbered(picture: Picture) -> list[int]:
    """The components whose means have a number."""
    return [int(number) for number in re.findall(r'font-weight="bold" fill="#fff">(\d+)<', picture.svg)]


def messages(name: str) -> list[dict]:
    """The headers of the stage's messages in a lesson's."""
    _, arrays = decode(lesson_message(name))
    return [decode(arrays[key].tobytes())[0] for key in ("before", "after") if key in arrays]


@every_lesson
def test_they_show_the_half_steps_that_the_stage_shows(name: str) -> None:
    before, after = pictures_of(name)
    opens, *_ = headers = messages(name)
    last = 2 * opens["states"] - 1
    assert before[-1].at == min(opens["half_step"], before[-1].last)
    assert before[-1].title == opens["title"]
    if not opens.get("dial"):
        assert before[-1].last == last
    if len(headers) == 2:
        assert after, "what changed is shown"
        assert after[-1].title == headers[1]["title"]
    if after:
        wanted = LESSONS[name].at
        assert [each.at for each in after] == [each.last if wanted is None else wanted for each in after]


@every_lesson
def test_every_component_has_its_number(name: str) -> None:
    before, after = pictures_of(name)
    opens, *_ = messages(name)
    # A variational mixture has switched some off in the end.
    for picture in [*before, *([] if opens["algorithm"] == "variational" else after)]:
        assert numbered(picture) == list(range(1, opens["components"] + 1))


def test_a_variational_mixture_ends_with_the_components_that_are_left() -> None:
    from ui.workspace.lessons import facts_of

    _, (end,) = pictures_of("open_number")
    assert len(numbered(end)) == facts_of("open_number")["left"]


def test_before_the_first_half_step_nothing_has_a_colour() -> None:
    (start,), (_, end) = pictures_of("circles")
    colours = [
        set(re.findall(r'<circle r="[\d.]+" opacity="0.8" cx="[^"]*" cy="[^"]*" fill="([^"]+)"', p.svg))
        for p in (start, end)
    ]
    assert len(colours[0]) == 1
    assert len(colours[1]) > 3
