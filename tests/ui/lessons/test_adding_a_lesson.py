"""What CONTRIBUTING.md says of adding a lesson: one file, one line, one table in each language; it then keeps
to all that the others keep to."""

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import MappingProxyType

import pytest

import ui.lessons.words
import ui.workspace.lessons
from tests.ui.lessons import test_lessons as course
from tests.ui.lessons import test_words as reading
from ui import lessons

FILE = '''
"""A mixture of one component is one Gaussian, which sits at the mean of the points."""

from ui.lessons.lesson import Facts, Lesson, Number, Outcome, run_of


def _facts(before: Outcome, after: Outcome) -> Facts:
    means = run_of(after).mixture.means
    gap = float(abs(means[0] - after.data.points.mean(axis=0)).max())
    return {"before": len(run_of(before).mixture.means), "parts": len(means), "gap": gap}


LESSON = Lesson(
    name="one",
    preset={"k": "3", "at": "60"},
    change={"k": "1"},
    prediction=Number(0, 5, 1, of="parts", near=1),
    facts=_facts,
    claim=lambda facts: facts["parts"] == 1 and float(facts["gap"]) < 1e-6,
)
'''

WORDS = {
    "en": """
[one]
title = "One alone"
question = "There are {before:.0f} ellipses. Where does one alone end?"
ask = "How many means are left?"
act = "Press the button and look at the mean."
reveal = "There is {parts:.0f} mean, and it is {gap:.2f} away from the mean of all points."
next = "Ask “Which model?” how many there should be."
""",
    "de": """
[one]
title = "Eine allein"
question = "Hier sind {before:.0f} Ellipsen. Wo endet eine allein?"
ask = "Wie viele Mittelwerte bleiben?"
act = "Drück auf den Knopf und schau auf den Mittelwert."
reveal = "Es gibt {parts:.0f} Mittelwert, und er liegt {gap:.2f} vom Mittelwert aller Punkte."
next = "Frag „Which model?“, wie viele es sein sollten."
""",
}

OF_THE_COURSE = [
    course.test_what_it_opens_on_is_sound_and_runs,
    course.test_its_preset_means_something,
    course.test_a_change_changes_something,
    course.test_its_claim_holds_in_finite_numbers,
    course.test_its_claim_looks_at_the_numbers,
    course.test_its_claim_can_fail_in_a_run,
    course.test_the_prediction_can_come_true,
    course.test_one_message_holds_the_whole_lesson,
    course.test_its_stages_show_the_preset_and_the_end_of_the_change,
    course.test_no_hand_changes_a_lesson_and_every_hand_the_lab,
    reading.test_english_can_be_read_after_nine_years_of_school,
    reading.test_german_has_short_sentences,
]
IN_EVERY_LANGUAGE = [
    reading.test_no_lesson_misses_a_word,
    reading.test_every_number_is_one_of_the_lessons_facts,
    reading.test_numbers_are_written_as_people_write_them,
    reading.test_nothing_is_shouted_and_nobody_is_praised,
]


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The lesson's name, while it is one of the course."""
    (tmp_path / "one.py").write_text(FILE, "utf-8")
    spec = importlib.util.spec_from_file_location("one", tmp_path / "one.py")
    assert spec is not None
    assert spec.loader is not None
    one = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(one)
    longer = MappingProxyType({**lessons.LESSONS, one.LESSON.name: one.LESSON})
    for module in (lessons, ui.workspace.lessons):
        monkeypatch.setattr(module, "LESSONS", longer)
    for language, table in WORDS.items():
        file = shutil.copy(Path(ui.lessons.words.__file__).parent / f"{language}.toml", tmp_path)
        with open(file, "a", encoding="utf-8") as said:
            said.write(table)
    monkeypatch.setattr(ui.lessons.words, "_FOLDER", tmp_path)
    ui.lessons.words.words.cache_clear()
    yield one.LESSON.name
    ui.lessons.words.words.cache_clear()


@pytest.mark.parametrize("keeps_to", OF_THE_COURSE)
def test_it_keeps_to_what_all_lessons_keep_to(keeps_to: Callable[[str], None], added: str) -> None:
    keeps_to(added)


@pytest.mark.parametrize("keeps_to", IN_EVERY_LANGUAGE)
@reading.every_language
def test_it_is_said_in_every_language(
    keeps_to: Callable[[str, str], None], language: str, added: str
) -> None:
    keeps_to(added, language)


def test_the_course_has_no_lesson_too_many(added: str) -> None:
    assert added in lessons.LESSONS
    reading.test_a_language_has_no_lesson_that_the_course_has_not()


def test_a_missing_table_is_noticed(added: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the tests above mean something."""
    monkeypatch.setitem(ui.lessons.words.words("de")[added], "next", "")  # pyright: ignore[reportArgumentType]
    with pytest.raises(AssertionError):
        reading.test_no_lesson_misses_a_word(added, "de")
