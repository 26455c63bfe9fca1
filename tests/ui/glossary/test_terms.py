"""Every term says what it means in every language, in short sentences, with a formula and three strokes."""

import re

import pytest

from tests.readability import grade
from ui.glossary import TERMS
from ui.glossary.finding import forms_of, stems_of
from ui.glossary.strokes import HEIGHT, WIDTH
from ui.glossary.words import LANGUAGES, glossary_words

# Of a page on which a lesson may stand in each of them.
from ui.lessons.words import LANGUAGES as OF_LESSONS

MOST_LETTERS = 190
HARDEST = 9

every_term = pytest.mark.parametrize("name", TERMS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


@every_language
def test_no_language_misses_a_term_or_has_one_more(language: str) -> None:
    words = glossary_words(language)
    assert set(words) - {"page"} == set(TERMS)
    assert set(words["page"]) == set(glossary_words("en")["page"])


def test_whoever_reads_a_lesson_can_read_its_terms() -> None:
    assert set(OF_LESSONS) <= set(LANGUAGES)


@every_language
@every_term
def test_one_or_two_short_sentences(name: str, language: str) -> None:
    said = glossary_words(language)[name]["say"]
    assert said.endswith(".")
    assert len(said) <= MOST_LETTERS
    assert len(re.findall(r"[.?!](?:\s|$)", said)) <= 3


@every_term
def test_a_first_year_student_can_read_it(name: str) -> None:
    assert grade(glossary_words("en")[name]["say"]) <= HARDEST


def test_a_hard_sentence_is_seen() -> None:
    hard = (
        "Marginalisation eliminates uninteresting dimensions through integration of the joint distribution."
    )
    assert grade(hard) > HARDEST


@every_term
def test_its_neighbours_are_terms_and_others(name: str) -> None:
    see = TERMS[name].see
    assert 1 <= len(see) <= 5
    assert set(see) <= set(TERMS) - {name}
    assert len(set(see)) == len(see)


def test_nobody_is_an_island() -> None:
    """From any term every other can be reached, forwards or backwards."""
    neighbours = {name: set(term.see) for name, term in TERMS.items()}
    for name, term in TERMS.items():
        for other in term.see:
            neighbours[other].add(name)
    reached, edge = set[str](), {next(iter(TERMS))}
    while edge:
        reached |= edge
        edge = set[str]().union(*(neighbours[name] for name in edge)) - reached
    assert reached == set(TERMS)


@every_term
def test_its_picture_has_three_strokes_within_the_box(name: str) -> None:
    strokes = TERMS[name].picture
    assert len(strokes) == 3
    for stroke in strokes:
        # Dots are circles, whose small letters go on from where they are.
        absolute = re.sub(r"a[^ML]*", "", stroke)
        assert re.fullmatch(r"(?:[MLC](?:-?\d+(?:\.\d+)? ?)+|Z)+", absolute), stroke
        numbers = [float(text) for text in re.findall(r"-?\d+(?:\.\d+)?", absolute)]
        assert len(numbers) % 2 == 0
        assert all(-1 <= x <= WIDTH + 1 for x in numbers[::2]), stroke
        assert all(0 <= y <= HEIGHT for y in numbers[1::2]), stroke


def test_no_two_pictures_are_the_same() -> None:
    assert len({term.picture for term in TERMS.values()}) == len(TERMS)


@every_language
def test_no_form_means_two_things(language: str) -> None:
    words = glossary_words(language)
    owners: dict[str, str] = {}
    for name in TERMS:
        table = words[name]
        for form in (table["name"], *table.get("forms", ()), *table.get("exact", ())):
            key = form if form in table.get("exact", ()) or form.isupper() else form.lower()
            assert owners.setdefault(key, name) == name, form
    assert set(stems_of(language)) <= set(forms_of(language))
