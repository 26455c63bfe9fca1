"""Every term in a heading, a table's head, an axis or the name of a control is in the glossary.

What stands there is read from the sources, so that a part that is seldom shown counts as well: whatever is
no term must be a word of everyday English, from plain_words.txt.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gmm_core import ALGORITHMS, STARTS
from gmm_core.datasets.generators import GENERATORS
from ui.analysis.choosing.criteria import CRITERIA
from ui.app.choosing import PARTS
from ui.experiment.experiment import CHOICES
from ui.glossary import find
from ui.lessons import LESSONS
from ui.lessons.words import words_of
from ui.stage.component import STATIC

ROOT = Path(__file__).parents[3]
PYTHON = [
    *(ROOT / "pages").glob("*.py"),
    *(ROOT / "ui/app").rglob("*.py"),
    *(ROOT / "ui/figures").glob("*.py"),
]

# Whose first argument is the name of what they draw.
# fmt: off
CONTROLS = {
    "button", "checkbox", "download_button", "expander", "file_uploader", "form_submit_button", "multiselect",
    "number_input", "pills", "radio", "segmented_control", "select_slider", "selectbox", "slider", "toggle",
    "text_input", "_fold", "_show", "_button",
}
# fmt: on
TITLES = {"title", "label"}

SCRIPTS = ("words", "draw", "controls", "stages")

# In the stage: heads of tables and cards, axes, the names of choices.
SCRIPT = [
    r'element\(\s*"(?:strong|th|h\d|summary|legend)",\s*\{[^{}]*\},\s*"([^"]+)"',
    r'title: \{ text: "([^"]+)"',
    r'chooser\(\s*"([^"]+)"',
    r'\bcard\(\s*"([^"]+)"',
    r'(?:curve|short|name|title): "(?!em-)([^"]+)"',
    r'stairs\("([^"]+)"',
]
HEADS = re.compile(
    r"(?:headOf\(|tableOfComponents\(|tableOfPairs\(|const [A-Z_]+ = |\?)\s*\[\s*(\[.*?\]),?\s*\]", re.DOTALL
)
FIRST = re.compile(r'\[\s*"([^"]+)"')

WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


@cache
def plain_words() -> frozenset[str]:
    return frozenset((Path(__file__).parent / "plain_words.txt").read_text("utf-8").split())


def unexplained(text: str) -> list[str]:
    """The words of a text that stand in no term and are no plain ones."""
    letters = list(text)
    for found in find(text):
        letters[found.start : found.end] = " " * (found.end - found.start)
    return [word for word in WORD.findall("".join(letters)) if word.lower() not in plain_words()]


def constant_texts(node: ast.AST) -> Iterator[str]:
    """What a text in the source says for certain: all of it, or what stands between the braces."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield " … ".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.IfExp):
        yield from (text for branch in (node.body, node.orelse) for text in constant_texts(branch))


def headings_of(source: str) -> Iterator[str]:
    """Of a file in Python: the names of controls, headings in Markdown, titles of axes, columns of tables."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in CONTROLS and node.args:
            yield from constant_texts(node.args[0])
        if called == "_show":
            yield from (text for argument in node.args for text in constant_texts(argument))
        if called in ("update_xaxes", "update_yaxes", "Layout", "update_layout", *CONTROLS):
            yield from (
                text for word in node.keywords if word.arg in TITLES for text in constant_texts(word.value)
            )
        if called == "markdown" and node.args:
            for text in constant_texts(node.args[0]):
                yield from re.findall(r"^#+ (.+)$", text, re.MULTILINE)
                yield from re.findall(r"\*\*(.+?)\*\*", text)
        if called == "DataFrame" and node.args and isinstance(node.args[0], ast.Dict):
            yield from (text for key in node.args[0].keys if key for text in constant_texts(key))


def heads_of(script: str) -> Iterator[str]:
    """Of a file in JavaScript: what stands in its heads, on its axes and beside its choices."""
    for pattern in SCRIPT:
        yield from re.findall(pattern, script)
    for rows in HEADS.findall(script):
        yield from FIRST.findall(rows)


def named() -> Iterator[tuple[str, str]]:
    """(where, what) of all names that stand in tables of the code."""
    yield from (("a choice", row.title) for row in CHOICES.values())
    yield from (("a criterion", text) for row in CRITERIA.values() for text in (row.title, row.axis))
    yield from (("a question", part.title) for part in PARTS.values())
    yield from (("a knob", knob.label) for made in GENERATORS.values() for knob in made.knobs)
    yield from (("an algorithm", algorithm.title) for algorithm in ALGORITHMS.values())
    yield from (("a lesson", words_of(name, "en")["title"]) for name in LESSONS)
    yield from (("a start", start.title) for start in STARTS.values())


def shown() -> list[tuple[str, str]]:
    found = list(named())
    for path in PYTHON:
        found += [(path.name, text) for text in headings_of(path.read_text("utf-8"))]
    for path in (path for room in SCRIPTS for path in (STATIC / room).rglob("*.js")):
        found += [(path.name, text) for text in heads_of(path.read_text("utf-8"))]
    return found


def test_every_term_in_a_heading_is_in_the_glossary() -> None:
    faults = {(where, text): words for where, text in shown() if (words := unexplained(text))}
    assert faults == {}, "a term for ui/glossary, or a word for plain_words.txt"


def told(table: Mapping[str, Any]) -> Iterator[str]:
    """All that a lesson says, with nothing in the places of its numbers."""
    for said in table.values():
        if isinstance(said, str):
            yield re.sub(r"\{.*?\}", "…", said)
        else:
            yield from told(said)


@pytest.mark.parametrize("name", ["page", *LESSONS])
def test_every_word_of_a_lesson_is_plain_or_a_term(name: str) -> None:
    faults = {text: words for text in told(words_of(name, "en")) if (words := unexplained(text))}
    assert faults == {}, "a term for ui/glossary, or a word for plain_words.txt"


def test_what_is_read_is_what_stands_there() -> None:
    texts = [text for _, text in shown()]
    for known in (
        "Components K",
        "BIC (down is better)",
        "components left",
        "length × width",
        "Log-likelihood",
        "How often each K wins",
        "Silhouette",
        "Ellipses",
        "histogram",
        "iteration",
    ):
        assert known in texts, known


@pytest.mark.parametrize(
    "text", ["Kurtosis", "The heteroscedasticity of a component", "Mahalanobis distance", "VC dimension"]
)
def test_a_term_that_nobody_has_explained_is_seen(text: str) -> None:
    assert unexplained(text) != []


def test_no_plain_word_is_a_term() -> None:
    assert [word for word in plain_words() if any(found.term for found in find(word))] == []
