"""What people are told of their file: refusals, what was dropped, and text made fit to be shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

N_EXAMPLES = 3
"""Lines that a reason for dropping rows names."""


class UploadError(ValueError):
    """An upload cannot be used; its text is one plain sentence, what is wrong and what to do."""


@dataclass(frozen=True)
class Dropped:
    """Rows of a file that are not used."""

    count: int = 0
    """How many."""
    reasons: tuple[str, ...] = ()
    """One sentence a reason, with the first few line numbers and values. Plain text, not Markdown or HTML."""


def readable(text: str, limit: int = 40) -> str:
    """Return `text` on one line, without control or invisible characters, at most `limit` characters long."""
    head = "".join(character if character.isprintable() else " " for character in text[: 4 * limit])
    short = " ".join(head.split())
    return short if len(short) <= limit and len(text) <= 4 * limit else short[: limit - 1] + "…"


def examples(
    rows: np.ndarray, line_numbers: np.ndarray | None, texts: Sequence[str] = (), place: str = "line"
) -> list[str]:
    """Return where the first few rows stand in the file, and what is written there."""
    few = rows[:N_EXAMPLES]
    if line_numbers is None:
        places = [f"row {row + 1}" for row in few]
    else:
        places = [f"{place} {line}" for line in line_numbers[few]]
    if not texts:
        return places
    return [f'{where} ("{readable(text)}")' for where, text in zip(places, texts, strict=False)]


def reason(count: int, why: str, places: Sequence[str]) -> str:
    """Return the sentence for `count` rows dropped, e.g. because "x is missing", and where they stand."""
    subject = "1 row was" if count == 1 else f"{count:,} rows were"
    more = f" and {count - len(places):,} more" if count > len(places) > 0 else ""
    return f"{subject} dropped because {why}{': ' if places else ''}{', '.join(places)}{more}."
