"""What the lessons say: in every language all of it, with its numbers, in words that are easy to read."""

import re
from pathlib import Path
from string import Formatter

import pytest
from streamlit.testing.v1 import AppTest

from tests.readability import grade
from tests.ui.lessons.test_lessons import facts_for
from ui import lessons
from ui.app.choosing import PARTS
from ui.app.sidebar import family_title
from ui.experiment import FOUR
from ui.lessons.filled import FILLED, filled
from ui.lessons.lesson import Choice
from ui.lessons.words import KEYS, LANGUAGES, words, words_of

APP = Path(__file__).parents[3] / "app.py"

every_lesson = pytest.mark.parametrize("name", lessons.LESSONS)
every_language = pytest.mark.parametrize("language", LANGUAGES)

OWN = {"end", "gap", "steps"}
"""What the browser says of a run that people have made."""

PRAISE = {
    "en": "great|excellent|perfect|congratulations|brilliant|awesome|fantastic|amazing|well done|good job",
    "de": "toll|super|prima|perfekt|klasse|ausgezeichnet|hervorragend|großartig|gut gemacht|glückwunsch",
}


def texts(name: str, language: str) -> dict[str, str]:
    """Everything a lesson says in a language, or the page around it, by key."""
    said = words_of(name, language)
    options = {f"option {key}": text for key, text in said.get("options", {}).items()}
    return {key: text for key, text in said.items() if key != "options"} | options


def placeholders(text: str) -> set[tuple[str, str]]:
    """The names in braces, each with how it is written."""
    return {(name, form or "") for _, name, form, _ in Formatter().parse(text) if name is not None}


def running_text(name: str, language: str) -> str:
    """What people read from the question to what they may try next, with the numbers in it."""
    said, facts = words_of(name, language), facts_for(name)
    return " ".join(filled(said[key], facts, language) for key in ("question", "act", "reveal", "next"))


def test_a_language_has_no_lesson_that_the_course_has_not() -> None:
    for language in LANGUAGES:
        assert set(words(language)) == {*lessons.LESSONS, "page"}


@every_lesson
@every_language
def test_no_lesson_misses_a_word(name: str, language: str) -> None:
    said, lesson = words_of(name, language), lessons.LESSONS[name]
    prediction = lesson.prediction
    options = prediction.options if isinstance(prediction, Choice) else ()
    more = {"options": bool(options), "yours": lesson.hand}
    assert set(said) == {*KEYS} | {key for key, has in more.items() if has}
    assert set(said.get("options", {})) == set(options)
    assert len(set(said.get("options", {}).values())) == len(options), "two answers read alike"
    assert all(text.strip() == text != "" for text in texts(name, language).values())


@every_lesson
@every_language
def test_every_number_is_one_of_the_lessons_facts(name: str, language: str) -> None:
    facts = facts_for(name)
    for key, text in texts(name, language).items():
        found = placeholders(text)
        known = set(facts) if key in FILLED else OWN if key == "yours" else set[str]()
        assert {fact for fact, _ in found} <= known
        assert found == placeholders(texts(name, "en")[key]), "a translation shows the same numbers"


@every_lesson
@every_language
def test_numbers_are_written_as_people_write_them(name: str, language: str) -> None:
    assert not re.search(r"\d[eE][+-]?\d|\b(nan|inf)\b", running_text(name, language))


@every_language
def test_the_page_around_a_lesson_says_the_same_in_every_language(language: str) -> None:
    ours, english = texts("page", language), texts("page", "en")
    assert set(ours) == set(english)
    assert all(text.strip() == text != "" for text in ours.values())
    assert {key: placeholders(text) for key, text in ours.items()} == {
        key: placeholders(text) for key, text in english.items()
    }


@pytest.mark.parametrize("name", [*lessons.LESSONS, "page"])
@every_language
def test_nothing_is_shouted_and_nobody_is_praised(name: str, language: str) -> None:
    for text in texts(name, language).values():
        assert "!" not in text
        assert not re.search(rf"\b({PRAISE[language]})\b", text, re.IGNORECASE)


def test_a_translation_translates() -> None:
    for language in set(LANGUAGES) - {"en"}:
        for name in lessons.LESSONS:
            ours, english = words_of(name, language), words_of(name, "en")
            assert [key for key in KEYS if ours[key] == english[key]] == []


def quoted(name: str, language: str) -> set[str]:
    """What stands in quotation marks: things on the screen, under the names that they have there."""
    return {
        found for text in texts(name, language).values() for found in re.findall(r"[“„]([^“”„]+)[”“]", text)
    }


@pytest.fixture(scope="module")
def on_the_screen() -> set[str]:
    """Pages, questions, families, and the lab's buttons where one column has far larger units."""
    at = AppTest.from_file(str(APP), default_timeout=60)
    at.query_params.update({"data": "old_faithful", "family": "spherical"})
    at.run()
    assert not at.exception
    families = {family_title(family).partition(" ")[0] for family in FOUR}
    pages = set(re.findall(r'title="([^"]+)"', APP.read_text("utf-8")))
    return {button.label for button in at.button} | families | pages | {part.title for part in PARTS.values()}


@every_lesson
@every_language
def test_what_is_quoted_is_on_the_screen(name: str, language: str, on_the_screen: set[str]) -> None:
    assert quoted(name, language) <= on_the_screen
    assert quoted(name, language) == quoted(name, "en")


@every_lesson
def test_english_can_be_read_after_nine_years_of_school(name: str) -> None:
    """By the formula of Kincaid et al. (1975)."""
    assert grade(running_text(name, "en")) <= 9


@every_lesson
def test_german_has_short_sentences(name: str) -> None:
    sentences = re.split(r"[.:?](?:\s|$)", running_text(name, "de"))
    lengths = [len(sentence.split()) for sentence in sentences if sentence]
    assert sum(lengths) / len(lengths) <= 14
    assert max(lengths) <= 24


def test_hard_words_are_noticed() -> None:
    """So that the bound above means something."""
    hard = "Regularisation substantially ameliorates degenerate maximum-likelihood estimation of covariances."
    assert grade(hard) > 9
