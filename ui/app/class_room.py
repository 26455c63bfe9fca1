"""Below a lesson: a code for the room to open it, and what the room predicts."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

import streamlit as st

from ui.app import course, notices, session
from ui.app.class_map import flags
from ui.app.class_votes import ROUNDS, histogram
from ui.app.frame import HALL
from ui.export.qr import LinkError, qr_svg
from ui.lessons import LESSONS
from ui.lessons.lesson import Place, Prediction
from ui.lessons.words import words_of
from ui.rooms.room import SECOND, Ledger
from ui.rooms.tally import FAR, NEAR, Bar, tally
from ui.workspace import classroom as rooms
from ui.workspace.classroom import Classroom
from ui.workspace.lessons import facts_of, points_of_lesson

FOLD, LARGE = "class", "large class"


def with_a_class(lesson: str) -> None:
    """A fold with the lesson's link and QR code, and the room that collects predictions for it. Students, who
    came by such a link, have none."""
    current = course.classroom()
    if current.room:
        return
    if (current.keys or current.problem) and not current.is_unfolded:
        # Whoever comes by a teacher's link comes for this.
        session.hold(session.fold_key(FOLD), True)
    current.is_unfolded = bool(current.keys or current.problem)
    fold = st.expander(
        "With a class: a code for the room, its predictions",
        key=session.fold_key(FOLD),
        on_change="rerun",
    )
    current.listens = bool(fold.open)
    if not fold.open:
        return
    with fold:
        if lesson in current.keys:
            _show_room(current, lesson)
        else:
            _offer_room(current, lesson)


def class_comes_along(lesson: str) -> None:
    """Over a lesson that its teacher has come to without the class: how it comes along."""
    current = course.classroom()
    if current.keys and lesson not in current.keys:
        with st.container(horizontal=True, vertical_alignment="center", key="class-left"):
            _offer_to_come(current, lesson, "above")
            st.html(HALL)


def _offer_to_come(current: Classroom, lesson: str, where: str) -> None:
    title = words_of(next(reversed(current.keys)), rooms.language_of(current))["title"]
    st.markdown(
        f"**Your class is still in “{title}”.** It comes along under the same code, and its bars begin anew."
    )
    st.button(
        "Collect for this lesson too",
        on_click=course.collect,
        args=(lesson,),
        icon=":material/how_to_vote:",
        key=f"collect here, {where}",
    )


def _offer_room(current: Classroom, lesson: str) -> None:
    if current.problem:
        notices.warn([current.problem])
    with st.container(key="class-offer"):
        _offer(current, lesson)


def _offer(current: Classroom, lesson: str) -> None:
    if current.keys:
        _offer_to_come(current, lesson, "below")
        st.html(HALL)
        return
    left, right = st.columns([3, 1])
    with left:
        stops = st.checkbox("Stop before the reveal: what happened is yours to show", key="stop for class")
        link = session.link(rooms.students_link(current, lesson, stops=stops))
        st.code(link, language=None, wrap_lines=True)
        st.button(
            "Collect predictions",
            on_click=course.collect,
            args=(lesson,),
            icon=":material/how_to_vote:",
            type="primary",
            key="collect predictions",
        )
        st.caption(
            "Your class opens a link and guesses; here you see what the room thinks before you show what "
            "happens. No names are asked, and all of it is gone when you end it, or after a day."
        )
    with right:
        _show_code(
            link, f"Opens this lesson; no guesses are collected yet.<br>{escape(link.partition('://')[2])}"
        )
        st.html(HALL)


def _show_room(current: Classroom, lesson: str) -> None:
    is_large = session.is_on(LARGE)
    with st.container(key="class-hall" if is_large else "class-room"):
        st.html(HALL)
        left, right = st.columns([5, 2])
        link = session.link(rooms.students_link(current, lesson, stops=True))
        code = current.keys[lesson].code
        with left:
            is_live = not rooms.is_quiet(current)
            st.fragment(run_every=1 if is_live else None)(partial(_live, lesson, is_live=is_live))()
        with right:
            short = session.link({"room": code}).partition("://")[2]
            _show_code(link, f"Room <b>{code}</b><br>{escape(short)}")
            st.code(link, language=None, wrap_lines=True)
            st.toggle("Fill the window", key=LARGE)
    with st.popover("Your own link", icon=":material/key:", help="Show it to nobody: it opens this room."):
        st.caption("Opens this room on another of your devices. Keep it from your class.")
        st.code(session.link(*rooms.teachers_link(current, lesson)), language=None, wrap_lines=True)


def _live(lesson: str, *, is_live: bool) -> None:
    """What the room says now, and what its teacher may do; until it has been quiet for long, by itself each
    second."""
    with session.turn():
        current = course.classroom()
        if is_live == rooms.is_quiet(current):
            session.run_again()
        key = current.keys.get(lesson)
        ledger = rooms.look(current, key) if key is not None else None
        if current.problem:
            notices.warn([current.problem])
        elif ledger is None:
            rooms.forget_key(current, lesson)
            session.run_again()
        else:
            _show_ledger(current, lesson, ledger)
            if not is_live:
                st.button(
                    "Look again", on_click=course.look_again, icon=":material/refresh:", key="look again"
                )
                st.caption("Nothing was new for a quarter of an hour, so these bars stand still.")


def _show_ledger(current: Classroom, lesson: str, ledger: Ledger) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        for label, what, disabled in (
            ("Second round", "second", ledger.round == SECOND),
            ("Close", "close", False) if ledger.is_open else ("Open again", "open", False),
        ):
            st.button(
                label,
                on_click=course.change_room,
                args=(lesson, what),
                disabled=disabled,
                key=f"room {what}",
            )
        # Of this round of this room alone: whoever guesses anew must not see the answer.
        moment = f"{current.keys[lesson].code} {ledger.generation} {ledger.round}"
        marks = st.checkbox("Mark what happened", key=f"mark answer {moment}")
        _offer_to_forget(lesson)
    said = words_of(lesson, rooms.language_of(current))
    _show_votes(lesson, ledger, said, is_marked=marks or current.revealed == lesson)
    st.caption(_counts(ledger))


def _offer_to_forget(lesson: str) -> None:
    """Apart from what does no harm, and asked for twice: nothing of it can be taken back."""
    with st.popover("Clear or end …"):
        st.caption("There is no way back from either.")
        for label, what in (
            ("Clear: forget all guesses, begin with round one", "clear"),
            ("End: the room is gone, with all guesses", "end"),
        ):
            st.button(label, on_click=course.change_room, args=(lesson, what), key=f"room {what}")


def _show_votes(lesson: str, ledger: Ledger, said: Mapping[str, Any], *, is_marked: bool) -> None:
    """What the class says, in bars; flags as flags, whose bars would say which are right."""
    prediction, facts = LESSONS[lesson].prediction, facts_of(lesson)
    if isinstance(prediction, Place):
        truth = [float(facts[name]) for name in prediction.of] if is_marked else None
        st.html(flags(points_of_lesson(lesson), ledger.votes, truth))
        if not is_marked:
            return
    bars = tally(prediction, ledger.votes, facts)
    st.html(histogram(bars, _named(prediction, bars, said), said["ask"], is_marked=is_marked))


def _named(prediction: Prediction, bars: Sequence[Bar], said: Mapping[str, Any]) -> dict[str, str]:
    """What the bars are called, by their names."""
    if isinstance(prediction, Place):
        near = f"{prediction.near:g}"
        return {NEAR: f"at most {near} from what happened", FAR: f"more than {near} from it"}
    return {bar.name: said.get("options", {}).get(bar.name, bar.name) for bar in bars}


def _counts(ledger: Ledger) -> str:
    first, second = (ledger.votes[round].total() for round in (1, 2))
    state = f"{ROUNDS[ledger.round - 1]}: {'open' if ledger.is_open else 'closed'}"
    missed = f" · {ledger.ignored} not counted: sent twice, too early or malformed" if ledger.ignored else ""
    return f"{state} · alone {first} · after talking {second}{missed}"


def _show_code(link: str, caption: str) -> None:
    """The QR code of a link for all to see, with what it opens beside it, in HTML."""
    try:
        source = b64encode(qr_svg(link).encode()).decode()
    except LinkError as error:
        notices.info([str(error)])
        return
    st.html(
        f'<div class="class-invite"><img class="class-code" alt="{escape(f"QR code that opens {link}")}" '
        f'src="data:image/svg+xml;base64,{source}"><p>{caption}</p></div>'
    )
