"""The folder of pages: contents, a page for each lesson, the teacher's pages, and what all of them share."""

from collections.abc import Iterator
from pathlib import Path

from ui.course.contents import contents_page
from ui.course.frame import SHEETS, TEACHER, sheet
from ui.course.lesson_page import lesson_page
from ui.course.teacher import teacher_page
from ui.export.plotly_script import plotly_script
from ui.glossary.message import glossary_message
from ui.lessons import LESSONS
from ui.lessons.words import LANGUAGES
from ui.stage.bundle import GLOBAL, bundle
from ui.stage.katex import classic_katex

SCRIPTS = {"stage.js": "hosts/course-lesson.js", "contents.js": "hosts/course-contents.js"}
"""What each kind of page begins with: a module whose `show()` does it all."""


def course_files() -> Iterator[tuple[str, str]]:
    """Name and text of every file; the same lessons give the same texts."""
    yield "index.html", contents_page()
    for name in LESSONS:
        yield f"{name}.html", lesson_page(name)
    for language in LANGUAGES:
        yield TEACHER[language], teacher_page(language, in_course=True)
    for name in SHEETS:
        yield name, sheet(name)
    for name, entry in SCRIPTS.items():
        yield name, f"{bundle(entry)}{GLOBAL}.show();\n"
    yield "terms.js", f"window.gmmLabTerms = {glossary_message()};\n"
    yield "plotly.min.js", plotly_script()
    if classic_katex():
        yield "katex.js", classic_katex()


def write_course(folder: Path) -> int:
    """Writes all of it into the folder, which is made if need be; how many bytes they are.

    Raises OSError where it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    size = 0
    for name, text in course_files():
        size += (folder / name).write_bytes(text.encode("utf-8"))
    return size
