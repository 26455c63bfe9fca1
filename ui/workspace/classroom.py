"""What one person has to do with a class: a student's seat in a room, a teacher's keys; no Streamlit."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from secrets import token_urlsafe
from typing import Any

from ui.lessons import LESSONS
from ui.lessons.words import LANGUAGES
from ui.rooms.room import FIRST, Answer, Key, Ledger, RoomError
from ui.rooms.rooms import MOST_OF_ONE, Rooms

MOST_AT_ONCE = 8
"""Events of one message that are looked at: no hand makes more."""

FORGED = "This teacher's link opens no room: its class has ended, or a letter of it is missing."


@dataclass
class Classroom:
    """Of one open page."""

    rooms: Rooms
    """Those of this server."""
    voter: str = field(default_factory=lambda: token_urlsafe(18))
    """A secret of this browser."""
    room: str = ""
    """The code of the room in a student's link; empty for everybody else."""
    lesson: str = ""
    """The lesson that this room was about when it was last heard of."""
    stops: bool = False
    """Whether a link leaves what happened to the teacher."""
    answers: dict[int, Answer] = field(default_factory=dict[int, Answer])
    """What became of this person's guesses, by round."""
    answered: dict[int, int] = field(default_factory=dict[int, int])
    """The number of the guess of each round that was answered last."""
    keys: dict[str, Key] = field(default_factory=dict[str, Key])
    """A teacher's, by lesson."""
    token: str = field(default_factory=lambda: token_urlsafe(6))
    """Names this session to the page, which may have outlived the one before."""
    owner: str = field(default_factory=lambda: token_urlsafe(18))
    """A secret of whoever opens rooms here."""
    problem: str = ""
    """Why the last wish could not be met, in one sentence."""
    is_unfolded: bool = False
    """Whether the fold has been opened for what is in it."""
    listens: bool = False
    """Whether what the lesson shows is in somebody's eyes: where a link to it is on the page."""
    seen: dict[str, str] = field(default_factory=dict[str, str])
    """The parameters of what the lesson last showed."""
    revealed: str = ""
    """The lesson whose outcome was shown here last."""

    def news(self) -> dict[str, Any]:
        """What the lesson on the page has to know, as JSON values; hosts/streamlit-lesson.js reads it."""
        return {
            "answers": {
                str(round): {"number": self.answered[round], "answer": answer.value}
                for round, answer in self.answers.items()
            },
            "listens": self.listens,
            "lesson": self.lesson,
            "session": self.token,
            "keys": {lesson: asdict(key) for lesson, key in self.keys.items()},
        }


def entered(parameters: Mapping[str, str], rooms: Rooms, voter: str | None = None) -> Classroom:
    """What a link makes of whoever opens it: a student, a teacher, or neither. `voter` is the browser's
    secret, if it has one."""
    begun = Classroom(rooms, voter=voter) if voter else Classroom(rooms)
    code, secret = parameters.get("room", ""), parameters.get("teacher")
    begun.stops = secret is None and (bool(code) or parameters.get("stop") == "reveal")
    if secret is None:
        begun.room = code
        follow(begun)
        return begun
    if not _unlock(begun, Key(code, secret)) and not begun.problem:
        begun.problem = FORGED
    return begun


def follow(current: Classroom) -> bool:
    """Goes where this student's room is; whether that is another lesson than before."""
    try:
        found = current.rooms.lesson_of(current.room) if current.room else None
    except RoomError:
        return False
    if found is None or found == current.lesson:
        return False
    current.lesson, current.answers = found, {}
    return True


def _unlock(current: Classroom, key: Key) -> bool:
    """Takes up a room with a key that may be made up; whether it opens one."""
    ledger = look(current, key)
    if ledger is None:
        return False
    current.keys.setdefault(ledger.lesson, key)
    return True


def take_events(current: Classroom, events: Any) -> bool:
    """What the lesson on the page tells of a class, which may be forged or out of date. Whether the room of
    this student has gone on to another lesson."""
    moves = False
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
                        case {"code": str(code), "secret": str(secret)}:
                            _unlock(current, Key(code, secret))
                        case _:
                            pass
            case _:
                pass
    return moves


def vote(current: Classroom, lesson: Any, round: Any, guess: Any, number: Any) -> None:
    """Sends a guess to the room; what was counted stays so, whatever is sent again. `number` is that of the
    event."""
    answer = current.rooms.vote(current.room, lesson, round, current.voter, guess)
    round = round if round in (1, 2) else FIRST
    current.answered[round] = number
    if current.answers.get(round) is not Answer.COUNTED or answer is Answer.COUNTED:
        current.answers[round] = answer


def collect(current: Classroom, lesson: str) -> None:
    """Collects for that lesson: in the room that this teacher's class is in, which comes along under the same
    code, or in a new one. A room that was open for that lesson has ended then."""
    try:
        if lesson in current.keys:
            current.rooms.end(current.keys.pop(lesson))
        here = next(reversed(current.keys), None)
        key = None if here is None else current.keys[here]
        if key is None or not current.rooms.move(key, lesson):
            key = current.rooms.open(lesson, current.owner)
        if here is not None:
            del current.keys[here]
        current.keys[lesson] = key
        current.problem, current.revealed = "", ""
    except RoomError as error:
        current.problem = str(error)


def look(current: Classroom, key: Key) -> Ledger | None:
    """What a room holds; None where there is none, and, with a problem said, where it is out of reach."""
    try:
        found = current.rooms.look(key)
    except RoomError as error:
        current.problem = str(error)
        return None
    current.problem = ""
    return found


def change(current: Classroom, lesson: str, what: str) -> None:
    """Does a teacher's wish with the room of that lesson: “second”, “close”, “open”, “clear” or “end”."""
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
        del current.keys[lesson]


def students_link(current: Classroom, lesson: str, *, stops: bool) -> dict[str, str]:
    """The parameters that open the lesson for a class, at what is seen of it now; the teacher's secret is in
    none of them."""
    seen = current.seen if current.seen.get("lesson") == lesson else {}
    link = {"lesson": lesson} | {key: seen[key] for key in ("lang", "at") if key in seen}
    if lesson in current.keys:
        link["room"] = current.keys[lesson].code
    return link | ({"stop": "reveal"} if stops else {})


def teachers_link(current: Classroom, lesson: str) -> dict[str, str]:
    """The parameters that open the room of that lesson to its teacher elsewhere."""
    key = current.keys[lesson]
    return {"lesson": lesson, "room": key.code, "teacher": key.secret}


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
