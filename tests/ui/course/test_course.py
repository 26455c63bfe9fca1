"""The folder that needs no server: all lessons, small, under a policy, from nowhere else, always the same."""

import gzip
import os
import re
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ui.course.course import course_files
from ui.course.frame import TEACHER
from ui.course.words import course_words
from ui.lessons import LESSONS
from ui.lessons.filled import said_of
from ui.lessons.lesson import Choice
from ui.lessons.words import LANGUAGES
from ui.workspace.lessons import facts_of, lesson_message

ROOT = Path(__file__).parents[3]

PAGES = ["index.html", *(f"{name}.html" for name in LESSONS), *TEACHER.values()]

MOST_BYTES = 3e6

# Of other people's files it is theirs to say what addresses they name.
BROUGHT = {"plotly.min.js", "katex.js"}

# They name kinds of markup and are never asked for.
NAMESPACES = ("http://www.w3.org/2000/svg", "http://www.w3.org/1999/xhtml")

every_page = pytest.mark.parametrize("name", PAGES)
every_lesson = pytest.mark.parametrize("name", LESSONS)
every_language = pytest.mark.parametrize("language", LANGUAGES)


class Markup(HTMLParser):
    """The elements of a page with their attributes, and the text in some of them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for found, attributes in self.elements if found == tag]

    @property
    def policy(self) -> dict[str, set[str]]:
        (meta,) = [meta for meta in self.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
        directives = (directive.split() for directive in meta["content"].split(";"))
        return {name: set(sources) for name, *sources in directives}


@pytest.fixture(scope="module")
def course() -> Mapping[str, str]:
    files = list(course_files())
    assert len(dict(files)) == len(files), "no file takes the place of another"
    return dict(files)


def message_in(page: str) -> bytes:
    (packed,) = re.findall(r'<script type="application/octet-stream" id="message">([^<]*)</script>', page)
    return gzip.decompress(b64decode(packed))


@every_page
def test_a_page_is_small(course: Mapping[str, str], name: str) -> None:
    assert len(course[name].encode()) < MOST_BYTES


@every_lesson
def test_a_page_has_the_message_of_its_lesson(course: Mapping[str, str], name: str) -> None:
    assert message_in(course[f"{name}.html"]) == lesson_message(name)


def test_the_contents_lead_to_every_lesson_in_its_order(course: Mapping[str, str]) -> None:
    links = [link["href"] for link in Markup(course["index.html"]).all("a")]
    assert links == [*(f"{name}.html" for name in LESSONS), *TEACHER.values()]


@every_page
def test_what_a_page_names_lies_beside_it(course: Mapping[str, str], name: str) -> None:
    markup = Markup(course[name])
    named = [
        attributes[key] for _, attributes in markup.elements for key in ("href", "src") if key in attributes
    ]
    if name not in TEACHER.values():
        assert {"stage.css", "lesson.css", "course.css"} <= set(named)
    for address in named:
        inside = {f"#{attributes['id']}" for _, attributes in markup.elements if "id" in attributes}
        assert address in course or address in inside, address


@every_page
def test_the_policy_lets_in_this_folder_alone(course: Mapping[str, str], name: str) -> None:
    markup = Markup(course[name])
    policy = markup.policy
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == {"'none'"}
    assert policy.get("script-src", {"'self'"}) == {"'self'"}
    assert not {source for source in set().union(*policy.values()) if "unsafe" in source or "*" in source}
    # What the policy forbids is not there either: no script within a page, no style within an element.
    scripts = [script for script in markup.all("script") if "src" not in script]
    assert all(script["type"] == "application/octet-stream" for script in scripts)
    attributes = {attribute for _, found in markup.elements for attribute in found}
    assert not {attribute for attribute in attributes if attribute.startswith("on") or attribute == "style"}
    assert "javascript:" not in course[name]


def test_nothing_names_another_machine_or_this_one(course: Mapping[str, str]) -> None:
    named = [str(ROOT), str(Path.home()), sys.prefix, str(Path(sys.prefix).resolve()), os.uname().nodename]
    for name, text in course.items():
        if name in BROUGHT:
            continue
        message = message_in(text).decode("latin-1") if 'id="message"' in text else ""
        for address in re.findall(r"https?:[^\s\"'`<>)]*", text + message):
            assert address in NAMESPACES, f"{name}: {address}"
        for place in named:
            if len(place) > 3:
                assert not re.search(rf"(?<!\w){re.escape(place)}(?!\w)", text + message), f"{name}: {place}"


def test_the_command_writes_the_same_bytes_again(course: Mapping[str, str], tmp_path: Path) -> None:
    """In another process, with another order of what has none."""
    folder = tmp_path / "ein Kurs"
    answer = subprocess.run(
        [sys.executable, "-m", "ui.course", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stderr
    assert "index.html" in answer.stdout
    written = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert written == {name: text.encode() for name, text in course.items()}


@every_language
def test_the_pages_say_all_in_every_language(language: str) -> None:
    said = course_words(language)
    assert said.keys() == course_words("en").keys()
    assert all(text.strip() == text != "" for text in said.values())


@every_language
def test_the_teachers_page_has_every_lesson_with_its_answer(course: Mapping[str, str], language: str) -> None:
    page = course[TEACHER[language]]
    articles = page.split("<article ")[1:]
    assert len(articles) == len(LESSONS)
    for number, (name, article) in enumerate(zip(LESSONS, articles, strict=True), 1):
        text = " ".join(Markup(f"<article {article}").texts)
        said = said_of(name, facts_of(name), language)
        assert f"{number}. {said['title']}" in text
        for key in ("question", "ask", "act", "reveal", "next"):
            assert said[key] in text, f"{name}: {key}"
        assert all(option in text for option in said.get("options", {}).values())
        assert course_words(language)["notes"] in text
        # A place or a number has no box to tick; of a picture in the middle of a run nobody says “the end”.
        assert ('class="options"' in article) == isinstance(LESSONS[name].prediction, Choice)
        if LESSONS[name].at is not None:
            assert course_words(language)["after"] not in text
        drawings = Markup(article).all("svg")
        assert drawings
        # A picture says what it shows, to those who do not see it as well.
        assert all(drawing["aria-label"] in text for drawing in drawings)


def test_the_teachers_page_for_the_app_stands_alone() -> None:
    from ui.course.teacher import teacher_page

    links = [link["href"] for link in Markup(teacher_page("en")).all("a")]
    assert links == [f"#{name}" for name in LESSONS]
