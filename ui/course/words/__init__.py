"""What the pages of the course say around the lessons, in each language: one file."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent


@cache
def course_words(language: str) -> Mapping[str, str]:
    """All texts of a language, a code of `ui.lessons.words.LANGUAGES`."""
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
