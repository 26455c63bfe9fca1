"""Which terms a text has: as the browser finds them, word by word, the longest form first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ui.glossary.words import glossary_words


@dataclass(frozen=True)
class Found:
    """One occurrence."""

    term: str
    """Its name; empty for a phrase that holds a form and is no term."""
    start: int
    end: int
    """Between which letters of the text it stands."""


@cache
def forms_of(language: str) -> dict[str, str]:
    """Each form in which a term may stand -> the name of the term; in small letters, but for those that only
    stand as they are."""
    page = glossary_words(language)["page"]
    forms: dict[str, str] = {}
    for form, name in stems_of(language).items():
        for ending in page["endings"]:
            forms.setdefault(form + ending, name)
    return forms | dict.fromkeys(page["plain"], "")


def stems_of(language: str) -> dict[str, str]:
    """The same without endings, and without phrases that are no terms."""
    stems: dict[str, str] = {}
    for name, table in glossary_words(language).items():
        if name != "page":
            for form in (table["name"], *table.get("forms", ())):
                stems[form if form.isupper() and form.isascii() else form.lower()] = name
            stems |= dict.fromkeys(table.get("exact", ()), name)
    return stems


@cache
def _pattern(language: str) -> re.Pattern[str]:
    longest_first = sorted(forms_of(language), key=lambda form: (-len(form), form))
    return re.compile(rf"(?<![\w])(?:{'|'.join(map(re.escape, longest_first))})(?![\w])", re.IGNORECASE)


def find(text: str, language: str = "en") -> Iterator[Found]:
    """Every occurrence of a term in a text, from left to right, and of phrases that only look like one."""
    forms = forms_of(language)
    for match in _pattern(language).finditer(text):
        # Of a single letter the large one means something else.
        name = forms.get(match[0], forms.get(match[0].lower()) if len(match[0]) > 1 else None)
        if name is not None:
            yield Found(name, match.start(), match.end())


def said_of(text: str, language: str = "en") -> str:
    """What the glossary says of the first term in a text; empty for none."""
    first = next((found.term for found in find(text, language) if found.term), None)
    return "" if first is None else glossary_words(language)[first]["say"]
