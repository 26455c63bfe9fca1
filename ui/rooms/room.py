"""What a room is to those who meet in it: to its teacher, and to whoever sends a prediction."""

import hashlib
import hmac
import secrets
from collections import Counter
from dataclasses import dataclass
from enum import Enum

FIRST, SECOND = 1, 2
"""The rounds: each alone, and again after talking to a neighbour."""

LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Of a code: those that nobody takes for another one."""

CODE_LENGTH = 10
"""Letters of a code: some 10^13 of them, so that nobody finds a room by trying."""

Value = str | float
"""A prediction: one of a lesson's options, a number, or a place as “x y”."""


class RoomError(Exception):
    """What could not be done; the text is one sentence for people."""


class Answer(Enum):
    """What became of a vote."""

    COUNTED = "counted"
    NO_ROOM = "no_room"
    NO_VOTE = "no_vote"
    """It is none that this lesson could have asked for."""
    MOVED = "moved"
    """The room is about another lesson by now: it goes where its teacher goes."""
    ALREADY = "already"
    """This person's vote of this round is in."""
    NOT_YET = "not_yet"
    """The second round is not open yet."""
    CLOSED = "closed"
    """It may be opened again."""
    FULL = "full"
    TOO_FAST = "too_fast"
    """Too many people came within one moment."""
    NO_COOKIE = "no_cookie"
    """It comes from no browser that this server knows."""
    BUSY = "busy"
    """The file could not be reached; nothing is lost, and it can be sent again."""


@dataclass(frozen=True)
class Key:
    """What opens a room to its teacher: nobody else ever has it."""

    code: str
    secret: str


@dataclass(frozen=True)
class Ledger:
    """All that a room's teacher sees of it."""

    lesson: str
    generation: int
    """How often it has begun: once, and once more each time it was cleared."""
    round: int
    is_open: bool
    votes: dict[int, "Counter[Value]"]
    """By round, how many people said what."""
    ignored: int
    """Votes that changed nothing."""


def new_key() -> Key:
    """A code and a secret that nobody can guess."""
    return Key("".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)), secrets.token_urlsafe(24))


def is_code(text: str) -> bool:
    """Whether `text` looks like a code; anything may stand in a link."""
    return len(text) == CODE_LENGTH and set(text) <= set(LETTERS)


def digest(text: str) -> bytes:
    """Stands for a secret where the secret itself must not be kept."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def is_secret(secret: str, kept: bytes) -> bool:
    """Whether `kept` is the digest of `secret`, in a time that does not tell how much of it is right."""
    return hmac.compare_digest(digest(secret), kept)
