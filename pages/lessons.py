"""Lessons: a question -> a guess -> the stage -> what came of it; all steps are the browser's."""

from functools import partial

import streamlit as st

from ui.app import course, session
from ui.app.class_room import class_comes_along, with_a_class
from ui.app.teacher_sheets import offer_sheets
from ui.lessons import LESSONS
from ui.stage.component import show_lesson, tell_class
from ui.workspace.lessons import lesson_message

KEY = "lesson player"

session.begin_page("lessons")
name = course.visit().lesson
st.set_page_config(page_title=f"{course.title_of(name)} · GMM Lab")
if course.leaves_for_the_lab():
    st.switch_page("pages/compare.py" if LESSONS[name].kind == "comparison" else "pages/lab.py")
with st.spinner("Running EM …"):
    message = lesson_message(name)
with st.empty().container():
    class_comes_along(name)
show_lesson(message, key=KEY, on_events=partial(course.take_events, KEY))
with_a_class(name)
tell_class(course.news())
if not course.classroom().stops:
    # They hold the answers.
    offer_sheets()
