"""What is known of one choice: a row of the table that Experiment and View are."""

from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from enum import Enum
from types import MappingProxyType
from typing import Any

from ui.experiment.text import Text


class Scope(Enum):
    """What a choice decides."""

    DATA = "which points there are, and what is known of them"
    START = "where EM begins"
    MODEL = "what is fitted, and when it ends"
    COMPARISON = "what stands beside the mixture"
    PAGE = "what a page shows below its stage"
    VIEW = "how the stage draws it; never asks Python again"


BY_HAND = ("added", "removed", "start_among")
PLACED = ("start_mixture",)

# Other points leave none that a hand put in or took out; another start, no mean that a hand placed.
RESETS: Mapping[Scope, tuple[str, ...]] = {
    Scope.DATA: (*BY_HAND, *PLACED),
    Scope.START: ("start_among", *PLACED),
    Scope.MODEL: (),
    Scope.COMPARISON: (),
    Scope.PAGE: (),
    Scope.VIEW: (),
}


@dataclass(frozen=True, eq=False)
class Choice:
    """One row."""

    name: str
    """Of the field."""
    default: Any
    scope: Scope
    key: str
    """In an address; empty for what is written under keys of its own."""
    text: Text | None
    """How it is written in an address and read from there; None where the key is empty."""
    resets: tuple[str, ...]
    """The choices that go back to their defaults when this one changes."""
    stays: bool
    """Whether it stays as it is when other data are chosen."""
    hidden_by: str
    """What in a teacher's link, of HIDEABLE, takes it from people's hands; empty for "controls" alone."""
    title: str
    """What its control is called; empty for one without."""
    help: str
    """More about it, where that is needed."""


def choice(
    default: Any,
    scope: Scope,
    key: str = "",
    text: Text | None = None,
    *,
    resets: tuple[str, ...] | None = None,
    stays: bool = False,
    hidden_by: str = "",
    title: str = "",
    help: str = "",
) -> Any:
    """A field of a dataclass that is a row of the table."""
    row: dict[str, Any] = {"scope": scope, "key": key, "text": text, "stays": stays, "hidden_by": hidden_by}
    row |= {"title": title, "help": help, "resets": RESETS[scope] if resets is None else resets}
    return field(default=default, metadata=row)


def rows_of(kind: Any) -> Mapping[str, Choice]:
    """The rows of a dataclass whose fields are all choices, by name."""
    return MappingProxyType({item.name: _row(item) for item in fields(kind)})


def _row(item: Field[Any]) -> Choice:
    return Choice(item.name, item.default, **item.metadata)


def names_in(rows: Iterable[Choice], *scopes: Scope) -> tuple[str, ...]:
    """The names of those that decide one of these."""
    return tuple(row.name for row in rows if row.scope in scopes)
