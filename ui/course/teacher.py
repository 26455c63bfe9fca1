"""A page to print for whoever teaches: every lesson with its question, its pictures and its answer."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

from ui.course.frame import TEACHER
from ui.course.pictures import Picture, pictures_of
from ui.course.words import course_words
from ui.export.document import document
from ui.export.policy import hash_source
from ui.lessons import LESSONS
from ui.lessons.filled import said_of
from ui.lessons.lesson import Choice, Facts, Lesson, Place
from ui.lessons.words import LANGUAGES, comma_of
from ui.workspace.lessons import facts_of

_STYLE = Path(__file__).parent / "style" / "teacher.css"

_BODY = """<header>
{links}<h1>{title}</h1>
<p>{how}</p>
<ol>{contents}</ol>
</header>
<main>
{lessons}
</main>"""

_LESSON = """<article id="{name}">
<h2>{number}. {title}</h2>
<section class="question"><h3>{said_question}</h3><p class="asked">{question}</p></section>
<section><h3>{said_ask}</h3><p>{ask}</p>{answers}</section>
<section><h3>{said_do}</h3><p>{act}</p></section>
<section class="pictures">{pictures}</section>
<section class="answer"><h3>{said_answer}: {answer}</h3><p>{reveal}</p></section>
<section><h3>{said_next}</h3><p>{next}</p></section>
<section class="notes"><h3>{said_notes}</h3><div></div></section>
</article>"""


@lru_cache(maxsize=4)
def teacher_page(language: str, *, in_course: bool = False) -> str:
    """One HTML text in that language that needs nothing else: on A4 or Letter a sheet for each lesson.

    `in_course` puts links to the pages beside it on the screen. The same lessons give the same text.
    """
    around, style = course_words(language), _STYLE.read_text(encoding="utf-8")
    numbers = count(1)
    body = _BODY.format(
        title=escape(around["for_teachers"]),
        links=_links(language) if in_course else "",
        how=escape(around["how"]),
        contents="".join(_row(name, language) for name in LESSONS),
        lessons="\n".join(_sheet(name, language, numbers) for name in LESSONS),
    )
    policy = f"default-src 'none'; style-src {hash_source(style)}; base-uri 'none'; form-action 'none'"
    head = f"<style>{style}</style>"
    return document(around["for_teachers"], body, policy=policy, head=head, language=language)


def _row(name: str, language: str) -> str:
    """A lesson in the contents, with its question: what comes next is chosen there."""
    said = said_of(name, facts_of(name), language)
    return f'<li><a href="#{name}">{escape(said["title"])}</a> <span>{escape(said["question"])}</span></li>'


def _links(language: str) -> str:
    others = (
        f'<a href="{TEACHER[code]}" lang="{code}">{escape(name)}</a>'
        for code, name in LANGUAGES.items()
        if code != language
    )
    home = f'<a href="index.html">{escape(course_words(language)["contents"])}</a>'
    return f"<nav>{' · '.join([home, *others])}</nav>\n"


def _sheet(name: str, language: str, numbers: Iterator[int]) -> str:
    lesson, facts, around = LESSONS[name], facts_of(name), course_words(language)
    said = said_of(name, facts, language)
    before, after = pictures_of(name)
    pictures = [*before, *after]
    ended = around["after" if lesson.at is None else "happened"]
    captions = [around["before"]] * len(before) + [ended] * len(after)
    if not after:
        captions = [around["picture"]] * len(before)
    titles = [picture.title for picture in pictures]
    # What the data and the model are is said where it is new.
    told = [
        title if title != earlier else "" for title, earlier in zip(titles, [None, *titles[:-1]], strict=True)
    ]
    drawn = zip(pictures, captions, told, strict=True)
    around_it = ("question", "ask", "do", "answer", "next", "notes")
    return _LESSON.format(
        name=name,
        number=[*LESSONS].index(name) + 1,
        pictures="".join(_figure(*what, around, next(numbers)) for what in drawn),
        answers=_answers(lesson, said, language),
        answer=escape(_answer(lesson, facts, said, language)),
        **{f"said_{key}": escape(around[key]) for key in around_it},
        **{key: escape(said[key]) for key in ("title", "question", "ask", "act", "reveal", "next")},
    )


def _answers(lesson: Lesson, said: Mapping[str, Any], language: str) -> str:
    """HTML of what people may say, with a box to tick where there are few answers."""
    prediction = lesson.prediction
    if isinstance(prediction, Choice):
        options = "".join(f"<li>{escape(said['options'][option])}</li>" for option in prediction.options)
        return f'<ul class="options">{options}</ul>'
    if isinstance(prediction, Place):
        return f'<p class="said">{escape(course_words(language)["place"])}</p>'
    low, high = (_number(value, prediction.decimals, language) for value in (prediction.low, prediction.high))
    said_range = course_words(language)["range"].format(low=low, high=high)
    return f'<p class="said">{escape(said_range)}</p>'


def _answer(lesson: Lesson, facts: Facts, said: Mapping[str, Any], language: str) -> str:
    prediction = lesson.prediction
    if isinstance(prediction, Choice):
        return said["options"][facts[prediction.of]]
    names = prediction.of if isinstance(prediction, Place) else (prediction.of,)
    numbers = [_number(float(facts[name]), prediction.decimals, language) for name in names]
    # A comma inside of a number asks for another sign between two.
    together = ("; " if comma_of(language) == "," else ", ").join(numbers)
    return f"({together})" if len(numbers) > 1 else together


def _number(value: float, decimals: int, language: str) -> str:
    return f"{value + 0.0:.{decimals}f}".replace("-", "−").replace(".", comma_of(language))


def _figure(picture: Picture, shown: str, title: str, around: Mapping[str, str], number: int) -> str:
    """A picture with its title; the drawings share a page, so that each names its own frame."""
    side = f", {around[picture.side]}" if picture.side else ""
    moment = around["half_step"].format(at=picture.at, last=picture.last)
    told = ", ".join(filter(None, [title, moment]))
    caption = escape(f"{shown}{side}: {told}")
    drawn = picture.svg.replace("gmm-frame", f"frame-{number}")
    drawn = re.sub(r'aria-label="[^"]*"', lambda _: f'aria-label="{caption}"', drawn, count=1)
    return f"<figure>{drawn}<figcaption>{caption}</figcaption></figure>"
