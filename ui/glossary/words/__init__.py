"""What the glossary says, in each language: one file, with a table for every term."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent

LANGUAGES: tuple[str, ...] = tuple(
    sorted((file.stem for file in _FOLDER.glob("*.toml")), key=lambda code: (code != "en", code))
)
"""By their codes, English first: whoever has no words of their own gets these."""


@cache
def glossary_words(language: str) -> Mapping[str, Any]:
    """All tables of a language: one for each term, and `page` for what stands around them.

    Raises FileNotFoundError for a language without words.
    """
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
