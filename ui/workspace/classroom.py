"""What one person has to do with a class: a student's seat in a room, a teacher's keys; no Streamlit."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from secrets import token_urlsafe
from time import monotonic
from typing import Any

from ui.lessons import LESSONS
from ui.lessons.words import LANGUAGES
from ui.rooms.room import FIRST, SECOND, Answer, Key, Ledger, RoomError
from ui.rooms.rooms import MOST_OF_ONE, Rooms

MOST_AT_ONCE = 8
"""Events of one message that are looked at: no hand makes more."""

MOST_GONE = 4 * MOST_OF_ONE
"""Codes that the page is told of: more than it keeps."""

FORGED = "This teacher's link opens no room: its class has ended, or a letter of it is missing."

STRANGE = (
    "This browser keeps no cookie from here, by which the server would know whose room it is: allow it to, "
    "and load the page again."
)

QUIET = 900.0
"""Seconds without anything new, after which a teacher's page need not ask each second any more."""


@dataclass
class Classroom:
    """Of one open page."""

    rooms: Rooms
    """Those of this server."""
    browser: str | None = None
    """A secret of this browser, that it brought along; None for one that brought none."""
    address: str = ""
    """Where it comes from."""
    room: str = ""
    """The code of the room in a student's link; empty for everybody else."""
    lesson: str = ""
    """The lesson that this room was about when it was last heard of."""
    stops: bool = False
    """Whether a link leaves what happened to the teacher."""
    answers: dict[int, Answer] = field(default_factory=dict[int, Answer])
    """What became of this person's guesses, by round."""
    counted: dict[int, Any] = field(default_factory=dict[int, Any])
    """Those of them that count, by round."""
    answered: dict[int, int] = field(default_factory=dict[int, int])
    """The number of the guess of each round that was answered last."""
    generation: int = 0
    """Of the room, when it answered last."""
    keys: dict[str, Key] = field(default_factory=dict[str, Key])
    """A teacher's, by lesson."""
    token: str = field(default_factory=lambda: token_urlsafe(6))
    """Names this session to the page, which may have outlived the one before."""
    gone: list[str] = field(default_factory=list[str])
    """The codes of keys that open nothing any more."""
    problem: str = ""
    """Why the last wish could not be met, in one sentence."""
    is_unfolded: bool = False
    """Whether the fold has been opened for what is in it."""
    listens: bool = False
    """Whether what the lesson shows is in somebody's eyes: where a link to it is on the page."""
    seen: dict[str, str] = field(default_factory=dict[str, str])
    """The parameters of what the lesson last showed."""
    revealed: str = ""
    """The lesson whose outcome was shown here last, until its room begins another round."""
    looked: dict[str, tuple[str, int, int]] = field(default_factory=dict[str, tuple[str, int, int]])
    """By lesson, the room, its generation and its round when its teacher looked last."""
    ledger: Ledger | None = None
    """What was seen then."""
    stirred: float = field(default_factory=monotonic)
    """When anything was new, or its teacher did something."""

    def news(self) -> dict[str, Any]:
        """What the lesson on the page has to know, as JSON values; hosts/streamlit-lesson.js reads it."""
        return {
            "answers": {
                str(round): {"number": self.answered[round], "answer": answer.value}
                for round, answer in self.answers.items()
            },
            "generation": self.generation,
            "listens": self.listens,
            "lesson": self.lesson,
            "session": self.token,
            "keys": {lesson: asdict(key) for lesson, key in self.keys.items()},
            "gone": self.gone,
        }


def entered(
    parameters: Mapping[str, str], rooms: Rooms, browser: str | None = None, address: str = ""
) -> Classroom:
    """What a link makes of whoever opens it: a student of a room, or nobody yet."""
    room = parameters.get("room", "")
    begun = Classroom(rooms, browser, address, room=room)
    begun.stops = bool(room) or parameters.get("stop") == "reveal"
    follow(begun)
    return begun


def follow(current: Classroom) -> bool:
    """Goes where this student's room is; whether that is another lesson than before."""
    try:
        found = current.rooms.lesson_of(current.room) if current.room else None
    except RoomError:
        return False
    if found is None or found == current.lesson:
        return False
    current.lesson, current.answers, current.counted = found, {}, {}
    return True


def _unlock(current: Classroom, key: Key, *, is_linked: bool) -> None:
    """Takes up a room with a key that the page kept, or had from a teacher's link, and that may be made
    up."""
    ledger = look(current, key)
    if ledger is not None:
        current.keys.setdefault(ledger.lesson, key)
    elif not current.problem:
        _let_go(current, key)
        current.problem = FORGED if is_linked else ""


def _let_go(current: Classroom, key: Key) -> None:
    """Says by name that a key opens nothing, so that the page keeps it no longer."""
    current.gone = [*current.gone, key.code][-MOST_GONE:]


def take_events(current: Classroom, events: Any) -> bool:
    """What the lesson on the page tells of a class, which may be forged or out of date. Whether the room of
    this student has gone on to another lesson."""
    moves = False
    if events:
        stir(current)
    for event in events[:MOST_AT_ONCE] if isinstance(events, list) else []:
        match event:
            case {"type": "guess", "lesson": lesson, "guess": guess, **rest} if current.room:
                vote(current, lesson, rest.get("round"), guess, rest.get("number"))
                moves = follow(current) or moves
            case {"type": "alone"}:
                moves = follow(current) or moves
            case {"type": "seen", "parameters": dict(parameters)}:
                current.seen = _sound(parameters)
            case {"type": "reveal", "lesson": str(lesson)}:
                current.revealed = lesson
            case {"type": "keys", "keys": list(keys)} if not current.room:
                for key in keys[:MOST_OF_ONE]:
                    match key:
                        case {"code": str(code), "secret": str(secret), **rest}:
                            _unlock(current, Key(code, secret), is_linked=rest.get("linked") is True)
                        case _:
                            pass
            case _:
                pass
    return moves


def vote(current: Classroom, lesson: Any, round: Any, guess: Any, number: Any) -> None:
    """Sends a guess to the room; one that was counted stays so, however often it is sent again. `number` is
    that of the event."""
    with suppress(RoomError):
        generation = current.rooms.generation(current.room)
        if generation is not None and generation != current.generation:
            # The room was cleared: nothing that was said before counts any more.
            current.generation, current.answers, current.counted = generation, {}, {}
    if current.browser is None:
        answer = Answer.NO_COOKIE
    else:
        answer = current.rooms.vote(current.room, lesson, round, current.browser, guess)
    round = round if round in (FIRST, SECOND) else FIRST
    if answer is Answer.COUNTED:
        current.counted[round] = guess
    elif answer is Answer.ALREADY and current.counted.get(round) == guess:
        answer = Answer.COUNTED
    current.answered[round] = number
    current.answers[round] = answer


def collect(current: Classroom, lesson: str) -> None:
    """Collects for that lesson: in the room that this teacher's class is in, which comes along under the same
    code, or in a new one. A room that was open for that lesson has ended then."""
    stir(current)
    if current.browser is None:
        current.problem = STRANGE
        return
    try:
        if lesson in current.keys:
            current.rooms.end(current.keys[lesson])
            _let_go(current, current.keys.pop(lesson))
        here = next(reversed(current.keys), None)
        key = None if here is None else current.keys[here]
        if key is None or not current.rooms.move(key, lesson):
            key = current.rooms.open(lesson, current.browser, current.address)
        if here is not None:
            del current.keys[here]
        current.keys[lesson] = key
        current.problem, current.revealed = "", ""
    except RoomError as error:
        current.problem = str(error)


def forget_key(current: Classroom, lesson: str) -> None:
    """The room of that lesson is gone, whoever has ended it."""
    if lesson in current.keys:
        _let_go(current, current.keys.pop(lesson))


def look(current: Classroom, key: Key) -> Ledger | None:
    """What a room holds; None where there is none, and, with a problem said, where it is out of reach."""
    try:
        found = current.rooms.look(key)
    except RoomError as error:
        current.problem = str(error)
        return None
    current.problem = ""
    if found != current.ledger:
        stir(current)
    current.ledger = found
    if found is not None:
        seen = key.code, found.generation, found.round
        if current.looked.get(found.lesson, seen) != seen and current.revealed == found.lesson:
            # Whoever guesses anew must not see the answer.
            current.revealed = ""
        current.looked[found.lesson] = seen
    return found


def stir(current: Classroom) -> None:
    """Somebody is there: what a room says is worth asking for."""
    current.stirred = monotonic()


def is_quiet(current: Classroom) -> bool:
    """Whether nothing has happened for so long that nobody seems to look: a page that was left open for a day
    would else cost the server a look each second, and keep its room from whoever needs one."""
    return monotonic() - current.stirred > QUIET


def change(current: Classroom, lesson: str, what: str) -> None:
    """Does a teacher's wish with the room of that lesson: “second”, “close”, “open”, “clear” or “end”."""
    stir(current)
    key = current.keys.get(lesson)
    if key is None:
        return
    here = current.rooms
    wishes = {
        "second": lambda: here.begin_second(key),
        "close": lambda: here.set_open(key, False),
        "open": lambda: here.set_open(key, True),
        "clear": lambda: here.clear(key),
        "end": lambda: here.end(key),
    }
    try:
        wishes[what]()
        current.problem = ""
    except RoomError as error:
        current.problem = str(error)
        return
    if what == "end":
        forget_key(current, lesson)


def students_link(current: Classroom, lesson: str, *, stops: bool) -> dict[str, str]:
    """The parameters that open the lesson for a class, at what is seen of it now; for a class that predicts,
    at its question, since what its teacher has stepped to may be the answer. The teacher's secret is in none
    of them."""
    seen = current.seen if current.seen.get("lesson") == lesson else {}
    predicts = stops or lesson in current.keys
    link = {"lesson": lesson} | {
        key: seen[key] for key in ("lang", *(() if predicts else ("at",))) if key in seen
    }
    if lesson in current.keys:
        link["room"] = current.keys[lesson].code
    return link | ({"stop": "reveal"} if stops else {})


def teachers_link(current: Classroom, lesson: str) -> tuple[dict[str, str], str]:
    """The parameters and the fragment that open the room of that lesson to its teacher elsewhere. A fragment
    is sent to no server, so that no log keeps the secret; hosts/teacher-keys.js takes it from there."""
    key = current.keys[lesson]
    return {"lesson": lesson}, f"teacher={key.code}.{key.secret}"


def language_of(current: Classroom) -> str:
    """In which the lesson speaks, as far as is known here."""
    return current.seen.get("lang", next(iter(LANGUAGES)))


def _sound(parameters: Mapping[Any, Any]) -> dict[str, str]:
    """Those of them that a lesson's address may have."""
    lesson, lang, at = (parameters.get(key) for key in ("lesson", "lang", "at"))
    if not isinstance(lesson, str) or lesson not in LESSONS:
        return {}
    found = {"lesson": lesson}
    if isinstance(lang, str) and lang in LANGUAGES:
        found["lang"] = lang
    if isinstance(at, str) and at.isascii() and at.isdigit() and len(at) < 7:
        found["at"] = at
    return found
