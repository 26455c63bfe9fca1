"""Values out of a JSON text that somebody else may have written, each of the type it must be."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from gmm_core.points import Array

# One half of a surrogate pair, with which JSON writes a letter beyond 16 bits; escaped or as it is.
_HALF_LETTER = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


@dataclass(frozen=True)
class Fields:
    """The named values of one JSON object; whatever is not as it must be raises `error`, in one sentence."""

    values: dict[str, Any]
    """By name."""
    what: str
    """What the text is, such as "model"."""
    error: Callable[[str], Exception]
    """Makes the exception of a sentence."""

    @classmethod
    def parse(cls, text: Any, what: str, error: Callable[[str], Exception]) -> "Fields":
        """The object that `text` is. Raises `error` for anything but the JSON text of one object, in which no
        name stands twice and no number is missing or infinite."""
        if not isinstance(text, str):
            raise error(f"A {what} is text and this is {type(text).__name__}; read the file as UTF-8 first.")
        try:
            values = _as_object(json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_once))
        except RecursionError:
            raise error(f"The {what} is nested too deeply to be one; save it again.") from None
        except ValueError as fault:
            raise error(f"The {what} is not sound JSON ({fault}); save it again.") from None
        if _HALF_LETTER.search(text):
            # Half a letter can be neither shown nor encoded: a question mark takes its place.
            values = json.loads(json.dumps(values, ensure_ascii=False).encode("utf-8", "replace"))
        if values is None:
            raise error(f"The {what} is JSON, but no object with named values; choose another file.")
        return cls(values, what, error)

    def fault(self, name: str, must_be: str) -> Exception:
        """The error that `name` is not what it must be."""
        if name not in self.values:
            return self.error(f"The {self.what} has no “{name}”, which must be {must_be}; save it again.")
        found = repr(self.values[name])
        shown = found if len(found) <= 40 else f"{found[:39]}…"
        return self.error(f"The {self.what}'s “{name}” is {shown} and must be {must_be}; save it again.")

    def check_format(self, name: str, version: int) -> None:
        """Raises unless the text says that it is of this format, and of a version known here."""
        if self.values.get("format") != name:
            raise self.error(
                f"This is not a {self.what}: its “format” is not “{name}”; choose a file saved as one."
            )
        found = self.values.get("format_version")
        if isinstance(found, bool) or found != version:
            raise self.error(
                f"The {self.what} is of format version {found!r:.20} and only version {version} is known "
                "here; open it with the GMM Lab that saved it, or a newer one."
            )

    def text(self, name: str) -> str:
        """A string."""
        value = self.values.get(name)
        if not isinstance(value, str):
            raise self.fault(name, "text")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of strings."""
        values = _as_list(self.values.get(name))
        if values is None or not all(isinstance(value, str) for value in values):
            raise self.fault(name, "a list of texts")
        return tuple(values)

    def named_texts(self, name: str) -> dict[str, str]:
        """An object whose values are strings."""
        values = _as_object(self.values.get(name))
        if values is None or not all(isinstance(value, str) for value in values.values()):
            raise self.fault(name, "texts with a name each")
        return dict(values)

    def whole(self, name: str, least: int) -> int:
        """A whole number of `least` or more, small enough for every program to keep exactly."""
        value = self.values.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value < 2**53:
            raise self.fault(name, f"a whole number of {least} or more")
        return value

    def number(self, name: str) -> float:
        """A finite number."""
        return float(self.numbers(name, 0))

    def numbers(self, name: str, n_axes: int) -> Array:
        """Lists within lists of finite numbers, as an array of `n_axes` axes; lists may be empty."""
        must_be = ("a finite number", "a list of finite numbers")[min(n_axes, 1)]
        if n_axes > 1:
            must_be = f"finite numbers in lists, {n_axes} deep and all of a length"
        shape: list[int] = []
        values: list[Any] = [self.values.get(name)]
        for _ in range(n_axes):
            lists = [_as_list(value) for value in values]
            lengths = {-1 if inner is None else len(inner) for inner in lists}
            if len(lengths) > 1 or -1 in lengths:
                raise self.fault(name, must_be)
            shape.append(lengths.pop() if lengths else 0)
            values = [value for inner in lists if inner is not None for value in inner]
        if not all(isinstance(value, int | float) and not isinstance(value, bool) for value in values):
            raise self.fault(name, must_be)
        try:
            array = np.array(values, dtype=np.float64).reshape(shape)
        except OverflowError:
            raise self.fault(name, must_be) from None
        if not np.isfinite(array).all():
            raise self.fault(name, must_be)
        return array

    def within(self, name: str) -> "Fields":
        """The object of that name."""
        value = _as_object(self.values.get(name))
        if value is None:
            raise self.fault(name, "an object with named values")
        return Fields(value, f"{self.what}'s {name}", self.error)


def _as_list(value: Any) -> list[Any] | None:
    return cast("list[Any]", value) if isinstance(value, list) else None


def _as_object(value: Any) -> dict[str, Any] | None:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"“{twice:.20}” stands twice")
    return values
