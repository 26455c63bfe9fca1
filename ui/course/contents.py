"""The page that the course begins with: its lessons in their order, and which of them were taken."""

from ui.course.frame import TEACHER, formulas, page, said, shown_in
from ui.course.words import course_words
from ui.lessons import LESSONS
from ui.lessons.filled import said_of
from ui.lessons.words import LANGUAGES, words
from ui.workspace.lessons import facts_of


def contents_page() -> str:
    """HTML of index.html, in all languages at once."""
    lessons = "\n".join(map(_row, LESSONS))
    languages = "".join(f'<option value="{code}">{name}</option>' for code, name in LANGUAGES.items())
    teachers = "".join(
        f'<a{shown_in(language)} href="{file}">{course_words(language)["teacher"]}</a>'
        for language, file in TEACHER.items()
    )
    body = f"""<main class="course-contents" data-testid="contents">
<header>
<h1>{said(lambda language: course_words(language)["title"])}</h1>
<p>{said(lambda language: words(language)["page"]["lead"])}</p>
<p class="course-tools"><label>{said(lambda language: course_words(language)["language"])}
<select id="language" lang="en">{languages}</select></label>
<span id="progress"></span> <button type="button" id="forget" hidden>{said(_forget)}</button></p>
<noscript><p class="course-needs">{_needs()}</p></noscript>
</header>
<ol>
{lessons}
</ol>
<footer>{teachers}</footer>
</main>"""
    return page(course_words("en")["title"], body, [*formulas(), "terms.js", "contents.js"])


def _forget(language: str) -> str:
    return words(language)["page"]["forget"]


def _needs() -> str:
    """Without a script the page stays in the first language."""
    return course_words("en")["needs"]


def _row(name: str) -> str:
    spoken = {language: said_of(name, facts_of(name), language) for language in LANGUAGES}
    title = said(lambda language: spoken[language]["title"])
    question = said(lambda language: spoken[language]["question"])
    done = said(lambda language: course_words(language)["done"])
    return (
        f'<li data-lesson="{name}"><h2><a href="{name}.html">{title}</a></h2>'
        f'<p>{question}</p><p class="course-done" hidden>✓ {done}</p></li>'
    )
