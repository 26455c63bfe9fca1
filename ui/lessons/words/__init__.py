"""What the lessons say, in each language: one file, with a table for every lesson."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent

LANGUAGES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}
"""By their code, as they call themselves."""

KEYS = ("title", "question", "ask", "act", "reveal", "next")
"""What every lesson says; `options` and `change` where it has some."""


@cache
def words(language: str) -> Mapping[str, Any]:
    """All tables of a language: one for each lesson, and `page` for what stands around them."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def comma_of(language: str) -> str:
    """What stands before the decimals of a number."""
    return words(language)["page"]["comma"]


def words_of(name: str, language: str) -> Mapping[str, Any]:
    """Those of one lesson."""
    return words(language)[name]
