"""Commas that separate columns and are decimal marks as well: "1,5,2,5" under "x,y" is 1.5 and 2.5."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import combinations, islice, pairwise

BETWEEN = ";"
"""What separates the fields of rows that were joined again."""

_WHOLE = re.compile(r"\s*[+-]?[0-9]*\s*")
_DIGITS = re.compile(r"[0-9]+\s*")
_MOST_WAYS = 2_000


def fractions(rows: Sequence[Sequence[str]], n_names: int, *, asked: bool) -> frozenset[int]:
    """Return which fields of equally long rows are fractions of those before them; none if that is not sure.

    It is sure where only one way to join the fields gives as many columns as there are names. With one field
    more than names, R would have written the names of the rows, so then people must have `asked` for decimal
    commas; of several ways they get the one whose last columns have fractions.
    """
    columns = [*zip(*rows, strict=True)]
    width = len(columns)
    surplus = width - n_names
    if surplus < 1 or surplus > n_names or width > 200 or (surplus == 1 and not asked):
        return frozenset()
    whole = [all(map(_WHOLE.fullmatch, column)) for column in columns]
    digits = [all(map(_DIGITS.fullmatch, column)) for column in columns]
    possible = [place for place in range(1, width) if whole[place - 1] and digits[place]]
    ways = islice(combinations(possible[::-1], surplus), _MOST_WAYS)
    apart = [way for way in ways if all(a - b > 1 for a, b in pairwise(way))]
    return frozenset(apart[0]) if len(apart) == 1 or (apart and asked) else frozenset()


def rejoined(rows: bytes, width: int, places: Collection[int]) -> bytes:
    """Return rows with their fractions behind decimal commas and `BETWEEN` between their fields.

    A row that has not `width` fields stays as it is: whatever it says, it is not said in this way.
    """
    marks = [b"," if place in places else BETWEEN.encode() for place in range(1, width)]
    lines = rows.split(b"\n")
    for number, line in enumerate(lines):
        fields = line.split(b",")
        if len(fields) == width:
            pairs = zip(fields, [*marks, b""], strict=True)
            lines[number] = b"".join(part for pair in pairs for part in pair)
    return b"\n".join(lines)
