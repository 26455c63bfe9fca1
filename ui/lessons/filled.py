"""A lesson's texts with its numbers in them, as people of a language write numbers."""

import re
from collections.abc import Mapping
from typing import Any

from ui.lessons.lesson import Facts
from ui.lessons.words import comma_of, words_of

FILLED = ("question", "reveal")
"""The texts that numbers are put into."""


class _Written(float):
    """A number that is formatted with the sign of a language before its decimals."""

    comma = "."

    def __format__(self, form: str) -> str:
        return super().__format__(form).replace(".", self.comma)


def filled(text: str, facts: Facts, language: str) -> str:
    """The text with numbers in place of {names} of facts. Raises KeyError for a name that is no fact."""
    written = type("_Written", (_Written,), {"comma": comma_of(language)})
    numbers = {key: fact if isinstance(fact, str) else written(fact) for key, fact in facts.items()}
    # A minus before a number; “Log-Likelihood” keeps its hyphen.
    return re.sub(r"(?<!\w)-(?=\d)", "−", text.format_map(numbers))


def said_of(name: str, facts: Facts, language: str) -> Mapping[str, Any]:
    """Everything that a lesson says in a language."""
    said = words_of(name, language)
    return {**said, **{key: filled(said[key], facts, language) for key in FILLED}}
