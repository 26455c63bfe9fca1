"""A kind of file that people take home, and the file itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Named(Protocol):
    """What files are made from."""

    @property
    def name(self) -> str:
        """What its files are called, less what they are and their ending."""
        ...


T = TypeVar("T", bound=Named)


def _none(_: object) -> str:
    return ""


@dataclass(frozen=True)
class Export(Generic[T]):
    """A kind of file."""

    title: str
    """As short as a button."""
    file_name: str
    """With {} for what the data are called."""
    mime: str
    sentence: Callable[[T], str]
    """What it is good for."""
    make: Callable[[T], str | bytes]
    """Its content."""
    refusal: Callable[[T], str] = _none
    """Why it cannot be had of this one, and what to do; empty where it can."""


@dataclass(frozen=True)
class Result:
    """One file to take home."""

    title: str
    """As short as a button."""
    file_name: str
    mime: str
    sentence: str
    """What it is good for; or, where it cannot be had, why."""
    make: Callable[[], str | bytes] | None
    """Its content, made when it is asked for; None where it cannot be had."""


def result_of(export: Export[T], of: T) -> Result:
    """The file of that kind; nothing is made yet."""
    refusal = export.refusal(of)
    return Result(
        export.title,
        export.file_name.format(of.name),
        export.mime,
        refusal or export.sentence(of),
        None if refusal else lambda: export.make(of),
    )
