"""Lessons: a question -> a guess -> the stage -> what came of it."""

import streamlit as st

from ui.app import session
from ui.app.lesson_steps import show_lesson
from ui.lessons.words import words

session.begin_page("lessons")
current, attempt, language = session.lesson()
show_lesson(current, attempt, language)
st.caption(words(language)["page"]["lead"])
