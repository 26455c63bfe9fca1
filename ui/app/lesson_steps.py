"""A lesson on its page: question, guess, something to do on the stage, and what came of it."""

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import streamlit as st

from ui.app import notices, session
from ui.lessons import LESSONS
from ui.lessons.attempt import Attempt, verdict_on
from ui.lessons.lesson import Choice, Facts, Lesson, Number
from ui.lessons.words import LANGUAGES, words, words_of
from ui.stage.component import show_stage
from ui.workspace import Workspace
from ui.workspace.lessons import facts_of
from ui.workspace.scene import message_of


def _choose_lesson(attempt: Attempt, language: str) -> None:
    """All lessons, numbered, and the language."""
    said = words(language)["page"]
    numbers = {name: number for number, name in enumerate(LESSONS, 1)}
    left, right = st.columns([5, 1], vertical_alignment="bottom")
    left.selectbox(
        said["lesson"],
        list(LESSONS),
        format_func=lambda name: f"{numbers[name]}. {words_of(name, language)['title']}",
        **session.lesson_widget("lesson", attempt.name, session.take_lesson),
    )
    right.selectbox(
        "Language",
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        label_visibility="collapsed",
        **session.lesson_widget("language", language, session.take_language),
    )


def show_lesson(current: Workspace, attempt: Attempt, language: str) -> None:
    """From the question to what there is to try next."""
    lesson, said = LESSONS[attempt.name], words_of(attempt.name, language)
    page, facts = words(language)["page"], facts_of(lesson.name)
    # The stage finds it by its key, and makes room for it.
    with st.container(key="lesson"):
        _choose_lesson(attempt, language)
        st.markdown(f"#### {_filled(said['question'], facts)}")
        _guess(lesson, attempt, said, page)
        if attempt.guess is not None:
            _act(lesson, attempt, said, page)
    if attempt.is_revealed:
        _reveal(lesson, attempt, facts, said, page)
    message = message_of(current, lesson.kind)
    show_stage(
        message, kind=lesson.kind, key=lesson.kind, on_events=partial(session.take_events, lesson.kind)
    )


def _filled(text: str, facts: Facts) -> str:
    # A minus before a number; “Log-Likelihood” keeps its hyphen.
    return notices.escape_markdown(re.sub(r"(?<!\w)-(?=\d)", "−", text.format_map(facts)))


def _guess(lesson: Lesson, attempt: Attempt, said: Mapping[str, Any], page: Mapping[str, str]) -> None:
    """What people say before they see it; once said, it stands."""
    is_made, prediction = attempt.guess is not None, lesson.prediction
    question, answer = st.columns([3, 2], vertical_alignment="bottom")
    key = f"guess {lesson.name}"
    with question:
        if isinstance(prediction, Choice):
            guess: float | str | None = st.radio(
                said["ask"],
                prediction.options,
                format_func=said["options"].__getitem__,
                index=None,
                horizontal=True,
                disabled=is_made,
                key=key,
            )
        else:
            guess = _number(prediction, said["ask"], key, is_made=is_made)
    with answer:
        st.button(
            page["predict"],
            disabled=is_made or guess is None,
            on_click=session.guess,
            args=(guess,),
            type="primary",
            key=f"commit {lesson.name}",
        )


def _number(prediction: Number, ask: str, key: str, *, is_made: bool) -> float | None:
    whole = float(prediction.step).is_integer()
    kind = int if whole else float
    return st.number_input(
        ask,
        kind(prediction.low),
        kind(prediction.high),
        None,
        step=kind(prediction.step),
        disabled=is_made,
        key=key,
    )


def _act(lesson: Lesson, attempt: Attempt, said: Mapping[str, Any], page: Mapping[str, str]) -> None:
    """What to do, with a button for what the stage has none."""
    words_column, button = st.columns([3, 2], vertical_alignment="center")
    words_column.markdown(notices.escape_markdown(said["act"]))
    with button:
        if lesson.change and not attempt.is_changed:
            st.button(page["change"], on_click=session.change_lesson, type="primary", key=f"do {lesson.name}")
        elif not attempt.is_revealed:
            st.button(page["reveal"], on_click=session.reveal, type="primary", key=f"reveal {lesson.name}")


def _reveal(
    lesson: Lesson, attempt: Attempt, facts: Facts, said: Mapping[str, Any], page: Mapping[str, str]
) -> None:
    """What came of it, beside the guess."""
    assert attempt.guess is not None, "it was made"
    verdict, actual = verdict_on(lesson, facts, attempt.guess), facts[lesson.prediction.of]
    if isinstance(lesson.prediction, Choice):
        named = {"guess": said["options"][attempt.guess], "answer": said["options"][actual]}
        end = page["right"] if verdict == "right" else page["wrong"]
    else:
        form = lesson.prediction.form
        named = {"guess": format(attempt.guess, form), "answer": format(actual, form)}
        end = page[verdict]
    text = " ".join([page["said"], end]).format_map(named)
    with st.container(border=True):
        st.markdown(f"**{notices.escape_markdown(text)}**")
        st.markdown(_filled(said["reveal"], facts))
        st.markdown(f"*{page['next']}:* {notices.escape_markdown(said['next'])}")
        with st.container(horizontal=True):
            st.button(page["again"], on_click=session.take_lesson, args=(lesson.name,), key="once more")
            names = list(LESSONS)
            place = names.index(lesson.name) + 1
            if place < len(names):
                st.button(page["forward"], on_click=session.take_lesson, args=(names[place],), key="forward")
            if st.button(page["lab"], key="lesson to lab", icon=":material/science:"):
                session.lesson_to_lab()
                st.switch_page("pages/compare.py" if lesson.kind == "comparison" else "pages/lab.py")
