"""Values as Python that makes them again, and texts of people that may stand in its comments."""

from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

import numpy as np

MOST_LETTERS = 120

INDENT = "    "

# What stands in a variable of its own, and what is only for people.
_NAMED = {"sample_weights": "sample_weights"}
_UNTOLD = ("title",)


def harmless(text: str) -> str:
    """`text` on one line, without what an editor would hide or turn round, and not too long."""
    line = "".join(letter if letter.isprintable() else " " for letter in text)
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1] + "…"


def differs(field: Field[Any], value: Any) -> bool:
    """Whether `value` is another than what the field holds if it is left out."""
    made = field.default_factory
    default = field.default if made is MISSING else made()
    if is_dataclass(value):
        own = fields(value)
        return default is MISSING or default is None or any(differs(f, getattr(value, f.name)) for f in own)
    if isinstance(value, np.ndarray):
        return not isinstance(default, np.ndarray) or not np.array_equal(value, default)
    return default is MISSING or value != default


def literal(value: Any, indent: str = "") -> str:
    """Python that makes the value again, to the last digit."""
    if isinstance(value, np.ndarray):
        return f"np.array({value.tolist()!r})"
    if is_dataclass(value) and not isinstance(value, type):
        inside = {
            field.name: _NAMED.get(field.name) or literal(getattr(value, field.name), indent + INDENT)
            for field in fields(value)
            if field.name not in _UNTOLD and differs(field, getattr(value, field.name))
        }
        return _call(type(value).__name__, inside, indent)
    return repr(value.item() if isinstance(value, np.generic) else value)


def _call(name: str, arguments: dict[str, str], indent: str) -> str:
    if not arguments:
        return f"gmm_core.{name}()"
    lines = "".join(f"{indent}{INDENT}{argument}={text},\n" for argument, text in arguments.items())
    return f"gmm_core.{name}(\n{lines}{indent})"
