"""How choices are written in an address, and read from what people have typed there."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from gmm_core.points import LARGEST
from ui.uploads.numerals import THOUSANDS
from ui.uploads.table import DECIMALS, ENCODINGS, SEPARATORS, Reading

# A longer list makes an address that servers and mail programs cut.
MOST_LISTED = 1000

MOST_ROWS = 10**9


class AddressError(ValueError):
    """A value in the address that means nothing; the text is the rest of "<key>: ..."."""


def written(value: Any) -> str:
    """A number, a truth value or a text, to the last digit: what a link opens must equal what was seen."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    return str(value)


@dataclass(frozen=True)
class Text:
    """How one kind of value is written and read."""

    read: Callable[[str], Any]
    """Raises AddressError for what means nothing."""
    write: Callable[[Any], str] = written


def short(text: str) -> str:
    """As much of `text`, in quotes, as a sentence about it can bear."""
    return repr(text if len(text) <= 24 else text[:23] + "…")


def whole(low: int, high: int) -> Text:
    """Whole numbers."""
    return _within(int, "a whole number", low, high)


def number(low: float, high: float) -> Text:
    """Numbers."""
    return _within(float, "a number", low, high)


def _within(kind: Callable[[str], Any], called: str, low: float, high: float) -> Text:
    def read(text: str) -> Any:
        try:
            value = kind(text)
        except ValueError:
            raise AddressError(f"{short(text)} is not {called}") from None
        if not low <= value <= high:
            ends = (f"{end:g}" if isinstance(end, float) else str(end) for end in (low, high))
            raise AddressError(f"{short(text)} is not from {' to '.join(ends)}")
        return value

    return Text(read)


def bare(text: str) -> str:
    """What of a name people remember: they write “eii” and “Old Faithful”."""
    return "".join(letter for letter in text.casefold() if letter.isalnum() or letter == "+")


def one_of(*choices: str) -> Text:
    """One of several names, as people remember it."""
    by_bare = {bare(choice): choice for choice in choices}

    def read(text: str) -> str:
        # A plus sign that was typed into an address is read as a space.
        ways = bare(text.replace(" ", "+")), bare(text)
        found = text if text in choices else next((by_bare[way] for way in ways if way in by_bare), None)
        if found is None:
            raise AddressError(f"{short(text)} is not one of {', '.join(choices)}")
        return found

    return Text(read)


def several(choices: Iterable[str]) -> Text:
    """Some of several names, in the order of `choices`."""
    known = one_of(*choices)

    def read(text: str) -> tuple[str, ...]:
        chosen = [known.read(name) for name in text.split(",")]
        return tuple(name for name in choices if name in chosen)

    return Text(read, ",".join)


def model_of(families: Iterable[str], most: int) -> Text:
    """A family and a number of components, as in full_3."""
    known, ks = one_of(*families), whole(1, most)

    def read(text: str) -> tuple[str, int]:
        family, _, k = text.strip().replace("_", " ").rpartition(" ")
        return (known.read(family), ks.read(k))

    return Text(read, lambda model: "_".join(map(written, model)))


def switch() -> Text:
    """On or off."""
    known = one_of("on", "off")
    return Text(lambda text: known.read(text) == "on")


def level(*levels: float) -> Text:
    """One of several numbers in three digits, by its value: “24.5” is no way of writing 2.45."""
    known, numbers = one_of(*(f"{value:.3g}" for value in levels)), number(min(levels), max(levels))
    return Text(lambda text: float(known.read(written(numbers.read(text)))))


def any_text() -> Text:
    """Whatever is written."""
    return Text(str)


def rows(*n_columns: int) -> Text:
    """Rows of numbers, as many in each of them, one of `n_columns`: commas within, underscores between."""
    cell = number(-LARGEST, LARGEST)

    def read(text: str) -> tuple[tuple[float, ...], ...]:
        found = tuple(tuple(cell.read(one) for one in row.split(",")) for row in text.split("_"))
        widths = {len(row) for row in found}
        if len(found) > MOST_LISTED or len(widths) != 1 or not widths <= set(n_columns):
            many = " or ".join(map(str, n_columns))
            raise AddressError(f"it is not a list of at most {MOST_LISTED} rows of {many} numbers")
        return found

    return Text(read, lambda table: "_".join(",".join(map(written, row)) for row in table))


def names(most: int) -> Text:
    """At most `most` different names: commas between, and quotes about one that holds a comma itself."""

    def read(text: str) -> tuple[str, ...]:
        try:
            found = tuple(next(csv.reader(io.StringIO(text, newline=""), strict=True), ()))
        except csv.Error:
            found = ()
        if not 0 < len(found) <= most or len(set(found)) < len(found) or not all(found):
            raise AddressError(f"it is not a list of at most {most} different names")
        return found

    def write(chosen: tuple[str, ...]) -> str:
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="").writerow(chosen)
        return line.getvalue()

    return Text(read, write)


def indices(high: int, *, n_values: int | None = None) -> Text:
    """Whole numbers from 0 to `high`; exactly `n_values` of them where that is given."""
    cell = whole(0, high)

    def read(text: str) -> tuple[int, ...]:
        found = tuple(cell.read(one) for one in text.split(","))
        if n_values not in (None, len(found)):
            raise AddressError(f"{short(text)} is not {n_values} whole numbers")
        return found

    return Text(read, lambda values: ",".join(map(str, values)))


def two_of(n_values: int) -> Text:
    """Two different whole numbers below `n_values`."""
    known = indices(n_values - 1, n_values=2)

    def read(text: str) -> tuple[int, ...]:
        first, second = known.read(text)
        if first == second:
            raise AddressError(f"{short(text)} is not two different numbers")
        return (first, second)

    return Text(read, known.write)


def questions() -> Text:
    """Columns, operators and values that a row must fulfil."""

    def read(text: str) -> tuple[tuple[str, str, str], ...]:
        try:
            found = json.loads(text)
            if all(isinstance(part, str) for row in found for part in row):
                return tuple((column, operator, value) for column, operator, value in found)
        except (ValueError, TypeError, RecursionError):
            pass
        raise AddressError("it is not a list of columns, operators and values")

    return Text(read, json.dumps)


# What may stand for each field of a Reading; None for any text.
_READINGS: Mapping[str, Any] = {
    "separator": SEPARATORS,
    "decimal": DECIMALS,
    "thousands": (*THOUSANDS, ""),
    "header": (0, 1, 2),
    "encoding": ENCODINGS,
    "sheet": None,
    "missing": None,
    "totals": (False, True),
}


def reading() -> Text:
    """What people corrected in the way a file is read."""

    def read(text: str) -> Reading:
        try:
            found = json.loads(text)
            if isinstance(found.get("missing"), list):
                found["missing"] = tuple(found["missing"])
            known = all(_may_say(name, value) for name, value in found.items())
        except (ValueError, TypeError, AttributeError, RecursionError):
            known, found = False, {}
        if not known or not found:
            raise AddressError("it does not say how a file is read")
        return Reading(**found)

    def write(value: Reading) -> str:
        corrections = value.corrections
        if "header" in corrections:
            corrections["header"] = int(corrections["header"])
        return json.dumps(corrections, ensure_ascii=False)

    return Text(read, write)


def _may_say(name: str, value: Any) -> bool:
    if name not in _READINGS:
        return False
    if name == "missing":
        return isinstance(value, tuple) and all(isinstance(mark, str) for mark in value)
    choices = _READINGS[name]
    kind = {"header": int, "totals": bool}.get(name, str)
    return type(value) is kind and (choices is None or value in choices)
