"""Below the lessons: all of them on paper, for whoever teaches."""

from functools import partial

import streamlit as st

from ui.course.frame import TEACHER
from ui.course.teacher import teacher_page
from ui.course.words import course_words
from ui.lessons.words import LANGUAGES


def offer_sheets() -> None:
    """A button for each language; a page is made when somebody asks for it."""
    with st.container(horizontal=True):
        for language in LANGUAGES:
            st.download_button(
                course_words(language)["teacher"],
                partial(teacher_page, language),
                file_name=f"lessons-{TEACHER[language]}",
                mime="text/html",
                on_click="ignore",
                icon=":material/print:",
                key=f"sheets {language}",
            )
