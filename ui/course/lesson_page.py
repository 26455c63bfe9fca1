"""A page with one lesson in it: its message, and what plays it."""

from ui.course.frame import formulas, page, said
from ui.course.words import course_words
from ui.export.page import packed
from ui.export.plotly_script import map_sheet_element
from ui.lessons import LESSONS
from ui.lessons.words import words_of
from ui.workspace.lessons import lesson_message


def lesson_page(name: str) -> str:
    """HTML of a lesson, in all languages at once; the runs that it needs are in it, packed."""
    number = [*LESSONS].index(name) + 1

    def titled(language: str) -> str:
        return f"{number}. {words_of(name, language)['title']}"

    body = f"""<header class="course-head">
<h1>{said(titled)}</h1>
<p id="free" hidden><span id="free-hands">{said(lambda language: course_words(language)["hands"])}</span>
<span id="free-looks">{said(lambda language: course_words(language)["looks"])}</span>
<button type="button" id="back">{said(lambda language: course_words(language)["back"])}</button></p>
<nav><a href="index.html">{said(lambda language: course_words(language)["contents"])}</a></nav>
</header>
<main><div data-testid="lesson"></div>
<noscript><p class="course-needs">{course_words("en")["needs"]}</p></noscript></main>
<script type="application/octet-stream" id="message">{packed(lesson_message(name))}</script>"""
    scripts = ["plotly.min.js", *formulas(), "terms.js", "stage.js"]
    return page(titled("en"), body, scripts, map_sheet_element())
